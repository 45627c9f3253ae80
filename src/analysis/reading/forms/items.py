"""Located table → line items and what is kept apart: each money cell of it is one of the two.

A code is joined from its columns, a lost leading zero restored, a class or section that is printed once for several
rows carried down; `printed_code` keeps what stands there. Amounts are never altered. A figure under a header that no
one knows, in a row without a name, or in a table of no form or unit keeps its words, its place and the reason.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.reading.forms.header import ColumnBlock, Header, UnknownColumn
from analysis.reading.forms.locate import LocatedTable
from analysis.reading.forms.roles import below_their_units, row_roles, with_headings
from analysis.reading.forms.row_measures import is_listed_by_measure, read_listed_rows, rows_of_years
from analysis.reading.forms.table_rows import OddCell, Piece, RawRow, TableRows, pieces_of, unnamed_rows
from analysis.terms.code import Scheme, join_parts, level_of, parent_of, restore_zero
from analysis.terms.form import Form, Layout
from analysis.terms.label import without_space
from analysis.terms.line_item import LineItem, OpenRow, RowRole, Side
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.money import Unit, to_yuan
from analysis.terms.printed_table import PrintedTable, UnmappedCell, UnmappedReason

_CODE_LENGTHS = (5, 7)


@dataclass(frozen=True, slots=True)
class TableReading:
    """What one table gave."""

    line_items: tuple[LineItem, ...]
    open_rows: tuple[OpenRow, ...]
    problems: tuple[str, ...]
    printed_table: PrintedTable | None = None
    unmapped: tuple[UnmappedCell, ...] = ()
    cells: int = 0


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The money cells of a table: those understood with their items, and of the others the reason and the words."""

    line_items: tuple[LineItem, ...]
    taken: frozenset[tuple[int, int, int]]
    reasons: Mapping[tuple[int, int, int], UnmappedReason]
    labels: Mapping[tuple[int, int, int], tuple[str, str | None]]
    odd: tuple[OddCell, ...]


def read_table(table: LocatedTable, number: int, year: int | None) -> TableReading:
    """All that a table with a grid says.

    Args:
        table: The table.
        number: Its order in the document.
        year: The document's; None where it tells none.
    """
    pieces = pieces_of(table.segments, table.unit)
    cells = sum(len(piece.amounts) for piece in pieces)
    if table.form is None:
        unmapped = _all_apart(pieces, number, table.unit, UnmappedReason.UNKNOWN_TABLE)
        return TableReading((), (), (), _printed(table, number, None, None, cells, unmapped, ()), unmapped, cells)
    name = table.title or table.form.titles[0]
    rows = TableRows(table, table.form, pieces)
    if rows.unit is None:
        unmapped = _all_apart(pieces, number, None, UnmappedReason.NO_UNIT)
        silent = (no_unit_problem(name, table.form, rows.contradicting),) if cells else ()
        return TableReading((), (), silent, _printed(table, number, None, None, cells, unmapped, ()), unmapped, cells)
    found = _sort(rows, table.form, rows.unit, year)
    apart = tuple(_apart(rows, found, rows.unit, number))
    doubtful = tuple(_doubtful(found.odd, number))
    unmapped, cells = (*apart, *doubtful), cells + len(doubtful)
    problems = (
        *_header_problems(rows.header, cells),
        *(odd.sentence for odd in found.odd),
        *_problems_of(apart),
    )
    printed = _printed(table, number, rows.header, rows.unit, cells, unmapped, found.odd)
    sentences = tuple(f"《{name}》{problem}" for problem in problems)
    return TableReading(found.line_items, (), sentences, printed, unmapped, cells)


def no_unit_problem(name: str, form: Form, contradicting: Sequence[Unit]) -> str:
    """Why the amounts of a table cannot be told: it states no unit, or several that contradict one another."""
    if not contradicting:
        return (
            f'《{name}》未注明金额单位，金额未换算；确知单位的，请在 documents.toml 中写明，如 unit = "万元"。'
            f" / {form.table}: no unit is stated, amounts are kept apart; where you know it, give it in documents.toml."
        )
    return (
        f"《{name}》的金额单位互相矛盾（{'、'.join(unit.zh for unit in contradicting)}），请核对原件；金额未换算。"
        f" / {form.table}: its units contradict one another ({', '.join(unit.value for unit in contradicting)});"
        " amounts are kept apart."
    )


