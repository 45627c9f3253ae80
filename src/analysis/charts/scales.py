"""From amounts to lengths: sensible ticks, the panel between them, and labels that keep their distance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from analysis.charts.rendering.canvas import Canvas
from analysis.charts.theme import GRID, INK, MUTED
from analysis.charts.typography import cut

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


def tick_text(value: float) -> str:
    """A tick with thousands separators."""
    return f"{value:,.10g}"


@dataclass(frozen=True, slots=True)
class Panel:
    """The part of a sheet where values are lengths: from `low` to `high` upwards, or to the right where `across`."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float
    across: bool = False

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def at(self, value: float) -> float:
        """Where a value stands on its axis."""
        part = (value - self.low) / (self.high - self.low)
        return self.left + part * self.width if self.across else self.bottom - part * self.height

    def grid(self, sheet: Canvas, text: Callable[[float], str] = tick_text, most: int = 5) -> None:
        """Light lines with their values, to be drawn before anything else."""
        for value in ticks(self.low, self.high, most):
            place = self.at(value)
            if self.across:
                sheet.line([(place, self.top), (place, self.bottom)], GRID)
            else:
                sheet.line([(self.left, place), (self.right, place)], GRID)
        for value in ticks(self.low, self.high, most):
            place = self.at(value)
            if self.across:
                sheet.words(place, self.bottom + 9, text(value), 8.5, MUTED, "center")
            else:
                sheet.words(self.left - 6, place, text(value), 8.5, MUTED, "right")

    def base(self, sheet: Canvas, value: float = 0.0) -> None:
        """The line that lengths start from."""
        place = self.at(value)
        ends = [(place, self.top), (place, self.bottom)] if self.across else [(self.left, place), (self.right, place)]
        sheet.line(ends, INK, 0.9)


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


@dataclass(frozen=True, slots=True)
class Named:
    """A name that is to stand at the right of what it names: its height on the sheet and its colour."""

    name: str
    height: float
    colour: str


def name_at_right(sheet: Canvas, names: Sequence[Named], start: float, edge: float, top: float, bottom: float) -> None:
    """Names beside the panel from `edge` on, each led to from `start` at its own height."""
    if not names:
        return
    distance = min(13.0, (bottom - top) / max(len(names), 1) + 2)
    heights = spread([named.height for named in names], distance, bottom)
    for named, height in zip(names, heights, strict=True):
        sheet.line([(start, named.height), (edge - 10, height), (edge - 4, height)], named.colour, 1.0)
    for named, height in zip(names, heights, strict=True):
        sheet.words(edge, height, cut(named.name, sheet.width - edge - 6, 9), 9)
