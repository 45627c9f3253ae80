"""A grid cut into pages: which rows stand where.

A page takes as many rows as fit; the header is repeated on the pages that follow only where the quirk says so; 合计 may
be pushed to a last page of its own. Rows with a wrapped name are taller. Heights are in points.
"""

from dataclasses import dataclass

from typesetter.grids import Cell, Grid
from typesetter.quirks import Quirks
from typesetter.type import broken

SIZE = 9
LEADING = 11
PADDING = 3
HEADER_HEIGHT = 19
FIRST_TOP = 95
NEXT_TOP = 50
BOTTOM = 560


@dataclass(frozen=True, slots=True)
class Band:
    """A row of the grid on a page: its top, counted from the page's top, and its height."""

    row: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a grid: its bands from top to bottom."""

    bands: tuple[Band, ...]
    first: bool


def lines_of(cell: Cell, widths: tuple[int, ...]) -> tuple[str, ...]:
    """The text of a cell, broken to its width; amounts and codes are never broken."""
    if not cell.text or cell.kind in ("amount", "code"):
        return (cell.text,)
    room = sum(widths[cell.column : cell.column + cell.columns]) - 2 * PADDING
    return broken(cell.text, room / SIZE)


def heights_of(grid: Grid) -> tuple[float, ...]:
    """The height of each row: enough for its tallest one-row cell; a table of a single row has a tall one."""
    heights = [float(HEADER_HEIGHT if row < grid.depth else grid.row_height) for row in range(grid.rows)]
    if grid.total_row is None:
        heights[-1] *= 1.8
    air = min(2 * PADDING, grid.row_height - LEADING)
    for cell in grid.cells:
        if cell.rows == 1 and cell.text:
            heights[cell.row] = max(heights[cell.row], len(lines_of(cell, grid.widths)) * LEADING + air)
    return tuple(heights)


def sheets_of(grid: Grid, quirks: Quirks) -> tuple[Sheet, ...]:
    """The pages of a grid."""
    heights = heights_of(grid)
    body = list(range(grid.depth, grid.rows))
    sheets: list[Sheet] = []
    while body:
        first = not sheets
        rows = list(range(grid.depth)) if first or quirks.repeated_header else []
        room = BOTTOM - (FIRST_TOP if first else NEXT_TOP) - sum(heights[row] for row in rows)
        taken = 0.0
        while body and taken + heights[body[0]] <= room:
            if quirks.lone_total and body[0] == grid.total_row and len(grid.widths) > 4 and sheets and taken:
                break
            taken += heights[body[0]]
            rows.append(body.pop(0))
        sheets.append(_sheet(rows, heights, first=first))
    return tuple(sheets)


def _sheet(rows: list[int], heights: tuple[float, ...], *, first: bool) -> Sheet:
    top = float(FIRST_TOP if first else NEXT_TOP)
    bands = []
    for row in rows:
        bands.append(Band(row, top, heights[row]))
        top += heights[row]
    return Sheet(tuple(bands), first)
