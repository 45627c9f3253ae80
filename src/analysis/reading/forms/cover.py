"""What a document says of itself: organisation, level, year, kind — from its text, never from the file's name.

The cover speaks first: a line, or up to four that follow one another, that name year and kind. Then the captions of
the tables (编制部门：…), their titles (2025年部门…) and the years of their headers. Where they disagree the cover is
followed and the contradiction is told. What nothing tells is None.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from analysis.knowledge.body_names import short_name
from analysis.knowledge.regions import region_of
from analysis.reading.forms.cover_lines import CoverLine, cover_lines, find_cover_lines, is_heading
from analysis.reading.forms.locate import Located
from analysis.reading.forms.recognise import Recognition
from analysis.terms.document import Cover
from analysis.terms.form import Wording
from analysis.terms.label import BRACKETED_END, squeeze
from analysis.terms.line_item import Kind, Level

_COVER_LINES, _FIRST_LINES, _NEAR, _LAST_LINES = 80, 4, 12, 12
_TITLE_YEAR = re.compile(r"(20\d{2})年")
_LEVELS = {"部门": Level.DEPARTMENT, "单位": Level.UNIT}
_HEADER_ROWS, _FEWEST_BODIES, _FEWEST_TOLD = 4, 8, 2
T = TypeVar("T")


def read_cover(located: Located, recognition: Recognition, site: str | None = None) -> Cover:
    """The document's own word on who, when and what.

    Args:
        located: Its tables, titles and text.
        recognition: The family of its forms.
        site: What the site calls itself that published it as a page; it tells the place where the page does not.
    """
    words = recognition.family.wording
    texts = [line.text for passage in located.passages for line in passage]
    lines = cover_lines(texts[:_COVER_LINES])
    statements = _named_first(find_cover_lines(lines, words))
    titled = [one for title in dict.fromkeys(located.titles) for one in find_cover_lines(cover_lines([title]), words)]
    statement = next(iter(statements), next(iter(titled), None))
    stated = _stated_body(lines, statements, words)
    caption = _most_common(name for body in located.bodies if (name := _clean_body(body, words)))
    title_year = _most_common(year for title in located.titles for year in _TITLE_YEAR.findall(title)[:1])
    title_level = _most_common(word for title in located.titles for word in words.title_level.findall(title))
    title_kind = _most_common(table.form.kind for table in located.tables if table.form and table.title)
    year = statement.year if statement and statement.year else title_year or _header_year(located, words)
    level = _level(statement, recognition, title_level)
    kind = statement.kind if statement and statement.kind else title_kind
    contradictions = [
        f"封面{word}为“{one}”，各表为“{other}”。 / The cover says {one}, the tables say {other}."
        for word, one, other in (
            ("单位", stated, caption if short_name(caption or "") != short_name(stated or "") else None),
            ("年度", year, title_year),
            ("级次", statement.level if statement else None, title_level),
            ("类别", kind, None if kind is Kind.EXECUTION else title_kind),
        )
        if one and other and one != other
    ]
    place = region_of("".join((site or "").split()))
    organisation = stated or caption or _titled_body(titled, words) or _told_body(texts, words)
    if organisation is None and _lists_bodies(located, recognition):
        level = Level.GOVERNMENT
    if organisation is None and level is Level.GOVERNMENT:
        organisation = place.name if place else None
    elif organisation is None:
        organisation = _publisher(texts[-_LAST_LINES:], words)
    elif level is Level.GOVERNMENT and (own := _is_place(organisation)):
        organisation = own
    return Cover(
        organisation=organisation,
        level=level,
        year=int(year) if year else None,
        kind=kind,
        contradictions=tuple(contradictions),
        region=place.name if place and organisation and region_of(organisation) is None else None,
    )


def _named_first(statements: list[CoverLine]) -> list[CoverLine]:
    """The statements, the first with the line above where that names the body (甲市人民政府, 关于2024年决算的报告)."""
    first = next(iter(statements), None)
    if first is None or first.body or first.on_cover:
        return statements
    joined = [one for one in statements if one.after == first.after and one.at == first.at - 1]
    named = [one for one in joined if one.body and (_is_place(one.body) or not _NO_BODY.search(one.body))]
    return [*named[:1], *statements]


def _level(statement: CoverLine | None, recognition: Recognition, title_level: str | None) -> Level | None:
    """Of a government where the tables are one's own, or the cover names no other body than a place."""
    if recognition.government:
        return Level.GOVERNMENT
    if statement is not None and statement.level is None:
        body = statement.body
        if statement.of_government or (statement.kind is Kind.EXECUTION and not body):
            return Level.GOVERNMENT
        if body and _is_place(body) and title_level is None:
            return Level.GOVERNMENT
    word = (statement.level if statement else None) or title_level
    return _LEVELS[word] if word else None


_OF_PLACE = (re.compile("(?:人民)?政府(?:本级)?$|本级$"), re.compile("(?:[市区县省州镇乡](?:本级|级)|全[市区县省州])$"))


def _is_place(name: str) -> str | None:
    """The place that a name is, and no body of it; a second name in brackets does not count."""
    plain = BRACKETED_END.sub("", squeeze(name))
    for pattern in _OF_PLACE:  # 甲市本级; then 甲市市级, 甲县全县
        bare = pattern.sub("", plain)
        place = region_of(bare)
        if place is not None and place.name == bare:
            return bare
    return None


