"""What a chart is made of: marks at places of its data, each a frozen value that knows neither paper nor screen.

A place on an axis of bands is its number, counted from 0; a place on a measured axis is the value itself. A mark that
stands for a figure has a `Datum`: what pointing at it says, and the exact value. Marks lie over each other in the order
in which a chart has them, words above all.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.charts.frame_values import Value
from analysis.charts.theme import INK

Side = Literal["right", "left", "above", "below", "centre"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Datum:
    """The figure behind a mark: what it is the figure of, and what it amounts to in exact words, line by line."""

    title: str
    words: str
    value: Value | None = None

    @property
    def suspect(self) -> bool:
        """An open error touches the figure."""
        return self.value is not None and self.value.suspect


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar at a place of the bands, from `start` on; `thick` is its part of the band.

    Bars of one `series` belong together: they have one colour, and one entry where a page needs a legend.
    """

    place: float
    start: float
    length: float
    colour: str
    datum: Datum
    words: str = ""
    series: str = ""
    thick: float = 0.62


@dataclass(frozen=True, slots=True)
class BaseLine:
    """The line that lengths start from, at a value."""

    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A small mark at a point, hollow where its figure is in doubt, with words above it."""

    x: float
    y: float
    colour: str
    datum: Datum
    words: str = ""
    series: str = ""
    diamond: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A short line across a bar, at a value of its own."""

    value: float
    place: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line with a dot, or None for a gap, at each place of the bands; a gap breaks it."""

    name: str
    colour: str
    dots: tuple[Dot | None, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line between two points, that may stand for a figure."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    thick: float = 0.9
    dashed: bool = False
    datum: Datum | None = None


@dataclass(frozen=True, slots=True)
class GreyField:
    """A grey field, over the whole plot where a span is None, with the reason why there is no figure.

    `height` says where the words stand: 0 is the upper edge of the field and 1 the lower.
    """

    x: Span | None
    y: Span | None
    words: str = ""
    height: float = 0.5


@dataclass(frozen=True, slots=True)
class Text:
    """Words beside a point; of a `row` of words some are left out where they have no room beside each other."""

    x: float
    y: float
    words: str
    side: Side
    size: float = 9.0
    colour: str = INK
    bold: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True)
class EndName:
    """The name of a line or a part, at the right of the plot and led to from a point."""

    name: str
    colour: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A cell of a field: its level on the drawing's ramp, None where it has none, and its words."""

    column: int
    row: int
    level: float | None
    words: str
    datum: Datum


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a tree: a leaf as large as its amount, or a code above its leaves, which is as large as they are.

    Attributes:
        code: What it is known by; that of a leaf's `parent` is empty where no area lies around it.
        box: Left, top, width and height in points of the sheet.
        size: The amount that is its own; 0 for a code above its leaves.
    """

    code: str
    parent: str
    name: str
    amount: str
    colour: str
    box: tuple[float, float, float, float]
    size: float
    datum: Datum


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A node of a flow: its column, and its upper and lower end in parts of the plot's height."""

    name: str
    amount: str
    colour: str
    column: int
    span: Span
    datum: Datum


@dataclass(frozen=True, slots=True)
class FlowBand:
    """A band from one node to another: its ends at both, in parts of the plot's height."""

    source: str
    target: str
    left: Span
    right: Span
    colour: str
    amount: float
    datum: Datum


Mark = Bar | BaseLine | Dot | Tick | Line | Rule | GreyField | Text | EndName | Tile | Area | FlowNode | FlowBand