def _sort(rows: TableRows, form: Form, unit: Unit, year: int | None) -> _Sorted:
    header = rows.header
    raw, odd = rows.read(unit)
    labels = {
        (at, index, row.block): (row.label, "".join(row.parts) or row.unit_code)
        for row in raw
        for at, index in row.places
    }
    reasons: dict[tuple[int, int, int], UnmappedReason] = {}
    kept: list[RawRow] = []
    again = _panels_again(raw, header, form.scheme) if form.layout is Layout.CODED else frozenset()
    for row in raw:
        reason = _reason_against(row, header.blocks[row.block], form, raw, rows)
        if row.block in again:
            reason = UnmappedReason.AMBIGUOUS_COLUMN
        if reason:
            reasons.update(dict.fromkeys(row.cells, reason))
        else:
            kept.append(row)
    if is_listed_by_measure(form, header, kept, rows.family):
        listed = read_listed_rows(kept, form, rows.family, unit, year)
        reasons.update(listed.reasons)
        items = listed.line_items
        taken = {cell for row in kept for cell in row.cells if cell not in listed.reasons}
    else:
        if form.layout is Layout.SINGLE_ROW and (of_years := rows_of_years(kept, rows.family)) is not None:
            told = {cell for row in of_years for cell in row.cells}
            reasons.update(
                dict.fromkeys((c for row in kept for c in row.cells if c not in told), UnmappedReason.DERIVED)
            )
            kept = list(of_years)
        printed = to_rows(kept, rows.table, form, unit, header.blocks)
        items = tuple(
            LineItem(row, column.column, None if year is None else year - column.years_back, figure)
            for row, source in zip(printed, kept, strict=True)
            for column, figure in source.figures
        )
        taken = {cell for row in kept for cell in row.cells}
    return _Sorted(items, frozenset(taken), reasons, labels, tuple(odd))


def _panels_again(raw: Sequence[RawRow], header: Header, scheme: Scheme | None) -> frozenset[int]:
    """The panels of a coded table that print the amounts of one before them again: another table beside it.

    They print most of its rows, or rows of another classification (501 机关工资福利支出 beside 301 工资福利支出).
    """
    rows: list[set[str]] = [set() for _ in header.blocks]
    codes: list[set[str]] = [set() for _ in header.blocks]
    for row in raw:
        if row.figures and (any(row.parts) or row.label):
            rows[row.block].add("".join(row.parts) or row.label)
            codes[row.block].update(part[0] for part in row.parts[:1] if part)
    first = scheme.first_digit if scheme else None
    others = {number for number, own in enumerate(codes) if first and own and first not in own}
    return frozenset(
        later
        for later, own in enumerate(rows)
        for before in rows[:later]
        if own and 2 * len(own & before) > min(len(own), len(before))
    ) | (others if any(first in own for own in codes) else frozenset())


def _reason_against(
    row: RawRow, block: ColumnBlock, form: Form, raw: Sequence[RawRow], rows: TableRows
) -> UnmappedReason | None:
    """Why the figures of a row have no meaning: nothing names it, or it counts things."""
    if not row.figures:
        return None
    if rows.family.wording.count.search(row.label):
        return UnmappedReason.COUNT
    if row.label or row.parts or row.unit_code or row.unit_name:
        return None
    lone = not (block.names or block.codes) and (
        form.layout is Layout.SINGLE_ROW or sum(bool(other.figures) for other in raw) == 1
    )
    return None if lone else UnmappedReason.NAMELESS_ROW


