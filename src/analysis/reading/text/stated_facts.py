"""What the notes beside the tables state: a number with its unit, and the words right before it that say of what.

The subjects and the grammar are `knowledge/facts.toml`; nothing is computed. A number whose words name no subject is
left alone: it belongs to the items and sentences of the accounts, or to nobody. What is stated twice alike counts once,
with the comparison where one of the two has it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import zip_longest

from analysis.extraction.layout.blocks import TextLine
from analysis.extraction.layout.joined_lines import JoinedLines
from analysis.knowledge.fact_subjects import FactScope, FactSubject, FactWords, fact_words
from analysis.terms.document import Cover
from analysis.terms.label import CHAPTER, NUMERAL, squeeze
from analysis.terms.line_item import Kind, Phase
from analysis.terms.money import Unit, is_recordable, parse_amount, to_yuan
from analysis.terms.stated_fact import StatedFact

_NUMBER = r"(?P<number>-?\d[\d,]*(?:\.\d+)?)"
_NO_NUMBER_BEFORE = r"(?<![\d.,第\-])"
_HEADING = re.compile(rf"(?:{CHAPTER}|[(（](?:{NUMERAL}|\d+)[)）]、?)")
_HEADING_SENTENCE = re.compile(
    rf"(?:其中：)?(?:(?:{NUMERAL}|\d+)[、.．]|[(（](?:{NUMERAL}|\d+)[)）])[^，。；：、\d]{{2,24}}。"
)
_SENTENCE_ENDS = ("。", "！", "？")
_LEADING_YEAR = re.compile(r"[^，。；：]{0,4}?(\d{4})年")
_YEAR = re.compile(r"(\d{4})年")
# How far back the words before a number are looked at, and how far behind it a comparison begins.
_BACK, _AHEAD = 80, 90
_MOST = Decimal(10) ** 14
_MONEY = "money"


def read_stated_facts(runs: Iterable[Sequence[TextLine]], cover: Cover) -> tuple[StatedFact, ...]:
    """The facts of a document in the order of its text, each once.

    Args:
        runs: Its lines outside tables, in runs with no table between them.
        cover: What the document says of itself: what the text leaves open is of its year and kind.
    """
    found: dict[tuple[object, ...], StatedFact] = {}
    for run in runs:
        for fact in _facts_of_run(run, cover):
            key = fact.subject, fact.fiscal_year, fact.phase, fact.as_of, fact.value
            if key not in found or (found[key].direction is None and fact.direction is not None):
                found[key] = fact
    return tuple(found.values())


def _facts_of_run(run: Sequence[TextLine], cover: Cover) -> Iterator[StatedFact]:
    as_of: date | None = None
    of_assets = False
    for stretch in _stretches(run):
        if _HEADING.match(stretch.text):
            as_of, of_assets = None, False
        reader = _StretchReader(stretch, cover, as_of, of_assets)
        yield from reader.facts()
        as_of, of_assets = reader.as_of, reader.of_assets


def _stretches(lines: Sequence[TextLine]) -> Iterator[JoinedLines]:
    """The lines joined to where a sentence ends with its line or a heading begins; blank lines part nothing."""
    gathered: list[TextLine] = []
    for line in lines:
        words = squeeze(line.text)
        if gathered and _HEADING.match(words) and not squeeze(gathered[-1].text).endswith(("，", ",", "、")):
            yield JoinedLines.of(gathered)
            gathered = []
        if words:
            gathered.append(line)
        if gathered and words.endswith(_SENTENCE_ENDS):
            yield JoinedLines.of(gathered)
            gathered = []
    if gathered:
        yield JoinedLines.of(gathered)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns that are made of the words of `facts.toml`.

    `labels` tells, by the kind of a unit, whether any subject's label ends before a number, `subjects` which.
    """

    words: FactWords
    quantity: re.Pattern[str]
    link: re.Pattern[str]
    labels: dict[str, re.Pattern[str]]
    subjects: dict[str, tuple[tuple[FactSubject, re.Pattern[str]], ...]]
    kinds: dict[str, tuple[str, ...]]


@cache
def _grammar() -> _Grammar:
    words = fact_words()
    kinds: dict[str, list[str]] = {}
    for unit in words.unit:
        for printed in unit.printed:
            kinds.setdefault(printed, []).append(unit.kind)
    units = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    subjects = {unit.kind: tuple(one for one in words.subject if one.unit == unit.kind) for unit in words.unit}
    return _Grammar(
        words,
        re.compile(rf"{_NO_NUMBER_BEFORE}{_NUMBER}(?P<unit>{units})(?!元|{words.threshold.pattern})"),
        re.compile(rf"[，,]?{words.link}"),
        {
            kind: re.compile(f"(?:{'|'.join(one.label.pattern for one in ones)}){words.link}$")
            for kind, ones in subjects.items()
            if ones
        },
        {
            kind: tuple((one, re.compile(f"(?:{one.label.pattern}){words.link}$")) for one in ones)
            for kind, ones in subjects.items()
        },
        {printed: tuple(found) for printed, found in kinds.items()},
    )


