"""Bars: parts stacked over years, their shares, one ranking, and shares side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import Axis, Caption, Drawing
from analysis.charts.frame_values import Value, cell, coded, exact_yuan, names_of, table, values
from analysis.charts.layout import year_plot
from analysis.charts.marks import Bar, BaseLine, Datum, Dot, Mark, Text
from analysis.charts.ranking import draw_ranked
from analysis.charts.scales import bounds
from analysis.charts.share_rows import draw_share_rows
from analysis.charts.theme import EXECUTED
from analysis.charts.year_parts import (
    NO_DOCUMENT,
    YearPart,
    YearParts,
    end_names,
    stacked_bars,
    year_fields,
    year_parts,
)
from analysis.display.amounts import Scale, percent, scale_of, wan
from analysis.display.tables import Table, TableCell

_ONLY_EXECUTED = "仅有\n执行数"
_NO_SHARES = "不适用：\n合计为零\n或有负数"
_STACKED, _SHARES = 320.0, 300.0  # the heights of both charts
_THICK, _BROADEST = 0.58, 72.0  # a bar: of a year's place, and in points
_SHIFT, _BESIDE = 0.09, 0.14  # of a year's place: a bar moves left where a mark stands at its right
_UPPER, _LOWER = 0.26, 0.74  # where words stand in a field whose other half a mark takes


@dataclass(frozen=True, slots=True)
class _Execution:
    """What was executed by year, and the years in which that is doubtful."""

    amounts: Mapping[int, Value]
    doubtful: frozenset[int]

    @property
    def name(self) -> str:
        return "执行数（空心为存疑）" if self.doubtful else "执行数"


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
    done = _executed(marks)
    parts = year_parts(frame, colours, [*years, *done.amounts], named)
    printed = {} if totals is None else {year: value for (year,), value in values(totals, "fiscal_year").items()}
    figures = _table(frame, caption, parts.years, printed, done)
    if not parts.reported and not done.amounts:
        return empty_chart(caption, figures)
    whole = {year: printed.get(year) or Value(parts.sum(year)) for year in sorted(parts.reported)}
    scale = scale_of(value.amount for value in (*whole.values(), *done.amounts.values()))
    drawing = Drawing(
        caption, _STACKED, (), unit=scale.name, stacked=True,
        doubt=parts.doubtful or any(value.suspect for value in whole.values()),
        remark=done.name if done.amounts else "", remark_mark=bool(done.amounts),
    )  # fmt: skip
    return make_chart(_stack(drawing, parts, whole, done, scale), _stacked_words(parts, whole, done), figures)


def _executed(marks: pl.DataFrame | None) -> _Execution:
    if marks is None:
        return _Execution({}, frozenset())
    doubtful = frozenset(marks.filter("doubtful")["fiscal_year"])
    amounts = {
        year: replace(value, suspect=year in doubtful) for (year,), value in values(marks, "fiscal_year").items()
    }  # fmt: skip
    return _Execution(amounts, doubtful)


def _stack(
    drawing: Drawing, parts: YearParts, whole: Mapping[int, Value], done: _Execution, scale: Scale
) -> Drawing:  # fmt: skip
    """The drawing with its bars, their totals, and what was executed beside them."""
    side_by_side = any(year in done.amounts for year in parts.reported)
    shift = _SHIFT if side_by_side else 0.0
    thick = _thick(parts)
    bars = stacked_bars(
        parts, lambda part, year: scale.value(part.values[year].amount),
        lambda part, year: scale.text(part.values[year].amount), lambda part, year: exact_yuan(part.values[year]),
        thick, shift,
    )  # fmt: skip
    ends = [end for bar in bars for end in (bar.start, bar.start + bar.length)]
    low, high = bounds([*ends, *(scale.value(value.amount) for value in done.amounts.values())], 0.1)
    totals = [_total(parts.place(year), shift, bars, value, scale) for year, value in whole.items()]
    dots = [
        Dot(
            parts.place(year) + (thick / 2 - shift + _BESIDE if year in parts.reported else 0.0),
            scale.value(value.amount), EXECUTED, Datum(f"{year}年 执行数", exact_yuan(value), value),
            scale.text(value.amount), "执行数", diamond=True,
        )
        for year, value in done.amounts.items()
    ]  # fmt: skip
    silent = [year for year in parts.years if year not in parts.reported]
    fields = year_fields(
        parts,
        {year: _ONLY_EXECUTED if year in done.amounts else NO_DOCUMENT for year in silent},
        {
            year: _LOWER if scale.value(value.amount) > (low + high) / 2 else _UPPER
            for year, value in done.amounts.items()
        },
    )
    plot = year_plot(parts.years, Axis(low, high), drawing.height)
    marks: list[Mark] = [*fields, *bars, BaseLine(), *totals, *dots, *end_names(parts, bars)]
    return replace(drawing, plot=plot, marks=tuple(marks))


def _total(place: int, shift: float, bars: Sequence[Bar], value: Value, scale: Scale) -> Text:
    """The total above the bars of a place."""
    top = max([0.0, *(bar.start + bar.length for bar in bars if round(bar.place) == place)])
    return Text(place - shift, top, scale.text(value.amount) + value.sign, "above", 9.5, bold=True, row=True)


def _thick(parts: YearParts) -> float:
    """How much of its place a bar takes: one or two bars are no walls."""
    room = year_plot(parts.years, Axis(0, 1), _STACKED).step
    return min(_THICK, _BROADEST / room)


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
    parts = year_parts(frame, colours, years, named)
    figures = _table(frame, caption, parts.years, {}, _Execution({}, frozenset()))
    if not parts.reported:
        return empty_chart(caption, figures)
    negative = {y for part in parts.parts for y, value in part.values.items() if value.amount < 0}
    apt = {year for year in parts.reported if parts.sum(year) > 0 and year not in negative}
    reasons = {y: _NO_SHARES if y in parts.reported else NO_DOCUMENT for y in parts.years if y not in apt}
    parts = _only(parts, apt)

    def ratio(part: YearPart, year: int) -> Decimal:
        return part.values[year].amount / parts.sum(year)

    bars = stacked_bars(
        parts, lambda part, year: round(float(ratio(part, year)), 6), lambda part, year: f"{ratio(part, year):.1%}",
        lambda part, year: f"{percent(ratio(part, year))}，{exact_yuan(part.values[year])}", _thick(parts),
    )  # fmt: skip
    marks: list[Mark] = [*year_fields(parts, reasons, {}), *bars, BaseLine(), *end_names(parts, bars)]
    plot = year_plot(parts.years, Axis(0, 1, percent=True), _SHARES)
    drawing = Drawing(caption, _SHARES, tuple(marks), plot, "占合计的百分比", parts.doubtful, stacked=True)
    sentences = []
    for year in parts.years:
        shown = [f"{part.name} {percent(ratio(part, year))}" for part in parts.parts if year in part.values]
        sentences.append(f"{year}年 {'、'.join(shown)}" if shown else f"{year}年{reasons[year]}".replace("\n", ""))
    return make_chart(drawing, sentences, figures)


def _only(parts: YearParts, years: set[int]) -> YearParts:
    """The same parts with the values of some years."""
    kept = ({year: value for year, value in part.values.items() if year in years} for part in parts.parts)
    pairs = zip(parts.parts, kept, strict=True)
    return YearParts(parts.years, tuple(replace(part, values=values) for part, values in pairs))


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


def _stacked_words(parts: YearParts, whole: Mapping[int, Value], done: _Execution) -> list[str]:
    sentences = []
    for year in parts.years:
        words = f"{year}年 {wan(whole[year].amount)} 万元" if year in whole else f"{year}年无数据"
        if year in done.amounts:
            words += f"，执行数 {wan(done.amounts[year].amount)} 万元" + ("（存疑）" if year in done.doubtful else "")
        if (part := parts.largest(year)) is not None:
            words += f"，最大的一类是{part.name} {wan(part.values[year].amount)} 万元"
        sentences.append(words)
    return sentences


def _table(
    frame: pl.DataFrame, caption: Caption, years: Sequence[int], totals: Mapping[int, Value], done: _Execution
) -> Table:  # fmt: skip
    """Every part in every year, the small ones too, then the printed totals and what was executed."""
    found = values(frame.filter(pl.col("key").is_not_null()), "fiscal_year", "key")
    names = names_of(frame)
    rows: list[list[str | TableCell]] = [
        [coded(key, name), *(cell(found.get((year, key))) for year in years)] for key, name in names.items()
    ]
    if totals:
        rows.append(["合计（公开文件列示数）", *(cell(totals.get(year)) for year in years)])
    if done.amounts:
        rows.append(["执行数", *(cell(done.amounts.get(year)) for year in years)])
    return table(f"{caption.title}（元）", ["名称", *(f"{year}年" for year in years)], rows)
