"""Years as a notebook was asked for them, checked before anything is computed.

What else a notebook may be asked for is checked by the scope of its kind: which organisations, which code. A parameter
that the dataset does not have is refused with what comes nearest; so is one that lost its meaning on the way.
"""

import re
from dataclasses import dataclass

from analysis.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRange:
    """Years from `first_year` to `last_year`, both included."""

    first_year: int
    last_year: int

    @property
    def years(self) -> range:
        """Every year of the range, with or without a document."""
        return range(self.first_year, self.last_year + 1)


def whole_year(value: object, name: str) -> int:
    """A year as a number; text of four digits is taken too.

    Raises:
        ParameterError: It is no year.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}", value):
        return int(value)
    raise ParameterError(f"{name} 须是四位的年度，例如 2024；收到 {value!r}。")


def year_range(first_year: object, last_year: object) -> YearRange:
    """The years from the first to the last.

    Raises:
        ParameterError: One of them is no year, or the first is later than the last.
    """
    first, last = whole_year(first_year, "first_year"), whole_year(last_year, "last_year")
    if first > last:
        raise ParameterError(f"起始年度 {first} 晚于结束年度 {last}。")
    return YearRange(first_year=first, last_year=last)
