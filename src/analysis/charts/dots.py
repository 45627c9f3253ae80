"""One row of dots a group: every organisation is a dot, the quartiles are lines, and what lies apart has its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import FOOT, TOP, WIDTH, Axis, Bands, Caption, Drawing, Plot
from analysis.charts.frame_values import NAMELESS, Value, cell, exact_percent, table, value_of
from analysis.charts.marks import BaseLine, Datum, Dot, GreyField, Mark, Rule, Text
from analysis.charts.theme import DOT, INK, MUTED, OUTLIER
from analysis.charts.typography import cut_middle, width
from analysis.display.amounts import percent
from analysis.indicators.peers import Quartiles, outlying, quartiles

_STEP = 58.0
_LEFT, _RIGHT = 110.0, 44.0
_TOLD = 3  # outliers told at each end of a row in words
_NAMED = 1  # and named in the chart: a plot may be as narrow as a telephone, where several lie on each other
_LEVELS = (0.0, -0.105, 0.105, -0.21, 0.21)  # of a row: where dots stand that would lie on each other
_APART = 8.0  # points between dots of one level
_HALF, _HALF_MEDIAN = 0.26, 0.3  # of a row: how far the lines of the quartiles reach
_ABOVE, _BELOW = 0.25, 0.28  # of a row: where the words start
_QUARTILES = ("P25", "中位数", "P75")


@dataclass(frozen=True, slots=True)
class Member:
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
    """A row: its members from the lowest, and the quartiles of their ratios."""

    name: str
    members: tuple[Member, ...]
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
        return empty_chart(caption, figures)
    axis = _axis([member.ratio for group in groups for member in group.members])
    names = Bands(tuple(group.name for group in groups), tuple(f"{len(group.members)} 个" for group in groups))
    plot = Plot(axis, names, _LEFT, TOP - 8, WIDTH - _LEFT - _RIGHT, _STEP * len(groups))
    marks: list[Mark] = [BaseLine()] if axis.low <= 0 <= axis.high else []
    for number, group in enumerate(groups):
        marks += [*_quartiles(number, group), *_dots(number, group, plot), *_names(number, group, plot)]
    doubt = any(member.value.suspect for group in groups for member in group.members)
    drawing = Drawing(
        caption, TOP + _STEP * len(groups) + FOOT, tuple(marks), plot, "%", doubt, remark="竖线为 P25、中位数、P75"
    )
    return make_chart(drawing, [_words(group) for group in groups], figures)


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    found: dict[str, list[tuple[str, Value]]] = {}
    for row in rows:
        value = value_of(row, "ratio")
        if value is not None:
            found.setdefault(str(row["group"]), []).append((row["name"] or NAMELESS, value))
    groups = []
    for name, pairs in found.items():
        pairs.sort(key=lambda pair: (pair[1].amount, pair[0]))
        apart = outlying([value.amount for _, value in pairs])
        members = tuple(Member(who, value, out) for (who, value), out in zip(pairs, apart, strict=True))
        groups.append(Group(name, members, quartiles([value.amount for _, value in pairs])))
    return groups


def _axis(ratios: Sequence[float]) -> Axis:
    """From the lowest to the highest ratio with some room, from zero where the lowest is near it."""
    low, high = min(ratios), max(ratios)
    spare = (high - low) * 0.06 or 0.05
    return Axis(0.0 if 0 <= low < high / 2 else low - spare, high + spare, percent=True)


def _quartiles(number: int, group: Group) -> list[Mark]:
    """The field between the outer quartiles, the lines of all three, and the median in words."""
    lower, middle, upper = (float(value) for value in group.quartiles)
    marks: list[Mark] = [GreyField((lower, upper), (number - _HALF, number + _HALF))]
    for name, value in zip(_QUARTILES, group.quartiles, strict=True):
        half, colour, thick = (_HALF_MEDIAN, INK, 1.8) if name == "中位数" else (_HALF, MUTED, 0.9)
        at, datum = float(value), Datum(name, percent(value))
        marks.append(Rule((at, number - half), (at, number + half), colour, thick, datum=datum))
    return [*marks, Text(middle, number + _BELOW, f"{middle:.1%}", "below", 8, MUTED)]


def _dots(number: int, group: Group, plot: Plot) -> list[Dot]:
    """The members of a group, on several levels where they would lie on each other."""
    reach, result = [-1e9] * len(_LEVELS), []
    for member in group.members:
        x = plot.x_at(member.ratio)
        free = (level for level, end in enumerate(reach) if x - end >= _APART)
        level = next(free, min(range(len(reach)), key=reach.__getitem__))
        reach[level] = x
        datum = Datum(member.name, f"{group.name} {percent(member.value.amount)}", member.value)
        result.append(Dot(member.ratio, number + _LEVELS[level], OUTLIER if member.apart else DOT, datum))
    return result


def _names(number: int, group: Group, plot: Plot) -> list[Text]:
    """The names of the outermost outliers above their dots, those left out that would lie on another."""
    apart = [member for member in group.members if member.apart]
    result, end = [], -1e9
    for member in dict.fromkeys([*apart[:_NAMED], *apart[-_NAMED:]]):
        words = cut_middle(member.name, 92, 8) + f" {member.ratio:.1%}"
        half = width(words, 8) / 2
        x = min(max(plot.x_at(member.ratio), half + 4), WIDTH - half - 4)
        if x - half > end:
            result.append(Text(member.ratio, number - _ABOVE, words, "above", 8, OUTLIER))
            end = x + half + 4
    return result


def _words(group: Group) -> str:
    lower, middle, upper = group.quartiles
    words = (
        f"{group.name}：{len(group.members)} 个，P25 {percent(lower)}、中位数 {percent(middle)}、P75 {percent(upper)}"
    )
    apart = [f"{member.name} {percent(member.value.amount)}" for member in group.members if member.apart]
    if apart:
        words += f"，离群的有{'、'.join(apart[: _TOLD * 2])}" + (
            f"等 {len(apart)} 个" if len(apart) > _TOLD * 2 else ""
        )
    return words
