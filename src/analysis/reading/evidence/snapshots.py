"""Source file and places → snapshots, in a process that may die.

`take` is what a worker calls: one file, all its places at once, so that a file is opened once. The file must be the one
that was read: its fingerprint is compared first, because a picture of another edition would lie.

A page is drawn in grey and kept in sixteen shades with the frames in two colours of their own: a crop is some ten
kilobytes. Frames are drawn around the cell, never over its digits.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from analysis.errors import UnreadableFileError
from analysis.reading.evidence.excerpts import to_excerpts
from analysis.reading.formats.pdfium_fonts import take_own_fonts
from analysis.reading.read_document import file_format
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Crop, Snapshot, SnapshotRequest

WIDTH = 1_300
MOST_HEIGHT = 420.0
MARGIN = 48.0
MOST_PAGES = 3
_MOST_SCALE = 2.0
_SLACK = 2.0
_GREYS = 14
_OWN, _OTHER = _GREYS, _GREYS + 1
_SHADES = bytes(min(_GREYS - 1, value * _GREYS // 256) for value in range(256))
_FRAMES = {_OWN: (200, 30, 30), _OTHER: (20, 95, 190)}
_PALETTE = [round(shade * 255 / (_GREYS - 1)) for shade in range(_GREYS) for _ in range(3)] + [
    part for index in (_OWN, _OTHER) for part in _FRAMES[index]
]
_THICK = {_OWN: 4, _OTHER: 3}

Box = tuple[float, float, float, float]

GONE = "源文件不在原处，无法出图；请用 --raw 指明公布文件夹。 / The source file is gone; name its folder by --raw."
CHANGED = (
    "源文件已改变（指纹不符），不出图；请重新运行 workbench clean。"
    " / The source file has changed since it was read; run workbench clean again."
)
NOWHERE = "原件中没有可指的位置。 / The source gives no place to point at."


def to_argument(path: str, sha256: str, requests: Sequence[SnapshotRequest]) -> str:
    """What `take` is called with, as one text."""
    return json.dumps({"path": path, "sha256": sha256, "requests": [asdict(request) for request in requests]})


def take(argument: str) -> tuple[Snapshot, ...]:
    """The snapshots of one file, in the order of the requests.

    Raises:
        UnreadableFileError: the file is gone, has changed, or cannot be opened.
    """
    order = json.loads(argument)
    path = Path(order["path"])
    requests = [
        SnapshotRequest(Place(**one["place"]), one["words"], tuple(Place(**place) for place in one["against"]))
        for one in order["requests"]
    ]
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFileError(GONE) from error
    if digest != order["sha256"]:
        raise UnreadableFileError(CHANGED)
    kind = file_format(path)
    if kind.id == "pdf":
        return _of_pages(path, requests)
    blocks = kind.read(path)
    views = (to_excerpts(blocks, request) for request in requests)
    return tuple(Snapshot(found, None if found else NOWHERE) for found in views)


def _of_pages(path: Path, requests: Sequence[SnapshotRequest]) -> tuple[Snapshot, ...]:
    take_own_fonts()
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(f"PDF 无法打开，不能出图。 / The PDF cannot be opened: {error}") from error
    with document:
        return tuple(_crops(document, request) for request in requests)


def _crops(document: pdfium.PdfDocument, request: SnapshotRequest) -> Snapshot:
    own = request.place
    pages = dict.fromkeys(place.page for place in (own, *request.against) if place.page is not None)
    views = []
    for number in list(pages)[:MOST_PAGES]:
        mine = _own_boxes(document, request) if own.page == number else []
        others = [box for place in request.against if place.page == number and (box := _box(place))]
        if 1 <= number <= len(document) and (mine or others or own.page == number):
            views.append(_crop(document, number, mine, [box for box in others if box not in mine]))
    return Snapshot(tuple(views), None if views else NOWHERE)


def _own_boxes(document: pdfium.PdfDocument, request: SnapshotRequest) -> list[Box]:
    """The frames of the figure: the words where they stand once in the place, else the place itself."""
    box, number = _box(request.place), request.place.page or 0
    if request.words and 1 <= number <= len(document):
        with closing(document[number - 1]) as page, closing(page.get_textpage()) as text:
            if found := _find(text, request.words, page.get_height(), box):
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


def _crop(document: pdfium.PdfDocument, number: int, own: list[Box], others: list[Box]) -> Crop:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_MOST_SCALE, WIDTH / max(width, 1.0))
        top, bottom = _span(own, others, height)
        bitmap = page.render(scale=scale, crop=(0, max(0.0, height - bottom), 0, top), grayscale=True)
        across, down, stride = bitmap.width, bitmap.height, bitmap.stride
        shades = bytes(bitmap.buffer).translate(_SHADES)
        bitmap.close()
    finally:
        page.close()
    image = Image.frombytes("P", (across, down), shades, "raw", "P", stride)
    image.putpalette(_PALETTE)
    draw = ImageDraw.Draw(image)
    for boxes, colour in ((others, _OTHER), (own, _OWN)):
        thick = _THICK[colour]
        for x0, y0, x1, y1 in boxes:
            left, above, right, below = (round(edge * scale) for edge in (x0, y0 - top, x1, y1 - top))
            # The frame grows outwards, so that it covers nothing of the figure.
            around = (left - thick, above - thick, right + thick - 1, below + thick - 1)
            draw.rectangle(around, outline=colour, width=thick)
    first = (own or others or [(0.0, 0.0, width, 0.0)])[0]
    return Crop(number, _png(image), across, down, round((first[0] + first[2]) / 2 / max(width, 1.0), 3))


def _span(own: list[Box], others: list[Box], height: float) -> tuple[float, float]:
    """The strip of the page to show: all boxes where they fit, else around the figure itself."""
    boxes = own + others
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
