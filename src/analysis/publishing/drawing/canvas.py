"""The sheet that every chart is drawn on: a title, what it shows, the drawing, and below it the source and the unit.

A `Chart` is a figure with its text alternative and its numbers. It shows itself in a notebook as svg, and as a plotly
figure where it has one, so nothing depends on the kernel's plotting backend or plotly's renderer; what it says in words
and numbers goes along as metadata of the output, for the page to show. Figures are made without pyplot, so none is left
behind.
"""

import base64
import io
import json
import os
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from plotly.graph_objects import Figure as PlotlyFigure

from analysis.publishing.drawing.theme import GRID, INK, MUTED, printable, style
from analysis.publishing.tables import Table

PLOTLY = "application/vnd.plotly.v1+json"
METADATA = "workbench"
PICTURES = "WORKBENCH_PICTURES"
WIDTH = 7.2
_DPI = 200
_TOP, _BOTTOM = 0.82, 0.62


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


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A drawn figure with what it says in words and in numbers.

    Attributes:
        name: What its exported files are called: lower-case letters, digits and hyphens.
        title: What the chart is about.
        alternative: What it shows, in sentences, for those who cannot see it.
        figures: The figures drawn, exact to the fen in yuan.
        printed: The figure as it is printed.
        explored: The same figures to point at and to zoom into, in yuan on hover; None where print says it all.
    """

    name: str
    title: str
    alternative: str
    figures: Table
    printed: Figure
    explored: PlotlyFigure | None = None

    def image(self, form: str = "svg") -> bytes:
        """The printed chart as a file's content, the same bytes for the same data; `form` is "svg" or "png".

        The text of an svg stays text, so it can be searched, restyled and read aloud; a png carries its own type.
        """
        buffer = io.BytesIO()
        metadata: dict[str, Any] = {"Title": self.title}
        if form == "svg":
            metadata |= dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with style():
            self.printed.savefig(buffer, format=form, dpi=_DPI, metadata=metadata)
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"image/svg+xml": self.image().decode(), "text/plain": self.alternative}
        if self.explored is not None:
            data[PLOTLY] = json.loads(self.explored.to_json())
        if os.environ.get(PICTURES) == "png":
            data["image/png"] = base64.b64encode(self.image("png")).decode("ascii")
        columns = [[column.heading, column.number] for column in self.figures.columns]
        figures = {"caption": self.figures.caption, "columns": columns, "rows": self.figures.texts}
        told = {"name": self.name, "title": self.title, "alternative": self.alternative, "figures": figures}
        return data, {METADATA: told}


def sheet(
    title: str, subtitle: str, foot: str, height: float, left: float = 0.75, right: float = 0.2
) -> tuple[Figure, Axes]:
    """A new sheet and its axes; lengths are inches, `height` is that of the whole sheet.

    Must be called within `theme.style()`.
    """
    figure = Figure(figsize=(WIDTH, height))
    edge = 0.14 / WIDTH
    figure.text(edge, 1 - 0.13 / height, printable(title), fontsize=13, fontweight="bold", va="top")
    figure.text(edge, 1 - 0.44 / height, printable(subtitle), fontsize=9, color=MUTED, va="top")
    figure.text(edge, 0.1 / height, printable(foot), fontsize=8, color=MUTED, va="bottom")
    box = (left / WIDTH, _BOTTOM / height, 1 - (left + right) / WIDTH, 1 - (_TOP + _BOTTOM) / height)
    return figure, figure.add_axes(box)


def money_axis(axes: Axes, horizontal: bool = False) -> None:
    """Few ticks with thousands separators and light grid lines, on the axis that carries amounts."""
    axis = axes.xaxis if horizontal else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.grid(True)
    axis.set_tick_params(labelsize=8.5, labelcolor=MUTED)
    if horizontal:
        axes.spines["bottom"].set_visible(False)
    base = axes.axvline if horizontal else axes.axhline
    base(0, color=INK, linewidth=0.9, zorder=3)


def mark_gap(axes: Axes, position: float, height: float, words: str) -> None:
    """Say at a year's place that there is no document, where otherwise a zero would be read."""
    axes.axvspan(position - 0.36, position + 0.36, color=GRID, alpha=0.45, linewidth=0, zorder=0)
    axes.text(position, height, printable(words), ha="center", va="center", fontsize=8.5, color=MUTED, linespacing=1.4)


def spread(positions: list[float], distance: float, limit: float) -> list[float]:
    """Move labels apart so that none is nearer than `distance` to the next; order is kept.

    Labels move up from the lowest; those pushed over `limit` come down again and push the ones below them.
    """
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    result = list(positions)
    for below, index in pairwise(order):
        result[index] = max(result[index], result[below] + distance)
    ceiling = limit
    for index in reversed(order):
        result[index] = min(result[index], ceiling)
        ceiling = result[index] - distance
    return result
