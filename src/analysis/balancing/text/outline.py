"""The outline of a text: the numbered paragraphs below a sentence, each with those that belong to it.

A number tells its level by how it is written (一、 （一） 1. （1） ①) and by what stands open above it. A list is whole
where its numbers follow one another from 1; one that skips a number, or whose paragraphs come from elsewhere, is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.balancing.text.statements import plain
from analysis.terms.document import Passage

_HAN = "一二三四五六七八九十"
_MARKS = (
    ("part", re.compile(rf"第([{_HAN}]{{1,3}})部分")),
    ("han", re.compile(rf"([{_HAN}]{{1,3}})[、.]")),
    ("han in brackets", re.compile(rf"\(([{_HAN}]{{1,3}})\)[、.]?")),
    ("digits", re.compile(r"(\d{1,2})[、.](?!\d(?!\d{3}年))")),
    ("digits in brackets", re.compile(r"\((\d{1,2})\)[、.]?")),
    ("circle", re.compile("([①-⑳])")),
)
_COMMENT = re.compile(r"<!--[^>]*-->")
_TEN = 10
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class NumberedList:
    """The sentence above a list, and for each of its numbers the paragraphs up to the next or to a list below it."""

    opening: Passage
    parts: tuple[tuple[Passage, ...], ...]


@dataclass(slots=True)
class _Open:
    style: str
    opening: Passage | None
    whole: bool
    parts: list[list[Passage]] = field(default_factory=list)


def numbered_lists(passages: Sequence[Passage]) -> Iterator[NumberedList]:
    """The lists of at least two numbers that run from 1 without a gap, in the order in which they end."""
    stack: list[_Open] = []
    before: Passage | None = None
    for passage in passages:
        mark = _mark(passage.text)
        if mark is None:
            if stack and stack[-1].parts:
                stack[-1].parts[-1].append(passage)
        else:
            style, number = mark
            while stack and any(one.style == style for one in stack):
                if stack[-1].style == style and stack[-1].whole and number == len(stack[-1].parts) + 1:
                    break
                yield from _finished(stack.pop())
            if not stack or stack[-1].style != style:
                stack.append(_Open(style, before, number == 1 and before is not None))
            stack[-1].parts.append([passage])
        before = passage
    while stack:
        yield from _finished(stack.pop())


def _finished(one: _Open) -> Iterator[NumberedList]:
    if one.whole and one.opening is not None and len(one.parts) >= _FEWEST:
        yield NumberedList(one.opening, tuple(tuple(part) for part in one.parts))


def without_comments(text: str) -> str:
    """The text as a reader sees it: what an editor left in it is no words of its own."""
    return _COMMENT.sub("", plain(text))


def _mark(text: str) -> tuple[str, int] | None:
    """How the number in front of a paragraph is written, and the number."""
    start = without_comments(text)
    for style, pattern in _MARKS:
        if found := pattern.match(start):
            return style, _number(found[1])
    return None


def _number(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if "①" <= digits <= "⑳":
        return ord(digits) - ord("①") + 1
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _HAN.index(digits) + 1 if len(digits) == 1 else 0
    return _TEN * (_HAN.index(tens) + 1 if tens in _HAN and tens else 1) + (_HAN.index(ones) + 1 if ones else 0)
