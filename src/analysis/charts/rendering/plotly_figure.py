"""A drawing as a plotly figure, as plain data: the same marks, colours, type and order as in print, exact on hover.

No plotly object is made: building one costs more than describing the chart. Room for words is counted in pixels, 4/3 of
a point, and lies in the margins, for a page may be as narrow as a telephone and plotly moves nothing out of the way.
"""

from math import ceil
from typing import Any

from analysis.charts.drawing import WIDTH, Axis, Bands, Drawing, Plot
from analysis.charts.layout import cut_name
from analysis.charts.marks import Bar, EndName, FlowNode, GreyField
from analysis.charts.rendering.plotly_flow import flow_layout
from analysis.charts.rendering.plotly_text import BESIDE, PIXELS, room, safe, source_lines
from analysis.charts.rendering.plotly_traces import all_traces
from analysis.charts.scales import spread
from analysis.charts.theme import INK, LEADER, MUTED, plotly_layout
from analysis.charts.typography import cut_middle

TITLE = 56  # pixels that the title and what stands below it take
_LINE = 15  # pixels of a line below the chart
_NAME_ROOM, _APART = 124.0, 16.0  # points of a name beside the plot, and pixels from one to the next
_AROUND = 106.0  # pixels above and below the plot
_MOST_YEARS = 10
_UNIFORM = {"minsize": 11, "mode": "hide"}  # of words in areas: all of one size, none where there is no room
_NO_AXES = {"xaxis": {"visible": False}, "yaxis": {"visible": False}}


def plotly_figure(drawing: Drawing) -> dict[str, Any]:
    """Traces and layout, with the title above and the source below."""
    layout = _surround(drawing)
    for key, look in _layout(drawing).items():
        old = layout.get(key)
        layout[key] = old | look if isinstance(old, dict) else [*old, *look] if isinstance(old, list) else look
    below = room_below(drawing)
    layout["margin"] = layout["margin"] | {"b": layout["margin"]["b"] + below}
    layout["height"] = round(drawing.height * PIXELS) + below
    return {"data": all_traces(drawing), "layout": layout}


def room_below(drawing: Drawing) -> int:
    """Pixels that the source takes below a chart."""
    return _LINE * len(source_lines(drawing.source))


def _surround(drawing: Drawing) -> dict[str, Any]:
    base, caption = plotly_layout(), drawing.caption
    base["title"] |= {"text": safe(caption.title)}
    base["title"]["subtitle"] = {"text": safe(caption.subtitle), "font": {"size": 12, "color": MUTED}}
    source = {
        "name": "source", "text": "<br>".join(source_lines(drawing.source)), "xref": "paper", "yref": "paper", "x": 1,
        "y": 0, "xanchor": "right", "yanchor": "top", "yshift": -28, "align": "right", "showarrow": False,
        "font": {"size": 11, "color": MUTED},
    }  # fmt: skip
    return base | {"annotations": [source]}


def _layout(drawing: Drawing) -> dict[str, Any]:
    """What the plot of a drawing adds to what every figure has."""
    plot = drawing.plot
    if plot is None:
        return _NO_AXES | {
            "margin": {"l": 0, "r": 0, "t": TITLE, "b": 6},
            "uniformtext": {"minsize": 10, "mode": "hide"},
        }
    if any(isinstance(mark, FlowNode) for mark in drawing.marks):
        return _NO_AXES | flow_layout(drawing, plot)
    fields = [_field(mark) for mark in drawing.marks if isinstance(mark, GreyField)]
    notes = [*_remark(drawing), *(note for _, note in fields if note["text"]), *_end_names(drawing, plot)]
    layout: dict[str, Any] = {
        "xaxis": _band_axis(plot, plot.x) if isinstance(plot.x, Bands) else _measured(plot.x),
        "yaxis": _row_axis(plot, plot.y) if isinstance(plot.y, Bands) else _measured(plot.y),
        "margin": _margin(drawing, plot), "annotations": notes, "shapes": [shape for shape, _ in fields],
    }  # fmt: skip
    bars = [mark for mark in drawing.marks if isinstance(mark, Bar)]
    if bars:
        layout |= {"bargap": round(1 - bars[0].thick, 3), "uniformtext": _UNIFORM}
    if drawing.stacked:
        layout["barmode"] = "relative"
    return layout | {"hovermode": "closest"} | _legend(drawing, plot)


def _measured(axis: Axis) -> dict[str, Any]:
    return {"range": [axis.low, axis.high]} | ({"tickformat": ",.4~%"} if axis.percent else {})


