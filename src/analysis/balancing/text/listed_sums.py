"""The parts of a whole as the outline of the text, or a sentence, lists them: together they are no other amount.

A list says by its own words whether it is all of what stands above it (包括, 组成, 按…科目列支 …) or some of it (其中,
主要). All of it must add up; some of it must not be more. Only a list is judged of which every number states one amount
of one kind: where a part states several, or ends in 等, nobody can tell what would be added.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import chain

from analysis.balancing.text.outline import NumberedList, numbered_lists, without_comments
from analysis.balancing.text.sentences import table_amounts
from analysis.balancing.text.stated_amounts import StatedAmount, in_words
from analysis.balancing.text.statements import StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import TextPlace, at, text_finding
from analysis.terms.document import Passage
from analysis.terms.finding import Finding
from analysis.terms.line_item import Place

_ALL = re.compile(
    r"(?:包括|组成|构成|分为|列支是|列支如下|分别为|分别是|按[^，。]{0,12}(?:科目|分类)[^，。]{0,8})[:。]?$"
)
_FOLLOWS = re.compile(r"(?:如下|以下[^，。；]{0,8})[^。；，]{0,20}[:。]?$")
_SOME = re.compile(r"其中[:，,。]?$")
_CLASSED = re.compile(r"按[^，。]{0,12}(?:科目|分类)")
_MAINLY = re.compile("主要|重点|包含|例如|比如")
_OPEN_END = re.compile(r"元\)?等")
_PART_OF_PART = re.compile(r"其中|包括|主要|用于|原因|由于|含")
_DETAIL = re.compile("其中|主要|包括|与|较|比|同比")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)年")
_SIDES = ("收入", "支出")
_FUNDS = re.compile("一般公共预算|公共财政|政府性基金|国有资本|财政专户|三公|机关运行|政府采购")
# What is told beside the parts of a whole and is none of them.
_BESIDE = re.compile('合计|总计|共计|机关运行|政府采购|[“”"]三公|收支|上年|年初|年末|结转|预算数|控制数')
# Told beside the costs of 三公 and none of them.
_MEETINGS = re.compile("会议|培训")
# What is no addend: a change, or what is taken from the others.
_OFFSET = re.compile("增|减|折旧|净值|原值|负债|摊销")
_TOLD_OF_PART = re.compile("比|较|占|同|持平")
_INTRODUCED = re.compile(r"(?:其中|包括)[:，,]?")
_FEWEST = 2
_FEW = 4
_FAR = 2


class _Says(Enum):
    """What the words above a list say of it: all parts, the parts in order, or some of them."""

    ALL, FOLLOWS, SOME = range(3)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A stated amount with its words and its name."""

    name: str
    words: str
    amount: StatedAmount
    code: str | None
    number: int | None


def listed_sum_findings(
    document: TextDocument, wrong: Collection[int], told: Sequence[Finding], items: Collection[Place] = ()
) -> Iterator[Finding]:
    """Lists whose parts do not make what stands above them.

    Args:
        document: whose text it is.
        wrong: the numbers of the statements that a table contradicts.
        told: what is known to be wrong with sums; a whole of these is not told twice.
        items: where items stand whose amounts are known to be wrong.
    """
    known = {plain(one.printed or "") for one in told}
    texts = _Texts(document)
    of_lists = (
        _of_outline(document, texts, numbered, wrong)
        for numbered in numbered_lists(document.passages)
        if not any(passage.place in items for paragraphs in numbered.parts for passage in paragraphs)
    )
    of_sentences = (_of_sentence(document, paragraph, wrong) for paragraph in document.statements)
    for finding in chain.from_iterable(chain(of_lists, of_sentences)):
        words = plain(finding.printed or "")
        if words not in known:
            known.add(words)
            yield finding


class _Texts:
    """The amounts of every paragraph, those of its numbered items among them."""

    def __init__(self, document: TextDocument) -> None:
        self.year = document.year
        self.figures: Mapping[int, tuple[StatedFigure, ...]] = {
            paragraph[0].passage.number: paragraph for paragraph in document.statements if paragraph
        }
        self.items = {item.sentence: item for item in document.items}

    def whole(self, passage: Passage) -> tuple[_Figure, StatedFigure] | None:
        """The one amount of which a paragraph can open the list."""
        own = self.figures.get(passage.number, ())
        numbers = {one.number for one in own}
        top = [one for one in own if one.whole not in numbers]
        last = [one for one in top if one.words in passage.text.rstrip("。：:").rpartition("。")[2]]
        one = top[0] if len(top) == 1 else last[0] if len(last) == 1 else None
        return (_figure(one), one) if one and not one.again else None

    def part(self, paragraphs: Sequence[Passage]) -> _Figure | None:
        """The one amount that a number of a list states; None where it states none or several."""
        for at_place, passage in enumerate(paragraphs[:_FEWEST]):
            if passage.text in self.items or self.figures.get(passage.number):
                behind = [one for one in paragraphs[at_place + 1 :] if self.figures.get(one.number)]
                if not all(_DETAIL.match(without_comments(one.text)) for one in behind):
                    return None  # the list goes on there, with numbers that nobody can read
            item = self.items.get(passage.text)
            if item is not None:
                return _Figure(item.names[2], item.current.words, item.current, item.code, None)
            own = self.figures.get(passage.number, ())
            if not own:
                continue
            text = without_comments(passage.text)
            first, *others = own
            end = text.find(plain(first.words)) + len(plain(first.words))
            beside = [
                one
                for one in others
                if not _PART_OF_PART.search(text[end : max(end, text.find(plain(one.words), end))])
                and not one.amount.agrees(first.amount)
            ]
            if beside or first.again or _PART_OF_PART.search(text[: text.find(plain(first.words))]):
                return None
            years = {int(year) for year in _YEAR.findall(text[:end])}
            if years - {self.year} or "上年" in text[:end] or _OPEN_END.match(text[end - 1 :]):
                return None
            return _figure(first)
        return None


