"""Ink → ruling lines: long straight runs that cross one another.

A stroke of a large title is long and straight too; it crosses no frame. So a horizontal run is a ruling only with
vertical ones, and the other way round. Positions are in points.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from analysis.recognising.pixels import Pixels

Ruling = tuple[float, float, float]

_LEAST_ACROSS, _LEAST_DOWN = 24.0, 11.0
_THICKEST, _GROWN = 4.0, 2
_REACH, _TOUCH = 3.5, 1.8
_LONGEST_STROKE, _IN_LINE = 20.0, 2.0
_GAP = 1.2


def find_rulings(ink: Pixels, scale: float) -> tuple[list[Ruling], list[Ruling], Pixels]:
    """The horizontal rulings (y, x0, x1), the vertical ones (x, top, bottom), and the ink of both."""
    across = _runs(ink, max(8, round(_LEAST_ACROSS * scale)), scale, horizontal=True)
    down = _runs(ink, max(8, round(_LEAST_DOWN * scale)), scale, horizontal=False)
    horizontals, verticals = _boxes(across, scale, horizontal=True), _boxes(down, scale, horizontal=False)
    for _ in range(2):
        horizontals = [one for one in horizontals if _crossed(one, verticals) >= 2]
        verticals = _between(verticals, horizontals)
    horizontals = [_to_frame(one, verticals) for one in horizontals]
    verticals = [_to_frame(one, horizontals) for one in verticals]
    ruled: Pixels = _kept(across, horizontals, scale, horizontal=True) | _kept(down, verticals, scale, horizontal=False)
    return horizontals, verticals, ruled


def _runs(ink: Pixels, length: int, scale: float, *, horizontal: bool) -> Pixels:
    """Ink that goes on for `length` pixels in one direction; small breaks of a faint line are bridged."""
    bridge = max(2, round(_GAP * scale))
    size = (bridge, 1) if horizontal else (1, bridge)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, size))
    size = (length, 1) if horizontal else (1, length)
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))


def _boxes(runs: Pixels, scale: float, *, horizontal: bool) -> list[Ruling]:
    """Each connected run as one line along its middle; what is as thick as a bar is none."""
    size = (1, 1 + _GROWN) if horizontal else (1 + _GROWN, 1)
    joined = cv2.dilate(runs, cv2.getStructuringElement(cv2.MORPH_RECT, size))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    found: list[Ruling] = []
    for left, top, width, height, area in boxes[1:]:
        long = width if horizontal else height
        if area / long - _GROWN > _THICKEST * scale:
            continue
        middle, start = (top + height / 2, left) if horizontal else (left + width / 2, top)
        found.append((float(middle / scale), float(start / scale), float((start + long) / scale)))
    return found


def _between(verticals: Sequence[Ruling], horizontals: Sequence[Ruling]) -> list[Ruling]:
    """Those vertical rulings that run from one horizontal to another, and what goes on in their line.

    A stroke of a character that touches a horizontal ends in the middle of its cell.
    """
    whole = [one for one in verticals if _crossed(one, horizontals, _TOUCH if _is_short(one) else _REACH) >= 2]
    return [
        one
        for one in verticals
        if one in whole
        or (_crossed(one, horizontals) >= 1 and any(abs(one[0] - other[0]) <= _IN_LINE for other in whole))
    ]


def _is_short(one: Ruling) -> bool:
    """Whether it is no longer than a character may be."""
    return one[2] - one[1] < _LONGEST_STROKE


def _crossed(one: Ruling, others: Sequence[Ruling], reach: float = _REACH) -> int:
    """How many rulings of the other direction it meets."""
    position, low, high = one
    return sum(
        low - reach <= where <= high + reach and first - _REACH <= position <= last + _REACH
        for where, first, last in others
    )


def _to_frame(one: Ruling, others: Sequence[Ruling]) -> Ruling:
    """The ruling with ends that reach a little beyond, or not quite to, one of the other direction set on that one."""
    position, low, high = one
    met = [where for where, first, last in others if first - _REACH <= position <= last + _REACH]
    if not met:
        return one
    start, end = (min(met, key=lambda where: abs(where - edge)) for edge in (low, high))
    low, high = start if abs(start - low) <= _REACH else low, end if abs(end - high) <= _REACH else high
    return (position, low, high) if low < high else one


def _kept(runs: Pixels, rulings: Sequence[Ruling], scale: float, *, horizontal: bool) -> Pixels:
    """The ink of the runs along the rulings, a little thicker than it was found."""
    mask = np.zeros_like(runs)
    half = max(1, round(1.5 * scale))
    for position, low, high in rulings:
        middle, start, end = round(position * scale), round(low * scale), round(high * scale)
        if horizontal:
            mask[max(0, middle - half) : middle + half + 1, start:end] = 255
        else:
            mask[start:end, max(0, middle - half) : middle + half + 1] = 255
    grown = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    return cv2.bitwise_and(mask, grown)
