"""What a value is about: the words before it → a subject, with the cell of the tables that prints the same.

A path of class, section and item, or a code, names a row of the functional classification; the words of the shelf name
the totals and columns that every document has; a row of the document's own tables is named by its label. What is none
of these keeps its words: it is told of, and compared with nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.knowledge.text_grammar import TextGrammar
from analysis.knowledge.text_rules import TextRules
from analysis.reading.text.printed_values import plain
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook
from analysis.terms.label import without_ordinals
from analysis.terms.line_item import Kind, LineItem, RowRole, Side
from analysis.terms.statement import StatedSubject

FUNDS = ("general_public_budget", "government_fund", "state_capital", "appropriation_expenditure")
_FUNCTIONAL = (*FUNDS, "expenditure", "revenue")
_NAME = r"[^“”\"‘’《》。;；，,:()\d](?:[^“”\"‘’《》。;；，,:()]|\((?!\d*[类款项])[^()]{0,20}\)){0,45}?"
_SEP = r"[\"”]?(?:支出)?[—\-–－、,，/“\"的]*"
_PATH = re.compile(
    rf"(?:(?P<class>{_NAME})\((?P<c1>\d{{3}})?类(?:级)?(?:科目)?\){_SEP})?"
    rf"(?:(?P<section>{_NAME})\((?P<c2>\d{{2,5}})?款(?:级)?(?:科目)?\){_SEP})?"
    rf"(?:(?P<item>{_NAME})\((?P<c3>\d{{2,7}})?项(?:级)?(?:科目)?\))?"
)
_DASHED = re.compile(
    r"[“\"](?P<class>[^“”\"。;；，,（(—\-–－]{2,30}?)[—\-–－]+(?P<section>[^“”\"。;；，,—\-–－]{2,40}?)"
    r"(?:[—\-–－]+(?P<item>[^“”\"。;；，,]{2,40}?))?[”\"]"
)
_LEVELLED = re.compile(r"\((?:\d{2,7})?[类款项](?:级)?(?:科目)?\)")
_CODE = re.compile(
    r"(?<![\d.])(?:科目)?(?:编码|代码)?:?[(\[]?(?:科目)?(?:编码|代码)?:?(?P<code>[23]\d{2}(?:\d{2}){0,2})(?![\d.年])[)\]]?"
)
_CODE_BEFORE = re.compile(r"(?<!\d)(?P<code>2\d{2}(?:\d{2}){0,2})[-—]?$")
_CODE_WORD = re.compile(r"^(?:科目)?(?:编码|代码):?(?=\d)")
_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)[、.]?|\d{1,3}[.、](?!\d)|\d{1,3}[)]|[①-⑳]|[“\"‘《])+"
)
_DIGITS_BEFORE_PATH = re.compile(r"^\d{1,3}(?![\d年])[.、,]?[“\"‘]?[.]?")
_CJK = re.compile(r"[一-鿿]")
_FUND = re.compile("政府性基金|国有资本")
_OF_ALL_FUNDS = ("revenue_expenditure_summary", "revenue", "expenditure")
_USED_FOR = re.compile("^(?:主要)?(?:用于|是|包括|安排)?")
_CODED_HEADING = re.compile(
    r"(?P<name>[一-鿿、()]{2,40}?)\((?:科目)?(?:编码|代码)?:?(?P<code>2\d{4}(?:\d{2})?)\)[。.:,，]"
)
_LEAST, _MOST = 2, 60
_FAR = 200  # no path of names is longer


Levels = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Path:
    """The names of class, section and item as printed, with their codes; None for a level that is not named."""

    names: Levels
    codes: Levels
    start: int
    end: int

    @property
    def level(self) -> int:
        """1 for a class, 2 for a section, 3 for an item."""
        return max(number for number, name in enumerate(self.names, 1) if name)

    @property
    def printed_code(self) -> str | None:
        """The code that the words print, joined."""
        parts = [code or "" for code in self.codes]
        longest = max(parts, key=len)
        return (longest if len(longest) in (5, 7) else "".join(parts)) or None

    def within(self, above: "Path | None") -> "Path":
        """The path with the names above it that an earlier heading said."""
        first = next(number for number, name in enumerate(self.names) if name)
        if above is None or not first:
            return self
        return replace(
            self, names=_filled(self.names, above.names, first), codes=_filled(self.codes, above.codes, first)
        )


def _filled(own: Levels, above: Levels, first: int) -> Levels:
    """The levels with those above the first one that is said."""
    top, middle, low = (above[level] if level < first else own[level] for level in range(len(own)))
    return top, middle, low


def find_path(text: str, start: int, end: int) -> Path | None:
    """The last path that stands in a piece of text; None where there is none."""
    end = min(end, len(text))
    if not _LEVELLED.search(text, start, end):
        match = _DASHED.search(text, start, end)
        if match is None:
            return None
        return Path((match["class"], match["section"], match["item"]), (None, None, None), *match.span())
    begin = max(start + _skipped(text[start:end]), end - _FAR)
    found = None
    position = begin
    while position < end:
        match = _PATH.match(text, position, end)
        if match is None or match.end() == position:
            position += 1
            continue
        found = match
        position = match.end()
    if found is None:
        return None
    top, middle, low = (_bare_name(found[level]) for level in ("class", "section", "item"))
    return Path((top, middle, low), (found["c1"], found["c2"], found["c3"]), *found.span())


def _skipped(text: str) -> int:
    ordinal = _ORDINAL.match(text) or _DIGITS_BEFORE_PATH.match(text)
    return ordinal.end() if ordinal else 0


def _bare_name(name: str | None) -> str | None:
    return name.lstrip('”"“‘《.—-–－、') or None if name else None


class SubjectReader:
    """The subjects of one document: those of the shelf, and the rows of its tables."""

    def __init__(
        self,
        rules: TextRules,
        grammar: TextGrammar,
        book: CodeBook,
        kind: Kind | None,
        items: Iterable[LineItem],
    ) -> None:
        self._rules, self._grammar, self._book = rules, grammar, book
        self._kind = kind
        self._known = rules.pattern_of(kind) if kind else None
        self._rows: dict[str, dict[str, str]] = defaultdict(dict)
        self._tables: dict[str, str] = {}
        self._measures: set[tuple[str, str, str]] = set()
        self._labels: dict[str, StatedSubject] = {}
        for item in items:
            row = item.row
            self._measures.add((row.table, item.column.side, item.column.measure))
            if row.scheme is Scheme.FUNCTIONAL and row.code and row.name and row.table in _FUNCTIONAL:
                self._rows[row.code].setdefault(_label(row.name), row.table)
                best = self._tables.get(row.code)
                if best is None or _FUNCTIONAL.index(row.table) < _FUNCTIONAL.index(best):
                    self._tables[row.code] = row.table
            if row.table == "basic_by_economic" and row.code and row.name:
                subject = StatedSubject("", None, row.table, Side.EXPENDITURE, row.scheme, row.code, row.name, "total")
                self._labels.setdefault(_label(row.name), subject)
            elif row.role is not RowRole.DETAIL and row.name and row.table == "basic_by_economic":
                subject = StatedSubject("", None, row.table, Side.EXPENDITURE, None, None, row.name, "total")
                self._labels.setdefault(_label(row.name), subject)

    def of_path(self, path: Path, words: str) -> StatedSubject:
        """The subject of a path, with the code of its row."""
        code = self.code_of(path)
        name = path.names[path.level - 1]
        return self._functional(words, code, name)

    def code_of(self, path: Path) -> str | None:
        """The code of a path: as printed, else that of its row, else that of the code book."""
        printed = path.printed_code
        if printed and len(printed) == 1 + 2 * path.level:
            return printed
        parent = ""
        for name in path.names[: path.level]:
            if name is None:
                return self._single(path)
            found = self._row_below(parent, name) or self._book.below(Scheme.FUNCTIONAL, parent, name)
            found = found or self._book.below(Scheme.FUNCTIONAL, parent, f"{name}支出")
            if found is None:
                alone = self._single(path)  # a section whose code is misprinted in one table is there twice
                top = path.names[0]
                return alone if alone and top and _same(top, self._rows.get(alone[:3], {})) else None
            parent = found
        return parent

    def _single(self, path: Path) -> str | None:
        """The one row of that level that bears the name, and the name above it where that is known."""
        name, above = path.names[path.level - 1], path.names[path.level - 2] if path.level > 1 else None
        found = {
            code
            for code, names in self._rows.items()
            if len(code) == 1 + 2 * path.level
            and _label(name or "") in names
            and (above is None or _same(above, self._rows.get(code[:-2], {})))
        }
        return next(iter(found)) if len(found) == 1 else None

    def _row_below(self, parent: str, name: str) -> str | None:
        length = len(parent) + 2 if parent else 3
        found = [
            code
            for code, names in self._rows.items()
            if len(code) == length and code.startswith(parent) and _same(name, names)
        ]
        return found[0] if len(found) == 1 else None

    def _functional(self, words: str, code: str | None, name: str | None) -> StatedSubject:
        table = self._tables.get(code) if code else None
        side = Side.EXPENDITURE if table != "revenue" else Side.REVENUE
        scheme = Scheme.ECONOMIC if code and code.startswith("3") else Scheme.FUNCTIONAL
        if table is None:
            return StatedSubject(words, None, None, None, scheme, code, name, None)
        return StatedSubject(words, None, table, side, scheme, code, name, "total")

    def read(
        self, text: str, start: int, end: int, path: Path | None, *, basic: bool
    ) -> tuple[StatedSubject, int] | None:
        """The subject that the words right before `end` name, and where its words begin.

        None where they name nothing by themselves.

        Args:
            text: The plain paragraph.
            start: Where the words may begin.
            end: Where they end.
            path: The names that earlier headings said.
            basic: Whether the section speaks of basic expenditure, so that its items are those of that table.
        """
        found = find_path(text, start, end)
        if found is not None and not self._names(text[found.end : end]):
            return self._of_found(found, text, start, path)
        end = start + len(text[start:end].rstrip(":,，、"))
        begin = start + _skipped(text[start:end])
        lead = self._grammar.lead.match(text, begin, end)
        begin = lead.end() if lead else begin
        if self._known and (match := self._known.search(text, start, end)):
            name = next(key for key, value in match.groupdict().items() if value is not None)
            subject = self._rules.subjects[name.removeprefix("s_")]
            cell = self._cell(subject.id)
            return replace(cell, words=_quoted(match[name]), id=subject.id), match.start()
        if self._grammar.empty.fullmatch(text, begin, end):
            return None
        coded = _CODE.search(text, begin, end)
        words = self._words(text[begin:end])
        if coded and self._book.names_of(_scheme(coded["code"]), coded["code"][:3]):
            name = self._words(text[coded.end() : end].lstrip("-—")) or self._words(text[begin : coded.start()])
            return self._functional(words or coded["code"], coded["code"], name or None), begin
        if not words:
            return None
        code = next((code for code, names in self._rows.items() if len(code) == 3 and _same(words, names)), None)
        if code is not None:
            return self._functional(words, code, words), begin
        if basic and (row := self._labels.get(words)):
            return replace(row, words=words), begin
        if not _LEAST <= len(words) <= _MOST or not _CJK.search(words):
            return None
        return StatedSubject(words, name=words), begin

    def coded_heading(self, text: str) -> StatedSubject | None:
        """What a paragraph is about that begins with a name and its code in brackets."""
        found = _CODED_HEADING.match(text, _skipped(text))
        if found is None or not self._book.names_of(Scheme.FUNCTIONAL, found["code"][:3]):
            return None
        return self._functional(found["name"], found["code"], found["name"])

    def within_fund(self, subject: StatedSubject, fund: str) -> StatedSubject:
        """What the words of a subject mean where a fund alone is spoken of: not the total of all funds."""
        if subject.id is None or _FUND.search(subject.words) or not self._kind:
            return subject
        cells = self._rules.subjects[subject.id].cells
        if not any(cell.table in _OF_ALL_FUNDS for cell in cells):
            return subject
        found = self._rules.subject_of_fund(subject.words, self._kind) if fund == "政府性基金" else None
        return replace(self._cell(found), words=subject.words) if found else StatedSubject(subject.words)

    def row_within(self, above: str, words: str) -> StatedSubject | None:
        """The one row below a class that the words name."""
        name = _label(_USED_FOR.sub("", words))
        found = [
            code
            for code, names in self._rows.items()
            if len(code) > len(above) and code.startswith(above) and name in names
        ]
        return self._functional(words, found[0], name) if len(found) == 1 else None

    def _of_found(self, found: Path, text: str, start: int, above: Path | None) -> tuple[StatedSubject, int]:
        """The subject of a path; a code right in front of it is its own."""
        words, begin = text[found.start : found.end], found.start
        if code := _CODE_BEFORE.search(text, start, found.start):
            top, middle, low = (code["code"] if number == found.level else None for number in (1, 2, 3))
            found, begin = replace(found, codes=(top, middle, low)), code.start("code")
            words = text[begin : found.end]
        return self.of_path(found.within(above), _trim(words)), begin

    def _names(self, text: str) -> bool:
        """Whether words that stand behind a path name something of their own."""
        return not self._grammar.link.fullmatch(text.strip('”"’》“＂科目')) and not self._grammar.empty.fullmatch(
            text.strip('”"’》“＂科目')
        )

    def _words(self, text: str) -> str:
        """The words of a noun phrase without what stands around it."""
        found = self._grammar.verb.search(text)
        text = text[: found.start()] or text if found else text
        if body := self._grammar.body.match(text):
            text = text[body.end() :]
        return _trim(text)

    def _cell(self, subject: str) -> StatedSubject:
        """The first cell of a subject of the shelf whose column the document prints."""
        for cell in self._rules.subjects[subject].cells:
            if (cell.table, cell.side, cell.measure) in self._measures or (
                cell.blank and (cell.table, cell.side, cell.blank) in self._measures
            ):
                name = cell.labels[0] if cell.labels else None
                return StatedSubject("", subject, cell.table, cell.side, None, None, name, cell.measure)
        return StatedSubject("", subject)


def _label(name: str) -> str:
    return without_ordinals(plain("".join(name.split())))


def _same(name: str, names: Iterable[str]) -> bool:
    """Whether a row bears the name, with 支出 behind it or without."""
    plain_name = _label(name).removesuffix("支出")
    return any(one.removesuffix("支出") == plain_name for one in names)


def _scheme(code: str) -> Scheme:
    return Scheme.ECONOMIC if code.startswith("3") else Scheme.FUNCTIONAL


def _clean(words: str) -> str:
    return words.strip('“”"‘’《》、，,:-—')


def _quoted(words: str) -> str:
    """The words with the quotation mark that stands right before them."""
    return f"“{words}" if words.count("”") > words.count("“") else words


def _trim(words: str) -> str:
    words = _clean(words)
    words = _CODE_WORD.sub("", _quoted(words))
    words = re.sub(r"\((?:科目)?(?:编码|代码)?:?\d{3,7}\)$", "", words)
    words = re.sub(r"\((?:项级科目|款级科目|类级科目|项|款|类|科目)\)$", "", words)
    return words.removesuffix("科目") if len(words) > 4 else words
