"""A public project and the goals by which its success is to be measured (项目支出绩效目标)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from analysis.terms.line_item import Place


class GoalScope(StrEnum):
    """Whose goals a form states: those of one project, or of all that a department spends (整体支出)."""

    PROJECT = "project"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class PublicProject:
    """What a document says of one project, on its form of performance goals, in its description, or in both.

    Attributes:
        number: Its order in the document, from 1.
        name: As printed, without white space; None where a description bears no name, or a form was left blank.
        facts: What the form says, by the names of `knowledge/project_form.toml`: texts as printed, without white space.
        amounts: What the form says of money, in yuan, by the same names.
        dates: The planned first and last day.
        parts: The headed parts of the description, by their names there.
        year: The year of the form; None where it names none.
        place: Where the form begins, or the description.
        scope: Of one project, or of a department's whole expenditure, which has no name.
    """

    number: int
    name: str | None
    place: Place
    facts: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    scope: GoalScope = GoalScope.PROJECT


@dataclass(frozen=True, slots=True)
class PerformanceIndicator:
    """One indicator of a project's goals.

    Attributes:
        project: The number of its project.
        number: Its order among those of the project, from 1.
        levels: Its three names, from 产出指标 down to the indicator itself; None where the form has no such column.
        operator: ≥, >, ≤, < or =; None where the target is a word, or no operator is printed.
        value: The target as a number; None where it is a word.
        unit: Of the number; None where none is printed.
        printed: The target as printed, without white space; None where it is blank.
        actual: What was reached, as printed; None in a budget.
        weight: How many points it is worth.
        score: How many it was given.
        place: Where its target stands; its name where the target is blank.
        long_term: Whether it is one of the whole term of a project, on a form that tells those of a year apart.
    """

    project: int
    number: int
    levels: tuple[str | None, str | None, str | None]
    operator: str | None
    value: Decimal | None
    unit: str | None
    printed: str | None
    actual: str | None
    weight: Decimal | None
    score: Decimal | None
    place: Place
    long_term: bool = False
