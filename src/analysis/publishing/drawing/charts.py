"""The charts of a report: each a function from a frame of `series` to a `Chart`.

Conventions: one money unit a chart, named in the subtitle; a class keeps its colour; labels stand at what they name; a
year without a document is a grey band with words; approved amounts are bars, executed ones are diamonds and never part
of a bar. Every amount stays a Decimal until its place on the sheet is computed.
"""

from decimal import Decimal
from typing import Any

import polars as pl

from analysis.publishing.amounts import GAP, Scale, growth, percent, scale_of, signed_percent, wan
from analysis.publishing.drawing.canvas import Chart, mark_gap, money_axis, sheet
from analysis.publishing.drawing.stacks import Stack, execution_mark, label, name_stacks, short, stack, year_axis
from analysis.publishing.drawing.theme import (
    BASIC,
    FALL,
    INK,
    OTHER,
    PROJECT,
    RISE,
    THREE_PUBLIC_COLOURS,
    class_colour,
    style,
)
from analysis.publishing.stories.series import THREE_PUBLIC_PARTS
from analysis.publishing.tables import Column, Table
from analysis.terms.line_item import Phase

THREE_PUBLIC_NAMES = {
    "overseas_visits": "因公出国（境）费",
    "receptions": "公务接待费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行费",
}
_NO_DOCUMENT = "无文件\n或表未读出"
PHASE_NAMES = {Phase.APPROVED: "预算", Phase.EXECUTED: "决算"}


def trend(
    classes: pl.DataFrame, totals: pl.DataFrame, executed: pl.DataFrame, phase: Phase, source: str, named: int = 6
) -> Chart:
    """Expenditure by functional class over the years, with execution marked beside the approved bars.

    Args:
        classes: `fiscal_year`, `code`, `name`, `amount` as `series.by_class` gives them; yuan, null for a gap.
        totals: `fiscal_year`, `total`, the printed 合计, as `series.totals` gives them; yuan.
        executed: `fiscal_year`, `amount`, `doubtful` as `series.execution` gives them; yuan. Drawn beside approved
            bars only, hollow where doubtful.
        phase: What the bars are.
        source: The line under the chart.
        named: How many classes have an area of their own; the others share one.
    """
    marks: dict[int, Decimal] = {}
    doubtful = set(executed.filter("doubtful")["fiscal_year"])
    if phase is Phase.APPROVED:
        marks = dict(zip(executed["fiscal_year"], executed["amount"], strict=True))
    asked = set(classes["fiscal_year"])
    years = sorted(asked | set(marks))
    rows = classes.filter(pl.col("amount").is_not_null())
    sizes = rows.group_by("code").agg(pl.col("amount").sum(), pl.col("name").sort_by("fiscal_year").last())
    ranked = sizes.sort("amount", "code", descending=[True, False])
    shown = ranked["code"].to_list() if ranked.height <= named + 1 else ranked["code"].to_list()[:named]
    names = dict(zip(ranked["code"], ranked["name"], strict=True))
    amounts = {(row["fiscal_year"], row["code"]): row["amount"] for row in rows.iter_rows(named=True)}
    sums = {year: sum((a for (y, _), a in amounts.items() if y == year), Decimal(0)) for year in years}
    scale = scale_of([*sums.values(), *marks.values()])
    stacks = [
        (names[code], class_colour(code), {y: amounts.get((y, code), Decimal(0)) for y in years}) for code in shown
    ]
    if len(shown) < len(names):
        rest = {y: sums[y] - sum((amounts.get((y, code), Decimal(0)) for code in shown), Decimal(0)) for y in years}
        stacks.append((f"其他 {len(names) - len(shown)} 类", OTHER, rest))
    told = {year for year, _ in amounts}
    printed = dict(zip(totals["fiscal_year"], totals["total"], strict=True))
    whole = {year: printed.get(year) or sums[year] for year in years}
    shift = 0.12 if any(year in marks for year in told) else 0.0
    title = f"支出{PHASE_NAMES[phase]}按功能分类"
    subtitle = "◆ 为执行数（空心为存疑），不在柱内；出处见“数字没有说的”" if marks else "各类为文件所印数"
    with style():
        figure, axes = sheet(title, subtitle, _foot(source, scale), 4.7, right=1.75)
        year_axis(axes, years)
        stack(axes, years, stacks, scale, shift)
        top = max([scale.value(amount) for amount in [*sums.values(), *marks.values()]], default=0.0) or 1.0
        axes.set_ylim(0, top * 1.17)
        for place, year in enumerate(years):
            if year in told:
                label(axes, place - shift, scale.value(sums[year]) + top * 0.015, scale.text(whole[year]))
            else:
                mark_gap(axes, place, top * 0.3, _NO_DOCUMENT if year in asked else "仅有执行数")
            if year in marks:
                execution_mark(axes, place + (0.33 if year in told else 0), marks[year], scale, top, year in doubtful)
        name_stacks(axes, years, sorted(told), stacks, scale, top, shift)
        money_axis(axes)
    return Chart(
        "trend",
        title,
        f"{title}：{_trend_words(years, told, whole, marks, stacks)}。",
        figures_of(title, classes),
        figure,
    )


