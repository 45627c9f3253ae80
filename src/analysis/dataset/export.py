"""The dataset for those who work in a spreadsheet: csv or xlsx, one sheet or file a table.

A spreadsheet is a dangerous reader: it takes "0201" for 201, "=HYPERLINK(…)" for a command and 2,024 for an amount. In
xlsx every text is written as a text, amounts as numbers with two decimals, years without separators. In csv, which has
no types, amounts are exact decimals, and a text that a spreadsheet would run gets an apostrophe in front; a plain
number or a dash, as documents print it, cannot run and stays as it is. The csv has a byte order mark, so that Excel
reads Chinese.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import xlsxwriter

from analysis.atomic import replacing
from analysis.dataset.store import has_table, pieces, scan_table
from analysis.errors import DatasetError, ParameterError

TABLES = ("documents", "line_items", "narrative", "checks", "findings")
_REQUIRED = TABLES[:2]
_RUNS = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠\t\r]")
_HARMLESS = re.compile(r"[-+−－]?[\d,.]*%?")
_SHEET_ROWS = 1_048_575
_EXACT = Decimal(10**13)


def export(clean_dir: Path, to: Path, form: str) -> tuple[Path, ...]:
    """Write all tables of the dataset.

    Args:
        clean_dir: The cleaned dataset.
        to: The folder that receives the files.
        form: "csv", one file a table, or "xlsx", one workbook `budget.xlsx` with a sheet a table.

    Returns:
        The files written.

    Raises:
        ParameterError: Another format was asked for.
        DatasetError: The dataset is missing, or too long for a sheet.
    """
    writers: dict[str, Callable[[Path, tuple[str, ...], Path], tuple[Path, ...]]] = {"csv": _csv, "xlsx": _xlsx}
    if form not in writers:
        raise ParameterError(f"没有导出格式“{form}”；可选：csv、xlsx。")
    return writers[form](clean_dir, _tables(clean_dir), to)


def harmless(text: str | None) -> str | None:
    """`text` as it may stand in a csv: with an apostrophe where a spreadsheet would run it."""
    if text is None or not _RUNS.match(text) or _HARMLESS.fullmatch(text):
        return text
    return f"'{text}"


def write_csv(pieces: Iterable[pl.DataFrame], file: BinaryIO) -> None:
    """Pieces of a table as one csv that Excel reads and in which nothing runs; there is one piece at least."""
    for number, piece in enumerate(pieces):
        safe = piece.with_columns(pl.col(pl.Decimal).cast(pl.String)).with_columns(
            pl.col(column).map_elements(harmless, return_dtype=pl.String)
            for column, kind in piece.schema.items()
            if kind == pl.String
        )
        safe.write_csv(file, include_bom=number == 0, include_header=number == 0)


def _tables(clean_dir: Path) -> tuple[str, ...]:
    present = tuple(name for name in TABLES if has_table(clean_dir, name))
    missing = [name for name in _REQUIRED if name not in present]
    if missing:
        raise DatasetError(f"{clean_dir} 中没有 {'、'.join(missing)}；请先运行 workbench clean。")
    return present


def _csv(clean_dir: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
    written = []
    for name in tables:
        path = to / f"{name}.csv"
        with replacing(path) as temporary, temporary.open("wb") as file:
            write_csv(pieces(clean_dir, name), file)
        written.append(path)
    return tuple(written)


def _xlsx(clean_dir: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
    rows = {name: scan_table(clean_dir, name).select(pl.len()).collect().item() for name in tables}
    for name, count in rows.items():
        if count > _SHEET_ROWS:
            raise DatasetError(
                f"表 {name} 有 {count:,} 行，一张工作表最多 {_SHEET_ROWS:,} 行；请用 csv 或直接读 parquet。"
                f" / {name} has {count:,} rows, a sheet holds {_SHEET_ROWS:,}: use csv or read the parquet"
            )
    path = to / "budget.xlsx"
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        formats = {"money": book.add_format({"num_format": "#,##0.00"}), "head": book.add_format({"bold": True})}
        for name in tables:
            _sheet(book.add_worksheet(name), pieces(clean_dir, name), rows[name], formats)
    return (path,)


def _sheet(sheet: Any, parts: Iterator[pl.DataFrame], rows: int, formats: dict[str, Any]) -> None:
    first = next(parts)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(first.columns):
        sheet.write_string(0, column, heading, formats["head"])
    sheet.autofilter(0, 0, rows, max(first.width - 1, 0))
    for number, row in enumerate((row for part in chain((first,), parts) for row in part.iter_rows()), start=1):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, Decimal) and abs(value) < _EXACT:
                sheet.write_number(number, column, float(value), formats["money"])
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
