"""How amounts moved: growth, compound growth, and what each part contributed to it.

All growth is nominal unless the amounts were deflated before (`prices.real`). Like is compared with like: budgets with
budgets, final accounts with final accounts. A base that is missing or not above zero gives no growth.
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal, localcontext
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Growth from one year to the next, as a ratio.

    Formula: now / before − 1.
    """
    if now is None or before is None or before <= 0:
        return None
    return now / before - 1


def compound(last: Decimal | None, first: Decimal | None, years: int) -> Decimal | None:
    """The even growth per year that leads from the first amount to the last (CAGR), as a ratio.

    Formula: (last / first)^(1 / years) − 1, years being those between the two. None where `years` is below 1, the
    first is not above zero, or the last is below zero.
    """
    if last is None or first is None or first <= 0 or last < 0 or years < 1:
        return None
    with localcontext() as context:
        context.prec += 6
        root = (last / first) ** (Decimal(1) / years) if last else Decimal(0)
    return +root - 1


def contributions(now: Mapping[Key, Decimal], before: Mapping[Key, Decimal]) -> dict[Key, Decimal] | None:
    """What each part contributed to the growth of the whole, as ratios that sum to it.

    Formula: (part now − part before) / whole before, a part that one year lacks counting 0 there; times 100 they are
    percentage points (拉动百分点). None where the earlier whole is not above zero.
    """
    whole = sum(before.values(), Decimal(0))
    if whole <= 0:
        return None
    nothing = Decimal(0)
    keys = dict.fromkeys([*now, *before])
    return {key: (now.get(key, nothing) - before.get(key, nothing)) / whole for key in keys}
