"""Sums that a paragraph reckons out itself: what came in, what was spent and what is left; 加 … 减 … 结余.

What was there at the beginning and came in is what was spent, was distributed and is left at the end. A paragraph that
names no distribution may have one that it does not tell: then a person must look. Which of the figures is wrong nobody
can tell but where the text prints elsewhere the one figure that makes it come out.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from analysis.balancing.text.stated_amounts import in_words
from analysis.balancing.text.stated_changes import at_statement
from analysis.balancing.text.statements import StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import text_finding
from analysis.terms.finding import Finding

# The parts of a balance: +1 what there is, -1 where it went.
_BALANCE = (
    ("opening", 1, re.compile(r"(?:年初|上年)[^，。；]{0,6}?结[转余]")),
    ("income", 1, re.compile("本年(?:度)?收入")),
    ("used", 1, re.compile("弥补收支差额|使用(?:专用|非财政拨款)[^，。；]{0,6}结余")),
    ("spending", -1, re.compile("本年(?:度)?支出")),
    ("distribution", -1, re.compile("结余分配")),
    ("closing", -1, re.compile(r"(?:年末|期末)[^，。；]{0,6}?结[转余]|结转下年")),
)
_NEEDED = {"opening", "income", "spending", "closing"}
_STEP = re.compile("^[，,；;]?(?:再|并)?(?P<word>加上?|减去?|扣除|扣减)(?!少|强|大|快|免|税|员)")
_AND = re.compile("^[和及与、]")
_LEFT = re.compile("结余|结存|余额")
_SIDES = ("支出", "收入")


def balance_findings(document: TextDocument, wrong: Collection[int]) -> Iterator[Finding]:
    """Paragraphs whose own figures do not come out; `wrong` are the statements that a table contradicts."""
    for paragraph in document.statements:
        if not any(one.number in wrong for one in paragraph):
            yield from _balance(document, paragraph)
            yield from _steps(document, paragraph)


def _balance(document: TextDocument, paragraph: Sequence[StatedFigure]) -> Iterator[Finding]:
    found = {
        role: (sign, [one for one in paragraph if words.search(plain(one.words))]) for role, sign, words in _BALANCE
    }
    named = {role: (sign, figures[0]) for role, (sign, figures) in found.items() if figures}
    if not named.keys() >= _NEEDED or any(len(figures) > 1 for _, figures in found.values()):
        return
    figures = [one for _, one in named.values()]
    if len({one.number for one in figures}) < len(figures) or any(one.again for one in figures):
        return
    gap = sum((sign * one.amount.yuan for sign, one in named.values()), Decimal(0))
    if abs(gap) <= sum((one.amount.half for one in figures), Decimal(0)):
        return
    closing = named["closing"][1]
    yield text_finding(
        document,
        "text_arithmetic" if "distribution" in named else "text_balance",
        at_statement(closing),
        closing.words,
        other=in_words(closing.amount.yuan + gap, closing.amount.unit),
        evidence=[one.words for one in figures],
    )


def _steps(document: TextDocument, paragraph: Sequence[StatedFigure]) -> Iterator[Finding]:
    """A amount, what is added to it and taken from it in words, and what is left."""
    terms: list[tuple[int, StatedFigure]] = []
    sign, end = 0, 0
    for one in paragraph:
        text, words = plain(one.passage.text), plain(one.words)
        place = text.find(words, end)
        if place < 0:
            return
        between = text[end : place + len(words) - len(one.amount.words)]
        end = place + len(words)
        if step := _STEP.match(between):
            sign = 1 if step["word"].startswith("加") else -1
            terms.append((sign, one))
        elif sign and _AND.match(between):
            terms.append((sign, one))
        elif sign and _LEFT.search(between) and "。" not in between:
            if any(taken < 0 for taken, _ in terms):
                yield from _left(document, terms, one)
            terms, sign = [(1, one)], 0
        else:
            terms, sign = [(1, one)], 0


def _left(document: TextDocument, terms: Sequence[tuple[int, StatedFigure]], left: StatedFigure) -> Iterator[Finding]:
    figures = [*(one for _, one in terms), left]
    gap = sum((sign * one.amount.yuan for sign, one in terms), Decimal(0)) - left.amount.yuan
    if abs(gap) <= sum((one.amount.half for one in figures), Decimal(0)):
        return
    meant = [
        (one, one.amount.yuan - sign * gap) for sign, one in (*terms, (-1, left)) if _printed(document, one, sign * gap)
    ]
    one, yuan = meant[0] if len(meant) == 1 else (left, left.amount.yuan + gap)
    words = in_words(yuan, one.amount.unit)
    yield text_finding(
        document,
        "text_arithmetic",
        at_statement(one),
        one.words,
        expected=words if len(meant) == 1 else None,
        other=words,
        evidence=[one.words for one in figures],
    )


def _printed(document: TextDocument, figure: StatedFigure, off: Decimal) -> bool:
    """Whether another paragraph prints, on the same side, what the figure would have to be."""
    side = next((side for side in _SIDES if side in figure.words), None)
    return side is not None and any(
        one.amount.yuan == figure.amount.yuan - off
        for one in document.stated()
        if one.passage.number != figure.passage.number and side in one.words
    )
