"""Blocks and a place → the lines or the cells around it.

A text shows the lines before and after; a sheet or a drawn table shows its head, the rows around the figure and the
rows of the figures that it contradicts, with all columns that fit. A place outside the tables shows the lines around.
"""

import re
from collections.abc import Sequence

from analysis.extraction.layout.blocks import Blocks, Grid, TextLine
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Excerpt, SnapshotRequest

AROUND = 2
HEAD_ROWS = 3
MOST_ROWS = 16
MOST_COLUMNS = 14
MOST_VIEWS = 3
_REFERENCE = re.compile(r"(.*)!([A-Z]+)(\d+)$|(.*)!R(\d+)C(\d+)$")


def to_excerpts(blocks: Blocks, request: SnapshotRequest) -> tuple[Excerpt, ...]:
    """The excerpts that show the request's place first, then the places against it; none where nothing is found."""
    if request.place.line is not None:
        return _of_lines(blocks, request)
    found: list[Excerpt] = []
    for grid in _grids(blocks, request):
        found.append(_of_grid(grid, request))
        if len(found) == MOST_VIEWS:
            break
    return tuple(found)


def _of_lines(blocks: Blocks, request: SnapshotRequest) -> tuple[Excerpt, ...]:
    lines = {line.place.line: line.text for line in blocks.blocks if isinstance(line, TextLine) and line.place.line}
    order = sorted(lines)
    figure = request.place.line
    others = {place.line for place in request.against if place.line is not None and place.line != figure}
    shown: set[int] = set()
    for number, reach in [(figure, AROUND), *((other, 0) for other in sorted(others))]:
        if number in lines and len(shown) < MOST_ROWS:
            at = order.index(number)
            shown.update(order[max(0, at - reach) : at + reach + 1])
    if figure not in lines:
        return ()
    rows = sorted(shown)
    return (
        Excerpt(
            title="",
            heads=("",),
            labels=tuple(str(number) for number in rows),
            rows=tuple((lines[number],) for number in rows),
            marked=frozenset({(rows.index(figure), 0)}),
            against=frozenset((rows.index(number), 0) for number in others if number in shown),
        ),
    )


def _grids(blocks: Blocks, request: SnapshotRequest) -> list[Grid]:
    """The grids that hold the places, that of the figure first."""
    wanted = [place.cell for place in (request.place, *request.against) if place.cell is not None]
    grid_of = {cell.place.cell: grid for grid in blocks.blocks if isinstance(grid, Grid) for cell in grid.cells}
    found: list[Grid] = []
    for reference in wanted:
        grid = grid_of.get(reference)
        if grid is not None and not any(grid is other for other in found):
            found.append(grid)
    return found


def _of_grid(grid: Grid, request: SnapshotRequest) -> Excerpt:
    at = {cell.place.cell: (cell.row, cell.column) for cell in grid.cells if cell.place.cell}
    figure = _positions([request.place], at)
    figure = _saying(grid, figure, request.words) or figure
    others = _positions(request.against, at) - figure
    rows = sorted(_rows(grid, figure or others, others))
    columns = _columns(grid, figure | others)
    matrix = grid.matrix()
    texts = tuple(tuple("" if (cell := matrix[r][c]) is None else cell.text for c in columns) for r in rows)
    title, labels, heads = _names(grid, rows, columns)

    def visible(positions: set[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        return frozenset((rows.index(r), columns.index(c)) for r, c in positions if r in rows and c in columns)

    return Excerpt(title, heads, labels, texts, visible(figure), visible(others))


def _positions(places: Sequence[Place], at: dict[str, tuple[int, int]]) -> set[tuple[int, int]]:
    return {at[place.cell] for place in places if place.cell in at}


def _saying(grid: Grid, places: set[tuple[int, int]], words: Sequence[str]) -> set[tuple[int, int]]:
    """The one cell in the rows of the places that says the first of the words that any says; none where several do."""
    rows = {row for row, _ in places}
    for wanted in words:
        found = {(cell.row, cell.column) for cell in grid.cells if cell.row in rows and cell.text.strip() == wanted}
        if len(found) == 1:
            return found
    return set()


def _rows(grid: Grid, centre: set[tuple[int, int]], others: set[tuple[int, int]]) -> set[int]:
    rows = set(range(min(HEAD_ROWS, grid.rows)))
    for row, _ in sorted(centre):
        rows.update(range(max(0, row - AROUND), min(grid.rows, row + AROUND + 1)))
    for row, _ in sorted(others):
        if len(rows) < MOST_ROWS:
            rows.add(row)
    return rows


def _columns(grid: Grid, positions: set[tuple[int, int]]) -> list[int]:
    """The first columns, where names stand, and those around the figures."""
    width = len(grid.lefts)
    if width <= MOST_COLUMNS:
        return list(range(width))
    columns = set(range(4)) | {column for _, column in sorted(positions)[: MOST_COLUMNS - 4]}
    return sorted(columns)


def _names(grid: Grid, rows: list[int], columns: list[int]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The title of the table, the numbers of its rows and the letters or numbers of its columns."""
    sheet, first_row, letters = "", 1, False
    for cell in grid.cells:
        if match := _REFERENCE.match(cell.place.cell or ""):
            letters = match[1] is not None
            sheet, first_row = (match[1], int(match[3]) - cell.row) if letters else (match[4], 1)
            break
    heads = tuple(_letter(column) if letters else str(column + 1) for column in columns)
    return sheet, tuple(str(row + first_row) for row in rows), heads


def _letter(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
