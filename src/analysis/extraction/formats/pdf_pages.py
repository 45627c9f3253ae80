"""PDF file → pages: characters with their boxes, and the ruling lines.

pdfium is asked for every character's loose box (tight boxes break lines at flat glyphs such as 一) and every path (see
`pdf_rulings`). Coordinates are turned so that the text reads left to right and start at the page's top left;
`Page.displayed` turns them back.

What is outside the page, invisible (text render mode 3) or drawn twice is left out, and so is a watermark. Where all
text of a page is invisible it is what a recognition (OCR) wrote behind a picture: it is read, and said. Caps keep a
hostile page from eating the machine; the process around this module has its own limits, because pdfium aborts on some
files.
"""

import ctypes
import math
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter, sub
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c

from analysis.errors import UnreadableFileError
from analysis.extraction.collecting import without_collecting
from analysis.extraction.formats.pdf_annotations import Overlay, Overlays, read_overlays
from analysis.extraction.formats.pdf_pictures import PlacedImage, with_pictures
from analysis.extraction.formats.pdf_rulings import Segment, read_rulings
from analysis.extraction.formats.pdf_watermarks import ANGLE_STEP, find_watermark
from analysis.extraction.formats.pdfium_calls import INVISIBLE, address_of, get_char_angle, get_loose_box
from analysis.extraction.formats.pdfium_fonts import use_bundled_fonts
from analysis.recognising.picture import PictureReader, decline
from analysis.terms.page import Char, Page

