"""Rows of cells that say how far they span → grids: how text documents and web pages spell out merged cells."""

from collections.abc import Sequence
from typing import NamedTuple

from analysis.errors import UnreadableFileError
from analysis.extraction.layout.blocks import COLUMN_STEP, Block, Cell, Grid, TextLine
from analysis.terms.line_item import Place

_MAX_CELLS = 100_000
_MAX_SPAN = 1_000
_MAX_DIGITS = 9


class SpannedCell(NamedTuple):
    """A drawn cell before it is placed; `continues` where it only goes on with the cell above."""

    text: str
    columns: int = 1
    rows: int = 1
    continues: bool = False


def read_span(text: str) -> int:
    """How many columns or rows an attribute says; 1 where it says no number.

    Not every digit is one of a number ("²"), and no table is as wide as some attributes say.
    """
    if not text.isdecimal():
        return 1
    digits = text.lstrip("0")
    return _MAX_SPAN if len(digits) > _MAX_DIGITS else min(int(text[-_MAX_DIGITS:]), _MAX_SPAN)


def text_to_lines(text: str) -> list[Block]:
    """The lines of a paragraph, blank ones left out."""
    return [TextLine(line.strip(), Place()) for line in text.split("\n") if line.strip()]


def rows_to_grid(rows: Sequence[Sequence[SpannedCell]], number: int) -> Grid:
    """The cells at their positions, spans spelled out; the table is the document's `number`th.

    Raises:
        UnreadableFileError: the spans make an absurdly large table.
    """
    occupied: dict[tuple[int, int], int] = {}
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for text, across, down, continues in row:
            while (r, column) in occupied:
                column += 1
            above = occupied.get((r - 1, column))
            if continues and above is not None:
                index, old = above, cells[above]
                cells[index] = Cell(old.text, old.row, old.column, r - old.row + 1, old.column_span, old.place)
            else:
                index = len(cells)
                down = min(down, len(rows) - r)
                cells.append(Cell(text, r, column, down, across, Place(cell=f"表{number}!R{r + 1}C{column + 1}")))
            if len(occupied) + across * down > _MAX_CELLS:
                raise UnreadableFileError(f"第 {number} 个表格过大，未读取。 / Table {number} is too large.")
            for deep in range(down if not continues else 1):
                for wide in range(across):
                    occupied[r + deep, column + wide] = index
            column += across
    width = 1 + max((c for _, c in occupied), default=-1)
    fitting = tuple(cell for cell in cells if cell.column < width)
    return Grid(len(rows), tuple(COLUMN_STEP * c for c in range(width)), fitting, None)
