"""PDF page → its ruling lines, and where its pictures stand.

WPS draws thin filled rectangles, Word a rectangle for each edge of a cell, ONLYOFFICE and LibreOffice stroked
segments, Excel both: a thin fill, a straight stroked segment and the edges of a stroked box are all rulings. White
and transparent paths are none, unless a page has no others: then white strokes, and the edges of shaded cells, are what
its tables are made of. Forms are entered with their matrix. Caps keep a hostile page from eating the machine.
"""

import ctypes
import math
from collections.abc import Callable
from itertools import compress, pairwise, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as c

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.pdfium_calls import (
    INVISIBLE,
    NO_TEXT,
    address_of,
    as_object,
    count_segments,
    get_bounds,
    get_draw_mode,
    get_fill_colour,
    get_form_object,
    get_object_kind,
    get_page_object,
    get_render_mode,
    get_stroke_colour,
)

MAX_OBJECTS = 200_000
MAX_SEGMENTS = 200_000
THIN = 3.0
_FORM_DEPTH = 8
_PATH, _FORM, _IMAGE = c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_FORM, c.FPDF_PAGEOBJ_IMAGE

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# x0, y0, x1, y1 in the page's user space.
Segment = tuple[float, float, float, float]


class Drawn(NamedTuple):
    """What a page draws beside visible text, in user space.

    Attributes:
        segments: Its rulings.
        hidden: Whether any text on it is invisible.
        images: The box of each picture with its pixels a point.
        paths: How many paths it has: a text turned into outlines has hundreds.
    """

    segments: list[Segment]
    hidden: bool
    images: list[tuple[Segment, float]]
    paths: int


def read_rulings(page: c.FPDF_PAGE, number: int) -> Drawn:
    """The rulings and pictures of a page, and whether any text on it is invisible.

    Raises:
        UnreadableFileError: the page draws more than any budget table.
    """
    walk = _PathWalk(number)
    walk.visit(address_of(page), c.FPDFPage_CountObjects(page), get_page_object, _IDENTITY, 0)
    pale = walk.pale if not _make_cells(walk.segments, 2) and _make_cells(walk.pale, 3) else []
    return Drawn(walk.segments + pale, walk.hidden, walk.images, walk.paths)


def _make_cells(segments: list[Segment], least: int) -> bool:
    """Whether there are rulings at so many places in both directions: two make a box, three make cells."""
    rows = {round(y0) for x0, y0, x1, y1 in segments if x1 - x0 > y1 - y0}
    columns = {round(x0) for x0, y0, x1, y1 in segments if x1 - x0 < y1 - y0}
    return len(rows) >= least and len(columns) >= least


