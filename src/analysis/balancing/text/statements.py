"""What the text says in figures, as the rules look at it: the statements of the dataset, joined where they belong.

An amount with what is said of it: a comparison with an earlier year, its share of a whole, how much of a budget was
carried out. Reading found the values, their subjects and their roles; here nothing is read from words again but the
words themselves, so that every statement can quote them as printed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from analysis.balancing.text.stated_amounts import Percent, StatedAmount, to_amount
from analysis.knowledge.text_rules import Subject, TextRules
from analysis.terms.characters import round_level_brackets
from analysis.terms.document import Passage
from analysis.terms.money import Unit
from analysis.terms.statement import StatementRole

Row = Mapping[str, Any]
_MONEY = frozenset(unit.value for unit in Unit)
_HALF_WIDTH = str.maketrans(
    {"（": "(", "）": ")", "：": ":", "％": "%", "．": "."} | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)
_REASON = re.compile("原因|由于|因为|用于")
_STOPS = re.compile("[。；;]|口径|剔除|扣除|可比|不变价|调整后")
_OTHER_SCOPE = re.compile("口径|剔除|扣除|可比|不变价")  # a percentage of other amounts than those stated
# A comparison of its own behind a reason: …主要原因是严格控制支出，与上年相比减少….
_COMPARES_AFRESH = re.compile(r"(?<=[，；])(?:与|同)(?:20\d{2}年度?|上年|去年)(?:决算数?|支出数?)?相比")
# A sentence on an office below the department, which the year or what is told of it follows.
_BELOW = re.compile(
    r"(?P<name>[一-鿿]{2,24}?(?:[支大中总]队|服务站|管理站|监测站|中心|研究[所院]|管理[所处]|服务所|事务所|学校|中学|小学|幼儿园|医院|"
    r"卫生院|图书馆|文化馆|博物馆|档案馆|美术馆|体育馆))(?:\([^()]{0,12}\))?(?=20\d{2}年)"
)
_WITHOUT = re.compile(r"[(](?:不含|不包括|未含|扣除|剔除|剔减)")
_AREA = re.compile(r"全[省市区县州旗](?!局|系统|部门)[^。；]*$")
_PART_ITSELF = re.compile(r"其中[:，,]?[一-鿿]{0,24}本级(?=20\d{2}年|本年|收入|支出|基本|项目)")
_OWN = re.compile("^[本我该]|(?:[局委院办会厅府]|部门|单位)(?:本级)?(?:及|和|、)")
_CLASS_DIGITS = 3
_OFFICE_NAME = 4
_BESIDE = 4
_OF_CHANGES = (StatementRole.DIRECTION, StatementRole.CHANGE, StatementRole.CHANGE_PERCENT)


@dataclass(frozen=True, slots=True)
class StatedChange:
    """A comparison with an earlier year; `sign` is None where the words leave it open (增加（减少）).

    `end` is where its words end in the text that they were read from. `second` is the word before the percentage.
    `prior` is the amount of the earlier year, where the words right before the change print it; `beside` is whether it
    stands alone with the change (较上年19.70万元减少0.99万元), in another sentence than the amount that changed.
    """

    words: str
    end: int
    base_year: int | None
    base_word: str
    direction: str
    sign: int | None
    amount: StatedAmount | None
    percent: Percent | None
    second: str | None
    prior: StatedAmount | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a whole; `of` is the subject that the words name, None where it is the whole that stands before."""

    words: str
    of: str | None
    percent: Percent


@dataclass(frozen=True, slots=True)
class Execution:
    """How a budget was carried out: the budget that was stated, and the rate."""

    words: str
    budget: StatedAmount | None
    rate: Percent | None


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """An amount of a subject of the shelf, of a row of the functional classification, or of something else.

    `number` and `whole` are those of the dataset: `whole` is the statement that this one is a stated part of.
    `economic` is the code of a row of the table of basic expenditure. `again`
    are other amounts that follow it and name nothing of their own: what is said behind them may be of them. `later` are
    comparisons with other amounts behind the first.
    """

    number: int
    passage: Passage
    subject: Subject | None
    code: str | None
    economic: str | None
    name: str
    words: str
    amount: StatedAmount
    change: StatedChange | None
    share: Share | None
    execution: Execution | None
    whole: int | None
    again: tuple[StatedAmount, ...] = ()
    later: tuple[StatedChange, ...] = ()

    @property
    def class_name(self) -> str | None:
        """The name of the class of the functional classification that it speaks of, if it is one."""
        named = self.subject is None and self.code is not None and len(self.code) == _CLASS_DIGITS
        return self.name if named else None


