"""The dataset as one workbook, a sheet a table.

A spreadsheet takes "0201" for 201, "=HYPERLINK(…)" for a command and 2,024 for an amount: every text is written as a
text, amounts as numbers with two decimals, years without separators. An amount beyond what a spreadsheet's numbers hold
exactly is written as text.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.atomic import replacing
from analysis.dataset.export.export_format import ExportFormat, TableLayout
from analysis.errors import DatasetError

if TYPE_CHECKING:
    import polars as pl
    import xlsxwriter

_BOOK = "budget.xlsx"
_MOST_ROWS = 200_000  # offered by a site: a longer sheet takes long to open
_SHEET_ROWS = 1_048_575
_EXACT = Decimal(10**13)
_WIDTH = 14


def _write_dataset(clean_dir: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
    """One workbook `budget.xlsx`.

    Raises:
        DatasetError: A table is too long for a sheet.
    """
    import polars as pl

    from analysis.dataset.store import pieces, scan_table

    rows = {name: scan_table(clean_dir, name).select(pl.len()).collect().item() for name in tables}
    for name, count in rows.items():
        if count > _SHEET_ROWS:
            raise DatasetError(
                f"表 {name} 有 {count:,} 行，一张工作表最多 {_SHEET_ROWS:,} 行；请用 csv 或直接读 parquet。"
                f" / {name} has {count:,} rows, a sheet holds {_SHEET_ROWS:,}: use csv or read the parquet"
            )
    path = to / _BOOK
    with replacing(path) as temporary, _workbook(temporary) as book:
        for name in tables:
            _write_sheet(book, pieces(clean_dir, name), TableLayout(name))
    return (path,)


def _write_table(pieces: "Iterable[pl.DataFrame]", path: Path, layout: TableLayout) -> None:
    """One sheet for reading: long texts wrapped; what is beyond the rows of a sheet is left out."""
    with replacing(path) as temporary, _workbook(temporary) as book:
        _write_sheet(book, pieces, layout, wrapped=True)


def _workbook(path: Path) -> "xlsxwriter.Workbook":
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    return xlsxwriter.Workbook(str(path), options)


def _write_sheet(
    book: "xlsxwriter.Workbook", pieces: "Iterable[pl.DataFrame]", layout: TableLayout, *, wrapped: bool = False
) -> None:
    parts: Iterator[pl.DataFrame] = iter(pieces)
    first = next(parts)
    look = {"text_wrap": True, "valign": "top"} if wrapped else {}
    plain, money = book.add_format(look), book.add_format(look | {"num_format": "#,##0.00"})
    sheet, head = book.add_worksheet(layout.sheet), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(first.columns):
        if wrapped:
            sheet.set_column(column, column, layout.widths.get(heading, _WIDTH))
        sheet.write_string(0, column, heading, head)
    number = 0
    for number, row in enumerate((row for part in chain((first,), parts) for row in part.iter_rows()), start=1):
        if number > _SHEET_ROWS:
            number = _SHEET_ROWS
            break
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, plain, money)
    sheet.autofilter(0, 0, number, max(first.width - 1, 0))


def _write_cell(sheet: Any, row: int, column: int, value: Any, plain: Any, money: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, plain)
    elif isinstance(value, Decimal) and abs(value) < _EXACT:
        sheet.write_number(row, column, float(value), money)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, plain)
    elif value is not None:
        sheet.write_string(row, column, str(value), plain)


XLSX = ExportFormat("xlsx", "Excel", _write_dataset, _BOOK, _MOST_ROWS, _write_table)
