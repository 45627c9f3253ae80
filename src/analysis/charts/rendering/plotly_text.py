"""Words as plotly takes them.

Plotly reads pseudo-HTML in every text that it draws (`<b>`, `<a href>`, `<br>`) and TeX between dollar signs. What
comes from a document goes through `safe` first, so it stays the text that it is.
"""

from collections.abc import Sequence
from textwrap import wrap

from analysis.charts.marks import Datum
from analysis.charts.typography import storable, width

PIXELS = 4 / 3  # of a point
BESIDE = "beside"  # annotations that a narrow page replaces by a legend
HOVER = "%{customdata[0]}<br>%{customdata[1]}<extra></extra>"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
_LINE = 32  # characters of a line below the chart, so that it fits a telephone


def safe(text: str) -> str:
    """Words as text for plotly, which reads markup."""
    return storable(text).translate(_ESCAPES)


def short(text: str, length: int = 14) -> str:
    """Words cut to a number of characters, as text for plotly."""
    return safe(text if len(text) <= length else f"{text[: length - 1]}…")


def hover(datum: Datum) -> list[str]:
    """What pointing at a figure says, for `HOVER`, and last the line item that it is, where it is one."""
    place = [datum.value.place] if datum.value is not None and datum.value.place else []
    return [safe(datum.title), "<br>".join(safe(line) for line in datum.words.split("\n")), *place]


def room(words: Sequence[str], size: float = 9.0, spare: float = 14.0) -> int:
    """Pixels for words of a size in points, and some more."""
    return round(max((width(one, size) for one in words), default=0.0) * PIXELS + spare)


def type_size(points: float) -> int:
    """A size of type in pixels."""
    return round(points * PIXELS)


def source_lines(source: str) -> list[str]:
    """The line below a chart, broken so that it fits a telephone."""
    return [safe(line) for part in source.split(" · ", 1) for line in wrap(part, _LINE)]
