"""From amounts to lengths: sensible ticks, the ends of an axis, and labels that keep their distance."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10

_STEPS = (1, 2, 2.5, 5, 10)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between `low` and `high`, at most `most` steps apart, zero among them where it is between."""
    if high <= low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in _STEPS if factor * power >= rough * (1 - 1e-9))
    first = ceil(low / step - 1e-9)
    return [number * step for number in range(first, floor(high / step + 1e-9) + 1)]


def bounds(values: Sequence[float], room: float = 0.08) -> tuple[float, float]:
    """The lowest and highest value of an axis that starts at zero, with some room beyond what is drawn."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return 0.0, 1.0
    spare = (high - low) * room
    return low - spare if low < 0 else 0.0, high + spare if high > 0 else 0.0


def spread(positions: Sequence[float], distance: float, limit: float) -> list[float]:
    """Move labels apart so that none is nearer than `distance` to the next; order is kept.

    Labels move up from the lowest; those pushed over `limit` come down again and push the ones below them.
    """
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    result = list(positions)
    for below, index in pairwise(order):
        result[index] = max(result[index], result[below] + distance)
    ceiling = limit
    for index in reversed(order):
        result[index] = min(result[index], ceiling)
        ceiling = result[index] - distance
    return result