class _PathWalk:
    """A walk over the page's objects that gathers rulings and counts, so that a hostile page is left in time."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.segments: list[Segment] = []
        self.pale: list[Segment] = []
        self.hidden = False
        self.images: list[tuple[Segment, float]] = []
        self.paths = 0
        self.objects = 0
        self.steps = 0
        # What pdfium writes into, made once, and the addresses of its parts.
        self._mode, self._edges, self._colour = (ctypes.c_int * 2)(), (ctypes.c_float * 4)(), (ctypes.c_uint * 4)()
        self._mode_at, self._edges_at = _addresses(self._mode), _addresses(self._edges)
        self._colour_at = _addresses(self._colour)

    def visit(
        self, container: int, count: int, get_object: Callable[[int, int], int], matrix: Matrix, depth: int
    ) -> None:
        """Gather what the objects of a page or of a form draw. Most are characters, so they are asked in bulk."""
        self.objects += count
        self._check()
        items = list(map(get_object, repeat(container), range(count)))
        modes = list(map(get_render_mode, items))
        self.hidden = self.hidden or INVISIBLE in modes
        for item in compress(items, map(NO_TEXT.__eq__, modes)):
            kind = get_object_kind(item)
            if kind == _PATH:
                self.paths += 1
                self._path(item, matrix)
                self._check()
            elif kind == _IMAGE:
                self._image(as_object(item), matrix)
            elif kind == _FORM and depth < _FORM_DEPTH:
                inner = _multiply(_matrix_of(as_object(item)), matrix)
                self.visit(item, c.FPDFFormObj_CountObjects(as_object(item)), get_form_object, inner, depth + 1)

    def _check(self) -> None:
        if (
            self.objects > MAX_OBJECTS
            or self.steps > MAX_SEGMENTS
            or len(self.segments) + len(self.pale) > MAX_SEGMENTS
        ):
            raise UnreadableFileError(
                f"第 {self.number} 页图形过多。 / Page {self.number} has too many graphic objects."
            )

    def _image(self, item: c.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        edges = [ctypes.c_float() for _ in range(4)]
        if not c.FPDFPageObj_GetBounds(item, *edges) or not c.FPDFImageObj_GetImagePixelSize(item, wide, high):
            return
        x0, y0, x1, y1 = box = _transform_box(tuple(edge.value for edge in edges), matrix)
        if x1 - x0 > THIN and y1 - y0 > THIN:
            self.images.append((box, math.sqrt(wide.value * high.value / ((x1 - x0) * (y1 - y0)))))

    def _path(self, item: int, matrix: Matrix) -> None:
        if not get_draw_mode(item, *self._mode_at):
            return
        fills, strokes = self._mode
        filled = bool(fills) and self._is_visible(item, get_fill_colour)
        stroked = bool(strokes) and self._is_visible(item, get_stroke_colour)
        pale = not filled and not stroked
        count = count_segments(item)
        if pale and not strokes and (not fills or count > 6):
            return
        into = self.pale if pale else self.segments
        if count <= 6:
            if not get_bounds(item, *self._edges_at):
                return
            box = _transform_box(tuple(self._edges), matrix)
            x0, y0, x1, y1 = box
            if x1 - x0 <= THIN or y1 - y0 <= THIN:
                into.append(_middle(box))
                return
            if filled and not stroked:
                self.pale += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
        if stroked or (pale and strokes):
            self._segments(as_object(item), count, matrix, into, only_thin=False)
        elif filled and count > 6:
            self._segments(as_object(item), count, matrix, into, only_thin=True)

    def _is_visible(self, item: int, get_colour: Callable[..., int]) -> bool:
        if not get_colour(item, *self._colour_at):
            return True
        red, green, blue, alpha = self._colour
        return alpha >= 8 and (red < 250 or green < 250 or blue < 250)

    def _segments(
        self, item: c.FPDF_PAGEOBJECT, count: int, outer: Matrix, into: list[Segment], *, only_thin: bool
    ) -> None:
        """The straight pieces of a path: each stroked piece is a ruling; of a filled one only thin closed pieces."""
        matrix = _multiply(_matrix_of(item), outer)
        points: list[tuple[float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(count):
            self.steps += 1
            segment = c.FPDFPath_GetPathSegment(item, index)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            point = _transform_point(x.value, y.value, matrix)
            kind = c.FPDFPathSegment_GetType(segment)
            if kind == c.FPDF_SEGMENT_MOVETO:
                _flush(points, into, only_thin=only_thin)
                points = [point]
            elif kind == c.FPDF_SEGMENT_LINETO:
                points.append(point)
                if c.FPDFPathSegment_GetClose(segment):
                    points.append(points[0])
        _flush(points, into, only_thin=only_thin)


def _addresses(array: ctypes.Array[Any]) -> tuple[int, ...]:
    start, size = ctypes.addressof(array), ctypes.sizeof(array) // len(array)
    return tuple(range(start, start + size * len(array), size))


def _middle(box: Segment) -> Segment:
    """A thin box as one stroke along its middle."""
    x0, y0, x1, y1 = box
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    return (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def _flush(points: list[tuple[float, float]], into: list[Segment], *, only_thin: bool) -> None:
    if len(points) < 2:
        return
    if only_thin:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if max(xs) - min(xs) <= THIN or max(ys) - min(ys) <= THIN:
            into.append(_middle((min(xs), min(ys), max(xs), max(ys))))
        return
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ax - bx) <= 1.0 or abs(ay - by) <= 1.0:
            into.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))


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
