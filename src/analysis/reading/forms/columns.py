"""A header path → what the column under it holds: its measure, its side, its phase, its unit.

A path is the words of the header cells from the top to the leaf, joined by "/". A cell that only tells the phase
(预算数, 决算数) or only says "together" (小计, 合计) is no measure: its column takes that of the cell above.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from analysis.reading.forms.titles import plain_words
from analysis.terms.form import Family, Form, Layout, MeasureRule
from analysis.terms.label import without_ordinals
from analysis.terms.line_item import Column, Kind, Phase, Side
from analysis.terms.money import Unit
from analysis.terms.printed_table import UnmappedReason

_SUM = re.compile(r"(?:本年)?(?:小计|合计|总计|计)")
_AMOUNT = "金额"  # beside 其中：教育收费 it is the sum of the cell above
_REVENUE = re.compile("^(?:本年|当年)?收入(?:合计)?/")
_FUNDS = {
    *("fiscal_appropriation", "general_public_budget", "government_fund_budget", "state_capital_budget"),
    *("special_account", "carried_over", "carried_over_general", "carried_over_fund", "carried_over_capital"),
    *("carried_over_account", "carried_over_unit"),
}
_OF_WHICH = re.compile("^其中:?")
_CIRCLED = re.compile("^[①-⓿❶-➓㉑-㉟㊱-㊿]")
_YEAR = re.compile(r"20\d{2}年?(?:度)?")
_UNIT = re.compile(r"\((?:金额)?(?:单位[::])?(亿元|万元|千元|元)\)|(?:金额)?单位:?(亿元|万元|千元|元)$")


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of figures holds: a known column, or the reason why its figures are kept apart.

    `is_sum` where its leaf only says that it sums; `unit` where its header states one.
    """

    column: Column | None
    reason: UnmappedReason | None
    is_sum: bool
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures; `years_back` is 1 for 上年, `unit` the one that its own header states."""

    index: int
    column: Column
    years_back: int = 0
    unit: Unit | None = None


@cache
def read_path(path: str, form: Form, side: Side | None, family: Family) -> ColumnMeaning:
    """What the column under a header path means in a form; `side` is that of its panel, None where it tells none."""
    unit = (match := _UNIT.search(path)) and Unit.named_in(match[0])
    words = _UNIT.sub("", path) if unit else path
    if family.wording.derived.search(words):
        return ColumnMeaning(None, UnmappedReason.DERIVED, is_sum=False, unit=unit)
    if family.wording.count.search(words):
        return ColumnMeaning(None, UnmappedReason.COUNT, is_sum=False, unit=unit)
    phase, cells = _phase(words, form, family)
    leaf_sums = bool(cells) and _SUM.fullmatch(cells[-1]) is not None
    own = Side.REVENUE if form.side is Side.EXPENDITURE and _REVENUE.match(words) else None
    meant = cells[:-1] if leaf_sums and len(cells) > 1 else cells
    rule = _rule(meant, form, family)
    if rule is None and not leaf_sums and (unwrapped := _unwrapped(cells, form, family)):
        cells = meant = unwrapped
        rule = _rule(meant, form, family)
    if any(map(family.wording.balance_heading.fullmatch, cells[:-1])) and not leaf_sums and not _says_all(rule, cells):
        return ColumnMeaning(None, UnmappedReason.UNKNOWN_COLUMN, is_sum=False, unit=unit)
    if cells[-1:] == [_AMOUNT] and len(cells) > 1 and (whole := _rule(cells[:-1], form, family)):
        rule, meant, leaf_sums = whole, cells[:-1], True
    if rule is None and leaf_sums and all(map(family.wording.table_heading.fullmatch, meant)):
        # 支出预算/合计: the head names the table, not a part of it.
        rule, meant = _rule(cells[-1:], form, family), cells
    if rule and not _is_share(meant, rule, form, family):
        ruled = rule.side if form.layout is Layout.CODED and form.side is Side.EXPENDITURE else None
        column = Column(rule.measure, ruled or own or side or form.side or Side.EXPENDITURE, phase)
        return ColumnMeaning(column, None, is_sum=leaf_sums, unit=unit)
    if not cells and path:
        return ColumnMeaning(
            Column("total", side or form.side or Side.EXPENDITURE, phase), None, is_sum=True, unit=unit
        )
    return ColumnMeaning(None, UnmappedReason.UNKNOWN_COLUMN, is_sum=leaf_sums, unit=unit)


def read_label(label: str, form: Form, family: Family) -> ColumnMeaning:
    """What the row of a label means in a table that lists its measures one below the other, without its ordinals."""
    return read_path(without_ordinals(plain_words(_CIRCLED.sub("", label.strip()))), form, None, family)


def _unwrapped(cells: Sequence[str], form: Form, family: Family) -> list[str] | None:
    """The cells with the last ones as one, where only that is known: a head over lines that were cut like rows."""
    wholes = ([*cells[:-count], "".join(cells[-count:])] for count in range(2, len(cells) + 1))
    return next((whole for whole in wholes if _rule(whole, form, family)), None)


def _rule(cells: Sequence[str], form: Form, family: Family) -> MeasureRule | None:
    path = "/".join(cells)
    return next((rule for rule in family.measures if rule.path.search(path) and rule.holds_in(form.table)), None)


def _says_all(rule: MeasureRule | None, cells: Sequence[str]) -> bool:
    """Whether a rule means the leaf together with the cell above it, and not the leaf alone."""
    return rule is not None and len(cells) > 1 and rule.path.search(cells[-1]) is None


def _is_share(cells: Sequence[str], leaf: MeasureRule, form: Form, family: Family) -> bool:
    """Whether the column holds only the share of one fund (一般公共预算/基本支出), which no measure means."""
    if leaf.measure in _FUNDS:
        return False
    own = next(many for many in range(1, len(cells) + 1) if leaf.path.search("/".join(cells[-many:])))
    return any(
        (rule := _rule(cells[: end + 1], form, family)) is not None and rule.measure in _FUNDS
        for end in range(len(cells) - own)
    )


def _phase(path: str, form: Form, family: Family) -> tuple[Phase, list[str]]:
    """The phase that a path tells, and its cells without the words that told it."""
    phase = Phase.APPROVED if form.kind is Kind.BUDGET else Phase.EXECUTED
    cells: list[str] = []
    for cell in path.split("/"):
        if _YEAR.fullmatch(cell):  # of a column with no other head: all of that year
            continue
        if match := family.wording.phase_heading.fullmatch(cell):
            phase = family.phases[match[1]]
        elif match := family.wording.phase.search(cell):
            phase = family.phases[match[1]]
            cells += [rest] if (rest := cell[: match.start()]) else []
        elif rest := _OF_WHICH.sub("", cell):
            cells.append(rest)
    return phase, cells
