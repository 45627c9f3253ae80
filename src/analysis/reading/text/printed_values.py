"""The values that a paragraph prints: amounts of money, percentages, multiples, and numbers of things.

A sum that states nothing is none: a threshold (50万元以上), a price, a factor of a calculation. A number without its
unit is a value only where a word of direction stands right before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from analysis.knowledge.text_grammar import TextGrammar
from analysis.terms.characters import round_level_brackets
from analysis.terms.money import Unit, is_recordable, to_yuan

_HALF_WIDTH = str.maketrans(
    {"（": "(", "）": ")", "〔": "(", "〕": ")", "：": ":", "％": "%", "．": ".", "＂": '"'}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")  # one that groups no digits
_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?(?=\D)|\d+(?:\.\d+)?)"
_VALUE = re.compile(
    rf"(?<=[一-鿿])万(?P<torn>\d+(?:\.\d+)?)元"
    rf"|(?<![\d.])(?P<money>-?{_NUMBER}|零)(?P<unit>亿元|万元|千元|元|万(?=[(),，。；;、]|$))"
    rf"|(?<![\d.])(?P<percent>-?\d+(?:\.\d+)?)(?P<sign>%|个百分点)"
    rf"|(?<![\d.])(?P<times>\d+(?:\.\d+)?)倍"
    rf"|(?<![\d.])(?P<count>\d{{1,7}}|零)(?P<thing>辆|台(?:\(套\))?|套|个(?![月百])|批次|批|人次|人|次|名|平方米)"
    rf"|(?<![\d.,])(?P<bare>{_NUMBER})(?=[,，。；;]|$)"
)
_UNITS = {"万": Unit.WAN_YUAN} | {unit.zh: unit for unit in Unit}


class ValueKind(Enum):
    """What a printed value is."""

    MONEY = "money"
    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    COUNT = "count"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value of a paragraph: where it stands, its digits as printed, its unit, and what it is worth.

    Money is in yuan, a multiple in per cent; `value` is None where the number is too large to be recorded, or has no
    unit.
    """

    kind: ValueKind
    start: int
    end: int
    printed: str
    unit: str | None
    value: Decimal | None


def plain(text: str) -> str:
    """The text letter for letter: brackets, colons, points, percent signs, digits half-width, commas of words wide."""
    return _COMMA.sub("，", round_level_brackets(text.translate(_HALF_WIDTH)))


def printed_values(text: str, grammar: TextGrammar) -> Iterator[PrintedValue]:
    """The values of a plain text, in order."""
    for match in _VALUE.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if match["torn"]:
            yield PrintedValue(ValueKind.MONEY, start, end, match["torn"], Unit.WAN_YUAN, _worth(match["torn"], "万元"))
        elif match["money"]:
            before = text[max(0, start - 8) : start]
            if grammar.no_value_behind.match(text, end) or grammar.no_value_before.search(before):
                continue
            value = _worth(match["money"], match["unit"])
            yield PrintedValue(ValueKind.MONEY, start, end, match["money"], _UNITS[match["unit"]], value)
        elif match["percent"]:
            points = match["sign"] != "%"
            what = ValueKind.POINTS if points else ValueKind.PERCENT
            yield PrintedValue(what, start, end, match["percent"], what.value, _recorded(Decimal(match["percent"])))
        elif match["times"]:
            value = _recorded(Decimal(match["times"]) * 100)
            yield PrintedValue(ValueKind.TIMES, start, end, match["times"], "times", value)
        elif match["count"]:
            value = Decimal(0) if match["count"] == "零" else Decimal(match["count"])
            yield PrintedValue(ValueKind.COUNT, start, end, match["count"], match["thing"].partition("(")[0], value)
        elif kind == "bare":
            yield PrintedValue(ValueKind.BARE, start, end, match["bare"], None, None)


def _worth(printed: str, unit: str) -> Decimal | None:
    number = Decimal(0) if printed == "零" else Decimal(printed.replace(",", "").replace("，", ""))
    yuan = to_yuan(number, _UNITS[unit])
    return yuan if is_recordable(yuan) else None


def _recorded(value: Decimal) -> Decimal | None:
    return value if abs(value) < 10**12 else None