MAX_PAGES = 3_000
MAX_CHARS = 200_000
SHORTEST_RULING = 4.0
_INSET = 0.15
_BLANK = {0xA0, 0x3000, 0xFFFE, 0xFFFF}
# Characters for private use, and what stands for an unknown one; a few are bullets.
_GARBLED = re.compile(r"[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_MOST_GARBLED = 0.3


def read_pages(path: Path, pictures: PictureReader = decline) -> Iterator[Page | UnreadableFileError]:
    """Every page of the file, in order; an unreadable page comes as the error that says so.

    Args:
        path: The file.
        pictures: Who says what a page that is a picture says.

    Raises:
        UnreadableFileError: the file is no PDF, is damaged, needs a password, or has too many pages.
    """
    use_bundled_fonts()
    try:
        document = pdfium.PdfDocument(path)
        if document.get_formtype() != c.FORMTYPE_NONE:
            document.init_forms()
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(_refusal(error)) from error
    with document:
        if len(document) > MAX_PAGES:
            raise UnreadableFileError(
                f"PDF 有 {len(document)} 页，超过上限 {MAX_PAGES} 页；请拆分后再放入。"
                f" / The PDF has {len(document)} pages, more than {MAX_PAGES}; split it."
            )
        for number in range(1, len(document) + 1):
            raw = c.FPDF_LoadPage(document.raw, number - 1)
            if not raw:
                yield UnreadableFileError(f"第 {number} 页已损坏，无法读取。 / Page {number} is damaged.")
                continue
            try:
                with without_collecting():
                    plain, images, paths = _read_page(raw, number, read_overlays(document, raw))
                page: Page | UnreadableFileError = with_pictures(document, plain, images, paths, pictures)
            except UnreadableFileError as error:
                page = error
            finally:
                c.FPDF_ClosePage(raw)
            yield page


def _refusal(error: pdfium.PdfiumError) -> str:
    if "password" in str(error).lower():
        return "PDF 已加密，需要密码；请解除密码后再放入。 / The PDF needs a password; remove it and try again."
    return (
        "PDF 已损坏或不完整，无法打开；请重新下载。 / The PDF is damaged or incomplete and cannot be opened;"
        " download it again."
    )


def _read_page(raw: c.FPDF_PAGE, number: int, overlays: Overlays) -> tuple[Page, list[PlacedImage], int]:
    """A page by its text layer, the pictures on it as a viewer shows it, and how many paths it draws."""
    bounds = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(raw, bounds)
    frame = (bounds.left, bounds.bottom, bounds.right, bounds.top)
    rulings, hidden, images, paths = read_rulings(raw, number)
    text_page = c.FPDFText_LoadPage(raw)
    try:
        count = c.FPDFText_CountChars(text_page)
        if count > MAX_CHARS:
            raise UnreadableFileError(f"第 {number} 页字符过多（{count}）。 / Page {number} has too many characters.")
        codes = _read_codes(text_page, count)
        seen = [index for index, code in enumerate(codes) if code > 32 and code not in _BLANK]
        angles = list(map(get_char_angle, repeat(address_of(text_page)), seen[::ANGLE_STEP]))
        reading = _quarter_turns(angles)
        letters = list(map(chr, map(codes.__getitem__, seen)))
        chars = _read_chars(text_page, seen, letters, angles, frame, reading, hidden)
        recognised = hidden and not chars
        if recognised:
            chars = _read_chars(text_page, seen, letters, angles, frame, reading, hidden=False)
    finally:
        c.FPDFText_ClosePage(text_page)
    shown = c.FPDFPage_GetRotation(raw)
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if reading % 2:
        width, height = height, width
    horizontals, verticals = _orient(rulings, frame, reading)
    page = Page(
        number,
        width,
        height,
        (shown - reading) % 4,
        chars + tuple(char for field in overlays.fields for char in _spread(field, frame, reading)),
        horizontals,
        verticals,
        recognised and bool(chars),
        len(_GARBLED.findall("".join(map(itemgetter(0), chars)))) > _MOST_GARBLED * len(chars),
        tuple(comment.text for comment in overlays.comments if any(map(str.isdigit, comment.text))),
    )
    return page, [(_turn_box(box, frame, shown), scale) for box, scale in images], paths


def _turn_box(box: Segment, frame: tuple[float, float, float, float], turns: int) -> Segment:
    (ax, ay), (bx, by) = _turn_point(box[0], box[1], frame, turns), _turn_point(box[2], box[3], frame, turns)
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _spread(field: Overlay, frame: tuple[float, float, float, float], turns: int) -> Iterator[Char]:
    """The characters of a field's value, spread over the middle of its box, which may reach beyond its cell."""
    left, bottom, right, top = field.box
    (ax, ay), (bx, by) = _turn_point(left, bottom, frame, turns), _turn_point(right, top, frame, turns)
    x0, y0, x1, y1 = min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
    text = "".join(field.text.split())
    x0, x1 = x0 + _INSET * (x1 - x0), x1 - _INSET * (x1 - x0)
    step = (x1 - x0) / max(1, len(text))
    for index, char in enumerate(text):
        yield Char(char, x0 + index * step, y0, x0 + (index + 1) * step, y1)


def _read_codes(text_page: c.FPDF_TEXTPAGE, count: int) -> list[int]:
    units = (ctypes.c_ushort * (count + 1))()
    c.FPDFText_GetText(text_page, 0, count, units)
    codes: list[int] = units[:count]
    if max(codes, default=0) >= 0xD800 and any(0xD800 <= code < 0xE000 for code in codes):
        codes = [c.FPDFText_GetUnicode(text_page, index) for index in range(count)]
        codes = [0xFFFD if 0xD800 <= code < 0xE000 else code for code in codes]
    return codes


def _quarter_turns(angles: Sequence[float]) -> int:
    """How many quarter turns clockwise the page must make so that most of its text reads left to right."""
    if not any(angles):
        return 0
    votes = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    # pdfium's angle of a character runs clockwise, so text turned by it is set right by the turns that complete it.
    return max(range(4), key=lambda turns: votes[-turns % 4])


def _turn_point(x: float, y: float, frame: tuple[float, float, float, float], turns: int) -> tuple[float, float]:
    """A point of the page's user space as (x, top) after `turns` quarter turns clockwise."""
    left, bottom, right, top = frame
    if turns == 1:
        return y - bottom, x - left
    if turns == 2:
        return right - x, y - bottom
    if turns == 3:
        return top - y, right - x
    return x - left, top - y


def _read_chars(
    text_page: c.FPDF_TEXTPAGE,
    seen: Sequence[int],
    letters: Sequence[str],
    angles: Sequence[float],
    frame: tuple[float, float, float, float],
    turns: int,
    hidden: bool,
) -> tuple[Char, ...]:
    # All boxes in one buffer, each as left, top, right, bottom; one that pdfium does not know stays empty.
    boxes = (ctypes.c_float * (4 * len(seen)))()
    start = ctypes.addressof(boxes)
    deque(map(get_loose_box, repeat(address_of(text_page)), seen, range(start, start + 16 * len(seen), 16)), maxlen=0)
    edges: list[float] = boxes[:]
    x0s, y1s, x1s, y0s = (edges[side::4] for side in range(4))
    watermark = find_watermark(text_page, seen, angles, list(map(sub, y1s, y0s)))
    left, bottom, right, top = frame
    # A named tuple's own constructor is a third of these loops; the plain one is not.
    new = tuple.__new__
    inside = bool(seen) and min(x0s) >= left and max(x1s) <= right and min(y0s) >= bottom and max(y1s) <= top
    if inside and not (turns or hidden or watermark) and min(map(sub, x1s, x0s)) > 0:
        boxes_of = zip(letters, x0s, y1s, x1s, y0s, strict=True)
        return tuple([new(Char, (text, x0 - left, top - y1, x1 - left, top - y0)) for text, x0, y1, x1, y0 in boxes_of])
    chars: list[Char] = []
    for index, text, x0, y1, x1, y0 in zip(seen, letters, x0s, y1s, x1s, y0s, strict=True):
        if not (left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top) or x0 == x1 == y0 == y1:
            continue
        if index in watermark or (hidden and _is_invisible(text_page, index)):
            continue
        (ax, ay), (bx, by) = _turn_point(x0, y0, frame, turns), _turn_point(x1, y1, frame, turns)
        chars.append(new(Char, (text, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))))
    return tuple(chars)


def _is_invisible(text_page: c.FPDF_TEXTPAGE, index: int) -> bool:
    text_object = c.FPDFText_GetTextObject(text_page, index)
    return bool(text_object) and c.FPDFTextObj_GetTextRenderMode(text_object) == INVISIBLE


def _orient(
    segments: list[Segment], frame: tuple[float, float, float, float], turns: int
) -> tuple[tuple[tuple[float, float, float], ...], tuple[tuple[float, float, float], ...]]:
    horizontals, verticals = [], []
    for x0, y0, x1, y1 in segments:
        (ax, ay), (bx, by) = _turn_point(x0, y0, frame, turns), _turn_point(x1, y1, frame, turns)
        left, right, high, low = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        if right - left >= low - high:
            if right - left >= SHORTEST_RULING:
                horizontals.append(((high + low) / 2, left, right))
        elif low - high >= SHORTEST_RULING:
            verticals.append(((left + right) / 2, high, low))
    return tuple(horizontals), tuple(verticals)
