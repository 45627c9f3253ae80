"""What print writes at its marks, written by plotly: amounts in and at the end of bars, names beside what they name.

Room for words is counted in pixels and lies in the margins, for a page may be as narrow as a telephone and plotly moves
nothing out of the way. Words of print in points are plotly's words in pixels times 4/3, so both cut the same names.
"""

from collections.abc import Sequence
from typing import Any

from analysis.charts.explore import safe
from analysis.charts.scales import Named, Panel, spread
from analysis.charts.theme import INK, MUTED
from analysis.charts.typography import cut, width

PIXELS = 4 / 3  # of a point
BESIDE = "beside"  # annotations that a narrow page replaces by a legend
UNIFORM = {"minsize": 11, "mode": "hide"}  # of words in areas: all of one size, none where there is no room
_NAME_ROOM = 124.0
_APART = 16.0


def inside(words: Sequence[str], colours: str | Sequence[str]) -> dict[str, Any]:
    """The looks of bars with words in them, where they have room; `UNIFORM` belongs into the layout."""
    ink = colours if isinstance(colours, str) else next(iter(colours)) if len(set(colours)) == 1 else list(colours)
    return {
        "text": list(words), "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
        "textfont": {"size": 11, "color": ink},
    }  # fmt: skip


def at_points(
    x: Sequence[float | str], y: Sequence[float], words: Sequence[str], position: str | list[str], size: float = 12,
    colour: str | list[str] = INK, bold: bool | Sequence[bool] = False,
) -> dict[str, Any]:  # fmt: skip
    """Words near points, which hovering passes over; they may reach into the margins.

    A mark that is not seen keeps words that stand beside their point at a distance from it.
    """
    font: dict[str, Any] = {"size": size, "color": colour}
    if bold is True:
        font["weight"] = "bold"
    elif bold:
        font["weight"] = ["bold" if one else "normal" for one in bold]
    beside = position if isinstance(position, str) else position[0] if position else ""
    apart: dict[str, Any] = {"mode": "text"}
    if beside.startswith("middle") and not beside.endswith("center"):
        apart = {"mode": "markers+text", "marker": {"size": 8, "opacity": 0}}
    return apart | {
        "type": "scatter", "x": list(x), "y": list(y), "text": list(words), "textposition": position,
        "textfont": font, "hoverinfo": "skip", "showlegend": False, "cliponaxis": False,
    }  # fmt: skip


def room(words: Sequence[str], size: float = 9.0, spare: float = 14.0, bold: bool = False) -> int:
    """Pixels for words of a size in points, and some more."""
    return round(max((width(one, size, bold) for one in words), default=0.0) * PIXELS + spare)


def panel_of(height: float, low: float, high: float, around: float = 106.0) -> Panel:
    """The plot of a chart that is `height` points high in print, in pixels."""
    return Panel(0, 0, 1, max(height * PIXELS - around, 60.0), low, high)


def beside(names: Sequence[Named], panel: Panel, starts: Sequence[float], edge: float) -> list[dict[str, Any]]:
    """Names right of the plot, each led to from its own place; heights are those of `panel`."""

    def value(height: float) -> float:
        return panel.low + (panel.bottom - height) / panel.height * (panel.high - panel.low)

    heights = spread([named.height for named in names], _APART, panel.bottom)
    return [
        {
            "name": BESIDE, "text": safe(cut(named.name, _NAME_ROOM, 9)), "x": start, "y": value(named.height),
            "axref": "x", "ayref": "y", "ax": edge, "ay": value(height), "xanchor": "left", "showarrow": True,
            "arrowhead": 0, "arrowwidth": 1, "arrowcolor": named.colour, "font": {"size": 12, "color": INK},
        }
        for named, height, start in zip(names, heights, starts, strict=True)
    ]  # fmt: skip


def names_room(names: Sequence[Named]) -> int:
    """The margin that the names beside a plot need."""
    return room([cut(named.name, _NAME_ROOM, 9) for named in names])


def above(words: str) -> dict[str, Any]:
    """A remark at the upper right corner of the plot."""
    return {
        "name": BESIDE, "text": words, "xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right",
        "yanchor": "bottom", "showarrow": False, "font": {"size": 11, "color": MUTED},
    }  # fmt: skip
