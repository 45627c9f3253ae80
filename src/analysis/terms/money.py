"""Money is exact.

A printed amount is a text with a unit. `parse_amount` reads the text into a Decimal and never guesses: what is not an
amount is None. All sums are done in integers of fen (1/100 yuan), so nothing is ever rounded on the way.

The precision of a printed amount is half a unit of its last digit (beancount's rule for inferred tolerances): an amount
printed in yuan without decimals may be off by 0.5 yuan, one in wan yuan with two decimals by 50 yuan.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from analysis.terms.characters import FOOTNOTE_MARKS, plain_characters

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
# What decimal(18,2) holds even in wan yuan, rounded to the fen; a larger number is no amount of money.
_LARGEST = Decimal("999999999999.9999")
# What decimal(18,2) holds.
_MOST_YUAN = 10**16
_MINUS = re.compile("[−–—‐‑△▲]")
_SIGNED = re.compile(r"(-?)¥?(-?)(.*?)(元|万元|亿元)?")
_BRACKETED = re.compile(r"\((.+)\)")
# "100 200" may be two numbers; "1 234 567" and "1 234.50" are one.
_BY_THOUSANDS = re.compile(r"-?\d{1,3}(?:(?: \d{3}){2,}(?:\.\d+)?| \d{3}\.\d+)", re.ASCII)
# A thin blank within a number, which printers set between thousands and between nothing else.
_THIN = re.compile("(?<=\\d)[\u2009\u202f](?=\\d{3}(?!\\d))")
# The last decimal on a line of its own, behind an amount so long that its cell is too narrow for it.
_CUT_DECIMAL = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d\n\d", re.ASCII)


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

    @classmethod
    def named_in(cls, text: str) -> "Unit | None":
        """The unit whose printed name stands in a text, the longest name first; None where none does."""
        return next((unit for unit in reversed(cls) if unit.zh in text), None)

    @property
    def zh(self) -> str:
        """How it is printed."""
        return _PRINTED[self]


_YUAN = {Unit.YUAN: 1, Unit.QIAN_YUAN: 1_000, Unit.WAN_YUAN: 10_000, Unit.YI_YUAN: 100_000_000}
_PRINTED = {Unit.YUAN: "元", Unit.QIAN_YUAN: "千元", Unit.WAN_YUAN: "万元", Unit.YI_YUAN: "亿元"}


def parse_amount(text: str, unit: Unit | None = None) -> Decimal | None:
    """The number that `text` prints, or None where it is blank, a dash, or no number.

    Understood are full-width characters, thousands separators, a minus in its many forms (also △ and ▲), accounting
    brackets, ¥ in front, and a mark of a footnote behind (30.30①), which never joins the digits. A separator in a wrong
    place ("1,23") is no amount, nor is a number that no budget has. Where one cell holds several pieces they are one
    number only if they cannot be two: "8,285,8" above "13" is one, "100" above "200" is none.

    Args:
        text: What is printed.
        unit: The unit of its table; an amount that prints a unit of its own (72,000元) is one only if it is the same.
    """
    number = _number(text, unit)
    if number is None:
        return None
    amount = Decimal(number)
    return amount if abs(amount) <= _LARGEST else None


def _number(text: str, unit: Unit | None) -> str | None:
    """The digits of an amount as Python writes them; None for what is no amount."""
    if _NUMBER.fullmatch(text):
        return text.replace(",", "")
    if not _DIGIT.search(text):
        return None  # as most cells that are no number
    plain = _THIN.sub(",", plain_characters(text)).strip()
    lines = [FOOTNOTE_MARKS.sub("", line.strip()) for line in plain.split("\n")]
    if any(sign.isdigit() and not sign.isdecimal() for line in lines for sign in line):
        return None  # a raised or circled digit amid others, of which NFKC would make one of them
    pieces = [_MINUS.sub("-", " ".join(unicodedata.normalize("NFKC", line).split())) for line in lines]
    whole = _join(pieces)
    if whole is None:
        return None
    bracketed = _BRACKETED.fullmatch(whole)
    match = _SIGNED.fullmatch(bracketed[1] if bracketed else whole)
    if match is None or (match[4] and (unit is None or match[4] != unit.zh)):
        return None
    signs = match[1] + match[2] + ("-" if bracketed else "")
    number = match[3].strip()
    if number.startswith("-") or len(signs) > 1 or not _NUMBER.fullmatch(number):
        return None
    return signs + number.replace(",", "")


def _join(lines: Sequence[str]) -> str | None:
    """The lines of a cell as the text of one number, without blanks; None where they may be several numbers."""
    pieces = [piece for line in lines for piece in line.split(" ")]
    whole = "".join(pieces)
    if len(pieces) == 1 or any(not _NUMBER.fullmatch(piece) for piece in pieces):
        return whole if len(lines) == 1 or "-" not in pieces else None
    if len(lines) == len(pieces) == 2 and _CUT_DECIMAL.fullmatch("\n".join(pieces)):
        return whole
    letter_spaced = len(pieces) > 2 and all(len(piece) == 1 for piece in pieces)
    return whole if len(lines) == 1 and (letter_spaced or _BY_THOUSANDS.fullmatch(lines[0])) else None


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
    """How many decimals the printed text shows; 0 where it prints no number."""
    number = next((number for unit in (None, *Unit) if (number := _number(text, unit))), "")
    return len(number.partition(".")[2])


def half_unit(shown: int, unit: Unit) -> Decimal:
    """Half of the last printed digit, in yuan, for an amount with `shown` decimals."""
    return Decimal(unit.yuan) * Decimal(1).scaleb(-shown) / 2
