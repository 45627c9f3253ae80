"""A canvas as a png, painted by matplotlib: for those who cannot take an svg.

All shapes are painted by one artist. matplotlib's axes, ticks and text layout, or an artist for each shape, would cost
more than all the rest of a report.
"""

import io
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from analysis.charts.rendering.canvas import NONE, Canvas, Disc, PlacedText, Point, Polyline, Rectangle, Ribbon, Shape
from analysis.charts.theme import PAPER
from analysis.charts.typography import printable, properties, width

POINTS = 72
_DPI = 144
_FAST = {"compress_level": 3}
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}  # of the words that stands before their point
_DASHES = (3.7, 1.6)  # a stroke and a gap, in widths of the line


def write_png(canvas: Canvas, title: str) -> bytes:
    """The png, two pixels a point, on paper; `title` goes into its metadata."""
    size = (canvas.width / POINTS, canvas.height / POINTS)
    figure = Figure(figsize=size, dpi=POINTS, facecolor=PAPER)
    place = Affine2D().scale(1 / POINTS, -1 / POINTS).translate(0, size[1])
    figure.add_artist(_Painting(canvas.shapes, place + figure.dpi_scale_trans))
    buffer = io.BytesIO()
    about = {"Title": title, "Software": None}
    figure.savefig(buffer, format="png", dpi=_DPI, facecolor=PAPER, metadata=about, pil_kwargs=_FAST)
    return buffer.getvalue()


class _Painting(Artist):
    """All shapes of a canvas, painted in the order in which they were put."""

    def __init__(self, shapes: Sequence[Shape], place: Transform) -> None:
        super().__init__()
        self._shapes = shapes
        self.set_transform(place)
        self._text = Text()

    def draw(self, renderer: RendererBase) -> None:
        """Paint all shapes."""
        place = Affine2D(self.get_transform().get_matrix())  # else it is put together anew for each shape
        for shape in self._shapes:
            if isinstance(shape, PlacedText):
                self._write(renderer, place, shape)
            elif isinstance(shape, Rectangle) and shape.hatched:
                patch = PathPatch(_path(shape), facecolor=PAPER, edgecolor=shape.fill, hatch="////", linewidth=0.8)
                patch.set_transform(place)
                patch.draw(renderer)
            else:
                _fill(renderer, place, shape)
        self.stale = False

    def _write(self, renderer: RendererBase, place: Transform, line: PlacedText) -> None:
        """Paint words from where they begin."""
        words = printable(line.words)
        length = width(words, line.size, line.bold) * _BEFORE[line.anchor]
        x, y = (float(length) for length in place.transform((line.x - length, line.y)))
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        context = renderer.new_gc()
        context.set_foreground(line.colour)
        font = properties(line.size, line.bold)
        renderer.draw_text(context, x, y, words, font, 0, ismath=False, mtext=self._text)
        context.restore()


def _fill(renderer: RendererBase, place: Transform, shape: Rectangle | Polyline | Disc | Ribbon) -> None:
    line, thick = (NONE, 0.0) if isinstance(shape, Ribbon) or shape.line == NONE else (shape.line, shape.thick)
    context = renderer.new_gc()
    if thick:
        context.set_foreground(line)
    context.set_linewidth(thick)
    if isinstance(shape, Polyline) and shape.dashed:
        context.set_dashes(0, [length * thick for length in _DASHES])
    renderer.draw_path(context, _path(shape), place, None if shape.fill == NONE else to_rgba(shape.fill))
    context.restore()


def _path(shape: Rectangle | Polyline | Disc | Ribbon) -> Path:
    match shape:
        case Disc():
            return Path.circle((shape.x, shape.y), shape.radius)
        case Ribbon():
            (x0, upper0, lower0), (x1, upper1, lower1) = shape.left, shape.right
            middle = (x0 + x1) / 2
            way: list[Point] = [
                (x0, upper0), (middle, upper0), (middle, upper1), (x1, upper1),
                (x1, lower1), (middle, lower1), (middle, lower0), (x0, lower0), (x0, upper0),
            ]  # fmt: skip
            return Path(way, [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY])
        case Polyline():
            points = [*shape.points, shape.points[0]] if shape.closed else shape.points
            return Path(points, closed=shape.closed)
        case Rectangle():
            left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
            return Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], closed=True)