@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """The text letter for letter with half-width brackets, colons, points, percent signs and digits."""
    return round_level_brackets(text.translate(_HALF_WIDTH))


def rows_to_statements(
    rows: Iterable[Row], passages: Mapping[int, Passage], rules: TextRules, own: str = ""
) -> tuple[tuple[StatedFigure, ...], ...]:
    """The amounts of money that the text states, by paragraph, in the order in which they stand.

    Args:
        rows: The statements of one document.
        passages: Its paragraphs by number.
        rules: The subjects of its family.
        own: The body whose document it is, "" for a government: what is told of one below it, or of the whole area, is
            not compared with the tables.
    """
    found = [row for row in rows if row["passage"] in passages]
    by_number = {row["number"]: row for row in found}
    about: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        if row["of"] is not None:
            about[row["of"]].append(row)
    elsewhere = _told_elsewhere(found)
    paragraphs: dict[int, list[StatedFigure]] = defaultdict(list)
    for row in found:
        if _states_amount(row):
            statement = _statement(row, about[row["number"]], by_number, passages[row["passage"]], rules)
            if statement.subject and _is_of_below(row, passages[row["passage"]], own):
                statement = replace(statement, subject=None)
            later = elsewhere.get(row["number"], [])
            if statement.change is None and later:
                statement = replace(statement, change=stated_change(None, later, passages[later[0]["passage"]].text))
            paragraphs[row["passage"]].append(statement)
    return tuple(tuple(paragraphs[number]) for number in sorted(paragraphs))


def _is_of_below(row: Row, passage: Passage, own: str) -> bool:
    """Whether an amount is of an office below the department, of its whole area, or of the whole without a part."""
    text = plain(passage.text[: row["end"]])
    if _WITHOUT.match(plain(passage.text[row["end"] :])) or (own and _AREA.search(text)):
        return True
    start = text.rfind("。") + 1
    if _PART_ITSELF.search(text, start):
        return True
    below = _BELOW.search(text, start)
    if below is None or _OWN.search(below["name"]):
        return False
    name, whole = below["name"], plain(own)
    return not whole or (name not in whole and not whole.endswith(name[-_OFFICE_NAME:]) and whole not in name)


def _told_elsewhere(rows: Sequence[Row]) -> Mapping[int, Sequence[Row]]:
    """Comparisons that name their subject and stand in another paragraph than its amount, by the amount's number."""
    last: dict[str, int] = {}
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        subject = row["subject_id"]
        if subject is None:
            if row["of"] is None and row["role"] in _OF_CHANGES and (number := _named_before(row, rows)) is not None:
                found[number].append(row)
            continue
        if _states_amount(row):
            last[subject] = row["number"]
        elif row["of"] is None and row["role"] in _OF_CHANGES and subject in last:
            here = found[last[subject]]
            if not here or here[0]["passage"] == row["passage"]:
                here.append(row)
    return found


def _named_before(row: Row, rows: Sequence[Row]) -> int | None:
    """The one amount before it in its paragraph whose subject a change repeats (某局资产总额 … 资产总额)."""
    words = row["subject"]
    same = [
        one["number"]
        for one in rows
        if words and one["passage"] == row["passage"] and one["number"] < row["number"]
        if _states_amount(one) and one["whole"] is None and one["subject"].endswith(words)
    ]
    return same[0] if len(same) == 1 else None


def _states_amount(row: Row) -> bool:
    role = row["role"] == StatementRole.CURRENT and row["of"] is None
    return bool(role and row["unit"] in _MONEY and row["value"] is not None and row["subject"])


