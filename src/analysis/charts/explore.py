"""The plotly figure of a chart as plain data: the same colours, type and order as in print, and exact yuan on hover.

Plotly reads pseudo-HTML in every text that it draws (`<b>`, `<a href>`, `<br>`) and TeX between dollar signs. What
comes from a document goes through `safe` first, so it stays the text that it is. No plotly object is made: building one
costs more than drawing the chart.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any

from analysis.charts.chart import Caption
from analysis.charts.frame_values import yuan
from analysis.charts.theme import MUTED, plotly_layout
from analysis.charts.typography import storable

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
_FOOT, _LINE = 32, 15  # characters of a line below the chart, so that it fits a telephone, and its height
TITLE = 56  # pixels that the title and what stands below it take
HOVER = "%{customdata[0]}<br>%{customdata[1]}<extra></extra>"


def safe(text: str) -> str:
    """Words as text for plotly, which reads markup."""
    return storable(text).translate(_ESCAPES)


def short(text: str, length: int) -> str:
    """Words cut to a number of characters, as text for plotly."""
    return safe(text if len(text) <= length else f"{text[: length - 1]}…")


def exact(amount: Decimal, suspect: bool = False) -> str:
    """An amount as hovering tells it."""
    return f"{yuan(amount)} 元{'（※ 存疑）' if suspect else ''}"


def looks(colour: str | Sequence[str], suspects: Sequence[bool] = ()) -> dict[str, Any]:
    """The marker of bars, hatched where their figures are in doubt."""
    marker: dict[str, Any] = {"color": colour if isinstance(colour, str) else list(colour)}
    if any(suspects):
        marker["pattern"] = {
            "shape": ["/" if suspect else "" for suspect in suspects], "fillmode": "replace", "size": 6, "solidity": 0.4
        }  # fmt: skip
    return marker


def figure(
    caption: Caption,
    data: Sequence[Mapping[str, Any]],
    foot: str,
    height: float,
    layout: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Traces and layout with the chart's title above and its source below; `height` is that of the print in points."""
    base = plotly_layout()
    base["title"] |= {"text": safe(caption.title)}
    base["title"]["subtitle"] = {"text": safe(caption.subtitle), "font": {"size": 12, "color": MUTED}}
    lines, below = _lines(foot), room_below(foot)
    base["height"] = round(height * 4 / 3) + below
    base["margin"]["b"] += below
    source: dict[str, Any] = {
        "name": "source", "text": "<br>".join(lines), "xref": "paper", "yref": "paper", "x": 1, "y": 0,
        "xanchor": "right", "yanchor": "top", "yshift": -28, "align": "right",
        "showarrow": False, "font": {"size": 11, "color": MUTED},
    }  # fmt: skip
    own = dict(layout or {})
    base["annotations"] = [source, *own.pop("annotations", ())]
    if "margin" in own and "b" in own["margin"]:
        own["margin"] = own["margin"] | {"b": own["margin"]["b"] + below}
    for key, look in own.items():
        base[key] = base[key] | look if isinstance(base.get(key), dict) and isinstance(look, dict) else look
    return {"data": [dict(trace) for trace in data], "layout": base}


def room_below(foot: str) -> int:
    """Pixels that the source takes below a chart."""
    return _LINE * len(_lines(foot))


def _lines(foot: str) -> list[str]:
    return [safe(line) for part in foot.split(" · ", 1) for line in wrap(part, _FOOT)]