@dataclass(frozen=True, slots=True)
class _Stated:
    """A subject with its value where they stand in a stretch."""

    subject: FactSubject
    suffix: str
    said: str
    quantity: re.Match[str]


class _StretchReader:
    """One stretch of text, read from left to right.

    `as_of` is the day for which its values hold; `of_assets` whether it tells what is owned.
    """

    def __init__(self, stretch: JoinedLines, cover: Cover, as_of: date | None, of_assets: bool) -> None:
        self.as_of = as_of
        self.of_assets = of_assets or _grammar().words.assets.search(stretch.text) is not None
        self._stretch, self._cover, self._text = stretch, cover, stretch.text
        self._grammar = _grammar()

    def facts(self) -> Iterator[StatedFact]:
        for start, end in _sentences(self._text):
            sentence = self._text[start:end]
            if named := self._grammar.words.as_of.search(sentence):
                self.as_of = _to_date(named)
            elif _LEADING_YEAR.match(sentence):
                self.as_of = None
            yield from self._none(start, sentence)
            stated = list(self._stated(start, end))
            whole: Phase | None = None
            told = start
            for one, following in zip_longest(stated, stated[1:]):
                limit = following.quantity.start() if following else len(self._text)
                own = self._said_phase(one.said)
                if own is not None or "其中" not in self._text[told : one.quantity.start()]:
                    whole = own
                    told = one.quantity.end()
                if (fact := self._to_fact(one, start, sentence, limit, whole)) is not None:
                    yield fact

    def _none(self, start: int, sentence: str) -> Iterator[StatedFact]:
        """What the sentence says that there is none of."""
        if any(char.isdigit() for char in _YEAR.sub("", sentence)) and "。" not in sentence:
            return
        for subject in self._grammar.words.subject:
            if subject.none is None or not (words := subject.none.search(sentence)):
                continue
            yield self._fact(
                subject.id,
                Decimal(0),
                subject,
                words[0],
                self._phase(words[0]),
                self._year(sentence, words[0]),
                sentence,
                start + words.start(),
            )

    def _stated(self, start: int, end: int) -> Iterator[_Stated]:
        before: _Stated | None = None
        for quantity in self._grammar.quantity.finditer(self._text, start, end):
            stated = self._named(quantity, start, end) or self._going_on(before, quantity)
            if stated is None:
                continue
            before = stated
            yield stated

    def _named(self, quantity: re.Match[str], start: int, end: int) -> _Stated | None:
        """The value with the subject that the words right before it name."""
        words = self._text[max(start, quantity.start() - _BACK) : quantity.start()]
        found: list[tuple[int, FactSubject, str]] = []
        for kind in self._grammar.kinds[quantity["unit"]]:
            if kind in self._grammar.labels and self._grammar.labels[kind].search(words):
                for subject, label in self._grammar.subjects[kind]:
                    if match := label.search(words):
                        found.append((match.start(), subject, match[0]))
        for _, subject, said in sorted(found, key=lambda one: one[0]):
            sentence = self._with_its_whole(start, end)
            scope = self._scope(subject, self._text[start : quantity.start()])
            if (
                (subject.after is None or subject.after.match(self._text, quantity.end()))
                and (subject.context is None or subject.context.search(sentence))
                and not (subject.dated and scope is None and self.as_of is None and not self.of_assets)
            ):
                return _Stated(subject, f"_{scope.suffix}" if scope else "", said, quantity)
        return None

    def _with_its_whole(self, start: int, end: int) -> str:
        """A sentence, with the one before it where it goes on with 其中."""
        if self._text.startswith("其中", start) and start:
            start = self._text.rfind("。", 0, start - 1) + 1
        return self._text[start:end]

    def _going_on(self, before: _Stated | None, quantity: re.Match[str]) -> _Stated | None:
        """A second value of the same subject: 年初预算为0.95万元，支出决算为0.00万元."""
        if before is None or before.subject.unit not in self._grammar.kinds[quantity["unit"]]:
            return None
        between = self._text[before.quantity.end() : quantity.start()]
        if not between.strip("，,") or not self._grammar.link.fullmatch(between):
            return None
        return _Stated(before.subject, before.suffix, between, quantity)

    def _scope(self, subject: FactSubject, said: str) -> FactScope | None:
        for scope in self._grammar.words.scope:
            if scope.subjects.fullmatch(subject.id) and scope.within.search(said):
                return scope
        return None

    def _to_fact(
        self, stated: _Stated, start: int, sentence: str, limit: int, whole: Phase | None
    ) -> StatedFact | None:
        """The fact; what is listed as parts (其中) is of the phase of their whole."""
        quantity = stated.quantity
        value = _value(quantity, stated.subject)
        if value is None:
            return None
        fact = self._fact(
            stated.subject.id + stated.suffix,
            value,
            stated.subject,
            quantity[0],
            whole or self._phase(stated.said),
            self._year(self._text[start : quantity.end()], stated.said),
            sentence,
            quantity.start(),
        )
        return self._compared(fact, quantity, stated.subject, limit)

    def _fact(
        self,
        identifier: str,
        value: Decimal,
        subject: FactSubject,
        printed: str,
        phase: Phase,
        year: int | None,
        sentence: str,
        offset: int,
    ) -> StatedFact:
        as_of = self.as_of if subject.dated and identifier == subject.id else None
        return StatedFact(
            subject=identifier,
            value=value,
            unit="元" if subject.unit == _MONEY else subject.unit,
            printed=printed,
            as_of=as_of,
            fiscal_year=as_of.year if as_of else year,
            phase=Phase.EXECUTED if as_of else phase,
            direction=None,
            change=None,
            change_percent=None,
            compared_year=None,
            sentence=sentence,
            place=self._stretch.place_at(offset),
        )

    def _said_phase(self, said: str) -> Phase | None:
        """The phase that the words of a value name."""
        words = self._grammar.words
        if words.executed.search(said) and not words.approved.search(said):
            return Phase.EXECUTED
        return Phase.APPROVED if words.approved.search(said) else None

    def _phase(self, said: str) -> Phase:
        budget = self._cover.kind is None or self._cover.kind is Kind.BUDGET
        return self._said_phase(said) or (Phase.APPROVED if budget else Phase.EXECUTED)

    def _year(self, sentence: str, said: str) -> int | None:
        if named := _YEAR.search(said) or _LEADING_YEAR.match(sentence):
            return int(named[1])
        return self._cover.year

    def _compared(self, fact: StatedFact, quantity: re.Match[str], subject: FactSubject, limit: int) -> StatedFact:
        """The fact with what the words behind it compare it to."""
        words = self._grammar.words
        tail = self._text[quantity.end() : min(limit, quantity.end() + _AHEAD)]
        named = words.comparison.search(tail)
        if named is None or not self._of_one_breath(tail[: named.start()]):
            return fact
        decreases = -1 if words.decrease.search(named["direction"]) else 1
        year = self._compared_year(named["year"] or "", fact.fiscal_year or 0)
        by = self._grammar.quantity.match(tail, named.end())
        if by and subject.unit not in self._grammar.kinds[by["unit"]]:
            return fact  # 接待20批次，支出1.5万元，比上年减少0.2万元
        percent = words.percent.search(tail, named.start("direction"))
        return _with_change(
            fact,
            named["direction"],
            year if year > 0 else None,
            (_value(by, subject) if by else None),
            decreases * Decimal(percent["percent"]) if percent else None,
        )

    def _of_one_breath(self, between: str) -> bool:
        """Whether a comparison is still of the value: a sentence of its own begins with it, or with link words."""
        _, stopped, rest = between.rpartition("。")
        return not stopped or self._grammar.link.fullmatch(rest) is not None

    def _compared_year(self, named: str, year: int) -> int:
        if named[:4].isdigit():
            return int(named[:4])
        return year if self._grammar.words.within_year.match(named) else year - 1


def _with_change(
    fact: StatedFact, direction: str, year: int | None, change: Decimal | None, percent: Decimal | None
) -> StatedFact:
    return replace(fact, direction=direction, compared_year=year, change=change, change_percent=percent)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a heading that ends with a full stop belongs to the sentence behind it."""
    start = 0
    for end in (match.end() for match in re.finditer("[。！？]", text)):
        if _HEADING_SENTENCE.fullmatch(text, start, end):
            continue
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _to_date(named: re.Match[str]) -> date | None:
    year, month, day = int(named["year"]), int(named["month"] or 12), named["day"]
    try:
        if day is not None:
            return date(year, month, int(day))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def _value(quantity: re.Match[str], subject: FactSubject) -> Decimal | None:
    """The number in the unit that it is kept in; None where it is no number, or too large for one."""
    number = parse_amount(quantity["number"])
    if number is None:
        return None
    if subject.unit == _MONEY:
        printed = "万元" if quantity["unit"] == "万" else quantity["unit"]
        yuan = to_yuan(number, next(unit for unit in Unit if unit.zh == printed))
        return yuan if is_recordable(yuan) else None
    return number if abs(number) < _MOST else None
