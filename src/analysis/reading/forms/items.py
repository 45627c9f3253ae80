"""Located table → line items: one per printed amount, with its row, its column and its place.

Rows are read block by block. A code is joined from its columns, a lost leading zero restored, a class or section that
is printed once for several rows carried down; `printed_code` keeps what stands there. Amounts are never altered: a cell
that is neither blank, a dash nor an amount becomes a problem, and so does a figure under a header that no one knows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.reading.forms.header import (
    ColumnBlock,
    FigureColumn,
    Row,
    anchored,
    map_columns,
    read_header,
    repeated_rows,
)
from analysis.reading.forms.locate import EDGE_TOLERANCE, LocatedTable
from analysis.reading.layout.blocks import Cell
from analysis.terms.code import Scheme, join_parts, level_of, parent_of, restore_zero
from analysis.terms.form import Layout
from analysis.terms.label import CHAPTER, PART, squeeze, without_space
from analysis.terms.line_item import Figure, LineItem, OpenRow, RowRole, Side
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.money import Unit, parse_amount, to_yuan

_DASH = re.compile(r"[-—–－―_/*]*|无|\.")
_CHAPTER, _PART = re.compile(CHAPTER), re.compile(PART)


@dataclass(frozen=True, slots=True)
class TableReading:
    """What one official table gave."""

    line_items: tuple[LineItem, ...]
    open_rows: tuple[OpenRow, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of one block as it stands: its number in the table, side, code parts, label, and figures by column."""

    number: int
    side: Side
    parts: tuple[str, ...]
    label: str
    figures: tuple[tuple[FigureColumn, Figure], ...]


def read_table(table: LocatedTable, year: int) -> TableReading:
    """All line items of a table that has a grid. `year` is the document's."""
    name = table.title or table.form.titles[0]
    if table.unit is None:
        return TableReading((), (), (f"《{name}》未注明金额单位，未读取。 / {table.form.table}: no unit is stated.",))
    raw, problems = _raw_rows(table, table.unit)
    rows = to_rows(raw, table, table.unit)
    items = tuple(
        LineItem(row, column.column, year - column.years_back, figure)
        for row, source in zip(rows, raw, strict=True)
        for column, figure in source.figures
    )
    return TableReading(items, (), tuple(f"《{name}》{problem}" for problem in problems))


def _raw_rows(table: LocatedTable, unit: Unit) -> tuple[list[RawRow], list[str]]:
    first = table.segments[0]
    header = read_header(first.rows, table.form, table.family)
    problems: list[str] = []
    if not any(block.figures for block in header.blocks):
        return [], ["表头无法识别。 / the header is not known."]
    raw: list[RawRow] = []
    number = 0
    for place, segment in enumerate(table.segments):
        mapping = {i: i for i in range(len(first.lefts))}
        skip = header.height
        if place:
            mapping = map_columns(first.lefts, segment.lefts, EDGE_TOLERANCE)
            skip = repeated_rows(segment.rows, first.rows[: header.height])
        for index in range(skip, len(segment.rows)):
            number += 1
            cells = {cell.column: cell for cell in anchored(segment.rows, index)}
            for block in header.blocks:
                row, faults = _read_row(number, segment.rows[index], cells, block, mapping, table, unit)
                problems += faults
                if place and index == skip and _is_rest_of_name(row, table) and raw:
                    raw[-1] = replace(raw[-1], label=raw[-1].label + row.label)
                elif row.label or row.parts or row.figures:
                    raw.append(row)
            problems += [
                f"“{path}”栏无法识别，其中的“{cell.text}”未读取。 / the column {path} is not known."
                for column, path in header.unknown
                if (cell := cells.get(mapping.get(column, -1))) and parse_amount(cell.text) is not None
            ]
    return raw, problems


def _is_rest_of_name(row: RawRow, table: LocatedTable) -> bool:
    """Whether a row at the top of a page is only the end of the name before the page break."""
    bare = not row.figures and not any(row.parts) and bool(row.label)
    return bare and table.form.layout is Layout.CODED and not table.family.wording.total.fullmatch(row.label)


