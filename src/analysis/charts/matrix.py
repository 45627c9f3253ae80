"""What is there and what is not: one cell a row and column, with a sign and words, not only a colour."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, TOP, Caption, Drawing, LegendEntry, Ramp
from analysis.charts.frame_values import table
from analysis.charts.layout import tile_plot
from analysis.charts.marks import Datum, Mark, Tile
from analysis.charts.theme import STATES
from analysis.charts.typography import width

STATE_NAMES = {"all": "齐全", "part": "部分", "none": "没有", "failed": "未读出"}
_SIGNS = {"all": "●", "part": "△", "none": "", "failed": "×"}
_LEVELS = {state: level for level, state in enumerate(STATE_NAMES)}
_RAMP = Ramp(tuple((level, STATES[state]) for state, level in _LEVELS.items()), steps=True)
_LEGEND = [LegendEntry(name, STATES[state], _SIGNS[state]) for state, name in STATE_NAMES.items()]
_MOST_LEFT = 190.0
_ABSENT = ("none", "")  # a cell that the frame lacks


def matrix(frame: pl.DataFrame, caption: Caption) -> Chart:
    """Which organisations, years and tables the figures cover.

    Args:
        frame: `row`, `column`, `state` ("all", "part", "none" or "failed"), `words` (what is said of the cell, may be
            null). Rows and columns stay in the order of the frame; a cell that the frame lacks is "none".
        caption: What stands around the chart.
    """
    cells = {(row["row"], row["column"]): (row["state"], row["words"] or "") for row in frame.to_dicts()}
    rows, columns = (list(dict.fromkeys(frame[name].to_list())) for name in ("row", "column"))
    body = [[str(row), *(_describe(*cells.get((row, column), _ABSENT)) for column in columns)] for row in rows]
    figures = table(caption.title, ["", *(str(column) for column in columns)], body, words=len(columns) + 1)
    if not cells:
        return empty_chart(caption, figures)
    plot = tile_plot([str(column) for column in columns], [str(row) for row in rows], TOP + 26, _MOST_LEFT)
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            state, words = cells.get((row, column), _ABSENT)
            shown = words if words and width(words, 8.5) <= plot.step - 4 else _SIGNS[state]
            datum = Datum(f"{row}，{column}", _describe(state, words))
            marks.append(Tile(place, number, _LEVELS[state], shown, datum))
    drawing = Drawing(caption, plot.bottom + FOOT - 16, tuple(marks), plot, legend=_LEGEND, ramp=_RAMP)
    return make_chart(drawing, [_words(row, columns, cells) for row in rows], figures)


def _describe(state: str, words: str) -> str:
    return f"{STATE_NAMES[state]}（{words}）" if words else STATE_NAMES[state]


def _words(row: Any, columns: Sequence[Any], cells: Mapping[Any, tuple[str, str]]) -> str:
    by_state: dict[str, list[str]] = {}
    for column in columns:
        by_state.setdefault(cells.get((row, column), _ABSENT)[0], []).append(str(column))
    return f"{row}：" + "，".join(
        f"{name}的有{'、'.join(by_state[s])}" for s, name in STATE_NAMES.items() if s in by_state
    )
