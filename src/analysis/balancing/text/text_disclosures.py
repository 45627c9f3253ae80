"""What the text has to tell and does not, and what it tells of another year or place.

That something is missing is told only of a document that was read whole and has a text; a year or a place only where
the document's own is certain.
"""

import re
from collections.abc import Iterator

from analysis.balancing.text.statements import plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import TextPlace, at_paragraph, text_finding
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind, Place

_LEAST_STATEMENTS = 20
_AREA = re.compile("[一-鿿]{1,8}?[省市区县州旗]")
_BODY = re.compile(
    r"(?:20\d{2}年度?[，,]?)?(?P<body>[一-鿿]{4,20}?(?:局|委员会|办公室|法院|检察院|中心|街道办事处|镇人民政府|乡人民政府))(?=20\d{2}年|收入|支出|财政拨款|政府采购|机关运行|[“\"]?三公|一般公共预算)"
)
_HEADING = re.compile(
    r"(?<!\d)(?P<year>\d{2,4})年度?[^。，；]{0,30}?(?:部门|单位)(?P<kind>预算|决算)(?!执行)[^。，；]{0,20}$"
)
_LONGEST_HEADING = 60
_CUT_YEAR = re.compile(r"(?<!\d)20\d?年度(?!\d)")
_AS_OF = re.compile(r"截[至止](?P<year>20\d{2})年(?:(?P<day>12月31日)|年?度?[底末])")
_PLANNED = re.compile("预计|计划|拟|力争|目标|将|实现|达到|完成")
_RANK = re.compile("[市县区州旗]")
_OFFICE = re.compile("(?:局|委|委员会|办公室|法院|检察院|中心|厅|处|院|馆|校|联合会|队|站|所)$")
_SHORTEST_OFFICE = 3
# Where a sentence begins with the name of a place of the rank, and behind the office what is told of the body.
_BEGINS = r"(?:^|[。；;:，,、]|20\d{2}年度?|日)(?:(?!年)[一-鿿]{2,4}[省市州])?(?P<place>(?!年|度)[一-鿿]{1,4}[%s])$"
_OF_CITY, _OF_DISTRICT = re.compile(_BEGINS % "县区旗市"), re.compile(_BEGINS % "县区旗")
_LONGEST_BEGINNING = 20
_TOLD = re.compile(
    r"20\d{2}年|收入|支出|财政拨款|政府采购|机关运行|共有|[“\"]?三公|一般公共|本年|本级|贯彻|主要职责|部门|单位|概况|决算|预算|所属|下属"
)
_RELATED = re.compile("原|各|全|本|我|该|对|向|由|与|和|及|经|报|按|从|在")
_DISTRICT = re.compile(r"(?P<place>[一-鿿]{2,3}[省市][一-鿿]{1,4}[区县市])")


def disclosure_findings(document: TextDocument) -> Iterator[Finding]:
    """What is missing, and what speaks of another year or place."""
    yield from _missing(document)
    yield from _years(document)
    yield from [*_same_offices(document)] or _places(document)
    yield from _bodies(document)


def _missing(document: TextDocument) -> Iterator[Finding]:
    if not document.complete or len(list(document.stated())) < _LEAST_STATEMENTS:
        return
    text = "".join(plain(passage.text) for passage in document.passages)
    for one in document.rules.disclosures:
        if one.kind is document.kind and not one.pattern.search(text):
            where = TextPlace(Place(), "说明", "the text", "text")
            yield text_finding(document, "text_disclosure", where, one.zh, other=one.en)


def _years(document: TextDocument) -> Iterator[Finding]:
    """Headings of another year, and a state of things at the end of another one in final accounts."""
    right = str(document.year)
    told: set[str] = set()
    for passage in document.passages:
        text = plain(passage.text)
        if "20" not in text and len(text) > _LONGEST_HEADING:
            continue
        heading = _HEADING.search(text) if len(text) <= _LONGEST_HEADING else None
        cut = _CUT_YEAR.search(text)
        if cut and cut[0] not in told:
            told.add(cut[0])
            yield text_finding(document, "text_year", at_paragraph(passage), cut[0], expected=f"{right}年度")
        elif heading and len(heading["year"]) == len(right) and heading["year"] != right:
            alone = len(re.findall(r"20\d{2}", text)) == 1 and heading["kind"] == _KINDS[document.kind]
            if alone and abs(int(heading["year"]) - document.year) == 1 and heading[0] not in told and _numbered(text):
                told.add(heading[0])
                expected = heading[0].replace(heading["year"], right, 1)
                yield text_finding(document, "text_year", at_paragraph(passage), heading[0], expected=expected)
        if document.kind is Kind.FINAL:
            as_of = next(
                (one for one in _AS_OF.finditer(text) if one["year"] != right and _tells_of_own_year(document, one)),
                None,
            )
            meant = right
        else:  # a budget cannot tell how things stand when its year is over
            as_of = next((one for one in _AS_OF.finditer(text) if one["year"] == right and _is_told(one)), None)
            meant = str(document.year - 1)
        if as_of:
            expected = as_of[0].replace(as_of["year"], meant)
            yield text_finding(document, "text_year", at_paragraph(passage), as_of[0], expected=expected)


