"""A chart described once: what stands around it, its axes, and its marks in their order.

Svg, png and plotly's figure are all made from this description by `analysis.charts.rendering`, which knows no chart.
Lengths are points of the printed sheet; what is measured is in units of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.charts.marks import Mark
from analysis.charts.theme import mix

WIDTH = 518.0
EDGE = 10.0
TOP = 62.0
FOOT = 44.0
NOTHING = "没有可画的数字"
DOUBT_WORDS = "※ 存疑（斜线、空心）"


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a drawing.

    Attributes:
        name: What the exported files are called: lower-case letters, digits and hyphens; unique in a report.
        title: What the chart is about.
        subtitle: What is to be known before reading it.
        source: Where the figures come from; the chart adds its unit.
    """

    name: str
    title: str
    subtitle: str
    source: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A measured axis from `low` to `high`; of ratios, which are shown as per cent, or of amounts in the unit."""

    low: float
    high: float
    percent: bool = False

    def part(self, value: float) -> float:
        """How far a value lies along the axis, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def text(self, value: float) -> str:
        """A value as it is written at the axis."""
        return f"{value * 100:,.4g}%" if self.percent else f"{value:,.10g}"


@dataclass(frozen=True, slots=True)
class Bands:
    """An axis of names: from the left, or from above. `notes` stand below the names in smaller type."""

    names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def part(self, value: float) -> float:
        """How far a place lies along the axis, from 0 to 1; whole numbers are the middles of the bands."""
        return (value + 0.5) / max(len(self.names), 1)


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of the sheet where marks have their places.

    Attributes:
        x: The axis to the right.
        y: The axis upwards, where it is measured; else the bands from above.
        left, top, width, height: Where it lies, in points.
        before: Points between the names of the rows and the plot, for words that reach to the left.
    """

    x: Axis | Bands
    y: Axis | Bands
    left: float
    top: float
    width: float
    height: float
    before: float = 0.0

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def step(self) -> float:
        """From one band to the next; upright bands where both axes have some."""
        if isinstance(self.x, Bands):
            return self.width / max(len(self.x.names), 1)
        return self.height / max(len(self.y.names), 1) if isinstance(self.y, Bands) else 0.0

    def x_at(self, value: float) -> float:
        """Where a value or a place of `x` lies on the sheet."""
        return self.left + self.x.part(value) * self.width

    def y_at(self, value: float) -> float:
        """Where a value or a place of `y` lies on the sheet."""
        part = self.y.part(value)
        return self.bottom - part * self.height if isinstance(self.y, Axis) else self.top + part * self.height


@dataclass(frozen=True, slots=True)
class Ramp:
    """From levels to colours: levels that have a colour, in rising order, and a mixture between two of them.

    A ramp in `steps` mixes nothing: a level is the number of its colour.
    """

    stops: tuple[tuple[float, str], ...]
    steps: bool = False

    def colour(self, level: float) -> str:
        """The colour of a level."""
        if self.steps:
            return self.stops[int(level)][1]
        (low, first), (high, last) = next(
            (pair for pair in zip(self.stops, self.stops[1:], strict=False) if level <= pair[1][0]), self.stops[-2:]
        )
        return mix(first, last, (level - low) / (high - low))


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A colour with its name, and the sign that stands on it."""

    name: str
    colour: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The description of a chart.

    Attributes:
        caption: What stands around it.
        height: How high the printed sheet is; it is `WIDTH` wide.
        marks: In the order in which they lie over each other; none says that there is nothing to draw.
        plot: Where they have their places; None for areas, which have boxes.
        unit: What the amounts are counted in; empty where there are none.
        doubt: Some figure is in doubt, so the signs of that are explained.
        stacked: Bars of a place stand on each other; else each starts where it says.
        legend: The colours explained above the plot.
        remark: A remark at the upper right; `remark_mark` says that it explains a diamond.
        ramp: The colours of tiles.
    """

    caption: Caption
    height: float
    marks: tuple[Mark, ...]
    plot: Plot | None = None
    unit: str = ""
    doubt: bool = False
    stacked: bool = False
    legend: Sequence[LegendEntry] = ()
    remark: str = ""
    remark_mark: bool = False
    ramp: Ramp | None = None

    @property
    def notes(self) -> str:
        """The unit, and what the signs of doubt mean."""
        unit = f"单位：{self.unit}" if self.unit else ""
        return " · ".join(part for part in (unit, DOUBT_WORDS if self.doubt else "") if part)

    @property
    def source(self) -> str:
        """The line below: where the figures come from, their unit, and the signs of doubt."""
        return " · ".join(part for part in (self.caption.source, self.notes) if part)
