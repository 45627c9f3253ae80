"""Where money comes from and where it goes: nodes in columns, bands between them as thick as their amounts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, TOP, WIDTH, Axis, Caption, Drawing, Plot
from analysis.charts.frame_values import Value, cell, exact_yuan, table, values
from analysis.charts.marks import Datum, FlowBand, FlowNode, Mark, Span
from analysis.charts.theme import OTHER, PAPER, mix
from analysis.display.amounts import Scale, scale_of, wan

_SIDE = 134.0  # points at the left and the right, for the names of the outer nodes
_ROW, _LEAST = 27.0, 180.0  # points of height for each node of the longest column, and of all
_SPACE = 9.0  # points from one node to the next
_ABOVE, _BELOW = 4.0, 22.0  # points that the plot is higher than that of a chart with an axis
_PALE = 0.55  # of its node's colour in a band
Pair = tuple[str, str]


def flow(frame: pl.DataFrame, caption: Caption, columns: Sequence[Sequence[str]], colours: Mapping[str, str]) -> Chart:
    """A Sankey diagram.

    Args:
        frame: `source`, `target`, `amount` in yuan; optionally `place`, `note`, `suspect`. Amounts at or below zero
            have no band; they are in the table and are counted.
        caption: What stands around the chart.
        columns: The names of the nodes, column by column from the left, each from above. What is in none of them
            is put into the first where money comes from it, else into the last.
        colours: The colour of each node; a band has that of the node it comes from, else of the one it goes to.
    """
    found = values(frame, "source", "target")
    body = [[str(source), str(target), cell(value)] for (source, target), value in found.items()]
    figures = table(f"{caption.title}（元）", ["从", "到", "金额"], body, words=2)
    bands = {pair: value for pair, value in found.items() if value.amount > 0}
    if not bands:
        return empty_chart(caption, figures)
    order = _order(bands, columns)
    height = TOP + FOOT + max(_LEAST, _ROW * max(len(column) for column in order))
    scale = scale_of(value.amount for value in bands.values())
    top = TOP - _ABOVE
    size = (WIDTH - 2 * _SIDE, height - top - FOOT + _BELOW)
    plot = Plot(Axis(0, len(order) - 1), Axis(0, 1), _SIDE, top, *size)
    marks = tuple(_marks(bands, order, plot.height, colours, scale))
    doubt = any(value.suspect for value in bands.values())
    drawing = Drawing(caption, height, marks, plot, scale.name, doubt)
    sentences = [f"从{source}到{target} {wan(value.amount)} 万元" for (source, target), value in bands.items()]
    if len(found) > len(bands):
        sentences.append(f"另有 {len(found) - len(bands)} 笔为零或负数，没有画出")
    return make_chart(drawing, sentences, figures)


def _order(bands: Mapping[Pair, Value], columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The nodes of each column from above, those that nothing flows through left out."""
    listed = {name for column in columns for name in column}
    order = [list(column) for column in columns] + [[] for _ in range(2 - len(columns))]
    order[0] += dict.fromkeys(source for source, _ in bands if source not in listed)
    order[-1] += dict.fromkeys(target for _, target in bands if target not in {*listed, *order[0]})
    used = {name for pair in bands for name in pair}
    return [[name for name in column if name in used] for column in order]


def _amounts(bands: Mapping[Pair, Value]) -> dict[str, Decimal]:
    """What flows through each node: the larger of what flows into it and out of it."""
    into: dict[str, Decimal] = {}
    out: dict[str, Decimal] = {}
    for (source, target), value in bands.items():
        out[source] = out.get(source, Decimal(0)) + value.amount
        into[target] = into.get(target, Decimal(0)) + value.amount
    return {name: max(into.get(name, Decimal(0)), out.get(name, Decimal(0))) for name in {**out, **into}}


def _nodes(
    amounts: Mapping[str, Decimal], order: Sequence[Sequence[str]], factor: float, space: float
) -> dict[str, tuple[int, Span]]:  # fmt: skip
    """The column and the span of each node; a column is in the middle of the plot."""
    nodes = {}
    for number, column in enumerate(order):
        used = sum(float(amounts[name]) for name in column) * factor + space * max(len(column) - 1, 0)
        upper = (1 - used) / 2
        for name in column:
            lower = upper + float(amounts[name]) * factor
            nodes[name] = (number, (upper, lower))
            upper = lower + space
    return nodes


def _ends(
    bands: Mapping[Pair, Value], nodes: Mapping[str, tuple[int, Span]], factor: float, side: int
) -> dict[Pair, Span]:  # fmt: skip
    """Where each band touches its node of a side, 0 where it comes from and 1 where it goes.

    Bands of a node lie in the order of the nodes at their other ends.
    """
    level = {name: span[0] for name, (_, span) in nodes.items()}
    result = {}
    for pair in sorted(bands, key=lambda pair: nodes[pair[1 - side]][1][0]):
        upper = level[pair[side]]
        level[pair[side]] = upper + float(bands[pair].amount) * factor
        result[pair] = (upper, level[pair[side]])
    return result


def _marks(
    bands: Mapping[Pair, Value], order: Sequence[Sequence[str]], height: float, colours: Mapping[str, str], scale: Scale
) -> list[Mark]:  # fmt: skip
    """Bands, and the nodes over them; all as high as the fullest column allows in a plot of a height."""
    amounts, space = _amounts(bands), _SPACE / height
    factor = min(
        (1 - space * (len(column) - 1)) / float(sum(amounts[name] for name in column)) for column in order if column
    )
    nodes = _nodes(amounts, order, factor, space)
    starts, ends = (_ends(bands, nodes, factor, side) for side in (0, 1))
    marks: list[Mark] = []
    for pair, value in bands.items():
        colour = mix(PAPER, colours.get(pair[0]) or colours.get(pair[1]) or OTHER, _PALE)
        datum = Datum(f"{pair[0]} → {pair[1]}", exact_yuan(value), value)
        marks.append(FlowBand(*pair, starts[pair], ends[pair], colour, float(value.amount), datum))
    for name, (column, span) in nodes.items():
        datum = Datum(name, exact_yuan(Value(amounts[name])))
        marks.append(FlowNode(name, scale.text(amounts[name]), colours.get(name, OTHER), column, span, datum))
    return marks
