"""The lines of a table, in the three ways in which programs draw them.

`strokes`: long lines, each drawn once. `thin_rects`: the same as filled rectangles half a point thick (spreadsheet
exports). `cell_rects`: a stroked rectangle around every cell (word processors). All three look alike on paper and
differ in the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

THICKNESS = 0.6


class Box(NamedTuple):
    """A cell's box, from the page's top left."""

    x0: float
    top: float
    x1: float
    bottom: float


def _joined(spans: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Spans on one line, joined where they touch or overlap."""
    current: tuple[float, float] | None = None
    for begin, end in sorted(spans):
        if current is None:
            current = (begin, end)
        elif begin <= current[1] + 0.01:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (begin, end)
    if current is not None:
        yield current


def boxes_to_lines(boxes: Iterable[Box]) -> list[tuple[float, float, float, float]]:
    """The edges of all boxes as the fewest straight lines (x0, top, x1, bottom)."""
    across: dict[float, list[tuple[float, float]]] = defaultdict(list)
    down: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for box in boxes:
        for level in (box.top, box.bottom):
            across[level].append((box.x0, box.x1))
        for side in (box.x0, box.x1):
            down[side].append((box.top, box.bottom))
    horizontal = [(begin, level, end, level) for level in across for begin, end in _joined(across[level])]
    vertical = [(side, begin, side, end) for side in down for begin, end in _joined(down[side])]
    return horizontal + vertical


def draw_rulings(canvas: Canvas, boxes: list[Box], page_height: float, style: str) -> None:
    """Draw the lines of `boxes` in the given style."""
    if style == "cell_rects":
        for box in boxes:
            canvas.rect(box.x0, page_height - box.bottom, box.x1 - box.x0, box.bottom - box.top)
        return
    lines = boxes_to_lines(boxes)
    if style == "strokes":
        canvas.lines([(x0, page_height - top, x1, page_height - bottom) for x0, top, x1, bottom in lines])
        return
    half = THICKNESS / 2
    for x0, top, x1, bottom in lines:
        canvas.rect(
            x0 - half, page_height - bottom - half, x1 - x0 + THICKNESS, bottom - top + THICKNESS, stroke=0, fill=1
        )
