"""Changes: how one amount became another step by step, and what rose and what fell."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, Axis, Caption, Drawing
from analysis.charts.frame_values import NAMELESS, cell, exact_yuan, table, value_of, yuan
from analysis.charts.layout import row_name, row_plot
from analysis.charts.marks import Bar, BaseLine, Datum, Mark, Rule, Text
from analysis.charts.scales import bounds, ticks
from analysis.charts.theme import FALL, MUTED, RISE, TOTAL
from analysis.charts.typography import width
from analysis.display.amounts import Scale, scale_of, signed_wan, wan
from analysis.display.tables import TableCell

_HAIRLINE = 0.3  # of an axis: what all steps together reach at least where it begins at zero
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
    figures = table(f"{caption.title}（元）", ["名称", "步骤", "金额"], body, words=2)
    if not rows:
        return empty_chart(caption, figures)
    spans = _spans(rows)
    scale = scale_of(amount for span in spans for amount in span)
    axis = _cut_axis([scale.value(end) for _, end in spans])
    texts = [_signed_text(row["amount"], row, scale, row["role"] == "change") for row in rows]
    spans = [(max(start, Decimal(str(axis.low * scale.yuan))), end) for start, end in spans]
    plot = row_plot([row["name"] or NAMELESS for row in rows], axis, texts, bold=True)
    bars = [_step(number, row, span, scale) for number, (row, span) in enumerate(zip(rows, spans, strict=True))]
    ends = [scale.value(end) for _, end in spans[:-1]]
    marks: list[Mark] = [
        *bars,
        *(Rule((end, n), (end, n + 1), MUTED, 0.7, dashed=True) for n, end in enumerate(ends)),
        *([] if axis.low else [BaseLine()]),
        *(
            Text(scale.value(max(span)), number, text, "right", bold=row["role"] != "change")
            for number, (row, span, text) in enumerate(zip(rows, spans, texts, strict=True))
        ),
    ]
    doubt = any(row.get("suspect") for row in rows)
    remark = "横轴不从 0 开始" if axis.low else ""
    drawing = Drawing(caption, plot.bottom + FOOT, tuple(marks), plot, scale.name, doubt, remark=remark)
    return make_chart(drawing, [_step_words(row) for row in rows], figures)


def _cut_axis(ends: Sequence[float]) -> Axis:
    """The axis of the steps: not from zero where they would be hairlines beside the amounts that they lead between."""
    low, high = min(ends), max(ends)
    reach = high - low
    if low <= 0 or not 0 < reach < high * _HAIRLINE:
        return Axis(*bounds(ends, 0.0))
    return Axis(ticks(max(low - reach, 0.0), low)[0], high)


def diverging(frame: pl.DataFrame, caption: Caption) -> Chart:
    """What rose to the right and what fell to the left, in the order of the frame.

    Args:
        frame: `name`, `change` in yuan and `presence` ("both", "new" or "ended"); optionally `key`, `place`, `note`,
            `suspect`. Rows without a change are left out.
        caption: What stands around the chart.
    """
    rows = [row for row in frame.to_dicts() if row["change"] is not None]
    body: list[list[str | TableCell]] = [
        [row_name(row), cell(value_of(row, "change"), _signed), _PRESENCE[row["presence"]].strip("（）") or "两年都有"]
        for row in rows
    ]
    figures = table(f"{caption.title}（元）", ["名称", "增减", "列示"], body)
    if not rows:
        return empty_chart(caption, figures)
    scale = scale_of(row["change"] for row in rows)
    texts = [_signed_text(row["change"], row, scale, True) + _PRESENCE[row["presence"]] for row in rows]
    falls = [text for text, row in zip(texts, rows, strict=True) if row["change"] < 0]
    rises = [text for text, row in zip(texts, rows, strict=True) if row["change"] >= 0]
    axis = Axis(*bounds([scale.value(row["change"]) for row in rows], 0.0))
    before = max((width(text, 9) for text in falls), default=0.0) + 8
    plot = row_plot([row_name(row) for row in rows], axis, rises, before)
    marks: list[Mark] = [*(_change(number, row, scale) for number, row in enumerate(rows)), BaseLine()]
    for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
        marks.append(Text(scale.value(row["change"]), number, text, "right" if row["change"] >= 0 else "left"))
    doubt = any(row.get("suspect") for row in rows)
    drawing = Drawing(caption, plot.bottom + FOOT, tuple(marks), plot, scale.name, doubt)
    words = [f"{r['name'] or NAMELESS} {signed_wan(r['change'])} 万元{_PRESENCE[r['presence']]}" for r in rows]
    return make_chart(drawing, words, figures)


def _spans(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Decimal, Decimal]]:
    """Where each step begins and ends; the start and the end begin at zero."""
    result, level = [], Decimal(0)
    for row in rows:
        start = level if row["role"] == "change" else Decimal(0)
        level = start + row["amount"]
        result.append((start, level))
    return result


def _step(number: int, row: Mapping[str, Any], span: tuple[Decimal, Decimal], scale: Scale) -> Bar:
    colour = _rise(row["amount"]) if row["role"] == "change" else TOTAL
    value = value_of(row)
    datum = Datum(row["name"] or NAMELESS, exact_yuan(value), value)
    return Bar(number, scale.value(min(span)), scale.value(max(span) - min(span)), colour, datum)


def _change(number: int, row: Mapping[str, Any], scale: Scale) -> Bar:
    value, presence = value_of(row, "change"), _PRESENCE[row["presence"]]
    datum = Datum(row_name(row), f"{_signed(row['change'])} 元{presence}", value)
    return Bar(number, 0.0, scale.value(row["change"]), _rise(row["change"]), datum)


def _rise(change: Decimal) -> str:
    return RISE if change >= 0 else FALL


def _signed_text(amount: Decimal, row: Mapping[str, Any], scale: Scale, change: bool) -> str:
    """An amount in the chart's unit; a change has its sign, and what is in doubt the sign of that."""
    return f"{'+' if change and amount > 0 else ''}{scale.text(amount)}{'※' if row.get('suspect') else ''}"


def _signed(amount: Decimal | None) -> str:
    return yuan(amount) if amount is None or amount <= 0 else f"+{yuan(amount)}"


def _step_words(row: Mapping[str, Any]) -> str:
    amount = signed_wan(row["amount"]) if row["role"] == "change" else wan(row["amount"])
    return f"{row['name'] or NAMELESS} {amount} 万元"
