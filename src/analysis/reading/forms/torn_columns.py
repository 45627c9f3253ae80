"""A table too wide for its page, whose other columns stand on a page of their own → one table again.

A workbook that is printed as it is breaks between columns: the page of the columns on the right has no label, and its
rows stand at the heights of the rows that it was torn from. Without them a table lacks amounts, and what is left of it
would seem not to add up.
"""

from collections.abc import Sequence
from dataclasses import replace

from analysis.extraction.layout.blocks import Cell
from analysis.extraction.layout.money_cells import Rows, anchored
from analysis.terms.label import squeeze

_FEWEST_ROWS = 3
_SAME_HEIGHT = 2.0
_MARGIN = 20.0


def is_torn_off(left: Rows, right: Rows) -> bool:
    """Whether a grid that follows a table with labels has a head of its own and not one label."""
    head = _head_rows(right)
    return 0 < head < len(right) and not _is_labelled(right[head:]) and _is_labelled(left[_head_rows(left) :])


def is_right_half(left: Rows, right: Rows) -> bool:
    """Whether the rows of a grid without labels are those of another one, further to the right."""
    if len(left) != len(right) or len(left) < _FEWEST_ROWS or not _head_rows(left) or not is_torn_off(left, right):
        return False
    ours, others = _tops(left), _tops(right)
    return (
        ours is not None
        and others is not None
        and all(abs(one - other) <= _SAME_HEIGHT for one, other in zip(ours, others, strict=True))
    )


def join_right(
    left: Rows, lefts: Sequence[float], right: Rows, rights: Sequence[float]
) -> tuple[tuple[tuple[Cell | None, ...], ...], tuple[float, ...]]:
    """The rows of two halves as those of one grid, and the left edges of its columns.

    The right half lies right of everything that the left one prints; how wide the tear is does not matter.
    """
    width = len(lefts)
    ends = max((cell.place.x1 or 0.0 for row in left for cell in row if cell is not None), default=0.0)
    edges = (*lefts, *(edge - min(rights) + max(ends, *lefts) + _MARGIN for edge in rights))
    moved = {id(cell): replace(cell, column=cell.column + width) for row in right for cell in row if cell is not None}
    rows = [
        [*ours, *(None if cell is None else moved[id(cell)] for cell in others)]
        for ours, others in zip(left, right, strict=True)
    ]
    return tuple(map(tuple, _with_torn_heads(rows, width, _head_rows(right)))), edges


def _with_torn_heads(rows: list[list[Cell | None]], width: int, height: int) -> list[list[Cell | None]]:
    """The rows, where a head that the tear goes through stands over the columns on both of its sides."""
    for number in range(height - 1):
        before = rows[number][width - 1]
        if before is None or not before.text.strip() or before in rows[number + 1]:
            continue
        end = width
        while end < len(rows[number]) and not _text(rows[number][end]) and _text(rows[number + 1][end]):
            end += 1
        whole = replace(before, column_span=end - before.column)
        if end > width:
            rows[number][before.column : end] = [whole] * (end - before.column)
    return rows


def _text(cell: Cell | None) -> str:
    return "" if cell is None else squeeze(cell.text)


def _head_rows(rows: Rows) -> int:
    """How many rows stand above the first that prints a digit."""
    digits = (n for n, row in enumerate(rows) if any(char.isdigit() for cell in row for char in _text(cell)))
    return next(digits, len(rows))


def _is_labelled(rows: Rows) -> bool:
    """Whether a row prints a word."""
    return any("一" <= char <= "鿿" for row in rows for cell in row for char in _text(cell))


def _tops(rows: Rows) -> list[float] | None:
    """How far each row begins below the first one; None where the file has no such places."""
    tops = [[cell.place.top for cell in anchored(rows, number)] for number in range(len(rows))]
    first = [min((top for top in row if top is not None), default=None) for row in tops]
    if any(top is None for top in first):
        return None
    return [top - first[0] for top in first if top is not None and first[0] is not None]
