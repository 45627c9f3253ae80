"""The sheet a chart is drawn on: rectangles, lines, outlines and words at points, in the order in which they are put.

Lengths are points from the upper left corner, as on a page and in an svg. A sheet knows no data and no axes; what was
put becomes one matplotlib figure at the end, with one artist that paints all marks. That is what makes a chart cheap:
matplotlib's axes, ticks and text layout, or an artist for each mark, would cost more than all the rest of a report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from analysis.charts.theme import INK, MUTED, PAPER
from analysis.charts.typography import printable, properties, storable, width

POINTS = 72
Anchor = Literal["left", "center", "right"]
Point = tuple[float, float]
_RISE = 0.36  # from the middle of a line of type down to its base line, in ems
_LEADING = 1.3
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}  # of the words that stands before their point
_DASHES = (3.7, 1.6)  # a stroke and a gap, in widths of the line
_BOW = 0.5523  # of the radius: how far a curve is drawn out to be a quarter of a circle


@dataclass(frozen=True, slots=True)
class Shape:
    """A path that is filled, drawn along, or both; the colour "none" leaves out the one or the other."""

    path: Path
    fill: str
    line: str
    thick: float
    dashed: bool = False

    def paint(self, renderer: RendererBase, painting: "Painting") -> None:
        """Paint the path."""
        context = renderer.new_gc()
        thick = 0.0 if self.line == "none" else self.thick
        if thick:
            context.set_foreground(self.line)
        context.set_linewidth(float(renderer.points_to_pixels(thick)))  # type: ignore[arg-type]
        if self.dashed:
            context.set_dashes(0, [length * thick for length in _DASHES])
        fill = None if self.fill == "none" else to_rgba(self.fill)
        renderer.draw_path(context, self.path, painting.place, fill)
        context.restore()


@dataclass(frozen=True, slots=True)
class Hatched:
    """A path that is hatched instead of filled."""

    path: Path
    colour: str

    def paint(self, renderer: RendererBase, painting: "Painting") -> None:
        """Paint the path."""
        patch = PathPatch(self.path, facecolor=PAPER, edgecolor=self.colour, hatch="////", linewidth=0.8)
        patch.set_transform(painting.place)
        patch.draw(renderer)


@dataclass(frozen=True, slots=True)
class Label:
    """One line of words whose base line starts, is centred or ends at a point.

    The width is the type's own, so nothing is laid out before painting; rare characters are left to an svg's reader.
    """

    x: float
    y: float
    words: str
    size: float
    colour: str
    anchor: Anchor
    bold: bool

    def paint(self, renderer: RendererBase, painting: "Painting") -> None:
        """Paint the words: an svg is told their anchor, a picture where they begin."""
        if not self.words:
            return
        text = painting.text
        text.set_position((self.x, self.y))
        text.set_horizontalalignment(self.anchor)
        x, y = (float(place) for place in painting.place.transform((self.x, self.y)))
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        if painting.as_vectors:
            words = storable(self.words)
        else:
            words = printable(self.words)
            length = width(words, self.size, self.bold)
            x -= float(renderer.points_to_pixels(length)) * _BEFORE[self.anchor]  # type: ignore[arg-type]
        context = renderer.new_gc()
        context.set_foreground(self.colour)
        renderer.draw_text(context, x, y, words, properties(self.size, self.bold), 0, ismath=False, mtext=text)
        context.restore()


class Painting(Artist):
    """Everything on a sheet, painted in the order in which it was put."""

    def __init__(self, marks: Sequence[Shape | Hatched | Label], place: Transform) -> None:
        super().__init__()
        self.marks = marks
        self.set_transform(place)
        self.place = place
        self.text = Text()

    @property
    def as_vectors(self) -> bool:
        """Whether what is made is an svg."""
        figure = self.get_figure()
        return figure is not None and isinstance(figure.canvas, FigureCanvasSVG)

    def draw(self, renderer: RendererBase) -> None:
        """Paint all marks."""
        self.place = Affine2D(self.get_transform().get_matrix())  # else it is put together anew for each mark
        self.text.set_transform(self.place)
        for mark in self.marks:
            mark.paint(renderer, self)
        self.stale = False


class Sheet:
    """A sheet `width` points wide and `height` points high."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._marks: list[Shape | Hatched | Label] = []

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, line: str = PAPER, thick: float = 0.6
    ) -> None:
        """A filled rectangle with its upper left corner at a point."""
        self.outline([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill, line, thick)

    def outline(self, corners: Sequence[Point], fill: str, line: str = PAPER, thick: float = 0.6) -> None:
        """A filled polygon."""
        codes = [Path.MOVETO, *[Path.LINETO] * (len(corners) - 1), Path.CLOSEPOLY]
        self._marks.append(Shape(Path([*corners, corners[0]], codes), fill, line, thick))

    def ribbon(self, left: tuple[float, float, float], right: tuple[float, float, float], fill: str) -> None:
        """A band that leaves `left` (x, upper y, lower y) level and arrives at `right` level."""
        (x0, a0, b0), (x1, a1, b1) = left, right
        middle = (x0 + x1) / 2
        corners = [(x0, a0), (middle, a0), (middle, a1), (x1, a1), (x1, b1), (middle, b1), (middle, b0), (x0, b0)]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        self._marks.append(Shape(Path([*corners, (x0, a0)], codes), fill, "none", 0.0))

    def hatched(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A rectangle hatched instead of filled: its figure is in doubt, or there is none."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        self._marks.append(Hatched(Path(corners, closed=True), colour))

    def line(self, points: Sequence[Point], colour: str, thick: float = 0.8, dashed: bool = False) -> None:
        """A line through points."""
        self._marks.append(Shape(Path(points), "none", colour, thick, dashed))

    def diamond(self, x: float, y: float, size: float, colour: str, hollow: bool = False) -> None:
        """A diamond around a point; hollow where its figure is in doubt."""
        corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
        self.outline(corners, PAPER if hollow else colour, colour if hollow else PAPER, 1.2 if hollow else 0.6)

    def dot(self, x: float, y: float, radius: float, colour: str, hollow: bool = False) -> None:
        """A round mark around a point; hollow where its figure is in doubt."""
        bow = radius * _BOW
        corners = [
            (x + radius, y), (x + radius, y + bow), (x + bow, y + radius), (x, y + radius), (x - bow, y + radius),
            (x - radius, y + bow), (x - radius, y), (x - radius, y - bow), (x - bow, y - radius), (x, y - radius),
            (x + bow, y - radius), (x + radius, y - bow), (x + radius, y), (x + radius, y),
        ]  # fmt: skip
        path = Path(corners, [Path.MOVETO, *[Path.CURVE4] * 12, Path.CLOSEPOLY])
        line = (colour, 1.2) if hollow else (PAPER, 0.8)
        self._marks.append(Shape(path, PAPER if hollow else colour, *line))

    def words(
        self, x: float, y: float, text: str, size: float = 9, colour: str = INK, anchor: Anchor = "left",
        bold: bool = False, middle: bool = True,
    ) -> None:  # fmt: skip
        """Lines of words whose middle (else first base line) stands at the height of a point."""
        lines = text.split("\n")
        if middle:
            y += size * (_RISE - _LEADING * (len(lines) - 1) / 2)
        for number, line in enumerate(lines):
            place = y + number * size * _LEADING
            self._marks.append(Label(x, place, line, size, colour, anchor, bold))

    def band(self, x: float, y: float, width: float, height: float, words: str, fill: str) -> None:
        """A grey field with words, where otherwise a zero would be read."""
        self.rectangle(x, y, width, height, fill, "none")
        self.words(x + width / 2, y + height / 2, words, 8.5, MUTED, "center")

    def figure(self) -> Figure:
        """Everything that was put, as a figure."""
        size = (self.width / POINTS, self.height / POINTS)
        figure = Figure(figsize=size, dpi=POINTS, facecolor=PAPER)
        place = Affine2D().scale(1 / POINTS, -1 / POINTS).translate(0, size[1])
        figure.add_artist(Painting(tuple(self._marks), place + figure.dpi_scale_trans))
        return figure
