"""What is there and what is not: one cell a row and column, with a sign and words, not only a colour."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, safe
from analysis.charts.frame_values import table
from analysis.charts.framing import EDGE, FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.row_axis import column_axis, row_axis, rows_of
from analysis.charts.theme import HOLLOW, INK, MUTED, STATES, text_colour
from analysis.charts.typography import cut, width

STATE_NAMES = {"all": "齐全", "part": "部分", "none": "没有", "failed": "未读出"}
_SIGNS = {"all": "●", "part": "△", "none": "", "failed": "×"}
_MOST_LEFT = 190.0


def matrix(frame: pl.DataFrame, caption: Caption) -> Chart:
    """Which organisations, years and tables the figures cover.

    Args:
        frame: `row`, `column`, `state` ("all", "part", "none" or "failed"), `words` (what is said of the cell, may be
            null). Rows and columns stay in the order of the frame; a cell that the frame lacks is "none".
        caption: What stands around the chart.
    """
    cells = {(row["row"], row["column"]): (row["state"], row["words"] or "") for row in frame.to_dicts()}
    labels = list(dict.fromkeys(frame["row"].to_list()))
    columns = list(dict.fromkeys(frame["column"].to_list()))
    body = [[str(label), *(_told(cells.get((label, column))) for column in columns)] for label in labels]
    figures = table(caption.title, ["", *(str(column) for column in columns)], body, words=len(columns) + 1)
    if not cells:
        return nothing(caption, figures)
    rows = rows_of([str(label) for label in labels], TOP + 26, _MOST_LEFT)
    drawing = open_drawing(caption, rows.top + rows.height + FOOT - 16, "")
    sheet = drawing.sheet
    x = EDGE
    for state, name in STATE_NAMES.items():
        sheet.rectangle(x, TOP - 8, 11, 11, STATES[state], "none")
        sheet.words(x + 5.5, TOP - 2.5, _SIGNS[state], 8, text_colour(STATES[state]), "center")
        sheet.words(x + 16, TOP - 2.5, name, 8.5, INK)
        x += 30 + width(name, 8.5)
    broad = (WIDTH - rows.left - EDGE) / len(columns)
    for place, column in enumerate(columns):
        sheet.words(
            rows.left + (place + 0.5) * broad, rows.top - 9, cut(str(column), broad - 3, 8.5), 8.5, INK, "center"
        )
    written = []
    for number, label in enumerate(labels):
        for place, column in enumerate(columns):
            state, words = cells.get((label, column), ("none", ""))
            left, top = rows.left + place * broad, rows.top + number * rows.step
            sheet.rectangle(left, top, broad, rows.step, STATES[state], thick=1.4)
            shown = _shown(state, words, broad)
            colour = MUTED if STATES[state] == HOLLOW else text_colour(STATES[state])
            written.append((left + broad / 2, top + rows.step / 2, shown, colour))
    for left, top, shown, colour in written:
        sheet.words(left, top, shown, 8.5, colour, "center")
    rows.write(sheet)
    layout = {
        "yaxis": row_axis(rows.names, rows.left), "margin": {"t": 132, "l": rows.margin, "r": 12},
        "xaxis": column_axis(), "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"},
    }  # fmt: skip
    sentences = [_words(label, columns, cells) for label in labels]
    return drawing.close(sentences, figures, [_trace(cells, labels, columns, broad), *_legend()], layout)


def _told(cell: tuple[str, str] | None) -> str:
    state, words = cell or ("none", "")
    return f"{STATE_NAMES[state]}（{words}）" if words else STATE_NAMES[state]


def _words(label: Any, columns: Sequence[Any], cells: Mapping[Any, tuple[str, str]]) -> str:
    by_state: dict[str, list[str]] = {}
    for column in columns:
        by_state.setdefault(cells.get((label, column), ("none", ""))[0], []).append(str(column))
    return f"{label}：" + "，".join(
        f"{name}的有{'、'.join(by_state[s])}" for s, name in STATE_NAMES.items() if s in by_state
    )


def _legend() -> list[dict[str, Any]]:
    """A trace without points for each state, which has its entry in plotly's legend."""
    return [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name,
            "marker": {"symbol": "square", "size": 12, "color": STATES[state]},
        }
        for state, name in STATE_NAMES.items()
    ]  # fmt: skip


def _shown(state: str, words: str, broad: float) -> str:
    return words if words and width(words, 8.5) <= broad - 4 else _SIGNS[state]


def _trace(
    cells: Mapping[Any, tuple[str, str]], labels: Sequence[Any], columns: Sequence[Any], broad: float
) -> dict[str, Any]:
    order = list(STATE_NAMES)
    grid = [[cells.get((label, column), ("none", "")) for column in columns] for label in labels]
    steps = [[edge, STATES[state]] for n, state in enumerate(order) for edge in (n / len(order), (n + 1) / len(order))]
    return {
        "type": "heatmap", "x": [safe(str(column)) for column in columns], "y": list(range(len(labels))),
        "z": [[order.index(state) for state, _ in row] for row in grid], "zmin": -0.5, "zmax": len(order) - 0.5,
        "colorscale": steps, "showscale": False, "xgap": 2, "ygap": 2, "texttemplate": "%{text}",
        "text": [[safe(_shown(state, words, broad)) for state, words in row] for row in grid],
        "customdata": [
            [[safe(f"{label}，{column}"), safe(_told(cell))] for column, cell in zip(columns, row, strict=True)]
            for label, row in zip(labels, grid, strict=True)
        ],
        "hovertemplate": HOVER,
    }  # fmt: skip
