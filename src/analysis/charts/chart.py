"""What a chart is: a drawing, shown in print and to explore, with the same in words and in numbers.

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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.charts.drawing import NOTHING, Caption, Drawing
from analysis.charts.rendering.plotly_config import plotly_config
from analysis.charts.rendering.plotly_figure import TITLE, plotly_figure, room_below
from analysis.charts.rendering.png import write_png
from analysis.charts.rendering.sheet import print_drawing
from analysis.charts.rendering.svg import write_svg
from analysis.display.tables import Table, TableCell

PLOTLY = "application/vnd.plotly.v1+json"
METADATA = "workbench"
PICTURES = "WORKBENCH_PICTURES"  # the variable of the environment that asks for a picture too: "png"
_EMPTY = 150.0
_SOURCE = "来源："


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A drawing with what it says in words and in numbers.

    Attributes:
        drawing: What is drawn, and what stands around it.
        alternative: What it shows, in sentences, for those who cannot see it.
        figures: The figures drawn, exact to the fen in yuan.
    """

    drawing: Drawing
    alternative: str
    figures: Table

    @property
    def name(self) -> str:
        """What its exported files are called: lower-case letters, digits and hyphens."""
        return self.drawing.caption.name

    @property
    def title(self) -> str:
        """What the chart is about."""
        return self.drawing.caption.title

    @property
    def explored(self) -> dict[str, Any] | None:
        """The drawing as a plotly figure, to point at and to zoom into; None where there is nothing to draw."""
        return plotly_figure(self.drawing) if self.drawing.marks else None

    def image(self, form: str = "svg") -> bytes:
        """The printed chart as a file's content, the same bytes for the same data; `form` is "svg" or "png".

        The text of an svg stays text, so it can be searched, restyled and read aloud; a png carries its own type.
        """
        canvas = print_drawing(self.drawing)
        return write_svg(canvas, self.name, self.title).encode() if form == "svg" else write_png(canvas, self.title)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"image/svg+xml": self.image().decode(), "text/plain": self.alternative}
        if (explored := self.explored) is not None:
            source = self.drawing.caption.source.removeprefix(_SOURCE).partition(" ")[0]
            data[PLOTLY] = {**explored, "config": plotly_config(f"{source} {self.title}")}
        if os.environ.get(PICTURES) == "png":
            data["image/png"] = base64.b64encode(self.image("png")).decode("ascii")
        columns = [[column.heading, column.number] for column in self.figures.columns]
        rows = [[_plain(cell) for cell in row] for row in self.figures.rows]
        return data, {METADATA: {
            "name": self.name, "title": self.title, "subtitle": self.drawing.caption.subtitle,
            "source": self.drawing.source, "around": [TITLE, room_below(self.drawing)], "alternative": self.alternative,
            "figures": {"caption": self.figures.caption, "columns": columns, "rows": rows},
        }}  # fmt: skip


def make_chart(drawing: Drawing, sentences: Sequence[str], figures: Table) -> Chart:
    """The chart of a drawing, what it says, and its figures."""
    title = drawing.caption.title
    return Chart(drawing, f"{title}：{'；'.join(sentences)}。" if sentences else f"{title}。", figures)


def empty_chart(caption: Caption, figures: Table) -> Chart:
    """A chart that says that its frame holds nothing to draw.

    A hole in a report would be read as a fault, and a zero as a figure.
    """
    return make_chart(Drawing(caption, _EMPTY, ()), [NOTHING], figures)


def _plain(cell: str | TableCell) -> str | dict[str, Any]:
    if isinstance(cell, str):
        return cell
    return {"text": cell.text, "place": cell.place, "note": cell.note, "suspect": cell.suspect}
