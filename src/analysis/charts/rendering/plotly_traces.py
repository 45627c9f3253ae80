"""Marks as plotly's traces: marks of a kind and a look are one trace, in the order in which the first of them comes."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, TypeVar

from analysis.charts.drawing import Axis, Bands, Drawing, Plot
from analysis.charts.marks import Area, Bar, Dot, FlowBand, FlowNode, Line, Mark, Rule, Text, Tick, Tile
from analysis.charts.rendering.plotly_flow import flow_trace
from analysis.charts.rendering.plotly_text import HOVER, hover, safe, short, type_size
from analysis.charts.rendering.plotly_tree import tree_trace
from analysis.charts.theme import INK, MUTED, ON_LIGHT, text_colour
from analysis.charts.typography import width

_Look = TypeVar("_Look")
_SEEN_ONLY = {"hoverinfo": "skip", "showlegend": False}
_NARROW = 210.0  # points: the plot of a telephone
_EDGE = 0.2  # of a plot across: nearer to its end words reach inwards
_SIDES = {
    "right": "middle right", "left": "middle left", "above": "top center", "below": "bottom center",
    "centre": "middle center",
}  # fmt: skip


def all_traces(drawing: Drawing) -> list[dict[str, Any]]:
    """The traces of a drawing."""
    groups: dict[tuple[object, ...], list[Any]] = {}
    for mark in drawing.marks:
        if (look := _look(mark)) is not None:
            groups.setdefault(look, []).append(mark)
    traces = [_TRACES[type(group[0])](drawing, group) for group in groups.values()]
    series = {trace.get("name") for trace in traces}
    return traces + [_entry(one.name, one.colour) for one in drawing.legend if short(one.name) not in series]


def _look(mark: Mark) -> tuple[object, ...] | None:
    """What marks of one trace have in common; None for those that plotly has in its layout."""
    match mark:
        case Bar() | Dot():
            return type(mark), mark.series, getattr(mark, "diamond", False)
        case Line():
            return Line, mark.name, id(mark)
        case Rule():
            return Rule, mark.colour, mark.thick, mark.dashed
        case Text():
            return Text, mark.size, mark.row
        case Tile():
            return Tile, mark.level is None
        case Tick() | Area():
            return (type(mark),)
        case FlowNode() | FlowBand():
            return (FlowNode,)
        case _:
            return None


def _entry(name: str, colour: str) -> dict[str, Any]:
    """A trace without points, which has its entry in the legend."""
    marker = {"symbol": "square", "size": 12, "color": colour}
    return {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": short(name), "marker": marker}


def _same(values: Sequence[_Look]) -> _Look | list[_Look]:
    """A value that all have, or the list of them."""
    return values[0] if all(value == values[0] for value in values) else list(values)


def _bars(drawing: Drawing, bars: Sequence[Bar]) -> dict[str, Any]:
    """Bars with words in them, hatched where their figures are in doubt."""
    across = drawing.plot is not None and isinstance(drawing.plot.y, Bands)
    places, lengths = [bar.place for bar in bars], [bar.length for bar in bars]
    suspects = [bar.datum.suspect for bar in bars]
    marker: dict[str, Any] = {"color": _same([bar.colour for bar in bars])}
    if any(suspects):
        marker["pattern"] = {
            "shape": ["/" if suspect else "" for suspect in suspects], "fillmode": "replace", "size": 6, "solidity": 0.4
        }  # fmt: skip
    trace: dict[str, Any] = {
        "type": "bar", "x": lengths if across else places, "y": places if across else lengths, "marker": marker,
        "customdata": [hover(bar.datum) for bar in bars], "hovertemplate": HOVER,
    }  # fmt: skip
    trace |= {"orientation": "h"} if across else {}
    trace |= {"name": short(bars[0].series)} if bars[0].series else {"showlegend": False}
    if not drawing.stacked and any(bar.start for bar in bars):
        trace["base"] = [bar.start for bar in bars]
    if any(bar.words for bar in bars):
        inks = [INK if bar.datum.suspect else text_colour(bar.colour) for bar in bars]
        trace |= {
            "text": [bar.words for bar in bars], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "textfont": {"size": 11, "color": _same(inks)},
        }  # fmt: skip
    return trace


def _dots(_: Drawing, dots: Sequence[Dot]) -> dict[str, Any]:
    shape, size = ("diamond", 11) if dots[0].diamond else ("circle", 8)
    trace: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": [dot.x for dot in dots], "y": [dot.y for dot in dots],
        "marker": {"size": size, "color": _same([dot.colour for dot in dots]), "symbol": _symbols(dots, shape)},
        "customdata": [hover(dot.datum) for dot in dots], "hovertemplate": HOVER,
    }  # fmt: skip
    trace |= {"name": short(dots[0].series)} if dots[0].series else {"showlegend": False}
    return trace | _above([dot.words for dot in dots], "markers")


def _symbols(dots: Sequence[Dot | None], shape: str) -> str | list[str]:
    return _same([f"{shape}-open" if dot is not None and dot.datum.suspect else shape for dot in dots])


def _above(words: Sequence[str], mode: str) -> dict[str, Any]:
    """Words above marks, where there are some."""
    if not any(words):
        return {"mode": mode}
    return {
        "mode": f"{mode}+text", "text": list(words), "textposition": "top center", "cliponaxis": False,
        "textfont": {"size": 11, "color": MUTED},
    }  # fmt: skip


def _line(_: Drawing, lines: Sequence[Line]) -> dict[str, Any]:
    line, dots = lines[0], lines[0].dots
    return {
        "type": "scatter", "name": short(line.name), "connectgaps": False, "x": list(range(len(dots))),
        "y": [None if dot is None else dot.y for dot in dots], "line": {"color": line.colour, "width": 2.4},
        "marker": {"size": 8, "symbol": _symbols(dots, "circle")},
        "customdata": [["", ""] if dot is None else hover(dot.datum) for dot in dots], "hovertemplate": HOVER,
    } | _above(["" if dot is None else dot.words for dot in dots], "lines+markers")  # fmt: skip


def _ticks(_: Drawing, ticks: Sequence[Tick]) -> dict[str, Any]:
    marker = {"symbol": "line-ns-open", "size": 18, "color": INK, "line": {"width": 2.5, "color": INK}}
    places = {"x": [tick.value for tick in ticks], "y": [tick.place for tick in ticks]}
    return {"type": "scatter", "mode": "markers", **places, "marker": marker, **_SEEN_ONLY}


def _rules(_: Drawing, rules: Sequence[Rule]) -> dict[str, Any]:
    """Straight lines of one look, parted by gaps."""
    first = rules[0]
    look = {"color": first.colour, "width": max(1, first.thick)} | ({"dash": "dot"} if first.dashed else {})
    trace: dict[str, Any] = {
        "type": "scatter", "mode": "lines", "showlegend": False, "line": look,
        "x": [x for rule in rules for x in (rule.start[0], rule.end[0], None)],
        "y": [y for rule in rules for y in (rule.start[1], rule.end[1], None)],
    }  # fmt: skip
    if first.datum is None:
        return trace | _SEEN_ONLY
    points = [hover(rule.datum) if rule.datum else ["", ""] for rule in rules for _ in range(3)]
    return trace | {"customdata": points, "hovertemplate": HOVER}


def _texts(drawing: Drawing, texts: Sequence[Text]) -> dict[str, Any]:
    """Words near points, which pointing passes over; they may reach into the margins.

    A mark that is not seen keeps words that stand beside their point at a distance from it.
    """
    plot, size = drawing.plot, type_size(texts[0].size)
    if plot is not None and texts[0].row:
        texts, size = _thinned(plot, texts, size)
    font: dict[str, Any] = {"size": size, "color": _same([text.colour for text in texts])}
    if any(text.bold for text in texts):
        font["weight"] = _same(["bold" if text.bold else "normal" for text in texts])
    sideways = texts[0].side in {"left", "right"}
    mode: dict[str, Any] = (
        {"mode": "markers+text", "marker": {"size": 8, "opacity": 0}} if sideways else {"mode": "text"}
    )
    return mode | {
        "type": "scatter", "x": [_x(plot, text) for text in texts], "y": [text.y for text in texts],
        "text": [safe(text.words) for text in texts], "textposition": _same([_position(plot, t) for t in texts]),
        "textfont": font, "cliponaxis": False, **_SEEN_ONLY,
    }  # fmt: skip


def _x(plot: Plot | None, text: Text) -> float | str:
    """The place of words; in a field of cells, columns are known by their names."""
    if plot is not None and isinstance(plot.x, Bands) and isinstance(plot.y, Bands):
        return safe(plot.x.names[int(text.x)])
    return text.x


def _position(plot: Plot | None, text: Text) -> str:
    """The side of words; above a plot across they reach inwards near its ends."""
    if text.side == "above" and plot is not None and isinstance(plot.x, Axis):
        part = plot.x.part(text.x)
        return "top left" if part > 1 - _EDGE else "top right" if part < _EDGE else "top center"
    return _SIDES[text.side]


def _thinned(plot: Plot, texts: Sequence[Text], size: int) -> tuple[list[Text], int]:
    """Of a row of words those that have room on a telephone, in smaller type where that is enough for more of them."""
    longest = max(width(text.words, text.size, text.bold) for text in texts)
    count = len(plot.x.names) if isinstance(plot.x, Bands) else 1
    step = _NARROW / count
    every = max(1, ceil(longest / (2 * step)))
    kept = [text for text in texts if (count - 1 - round(text.x)) % every == 0]
    return kept or list(texts), size if longest < step else 11


def _tiles(drawing: Drawing, tiles: Sequence[Tile]) -> dict[str, Any]:
    """Cells as a heat map, in which pointing at a cell says more; or the reasons of those that are empty."""
    plot, ramp = drawing.plot, drawing.ramp
    if plot is None or ramp is None or isinstance(plot.x, Axis) or isinstance(plot.y, Axis):
        raise TypeError("tiles need bands and a ramp")
    if tiles[0].level is None:
        return _texts(drawing, [Text(tile.column, tile.row, tile.words, "centre", 8.5, MUTED) for tile in tiles])
    cells = {(tile.row, tile.column): tile for tile in drawing.marks if isinstance(tile, Tile)}
    rows = [[cells[row, column] for column in range(len(plot.x.names))] for row in range(len(plot.y.names))]
    if ramp.steps:
        count = len(ramp.stops)
        low, high = -0.5, count - 0.5
        scale = [[edge / count, colour] for n, (_, colour) in enumerate(ramp.stops) for edge in (n, n + 1)]
    else:
        low, high = ramp.stops[0][0], ramp.stops[-1][0]
        scale = [[(level - low) / (high - low), colour] for level, colour in ramp.stops]
    return {
        "type": "heatmap", "x": [safe(name) for name in plot.x.names], "y": list(range(len(rows))),
        "z": [[None if tile.level is None else round(tile.level, 4) for tile in row] for row in rows], "zmin": low,
        "zmax": high, "colorscale": scale, "showscale": False, "xgap": 2, "ygap": 2, "hoverongaps": True,
        "text": [["" if tile.level is None else safe(tile.words) for tile in row] for row in rows],
        "texttemplate": "%{text}", "textfont": {"color": ON_LIGHT},
        "customdata": [[hover(tile.datum) for tile in row] for row in rows], "hovertemplate": HOVER,
    }  # fmt: skip


_TRACES: Mapping[type, Callable[[Drawing, Any], dict[str, Any]]] = {
    Bar: _bars, Dot: _dots, Line: _line, Tick: _ticks, Rule: _rules, Text: _texts, Tile: _tiles, Area: tree_trace,
    FlowNode: flow_trace, FlowBand: flow_trace,
}  # fmt: skip
