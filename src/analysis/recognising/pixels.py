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
_RED, _FAINT, _TINT = 30, 14, 10
"""By how much red is above green and blue in red ink, in its thin strokes, and where JPEG blurs its colour."""
_STAMPED, _PRINT = 0.5, 12
_NEAR, _GAIN = 3.0, 1.5
_THIN, _MORE = 1.4, 1.1
_MARGIN, _LINE, _BESIDE, _OUTSIDE = 30.0, 20.0, 6.0, 0.15
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_MOST_SKEW = 3.0
_COARSE, _FINE = 0.25, 0.05
_SKEW_WIDTH = 900


def to_grey(colours: Pixels, scale: float) -> Pixels:
    """The grey picture of rows × columns × red, green, blue, seals wiped out; `scale` is in pixels a point."""
    grey: Pixels = colours.min(axis=2)
    tint = _tint(colours)
    strong = (tint > _RED).astype(np.uint8)
    least = (_SEAL * scale / 4) ** 2
    if int(strong.sum()) < least:
        return grey
    reach = max(3, round(3 * scale))
    joined = cv2.dilate((tint > _FAINT).astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(joined)
    reds = np.bincount(labels[strong > 0], minlength=len(boxes))
    clean = grey.copy()
    for (left, top, width, height, _), red in list(zip(boxes, reds, strict=True))[1:]:
        if min(width, height) >= _SEAL * scale and red >= least:
            margin = round(_MARGIN * scale)
            part = np.s_[max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin]
            clean[part] = _without_seal(colours[part], tint[part], grey[part], scale)
    return clean


def _tint(colours: Pixels) -> Pixels:
    """By how much each pixel is redder than the paper."""
    tint = colours[..., 0].astype(np.int16) - colours[..., 1:].max(axis=2)
    found: Pixels = np.clip(tint - np.median(tint), 0, None)
    return found


def _without_seal(colours: Pixels, tint: Pixels, grey: Pixels, scale: float) -> Pixels:
    """A part of a picture without what is red in it; what is printed under the red stays.

    In the red channel stamped paper is nearly as pale as bare paper. By how much it is darker is seen around each
    pixel, where the stamp met no print; JPEG blurs the colour of a thin stroke, so that is less at its rim.
    """
    red = colours[..., 0].astype(np.float32)
    inked = tint[tint > _RED]
    full = _STAMPED * float(np.percentile(inked, 80)) if len(inked) else 255.0
    share = np.clip(tint / full, 0, 1)
    bare = (tint <= _TINT).astype(np.float32)
    paper = _paper_where(red, bare, max(red.shape))
    solid = (share == 1).astype(np.float32)
    stamped = _paper_where(red, solid, round(_NEAR * scale))
    level = paper + share * (np.minimum(stamped, paper) - paper)
    gain = 1 + share * _GAIN
    by_red = np.clip(level - red - share * _PRINT, 0, None) * gain
    # The stamp's own darkness, where it is solid, is that of its thin strokes too.
    luma = colours.astype(np.float32) @ _LUMA
    own = _own_darkness(paper - luma, solid, red > stamped - _PRINT)
    by_luma = np.clip(paper - luma - own * np.clip(_THIN * share, 0, 1), 0, None) * gain
    lifted = np.maximum(paper - np.minimum(by_red, by_luma), float(red.min()))
    lifted = np.where(_lines_through(colours[..., 0], tint, scale), np.minimum(lifted, red), lifted)
    return np.where(tint > _TINT, lifted, grey).clip(0, 255).astype(np.uint8)


def _lines_through(red: Pixels, tint: Pixels, scale: float) -> Pixels:
    """Where straight lines go on under a stamp that are printed outside of it: rulings, which a stamp has none of."""
    ink = find_ink(np.ascontiguousarray(red), scale)
    found = np.zeros(red.shape, bool)
    length, near = round(_LINE * scale), round(_BESIDE * scale)
    away = cv2.dilate((tint > _TINT).astype(np.uint8), np.ones((near, near), np.uint8)) == 0
    for size in ((length, 1), (1, length)):
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        _, labels, boxes, _ = cv2.connectedComponentsWithStats(lines)
        outside = np.bincount(labels[away], minlength=len(boxes))
        kept = outside >= _OUTSIDE * boxes[:, cv2.CC_STAT_AREA]
        kept[0] = False
        found |= kept[labels]
    return found


def _own_darkness(darkness: Pixels, solid: Pixels, unprinted: Pixels) -> float:
    """By how much a stamp is darker than the paper, where nothing is printed under it."""
    found = darkness[(solid > 0) & unprinted]
    return _MORE * float(np.median(found)) if len(found) else 0.0


def _paper_where(values: Pixels, weights: Pixels, reach: int) -> Pixels:
    """How pale the weighed values around each pixel are where there is no print."""
    size = 2 * reach + 1
    around = _mean_where(values, weights, size)
    for _ in range(2):
        around = _mean_where(values, weights * (values > around - _PRINT), size)
    return around


def _mean_where(values: Pixels, weights: Pixels, size: int) -> Pixels:
    """The mean of the weighed values around each pixel; where there is none near, the value itself."""
    weight = cv2.blur(weights, (size, size))
    mean = cv2.blur(values * weights, (size, size)) / np.maximum(weight, 1e-6)
    return np.where(weight > 1e-3, mean, values)


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