def _figure(one: StatedFigure) -> _Figure:
    return _Figure(plain(one.name), one.words, one.amount, one.code, one.number)


def _says(opening: str) -> _Says | None:
    text = without_comments(opening).replace("(", "").replace(")", "")
    sentence = text.rstrip(":。").rpartition("。")[2]
    if _ALL.search(text):
        return _Says.SOME if _MAINLY.search(sentence) and not _CLASSED.search(sentence) else _Says.ALL
    if _SOME.search(text) or _MAINLY.search(sentence):
        return _Says.SOME
    return _Says.FOLLOWS if _FOLLOWS.search(text) else None


def _of_outline(
    document: TextDocument, texts: _Texts, numbered: NumberedList, wrong: Collection[int]
) -> Iterator[Finding]:
    says = _says(numbered.opening.text)
    found = texts.whole(numbered.opening) if says else None
    if says is None or found is None:
        return
    whole, stated = found
    parts = [one for paragraphs in numbered.parts if (one := texts.part(paragraphs))]
    if len(parts) < len(numbered.parts) or not _comparable(document, whole, parts, wrong):
        return
    gap = _gap(whole, parts)
    if not gap or _told_by_tables(document, [stated, *(one for one in document.stated() if _is_one_of(one, parts))]):
        return
    if says is _Says.SOME and gap > 0:
        return
    if _counts_twice(parts, gap):
        return
    far = abs(gap) * _FAR > whole.amount.yuan
    rule = "text_sum" if says is _Says.ALL and not far else "text_list_sum" if gap > 0 else "text_parts_exceed"
    if far and says is not _Says.ALL and gap > 0:
        return  # too little of it is listed for a slip: the list is of some
    added = in_words(whole.amount.yuan - gap, whole.amount.unit)
    yield text_finding(
        document,
        rule,
        at(numbered.opening.place, f"说明“{whole.name}”", stated.subject.en if stated.subject else whole.name),
        whole.words,
        expected=added if rule == "text_sum" and _confirmed(document, stated, whole.amount.yuan - gap) else None,
        other=_with_parts(added, parts) if rule == "text_parts_exceed" else added,
        evidence=[one.words for one in parts],
    )


def _of_sentence(
    document: TextDocument, paragraph: Sequence[StatedFigure], wrong: Collection[int]
) -> Iterator[Finding]:
    """A list within a sentence, of which only this is sure: its parts together are no more than the whole."""
    for whole in paragraph:
        text = plain(whole.passage.text)
        at_whole = text.find(plain(whole.words))
        begin = _INTRODUCED.search(text, at_whole + len(plain(whole.words)))
        if at_whole < 0 or begin is None or text.count("(", 0, begin.start()) > text.count(")", 0, begin.start()):
            continue
        until = text[at_whole + len(plain(whole.words)) : begin.start()]
        joined = re.search(r"[和与及、]$", text[:at_whole]) or re.search("组成|构成", until)  # of all named together
        if joined or re.search("[；;。]", until[:-1]) or ("元" in until and not _TOLD_OF_PART.search(until)):
            continue  # other amounts stand between: the list is of one of those
        parts: list[_Figure] = []
        marks: list[str] = []
        nested = any(one.number == whole.whole for one in paragraph)
        at_part = begin.end()
        for one in paragraph:
            place = text.find(plain(one.words), at_part)
            if one.whole != whole.number or place < 0:
                continue
            between = text[at_part:place]
            if re.search("[。(]|其中|包括|主要", between) or _ends_list(between, nested, marks):
                break
            if "元" in between and not _TOLD_OF_PART.search(between):
                parts.clear()  # an amount stands there that nobody understood
                break
            marks.append(between)
            parts.append(_figure(one))
            at_part = place + len(plain(one.words))
        if len(parts) < _FEWEST or not _comparable(document, _figure(whole), parts, wrong):
            continue
        gap = _gap(_figure(whole), parts)
        if any(one.amount.yuan > whole.amount.yuan for one in parts):
            continue  # one that is more than the whole is no slip in a sum: it is told of something else
        if gap >= 0 or _counts_twice(parts, gap):
            continue
        if _told_by_tables(document, [whole, *(one for one in paragraph if _is_one_of(one, parts))]):
            continue
        yield text_finding(
            document,
            "text_parts_exceed",
            _at(whole),
            whole.words,
            other=_with_parts(in_words(whole.amount.yuan - gap, whole.amount.unit), parts),
            evidence=[one.words for one in parts],
        )