def basic_project(totals: pl.DataFrame, phase: Phase, source: str) -> Chart:
    """Basic against project expenditure over the years, with the project share.

    Args:
        totals: `fiscal_year`, `total`, `basic`, `project` as `series.totals` gives them; yuan, null for a gap.
        phase: What the bars are.
        source: The line under the chart.
    """
    rows = totals.to_dicts()
    years = [row["fiscal_year"] for row in rows]
    scale = scale_of(row[name] for row in rows for name in ("basic", "project", "total"))
    zero = Decimal(0)
    stacks = [
        ("基本支出", BASIC, {row["fiscal_year"]: row["basic"] or zero for row in rows}),
        ("项目支出", PROJECT, {row["fiscal_year"]: row["project"] or zero for row in rows}),
    ]
    sums = {year: sum((amounts[year] for _, _, amounts in stacks), zero) for year in years}
    told = [row["fiscal_year"] for row in rows if row["basic"] is not None or row["project"] is not None]
    shares = {year: stacks[1][2][year] / sums[year] for year in told if sums[year]}
    title = f"基本支出与项目支出（{PHASE_NAMES[phase]}）"
    with style():
        figure, axes = sheet(title, "柱顶为项目支出占比", _foot(source, scale), 3.7, right=1.75)
        year_axis(axes, years)
        stack(axes, years, stacks, scale)
        top = max((scale.value(amount) for amount in sums.values()), default=0.0) or 1.0
        axes.set_ylim(0, top * 1.14)
        for place, year in enumerate(years):
            if year in told:
                label(axes, place, scale.value(sums[year]) + top * 0.015, percent(shares.get(year)))
            else:
                mark_gap(axes, place, top * 0.4, _NO_DOCUMENT)
        name_stacks(axes, years, told, stacks, scale, top)
        money_axis(axes)
    words = "；".join(
        f"{y}年基本支出 {wan(stacks[0][2][y])} 万元、项目支出 {wan(stacks[1][2][y])} 万元，"
        f"项目占 {percent(shares.get(y))}"
        if y in told
        else f"{y}年无数据"
        for y in years
    )
    return Chart("basic-project", title, f"{title}：{words}。", figures_of(title, totals), figure)


def top_items(items: pl.DataFrame, year: int, phase: Phase, source: str) -> Chart:
    """The largest items of a year as bars, with the year before as a mark.

    Args:
        items: `code`, `name`, `amount`, `before`, `share` as `series.top_items` gives them; yuan.
        year: The fiscal year of `amount`.
        phase: What the amounts are.
        source: The line under the chart.
    """
    rows = items.to_dicts()
    scale = scale_of(row[name] for row in rows for name in ("amount", "before"))
    title = f"{year}年最大的 {len(rows)} 个支出项目"
    with style():
        compared = any(row["before"] is not None for row in rows)
        subtitle = f"竖线为 {year - 1} 年{PHASE_NAMES[phase]}，百分数为增减" if compared else "上年没有可比的文件"
        figure, axes = sheet(
            title, subtitle, _foot(source, scale), 1.6 + 0.36 * max(len(rows), 1), left=2.55, right=1.35
        )
        places = list(range(len(rows)))
        axes.barh(
            places, [scale.value(row["amount"]) for row in rows], 0.62, color=[class_colour(r["code"]) for r in rows]
        )
        top = max(
            (scale.value(row[n]) for row in rows for n in ("amount", "before") if row[n] is not None), default=1.0
        )
        for place, row in zip(places, rows, strict=True):
            end = scale.value(row["amount"])
            if row["before"] is not None:
                before = scale.value(row["before"])
                axes.plot([before, before], [place - 0.4, place + 0.4], color=INK, linewidth=2, zorder=4)
                end = max(end, before)
            change = signed_percent(growth(row["amount"], row["before"]))
            words = f"{scale.text(row['amount'])}" + (f"  {change}" if change != GAP else "")
            axes.text(end + top * 0.015, place, words, va="center", fontsize=9)
        axes.set_yticks(places, [_item_name(row) for row in rows], fontsize=9, color=INK)
        axes.set_xlim(0, top * 1.02)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        money_axis(axes, horizontal=True)
    words = "；".join(f"{row['name']} {wan(row['amount'])} 万元，占 {row['share']:.2%}" for row in rows)
    return Chart("top-items", title, f"{title}：{words}。", figures_of(title, items), figure)


