"""What became of a budget: how far execution lies from what was approved, and what was left over."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from analysis.indicators.structure import share


def deviation(executed: Decimal | None, approved: Decimal | None) -> Decimal | None:
    """预决算偏离度: how far execution lies above (below: negative) the approved budget, as a ratio.

    Formula: (executed − approved) / approved. None where one is missing or nothing was approved.
    """
    if executed is None or approved is None or approved <= 0:
        return None
    return (executed - approved) / approved


def mean_deviation(deviations: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of the deviations without their signs, so that above and below do not cancel; gaps are left out."""
    told = [abs(value) for value in deviations if value is not None]
    return sum(told, Decimal(0)) / len(told) if told else None


def control_rate(executed: Decimal | None, approved: Decimal | None) -> Decimal | None:
    """“三公”经费控制率: what was spent of what was approved, as a ratio; above 1 the budget was not kept.

    Formula: executed / approved. None where one is missing or nothing was approved.
    """
    return None if approved is not None and approved < 0 else share(executed, approved)


def operating_per_personnel(operating: Decimal | None, personnel: Decimal | None) -> Decimal | None:
    """公用经费与人员经费之比: yuan of operating expenditure for each yuan spent on personnel.

    Formula: operating / personnel. Published documents seldom state the headcount; this stands for it.
    """
    return share(operating, personnel)


def carry_over_rate(closing: Decimal | None, revenue: Decimal | None, opening: Decimal | None) -> Decimal | None:
    """结转结余率: what is left of all that could be spent, as a ratio.

    Formula: closing balance / (revenue + opening balance). None where one is missing or nothing could be spent.
    """
    if revenue is None or opening is None or revenue + opening <= 0:
        return None
    return share(closing, revenue + opening)


def unplanned(executed: Mapping[str, Decimal], approved: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """追加项目: what was executed though nothing was approved for it, by key."""
    return {key: amount for key, amount in executed.items() if amount > 0 and not approved.get(key)}
