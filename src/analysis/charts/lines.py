"""Lines over years, each named at its right end; a year without a figure breaks its line and is never a zero."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.columns import LABELS, Columns, Part, YearAxis
from analysis.charts.columns_explored import year_axis
from analysis.charts.explore import HOVER, exact, safe, short
from analysis.charts.frame_values import Value, cell, coded, exact_percent, names_of, table, values, yuan
from analysis.charts.framing import FOOT, NO_DOCUMENT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import beside, names_room, panel_of
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.scales import Named, Panel, bounds, name_at_right
from analysis.charts.theme import MUTED, OTHER
from analysis.charts.typography import width
from analysis.display.amounts import Scale, percent, scale_of, wan

_HEIGHT = 290.0
_FEW = 3


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
    names = names_of(frame)
    order = tuple(sorted({*years, *(year for year, _ in found)}))
    text = exact_percent if ratio else yuan
    figures = table(
        caption.title if ratio else f"{caption.title}（元）",
        ["项目", *(f"{year}年" for year in order)],
        [[coded(key, name), *(cell(found.get((year, key)), text) for year in order)] for key, name in names.items()],
    )
    if not found:
        return nothing(caption, figures)
    parts = tuple(
        Part(key, name, colours.get(key, OTHER), {y: found[y, key] for y in order if (y, key) in found})
        for key, name in names.items()
        if any((year, key) in found for year in order)
    )
    columns = Columns(order, parts)
    scale = None if ratio else scale_of(value.amount for value in found.values())
    drawing = open_drawing(caption, _HEIGHT, scale.name if scale else "%", columns.doubtful)
    sheet = drawing.sheet

    def length(value: Value) -> float:
        return scale.value(value.amount) if scale else float(value.amount)

    low, high = bounds([length(value) for value in found.values()], 0.1)
    panel = Panel(58, TOP, WIDTH - 58 - LABELS, _HEIGHT - TOP - FOOT, low, high)
    axis = YearAxis(order, panel.left, panel.width)
    if scale:
        panel.grid(sheet)
    else:
        panel.grid(sheet, lambda value: f"{value * 100:,.4g}%")
    gaps = {year: NO_DOCUMENT for year in order if year not in columns.told}
    for year, words in gaps.items():
        axis.gap(sheet, year, panel, words)
    panel.base(sheet)
    ends = [_line(sheet, panel, axis, part, length) for part in parts]
    axis.names(sheet, panel.bottom)
    start = max(x for x, _ in ends)
    named = [Named(part.name, y, part.colour) for part, (_, y) in zip(parts, ends, strict=True)]
    name_at_right(sheet, named, start + 6, panel.right + 16, panel.top, panel.bottom)
    written = _amounts(panel, axis, parts, length, scale) if len(parts) <= _FEW else {}
    for x, y, words in written.values():
        sheet.words(x, y, words, 8.5, MUTED, "center")
    data = [_trace(part, order, length, scale, written) for part in parts]
    plot = panel_of(_HEIGHT, low, high)
    last = [max(part.values) for part in parts]
    near = [Named(p.name, plot.at(length(p.values[year])), p.colour) for p, year in zip(parts, last, strict=True)]
    layout = year_axis(columns, gaps)
    layout["annotations"] += beside(near, plot, [order.index(year) for year in last], len(order) - 0.5)
    layout |= {
        "margin": {"r": names_room(near)}, "showlegend": False, "hovermode": "closest",
        "yaxis": {"range": [low, high]} | ({} if scale else {"tickformat": ",.4~%"}),
    }  # fmt: skip
    return drawing.close([_words(part, scale is None) for part in parts], figures, data, layout)


def _line(sheet: Canvas, panel: Panel, axis: YearAxis, part: Part, length: Any) -> tuple[float, float]:
    """Draw one line, broken at its gaps, and say where it ends."""
    run: list[tuple[float, float]] = []
    last = (panel.left, panel.bottom)
    for year in (*axis.years, None):
        if year is not None and year in part.values:
            last = (axis.middle(year), panel.at(length(part.values[year])))
            run.append(last)
            continue
        if len(run) > 1:
            sheet.line(run, part.colour, 1.8)
        run = []
    for year, value in part.values.items():
        sheet.dot(axis.middle(year), panel.at(length(value)), 3.0, part.colour, value.suspect)
    return last


def _amounts(
    panel: Panel, axis: YearAxis, parts: Sequence[Part], length: Any, scale: Scale | None
) -> dict[tuple[str | None, int], tuple[float, float, str]]:
    """The amounts above the points, where few lines leave room for them: by key and year, with their places."""
    taken: dict[tuple[str | None, int], tuple[float, float, str]] = {}
    for part in parts:
        for year, value in part.values.items():
            x, y = axis.middle(year), panel.at(length(value)) - 10
            words = (scale.text(value.amount) if scale else f"{value.amount:.1%}") + value.sign
            free = all(abs(x - other) > axis.step / 2 or abs(y - height) > 11 for other, height, _ in taken.values())
            if free and width(words, 8.5) <= axis.step:
                taken[part.key, year] = (x, y, words)
    return taken


def _trace(
    part: Part, years: Sequence[int], length: Any, scale: Scale | None,
    written: Mapping[tuple[str | None, int], tuple[float, float, str]],
) -> dict[str, Any]:  # fmt: skip
    told = [part.values.get(year) for year in years]
    words = [written[part.key, year][2] if (part.key, year) in written else "" for year in years]
    text: dict[str, Any] = {"mode": "lines+markers"}
    if any(words):
        text = {"mode": "lines+markers+text", "text": words, "textposition": "top center", "cliponaxis": False}
        text["textfont"] = {"size": 11, "color": MUTED}
    return {
        "type": "scatter", "name": short(part.name, 14), "connectgaps": False,
        "x": list(range(len(years))), "y": [None if value is None else length(value) for value in told],
        "line": {"color": part.colour, "width": 2.4}, "hovertemplate": HOVER,
        "marker": {"size": 8, "symbol": ["circle-open" if value and value.suspect else "circle" for value in told]},
        "customdata": [
            [f"{year}年 {safe(part.name)}", "" if value is None else _exact(value, scale)]
            for year, value in zip(years, told, strict=True)
        ],
    } | text  # fmt: skip


def _exact(value: Value, scale: Scale | None) -> str:
    if scale is not None:
        return exact(value.amount, value.suspect)
    return percent(value.amount) + ("（※ 存疑）" if value.suspect else "")


def _words(part: Part, ratio: bool) -> str:
    def text(amount: Decimal) -> str:
        return percent(amount) if ratio else f"{wan(amount)} 万元"

    first, last = min(part.values), max(part.values)
    if first == last:
        return f"{part.name} {first}年 {text(part.values[first].amount)}"
    peak = max(part.values, key=lambda year: part.values[year].amount)
    words = f"{part.name} {first}年 {text(part.values[first].amount)}，{last}年 {text(part.values[last].amount)}"
    return words if peak in (first, last) else f"{words}，最高 {peak}年 {text(part.values[peak].amount)}"
