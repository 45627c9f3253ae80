"""Amounts as a reader sees them: 万元 with two decimals, changes with their sign, and one unit for a whole chart.

Everything is exact until the last step: a Decimal is rounded half up, as the published documents do, and only drawing
turns it into a float.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

GAP = "—"
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Scale:
    """The money unit of one chart: its Chinese name and how many yuan it is."""

    name: str
    yuan: int

    def value(self, amount: Decimal) -> float:
        """The amount in this unit, for drawing only."""
        return float(amount / self.yuan)

    def text(self, amount: Decimal) -> str:
        """The amount in this unit, with as many decimals as its size deserves."""
        value = amount / self.yuan
        digits = "0.01" if abs(value) < 100 else "1"
        return f"{value.quantize(Decimal(digits), ROUND_HALF_UP):,}"


YUAN, WAN, YI = Scale("元", 1), Scale("万元", 10_000), Scale("亿元", 100_000_000)


def scale_of(amounts: Iterable[Decimal | None]) -> Scale:
    """The unit of a chart that shows these amounts: 亿元 from 10 亿 yuan on, 元 where all are below 1,000, or 万元."""
    largest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
    if largest >= 10**9:
        return YI
    return YUAN if 0 < largest < 1000 else WAN


def wan(amount: Decimal | None) -> str:
    """Yuan as 万元 with two decimals and thousands separators: 164978640 is "16,497.86"; a gap is "—".

    What is not zero never reads as zero.
    """
    return GAP if amount is None else _told(amount, amount / 10_000)


def signed_wan(amount: Decimal | None) -> str:
    """A change in 万元 with its sign."""
    return GAP if amount is None else _signed(_rounded(amount / 10_000))


def percent(ratio: Decimal | None) -> str:
    """A ratio as per cent with two decimals."""
    return GAP if ratio is None else f"{_told(ratio, ratio * 100)}%"


def signed_percent(ratio: Decimal | None) -> str:
    """A change as per cent with its sign."""
    return GAP if ratio is None else f"{_signed(_rounded(ratio * 100))}%"


def _told(exact: Decimal, value: Decimal) -> str:
    rounded = _rounded(value)
    return f"不足 {_CENT}" if exact > 0 and not rounded else f"{rounded:,}"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _signed(value: Decimal) -> str:
    return f"{value:+,}" if value else "0.00"
