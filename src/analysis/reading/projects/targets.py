"""A printed target → operator, number and unit; a word stays a word."""

import re
from decimal import Decimal
from functools import cache

from analysis.knowledge.project_form import project_form
from analysis.terms.label import squeeze

_MOST = Decimal(10) ** 12


@cache
def _target() -> tuple[re.Pattern[str], dict[str, str]]:
    operators = {squeeze(printed): sign for sign, ones in project_form().operators.items() for printed in ones}
    signs = "|".join(map(re.escape, sorted(operators, key=len, reverse=True)))
    number = r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    unit = r"(?:\((?P<bracketed>[^()]+)\)|(?P<unit>[^\d()≥≤<>=，,。；;]{1,8}))?"
    return re.compile(rf"(?P<sign>{signs})?{number}{unit}"), operators


def read_target(printed: str, sign: str = "", unit: str = "") -> tuple[str | None, Decimal | None, str | None]:
    """The operator, the number and the unit of a target; three None for a word.

    Args:
        printed: What stands in the cell of the target.
        sign: What stands in a column of operators, where there is one.
        unit: What stands in a column of units, where there is one.
    """
    pattern, operators = _target()
    match = pattern.fullmatch(squeeze(printed))
    if match is None:
        return None, None, None
    number = Decimal(match["number"].replace(",", ""))
    if abs(number) >= _MOST:
        return None, None, None
    operator = operators.get(match["sign"] or "") or operators.get(squeeze(sign))
    return operator, number, squeeze(unit) or match["bracketed"] or match["unit"]


def read_points(printed: str) -> Decimal | None:
    """A weight or a score; None where it is blank or no number."""
    words = squeeze(printed).rstrip("分%")
    return Decimal(words) if re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?", words) else None
