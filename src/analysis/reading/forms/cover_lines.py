"""The lines of a cover that say of which year and kind a document is, the surest first.

A line, or up to four that follow one another, is held against the patterns of a family: a budget or final account with
its level, then a notice, a report to a congress or a monthly execution where it opens the document, then shorter
wordings, titles of tables, and what names no year. A heading of the text (一、2019年部门收支预算) counts last.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.knowledge.regions import region_of
from analysis.terms.form import Wording
from analysis.terms.label import CHAPTER, squeeze
from analysis.terms.line_item import Kind

_MOST_JOINED, _LONGEST_JOINED = 4, 60
_OPENING = 6
_KINDS = {"预算": Kind.BUDGET, "决算": Kind.FINAL}
_BOTH = re.compile("预决算|预算(?:和|及|与|、)?决算")
_SENTENCE = re.compile("[。;；,，:：]")
_QUOTES = re.compile(r"[“”\"‘'’]")
_TELLS = re.compile("预算|决算|预决|执行|支出|收支")
_HEADING = re.compile(
    rf"^(?:第[一二三四五六七八九十\d]{{1,3}}(?:部分|章)|{CHAPTER}|[(（][一二三四五六七八九十]+[)）]|\d+[.、．])"
)
_CHINESE_YEAR = re.compile("二[〇○零ОO0oΟ]([〇○零ОO0oΟ一二三四五六七八九]{2})(?=年)")
_DIGITS = str.maketrans("〇○零ОOoΟ一二三四五六七八九", "0000000123456789")


@dataclass(frozen=True, slots=True)
class CoverLine:
    """What some lines say of the document.

    Attributes:
        at: The first of the lines.
        after: The line below the last of them.
        year: Of which year; None where they do not tell.
        kind: Of which kind; None where they say both.
        level: The word for the level; None where they do not tell.
        body: The name of the body, without what stands around it; empty where there is none.
        is_area: Whether that is an area and no body (区级).
        is_notice: Whether it approves the budget of another body.
        of_government: Whether it is a government's own report.
        on_cover: Whether the lines have the form of a cover, so that the body may stand above them.
    """

    at: int
    after: int
    year: str | None
    kind: Kind | None
    level: str | None
    body: str
    is_area: bool = False
    is_notice: bool = False
    of_government: bool = False
    on_cover: bool = False


def is_heading(line: str) -> bool:
    """Whether a line is a heading of the text or of a list of contents."""
    return _HEADING.match(line) is not None


def cover_lines(texts: Sequence[str]) -> list[str]:
    """The lines as they are compared: squeezed, without quotation marks, years in Arabic digits."""
    return [_with_digits(_QUOTES.sub("", squeeze(text))) for text in texts]


def _with_digits(line: str) -> str:
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_DIGITS).replace("二", "2"), line)


def find_cover_lines(lines: Sequence[str], words: Wording) -> list[CoverLine]:
    """What the lines say, the surest first; of one pattern the first lines first."""
    opening = (words.cover_notice, words.cover_report, words.cover_execution, words.cover_year_last)
    patterns = (*opening, words.cover, words.cover_short, words.cover_listed, *opening, words.cover_undated)
    runs = list(_runs(lines))
    found: list[tuple[bool, int, int, CoverLine]] = []
    for rank, pattern in enumerate(patterns):
        for count, at, text in runs:
            if rank < len(opening) and at >= _OPENING:
                continue
            if match := pattern.fullmatch(text):
                found.append((is_heading(text), rank, count, _cover_line(match, pattern, at, at + count, words)))
    return [statement for _, _, _, statement in sorted(found, key=lambda one: one[:3])]


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The lines, and those that follow one another, that may say year and kind: how many, the first, the text."""
    for count in range(1, _MOST_JOINED + 1):
        for at in range(len(lines) - count + 1):
            joined = lines[at : at + count]
            text = "".join(joined)
            if len(text) > _LONGEST_JOINED or not _TELLS.search(text):
                continue
            if count == 1 or not (any(map(_SENTENCE.search, joined)) or any(map(_HEADING.match, joined[1:]))):
                yield count, at, text


def _cover_line(match: re.Match[str], pattern: re.Pattern[str], at: int, after: int, words: Wording) -> CoverLine:
    groups = match.groupdict()
    before, body = groups.get("before") or "", groups["body"] or ""
    area = words.cover_area.fullmatch(body) is not None
    name = words.cover_frame.sub("", _HEADING.sub("", before))
    if area and not groups.get("level") and (place := region_of(name)) is not None and place.name == name:
        area, body = False, ""  # 甲市2018年市级决算: the place stands before the year, and no department is meant
    name += words.cover_frame.sub("", body)
    if pattern is not words.cover:
        name = words.cover_content.sub("", name)
    kind = _KINDS.get(groups.get("kind") or "")
    if pattern is words.cover_execution:
        kind = Kind.EXECUTION
    elif pattern is words.cover_report:
        kind = Kind.BUDGET
    elif _BOTH.search(match[0]):
        kind = None
    return CoverLine(
        at=at,
        after=after,
        year=groups.get("year"),
        kind=kind,
        level=groups.get("level"),
        body=words.body_marks.sub("", name).strip("。.,，"),
        is_area=area,
        is_notice=pattern is words.cover_notice,
        of_government=pattern is words.cover_report,
        on_cover=pattern in (words.cover, words.cover_short, words.cover_year_last),
    )
