"""Rows that lie below each other: their names at the left, their places, and the same axis in plotly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.charts.explore import safe
from analysis.charts.frame_values import NAMELESS
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.theme import INK
from analysis.charts.typography import cut, width

MOST_LEFT = 206.0
_ROOMY, _DENSE, _MANY = 22.0, 17.0, 20


def row_name(row: Mapping[str, Any]) -> str:
    """What a row of a frame is called: its name, and behind it the code that is its key, where the name has none."""
    name, key = row["name"] or NAMELESS, str(row.get("key") or "")
    return f"{name} {key}" if key.isdecimal() and not str(name).endswith(key) else str(name)


@dataclass(frozen=True, slots=True)
class Rows:
    """Where named rows lie: from `top` downwards, `step` apart, their names to the left of `left`."""

    names: tuple[str, ...]
    top: float
    step: float
    left: float

    @property
    def height(self) -> float:
        """All rows together."""
        return self.step * len(self.names)

    @property
    def margin(self) -> int:
        """Pixels that the names need in plotly."""
        return round((self.left - 8) * 4 / 3)

    @property
    def thick(self) -> float:
        """How thick a bar is."""
        return self.step * 0.62

    def middle(self, number: int) -> float:
        """The height of a row's middle."""
        return self.top + (number + 0.5) * self.step

    def write(self, sheet: Canvas, size: float = 9.0, colours: Sequence[str] = ()) -> None:
        """The names, cut where they are too long; a code at the end of a name stays whole."""
        for number, name in enumerate(self.names):
            colour = colours[number] if colours else INK
            sheet.words(self.left - 8, self.middle(number), cut_name(name, self.left - 16, size), size, colour, "right")


def rows_of(names: Sequence[str], top: float, most: float = MOST_LEFT) -> Rows:
    """Rows with as much room for their names as they need, at most `most` points."""
    step = _ROOMY if len(names) <= _MANY else _DENSE
    left = min(max((width(name, 9) for name in names), default=0.0) + 18, most)
    return Rows(tuple(names), top, step, max(left, 60.0))


def cut_name(name: str, room: float, size: float) -> str:
    """A name cut to its room, the code at its end kept."""
    words, _, code = name.rpartition(" ")
    if not words or not code.isdecimal():
        return cut(name, room, size)
    tail = f" {code}"
    return cut(words, room - width(tail, size), size) + tail


def row_axis(names: Sequence[str], left: float, standoff: int = 0) -> dict[str, Any]:
    """The rows as plotly's upright axis: places are numbers, so two rows may bear the same name.

    Args:
        names: The names from above.
        left: The room of print at their left, by which they are cut.
        standoff: Pixels between the names and the plot, for words of bars that reach to the left.
    """
    axis = {
        "tickmode": "array", "tickvals": list(range(len(names))),
        "ticktext": [safe(cut_name(name, left - 16, 9)) for name in names],
        "range": [len(names) - 0.4, -0.6], "zeroline": False, "showgrid": False, "tickfont": {"size": 12, "color": INK},
    }  # fmt: skip
    return axis | ({"ticklabelstandoff": standoff} if standoff else {})


def column_axis() -> dict[str, Any]:
    """The columns of a field of cells as plotly's level axis, above it."""
    return {"side": "top", "type": "category", "showgrid": False, "tickfont": {"size": 12, "color": INK}}


def told(name: str, words: str) -> list[str]:
    """What hovering tells of a row: the whole name and what it amounts to."""
    return [safe(name), words]
