"""What an item says of itself: this year's amount twice alike, its percentage and its direction word as its amounts.

A percentage is right if it lies in the interval that the printed digits allow, whichever of the two stated amounts of
this year it was made from. Where it is not, the explanation with the fewest words is looked for: the neighbouring
item's percentage left standing, one slip in the digits of last year's amount, else the percentage itself. From a base
of 0 nothing grows: whatever percentage stands there is a habit and no error. What final accounts say of their
budget (大于, 小于, 持平) is judged by the same signs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from analysis.balancing.text.item_rows import ItemRow, row_evidence
from analysis.balancing.text.stated_amounts import (
    Percent,
    StatedAmount,
    cuts,
    decimals,
    exact_percent,
    growth,
    in_words,
    meets_rate,
    misprints,
    rate_is_likelier,
    ratio,
)
from analysis.balancing.text.text_document import StatedItem, TextDocument
from analysis.balancing.text.text_finding import at_item, text_finding
from analysis.terms.finding import Alternative, Finding

_WHOLE = 100
_WORDS = {1: "增加", -1: "减少", 0: "持平"}


def item_change_findings(document: TextDocument, matched: Mapping[int, ItemRow]) -> Iterator[Finding]:
    """What is wrong within the items; `matched` are their rows in the tables."""
    for number, item in enumerate(document.items):
        row = matched.get(number)
        yield from _twice(document, number, row)
        yield from _change(document, number, row)
        yield from _budget_word(document, item)
        yield from _completion(document, item, row)


def _neighbours(document: TextDocument, number: int) -> tuple[StatedItem, ...]:
    return tuple(document.items[i] for i in (number - 1, number + 1) if 0 <= i < len(document.items))


def _twice(document: TextDocument, number: int, row: ItemRow | None) -> Iterator[Finding]:
    item = document.items[number]
    if item.arranged is None or item.arranged.repeats(item.current):
        return
    by_table = row.amount if row else None
    wrong, right = item.arranged, item.current
    if by_table and not by_table.agrees(item.current) and by_table.agrees(item.arranged):
        wrong, right = item.current, item.arranged
    copied = [one for one in _neighbours(document, number) if one.current.yuan == wrong.yuan]
    unknown = by_table is None or not by_table.agrees(right)
    expected = in_words(by_table.yuan, right.unit) if unknown and by_table else right.words
    finding = text_finding(
        document,
        "text_stated_twice",
        at_item(item, row.code if row else item.code),
        wrong.words,
        expected=None if unknown and by_table is None else expected,
        other=right.words,
        evidence=[
            *(row_evidence(row) if row else ()),
            *(f"第{one.number}条“{one.names[2]}”：{one.current.words}" for one in copied),
        ],
    )
    yield replace(finding, cause="neighbour_copied") if copied else finding


def _change(document: TextDocument, number: int, row: ItemRow | None) -> Iterator[Finding]:
    item = document.items[number]
    change, prior = item.change, item.prior
    if change is None or prior is None or change.sign is None or not prior.yuan:
        return
    nows = [item.current, *([item.arranged] if item.arranged else [])]
    if any(_fits(change.percent, change.sign, now, prior) for now in (*nows, *([row.amount] if row else []))):
        return  # where it fits the table's amount alone, the text's is what is wrong, and told so
    now = next((one for one in nows if row and row.amount.agrees(one)), item.current)
    true_sign = (now.yuan > prior.yuan) - (now.yuan < prior.yuan)
    exact = _in_percent(now, prior, change.percent)
    expected, cause, evidence, alternatives = exact, None, [f"{prior.words} → {now.words}：{exact}"], []
    if change.sign == 0:
        rule = "text_same"
    elif change.percent is None or _fits(change.percent, true_sign, now, prior):
        rule = "text_direction"
        expected = f"{_WORDS[true_sign]}{change.percent.words if change.percent else ''}"
    else:
        rule = "text_percent"
        copied = [one for one in _neighbours(document, number) if one.change and one.change.percent == change.percent]
        meant = [one for one in misprints(prior) if _fits(change.percent, change.sign, now, one)]
        implied = _implied_prior(change.percent, change.sign, now)
        if copied:
            cause = "neighbour_copied"
            evidence += [f"第{one.number}条“{one.names[2]}”也是{change.percent.words}" for one in copied]
        elif len(meant) == 1:
            expected, cause = f"上年执行数 {meant[0].words}", "prior_misprinted"
            alternatives = [f"百分比：{change.direction}{change.percent.words} → {exact}"]
        if implied and expected == exact:
            alternatives = [f"上年执行数：{prior.words} → {implied}"]
    finding = text_finding(
        document,
        rule,
        at_item(item, row.code if row else item.code),
        f"{prior.words}…{now.words}…{change.direction}{change.percent.words if change.percent else ''}",
        expected=expected,
        evidence=evidence,
    )
    yield replace(finding, cause=cause, alternatives=tuple(map(Alternative, alternatives)))


def _fits(percent: Percent | None, sign: int, now: StatedAmount, before: StatedAmount) -> bool:
    """Whether the change from `before` to `now` may be told so: by direction word and percentage."""
    allowed = growth(now, before)
    if allowed is None:
        return True
    if sign == 0:
        return allowed.meets(Fraction(0), percent.half if percent else Fraction(0))
    if percent is None:
        return (sign > 0 and (allowed.high is None or allowed.high >= 0)) or (sign < 0 and allowed.low <= 0)
    return allowed.meets(sign * percent.value, percent.half)


def _in_percent(now: StatedAmount, before: StatedAmount, percent: Percent | None) -> str:
    """The exact change with its direction word, to as many decimals as are printed."""
    sign = (now.yuan > before.yuan) - (now.yuan < before.yuan)
    if not sign:
        return _WORDS[0]
    shown = decimals(percent.digits) if percent else 2
    return f"{_WORDS[sign]}{exact_percent(abs(now.yuan - before.yuan), before.yuan, shown)}"


def _implied_prior(percent: Percent, sign: int, now: StatedAmount) -> str | None:
    """Last year's amount if the percentage is right; None where it would be none."""
    part = 100 + sign * percent.value
    if part <= 0:
        return None
    value = 100 * now.yuan * part.denominator / part.numerator
    return in_words(value, now.unit)


