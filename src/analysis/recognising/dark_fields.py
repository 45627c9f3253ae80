"""White print on a dark field, as heads of tables have it → dark print on white, as a recogniser knows it."""

import cv2
import numpy as np

from analysis.recognising.pixels import Pixels

_DARK, _APART = 0.55, 0.2
"""Shares of the paper's grey: below which a field is dark, and by how much its print is paler."""
_STROKE, _LOWEST = 3.0, 9.0
"""Points: what is narrower is print on a field, what is lower is no field."""


def with_light_fields(grey: Pixels, scale: float) -> Pixels:
    """The picture with its dark fields turned to white where their print is paler than they are.

    A shadow has print that is darker than itself, and stays.
    """
    paper = float(np.percentile(grey, 90))
    dark = (grey < _DARK * paper).astype(np.uint8)
    if not np.count_nonzero(dark):
        return grey
    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _square(_STROKE * scale))
    fields = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _square(_LOWEST * scale))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(fields)
    found: Pixels = grey.copy()
    for number in range(1, count):
        left, top, width, height, _ = boxes[number]
        window = np.s_[top : top + height, left : left + width]
        inside = labels[window] == number
        part = grey[window].astype(np.float32)
        level = float(np.median(part[inside]))
        paler = np.count_nonzero(inside & (part > level + _APART * paper))
        darker = np.count_nonzero(inside & (part < level - _APART * paper / 2))
        if paler > darker:
            turned = np.clip(paper - np.abs(part - level), 0, 255)
            found[window] = np.where(inside, turned, part).astype(np.uint8)
    return found


def _square(edge: float) -> Pixels:
    size = max(3, round(edge))
    return np.ones((size, size), np.uint8)
