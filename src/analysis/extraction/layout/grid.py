"""Page → blocks: rulings become grids, characters become the text of cells and lines.

The passage: snap rulings that lie side by side, join their pieces, let crossing rulings make one table, cut the table
into elementary cells, and merge neighbours that no ruling parts. A character belongs to the cell that holds its
centre. Characters of a cell or of the open page form a line where their loose boxes overlap by half: neither the
distance of centres (、 from a fallback font) nor tight boxes (一) would do.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter

from analysis.errors import UnreadableFileError
from analysis.extraction.collecting import without_collecting
from analysis.extraction.layout.aligned_words import Word, line_to_words
from analysis.extraction.layout.blocks import Block, Cell, Grid, TextLine
from analysis.extraction.layout.furniture import PlacedBlock, PlacedPage
from analysis.extraction.layout.open_rows import hold_rows, holds_columns, row_cuts
from analysis.extraction.layout.raised_marks import keep_raised
from analysis.terms.components import components
from analysis.terms.line_item import Place
from analysis.terms.page import Char, Page

SNAP = 2.0
GAP = 3.0
LOWEST_ROW = 6.0
WORD_GAP = 0.45
# Of a line's height: what a small character has at most, and how far above its foot a raised one ends; of a
# character's width: how near to another one it begins that lies over it.
_SMALL, _RAISED, _OVERPRINT = 0.75, 0.12, 0.25
_DOUBLE = 0.34
_LINES_HIGH = 1.8  # of a line's height: what a row of two lines has at least
MAX_RULINGS = 20_000
MAX_CELLS = 100_000

Ruling = tuple[float, float, float]


def page_to_blocks(page: Page) -> list[Block]:
    """The grids and the text lines of a page, from top to bottom.

    Raises:
        UnreadableFileError: the page has more rulings or cells than any budget table.
    """
    return [placed.block for placed in place_blocks(page).blocks]


def place_blocks(page: Page) -> PlacedPage:
    """The grids and the text lines of a page, from top to bottom, with where they stand.

    Raises:
        UnreadableFileError: the page has more rulings or cells than any budget table.
    """
    with without_collecting():
        return _placed(page)


def _placed(page: Page) -> PlacedPage:
    grids: list[_Lattice] = []
    outside: Sequence[Char] = page.chars
    tables = sorted(rulings_to_tables(page), key=_area)  # a frame around tables takes what they leave
    for horizontals, verticals in tables:
        grid = _Lattice(page, horizontals, verticals)
        rest = grid.take(outside)
        floors = grid.open_rows()
        if floors:  # only the columns are ruled
            grid = _Lattice(page, snap_and_join([*horizontals, *floors]), verticals)
            rest = grid.take(outside)
        if floors is not None:
            grids.append(grid)
            outside = rest
    overprints: list[Char] = []
    placed = [PlacedBlock(grid.ys[0], grid.ys[-1], grid.xs[0], grid.to_grid(overprints)) for grid in grids]
    for line in chars_to_lines(outside, overprints):
        _, _, tops, rights, bottoms = zip(*line, strict=True)
        top, bottom = min(tops), max(bottoms)
        box = page.displayed(line[0].x0, top, max(rights), bottom)
        placed.append(PlacedBlock(top, bottom, line[0].x0, TextLine(line_to_text(line), _place(page, box))))
    return PlacedPage(
        page.height, sorted(placed, key=lambda one: (one.top, one.left)), len(overprints), len(tables) - len(grids)
    )


def _place(page: Page, box: tuple[float, float, float, float]) -> Place:
    x0, top, x1, bottom = box
    return Place(page.number, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


def rulings_to_tables(page: Page) -> list[tuple[list[Ruling], list[Ruling]]]:
    """The rulings of each table: those that cross one another, directly or through others."""
    horizontals, verticals = snap_and_join(page.horizontals), snap_and_join(page.verticals)
    if len(horizontals) + len(verticals) > MAX_RULINGS:
        raise UnreadableFileError(f"第 {page.number} 页表格线过多。 / Page {page.number} has too many rulings.")
    crossing = (
        (i, len(horizontals) + j)
        for i, (y, x0, x1) in enumerate(horizontals)
        for j, (x, top, bottom) in enumerate(verticals)
        if x0 - GAP <= x <= x1 + GAP and top - GAP <= y <= bottom + GAP
    )
    table_of = components(len(horizontals) + len(verticals), crossing)
    tables: dict[int, tuple[list[Ruling], list[Ruling]]] = defaultdict(lambda: ([], []))
    for i, ruling in enumerate(horizontals):
        tables[table_of[i]][0].append(ruling)
    for j, ruling in enumerate(verticals, start=len(horizontals)):
        tables[table_of[j]][1].append(ruling)
    return [(hs, vs) for hs, vs in tables.values() if len(hs) >= 2 and len(vs) >= 2]


def _area(table: tuple[list[Ruling], list[Ruling]]) -> float:
    horizontals, verticals = table
    return (verticals[-1][0] - verticals[0][0]) * (horizontals[-1][0] - horizontals[0][0])


def snap_and_join(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Rulings at nearly the same position moved onto one, and their pieces joined over small gaps."""
    ordered = sorted(rulings)
    joined: list[Ruling] = []
    start = 0
    while start < len(ordered):
        end = start
        while end + 1 < len(ordered) and ordered[end + 1][0] - ordered[end][0] <= SNAP / 2:
            end += 1
        group = ordered[start : end + 1]
        position = sum(ruling[0] for ruling in group) / len(group)
        pieces = sorted((ruling[1], ruling[2]) for ruling in group)
        low, high = pieces[0]
        for first, last in pieces[1:]:
            if first > high + GAP:
                joined.append((position, low, high))
                low, high = first, last
            else:
                high = max(high, last)
        joined.append((position, low, high))
        start = end + 1
    return joined


