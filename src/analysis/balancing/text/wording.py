"""How it is worded: what a template left behind, doubled words and marks, reasons that do not fit.

All of it is `info`: a person may want to mend it, no figure is wrong. Only sentences are looked at, not the pieces of
forms that stand among the passages; where words may stand twice rightly, at the seam of two names, nothing is said.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from analysis.balancing.text.stated_changes import at_statement
from analysis.balancing.text.statements import StatedChange, plain
from analysis.balancing.text.text_document import StatedItem, TextDocument
from analysis.balancing.text.text_finding import TextPlace, at, at_item, at_paragraph, text_finding
from analysis.terms.document import Passage
from analysis.terms.finding import Finding
from analysis.terms.line_item import Side

_WORD = r"(?:增加|减少|增长|下降|上升|降低|持平)"
_PLACEHOLDER = re.compile(
    rf"{_WORD}\({_WORD}(?:[/、或]{_WORD})?\)|{_WORD}/{_WORD}|[增减]/?(?:增加|减少)|{_WORD}(?:增加|减少|增长|下降|持平)(?!的|额|数)"
    r"|[大小]\([大小]\)于|大小于|[XＸ×]{2,}(?:万元|元|年|%|局|单位|部门|委|办)|待填写|请填写"
    r"|\([^()]*(?:具体见表格|按[^()]{2,40}填写|仅有一个单位的部门|[.…]+[^()]{0,8}见[^()]{0,6}表)[^()]*\)"
    r"|\((?:如|若)[^()]{0,30}(?:请|应|须|需|则)(?:写明|说明|填写|填列|注明|列明|删除|补充)[^()]*\)"
)
_UNNAMED_BODY = re.compile(r"[XＸ×]{2,}(?:局|单位|部门|委|办)")
_EMPTY_REASON = re.compile(r"主要原因(?:是|为)?[:，]?(?=[。；])")
_MARKS = re.compile(r"[。，、；:]{2,}")
_DOUBLED = re.compile(r"([一-鿿]{2,6}?)\1")
_REASON = re.compile(r"[。，；]?(?:其?主要)?原因(?:是|为)?:?(?P<reason>[^。；]+)")
_OVERALL = re.compile(rf"财政拨款(?:收入支出|收支)(?P<direction>{_WORD})的?主要原因")
_PURPOSE = re.compile(r"主要用于:?(?P<purpose>[^。；]+)")
_ENDED = re.compile(r"(?:[。；;:！!？?…”』」》\d)）]|其中|如下|包括)$")
_LONGEST_END = 3  # with a line break behind it
_MORE = re.compile(r"增加|增长|上升|提高|新增|上涨|增编|扩大")
_LESS = re.compile(r"减少|下降|降低|压缩|压减|缩减|调减|取消|退休|削减|节约|减员")
_SAYS_MORE = re.compile(r"增加|增长|上升")
_SAYS_LESS = re.compile(r"减少|下降|降低")
_DENIED = re.compile(r"[无未没不][^，；]{0,4}(?:增加|减少|增长|下降|变化)")
_LIST = re.compile(r"^，主要包括:(?P<names>[^。；]+)")
# A share without its %, and an amount of a list without its unit: what follows tells what it is.
_NO_UNIT = re.compile(
    r"占[^，。；\d]{0,12}?\d{1,3}\.\d{1,2}(?=[，。；])"
    r"|(?:收入|支出|经费|费|拨款|资金)为?\d[\d,]*\.\d{2}(?=[，；](?:占|比上年|与上年|较上年|完成预算))"
)
_CLASSES = {"personnel": ("301", "303"), "operating": ("302", "307", "309", "310", "399")}


def wording_findings(document: TextDocument) -> Iterator[Finding]:
    """What a reader stumbles over."""
    stating = {paragraph[0].passage.number for paragraph in document.statements}
    for passage in document.passages:
        if "。" in passage.text or "，" in passage.text or "主要原因" in passage.text:
            yield from _slips(document, passage, stating)
        else:
            yield from _placeholders(document, passage, _UNNAMED_BODY)
    for item in document.items:
        if item.change:
            yield from _reason(document, at_item(item), item.sentence, item.change)
        yield from _other_item(document, item)
    for statement in document.stated():
        if statement.change:
            yield from _reason(document, at_statement(statement), statement.passage.text, statement.change)
    for passage, words in document.units_missing:
        yield text_finding(document, "text_unit", at_paragraph(passage), words)
    for passage in {one.passage.number: one.passage for one in document.stated()}.values():
        for match in _NO_UNIT.finditer(plain(passage.text)):
            where = at_paragraph(passage)
            yield text_finding(document, "text_unit", where, passage.text[match.start() : match.end()])
    yield from _overall(document)
    yield from _listed(document)


def _placeholders(document: TextDocument, passage: Passage, words: re.Pattern[str]) -> Iterator[Finding]:
    """Words of the template."""
    for match in words.finditer(plain(passage.text)):
        if match[0][: len(match[0]) // 2] * 2 == match[0]:
            continue  # told as a doubled word
        printed = passage.text[match.start() : match.end()]
        yield text_finding(document, "text_placeholder", at_paragraph(passage), printed)


def _slips(document: TextDocument, passage: Passage, stating: Collection[int]) -> Iterator[Finding]:
    """Words of the template, empty reasons, doubled marks and words, a missing full stop.

    `stating` are the numbers of the passages that state amounts.
    """
    text, printed = plain(passage.text), passage.text
    yield from _placeholders(document, passage, _PLACEHOLDER)
    for match in _EMPTY_REASON.finditer(text):
        words = printed[match.start() : match.end() + 1]
        yield text_finding(document, "text_empty_reason", at_paragraph(passage), words)
    for match in _MARKS.finditer(text):
        marks = match[0]
        if len(marks) > 3 or (":" in marks and len(set(marks)) > 1):
            continue
        expected = "。" if "。" in marks else marks[0]
        before = printed[max(0, match.start() - 6) : match.end()]
        mended = before[: -len(marks)] + expected
        yield text_finding(document, "text_punctuation", at_paragraph(passage), before, expected=mended)
    for match in _DOUBLED.finditer(text):
        word = match[1]
        if word not in document.rules.doubles and len(set(word)) > 1:
            yield text_finding(document, "text_doubled", at_paragraph(passage), match[0], expected=word)
    explains_or_states = "主要原因" in text or ("。" in text and passage.number in stating)
    if explains_or_states and passage.place.x0 is not None and not _ENDED.search(text, len(text) - _LONGEST_END):
        end = printed[-8:]
        yield text_finding(document, "text_full_stop", at_paragraph(passage), end, expected=f"{end}。")


def _reason(document: TextDocument, where: TextPlace, text: str, change: StatedChange) -> Iterator[Finding]:
    """A reason that goes the other way than the change that it explains."""
    match = _REASON.match(plain(text), change.end)
    if match is None or change.sign is None:
        return
    reason = match["reason"]
    more, less = _MORE.search(reason) is not None, _LESS.search(reason) is not None
    says_more, says_less = _SAYS_MORE.search(reason) is not None, _SAYS_LESS.search(reason) is not None
    moved = (says_more or says_less) and not _DENIED.search(reason)
    against = {1: says_less and not more, -1: says_more and not less, 0: moved}
    if not against[change.sign]:
        return
    printed = text[match.start("reason") : match.end()]
    yield text_finding(document, "text_reason_direction", where, change.words, other=printed)


def _overall(document: TextDocument) -> Iterator[Finding]:
    """The sentence that explains the change as a whole, against the direction of that change."""
    signs = {
        statement.change.sign
        for statement in document.stated()
        if statement.change and statement.subject and statement.subject.id.startswith("appropriation_")
    }
    for passage in document.passages:
        match = _OVERALL.search(plain(passage.text))
        if match is None or len(signs) != 1 or None in signs:
            continue
        sign = next(iter(signs))
        if document.rules.signs[match["direction"]] == sign:
            continue
        expected = next(word for word, meant in document.rules.signs.items() if meant == sign)
        where = at(passage.place, "说明增减原因的一段", "the paragraph that explains the change")
        yield text_finding(document, "text_direction", where, match[0], expected=expected)


def _other_item(document: TextDocument, item: StatedItem) -> Iterator[Finding]:
    """Purpose and reason that name another item of the document and not their own."""
    sentence = plain(item.sentence)
    purpose, reason = _PURPOSE.search(sentence), _REASON.search(sentence, item.change.end) if item.change else None
    named = [
        (item.sentence[match.start() : match.end()], other)
        for match, group in ((purpose, "purpose"), (reason, "reason"))
        if match and (other := _named_item(document, item, match[group]))
    ]
    if not named:
        return
    printed = "…".join(words.strip("。，；") for words, _ in named)
    finding = text_finding(document, "text_reason_item", at_item(item, item.code), printed, other=named[0][1])
    yield replace(finding, cause="neighbour_copied")


def _named_item(document: TextDocument, item: StatedItem, words: str) -> str | None:
    """The other item that the words name; None where they name their own, or none for certain."""
    item_name = plain(item.names[2])
    if _core(item_name) in words or (item_name in document.rules.common_items and plain(item.names[1]) in words):
        return None
    for other in document.items:
        section, low = plain(other.names[1]), plain(other.names[2])
        alone = low not in document.rules.common_items and len(low) >= 4 and low != item_name
        if other.names != item.names and (f"{section}{low}" in words or (alone and words.startswith(low))):
            return f"{other.number}.{other.names[2]}" if alone else f"{other.number}.{other.names[1]}{other.names[2]}"
    return None


def _core(name: str) -> str:
    return name.removesuffix("支出").removesuffix("缴费") or name


def _listed(document: TextDocument) -> Iterator[Finding]:
    """The lines that the text lists (主要包括) against those that the table fills."""
    for statement in document.stated():
        classes = _CLASSES.get(statement.subject.id) if statement.subject else None
        end = statement.passage.text.find(statement.words) + len(statement.words)
        match = _LIST.match(plain(statement.passage.text)[end:]) if classes else None
        if match is None or classes is None or match["names"].endswith("等"):
            continue
        key = ("basic_by_economic", Side.EXPENDITURE.value, "total", document.phase.value)
        filled = {
            plain(cell.name or "")
            for cell in document.cells.get(key, ())
            if cell.code and len(cell.code) == 5 and cell.code.startswith(classes) and cell.amount.yuan
        }
        listed = set(match["names"].split("、"))
        extra, missing = sorted(listed - filled), sorted(filled - listed)
        if filled and (extra or missing):
            yield text_finding(
                document,
                "text_listed_names",
                at_statement(statement),
                "、".join(extra) or "未列",
                expected="、".join(missing) or "无",
            )
