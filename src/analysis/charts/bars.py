"""Bars: parts stacked over years, their shares, one ranking, and shares side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from analysis.charts import columns_explored
from analysis.charts.chart import Caption, Chart
from analysis.charts.columns import (
    LABELS,
    Columns,
    Part,
    YearAxis,
    columns_of,
    draw_columns,
    names_beside,
)
from analysis.charts.explore import exact
from analysis.charts.frame_values import (
    Value,
    cell,
    coded,
    names_of,
    table,
    values,
)
from analysis.charts.framing import EDGE, FOOT, NO_DOCUMENT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import above, panel_of
from analysis.charts.ranking import draw_ranked
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.scales import Panel, bounds, name_at_right
from analysis.charts.share_rows import draw_share_rows
from analysis.charts.theme import EXECUTED, INK, MUTED
from analysis.charts.typography import width
from analysis.display.amounts import Scale, percent, scale_of, wan
from analysis.display.tables import Cell, Table

_ONLY_EXECUTED = "仅有执行数"
_LEFT = 58.0


def stacked(
    frame: pl.DataFrame,
    caption: Caption,
    colours: Mapping[str, str],
    years: Sequence[int],
    totals: pl.DataFrame | None = None,
    marks: pl.DataFrame | None = None,
    named: int = 6,
) -> Chart:
    """One stacked bar a year, with what was executed marked beside it.

    Args:
        frame: `fiscal_year`, `key`, `name`, `amount` in yuan, null for a gap; optionally `place`, `note`, `suspect`.
        caption: What stands around the chart.
        colours: The colour of each key.
        years: The years asked for; those without a figure are said to have none.
        totals: `fiscal_year`, `amount`: the printed totals above the bars; the sum of the parts where it has none.
        marks: `fiscal_year`, `amount`, `doubtful`: executed amounts beside the bars, hollow where doubtful.
        named: How many parts are shown on their own.
    """
    done = {} if marks is None else {year: value for (year,), value in values(marks, "fiscal_year").items()}
    doubtful = set() if marks is None else set(marks.filter("doubtful")["fiscal_year"])
    columns = columns_of(frame, colours, [*years, *done], named)
    printed = {} if totals is None else {year: value for (year,), value in values(totals, "fiscal_year").items()}
    figures = _table(frame, caption, columns.years, printed, done, doubtful)
    if not columns.told and not done:
        return nothing(caption, figures)
    whole = {year: printed.get(year) or Value(columns.sum(year)) for year in columns.told}
    scale = scale_of([*(value.amount for value in whole.values()), *(value.amount for value in done.values())])
    doubt = columns.doubtful or any(value.suspect for value in whole.values())
    drawing = open_drawing(caption, 320, scale.name, doubt)
    sheet = drawing.sheet
    ends = [end for year in columns.told for end in _ends(columns, year, scale)]
    low, high = bounds([*ends, *(scale.value(value.amount) for value in done.values())], 0.1)
    panel = Panel(_LEFT, TOP, WIDTH - _LEFT - LABELS, 320 - TOP - FOOT, low, high)
    axis = YearAxis(columns.years, panel.left, panel.width)
    if any(year in done for year in columns.told):
        axis = YearAxis(columns.years, panel.left, panel.width, axis.step * 0.11)
    panel.grid(sheet)
    gaps = {y: NO_DOCUMENT if y not in done else _ONLY_EXECUTED for y in columns.years if y not in columns.told}
    for year, words in gaps.items():
        high_mark = year in done and panel.at(scale.value(done[year].amount)) < panel.top + panel.height / 2
        axis.gap(sheet, year, panel, words, lower=high_mark if year in done else None)

    def length(part: Part, year: int) -> float:
        return scale.value(part.values[year].amount)

    draw_columns(sheet, panel, axis, columns, length, lambda part, year: scale.text(part.values[year].amount))
    panel.base(sheet)
    room = max((width(scale.text(value.amount), 9.5, True) for value in whole.values()), default=0.0)
    for year in axis.spaced(sorted(whole), room + 3):
        value = whole[year]
        height = panel.at(max(_ends(columns, year, scale)[1], 0.0)) - 7
        words = scale.text(value.amount) + value.sign
        sheet.words(axis.middle(year) - axis.shift, height, words, 9.5, INK, "center", bold=True)
    _marks(sheet, panel, axis, done, doubtful, columns, scale)
    axis.names(sheet, panel.bottom)
    last = axis.middle(max(columns.told)) + axis.bar / 2 - axis.shift + 2 if columns.told else panel.right
    name_at_right(sheet, names_beside(columns, panel, length), last, panel.right + 16, panel.top, panel.bottom)
    shift = columns_explored.SHIFT if any(year in done for year in columns.told) else 0.0
    data = columns_explored.traces(
        columns, length, lambda part, year: exact(part.values[year].amount, part.values[year].suspect),
        lambda part, year: scale.text(part.values[year].amount), shift,
    )  # fmt: skip
    words_above = {year: scale.text(value.amount) + value.sign for year, value in sorted(whole.items())}
    heights = {year: max(_ends(columns, year, scale)[1], 0.0) for year in whole}
    data.append(columns_explored.totals(columns, words_above, heights, shift))
    plot = panel_of(sheet.height, low, high)
    layout = columns_explored.layout(columns, gaps, names_beside(columns, plot, length), plot, shift)
    layout |= {"barmode": "relative"}
    if done:
        data.append(columns_explored.marks(columns, done, doubtful, scale))
        layout["annotations"].append(above(f"◆ {_executed(doubtful)}"))
    return drawing.close(_stacked_words(columns, whole, done, doubtful), figures, data, layout)


def shares(
    frame: pl.DataFrame, caption: Caption, colours: Mapping[str, str], years: Sequence[int], named: int = 6
) -> Chart:
    """Bars of equal height, one a year, in which every part has its share of the year's sum.

    Args:
        frame: As for `stacked`. A share has no meaning where a part is below zero or the sum is none: such a year is
            said to have no shares.
        caption: What stands around the chart.
        colours: The colour of each key.
        years: The years asked for.
        named: How many parts are shown on their own.
    """
    columns = columns_of(frame, colours, years, named)
    figures = _table(frame, caption, columns.years, {}, {}, set())
    negative = {y for part in columns.parts for y, value in part.values.items() if value.amount < 0}
    apt = {year for year in columns.told if columns.sum(year) > 0 and year not in negative}
    if not columns.told:
        return nothing(caption, figures)
    gaps = {
        y: "不适用：\n合计为零\n或有负数" if y in columns.told else NO_DOCUMENT for y in columns.years if y not in apt
    }
    columns = Columns(
        columns.years,
        tuple(
            Part(p.key, p.name, p.colour, {y: v for y, v in p.values.items() if y in apt}) for p in columns.parts
        ),
    )  # fmt: skip
    drawing = open_drawing(caption, 300, "占合计的百分比", columns.doubtful)
    sheet = drawing.sheet
    panel = Panel(_LEFT, TOP, WIDTH - _LEFT - LABELS, 300 - TOP - FOOT, 0, 1)
    axis = YearAxis(columns.years, panel.left, panel.width)
    panel.grid(sheet, lambda value: f"{value:.0%}")
    for year, words in gaps.items():
        axis.gap(sheet, year, panel, words)

    def ratio(part: Part, year: int) -> Decimal:
        return part.values[year].amount / columns.sum(year)

    def length(part: Part, year: int) -> float:
        return float(ratio(part, year))

    draw_columns(sheet, panel, axis, columns, length, lambda part, year: f"{ratio(part, year):.1%}")
    panel.base(sheet)
    axis.names(sheet, panel.bottom)
    last = axis.middle(max(columns.told)) + axis.bar / 2 + 2 if columns.told else panel.right
    name_at_right(sheet, names_beside(columns, panel, length), last, panel.right + 16, panel.top, panel.bottom)
    data = columns_explored.traces(
        columns,
        lambda part, year: round(length(part, year), 6),
        lambda part, year: (
            f"{percent(ratio(part, year))}，{exact(part.values[year].amount, part.values[year].suspect)}"
        ),
        lambda part, year: f"{ratio(part, year):.1%}",
    )
    plot = panel_of(sheet.height, 0, 1)
    layout = columns_explored.layout(columns, gaps, names_beside(columns, plot, length), plot)
    layout |= {"barmode": "stack", "yaxis": {"tickformat": ".0%", "range": [0, 1]}}
    sentences = []
    for year in columns.years:
        told = [f"{p.name} {percent(ratio(p, year))}" for p in columns.parts if year in p.values]
        sentences.append(f"{year}年 " + "、".join(told) if told else f"{year}年{gaps[year]}".replace("\n", ""))
    return drawing.close(sentences, figures, data, layout)


def ranked(frame: pl.DataFrame, caption: Caption) -> Chart:
    """Bars to the right, the largest first, with the value before as a line across each.

    Args:
        frame: `key`, `name`, `amount` in yuan; optionally `before`, `colour`, `place`, `note`, `suspect`. A null amount
            is listed last and said to be missing.
        caption: What stands around the chart.
    """
    return draw_ranked(frame, caption)


def share_rows(frame: pl.DataFrame, caption: Caption, colours: Mapping[str, str]) -> Chart:
    """Bars of equal length, one a row, in which every part has its share of the row's sum.

    Args:
        frame: `row`, `key`, `name`, `amount` in yuan; optionally `place`, `note`, `suspect`. Rows stay in the order of
            the frame; one with a part below zero or without a sum is said to have no shares.
        caption: What stands around the chart.
        colours: The colour of each key; a part without one is grey.
    """
    return draw_share_rows(frame, caption, colours)


def _ends(columns: Columns, year: int, scale: Scale) -> tuple[float, float]:
    """How far a year's bar reaches below and above the base line."""
    amounts = [part.values[year].amount for part in columns.parts if year in part.values]
    below = sum((amount for amount in amounts if amount < 0), Decimal(0))
    return scale.value(below), scale.value(sum((amount for amount in amounts if amount > 0), Decimal(0)))


