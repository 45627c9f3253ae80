"""Several tables that one drawn grid holds side by side → a grid each.

A row with two titles in it tells it. They are parted behind the last empty column between the two, or where none is
left empty, where the second title begins.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from analysis.extraction.layout.blocks import Cell, Grid

_TITLE_ROWS = 6


def split_side_by_side(grid: Grid, is_title: Callable[[str], bool]) -> list[Grid]:
    """The tables of a grid from left to right; the grid itself where it holds one only.

    Args:
        grid: The grid.
        is_title: Whether a text is the title of a table.
    """
    head = [cell for cell in grid.cells if cell.row < _TITLE_ROWS and "表" in cell.text]
    for row in sorted({cell.row for cell in head}):
        titles = [cell for cell in head if cell.row == row and is_title(cell.text)]
        if len(titles) > 1:
            edges = [0, *(_edge(grid, a, b) for a, b in pairwise(titles)), len(grid.lefts)]
            return [_part(grid, left, right) for left, right in pairwise(edges)]
    return [grid]


def _edge(grid: Grid, before: Cell, title: Cell) -> int:
    """The first column of the table that `title` heads."""
    printed = {
        c for cell in grid.cells if cell.text.strip() for c in range(cell.column, cell.column + cell.column_span)
    }
    empty = [column for column in range(before.column + 1, title.column) if column not in printed]
    return empty[-1] + 1 if empty else title.column


def _part(grid: Grid, left: int, right: int) -> Grid:
    """The columns of a grid from `left` up to `right`; what spans further is cut, and belongs where it begins."""
    cells = tuple(
        replace(cell, column=cell.column - left, column_span=min(cell.column_span, right - cell.column))
        for cell in grid.cells
        if left <= cell.column < right
    )
    return Grid(grid.rows, grid.lefts[left:right], cells, grid.page)
