"""Where one stands among its peers: quartiles, rank, percentile, and what lies apart.

Peers are compared on the same basis only (a year, a phase, a level); choosing them is the caller's part. A gap is no
peer: it has no rank and moves nobody else's.
"""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

_REACH = Decimal("1.5")


class Quartiles(NamedTuple):
    """The values below which a quarter, half and three quarters of the peers lie."""

    lower: Decimal
    middle: Decimal
    upper: Decimal


def quantile(values: Sequence[Decimal], part: Decimal) -> Decimal:
    """The value below which `part` of the values lie, between two neighbours by the straight line.

    Formula: x₍k₎ + (h − k)(x₍k₊₁₎ − x₍k₎) with h = (n − 1) · part. Source: Hyndman and Fan (1996), type 7.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def quartiles(values: Sequence[Decimal]) -> Quartiles:
    """P25, P50 and P75 as `quantile` gives them."""
    return Quartiles(*(quantile(values, Decimal(part)) for part in ("0.25", "0.5", "0.75")))


def outlying(values: Sequence[Decimal]) -> list[bool]:
    """Which values lie further than 1.5 quartile distances below P25 or above P75.

    Source: Tukey (1977), Exploratory Data Analysis. Fewer than five values have no outliers.
    """
    if len(values) < 5:
        return [False] * len(values)
    lower, _, upper = quartiles(values)
    reach = _REACH * (upper - lower)
    return [value < lower - reach or value > upper + reach for value in values]


def ranks(values: Sequence[Decimal | None]) -> list[int | None]:
    """The place of each value, 1 for the largest; equals share the better place, and a gap has none.

    Formula: 1 + the number of larger values ("1224" ranking).
    """
    ordered = sorted(value for value in values if value is not None)
    return [None if value is None else 1 + len(ordered) - bisect_right(ordered, value) for value in values]


def percentile(values: Sequence[Decimal | None], value: Decimal | None) -> Decimal | None:
    """The share of peers at or below a value, equals counted half; a ratio from 0 to 1, None without value or peers.

    Formula: (peers below + ½ · peers equal) / peers, the mid-rank percentile.
    """
    peers = [other for other in values if other is not None]
    if value is None or not peers:
        return None
    below = sum(other < value for other in peers)
    equal = sum(other == value for other in peers)
    return (below + Decimal(equal) / 2) / len(peers)
