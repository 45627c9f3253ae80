"""Bars of equal length lying below each other, each cut into the shares of its parts; a legend of the parts above."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, exact, looks, safe, short
from analysis.charts.frame_values import Value, cell, coded, names_of, table, values
from analysis.charts.framing import EDGE, FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import UNIFORM, inside
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.row_axis import row_axis, rows_of
from analysis.charts.scales import Panel
from analysis.charts.theme import HOLLOW, INK, OTHER, text_colour
from analysis.charts.typography import cut, width
from analysis.display.amounts import percent

_INAPT = "不适用：合计为零或有负数"
_ENTRY = 13.0
_MOST_NAME = 110.0


def draw_share_rows(frame: pl.DataFrame, caption: Caption, colours: Mapping[str, str]) -> Chart:
    """The chart of `bars.share_rows`."""
    found = values(frame.filter(pl.col("key").is_not_null()), "row", "key")
    names = names_of(frame)
    labels = list(dict.fromkeys(frame["row"].to_list()))
    keys = list(names)
    figures = table(
        f"{caption.title}（元）",
        ["", *(coded(key, names[key]) for key in keys)],
        [[str(label), *(cell(found.get((label, key))) for key in keys)] for label in labels],
    )
    if not found:
        return nothing(caption, figures)
    parts = {label: {key: found[label, key] for key in keys if (label, key) in found} for label in labels}
    sums = {label: sum((value.amount for value in row.values()), Decimal(0)) for label, row in parts.items()}
    apt = {label for label in labels if sums[label] > 0 and all(v.amount >= 0 for v in parts[label].values())}
    entries = _entries(names, colours)
    rows = rows_of([str(label) for label in labels], TOP - 4 + _ENTRY * (1 + max(line for line, *_ in entries)))
    doubt = any(value.suspect for value in found.values())
    drawing = open_drawing(caption, rows.top + rows.height + FOOT, "占合计的百分比", doubt)
    sheet = drawing.sheet
    for line, x, name, colour in entries:
        y = TOP - 4 + _ENTRY * line
        sheet.rectangle(EDGE + x, y - 4, 8, 8, colour, "none")
        sheet.words(EDGE + x + 12, y, name, 8.5, INK)
    panel = Panel(rows.left, rows.top, WIDTH - rows.left - 24, rows.height, 0, 1, across=True)
    panel.grid(sheet, lambda value: f"{value:.0%}")
    for number, label in enumerate(labels):
        y = rows.middle(number) - rows.thick / 2
        if label in apt:
            _bar(sheet, panel, y, rows.thick, parts[label], sums[label], colours)
        else:
            words = _INAPT if parts[label] else "没有公布或没有读出"
            sheet.band(panel.left, y, panel.width, rows.thick, words, HOLLOW)
    rows.write(sheet)
    sentences = []
    for label in labels:
        told = (
            [f"{names[key]} {percent(value.amount / sums[label])}" for key, value in parts[label].items()]
            if label in apt
            else []
        )
        sentences.append(f"{label}：{'、'.join(told) or _INAPT}")
    data = [_trace(key, names[key], labels, parts, sums, apt, colours) for key in keys]
    layout = {
        "barmode": "stack", "bargap": 0.35, "yaxis": row_axis(rows.names, rows.left), "uniformtext": UNIFORM,
        "legend": {"traceorder": "normal", "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {"tickformat": ".0%", "range": [0, 1]}, "margin": {"l": rows.margin},
    }  # fmt: skip
    return drawing.close(sentences, figures, data, layout)


def _entries(names: Mapping[str, str], colours: Mapping[str, str]) -> list[tuple[int, float, str, str]]:
    """The legend: line, place, name and colour of each part."""
    result, line, x = [], 0, 0.0
    for key, name in names.items():
        words = cut(name, _MOST_NAME, 8.5)
        room = width(words, 8.5) + 26
        if x and x + room > WIDTH - 2 * EDGE:
            line, x = line + 1, 0.0
        result.append((line, x, words, colours.get(key, OTHER)))
        x += room
    return result


def _bar(
    sheet: Canvas, panel: Panel, y: float, thick: float, parts: Mapping[str, Value], whole: Decimal,
    colours: Mapping[str, str],
) -> None:  # fmt: skip
    start = Decimal(0)
    for key, value in parts.items():
        left, right = panel.at(float(start / whole)), panel.at(float((start + value.amount) / whole))
        start += value.amount
        colour = colours.get(key, OTHER)
        (sheet.hatched if value.suspect else sheet.rectangle)(left, y, right - left, thick, colour)
        words = f"{value.amount / whole:.0%}{value.sign}"
        if right - left > width(words, 8) + 4:
            if value.suspect:
                half = width(words, 8) / 2 + 2
                sheet.rectangle((left + right) / 2 - half, y + 2, 2 * half, thick - 4, "#ffffff", "none")
            sheet.words(
                (left + right) / 2, y + thick / 2, words, 8, INK if value.suspect else text_colour(colour), "center"
            )


def _trace(
    key: str, name: str, labels: list[Any], parts: Mapping[Any, Mapping[str, Value]], sums: Mapping[Any, Decimal],
    apt: set[Any], colours: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    told = [
        (number, label, parts[label][key])
        for number, label in enumerate(labels)
        if label in apt and key in parts[label]
    ]
    return {
        "type": "bar", "orientation": "h", "name": short(name, 14), "y": [number for number, *_ in told],
        "x": [round(float(value.amount / sums[label]), 6) for _, label, value in told],
        "marker": looks(colours.get(key, OTHER), [value.suspect for *_, value in told]), "hovertemplate": HOVER,
        "customdata": [
            [f"{safe(str(label))}：{safe(name)}", f"{percent(v.amount / sums[label])}，{exact(v.amount, v.suspect)}"]
            for _, label, v in told
        ],
        **inside(
            [f"{v.amount / sums[label]:.0%}{v.sign}" for _, label, v in told],
            [INK if v.suspect else text_colour(colours.get(key, OTHER)) for *_, v in told] or INK,
        ),
    }  # fmt: skip