def _band_axis(plot: Plot, columns: Bands) -> dict[str, Any]:
    """Years below the plot, every second or third where they are many; or the columns of a field of cells above it."""
    font = {"size": 12, "color": INK}
    if isinstance(plot.y, Bands):
        return {"side": "top", "type": "category", "showgrid": False, "tickfont": font}
    last, every = len(columns.names) - 1, max(1, ceil(len(columns.names) / _MOST_YEARS))
    shown = [number for number in range(last + 1) if (last - number) % every == 0]
    return {
        "tickmode": "array", "tickvals": shown, "ticktext": [columns.names[number] for number in shown],
        "range": [-0.5, last + 0.5], "showgrid": False, "zeroline": False, "tickfont": font,
    }  # fmt: skip


def _row_axis(plot: Plot, rows: Bands) -> dict[str, Any]:
    """Rows as plotly's upright axis: places are numbers, so two rows may bear the same name."""
    names = [safe(cut_name(name, plot.left - plot.before - 16, 9)) for name in rows.names]
    if rows.notes:
        names = [f"{name}<br>{safe(note)}" for name, note in zip(names, rows.notes, strict=True)]
    axis = {
        "tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names,
        "range": [len(names) - 0.4, -0.6], "zeroline": False, "showgrid": False, "tickfont": {"size": 12, "color": INK},
    }  # fmt: skip
    return axis | ({"ticklabelstandoff": round(plot.before * PIXELS)} if plot.before else {})


def _margin(drawing: Drawing, plot: Plot) -> dict[str, int]:
    if isinstance(plot.y, Axis):
        names = [cut_middle(mark.name, _NAME_ROOM, 9) for mark in drawing.marks if isinstance(mark, EndName)]
        return {"r": room(names)} if names else {}
    sides = {"l": round((plot.left - 8) * PIXELS), "r": round((WIDTH - plot.right) * PIXELS)}
    return sides | ({"t": round((plot.top + 9) * PIXELS)} if isinstance(plot.x, Bands) else {})


def _legend(drawing: Drawing, plot: Plot) -> dict[str, Any]:
    """A legend above the plot; bars and lines with names beside them have one only where a page is narrow."""
    if not drawing.legend:
        return {"showlegend": False, "legend": {"traceorder": "reversed"}} if drawing.stacked else {"showlegend": False}
    legend: dict[str, Any] = {"traceorder": "normal", "orientation": "h", "x": 0, "xanchor": "left", "maxheight": 400}
    if isinstance(plot.x, Bands):
        return {"showlegend": True, "legend": legend | {"y": 1, "yref": "container", "yanchor": "top"}}
    return {"showlegend": True, "legend": legend | {"y": 1.02, "yanchor": "bottom"}}


def _remark(drawing: Drawing) -> list[dict[str, Any]]:
    """The remark at the upper right corner of the plot."""
    if not drawing.remark:
        return []
    return [{
        "name": BESIDE, "text": safe(f"◆ {drawing.remark}" if drawing.remark_mark else drawing.remark), "xref": "paper",
        "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "showarrow": False,
        "font": {"size": 11, "color": MUTED},
    }]  # fmt: skip


def _field(field: GreyField) -> tuple[dict[str, Any], dict[str, Any]]:
    """A grey field as a shape, and its words as an annotation."""
    (x0, x1), (y0, y1) = field.x or (0, 1), field.y or (0, 1)
    xref, yref = "x" if field.x else "paper", "y" if field.y else "paper"
    shape = {
        "type": "rect", "xref": xref, "yref": yref, "x0": x0, "x1": x1, "y0": y0, "y1": y1, "fillcolor": MUTED,
        "opacity": 0.12, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip
    note = {
        "x": (x0 + x1) / 2, "xref": xref, "y": (y0 + y1) / 2 if field.y else 1 - field.height, "yref": yref,
        "text": safe(field.words).replace("\n", "<br>"), "showarrow": False, "font": {"size": 12, "color": MUTED},
    }  # fmt: skip
    return shape, note


def _end_names(drawing: Drawing, plot: Plot) -> list[dict[str, Any]]:
    """Names right of the plot, each led to from its own place by a line that nobody takes for the series itself."""
    names = [mark for mark in drawing.marks if isinstance(mark, EndName)]
    if not names or not isinstance(plot.y, Axis) or not isinstance(plot.x, Bands):
        return []
    axis, high = plot.y, max(drawing.height * PIXELS - _AROUND, 60.0)
    heights = spread([(1 - axis.part(name.y)) * high for name in names], _APART, high)
    return [
        {
            "name": BESIDE, "text": safe(cut_middle(name.name, _NAME_ROOM, 9)), "x": name.x, "y": name.y, "axref": "x",
            "ayref": "y", "ax": len(plot.x.names) - 0.5, "ay": axis.high - height / high * (axis.high - axis.low),
            "xanchor": "left", "showarrow": True, "arrowhead": 0, "arrowwidth": 0.7, "arrowcolor": LEADER,
            "font": {"size": 12, "color": INK},
        }
        for name, height in zip(names, heights, strict=True)
    ]  # fmt: skip
