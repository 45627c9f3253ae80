"""Sheet → blocks: rows of texts become grids, lone texts above and between them lines.

Whatever holds sheets (workbooks of any make, tables of comma-separated values) ends here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.extraction.layout.blocks import COLUMN_STEP, Block, Cell, Grid, TextLine
from analysis.terms.label import is_title_line, squeeze
from analysis.terms.line_item import Place

_PROSE = 30


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A visible sheet: its texts by row and column, and its merged cells, each from its first to its last position."""

    name: str
    number: int
    texts: Sequence[Sequence[str]]
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def reference(self, row: int, column: int) -> str:
        """How a cell is called: 收入!C12."""
        return f"{self.name}!{cell_name(row, column)}"

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands."""
        return Place(page=self.number, cell=self.reference(row, column))


def cell_name(row: int, column: int) -> str:
    """The name of a cell by its position, both counted from 0: C12."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def sheet_to_blocks(sheet: Worksheet) -> list[Block]:
    """The lines and grids of a sheet, from top to bottom."""
    title = [TextLine(sheet.name, Place(page=sheet.number, cell=sheet.name))] if is_title_line(sheet.name) else []
    blocks: list[Block] = [*title]
    rows: list[int] = []
    for index, row in enumerate(sheet.texts):
        filled = [(column, text) for column, text in enumerate(row) if text.strip()]
        if len(filled) == 1 and (not rows or _is_prose(filled[0][1])):
            blocks += _grid(sheet, rows)
            rows = []
            column, text = filled[0]
            blocks += [TextLine(line, sheet.place(index, column)) for line in text.split("\n") if line.strip()]
        elif filled or rows:
            rows.append(index)
    return blocks + _grid(sheet, rows)


def _is_prose(text: str) -> bool:
    words = squeeze(text)
    return len(words) > _PROSE or words.endswith("。") or is_title_line(text)


def _grid(sheet: Worksheet, rows: list[int]) -> list[Block]:
    """The rows as one grid; trailing blank rows are left out."""
    texts = sheet.texts
    while rows and not any(text.strip() for text in texts[rows[-1]]):
        rows = rows[:-1]
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    width = max((c + 1 for r in rows for c, text in enumerate(texts[r]) if text.strip()), default=0)
    covered = {
        (r, c)
        for (top, left), (bottom, right) in sheet.merged.items()
        for r in range(max(top, first), min(bottom, last) + 1)
        for c in range(left, min(right, width - 1) + 1)
        if (r, c) != (top, left)
    }
    cells = []
    for row in range(first, last + 1):
        for column in range(width):
            if (row, column) in covered:
                continue
            bottom, right = sheet.merged.get((row, column), (row, column))
            text = texts[row][column] if column < len(texts[row]) else ""
            spans = min(bottom, last) - row + 1, min(right, width - 1) - column + 1
            cells.append(Cell(text.strip(), row - first, column, *spans, sheet.place(row, column)))
    lefts = tuple(COLUMN_STEP * column for column in range(width))
    return [Grid(last - first + 1, lefts, tuple(cells), sheet.number)]
