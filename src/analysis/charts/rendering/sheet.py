"""The printed sheet of a chart: title and source around it, axes, marks, and the words above all of them."""

from math import ceil

from analysis.charts.drawing import EDGE, FOOT, NOTHING, TOP, WIDTH, Axis, Bands, Drawing, Plot
from analysis.charts.layout import LEGEND_LINE, cut_name, legend_places
from analysis.charts.marks import EndName, FlowNode
from analysis.charts.rendering.canvas import NONE, Canvas
from analysis.charts.rendering.printed_flow import print_node_names
from analysis.charts.rendering.printed_marks import print_shape, print_words
from analysis.charts.rendering.printed_tree import print_outlines
from analysis.charts.scales import spread, ticks
from analysis.charts.theme import EXECUTED, GRID, HOLLOW, INK, MUTED, text_colour
from analysis.charts.typography import cut, cut_middle, width

_TITLE_SIZES = (13.0, 12.0, 11.0)
_CROWDED = 34.0  # points from year to year: below, their names are smaller
_SQUARE = 10.0
_END_NAMES = 16.0  # from the plot to the names beside it


def print_drawing(drawing: Drawing) -> Canvas:
    """The sheet on which a drawing is printed."""
    canvas = Canvas(WIDTH, drawing.height)
    _surround(canvas, drawing)
    if not drawing.marks:
        _nothing(canvas, drawing)
        return canvas
    if drawing.plot is not None:
        _axes(canvas, drawing.plot)
    for mark in drawing.marks:
        print_shape(canvas, drawing, mark)
    print_outlines(canvas, drawing.marks)
    for mark in drawing.marks:
        print_words(canvas, drawing, mark)
    if drawing.plot is not None:
        _names(canvas, drawing, drawing.plot)
    return canvas


def _nothing(canvas: Canvas, drawing: Drawing) -> None:
    """A grey field with words where otherwise a fault would be read."""
    high = drawing.height - TOP - 22
    canvas.rectangle(EDGE, TOP - 6, WIDTH - 2 * EDGE, high, HOLLOW, NONE)
    canvas.words(WIDTH / 2, TOP - 6 + high / 2, NOTHING, 8.5, MUTED, "center")


def _surround(canvas: Canvas, drawing: Drawing) -> None:
    """The title and what is to be known above, the source and the unit below, and what explains the marks."""
    caption, notes, room = drawing.caption, drawing.notes, WIDTH - 2 * EDGE
    size = next((size for size in _TITLE_SIZES if width(caption.title, size, True) <= room), _TITLE_SIZES[-1])
    title = cut(caption.title, room, size, True)
    canvas.words(EDGE, 22, title, size, INK, bold=True, middle=False)
    canvas.words(EDGE, 40, cut(caption.subtitle, room, 9), 9, MUTED, middle=False)
    space = room - (width(f" · {notes}", 8) if notes else 0)
    foot = " · ".join(part for part in (cut(caption.source, space, 8), notes) if part)
    canvas.words(EDGE, drawing.height - 9, foot, 8, MUTED, middle=False)
    if drawing.remark:
        _remark(canvas, drawing, width(title, size, True), width(caption.subtitle, 9))
    for (line, x, words), entry in zip(legend_places(drawing.legend), drawing.legend, strict=True):
        y, middle = TOP - 3 + LEGEND_LINE * line, EDGE + x + _SQUARE / 2
        canvas.rectangle(EDGE + x, y - _SQUARE / 2, _SQUARE, _SQUARE, entry.colour, NONE)
        canvas.words(middle, y, entry.sign, 8, text_colour(entry.colour), "center")
        canvas.words(EDGE + x + _SQUARE + 5, y, words, 8.5, INK)


