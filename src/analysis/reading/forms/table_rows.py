"""A table's pieces → its printed rows, panel by panel, and the money cells that no row took.

A row that a page break cut counts once: what stands on the next page without an ordinal, a code or a total's name is
the rest of the label before it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from analysis.extraction.layout.blocks import Cell
from analysis.extraction.layout.money_cells import Amounts, anchored, money_cells, numbered_columns
from analysis.reading.forms.columns import FigureColumn
from analysis.reading.forms.header import (
    ColumnBlock,
    Header,
    Row,
    map_columns,
    read_header,
    repeated_rows,
)
from analysis.reading.forms.locate import EDGE_TOLERANCE, LocatedTable, Segment
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import CHAPTER, ORDINAL, squeeze, without_space
from analysis.terms.line_item import Figure, Side
from analysis.terms.money import Unit, parse_amount, to_yuan

_NOTE_HEADS = {"注", "备注", "说明", "附注"}
_DASH = re.compile(r"[-—–－―_/*]*|无|\.")
_CODE_TEXT = re.compile(r"[\d ]*")
# [21303], 213-03-01, 213.03.01
_PARTED_CODE = re.compile(r"[\[［【(（]?\d{3}(?:[-–—－.．]?\d{2}){0,2}[\]］】)）]?")
_DIGITS = re.compile(r"\d+")
_CODED_NAME = re.compile(
    r"[\[［【(（]?((?:\d{3}(?:[.．]\d{2}){1,2}|\d{3}|\d{5}|\d{7})(?!\d))[\]］】)）]?"
    r"\s*[-—－–_:：/]?\s*(?![亿千万元])(?=[一-鿿“])"
)
_ORDINAL, _CHAPTER = re.compile(ORDINAL), re.compile(CHAPTER)


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a table, with its money cells and where each column of the first segment stands in it."""

    segment: Segment
    amounts: Amounts
    mapping: Mapping[int, int]

    def money_cells(self) -> Iterator[tuple[int, int, Cell, Decimal]]:
        """Its money cells: row, column, the cell itself, and the number that it prints."""
        for (index, place), amount in self.amounts.items():
            cell = self.segment.rows[index][place]
            if cell is None:
                raise ValueError("a money cell is a cell")
            yield index, place, cell, amount

    def first_index(self, column: int) -> int:
        """The column of the first segment that a column of this one continues; -1 where none does."""
        return next((first for first, here in self.mapping.items() if here == column), -1)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of one panel as it stands: its number in the table, side, code parts, labels, and figures by column.

    `cells` are the places of its figures: piece, row and column; `begins` is its first piece and row.
    """

    number: int
    side: Side
    parts: tuple[str, ...]
    label: str
    figures: tuple[tuple[FigureColumn, Figure], ...]
    block: int = 0
    outer: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    cells: tuple[tuple[int, int, int], ...] = ()
    begins: tuple[int, int] = (0, -1)

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """The pieces and rows that it stands in: two where a page break cut it."""
        return frozenset(((at, index) for at, index, _ in self.cells)) | {self.begins}


def pieces_of(segments: Sequence[Segment], unit: Unit | None) -> list[Piece]:
    """The segments of a table with their money cells; columns of codes are those under a header of codes."""
    pieces: list[Piece] = []
    numbered: frozenset[int] = frozenset()
    for segment in segments:
        first = segments[0]
        mapping = {i: i for i in range(len(first.lefts))}
        if pieces:
            mapping = map_columns(first.lefts, segment.lefts, EDGE_TOLERANCE)
        here = numbered_columns(segment.rows)
        if not pieces:
            numbered = here
        here |= {mapping[index] for index in numbered if index in mapping}
        pieces.append(Piece(segment, money_cells(segment.rows, here, unit), mapping))
    return pieces


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell under figures that is neither blank, a dash nor an amount: its piece, row and column, and its row's name.

    `several` where it prints numbers, of which nobody can tell whether they are one amount or several.
    """

    place: tuple[int, int, int]
    cell: Cell
    label: str
    code: str | None
    path: str

    @property
    def printed(self) -> str:
        """Its words with single blanks."""
        return " ".join(self.cell.text.split())

    @property
    def several(self) -> bool:
        """Whether all of its words are numbers."""
        words = self.printed.split(" ")
        return len(words) > 1 and all(parse_amount(word) is not None for word in words)

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return (
            f"“{self.label or self.code or ''}”行“{self.path}”栏的“{self.printed}”不是金额，未采用。"
            " / a cell is no amount and was left out."
        )


