"""Statements that are not finished: what a value speaks of may stand behind it, and the whole of a part before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.knowledge.text_grammar import TextGrammar
from analysis.reading.text.printed_values import PrintedValue
from analysis.reading.text.stated_subjects import Path, SubjectReader
from analysis.terms.line_item import Kind, Phase
from analysis.terms.statement import NotUnderstood, StatedSubject, StatementRole

_BOUNDARY = frozenset("，。；;:,！!?？")
_LAST = 3
_PARTS_OF = re.compile(r"(?P<of>[^，。；:中]{2,20})中[:，,]")


@dataclass(slots=True)
class StatementDraft:
    """A statement that is not finished: what it speaks of may stand behind it."""

    value: PrintedValue
    role: StatementRole | None
    subject: StatedSubject | None
    start: int
    depth: int
    sentence: str
    named: bool = False
    number: int = 0
    of: "StatementDraft | None" = None
    whole: "StatementDraft | None" = None
    base_year: int | None = None
    base: str | None = None
    phase: Phase | None = None
    reason: NotUnderstood | None = None


@dataclass(slots=True)
class TextState:
    """What is known where a paragraph begins, and what it leaves behind for the next.

    Attributes:
        subjects: What values can be about.
        grammar: By which words.
        kind: Whether the document is a budget or final accounts.
        year: Its year, or that of the section.
        number: How many statements there are so far.
        path: The names of class, section and item that headings said.
        heading: What the paragraphs below a heading, or an item, speak of.
        basic: Whether the section is about basic expenditure.
        fund: The fund that the section is about alone, government-managed funds or the capital of the state.
        whole: The amount of which the following paragraphs state the parts.
    """

    subjects: SubjectReader
    grammar: TextGrammar
    kind: Kind | None
    year: int | None
    number: int = 0
    path: Path | None = None
    heading: StatedSubject | None = None
    basic: bool = False
    fund: str | None = None
    whole: StatementDraft | None = None


def join_drafts(found: Sequence[StatementDraft], text: str, state: TextState) -> None:
    """Join what belongs together: what is said of an amount, amounts said again, parts and their wholes."""
    currents = [one for one in found if one.role is StatementRole.CURRENT and one.subject]
    for draft in currents:
        first = next((one for one in currents if alike(one, draft)), draft)
        if first is not draft and not draft.named:
            draft.of = first
    for draft in found:
        if draft.of is None and draft.role in (StatementRole.BUDGET, StatementRole.PRIOR):
            same = [one for one in currents if alike(one, draft)]
            behind = [one for one in same if one.value.start > draft.value.start]
            draft.of = next(iter(behind or same), None)
        if draft.of is not None and draft.of.of is not None:
            draft.of = draft.of.of
    _join_parts(currents, text, state)


def _join_parts(currents: Sequence[StatementDraft], text: str, state: TextState) -> None:
    markers, depths = list(state.grammar.parts.finditer(text)), bracket_depths(text)

    def reaches(marker: re.Match[str], draft: StatementDraft) -> bool:
        # What a bracket says of its own parts ends with it.
        return marker.end() <= draft.start and min(depths[marker.end() : draft.start + 1]) >= depths[marker.start()]

    for draft in currents:
        start = text.rfind("。", 0, draft.start) + 1
        if named := _PARTS_OF.match(text, start, draft.start):
            # 本年收入中：甲…，乙…: the parts of what stands before under that name
            same = [one for one in currents if one.subject and one.value.end <= start and one.of is None]
            wholes = [one for one in same if one.subject and one.subject.words.endswith(named["of"])]
            if wholes:
                draft.whole = wholes[-1]
                continue
        marker = next((one for one in reversed(markers) if reaches(one, draft)), None)
        if marker is None:
            draft.whole = state.whole
            continue
        before = [one for one in currents if one.value.end <= marker.start() and one.depth <= draft.depth]
        draft.whole = next((one for one in reversed(before) if one.of is None), None) or state.whole
    if markers and len(text) - markers[-1].end() <= _LAST:
        before = [one for one in currents if one.value.end <= markers[-1].start() and one.of is None]
        # 具体情况如下 after several amounts speaks of all of them, and of none as a whole.
        of_all = len(before) > 1 and not markers[-1][0].startswith("其中")
        state.whole = before[-1] if before and not of_all else None


def words_begin(text: str, end: int, before: int) -> int:
    """Where the words begin that belong to a value: behind a mark, or an open bracket, or the value before."""
    depth, at = 0, end
    while at > before:
        char = text[at - 1]
        if char == ")":
            depth += 1
        elif char == "(":
            if not depth:
                return at
            depth -= 1
        elif not depth and char in _BOUNDARY:
            return at
        at -= 1
    return at


def bracket_depths(text: str) -> list[int]:
    """How many brackets are open at each letter."""
    depths, depth = [], 0
    for char in text:
        depth += char == "("
        depths.append(depth)
        depth -= char == ")" and depth > 0
    return [*depths, depth]


def alike(one: StatementDraft, other: StatementDraft) -> bool:
    """Whether two statements are about one thing."""
    return one.subject is not None and other.subject is not None and same_subject(one.subject, other.subject)


def same_subject(one: StatedSubject, other: StatedSubject) -> bool:
    """Whether two subjects are one: by the shelf, by their words, or by their code."""
    return (
        (one.id is not None and one.id == other.id)
        or one.words == other.words
        or (one.code is not None and one.code == other.code)
    )
