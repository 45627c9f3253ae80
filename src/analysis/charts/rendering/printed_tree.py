"""The areas of a tree as they are printed: a code above its leaves has a head, and every outermost area an outline."""

from collections.abc import Sequence

from analysis.charts.layout import AREA_HEAD, has_head
from analysis.charts.marks import Area, Mark
from analysis.charts.rendering.area_words import fitting_lines, head_words
from analysis.charts.rendering.canvas import NONE, Canvas
from analysis.charts.theme import INK, PAPER, text_colour
from analysis.charts.typography import width

_SMALLEST = 0.5  # points: narrower areas are not drawn


def print_area(canvas: Canvas, area: Area) -> None:
    """An area, or the head of one that lies around others."""
    x, y, wide, high = area.box
    if min(wide, high) <= _SMALLEST:
        return
    if not area.size:
        if has_head(area.box):
            canvas.rectangle(x, y, wide, AREA_HEAD, area.colour, thick=1.6)
    elif area.datum.suspect:
        canvas.hatched(x + 0.5, y + 0.5, max(wide - 1, 0.2), max(high - 1, 0.2), area.colour)
    else:
        canvas.rectangle(x, y, wide, high, area.colour, thick=0.7)


def print_outlines(canvas: Canvas, marks: Sequence[Mark]) -> None:
    """The outlines of the outermost areas, over what lies in them."""
    for area in marks:
        if isinstance(area, Area) and not area.parent and min(area.box[2:]) > _SMALLEST:
            x, y, wide, high = area.box
            corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
            canvas.line(corners, PAPER, 1.6)


def print_area_words(canvas: Canvas, area: Area) -> None:
    """Name and amount, where they have room."""
    x, y, wide, high = area.box
    if min(wide, high) <= _SMALLEST:
        return
    if not area.size:
        if has_head(area.box):
            canvas.words(x + 4, y + AREA_HEAD / 2, head_words(area), 9, text_colour(area.colour), bold=True)
        return
    lines = fitting_lines(area)
    if lines and area.datum.suspect:
        broad = max(width(line, 8) for line in lines) + 4
        canvas.rectangle(x + 2, y + 2, min(broad, wide - 4), 11.0 * len(lines), PAPER, NONE)
    ink = INK if area.datum.suspect else text_colour(area.colour)
    canvas.words(x + 4, y + 11, "\n".join(lines), 8, ink, middle=False)