def _apart(rows: TableRows, found: _Sorted, unit: Unit, number: int) -> Iterator[UnmappedCell]:
    """The money cells that are no line item, in printed order."""
    unknown = {column.index: column for column in rows.header.unknown}
    for at, piece in enumerate(rows.pieces):
        words = dict(unnamed_rows(piece))
        for index, place, cell, amount in piece.money_cells():
            if (at, index, place) in found.taken:
                continue
            first = piece.first_index(place)
            column = unknown.get(first)
            reason = found.reasons.get((at, index, place)) or _reason_of_column(column)
            if (at, index) in rows.asides:
                reason = UnmappedReason.DERIVED
            label, code = found.labels.get((at, index, rows.header.panel_of(first)), (words[index], None))
            path = rows.header.paths[first] if 0 <= first < len(rows.header.paths) else ""
            money = None if reason is UnmappedReason.COUNT or _is_percentage(path) else to_yuan(amount, unit)
            yield UnmappedCell(number, label or None, code, path, without_space(cell.text), money, cell.place, reason)


def _doubtful(odd: Sequence[OddCell], number: int) -> Iterator[UnmappedCell]:
    """The cells that print several numbers, which may be one amount: nobody can tell which of them stands where."""
    for one in odd:
        if one.several:
            reason = UnmappedReason.AMBIGUOUS_COLUMN
            label = one.label or None
            yield UnmappedCell(number, label, one.code, one.path, one.printed, None, one.cell.place, reason)


def _reason_of_column(column: UnknownColumn | None) -> UnmappedReason:
    return column.reason if column else UnmappedReason.UNKNOWN_COLUMN


_PERCENT = re.compile(r"[%％]|百分比|比重|占比|增幅")


def _is_percentage(path: str) -> bool:
    """Whether a header path is that of percentages."""
    return _PERCENT.search(path) is not None


def _all_apart(
    pieces: Sequence[Piece], number: int, unit: Unit | None, reason: UnmappedReason
) -> tuple[UnmappedCell, ...]:
    """Every money cell of a table that is not understood, with the words of its row and over its column."""
    found = []
    for piece in pieces:
        words = dict(unnamed_rows(piece))
        first = min((row for row, _ in piece.amounts), default=0)
        for index, place, cell, amount in piece.money_cells():
            over = dict.fromkeys(
                without_space(head.text) for row in piece.segment.rows[:first] if (head := row[place]) is not None
            )
            path = "/".join(word for word in over if word)
            money = to_yuan(amount, unit) if unit and not _is_percentage(path) else None
            printed = without_space(cell.text)
            found.append(UnmappedCell(number, words[index] or None, None, path, printed, money, cell.place, reason))
    return tuple(found)


def _printed(
    table: LocatedTable,
    number: int,
    header: Header | None,
    unit: Unit | None,
    cells: int,
    unmapped: Sequence[UnmappedCell],
    odd: Sequence[OddCell],
) -> PrintedTable:
    unknown = dict.fromkeys(column.path for column in header.unknown) if header else {}
    return PrintedTable(
        number=number,
        title=table.title,
        table=table.form.table if table.form else None,
        first_page=table.segments[0].page,
        last_page=table.segments[-1].page,
        unit=unit or table.unit,
        unit_inherited=table.unit_inherited and not _names_units(header),
        body=table.body,
        rows=sum(len(segment.rows) for segment in table.segments) - (header.height if header else 0),
        columns_understood=sum(len(block.figures) for block in header.blocks) if header else 0,
        columns_unknown=tuple(unknown),
        cells=cells,
        complete=not odd and not any(cell.reason.leaves_incomplete for cell in unmapped),
    )


def _names_units(header: Header | None) -> bool:
    """Whether the head of the table itself names units."""
    return header is not None and any(figure.unit for block in header.blocks for figure in block.figures)


def _header_problems(header: Header, cells: int) -> Iterator[str]:
    if cells and not any(block.figures for block in header.blocks):
        yield "表头无法识别。 / the header is not known."


