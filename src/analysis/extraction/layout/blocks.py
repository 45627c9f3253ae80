"""Blocks: what every kind of file is turned into before anyone asks what it means.

A document is a sequence of blocks in reading order. A block is a `TextLine` or a `Grid`; a grid is a table as it was
drawn: cells with spans, each with its text and its place, and the left edge of every column, by which a table is
followed over pages. PDF, workbook, text document and web page all end here; plain text is lines only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.terms.characters import plain_characters
from analysis.terms.line_item import Place
from analysis.terms.recognition import Reading

COLUMN_STEP = 10.0
"""How far apart the left edges of columns are where a file numbers its columns and has no points."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn cell: its text (white space kept as single blanks), its position, its spans and its place."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawn table. `lefts` are the left edges of its columns, in points or in columns of the sheet."""

    rows: int
    lefts: tuple[float, ...]
    cells: tuple[Cell, ...]
    page: int | None

    def matrix(self) -> list[list[Cell | None]]:
        """Rows × columns; a cell stands in every position it spans, None where nothing was drawn."""
        table: list[list[Cell | None]] = [[None] * len(self.lefts) for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                table[row][cell.column : cell.column + cell.column_span] = [cell] * cell.column_span
        return table


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside tables."""

    text: str
    place: Place


Block = TextLine | Grid


@dataclass(frozen=True, slots=True)
class Blocks:
    """A whole file: its blocks in reading order, how many pages or sheets it has, and what could not be read.

    `plain` where it is text without grids; `notes` say what was left out because nobody sees it; `site` is what the
    site calls itself that published a page, `attached` are the names of the documents that the page links to; `damaged`
    where bytes of the file are, so that nobody knows what its tables lack. `readings` say of the cells and
    lines that were recognised in a picture what else they may say; `unread_pages` were not read at all.
    """

    blocks: tuple[Block, ...]
    pages: int
    problems: tuple[str, ...] = ()
    plain: bool = False
    notes: tuple[str, ...] = ()
    site: str | None = None
    attached: tuple[str, ...] = ()
    damaged: bool = False
    readings: Mapping[Place, Reading] = field(default_factory=dict)
    unread_pages: tuple[int, ...] = ()


def with_plain_characters(blocks: Blocks) -> Blocks:
    """The same blocks with one character of each that look alike, so that nobody after this has to know the others."""
    return replace(blocks, blocks=tuple(_plain(block) for block in blocks.blocks))


def _plain(block: Block) -> Block:
    if isinstance(block, TextLine):
        text = plain_characters(block.text)
        return block if text is block.text else replace(block, text=text)
    if all(plain_characters(cell.text) is cell.text for cell in block.cells):
        return block
    return replace(block, cells=tuple(replace(cell, text=plain_characters(cell.text)) for cell in block.cells))
