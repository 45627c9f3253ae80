"""One visual language for everything that is drawn.

A class of the functional classification has the same colour in every chart, report and year: a reader learns it once.
The colours follow Paul Tol's muted scheme for the classes that are common, and stay apart for colour-blind readers; the
rare classes share what is left, because every area is labelled as well and colour is never the only sign. A rise is
orange and a fall is blue: red and green would mean opposite things to readers of different countries.

The type is the one that ships with the package, so a chart looks the same on a machine without Chinese fonts. Its
characters are known: what it lacks is replaced by 〓 before drawing.
"""

from functools import cache
from typing import Any

from matplotlib.colors import to_hex, to_rgb

from analysis.charts.typography import FAMILIES

INK, MUTED, GRID, HOLLOW, PAPER = "#1d2733", "#5c6773", "#e2e6ea", "#eef1f3", "#ffffff"
ON_DARK, ON_LIGHT = "#fefefe", "#000001"  # words on coloured areas: never restyled by a page
LEADER = "#a9b2bb"  # from the end of a line to its name
RISE, FALL = "#c4601d", "#2f6ca8"
EXECUTED, OTHER, TOTAL = "#1d2733", "#b9c0c7", "#59708a"

COOL, WARM = "#1f5a8c", "#b4541a"  # the dark ends of the fields of heat maps
DOT, OUTLIER = "#6d8fb5", "#b4541a"
STATES = {"all": "#3f7d6e", "part": "#e3c565", "none": HOLLOW, "failed": "#b4541a"}

CLASS_COLOURS = {
    "201": "#332288", "202": "#5e4fa2", "203": "#4d4d4d", "204": "#882255", "205": "#ddcc77", "206": "#999933",
    "207": "#aa4499", "208": "#cc6677", "210": "#44aa99", "211": "#a9d18e", "212": "#4477aa", "213": "#117733",
    "214": "#8c6d46", "215": "#7b6fa0", "216": "#e69f00", "217": "#1f78a4", "219": "#b07aa1", "220": "#6b8e23",
    "221": "#88ccee", "222": "#d8b365", "223": "#8073ac", "224": "#d55e00", "227": "#a0a0a0", "229": "#8f8f8f",
    "230": "#a6761d", "231": "#666666", "232": "#777777", "233": "#888888",
}  # fmt: skip

# Organisations beside each other, in the order in which they are named (after Okabe and Ito, darker for lines).
SERIES_COLOURS = ("#0072b2", "#d55e00", "#00826a", "#b0457b", "#8a6d00", "#3a9bd9", "#555555", "#6a3d9a")


def class_colour(code: str | None) -> str:
    """The colour of the class that a functional code belongs to; grey for what has none."""
    return CLASS_COLOURS.get((code or "")[:3], OTHER)


@cache
def text_colour(background: str) -> str:
    """White or black, whichever is easier to read on `background`."""
    return max((ON_DARK, ON_LIGHT), key=lambda ink: contrast(ink, background))


def contrast(first: str, second: str) -> float:
    """How far two colours stand apart, from 1 to 21, as WCAG 2 measures it."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def tint(colour: str, part: float) -> str:
    """A colour mix with paper: `part` of it stays."""
    return mix(PAPER, colour, part)


def mix(first: str, last: str, part: float) -> str:
    """A mixture of two colours: `part` of the last, from 0 to 1."""
    pairs = zip(to_rgb(first), to_rgb(last), strict=True)
    red, green, blue = (one + (other - one) * min(max(part, 0.0), 1.0) for one, other in pairs)
    return to_hex((red, green, blue))


def blend(dark: str, strength: float) -> str:
    """The colour of a field: from a trace of `dark` at 0 to all of it at 1."""
    return tint(dark, 0.07 + 0.93 * min(max(strength, 0.0), 1.0))


def plotly_layout() -> dict[str, Any]:
    """The look of what is explored, for a plotly figure's layout: transparent, with the same type and colours."""
    axis = {
        "gridcolor": GRID, "zerolinecolor": INK, "zerolinewidth": 1, "linecolor": GRID, "automargin": True,
        "tickfont": {"color": MUTED, "size": 12}, "ticks": "", "tickformat": ",.10~g",
    }  # fmt: skip
    return {
        "font": {"family": ", ".join(FAMILIES), "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "title": {"x": 0.01, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 14}, "font": {"size": 17}},
        "margin": {"l": 64, "r": 24, "t": 76, "b": 30},
        "hoverlabel": {"align": "left", "font": {"family": ", ".join(FAMILIES)}},
        "separators": ".,",
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }
