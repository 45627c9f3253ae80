"""Blocks → located tables: which grid is which official form, and which pages it goes on over.

A grid belongs to the title that stands right above it, with nothing between but captions (编制单位：… 单位：元). A
title may stand inside the frame, as rows of one filled cell; several tables may share one sheet. A grid without a
title goes on with the table before it where its columns have the same left edges and nothing but page furniture
stands between; otherwise its own header may name it. What no form claims is counted and left alone.
"""

from dataclasses import dataclass

from analysis.reading.forms.recognise import headings_to_form, plain_words, title_to_form
from analysis.reading.layout.blocks import Blocks, Cell, Grid, TextLine
from analysis.terms.form import Family, Form
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind
from analysis.terms.money import Unit

EDGE_TOLERANCE = 3.0
Matrix = list[list[Cell | None]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a table on one page: its rows, its columns' left edges, and the page."""

    rows: tuple[tuple[Cell | None, ...], ...]
    lefts: tuple[float, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """An official table with its segments; for text without a grid its lines instead."""

    family: Family
    form: Form
    title: str
    unit: Unit | None
    segments: tuple[Segment, ...]
    lines: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """What a document is made of: official tables, captions that name a body, other tables, and the text between.

    `passages` are runs of lines with no title and no table between them.
    """

    tables: tuple[LocatedTable, ...]
    bodies: tuple[str, ...]
    titles: tuple[str, ...]
    passages: tuple[tuple[TextLine, ...], ...]
    other_tables: int


def read_unit(text: str, family: Family) -> Unit | None:
    """The money unit that a caption states, or None."""
    match = family.wording.unit.search(squeeze(text))
    if not match:
        return None
    return Unit.WAN_YUAN if "万元" in match[0] else Unit.YUAN


def read_body(text: str, family: Family) -> str | None:
    """The body that a caption names (编制单位：…), or None."""
    match = family.wording.body_caption.search(squeeze(family.wording.unit_beside_body.sub("", text)))
    return match[1] if match else None


def is_furniture(text: str, family: Family) -> bool:
    """Whether a line is part of the page and not of its text: a page number, 公开01表, 续表."""
    return bool(family.wording.furniture.fullmatch(squeeze(text)))


def locate(blocks: Blocks, family: Family) -> Located:
    """Every official table of a document and what stands between them."""
    walk = _TableWalk(family, plain=blocks.plain)
    for block in blocks.blocks:
        if isinstance(block, TextLine):
            walk.line(block)
        else:
            for piece in split_at_titles(block, family):
                walk.grid(piece)
    return walk.result()


def split_at_titles(grid: Grid, family: Family) -> list[TextLine | Segment]:
    """The rows of a grid, cut where a row holds one text only and that is a title, a caption or a note."""
    pieces: list[TextLine | Segment] = []
    rows: list[tuple[Cell | None, ...]] = []
    titled = False
    for number, row in enumerate(grid.matrix()):
        texts = {id(cell): cell for cell in row if cell is not None and cell.text.strip()}
        lone = next(iter(texts.values())) if len(texts) == 1 else None
        form = title_to_form(lone.text, family) if lone else None
        caption = bool(texts) and all(
            read_unit(cell.text, family) or read_body(cell.text, family) or is_furniture(cell.text, family)
            for cell in texts.values()
        )
        note = lone is not None and family.wording.note.match(squeeze(lone.text)) is not None
        if form or ((caption or note) and (titled or not rows)):
            if rows:
                pieces.append(Segment(tuple(rows), grid.lefts, grid.page))
                rows = []
            titled = titled or form is not None
            pieces += [TextLine(cell.text, cell.place) for cell in texts.values() if cell.row == number]
        elif texts or rows:
            rows.append(tuple(row))
            titled = False
    if rows:
        pieces.append(Segment(tuple(rows), grid.lefts, grid.page))
    return pieces


class _TableWalk:
    """One pass over the blocks. `pending` is a title that waits for its grid; `current` the table that may go on."""

    def __init__(self, family: Family, *, plain: bool) -> None:
        self.family = family
        self.plain = plain
        self.tables: list[_TableBuilder] = []
        self.bodies: list[str] = []
        self.titles: list[str] = []
        self.passages: list[list[TextLine]] = [[]]
        self.others = 0
        self.pending: _TableBuilder | None = None
        self.current: _TableBuilder | None = None

    def line(self, line: TextLine) -> None:
        form = title_to_form(line.text, self.family)
        if form:
            self.titles.append(squeeze(line.text))
            self.passages.append([])
            self.pending = _TableBuilder(form, squeeze(line.text), read_unit(line.text, self.family), [], [])
            self.current = None
            if self.plain:
                self.tables.append(self.pending)
            return
        unit, body = read_unit(line.text, self.family), read_body(line.text, self.family)
        if (unit or body) and self.pending:
            self.pending.unit = self.pending.unit or unit
            if body:
                self.bodies.append(body)
            return
        if is_furniture(line.text, self.family):
            return
        if self.plain and self.pending and self.pending.unit and not self._ends_plain_table(line.text):
            self.pending.lines.append(line)
            return
        self.passages[-1].append(line)
        self.pending = None
        self.current = None

    def grid(self, piece: TextLine | Segment) -> None:
        if isinstance(piece, TextLine):
            self.line(piece)
            return
        self.passages.append([])
        if self.pending:
            last = self.tables[-1] if self.tables else None
            if last and last.form is self.pending.form and _goes_on(last.segments[-1].lefts, piece.lefts):
                self.current = last  # a title that is printed again on every page
            else:
                self.current = self.pending
                self.tables.append(self.current)
            self.current.segments.append(piece)
            self.pending = None
        elif self.current and _goes_on(self.current.segments[-1].lefts, piece.lefts):
            self.current.segments.append(piece)
        elif form := headings_to_form(_headings(piece), self._kind(), self.family):
            self.current = _TableBuilder(form, "", None, [piece], [])
            self.tables.append(self.current)
        else:
            self.others += len(piece.rows) > 1
            self.current = None

    def _kind(self) -> Kind | None:
        return self.tables[-1].form.kind if self.tables else None

    def _ends_plain_table(self, text: str) -> bool:
        """Whether a line of plain text is no row any more: a note, or a sentence."""
        words = squeeze(text)
        return self.family.wording.note.match(words) is not None or "。" in words

    def result(self) -> Located:
        tables = tuple(
            LocatedTable(self.family, t.form, t.title, t.unit, tuple(t.segments), tuple(t.lines))
            for t in self.tables
            if t.segments or t.lines
        )
        passages = tuple(tuple(passage) for passage in self.passages if passage)
        return Located(tables, tuple(self.bodies), tuple(self.titles), passages, self.others)


@dataclass(slots=True)
class _TableBuilder:
    form: Form
    title: str
    unit: Unit | None
    segments: list[Segment]
    lines: list[TextLine]


def _goes_on(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Whether every column of a grid begins where a column of the table before it did, or a merged one of it."""
    return len(after) >= 2 and all(any(abs(x - y) <= EDGE_TOLERANCE for y in before) for x in after)


def _headings(piece: Segment) -> set[str]:
    return {plain_words(cell.text) for row in piece.rows[:4] for cell in row if cell is not None and cell.text}