def _remark(canvas: Canvas, drawing: Drawing, title: float, subtitle: float) -> None:
    """At the right of the first line that leaves room for it: that of the title, of what is to be known, or below."""
    long = width(drawing.remark, 8.5) + 24
    y = next((y for y, used in ((19.0, title), (37.0, subtitle)) if EDGE + used + long < WIDTH - EDGE), 50.0)
    canvas.words(WIDTH - EDGE, y, drawing.remark, 8.5, MUTED, "right")
    if drawing.remark_mark:
        canvas.diamond(WIDTH - EDGE - width(drawing.remark, 8.5) - 9, y, 4, EXECUTED)


def _axes(canvas: Canvas, plot: Plot) -> None:
    """Light lines with their values for what is measured, and the names of the bands."""
    if isinstance(plot.x, Axis) and isinstance(plot.y, Axis):
        return
    for axis, across in ((plot.x, True), (plot.y, False)):
        if isinstance(axis, Axis):
            _grid(canvas, plot, axis, across)
    if isinstance(plot.y, Bands):
        _row_names(canvas, plot, plot.y)
    if isinstance(plot.x, Bands):
        _column_names(canvas, plot, plot.x)


def _grid(canvas: Canvas, plot: Plot, axis: Axis, across: bool) -> None:
    for value in ticks(axis.low, axis.high):
        if across:
            canvas.line([(plot.x_at(value), plot.top), (plot.x_at(value), plot.bottom)], GRID)
            canvas.words(plot.x_at(value), plot.bottom + 9, axis.text(value), 8.5, MUTED, "center")
        else:
            canvas.line([(plot.left, plot.y_at(value)), (plot.right, plot.y_at(value))], GRID)
            canvas.words(plot.left - 6, plot.y_at(value), axis.text(value), 8.5, MUTED, "right")


def _row_names(canvas: Canvas, plot: Plot, rows: Bands) -> None:
    """Names at the left, cut where they are too long; a code at the end of a name stays whole."""
    edge = plot.left - plot.before
    for place, name in enumerate(rows.names):
        y = plot.y_at(place)
        if rows.notes:
            canvas.words(edge - 8, y + 7, rows.notes[place], 8, MUTED, "right")
        canvas.words(edge - 8, y - 6 if rows.notes else y, cut_name(name, edge - 16, 9), 9, INK, "right")


def _column_names(canvas: Canvas, plot: Plot, columns: Bands) -> None:
    """Names above a field of cells; years below bars and lines, every second or third where they are many."""
    if isinstance(plot.y, Bands):
        for place, name in enumerate(columns.names):
            canvas.words(plot.x_at(place), plot.top - 9, cut(name, plot.step - 2, 8.5), 8.5, INK, "center")
        return
    size = 9.5 if plot.step >= _CROWDED else 8.5
    last, every = len(columns.names) - 1, ceil((max(width(name, size) for name in columns.names) + 4) / plot.step)
    for place, name in enumerate(columns.names):
        if (last - place) % every == 0:
            canvas.words(plot.x_at(place), plot.bottom + 11, name, size, INK, "center")


def _names(canvas: Canvas, drawing: Drawing, plot: Plot) -> None:
    """Names at the right of what they name, each led to from its own height, and the names of a flow."""
    nodes = [mark for mark in drawing.marks if isinstance(mark, FlowNode)]
    if nodes:
        print_node_names(canvas, plot, nodes, drawing.height - FOOT + 8)
    names = [mark for mark in drawing.marks if isinstance(mark, EndName)]
    if not names:
        return
    start, edge = max(plot.x_at(name.x) for name in names) + 4, plot.right + _END_NAMES
    distance = min(13.0, plot.height / len(names) + 2)
    natural = [plot.y_at(name.y) for name in names]
    heights = spread(natural, distance, plot.bottom)
    for name, at, height in zip(names, natural, heights, strict=True):
        canvas.line([(start, at), (edge - 10, height), (edge - 4, height)], name.colour, 1.0)
        canvas.words(edge, height, cut_middle(name.name, WIDTH - edge - 6, 9), 9)
