"""A table in a photograph → straight: its rulings parallel, where the sheet was not before the lens but beside it.

A sheet that lies askew is turned. One that is seen from the side has rulings that are straight and run together; those
of its halves say how. What is bent, an open book, has no such remedy: how far it is from straight is told.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from analysis.recognising.image_rulings import find_rulings
from analysis.recognising.pixels import Pixels, find_ink, find_skew

Matrix = npt.NDArray[np.float64]

_LEAST_ACROSS, _LEAST_DOWN = 24.0, 11.0
_BRIDGE = 1.2
_ENOUGH = 60.0
"""Points of rulings that a half has at least, for its slope to be of use."""

_LEVEL, _MOST_SLOPE, _MOST_BEND = 0.3, 0.8, 1.5
"""Degrees: what is as good as level, and from where on a grid falls to pieces."""
_BETTER, _ROUNDS = 1.05, 4
_FEWEST_ACROSS, _FEWEST_DOWN = 2, 2


class Slopes(NamedTuple):
    """How the rulings of a picture slope, in degrees: across in its upper and lower half, down in its left and right.

    Attributes:
        bend: By how much those across slope otherwise in the left half than in the right.
    """

    upper: float
    lower: float
    left: float
    right: float
    bend: float

    @property
    def most(self) -> float:
        """The largest slope."""
        return max(map(abs, self[:4]))


def find_slopes(ink: Pixels, scale: float) -> Slopes:
    """The slopes of the rulings; 0 for those of a half that has none."""
    height, width = ink.shape
    across = _runs(ink, round(_LEAST_ACROSS * scale), scale, horizontal=True)
    down = np.ascontiguousarray(_runs(ink, round(_LEAST_DOWN * scale), scale, horizontal=False).T)
    least = _ENOUGH * scale
    upper, lower = _slope(across[: height // 2], least), _slope(across[height // 2 :], least)
    left, right = _slope(down[: width // 2], least), _slope(down[width // 2 :], least)
    bend = _slope(across[:, : width // 2], least) - _slope(across[:, width // 2 :], least)
    return Slopes(upper, lower, left, right, abs(bend))


def _runs(ink: Pixels, length: int, scale: float, *, horizontal: bool) -> Pixels:
    bridge = max(2, round(_BRIDGE * scale))
    found: Pixels = ink
    for how, long in ((cv2.MORPH_CLOSE, bridge), (cv2.MORPH_OPEN, max(8, length))):
        size = (long, 1) if horizontal else (1, long)
        found = cv2.morphologyEx(found, how, cv2.getStructuringElement(cv2.MORPH_RECT, size))
    return found


def _slope(runs: Pixels, least: float) -> float:
    return find_skew(np.ascontiguousarray(runs)) if np.count_nonzero(runs) >= least else 0.0


def to_straight(grey: Pixels, scale: float, paper: int) -> tuple[Pixels, bool]:
    """A picture that was turned already, with its rulings parallel; and whether they are still not straight.

    It is left as it is unless its rulings are sharper so. What comes in from outside is `paper`.
    """
    ink = find_ink(grey, scale)
    slopes = find_slopes(ink, scale)
    if (slopes.most < _LEVEL and slopes.bend <= _MOST_BEND) or not _has_table(ink, scale):
        return grey, False
    best, sharpest, left = grey, _sharpness(ink, scale), slopes
    matrix = np.eye(3)
    for _ in range(_ROUNDS):
        if slopes.most < _LEVEL:
            break
        matrix = _to_parallel(slopes, grey.shape) @ matrix
        seen = _warped(grey, matrix, paper)
        ink = find_ink(seen, scale)
        slopes = find_slopes(ink, scale)
        if (sharpness := _sharpness(ink, scale)) > _BETTER * sharpest:
            best, sharpest, left = seen, sharpness, slopes
    return best, left.bend > _MOST_BEND or left.most > _MOST_SLOPE


def _has_table(ink: Pixels, scale: float) -> bool:
    horizontals, verticals, _ = find_rulings(ink, scale)
    return len(horizontals) >= _FEWEST_ACROSS and len(verticals) >= _FEWEST_DOWN


def _sharpness(ink: Pixels, scale: float) -> float:
    """How many pixels of rulings stand in a row, or in a column, with one of them: one that slopes is in several."""
    rows = _runs(ink, round(_LEAST_ACROSS * scale), scale, horizontal=True).sum(axis=1, dtype=np.float64)
    columns = _runs(ink, round(_LEAST_DOWN * scale), scale, horizontal=False).sum(axis=0, dtype=np.float64)
    return sum(float((sums**2).sum() / max(1.0, sums.sum())) for sums in (rows, columns))


def _warped(grey: Pixels, matrix: Matrix, paper: int) -> Pixels:
    height, width = grey.shape
    return cv2.warpPerspective(grey, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)


def _to_parallel(slopes: Slopes, shape: tuple[int, ...]) -> Matrix:
    """What makes rulings level and upright that slope so at the edges of the picture."""
    height, width = shape[:2]
    upper, lower, left, right = (math.tan(math.radians(angle)) for angle in slopes[:4])
    corners = [
        _meet(across, y, down, x, width, height)
        for across, y, down, x in (
            (upper, 0, left, 0), (upper, 0, right, width), (lower, height, right, width), (lower, height, left, 0),
        )
    ]  # fmt: skip
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(np.array(corners, np.float32), straight), np.float64)


def _meet(across: float, y: float, down: float, x: float, width: int, height: int) -> tuple[float, float]:
    """Where the line through the middle of an upper or lower edge meets that through the middle of a side."""
    # Y = y + across (X - width / 2) and X = x + down (Y - height / 2)
    meets = (x + down * (y - across * width / 2 - height / 2)) / (1 - across * down)
    return meets, y + across * (meets - width / 2)
