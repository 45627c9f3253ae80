"""The dataset for those who take it along: parquet as it is, csv in a zip, and a workbook where it stays handy.

    site/downloads/documents.parquet, line_items.parquet, …   every table in one file
    site/downloads/budget-csv.zip                             every table, nothing in it that a spreadsheet runs
    site/downloads/budget.xlsx                                every table as a sheet, up to `MOST_IN_WORKBOOK` rows

Large tables lie in the dataset as one file for each organisation and year; here they are one file again.
"""

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.atomic import replacing
from analysis.dataset.export import TABLES, export
from analysis.dataset.store import has_table, scan_table

MOST_IN_WORKBOOK = 200_000
_ZIP, _BOOK = "budget-csv.zip", "budget.xlsx"
_NAMES = {
    "documents": "文件",
    "line_items": "每个印出的数字",
    "narrative": "编制说明的条目",
    "checks": "每处核对",
    "findings": "问题",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take along, with what it is."""

    path: Path
    words: str

    @property
    def size(self) -> str:
        """Its size as a reader takes it."""
        size = self.path.stat().st_size
        return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):,.1f} kB"


def write_downloads(clean_dir: Path, folder: Path) -> tuple[Download, ...]:
    """Write the files; a workbook of an earlier, smaller dataset is removed where there is none now."""
    written, rows = [], 0
    for table in TABLES:
        if not has_table(clean_dir, table):
            continue
        frame = scan_table(clean_dir, table)
        rows = max(rows, frame.select(pl.len()).collect().item())
        path = folder / f"{table}.parquet"
        with replacing(path) as temporary:
            frame.sink_parquet(temporary, compression="zstd")
        written.append(Download(path, f"{path.name}（{_NAMES[table]}）"))
    with (
        tempfile.TemporaryDirectory() as place,
        replacing(folder / _ZIP) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in export(clean_dir, Path(place), "csv"):
            archive.write(path, path.name)
    written.append(Download(folder / _ZIP, f"{_ZIP}（全部表格，csv）"))
    book = folder / _BOOK
    if rows <= MOST_IN_WORKBOOK:
        export(clean_dir, folder, "xlsx")
        written.append(Download(book, f"{_BOOK}（全部表格，Excel）"))
    else:
        book.unlink(missing_ok=True)
    return tuple(written)