def chars_to_lines(chars: Iterable[Char], overprints: list[Char] | None = None) -> list[list[Char]]:
    """Characters grouped into lines, top to bottom, each from left to right, what is drawn twice kept once.

    Args:
        chars: The characters of a cell, or of the open page.
        overprints: Where to put those that lie over another one.
    """
    found: list[Char] = [] if overprints is None else overprints
    gathered = list(chars)
    if not gathered:
        return []
    if _is_one_line(gathered):  # as in most cells
        return [_without_doubles(sorted(gathered, key=_left), found)]
    lines: list[list[Char]] = []
    top = bottom = 0.0
    for char in sorted(gathered, key=_height):
        _, _, y0, _, y1 = char
        overlap = (bottom if bottom < y1 else y1) - (top if top > y0 else y0)
        lower = bottom - top if bottom - top < y1 - y0 else y1 - y0
        if lines and overlap >= 0.5 * lower:
            lines[-1].append(char)
        else:
            lines.append([char])
            top, bottom = y0, y1
    return [_without_doubles(sorted(line, key=_left), found) for line in lines]


def _is_one_line(chars: Sequence[Char]) -> bool:
    """Whether all loose boxes, of one character at least, overlap by half."""
    _, _, tops, _, bottoms = zip(*chars, strict=True)
    return bool(2 * (min(bottoms) - max(tops)) >= max(bottoms) - min(tops))


def _height(char: Char) -> float:
    return char[2] + char[4]


_left = itemgetter(1)


def _without_doubles(line: list[Char], overprints: list[Char]) -> list[Char]:
    """A line without the second strokes of fake bold: the same character within a third of its width."""
    before = -math.inf
    for _, x0, _, x1, _ in line:
        if x0 - before < _DOUBLE * (x1 - x0):
            break
        before = x0
    else:
        return line
    kept = line[:1]
    for char in line[1:]:
        near = kept[-1]
        step, width = char[1] - near[1], char[3] - char[1]
        if step < _DOUBLE * width:
            if near[0] == char[0]:
                continue
            if step < _OVERPRINT * min(width, near[3] - near[1]) and char[0].isalnum() and near[0].isalnum():
                overprints.append(char)
        kept.append(char)
    return kept


