"""A field of cells: the darker, the more; each cell says its value, and what is not there says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, TOP, Caption, Drawing, Ramp
from analysis.charts.frame_values import Value, cell, exact_percent, exact_yuan, table, values, yuan
from analysis.charts.layout import tile_plot
from analysis.charts.marks import Datum, Mark, Tile
from analysis.charts.theme import COOL, WARM, blend
from analysis.display.amounts import Scale, percent, scale_of, wan
from analysis.display.tables import Table

NONE = "无"
_MOST_LEFT = 170.0
_DARKEST = 0.5  # of a ramp, so that black words can be read on every cell
_RAMP = Ramp(((0.0, blend(COOL, 0)), (1.0, blend(COOL, _DARKEST))))
_DIVERGING = Ramp(
    ((-1.0, blend(COOL, _DARKEST)), (0.0, blend(COOL, 0)), (1e-9, blend(WARM, 0)), (1.0, blend(WARM, _DARKEST)))
)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rows and columns in the order of the frame, their values, and why a cell has none; `scale` is none of ratios."""

    rows: Sequence[Any]
    columns: Sequence[Any]
    found: Mapping[tuple[Any, Any], Value]
    absent: Mapping[tuple[Any, Any], str]
    scale: Scale | None

    def reason(self, place: tuple[Any, Any]) -> str:
        return self.absent.get(place, NONE)

    def text(self, value: Value) -> str:
        """A value as its cell says it."""
        return (self.scale.text(value.amount) if self.scale else f"{value.amount:.1%}") + value.sign


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
    scale = None if ratio else scale_of(value.amount for value in found.values())
    rows, columns = (list(dict.fromkeys(frame[name].to_list())) for name in ("row", "column"))
    grid = _Grid(rows, columns, found, _absent(frame), scale)
    figures = _table(caption, grid)
    if not found:
        return empty_chart(caption, figures)
    plot = tile_plot([str(column) for column in columns], [str(row) for row in rows], TOP + 8, _MOST_LEFT)
    drawing = Drawing(
        caption, plot.bottom + FOOT - 16, tuple(_marks(grid, diverging)), plot, scale.name if scale else "%",
        any(value.suspect for value in found.values()), ramp=_DIVERGING if diverging else _RAMP,
    )  # fmt: skip
    return make_chart(drawing, [_words(grid, row) for row in rows], figures)


def _absent(frame: pl.DataFrame) -> dict[tuple[Any, Any], str]:
    """Why a cell has no amount, where the frame says it."""
    if "absent" not in frame.columns:
        return {}
    without = frame.filter(pl.col("amount").is_null(), pl.col("absent").is_not_null())
    return {(row, column): why for row, column, why in without.select("row", "column", "absent").iter_rows()}


def _table(caption: Caption, grid: _Grid) -> Table:
    text = yuan if grid.scale else exact_percent
    return table(
        f"{caption.title}（元）" if grid.scale else caption.title,
        ["", *(str(column) for column in grid.columns)],
        [
            [str(row), *(grid.absent.get((row, c)) or cell(grid.found.get((row, c)), text) for c in grid.columns)]
            for row in grid.rows
        ],
    )


def _marks(grid: _Grid, diverging: bool) -> list[Mark]:
    """The cells, those that are empty last."""
    most = max(abs(value.amount) for value in grid.found.values()) or Decimal(1)
    tiles: list[Mark] = []
    empty: list[Mark] = []
    for number, row in enumerate(grid.rows):
        for place, column in enumerate(grid.columns):
            value, title = grid.found.get((row, column)), f"{row}，{column}"
            if value is None:
                reason = grid.reason((row, column))
                empty.append(Tile(place, number, None, reason, Datum(title, reason)))
                continue
            level = float(value.amount / most)
            exact = exact_yuan(value) if grid.scale else percent(value.amount)
            tiles.append(
                Tile(place, number, level if diverging else abs(level), grid.text(value), Datum(title, exact, value))
            )
    return [*tiles, *empty]


def _words(grid: _Grid, row: Any) -> str:
    def words(place: tuple[Any, Any]) -> str:
        value = grid.found.get(place)
        if value is None:
            return grid.reason(place)
        return f"{wan(value.amount)} 万元" if grid.scale else percent(value.amount)

    return f"{row}：{'、'.join(f'{column} {words((row, column))}' for column in grid.columns)}"
