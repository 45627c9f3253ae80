"""Parts over years: what stacked bars, shares and lines over years are all drawn from.

A year that was asked for and has no figure is a grey field with words. Parts keep their order from the base up: the
largest over all years first, the rest together as the last. What is below zero hangs below the base line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add

import polars as pl

from analysis.charts.frame_values import Value, names_of, values
from analysis.charts.marks import Bar, Datum, EndName, GreyField
from analysis.charts.theme import OTHER

NO_DOCUMENT = "无文件\n或表未读出"
_HALF_FIELD = 0.4  # of a year's place


@dataclass(frozen=True, slots=True)
class YearPart:
    """One part over the years: its key (None for the rest together), name, colour, and its values by year."""

    key: str | None
    name: str
    colour: str
    values: Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class YearParts:
    """Parts over years."""

    years: tuple[int, ...]
    parts: tuple[YearPart, ...]

    @property
    def reported(self) -> frozenset[int]:
        """The years that have a figure."""
        return frozenset(year for part in self.parts for year in part.values)

    @property
    def doubtful(self) -> bool:
        """Some figure is in doubt."""
        return any(value.suspect for part in self.parts for value in part.values.values())

    def place(self, year: int) -> int:
        """The place of a year on the axis."""
        return self.years.index(year)

    def sum(self, year: int) -> Decimal:
        """All parts of a year together."""
        return sum((part.values[year].amount for part in self.parts if year in part.values), Decimal(0))

    def largest(self, year: int) -> YearPart | None:
        """The part with the largest amount of a year, the rest together left aside."""
        named = [part for part in self.parts if year in part.values and part.key is not None]
        return max(named, key=lambda part: part.values[year].amount, default=None)

    def stacks(self, length: Callable[[YearPart, int], float]) -> Iterator[tuple[YearPart, int, float, float]]:
        """Each part of each year with the value where it starts and its length, which is `length` of part and year."""
        ends = {year: [0.0, 0.0] for year in self.years}
        for part in self.parts:
            for year in self.years:
                if year in part.values:
                    value = length(part, year)
                    start = ends[year][value < 0]
                    ends[year][value < 0] += value
                    yield part, year, start, value


def year_parts(frame: pl.DataFrame, colours: Mapping[str, str], years: Sequence[int], named: int) -> YearParts:
    """The parts of a frame of `fiscal_year`, `key`, `name`, `amount`; all but the `named` largest are one part."""
    found = values(frame.filter(pl.col("key").is_not_null()), "fiscal_year", "key")
    names = names_of(frame)
    by_key: dict[str, dict[int, Value]] = {}
    for (year, key), value in found.items():
        by_key.setdefault(key, {})[year] = value
    sizes = {key: sum((abs(v.amount) for v in row.values()), Decimal(0)) for key, row in by_key.items()}
    order = sorted(by_key, key=lambda key: (-sizes[key], key))
    shown = order if len(order) <= named + 1 else order[:named]
    parts = [YearPart(key, names[key], colours.get(key, OTHER), by_key[key]) for key in shown]
    if rest := order[len(shown) :]:
        together = {
            year: reduce(add, amounts)
            for year in sorted({year for key in rest for year in by_key[key]})
            if (amounts := [by_key[key][year] for key in rest if year in by_key[key]])
        }
        parts.append(YearPart(None, f"其他 {len(rest)} 类", OTHER, together))
    all_years = sorted({*years, *(year for year, _ in found)})
    return YearParts(tuple(all_years), tuple(parts))


def stacked_bars(
    parts: YearParts, length: Callable[[YearPart, int], float], words: Callable[[YearPart, int], str],
    exact: Callable[[YearPart, int], str], thick: float, shift: float = 0.0,
) -> list[Bar]:  # fmt: skip
    """The bars of all years, `shift` of a place to the left of their middles, with words in them and on hover."""
    return [
        Bar(
            parts.place(year) - shift, start, value, part.colour,
            Datum(f"{year}年 {part.name}", exact(part, year), part.values[year]),
            words(part, year) + part.values[year].sign, part.name, thick,
        )
        for part, year, start, value in parts.stacks(length)
    ]  # fmt: skip


def end_names(parts: YearParts, bars: Sequence[Bar]) -> list[EndName]:
    """The names of the parts at the heights of their bars in the last year; what is absent there at its top."""
    if not bars:
        return []
    last = max(bar.place for bar in bars)
    stack = {bar.series: bar for bar in bars if bar.place == last}
    names, top = [], 0.0
    for part in parts.parts:
        bar = stack.get(part.name)
        height = top if bar is None else bar.start + bar.length / 2
        top = top if bar is None or bar.length < 0 else bar.start + bar.length
        names.append(EndName(part.name, part.colour, last + bars[0].thick / 2, height))
    return names


def year_fields(parts: YearParts, reasons: Mapping[int, str], heights: Mapping[int, float]) -> list[GreyField]:
    """Grey fields at the years without a figure, with the reason at a height of its own, or in the middle."""
    return [
        GreyField(
            (parts.place(year) - _HALF_FIELD, parts.place(year) + _HALF_FIELD), None, words, heights.get(year, 0.5)
        )
        for year, words in reasons.items()
    ]  # fmt: skip
