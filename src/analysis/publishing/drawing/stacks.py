"""Stacked bars over years: one bar a year, one colour a part, the parts named once at the right.

Amounts are Decimals in yuan; a `Scale` turns them into lengths at the last moment.
"""

from decimal import Decimal

from matplotlib.axes import Axes

from analysis.publishing.amounts import Scale
from analysis.publishing.drawing.canvas import spread
from analysis.publishing.drawing.theme import EXECUTED, INK, MUTED, PAPER, printable, text_colour

BAR_WIDTH = 0.56
Stack = tuple[str, str, dict[int, Decimal]]


def year_axis(axes: Axes, years: list[int]) -> None:
    """Ticks for years that stand side by side."""
    axes.set_xticks(range(len(years)), [f"{year}年" for year in years])
    axes.set_xlim(len(years) - 1 - _edge(years), _edge(years))


def _edge(years: list[int]) -> float:
    return (len(years) - 1) / 2 + max(len(years), 3) / 2 + 0.05


def stack(axes: Axes, years: list[int], stacks: list[Stack], scale: Scale, shift: float = 0.0) -> None:
    """Draw stacked bars, `shift` to the left of their years; the amount stands in every area that has room for it."""
    places = [place - shift for place in range(len(years))]
    floor = [0.0] * len(years)
    whole = max((sum(scale.value(amounts[year]) for _, _, amounts in stacks) for year in years), default=0.0)
    for _, colour, amounts in stacks:
        heights = [scale.value(amounts[year]) for year in years]
        axes.bar(places, heights, BAR_WIDTH, bottom=floor, color=colour, edgecolor="white", linewidth=0.6)
        for place, (year, height) in enumerate(zip(years, heights, strict=True)):
            if height > whole * 0.07:
                axes.text(
                    places[place], floor[place] + height / 2, scale.text(amounts[year]), ha="center", va="center",
                    fontsize=8.5, color=text_colour(colour),
                )  # fmt: skip
        floor = [base + height for base, height in zip(floor, heights, strict=True)]


def name_stacks(
    axes: Axes, years: list[int], told: list[int], stacks: list[Stack], scale: Scale, top: float, shift: float = 0.0
) -> None:
    """Name the areas at the right of the last year that has any, in their order."""
    if not told:
        return
    place, middles, floor = years.index(told[-1]), [], 0.0
    for _, _, amounts in stacks:
        height = scale.value(amounts[told[-1]])
        middles.append(floor + height / 2)
        floor += height
    edge = _edge(years)
    for (name, colour, _), middle, height in zip(
        stacks, middles, spread(middles, top * 0.062, top * 1.08), strict=True
    ):
        axes.plot(
            [place - shift + BAR_WIDTH / 2 + 0.02, edge + 0.02, edge + 0.08], [middle, height, height],
            color=colour, linewidth=1, clip_on=False,
        )  # fmt: skip
        axes.text(edge + 0.1, height, short(name, 11), va="center", fontsize=9, color=INK, clip_on=False)


def label(axes: Axes, place: float, height: float, words: str) -> None:
    """A bold amount above a bar."""
    axes.text(place, height, words, ha="center", va="bottom", fontsize=10, fontweight="bold", color=INK)


def execution_mark(axes: Axes, place: float, amount: Decimal, scale: Scale, top: float, hollow: bool) -> None:
    """A diamond with its amount: what was executed, beside the bar and no part of it; hollow where it is in doubt."""
    height = scale.value(amount)
    fill, line = (PAPER, EXECUTED) if hollow else (EXECUTED, PAPER)
    axes.plot([place], [height], marker="D", markersize=7, color=fill, markeredgecolor=line, zorder=5)
    axes.text(
        place, height + top * 0.025, f"执行\n{scale.text(amount)}", ha="center", va="bottom",
        fontsize=8.5, color=MUTED, linespacing=1.2,
    )  # fmt: skip


def short(name: str | None, length: int) -> str:
    """A name cut to `length` characters that the chart's type can print."""
    text = printable(name or "（无名称）")
    return text if len(text) <= length else f"{text[: length - 1]}…"
