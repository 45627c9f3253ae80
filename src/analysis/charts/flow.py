"""Where money comes from and where it goes: nodes in columns, bands between them as thick as their amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from textwrap import wrap
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, exact, safe
from analysis.charts.frame_values import Value, cell, table, values
from analysis.charts.framing import FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import PIXELS
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.scales import spread
from analysis.charts.theme import INK, MUTED, OTHER, PAPER, tint
from analysis.charts.typography import cut, width
from analysis.display.amounts import Scale, scale_of, wan

_NODE = 12.0
_SIDE = 128.0
_SPACE = 9.0
_ROW = 27.0
# In plotly: pixels above and below, between nodes, and from name to name; the room of a name in points; and how many
# characters of it stand in a line of a plate.
_AROUND, _GAP, _TWO_LINES, _ONE_LINE = 92.0, 12, 31.0, 17.0
_OUTER, _PLATE = 112.0, 8


@dataclass(frozen=True, slots=True)
class Node:
    """A node on the sheet: what flows through it, where it stands and how high it is."""

    name: str
    amount: Decimal
    column: int
    x: float
    top: float
    height: float


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
        return nothing(caption, figures)
    listed = {name for column in columns for name in column}
    order = [list(column) for column in columns] + [[] for _ in range(2 - len(columns))]
    order[0] += dict.fromkeys(source for source, _ in bands if source not in listed)
    order[-1] += dict.fromkeys(target for _, target in bands if target not in {*listed, *order[0]})
    height = TOP + FOOT + max(180.0, _ROW * max(len(column) for column in order))
    doubt = any(value.suspect for value in bands.values())
    scale = scale_of(value.amount for value in bands.values())
    drawing = open_drawing(caption, height, scale.name, doubt)
    nodes = _nodes(bands, order, height - TOP - FOOT + 10)
    _bands(drawing.sheet, bands, nodes, colours)
    for node in nodes.values():
        drawing.sheet.rectangle(node.x, node.top, _NODE, node.height, colours.get(node.name, OTHER), "none")
    _names(drawing.sheet, nodes, len(order), scale, height)
    told = [f"从{source}到{target} {wan(value.amount)} 万元" for (source, target), value in bands.items()]
    if len(found) > len(bands):
        told.append(f"另有 {len(found) - len(bands)} 笔为零或负数，没有画出")
    inner = height * PIXELS - _AROUND
    placed = _nodes(bands, order, inner, 0.0, _GAP)
    layout = _layout(placed, len(order), scale, inner)
    return drawing.close(told, figures, [_trace(bands, placed, colours, inner, len(order))], layout)


def _nodes(
    bands: Mapping[tuple[str, str], Value], order: Sequence[Sequence[str]], room: float, top: float = TOP - 4,
    space: float = _SPACE,
) -> dict[str, Node]:  # fmt: skip
    into: dict[str, Decimal] = {}
    out: dict[str, Decimal] = {}
    for (source, target), value in bands.items():
        out[source] = out.get(source, Decimal(0)) + value.amount
        into[target] = into.get(target, Decimal(0)) + value.amount
    amounts = {name: max(into.get(name, Decimal(0)), out.get(name, Decimal(0))) for name in {**out, **into}}
    told = [[name for name in column if name in amounts] for column in order]
    factor = min(
        (room - space * (len(column) - 1)) / float(sum(amounts[name] for name in column)) for column in told if column
    )
    step = (WIDTH - 2 * _SIDE - _NODE) / max(len(order) - 1, 1)
    nodes = {}
    for number, column in enumerate(told):
        used = sum(float(amounts[name]) * factor for name in column) + _SPACE * max(len(column) - 1, 0)
        y = top + (room - used) / 2
        for name in column:
            high = max(float(amounts[name]) * factor, 0.6)
            nodes[name] = Node(name, amounts[name], number, _SIDE + number * step, y, high)
            y += high + space
    return nodes


def _bands(
    sheet: Canvas, bands: Mapping[tuple[str, str], Value], nodes: Mapping[str, Node], colours: Mapping[str, str]
) -> None:
    left = {name: node.top for name, node in nodes.items()}
    right = dict(left)
    starts: dict[tuple[str, str], float] = {}
    ends: dict[tuple[str, str], float] = {}
    thick = {pair: _thickness(value, nodes[pair[0]]) for pair, value in bands.items()}
    for pair in sorted(bands, key=lambda pair: nodes[pair[1]].top):
        starts[pair] = left[pair[0]]
        left[pair[0]] += thick[pair]
    for pair in sorted(bands, key=lambda pair: nodes[pair[0]].top):
        ends[pair] = right[pair[1]]
        right[pair[1]] += thick[pair]
    for pair, value in bands.items():
        source, target = nodes[pair[0]], nodes[pair[1]]
        a = (source.x + _NODE, starts[pair], starts[pair] + thick[pair])
        b = (target.x, ends[pair], ends[pair] + thick[pair])
        sheet.ribbon(a, b, tint(_colour(pair, colours), 0.55))
        if value.suspect:
            middle = (a[0] + b[0]) / 2
            sheet.words(middle, (a[1] + a[2] + b[1] + b[2]) / 4, "※", 9, INK, "center")


def _thickness(value: Value, node: Node) -> float:
    return float(value.amount / node.amount) * node.height


def _colour(pair: tuple[str, str], colours: Mapping[str, str]) -> str:
    return colours.get(pair[0]) or colours.get(pair[1]) or OTHER


def _names(sheet: Canvas, nodes: Mapping[str, Node], columns: int, scale: Scale, height: float) -> None:
    """Names and amounts: outside at both ends, above the nodes in between."""
    for number in range(columns):
        column = [node for node in nodes.values() if node.column == number]
        middles = spread([node.top + node.height / 2 for node in column], 22.0, height - FOOT + 8)
        for node, middle in zip(column, middles, strict=True):
            amount = scale.text(node.amount)
            if 0 < number < columns - 1:
                words = cut(f"{node.name} {amount}", WIDTH / columns, 8.5)
                _plate(sheet, node.x + _NODE / 2, middle, words)
            elif number:
                x = node.x + _NODE + 6
                sheet.words(x, middle - 5.5, cut(node.name, WIDTH - x - 4, 9), 9, INK)
                sheet.words(x, middle + 5.5, amount, 8.5, MUTED)
            else:
                x = node.x - 6
                sheet.words(x, middle - 5.5, cut(node.name, x - 6, 9), 9, INK, "right")
                sheet.words(x, middle + 5.5, amount, 8.5, MUTED, "right")


def _plate(sheet: Canvas, x: float, y: float, words: str) -> None:
    half = width(words, 8.5) / 2 + 4
    sheet.rectangle(x - half, y - 7, 2 * half, 14, "#ffffff", "none")
    sheet.words(x, y, words, 8.5, INK, "center")


def _layout(nodes: Mapping[str, Node], columns: int, scale: Scale, inner: float) -> dict[str, Any]:
    """Names and amounts where print has them: in the margins at both ends, on a plate in between."""
    notes: list[dict[str, Any]] = []
    rooms = {0: 0.0, columns - 1: 0.0}
    for number in range(columns):
        column = [node for node in nodes.values() if node.column == number]
        outer, heights = number in rooms, [node.top + node.height / 2 for node in column]
        middles = spread(heights, _TWO_LINES, inner)
        apart = not outer or max(abs(a - b) for a, b in zip(heights, middles, strict=True)) < _TWO_LINES / 4
        if not apart:
            middles = spread(heights, _ONE_LINE, inner)
        for node, middle in zip(column, middles, strict=True):
            amount = scale.text(node.amount)
            name = cut(node.name, _OUTER, 9) if outer else cut(node.name, WIDTH / columns, 9)
            lines = [name, amount] if apart else [f"{name} {amount}"]
            place: dict[str, Any] = {"x": number / max(columns - 1, 1), "xanchor": "center", "bgcolor": PAPER}
            if outer:
                rooms[number] = max(rooms[number], *(width(line, 9) for line in lines))
                place = {"x": 0, "xanchor": "right", "xshift": -6, "align": "right"}
                if number:
                    place = {"x": 1, "xanchor": "left", "xshift": 10, "align": "left"}
            else:
                lines = [*wrap(name, ceil(len(name) / ceil(len(name) / _PLATE))), amount]
            notes.append({
                "text": "<br>".join(safe(line) for line in lines), "xref": "paper", "yref": "paper",
                "y": 1 - middle / inner, "yanchor": "middle", "showarrow": False, "font": {"size": 12, "color": INK},
                "borderpad": 0 if outer else 2, **place,
            })  # fmt: skip
    left, right = (round(rooms[number] * PIXELS + 14) for number in (0, columns - 1))
    return {
        "margin": {"l": left, "r": right, "b": 16}, "annotations": notes,
        "xaxis": {"visible": False}, "yaxis": {"visible": False},
    }  # fmt: skip


def _trace(
    bands: Mapping[tuple[str, str], Value], nodes: Mapping[str, Node], colours: Mapping[str, str], inner: float,
    columns: int,
) -> dict[str, Any]:  # fmt: skip
    """Nodes at the places that they have in print; their names are annotations."""
    index = {name: number for number, name in enumerate(nodes)}
    edge = 0.001  # plotly takes zero for no place at all
    return {
        "type": "sankey", "arrangement": "fixed",
        "node": {
            "label": [""] * len(nodes), "color": [colours.get(name, OTHER) for name in nodes],
            "x": [min(max(node.column / max(columns - 1, 1), edge), 1 - edge) for node in nodes.values()],
            "y": [min(max((node.top + node.height / 2) / inner, edge), 1 - edge) for node in nodes.values()],
            "customdata": [[safe(name), exact(node.amount)] for name, node in nodes.items()], "pad": _GAP,
            "thickness": 16, "line": {"width": 0}, "hovertemplate": HOVER,
        },
        "link": {
            "source": [index[source] for source, _ in bands], "target": [index[target] for _, target in bands],
            "value": [float(value.amount) for value in bands.values()],
            "color": [tint(_colour(pair, colours), 0.55) for pair in bands],
            "customdata": [
                [f"{safe(source)} → {safe(target)}", exact(value.amount, value.suspect)]
                for (source, target), value in bands.items()
            ],
            "hovertemplate": HOVER,
        },
    }  # fmt: skip
