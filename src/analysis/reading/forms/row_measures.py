"""A table whose rows are what columns are elsewhere.

三公 printed as a list, one item a row: its rows together are one row of the table, so that the same identities hold for
it as where the items are columns. Or the items are columns, and each row tells a year and a phase
(上年预算数, 2024年预算数).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.reading.forms.columns import FigureColumn, read_label
from analysis.reading.forms.header import Header
from analysis.reading.forms.table_rows import RawRow
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import squeeze
from analysis.terms.line_item import Column, Figure, LineItem, Phase, RowRole, Side
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.money import Unit
from analysis.terms.printed_table import UnmappedReason


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The items of the list, and the cells whose row names no measure, with the reason."""

    line_items: tuple[LineItem, ...]
    reasons: Mapping[tuple[int, int, int], UnmappedReason]


_YEAR = re.compile(r"(20\d{2})年?(?:度)?")


def rows_of_years(rows: Sequence[RawRow], family: Family) -> Sequence[RawRow] | None:
    """The rows of a table without labels whose rows are years and phases, which their figures then bear.

    None where some row says anything else. Rows of changes (比上年增减) are left out.
    """
    words = family.wording
    filled = [row for row in rows if row.figures]
    told = [row for row in filled if not words.derived.search(squeeze(row.label))]
    if not told or not all(_says_when(row.label, family) for row in told):
        return None
    years = [int(match[1]) if (match := _YEAR.search(squeeze(row.label))) else None for row in told]
    latest = max((year for year in years if year), default=0)

    def of_row(row: RawRow, year: int | None) -> RawRow:
        label = squeeze(row.label)
        back = 1 if words.prior_year.search(label) else latest - year if year else 0
        phase = _phase_of(label, family)
        columns = (
            replace(one, column=replace(one.column, phase=phase or one.column.phase), years_back=back)
            for one, _ in row.figures
        )
        figures = zip(columns, (figure for _, figure in row.figures), strict=True)
        return replace(row, label="", figures=tuple(figures))

    return [of_row(row, year) for row, year in zip(told, years, strict=True)]


def _says_when(label: str, family: Family) -> bool:
    """Whether a row's label says a year or a phase, and nothing else."""
    words = squeeze(label)
    rest = _YEAR.sub("", words)
    return bool(words) and (not rest or family.wording.phase_heading.fullmatch(rest) is not None)


def _phase_of(label: str, family: Family) -> Phase | None:
    match = family.wording.phase_heading.fullmatch(_YEAR.sub("", label))
    return family.phases[match[1]] if match else None


@dataclass(frozen=True, slots=True)
class _ListedFigure:
    """One figure of the list: the measure of its row, its column, its place."""

    measure: str
    column: FigureColumn
    figure: Figure
    cell: tuple[int, int, int]


def is_listed_by_measure(form: Form, header: Header, rows: Sequence[RawRow], family: Family) -> bool:
    """Whether the table lists measures one below the other: labels beside columns that only tell year and phase.

    Columns of the funds may stand beside that of the sum, where the rows themselves name measures.
    """
    measures = {figure.column.measure for block in header.blocks for figure in block.figures}
    return (
        form.layout is Layout.SINGLE_ROW
        and len(header.blocks) == 1
        and bool(header.blocks[0].names)
        and not header.blocks[0].codes
        and "total" in measures
        and len(rows) > 1
        and (measures == {"total"} or _name_measures(rows, form, family))
    )


def _name_measures(rows: Sequence[RawRow], form: Form, family: Family) -> bool:
    """Whether most of the rows name a measure, and not all of them the same."""
    meant = [read_label(row.label, form, family).column for row in rows]
    known = [column.measure for column in meant if column]
    return len(set(known)) > 1 and 2 * len(known) > len(rows)


def read_listed_rows(rows: Sequence[RawRow], form: Form, family: Family, unit: Unit, year: int | None) -> ListedRows:
    """The rows of such a table; what is named twice is ambiguous."""
    reasons: dict[tuple[int, int, int], UnmappedReason] = {}
    entries: list[_ListedFigure] = []
    for row in rows:
        meaning = read_label(row.label, form, family)
        for (column, figure), cell in zip(row.figures, row.cells, strict=True):
            if meaning.column is None or column.column.measure != "total":  # what one fund pays of an item
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
