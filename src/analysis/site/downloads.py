"""The dataset for those who take it along: parquet as it is, and every export format where it stays handy.

    site/downloads/documents.parquet, line_items.parquet, …   every table in one file
    site/downloads/budget-csv.zip                             every table, for a format with a file a table
    site/downloads/budget.xlsx                                every table, for a format with one file

Large tables lie in the dataset as one file for each organisation and year; here they are one file again.
"""

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.atomic import replacing
from analysis.dataset.export.export_format import ExportFormat
from analysis.dataset.export.formats import FORMATS, TABLES, export
from analysis.dataset.store import has_table, scan_table

_NAMES = {
    "documents": "文件",
    "line_items": "每个读懂的数字",
    "unmapped": "没有读懂的数字",
    "tables": "每个印出的表",
    "narrative": "编制说明的条目",
    "facts": "说明文字所述的事实",
    "projects": "项目",
    "performance": "项目绩效指标",
    "checks": "每处核对",
    "findings": "问题",
    "duties": "职责台账：该查的是否查了",
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
    """Write the files; one of an earlier, smaller dataset is removed where the format does not offer it now."""
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
    for one in FORMATS.values():
        path = folder / (one.file or f"budget-{one.id}.zip")
        if one.most_rows is not None and rows > one.most_rows:
            path.unlink(missing_ok=True)
            continue
        if one.file is not None:
            export(clean_dir, folder, one.id)
        else:
            _zipped(clean_dir, one, path)
        written.append(Download(path, f"{path.name}（全部表格，{one.words}）"))
    return tuple(written)


def _zipped(clean_dir: Path, form: ExportFormat, path: Path) -> None:
    """The files of a format as one."""
    with (
        tempfile.TemporaryDirectory() as place,
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for file in export(clean_dir, Path(place), form.id):
            archive.write(file, file.name)