class TableRows:
    """The rows of a table that has a grid and a form."""

    def __init__(self, table: LocatedTable, form: Form, pieces: Sequence[Piece]) -> None:
        self.table = table
        self.form = form
        self.family: Family = table.family
        self.pieces = pieces

    @cached_property
    def header(self) -> Header:
        """What the columns hold."""
        return read_header(self.pieces[0].segment.rows, self.pieces[0].amounts, self.form, self.family)

    @cached_property
    def unit(self) -> Unit | None:
        """The unit of the table, or the one that its columns state; None where the two contradict one another."""
        if self.contradicting:
            return None
        units = self._column_units - {None}
        return self.table.unit or (next(iter(units)) if len(units) == 1 else None)

    @cached_property
    def contradicting(self) -> tuple[Unit, ...]:
        """The units of title and captions, or of them and of every column, where they are not the same.

        A few columns may have a unit of their own under a caption with another one.
        """
        stated, units = self.table.unit, self._column_units
        if stated is None or self.table.unit_inherited or None in units or not units or stated in units:
            return self.table.contradicting
        return (stated, *sorted((unit for unit in units if unit), key=lambda unit: unit.yuan))

    @cached_property
    def _column_units(self) -> set[Unit | None]:
        return {figure.unit for block in self.header.blocks for figure in block.figures}

    def read(self, unit: Unit) -> tuple[list[RawRow], list[OddCell]]:
        """The rows, and the cells under figures that are no amount."""
        raw: list[RawRow] = []
        odd: list[OddCell] = []
        number = 0
        for at, piece in enumerate(self.pieces):
            rows = piece.segment.rows
            skip = self.header.height
            if at:
                skip = repeated_rows(rows, self.pieces[0].segment.rows[: self.header.height])
            for index in range(skip, len(rows)):
                number += 1
                if (at, index) in self.asides:
                    continue
                reader = _RowReader(self, piece, at, index)
                for which, block in enumerate(self.header.blocks):
                    row = reader.read(number, which, block, unit)
                    odd += reader.odd_cells(block, row)
                    before = self._cut_by_the_page(row, raw) if at and index == skip else None
                    if before is not None:
                        whole = raw[before]
                        raw[before] = replace(
                            whole,
                            label=whole.label + row.label,
                            figures=whole.figures + row.figures,
                            cells=whole.cells + row.cells,
                        )
                    elif row.figures or (block.figures and (row.label or row.parts)):
                        raw.append(row)
        return raw, odd

    @cached_property
    def asides(self) -> frozenset[tuple[int, int]]:
        """The pieces and rows that are no rows of the table: notes inside the frame, and the sums of a page."""
        figures = (figure.index for block in self.header.blocks for figure in block.figures)
        labels = min(figures, default=1)
        return frozenset(
            (at, index)
            for at, piece in enumerate(self.pieces)
            for index in range(0 if at else self.header.height, len(piece.segment.rows))
            if self._is_aside([cell for cell in piece.segment.rows[index][:labels] if cell is not None])
        )

    def _is_aside(self, labels: Sequence[Cell]) -> bool:
        texts = [text for cell in labels if (text := squeeze(cell.text))]
        words = self.family.wording
        return bool(texts) and (
            texts[0] in _NOTE_HEADS
            or words.note.match(texts[0]) is not None
            or any(map(words.page_total.fullmatch, texts))
        )

    def _cut_by_the_page(self, row: RawRow, raw: Sequence[RawRow]) -> int | None:
        """The number of the row whose rest a row at the top of a page is; None where it is a row of its own."""
        before = next((i for i in reversed(range(len(raw))) if raw[i].block == row.block), None)
        return before if before is not None and self._is_rest(row, raw[before]) else None

    def _is_rest(self, row: RawRow, before: RawRow) -> bool:
        """Whether a row at the top of a page is only the end of the row before the page break."""
        if not row.label or any(row.parts) or _ORDINAL.match(row.label):
            return False
        words = self.family.wording
        if words.total.fullmatch(row.label) or words.summary_heading.fullmatch(row.label):
            return False
        if self.form.layout is Layout.CODED:
            return not row.figures or (not before.figures and any(before.parts))
        cut = _CHAPTER.match(before.label) is not None
        return cut and (not row.figures or not before.figures)


