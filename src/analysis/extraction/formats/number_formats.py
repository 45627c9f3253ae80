"""What a spreadsheet shows of a number: its format decides, not the value behind it.

Published are the figures that are shown. A format may show 万元 over a stored 元 (`0.00,`, `0!.0000`), a percentage,
words behind the number (`0.00"万元"`), or fewer decimals than a formula left behind. Only these are written as shown;
any other number keeps the digits that it is stored with.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00"},
    **{44: "#,##0.00"},
}
"""The formats that files call by number alone and that are shown here."""

UNKNOWN_SCALE = "？"
"""What is shown of a number whose scale depends on its size: nothing that could be taken for an amount."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[(?P<bracketed>[^\]]*)\]|[_*].|(?P<digit>[0#?])|(?P<mark>[.,%])'
    r"|(?P<other>[A-Za-z@/]+)|(?P<literal>.)",
    re.S,
)
_CONDITION = re.compile(r"[<>=]")
_UNIT = re.compile(r"[百千万亿元]+")
_MAX_DECIMALS = 30


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is shown: divided by `divisor`, with so many decimals, followed by a suffix.

    Attributes:
        divisor: What the number is divided by, as a power of ten.
        decimals: How many decimals are shown.
        suffix: % or the words of a unit.
        scaled: Whether the number is another one than is stored, or depends on its size (then `divisor` is None).
    """

    divisor: int | None
    decimals: int
    suffix: str = ""


@cache
def parse_format(code: str) -> NumberFormat | None:
    """The format of positive numbers that a format code describes; None where a number stays as it is stored."""
    section = _first_section(code)
    digits = decimals = commas = 0
    point: str | None = None
    suffix = ""
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup, match[match.lastgroup or 0]
        if kind == "bracketed" and _CONDITION.search(text):
            return NumberFormat(None, 0) if "," in code or "!" in code or "\\" in code or _UNIT.search(code) else None
        if kind == "other":
            return None
        if kind == "digit":
            digits, decimals, commas = digits + 1, decimals + (point is not None), 0
        elif text == ".":
            point = "literal" if kind == "escaped" and digits else point or ("real" if kind == "mark" else None)
        elif kind == "mark" and text == "%":
            suffix += "%"
        elif kind == "mark":
            commas += 1
        elif kind in {"quoted", "escaped", "literal"} and (unit := _UNIT.search(text)) and digits:
            suffix += unit[0]
    if not digits:
        return None
    power = 3 * commas + (decimals if point == "literal" else 0)
    return NumberFormat(power - 2 * suffix.count("%"), min(decimals, _MAX_DECIMALS), suffix)


def _first_section(code: str) -> str:
    """The part of a format code for positive numbers: up to the first semicolon that is no text."""
    for match in _TOKEN.finditer(code):
        if match["literal"] == ";":
            return code[: match.start()]
    return code


def show(stored: str, code: str) -> str | None:
    """What a format shows of a stored number; None where the number as it is stored says the same.

    A number whose scale cannot be told is shown as no number.
    """
    how = parse_format(code)
    if how is None:
        return None
    if how.divisor is None:
        return UNKNOWN_SCALE
    number = Decimal(format(float(stored), ".15g"))
    shown = number.scaleb(-how.divisor)
    rounded = shown.quantize(Decimal(1).scaleb(-how.decimals), ROUND_HALF_UP)
    if not how.divisor and not how.suffix and rounded == number:
        return None
    return f"{rounded:f}{how.suffix}"
