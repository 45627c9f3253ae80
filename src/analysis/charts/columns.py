"""Upright bars of stacked parts, one bar a year: what `bars.stacked` and `bars.shares` both draw.

A year that was asked for and has no figure is a grey band with words. Parts keep their order from the base up: the
largest over all years first, the rest together as the last. What is below zero hangs below the base line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import ceil
from operator import add

import polars as pl

from analysis.charts.frame_values import Value, names_of, values
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.scales import Named, Panel
from analysis.charts.theme import HOLLOW, INK, MUTED, OTHER, text_colour
from analysis.charts.typography import width

LABELS = 146.0  # room at the right for the names of the parts
_CROWDED = 34.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bars: its key (None for the rest together), name, colour, and its values by year."""

    key: str | None
    name: str
    colour: str
    values: Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Columns:
    """Parts over years; `told` are the years that have a figure."""

    years: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def told(self) -> frozenset[int]:
        """The years that have a figure."""
        return frozenset(year for part in self.parts for year in part.values)

    def sum(self, year: int) -> Decimal:
        """All parts of a year together."""
        return sum((part.values[year].amount for part in self.parts if year in part.values), Decimal(0))

    def largest(self, year: int) -> Part | None:
        """The part with the largest amount of a year."""
        told = [part for part in self.parts if year in part.values and part.key is not None]
        return max(told, key=lambda part: part.values[year].amount, default=None)

    @property
    def doubtful(self) -> bool:
        """Some figure is in doubt."""
        return any(value.suspect for part in self.parts for value in part.values.values())


def columns_of(frame: pl.DataFrame, colours: Mapping[str, str], years: Sequence[int], named: int) -> Columns:
    """The parts of a frame of `fiscal_year`, `key`, `name`, `amount`; all but the `named` largest are one part."""
    found = values(frame.filter(pl.col("key").is_not_null()), "fiscal_year", "key")
    names = names_of(frame)
    by_key: dict[str, dict[int, Value]] = {}
    for (year, key), value in found.items():
        by_key.setdefault(key, {})[year] = value
    sizes = {key: sum((abs(v.amount) for v in row.values()), Decimal(0)) for key, row in by_key.items()}
    order = sorted(by_key, key=lambda key: (-sizes[key], key))
    shown = order if len(order) <= named + 1 else order[:named]
    parts = [Part(key, names[key], colours.get(key, OTHER), by_key[key]) for key in shown]
    if rest := order[len(shown) :]:
        together = {
            year: reduce(add, amounts)
            for year in sorted({year for key in rest for year in by_key[key]})
            if (amounts := [by_key[key][year] for key in rest if year in by_key[key]])
        }
        parts.append(Part(None, f"其他 {len(rest)} 类", OTHER, together))
    all_years = sorted({*years, *(year for year, _ in found)})
    return Columns(tuple(all_years), tuple(parts))


@dataclass(frozen=True, slots=True)
class YearAxis:
    """Where the years stand side by side, and how wide their bars are."""

    years: tuple[int, ...]
    left: float
    width: float
    shift: float = 0.0

    @property
    def step(self) -> float:
        """From one year to the next."""
        return self.width / max(len(self.years), 1)

    @property
    def bar(self) -> float:
        """The width of a bar."""
        return min(self.step * 0.58, 72.0)

    def middle(self, year: int) -> float:
        """The middle of a year's place."""
        return self.left + (self.years.index(year) + 0.5) * self.step

    def names(self, sheet: Canvas, bottom: float) -> None:
        """The years below the bars; every second or third where they are many."""
        size = 9.5 if self.step >= _CROWDED else 8.5
        for year in self.spaced(self.years, width("2025年", size) + 4):
            sheet.words(self.middle(year), bottom + 11, f"{year}年", size, INK, "center")

    def spaced(self, years: Sequence[int], room: float) -> list[int]:
        """Those years whose words have room beside each other: all, or every second, third … back from the last."""
        every = max(1, ceil(room / self.step))
        return [year for year in years if (self.years[-1] - year) % every == 0]

    def gap(self, sheet: Canvas, year: int, panel: Panel, words: str, lower: bool | None = None) -> None:
        """Say at a year's place why there is no figure: in the middle, or in the half where no mark stands."""
        broad = self.step * 0.8
        if broad < width("或表未读出", 8.5):
            words = "\n".join(words.replace("\n", ""))
        x, part = self.middle(year), {None: 0.5, True: 0.74, False: 0.26}[lower]
        sheet.band(x - broad / 2, panel.top, broad, panel.height, "", HOLLOW)
        sheet.words(x, panel.top + panel.height * part, words, 8.5, MUTED, "center")


def draw_columns(
    sheet: Canvas, panel: Panel, axis: YearAxis, columns: Columns, length: Callable[[Part, int], float],
    text: Callable[[Part, int], str],
) -> None:  # fmt: skip
    """Draw the bars and write into each part that has room for it; `length` is a part's value on the panel's axis."""
    written = []
    for year in columns.years:
        x, up, down = axis.middle(year) - axis.bar / 2 - axis.shift, 0.0, 0.0
        for part in columns.parts:
            if year not in part.values:
                continue
            value = length(part, year)
            start = up if value >= 0 else down
            top, bottom = sorted((panel.at(start), panel.at(start + value)))
            up, down = (up + value, down) if value >= 0 else (up, down + value)
            suspect = part.values[year].suspect
            if suspect:
                sheet.hatched(x + 0.5, top + 0.5, axis.bar - 1, max(bottom - top - 1, 0.5), part.colour)
            elif bottom - top > 0.05:
                sheet.rectangle(x, top, axis.bar, bottom - top, part.colour)
            words = text(part, year) + ("※" if suspect else "")
            if suspect and width(words, 8.5) > axis.bar - 3:
                words = "※"
            if bottom - top >= 10.5 and width(words, 8.5) <= axis.bar - 3:
                colour = INK if suspect else text_colour(part.colour)
                written.append((x + axis.bar / 2, (top + bottom) / 2, words, colour, suspect))
    for x, y, words, _, suspect in written:
        if suspect:
            half = width(words, 8.5) / 2 + 2
            sheet.rectangle(x - half, y - 5.5, 2 * half, 11, "#ffffff", "none")
    for x, y, words, colour, _ in written:
        sheet.words(x, y, words, 8.5, colour, "center")


def names_beside(columns: Columns, panel: Panel, length: Callable[[Part, int], float]) -> list[Named]:
    """The names of the parts at the heights that they have in the last year told; parts absent there at its top."""
    if not columns.told:
        return []
    year, up, down = max(columns.told), 0.0, 0.0
    named = []
    for part in columns.parts:
        value = length(part, year) if year in part.values else 0.0
        start = up if value >= 0 else down
        named.append(Named(part.name, panel.at(start + value / 2), part.colour))
        up, down = (up + value, down) if value >= 0 else (up, down + value)
    return named