@dataclass(frozen=True, slots=True)
class _RowReader:
    """One printed row of a piece."""

    rows: TableRows
    piece: Piece
    at: int
    index: int

    @property
    def row(self) -> Row:
        return self.piece.segment.rows[self.index]

    def cell(self, index: int) -> Cell | None:
        """The cell in a column of the first segment, also where it began further up or to the left."""
        place = self.piece.mapping.get(index)
        return self.row[place] if place is not None and place < len(self.row) else None

    def begins(self, cell: Cell) -> bool:
        """Whether a cell begins in this row."""
        above = self.piece.segment.rows[self.index - 1] if self.index else ()
        return not (cell.column < len(above) and above[cell.column] is cell)

    def text(self, index: int) -> str:
        """The text of a cell that begins in this row."""
        cell = self.cell(index)
        return " ".join(cell.text.split()) if cell is not None and self.begins(cell) else ""

    def read(self, number: int, which: int, block: ColumnBlock, unit: Unit) -> RawRow:
        side = block.figures[0].column.side if block.figures else self.rows.form.side or Side.EXPENDITURE
        texts = self._codes(block)
        parts = tuple(text for text in texts if _CODE_TEXT.fullmatch(text))
        words = [text for text in texts if text and not _CODE_TEXT.fullmatch(text) and text not in "类款项"]
        labels = self._labels(block)
        label = labels[-1] if labels else "".join(words) or self._total_beside(block)
        if block.scheme and not any(parts) and (coded := _CODED_NAME.match(label)):
            parts, label = ("".join(_DIGITS.findall(coded[1])),), label[coded.end() :]
        figures: list[tuple[FigureColumn, Figure]] = []
        cells: list[tuple[int, int, int]] = []
        for column in block.figures:
            place = self.piece.mapping.get(column.index, -1)
            amount = self.piece.amounts.get((self.index, place))
            if amount is not None and (cell := self.row[place]) is not None:
                figures.append((column, _figure(cell, amount, column.unit or unit, unit)))
                cells.append((self.at, self.index, place))
        return RawRow(
            number,
            side,
            parts if any(parts) else (),
            without_space(label),
            tuple(figures),
            which,
            "/".join(map(without_space, labels[:-1])) or None,
            self._squeezed(block.unit_code),
            self._squeezed(block.unit_name),
            tuple(cells),
            (self.at, self.index),
        )

    def _total_beside(self, block: ColumnBlock) -> str:
        """The name of a total that stands in a label column of another classification, in a row without any name."""
        first = min((column.index for column in block.figures), default=0)
        total = self.rows.family.wording.total
        return next((text for at in range(first) if total.fullmatch(squeeze(text := self.text(at)))), "")

    def _squeezed(self, index: int | None) -> str | None:
        return None if index is None else without_space(self.text(index)) or None

    def _labels(self, block: ColumnBlock) -> list[str]:
        """The texts of the label columns, from outer to inner; a merged outer one counts for all its rows."""
        if len(block.names) == 1:
            return [text] if (text := self.text(block.names[0])) else []
        cells = {id(cell): cell for index in block.names if (cell := self.cell(index)) is not None}
        return [text for cell in cells.values() if (text := " ".join(cell.text.split()))]

    def _codes(self, block: ColumnBlock) -> list[str]:
        """The texts of the code columns; a cell merged over several of them counts once."""
        seen: set[int] = set()
        found: list[str] = []
        for index in block.codes:
            cell = self.cell(index)
            if cell is not None and id(cell) in seen:
                continue
            if cell is not None:
                seen.add(id(cell))
            text = self.text(index)
            found.append("".join(_DIGITS.findall(text)) if _PARTED_CODE.fullmatch(text) else text)
        return found

    def odd_cells(self, block: ColumnBlock, row: RawRow) -> Iterator[OddCell]:
        """The cells of figures that are neither blank, a dash nor an amount."""
        for column in block.figures:
            place = self.piece.mapping.get(column.index)
            cell = self.row[place] if place is not None and place < len(self.row) else None
            if place is None or cell is None or cell.column != place or not self.begins(cell) or cell.column_span > 1:
                continue
            if (self.index, place) not in self.piece.amounts and not _DASH.fullmatch(squeeze(cell.text)):
                path = self.rows.header.paths[column.index]
                code = "".join(row.parts) or None
                yield OddCell((self.at, self.index, place), cell, row.label, code, path)


def _figure(cell: Cell, amount: Decimal, unit: Unit, table_unit: Unit) -> Figure:
    own = unit if unit is not table_unit else None
    return Figure(without_space(cell.text), to_yuan(amount, unit), cell.place, own)


def unnamed_rows(piece: Piece) -> Iterator[tuple[int, str]]:
    """For each row of a piece that nobody understands its first words."""
    for index in range(len(piece.segment.rows)):
        texts = (cell.text for cell in anchored(piece.segment.rows, index) if (index, cell.column) not in piece.amounts)
        yield index, next((without_space(text) for text in texts if text.strip()), "")