def row_amount(row: Row) -> StatedAmount:
    """The amount of a row as the text prints it."""
    digits = row["printed"].replace("，", ",").replace("零", "0")
    return to_amount(digits, Unit(row["unit"]).zh)


def _statement(
    row: Row, about: Sequence[Row], by_number: Mapping[int, Row], passage: Passage, rules: TextRules
) -> StatedFigure:
    subject = rules.subjects.get(row["subject_id"]) if row["subject_id"] else None
    whole = by_number.get(row["whole"]) if row["whole"] is not None else None
    # What means something only as a part of another thing means nothing without it.
    if subject and subject.within and not _is_part(row, whole, by_number, subject, rules):
        subject = None
    here = [one for one in about if one["passage"] == row["passage"]]
    changes = [*_changes(row, here, passage.text)]
    return StatedFigure(
        number=row["number"],
        passage=passage,
        subject=subject,
        code=row["code"] if row["scheme"] == "functional" else None,
        economic=row["code"] if row["table"] == "basic_by_economic" else None,
        name=subject.zh if subject else row["name"] or row["subject"],
        words=passage.text[row["begin"] : row["end"]].lstrip("、，,"),
        amount=row_amount(row),
        change=changes[0] if changes else None,
        later=tuple(changes[1:]),
        share=_share(here, passage.text),
        execution=_execution(row, here, passage.text),
        whole=row["whole"],
        again=tuple(row_amount(one) for one in here if _is_amount(one) and one["value"] != row["value"]),
    )


def _is_part(row: Row, whole: Row | None, by_number: Mapping[int, Row], subject: Subject, rules: TextRules) -> bool:
    """Whether an amount is a part of what it has to be a part of: as stated, or where paragraphs list the parts."""
    if whole is not None:
        return whole["subject_id"] in subject.within
    at = row["passage"]
    for number in range(row["number"] - 1, 0, -1):
        one = by_number.get(number)
        if one is None or not _states_amount(one):
            continue
        if at - one["passage"] > 1 or one["passage"] == row["passage"]:
            return False
        if one["subject_id"] in subject.within:
            return True
        sibling = rules.subjects.get(one["subject_id"] or "")
        if one["whole"] is None and (sibling is None or sibling.within != subject.within):
            return False
        at = one["passage"]
    return False


def _is_amount(row: Row) -> bool:
    return row["role"] == StatementRole.CURRENT and row["unit"] in _MONEY and row["value"] is not None


def stated_change(row: Row | None, about: Sequence[Row], text: str) -> StatedChange | None:
    """The first comparison that the text makes of an amount; none that stands in a reason.

    One with the budget of its own year counts where there is no other.
    """
    return next(_changes(row, about, text), None)


def _changes(row: Row | None, about: Sequence[Row], text: str) -> Iterator[StatedChange]:
    """The comparisons that the text makes of an amount, in order, those with the budget of its own year last."""
    directions = [one for one in about if one["role"] == StatementRole.DIRECTION and not compares_outturn(one)]
    for direction in sorted(directions, key=_of_own_budget):
        end_of_amount = row["end"] if row else direction["begin"]
        between = text[end_of_amount : direction["begin"]] if direction["begin"] > end_of_amount else ""
        if _REASON.search(between.rsplit("。", 1)[-1]) and not _COMPARES_AFRESH.match(text, direction["begin"]):
            continue
        after = [one for one in about if one["begin"] >= direction["begin"] and one is not direction]
        following = min((one["begin"] for one in directions if one["begin"] > direction["end"]), default=len(text))
        amount = next((one for one in after if one["role"] == StatementRole.CHANGE and one["end"] <= following), None)
        percent = next(
            (one for one in after if one["role"] == StatementRole.CHANGE_PERCENT and one["end"] <= following), None
        )
        parts = [one for one in (direction, amount, percent) if one is not None]
        end = max(one["end"] for one in parts)
        if _OTHER_SCOPE.search(text[direction["begin"] : end]):
            percent = None
        prior = _prior(row, about, amount or percent, direction["base"], text)
        alone = _prior_beside(about, direction, text) if prior is None and row is not None else None
        yield StatedChange(
            words=text[direction["begin"] : end],
            end=end,
            base_year=direction["base_year"],
            base_word=(direction["base"] or "").removesuffix("数"),
            direction=direction["printed"],
            sign=None if direction["value"] is None else int(direction["value"]),
            amount=_changed_by(amount, row),
            percent=row_percent(percent),
            second=_second(text, amount, percent),
            prior=prior or alone,
            beside=alone is not None,
        )