def movers(items: pl.DataFrame, year: int, phase: Phase, source: str) -> Chart:
    """The items that rose and fell most, as bars to the right and the left.

    Args:
        items: `code`, `name`, `change`, `presence` as `series.movers` gives them; yuan.
        year: The later fiscal year.
        phase: What the amounts are.
        source: The line under the chart.
    """
    rows = items.to_dicts()
    scale = scale_of(row["change"] for row in rows)
    title = f"{year}年比{year - 1}年增减最多的项目"
    with style():
        figure, axes = sheet(
            title,
            f"{PHASE_NAMES[phase]}比{PHASE_NAMES[phase]}",
            _foot(source, scale),
            1.6 + 0.36 * max(len(rows), 1),
            left=2.55,
            right=0.3,
        )
        places = list(range(len(rows)))
        values = [scale.value(row["change"]) for row in rows]
        axes.barh(places, values, 0.62, color=[RISE if value > 0 else FALL for value in values])
        low, high = min([0.0, *values]), max([0.0, *values])
        room = (high - low) * 0.22 or 1.0
        notes = {"new": "（新列）", "ended": "（不再列）", "both": ""}
        for place, row, value in zip(places, rows, values, strict=True):
            sign = "+" if value > 0 else ""
            words = f"{sign}{scale.text(row['change'])}{notes[row['presence']]}"
            pad = room * 0.05
            axes.text(
                value + (pad if value > 0 else -pad), place, words, va="center", fontsize=9,
                ha="left" if value > 0 else "right",
            )  # fmt: skip
        axes.set_yticks(places, [_item_name(row) for row in rows], fontsize=9, color=INK)
        axes.set_xlim(low - (room if low < 0 else 0), high + (room if high > 0 else 0))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        money_axis(axes, horizontal=True)
    words = "；".join(f"{row['name']} {wan(row['change'])} 万元{notes[row['presence']]}" for row in rows)
    return Chart("movers", title, f"{title}：{words}。", figures_of(title, items), figure)


def three_public(frame: pl.DataFrame, phase: Phase, source: str) -> Chart:
    """The 三公 expenditure by its parts over the years.

    Args:
        frame: `fiscal_year`, `total` and the parts as `series.three_public` gives them; yuan, null for a gap.
        phase: What the bars are.
        source: The line under the chart.
    """
    rows = frame.to_dicts()
    years = [row["fiscal_year"] for row in rows]
    scale = scale_of(row["total"] for row in rows)
    used = [part for part in THREE_PUBLIC_PARTS if any(row[part] for row in rows)]
    stacks = [
        (THREE_PUBLIC_NAMES[p], THREE_PUBLIC_COLOURS[p], {r["fiscal_year"]: r[p] or Decimal(0) for r in rows})
        for p in used
    ]
    title = f"“三公”经费{PHASE_NAMES[phase]}"
    with style():
        figure, axes = sheet(title, "按组成部分，柱顶为合计", _foot(source, scale), 3.5, right=1.75)
        year_axis(axes, years)
        stack(axes, years, stacks, scale)
        top = max((scale.value(row["total"]) for row in rows if row["total"] is not None), default=0.0) or 1.0
        axes.set_ylim(0, top * 1.16)
        for place, row in enumerate(rows):
            if row["total"] is None:
                mark_gap(axes, place, top * 0.4, _NO_DOCUMENT)
            else:
                label(axes, place, scale.value(row["total"]) + top * 0.015, scale.text(row["total"]))
        name_stacks(axes, years, [r["fiscal_year"] for r in rows if r["total"] is not None], stacks, scale, top)
        money_axis(axes)
    words = "；".join(
        f"{row['fiscal_year']}年 " + (f"{wan(row['total'])} 万元" if row["total"] is not None else "无数据")
        for row in rows
    )
    return Chart("three-public", title, f"{title}：{words}。", figures_of(title, frame), figure)


def figures_of(caption: str, frame: pl.DataFrame) -> Table:
    """A frame as a table of its figures: amounts exact, a gap as "—"."""
    columns = tuple(Column(name, kind.is_numeric()) for name, kind in frame.schema.items())
    rows = tuple(tuple(GAP if cell is None else str(cell) for cell in row) for row in frame.iter_rows())
    return Table(caption, columns, rows)


def _foot(source: str, scale: Scale) -> str:
    return f"{source} · 单位：{scale.name}"


def _item_name(row: dict[str, Any]) -> str:
    return f"{short(row['name'], 13)} {row['code'] or ''}"


def _trend_words(
    years: list[int], told: set[int], sums: dict[int, Decimal], marks: dict[int, Decimal], stacks: list[Stack]
) -> str:
    parts = []
    for year in years:
        words = f"{year}年 {wan(sums[year])} 万元" if year in told else f"{year}年无数据"
        if year in marks:
            words += f"，执行数 {wan(marks[year])} 万元"
        if year in told:
            largest = max(stacks, key=lambda stack: stack[2][year])
            words += f"，最大的一类是{largest[0]} {wan(largest[2][year])} 万元"
        parts.append(words)
    return "；".join(parts)
