"""One row of dots a group: every organisation is a dot, the quartiles are lines, and what lies apart has its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import HOVER, safe
from analysis.charts.frame_values import NAMELESS, Value, cell, exact_percent, table, value_of
from analysis.charts.framing import EDGE, FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.labels import PIXELS, above, at_points
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.row_axis import row_axis
from analysis.charts.scales import Panel
from analysis.charts.theme import DOT, INK, MUTED, OUTLIER
from analysis.charts.typography import cut, width
from analysis.display.amounts import percent
from analysis.indicators.peers import Quartiles, outlying, quartiles

_STEP = 58.0
_LEFT = 110.0
_NAMED = 3  # outliers named at each end of a row
_LEVELS = (0.0, -6.0, 6.0, -12.0, 12.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """One organisation in a group."""

    name: str
    value: Value
    apart: bool

    @property
    def ratio(self) -> float:
        """The ratio, for drawing only."""
        return float(self.value.amount)


@dataclass(frozen=True, slots=True)
class Group:
    """A row: its dots from the lowest, and the quartiles of its ratios."""

    name: str
    dots: tuple[Dot, ...]
    quartiles: Quartiles


def dots(frame: pl.DataFrame, caption: Caption) -> Chart:
    """A strip of dots a group with P25, P50 and P75; what lies beyond 1.5 times the quartiles' distance is named.

    Args:
        frame: `group`, `key`, `name`, `ratio`, null where there is none; optionally `place`, `note`, `suspect`. Groups
            stay in the order of the frame.
        caption: What stands around the chart.
    """
    rows = frame.to_dicts()
    body = [[str(r["group"]), r["name"] or NAMELESS, cell(value_of(r, "ratio"), exact_percent)] for r in rows]
    figures = table(caption.title, ["指标", "名称", "比率"], body, words=2)
    groups = _groups(rows)
    if not groups:
        return nothing(caption, figures)
    doubt = any(dot.value.suspect for group in groups for dot in group.dots)
    drawing = open_drawing(caption, TOP + _STEP * len(groups) + FOOT, "%", doubt)
    sheet = drawing.sheet
    ratios = [dot.ratio for group in groups for dot in group.dots]
    low, high = min(ratios), max(ratios)
    spare = (high - low) * 0.06 or 0.05
    low, high = (0.0 if 0 <= low < high / 2 else low - spare), high + spare
    panel = Panel(_LEFT, TOP - 8, WIDTH - _LEFT - 44, _STEP * len(groups), low, high, across=True)
    panel.grid(sheet, lambda value: f"{value * 100:,.4g}%")
    if low <= 0 <= high:
        panel.base(sheet)
    for number, group in enumerate(groups):
        y = panel.top + (number + 0.5) * _STEP
        _row(sheet, panel, y, group)
        sheet.words(_LEFT - 10, y - 6, cut(group.name, _LEFT - 16, 9.5), 9.5, INK, "right")
        sheet.words(_LEFT - 10, y + 7, f"{len(group.dots)} 个", 8, MUTED, "right")
    words = "竖线为 P25、中位数、P75"
    sheet.words(WIDTH - EDGE, 22, words, 8.5, MUTED, "right", middle=False) if width(
        caption.title, 13, True
    ) < 330 else None
    axis = row_axis([group.name for group in groups], _LEFT)
    axis["ticktext"] = [f"{name}<br>{len(g.dots)} 个" for name, g in zip(axis["ticktext"], groups, strict=True)]
    layout = {
        "yaxis": axis, "xaxis": {"tickformat": ",.4~%", "range": [low, high]}, "showlegend": False,
        "annotations": [above(words)], "margin": {"l": round((_LEFT - 8) * PIXELS), "r": 44},
    }  # fmt: skip
    data = [*_traces(groups), *_written(groups, low, high)]
    return drawing.close([_words(group) for group in groups], figures, data, layout)


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    found: dict[str, list[tuple[str, Value]]] = {}
    for row in rows:
        value = value_of(row, "ratio")
        if value is not None:
            found.setdefault(str(row["group"]), []).append((row["name"] or NAMELESS, value))
    groups = []
    for name, members in found.items():
        members.sort(key=lambda member: (member[1].amount, member[0]))
        apart = outlying([value.amount for _, value in members])
        told = tuple(Dot(who, value, out) for (who, value), out in zip(members, apart, strict=True))
        groups.append(Group(name, told, quartiles([value.amount for _, value in members])))
    return groups


def _row(sheet: Canvas, panel: Panel, y: float, group: Group) -> None:
    lower, middle, upper = (panel.at(float(value)) for value in group.quartiles)
    sheet.rectangle(lower, y - 15, max(upper - lower, 0.5), 30, "#eef1f3", "none")
    sheet.line([(lower, y - 15), (lower, y + 15)], MUTED, 0.9)
    sheet.line([(upper, y - 15), (upper, y + 15)], MUTED, 0.9)
    sheet.line([(middle, y - 17), (middle, y + 17)], INK, 1.8)
    reach = [-1e9] * len(_LEVELS)
    for dot in group.dots:
        x = panel.at(dot.ratio)
        level = next(
            (n for n, end in enumerate(reach) if x - end >= 6.5), min(range(len(reach)), key=reach.__getitem__)
        )
        reach[level] = x
        sheet.dot(x, y + _LEVELS[level], 3.0, OUTLIER if dot.apart else DOT, dot.value.suspect)
    end = -1e9
    for dot in _named(group):
        words = _label(dot)
        half = width(words, 8) / 2
        x = min(max(panel.at(dot.ratio), half + 4), WIDTH - half - 6)
        if x - half > end:
            sheet.words(x, y - 22, words, 8, OUTLIER, "center")
            end = x + half + 4
    sheet.words(middle, y + 23, f"{float(group.quartiles.middle):.1%}", 8, MUTED, "center")


def _named(group: Group) -> list[Dot]:
    """The outliers that are named: the outermost of each end."""
    apart = [dot for dot in group.dots if dot.apart]
    return list({id(dot): dot for dot in [*apart[:_NAMED], *apart[-_NAMED:]]}.values())


def _label(dot: Dot) -> str:
    return cut(dot.name, 92, 8) + f" {dot.ratio:.1%}"


def _words(group: Group) -> str:
    lower, middle, upper = group.quartiles
    words = f"{group.name}：{len(group.dots)} 个，P25 {percent(lower)}、中位数 {percent(middle)}、P75 {percent(upper)}"
    apart = [f"{dot.name} {percent(dot.value.amount)}" for dot in group.dots if dot.apart]
    if apart:
        words += f"，离群的有{'、'.join(apart[: _NAMED * 2])}" + (
            f"等 {len(apart)} 个" if len(apart) > _NAMED * 2 else ""
        )
    return words


def _traces(groups: Sequence[Group]) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for number, group in enumerate(groups):
        levels = [number + _LEVELS[place % len(_LEVELS)] / 40 for place in range(len(group.dots))]
        result.append({
            "type": "scatter", "mode": "markers", "x": [dot.ratio for dot in group.dots], "y": levels,
            "marker": {
                "size": 8, "color": [OUTLIER if dot.apart else DOT for dot in group.dots],
                "symbol": ["circle-open" if dot.value.suspect else "circle" for dot in group.dots],
            },
            "customdata": [[safe(dot.name), f"{safe(group.name)} {percent(dot.value.amount)}"] for dot in group.dots],
            "hovertemplate": HOVER,
        })  # fmt: skip
        result += [
            _quartile(number, label, value)
            for label, value in zip(("P25", "中位数", "P75"), group.quartiles, strict=True)
        ]
    return result


def _written(groups: Sequence[Group], low: float, high: float) -> list[dict[str, Any]]:
    """The names of outliers above their dots, inwards near the ends, and the medians below the rows."""
    named = [(number, dot) for number, group in enumerate(groups) for dot in _named(group)]
    edge = (high - low) * 0.2
    sides = [
        "top left" if dot.ratio > high - edge else "top right" if dot.ratio < low + edge else "top center"
        for _, dot in named
    ]
    middles = [float(group.quartiles.middle) for group in groups]
    words = [f"{middle:.1%}" for middle in middles]
    below = at_points(middles, [number + 0.3 for number in range(len(groups))], words, "bottom center", 11, MUTED)
    if not named:
        return [below]
    ratios, heights = [dot.ratio for _, dot in named], [number - 0.25 for number, _ in named]
    return [below, at_points(ratios, heights, [safe(_label(dot)) for _, dot in named], sides, 11, OUTLIER)]


def _quartile(number: int, label: str, value: Decimal) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": [float(value)] * 2, "y": [number - 0.3, number + 0.3],
        "line": {"color": INK if label == "中位数" else MUTED, "width": 2 if label == "中位数" else 1},
        "customdata": [[label, percent(value)]] * 2, "hovertemplate": HOVER,
    }  # fmt: skip