def _read_row(
    number: int,
    row: Row,
    cells: dict[int, Cell],
    block: ColumnBlock,
    mapping: dict[int, int],
    table: LocatedTable,
    unit: Unit,
) -> tuple[RawRow, list[str]]:
    def text_at(index: int) -> str:
        place = mapping.get(index)
        cell = row[place] if place is not None and place < len(row) else None
        return " ".join(cell.text.split()) if cell is not None and cells.get(cell.column) is cell else ""

    side = block.figures[0].column.side if block.figures else table.form.side or Side.EXPENDITURE
    texts = _unique_codes([(mapping.get(i), text_at(i)) for i in block.codes], row)
    parts = tuple(text for text in texts if re.fullmatch(r"[\d ]*", text))
    words = [text for text in texts if text and not re.fullmatch(r"[\d ]*", text) and text not in "类款项"]
    label = text_at(block.name) if block.name is not None else ""
    if not label and words:
        label = "".join(words)
    figures, faults = [], []
    for column in block.figures:
        place = mapping.get(column.index)
        cell = cells.get(place) if place is not None else None
        if cell is None:
            continue
        amount = parse_amount(cell.text)
        if amount is not None:
            figures.append((column, Figure(without_space(cell.text), to_yuan(amount, unit), cell.place)))
        elif not _DASH.fullmatch(squeeze(cell.text)) and cell.column_span == 1:
            faults.append(f"“{label or ''.join(parts)}”行的“{squeeze(cell.text)}”不是金额。 / a cell is no amount.")
    return RawRow(number, side, parts if any(parts) else (), without_space(label), tuple(figures)), faults


def _unique_codes(texts: Sequence[tuple[int | None, str]], row: Row) -> list[str]:
    """The texts of the code columns; a cell merged over several of them counts once."""
    seen: set[int] = set()
    found: list[str] = []
    for place, text in texts:
        cell = row[place] if place is not None and place < len(row) else None
        if cell is not None and id(cell) in seen:
            continue
        if cell is not None:
            seen.add(id(cell))
        found.append(text)
    return found


def to_rows(raw: Sequence[RawRow], table: LocatedTable, unit: Unit) -> list[PrintedRow]:
    """The printed rows with their codes, parents and roles."""
    scheme = table.form.scheme
    rows = [
        PrintedRow(
            table=table.form.table,
            number=row.number,
            scheme=scheme if code else None,
            code=code,
            printed_code="".join(row.parts) or None,
            name=row.label or None if table.form.layout is not Layout.SINGLE_ROW else None,
            parent_code=parent_of(code, scheme) if code and scheme else None,
            code_level=level_of(code, scheme) if code and scheme else None,
            role=RowRole.DETAIL,
            unit=unit,
        )
        for row, code in zip(raw, _codes(raw, scheme), strict=True)
    ]
    return [replace(row, role=role) for row, role in zip(rows, _roles(raw, rows, table), strict=True)]


def _codes(raw: Sequence[RawRow], scheme: Scheme | None) -> Iterator[str | None]:
    """The normalised code of each row; what is printed once for several rows is carried down."""
    above: dict[Side, list[str]] = {}
    for row in raw:
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


def _roles(raw: Sequence[RawRow], rows: Sequence[PrintedRow], table: LocatedTable) -> Iterator[RowRole]:
    """What each row is to the others: a total, a subtotal of rows that print figures, or a detail."""
    words, single = table.family.wording, table.form.layout is Layout.SINGLE_ROW
    parents = {row.code[:end] for row in rows if row.code for end in (3, 5) if len(row.code) > end}
    for index, row in enumerate(raw):
        code = rows[index].code
        following = [other for other in raw[index + 1 :] if other.side is row.side and other.label]
        if single or (not code and words.grand_total.fullmatch(row.label)):
            yield RowRole.TOTAL
        elif code:
            yield RowRole.SUBTOTAL if code in parents else RowRole.DETAIL
        elif words.total.fullmatch(row.label) or row.label.endswith("合计") or _has_parts(row, following):
            yield RowRole.SUBTOTAL
        else:
            yield RowRole.DETAIL


def _has_parts(row: RawRow, following: Sequence[RawRow]) -> bool:
    """Whether the rows right below are its parts: 1. 2. 3. under 一、, or 一、 二、 under a row without ordinal."""
    if _PART.match(row.label):
        return False
    pattern = _PART if _CHAPTER.match(row.label) else _CHAPTER
    parts = []
    for other in following:
        if not pattern.match(other.label):
            break
        parts.append(other)
    return any(part.figures for part in parts)