def _completion(document: TextDocument, item: StatedItem, row: ItemRow | None) -> Iterator[Finding]:
    """The rate of completion, of whichever amount of this year it was made."""
    nows = [item.current, *([item.arranged] if item.arranged else [])]
    if item.rate is None or item.budget is None or not item.budget.yuan:
        return
    allowed = [found for now in nows if (found := ratio(now, item.budget))]
    if row and meets_rate(item.rate, row.amount, item.budget):
        return  # the amount is what is wrong, and told so
    if not allowed or any(one.meets(item.rate.value, item.rate.half) for one in allowed):
        return
    yield text_finding(
        document,
        "text_truncated" if any(cuts(item.rate, one) for one in allowed) else "text_rate",
        at_item(item, item.code),
        f"{item.budget.words}…{nows[-1].words}…{item.rate.words}",
        expected=None
        if rate_is_likelier(item.rate, nows[-1], item.budget)
        else exact_percent(nows[-1].yuan, item.budget.yuan, decimals(item.rate.digits)),
        evidence=[f"年初预算 {item.budget.words}，支出决算 {nows[-1].words}"],
    )


def _budget_word(document: TextDocument, item: StatedItem) -> Iterator[Finding]:
    if item.word is None:
        return
    sign = next(
        (sign for word, sign in (("大于", 1), ("小于", -1), ("等于", 0), ("持平", 0)) if word in item.word), None
    )
    if item.budget is None:
        yield from _rate_word(document, item, item.word, sign)
        return
    gap = item.current.yuan - item.budget.yuan
    apart = not item.current.agrees(item.budget)
    true_sign = ((gap > 0) - (gap < 0)) if apart else 0
    # 基本持平 is a matter of judgment, and an equal pair of rounded figures may hide either direction.
    if sign is None or sign == true_sign or not apart or "基本" in item.word:
        return
    expected = {1: "决算数大于预算数", -1: "决算数小于预算数"}[true_sign]
    yield text_finding(
        document,
        "text_budget_word",
        at_item(item, item.code),
        item.word,
        expected=expected,
        evidence=[f"年初预算 {item.budget.words}，支出决算 {item.current.words}"],
    )


def _rate_word(document: TextDocument, item: StatedItem, word: str, sign: int | None) -> Iterator[Finding]:
    """The same where the text tells how much of the budget was carried out, and not the budget."""
    rate = item.rate
    if rate is None or not sign or "基本" in word:
        return
    true_sign = (rate.value - rate.half > _WHOLE) - (rate.value + rate.half < _WHOLE)
    if true_sign == -sign:
        yield text_finding(document, "text_budget_word", at_item(item, item.code), f"{rate.words}，{word}")
