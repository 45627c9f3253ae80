"""Sets a book as PDF, page for page as a finance bureau's print would have it.

Drawn on the low-level canvas, because a corpus has thousands of pages. Coordinates are kept from the page's top left,
as a reader of the page counts them, and turned over at the last moment. A page is landscape A4, or portrait A4 turned
by /Rotate.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from typesetter.book import Book, Matter, Section, Truth
from typesetter.grids import Cell, Grid, drawn_grids, grids_of
from typesetter.matter import matter_of, paragraphs_of
from typesetter.pagination import LEADING, PADDING, SIZE, Sheet, lines_of, sheets_of
from typesetter.quirks import Quirks
from typesetter.rulings import Box, draw_rulings
from typesetter.type import broken, face, width

WIDE, HIGH = 842, 595
TEXT_SIZE, TEXT_LEADING, TEXT_LEFT, TEXT_EMS = 12, 19, 60, 60.0
HEAD_SIZE = 15


class Press:
    """A canvas that counts its pages and measures from the top left."""

    def __init__(self, path: Path, quirks: Quirks, *, numbered: bool) -> None:
        self.canvas = Canvas(str(path), pagesize=(WIDE, HIGH), pageCompression=1, invariant=1)
        self.quirks = quirks
        self.numbered = numbered
        self.page = 0
        self._face = face().fontName

    def begin(self) -> None:
        """Begin a page, with whatever is hidden on it."""
        self.page += 1
        if self.quirks.rotated:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, HIGH, 0)
        self.canvas.setLineWidth(0.6)
        if self.quirks.hidden_outside:
            self.text(WIDE + 30, 200, "118,000", SIZE)
            self.text(100, HIGH + 60, "合计 99,999,999", SIZE)
        if self.quirks.invisible_text:
            self.text(300, 300, "88,888,888", SIZE, mode=3)

    def end(self) -> None:
        """End a page, with its number at the foot where they are numbered: two tables may go on with the same rows."""
        if self.numbered:
            self.centred(HIGH - 14, f"— {self.page} —", SIZE)
        self.canvas.showPage()

    def save(self) -> None:
        self.canvas.save()

    def text(self, x: float, baseline: float, text: str, size: float, mode: int = 0) -> None:
        """Draw a line of text whose baseline is `baseline` below the page's top."""
        run = self.canvas.beginText(x, HIGH - baseline)
        run.setFont(self._face, size)
        if mode:
            run.setTextRenderMode(mode)
        run.textOut(text)
        if mode:
            run.setTextRenderMode(0)
        self.canvas.drawText(run)

    def centred(self, baseline: float, text: str, size: float) -> None:
        self.text((WIDE - width(text, size)) / 2, baseline, text, size)


