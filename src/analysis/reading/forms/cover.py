"""What a document says of itself: organisation, level, year, kind — from its text, never from the file's name.

The cover speaks first, then the captions of the tables (编制部门：…) and their titles (2025年部门…). Where they
disagree the cover is followed and the contradiction is told.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from analysis.reading.forms.locate import Located
from analysis.terms.document import Cover
from analysis.terms.form import Family, Wording
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind, Level

_COVER_LINES = 40
_TITLE_YEAR = re.compile(r"(20\d{2})年")
_LEVELS = {"部门": Level.DEPARTMENT, "单位": Level.UNIT}
_KINDS = {"预算": Kind.BUDGET, "决算": Kind.FINAL}
T = TypeVar("T")


def read_cover(located: Located, family: Family) -> Cover:
    """The document's own word on who, when and what."""
    words = family.wording
    lines = [squeeze(line.text) for passage in located.passages for line in passage][:_COVER_LINES]
    statement = next((match for line in lines if (match := words.cover.fullmatch(line))), None)
    stated = _stated_body(lines, statement, words)
    caption = _most_common(_clean_body(body, words) for body in located.bodies)
    title_year = _most_common(year for title in located.titles for year in _TITLE_YEAR.findall(title)[:1])
    title_level = _most_common(word for title in located.titles for word in words.title_level.findall(title))
    title_kind = _most_common(table.form.kind for table in located.tables)
    year = statement["year"] if statement else title_year
    level = statement["level"] if statement else title_level
    kind = _KINDS[statement["kind"]] if statement else title_kind
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
        level=_LEVELS.get(level) if level else None,
        year=int(year) if year else None,
        kind=kind,
        contradictions=tuple(contradictions),
    )


def _stated_body(lines: Sequence[str], statement: re.Match[str] | None, words: Wording) -> str | None:
    """The organisation on the cover: after 预算部门：, else in the line that names year and kind, or above it."""
    for line in lines:
        if match := words.cover_body.fullmatch(line):
            return _clean_body(match["name"], words)
    if statement is None or words.cover_area.fullmatch(statement["body"]):
        return None
    if statement["before"] or statement["body"]:
        return _clean_body(statement["before"] + statement["body"], words)
    at = lines.index(statement.string)
    above = lines[at - 1] if at else ""
    return _clean_body(above, words) if re.search(r"[一-鿿]{4}", above) and not above.endswith(("。", ":")) else None


def _clean_body(name: str, words: Wording) -> str:
    return words.body_marks.sub("", squeeze(name)).strip("。.,，")


def _most_common(values: Iterable[T]) -> T | None:
    """The value met most often, the first met where several are."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None
