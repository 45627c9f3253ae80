"""Money is exact.

A printed amount is a text with a unit. `parse_amount` reads the text into a Decimal and never guesses: what is not an
amount is None. All sums are done in integers of fen (1/100 yuan), so nothing is ever rounded on the way.

The precision of a printed amount is half a unit of its last digit (beancount's rule for inferred tolerances): an amount
printed in yuan without decimals may be off by 0.5 yuan, one in wan yuan with two decimals by 50 yuan.
"""

import re
from decimal import Decimal
from enum import StrEnum

from analysis.terms.label import squeeze

_AMOUNT = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# What decimal(18,2) holds even in wan yuan, rounded to the fen; a larger number is no amount of money.
_LARGEST = Decimal("999999999999.9999")
# What decimal(18,2) holds.
_MOST_YUAN = 10**16
_BRACKETED = re.compile(r"\((.+)\)")


class Unit(StrEnum):
    """The unit that a table or a sentence states."""

    YUAN = "yuan"
    QIAN_YUAN = "qian_yuan"
    WAN_YUAN = "wan_yuan"
    YI_YUAN = "yi_yuan"

    @property
    def yuan(self) -> int:
        """How many yuan one unit is."""
        return _YUAN[self]

    @property
    def zh(self) -> str:
        """How it is printed."""
        return _PRINTED[self]


_YUAN = {Unit.YUAN: 1, Unit.QIAN_YUAN: 1_000, Unit.WAN_YUAN: 10_000, Unit.YI_YUAN: 100_000_000}
_PRINTED = {Unit.YUAN: "元", Unit.QIAN_YUAN: "千元", Unit.WAN_YUAN: "万元", Unit.YI_YUAN: "亿元"}


def parse_amount(text: str) -> Decimal | None:
    """The number that `text` prints, or None where it is blank, a dash, or no number.

    Full-width digits and signs, thousands separators, a leading minus and accounting brackets are understood; a
    separator in a wrong place ("1,23") is no amount, nor is a number that no budget has.
    """
    plain = squeeze(text)
    if match := _BRACKETED.fullmatch(plain):
        inner = parse_amount(match[1])
        return None if inner is None else -inner
    if not _AMOUNT.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", "").replace("−", "-").replace("－", "-"))
    return number if abs(number) <= _LARGEST else None


def to_yuan(number: Decimal, unit: Unit) -> Decimal:
    """The amount in yuan, to the fen."""
    return (number * unit.yuan).quantize(Decimal("0.01"))


def is_recordable(yuan: Decimal) -> bool:
    """Whether the amount, to the fen, has no more digits than money is recorded with."""
    return abs(yuan) < _MOST_YUAN


def to_fen(yuan: Decimal) -> int:
    """The amount in integers of fen; `yuan` has at most two decimals."""
    return int(yuan * 100)


def decimals(text: str) -> int:
    """How many decimals the printed text shows."""
    return len(text.strip().rpartition(".")[2].rstrip(")）")) if "." in text else 0


def half_unit(shown: int, unit: Unit) -> Decimal:
    """Half of the last printed digit, in yuan, for an amount with `shown` decimals."""
    return Decimal(unit.yuan) * Decimal(1).scaleb(-shown) / 2
