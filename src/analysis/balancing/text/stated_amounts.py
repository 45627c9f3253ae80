"""What printed digits allow: the amounts and percentages of the text as intervals.

A printed figure stands for every value that rounds to it: half of its last digit either way; a bare 0 is as exact as
two decimals are. So a percentage is compared with the interval that the two printed amounts allow, never with the one
percentage of the printed digits: 10.03 over 5.51 allows 81.78 % to 82.29 %, and a printed 82.22 % is right. All
arithmetic is in exact fractions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor

UNITS = {"亿元": 100_000_000, "万元": 10_000, "元": 1}
_LEAST_DECIMALS_OF_ZERO = 2
_ALL = 100
_FINE = 2_000  # half of the last digit in so many parts: a slip fits by chance in one case of twenty
_PAIR = 2
_ORDINARY, _UNLIKELY = 10, 40  # how far from 100 % a rate of completion is


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """A printed amount: its digits, its unit, its value in yuan and half of its last digit in yuan."""

    digits: str
    unit: str
    yuan: Decimal
    half: Decimal

    @property
    def words(self) -> str:
        """The amount as it stands in the text."""
        return f"{self.digits}{self.unit}"

    def agrees(self, other: "StatedAmount") -> bool:
        """Whether both can be the same figure, each off by half of its last digit at most."""
        return abs(self.yuan - other.yuan) <= self.half + other.half

    def cuts(self, other: "StatedAmount") -> bool:
        """Whether this is the other, more exact, with its last digits cut off instead of rounded."""
        return other.half < self.half and 0 <= other.yuan - self.yuan < 2 * self.half

    def repeats(self, other: "StatedAmount") -> bool:
        """Whether both are one figure written twice: alike to the last digit, or one the other in fewer digits."""
        gap = abs(self.yuan - other.yuan)
        return not gap if self.half == other.half else gap <= max(self.half, other.half)


@dataclass(frozen=True, slots=True)
class Percent:
    """A printed percentage without its sign."""

    digits: str

    @property
    def value(self) -> Fraction:
        """The percentage as printed."""
        return Fraction(self.digits)

    @property
    def half(self) -> Fraction:
        """Half of its last digit."""
        return Fraction(1, 2 * 10 ** decimals(self.digits))

    @property
    def is_coarse(self) -> bool:
        """Whether it has so few digits that some slip or other of an amount would fit it by chance."""
        return self.half * _FINE > self.value

    @property
    def words(self) -> str:
        """The percentage as it stands in the text."""
        return f"{self.digits}%"


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`; no end where `high` is None."""

    low: Fraction
    high: Fraction | None

    def meets(self, value: Fraction, half: Fraction) -> bool:
        """Whether some value of it rounds to `value`, give or take `half`."""
        return value + half >= self.low and (self.high is None or value - half <= self.high)


def decimals(digits: str) -> int:
    """How many decimals are printed."""
    return len(digits.partition(".")[2])


@lru_cache(maxsize=2**14)
def to_amount(digits: str, unit: str) -> StatedAmount:
    """The amount that the digits print, in the unit's words."""
    number = Decimal(digits.replace(",", ""))
    shown = decimals(digits) if number else max(decimals(digits), _LEAST_DECIMALS_OF_ZERO)
    return StatedAmount(digits, unit, number * UNITS[unit], Decimal(UNITS[unit]) * Decimal(1).scaleb(-shown) / 2)


def cuts(percent: Percent, allowed: Interval) -> bool:
    """Whether a printed percentage is one of the interval with its last digits cut off instead of rounded."""
    return allowed.meets(percent.value + percent.half, percent.half)


def slip(percent: Percent, allowed: Interval) -> str | None:
    """The rule of a last digit that was not rounded once: cut off, or rounded from a figure that was rounded before."""
    if cuts(percent, allowed):
        return "text_truncated"
    # 5.249 to one more digit is 5.25, and that is 5.3: such a figure misses by a tenth of half a last digit at most.
    return "text_rounded_twice" if allowed.meets(percent.value, percent.half * Fraction(11, 10)) else None


def ratio(part: StatedAmount, whole: StatedAmount) -> Interval | None:
    """Part of whole in per cent, as the printed digits allow; None where the whole is 0."""
    return _quotient(part.yuan, part.half, whole.yuan, whole.half)


def growth(now: StatedAmount, before: StatedAmount) -> Interval | None:
    """The change in per cent of what was before, signed; None where that is 0: nothing grows from 0."""
    found = ratio(now, before)
    if found is None:
        return None
    return Interval(found.low - 100, None if found.high is None else found.high - 100)


