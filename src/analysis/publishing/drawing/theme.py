"""One visual language for everything that is drawn.

A class of the functional classification has the same colour in every chart, report and year: a reader learns it once.
The colours follow Paul Tol's muted scheme for the classes that are common, and stay apart for colour-blind readers; the
rare classes share what is left, because every area is labelled as well and colour is never the only sign. A rise is
orange and a fall is blue: red and green would mean opposite things to readers of different countries.

The type is the one that ships with the package, so a chart looks the same on a machine without Chinese fonts. Its
characters are known: what it lacks is replaced by 〓 before drawing. `style` is a context; nothing global is changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.colors import to_rgb
from matplotlib.ft2font import FT2Font

FAMILY = "Workbench SC"
INK, MUTED, GRID, PAPER = "#1d2733", "#5c6773", "#e2e6ea", "#ffffff"
BASIC, PROJECT = "#4477aa", "#ddaa33"
RISE, FALL = "#c4601d", "#2f6ca8"
EXECUTED, OTHER = "#1d2733", "#b9c0c7"
MISSING_GLYPH = "〓"

CLASS_COLOURS = {
    "201": "#332288", "202": "#5e4fa2", "203": "#4d4d4d", "204": "#882255", "205": "#ddcc77", "206": "#999933",
    "207": "#aa4499", "208": "#cc6677", "210": "#44aa99", "211": "#66a61e", "212": "#4477aa", "213": "#117733",
    "214": "#8c6d46", "215": "#7b6fa0", "216": "#e69f00", "217": "#1f78a4", "219": "#b07aa1", "220": "#6b8e23",
    "221": "#88ccee", "222": "#d8b365", "223": "#8073ac", "224": "#d55e00", "227": "#a0a0a0", "229": "#8f8f8f",
    "230": "#a6761d", "231": "#666666", "232": "#777777", "233": "#888888",
}  # fmt: skip

THREE_PUBLIC_COLOURS = {
    "overseas_visits": "#88ccee",
    "receptions": "#cc6677",
    "vehicle_purchase": "#ddaa33",
    "vehicle_operation": "#4477aa",
}


def class_colour(code: str | None) -> str:
    """The colour of the class that a functional code belongs to; grey for what has none."""
    return CLASS_COLOURS.get((code or "")[:3], OTHER)


def text_colour(background: str) -> str:
    """White or ink, whichever is easier to read on `background`."""
    red, green, blue = to_rgb(background)
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < 0.6 else INK


@cache
def _characters() -> frozenset[int]:
    folder = files("analysis.publishing") / "assets" / "fonts"
    codes: set[int] | None = None
    for weight in ("Regular", "Bold"):
        with as_file(folder / f"WorkbenchSC-{weight}.ttf") as path:
            font_manager.fontManager.addfont(str(path))
            known = set(FT2Font(str(path)).get_charmap())
        codes = known if codes is None else codes & known
    return frozenset(codes or ())


def printable(text: str) -> str:
    """`text` with every character that the chart's type lacks replaced by 〓."""
    known = _characters()
    return "".join(sign if ord(sign) in known or sign == "\n" else MISSING_GLYPH for sign in text)


@contextmanager
def style() -> Iterator[None]:
    """The project's matplotlib settings, for the time of the context; both building and saving a figure need it."""
    _characters()
    settings: dict[Any, Any] = {
        "font.family": [FAMILY],
        "font.size": 10,
        "text.parse_math": False,
        "text.color": INK,
        "axes.unicode_minus": False,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": MUTED,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "xtick.color": INK,
        "ytick.color": MUTED,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "figure.facecolor": PAPER,
        "axes.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "svg.fonttype": "none",
        "svg.hashsalt": "budget-workbench",
    }
    with rc_context(settings):
        yield
