"""What is wrong among the facts of the notes: parts that do not make their whole, or exceed it, two values of one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.text.stated_amounts import one_slip
from analysis.knowledge.fact_rules import PartsRule, Quotient, fact_rules, subject_names
from analysis.terms.finding import Finding
from analysis.terms.line_item import Place
from analysis.terms.money import Unit, decimals, half_unit

Fact = Mapping[str, Any]
_MONEY = "元"
_NEAR = 6  # so many facts before what one costs their number is told
_SUMS_OF_TEXT = frozenset({"text_sum", "text_list_sum", "text_parts_exceed"})
_LONGEST_UNIT_FIRST = sorted(Unit, key=lambda unit: len(unit.zh), reverse=True)


def fact_findings(facts: pl.DataFrame) -> Iterator[Finding]:
    """The findings of the facts of any number of documents."""
    groups: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    row: Fact
    for row in facts.iter_rows(named=True):
        groups[row["document_id"], row["fiscal_year"], row["phase"], row["as_of"]].append(row)
    for stated in groups.values():
        once: dict[str, Fact] = {}
        for fact in stated:
            other = once.setdefault(fact["subject"], fact)
            if other is not fact:
                yield from _twice(other, fact)
        yield from _parts(once, {fact["number"]: fact for fact in stated})
        yield from _at_most(once)
    for ones in facts.partition_by("document_id", maintain_order=True):
        yield from _quotients(ones.sort("number").to_dicts())


def without_sums_of_facts(told: Iterable[Finding], facts: Sequence[Finding]) -> list[Finding]:
    """What is told of the text, without the sums that are told of its facts: one cause, one finding."""
    sums = [one for one in facts if one.rule in ("fact_parts", "fact_part")]

    def is_told(finding: Finding) -> bool:
        return finding.rule in _SUMS_OF_TEXT and any(
            (one.document_id, one.place) == (finding.document_id, finding.place)
            and (one.rule == "fact_part" or (finding.printed or "").endswith(one.printed or ""))
            for one in sums
        )

    return [one for one in told if not is_told(one)]


def fact_finding(rule: str, fact: Fact, printed: str, *, expected: str | None = None, other: str = "") -> Finding:
    """The finding that a rule makes of a fact, or of a form that has the same columns of place."""
    entry = fact_rules().rules[rule]
    place = Place.from_row(fact)
    name = fact.get("name")
    zh, en = subject_names().get(fact.get("subject", ""), (name or "绩效目标表", name or "a form of goals"))
    words = {"printed": printed, "expected": expected, "other": other}
    return Finding(
        document_id=fact["document_id"],
        source_file=fact["source_file"],
        rule=rule,
        severity=entry.severity,
        message_zh=entry.zh.format(where=_at(place, f"“{zh}”", "第{}页", "第{}行"), **words),
        message_en=entry.en.format(where=_at(place, f" {en}", "p. {},", "line {},").strip(), **words),
        place=place,
        table="text" if "subject" in fact else "projects",
        name=zh,
        printed=printed,
        expected=expected,
    )


def _at(place: Place, name: str, page: str, line: str) -> str:
    if place.page is not None:
        return page.format(place.page) + name
    return line.format(place.line) + name if place.line is not None else name


def slack(fact: Fact) -> Decimal:
    """How far a printed value may be off: half of its last digit for money, nothing for what is counted."""
    if fact["unit"] != _MONEY:
        return Decimal(0)
    printed = fact["printed"].removesuffix("万") + ("万元" if fact["printed"].endswith("万") else "")
    unit = next((one for one in _LONGEST_UNIT_FIRST if printed.endswith(one.zh)), None)
    return half_unit(decimals(printed.removesuffix(unit.zh)), unit) if unit else Decimal(0)


def amount_words(fact: Fact, value: Decimal) -> str:
    """A value in the unit in which a fact prints its own."""
    if fact["unit"] != _MONEY:
        return f"{value.normalize():f}{fact['unit']}"
    unit = next((one for one in _LONGEST_UNIT_FIRST if fact["printed"].endswith(one.zh)), Unit.WAN_YUAN)
    shown = max(decimals(fact["printed"].removesuffix(unit.zh)), 2)
    return f"{value / unit.yuan:.{shown}f}{unit.zh}"


def _twice(first: Fact, second: Fact) -> Iterator[Finding]:
    rule = fact_rules().twice
    if rule.told_elsewhere.fullmatch(second["subject"]) or rule.of_each_unit.fullmatch(second["subject"]):
        return
    if abs(first["value"] - second["value"]) > slack(first) + slack(second):
        yield fact_finding("fact_twice", second, second["printed"], other=first["printed"])


def _parts(stated: Mapping[str, Fact], by_number: Mapping[int, Fact]) -> Iterator[Finding]:
    for rule in fact_rules().parts:
        whole, parts = stated.get(rule.whole), [stated[name] for name in rule.parts if name in stated]
        if whole is None or not parts or not _together(rule, whole, parts, by_number):
            continue
        total = sum((part["value"] for part in parts), Decimal(0))
        open_to = slack(whole) + sum(map(slack, parts), Decimal(0))
        over = total - whole["value"]
        if over > open_to or (-over > open_to and _is_complete(rule, stated) and _counts_all(whole, parts)):
            yield _unequal(whole, parts, total)


def _unequal(whole: Fact, parts: Sequence[Fact], total: Decimal) -> Finding:
    """The whole or the one part of which a slip explains the difference; where several may be wrong, none is.

    What is counted is a digit or two: there some slip explains any number.
    """
    over = total - whole["value"]
    meant = [(whole, total), *((part, part["value"] - over) for part in parts)]
    slipped = [(fact, value) for fact, value in meant if value >= 0 and _one_slip(fact, value)]
    fact, value = slipped[0] if len(slipped) == 1 else (None, total)
    if fact is not None and fact is not whole:
        return fact_finding(
            "fact_part", fact, fact["printed"], expected=amount_words(fact, value), other=whole["printed"]
        )
    terms = " + ".join(part["printed"] for part in parts if part["value"])
    added = amount_words(whole, total)
    finding = fact_finding("fact_parts", whole, whole["printed"], expected=added, other=terms)
    return finding if fact is whole else replace(finding, expected=None)


def _one_slip(fact: Fact, meant: Decimal) -> bool:
    return one_slip(_digits(fact["printed"]), _digits(amount_words(fact, meant)))


def _digits(words: str) -> str:
    """The digits of an amount with at least two decimals, without its unit; of a number as it stands."""
    number = re.sub(r"[^\d.]", "", words)
    whole, point, rest = number.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}" if point or "元" in words else whole


def _together(rule: PartsRule, whole: Fact, parts: Sequence[Fact], by_number: Mapping[int, Fact]) -> bool:
    """Whether the parts are told in one breath with the whole: elsewhere they may be of something else.

    A sentence that goes on with 其中 is of the one before it.
    """
    sentences = {part["sentence"] for part in parts}
    if sentences == {whole["sentence"]}:
        return True
    before = by_number.get(min(part["number"] for part in parts) - 1)
    goes_on = len(sentences) == 1 and (rule.next_sentence or sentences.pop().startswith("其中"))
    return goes_on and before is not None and before["sentence"] == whole["sentence"]


def _is_complete(rule: PartsRule, stated: Mapping[str, Fact]) -> bool:
    if rule.complete:
        return all(name in stated for name in rule.parts)
    return rule.closed_by in stated


def _counts_all(whole: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the sentences count no more things of that unit than those that are known parts."""
    if whole["unit"] == _MONEY:
        return True
    sentences = dict.fromkeys(one["sentence"] for one in (whole, *parts))
    counted = sum(len(re.findall(rf"\d\s*{re.escape(whole['unit'])}", sentence)) for sentence in sentences)
    return counted <= 1 + len(parts)


