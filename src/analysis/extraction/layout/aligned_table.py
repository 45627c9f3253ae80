"""The words of a page without rules → its table, where their alignment leaves one answer; else nothing.

A column's figures end at one place, stand in its middle or begin with its head. A column's head begins left of the
place where its figures end, and the next column's head right of it: so each column of figures has one head, or the
page is left alone. Words make columns where white gutters part them on every row. What could be read in two ways is
not read, for no figure may come into a wrong column.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from analysis.extraction.layout.aligned_cells import heads_in_cells
from analysis.extraction.layout.aligned_heads import Head, heads_over, leaves_of
from analysis.extraction.layout.aligned_words import DASH, Line, Word, spread
from analysis.terms.label import CHAPTER, ORDINAL, squeeze

_ALIGNED, _CENTRED, _GUTTER = 1.5, 4.0, 3.0
_FEWEST_ROWS, _MOST_HEAD_LINES = 3, 8
_SAME_CELL, _OTHER_CELL = 0.8, 0.95
# Of a line's height: rows this far apart have room between them that lines of one cell have not.
_ROOMY = 1.6
_BEGINS = re.compile(CHAPTER)
_NUMBERED = re.compile(ORDINAL)
_GLUED = re.compile(r"[一-鿿].*\d,\d{3}|\d,\d{3}.*[一-鿿]|[一-鿿]-?\d+\.\d\d$|^\d+\.\d\d[一-鿿]")
_TOTAL = re.compile("(?:收入|支出|本年收入|本年支出)?(?:总计|合计|小计)")
# What a summary prints without an ordinal, often without a figure.
_BALANCE = re.compile("(?:上年|年初|年末|年终)结[转余](?:(?:和|及|与)?结余)?(?:资金)?|结转下年(?:度)?(?:支出|资金)?")
_CODE = re.compile(r"\d{2,7}")


@dataclass(frozen=True, slots=True)
class AlignedColumn:
    """A column: its head, where it begins, and where its figures end; None where it has words or nothing."""

    head: Head
    left: float
    right: float | None


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """A table told from alignment alone.

    Attributes:
        columns: Its columns from left to right.
        rows: The words of each row, by column; several where a cell runs over lines.
        headed: Whether the page prints the heads of the columns, or they are those of the page before.
        first: The first of the lines that it takes.
        end: The first line behind it.
    """

    columns: tuple[AlignedColumn, ...]
    rows: tuple[dict[int, list[Word]], ...]
    headed: bool
    first: int
    end: int


def align_table(
    lines: Sequence[Line], start: int, end: int, before: Sequence[AlignedColumn] = (), *, captioned: bool = False
) -> AlignedTable | None:
    """The table in some lines of a page; None where there is none, or where its words can be read in two ways.

    Args:
        lines: The words of the page, from top to bottom.
        start: The first of the lines in question.
        end: The first line behind them.
        before: The columns of the table before, which may go on without its heads.
        captioned: Whether a title or a caption stands above, so that one row is enough.
    """
    rows = [number for number in range(start, end) if _is_row(lines[number])]
    if not rows:
        return None
    first, last = rows[0], rows[-1]
    near = _SAME_CELL * _pitch(lines, rows)
    if first > start and _middle(lines[first]) - _middle(lines[first - 1]) < near:
        return None  # the first line of the first row's name, or the last one of the head
    while last + 1 < end and _middle(lines[last + 1]) - _middle(lines[last]) < near:
        last += 1
    head = [word for number in range(start, first) if not _numbers(lines[number]) for word in lines[number]]
    body = [[word for word in lines[number] if not DASH.fullmatch(word.text)] for number in range(first, last + 1)]
    words = [word for line in body for word in line]
    if first - start > _MOST_HEAD_LINES or any(_GLUED.search(word.text) for word in words):
        return None
    heads = _heads(head, body) if head else tuple(column.head for column in before)
    columns = _to_columns(heads, body) if heads else None
    if head and (columns is None or _mixes_words_and_figures(columns, body)):
        heads = heads_in_cells(head, words) or ()
        columns = _to_columns(heads, body) if heads else None
    if columns is None or (not head and not _go_on(before, columns)):
        return None
    goes_on = _same_heads(before, columns)
    if len(rows) < _FEWEST_ROWS and not (captioned or goes_on):
        return None
    if goes_on:  # the left edges are those of the first page, so that the table goes on
        columns = tuple(replace(one, left=other.left) for one, other in zip(columns, before, strict=True))
    placed = _place(body, columns)
    grouped = placed and _to_rows(body, placed, columns)
    return AlignedTable(columns, tuple(grouped), bool(head), start if head else first, last + 1) if grouped else None


def _middle(line: Line) -> float:
    return median(word.middle for word in line)


def _pitch(lines: Sequence[Line], rows: Sequence[int]) -> float:
    """How far apart rows are."""
    return median([_middle(lines[below]) - _middle(lines[above]) for above, below in pairwise(rows)] or [0.0])


def _is_row(line: Line) -> bool:
    """Whether a line is a row and not of the head: it prints a figure, or begins as a part of a summary does."""
    if _numbers(line):
        return False
    return any(word.is_figure for word in line) or any(_BEGINS.match(squeeze(word.text)) for word in line)


def _numbers(line: Line) -> bool:
    """Whether a line numbers the columns: 1 2 3, 栏次 1 2 3."""
    texts = [squeeze(word.text) for word in line]
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)) and not any(map(_BEGINS.match, texts))


def _heads(head: Sequence[Word], body: Sequence[Line]) -> tuple[Head, ...]:
    leaves = leaves_of(head)
    words = [word for line in body for word in line]
    below = {leaf: [word for word in words if leaf.overlaps(word) and not word.is_sure] for leaf in leaves}
    if any(below.values()):
        left_aligned = any(_is_near(leaf.x0, (word.x0 for word in found)) for leaf, found in below.items())
    else:
        left_aligned = all(_is_near(word.x0, (leaf.x0 for leaf in leaves)) for word in head)
    return heads_over(head, leaves, left_aligned=left_aligned, body=words) or ()


def _to_columns(heads: Sequence[Head], body: Sequence[Line]) -> tuple[AlignedColumn, ...] | None:
    """The columns under the heads; None where a figure or a label may stand under two of them, or under none."""
    figures, labels = _apart(body)
    under: dict[int, list[Word]] = {}
    for word in figures:
        index = max((n for n, head in enumerate(heads) if head.leaf.x0 <= word.x1 + 1), default=None)
        if index is None:
            return None
        under.setdefault(index, []).append(word)
    if not under or not all(_stand_under(words, heads[index].leaf) for index, words in under.items()):
        return None
    spans = _spans(labels, heads, frozenset(under))
    if spans is None:
        return None
    columns = []
    for index, head in enumerate(heads):
        left = min(head.leaf.x0, spans[index][0]) if index in spans else head.leaf.x0
        right = max(word.x1 for word in under[index]) if index in under else None
        columns.append(AlignedColumn(head, left, right))
    return tuple(columns)


def _apart(body: Sequence[Line]) -> tuple[list[Word], list[Word]]:
    """The figures and the other words; a bare number is a figure where it ends as sure figures do, not else a code."""
    words = [word for line in body for word in line]
    sure = [word for word in words if word.is_sure]
    ends = [word.x1 for word in sure]
    figures = [word for word in words if word.is_sure or (word.is_figure and _is_near(word.x1, ends))]
    return figures, [word for word in words if word not in figures]


def _is_near(place: float, places: Iterable[float]) -> bool:
    return any(abs(place - other) <= _ALIGNED for other in places)


def _stand_under(words: Sequence[Word], leaf: Word) -> bool:
    """Whether the figures of a column are aligned in one way, and with their head."""
    if spread(word.x1 for word in words) <= _ALIGNED:
        return words[0].x1 >= leaf.x1 - 2 * _ALIGNED or abs(words[0].centre - leaf.centre) <= _CENTRED
    if spread(word.centre for word in words) <= _CENTRED / 2:
        return abs(words[0].centre - leaf.centre) <= _CENTRED
    return spread(word.x0 for word in words) <= _ALIGNED and abs(words[0].x0 - leaf.x0) <= 2 * _ALIGNED


def _spans(
    labels: Sequence[Word], heads: Sequence[Head], figures: frozenset[int]
) -> dict[int, tuple[float, float]] | None:
    """What the words of each column cover; None where they stand under two heads, or under one of figures."""
    spans: list[list[float]] = []
    for word in sorted((one for one in labels if not _TOTAL.fullmatch(one.text)), key=lambda one: one.x0):
        if spans and word.x0 < spans[-1][1] + _GUTTER:
            spans[-1][1] = max(spans[-1][1], word.x1)
        else:
            spans.append([word.x0, word.x1])
    found: dict[int, tuple[float, float]] = {}
    free = [index for index in range(len(heads)) if index not in figures]
    for left, right in spans:
        over = [i for i in free if min(right, heads[i].leaf.x1) > max(left, heads[i].leaf.x0)]
        if not over:  # its head stands in the middle of a wide cell: the only one between the neighbours
            before = [i for i in range(len(heads)) if heads[i].leaf.x1 <= left]
            after = [i for i in range(len(heads)) if heads[i].leaf.x0 >= right]
            over = [i for i in free if i == max(before, default=-1) or i == min(after, default=-1)]
        over = _lowest([i for i in over if i not in found], heads)
        if len(over) != 1:
            return None
        found[over[0]] = left, right
    return found if list(found) == sorted(found) else None


def _lowest(over: list[int], heads: Sequence[Head]) -> list[int]:
    """Of heads over one run of words the one that stands a line lower than the others: they stand over its group."""
    found = sorted(over, key=lambda index: heads[index].leaf.bottom)
    apart = len(found) > 1 and heads[found[-2]].leaf.bottom <= heads[found[-1]].leaf.top
    return found[-1:] if apart else over


def _go_on(before: Sequence[AlignedColumn], columns: Sequence[AlignedColumn]) -> bool:
    """Whether the figures end where those of the page before did, and the words begin there."""
    pairs = list(zip(before, columns, strict=True))
    rights = [(one.right, other.right) for one, other in pairs if one.right is not None and other.right is not None]
    return bool(rights) and all(abs(one - other) <= _ALIGNED for one, other in rights)


def _same_heads(before: Sequence[AlignedColumn], columns: Sequence[AlignedColumn]) -> bool:
    return len(before) == len(columns) and all(
        one.head.leaf.text == other.head.leaf.text and abs(one.head.leaf.x0 - other.head.leaf.x0) <= _ALIGNED
        for one, other in zip(before, columns, strict=True)
    )


def _mixes_words_and_figures(columns: Sequence[AlignedColumn], body: Sequence[Line]) -> bool:
    """Whether a head spans several columns of words and one of figures: heads that stand low hide where it ends."""
    spans = _spans(_apart(body)[1], [column.head for column in columns], _of_figures(columns)) or {}
    for word in {word for column in columns for word in column.head.above}:
        span = [number for number, column in enumerate(columns) if word in column.head.above]
        if sum(number in spans for number in span) > 1 and not spans.keys() >= set(span):
            return True
    return False


def _place(body: Sequence[Line], columns: Sequence[AlignedColumn]) -> list[dict[int, list[Word]]] | None:
    """The words of each line by column; None where one could stand in two."""
    figures = {id(word) for word in _apart(body)[0]}
    spans = _spans(_apart(body)[1], [column.head for column in columns], _of_figures(columns)) or {}
    placed = []
    for line in body:
        cells: dict[int, list[Word]] = {}
        for word in line:
            if id(word) in figures:
                index = max(n for n, column in enumerate(columns) if column.head.leaf.x0 <= word.x1 + 1)
            else:
                over = [n for n, (left, right) in spans.items() if min(right, word.x1) > max(left, word.x0)]
                if not over:
                    return None
                index = over[0]
            cells.setdefault(index, []).append(word)
        if any(len(words) > 1 and index in _of_figures(columns) for index, words in cells.items()):
            return None
        placed.append(cells)
    return placed


def _of_figures(columns: Sequence[AlignedColumn]) -> frozenset[int]:
    return frozenset(index for index, column in enumerate(columns) if column.right is not None)


def _to_rows(
    body: Sequence[Line], placed: Sequence[dict[int, list[Word]]], columns: Sequence[AlignedColumn]
) -> list[dict[int, list[Word]]] | None:
    """The rows, names that run over lines joined; None where a line may belong to the row above or below."""
    coded = any(_CODE.fullmatch(word.text) for cells in placed for words in cells.values() for word in words)
    is_row = [_stands_alone(cells, _of_figures(columns), coded=coded) for cells in placed]
    middles = [_middle(line) for line in body]
    pitch = _pitch(body, [number for number, alone in enumerate(is_row) if alone])
    at = [number for number, alone in enumerate(is_row) if alone or _stands_apart(body, number, pitch)]
    owner: dict[int, int] = {number: number for number in at}
    for number in (n for n in range(len(body)) if n not in owner):
        near = sorted((abs(middles[number] - middles[row]), row) for row in at)[:2]
        if not near or near[0][0] > _SAME_CELL * pitch:
            return None
        if len(near) > 1 and near[0][0] > _SAME_CELL * near[1][0] and near[1][0] <= _OTHER_CELL * pitch:
            return None
        owner[number] = near[0][1]
    rows: dict[int, dict[int, list[Word]]] = {}
    for number in sorted(owner):
        for index, words in placed[number].items():
            rows.setdefault(owner[number], {}).setdefault(index, []).extend(words)
    return [rows[number] for number in sorted(rows)]


def _stands_apart(body: Sequence[Line], number: int, pitch: float) -> bool:
    """Whether a line is as far from the lines beside it as rows are, and those further apart than lines of one cell."""
    line = body[number]
    height = max((word.bottom - word.top for word in line), default=0.0)
    beside = [*body[max(number - 1, 0) : number], *body[number + 1 : number + 2]]
    far = all(abs(_middle(line) - _middle(other)) >= _OTHER_CELL * pitch for other in beside)
    return far and pitch >= _ROOMY * height > 0


def _stands_alone(cells: dict[int, list[Word]], figures: frozenset[int], *, coded: bool) -> bool:
    """Whether a line is a row of its own: it has a figure, a code or an ordinal, or the table has rows without."""
    words = [word.text for found in cells.values() for word in found]
    if figures.intersection(cells) or any(map(_CODE.fullmatch, words)) or any(map(_NUMBERED.match, words)):
        return True
    return not coded and any(_TOTAL.fullmatch(word) or _BALANCE.fullmatch(word) for word in words)
