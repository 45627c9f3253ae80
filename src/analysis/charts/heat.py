"""A field of cells: the darker, the more; each cell says its value, and what is not there is hatched and says so."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, exact, safe
from analysis.charts.frame_values import Value, cell, exact_percent, table, values, yuan
from analysis.charts.framing import EDGE, FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import at_points
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.row_axis import column_axis, row_axis, rows_of
from analysis.charts.theme import COOL, HOLLOW, INK, MUTED, WARM, blend, text_colour
from analysis.charts.typography import cut, width
from analysis.display.amounts import percent, scale_of, wan

NONE = "无"
_MOST_LEFT = 170.0


def heat(frame: pl.DataFrame, caption: Caption, ratio: bool = False, diverging: bool = False) -> Chart:
    """Cells of rows and columns, coloured by their values.

    Args:
        frame: `row`, `column`, `amount`, null where there is none; optionally `place`, `note`, `suspect`, and
            `absent`: why there is none, in a word. Rows and columns stay in the order of the frame.
        caption: What stands around the chart.
        ratio: The amounts are ratios, shown as per cent; else they are yuan.
        diverging: Values below zero are blue and above it orange, from the paper's colour at zero; else from nothing
            to the largest.
    """
    found = values(frame, "row", "column")
    absent = _absent(frame)
    labels = list(dict.fromkeys(frame["row"].to_list()))
    columns = list(dict.fromkeys(frame["column"].to_list()))
    figures = table(
        caption.title if ratio else f"{caption.title}（元）",
        ["", *(str(column) for column in columns)],
        [
            [
                str(label),
                *(
                    absent.get((label, c)) or cell(found.get((label, c)), exact_percent if ratio else yuan)
                    for c in columns
                ),
            ]
            for label in labels
        ],
    )
    if not found:
        return nothing(caption, figures)
    scale = None if ratio else scale_of(value.amount for value in found.values())
    most = max(abs(value.amount) for value in found.values()) or Decimal(1)
    rows = rows_of([str(label) for label in labels], TOP + 8, _MOST_LEFT)
    doubt = any(value.suspect for value in found.values())
    drawing = open_drawing(caption, rows.top + rows.height + FOOT - 16, scale.name if scale else "%", doubt)
    sheet = drawing.sheet
    broad = (WIDTH - rows.left - EDGE) / len(columns)

    def text(value: Value) -> str:
        return (scale.text(value.amount) if scale else f"{value.amount:.1%}") + value.sign

    for place, column in enumerate(columns):
        sheet.words(rows.left + (place + 0.5) * broad, rows.top - 9, cut(str(column), broad - 2, 9), 9, INK, "center")
    written = []
    for number, label in enumerate(labels):
        for place, column in enumerate(columns):
            x, y = rows.left + place * broad, rows.top + number * rows.step
            value = found.get((label, column))
            if value is None:
                sheet.rectangle(x, y, broad, rows.step, HOLLOW, thick=1.2)
                written.append((x, y, absent.get((label, column), NONE), MUTED))
                continue
            colour = _colour(value.amount / most, diverging)
            sheet.rectangle(x, y, broad, rows.step, colour, thick=1.2)
            written.append((x, y, text(value), text_colour(colour)))
    for x, y, words, colour in written:
        if width(words, 8.5) <= broad - 2:
            sheet.words(x + broad / 2, y + rows.step / 2, words, 8.5, colour, "center")
    rows.write(sheet)
    _outline_doubt(sheet, found, labels, columns, rows.left, rows.top, broad, rows.step)
    told = [
        _words(str(label), [(str(c), found.get((label, c)) or absent.get((label, c), NONE)) for c in columns], ratio)
        for label in labels
    ]
    data = [_trace(found, absent, labels, columns, ratio, diverging, most, text)]
    if empty := [
        (column, number, absent.get((la, column), NONE))
        for number, la in enumerate(labels)
        for column in columns
        if (la, column) not in found
    ]:
        places = [safe(str(column)) for column, *_ in empty]
        heights, reasons = [number for _, number, _ in empty], [why for *_, why in empty]
        data.append(at_points(places, heights, reasons, "middle center", 11, MUTED))
    layout = {
        "yaxis": row_axis(rows.names, rows.left), "xaxis": column_axis(),
        "margin": {"t": 104, "l": rows.margin, "r": 12},
    }  # fmt: skip
    return drawing.close(told, figures, data, layout)


def _colour(part: Decimal, diverging: bool) -> str:
    strength = float(abs(part))
    return blend(COOL if diverging and part < 0 else WARM if diverging else COOL, strength)


def _outline_doubt(
    sheet: Canvas, found: dict[Any, Value], labels: Sequence[Any], columns: Sequence[Any], left: float, top: float,
    broad: float, step: float,
) -> None:  # fmt: skip
    """A line around the cells that are in doubt."""
    for number, label in enumerate(labels):
        for place, column in enumerate(columns):
            value = found.get((label, column))
            if value is not None and value.suspect:
                a, b = left + place * broad + 1.5, top + number * step + 1.5
                c, d = a + broad - 3, b + step - 3
                sheet.line([(a, b), (c, b), (c, d), (a, d), (a, b)], INK, 1.1, dashed=True)


def _absent(frame: pl.DataFrame) -> dict[tuple[Any, Any], str]:
    """Why a cell has no amount, where the frame says it."""
    if "absent" not in frame.columns:
        return {}
    without = frame.filter(pl.col("amount").is_null(), pl.col("absent").is_not_null())
    return {(row, column): why for row, column, why in without.select("row", "column", "absent").iter_rows()}


def _words(label: str, row: Sequence[tuple[str, Value | str]], ratio: bool) -> str:
    def said(value: Value | str) -> str:
        if isinstance(value, str):
            return value
        return percent(value.amount) if ratio else f"{wan(value.amount)} 万元"

    told = [f"{column} {said(value)}" for column, value in row]
    return f"{label}：{'、'.join(told)}"


def _trace(
    found: dict[Any, Value], absent: dict[tuple[Any, Any], str], labels: Sequence[Any], columns: Sequence[Any],
    ratio: bool, diverging: bool, most: Decimal, text: Any,
) -> dict[str, Any]:  # fmt: skip
    grid = [[found.get((label, column)) for column in columns] for label in labels]
    limit = float(most)
    scale = [[0, blend(COOL, 1)], [0.5, blend(COOL, 0)], [1, blend(WARM, 1)]]
    plain = [[part / 4, blend(COOL, part / 4)] for part in range(5)]
    return {
        "type": "heatmap", "x": [safe(str(column)) for column in columns], "y": list(range(len(labels))),
        "z": [[None if value is None else float(value.amount) for value in row] for row in grid],
        "zmin": -limit if diverging else 0, "zmax": limit, "colorscale": scale if diverging else plain,
        "text": [["" if value is None else text(value) for value in row] for row in grid],
        "texttemplate": "%{text}", "xgap": 2, "ygap": 2, "showscale": False, "hoverongaps": True,
        "customdata": [
            [
                [f"{safe(str(label))}，{safe(str(column))}", _exact(value, ratio, absent.get((label, column), NONE))]
                for column, value in zip(columns, row, strict=True)
            ]
            for label, row in zip(labels, grid, strict=True)
        ],
        "hovertemplate": HOVER,
    }  # fmt: skip


def _exact(value: Value | None, ratio: bool, absent: str) -> str:
    if value is None:
        return absent
    return percent(value.amount) if ratio else exact(value.amount, value.suspect)
