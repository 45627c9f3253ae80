"""The words of a tree's areas, cut or broken so that they fit: in print as they are placed, in plotly into less."""

from math import ceil, floor, sqrt
from textwrap import wrap

from analysis.charts.marks import Area
from analysis.charts.typography import cut, width

_LEAST_HEAD = 5  # characters: a shorter rest of a head says nothing
_PAGE = (1.12, 1.05)  # the areas of a page of ordinary width, in areas of print


def head_words(area: Area, wider: float = 1.0) -> str:
    """What stands in the head of an area that is `wider` than in print."""
    return cut(f"{area.name} {area.amount}", area.box[2] * wider - 8, 9, True)


def fitting_lines(area: Area, scale: tuple[float, float] = (1.0, 1.0)) -> list[str]:
    """A leaf's name and its amount, in one line where it is low; none where it is small."""
    wide, high = area.box[2] * scale[0], area.box[3] * scale[1]
    room = wide - 7
    if room < width(area.amount, 8) or high < 13:
        return []
    if high < 25:
        name = cut(area.name, room - width(f" {area.amount}", 8), 8)
        return [f"{name} {area.amount}" if len(name) > 2 else area.amount]
    return [cut(area.name, room, 8), area.amount]


def page_lines(area: Area) -> list[str]:
    """The words of an area for plotly, which cuts none: the whole name in several lines, else a part of it.

    Plotly places areas a little differently and leaves out words that do not fit, until the area is made large by a
    click; so the words fit into a square somewhat smaller than the area.
    """
    if not area.size:
        head = head_words(area, _PAGE[0])
        return [head if len(head) >= _LEAST_HEAD else area.name]
    wide, side = area.box[2] * _PAGE[0], sqrt(area.box[2] * area.box[3] * _PAGE[0] * _PAGE[1])
    room = min(wide, 0.8 * side) * 0.9 - 7
    if not fitting_lines(area, _PAGE) or width(area.name, 8) <= room:
        return [area.name, area.amount]
    each = max(floor(len(area.name) * room / width(area.name, 8)), 2)
    broken = wrap(area.name, ceil(len(area.name) / ceil(len(area.name) / each)))
    if (len(broken) + 1) * 11 <= side:
        return [*broken, area.amount]
    short = cut(area.name, room, 8)
    return [short, area.amount] if len(short) > 2 else [area.amount]
