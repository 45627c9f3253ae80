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
from analysis.terms.page import Char, Page

if TYPE_CHECKING:
    from analysis.recognising.pixels import Pixels

Box = tuple[float, float, float, float]
PlacedImage = tuple[Box, float]
"""A picture's box in points of the page as a viewer shows it, and its pixels a point."""

_SMALLEST_SHARE, _LEAST_SHARE = 0.01, 0.03
_SEAM = 1.5
"""Points by which pictures that are one may lie apart, or over one another."""
_COARSEST, _USUAL, _FINEST = 150 / 72, 200 / 72, 250 / 72
_MOST_PIXELS = 12_000_000
_TURNED = (
    "页上贴有一幅含表格线的图片，方向与页面文字不同；请转正后另存。"
    " / A picture of a table lies across the text of the page; turn it and save the file anew."
)
_NOTHING = (
    "页上贴有一幅含表格线的图片，未能识别出文字；请对照原件。"
    " / A picture with rulings stands on the page, of which nothing could be read."
)
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
    large = [image for image in _joined(images) if _share(image[0], page) >= _SMALLEST_SHARE]
    if page.chars and not page.recognised and not page.garbled:
        return _with_pasted(document, page, large, pictures)
    covered = sum(_share(box, page) for box, _ in images)
    if not large and covered < _LEAST_SHARE and not page.garbled and paths < _FEWEST_OUTLINES:
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
    if sum(_share(box, page) for box, _ in images) < _LEAST_SHARE or not has_libraries():
        return page
    from analysis.recognising.pasted import only_within, unexplained

    picture = _draw(document, page, images)
    boxes = unexplained(picture.grey, picture.scale, [box for box, _ in images], _as_shown(page))
    if not boxes:
        return page
    if page.turn:
        return replace(page, refusal=_TURNED)
    if pictures is decline:
        return replace(page, refusal=DECLINED)
    found = pictures(replace(picture, grey=only_within(picture.grey, picture.scale, boxes)))
    if isinstance(found, str):
        return replace(page, refusal=found)
    if found.turn or not found.pieces:
        return replace(page, refusal=_TURNED if found.turn else _NOTHING)
    return merged(page, found, boxes)


def _as_shown(page: Page) -> Page:
    """The page with its text and rulings where a viewer shows them."""
    if not page.turn:
        return page
    lines = [page.displayed(x0, y, x1, y) for y, x0, x1 in page.horizontals]
    lines += [page.displayed(x, top, x, bottom) for x, top, bottom in page.verticals]
    across = tuple((top, x0, x1) for x0, top, x1, bottom in lines if x1 - x0 >= bottom - top)
    down = tuple((x0, top, bottom) for x0, top, x1, bottom in lines if x1 - x0 < bottom - top)
    chars = tuple(Char(char.text, *page.displayed(*char[1:])) for char in page.chars)
    return replace(page, chars=chars, horizontals=across, verticals=down)


def _joined(images: Sequence[PlacedImage]) -> list[PlacedImage]:
    """The pictures, those that lie edge to edge as one: a scanner may cut a page, and a table, into thin strips."""
    found: list[PlacedImage] = []
    for box, scale in sorted(images, key=lambda image: (round(image[0][0] / _SEAM), image[0][1])):
        before = found[-1] if found else None
        if before is not None and _continues(before[0], box):
            (x0, top, x1, bottom), _ = before
            found[-1] = (min(x0, box[0]), min(top, box[1]), max(x1, box[2]), max(bottom, box[3])), before[1]
        else:
            found.append((box, scale))
    return found


def _continues(above: Box, box: Box) -> bool:
    """Whether a box stands right under another one and is as wide."""
    aside = max(abs(above[0] - box[0]), abs(above[2] - box[2]))
    return aside <= _SEAM and abs(box[1] - above[3]) <= _SEAM


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