def _tells_of_own_year(document: TextDocument, as_of: re.Match[str]) -> bool:
    """Whether a day can only be the last one of the year: the end of the year before may be told beside it."""
    if as_of["day"]:
        return True
    sentence = as_of.string.partition("。")[0]
    before = int(as_of["year"]) == document.year - 1
    return before and f"{document.year}年" not in sentence and _OWNED.search(sentence) is not None


def _is_told(as_of: re.Match[str]) -> bool:
    """Whether the sentence that begins with a day tells what is, and not what is planned."""
    return not _PLANNED.search(re.split("[。；]", as_of.string[as_of.end() :], maxsplit=1)[0])


_OWNED = re.compile("(?:共有|共计|实有)(?:公务)?(?:用车|车辆)")
_KINDS = {Kind.BUDGET: "预算", Kind.FINAL: "决算"}


def _numbered(text: str) -> bool:
    """Whether a heading belongs to this document: a part or a chapter of it, not the title of a paper it names."""
    return re.match(r"第?[一二三四五六七八九十]+(?:部分|、|章)|20\d{2}年", text) is not None and "《" not in text


def _bodies(document: TextDocument) -> Iterator[Finding]:
    """A total that is told of another body of the same place, which the document names nowhere else."""
    own = plain(document.organisation or "")
    text = "".join(plain(passage.text) for passage in document.passages)
    place = _AREA.match(own)
    if place is None or own not in text:
        return
    for statement in document.stated():
        named = _BODY.match(plain(statement.passage.text))
        if named is None or statement.subject is None:
            continue
        name = named["body"]
        same_place = name.startswith(place[0]) and name[-1] == own[-1]
        if same_place and name not in own and own not in name and text.count(name) == 1:
            passage = statement.passage
            where = at_paragraph(passage)
            yield text_finding(document, "text_other_place", where, name, other=own)


def _same_offices(document: TextDocument) -> Iterator[Finding]:
    """The office of the same kind of another place of the same rank, of which a sentence tells as of this one.

    A superior office bears the name of a place of another rank, or is only mentioned within a sentence.
    """
    own = plain(document.organisation or "")
    for match in _RANK.finditer(own):
        place, office = own[: match.end()], own[match.end() :]
        if len(office) < _SHORTEST_OFFICE or not _OFFICE.search(office):
            continue
        short = re.split("[省市县区州旗]", place[:-1])[-1] + place[-1]
        beginning = _OF_CITY if place[-1] == "市" else _OF_DISTRICT
        for passage in document.passages:
            for other in _places_of(office, plain(passage.text), beginning):
                if other in place or short in other or _RELATED.search(other):
                    continue
                where = at_paragraph(passage)
                yield text_finding(document, "text_other_place", where, other + office, other=own)
                return


def _places_of(office: str, text: str, beginning: re.Pattern[str]) -> Iterator[str]:
    """The places whose office a sentence begins with and tells something of."""
    at = text.find(office)
    while at >= 0:
        named = beginning.search(text, max(0, at - _LONGEST_BEGINNING), at)
        if named and _TOLD.match(text, at + len(office)):
            yield named["place"]
        at = text.find(office, at + len(office))


def _places(document: TextDocument) -> Iterator[Finding]:
    """Sentences that state figures of a body of another district."""
    own = _DISTRICT.match(plain(document.organisation or ""))
    if own is None:
        return
    for paragraph in document.statements:
        passage = paragraph[0].passage
        other = _DISTRICT.match(re.sub(r"^20\d{2}年度?[，,]?", "", plain(passage.text)))
        if other and other["place"] != own["place"] and other["place"][:2] == own["place"][:2]:
            where = at_paragraph(passage)
            yield text_finding(document, "text_other_place", where, other["place"], other=own["place"])
            return
