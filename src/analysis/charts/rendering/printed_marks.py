"""Marks as they are printed: the shapes of all of them, then their words, which give way where there is no room."""

from collections.abc import Callable, Mapping
from itertools import groupby
from math import ceil
from typing import Any

from analysis.charts.drawing import WIDTH, Bands, Drawing, Plot
from analysis.charts.marks import (
    Area,
    Bar,
    BaseLine,
    Dot,
    FlowBand,
    FlowNode,
    GreyField,
    Line,
    Mark,
    Rule,
    Text,
    Tick,
    Tile,
)
from analysis.charts.rendering.canvas import NONE, Canvas
from analysis.charts.rendering.printed_flow import print_band, print_node
from analysis.charts.rendering.printed_tree import print_area, print_area_words
from analysis.charts.theme import HOLLOW, INK, MUTED, PAPER, text_colour
from analysis.charts.typography import width

_DOT, _DIAMOND = 3.0, 4.5  # points from the middle of a mark to its edge
_LEAST = 0.05  # points: shorter bars are not seen
_ABOVE, _BESIDE = 7.0, 6.0  # points from a mark to the middle of words above it, and to words beside it


def print_shape(canvas: Canvas, drawing: Drawing, mark: Mark) -> None:
    """What of a mark is no words."""
    if isinstance(mark, Area):
        print_area(canvas, mark)
    elif drawing.plot is not None and type(mark) in _SHAPES:
        _SHAPES[type(mark)](canvas, drawing, drawing.plot, mark)


def print_words(canvas: Canvas, drawing: Drawing, mark: Mark) -> None:
    """The words of a mark, where they have room."""
    if isinstance(mark, Area):
        print_area_words(canvas, mark)
    elif drawing.plot is not None and type(mark) in _WORDS:
        _WORDS[type(mark)](canvas, drawing, drawing.plot, mark)


def _base(canvas: Canvas, _: Drawing, plot: Plot, base: BaseLine) -> None:
    ends = [(plot.left, plot.y_at(base.value)), (plot.right, plot.y_at(base.value))]
    if isinstance(plot.y, Bands):
        ends = [(plot.x_at(base.value), plot.top), (plot.x_at(base.value), plot.bottom)]
    canvas.line(ends, INK, 0.9)


def _tick(canvas: Canvas, _: Drawing, plot: Plot, tick: Tick) -> None:
    x, y, half = plot.x_at(tick.value), plot.y_at(tick.place), plot.step * 0.42
    canvas.line([(x, y - half), (x, y + half)], INK, 1.8)


def _rule(canvas: Canvas, _: Drawing, plot: Plot, rule: Rule) -> None:
    ends = [(plot.x_at(x), plot.y_at(y)) for x, y in (rule.start, rule.end)]
    canvas.line(ends, rule.colour, rule.thick, rule.dashed)


def _bar_box(plot: Plot, bar: Bar) -> tuple[float, float, float, float]:
    """Left, top, width and height of a bar."""
    thick, end = bar.thick * plot.step, bar.start + bar.length
    if isinstance(plot.y, Bands):
        left, right = sorted((plot.x_at(bar.start), plot.x_at(end)))
        return left, plot.y_at(bar.place) - thick / 2, right - left, thick
    top, bottom = sorted((plot.y_at(bar.start), plot.y_at(end)))
    return plot.x_at(bar.place) - thick / 2, top, thick, bottom - top


def _bar(canvas: Canvas, _: Drawing, plot: Plot, bar: Bar) -> None:
    left, top, wide, high = _bar_box(plot, bar)
    if bar.datum.suspect:
        canvas.hatched(left + 0.5, top + 0.5, max(wide - 1, 0.5), max(high - 1, 0.5), bar.colour)
    elif min(wide, high) > _LEAST:
        canvas.rectangle(left, top, wide, high, bar.colour)


def _bar_words(canvas: Canvas, _: Drawing, plot: Plot, bar: Bar) -> None:
    """The words in a bar; where only the sign of doubt has room, that alone."""
    left, top, wide, high = _bar_box(plot, bar)
    size, space = (8.0, 4.0) if isinstance(plot.y, Bands) else (8.5, 3.0)
    words, suspect = bar.words, bar.datum.suspect
    if suspect and words and width(words, size) > wide - space:
        words = "※"
    if not words or width(words, size) > wide - space or high < 10.5:
        return
    x, y, half = left + wide / 2, top + high / 2, width(words, size) / 2 + 2
    if suspect:
        canvas.rectangle(x - half, y - 5.25, 2 * half, 10.5, PAPER, NONE)
    canvas.words(x, y, words, size, INK if suspect else text_colour(bar.colour), "center")


def _dot(canvas: Canvas, _: Drawing, plot: Plot, dot: Dot) -> None:
    draw, size = (canvas.diamond, _DIAMOND) if dot.diamond else (canvas.dot, _DOT)
    draw(plot.x_at(dot.x), plot.y_at(dot.y), size, dot.colour, dot.datum.suspect)


