"""A table as it was printed, and its money cells that were not understood.

Nothing printed is lost: every money cell of every table is a line item, or an `UnmappedCell` with the reason. A table
is complete where each of its money cells was understood or is no amount of the account (a count, a derived figure);
only what is complete is judged.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.terms.line_item import Place
from analysis.terms.money import Unit


class UnmappedReason(StrEnum):
    """Why a printed money cell is no line item."""

    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_COLUMN = "unknown_column"
    NAMELESS_ROW = "nameless_row"
    AMBIGUOUS_COLUMN = "ambiguous_column"
    NO_UNIT = "no_unit"
    COUNT = "count"
    DERIVED = "derived"

    @property
    def leaves_incomplete(self) -> bool:
        """Whether a table lacks an amount of its account without this cell: not where it is a count or derived."""
        return self not in {UnmappedReason.COUNT, UnmappedReason.DERIVED}


@dataclass(frozen=True, slots=True)
class UnmappedCell:
    """A printed money cell that was not understood: its words, its place, and why.

    `table_number` is that of its `PrintedTable`; `column_path` are the header cells above it, joined by "/", from top
    to leaf; `amount` is in yuan and None where the unit is unknown or the cell is no money.
    """

    table_number: int
    row_label: str | None
    code: str | None
    column_path: str
    printed: str
    amount: Decimal | None
    place: Place
    reason: UnmappedReason


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One printed table of a document, an official one or another.

    Attributes:
        number: Its order in the document, from 1.
        title: As printed, without white space; None where none stands above it.
        table: The id of the official table; None for others.
        first_page: Page on which it begins; None where there are no pages.
        last_page: Page on which it ends.
        unit: The money unit; None where none is known.
        unit_inherited: Whether the unit was taken from the other tables of the document, which all agree.
        body: The body that the caption names (编制单位：…), as printed; None where it names none.
        rows: Rows with a label or a figure, under the header.
        columns_understood: Columns of figures with a known meaning.
        columns_unknown: The header paths of the columns of figures without one.
        cells: Printed money cells.
        complete: Whether all of them were understood.
    """

    number: int
    title: str | None
    table: str | None
    first_page: int | None
    last_page: int | None
    unit: Unit | None
    unit_inherited: bool
    body: str | None
    rows: int
    columns_understood: int
    columns_unknown: tuple[str, ...]
    cells: int
    complete: bool
