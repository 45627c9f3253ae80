"""A project while it is read: what its form says, label by label, before it has its number."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from analysis.knowledge.project_form import FormWord, project_form
from analysis.terms.label import squeeze, without_space
from analysis.terms.line_item import Place
from analysis.terms.money import Unit, is_recordable, parse_amount, to_yuan
from analysis.terms.public_project import GoalScope, PerformanceIndicator, PublicProject

_YEAR_ALONE = "[（(]?{year}[）)]?"


@dataclass(slots=True)
class Draft:
    """A project in the making; amounts wait for the unit, which stands beside them.

    `whole` is what the title says: that the form is of a department's whole expenditure.
    """

    place: Place
    year: int | None = None
    unit: Unit | None = None
    facts: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    indicators: list[PerformanceIndicator] = field(default_factory=list)
    asks_name: bool = False
    asks_body: bool = False
    whole: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is a form that nobody filled in: it asks for a name, and has no name, sum or indicator."""
        filled = self.name or self.indicators or self.parts or any(map(str.strip, self.printed.values()))
        return self.asks_name and not filled

    @property
    def name(self) -> str | None:
        """Its name, as printed."""
        return self.facts.get("name")

    def put(self, label: FormWord, value: str) -> None:
        """Keep what stands behind a label. A second 其他资金 is that of the year, the first that of the whole."""
        self.asks_name = self.asks_name or label.name == "name"
        self.asks_body = self.asks_body or label.name == "body"
        name = "other_total" if label.name == "other" and "other" in self.printed else label.name
        if label.money:
            if name == "other_total":
                self.printed["other_total"] = self.printed.pop("other")
                name = "other"
            self.printed.setdefault(name, value)
        elif value:
            self.facts.setdefault("department" if name == "body" else name, without_space(value))

    @property
    def scope(self) -> GoalScope:
        """Of a department where the title says so, or the form asks for its name and for that of no project."""
        of_project = self.asks_name or self.name is not None or bool(self.parts)
        return GoalScope.DEPARTMENT if not of_project and (self.whole or self.asks_body) else GoalScope.PROJECT

    def to_project(self, number: int) -> PublicProject:
        """The project with its number."""
        facts = {name: value for name, value in self.facts.items() if name not in ("name", "start", "end")}
        dates = _days(self.facts.get("period", ""))
        dates |= {name: day for name in ("start", "end") if (day := _to_date(self.facts.get(name, "")))}
        amounts = {name: yuan for name, text in self.printed.items() if (yuan := _to_yuan(text, self.unit)) is not None}
        parts = dict(self.parts)
        return PublicProject(number, self.name, self.place, facts, amounts, dates, parts, self.year, self.scope)


def year_of(text: str) -> int | None:
    """The year that a squeezed text names and nothing else (（2023年度）); None where it says anything else."""
    match = re.fullmatch(_YEAR_ALONE.format(year=project_form().year.pattern), squeeze(text))
    return int(match["year"]) if match else None


def year_of_title(text: str) -> int | None:
    """The one year that a squeezed text names which is the title of a form; None for any other text."""
    if not project_form().form_title.search(text):
        return None
    years = {int(match["year"]) for match in project_form().year.finditer(text)}
    return years.pop() if len(years) == 1 else None


def _days(period: str) -> dict[str, date]:
    """The first and the last day of a period that names both."""
    days = [_to_date(match[0]) for match in project_form().date.finditer(period)]
    return {name: day for name, day in zip(("start", "end"), days, strict=True) if day} if len(days) == 2 else {}


def _to_date(text: str) -> date | None:
    match = project_form().date.search(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _to_yuan(text: str, unit: Unit | None) -> Decimal | None:
    amount = parse_amount(text, unit)
    if amount is None or unit is None:
        return None
    yuan = to_yuan(amount, unit)
    return yuan if is_recordable(yuan) else None
