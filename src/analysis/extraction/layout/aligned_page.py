"""A page without rules → blocks like those of any other page, where alignment tells every table on it; else nothing."""

import re
from collections.abc import Iterator, Sequence

from analysis.extraction.layout.aligned_heads import Head
from analysis.extraction.layout.aligned_table import AlignedColumn, AlignedTable, align_table
from analysis.extraction.layout.aligned_words import Line, Word, joined, line_to_words
from analysis.extraction.layout.blocks import Cell, Grid, TextLine
from analysis.extraction.layout.furniture import PlacedBlock, PlacedPage
from analysis.extraction.layout.grid import chars_to_lines, line_to_text
from analysis.terms.label import is_title_line
from analysis.terms.line_item import Place
from analysis.terms.page import Char, Page

_CAPTION = re.compile("单位[:：]|(?:部门|编制单位)[:：]|[:：](?:人民币)?[亿万千]?元$")
_UNIT = re.compile("单位[:：].*元")
_NOTE = re.compile("[(（]?(?:备?注|说明)[:：]")
_SENTENCE = re.compile("[。；;]")
_SAME_LEFT = 3.0
_FEWEST_WHOLE, _LEAST_NUMBERS = 3, 2
_PAGE_NUMBER = re.compile(r"[-—–─\s]*第?\s*\d{1,4}\s*页?[-—–─\s]*(?:共\s*\d+\s*页)?")


def place_aligned(page: Page, before: Sequence[AlignedColumn]) -> tuple[PlacedPage, Sequence[AlignedColumn]] | None:
    """The blocks of a page without rules, and the columns of its last table; None where they cannot be told.

    Args:
        page: The page.
        before: The columns of the last table of the page before; a table may go on without its head.
    """
    lines = chars_to_lines(page.chars)
    words = [line_to_words(line) for line in lines]
    tables: list[AlignedTable] = []
    empty: list[tuple[int, int]] = []
    columns = before
    for start, end in _stretches(lines):
        if not any(word.is_sure for line in words[start:end] for word in line):
            if sum(map(_ends_in_numbers, words[start:end])) >= _FEWEST_WHOLE:
                return None  # whole numbers, which may be amounts or codes
            if before and start and _UNIT.search(line_to_text(lines[start - 1])):
                empty.append((start, _before_note(words, start, end)))
            continue
        captioned = start > 0 and _is_caption(line_to_text(lines[start - 1]))
        table = align_table(words, start, end, columns, captioned=captioned)
        if table is None:
            return None
        tables.append(table)
        columns = table.columns
    if not tables and not empty:
        return None
    taken = {number for table in tables for number in range(table.first, table.end)}
    taken |= {number for start, end in empty for number in range(start, end)}
    placed = [_text(page, line) for number, line in enumerate(lines) if number not in taken]
    placed += [_table(page, table, words[table.first : table.end]) for table in tables]
    placed += [_empty(page, words[start:end]) for start, end in empty if end > start]
    return PlacedPage(page.height, sorted(placed, key=lambda one: (one.top, one.left))), columns


def _ends_in_numbers(line: Line) -> bool:
    """Whether the last words of a line are numbers, more than one."""
    return len(line) > _LEAST_NUMBERS and all(word.is_figure for word in line[-_LEAST_NUMBERS:])


def _stretches(lines: Sequence[Sequence[Char]]) -> Iterator[tuple[int, int]]:
    """The lines between titles, captions, sentences and page numbers: from the first to behind the last."""
    start = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or _breaks(line_to_text(lines[number])):
            if number > start:
                yield start, number
            start = number + 1


def _breaks(text: str) -> bool:
    return _is_caption(text) or _SENTENCE.search(text) is not None or _PAGE_NUMBER.fullmatch(text) is not None


def _is_caption(text: str) -> bool:
    return is_title_line(text) or _CAPTION.search(text) is not None


def _before_note(words: Sequence[Line], start: int, end: int) -> int:
    """The first of the lines that is a note, else the end."""
    return next((number for number in range(start, end) if _NOTE.match(words[number][0].text)), end)


def _empty(page: Page, lines: Sequence[Line]) -> PlacedBlock:
    """A table below its caption that prints no figure: that it is there is all that it says."""
    lefts: list[float] = []
    for left in sorted(word.x0 for line in lines for word in line):
        if not lefts or left > lefts[-1] + _SAME_LEFT:
            lefts.append(left)
    cells = [
        _cell(page, word, row, max(n for n, left in enumerate(lefts) if left <= word.x0))
        for row, line in enumerate(lines)
        for word in line
    ]
    box = joined([word for line in lines for word in line])
    return PlacedBlock(box.top, box.bottom, box.x0, Grid(len(lines), tuple(lefts), tuple(cells), page.number))


def _text(page: Page, line: Sequence[Char]) -> PlacedBlock:
    top, bottom = min(char.top for char in line), max(char.bottom for char in line)
    place = _place(page, line[0].x0, top, max(char.x1 for char in line), bottom)
    return PlacedBlock(top, bottom, line[0].x0, TextLine(line_to_text(line), place))


def _place(page: Page, x0: float, top: float, x1: float, bottom: float) -> Place:
    left, high, right, low = page.displayed(x0, top, x1, bottom)
    return Place(page.number, round(left, 2), round(high, 2), round(right, 2), round(low, 2))


def _table(page: Page, table: AlignedTable, lines: Sequence[Line]) -> PlacedBlock:
    words = [word for line in lines for word in line]
    box = joined(words)
    cells = list(_head_cells(page, [column.head for column in table.columns])) if table.headed else []
    height = max((cell.row + cell.row_span for cell in cells), default=0)
    for number, row in enumerate(table.rows, start=height):
        for index, found in sorted(row.items()):
            cells.append(_cell(page, joined(found), number, index))
    lefts = tuple(column.left for column in table.columns)
    grid = Grid(height + len(table.rows), lefts, tuple(cells), page.number)
    return PlacedBlock(box.top, box.bottom, box.x0, grid)


def _head_cells(page: Page, heads: Sequence[Head]) -> Iterator[Cell]:
    """The cells of the head: a word over several columns spans them, a leaf reaches down to the rows."""
    height = 1 + max(len(head.above) for head in heads)
    for level in range(height):
        number = 0
        while number < len(heads):
            above = heads[number].above
            width = 1
            if level < len(above):
                while number + width < len(heads) and above[level] in heads[number + width].above[level : level + 1]:
                    width += 1
                yield _cell(page, above[level], level, number, columns=width)
            elif level == len(above):
                yield _cell(page, heads[number].leaf, level, number, rows=height - level)
            number += width


def _cell(page: Page, word: Word, row: int, column: int, rows: int = 1, columns: int = 1) -> Cell:
    return Cell(word.text, row, column, rows, columns, _place(page, word.x0, word.top, word.x1, word.bottom))
