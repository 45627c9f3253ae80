"""A flow as it is printed: nodes, bands between them, and names outside at both ends and on plates in between."""

from collections.abc import Sequence

from analysis.charts.drawing import WIDTH, Axis, Drawing, Plot
from analysis.charts.marks import FlowBand, FlowNode
from analysis.charts.rendering.canvas import NONE, Canvas
from analysis.charts.scales import spread
from analysis.charts.theme import INK, MUTED, PAPER
from analysis.charts.typography import cut, width

_NODE = 12.0
_APART = 22.0  # from one name with its amount to the next


def _left(plot: Plot, column: int) -> float:
    """The left edge of a column's nodes; the first and the last lie within the plot."""
    return plot.x_at(column) - _NODE / 2


def print_node(canvas: Canvas, _: Drawing, plot: Plot, node: FlowNode) -> None:
    """A node, as high as what flows through it."""
    top, bottom = (plot.top + part * plot.height for part in node.span)
    canvas.rectangle(_left(plot, node.column), top, _NODE, max(bottom - top, 0.6), node.colour, NONE)


def print_band(canvas: Canvas, drawing: Drawing, plot: Plot, band: FlowBand) -> None:
    """A band from the right edge of a node to the left edge of another."""
    columns = {mark.name: mark.column for mark in drawing.marks if isinstance(mark, FlowNode)}
    x0, x1 = _left(plot, columns[band.source]) + _NODE, _left(plot, columns[band.target])
    upper0, lower0, upper1, lower1 = (plot.top + part * plot.height for part in (*band.left, *band.right))
    canvas.ribbon((x0, upper0, lower0), (x1, upper1, lower1), band.colour)
    if band.datum.suspect:
        canvas.words((x0 + x1) / 2, (upper0 + lower0 + upper1 + lower1) / 4, "※", 9, INK, "center")


def print_node_names(canvas: Canvas, plot: Plot, nodes: Sequence[FlowNode], limit: float) -> None:
    """Names and amounts, none below `limit`: outside at both ends, above the nodes in between."""
    last = int(plot.x.high) if isinstance(plot.x, Axis) else 1
    for number in range(last + 1):
        column = [node for node in nodes if node.column == number]
        middles = spread([plot.top + sum(node.span) / 2 * plot.height for node in column], _APART, limit)
        for node, middle in zip(column, middles, strict=True):
            if 0 < number < last:
                words = cut(f"{node.name} {node.amount}", WIDTH / (last + 1), 8.5)
                _plate(canvas, plot.x_at(number), middle, words)
            elif number:
                x = _left(plot, number) + _NODE + 6
                canvas.words(x, middle - 5.5, cut(node.name, WIDTH - x - 4, 9), 9, INK)
                canvas.words(x, middle + 5.5, node.amount, 8.5, MUTED)
            else:
                x = _left(plot, number) - 6
                canvas.words(x, middle - 5.5, cut(node.name, x - 6, 9), 9, INK, "right")
                canvas.words(x, middle + 5.5, node.amount, 8.5, MUTED, "right")


def _plate(canvas: Canvas, x: float, y: float, words: str) -> None:
    half = width(words, 8.5) / 2 + 4
    canvas.rectangle(x - half, y - 7, 2 * half, 14, PAPER, NONE)
    canvas.words(x, y, words, 8.5, INK, "center")
