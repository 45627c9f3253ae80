"""Lines over years, each named at its right end; a year without a figure breaks its line and is never a zero."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import Axis, Caption, Drawing, Plot
from analysis.charts.frame_values import Value, cell, coded, exact_percent, exact_yuan, names_of, table, values, yuan
from analysis.charts.layout import year_plot
from analysis.charts.marks import BaseLine, Datum, Dot, EndName, Line, Mark
from analysis.charts.scales import bounds
from analysis.charts.theme import OTHER
from analysis.charts.typography import width
from analysis.charts.year_parts import NO_DOCUMENT, YearPart, YearParts, year_fields
from analysis.display.amounts import percent, scale_of, wan
from analysis.display.tables import Table

_HEIGHT = 290.0
_FEW = 3  # lines: more leave no room for their amounts
_APART = 11.0  # points from one amount to another above or below it


def lines(
    frame: pl.DataFrame, caption: Caption, colours: Mapping[str, str], years: Sequence[int], ratio: bool = False
) -> Chart:
    """One line a key.

    Args:
        frame: `fiscal_year`, `key`, `name`, `amount` in yuan, null for a gap; optionally `place`, `note`, `suspect`.
        caption: What stands around the chart.
        colours: The colour of each key; a line without one is grey.
        years: The years asked for.
        ratio: The amounts are ratios, shown as per cent.
    """
    found = values(frame.filter(pl.col("key").is_not_null()), "fiscal_year", "key")
    order = tuple(sorted({*years, *(year for year, _ in found)}))
    names = names_of(frame)
    figures = _table(caption, names, found, order, ratio)
    if not found:
        return empty_chart(caption, figures)
    by_key = {key: {y: found[y, key] for y in order if (y, key) in found} for key in names}
    parts = YearParts(
        order,
        tuple(YearPart(key, names[key], colours.get(key, OTHER), row) for key, row in by_key.items() if row),
    )
    scale = None if ratio else scale_of(value.amount for value in found.values())

    def length(value: Value) -> float:
        return scale.value(value.amount) if scale else float(value.amount)

    def words(value: Value) -> str:
        return (scale.text(value.amount) if scale else f"{value.amount:.1%}") + value.sign

    axis = Axis(*bounds([length(value) for value in found.values()], 0.1), percent=ratio)
    plot = year_plot(order, axis, _HEIGHT)
    drawn = [_line(part, order, length, _exact_percent if ratio else exact_yuan) for part in parts.parts]
    if len(drawn) <= _FEW:
        drawn = _with_amounts(drawn, plot, words)
    reasons = {year: NO_DOCUMENT for year in order if year not in parts.reported}
    marks: list[Mark] = [*year_fields(parts, reasons, {}), BaseLine(), *drawn, *(_end_name(line) for line in drawn)]
    drawing = Drawing(caption, _HEIGHT, tuple(marks), plot, scale.name if scale else "%", parts.doubtful)
    return make_chart(drawing, [_words(part, ratio) for part in parts.parts], figures)


def _table(
    caption: Caption, names: Mapping[str, str], found: Mapping[tuple[int, str], Value], years: Sequence[int],
    ratio: bool,
) -> Table:  # fmt: skip
    text = exact_percent if ratio else yuan
    return table(
        caption.title if ratio else f"{caption.title}（元）",
        ["名称", *(f"{year}年" for year in years)],
        [[coded(key, name), *(cell(found.get((year, key)), text) for year in years)] for key, name in names.items()],
    )


def _line(
    part: YearPart, years: Sequence[int], length: Callable[[Value], float], exact: Callable[[Value], str]
) -> Line:  # fmt: skip
    dots = [
        Dot(place, length(value), part.colour, Datum(f"{year}年 {part.name}", exact(value), value))
        if (value := part.values.get(year))
        else None
        for place, year in enumerate(years)
    ]
    return Line(part.name, part.colour, tuple(dots))


def _with_amounts(drawn: Sequence[Line], plot: Plot, text: Callable[[Value], str]) -> list[Line]:
    """The lines with the amounts above their dots, where these leave room for them."""
    taken: list[tuple[float, float]] = []
    result = []
    for line in drawn:
        dots: list[Dot | None] = []
        for dot in line.dots:
            if dot is None or dot.datum.value is None:
                dots.append(dot)
                continue
            x, y, words = plot.x_at(dot.x), plot.y_at(dot.y), text(dot.datum.value)
            free = all(abs(x - a) > plot.step / 2 or abs(y - b) > _APART for a, b in taken)
            if free and width(words, 8.5) <= plot.step:
                taken.append((x, y))
                dot = replace(dot, words=words)
            dots.append(dot)
        result.append(replace(line, dots=tuple(dots)))
    return result


def _end_name(line: Line) -> EndName:
    last = [dot for dot in line.dots if dot is not None][-1]
    return EndName(line.name, line.colour, last.x, last.y)


def _exact_percent(value: Value) -> str:
    return percent(value.amount) + ("（※ 存疑）" if value.suspect else "")


def _words(part: YearPart, ratio: bool) -> str:
    def text(amount: Decimal) -> str:
        return percent(amount) if ratio else f"{wan(amount)} 万元"

    first, last = min(part.values), max(part.values)
    if first == last:
        return f"{part.name} {first}年 {text(part.values[first].amount)}"
    peak = max(part.values, key=lambda year: part.values[year].amount)
    words = f"{part.name} {first}年 {text(part.values[first].amount)}，{last}年 {text(part.values[last].amount)}"
    return words if peak in (first, last) else f"{words}，最高 {peak}年 {text(part.values[peak].amount)}"
