"""Sets a book as a workbook: xlsx, or the older xls.

Cover and text stand on a first sheet; the tables follow, each on its own sheet or all below one another on a single
one. Amounts and codes are texts, or numbers where the quirks say so: a number keeps its printed look by its number
format, and a code kept as a number loses its leading zeros for good (05 becomes 5), which the truth then says too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
import xlwt

from typesetter.book import Book, Truth
from typesetter.grids import Cell, Grid, drawn_grids, grids_of
from typesetter.matter import lines_of_matter, matter_of
from typesetter.quirks import Quirks

TEXT_SHEET = "封面及编制说明"
ONE_SHEET = "预算表"
MADE = datetime(2025, 1, 1)
POINTS_PER_CHARACTER = 6
FORMATS = {"grouped": "#,##0", "grouped_fen": "#,##0.00", "plain": "0", "plain_fen": "0.00"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of a sheet, counted from 0; `number_format` is set where the value is a number."""

    row: int
    column: int
    rows: int
    columns: int
    value: str | int | Decimal
    align: str
    ruled: bool
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its entries and column widths in characters."""

    name: str
    widths: tuple[float, ...]
    entries: tuple[Entry, ...]


def reference(sheet: str, row: int, column: int) -> str:
    """A cell's address, such as 收入!C12; no table has more than 26 columns."""
    return f"{sheet}!{chr(ord('A') + column)}{row + 1}"


