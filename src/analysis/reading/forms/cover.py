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
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind, Level

_COVER_LINES = 40
_STATEMENT = re.compile(
    r"(?P<before>.*?)(?P<year>20\d{2})年?(?:度)?(?P<body>[^。,，;；:：]*?)(?P<level>部门|单位)"
    r"(?:整体|综合)?(?:收支)?(?P<kind>预算|决算)(?:公开|表|说明|情况)?"
)
_BODY = re.compile(r"(?:预算|决算|编制|填报)?(?:主管)?(?P<word>部门|单位)(?:名称)?[:：](?P<name>.+)")
# 上海市普陀区2025年区级部门预算 names the area, not the organisation.
_AREA = re.compile(r"(?:市|区|县|省|镇|乡|本)级(?:预算)?")
_TITLE_YEAR = re.compile(r"(20\d{2})年")
_LEVELS = {"部门": Level.DEPARTMENT, "单位": Level.UNIT}
_KINDS = {"预算": Kind.BUDGET, "决算": Kind.FINAL}
T = TypeVar("T")


def read_cover(located: Located) -> Cover:
    """The document's own word on who, when and what."""
    lines = [squeeze(line.text) for passage in located.passages for line in passage][:_COVER_LINES]
    statement = next((match for line in lines if (match := _STATEMENT.fullmatch(line))), None)
    stated = _stated_body(lines, statement)
    caption = _most_common(_clean_body(body) for body in located.bodies)
    title_year = _most_common(year for title in located.titles for year in _TITLE_YEAR.findall(title)[:1])
    title_level = _most_common(word for title in located.titles for word in re.findall(r"年(?:度)?(部门|单位)", title))
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


def _stated_body(lines: Sequence[str], statement: re.Match[str] | None) -> str | None:
    """The organisation on the cover: after 预算部门：, else in the line that names year and kind, or above it."""
    for line in lines:
        if (match := _BODY.fullmatch(line)) and not re.fullmatch(r"(人民币)?万?元", match["name"]):
            return _clean_body(match["name"])
    if statement is None or _AREA.fullmatch(statement["body"]):
        return None
    if statement["before"] or statement["body"]:
        return _clean_body(statement["before"] + statement["body"])
    at = lines.index(statement.string)
    above = lines[at - 1] if at else ""
    return _clean_body(above) if re.search(r"[一-鿿]{4}", above) and not above.endswith(("。", ":")) else None


def _clean_body(name: str) -> str:
    return re.sub(r"\((?:本级|盖章|公章)\)$|[(（]盖章[)）]|_+$", "", squeeze(name)).strip("。.,，")


def _most_common(values: Iterable[T]) -> T | None:
    """The value met most often, the first met where several are."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None
