"""What the text says in figures: sentences → statements, as frozen values with their place and exact words.

A statement is a subject of the shelf with an amount, and what the same sentence says of it: a comparison with an
earlier year, its share of a whole, how much of a budget was carried out. Each part is read where it follows directly;
what stands in other words is not read, and so never wrongly. Nothing is computed or judged here.

Patterns look at the text with brackets, colons and digits half-width, letter for letter, so that every statement can
quote its words as printed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from analysis.balancing.text.stated_amounts import AMOUNT, Percent, StatedAmount, matched_amount
from analysis.knowledge.text_rules import Subject, TextRules
from analysis.terms.document import Passage
from analysis.terms.line_item import Kind

_PERCENT = r"(?P<{0}>\d+(?:\.\d+)?)%"
_LINK = r"(?:预算数|决算数|预算|决算|数)?(?:安排)?(?:为|是|共计|共|达)?:?"
_MARKER = re.compile(r"其中[:，]?|以下方面:?|包括:")
_ITEM_START = re.compile(
    r"(?:[(]?\d{1,3}[)]?[.、]?[“\"‘《]?|[“\"‘《])[^“”\"。;；(]{2,30}?\((?:\d{3})?类\)[^\d，。；]*\((?:\d\d)?款\)"
)
_HALF_WIDTH = str.maketrans(
    {"（": "(", "）": ")", "：": ":", "％": "%", "．": "."} | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)


@dataclass(frozen=True, slots=True)
class StatedChange:
    """A comparison with an earlier year; `sign` is None where the words leave it open (增加（减少）).

    `end` is where its words end in the text that they were read from.
    """

    words: str
    end: int
    base_year: int | None
    base_word: str
    direction: str
    sign: int | None
    amount: StatedAmount | None
    percent: Percent | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a whole; `of` is the subject that the words name, None where it is the whole that stands before."""

    words: str
    of: str | None
    percent: Percent


@dataclass(frozen=True, slots=True)
class Execution:
    """How a budget was carried out: the budget that was stated, and the rate."""

    words: str
    budget: StatedAmount | None
    rate: Percent | None


@dataclass(frozen=True, slots=True)
class Statement:
    """An amount of a subject, or of a class of the functional classification, in one paragraph.

    `whole` is the place in the paragraph's list of the statement that this one is a stated part of.
    """

    passage: Passage
    subject: Subject | None
    class_name: str | None
    words: str
    amount: StatedAmount
    change: StatedChange | None
    share: Share | None
    execution: Execution | None
    whole: int | None

    @property
    def name(self) -> str:
        """What the amount is, in Chinese."""
        return self.subject.zh if self.subject else f"{self.class_name}（类）"


@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """The text letter for letter with half-width brackets, colons, points, percent signs and digits."""
    return text.translate(_HALF_WIDTH)


def is_item(passage: Passage) -> bool:
    """Whether the paragraph is a numbered item with its path of class, section and item."""
    return _ITEM_START.match(plain(passage.text)) is not None


def passage_to_statements(passage: Passage, kind: Kind, rules: TextRules) -> tuple[Statement, ...]:
    """The statements of a paragraph in the order in which they stand."""
    text = plain(passage.text)
    if not any(unit in text for unit in ("万元", "亿元", "元")) or is_item(passage):
        return ()
    found = list(_read(passage, text, kind, rules))
    markers = [match.end() for match in _MARKER.finditer(text)]
    placed = [(start, _with_whole(statement, start, found, markers)) for start, statement in found]
    return _kept([statement for _, statement in placed])


def text_to_change(text: str, rules: TextRules, start: int = 0) -> StatedChange | None:
    """The first comparison with an earlier year in the text from `start` on."""
    match = _change(rules).search(plain(text), start)
    return _to_change(match, text, rules) if match else None


def _read(passage: Passage, text: str, kind: Kind, rules: TextRules) -> Iterator[tuple[int, Statement]]:
    for match in _heads(kind, rules).finditer(text):
        amount = matched_amount(match, "amount")
        name = next((key for key, value in match.groupdict().items() if value and key.startswith("s_")), None)
        if amount is None or (name is None and not match["class_name"]):
            continue
        share, change = _following(text, passage.text, match.end(), rules)
        budget, rate = matched_amount(match, "budget"), match["rate"]
        execution = Execution(passage.text[match.start() : match.end()], budget, Percent(rate) if rate else None)
        yield (
            match.start(),
            Statement(
                passage=passage,
                subject=rules.subjects[name.removeprefix("s_")] if name else None,
                class_name=match["class_name"],
                words=passage.text[match.start() : match.end("amount_unit")],
                amount=amount,
                change=change,
                share=share,
                execution=execution if budget or rate else None,
                whole=None,
            ),
        )


