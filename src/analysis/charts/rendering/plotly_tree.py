"""The areas of a tree as plotly's treemap, in which a click on a head makes what is below it large."""

from collections.abc import Sequence
from typing import Any

from analysis.charts.drawing import Drawing
from analysis.charts.marks import Area
from analysis.charts.rendering.area_words import page_lines
from analysis.charts.rendering.plotly_text import hover, safe
from analysis.charts.theme import INK, PAPER, text_colour

_INDENT = "\u00a0\u00a0"


def tree_trace(_: Drawing, areas: Sequence[Area]) -> dict[str, Any]:
    """The treemap."""
    return {
        "type": "treemap", "ids": [area.code for area in areas], "parents": [area.parent for area in areas],
        "labels": [_label(area) for area in areas],
        "values": [area.size for area in areas], "branchvalues": "remainder", "marker": {
            "colors": [area.colour for area in areas], "line": {"width": 1, "color": PAPER},
            "pad": {"t": 23, "l": 0, "r": 0, "b": 0},
        },
        "tiling": {"pad": 0, "squarifyratio": 1}, "pathbar": {"visible": False}, "root": {"color": "rgba(0,0,0,0)"},
        "customdata": [hover(area.datum) for area in areas], "textinfo": "label",
        "textfont": {"size": 11, "color": [text_colour(area.colour) for area in areas]}, "sort": True,
        "outsidetextfont": {"color": INK},  # of the root, for which plotly would take a size for a colour
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>占上级 %{percentParent:.2%}<extra></extra>",
    }  # fmt: skip


def _label(area: Area) -> str:
    """What stands in an area; a head begins a little right of its edge, to which plotly sets its words."""
    words = "<br>".join(safe(line) for line in page_lines(area))
    return words if area.size or not words else f"{_INDENT}{words}"
