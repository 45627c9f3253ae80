"""The text of a document → all values that it states, each with its subject and its role.

A heading names what the paragraphs below it speak of. Nothing is computed or judged, and a value whose words tell
nothing says so.
"""

import re
from collections.abc import Iterable

from analysis.knowledge.text_grammar import TextGrammar
from analysis.reading.text.paragraph_statements import ParagraphReader
from analysis.reading.text.printed_values import ValueKind, plain, printed_values
from analysis.reading.text.stated_subjects import SubjectReader, find_path
from analysis.reading.text.statement_drafts import StatementDraft, TextState
from analysis.terms.document import Passage
from analysis.terms.line_item import Kind, Phase
from analysis.terms.statement import Statement, StatementRole

_SECTION = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+[、.])")
_PART = re.compile("^第")
_LONGEST_HEADING = 70
# A section or a sentence that speaks of these funds and of nothing before them.
_OF_FUND = re.compile(
    r"^[^。；;元]{0,40}?(?<!和)(?<!、)(?P<fund>政府性基金|国有资本经营)(?![^。；;元]*(?:一般公共|三公))"
)
_ORDINALS = re.compile(r"^(?:第?[一二三四五六七八九十]+(?:部分|[、.])|[(][一二三四五六七八九十\d]+[)]|\d{1,2}[、.])+")
_OTHER_FUND = re.compile(r"一般公共|公共预算|公共财政|三公|机关运行|政府采购")
_CHAPTER = re.compile(r"^[(][一二三四五六七八九十]+[)]")
_BEFORE_FUND = re.compile(r"一般公共|公共预算|公共财政|收入|支出|收支|三公|包括|其中")


def read_statements(
    passages: Iterable[Passage], subjects: SubjectReader, grammar: TextGrammar, kind: Kind | None, year: int | None
) -> tuple[Statement, ...]:
    """Every value that the paragraphs state, in order.

    Args:
        passages: The paragraphs of a document.
        subjects: What they can speak of.
        grammar: By which words.
        kind: Whether the document is a budget or final accounts; None where nobody can tell.
        year: The year of the document.
    """
    reader = _TextReader(TextState(subjects, grammar, kind, year))
    return tuple(statement for passage in _once(passages) for statement in reader.read(passage))


def _fund_of(heading: str) -> str | None:
    """The fund that a heading speaks of alone."""
    found = _OF_FUND.match(_ORDINALS.sub("", heading))
    return found["fund"] if found else None


def _once(passages: Iterable[Passage]) -> Iterable[Passage]:
    """The paragraphs without those of an item that were printed again around a page, where nobody sees them."""
    seen: dict[str, int | None] = {}
    for passage in passages:
        page = passage.place.page
        before = seen.get(passage.text)
        if before is not None and page is not None and page <= before + 1 and find_path(plain(passage.text), 0, 80):
            continue
        seen[passage.text] = page
        yield passage


class _TextReader:
    """Walks the paragraphs and keeps what the headings above said."""

    def __init__(self, state: TextState) -> None:
        self.state = state
        self._year = state.year
        self._by_part: bool | None = None  # whether a part or a chapter tells of a year of its own; None for neither

    def read(self, passage: Passage) -> list[Statement]:
        """The statements of a paragraph; one without any may be a heading."""
        text = plain(passage.text)
        values = list(printed_values(text, self.state.grammar))
        if _SECTION.match(text):
            self._begin(text)
        if not any(one.kind is not ValueKind.BARE for one in values) and len(text) <= _LONGEST_HEADING:
            self._head(text)
        paragraph = ParagraphReader(self.state, text, values)
        drafts = paragraph.drafts()
        if paragraph.item is not None:
            self.state.heading = paragraph.item
        return [self._finish(self._within_fund(draft, text), passage) for draft in drafts]

    def _within_fund(self, draft: StatementDraft, text: str) -> StatementDraft:
        """The statement with the subject that its words name where its sentence or section is about a fund alone."""
        first, start = text.partition("。")[0], text.rfind("。", 0, draft.value.start) + 1
        sentence = text[start : draft.value.start]
        here = first if start and not _OTHER_FUND.search(sentence) else sentence
        found = _OF_FUND.match(_ORDINALS.sub("", here))
        fund = found["fund"] if found and not _BEFORE_FUND.search(found[0]) else self.state.fund
        if draft.subject is not None and fund:
            draft.subject = self.state.subjects.within_fund(draft.subject, fund)
        return draft

    def _begin(self, text: str) -> None:
        self.state.path, self.state.heading, self.state.whole = None, None, None
        self.state.basic = "基本支出" in text
        self.state.fund = _fund_of(text)
        self._begin_year(text)

    def _begin_year(self, text: str) -> None:
        """The year of which a part or chapter tells, in a report of one year's execution and another's budget."""
        part = _PART.match(text) is not None
        if self._by_part and not part:
            return
        self.state.year, self._by_part = self._year, None
        said = self.state.grammar.section_year.search(text) if len(text) <= _LONGEST_HEADING else None
        if (
            said
            and self._year is not None
            and self.state.kind is not Kind.FINAL
            and int(said["year"]) == self._year - 1
        ):
            self.state.year, self._by_part = int(said["year"]), part

    def _head(self, text: str) -> None:
        path = find_path(text, 0, len(text))
        if path is not None:
            self.state.path = path.within(self.state.path)
            self.state.heading = self.state.subjects.of_path(self.state.path, text[path.start : path.end])
        elif "元" not in text:
            if _CHAPTER.match(text):
                self.state.fund = _fund_of(text)
            found = self.state.subjects.read(
                text, 0, len(text.rstrip("。:;；")), self.state.path, basic=self.state.basic
            )
            self.state.heading = found[0] if found and (found[0].id or found[0].code) else None
        if "基本支出" in text:
            self.state.basic = True

    def _finish(self, draft: StatementDraft, passage: Passage) -> Statement:
        back = 1 if draft.role is StatementRole.PRIOR else 0
        phase = draft.phase or self._phase(draft.role, passage.text[draft.start : draft.value.start])
        value = draft.value
        return Statement(
            number=draft.number,
            passage=passage.number,
            start=draft.start,
            end=value.end,
            sentence=draft.sentence,
            subject=draft.subject,
            role=draft.role,
            value=value.value,
            printed=value.printed,
            unit=value.unit,
            fiscal_year=self.state.year - back if self.state.year is not None else None,
            phase=phase,
            of=draft.of.number if draft.of else None,
            whole=draft.whole.number if draft.whole else None,
            base_year=draft.base_year,
            base=draft.base,
            reason=draft.reason,
            place=passage.place,
        )

    def _phase(self, role: StatementRole | None, words: str) -> Phase | None:
        if self.state.kind is None:
            return None
        if role is StatementRole.BUDGET:
            return Phase.APPROVED
        if self._by_part is not None or "决算" in words:
            return Phase.EXECUTED
        return Phase.APPROVED if self.state.kind is Kind.BUDGET else Phase.EXECUTED
