"""PDF pages and places → crops of the pages, with the places framed.

A page is drawn in grey and kept in sixteen shades, two of them the colours of the frames: a crop is some ten kilobytes.
Frames are drawn around the cell, never over its digits.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.pdfium_fonts import use_bundled_fonts
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Crop, SnapshotRequest

WIDTH = 1_300
MOST_HEIGHT = 420.0
MARGIN = 48.0
MOST_PAGES = 3
_MOST_SCALE = 2.0
_SLACK = 2.0
_GREYS = 14
_FIGURE, _AGAINST = _GREYS, _GREYS + 1
_SHADES = bytes(min(_GREYS - 1, value * _GREYS // 256) for value in range(256))
_COLOURS = {_FIGURE: (200, 30, 30), _AGAINST: (20, 95, 190)}
_PALETTE = [round(shade * 255 / (_GREYS - 1)) for shade in range(_GREYS) for _ in range(3)] + [
    part for index in (_FIGURE, _AGAINST) for part in _COLOURS[index]
]
_THICK = {_FIGURE: 4, _AGAINST: 3}

Box = tuple[float, float, float, float]


def crop_pages(path: Path, requests: Sequence[SnapshotRequest]) -> list[tuple[Crop, ...]]:
    """The crops for each request, that of its own place first; none where it gives no place on a page.

    Raises:
        UnreadableFileError: the PDF cannot be opened.
    """
    use_bundled_fonts()
    with _opened(path) as document:
        return [tuple(_crops(document, request)) for request in requests]


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(f"PDF 无法打开，不能出图。 / The PDF cannot be opened: {error}") from error


def draw_pages(path: Path, numbers: Sequence[int]) -> list[tuple[int, float, bytes]]:
    """Whole pages as PNG, each with its number and its width in points; a page that is not there is left out.

    Raises:
        UnreadableFileError: the PDF cannot be opened.
    """
    use_bundled_fonts()
    with _opened(path) as document:
        there = [number for number in numbers if 1 <= number <= len(document)]
        return [(number, document[number - 1].get_width(), _crop(document, number, [], []).png) for number in there]


def _crops(document: pdfium.PdfDocument, request: SnapshotRequest) -> Iterator[Crop]:
    first = request.place.page
    pages = dict.fromkeys(place.page for place in (request.place, *request.against) if place.page is not None)
    for number in list(pages)[:MOST_PAGES]:
        figure = _figure_boxes(document, request) if number == first else []
        others = [box for place in request.against if place.page == number and (box := _box(place))]
        if 1 <= number <= len(document) and (figure or others or number == first):
            yield _crop(document, number, figure, [box for box in others if box not in figure])


def _figure_boxes(document: pdfium.PdfDocument, request: SnapshotRequest) -> list[Box]:
    """The frames of the figure: the words where they stand once in the place, else the place itself."""
    box, number = _box(request.place), request.place.page or 0
    if request.words and 1 <= number <= len(document):
        with closing(document[number - 1]) as page, closing(page.get_textpage()) as text:
            for words in request.words:
                if found := _find(text, words, page.get_height(), box):
                    return found
    return [box] if box else []


def _find(text: pdfium.PdfTextPage, words: str, height: float, within: Box | None) -> list[Box]:
    """The boxes, one a line, of the only place where the words stand, white space left aside; none if not just one."""
    signs: list[tuple[str, Box]] = []
    for index, sign in enumerate(text.get_text_range()):
        if not sign.isspace() and index < text.count_chars():
            left, bottom, right, top = text.get_charbox(index, loose=True)
            box = (left, height - top, right, height - bottom)
            if within is None or within[1] - _SLACK <= (box[1] + box[3]) / 2 <= within[3] + _SLACK:
                signs.append((sign, box))
    page, wanted = "".join(sign for sign, _ in signs), "".join(words.split())
    if not wanted or page.count(wanted) != 1:
        return []
    start = page.index(wanted)
    lines: list[Box] = []
    for _, box in signs[start : start + len(wanted)]:
        if lines and lines[-1][1] <= (box[1] + box[3]) / 2 <= lines[-1][3]:
            last = lines.pop()
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        lines.append(box)
    return lines


def _box(place: Place) -> Box | None:
    if place.x0 is None or place.top is None or place.x1 is None or place.bottom is None:
        return None
    return place.x0, place.top, place.x1, place.bottom


def _crop(document: pdfium.PdfDocument, number: int, figure: list[Box], others: list[Box]) -> Crop:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_MOST_SCALE, WIDTH / max(width, 1.0))
        top, bottom = _span(figure, others, height)
        bitmap = page.render(scale=scale, crop=(0, max(0.0, height - bottom), 0, top), grayscale=True)
        across, down, stride = bitmap.width, bitmap.height, bitmap.stride
        shades = bytes(bitmap.buffer).translate(_SHADES)
        bitmap.close()
    finally:
        page.close()
    image = Image.frombytes("P", (across, down), shades, "raw", "P", stride)
    image.putpalette(_PALETTE)
    draw = ImageDraw.Draw(image)
    for boxes, colour in ((others, _AGAINST), (figure, _FIGURE)):
        thick = _THICK[colour]
        for x0, y0, x1, y1 in boxes:
            left, above, right, below = (round(edge * scale) for edge in (x0, y0 - top, x1, y1 - top))
            # The frame grows outwards, so that it covers nothing of the figure.
            around = (left - thick, above - thick, right + thick - 1, below + thick - 1)
            draw.rectangle(around, outline=colour, width=thick)
    first = (figure or others or [(0.0, 0.0, width, 0.0)])[0]
    return Crop(number, _png(image), across, down, round((first[0] + first[2]) / 2 / max(width, 1.0), 3))


def _span(figure: list[Box], others: list[Box], height: float) -> tuple[float, float]:
    """The strip of the page to show: all boxes where they fit, else around the figure itself."""
    boxes = figure + others
    if not boxes:
        return 0.0, height
    top, bottom = min(box[1] for box in boxes) - MARGIN, max(box[3] for box in boxes) + MARGIN
    if bottom - top > MOST_HEIGHT:
        first = boxes[0]
        middle = (first[1] + first[3]) / 2
        top = max(top, min(middle - MOST_HEIGHT / 2, bottom - MOST_HEIGHT))
        bottom = top + MOST_HEIGHT
    return max(0.0, min(top, height - 2 * MARGIN)), max(2 * MARGIN, min(height, bottom))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=9)
    return file.getvalue()
