"""A ranking: bars to the right, the largest first, the value before as a line across, what is missing last."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, Axis, Caption, Drawing
from analysis.charts.frame_values import MISSING, NAMELESS, cell, exact_yuan, table, value_of, yuan
from analysis.charts.layout import row_name, row_plot
from analysis.charts.marks import Bar, BaseLine, Datum, Mark, Text, Tick
from analysis.charts.scales import bounds
from analysis.charts.theme import INK, MUTED, class_colour
from analysis.display.amounts import GAP, Scale, scale_of, signed_percent, wan
from analysis.display.tables import Table, TableCell
from analysis.indicators.growth import growth


def draw_ranked(frame: pl.DataFrame, caption: Caption) -> Chart:
    """The chart of `bars.ranked`."""
    rows = sorted(frame.to_dicts(), key=_rank)
    figures = _ranking_table(rows, caption, "before" in frame.columns)
    if not any(row["amount"] is not None for row in rows):
        return empty_chart(caption, figures)
    amounts = [row[name] for row in rows for name in ("amount", "before") if row.get(name) is not None]
    scale = scale_of(amounts)
    tails = [_tail(row, scale) for row in rows]
    axis = Axis(*bounds([scale.value(amount) for amount in amounts], 0.0))
    plot = row_plot([row_name(row) for row in rows], axis, tails)
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        marks += _row(number, row, scale)
    marks.append(BaseLine())
    for number, (row, tail) in enumerate(zip(rows, tails, strict=True)):
        reach = [scale.value(row[name]) for name in ("amount", "before") if row.get(name) is not None]
        ink = MUTED if row["amount"] is None else INK
        marks.append(Text(max([0.0, *reach]), number, tail, "right", colour=ink))
    doubt = any(row.get("suspect") for row in rows)
    drawing = Drawing(caption, plot.bottom + FOOT, tuple(marks), plot, scale.name, doubt)
    return make_chart(drawing, [_words(row) for row in rows if row["amount"] is not None], figures)


def _rank(row: Mapping[str, Any]) -> tuple[bool, Decimal, str]:
    return row["amount"] is None, -(row["amount"] or Decimal(0)), str(row["key"] or "")


def _ranking_table(rows: Sequence[Mapping[str, Any]], caption: Caption, compared: bool) -> Table:
    heads = ["名称", "金额", *(["此前", "增减"] if compared else [])]
    body: list[list[str | TableCell]] = []
    for row in rows:
        more = [yuan(row["before"]), signed_percent(growth(row["amount"], row["before"]))] if compared else []
        body.append([row_name(row), cell(value_of(row)), *more])
    return table(f"{caption.title}（元）", heads, body)


def _row(number: int, row: Mapping[str, Any], scale: Scale) -> list[Mark]:
    """The bar of a row, and the line of the value before across it."""
    marks: list[Mark] = []
    value = value_of(row)
    if value is not None:
        colour = row.get("colour") or class_colour(str(row["key"] or ""))
        words = exact_yuan(value)
        if row.get("before") is not None:
            words += f"\n此前 {yuan(row['before'])} 元" + (f"（{change}）" if (change := _change(row)) else "")
        marks.append(Bar(number, 0.0, scale.value(value.amount), colour, Datum(row_name(row), words, value)))
    if row.get("before") is not None:
        marks.append(Tick(scale.value(row["before"]), number))
    return marks


def _change(row: Mapping[str, Any]) -> str:
    """The change from the value before as per cent; nothing where there is none."""
    change = signed_percent(growth(row["amount"], row.get("before")))
    return "" if change == GAP else change


def _tail(row: Mapping[str, Any], scale: Scale) -> str:
    if row["amount"] is None:
        return MISSING
    change = _change(row)
    return f"{scale.text(row['amount'])}{'※' if row.get('suspect') else ''}" + (f"  {change}" if change else "")


def _words(row: Mapping[str, Any]) -> str:
    change = _change(row)
    return f"{row['name'] or NAMELESS} {wan(row['amount'])} 万元" + (f"（{change}）" if change else "")
