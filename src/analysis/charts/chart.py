"""What a chart is: a printed figure, the same to explore, and the same in words and in numbers.

A `Chart` shows itself in a notebook as svg, and as a plotly figure where it has one, so nothing depends on the kernel's
plotting backend or plotly's renderer; what it says in words and numbers goes along as metadata of the output, for the
page to show.

The svg has no background and is made to stand in a page, light or dark. Its root has the class `chart`; what is drawn
in a colour that belongs to the paper and not to the data has a class by which a page's stylesheet may change it, while
every other program sees the colour itself, for it is an attribute and no style:

    .fill-ink .stroke-ink          words, base lines         #1d2733
    .fill-muted .stroke-muted      lesser words              #5c6773
    .fill-grid .stroke-grid        grid lines                #e2e6ea
    .fill-hollow .stroke-hollow    fields without a figure   #eef1f3
    .fill-paper .stroke-paper      gaps between areas        #ffffff

so that `svg.chart .fill-ink { fill: var(--ink) }` is all a dark page needs. Words on coloured areas keep their colour.
The plotly figure has a transparent background; a page changes its `font.color`, and the `gridcolor`, `zerolinecolor`
and `tickfont` of its axes, all of which have the values above.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.charts.rendering.canvas import Canvas
from analysis.charts.rendering.png import write_png
from analysis.charts.rendering.svg import write_svg
from analysis.display.tables import Cell, Table

PLOTLY = "application/vnd.plotly.v1+json"
METADATA = "workbench"
PICTURES = "WORKBENCH_PICTURES"  # the variable of the environment that asks for a picture too: "png"


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
        printed: What is printed.
        explored: The same as a plotly figure, to point at and to zoom into; None where print says it all.
        subtitle: What is to be known before reading it.
        source: The line below it: where the figures come from, and their unit.
        around: Pixels that title and source take above and below the plotly figure, for those who set them themselves.
    """

    name: str
    title: str
    alternative: str
    figures: Table
    printed: Canvas
    explored: Mapping[str, Any] | None = None
    subtitle: str = ""
    source: str = ""
    around: tuple[int, int] = (0, 0)

    def image(self, form: str = "svg") -> bytes:
        """The printed chart as a file's content, the same bytes for the same data; `form` is "svg" or "png".

        The text of an svg stays text, so it can be searched, restyled and read aloud; a png carries its own type.
        """
        if form == "svg":
            return write_svg(self.printed, self.name, self.title).encode()
        return write_png(self.printed, self.title)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"image/svg+xml": self.image().decode(), "text/plain": self.alternative}
        if self.explored is not None:
            data[PLOTLY] = self.explored
        if os.environ.get(PICTURES) == "png":
            data["image/png"] = base64.b64encode(self.image("png")).decode("ascii")
        columns = [[column.heading, column.number] for column in self.figures.columns]
        rows = [[_told(cell) for cell in row] for row in self.figures.rows]
        figures = {"caption": self.figures.caption, "columns": columns, "rows": rows}
        told = {
            "name": self.name, "title": self.title, "subtitle": self.subtitle, "source": self.source,
            "around": list(self.around), "alternative": self.alternative, "figures": figures,
        }  # fmt: skip
        return data, {METADATA: told}


def _told(cell: str | Cell) -> str | dict[str, Any]:
    if isinstance(cell, str):
        return cell
    return {"text": cell.text, "place": cell.place, "note": cell.note, "suspect": cell.suspect}
