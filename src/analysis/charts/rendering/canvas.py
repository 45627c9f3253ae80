"""The canvas a chart is printed on: shapes and lines of words in points, in the order in which they are put.

Lengths are points from the upper left corner, as on a page and in an svg. A canvas knows no data and no axes; `svg` and
`png` make a file of what was put.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.charts.theme import INK, PAPER

Anchor = Literal["left", "center", "right"]
Point = tuple[float, float]
NONE = "none"  # the colour of what is not filled, or has no line
_RISE = 0.36  # from the middle of a line of type down to its base line, in ems
_LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle that is filled, or hatched where its figure is in doubt."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    line: str
    thick: float
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through points; a closed one is an area."""

    points: tuple[Point, ...]
    fill: str
    line: str
    thick: float
    dashed: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A round area around a point."""

    x: float
    y: float
    radius: float
    fill: str
    line: str
    thick: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A band that leaves `left` (x, upper y, lower y) level and arrives at `right` level."""

    left: tuple[float, float, float]
    right: tuple[float, float, float]
    fill: str


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One line of words whose base line starts, is centred or ends at a point."""

    x: float
    y: float
    words: str
    size: float
    colour: str
    anchor: Anchor
    bold: bool


Shape = Rectangle | Polyline | Disc | Ribbon | PlacedText


class Canvas:
    """A canvas `width` points wide and `height` points high."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes: list[Shape] = []

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, line: str = PAPER, thick: float = 0.6
    ) -> None:
        """A filled rectangle with its upper left corner at a point."""
        self.shapes.append(Rectangle(x, y, width, height, fill, line, thick))

    def hatched(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A rectangle hatched instead of filled: its figure is in doubt."""
        self.shapes.append(Rectangle(x, y, width, height, colour, colour, 0.8, hatched=True))

    def ribbon(self, left: tuple[float, float, float], right: tuple[float, float, float], fill: str) -> None:
        """A band that leaves `left` (x, upper y, lower y) level and arrives at `right` level."""
        self.shapes.append(Ribbon(left, right, fill))

    def line(self, points: Sequence[Point], colour: str, thick: float = 0.8, dashed: bool = False) -> None:
        """A line through points."""
        self.shapes.append(Polyline(tuple(points), NONE, colour, thick, dashed))

    def diamond(self, x: float, y: float, size: float, colour: str, hollow: bool = False) -> None:
        """A diamond around a point; hollow where its figure is in doubt."""
        corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        fill, line, thick = (PAPER, colour, 1.2) if hollow else (colour, PAPER, 0.6)
        self.shapes.append(Polyline(corners, fill, line, thick, closed=True))

    def dot(self, x: float, y: float, radius: float, colour: str, hollow: bool = False) -> None:
        """A round mark around a point; hollow where its figure is in doubt."""
        fill, line, thick = (PAPER, colour, 1.2) if hollow else (colour, PAPER, 0.8)
        self.shapes.append(Disc(x, y, radius, fill, line, thick))

    def words(
        self, x: float, y: float, text: str, size: float = 9, colour: str = INK, anchor: Anchor = "left",
        bold: bool = False, middle: bool = True,
    ) -> None:  # fmt: skip
        """Lines of words whose middle (else first base line) stands at the height of a point."""
        lines = text.split("\n")
        if middle:
            y += size * (_RISE - _LEADING * (len(lines) - 1) / 2)
        self.shapes += [
            PlacedText(x, y + number * size * _LEADING, line, size, colour, anchor, bold)
            for number, line in enumerate(lines)
            if line
        ]
