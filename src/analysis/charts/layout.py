"""Where things lie on the printed sheet before anything is drawn: plots, the room of names, legends, heads of areas."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.charts.drawing import EDGE, FOOT, TOP, WIDTH, Axis, Bands, LegendEntry, Plot
from analysis.charts.frame_values import NAMELESS
from analysis.charts.typography import cut, cut_middle, width

Box = tuple[float, float, float, float]  # left, top, width, height
LEGEND_LINE = 13.0
AREA_HEAD = 14.0  # the head of an area that lies around others
_LEFT, _END_NAMES = 58.0, 146.0  # of a plot of years: room for values, and for names at its right
_ROOMY, _DENSE, _MANY = 22.0, 17.0, 20  # from row to row, and how many rows are many
_LEAST_LEFT, _MOST_LEFT, _LEAST_RIGHT = 60.0, 206.0, 18.0
_MOST_ENTRY, _ENTRY_GAP = 110.0, 12.0  # of a legend: points of a name, and from one entry to the next


def year_plot(years: Sequence[int], axis: Axis, height: float) -> Plot:
    """Years side by side over a measured axis, on a sheet of a height."""
    names = Bands(tuple(f"{year}年" for year in years))
    return Plot(names, axis, _LEFT, TOP, WIDTH - _LEFT - _END_NAMES, height - TOP - FOOT)


def row_plot(
    names: Sequence[str], axis: Axis, behind: Sequence[str], before: float = 0.0, bold: bool = False,
    top: float = TOP - 6,
) -> Plot:  # fmt: skip
    """Named rows below each other; `behind` are the words at the right ends, `before` points at the left ends."""
    left, step = names_room(names), row_step(names)
    room = max(max((width(words, 9, bold) for words in behind), default=0.0) + 14, _LEAST_RIGHT)
    start = left + before
    return Plot(axis, Bands(tuple(names)), start, top, WIDTH - start - room, step * len(names), before)


def tile_plot(columns: Sequence[str], rows: Sequence[str], top: float, most: float) -> Plot:
    """Cells of columns and rows; the names of rows take at most `most` points."""
    left = names_room(rows, most)
    return Plot(
        Bands(tuple(columns)), Bands(tuple(rows)), left, top, WIDTH - left - EDGE, row_step(rows) * len(rows)
    )  # fmt: skip


def row_step(names: Sequence[str]) -> float:
    """From one row to the next."""
    return _ROOMY if len(names) <= _MANY else _DENSE


def names_room(names: Sequence[str], most: float = _MOST_LEFT) -> float:
    """The room of the names of rows: as much as they need, at most `most` points."""
    return max(min(max((width(name, 9) for name in names), default=0.0) + 18, most), _LEAST_LEFT)


def row_name(row: Mapping[str, Any]) -> str:
    """What a row of a frame is called: its name, and behind it the code that is its key, where the name has none."""
    name, key = row["name"] or NAMELESS, str(row.get("key") or "")
    return f"{name} {key}" if key.isdecimal() and not str(name).endswith(key) else str(name)


def cut_name(name: str, room: float, size: float) -> str:
    """A name cut to its room, the code at its end kept."""
    words, _, code = name.rpartition(" ")
    if not words or not code.isdecimal():
        return cut_middle(name, room, size)
    tail = f" {code}"
    return cut_middle(words, room - width(tail, size), size) + tail


def legend_places(entries: Sequence[LegendEntry]) -> list[tuple[int, float, str]]:
    """The line, the place in it and the words of each entry of a legend."""
    result, line, x = [], 0, 0.0
    for entry in entries:
        words = cut(entry.name, _MOST_ENTRY, 8.5)
        room = width(words, 8.5) + 15 + _ENTRY_GAP
        if x and x + room - _ENTRY_GAP > WIDTH - 2 * EDGE:
            line, x = line + 1, 0.0
        result.append((line, x, words))
        x += room
    return result


def has_head(box: Box) -> bool:
    """Whether an area that lies around others has room for a head of its own."""
    return box[2] > 54 and box[3] > 34