def line_to_text(line: Sequence[Char]) -> str:
    """The text of one line, with one blank where there is a gap of about half a character.

    Small raised characters behind larger ones are a mark of a footnote and left out.
    """
    first = line[0]
    parts = [first[0]]
    end, tall = first[3], first[4] - first[2]
    for text, x0, top, x1, bottom in line[1:]:
        height = bottom - top
        if height < _SMALL * tall:
            return _without_raised(line)
        if x0 - end > WORD_GAP * height:
            parts.append(" ")
        parts.append(text)
        end, tall = x1, height
    return "".join(parts)


def _without_raised(line: Sequence[Char]) -> str:
    """The text of a line that has small characters, those that are marks of footnotes left out."""
    tallest = max(char.bottom - char.top for char in line)
    foot = max(char.bottom for char in line if char.bottom - char.top == tallest)
    text, raised = "", ""
    end = line[0].x0
    for char, x0, top, x1, bottom in line:
        height = bottom - top
        blank = " " if x0 - end > WORD_GAP * height and (text or raised) else ""
        end = x1
        if text and height < _SMALL * tallest and bottom < foot - _RAISED * tallest:
            raised += char
            continue
        text += keep_raised(text, raised) + blank + char
        raised = ""
    return text + keep_raised(text, raised)


class _Lattice:
    """One table while its characters are gathered: elementary cells and the regions that they merge into."""

    def __init__(self, page: Page, horizontals: list[Ruling], verticals: list[Ruling]) -> None:
        self.page = page
        self.xs = _edges([v[0] for v in verticals], [h[1] for h in horizontals] + [h[2] for h in horizontals])
        self.ys = _close(_edges([h[0] for h in horizontals], []), verticals)
        self.columns, self.rows = len(self.xs) - 1, len(self.ys) - 1
        if self.columns * self.rows > MAX_CELLS:
            raise UnreadableFileError(f"第 {page.number} 页单元格过多。 / Page {page.number} has too many cells.")
        self.region = self._merge(horizontals, verticals)
        self.chars: dict[int, list[Char]] = defaultdict(list)

    def _merge(self, horizontals: list[Ruling], verticals: list[Ruling]) -> list[int]:
        """For every elementary cell the index of the region's first one (row by row)."""
        return components(self.rows * self.columns, self._open_neighbours(horizontals, verticals))

    def _open_neighbours(self, horizontals: list[Ruling], verticals: list[Ruling]) -> Iterator[tuple[int, int]]:
        """The neighbouring elementary cells that no ruling parts."""
        columns, rows, xs, ys = self.columns, self.rows, self.xs, self.ys
        walls = _pieces_by_edge(verticals, xs)
        for column in range(1, columns):
            for row in range(rows):
                if not _covered(walls[column], ys[row], ys[row + 1]):
                    yield row * columns + column - 1, row * columns + column
        floors = _pieces_by_edge(horizontals, ys)
        for row in range(1, rows):
            for column in range(columns):
                if not _covered(floors[row], xs[column], xs[column + 1]):
                    yield (row - 1) * columns + column, row * columns + column

    def take(self, chars: Sequence[Char]) -> list[Char]:
        """Keep the characters whose centre lies in the table, each for its region; give back the others."""
        xs, ys, columns, region, kept = self.xs, self.ys, self.columns, self.region, self.chars
        left, right, top, bottom = xs[0], xs[-1], ys[0], ys[-1]
        outside: list[Char] = []
        for char in chars:
            _, x0, y0, x1, y1 = char
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if left <= x < right and top <= y < bottom:
                kept[region[(bisect_right(ys, y) - 1) * columns + bisect_right(xs, x) - 1]].append(char)
            else:
                outside.append(char)
        return outside

    @cached_property
    def spans(self) -> dict[int, list[int]]:
        """Of each region the first row and column and the last ones."""
        spans: dict[int, list[int]] = {}
        for index, first in enumerate(self.region):
            row, column = divmod(index, self.columns)
            span = spans.setdefault(first, [row, column, row, column])
            span[1], span[2], span[3] = min(span[1], column), max(span[2], row), max(span[3], column)
        return spans

    def open_rows(self) -> list[Ruling] | None:
        """The rulings that lack between rows; None where cells hold several columns, or rows that cannot be told."""
        low = _LINES_HIGH * min((chars[0].bottom - chars[0].top for chars in self.chars.values()), default=math.inf)
        high = {row for row in range(self.rows) if self.ys[row + 1] - self.ys[row] >= low}
        bands: dict[int, list[int]] = defaultdict(list)
        for first, (row, _, last_row, _) in self.spans.items() if high else ():
            if row == last_row and row in high:
                bands[row].append(first)
            elif row < last_row and any(
                holds_columns(lines) or hold_rows([lines, lines]) for lines in self._words([first])
            ):
                return None
        found: list[Ruling] = []
        for band in bands.values():
            cells = self._words(band)
            if any(map(holds_columns, cells)):
                return None
            if not cells or not hold_rows(cells):
                continue
            cuts = row_cuts(cells)
            if cuts is None:
                return None
            ends = [(self.xs[self.spans[first][1]], self.xs[self.spans[first][3] + 1]) for first in band]
            found += [(y, left, right) for y in cuts for left, right in ends]
        return found

    def _words(self, regions: Sequence[int]) -> list[list[list[Word]]]:
        """The lines of words of each region; nothing where all together are one line at most, which holds no rows."""
        inside = [self.chars.get(first, []) for first in regions]
        chars = list(chain.from_iterable(inside))
        if not chars or _is_one_line(chars):
            return []
        return [[line_to_words(line) for line in chars_to_lines(one)] for one in inside]

    def to_grid(self, overprints: list[Char]) -> Grid:
        number, turned = self.page.number, self.page.turn
        xs, ys = ([edge if turned else round(edge, 2) for edge in edges] for edges in (self.xs, self.ys))
        cells = []
        for first, (row, column, last_row, last_column) in self.spans.items():
            inside = self.chars.get(first)
            text = "\n".join(map(line_to_text, chars_to_lines(inside, overprints))) if inside else ""
            box = xs[column], ys[row], xs[last_column + 1], ys[last_row + 1]
            cells.append(
                Cell(
                    text,
                    row,
                    column,
                    last_row - row + 1,
                    last_column - column + 1,
                    _place(self.page, self.page.displayed(*box)) if turned else Place(number, *box),
                )
            )
        return Grid(self.rows, tuple(self.xs[:-1]), tuple(cells), self.page.number)


