"""A flow as plotly's Sankey diagram, with its nodes where print has them; their names are annotations."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from textwrap import wrap
from typing import Any

from analysis.charts.drawing import WIDTH, Axis, Drawing, Plot
from analysis.charts.marks import FlowBand, FlowNode
from analysis.charts.rendering.plotly_text import HOVER, PIXELS, hover, safe
from analysis.charts.scales import spread
from analysis.charts.theme import INK, PAPER
from analysis.charts.typography import cut, width

_NEVER = 0.001  # plotly takes zero for no place at all
_TWO_LINES, _ONE_LINE = 31.0, 17.0  # pixels from name to name
_OUTER, _PLATE = 112.0, 8  # points of a name at the ends, and characters in a line of a plate in between


def flow_trace(drawing: Drawing, marks: Sequence[FlowNode | FlowBand]) -> dict[str, Any]:
    """The Sankey diagram."""
    nodes = [mark for mark in marks if isinstance(mark, FlowNode)]
    bands = [mark for mark in marks if isinstance(mark, FlowBand)]
    index = {node.name: number for number, node in enumerate(nodes)}
    last = _last_column(drawing)
    return {
        "type": "sankey", "arrangement": "fixed",
        "node": {
            "label": [""] * len(nodes), "color": [node.colour for node in nodes],
            "x": [_within(node.column / last) for node in nodes], "y": [_within(sum(node.span) / 2) for node in nodes],
            "customdata": [hover(node.datum) for node in nodes], "pad": _gap(drawing, nodes), "thickness": 16,
            "line": {"width": 0}, "hovertemplate": HOVER,
        },
        "link": {
            "source": [index[band.source] for band in bands], "target": [index[band.target] for band in bands],
            "value": [band.amount for band in bands], "color": [band.colour for band in bands],
            "customdata": [hover(band.datum) for band in bands], "hovertemplate": HOVER,
        },
    }  # fmt: skip


def flow_layout(drawing: Drawing, plot: Plot) -> dict[str, Any]:
    """Names and amounts where print has them: in the margins at both ends, on a plate in between.

    The diagram is as high as the plot of print, so that plotly, which makes nodes as high as it can, makes them as
    high as there.
    """
    nodes = [mark for mark in drawing.marks if isinstance(mark, FlowNode)]
    last, inner = _last_column(drawing), plot.height * PIXELS
    notes: list[dict[str, Any]] = []
    rooms = [0.0, 0.0]
    for number in range(last + 1):
        outer = number in (0, last)
        column = [node for node in nodes if node.column == number]
        middles, apart = _heights(column, inner, outer)
        for node, middle in zip(column, middles, strict=True):
            lines = _lines(node, apart) if outer else _plate(node, last + 1)
            if outer:
                rooms[number > 0] = max(rooms[number > 0], *(width(line, 9) for line in lines))
            notes.append(_note(lines, number / last, 1 - middle / inner))
    left, right = (round(room * PIXELS + 14) for room in rooms)
    top = round(plot.top * PIXELS)
    below = round(drawing.height * PIXELS) - top - round(inner)
    return {"margin": {"l": left, "r": right, "t": top, "b": below}, "annotations": notes}


def _last_column(drawing: Drawing) -> int:
    """The number of the last column of a flow."""
    return int(drawing.plot.x.high) if drawing.plot is not None and isinstance(drawing.plot.x, Axis) else 1


def _within(part: float) -> float:
    return min(max(part, _NEVER), 1 - _NEVER)


def _gap(drawing: Drawing, nodes: Sequence[FlowNode]) -> int:
    """Pixels from one node to the next of its column, as print has them."""
    gaps = [below.span[0] - above.span[1] for above, below in pairwise(nodes) if above.column == below.column]
    return round(min(gaps) * drawing.plot.height * PIXELS) if gaps and drawing.plot is not None else 12


def _heights(column: Sequence[FlowNode], inner: float, outer: bool) -> tuple[list[float], bool]:
    """Where the names of a column stand; at the ends in one line where two would move them away from their nodes."""
    natural = [sum(node.span) / 2 * inner for node in column]
    middles = spread(natural, _TWO_LINES, inner)
    apart = not outer or max(abs(a - b) for a, b in zip(natural, middles, strict=True)) < _TWO_LINES / 4
    return (middles, True) if apart else (spread(natural, _ONE_LINE, inner), False)


def _lines(node: FlowNode, apart: bool) -> list[str]:
    name = cut(node.name, _OUTER, 9)
    return [name, node.amount] if apart else [f"{name} {node.amount}"]


def _plate(node: FlowNode, columns: int) -> list[str]:
    name = cut(node.name, WIDTH / columns, 9)
    return [*wrap(name, ceil(len(name) / ceil(len(name) / _PLATE))), node.amount]


def _note(lines: Sequence[str], x: float, y: float) -> dict[str, Any]:
    place: dict[str, Any] = {"x": x, "xanchor": "center", "bgcolor": PAPER, "borderpad": 2}
    if x == 0:
        place = {"x": 0, "xanchor": "right", "xshift": -6, "align": "right", "borderpad": 0}
    elif x == 1:
        place = {"x": 1, "xanchor": "left", "xshift": 10, "align": "left", "borderpad": 0}
    return {
        "text": "<br>".join(safe(line) for line in lines), "xref": "paper", "yref": "paper", "y": y,
        "yanchor": "middle", "showarrow": False, "font": {"size": 12, "color": INK}, **place,
    }  # fmt: skip
