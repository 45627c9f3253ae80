"""Cells between rulings that hold several rows, for only the columns are ruled → where the rows are to be cut.

Each line with a number, an amount, a code or a dash is a row. What a cell says besides, such as a name over two lines,
belongs to the row that it stands at. A cell that holds the figures of several columns is no cell of a table.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from analysis.extraction.layout.aligned_words import DASH, Line

_NUMBERING = {"栏次", "行次"}
_PROSE = re.compile(r"[，。；：、:%％元]")
_FEWEST_SURE, _FEWEST_NUMBERS, _FEWEST_LINES = 2, 3, 3
# Of a line's height, and of the distance between rows.
_SAME_LINE, _OWN_ROW, _SAME_ROW = 0.5, 0.85, 0.6
_LEAST_PITCH = 1.4  # of a line's height: how far apart two rows are at least


def holds_columns(cell: Iterable[Line]) -> bool:
    """Whether a cell holds several columns of figures: more than one line has more than one, and is no sentence."""
    rows = (line for line in cell if not any(_PROSE.search(word.text) for word in line))
    return sum(sum(word.is_sure for word in line) > 1 for line in rows) > 1


def hold_rows(cells: Sequence[Sequence[Line]]) -> bool:
    """Whether cells side by side hold several rows.

    Two of them stack numbers, or one stacks three amounts; or the numbers of the columns stand over another line, or
    words over amounts in two.
    """
    sure = [sum(_is_one(line) and line[0].is_sure for line in cell) for cell in cells]
    numbers = [sum(_is_one(line) and line[0].is_figure for line in cell) for cell in cells]
    stacked = [a >= _FEWEST_SURE or b >= _FEWEST_NUMBERS for a, b in zip(sure, numbers, strict=True)]
    numbered = _are_numbered([line for cell in cells for line in cell])
    headed = sum(len(cell) > 1 and not _is_of_row(cell[0]) and _is_sure(cell[-1]) for cell in cells)
    return sum(stacked) > 1 or (max(sure, default=0) >= _FEWEST_LINES and len(cells) > 1) or numbered or headed > 1


def _are_numbered(lines: Sequence[Line]) -> bool:
    """Whether the first of the lines that are numbers number the columns (栏次 1 2, or 1 2 3), and others lie apart."""
    named = [line for line in lines if line[0].text in _NUMBERING]
    numbers = sorted((line for line in lines if _is_one(line) and line[0].text.isdigit()), key=_middle)
    beside = named[:1] or numbers[:1]
    row = [line for line in numbers for first in beside if abs(_middle(line) - _middle(first)) <= _height(first) / 2]
    counted = sorted(int(line[0].text) for line in row) == list(range(1, len(row) + 1))
    if not beside or not (named or (counted and len(row) >= _FEWEST_NUMBERS)):
        return False
    apart = _OWN_ROW * _LEAST_PITCH * _height(beside[0])
    return any(abs(_middle(line) - _middle(beside[0])) >= apart for line in lines)


def row_cuts(cells: Sequence[Sequence[Line]]) -> tuple[float, ...] | None:
    """The heights between the rows that such cells hold; None where a line may belong to two of them.

    Args:
        cells: The lines of each cell of a band, from top to bottom.
    """
    lines = sorted((line for cell in cells for line in cell), key=_middle)
    rows: list[list[Line]] = []
    for line in filter(_is_of_row, lines):
        _join(rows, line)
    anchors = [_middle(row[0]) for row in rows]
    if not anchors:
        return None
    least = _LEAST_PITCH * _height(rows[0][0])
    pitch = min((below - above for above, below in pairwise(anchors)), default=least)
    headings: list[list[Line]] = []
    for line in (one for one in lines if not _is_of_row(one)):
        (near, number), *others = sorted((abs(_middle(line) - anchor), n) for n, anchor in enumerate(anchors))
        if near >= _OWN_ROW * pitch:
            _join(headings, line)  # without figures
        elif not others or near <= _SAME_ROW * others[0][0]:
            rows[number].append(line)
        else:
            return None
    return _between(sorted([*rows, *headings], key=lambda row: _middle(row[0])))


def _join(rows: list[list[Line]], line: Line) -> None:
    """Add a line to the last row where it stands at its height, else as a row of its own."""
    if rows and _middle(line) - _middle(rows[-1][0]) <= _SAME_LINE * _height(line):
        rows[-1].append(line)
    else:
        rows.append([line])


def _between(rows: Sequence[Sequence[Line]]) -> tuple[float, ...] | None:
    """The middles between the last line of each row and the first one of the next; None where they run into another."""
    cuts = []
    for above, below in pairwise(rows):
        last, first = max(map(_middle, above)), min(map(_middle, below))
        if last >= first:
            return None
        cuts.append((last + first) / 2)
    return tuple(cuts)


def _is_one(line: Line) -> bool:
    return len(line) == 1


def _is_sure(line: Line) -> bool:
    return _is_one(line) and line[0].is_sure


def _is_of_row(line: Line) -> bool:
    if not _is_one(line):
        return False
    text = line[0].text
    return line[0].is_figure or text in _NUMBERING or DASH.fullmatch(text) is not None


def _middle(line: Line) -> float:
    return (min(word.top for word in line) + max(word.bottom for word in line)) / 2


def _height(line: Line) -> float:
    return max(word.bottom for word in line) - min(word.top for word in line)
