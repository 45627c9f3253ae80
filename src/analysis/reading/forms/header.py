"""The head of a table → what each of its columns holds.

The header is the rows before the first row with an amount or a code. Each column's path of header cells, from the top
to the leaf, is looked up in the family's columns. A label column after a figure column begins a new block: the
expenditure side of a summary, or the second list of the final accounts' economic table.
"""

import re
from dataclasses import dataclass, replace

from analysis.reading.forms.recognise import label_kind, path_to_column, plain_words
from analysis.reading.layout.blocks import Cell
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import CHAPTER, squeeze
from analysis.terms.line_item import Column, Side
from analysis.terms.money import parse_amount

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}|\d{3} ?\d{1,2}")
_CHAPTER = re.compile(CHAPTER)
_YEAR = re.compile(r"(20\d{2})年")

Row = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures; `years_back` is 1 for 上年."""

    index: int
    column: Column
    years_back: int = 0


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """One list of a table: its code columns, its name column, its figure columns."""

    codes: tuple[int, ...]
    name: int | None
    figures: tuple[FigureColumn, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table hold. `unknown` are figure columns without a known word: index and path."""

    height: int
    blocks: tuple[ColumnBlock, ...]
    unknown: tuple[tuple[int, str], ...]


def header_height(rows: tuple[Row, ...], layout: Layout, family: Family) -> int:
    """How many rows the header has: those before the first row with an amount, a code, or an ordinal label."""
    for number, row in enumerate(rows):
        texts = [squeeze(cell.text) for cell in anchored(rows, number)]
        if _numbers_columns(row, family):
            continue
        if any(_is_figure(text, layout) for text in texts):
            return number
        if layout is Layout.TWO_SIDED and any(_CHAPTER.match(text) for text in texts):
            return number
    return len(rows)


def anchored(rows: tuple[Row, ...], number: int) -> list[Cell]:
    """The cells that begin in the row, each once."""
    above = rows[number - 1] if number else ()
    return [
        cell
        for column, cell in enumerate(rows[number])
        if cell is not None and cell.column == column and not (column < len(above) and above[column] is cell)
    ]


def _numbers_columns(row: Row, family: Family) -> bool:
    """Whether the row only numbers the columns (栏次 1 2 3)."""
    texts = [squeeze(cell.text) for cell in row if cell is not None]
    return any(family.wording.numbering.match(text) for text in texts[:3])


def _is_figure(text: str, layout: Layout) -> bool:
    if not text or re.fullmatch(r"20\d{2}", text):
        return False
    return parse_amount(text) is not None or (layout is Layout.CODED and bool(_CODE.fullmatch(text)))


def read_header(rows: tuple[Row, ...], form: Form, family: Family) -> Header:
    """What each column of the table holds, by the words of its family."""
    height = header_height(rows, form.layout, family)
    width = max((len(row) for row in rows), default=0)
    head = tuple(row for row in rows[:height] if not _numbers_columns(row, family))
    paths = [_path(head, column) for column in range(width)]
    kinds = [label_kind("/".join(path), family) for path in paths]
    groups = _groups(kinds)
    blocks, unknown = [], []
    for group in groups:
        side = _side(group, paths, len(groups) > 1 and form.layout is Layout.TWO_SIDED, groups.index(group))
        figures = []
        for index in group:
            if kinds[index] is not None:
                continue
            # In a summary the topmost cell names the side (财政拨款收入), not the column.
            path = "/".join(paths[index][1:] or paths[index] if form.layout is Layout.TWO_SIDED else paths[index])
            column = path_to_column(path, form, side, family)
            if column is None:
                unknown.append((index, path))
            else:
                figures.append(FigureColumn(index, column))
        codes = tuple(index for index in group if kinds[index] == "code")
        name = next((index for index in group if kinds[index] == "name"), None)
        blocks.append(ColumnBlock(codes, name, _with_years(tuple(figures), head, family)))
    return Header(height, tuple(blocks), tuple(unknown))


def _path(header: tuple[Row, ...], column: int) -> list[str]:
    """The words over a column from top to leaf, each merged cell once."""
    path: list[str] = []
    seen: set[int] = set()
    for row in header:
        cell = row[column] if column < len(row) else None
        if cell is None or id(cell) in seen:
            continue
        seen.add(id(cell))
        words = plain_words(cell.text)
        if words and (not path or path[-1] != words):
            path.append(words)
    return path


def _groups(kinds: list[str | None]) -> list[list[int]]:
    """Column indices in blocks: a new one begins where a label column follows a figure column."""
    groups: list[list[int]] = [[]]
    for index, kind in enumerate(kinds):
        before = kinds[index - 1] if index else kind
        if index and kind in {"code", "name"} and before is None and any(kinds[i] is None for i in groups[-1]):
            groups.append([])
        groups[-1].append(index)
    return groups


def _side(group: list[int], paths: list[list[str]], two_sided: bool, number: int) -> Side | None:
    if not two_sided:
        return None
    top = "".join(paths[index][0] for index in group if paths[index])
    if "收入" in top and "支出" not in top:
        return Side.REVENUE
    if "支出" in top and "收入" not in top:
        return Side.EXPENDITURE
    return Side.REVENUE if number == 0 else Side.EXPENDITURE


def _with_years(figures: tuple[FigureColumn, ...], header: tuple[Row, ...], family: Family) -> tuple[FigureColumn, ...]:
    """The columns with the year that they belong to: 上年, or an earlier one of several years in the header.

    A single year that is not the document's is a slip of the pen and changes nothing.
    """
    words = {column.index: "/".join(_texts_above(header, column.index)) for column in figures}
    years = {index: max(map(int, found)) for index, text in words.items() if (found := _YEAR.findall(text))}
    latest = max(years.values(), default=0)
    several = len(set(years.values())) > 1

    def years_back(index: int) -> int:
        if family.wording.prior_year.search(words[index]):
            return 1
        return latest - years[index] if several and index in years else 0

    return tuple(replace(column, years_back=years_back(column.index)) for column in figures)


def _texts_above(header: tuple[Row, ...], index: int) -> list[str]:
    return [squeeze(cell.text) for row in header if index < len(row) and (cell := row[index]) is not None]


def map_columns(before: tuple[float, ...], after: tuple[float, ...], tolerance: float) -> dict[int, int]:
    """For each column of the first segment the column of a later one that begins at the same left edge."""
    mapping: dict[int, int] = {}
    for index, left in enumerate(before):
        near = [place for place, edge in enumerate(after) if abs(edge - left) <= tolerance]
        if near:
            mapping[index] = near[0]
    return mapping


def repeated_rows(rows: tuple[Row, ...], header_rows: tuple[Row, ...]) -> int:
    """How many rows at the beginning of a later segment only repeat words of the header."""
    words = {squeeze(cell.text) for row in header_rows for cell in row if cell is not None}
    for number, row in enumerate(rows):
        texts = {squeeze(cell.text) for cell in row if cell is not None} - {""}
        if not texts or not texts <= words:
            return number
    return len(rows)
