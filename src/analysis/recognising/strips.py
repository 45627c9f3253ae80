"""Ink without rulings → strips: one line of a cell, or one piece of a line of the open page, each to be recognised.

A cell is cut along the grid first, so that a figure never runs into its neighbour. A strip's box is in pixels.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from analysis.recognising.pixels import Pixels

_LEAST_INK = 0.35
"""Square points of ink that a strip has at least; less is a speck."""
_LOWEST = 1.6
_LOWEST_LINE = 3.5
_JOIN = 11.0
_NARROW = 4
"""What is so many times as high as wide is an edge of the sheet or a fold; a 1 is three times as high."""
_INSET = 0.8


class Strip(NamedTuple):
    """A line of text in a picture: its box in pixels, and the number of its cell; None on the open page."""

    left: int
    top: int
    right: int
    bottom: int
    cell: int | None

    @property
    def in_cell(self) -> bool:
        """Whether it stands in a cell."""
        return self.cell is not None


Box = tuple[float, float, float, float]


def strips_of_cells(ink: Pixels, cells: Iterable[Box], scale: float) -> list[Strip]:
    """The lines in the cells, whose boxes are in points; blank cells give none."""
    found = []
    for number, (x0, top, x1, bottom) in enumerate(cells):
        left, right = round((x0 + _INSET) * scale), round((x1 - _INSET) * scale)
        high, low = round((top + _INSET) * scale), round((bottom - _INSET) * scale)
        found += [Strip(*box, number) for box in _lines_in(ink, left, high, right, low, scale)]
    return found


def _lines_in(
    ink: Pixels, left: int, top: int, right: int, bottom: int, scale: float
) -> Iterator[tuple[int, int, int, int]]:
    part = ink[top:bottom, left:right]
    if part.size == 0 or int(np.count_nonzero(part)) < _LEAST_INK * scale * scale:
        return
    part = without_specks(part, scale)
    rows = np.count_nonzero(part, axis=1)
    for high, low in _stretches(rows > 0, max(1, round(0.5 * scale))):
        line = part[high:low]
        if np.count_nonzero(line) < _LEAST_INK * scale * scale:
            continue
        columns = np.flatnonzero(line.any(axis=0))
        if low - high < _LOWEST * scale and columns[-1] - columns[0] < _LOWEST * scale:
            continue
        yield left + int(columns[0]), top + high, left + int(columns[-1]) + 1, top + low


def _stretches(filled: npt.NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """The stretches of filled rows, those closer than `gap` joined."""
    where = np.flatnonzero(filled)
    if not len(where):
        return []
    cuts = np.flatnonzero(np.diff(where) > gap)
    starts = [int(where[0]), *(int(where[cut + 1]) for cut in cuts)]
    ends = [*(int(where[cut]) + 1 for cut in cuts), int(where[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def without_specks(ink: Pixels, scale: float) -> Pixels:
    """The ink without what is smaller than a point of a number."""
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink)
    small = np.zeros(count, bool)
    small[1:] = boxes[1:, cv2.CC_STAT_AREA] < max(2.0, 0.18 * scale * scale)
    return np.where(small[labels], 0, ink).astype(np.uint8)


def strips_outside(ink: Pixels, tables: Iterable[Box], scale: float) -> list[Strip]:
    """The pieces of lines outside the tables, whose boxes are in points."""
    open_page = ink.copy()
    for x0, top, x1, bottom in tables:
        open_page[max(0, round(top * scale)) : round(bottom * scale), max(0, round(x0 * scale)) : round(x1 * scale)] = 0
    clean = without_specks(open_page, scale)
    reach = cv2.getStructuringElement(cv2.MORPH_RECT, (max(3, round(_JOIN * scale)), max(1, round(0.8 * scale))))
    joined = cv2.morphologyEx(clean, cv2.MORPH_CLOSE, reach)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for number, (left, top, width, height, _area) in enumerate(boxes[1:], 1):
        window = np.s_[top : top + height, left : left + width]
        inked = np.count_nonzero((labels[window] == number) & (clean[window] > 0))
        if height < _LOWEST_LINE * scale or height > _NARROW * width or inked < 2 * _LEAST_INK * scale * scale:
            continue
        found.append(Strip(int(left), int(top), int(left + width), int(top + height), None))
    return found
