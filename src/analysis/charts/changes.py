"""Changes: how one amount became another step by step, and what rose and what fell."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, exact, looks
from analysis.charts.frame_values import NAMELESS, cell, table, value_of, yuan
from analysis.charts.framing import FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import PIXELS, at_points
from analysis.charts.labels import room as label_room
from analysis.charts.row_axis import row_axis, row_name, rows_of, told
from analysis.charts.scales import Panel, bounds
from analysis.charts.theme import FALL, INK, MUTED, RISE, TOTAL
from analysis.charts.typography import width
from analysis.display.amounts import Scale, scale_of, signed_wan, wan
from analysis.display.tables import Cell

_PRESENCE = {"new": "（新列）", "ended": "（不再列）", "both": ""}
_ROLES = {"start": "起点", "change": "增减", "end": "终点"}


def waterfall(frame: pl.DataFrame, caption: Caption) -> Chart:
    """From a starting amount to an end through the changes between them, one row a step.

    Args:
        frame: `name`, `amount` in yuan and `role`, in the order of the steps: "start" and "end" are amounts, "change"
            is what was added or taken; optionally `place`, `note`, `suspect`. Steps without an amount are left out.
        caption: What stands around the chart.
    """
    rows = [row for row in frame.to_dicts() if row["amount"] is not None]
    body = [[row["name"] or NAMELESS, _ROLES[row["role"]], cell(value_of(row))] for row in frame.to_dicts()]
    figures = table(f"{caption.title}（元）", ["项目", "步骤", "金额"], body, words=2)
    if not rows:
        return nothing(caption, figures)
    spans = _spans(rows)
    scale = scale_of(amount for span in spans for amount in span)
    lines = rows_of([row["name"] or NAMELESS for row in rows], TOP - 6)
    drawing = open_drawing(caption, lines.top + lines.height + FOOT, scale.name, any(r.get("suspect") for r in rows))
    sheet = drawing.sheet
    low, high = bounds([scale.value(amount) for span in spans for amount in span], 0.0)
    room = max(width(_step_text(row, scale), 9, True) for row in rows) + 16
    panel = Panel(lines.left, lines.top, WIDTH - lines.left - room, lines.height, low, high, across=True)
    panel.grid(sheet)
    places = [(panel.at(scale.value(start)), panel.at(scale.value(end))) for start, end in spans]
    for number, (_, x) in enumerate(places[:-1]):
        sheet.line([(x, lines.middle(number)), (x, lines.middle(number + 1))], MUTED, 0.7, dashed=True)
    for number, (row, (start, end)) in enumerate(zip(rows, places, strict=True)):
        left, right = sorted((start, end))
        draw = sheet.hatched if row.get("suspect") else sheet.rectangle
        draw(left, lines.middle(number) - lines.thick / 2, max(right - left, 0.8), lines.thick, _step_colour(row))
    panel.base(sheet)
    for number, (row, (start, end)) in enumerate(zip(rows, places, strict=True)):
        bold = row["role"] != "change"
        sheet.words(max(start, end) + 5, lines.middle(number), _step_text(row, scale), 9, INK, bold=bold)
    lines.write(sheet)
    data: list[dict[str, Any]] = [{
        "type": "bar", "orientation": "h", "y": list(range(len(rows))), "hovertemplate": HOVER, "showlegend": False,
        "base": [scale.value(min(span)) for span in spans],
        "x": [scale.value(max(span) - min(span)) for span in spans],
        "marker": looks([_step_colour(row) for row in rows], [bool(row.get("suspect")) for row in rows]),
        "customdata": [told(row["name"] or NAMELESS, exact(row["amount"], bool(row.get("suspect")))) for row in rows],
    }]  # fmt: skip
    levels = [scale.value(end) for _, end in spans[:-1]]
    data.append({
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
        "x": [x for level in levels for x in (level, level, None)],
        "y": [y for number in range(len(levels)) for y in (number, number + 1, None)],
        "line": {"color": MUTED, "width": 1, "dash": "dot"},
    })  # fmt: skip
    words, bold = [_step_text(row, scale) for row in rows], [row["role"] != "change" for row in rows]
    ends = [scale.value(max(span)) for span in spans]
    data.append(at_points(ends, range(len(rows)), words, "middle right", bold=bold))
    layout = {
        "yaxis": row_axis(lines.names, lines.left), "bargap": 0.35, "xaxis": {"range": [low, high]},
        "margin": {"l": lines.margin, "r": label_room(words, bold=True)},
    }  # fmt: skip
    return drawing.close([_step_words(row) for row in rows], figures, data, layout)


def diverging(frame: pl.DataFrame, caption: Caption) -> Chart:
    """What rose to the right and what fell to the left, in the order of the frame.

    Args:
        frame: `name`, `change` in yuan and `presence` ("both", "new" or "ended"); optionally `key`, `place`, `note`,
            `suspect`. Rows without a change are left out.
        caption: What stands around the chart.
    """
    rows = [row for row in frame.to_dicts() if row["change"] is not None]
    body: list[list[str | Cell]] = [
        [row_name(row), cell(value_of(row, "change"), _signed), _PRESENCE[row["presence"]].strip("（）") or "两年都有"]
        for row in rows
    ]
    figures = table(f"{caption.title}（元）", ["项目", "增减", "列示"], body)
    if not rows:
        return nothing(caption, figures)
    scale = scale_of(row["change"] for row in rows)
    lines = rows_of([row_name(row) for row in rows], TOP - 6)
    drawing = open_drawing(caption, lines.top + lines.height + FOOT, scale.name, any(r.get("suspect") for r in rows))
    sheet = drawing.sheet
    values = [scale.value(row["change"]) for row in rows]
    texts = [_change_text(row, scale) for row in rows]
    low, high = bounds(values, 0.0)
    before = max((width(t, 9) for t, v in zip(texts, values, strict=True) if v < 0), default=0.0) + 8
    behind = max((width(t, 9) for t, v in zip(texts, values, strict=True) if v >= 0), default=0.0) + 12
    left = lines.left + before
    panel = Panel(left, lines.top, WIDTH - left - behind, lines.height, low, high, across=True)
    panel.grid(sheet)
    for number, (row, value) in enumerate(zip(rows, values, strict=True)):
        start, end = sorted((panel.at(0.0), panel.at(value)))
        draw = sheet.hatched if row.get("suspect") else sheet.rectangle
        draw(start, lines.middle(number) - lines.thick / 2, max(end - start, 0.1), lines.thick, _rise(row["change"]))
    panel.base(sheet)
    for number, (text, value) in enumerate(zip(texts, values, strict=True)):
        x = panel.at(value) + (5 if value >= 0 else -5)
        sheet.words(x, lines.middle(number), text, 9, INK, "left" if value >= 0 else "right")
    lines.write(sheet)
    data: list[dict[str, Any]] = [{
        "type": "bar", "orientation": "h", "y": list(range(len(rows))), "x": values, "showlegend": False,
        "marker": looks([_rise(row["change"]) for row in rows], [bool(row.get("suspect")) for row in rows]),
        "customdata": [told(row_name(row), f"{_signed(row['change'])} 元{_PRESENCE[row['presence']]}") for row in rows],
        "hovertemplate": HOVER,
    }]  # fmt: skip
    sides = ["middle right" if value >= 0 else "middle left" for value in values]
    data.append(at_points(values, range(len(rows)), texts, sides))
    standoff = round(before * PIXELS)
    layout = {
        "yaxis": row_axis(lines.names, lines.left, standoff), "bargap": 0.35, "xaxis": {"range": [low, high]},
        "margin": {"l": lines.margin + standoff, "r": round(behind * PIXELS)},
    }  # fmt: skip
    words = [f"{r['name'] or NAMELESS} {signed_wan(r['change'])} 万元{_PRESENCE[r['presence']]}" for r in rows]
    return drawing.close(words, figures, data, layout)


def _spans(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Decimal, Decimal]]:
    """Where each step begins and ends; the start and the end begin at zero."""
    result, level = [], Decimal(0)
    for row in rows:
        start = level if row["role"] == "change" else Decimal(0)
        level = start + row["amount"]
        result.append((start, level))
    return result


def _step_colour(row: Mapping[str, Any]) -> str:
    return _rise(row["amount"]) if row["role"] == "change" else TOTAL


def _rise(change: Decimal) -> str:
    return RISE if change >= 0 else FALL


def _step_text(row: Mapping[str, Any], scale: Scale) -> str:
    sign = "+" if row["role"] == "change" and row["amount"] > 0 else ""
    return f"{sign}{scale.text(row['amount'])}{'※' if row.get('suspect') else ''}"


def _change_text(row: Mapping[str, Any], scale: Scale) -> str:
    sign = "+" if row["change"] > 0 else ""
    return f"{sign}{scale.text(row['change'])}{'※' if row.get('suspect') else ''}{_PRESENCE[row['presence']]}"


def _signed(amount: Decimal | None) -> str:
    return yuan(amount) if amount is None or amount <= 0 else f"+{yuan(amount)}"


def _step_words(row: Mapping[str, Any]) -> str:
    amount = signed_wan(row["amount"]) if row["role"] == "change" else wan(row["amount"])
    return f"{row['name'] or NAMELESS} {amount} 万元"
