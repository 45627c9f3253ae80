"""PDF pages that are pictures, or hold some: drawn, handed to whoever recognises pictures, and put in the page's place.

A page is taken as a picture where its text layer is missing, names no characters, or is what somebody's recognition
wrote behind the picture. On a page with text a picture is recognised where it shows what the text does not say: a
table that was pasted in. A background under the text shows nothing else and is left alone.
"""

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from analysis.recognising.picture import (
    DECLINED,
    MISSING_LIBRARY,
    PagePicture,
    PictureReader,
    decline,
    has_libraries,
)
from analysis.recognising.picture_page import merged, to_page, with_layer
from analysis.terms.page import Page

if TYPE_CHECKING:
    from analysis.recognising.pixels import Pixels

Box = tuple[float, float, float, float]
PlacedImage = tuple[Box, float]
"""A picture's box in points of the page as a viewer shows it, and its pixels a point."""

_SMALLEST_SHARE, _LEAST_SHARE = 0.01, 0.06
_COARSEST, _USUAL, _FINEST = 150 / 72, 200 / 72, 250 / 72
_MOST_PIXELS = 12_000_000
# Paths of a page whose text was turned into outlines.
_FEWEST_OUTLINES = 150


def with_pictures(
    document: pdfium.PdfDocument, page: Page, images: Sequence[PlacedImage], paths: int, pictures: PictureReader
) -> Page:
    """The page with what its pictures say; with the reason where they are not read.

    Args:
        document: The open file.
        page: The page by its text layer.
        images: The pictures on it.
        paths: How many paths it draws.
        pictures: Who says what a picture says.
    """
    large = [image for image in images if _share(image[0], page) >= _SMALLEST_SHARE]
    if page.chars and not page.recognised and not page.garbled:
        return _with_pasted(document, page, large, pictures)
    if not large and not page.garbled and paths < _FEWEST_OUTLINES:
        return page  # blank, a frame without text, or a text that is hidden behind nothing
    if pictures is decline or not has_libraries():
        return replace(page, refusal=DECLINED if pictures is decline else MISSING_LIBRARY)
    picture = _draw(document, page, large)
    found = pictures(picture)
    if isinstance(found, str):
        return replace(page, refusal=found)
    return with_layer(found, page) if page.recognised else to_page(found, page.number)


def _with_pasted(
    document: pdfium.PdfDocument, page: Page, images: Sequence[PlacedImage], pictures: PictureReader
) -> Page:
    """A page with text, and with what the pictures on it say beside that."""
    if page.turn or sum(_share(box, page) for box, _ in images) < _LEAST_SHARE:
        return page
    if pictures is decline or not has_libraries():
        return page
    from analysis.recognising.pasted import only_within, unexplained

    picture = _draw(document, page, images)
    boxes = unexplained(picture.grey, picture.scale, [box for box, _ in images], page)
    if not boxes:
        return page
    found = pictures(replace(picture, grey=only_within(picture.grey, picture.scale, boxes)))
    return replace(page, refusal=found) if isinstance(found, str) else merged(page, found, boxes)


def _share(box: Box, page: Page) -> float:
    """Which part of the page a box covers."""
    x0, top, x1, bottom = box
    width, height = (page.height, page.width) if page.turn % 2 else (page.width, page.height)
    inside = max(0.0, min(x1, width) - max(x0, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    return inside / max(1.0, width * height)


def _draw(document: pdfium.PdfDocument, page: Page, images: Sequence[PlacedImage]) -> PagePicture:
    """The page as a viewer shows it, as fine as its pictures are."""
    from analysis.recognising.pixels import to_grey

    scale = median(pixels for _, pixels in images) if images else _USUAL
    scale = min(max(scale, _COARSEST), _FINEST, math.sqrt(_MOST_PIXELS / max(1.0, page.width * page.height)))
    with closing(document[page.number - 1]) as drawn:
        bitmap = drawn.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        colours: Pixels = bitmap.to_numpy()[..., :3].copy()
        bitmap.close()
    return PagePicture(page.number, to_grey(colours, scale), scale)
