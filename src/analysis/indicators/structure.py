"""What a whole is made of: shares, how concentrated they are, and how far two structures lie apart.

Amounts are Decimals in one unit, ratios are Decimals. None is a gap: nothing was published or nothing could be read; it
is never a zero, and what needs it is a gap too. A ratio whose base is not above zero is a gap.
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The share of a part in its whole, as a ratio.

    Formula: part / whole. None where one is missing or the whole is zero. Whichever part is taken names the indicator:
    a functional class, 项目支出占比 (project / total), “三公”占比 (三公 / fiscal appropriation expenditure),
    财政拨款依存度 (fiscal appropriation / revenue).
    """
    return None if part is None or not whole else part / whole


def shares(parts: Mapping[Key, Decimal]) -> dict[Key, Decimal] | None:
    """The shares of all parts in their sum; they sum to 1.

    None where a part is below zero or the sum is not above zero: shares would have no meaning.
    """
    whole = sum(parts.values(), Decimal(0))
    if whole <= 0 or any(amount < 0 for amount in parts.values()):
        return None
    return {key: amount / whole for key, amount in parts.items()}


def distance(first: Mapping[Key, Decimal], second: Mapping[Key, Decimal]) -> Decimal | None:
    """How far two structures lie apart: the part of one that would have to move to become the other, from 0 to 1.

    Formula: ½ Σ|s₁ − s₂| over all parts of either; a part that one of them lacks counts 0 there. Between two years of
    one organisation this is 年度结构偏移; between two organisations their distance. None where either has no shares.
    """
    one, other = shares(first), shares(second)
    if one is None or other is None:
        return None
    keys = dict.fromkeys([*one, *other])
    nothing = Decimal(0)
    return sum((abs(one.get(key, nothing) - other.get(key, nothing)) for key in keys), nothing) / 2


def concentration(parts: Mapping[Key, Decimal]) -> Decimal | None:
    """HHI, how much few parts have of the whole: from 1/n where all are equal to 1 where one has all.

    Formula: Σ s². None where there are no shares.
    """
    ratios = shares(parts)
    return None if ratios is None else sum((ratio * ratio for ratio in ratios.values()), Decimal(0))
