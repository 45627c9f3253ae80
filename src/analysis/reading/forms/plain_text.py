"""Lines of plain text → the rows of tables whose columns have collapsed.

A text extract keeps the order of a row's figures but not their columns. Where a row prints as many figures, or dashes
for none, as its side has columns they are known; otherwise the row is offered as an `OpenRow`, to be settled by the
identities or left open.
"""

import re
from collections.abc import Sequence

from analysis.extraction.layout.blocks import TextLine
from analysis.reading.forms.columns import FigureColumn
from analysis.reading.forms.items import TableReading, no_unit_problem, to_rows
from analysis.reading.forms.locate import LocatedTable
from analysis.reading.forms.table_rows import RawRow
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import CHAPTER, squeeze, without_space
from analysis.terms.line_item import Column, Figure, Kind, LineItem, OpenRow, Phase, Place, Side
from analysis.terms.money import Unit, parse_amount, to_yuan
from analysis.terms.printed_table import PrintedTable, UnmappedCell, UnmappedReason

_DASH = re.compile(r"[-—–－―]+")
_FIRST_CODE = re.compile(r"\d{3,7}")
_NEXT_CODE = re.compile(r"\d{1,2}")


def read_plain_table(table: LocatedTable, number: int, year: int | None) -> TableReading:
    """The rows of a table of collapsed columns: figures with a known column, and open rows.

    Args:
        table: The table.
        number: Its order in the document.
        year: The document's; None where it tells none.
    """
    form, unit, family = table.form, table.unit, table.family
    if form is None:
        raise ValueError("plain text has no tables but those of a form")
    name = table.title or form.titles[0]
    if unit is None:
        return _without_unit(table, form, number)
    body = [line for line in table.lines if not family.wording.numbering.match(squeeze(line.text))]
    start = next((i for i, line in enumerate(body) if _begins_rows(line.text, form)), len(body))
    columns = _columns(form, family, "".join(squeeze(line.text) for line in body[:start]))
    raw: list[tuple[RawRow, Entries]] = []
    apart: list[UnmappedCell] = []
    problems: list[str] = []
    for row_number, (parts, cells) in enumerate(_rows(body[start:], form, family), 1):
        for side, label, tokens in _sides(cells, form, family):
            entries = tuple(_entry(text, unit, place) for text, place in tokens)
            if len(entries) > len(columns[side]):
                problems.append(f"《{name}》“{label}”行的数字多于栏数。 / row {label}: more figures than columns.")
                apart += [_ambiguous(number, label, parts, figure) for figure in entries if figure is not None]
            elif parts or label or entries:
                raw.append((RawRow(row_number, side, parts, label, _placed(columns[side], entries)), entries))
    rows = to_rows([row for row, _ in raw], table, form, unit)
    known = [len(entries) == len(columns[row.side]) for row, entries in raw]
    items = tuple(
        LineItem(row, column.column, year, figure)
        for row, (source, _), sure in zip(rows, raw, known, strict=True)
        if sure
        for column, figure in source.figures
    )
    open_rows = tuple(
        OpenRow(row, columns[source.side], tuple(figure for _, figure in source.figures), year)
        for row, (source, _), sure in zip(rows, raw, known, strict=True)
        if source.figures and not sure
    )
    cells_printed = len(items) + sum(len(row.figures) for row in open_rows) + len(apart)
    printed = PrintedTable(
        number=number,
        title=table.title,
        table=form.table,
        first_page=None,
        last_page=None,
        unit=unit,
        unit_inherited=table.unit_inherited,
        body=table.body,
        rows=len(rows),
        columns_understood=sum(map(len, columns.values())),
        columns_unknown=(),
        cells=cells_printed,
        complete=not problems,
    )
    return TableReading(items, open_rows, tuple(problems), printed, tuple(apart), cells_printed)


def _without_unit(table: LocatedTable, form: Form, number: int) -> TableReading:
    """A table that states no unit, which then has no lines, or several that contradict one another."""
    body = [line for line in table.lines if not table.family.wording.numbering.match(squeeze(line.text))]
    start = next((i for i, line in enumerate(body) if _begins_rows(line.text, form)), len(body))
    apart = tuple(
        UnmappedCell(
            number, label or None, "".join(parts) or None, "", without_space(text), None, place, UnmappedReason.NO_UNIT
        )
        for parts, cells in _rows(body[start:], form, table.family)
        for label, tokens in cells
        for text, place in tokens
        if parse_amount(text) is not None
    )
    problem = no_unit_problem(table.title or form.titles[0], form, table.contradicting)
    return TableReading((), (), (problem,), None, apart, len(apart))