def _following(text: str, printed: str, at: int, rules: TextRules) -> tuple[Share | None, StatedChange | None]:
    """The share and the comparison that follow an amount directly, in either order."""
    share = change = None
    for _ in range(2):
        if share is None and (found := _SHARE.match(text, at)):
            share = Share(printed[found.start("words") : found.end()], found["of"], Percent(found["share"]))
            at = found.end()
        if change is None and (found := _change(rules).match(text, at)):
            change = _to_change(found, printed, rules)
            at = found.end()
    return share, change


def _with_whole(
    statement: Statement, start: int, found: Sequence[tuple[int, Statement]], markers: Sequence[int]
) -> Statement:
    marker = max((at for at in markers if at <= start), default=None)
    if marker is None:
        return statement
    before = [number for number, (at, _) in enumerate(found) if at < marker]
    return replace(statement, whole=before[-1] if before else None)


def _kept(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements without those whose subject means something only as a part of another that is not there."""
    kept: list[Statement] = []
    places: dict[int, int] = {}
    for number, statement in enumerate(statements):
        whole = statement.whole
        of = statements[whole].subject if whole is not None else None
        if statement.subject and statement.subject.within and (of is None or of.id not in statement.subject.within):
            continue
        places[number] = len(kept)
        kept.append(replace(statement, whole=None if whole is None else places.get(whole)))
    return tuple(kept)


@cache
def _heads(kind: Kind, rules: TextRules) -> re.Pattern[str]:
    """A subject or a class with its amount; where a budget stands before it, both, and the rate behind it."""
    subjects = "|".join(f"(?P<s_{subject.id}>{subject.pattern})" for subject in rules.of_kind(kind))
    budget = rf"(?:(?:年初)?预算数?为{AMOUNT.format('budget')}，(?:支出)?决算数?)?"
    rate = rf"(?:，完成(?:年初|全年|调整)?预算数?的{_PERCENT.format('rate')})?"
    classes = r"(?P<class_name>[^，。；:、“”\"()\s\d]{2,30}?)\(类\)(?:支出)?"
    named = "|".join(filter(None, (subjects, classes)))
    return re.compile(rf"(?:{named}){budget}{_LINK}{AMOUNT.format('amount')}{rate}")


_SHARE = re.compile(rf"，?(?P<words>占(?P<of>[^，。；\d]{{2,20}}?)?的?{_PERCENT.format('share')})")


@cache
def _change(rules: TextRules) -> re.Pattern[str]:
    words = "|".join(rules.signs)
    year = r"(?:(?P<year>20\d{2})年度?|上年度?|去年)(?:当年)?(?:\([^()]*\))?"
    base = r"(?P<base>预算执行数|执行数|预算数|预算|决算数|决算)?"
    again = r"(?:相比|比较)?，?(?:[^，。；:\d增减]{0,24}?)"
    amount = AMOUNT.format("change")
    second = rf"(?:[，、(]?(?P<second>{words})?{_PERCENT.format('percent')})?"
    return re.compile(
        rf"[，。；]?(?P<words>[比与较]{year}{base}{again}(?P<direction>{words}|基本持平)(?P<open>\([^()]*\))?了?"
        rf"(?:{amount}{second}|{_PERCENT.format('bare_percent')})?)"
    )


def _to_change(match: re.Match[str], printed: str, rules: TextRules) -> StatedChange:
    direction = match["direction"]
    percent = match["percent"] or match["bare_percent"]
    return StatedChange(
        words=printed[match.start("words") : match.end()],
        end=match.end(),
        base_year=int(match["year"]) if match["year"] else None,
        base_word=(match["base"] or "").removesuffix("数"),
        direction=direction,
        sign=None if match["open"] else rules.signs.get(direction),
        amount=matched_amount(match, "change"),
        percent=Percent(percent) if percent else None,
        second=match["second"],
    )
