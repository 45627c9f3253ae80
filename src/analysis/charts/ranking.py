"""A ranking: bars to the right, the largest first, the value before as a line across, what is missing last."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, exact, looks
from analysis.charts.frame_values import MISSING, NAMELESS, cell, table, value_of, yuan
from analysis.charts.framing import FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import at_points
from analysis.charts.labels import room as label_room
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.row_axis import Rows, row_axis, row_name, rows_of, told
from analysis.charts.scales import Panel, bounds
from analysis.charts.theme import INK, MUTED, class_colour
from analysis.charts.typography import width
from analysis.display.amounts import GAP, Scale, scale_of, signed_percent, wan
from analysis.display.tables import Cell, Table
from analysis.indicators.growth import growth


def draw_ranked(frame: pl.DataFrame, caption: Caption) -> Chart:
    """The chart of `bars.ranked`."""
    rows = sorted(frame.to_dicts(), key=_rank)
    figures = _ranking_table(rows, caption, "before" in frame.columns)
    if not any(row["amount"] is not None for row in rows):
        return nothing(caption, figures)
    amounts = [row[name] for row in rows for name in ("amount", "before") if row.get(name) is not None]
    scale = scale_of(amounts)
    lines = rows_of([row_name(row) for row in rows], TOP - 6)
    drawing = open_drawing(caption, lines.top + lines.height + FOOT, scale.name, any(r.get("suspect") for r in rows))
    sheet = drawing.sheet
    tails = [_tail(row, scale) for row in rows]
    room = max(width(tail, 9) for tail in tails) + 14
    low, high = bounds([scale.value(amount) for amount in amounts], 0.0)
    panel = Panel(lines.left, lines.top, WIDTH - lines.left - room, lines.height, low, high, across=True)
    panel.grid(sheet)
    for number, row in enumerate(rows):
        _ranked_bar(sheet, panel, lines, number, row, scale)
    panel.base(sheet)
    ends = [
        max([0.0, *(scale.value(row[name]) for name in ("amount", "before") if row.get(name) is not None)])
        for row in rows
    ]
    inks = [MUTED if row["amount"] is None else INK for row in rows]
    for number, (end, tail, ink) in enumerate(zip(ends, tails, inks, strict=True)):
        sheet.words(panel.at(end) + 6, lines.middle(number), tail, 9, ink)
    lines.write(sheet)
    data = _ranked_traces(rows, scale)
    data.append(at_points(ends, range(len(rows)), tails, "middle right", 12, inks))
    layout = {
        "yaxis": row_axis(lines.names, lines.left), "bargap": 0.35, "xaxis": {"range": [low, high]},
        "margin": {"l": lines.margin, "r": label_room(tails)},
    }  # fmt: skip
    words = [_ranked_words(row) for row in rows if row["amount"] is not None]
    return drawing.close(words, figures, data, layout)


def _rank(row: Mapping[str, Any]) -> tuple[bool, Decimal, str]:
    return row["amount"] is None, -(row["amount"] or Decimal(0)), str(row["key"] or "")


def _ranking_table(rows: Sequence[Mapping[str, Any]], caption: Caption, compared: bool) -> Table:
    heads = ["项目", "金额", *(["此前", "增减"] if compared else [])]
    body: list[list[str | Cell]] = []
    for row in rows:
        more = [yuan(row["before"]), signed_percent(growth(row["amount"], row["before"]))] if compared else []
        body.append([row_name(row), cell(value_of(row)), *more])
    return table(f"{caption.title}（元）", heads, body)


def _ranked_bar(sheet: Canvas, panel: Panel, lines: Rows, number: int, row: Mapping[str, Any], scale: Scale) -> None:
    y, thick = lines.middle(number), lines.thick
    if row["amount"] is not None:
        left, right = sorted((panel.at(0.0), panel.at(scale.value(row["amount"]))))
        draw = sheet.hatched if row.get("suspect") else sheet.rectangle
        draw(left, y - thick / 2, max(right - left, 0.1), thick, _colour(row))
    if row.get("before") is not None:
        x = panel.at(scale.value(row["before"]))
        sheet.line([(x, y - thick * 0.68), (x, y + thick * 0.68)], INK, 1.8)


def _colour(row: Mapping[str, Any]) -> str:
    return row.get("colour") or class_colour(str(row["key"] or ""))


def _tail(row: Mapping[str, Any], scale: Scale) -> str:
    if row["amount"] is None:
        return MISSING
    change = signed_percent(growth(row["amount"], row.get("before")))
    mark = "※" if row.get("suspect") else ""
    return f"{scale.text(row['amount'])}{mark}" + (f"  {change}" if change != GAP else "")


def _ranked_traces(rows: Sequence[Mapping[str, Any]], scale: Scale) -> list[dict[str, Any]]:
    bars: dict[str, Any] = {
        "type": "bar", "orientation": "h", "y": list(range(len(rows))), "hovertemplate": HOVER, "showlegend": False,
        "x": [None if row["amount"] is None else scale.value(row["amount"]) for row in rows],
        "marker": looks([_colour(row) for row in rows], [bool(row.get("suspect")) for row in rows]),
        "customdata": [told(row_name(row), _ranked_hover(row)) for row in rows],
    }  # fmt: skip
    if not any(row.get("before") is not None for row in rows):
        return [bars]
    before = {
        "type": "scatter", "mode": "markers", "y": list(range(len(rows))), "showlegend": False, "hoverinfo": "skip",
        "x": [None if row["before"] is None else scale.value(row["before"]) for row in rows],
        "marker": {"symbol": "line-ns-open", "size": 18, "color": INK, "line": {"width": 2.5, "color": INK}},
    }  # fmt: skip
    return [bars, before]


def _ranked_hover(row: Mapping[str, Any]) -> str:
    if row["amount"] is None:
        return MISSING
    words = exact(row["amount"], bool(row.get("suspect")))
    if row.get("before") is None:
        return words
    change = signed_percent(growth(row["amount"], row["before"]))
    return f"{words}<br>此前 {exact(row['before'])}" + (f"（{change}）" if change != GAP else "")


def _ranked_words(row: Mapping[str, Any]) -> str:
    change = signed_percent(growth(row["amount"], row.get("before")))
    return f"{row['name'] or NAMELESS} {wan(row['amount'])} 万元" + (f"（{change}）" if change != GAP else "")
