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


WAN, YI = Scale("万元", 10_000), Scale("亿元", 100_000_000)


def scale_of(amounts: Iterable[Decimal | None]) -> Scale:
    """The unit of a chart that shows these amounts: 亿元 from 10 亿 yuan on, 万元 below."""
    return YI if max((abs(amount) for amount in amounts if amount is not None), default=0) >= 10**9 else WAN


def wan(amount: Decimal | None) -> str:
    """Yuan as 万元 with two decimals and thousands separators: 164978640 is "16,497.86"; a gap is "—"."""
    return GAP if amount is None else f"{_rounded(amount / 10_000):,}"


def signed_wan(amount: Decimal | None) -> str:
    """A change in 万元 with its sign."""
    return GAP if amount is None else _signed(_rounded(amount / 10_000))


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Nominal growth as a ratio, now / before − 1; None where one is missing or the base is not above zero."""
    if now is None or before is None or before <= 0:
        return None
    return now / before - 1


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part / whole as a ratio; None where one is missing or the whole is zero."""
    return None if part is None or not whole else part / whole


def percent(ratio: Decimal | None) -> str:
    """A ratio as per cent with two decimals."""
    return GAP if ratio is None else f"{_rounded(ratio * 100):,}%"


def signed_percent(ratio: Decimal | None) -> str:
    """A change as per cent with its sign."""
    return GAP if ratio is None else f"{_signed(_rounded(ratio * 100))}%"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _signed(value: Decimal) -> str:
    return f"{value:+,}" if value else "0.00"