def _problems_of(unmapped: Sequence[UnmappedCell]) -> Iterator[str]:
    """One sentence for each column and for the nameless rows; counts and derived figures are no problem."""
    for path in dict.fromkeys(cell.column_path for cell in unmapped if cell.reason is UnmappedReason.UNKNOWN_COLUMN):
        count = sum(cell.column_path == path and cell.reason is UnmappedReason.UNKNOWN_COLUMN for cell in unmapped)
        yield (
            f"“{path}”栏无法识别，其中 {count} 个金额未归类。"
            f" / the column {path} is not known; {count} amounts are kept apart."
        )
    for path in dict.fromkeys(cell.column_path for cell in unmapped if cell.reason is UnmappedReason.AMBIGUOUS_COLUMN):
        yield (
            f"“{path}”栏与另一栏含义相同，无法区分，其中的金额未归类。"
            f" / the column {path} means the same as another; its amounts are kept apart."
        )
    nameless = sum(cell.reason is UnmappedReason.NAMELESS_ROW for cell in unmapped)
    if nameless:
        yield f"{nameless} 个金额所在行没有名称，未归类。 / {nameless} amounts stand in rows without a name."


def to_rows(
    raw: Sequence[RawRow], table: LocatedTable, form: Form, unit: Unit, blocks: Sequence[ColumnBlock] = ()
) -> list[PrintedRow]:
    """The printed rows with their codes, parents and roles."""
    schemes = [blocks[row.block].scheme if blocks else form.scheme for row in raw]
    revenue = form.government and form.side is Side.REVENUE  # 101 税收收入: of a classification of its own
    if not revenue:
        raw = [_with_unit_code(row, scheme) for row, scheme in zip(raw, schemes, strict=True)]
    raw = below_their_units(raw, table.family)
    if form.layout is Layout.TWO_SIDED:
        raw = with_headings(raw, table.family)
    nameless = form.layout is Layout.SINGLE_ROW and not any(row.label for row in raw)
    codes = list(_codes(raw, schemes))
    rows = [
        PrintedRow(
            table=form.table,
            number=row.number,
            scheme=scheme if code or scheme in {Scheme.PURPOSE, Scheme.ORGANISATION} else None,
            code=code,
            printed_code="".join(row.parts) or None,
            name=None if nameless else row.label or None,
            parent_code=parent_of(code, scheme) if code and scheme else None,
            code_level=level_of(code, scheme) if code and scheme else None,
            role=RowRole.DETAIL,
            unit=unit,
            outer_name=row.outer,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
        )
        for row, scheme, code in zip(raw, [None] * len(raw) if revenue else schemes, codes, strict=True)
    ]
    roles = row_roles(raw, rows, table.family, nameless=nameless)
    return [_with_role(row, role) for row, role in zip(rows, roles, strict=True)]


def _with_role(row: PrintedRow, role: RowRole) -> PrintedRow:
    """The row with its role; a sum has no purpose and is no unit."""
    sums = role is not RowRole.DETAIL and row.scheme in {Scheme.PURPOSE, Scheme.ORGANISATION}
    return replace(row, role=role, scheme=None if sums else row.scheme)


def _with_unit_code(row: RawRow, scheme: Scheme | None) -> RawRow:
    """The row of a unit whose code stands in the column of codes: no code of the scheme begins or is as long as it."""
    code = "".join(row.parts)
    first = scheme.first_digit if scheme else None
    if first is None or not code or code[0] == first or (len(row.parts) > 1 and code != row.parts[0]):
        return row
    if len(code) in _CODE_LENGTHS and code[0] != "0":  # as long as a code of the scheme: a slip of the pen
        return row
    return replace(row, parts=(), unit_code=code, unit_name=row.label or None)


def _codes(raw: Sequence[RawRow], schemes: Sequence[Scheme | None]) -> Iterator[str | None]:
    """The normalised code of each row; what is printed once for several rows is carried down."""
    above: dict[Side, list[str]] = {}
    for row, scheme in zip(raw, schemes, strict=True):
        if scheme is None or not any(row.parts):
            yield None
            continue
        parts = [part for text in row.parts for part in (text.split(" ") if " " in text else [text])]
        if len(row.parts) == 1 and len(parts) == 1:
            yield restore_zero(parts[0])
            continue
        known = above.get(row.side, [])
        first = next(i for i, part in enumerate(parts) if part)
        parts[:first] = known[:first]
        if any(len(part) > 3 for part in parts):
            parts = [max(parts, key=len)]
            yield restore_zero(parts[0])
        else:
            above[row.side] = parts
            yield join_parts(parts)
