"""A page: its characters with their boxes, and its ruling lines; what whatever makes pages gives.

Coordinates are turned so that the text reads left to right and start at the page's top left; `Page.displayed` turns
them back.
"""

from dataclasses import dataclass
from typing import NamedTuple

from analysis.terms.recognition import Reading


class Char(NamedTuple):
    """One visible character and its loose box, in points from the top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        horizontals: Rulings as (y, x0, x1).
        verticals: Rulings as (x, top, bottom).
        recognised: Whether its text is what a recognition (OCR) wrote behind a picture.
        garbled: Whether its text names no characters, only glyphs.
        comments: What somebody wrote over it.
        readings: Of a recognised picture, each piece's middle (x, y) and what it may say.
        unread: Cells with ink of which a recognition could make nothing.
        refusal: Why the pictures on it were not read; empty where they were, or where there are none.
        pictured: Whether its text, or a part of it, was recognised here.
    """

    number: int
    width: float
    height: float
    turn: int
    chars: tuple[Char, ...]
    horizontals: tuple[tuple[float, float, float], ...]
    verticals: tuple[tuple[float, float, float], ...]
    recognised: bool = False
    garbled: bool = False
    comments: tuple[str, ...] = ()
    readings: tuple[tuple[float, float, Reading], ...] = ()
    unread: int = 0
    refusal: str = ""
    pictured: bool = False

    def displayed(self, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        """The box as it stands on the page that a viewer shows, whatever way its text runs."""
        if self.turn == 1:
            return top, self.width - x1, bottom, self.width - x0
        if self.turn == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        if self.turn == 3:
            return self.height - bottom, x0, self.height - top, x1
        return x0, top, x1, bottom
