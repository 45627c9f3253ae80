"""The dataset as a Data Package (frictionlessdata.io): csv files, and a file that says what every column is.

    datapackage.json, documents.csv, line_items.csv, …

A csv of a package is read by programs: it has no byte order mark. But a spreadsheet opens it as well, so nothing in it
runs; the package says how such a text is led.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.atomic import replacing, write_text
from analysis.dataset.export.csv_format import safe_rows
from analysis.dataset.export.export_format import ExportFormat

if TYPE_CHECKING:
    import polars as pl

NAME = "datapackage.json"
_DESCRIPTION = (
    "Money is in yuan. Never add over table, phase, level, measure or levels of codes."
    " A text that a spreadsheet would take for a formula is led by an apostrophe."
)
_TYPES = {"string": "string", "int16": "integer", "int32": "integer", "float64": "number", "bool": "boolean"}


def _write_dataset(clean_dir: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
    from analysis.dataset.store import generation, pieces

    resources, paths = [], []
    for name in tables:
        path = to / f"{name}.csv"
        columns = _write_rows(pieces(clean_dir, name), path)
        resources.append(_resource(name, columns))
        paths.append(path)
    package = {
        "profile": "tabular-data-package",
        "name": "budget-workbench",
        "title": "公开的部门预算和决算 / published budgets and final accounts",
        "version": generation(clean_dir),
        "description": _DESCRIPTION,
        "resources": resources,
    }
    write_text(to / NAME, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    return (to / NAME, *paths)


def _write_rows(parts: "Iterable[pl.DataFrame]", path: Path) -> list[str]:
    columns: list[str] = []
    with replacing(path) as temporary, temporary.open("wb") as file:
        for number, piece in enumerate(parts):
            frame = safe_rows(piece)
            frame.write_csv(file, include_header=number == 0)
            columns = frame.columns
    return columns


def _resource(table: str, columns: list[str]) -> dict[str, Any]:
    """A table as the package describes it: every column with its type and meaning, and the document that it is of."""
    from analysis.knowledge.fields import data_dictionary

    entry = data_dictionary()[table]
    known = {one.name: one for one in entry.fields}
    fields = [
        {
            "name": name,
            "type": _TYPES.get(known[name].type, "number"),
            "title": known[name].zh,
            "description": known[name].en,
            "constraints": {"required": known[name].required},
        }
        for name in columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table != "documents":
        document = {"fields": "document_id", "reference": {"resource": "documents", "fields": "document_id"}}
        schema["foreignKeys"] = [document]
    return {
        "profile": "tabular-data-resource", "name": table, "path": f"{table}.csv", "title": entry.zh,
        "description": entry.en, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


DATAPACKAGE = ExportFormat("datapackage", "Data Package", _write_dataset)
