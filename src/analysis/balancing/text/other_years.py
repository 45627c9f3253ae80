"""Figures of this document under another year: sentences and headings that begin with it, and titles of tables.

A text may well state figures of an earlier year. It is a slip only where nothing else in the document states the same
thing of its own year, and hardly any sentence begins with that other year.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analysis.balancing.text.statements import plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import TextPlace, at_paragraph, text_finding
from analysis.terms.document import Passage
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind, Level

_HEAD = re.compile(
    r"(?:^|(?<=[。；;:]))(?:第?[(（]?[一二三四五六七八九十\d]+[)）]?(?:部分|[、.．])?)*(?:[本我](?:部门|单位|[局委院办]))?"
    r"(?P<words>(?P<year>20\d{2})年(?:度)?[，,]?(?P<what>[^，。；;:\d]{2,40}?))\d[\d,，.]*(?:亿元|万元|元)"
)
_HEADING = re.compile(
    r"(?:第?[(（]?[一二三四五六七八九十\d]+[)）]?(?:部分|[、.．])?)*[^，。；;:\d]{0,30}?(?P<year>20\d{2})年(?:度)?[^，。；;:\d]{2,40}"
)
_JUDGED = re.compile("绩效|评价|自评|回顾|总结|变化|对比|比较")  # what headings tell of an earlier year
_TOPIC = re.compile(
    "三公|因公出国|公务用车购置|运行维护费|公务用车|公务接待|机关运行|政府采购|财政拨款|基本支出|项目支出|收入|支出|收、支|收支|培训费|会议费|政府性基金|国有资本|绩效"
)
_UNNAMED = re.compile(r"(?:支出|收入|年初|全年)?(?:预算|决算)数?(?:为|是)?")
_OTHER_TIME = re.compile("结转|结余|上年|年末|年底|执行|累计|历年|以前|计划|规划|目标|下达|争取")
_DONE = re.compile("决算|完成|实际|实现")
_COMPARED = re.compile(r"(?:比|较|与|同|对比)$")
_OF_THE_OTHER_KIND = {Kind.BUDGET: re.compile("决算"), Kind.FINAL: re.compile("^(?!.*决算).*预算")}
_LEAST_OWN, _MOST_OTHER, _NEAR, _LONGEST_LABEL = 2, 1, 3, 24
_BEGINNING = 40


@dataclass(frozen=True, slots=True)
class _Head:
    """A sentence that begins with a year and an amount: its words, what they speak of, and what follows."""

    passage: Passage
    year: int
    words: str
    topics: frozenset[str]
    rest: str


def other_year_findings(document: TextDocument) -> Iterator[Finding]:
    """What is told of another year where the document's own is meant; nothing of the reports of a government."""
    if document.level == Level.GOVERNMENT:
        return
    yield from _sentences(document)
    yield from _headings(document)
    yield from _titles(document)


def _sentences(document: TextDocument) -> Iterator[Finding]:
    heads = [head for passage in document.passages for head in _heads(passage, document.organisation)]
    counts = Counter(head.year for head in heads)
    of_own = {head.topics for head in heads if head.year == document.year}
    if counts[document.year] < _LEAST_OWN:
        return
    for head in heads:
        if head.year == document.year or counts[head.year] > _MOST_OTHER or abs(head.year - document.year) > _NEAR:
            continue
        if not head.topics or head.topics in of_own or _OTHER_TIME.search(head.words):
            continue
        if document.kind is Kind.BUDGET and _DONE.search(head.words):
            continue
        own = re.search(rf"{document.year}年", head.rest)
        if own and not _COMPARED.search(head.rest[: own.start()]):
            continue
        where = at_paragraph(head.passage)
        expected = head.words.replace(str(head.year), str(document.year), 1)
        yield text_finding(document, "text_year", where, head.words, expected=expected)


def _heads(passage: Passage, own: str | None) -> Iterator[_Head]:
    text = plain(passage.text)
    if "20" not in text or "元" not in text:
        return
    if own:  # 甲局2024年收入预算
        name = re.escape(plain(own))
        text = re.sub(rf"{name}(?=20\d{{2}}年)|(?<=年[，,]){name}", "", text)  # and 2024年，甲局收入预算
    for match in _HEAD.finditer(text):
        about = match["what"]
        if _UNNAMED.fullmatch(about):  # 2、公务接待费。2023年度决算数
            before = re.split(r"[。；;:]", text[: match.start("words")].rstrip("。；;:"))[-1]
            sentence = re.split("[。；;]", text[: match.start("words")].rstrip("。；;"))[-1]
            if f"{int(match['year']) + 1}年" in sentence:
                continue  # 2024年预算数为…。2023年预算数为…: what was before, told beside
            about = f"{before[-_LONGEST_LABEL:]}{about}"
        rest = re.split("[。；;]", text[match.end() :], maxsplit=1)[0]
        yield _Head(passage, int(match["year"]), match["words"], frozenset(_TOPIC.findall(about)), rest)


def _headings(document: TextDocument) -> Iterator[Finding]:
    """A heading of another year over a paragraph that begins with the document's own, where no other heading is so."""
    found = [
        (int(match["year"]), passage, following)
        for passage, following in pairwise(document.passages)
        if (match := _HEADING.fullmatch(plain(passage.text)))
    ]
    counts = Counter(year for year, _, _ in found)
    for year, passage, following in found:
        if year == document.year or counts[year] > _MOST_OTHER or abs(year - document.year) > _NEAR:
            continue
        words = plain(passage.text)
        if _OTHER_TIME.search(words) or _OF_THE_OTHER_KIND[document.kind].search(words) or _JUDGED.search(words):
            continue
        beginning = plain(following.text)[:_BEGINNING]
        if f"{document.year}年" not in beginning or f"{year}年" in following.text:
            continue
        expected = passage.text.replace(str(year), str(document.year), 1)
        yield text_finding(document, "text_year", at_paragraph(passage), passage.text, expected=expected)


def _titles(document: TextDocument) -> Iterator[Finding]:
    """A table titled with another year, where no other table is."""
    years = [(title, re.findall(r"(?<!\d)20\d{2}(?=年)", title), place) for title, place in document.titles]
    counts = Counter(year for _, found, _ in years for year in found)
    for title, found, place in years:
        if len(found) != 1 or counts[found[0]] > _MOST_OTHER or _OF_THE_OTHER_KIND[document.kind].search(title):
            continue
        if int(found[0]) == document.year or abs(int(found[0]) - document.year) > _NEAR:
            continue
        where = TextPlace(place, f"《{title}》的标题", f"the title of the table {title}", "text")
        expected = title.replace(found[0], str(document.year))
        yield text_finding(document, "text_year", where, title, expected=expected)
