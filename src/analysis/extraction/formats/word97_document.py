"""Old Word document (.doc, .wps) → blocks: paragraphs are lines, tables are grids.

A row says how far from the left its cells begin and end, so merged cells are the wider ones; the columns of a table are
where cells of any of its rows end. As in newer documents a table around larger ones is layout, not a table.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.extraction.formats.word97_paragraphs import WordParagraph, read_story
from analysis.extraction.formats.word97_properties import MERGED_DOWN, Changes
from analysis.extraction.layout.blocks import Block, Blocks, Grid
from analysis.extraction.layout.spanned_rows import SpannedCell, rows_to_grid, text_to_lines

_CELLS = 0xD608  # the change of the end of a row that says where its cells are
_CELL_BYTES = 20
_MERGED_ACROSS, _GOES_ON, _BEGINS = 0x03, 0x20, 0x40
_SNAP = 60  # twips, three points: nearer edges of cells are one


def read_doc(path: Path) -> Blocks:
    """The body and the text boxes of an old Word document.

    Raises:
        UnreadableFileError: it is damaged, has a password, is older than Word 97, or has an absurdly large table.
    """
    story = read_story(path)
    blocks = _TableReader().blocks(story.paragraphs, 0)
    notes = []
    if story.struck:
        notes.append(f"划去的数字未读取：{story.struck} 处。 / Struck-out figures were left out: {story.struck}.")
    if story.pictures:
        notes.append(
            f"文档中的图片未读取：{story.pictures} 张；其中如有表格，请另存为 .docx 或 PDF。"
            f" / Pictures were not read: {story.pictures}; if they show tables, save the document as .docx or PDF."
        )
    return Blocks(tuple(blocks), pages=0, notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Cell:
    paragraphs: Sequence[WordParagraph]
    left: int
    right: int
    continues: bool
    joins_left: bool


@dataclass(slots=True)
class _TableReader:
    """One pass over the paragraphs of a document, which counts its tables."""

    tables: int = 0

    def blocks(self, paragraphs: Sequence[WordParagraph], depth: int) -> list[Block]:
        """The lines and tables of what stands in so many tables."""
        found: list[Block] = []
        place = 0
        while place < len(paragraphs):
            if paragraphs[place].depth <= depth:
                found += text_to_lines(paragraphs[place].text)
                place += 1
                continue
            start = place
            while place < len(paragraphs) and paragraphs[place].depth > depth:
                place += 1
            found += self._table(list(_rows(paragraphs[start:place], depth + 1)), depth + 1)
        return found

    def _table(self, rows: Sequence[Sequence[_Cell]], depth: int) -> list[Block]:
        cells = [cell for row in rows for cell in row]
        within = sum(one.ends_cell and one.depth > depth for cell in cells for one in cell.paragraphs)
        if within > 2 * len(cells):
            return [block for cell in cells for block in self.blocks(cell.paragraphs, depth)]
        self.tables += 1
        edges = _edges(cells)
        return [rows_to_grid([list(self._row(row, edges, depth)) for row in rows], self.tables)]

    def _row(self, row: Sequence[_Cell], edges: Sequence[int], depth: int) -> Iterator[SpannedCell]:
        if row and (before := _column(edges, row[0].left)):
            yield SpannedCell("", before)
        for number, cell in enumerate(row):
            if cell.joins_left:
                continue
            last = number
            while last + 1 < len(row) and row[last + 1].joins_left:
                last += 1
            columns = _column(edges, row[last].right) - _column(edges, cell.left)
            yield SpannedCell(self._text(cell, depth), max(1, columns), continues=cell.continues)

    def _text(self, cell: _Cell, depth: int) -> str:
        """The lines of a cell; a small table within it counts as lines."""
        return "\n".join(
            line.text if not isinstance(line, Grid) else "\n".join(one.text for one in line.cells)
            for line in self.blocks(cell.paragraphs, depth)
        )


def _rows(paragraphs: Sequence[WordParagraph], depth: int) -> Iterator[list[_Cell]]:
    """The rows of a table by the paragraphs of its cells; those of tables within stay with their cell."""
    cells: list[list[WordParagraph]] = []
    cell: list[WordParagraph] = []
    for one in paragraphs:
        if one.depth > depth or not (one.ends_cell or one.ends_row):
            cell.append(one)
        elif one.ends_cell:
            cells.append([*cell, one])
            cell = []
        else:
            yield list(_placed(cells, one.changes))
            cells, cell = [], []
    if cells:  # the end of the last row is lost
        yield list(_placed(cells, Changes({})))


def _placed(cells: Sequence[Sequence[WordParagraph]], end: Changes) -> Iterator[_Cell]:
    """The cells of a row at the places that its end gives; one after another where it gives none."""
    lefts, flags = _layout(end)
    if len(flags) != len(cells):
        lefts, flags = list(range(0, 1000 * (len(cells) + 1), 1000)), [0] * len(cells)
    across = False
    for number, (inside, flag) in enumerate(zip(cells, flags, strict=True)):
        merged = bool(flag & _MERGED_ACROSS)
        empty = not any(one.text.strip() for one in inside)
        continues = bool(flag & _GOES_ON) and not flag & _BEGINS
        yield _Cell(inside, lefts[number], lefts[number + 1], continues, across and merged and empty)
        across = merged


def _layout(end: Changes) -> tuple[list[int], list[int]]:
    """Where the cells of a row begin and the last one ends, in twips, and how each is merged."""
    written = end.operands.get(_CELLS, b"\x00")
    count = written[0] if written else 0
    if len(written) < 1 + 2 * (count + 1):
        return [], []
    lefts = list(struct.unpack_from(f"<{count + 1}h", written, 1))
    behind = written[1 + 2 * (count + 1) :].ljust(count * _CELL_BYTES, b"\x00")
    flags = [behind[_CELL_BYTES * number] for number in range(count)]
    merged = end.operands.get(MERGED_DOWN, b"")
    for number, how in zip(merged[::2], merged[1::2], strict=False):
        if number < count and how:
            flags[number] |= _GOES_ON if how == 1 else _GOES_ON | _BEGINS
    return lefts, flags


def _edges(cells: Sequence[_Cell]) -> list[int]:
    """The columns of a table: where cells of any row begin or end, near ones taken as one."""
    edges: list[int] = []
    for edge in sorted({edge for cell in cells for edge in (cell.left, cell.right)}):
        if not edges or edge - edges[-1] > _SNAP:
            edges.append(edge)
    return edges


def _column(edges: Sequence[int], edge: int) -> int:
    """The number of the column that begins at an edge."""
    return min(range(len(edges)), key=lambda number: abs(edges[number] - edge))