def _ambiguous(number: int, label: str, parts: tuple[str, ...], figure: Figure) -> UnmappedCell:
    reason = UnmappedReason.AMBIGUOUS_COLUMN
    code = "".join(parts) or None
    return UnmappedCell(number, label or None, code, "", figure.printed, figure.amount, figure.place, reason)


# The figures of a row in printed order; None where a dash says that there is none.
Entries = tuple[Figure | None, ...]


def _placed(columns: Sequence[Column], entries: Entries) -> tuple[tuple[FigureColumn, Figure], ...]:
    """The figures in the columns from the left, which are theirs where the row prints all of them."""
    pairs = enumerate(zip(columns, entries, strict=False))
    return tuple((FigureColumn(i, column), figure) for i, (column, figure) in pairs if figure is not None)


def _entry(text: str, unit: Unit, place: Place) -> Figure | None:
    amount = parse_amount(text)
    return None if amount is None else Figure(without_space(text), to_yuan(amount, unit), place)


def _begins_rows(text: str, form: Form) -> bool:
    """Whether the header is over: the first line with an amount, a code or an ordinal label."""
    tokens = text.split()
    if any(parse_amount(token) is not None and not re.fullmatch(r"20\d{2}", token) for token in tokens):
        return True
    return form.layout is Layout.TWO_SIDED and bool(re.match(CHAPTER, tokens[0]))


def _columns(form: Form, family: Family, header: str) -> dict[Side, tuple[Column, ...]]:
    """The columns of each side in printed order: the richest variant all of whose words stand in the header."""
    printed = {rule.measure for rule in family.measures if rule.words.search(header)} | {"total"}
    phase = Phase.APPROVED if form.kind is Kind.BUDGET else Phase.EXECUTED
    chosen = next(
        (variant for variant in form.plain if all(measure in printed for _, measure in variant)),
        form.plain[-1],
    )
    columns: dict[Side, tuple[Column, ...]] = {Side.REVENUE: (), Side.EXPENDITURE: ()}
    for side, measure in chosen:
        columns[side] += (Column(measure, side, phase),)
    return columns


Token = tuple[str, Place]
Cells = list[tuple[str, list[Token]]]


def _rows(lines: Sequence[TextLine], form: Form, family: Family) -> list[tuple[tuple[str, ...], Cells]]:
    """Each printed row: its code parts and its labels, each label with the figures that follow it.

    A coded row without figures is the beginning of a name that wraps; the header that a page repeats is passed over.
    """
    rows: list[tuple[tuple[str, ...], Cells]] = []
    waiting: tuple[tuple[str, ...], str] | None = None
    for line in lines:
        tokens = line.text.split()
        parts: list[str] = []
        if form.layout is Layout.CODED:
            while len(tokens) > 1 and len(parts) < 3 and (_NEXT_CODE if parts else _FIRST_CODE).fullmatch(tokens[0]):
                parts.append(tokens.pop(0))
        cells = _cells(tokens, line.place, family)
        has_figures = any(figures for _, figures in cells)
        if form.layout is Layout.CODED and not has_figures:
            label = "".join(label for label, _ in cells)
            waiting = (tuple(parts), label) if parts else (waiting and (waiting[0], waiting[1] + label))
            continue
        if form.layout is Layout.CODED and not parts and waiting:
            parts = list(waiting[0])
            cells = [(waiting[1] + cells[0][0], cells[0][1]), *cells[1:]]
        waiting = None
        rows.append((tuple(parts), cells))
    return rows


def _cells(tokens: Sequence[str], place: Place, family: Family) -> Cells:
    cells: Cells = []
    for token in tokens:
        if parse_amount(token) is not None or (cells and _DASH.fullmatch(token)):
            if not cells:
                cells.append(("", []))
            cells[-1][1].append((token, place))
        elif cells and not cells[-1][1] and not family.wording.plain_label.match(token):
            cells[-1] = (cells[-1][0] + token, [])
        else:
            cells.append((token, []))
    return cells


def _sides(cells: Cells, form: Form, family: Family) -> list[tuple[Side, str, list[Token]]]:
    """The labels of a row with their sides: in a summary the first is revenue, the second expenditure."""
    if form.layout is not Layout.TWO_SIDED:
        label = "".join(label for label, _ in cells)
        return [(form.side or Side.EXPENDITURE, label, [token for _, tokens in cells for token in tokens])]
    if len(cells) == 1:
        label = cells[0][0]
        side = (
            Side.REVENUE
            if family.wording.plain_revenue.search(label) and not label.endswith("支出")
            else Side.EXPENDITURE
        )
        return [(side, *cells[0])]
    return [(side, *cell) for side, cell in zip((Side.REVENUE, Side.EXPENDITURE), cells, strict=False)]
