"""A table whose rows are the measures: 三公 printed as a list, one item a row.

Its rows together are one row of the table, so that the same identities hold for it as where the items are columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.reading.forms.columns import read_path
from analysis.reading.forms.header import FigureColumn, Header
from analysis.reading.forms.table_rows import RawRow
from analysis.reading.forms.titles import plain_words
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import without_ordinals
from analysis.terms.line_item import Column, Figure, LineItem, RowRole, Side
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.money import Unit
from analysis.terms.printed_table import UnmappedReason


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The items of the list, and the cells whose row names no measure, with the reason."""

    line_items: tuple[LineItem, ...]
    reasons: Mapping[tuple[int, int, int], UnmappedReason]


@dataclass(frozen=True, slots=True)
class _ListedFigure:
    """One figure of the list: the measure of its row, its column, its place."""

    measure: str
    column: FigureColumn
    figure: Figure
    cell: tuple[int, int, int]


def is_listed_by_measure(form: Form, header: Header, rows: Sequence[RawRow]) -> bool:
    """Whether the table lists measures one below the other: labels beside columns that only tell year and phase."""
    figures = [figure for block in header.blocks for figure in block.figures]
    return (
        form.layout is Layout.SINGLE_ROW
        and len(header.blocks) == 1
        and bool(header.blocks[0].names)
        and not header.blocks[0].codes
        and bool(figures)
        and all(figure.column.measure == "total" for figure in figures)
        and len(rows) > 1
    )


def read_listed_rows(rows: Sequence[RawRow], form: Form, family: Family, unit: Unit, year: int | None) -> ListedRows:
    """The rows of such a table; what is named twice is ambiguous."""
    reasons: dict[tuple[int, int, int], UnmappedReason] = {}
    entries: list[_ListedFigure] = []
    for row in rows:
        meaning = read_path(without_ordinals(plain_words(row.label)), form, None, family)
        for (column, figure), cell in zip(row.figures, row.cells, strict=True):
            if meaning.column is None:
                reasons[cell] = meaning.reason or UnmappedReason.UNKNOWN_COLUMN
            else:
                entries.append(_ListedFigure(meaning.column.measure, column, figure, cell))
    if not any(entry.measure == "total" for entry in entries):  # the sum of the three is all there is
        entries = [replace(one, measure="total") if one.measure == "three_public" else one for one in entries]
    met: dict[tuple[str, int], list[_ListedFigure]] = {}
    for entry in entries:
        met.setdefault((entry.measure, entry.column.index), []).append(entry)
    reasons |= {one.cell: UnmappedReason.AMBIGUOUS_COLUMN for alike in met.values() if len(alike) > 1 for one in alike}
    together = PrintedRow(form.table, 1, None, None, None, None, None, None, RowRole.TOTAL, unit)
    items = tuple(
        LineItem(
            together,
            Column(entry.measure, form.side or Side.EXPENDITURE, entry.column.column.phase),
            None if year is None else year - entry.column.years_back,
            entry.figure,
        )
        for entry in entries
        if entry.cell not in reasons
    )
    return ListedRows(items, reasons)
