"""Bars of parts over years as plotly draws them: the same words in, above and beside them as in print.

Years are places on a number line, so what was executed stands beside its bar, and a year without a figure is a grey
band with words.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any

from analysis.charts.columns import Columns, Part
from analysis.charts.explore import HOVER, exact, looks, safe, short
from analysis.charts.frame_values import Value
from analysis.charts.labels import UNIFORM, at_points, beside, inside, names_room
from analysis.charts.scales import Named, Panel
from analysis.charts.theme import EXECUTED, INK, MUTED, text_colour
from analysis.charts.typography import width
from analysis.display.amounts import Scale

SHIFT, BESIDE_BAR = 0.07, 0.37  # of a year's place: the bar moves left where a mark stands at its right
_MOST_YEARS = 10
_NARROW = 210.0  # points: the plot of a telephone


def half_bar(columns: Columns) -> float:
    """Half the width of a bar, of a year's place: one or two bars are no walls."""
    return min(0.3, 0.1 * len(columns.years))


def traces(
    columns: Columns, length: Callable[[Part, int], Any], told: Callable[[Part, int], str],
    text: Callable[[Part, int], str], shift: float = 0.0,
) -> list[dict[str, Any]]:  # fmt: skip
    """The bars from the base up, with words in them."""
    result = []
    for part in columns.parts:
        years = [year for year in columns.years if year in part.values]
        suspects = [part.values[year].suspect for year in years]
        ink = text_colour(part.colour)
        result.append({
            "type": "bar", "name": short(part.name, 14), "x": [columns.years.index(year) - shift for year in years],
            "y": [length(part, year) for year in years], "hovertemplate": HOVER,
            "customdata": [[f"{year}年 {safe(part.name)}", told(part, year)] for year in years],
            "marker": looks(part.colour, suspects),
            **inside(
                [text(part, year) + part.values[year].sign for year in years],
                [INK if suspect else ink for suspect in suspects] or ink,
            ),
        })  # fmt: skip
    return result


def totals(columns: Columns, words: Mapping[int, str], heights: Mapping[int, float], shift: float) -> dict[str, Any]:
    """The totals above the bars, bold; every second or third where they are many."""
    longest = max((width(one, 9.5, True) for one in words.values()), default=0.0)
    step = _NARROW / max(len(columns.years), 1)
    size = 13 if longest < step else 11
    every = max(1, ceil(longest / (2 * step)))
    years = [year for year in words if (columns.years[-1] - year) % every == 0]
    return at_points(
        [columns.years.index(year) - shift for year in years], [heights[year] for year in years],
        [words[year] for year in years], "top center", size, INK, True,
    )  # fmt: skip


def marks(columns: Columns, done: Mapping[int, Value], doubtful: set[int], scale: Scale) -> dict[str, Any]:
    """What was executed, beside the bar and with its amount; hollow where it is in doubt."""
    symbols = ["diamond-open" if year in doubtful else "diamond" for year in done]
    return {
        "type": "scatter", "mode": "markers+text", "name": "执行数", "hovertemplate": HOVER, "cliponaxis": False,
        "x": [columns.years.index(year) + (BESIDE_BAR if year in columns.told else 0) for year in done],
        "y": [scale.value(value.amount) for value in done.values()],
        "marker": {"color": EXECUTED, "size": 11, "symbol": symbols},
        "text": [scale.text(value.amount) for value in done.values()], "textposition": "top center",
        "textfont": {"size": 11, "color": MUTED},
        "customdata": [[f"{y}年 执行数", exact(v.amount, y in doubtful)] for y, v in done.items()],
    }  # fmt: skip


def year_axis(columns: Columns, words: Mapping[int, str]) -> dict[str, Any]:
    """The layout of the years, with a grey band and words at each that has no figure."""
    shapes, notes = [], []
    for year, said in words.items():
        number = columns.years.index(year)
        shapes.append({
            "type": "rect", "xref": "x", "yref": "paper", "x0": number - 0.4, "x1": number + 0.4, "y0": 0, "y1": 1,
            "fillcolor": MUTED, "opacity": 0.12, "line": {"width": 0}, "layer": "below",
        })  # fmt: skip
        notes.append({
            "x": number, "xref": "x", "y": 0.5, "yref": "paper", "text": said.replace("\n", "<br>"),
            "showarrow": False, "font": {"size": 12, "color": MUTED},
        })  # fmt: skip
    last, every = len(columns.years) - 1, max(1, ceil(len(columns.years) / _MOST_YEARS))
    shown = [number for number in range(last + 1) if (last - number) % every == 0]
    axis = {
        "tickmode": "array", "tickvals": shown, "ticktext": [f"{columns.years[number]}年" for number in shown],
        "range": [-0.5, last + 0.5], "showgrid": False, "zeroline": False, "tickfont": {"size": 12, "color": INK},
    }  # fmt: skip
    return {"xaxis": axis, "shapes": shapes, "annotations": notes}


def layout(
    columns: Columns, gaps: Mapping[int, str], names: Sequence[Named], panel: Panel, shift: float = 0.0
) -> dict[str, Any]:
    """The layout of bars over years: names beside the last bar, words in the bars, no lines across them."""
    look = year_axis(columns, gaps)
    if names:
        end = columns.years.index(max(columns.told)) + half_bar(columns) - shift
        look["annotations"] += beside(names, panel, [end] * len(names), len(columns.years) - 0.5)
    return look | {
        "bargap": 1 - 2 * half_bar(columns), "uniformtext": UNIFORM, "showlegend": False,
        "legend": {"traceorder": "reversed"}, "margin": {"r": names_room(names)},
        "yaxis": {"range": [panel.low, panel.high]},
    }  # fmt: skip