def _lists_bodies(located: Located, recognition: Recognition) -> bool:
    """Whether the document is one table whose rows are the bodies of a place."""
    tables = [table for table in located.tables if table.form]
    if len(tables) != 1 or not tables[0].segments:
        return False
    rows = tables[0].segments[0].rows
    heads = (squeeze(row[0].text) for row in rows[:_HEADER_ROWS] if row and row[0] is not None)
    return len(rows) >= _FEWEST_BODIES and any(map(recognition.family.wording.cover_bodies.match, heads))


def _titled_body(titled: Sequence[CoverLine], words: Wording) -> str | None:
    """The body that most titles of tables name before their year."""
    return _most_common(one.body for one in titled if one.body and not _NO_FULLER.search(one.body))


def _told_body(texts: Iterable[str], words: Wording) -> str | None:
    """The body of which the text tells, sentence after sentence, what it takes in and spends in the year."""
    matches = (words.cover_told.match(squeeze(text)) for text in texts)
    counted = Counter(match["name"] for match in matches if match).most_common(2)
    if not counted or counted[0][1] < _FEWEST_TOLD or (len(counted) > 1 and counted[1][1] == counted[0][1]):
        return None
    return _clean_body(counted[0][0], words)


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


def _stated_body(lines: Sequence[str], statements: Sequence[CoverLine], words: Wording) -> str | None:
    """The organisation on the cover: after 预算部门：, else in the line that names year and kind, or above it.

    A notice names the body in short and is addressed to it in full; a page repeats its title in full.
    """
    for line in lines:
        if (match := words.cover_body.fullmatch(line)) and not _NO_BODY.search(match["name"]):
            return _clean_body(match["name"], words)
    if not statements:
        return None
    statement = statements[0]
    if statement.is_notice and (addressed := _addressee(lines[statement.at + 1 : statement.at + _NEAR], words)):
        return _clean_body(addressed, words)
    name = "" if statement.is_area else statement.body
    if name and (_is_place(name) or not _NO_BODY.search(name)):  # 浚县 has two characters
        fuller = (other.body for other in statements if _is_same(statement, other) and _is_fuller(other.body, name))
        return max((name, *fuller), key=len)
    if not statement.on_cover:
        return None
    if statement.is_area:
        return _named_below(lines, statement, words)
    above = lines[statement.at - 1] if statement.at else ""
    if not (re.search(r"[一-鿿]{4}", above) and _may_be_body(above)):
        return _named_below(lines, statement, words)
    place = lines[statement.at - 2] if statement.at > 1 else ""
    found = region_of(place)
    begins = place if found and found.name == place and not above.startswith(place) else ""
    return _clean_body(begins + above, words) or None


def _named_below(lines: Sequence[str], statement: CoverLine, words: Wording) -> str | None:
    """The body on the line below a cover's statement, where that line is a name and nothing else."""
    below = lines[statement.after : statement.after + 1]
    if statement.at > _FIRST_LINES or not below or _NO_BODY.search(below[0]):
        return None
    return _clean_body(below[0], words) if words.cover_name.fullmatch(below[0]) else None


def _is_same(statement: CoverLine, other: CoverLine) -> bool:
    """Whether another line near the cover says the same year and kind once more."""
    return (
        (other.year, other.kind) == (statement.year, statement.kind)
        and abs(other.at - statement.at) <= _NEAR
        and other.on_cover
        and not other.is_area
        and (other.level == statement.level or None in {other.level, statement.level})
        and not _NO_FULLER.search(other.body)
    )


def _is_fuller(body: str, name: str) -> bool:
    """Whether a name says another in full: with its place before it, and no part of the body behind it."""
    before, found, behind = body.partition(name)
    return bool(found) and not _MENU.search(before) and not _PART_OF_BODY.match(behind)


def _addressee(lines: Sequence[str], words: Wording) -> str | None:
    """The body that a notice is sent to."""
    matches = (words.cover_addressee.fullmatch(line) for line in lines)
    return next((match["name"] for match in matches if match and not _NO_BODY.search(match["name"])), None)


def _publisher(texts: Iterable[str], words: Wording) -> str | None:
    """Who published a page that names nobody else, where that is a body and no medium."""
    matches = (words.cover_publisher.fullmatch(squeeze(text)) for text in texts)
    return next((_clean_body(match["name"], words) for match in matches if match), None)


# What stands where a body may: the heading of a part, an ordinal, a menu of the page, the rest of a title.
_NO_BODY = re.compile("^第.{1,3}[部章]|^.{0,2}$|信息公开|首页|目录|栏目|三公|经费|收支|收入|支出|^[—–~-]|^.{0,3}本级$")

_NO_FULLER = re.compile(rf"{_NO_BODY.pattern}|预算|决算|债务[限余]额|转移支付|[\d:：]|(?:部门|单位)(?:综合|整体)?$")


# How a word of a page's menu ends that stands on the line above its title.
_MENU = re.compile("(?:公开|公告|公示|动态|专[栏题]|服务|互动|导航|解读|资讯|新闻|要闻|法规|文件|正文|列表|信息|概况)$")


_PART_OF_BODY = re.compile("本级|本部|机关|所属|下属|直属")


def _may_be_body(line: str) -> bool:
    """Whether a line above the statement may name the body: no sentence, no heading of a part, no unit."""
    if is_heading(line) or _TITLE_YEAR.search(line) or line.endswith(("。", ":", "：")):
        return False
    return not _NO_BODY.search(line) and not re.match(r".*单位[:：].*元", line)


def _clean_body(name: str, words: Wording) -> str:
    return words.body_marks.sub("", squeeze(name)).strip("。.,，")


def _most_common(values: Iterable[T]) -> T | None:
    """The value met most often, the first met where several are."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None
