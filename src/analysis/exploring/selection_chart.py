"""A selection as a plotly figure to point at: a line a row of the table, hollow marks where suspect, gaps as gaps.

A plain dictionary, as the notebook's front end takes it. Text that comes from a document is escaped, because plotly
reads a little markup in texts. Codes of one functional class share its colour and differ by their dashes; other rows
take colours in turn. Amounts become floats here, for drawing; the hover has them exact.
"""

from collections.abc import Mapping, Sequence
from html import escape as escape_markup
from typing import Any

import polars as pl

from analysis.charts.rendering.plotly_config import plotly_config
from analysis.charts.theme import GRID, INK, MUTED, PAPER, class_colour
from analysis.charts.typography import FAMILY
from analysis.display.amounts import Scale, scale_of
from analysis.display.tables import SUSPECT_WORDS

MOST = 8
GAP_WORDS = "没有数字"
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_IN_TURN = ("#4477aa", "#cc6677", "#117733", "#ddaa33", "#882255", "#44aa99", "#999933", "#332288")
_SHOWN = 16
_HEIGHT = 440


def lines(figures: pl.DataFrame, years: Sequence[int], title: str, subtitle: str) -> dict[str, Any]:
    """The figure.

    Args:
        figures: `Selection.figures`; the first `MOST` rows of the table are drawn.
        years: The years of the axis.
        title: The heading.
        subtitle: What is to be known before reading.
    """
    keys = figures["key"].unique(maintain_order=True).head(MOST).to_list()
    drawn = figures.filter(pl.col("key").is_in(keys))
    scale = scale_of(drawn["amount"].to_list())
    rows = {(row["key"], row["fiscal_year"]): row for row in drawn.iter_rows(named=True)}
    data = []
    for number, key in enumerate(keys):
        line = [rows.get((key, year)) for year in years]
        first = next(row for row in line if row)
        data.append(_line(first, line, years, scale, _look(keys, number, first["scheme"])))
    silent = [year for year in years if not any((key, year) in rows for key in keys)]
    return {
        "data": data,
        "config": plotly_config(title) | {"modeBarButtons": [["toImage", "zoom2d", "resetScale2d"]]},
        "layout": _layout(years, silent, f"{_text(title)}<br>{_small(f'单位：{scale.name}；{subtitle}')}"),
    }


def _line(
    first: Mapping[str, Any], line: Sequence[Mapping[str, Any] | None], years: Sequence[int], scale: Scale, look: Any
) -> dict[str, Any]:
    colour, dash = look
    label = first["name"] if first["key"] in first["name"] else f"{first['key']} {first['name']}"
    short = label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": _text(short),
        "x": list(years),
        "y": [scale.value(row["amount"]) if row else None for row in line],
        "customdata": [_hover(label, row) for row in line],
        "hovertemplate": "%{customdata[0]}<br>%{x} 年：<b>%{customdata[1]} 元</b><br>%{customdata[2]}<extra></extra>",
        "connectgaps": False,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {
            "color": colour,
            "size": 9,
            "symbol": ["circle-open" if row and row["suspect"] else "circle" for row in line],
            "line": {"color": colour, "width": 2},
        },
    }


def _hover(label: str, row: Mapping[str, Any] | None) -> list[str]:
    if row is None:
        return [_text(label), "", ""]
    where = row["source_file"] + (f" 第 {row['page']} 页" if row["page"] is not None else "")
    doubt = f"<br>※ {SUSPECT_WORDS}" if row["suspect"] else ""
    return [_text(label), f"{row['amount']:,}", _text(where) + doubt]


def _look(keys: Sequence[str], number: int, scheme: str | None) -> tuple[str, str]:
    if scheme != "functional":
        return _IN_TURN[number % len(_IN_TURN)], "solid"
    before = sum(key[:3] == keys[number][:3] for key in keys[:number])
    return class_colour(keys[number]), _DASHES[before % len(_DASHES)]


def _text(text: str) -> str:
    """Text as plotly reads it: it knows entities, but not that of a quotation mark."""
    return escape_markup(text, quote=False)


def _small(text: str) -> str:
    return f'<span style="font-size:12px;color:{MUTED}">{_text(text)}</span>'


def _layout(years: Sequence[int], silent: Sequence[int], title: str) -> dict[str, Any]:
    axis = {"gridcolor": GRID, "zerolinecolor": INK, "automargin": True, "tickfont": {"color": MUTED}}
    return {
        "height": _HEIGHT,
        "font": {"family": f"{FAMILY}, sans-serif", "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "separators": ".,",
        "title": {"text": title, "x": 0.01, "xanchor": "left", "y": 0.97, "yanchor": "top", "font": {"size": 16}},
        "margin": {"l": 64, "r": 24, "t": 76, "b": 40},
        "showlegend": True,
        "legend": {"font": {"size": 12}},
        "hoverlabel": {"align": "left"},
        "xaxis": {**axis, "tickvals": list(years), "showgrid": False, "range": [years[0] - 0.5, years[-1] + 0.5]},
        "yaxis": {**axis, "rangemode": "tozero", "tickformat": ",.10~g"},
        "shapes": [
            {"type": "rect", "xref": "x", "yref": "paper", "x0": year - 0.4, "x1": year + 0.4, "y0": 0, "y1": 1,
             "fillcolor": GRID, "opacity": 0.45, "layer": "below", "line": {"width": 0}}
            for year in silent
        ],
        "annotations": [
            {"x": year, "xref": "x", "y": 0.5, "yref": "paper", "text": GAP_WORDS, "showarrow": False,
             "font": {"color": MUTED, "size": 12}}
            for year in silent
        ],
    }  # fmt: skip
