"""The export formats, in one place: what `--format` takes, what the site offers to take along.

A format is its module and its line here.
"""

from pathlib import Path

from analysis.dataset.export.csv_format import CSV
from analysis.dataset.export.datapackage_format import DATAPACKAGE
from analysis.dataset.export.export_format import ExportFormat
from analysis.dataset.export.xlsx_format import XLSX
from analysis.errors import DatasetError, ParameterError

FORMATS: dict[str, ExportFormat] = {one.id: one for one in (CSV, XLSX, DATAPACKAGE)}
TABLES = (
    "documents",
    "line_items",
    "unmapped",
    "tables",
    "narrative",
    "facts",
    "projects",
    "performance",
    "checks",
    "findings",
    "duties",
)
_REQUIRED = TABLES[:2]


def table_formats() -> tuple[ExportFormat, ...]:
    """The formats in which one table can stand alone."""
    return tuple(one for one in FORMATS.values() if one.write_table is not None)


def export(clean_dir: Path, to: Path, form: str) -> tuple[Path, ...]:
    """Write all tables of the dataset.

    Args:
        clean_dir: The cleaned dataset.
        to: The folder that receives the files.
        form: One of `FORMATS`: "csv", one file a table; "xlsx", one workbook `budget.xlsx` with a sheet a table;
            "datapackage", csv files with a description of every column.

    Returns:
        The files written.

    Raises:
        ParameterError: Another format was asked for.
        DatasetError: The dataset is missing, or too long for the format.
    """
    if form not in FORMATS:
        raise ParameterError(f"没有导出格式“{form}”；可选：{'、'.join(FORMATS)}。")
    from analysis.dataset.locks import held

    with held(clean_dir) as generation:
        return FORMATS[form].write_dataset(generation, _tables(generation), to)


def _tables(clean_dir: Path) -> tuple[str, ...]:
    from analysis.dataset.store import has_table

    present = tuple(name for name in TABLES if has_table(clean_dir, name))
    missing = [name for name in _REQUIRED if name not in present]
    if missing:
        raise DatasetError(f"{clean_dir} 中没有 {'、'.join(missing)}；请先运行 workbench clean。")
    return present