def _quotients(stated: Sequence[Fact]) -> Iterator[Finding]:
    """What one costs, told right behind their number, against the cost of all."""
    for rule in fact_rules().quotients:
        for at, fact in enumerate(stated):
            if fact["subject"] == rule.each:
                yield from _quotient(rule, fact, stated, stated[max(0, at - _NEAR) : at])


def _quotient(rule: Quotient, fact: Fact, stated: Sequence[Fact], before: Sequence[Fact]) -> Iterator[Finding]:
    when = fact["phase"], fact["fiscal_year"]
    costs = [one for one in stated if one["subject"] == rule.cost and (one["phase"], one["fiscal_year"]) == when]
    counts = [one for one in before if one["subject"] == rule.count and one["value"] > 0]
    if len({one["value"] for one in costs}) != 1 or len({one["value"] for one in counts}) != 1:
        return
    for cost in costs:
        least, most = cost["value"] - slack(cost), cost["value"] + slack(cost)
        off = 2 * slack(fact)  # a quotient may be cut
        if least / counts[0]["value"] - off <= fact["value"] <= most / counts[0]["value"] + off:
            return
    terms = f"{costs[-1]['printed']} ÷ {counts[0]['printed']}"
    expected = amount_words(fact, costs[-1]["value"] / counts[0]["value"])
    finding = fact_finding("fact_quotient", fact, fact["printed"], expected=expected, other=terms)
    alone = one_slip(_digits(fact["printed"]), _digits(expected))
    yield finding if alone else replace(finding, expected=None)


def _at_most(stated: Mapping[str, Fact]) -> Iterator[Finding]:
    for rule in fact_rules().at_most:
        less, more = stated.get(rule.less), stated.get(rule.more)
        if less and more and less["value"] - more["value"] > slack(less) + slack(more):
            yield fact_finding("fact_at_most", less, less["printed"], other=more["printed"])
