"""The dataset as one workbook: a sheet an organisation, a sheet a table, and what every column means.

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

    from analysis.dataset.export.organisation_sheets import OrganisationSheet

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

    from analysis.dataset.export.organisation_sheets import organisation_sheets
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
        for one in organisation_sheets(clean_dir):
            _write_organisation(book, one)
        for name in tables:
            _write_sheet(book, pieces(clean_dir, name), TableLayout(name), table=name)
        _write_dictionary(book, tables)
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
    book: "xlsxwriter.Workbook",
    pieces: "Iterable[pl.DataFrame]",
    layout: TableLayout,
    *,
    wrapped: bool = False,
    table: str | None = None,
) -> None:
    """One sheet; that of a `table` has Chinese headings over the names of its columns, and Chinese values."""
    import polars as pl

    from analysis.dataset.export.sheet_words import heading, in_reading_order, names_of, width

    parts: Iterator[pl.DataFrame] = iter(pieces)
    first = next(parts)
    look = {"text_wrap": True, "valign": "top"} if wrapped else {}
    plain, money = book.add_format(look), book.add_format(look | {"num_format": "#,##0.00"})
    sheet, head = book.add_worksheet(layout.sheet), book.add_format({"bold": True})
    english = book.add_format({"font_color": "#666666", "italic": True})
    names = list(first.columns) if table is None else in_reading_order(first.columns)
    heads = 1 if table is None else 2
    sheet.freeze_panes(heads, 0)
    for column, name in enumerate(names):
        wide = width(name, isinstance(first.schema[name], pl.Decimal)) if table else layout.widths.get(name, _WIDTH)
        sheet.set_column(column, column, wide)
    for column, name in enumerate(names):
        sheet.write_string(0, column, heading(table, name) if table else name, head)
    for column, name in enumerate(names if table else ()):
        sheet.write_string(1, column, name, english)
    number, words = heads - 1, [names_of(name) if table else {} for name in names]
    rows = (row for part in chain((first,), parts) for row in part.select(names).iter_rows())
    for number, row in enumerate(rows, start=heads):
        if number > _SHEET_ROWS:
            number = _SHEET_ROWS
            break
        for column, value in enumerate(row):
            known = words[column].get(value, value) if isinstance(value, str) else value
            _write_cell(sheet, number, column, known, plain, money)
    sheet.autofilter(heads - 1, 0, number, max(first.width - 1, 0))


def _write_organisation(book: "xlsxwriter.Workbook", one: "OrganisationSheet") -> None:
    """A sheet of an organisation: its codes below each other, the totals in bold."""
    sheet, plain = book.add_worksheet(one.name), book.add_format({})
    money, strong = book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})
    whole = book.add_format({"num_format": "#,##0.00", "bold": True})
    sheet.freeze_panes(2, 2)
    for column, name in enumerate(one.frame.columns):
        sheet.set_column(column, column, {"编码": 10, "名称": 36, "级次": 7}.get(name, 18))
    sheet.write_string(0, 0, f"{one.title}支出，单位：元；类、款、项均为公开文件列示数，不可重复加总", strong)
    for column, name in enumerate(one.frame.columns):
        sheet.write_string(1, column, name, strong)
    for number, row in enumerate(one.frame.iter_rows(), start=2):
        top = row[2] in ("合计", "类")
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, strong if top else plain, whole if top else money)


def _write_dictionary(book: "xlsxwriter.Workbook", tables: tuple[str, ...]) -> None:
    """What every column of every sheet means."""
    from analysis.knowledge.fields import data_dictionary

    sheet, head = book.add_worksheet("数据字典"), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, (name, wide) in enumerate((("表", 16), ("列", 20), ("含义", 70), ("Meaning", 70))):
        sheet.set_column(column, column, wide)
        sheet.write_string(0, column, name, head)
    told = [(name, one.name, one.zh, one.en) for name in tables for one in data_dictionary()[name].fields]
    for number, texts in enumerate(told, start=1):
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text)


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
