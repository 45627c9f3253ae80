"""Bars of equal length lying below each other, each cut into the shares of its parts; a legend of the parts above."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, TOP, Axis, Caption, Drawing, LegendEntry
from analysis.charts.frame_values import MISSING, Value, cell, coded, exact_yuan, names_of, table, values
from analysis.charts.layout import LEGEND_LINE, legend_places, row_plot
from analysis.charts.marks import Bar, Datum, GreyField, Mark
from analysis.charts.theme import OTHER
from analysis.display.amounts import percent

_INAPT = "不适用：合计为零或有负数"
_HALF = 0.31  # of a row


def draw_share_rows(frame: pl.DataFrame, caption: Caption, colours: Mapping[str, str]) -> Chart:
    """The chart of `bars.share_rows`."""
    found = values(frame.filter(pl.col("key").is_not_null()), "row", "key")
    names = names_of(frame)
    labels = list(dict.fromkeys(frame["row"].to_list()))
    figures = table(
        f"{caption.title}（元）",
        ["", *(coded(key, name) for key, name in names.items())],
        [[str(label), *(cell(found.get((label, key))) for key in names)] for label in labels],
    )
    if not found:
        return empty_chart(caption, figures)
    parts = {label: {key: found[label, key] for key in names if (label, key) in found} for label in labels}
    shares = {label: _shares(row) for label, row in parts.items()}
    marks: list[Mark] = [
        GreyField(None, (number - _HALF, number + _HALF), _INAPT if parts[label] else MISSING)
        for number, label in enumerate(labels)
        if not shares[label]
    ]
    for key, name in names.items():
        for number, label in enumerate(labels):
            if key in shares[label]:
                start, ratio, value = shares[label][key]
                marks.append(_bar(number, label, name, colours.get(key, OTHER), start, ratio, value))
    legend = [LegendEntry(name, colours.get(key, OTHER)) for key, name in names.items()]
    top = TOP - 4 + LEGEND_LINE * (1 + max(line for line, *_ in legend_places(legend)))
    plot = row_plot([str(label) for label in labels], Axis(0, 1, percent=True), [], top=top)
    drawing = Drawing(
        caption, plot.bottom + FOOT, tuple(marks), plot, "占合计的百分比",
        any(value.suspect for value in found.values()), stacked=True, legend=legend,
    )  # fmt: skip
    sentences = []
    for label in labels:
        shown = [f"{names[key]} {percent(ratio)}" for key, (_, ratio, _) in shares[label].items()]
        sentences.append(f"{label}：{'、'.join(shown) or _INAPT}")
    return make_chart(drawing, sentences, figures)


def _shares(row: Mapping[str, Value]) -> dict[str, tuple[Decimal, Decimal, Value]]:
    """Where each part's share starts, and how large it is; nothing where shares have no meaning."""
    whole = sum((value.amount for value in row.values()), Decimal(0))
    if whole <= 0 or any(value.amount < 0 for value in row.values()):
        return {}
    shares, start = {}, Decimal(0)
    for key, value in row.items():
        shares[key] = (start / whole, value.amount / whole, value)
        start += value.amount
    return shares


def _bar(number: int, label: Any, name: str, colour: str, start: Decimal, ratio: Decimal, value: Value) -> Bar:
    datum = Datum(f"{label}：{name}", f"{percent(ratio)}，{exact_yuan(value)}", value)
    words = f"{ratio:.0%}{value.sign}"
    return Bar(number, float(start), round(float(ratio), 6), colour, datum, words, name)
