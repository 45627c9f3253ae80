"""A table as a grid of cells with spans: the one layout that every kind of file sets.

Rows are counted from the first header row. A cell that prints an amount carries its truth; a setter adds the place
and hands the truth back. Blank cells are cells too: a published table is ruled throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from typesetter.book import Book, Line, Panel, Table, Truth, truth_of
from typesetter.forms import Form, form_of, note_of, title_of, unit_caption
from typesetter.quirks import Quirks


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; `kind` is header, label, code, amount, total or caption."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    kind: str
    truth: Truth | None = None

    @property
    def align(self) -> str:
        return {"label": "left", "amount": "right", "left": "left", "right": "right"}.get(self.kind, "center")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be set: the first `depth` rows are its header; `total_row` closes it where it has one."""

    table: str
    title: str
    captions: tuple[str, str]
    widths: tuple[int, ...]
    depth: int
    rows: int
    cells: tuple[Cell, ...]
    note: str
    total_row: int | None

    @property
    def columns(self) -> int:
        return len(self.widths)


def captions_of(book: Book, table: str, quirks: Quirks) -> tuple[str, str]:
    """The line above the table: whose it is, and in what unit."""
    return f"{quirks.body_word}{book.word}：{book.organisation}", unit_caption(table)


def grid_of(book: Book, table: Table, quirks: Quirks) -> Grid:
    """The grid of a table."""
    form = form_of(table, book.year, quirks)
    header = [Cell(label.row, label.column, label.rows, label.columns, label.text, "header") for label in form.labels]
    title, captions, shift = title_of(book, table.id, quirks), captions_of(book, table.id, quirks), 0
    if quirks.title_in_frame:
        shift, width = 2, len(form.widths)
        header = [Cell(c.row + shift, c.column, c.rows, c.columns, c.text, c.kind) for c in header]
        header += [
            Cell(0, 0, 1, width, title, "header"),
            Cell(1, 0, 1, width - 1, captions[0], "left"),
            Cell(1, width - 1, 1, 1, captions[1], "right"),
        ]
        title, captions = "", ("", "")
    depth = form.depth + shift
    height = _height(table, quirks)
    body = [
        cell for place, panel in _placed(table, form) for cell in _panel_cells(book, table, panel, place, depth, height)
    ]
    if table.empty and quirks.empty_word and form.code_columns:
        body = [_with_text(cell, "无") if (cell.row, cell.column) == (depth, 0) else cell for cell in body]
    has_total = table.panels[0].total is not None
    return Grid(
        table.id, title, captions, form.widths, depth, depth + height, tuple(header + body),
        note_of(book, table), depth + height - 1 if has_total else None,
    )  # fmt: skip


def _with_text(cell: Cell, text: str) -> Cell:
    return Cell(cell.row, cell.column, cell.rows, cell.columns, text, cell.kind)


def _height(table: Table, quirks: Quirks) -> int:
    """Body rows: side-by-side and empty tables are padded with blank rows, as in the official form."""
    longest = max(len(panel.lines) for panel in table.panels)
    padded = len(table.panels) > 1 or (longest == 0 and table.panels[0].total is not None)
    return max(longest, quirks.least_rows if padded else 0) + (table.panels[0].total is not None)


def _placed(table: Table, form: Form) -> Iterator[tuple[tuple[int, int], Panel]]:
    """Each panel with its first column and its count of code columns."""
    first = 0
    for panel in table.panels:
        yield (first, form.code_columns), panel
        first += 1 + form.code_columns + len(panel.measures)


def _panel_cells(
    book: Book, table: Table, panel: Panel, place: tuple[int, int], depth: int, height: int
) -> Iterator[Cell]:
    blank = Line((), "", ("",) * len(panel.measures))
    detail = height - (panel.total is not None)
    for offset in range(detail):
        line = panel.lines[offset] if offset < len(panel.lines) else blank
        yield from _line_cells(book, table, panel, line, place, depth + offset)
    if panel.total is not None:
        first, codes = place
        yield Cell(depth + detail, first, 1, codes + 1, panel.total.name, "total")
        yield from _amount_cells(book, table, panel, panel.total, first + codes + 1, depth + detail)


def _line_cells(book: Book, table: Table, panel: Panel, line: Line, place: tuple[int, int], row: int) -> Iterator[Cell]:
    first, codes = place
    if codes == 1:
        yield Cell(row, first, 1, 1, line.printed_code, "code")
    else:
        for column in range(codes):
            yield Cell(row, first + column, 1, 1, line.parts[column] if column < len(line.parts) else "", "code")
    if table.id == "three_public":
        yield from _amount_cells(book, table, panel, line, 0, row)
        return
    yield Cell(row, first + codes, 1, 1, line.name, "label")
    yield from _amount_cells(book, table, panel, line, first + codes + 1, row)


def _amount_cells(book: Book, table: Table, panel: Panel, line: Line, column: int, row: int) -> Iterator[Cell]:
    for place, (measure, text) in enumerate(zip(panel.measures, line.texts, strict=True)):
        truth = truth_of(table, panel, line, measure, book.year)
        yield Cell(row, column + place, 1, 1, text, "amount", truth)


def grids_of(book: Book, quirks: Quirks) -> tuple[Grid, ...]:
    """The nine tables of a book."""
    return tuple(grid_of(book, table, quirks) for table in book.tables)