def _marks(
    sheet: Canvas, panel: Panel, axis: YearAxis, done: Mapping[int, Value], doubtful: set[int], columns: Columns,
    scale: Scale,
) -> None:  # fmt: skip
    if not done:
        return
    for year, value in done.items():
        beside = year in columns.told
        x = axis.middle(year) + (axis.bar / 2 - axis.shift + axis.step * 0.1 if beside else 0)
        y = panel.at(scale.value(value.amount))
        sheet.diamond(x, y, 4.5, EXECUTED, year in doubtful)
        words = scale.text(value.amount)
        if not beside or axis.step - axis.bar > width(words, 8.5) + 6:
            sheet.words(x, y - 12, words, 8.5, MUTED, "center")
    words = _executed(doubtful)
    x = WIDTH - EDGE - width(words, 8.5)
    sheet.diamond(x - 9, 47, 4, EXECUTED)
    sheet.words(x, 47, words, 8.5, MUTED)


def _executed(doubtful: set[int]) -> str:
    return "执行数（空心为存疑）" if doubtful else "执行数"


def _stacked_words(
    columns: Columns, whole: Mapping[int, Value], done: Mapping[int, Value], doubtful: set[int]
) -> list[str]:
    sentences = []
    for year in columns.years:
        words = f"{year}年 {wan(whole[year].amount)} 万元" if year in whole else f"{year}年无数据"
        if year in done:
            words += f"，执行数 {wan(done[year].amount)} 万元" + ("（存疑）" if year in doubtful else "")
        if (part := columns.largest(year)) is not None:
            words += f"，最大的一类是{part.name} {wan(part.values[year].amount)} 万元"
        sentences.append(words)
    return sentences


def _table(
    frame: pl.DataFrame, caption: Caption, years: Sequence[int], totals: Mapping[int, Value],
    done: Mapping[int, Value], doubtful: set[int],
) -> Table:  # fmt: skip
    """Every part in every year, the small ones too, then the printed totals and what was executed."""
    found = values(frame.filter(pl.col("key").is_not_null()), "fiscal_year", "key")
    names = names_of(frame)
    rows: list[list[str | Cell]] = [
        [coded(key, name), *(cell(found.get((year, key))) for year in years)] for key, name in names.items()
    ]
    if totals:
        rows.append(["合计（文件所印）", *(cell(totals.get(year)) for year in years)])
    if done:
        marked = {year: replace(value, suspect=year in doubtful) for year, value in done.items()}
        rows.append(["执行数", *(cell(marked.get(year)) for year in years)])
    return table(f"{caption.title}（元）", ["项目", *(f"{year}年" for year in years)], rows)
