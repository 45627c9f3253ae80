"""Blocks → located tables: which grid is which official form, and which pages it goes on over.

A grid belongs to the title that stands above it, with nothing between but captions (编制单位：… 单位：元), numbers of
tables and short lines. A title may run over lines, or stand inside the frame, as rows of one filled cell; several
tables may share one sheet. A grid without a title goes on with the table before it where its columns have the same
left edges and nothing but page furniture stands between; otherwise its own header may name it. What no form claims is
located as well: a table of no form, whose money is kept as not understood.
"""

import re
from dataclasses import dataclass, field
from functools import cache, partial

from analysis.extraction.layout.blocks import Blocks, Cell, Grid, TextLine
from analysis.reading.forms.recognise import Recognition, label_kind
from analysis.reading.forms.side_by_side import split_side_by_side
from analysis.reading.forms.titles import headings_to_form, plain_words, title_to_form, title_words
from analysis.reading.forms.torn_columns import is_right_half, is_torn_off, join_right
from analysis.terms.form import Family, Form
from analysis.terms.label import LONGEST_TITLE, squeeze, without_ordinals
from analysis.terms.money import Unit

EDGE_TOLERANCE = 3.0
# How many short lines may stand between a title and its table, and how long they are.
_LINES_BETWEEN, _SHORT_LINE = 4, 24
_ENDS_A_TITLE = re.compile("(?:收入|支出|收支|预算|决算|情况|统计|明细)$")
_UNFINISHED = ("、", "及", "和", "与", "，", ",")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a table on one page: its rows, its columns' left edges, and the page."""

    rows: tuple[tuple[Cell | None, ...], ...]
    lefts: tuple[float, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A table with its segments; for text without a grid its lines instead.

    `form` is None for a table of no form, `title` None where none stands above it; `unit_inherited` where the unit is
    that of the document's other tables. `contradicting` are the units that its title and captions state where they
    are several: it has none then. `body` is the body that its caption names.
    """

    family: Family
    form: Form | None
    title: str | None
    unit: Unit | None
    segments: tuple[Segment, ...]
    lines: tuple[TextLine, ...] = ()
    unit_inherited: bool = False
    contradicting: tuple[Unit, ...] = ()
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """What a document is made of: tables, captions that name a body, titles, and the text between.

    `passages` are runs of lines with no title and no table between them.
    """

    tables: tuple[LocatedTable, ...]
    bodies: tuple[str, ...]
    titles: tuple[str, ...]
    passages: tuple[tuple[TextLine, ...], ...]

    @property
    def other_tables(self) -> int:
        """How many tables of more than one row are of no form."""
        return sum(
            table.form is None and sum(len(segment.rows) for segment in table.segments) > 1 for table in self.tables
        )


def read_unit(text: str, family: Family) -> Unit | None:
    """The money unit that a caption states, or None."""
    match = family.wording.unit.search(squeeze(text))
    return Unit.named_in(match[0]) if match else None


def read_body(text: str, family: Family) -> str | None:
    """The body that a caption names (编制单位：…), or None."""
    match = family.wording.body_caption.search(squeeze(family.wording.unit_beside_body.sub("", text)))
    return match[1] if match else None


def is_furniture(text: str, family: Family) -> bool:
    """Whether a line is part of the page and not of its text: a page number, 公开01表, 续表."""
    return bool(family.wording.furniture.fullmatch(squeeze(text)))


def locate(blocks: Blocks, recognition: Recognition) -> Located:
    """Every table of a document and what stands between them."""
    walk = _TableWalk(recognition, plain=blocks.plain)
    for block in blocks.blocks:
        if isinstance(block, TextLine):
            walk.line(block)
        else:
            for grid in split_side_by_side(block, partial(_is_official, recognition=recognition)):
                for piece in split_at_titles(grid, recognition):
                    walk.grid(piece)
    return walk.result()


_CAPTION = re.compile("[一-鿿]{2,8}[:：]")  # 单位人数:在职( )人


def split_at_titles(grid: Grid, recognition: Recognition) -> list[TextLine | Segment]:
    """The rows of a grid, cut where a row holds one text only and that is a title, a caption or a note."""
    family = recognition.family
    pieces: list[TextLine | Segment] = []
    rows: list[tuple[Cell | None, ...]] = []
    titled = False
    for number, row in enumerate(grid.matrix()):
        texts = {id(cell): cell for cell in row if cell is not None and cell.text.strip()}
        lone = next(iter(texts.values())) if len(texts) == 1 else None
        title = lone is not None and _is_title(lone, bool(rows), recognition)
        caption = bool(texts) and all(
            read_unit(cell.text, family)
            or read_body(cell.text, family)
            or is_furniture(cell.text, family)
            or (titled and _CAPTION.match(squeeze(cell.text)))
            for cell in texts.values()
        )
        note = lone is not None and family.wording.note.match(squeeze(lone.text)) is not None
        if title or ((caption or note) and (titled or not rows)):
            if rows:
                pieces.append(Segment(tuple(rows), grid.lefts, grid.page))
                rows = []
            titled = titled or title
            pieces += [TextLine(cell.text, cell.place) for cell in texts.values() if cell.row == number]
        elif texts or rows:
            rows.append(tuple(row))
            titled = False
    if rows:
        pieces.append(Segment(tuple(rows), grid.lefts, grid.page))
    return pieces


def _is_title(cell: Cell, below_rows: bool, recognition: Recognition) -> bool:
    """Whether the only text of a row is the title of a table: of an official one, or at the top of the grid of any."""
    if _is_official(cell.text, recognition):
        return True
    return not below_rows and cell.column_span > 1 and title_words(cell.text, recognition.family) is not None


def _is_official(text: str, recognition: Recognition) -> bool:
    form = title_to_form(text, recognition.family, government=recognition.government, kind=recognition.kind)
    return form is not None


_WORDS = re.compile("[一-鿿]")
_THREE = {"overseas_visits", "receptions"}
_ITEMS = {*_THREE, "vehicles", "vehicle_purchase", "vehicle_operation", "three_public"}


@cache
def _item_of(words: str, family: Family) -> str | None:
    """The item of the three that a label or header names; None for other words."""
    return next((rule.measure for rule in family.measures if rule.measure in _ITEMS and rule.path.search(words)), None)


class _TableWalk:
    """One pass over the blocks. `pending` is a title that waits for its grid; `current` the table that may go on."""

    def __init__(self, recognition: Recognition, *, plain: bool) -> None:
        self.recognition = recognition
        self.family = recognition.family
        self.plain = plain
        self.tables: list[_TableBuilder] = []
        self.bodies: list[str] = []
        self.titles: list[str] = []
        self.passages: list[list[TextLine]] = [[]]
        self.pending: _TableBuilder | None = None
        self.current: _TableBuilder | None = None
        self.before: list[TextLine] = []
        self.between = 0
        self.captioned = False
        self.unit: Unit | None = None

    def line(self, line: TextLine) -> None:
        if self._title(line):
            return
        unit, body = read_unit(line.text, self.family), read_body(line.text, self.family)
        if (unit or body) and "。" not in line.text:  # a sentence may name a unit as well
            self.unit = unit or self.unit
            if body and self.pending:
                self.bodies.append(body)
                self.pending.body = self.pending.body or body
            if self.pending:
                self.pending.units.update({unit} if unit else ())
                return
            if self.current and not self.plain:  # a caption that every page prints
                self.captioned = True
                self.passages[-1].append(line)
                return
        if is_furniture(line.text, self.family):
            return
        if self.plain and self.pending and self.pending.units and not self._ends_plain_table(line.text):
            self.pending.lines.append(line)
            return
        self.passages[-1].append(line)
        self.current = None
        self.before = [*self.before[-1:], line]
        self.between += 1
        if not (self.pending and not self.pending.bare and self._may_stand_between(line)):
            self.pending = self._bare_title(line)

    def _title(self, line: TextLine) -> bool:
        """Whether the line is a title, alone or as the end of one that began on the lines before."""
        if "表" not in line.text:
            return False
        words = squeeze(line.text)
        form, text = self._form(line.text), words
        for start in range(len(self.before)):
            joined = "".join(squeeze(one.text) for one in self.before[start:])
            longer = self._form(joined + line.text) if len(joined) <= LONGEST_TITLE else None
            if longer and longer is not form:
                form, text = longer, joined + words
                break
        else:
            if form and self.before and squeeze(self.before[-1].text).endswith(_UNFINISHED):
                form = None  # the end of a title that nobody knows
        if form is None and (self.plain or self._is_caption(line.text) or title_words(line.text, self.family) is None):
            return False
        unit = read_unit(line.text, self.family)
        self.pending = _TableBuilder(form, text, {unit} if unit else set(), [], [])
        self.current = None
        self.between, self.unit = 0, None
        if form is None:  # it may as well be the end of a sentence
            self.passages[-1].append(line)
            self.before = [*self.before[-1:], line]
            return True
        self.titles.append(text)
        self.passages.append([])
        self.before = []
        if self.plain:
            self.tables.append(self.pending)
        return True

    def _is_caption(self, text: str) -> bool:
        """Whether a line is of the page, or names the body (部门：某局 公开05表 单位：万元)."""
        words = self.family.wording
        bare = words.unit_beside_body.sub("", text)
        return is_furniture(bare, self.family) or words.body_caption.match(squeeze(bare)) is not None

    def _bare_title(self, line: TextLine) -> "_TableBuilder | None":
        """A title that leaves out the word 表 (收入预算), which only a table right below can make one."""
        words = squeeze(line.text)
        if self.plain or len(words) > _SHORT_LINE or not _ENDS_A_TITLE.search(words):
            return None
        form = self._form(f"{words}表")
        return _TableBuilder(form, words, set(), [], [], bare=True) if form else None

    def _form(self, text: str) -> Form | None:
        return title_to_form(text, self.family, government=self.recognition.government, kind=self.recognition.kind)

    def _may_stand_between(self, line: TextLine) -> bool:
        """Whether a line may stand between a title and its table: a short one that is no sentence and no heading."""
        words = squeeze(line.text)
        return (
            not self.plain
            and self.between <= _LINES_BETWEEN
            and len(words) <= _SHORT_LINE
            and not words.endswith(("。", ";", "；"))
            and not self.family.wording.heading.match(words)
        )

    def grid(self, piece: TextLine | Segment) -> None:
        if isinstance(piece, TextLine):
            self.line(piece)
            return
        self.passages.append([])
        self.before = []
        if self.pending and self.pending.bare and not self._has_labels(piece):
            self.pending = None
        if self.pending and self.pending.form is None:
            self.pending.form = self._named_by(piece)
        if self.pending:
            last = self.tables[-1] if self.tables else None
            if last and last.form is self.pending.form and last.segments and self._repeats(last, piece):
                self.current = last  # a title that is printed again on every page
                last.units |= self.pending.units
            else:
                self.current = self.pending
                self.tables.append(self.current)
            self.current.segments.append(piece)
            self.pending = None
        elif self.current and self._joins(self.current, piece):
            self.current.units |= {self.unit} if self.unit else set()
        elif (
            self.current
            and _goes_on(self.current.segments[-1].lefts, piece.lefts)
            and not self._begins_another(self.current, piece)
            and (_same_head(self.current, piece) or not is_torn_off(self.current.segments[0].rows, piece.rows))
            and (not self.captioned or _same_head(self.current, piece))
        ):
            self.current.segments.append(piece)
        else:
            self.current = _TableBuilder(self._named_by(piece), None, {self.unit} if self.unit else set(), [piece], [])
            self.tables.append(self.current)
        self.unit = None
        self.captioned = False

    @staticmethod
    def _joins(table: "_TableBuilder", piece: Segment) -> bool:
        """Whether a piece is the right half of a page of the table: it is put beside it then."""
        for number, one in enumerate(table.segments):
            if number not in table.joined and one.page != piece.page and is_right_half(one.rows, piece.rows):
                rows, lefts = join_right(one.rows, one.lefts, piece.rows, piece.lefts)
                table.segments[number] = Segment(rows, lefts, one.page)
                table.joined.add(number)
                return True
        return False

    def _named_by(self, piece: Segment) -> Form | None:
        words = {plain_words(cell.text) for row in piece.rows[:4] for cell in row if cell is not None and cell.text}
        named = headings_to_form(words, self.family, government=self.recognition.government, kind=self.recognition.kind)
        return named or self._told_by_items(piece)

    def _has_labels(self, piece: Segment) -> bool:
        """Whether the head of a grid has a column of codes or names, or of the three."""
        head = (cell.text for row in piece.rows[:4] for cell in row if cell is not None)
        words = [plain_words(text) for text in dict.fromkeys(head) if text]
        return any(label_kind(one, self.family) in {"code", "name"} or _item_of(one, self.family) for one in words)

    def _told_by_items(self, piece: Segment) -> Form | None:
        """The table of the three, which its own items tell where no title does: they are most of its words."""
        texts = (cell.text for row in piece.rows for cell in row if cell is not None and _WORDS.search(cell.text))
        words = [without_ordinals(plain_words(text)) for text in dict.fromkeys(texts)]
        found = {measure for word in words if (measure := _item_of(word, self.family))}
        if not found >= _THREE or 2 * sum(_item_of(word, self.family) is not None for word in words) < len(words):
            return None
        forms = (
            form
            for form in self.family.forms
            if form.table == "three_public" and form.government is self.recognition.government
        )
        return next((form for form in forms if form.kind is (self.recognition.kind or form.kind)), None)

    def _repeats(self, last: "_TableBuilder", piece: Segment) -> bool:
        if self.pending is None or _same_words(last.title) != _same_words(self.pending.title):
            return False
        return _goes_on(last.segments[-1].lefts, piece.lefts) and not self._begins_another(last, piece)

    def _begins_another(self, table: "_TableBuilder", piece: Segment) -> bool:
        """Whether a grid that begins with the same header is a table of its own: both print a sum of the whole."""
        return _same_head(table, piece) and any(map(self._sums_all, table.segments)) and self._sums_all(piece)

    def _sums_all(self, piece: Segment) -> bool:
        """Whether a row of the piece is labelled as the sum of the whole table."""
        total = self.family.wording.grand_total
        return any(
            (words := _row_words(row)) and total.fullmatch(words[0]) and any(word[-1].isdigit() for word in words[1:])
            for row in piece.rows
        )

    def _ends_plain_table(self, text: str) -> bool:
        """Whether a line of plain text is no row any more: a note, or a sentence."""
        words = squeeze(text)
        return self.family.wording.note.match(words) is not None or "。" in words

    def result(self) -> Located:
        built = [table for table in self.tables if table.segments or table.lines]
        units = {unit for table in built if table.form for unit in table.units}
        common = next(iter(units)) if len(units) == 1 else None
        tables = tuple(
            LocatedTable(
                self.family,
                table.form,
                table.title,
                table.unit if table.units else common if table.form else None,
                tuple(table.segments),
                tuple(table.lines),
                unit_inherited=not table.units and common is not None and table.form is not None,
                contradicting=tuple(sorted(table.units, key=lambda unit: unit.yuan)) if len(table.units) > 1 else (),
                body=table.body,
            )
            for table in built
        )
        passages = tuple(tuple(passage) for passage in self.passages if passage)
        return Located(tables, tuple(self.bodies), tuple(self.titles), passages)


@dataclass(slots=True)
class _TableBuilder:
    """A table that is being gathered; `units` are all that its title and captions state, `bare` a title without 表.

    `joined` are the segments that a page of further columns was put beside.
    """

    form: Form | None
    title: str | None
    units: set[Unit]
    segments: list[Segment]
    lines: list[TextLine]
    bare: bool = False
    body: str | None = None
    joined: set[int] = field(default_factory=set)

    @property
    def unit(self) -> Unit | None:
        """The unit that they state; None where they state none, or several that contradict one another."""
        return next(iter(self.units)) if len(self.units) == 1 else None


_PAGE_OF_TITLE = re.compile(r"\((?:续|续表|接上页|\d+|[一二三四五六七八九十]+)\)|^续|(?:续表|续)$")


def _same_words(title: str | None) -> str:
    """A title without what tells its pages apart."""
    return _PAGE_OF_TITLE.sub("", squeeze(title or ""))


def _row_words(row: tuple[Cell | None, ...]) -> tuple[str, ...]:
    """The words of a row's filled cells, each once."""
    cells = {id(cell): squeeze(cell.text) for cell in row if cell is not None}
    return tuple(text for text in cells.values() if text)


def _same_head(table: _TableBuilder, piece: Segment) -> bool:
    """Whether a grid begins with the words that the table begins with."""
    return _row_words(table.segments[0].rows[0]) == _row_words(piece.rows[0])


def _goes_on(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Whether every column of a grid begins where a column of the table before it did, or a merged one of it."""
    return len(after) >= 2 and all(any(abs(x - y) <= EDGE_TOLERANCE for y in before) for x in after)
