"""The dataset as csv, one file a table, in which nothing runs.

A spreadsheet is a dangerous reader. A csv has no types, so amounts are exact decimals, and a text that a spreadsheet
would run gets an apostrophe in front. The byte order mark lets Excel read Chinese.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from analysis.atomic import replacing
from analysis.dataset.export.export_format import ExportFormat, TableLayout
from analysis.terms.harmless_text import harmless

if TYPE_CHECKING:
    import polars as pl


def write_csv(pieces: "Iterable[pl.DataFrame]", file: BinaryIO) -> None:
    """Pieces of a table as one csv that Excel reads and in which nothing runs; there is one piece at least."""
    for number, piece in enumerate(pieces):
        safe_rows(piece).write_csv(file, include_bom=number == 0, include_header=number == 0)


def safe_rows(piece: "pl.DataFrame") -> "pl.DataFrame":
    """Rows with exact decimals as text, and texts in which nothing runs."""
    import polars as pl

    return piece.with_columns(
        pl.col(pl.Decimal).cast(pl.String),
        *(
            pl.col(column).map_elements(harmless, return_dtype=pl.String)
            for column, kind in piece.schema.items()
            if kind == pl.String
        ),
    )


def _write_dataset(clean_dir: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
    from analysis.dataset.store import pieces

    paths = tuple(to / f"{name}.csv" for name in tables)
    for name, path in zip(tables, paths, strict=True):
        _write_table(pieces(clean_dir, name), path, TableLayout(name))
    return paths


def _write_table(pieces: "Iterable[pl.DataFrame]", path: Path, _: TableLayout) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        write_csv(pieces, file)


CSV = ExportFormat("csv", "csv", _write_dataset, write_table=_write_table)