def _edges(positions: list[float], ends: list[float]) -> list[float]:
    """The sorted positions, near ones taken as one; `ends` add an edge where a table is open at its sides."""
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > SNAP:
            edges.append(position)
    if ends and min(ends) < edges[0] - GAP:
        edges.insert(0, min(ends))
    if ends and max(ends) > edges[-1] + GAP:
        edges.append(max(ends))
    return edges


def _close(edges: list[float], verticals: list[Ruling]) -> list[float]:
    """The horizontal edges of a table, with one more where rulings between its columns go on above or below them.

    A page break or a careless frame leaves the first or the last row without its ruling. One vertical alone, or a
    few points, is no row: a stroke that is too long.
    """
    tops = sorted(top for _, top, bottom in verticals if top < edges[0] - LOWEST_ROW and bottom > edges[0] - GAP)
    bottoms = sorted(
        bottom for _, top, bottom in verticals if bottom > edges[-1] + LOWEST_ROW and top < edges[-1] + GAP
    )
    above = [tops[1]] if len(tops) > 1 else []
    below = [bottoms[-2]] if len(bottoms) > 1 else []
    return [*above, *edges, *below]


def _pieces_by_edge(rulings: list[Ruling], edges: list[float]) -> list[list[tuple[float, float]]]:
    pieces: list[list[tuple[float, float]]] = [[] for _ in edges]
    for position, low, high in rulings:
        index = bisect_right(edges, position + SNAP / 2) - 1
        if index >= 0 and position - edges[index] <= SNAP + SNAP / 2:
            pieces[index].append((low, high))
    return pieces


def _covered(pieces: list[tuple[float, float]], low: float, high: float) -> bool:
    """Whether rulings stand along at least half of the stretch."""
    covered = 0.0
    for first, last in pieces:
        stretch = (high if high < last else last) - (low if low > first else first)
        if stretch > 0:
            covered += stretch
    return 2 * covered >= high - low
