"""What documents state beside the accounts → rows: facts, projects and the indicators of their goals."""

import re
from collections.abc import Iterator
from decimal import Decimal

from analysis.dataset.row_head import Row, headed
from analysis.terms.document import ReadDocument
from analysis.terms.label import squeeze

_SERIAL = re.compile(r"^(?:\[\w+\]|[\dA-Z]{6,}[-—_])")
_FOUR = Decimal("0.0001")
_FACTS = ("nature", "category", "department", "unit", "period", "total_goal", "annual_goal", "goal_reached", "goal")
_AMOUNTS = (
    "total", "requested", "fiscal", "current_appropriation", "carried_over", "other", "other_total",
    "adjusted", "executed",
)  # fmt: skip
_PARTS = ("overview", "basis", "implementer", "plan", "period", "arrangement", "goal")


@headed
def fact_rows(document: ReadDocument) -> Iterator[Row]:
    """The facts of a document."""
    for number, fact in enumerate(document.facts, 1):
        yield {
            "number": number,
            "subject": fact.subject,
            "value": _exact(fact.value),
            "unit": fact.unit,
            "printed": fact.printed,
            "as_of": fact.as_of,
            "fiscal_year": fact.fiscal_year,
            "phase": fact.phase,
            "direction": fact.direction,
            "change": _exact(fact.change),
            "change_percent": _exact(fact.change_percent),
            "compared_year": fact.compared_year,
            "sentence": fact.sentence,
            **fact.place.columns(),
        }


@headed
def project_rows(document: ReadDocument) -> Iterator[Row]:
    """The projects of a document, each with the row of the printed table of projects that bears its name."""
    printed = _table_rows(document)
    for project in document.projects:
        row, amount = printed.get(_plain(project.name or ""), (None, None))
        yield {
            "project": project.number,
            "name": project.name,
            "scope": project.scope.value,
            "form_year": project.year,
            "start": project.dates.get("start"),
            "end": project.dates.get("end"),
            **{name: project.facts.get(name) for name in _FACTS},
            **{f"{name}_amount": project.amounts.get(name) for name in _AMOUNTS},
            "table_row": row,
            "table_amount": amount,
            **{f"described_{name}": project.parts.get(name) or None for name in _PARTS},
            **project.place.columns(),
        }


def _table_rows(document: ReadDocument) -> dict[str, tuple[int, Decimal]]:
    """Row and amount of each project that the table of projects names once; what it names twice cannot be told."""
    found: dict[str, list[tuple[int, Decimal]]] = {}
    for item in document.line_items:
        if item.row.table == "projects" and item.column.measure == "total" and item.row.name:
            found.setdefault(_plain(item.row.name), []).append((item.row.number, item.figure.amount))
    return {name: rows[0] for name, rows in found.items() if len(rows) == 1}


def _plain(name: str) -> str:
    """A name as it is compared: without the number that a system gave it (51000024R000000019951-公园养护)."""
    return _SERIAL.sub("", squeeze(name))


@headed
def indicator_rows(document: ReadDocument) -> Iterator[Row]:
    """The indicators of the projects of a document."""
    names = {project.number: project.name for project in document.projects}
    for indicator in document.indicators:
        level1, level2, level3 = indicator.levels
        yield {
            "project": indicator.project,
            "project_name": names[indicator.project],
            "number": indicator.number,
            "level1": level1,
            "level2": level2,
            "level3": level3,
            "operator": indicator.operator,
            "value": _exact(indicator.value),
            "unit": indicator.unit,
            "printed": indicator.printed,
            "actual": indicator.actual,
            "weight": _exact(indicator.weight),
            "score": _exact(indicator.score),
            "long_term": indicator.long_term,
            **indicator.place.columns(),
        }


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_FOUR)
