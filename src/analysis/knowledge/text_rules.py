"""What the text must obey, and what its sentences speak of in the words of each family of forms.

The rules (`text_rules.toml`) are the same everywhere. The subjects of sentences, with the cells that print the same,
are a family's own (`forms/<family>/text.toml`): a sentence is never held against a table by the words of another place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analysis.errors import KnowledgeError
from analysis.knowledge.families import Families
from analysis.knowledge.load import Shape, compiled, read_shape, shelf, to_shape
from analysis.knowledge.names import measures, tables
from analysis.knowledge.text_grammar import text_grammar
from analysis.terms.finding import Severity
from analysis.terms.line_item import Kind, RowRole, Side

FILE = "text.toml"
# What may stand right before a subject that is not clear by itself: nothing, a mark, the name of a body, a year, 安排,
# 包括, the amount of what was told before with a word that joins them.
_BEFORE = (
    r"(?:(?<=元[和及与])|(?<=包括)|"
    r"(?<![^，。；：:;、\s局委办院会处馆校所镇乡街道厅室站队团社园部心司度年中门位比排.．)”“\"0-9]))"
)


class CellReference(Shape, frozen=True):
    """A cell that prints the same figure as a sentence: its table and side, its row by role or label, its column.

    `blank` is the column that must be printed in the same row for a blank here to be a 0; None where a blank tells
    nothing.
    """

    table: str
    side: Side
    measure: str
    role: RowRole | None = None
    labels: tuple[str, ...] = ()
    blank: str | None = None

    def in_column(self, measure: str) -> "CellReference":
        """The cell of the same row in another column."""
        return CellReference(table=self.table, side=self.side, measure=measure, role=self.role, labels=self.labels)


class _Subject(Shape, frozen=True):
    id: str
    kind: Kind
    zh: str
    en: str
    pattern: str
    before: Literal["any"] | None = None
    fund: bool = False
    within: tuple[str, ...] = ()
    summary: bool = False
    cells: tuple[CellReference, ...] = ()


class _Sum(Shape, frozen=True):
    whole: str
    parts: tuple[str, ...]


class _Bound(Shape, frozen=True):
    part: str
    whole: str


class _Note(Shape, frozen=True):
    table: str
    zh: str
    pattern: re.Pattern[str]
    required: bool = False


class _ToldFact(Shape, frozen=True):
    kind: Kind
    zh: str
    en: str
    pattern: re.Pattern[str]


class _Text(Shape, frozen=True):
    subjects: tuple[_Subject, ...] = ()
    sums: tuple[_Sum, ...] = ()
    bounds: tuple[_Bound, ...] = ()
    notes: tuple[_Note, ...] = ()
    disclosures: tuple[_ToldFact, ...] = ()


class _TextRuleEntry(Shape, frozen=True):
    severity: Severity
    kinds: tuple[Kind, ...]
    zh: str
    en: str
    source: str


class _Changes(Shape, frozen=True):
    more: tuple[str, ...]
    less: tuple[str, ...]
    same: tuple[str, ...]


class _TextRulesFile(Shape, frozen=True):
    kinds_of_change: _Changes
    legitimate_doubles: tuple[str, ...]
    common_items: tuple[str, ...]
    rules: Mapping[str, _TextRuleEntry]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an amount in the text is: words in two languages, its pattern, the cells that print it too."""

    id: str
    kind: Kind
    zh: str
    en: str
    pattern: str
    fund: bool
    within: tuple[str, ...]
    summary: bool
    cells: tuple[CellReference, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """The note of an empty table: which table, how it is called, what names it, and whether it has to be there."""

    table: str
    zh: str
    pattern: re.Pattern[str]
    required: bool


@dataclass(frozen=True, slots=True)
class ToldFact:
    """What the text of a document has to tell: its words in two languages, and what shows that it does."""

    kind: Kind
    zh: str
    en: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class TextRule:
    """One rule: how grave, for which documents, its sentence in two languages, and where it comes from."""

    id: str
    severity: Severity
    kinds: tuple[Kind, ...]
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class TextRules:
    """The rules, the words that the wording rules need, and the subjects of one family."""

    subjects: Mapping[str, Subject]
    rules: Mapping[str, TextRule]
    sums: tuple[tuple[str, tuple[str, ...]], ...]
    bounds: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    disclosures: tuple[ToldFact, ...]
    signs: Mapping[str, int]
    doubles: frozenset[str]
    common_items: frozenset[str]

    patterns: Mapping[Kind, re.Pattern[str]]
    of_fund: Mapping[Kind, re.Pattern[str]]

    def subject_in(self, words: str, kind: Kind) -> str | None:
        """The id of the subject that some words name, as they stand or with 支出 or 预算 behind them."""
        for text in (words, f"{words}支出", f"{words}预算", f"{words}合计"):
            if match := self.patterns[kind].fullmatch(text.strip()):
                return next(key for key, value in match.groupdict().items() if value is not None).removeprefix("s_")
        return None

    def subject_of_fund(self, words: str, kind: Kind) -> str | None:
        """The id of the subject that words name in a sentence on the government-managed funds."""
        match = self.of_fund[kind].fullmatch(words)
        return match.lastgroup.removeprefix("s_") if match and match.lastgroup else None

    def pattern_of(self, kind: Kind) -> re.Pattern[str]:
        """What names a subject of documents of that kind at the end of a piece of text: a group `s_<id>` for each."""
        return self.patterns[kind]


def load_text_rules(families: Families) -> Mapping[str, TextRules]:
    """The rules with the subjects of each family, by family; a family takes over those of the one that it extends.

    Raises:
        KnowledgeError: An entry is malformed, or names what there is not; the message names file and entry.
    """
    rules = _rules()
    own = {name: _text(name, families) for name in families.by_id}
    return {
        name: _joined([own[one] for one in families.lineage(name)], rules, f"{name}/{FILE}") for name in families.by_id
    }


def to_text_rules(text: str, where: str = FILE) -> TextRules:
    """The rules with the subjects that a text in TOML declares.

    Raises:
        KnowledgeError: As `load_text_rules`.
    """
    return _joined([to_shape(text, _Text, where)], _rules(), where)


@cache
def _rules() -> _TextRulesFile:
    return read_shape(shelf("text_rules.toml"), _TextRulesFile)


def text_rule_sentences() -> Mapping[str, str]:
    """What each rule says, by its id, with what is filled in in braces."""
    return {name: rule.zh for name, rule in _rules().rules.items()}


def _text(family: str, families: Families) -> _Text:
    file = families.folders[family].joinpath(FILE)
    return read_shape(file, _Text, f"{family}/{FILE}") if file.is_file() else _Text()


def _joined(texts: Sequence[_Text], shared: _TextRulesFile, where: str) -> TextRules:
    # What a family says itself stands before what it takes over.
    entries: dict[str, _Subject] = {}
    for text in texts:
        if len({entry.id for entry in text.subjects}) != len(text.subjects):
            raise KnowledgeError(f"{where}: an id of a subject is used twice")
        entries = {entry.id: entry for entry in text.subjects} | entries
    subjects = {entry.id: _subject(entry, where) for entry in entries.values()}
    sums = tuple((entry.whole, entry.parts) for text in texts for entry in text.sums)
    bounds = tuple((entry.part, entry.whole) for text in texts for entry in text.bounds)
    named = {name for whole, parts in sums for name in (whole, *parts)} | {name for pair in bounds for name in pair}
    named |= {name for subject in subjects.values() for name in subject.within}
    if unknown := named - set(subjects):
        raise KnowledgeError(f"{where}: unknown subjects {', '.join(sorted(unknown))}")
    notes: dict[str, _Note] = {}
    for text in texts:
        notes = {entry.table: entry for entry in text.notes} | notes
    changes = shared.kinds_of_change
    return TextRules(
        subjects=subjects,
        rules={
            name: TextRule(name, rule.severity, rule.kinds, rule.zh, rule.en, rule.source)
            for name, rule in shared.rules.items()
        },
        sums=sums,
        bounds=bounds,
        notes=tuple(Note(one.table, one.zh, one.pattern, one.required) for one in notes.values()),
        disclosures=tuple(
            ToldFact(one.kind, one.zh, one.en, one.pattern) for text in texts for one in text.disclosures
        ),
        signs={
            word: sign for words, sign in ((changes.more, 1), (changes.less, -1), (changes.same, 0)) for word in words
        },
        doubles=frozenset(shared.legitimate_doubles),
        common_items=frozenset(shared.common_items),
        patterns={kind: _pattern([one for one in subjects.values() if not one.fund], kind) for kind in Kind},
        of_fund={kind: _pattern([one for one in subjects.values() if one.fund], kind) for kind in Kind},
    )


def _pattern(subjects: Iterable[Subject], kind: Kind) -> re.Pattern[str]:
    # Where several begin at one place, the longer words are meant.
    of_kind = sorted((one for one in subjects if one.kind is kind), key=lambda one: -len(one.pattern))
    named = "|".join(f"(?P<s_{subject.id}>{subject.pattern})" for subject in of_kind)
    return re.compile(f"(?:{named or '(?!)'})(?:{text_grammar().link.pattern})$")


def _subject(entry: _Subject, where: str) -> Subject:
    pattern = f"{'' if entry.before else _BEFORE}(?:{entry.pattern})"
    compiled(pattern, f"{where}, {entry.id}", entry.pattern)
    for cell in entry.cells:
        if cell.table not in tables() or not {cell.measure, cell.blank or cell.measure} <= set(measures()):
            raise KnowledgeError(f"{where}, {entry.id}: a cell of an unknown table or measure")
    return Subject(
        entry.id, entry.kind, entry.zh, entry.en, pattern, entry.fund, entry.within, entry.summary, entry.cells
    )
