"""PDF file → pages: characters with their boxes, and the ruling lines.

pdfium is asked for every character's loose box (tight boxes break lines at flat glyphs such as 一) and every path; thin
filled rectangles, stroked segments and stroked boxes are all rulings. White and transparent paths are none. Coordinates
are turned so that the text reads left to right and start at the page's top left; `Page.displayed` turns them back.

What is outside the page, invisible (text render mode 3) or drawn twice is left out. Caps keep a hostile page from
eating the machine; the process around this module has its own limits, because pdfium aborts on some files.
"""

import base64
import ctypes
import math
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from analysis.errors import UnreadableFileError

MAX_PAGES = 3_000
MAX_CHARS = 200_000
MAX_OBJECTS = 200_000
MAX_SEGMENTS = 200_000
THIN = 3.0
SHORTEST_RULING = 4.0
_UNPACKED = 2**24
_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*\[?\s*/(ASCII85Decode(?=\s*/Flate))?\s*/?(FlateDecode)?")
_FORM_DEPTH = 8
_ANGLE_SAMPLES = 40
_INVISIBLE = c.FPDF_TEXTRENDERMODE_INVISIBLE
_BLANK = {0xA0, 0x3000, 0xFFFE, 0xFFFF}

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Char(NamedTuple):
    """One visible character and its loose box, in points from the top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Horizontal rulings are (y, x0, x1), vertical ones (x, top, bottom)."""

    number: int
    width: float
    height: float
    turn: int
    chars: tuple[Char, ...]
    horizontals: tuple[tuple[float, float, float], ...]
    verticals: tuple[tuple[float, float, float], ...]

    def displayed(self, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        """The box as it stands on the page that a viewer shows, whatever way its text runs."""
        if self.turn == 1:
            return top, self.width - x1, bottom, self.width - x0
        if self.turn == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        if self.turn == 3:
            return self.height - bottom, x0, self.height - top, x1
        return x0, top, x1, bottom


def read_pages(path: Path) -> Iterator[Page | UnreadableFileError]:
    """Every page of the file, in order; an unreadable page comes as the error that says so.

    Raises:
        UnreadableFileError: the file is no PDF, is damaged, needs a password, or has too many pages.
    """
    try:
        document = pdfium.PdfDocument(path)
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
                yield _read_page(raw, number)
            except UnreadableFileError as error:
                yield error
            finally:
                c.FPDF_ClosePage(raw)


def damaged_streams(path: Path) -> int:
    """How many compressed parts of the file do not unpack: pdfium draws what it can of them and says nothing.

    Pictures are passed over, and all of an encrypted file.
    """
    data = path.read_bytes()
    if b"/Encrypt" in data:
        return 0
    damaged = start = 0
    for end in re.finditer(b"endstream", data):
        stream = _STREAM.search(data, start, end.start())
        damaged += stream is None or not _unpacks(data, start, stream, end.start())
        start = end.end()
    return damaged


def _unpacks(data: bytes, start: int, stream: re.Match[bytes], end: int) -> bool:
    described = data[max(start, data.rfind(b"obj", start, stream.start())) : stream.start()]
    filters = _FILTERS.search(described)
    if filters is None or not filters[2] or b"/Image" in described:
        return True
    packed = data[stream.end() : end]
    try:
        zlib.decompressobj().decompress(
            base64.a85decode(packed.strip(), adobe=True) if filters[1] else packed, _UNPACKED
        )
    except (zlib.error, ValueError):
        return False
    return True


def _refusal(error: pdfium.PdfiumError) -> str:
    if "password" in str(error).lower():
        return "PDF 已加密，需要密码；请解除密码后再放入。 / The PDF needs a password; remove it and try again."
    return (
        "PDF 已损坏或不完整，无法打开；请重新下载。 / The PDF is damaged or incomplete and cannot be opened;"
        " download it again."
    )


def _read_page(raw: c.FPDF_PAGE, number: int) -> Page:
    bounds = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(raw, bounds)
    frame = (bounds.left, bounds.bottom, bounds.right, bounds.top)
    rulings, hidden = _read_paths(raw, number, frame)
    text_page = c.FPDFText_LoadPage(raw)
    try:
        count = c.FPDFText_CountChars(text_page)
        if count > MAX_CHARS:
            raise UnreadableFileError(f"第 {number} 页字符过多（{count}）。 / Page {number} has too many characters.")
        reading = _quarter_turns(text_page, count)
        chars = _read_chars(text_page, count, frame, reading, hidden)
    finally:
        c.FPDFText_ClosePage(text_page)
    shown = c.FPDFPage_GetRotation(raw)
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if reading % 2:
        width, height = height, width
    horizontals, verticals = _orient(rulings, frame, reading)
    return Page(number, width, height, (shown - reading) % 4, chars, horizontals, verticals)


def _quarter_turns(text_page: c.FPDF_TEXTPAGE, count: int) -> int:
    """How many quarter turns clockwise the page must make so that most of its text reads left to right."""
    votes = [0, 0, 0, 0]
    for index in range(0, count, max(1, count // _ANGLE_SAMPLES)):
        angle = c.FPDFText_GetCharAngle(text_page, index)
        if angle >= 0 and c.FPDFText_GetUnicode(text_page, index) > 32:
            votes[round(angle / (math.pi / 2)) % 4] += 1
    # pdfium's angle of a character runs clockwise, so text turned by it is set right by the turns that complete it.
    return (-votes.index(max(votes))) % 4 if any(votes) else 0


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
    count: int,
    frame: tuple[float, float, float, float],
    turns: int,
    hidden: bool,
) -> tuple[Char, ...]:
    units = (ctypes.c_ushort * (count + 1))()
    c.FPDFText_GetText(text_page, 0, count, units)
    codes: list[int] = list(units[:count])
    if any(0xD800 <= code < 0xE000 for code in codes):
        codes = [c.FPDFText_GetUnicode(text_page, index) for index in range(count)]
        codes = [0xFFFD if 0xD800 <= code < 0xE000 else code for code in codes]
    box = c.FS_RECTF()
    reference = ctypes.byref(box)
    loose_box = c.FPDFText_GetLooseCharBox
    left, bottom, right, top = frame
    chars: list[Char] = []
    # A named tuple's own constructor is a third of this loop; the plain one is not.
    append, new = chars.append, tuple.__new__
    for index, code in enumerate(codes):
        if code <= 32 or code in _BLANK or not loose_box(text_page, index, reference):
            continue
        x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
        if not (left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top) or (
            hidden and _is_invisible(text_page, index)
        ):
            continue
        if turns:
            (ax, ay), (bx, by) = _turn_point(x0, y0, frame, turns), _turn_point(x1, y1, frame, turns)
            append(new(Char, (chr(code), min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))))
        else:
            append(new(Char, (chr(code), x0 - left, top - y1, x1 - left, top - y0)))
    return tuple(chars)


def _is_invisible(text_page: c.FPDF_TEXTPAGE, index: int) -> bool:
    text_object = c.FPDFText_GetTextObject(text_page, index)
    return bool(text_object) and c.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE


Segment = tuple[float, float, float, float]


def _read_paths(raw: c.FPDF_PAGE, number: int, frame: tuple[float, float, float, float]) -> tuple[list[Segment], bool]:
    """The ruling segments (x0, y0, x1, y1) in user space, and whether any text on the page is invisible."""
    walk = _PathWalk(number, frame)
    walk.visit(raw, c.FPDFPage_CountObjects(raw), c.FPDFPage_GetObject, _IDENTITY, 0)
    return walk.segments, walk.hidden


class _PathWalk:
    """A walk over the page's objects that gathers rulings and counts, so that a hostile page is left in time."""

    def __init__(self, number: int, frame: tuple[float, float, float, float]) -> None:
        self.number = number
        self.frame = frame
        self.segments: list[Segment] = []
        self.hidden = False
        self.objects = 0
        self.steps = 0

    def visit(
        self,
        container: c.FPDF_PAGE | c.FPDF_PAGEOBJECT,
        count: int,
        get_object: Callable[[Any, int], c.FPDF_PAGEOBJECT],
        matrix: Matrix,
        depth: int,
    ) -> None:
        """Gather what the objects of a page or of a form draw. Most are single characters, so the loop is kept bare."""
        get_kind, get_mode, invisible = c.FPDFPageObj_GetType, c.FPDFTextObj_GetTextRenderMode, _INVISIBLE
        self.objects += count
        self._check()
        for index in range(count):
            item = get_object(container, index)
            kind = get_kind(item)
            if kind == c.FPDF_PAGEOBJ_TEXT:
                if get_mode(item) == invisible:
                    self.hidden = True
            elif kind == c.FPDF_PAGEOBJ_PATH:
                self._path(item, matrix)
                self._check()
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
                inner = _multiply(_matrix_of(item), matrix)
                self.visit(item, c.FPDFFormObj_CountObjects(item), c.FPDFFormObj_GetObject, inner, depth + 1)

    def _check(self) -> None:
        if self.objects > MAX_OBJECTS or self.steps > MAX_SEGMENTS or len(self.segments) > MAX_SEGMENTS:
            raise UnreadableFileError(
                f"第 {self.number} 页图形过多。 / Page {self.number} has too many graphic objects."
            )

    def _path(self, item: c.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not c.FPDFPath_GetDrawMode(item, fill, stroke):
            return
        filled = bool(fill.value) and _is_visible(item, c.FPDFPageObj_GetFillColor)
        stroked = bool(stroke.value) and _is_visible(item, c.FPDFPageObj_GetStrokeColor)
        if not filled and not stroked:
            return
        count = c.FPDFPath_CountSegments(item)
        if count <= 6:
            edges = [ctypes.c_float() for _ in range(4)]
            if not c.FPDFPageObj_GetBounds(item, *edges):
                return
            x0, y0, x1, y1 = _transform_box(tuple(edge.value for edge in edges), matrix)
            if x1 - x0 <= THIN or y1 - y0 <= THIN:
                self._keep_thin(x0, y0, x1, y1)
                return
        if stroked:
            self._segments(item, count, _multiply(_matrix_of(item), matrix), only_thin=False)
        elif count > 6:
            self._segments(item, count, _multiply(_matrix_of(item), matrix), only_thin=True)

    def _keep_thin(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if x1 - x0 >= y1 - y0:
            middle = (y0 + y1) / 2
            self.segments.append((x0, middle, x1, middle))
        else:
            middle = (x0 + x1) / 2
            self.segments.append((middle, y0, middle, y1))

    def _segments(self, item: c.FPDF_PAGEOBJECT, count: int, matrix: Matrix, *, only_thin: bool) -> None:
        """The straight pieces of a path: each stroked piece is a ruling; of a filled one only thin closed pieces."""
        points: list[tuple[float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(count):
            self.steps += 1
            segment = c.FPDFPath_GetPathSegment(item, index)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            point = _transform_point(x.value, y.value, matrix)
            kind = c.FPDFPathSegment_GetType(segment)
            if kind == c.FPDF_SEGMENT_MOVETO:
                self._flush(points, only_thin=only_thin)
                points = [point]
            elif kind == c.FPDF_SEGMENT_LINETO:
                points.append(point)
                if c.FPDFPathSegment_GetClose(segment):
                    points.append(points[0])
        self._flush(points, only_thin=only_thin)

    def _flush(self, points: list[tuple[float, float]], *, only_thin: bool) -> None:
        if len(points) < 2:
            return
        if only_thin:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            if max(xs) - min(xs) <= THIN or max(ys) - min(ys) <= THIN:
                self._keep_thin(min(xs), min(ys), max(xs), max(ys))
            return
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ax - bx) <= 1.0 or abs(ay - by) <= 1.0:
                self.segments.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))


def _is_visible(item: c.FPDF_PAGEOBJECT, get_colour: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_colour(item, red, green, blue, alpha):  # type: ignore[operator]
        return True
    return alpha.value >= 8 and min(red.value, green.value, blue.value) < 250


def _matrix_of(item: c.FPDF_PAGEOBJECT) -> Matrix:
    matrix = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, cc, d, e, f = first
    ta, tb, tc, td, te, tf = then
    return (
        a * ta + b * tc,
        a * tb + b * td,
        cc * ta + d * tc,
        cc * tb + d * td,
        e * ta + f * tc + te,
        e * tb + f * td + tf,
    )


def _transform_point(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, cc, d, e, f = matrix
    return a * x + cc * y + e, b * x + d * y + f


def _transform_box(box: tuple[float, ...], matrix: Matrix) -> tuple[float, float, float, float]:
    if matrix == _IDENTITY:
        return box[0], box[1], box[2], box[3]
    ax, ay = _transform_point(box[0], box[1], matrix)
    bx, by = _transform_point(box[2], box[3], matrix)
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


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
