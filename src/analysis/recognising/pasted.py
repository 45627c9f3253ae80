"""A page with text and pictures → the parts in which a picture shows what the text does not say."""

from collections.abc import Sequence

import numpy as np

from analysis.recognising.image_rulings import find_rulings
from analysis.recognising.pixels import Pixels, find_ink
from analysis.terms.page import Page

Box = tuple[float, float, float, float]
_SLACK = 1.0
_MOST_EXPLAINED = 0.5
_FEWEST_ACROSS, _FEWEST_DOWN = 2, 3


def unexplained(grey: Pixels, scale: float, boxes: Sequence[Box], page: Page) -> list[Box]:
    """Those boxes of pictures that show a table of their own: rulings and ink that are not the page's text.

    A photograph, an emblem or a background has no rulings that cross.
    """
    ink = find_ink(grey, scale)
    own = ink.copy()
    for char in page.chars:
        _wipe(own, (char.x0 - _SLACK, char.top - _SLACK, char.x1 + _SLACK, char.bottom + _SLACK), scale)
    for y, x0, x1 in page.horizontals:
        _wipe(own, (x0, y - 2, x1, y + 2), scale)
    for x, top, bottom in page.verticals:
        _wipe(own, (x - 2, top, x + 2, bottom), scale)
    found = []
    for box in boxes:
        part, left = _part(ink, box, scale), _part(own, box, scale)
        total = int(np.count_nonzero(part))
        if not total or np.count_nonzero(left) < _MOST_EXPLAINED * total:
            continue
        if _has_rulings(left, scale):
            found.append(box)
    return found


def has_table(grey: Pixels, scale: float) -> bool:
    """Whether a picture shows a table."""
    return _has_rulings(find_ink(grey, scale), scale)


def _has_rulings(ink: Pixels, scale: float) -> bool:
    horizontals, verticals, _ = find_rulings(ink, scale)
    return len(horizontals) >= _FEWEST_ACROSS and len(verticals) >= _FEWEST_DOWN


def only_within(grey: Pixels, scale: float, boxes: Sequence[Box]) -> Pixels:
    """The picture with white paper outside the boxes."""
    shown = np.full_like(grey, 255)
    for box in boxes:
        part = _part(shown, box, scale)
        part[...] = _part(grey, box, scale)
    return shown


def _part(pixels: Pixels, box: Box, scale: float) -> Pixels:
    x0, top, x1, bottom = (max(0, round(edge * scale)) for edge in box)
    return pixels[top:bottom, x0:x1]


def _wipe(ink: Pixels, box: Box, scale: float) -> None:
    part = _part(ink, box, scale)
    part[...] = 0
