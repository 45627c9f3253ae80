"""What a document says of itself: organisation, level, year, kind — from its text, never from the file's name.

The cover speaks first: a line, or up to four that follow one another, that name year and kind. Then the captions of
the tables (编制部门：…), their titles (2025年部门…) and the years of their headers. Where they disagree the cover is
followed and the contradiction is told. What nothing tells is None.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis.reading.forms.locate import Located
from analysis.reading.forms.recognise import Recognition
from analysis.terms.document import Cover
from analysis.terms.form import Wording
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind, Level

_COVER_LINES = 80
_MOST_JOINED, _LONGEST_JOINED = 4, 60
_TITLE_YEAR = re.compile(r"(20\d{2})年")
_LEVELS = {"部门": Level.DEPARTMENT, "单位": Level.UNIT}
_KINDS = {"预算": Kind.BUDGET, "决算": Kind.FINAL}
_HEADER_ROWS = 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Statement:
    """The words of a cover, and the first of the lines that they stand on."""

    match: re.Match[str]
    at: int

    def word(self, group: str) -> str | None:
        """What the cover says there; None where it does not."""
        return self.match.groupdict().get(group)


def read_cover(located: Located, recognition: Recognition) -> Cover:
    """The document's own word on who, when and what."""
    words = recognition.family.wording
    lines = [squeeze(line.text) for passage in located.passages for line in passage][:_COVER_LINES]
    statement = _statement(lines, words)
    stated = _stated_body(lines, statement, words)
    caption = _most_common(name for body in located.bodies if (name := _clean_body(body, words)))
    title_year = _most_common(year for title in located.titles for year in _TITLE_YEAR.findall(title)[:1])
    title_level = _most_common(word for title in located.titles for word in words.title_level.findall(title))
    title_kind = _most_common(table.form.kind for table in located.tables if table.form and table.title)
    year = statement.word("year") if statement else title_year or _header_year(located, words)
    level = (statement.word("level") if statement else None) or title_level
    kind = _KINDS[statement.match["kind"]] if statement else title_kind
    contradictions = [
        f"封面{word}为“{one}”，各表为“{other}”。 / The cover says {one}, the tables say {other}."
        for word, one, other in (
            ("单位", stated, caption),
            ("年度", year, title_year),
            ("级次", level, title_level),
            ("类别", kind, title_kind),
        )
        if one and other and one != other
    ]
    return Cover(
        organisation=stated or caption,
        level=Level.GOVERNMENT if recognition.government else _LEVELS.get(level) if level else None,
        year=int(year) if year else None,
        kind=kind,
        contradictions=tuple(contradictions),
    )


def _statement(lines: Sequence[str], words: Wording) -> _Statement | None:
    """The first line, or run of lines, that says of which year and kind the document is; first one with a level."""
    for pattern in (words.cover, words.cover_short):
        for count in range(1, _MOST_JOINED + 1):
            for at in range(len(lines) - count + 1):
                joined = "".join(lines[at : at + count])
                if len(joined) <= _LONGEST_JOINED and (match := pattern.fullmatch(joined)):
                    return _Statement(match, at)
    return None


def _header_year(located: Located, words: Wording) -> str | None:
    """The latest year that the headers of the tables name, but for those of 上年."""
    texts = (
        squeeze(cell.text)
        for table in located.tables
        if table.form and table.segments
        for row in table.segments[0].rows[:_HEADER_ROWS]
        for cell in row
        if cell is not None
    )
    years = [year for text in texts if not words.prior_year.search(text) for year in _TITLE_YEAR.findall(text)]
    return max(years, default=None)


def _stated_body(lines: Sequence[str], statement: _Statement | None, words: Wording) -> str | None:
    """The organisation on the cover: after 预算部门：, else in the line that names year and kind, or above it."""
    for line in lines:
        if (match := words.cover_body.fullmatch(line)) and not _NO_BODY.search(match["name"]):
            return _clean_body(match["name"], words)
    if statement is None:
        return None
    before, body = statement.match["before"], statement.match["body"]
    if words.cover_area.fullmatch(body):
        return None
    name = _clean_body(words.cover_frame.sub("", before) + words.cover_frame.sub("", body), words)
    if name and not _NO_BODY.search(name):
        return name
    above = lines[statement.at - 1] if statement.at else ""
    return _clean_body(above, words) or None if re.search(r"[一-鿿]{4}", above) and _may_be_body(above) else None


# What stands where a body may: the heading of a part, an ordinal, a menu of the page, the rest of a title.
_NO_BODY = re.compile("^第.{1,3}[部章]|^.{0,2}$|信息公开|首页|目录|栏目|三公|经费|收支|收入|支出|^[—–~-]")


def _may_be_body(line: str) -> bool:
    """Whether a line above the statement may name the body: no sentence, no heading of a part, no unit."""
    return not line.endswith(("。", ":", "：")) and not _NO_BODY.search(line) and not re.match(r".*单位[:：].*元", line)


def _clean_body(name: str, words: Wording) -> str:
    return words.body_marks.sub("", squeeze(name)).strip("。.,，")


def _most_common(values: Iterable[T]) -> T | None:
    """The value met most often, the first met where several are."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None