def _of_own_budget(row: Row) -> bool:
    year = row.get("fiscal_year")
    return "预算" in (row["base"] or "") and year is not None and row["base_year"] == year


def compares_outturn(row: Row) -> bool:
    """Whether a direction is of the words that hold the outturn against the budget (决算数大于预算数)."""
    return row["base"] == "年初预算" and "决算" in row["printed"]


def _prior(
    row: Row | None, about: Sequence[Row], change: Row | None, base: str | None, text: str
) -> StatedAmount | None:
    """The amount compared with that one sentence prints with the amount and its change, and no other amount."""
    if row is None or change is None or change["unit"] not in (*_MONEY, "percent"):
        return None
    before = StatementRole.BUDGET if "预算" in (base or "") else StatementRole.PRIOR
    for one in about:
        if one["role"] not in (StatementRole.PRIOR, before) or one["unit"] not in _MONEY or one["value"] is None:
            continue
        begin, end = min(row["begin"], one["begin"]), change["begin"]
        if max(row["end"], one["end"]) > end:
            continue
        between = text[min(row["end"], one["end"]) : end]
        if between.count("元") == 1 and not _STOPS.search(text[begin:end]):
            return row_amount(one)
    return None


def _prior_beside(about: Sequence[Row], direction: Row, text: str) -> StatedAmount | None:
    """The amount of the earlier year with which the comparison itself begins."""
    for one in about:
        printed = one["role"] in (StatementRole.PRIOR, StatementRole.BUDGET) and one["unit"] in _MONEY
        word = text.find(direction["printed"], direction["begin"])
        if printed and one["value"] is not None and 0 <= word - one["end"] <= _BESIDE:
            return row_amount(one) if not _STOPS.search(text[one["end"] : word]) else None
    return None


def _changed_by(change: Row | None, amount: Row | None) -> StatedAmount | None:
    """The amount of a change; a number with decimals and no unit has that of the amount that changed."""
    if change is None:
        return None
    if change["unit"] in _MONEY:
        return row_amount(change)
    bare = change["unit"] is None and "." in change["printed"] and amount is not None
    return row_amount({**change, "unit": amount["unit"]}) if bare and amount else None


def _second(text: str, amount: Row | None, percent: Row | None) -> str | None:
    if amount is None or percent is None or percent["printed"].startswith("-"):
        return None  # growth by less than nothing is a fall
    between = text[amount["end"] : percent["end"]]
    match = re.search(r"[一-鿿]+", between)
    return match[0] if match else None


def row_percent(row: Row | None) -> Percent | None:
    """The percentage of a row; a multiple in per cent."""
    if row is None or row["value"] is None or row["unit"] == "points":
        return None
    if row["unit"] == "times":
        return None
    return Percent(row["printed"].removeprefix("-"))


def _share(about: Sequence[Row], text: str) -> Share | None:
    row = next((one for one in about if one["role"] == StatementRole.SHARE_PERCENT), None)
    percent = row_percent(row)
    if row is None or percent is None:
        return None
    at = text.rfind("占", 0, row["end"])
    begin = at if at >= 0 and row["end"] - at < 50 else row["begin"]
    return Share(text[begin : row["end"]], row["base"] or None, percent)


def _execution(row: Row, about: Sequence[Row], text: str) -> Execution | None:
    budget = next((one for one in about if one["role"] == StatementRole.BUDGET and one["value"] is not None), None)
    rate = next((one for one in about if one["role"] == StatementRole.COMPLETION_PERCENT), None)
    if budget is None and rate is None:
        return None
    parts = [one for one in (row, budget, rate) if one is not None]
    begin, end = min(one["begin"] for one in parts), max(one["end"] for one in parts)
    return Execution(text[begin:end], row_amount(budget) if budget else None, row_percent(rate))