def _with_parts(added: str, parts: Sequence[_Figure]) -> str:
    """The sum with the few amounts that it is of: one of them may be what is wrong."""
    return added if len(parts) > _FEW else f"{added}（{'＋'.join(one.amount.words for one in parts)}）"


def _ends_list(between: str, nested: bool, marks: Sequence[str]) -> bool:
    """Whether a semicolon ends a list: one within a part of another list, or whose parts stand between commas."""
    return ";" in between.replace("；", ";") and (nested or any(";" not in one.replace("；", ";") for one in marks[1:]))


def _at(whole: StatedFigure) -> TextPlace:
    name = whole.subject.en if whole.subject else whole.name
    return at(whole.passage.place, f"说明“{whole.name}”", name)


def _comparable(document: TextDocument, whole: _Figure, parts: Sequence[_Figure], wrong: Collection[int]) -> bool:
    """Whether the parts can be added: of one kind with the whole, none known to be wrong, none beside the others."""
    if any(one.number in wrong for one in (whole, *parts)) or whole.amount.yuan <= 0:
        return False
    if len({one.name for one in parts}) < len(parts) or any(one.amount.yuan < 0 for one in parts):
        return False
    sides = {_side(words) for words in (whole.words, *(one.name for one in parts))}
    if len(sides - {None}) > 1:
        return False  # revenue is no part of expenditure, and both beside each other are parts of nothing
    if "三公" in whole.name and any(_MEETINGS.search(one.name) for one in parts):
        return False
    if any(_OFFSET.search(one.words) for one in parts):
        return False
    if sum(one.amount.yuan == whole.amount.yuan for one in parts) >= _FEWEST:
        return False
    own = set(_FUNDS.findall(whole.name))
    if own and any(set(_FUNDS.findall(one.name)) - own for one in parts):
        return False
    if _side(whole.words) == "支出" and len({bool(_FUNDS.search(one.name)) for one in parts}) > 1:
        return False  # a fund beside what was spent on: another whole begins there
    codes = [one.code for one in parts if one.code]
    if any(one != other and other.startswith(one) for one in codes for other in codes):
        return False
    return not any(one.amount.yuan > whole.amount.yuan and _BESIDE.search(one.name) for one in parts)


def _side(words: str) -> str | None:
    """Whether words speak of revenue or of expenditure; None for neither and for both."""
    named = [side for side in _SIDES if side in words]
    return named[0] if len(named) == 1 else None


def _gap(whole: _Figure, parts: Sequence[_Figure]) -> Decimal:
    """What the parts leave of the whole; 0 within the rounding of all of them."""
    gap = whole.amount.yuan - sum((one.amount.yuan for one in parts), Decimal(0))
    half = whole.amount.half + sum((one.amount.half for one in parts), Decimal(0))
    return gap if abs(gap) > half else Decimal(0)


def _counts_twice(parts: Sequence[_Figure], gap: Decimal) -> bool:
    """Whether a part is what others add up to, or one too many is listed: then the list is of two levels."""
    return (
        gap < 0
        and len(parts) > _FEWEST
        and any(
            one.amount.yuan == -gap and (at < len(parts) - 1 or bool(_BESIDE.search(one.name))) and not _sub(parts, one)
            for at, one in enumerate(parts)
        )
    )


def _sub(parts: Sequence[_Figure], one: _Figure) -> bool:
    """Whether a part is an ordinary one: no other name holds its own or is held by it."""
    core = one.name.removesuffix("支出").removesuffix("经费").removesuffix("费")
    return bool(core) and not any(core in other.name for other in parts if other is not one)


def _is_one_of(statement: StatedFigure, parts: Sequence[_Figure]) -> bool:
    return any(one.number == statement.number for one in parts)


def _told_by_tables(document: TextDocument, stated: Sequence[StatedFigure]) -> bool:
    """Whether tables print all of it: then their own sum is the finding."""
    return all(table_amounts(document, one, document.phase) for one in stated)


def _confirmed(document: TextDocument, whole: StatedFigure, added: Decimal) -> bool:
    """Whether another sentence states of the same subject what the parts add up to."""
    return any(
        one.amount.yuan == added
        for one in document.stated()
        if one.number != whole.number and (one.subject or one.name) == (whole.subject or whole.name)
    )
