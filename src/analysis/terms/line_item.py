"""A line item: one printed amount, with all that is known of it.

The fields and their meaning are declared once, in `knowledge/fields.toml`; this module gives them a shape in memory.
A `Figure` is what stands on the page; an `OpenRow` is a printed row whose figures are known and whose columns are not,
offered as alternatives to the one place that may settle them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from analysis.terms.code import Scheme
from analysis.terms.money import Unit
from analysis.terms.recognition import Certainty


class Kind(StrEnum):
    """Budget 预算, final accounts 决算, or what was executed of a budget while its year runs 预算执行."""

    BUDGET = "budget"
    FINAL = "final"
    EXECUTION = "execution"


class Level(StrEnum):
    """A single unit 单位, a department 部门 with its units, or a government 政府 with all of its departments."""

    UNIT = "unit"
    DEPARTMENT = "department"
    GOVERNMENT = "government"


class Phase(StrEnum):
    """The Fiscal Data Package's words: approved 预算数, adjusted 调整预算数, executed 决算数 or 执行数."""

    APPROVED = "approved"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"


class Side(StrEnum):
    """Which side of the account an amount stands on."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"


class RowRole(StrEnum):
    """What a row is to the rows around it; nobody sums without it."""

    DETAIL = "detail"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


class Placement(StrEnum):
    """Whether the column of an amount was printed, or found by the identities."""

    PRINTED = "printed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in its file.

    A page has a box in points from its top left; plain text has a line number; a spreadsheet cell or a table of a
    text document has a reference such as ``收入!C12``.
    """

    page: int | None = None
    x0: float | None = None
    top: float | None = None
    x1: float | None = None
    bottom: float | None = None
    line: int | None = None
    cell: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Place":
        """The place that a row of the dataset names; a column that the row lacks is None."""
        return cls(*map(row.get, PLACE_COLUMNS))

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in its box; False where it has none."""
        if self.x0 is None or self.top is None or self.x1 is None or self.bottom is None:
            return False
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def columns(self) -> dict[str, Any]:
        """The place as columns of the dataset."""
        return {name: getattr(self, name) for name in PLACE_COLUMNS}


PLACE_COLUMNS = tuple(field.name for field in fields(Place))


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of an official table holds."""

    measure: str
    side: Side
    phase: Phase


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed amount: its text as printed, its value in yuan and its place.

    `unit` is the one that stands beside it, as a text states amounts; None where the table of its row states one.
    """

    printed: str
    amount: Decimal
    place: Place
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row of one side of an official table, without its figures.

    `outer_name` is the label of a second, merged label column; `unit_code` and `unit_name` are those of the unit that
    a row of a department's table belongs to.
    """

    table: str
    number: int
    scheme: Scheme | None
    code: str | None
    printed_code: str | None
    name: str | None
    parent_code: str | None
    code_level: int | None
    role: RowRole
    unit: Unit
    outer_name: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One printed amount: its row, its column, its text, its place. The year is None where the document tells none.

    `certainty` is None where it was printed as text; `readings` are what a doubtful figure of a picture may say, each
    with its score.
    """

    row: Row
    column: Column
    fiscal_year: int | None
    figure: Figure
    placement: Placement = Placement.PRINTED
    certainty: Certainty | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A printed row whose figures keep their order but have lost their columns.

    `columns` are all columns of that side of the table in printed order; the figures fill some of them in that order.
    """

    row: Row
    columns: tuple[Column, ...]
    figures: tuple[Figure, ...]
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class NarrativeItem:
    """A numbered item of the text (编制说明) with everything that it states.

    Amounts are in yuan; `change_percent` is signed by the direction word; what is not stated is None. `place` is where
    the item begins.
    """

    number: int
    class_name: str
    section_name: str
    item_name: str
    printed_code: str | None
    current: Figure
    arranged: Figure | None
    prior: Figure | None
    change_percent: Decimal | None
    direction: str | None
    sentence: str
    place: Place