def _dot_words(canvas: Canvas, drawing: Drawing, plot: Plot, dot: Dot) -> None:
    """The words above a mark, unless a bar stands beside it so near that they would lie on it."""
    if not dot.words:
        return
    bar = next((one for one in drawing.marks if isinstance(one, Bar) and round(one.place) == round(dot.x)), None)
    if bar is None or (1 - bar.thick) * plot.step > width(dot.words, 8.5) + 6:
        y = plot.y_at(dot.y) - (_DIAMOND if dot.diamond else _DOT) - _ABOVE
        canvas.words(plot.x_at(dot.x), y, dot.words, 8.5, MUTED, "center")


def _line(canvas: Canvas, drawing: Drawing, plot: Plot, line: Line) -> None:
    for drawn, run in groupby(line.dots, key=lambda dot: dot is not None):
        points = [(plot.x_at(dot.x), plot.y_at(dot.y)) for dot in run if dot is not None]
        if drawn and len(points) > 1:
            canvas.line(points, line.colour, 1.8)
    for dot in line.dots:
        if dot is not None:
            _dot(canvas, drawing, plot, dot)


def _line_words(canvas: Canvas, drawing: Drawing, plot: Plot, line: Line) -> None:
    for dot in line.dots:
        if dot is not None:
            _dot_words(canvas, drawing, plot, dot)


def _field(canvas: Canvas, _: Drawing, plot: Plot, field: GreyField) -> None:
    canvas.rectangle(*_box(plot, field), HOLLOW, NONE)


def _box(plot: Plot, field: GreyField) -> tuple[float, float, float, float]:
    left, right = (plot.left, plot.right) if field.x is None else (plot.x_at(field.x[0]), plot.x_at(field.x[1]))
    ends = (plot.top, plot.bottom) if field.y is None else (plot.y_at(field.y[0]), plot.y_at(field.y[1]))
    return left, min(ends), max(right - left, 0.5), abs(ends[1] - ends[0])


def _field_words(canvas: Canvas, _: Drawing, plot: Plot, field: GreyField) -> None:
    """The reason, one character below the other where the field is narrow."""
    left, top, wide, high = _box(plot, field)
    lines = field.words.split("\n")
    words = field.words
    if isinstance(plot.x, Bands) and wide < max(width(line, 8.5) for line in lines):
        words = "\n".join("".join(lines))
    canvas.words(left + wide / 2, top + high * field.height, words, 8.5, MUTED, "center")


def _text(canvas: Canvas, drawing: Drawing, plot: Plot, text: Text) -> None:
    if text.row and not _has_room(drawing, plot, text):
        return
    x, y = plot.x_at(text.x), plot.y_at(text.y)
    match text.side:
        case "right":
            canvas.words(x + _BESIDE, y, text.words, text.size, text.colour, "left", text.bold)
        case "left":
            canvas.words(x - _BESIDE, y, text.words, text.size, text.colour, "right", text.bold)
        case _:
            half = width(text.words, text.size, text.bold) / 2
            x = min(max(x, half + 4), WIDTH - half - 4)
            y += {"above": -_ABOVE, "below": _ABOVE}.get(text.side, 0.0)
            canvas.words(x, y, text.words, text.size, text.colour, "center", text.bold)


def _has_room(drawing: Drawing, plot: Plot, text: Text) -> bool:
    """Whether words of a row are written: all, or every second, third … back from the last, where they are long."""
    row = [mark for mark in drawing.marks if isinstance(mark, Text) and mark.row]
    every = ceil((max(width(one.words, one.size, one.bold) for one in row) + 3) / plot.step)
    last = len(plot.x.names) - 1 if isinstance(plot.x, Bands) else 0
    return (last - round(text.x)) % every == 0


def _tile_colour(drawing: Drawing, tile: Tile) -> str:
    return HOLLOW if tile.level is None or drawing.ramp is None else drawing.ramp.colour(tile.level)


def _tile(canvas: Canvas, drawing: Drawing, plot: Plot, tile: Tile) -> None:
    """A cell, with a line around it where its figure is in doubt."""
    high = plot.height / max(len(plot.y.names), 1) if isinstance(plot.y, Bands) else plot.height
    x, y = plot.x_at(tile.column - 0.5), plot.y_at(tile.row - 0.5)
    canvas.rectangle(x, y, plot.step, high, _tile_colour(drawing, tile), thick=1.3)
    if tile.datum.suspect:
        left, top, right, bottom = x + 1.5, y + 1.5, x + plot.step - 1.5, y + high - 1.5
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        canvas.line(corners, INK, 1.1, dashed=True)


def _tile_words(canvas: Canvas, drawing: Drawing, plot: Plot, tile: Tile) -> None:
    if width(tile.words, 8.5) <= plot.step - 2:
        colour = _tile_colour(drawing, tile)
        ink = MUTED if colour == HOLLOW else text_colour(colour)
        canvas.words(plot.x_at(tile.column), plot.y_at(tile.row), tile.words, 8.5, ink, "center")


_Print = Callable[[Canvas, Drawing, Plot, Any], None]
_SHAPES: Mapping[type, _Print] = {
    Bar: _bar, BaseLine: _base, Dot: _dot, Tick: _tick, Line: _line, Rule: _rule, GreyField: _field, Tile: _tile,
    FlowNode: print_node, FlowBand: print_band,
}  # fmt: skip
_WORDS: Mapping[type, _Print] = {
    Bar: _bar_words, Dot: _dot_words, Line: _line_words, GreyField: _field_words, Text: _text, Tile: _tile_words,
}  # fmt: skip