def change_rate(change: StatedAmount, sign: int, now: StatedAmount) -> Interval | None:
    """A stated change in per cent of the amount before it, unsigned; None where that would be 0 or less."""
    before = now.yuan - sign * change.yuan
    if before <= 0:
        return None
    return _quotient(change.yuan, change.half, before, now.half + change.half)


def _quotient(a: Decimal, a_half: Decimal, b: Decimal, b_half: Decimal) -> Interval | None:
    if b <= 0:
        return None
    least, most = Fraction(b - b_half), Fraction(b + b_half)
    low, high = Fraction(a - a_half), Fraction(a + a_half)
    low = low / most if low >= 0 or least <= 0 else low / least
    return Interval(100 * low, 100 * high / least if least > 0 else None)


def exact_percent(part: Decimal, whole: Decimal, shown: int = 2) -> str:
    """Part of whole in per cent, rounded to that many decimals."""
    return f"{_rounded(Fraction(part) / Fraction(whole) * 100, shown)}%"


def in_words(yuan: Decimal, unit: str = "万元", shown: int = 2) -> str:
    """An amount as the text would print it."""
    return f"{_rounded(Fraction(yuan) / UNITS[unit], shown)}{unit}"


def _rounded(value: Fraction, shown: int) -> str:
    """The value with that many decimals, half away from zero; a text may print any number of digits."""
    size = floor(abs(value) * 10**shown + Fraction(1, 2))
    return f"{Decimal(size if value > 0 else -size).scaleb(-shown):f}"


def misprints(amount: StatedAmount) -> tuple[StatedAmount, ...]:
    """What may have been meant: a digit too many, two swapped, the point one or two places off; in a fixed order."""
    digits = amount.digits.replace(",", "")
    made = [digits[:i] + digits[i + 1 :] for i in range(len(digits)) if digits[i].isdigit()]
    for i in range(len(digits) - 1):
        if digits[i].isdigit() and digits[i + 1].isdigit():
            made.append(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
    made += [f"{Decimal(digits).scaleb(power):f}" for power in (-2, -1, 1, 2)]
    number = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
    found = (to_amount(text, amount.unit) for text in dict.fromkeys(made) if number.fullmatch(text))
    return tuple(one for one in found if one.yuan != amount.yuan)


def one_slip(printed: str, meant: str) -> bool:
    """Whether one slip leads from one number to another: a digit for another, lost, too many, or two swapped."""
    short, long = sorted((printed, meant), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    if len(long) != len(short):
        return False
    off = [at for at, (one, other) in enumerate(zip(printed, meant, strict=True)) if one != other]
    if len(off) == _PAIR and "." not in printed[off[0] : off[1] + 1]:
        return off[1] - off[0] == 1 and printed[off[0]] == meant[off[1]] and printed[off[1]] == meant[off[0]]
    return len(off) == 1


def may_be_meant(amount: StatedAmount, percent: Percent, fits: Callable[[StatedAmount], bool]) -> bool:
    """Whether an amount that fits a percentage is one slip away: then the amount may be wrong, and not the percentage.

    A slip is one digit for another, a digit too many, two swapped, or the point one or two places off. Of a percentage
    of few digits nothing is told: some slip or other makes an amount that fits.
    """
    if percent.is_coarse:
        return False
    digits = amount.digits.replace(",", "")
    others = (
        f"{digits[:at]}{other}{digits[at + 1 :]}"
        for at, digit in enumerate(digits)
        if digit.isdigit()
        for other in "0123456789"
        if other != digit and not (other == "0" and at == 0)
    )
    return any(fits(one) for one in (*misprints(amount), *(to_amount(text, amount.unit) for text in others)))


def meets_rate(rate: Percent, part: StatedAmount, whole: StatedAmount) -> bool:
    """Whether a rate is that of part and whole, as the printed digits allow."""
    allowed = ratio(part, whole)
    return allowed is not None and allowed.meets(rate.value, rate.half)


def rate_is_likelier(rate: Percent, outturn: StatedAmount, budget: StatedAmount) -> bool:
    """Whether one of two amounts is likelier wrong than the rate of completion between them.

    So it is where a slip in the budget explains the rate, or where the rate is an ordinary one and what the amounts
    come to is not.
    """
    if may_be_meant(budget, rate, lambda one: meets_rate(rate, outturn, one)):
        return True
    off = abs(Fraction(outturn.yuan) / Fraction(budget.yuan) * _ALL - _ALL) if budget.yuan else 0
    return abs(rate.value - _ALL) <= _ORDINARY and off > _UNLIKELY