def set_xlsx(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """Write the book to `path` as xlsx; returns its truth with sheet numbers and cell references."""
    sheets, truth = sheets_of(book, quirks)
    file = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    file.set_properties({"created": MADE})
    formats: dict[tuple[str, bool, str], object] = {}
    for sheet in sheets:
        page = file.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        for entry in sheet.entries:
            look = (entry.align, entry.ruled, entry.number_format)
            if look not in formats:
                properties = {"align": entry.align, "valign": "vcenter", "text_wrap": entry.ruled, "font_name": "宋体"}
                formats[look] = file.add_format(
                    properties | {"border": int(entry.ruled), "num_format": entry.number_format or "@"}
                )
            last = entry.row + entry.rows - 1, entry.column + entry.columns - 1
            if (entry.row, entry.column) == last:
                page.write(entry.row, entry.column, entry.value, formats[look])
            else:
                page.merge_range(entry.row, entry.column, *last, entry.value, formats[look])
    file.close()
    return truth


def set_xls(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """The same as xls."""
    sheets, truth = sheets_of(book, quirks)
    file = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[str, bool, str], xlwt.XFStyle] = {}
    for sheet in sheets:
        page = file.add_sheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.col(column).width = int(width * 256)
        for entry in sheet.entries:
            look = (entry.align, entry.ruled, entry.number_format)
            if look not in styles:
                border = "border: left thin, right thin, top thin, bottom thin;" if entry.ruled else ""
                styles[look] = xlwt.easyxf(
                    f"font: name 宋体; align: horiz {entry.align}, vert centre; {border}",
                    num_format_str=entry.number_format or "@",
                )
            last = entry.row + entry.rows - 1, entry.column + entry.columns - 1
            page.write_merge(entry.row, last[0], entry.column, last[1], entry.value, styles[look])
    file.save(str(path))
    return truth


def sheets_of(book: Book, quirks: Quirks) -> tuple[tuple[Sheet, ...], tuple[Truth, ...]]:
    """All sheets of a book, and its truth with the places of its cells."""
    text, truth = _text_sheet(book, quirks)
    sheets, entries, top = [text], [], 0
    widths: tuple[float, ...] = ()
    for number, grid in enumerate(grids_of(book, quirks), start=1):
        name = ONE_SHEET if quirks.one_sheet else _sheet_name(number, grid)
        page = 2 if quirks.one_sheet else number + 1
        placed = list(_grid_entries(grid, top, quirks))
        truth += _placed_truth(grid, top, name, page, quirks)
        own = tuple(width / POINTS_PER_CHARACTER for width in grid.widths)
        if quirks.one_sheet:
            entries += placed
            top = max(entry.row + entry.rows for entry in entries) + 2
            widths = own if len(own) > len(widths) else widths
        else:
            sheets.append(Sheet(name, own, tuple(placed)))
    if quirks.one_sheet:
        sheets.append(Sheet(ONE_SHEET, widths, tuple(entries)))
    for grid in drawn_grids(book):
        own = tuple(width / POINTS_PER_CHARACTER for width in grid.widths)
        sheets.append(Sheet(grid.name, own, tuple(_grid_entries(grid, 0, quirks))))
    return tuple(sheets), tuple(truth)


def _sheet_name(number: int, grid: Grid) -> str:
    """A name of at most 31 characters without the marks that a sheet's name may not bear."""
    plain = "".join(character for character in grid.name if character not in "[]:*?/\\")
    return f"{number}.{plain}"[:31]


def _text_sheet(book: Book, quirks: Quirks) -> tuple[Sheet, list[Truth]]:
    matter = matter_of(book, quirks)
    lines = [(text, ()) for text in matter.cover]
    lines += [(text, truth) for text, _, truth in lines_of_matter(book, (*matter.before, *matter.after))]
    truth = [
        replace(one, page=1, cell=reference(TEXT_SHEET, row, 0))
        for row, (_, stated) in enumerate(lines)
        for one in stated
    ]
    entries = tuple(Entry(row, 0, 1, 1, text, "left", ruled=False) for row, (text, _) in enumerate(lines))
    return Sheet(TEXT_SHEET, (120.0,), entries), truth


def _body_top(grid: Grid, top: int) -> int:
    """The sheet row of the grid's first row: below title and captions, unless these stand in the frame."""
    return top + (bool(grid.number) + 2 if grid.title else 0)


def _grid_entries(grid: Grid, top: int, quirks: Quirks) -> Iterator[Entry]:
    last = grid.columns - 1
    if grid.title:
        if grid.number:
            yield Entry(top, 0, 1, grid.columns, grid.number, "left", ruled=False)
            top += 1
        yield Entry(top, 0, 1, grid.columns, grid.title, "center", ruled=False)
        yield Entry(top + 1, 0, 1, last, grid.captions[0], "left", ruled=False)
        yield Entry(top + 1, last, 1, 1, grid.captions[1], "right", ruled=False)
    first = top + 2 if grid.title else top
    for cell in grid.cells:
        value, number_format = _value(cell, grid, quirks)
        yield Entry(
            first + cell.row, cell.column, cell.rows, cell.columns, value, cell.align,
            ruled=True, number_format=number_format,
        )  # fmt: skip
    if grid.note:
        yield Entry(first + grid.rows, 0, 1, grid.columns, grid.note, "left", ruled=False)


def _value(cell: Cell, grid: Grid, quirks: Quirks) -> tuple[str | int | Decimal, str]:
    if cell.kind == "amount" and quirks.numeric_amounts and cell.truth is not None:
        printed = Decimal(cell.text.replace(",", ""))
        return printed, FORMATS["plain" if cell.text == "0" else grid.amounts]
    if cell.kind == "code" and quirks.numeric_codes and cell.text.isdigit():
        return int(cell.text), "0"
    return cell.text, ""


def _placed_truth(grid: Grid, top: int, sheet: str, page: int, quirks: Quirks) -> Iterator[Truth]:
    first = _body_top(grid, top)
    kept = {
        row: "".join(
            str(int(cell.text)) for cell in grid.cells if cell.row == row and cell.kind == "code" and cell.text
        )
        for row in ({cell.row for cell in grid.cells if cell.truth} if quirks.numeric_codes else ())
    }
    for cell in grid.cells:
        if cell.truth is not None:
            code = kept.get(cell.row, cell.truth.printed_code)
            yield replace(
                cell.truth, page=page, cell=reference(sheet, first + cell.row, cell.column), printed_code=code
            )
