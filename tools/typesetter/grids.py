"""A table as a grid of cells with spans: the one layout that every kind of file sets.

Rows are counted from the first header row. A cell that prints an amount carries its truth; a setter adds the place
and hands the truth back. Blank cells are cells too: a published table is ruled throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from typesetter.book import Book, Line, Panel, Table, Truth, truth_of
from typesetter.forms import TITLES, form_of, heading_of
from typesetter.layout import Form
from typesetter.quirks import Quirks

DRAWN_ROW = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; `kind` is header, label, code, ordinal, amount, total or caption."""

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
    """A table ready to be set: the first `depth` rows are its header; `total_row` closes it where it has one.

    `number` stands above the title (公开01表), `amounts` is the look of its figures where they are numbers,
    `name` that of its sheet, `row_height` that of a body row in points.
    """

    table: str
    title: str
    captions: tuple[str, str]
    widths: tuple[int, ...]
    depth: int
    rows: int
    cells: tuple[Cell, ...]
    note: str
    total_row: int | None
    number: str
    amounts: str
    name: str
    row_height: int

    @property
    def columns(self) -> int:
        return len(self.widths)


def grid_of(book: Book, table: Table, quirks: Quirks) -> Grid:
    """The grid of a table."""
    form, heading = form_of(table, book.year, quirks), heading_of(book, table, quirks)
    header = [Cell(label.row, label.column, label.rows, label.columns, label.text, "header") for label in form.labels]
    title, captions, shift = heading.title, heading.captions, 0
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
    height = _height(table, form, quirks)
    body = list(_body(book, table, form, depth, height))
    if table.empty and quirks.empty_word and form.code_columns:
        body = [_with_text(cell, "无") if (cell.row, cell.column) == (depth, 0) else cell for cell in body]
    closed = table.panels[0].total is not None and not form.total_first
    grouped = table.form is not None and quirks.amounts.startswith("grouped")
    return Grid(
        table.id, title, captions, form.widths, depth, depth + height, tuple(header + body),
        heading.note, depth + height - 1 if closed else None, heading.number,
        ("grouped_fen" if grouped else "plain_fen") if table.unit > 1 else quirks.amounts,
        TITLES[table.id] if table.form is None else heading.title, form.row_height,
    )  # fmt: skip


def _with_text(cell: Cell, text: str) -> Cell:
    return Cell(cell.row, cell.column, cell.rows, cell.columns, text, cell.kind)


def _height(table: Table, form: Form, quirks: Quirks) -> int:
    """Body rows: side-by-side and empty tables are padded with blank rows, as in the official form."""
    longest = max(len(panel.lines) for panel in table.panels)
    bottom = max(_bottom(panel) for panel in table.panels)
    padded = sum(panel.labelled for panel in table.panels) > 1 or (longest == 0 and table.panels[0].total is not None)
    least = (quirks.least_rows if table.form is None else form.least_rows) if padded else 0
    return max(longest, least) + bottom


def _bottom(panel: Panel) -> int:
    return len(panel.foot) + (panel.total is not None)


def _body(book: Book, table: Table, form: Form, depth: int, height: int) -> Iterator[Cell]:
    """The cells below the header, panel after panel."""
    first, ordinal = 0, 1
    leading = form.outer + form.code_columns + 1 + form.ordinals
    taken: set[int] = set()
    for panel in table.panels:
        labels = leading if panel.labelled else 0
        reach = leading + len(panel.measures) + leading
        rows = _rows(panel, form, height)
        for row, line in enumerate(rows):
            if row in taken:
                continue
            place = depth + row
            if line.wide:
                yield Cell(place, first, 1, reach, line.name, "total")
                yield from _amount_cells(book, table, panel, line, first + reach, place)
                continue
            if labels:
                yield from _label_cells(form, line, place, first, closing=line is panel.total)
            if labels and form.ordinals:
                yield Cell(place, first + labels - 1, 1, 1, str(ordinal + row), "ordinal")
            yield from _amount_cells(book, table, panel, line, first + labels, place)
        if form.outer:
            yield from _outer_cells(panel, rows, first, depth)
        first += labels + len(panel.measures)
        ordinal += height if labels else 0
        taken = {row for row, line in enumerate(rows) if line.wide}


def _rows(panel: Panel, form: Form, height: int) -> list[Line]:
    """The body rows of a panel, those without a figure included: the foot and the total stand at the bottom."""
    blank = Line((), "", ("",) * len(panel.measures))
    total = [] if panel.total is None else [panel.total]
    head, tail = (total, [*panel.foot]) if form.total_first else ([], [*panel.foot, *total])
    middle = [*head, *panel.lines]
    return [*middle, *[blank] * (height - len(middle) - len(tail)), *tail]


def _label_cells(form: Form, line: Line, row: int, first: int, *, closing: bool) -> Iterator[Cell]:
    """Code and name of a row; the label of a closing row lies over both."""
    codes, name = form.code_columns, first + form.outer + form.code_columns
    if closing and (form.outer or not form.total_first):
        yield Cell(row, first, 1, form.outer + codes + 1, line.name, "total")
        return
    if codes == 1:
        yield Cell(row, name - 1, 1, 1, line.unit or line.printed_code, "code")
    else:
        for column in range(codes):
            text = line.parts[column] if column < len(line.parts) else ""
            yield Cell(row, name - codes + column, 1, 1, text, "code")
    yield Cell(row, name, 1, 1, line.name, "label")


def _outer_cells(panel: Panel, rows: list[Line], first: int, depth: int) -> Iterator[Cell]:
    """The labels at the left: one merged cell for rows that follow one another and share it."""
    row = 0
    for outer, group in groupby(rows, key=lambda line: (line is panel.total, line.outer)):
        count = len(list(group))
        if not outer[0]:
            runs = [(row, count)] if outer[1] else [(row + offset, 1) for offset in range(count)]
            yield from (Cell(depth + top, first, deep, 1, outer[1], "label") for top, deep in runs)
        row += count


def _amount_cells(book: Book, table: Table, panel: Panel, line: Line, column: int, row: int) -> Iterator[Cell]:
    for place, (measure, text) in enumerate(zip(panel.measures, line.texts, strict=True)):
        truth = truth_of(table, panel, line, measure, book.year)
        yield Cell(row, column + place, 1, 1, text, "amount", truth)


def grids_of(book: Book, quirks: Quirks) -> tuple[Grid, ...]:
    """The nine tables of a book."""
    return tuple(grid_of(book, table, quirks) for table in book.tables)


def drawn_grids(book: Book) -> tuple[Grid, ...]:
    """The pages of a book that are no official tables."""
    return tuple(
        Grid(
            "", one.heading.title, one.heading.captions, one.widths, 0, one.rows,
            tuple(Cell(cell.row, cell.column, cell.rows, cell.columns, cell.text, "header") for cell in one.cells),
            "", one.rows - 1, "", "plain", f"绩效目标{number}", DRAWN_ROW,
        )
        for number, one in enumerate(book.drawings, start=1)
    )  # fmt: skip