def set_pdf(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """Write the book to `path`; returns its truth with page numbers."""
    press = Press(path, quirks, numbered=book.matter is not None)
    press.canvas.setTitle(f"{book.organisation}{book.year}年{book.word}预算")
    matter = matter_of(book, quirks)
    _cover(press, matter)
    _text(press, "目    录", ((line, ()) for line in matter.contents))
    truth = list(_sections(press, book, matter.before))
    for grid in grids_of(book, quirks):
        truth += _table(press, grid, quirks)
    truth += _sections(press, book, matter.after)
    for grid in drawn_grids(book):
        truth += _table(press, grid, quirks)
    press.save()
    return tuple(truth)


def _cover(press: Press, matter: Matter) -> None:
    press.begin()
    title, body = matter.cover
    press.centred(190, title, 28)
    press.centred(290, body, 16)
    press.end()


def _sections(press: Press, book: Book, sections: tuple[Section, ...]) -> Iterator[Truth]:
    """Each section on pages of its own; one that is joined to the one before stands below it as a paragraph."""
    for section in sections:
        if not section.joined:
            joined = takewhile(lambda one: one.joined, sections[sections.index(section) + 1 :])
            paragraphs = [*paragraphs_of(book, section)]
            for one in joined:
                paragraphs += [("", ()), (one.head, ()), *paragraphs_of(book, one)]
            yield from _text(press, section.head, paragraphs)


def _text(press: Press, head: str, paragraphs: Iterable[tuple[str, tuple[Truth, ...]]]) -> list[Truth]:
    """Paragraphs over as many pages as they need; each item's truth bears the page on which it begins."""
    truth: list[Truth] = []
    press.begin()
    press.centred(60, head, HEAD_SIZE)
    top = 100.0
    for paragraph, stated in paragraphs:
        for number, line in enumerate(broken(f"    {paragraph}", TEXT_EMS)):
            if top > HIGH - 50:
                press.end()
                press.begin()
                top = 60.0
            if number == 0:
                truth += [replace(one, page=press.page) for one in stated]
            press.text(TEXT_LEFT, top, line, TEXT_SIZE)
            top += TEXT_LEADING
    press.end()
    return truth


def _table(press: Press, grid: Grid, quirks: Quirks) -> Iterator[Truth]:
    left = (WIDE - sum(grid.widths)) / 2
    right = left + sum(grid.widths)
    sheets = sheets_of(grid, quirks)
    for sheet in sheets:
        press.begin()
        if sheet.first and grid.title:
            press.centred(66, grid.title, HEAD_SIZE)
            if grid.number:
                press.text(left, 40, grid.number, SIZE)
            press.text(left, 88, grid.captions[0], SIZE)
            press.text(right - width(grid.captions[1], SIZE), 88, grid.captions[1], SIZE)
        cells = list(_boxes(grid, sheet, left))
        if quirks.white_cells:
            _whiten(press, [box for _, box in cells])
        draw_rulings(press.canvas, [box for _, box in cells], HIGH, quirks.rulings)
        for cell, box in cells:
            _set_cell(press, cell, box, lines_of(cell, grid.widths))
            if cell.truth is not None:
                yield replace(cell.truth, page=press.page, **box._asdict())
        if grid.note and sheet is sheets[-1]:
            press.text(left, sheet.bands[-1].top + sheet.bands[-1].height + 14, grid.note, SIZE)
        press.end()


def _boxes(grid: Grid, sheet: Sheet, left: float) -> Iterator[tuple[Cell, Box]]:
    """The cells of a page with their boxes; headers come again where their rows do.

    A cell that reaches over the end of a page stands on both; its text is on the first.
    """
    bands = {band.row: band for band in sheet.bands}
    edges = [left]
    for wide in grid.widths:
        edges.append(edges[-1] + wide)
    for cell in grid.cells:
        if rows := [row for row in range(cell.row, cell.row + cell.rows) if row in bands]:
            top, last = bands[rows[0]].top, bands[rows[-1]]
            shown = cell if rows[0] == cell.row else replace(cell, text="", truth=None)
            yield shown, Box(edges[cell.column], top, edges[cell.column + cell.columns], last.top + last.height)


def _whiten(press: Press, boxes: list[Box]) -> None:
    canvas = press.canvas
    canvas.setFillGray(1)
    for box in boxes:
        canvas.rect(box.x0, HIGH - box.bottom, box.x1 - box.x0, box.bottom - box.top, stroke=0, fill=1)
    canvas.setFillGray(0)


def _set_cell(press: Press, cell: Cell, box: Box, lines: tuple[str, ...]) -> None:
    if not cell.text:
        return
    quirks = press.quirks
    middle = (box.top + box.bottom) / 2
    baseline = middle - len(lines) * LEADING / 2 + SIZE
    if quirks.shifted_baseline and cell.kind in ("amount", "code"):
        baseline += 2.5
    for number, line in enumerate(lines):
        wide = width(line, SIZE)
        x = {
            "left": box.x0 + PADDING,
            "right": box.x1 - PADDING - wide,
            "center": (box.x0 + box.x1 - wide) / 2,
        }[cell.align]
        down = baseline + number * LEADING
        if quirks.split_runs and cell.kind in ("label", "amount") and len(line) > 3:
            half = len(line) // 2
            press.text(x, down, line[:half], SIZE)
            press.text(x + width(line[:half], SIZE), down, line[half:], SIZE)
        else:
            press.text(x, down, line, SIZE)
