"""A picture made ready: grey, without seals, upright and straight; and which of its pixels are ink.

Ink is what is darker than its surroundings, so that a shaded cell, a shadow or a yellowed sheet is no ink. Of red only
what is as large as a seal is wiped out: a red figure stays.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[Any]
"""Rows × columns of grey values, or of 0 and 255 for ink, as bytes."""

_SEAL = 60.0
"""Points: what is red and at least so wide and high is a seal."""
_TINT, _PALE = 10, 0.2
_MOST_SKEW = 3.0
_COARSE, _FINE = 0.25, 0.05
_SKEW_WIDTH = 900


def to_grey(colours: Pixels, scale: float) -> Pixels:
    """The grey picture of rows × columns × red, green, blue, seals wiped out; `scale` is in pixels a point."""
    grey: Pixels = colours.min(axis=2)
    red, green, blue = (colours[..., channel].astype(np.int16) for channel in range(3))
    reddish = ((red - np.maximum(green, blue)) > 30).astype(np.uint8)
    if int(reddish.sum()) < (_SEAL * scale / 4) ** 2:
        return grey
    reach = max(3, round(3 * scale))
    joined = cv2.dilate(reddish, np.ones((reach, reach), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    clean = grey.copy()
    paper = float(np.percentile(colours[..., 0], 80)) - float(np.percentile(grey, 80))
    for left, top, width, height, _ in boxes[1:]:
        if min(width, height) >= _SEAL * scale:
            # Its red is pale in the red channel, where print under it stays dark.
            part = np.s_[top : top + height, left : left + width]
            seen = colours[part][..., 0].astype(np.float32) - paper
            tinted = ((red[part] - np.maximum(green[part], blue[part])) > _TINT).astype(np.uint8)
            rim = cv2.dilate(tinted, np.ones((reach, reach), np.uint8)) > 0  # JPEG blurs its colour
            local = float(np.percentile(seen, 80))
            pale = seen > local - _PALE * (local - float(seen.min()))
            clean[part] = np.clip(np.where(rim & pale, local, seen), 0, 255)
    return clean


def find_ink(grey: Pixels, scale: float) -> Pixels:
    """255 where there is ink, else 0."""
    block = 2 * round(6 * scale) + 1
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    # How much darker than its surroundings: a part of the contrast of the page, never less than the noise.
    contrast = float(np.percentile(calm, 90)) - float(np.percentile(calm, 1))
    least = max(10.0, 0.16 * contrast)
    return cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, least)


def find_skew(ink: Pixels) -> float:
    """By how many degrees, counter-clockwise, the picture must be turned to be straight; 0 where none is better."""
    factor = min(1.0, _SKEW_WIDTH / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    best = _best_angle(small, np.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE, _COARSE))
    return _best_angle(small, np.arange(best - _COARSE, best + _COARSE + _FINE, _FINE))


def _best_angle(ink: Pixels, angles: npt.NDArray[np.float64]) -> float:
    """The angle at which rows are sharpest: the sum of squared differences of neighbouring rows."""
    scores = []
    for angle in angles:
        rows = turn_by(ink, float(angle), 0).sum(axis=1, dtype=np.float64)
        scores.append(float((np.diff(rows) ** 2).sum()) * (1.0 + 1e-3 * (abs(angle) < _FINE / 2)))
    return round(float(angles[int(np.argmax(scores))]), 3)


def turn_by(pixels: Pixels, degrees: float, paper: int) -> Pixels:
    """The picture turned about its middle; what comes in from outside is `paper`."""
    if abs(degrees) < 1e-6:
        return pixels
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
