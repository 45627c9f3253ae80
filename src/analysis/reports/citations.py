"""Every figure of a page that is a line item, told as its document prints it: so that it can be seen, cited and found.

A page names figures by their places alone (`dataset.figure_id`). When it is made, what the dataset knows of those that
it shows is put into it once: the document, the table, the row, the column, the printed text, the box. Where the site
carries the published files (`steps.carry_sources`), the way to the file and to the picture of its page is told as well.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from analysis.dataset.figure_id import figure_id
from analysis.dataset.generations import current
from analysis.dataset.store import generation, scan_slice, scan_table
from analysis.display.words import KIND_NAMES, LEVEL_NAMES
from analysis.knowledge.names import measure_names, table_names
from analysis.terms.line_item import Level

SOURCES, PAGES = "sources", "pages.json"
_BOX = ("x0", "top", "x1", "bottom")
_ITEM = ("code", "name", "table", "measure", "printed", "printed_unit", "amount", "page", "line", "cell", *_BOX)
_VERSION = 8


def citations(
    clean_dir: Path,
    site_dir: Path | None,
    places: Collection[str],
    organisations: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> dict[str, Any]:
    """What a page tells of the figures that it shows.

    Args:
        clean_dir: The cleaned dataset.
        site_dir: The site that the page belongs to; None where it stands alone.
        places: The figures, as `dataset.figure_id` names them.
        organisations: The organisation_ids whose line items are among them; None for all.
        years: The document years whose line items are among them; None for all.

    Returns:
        `version` and `date` of the dataset, `tables` and `measures` (the words of those that occur), `documents` by id,
        and `figures` by document and the rest of the place: code, name, table, measure, printed text, printed unit,
        yuan, page, line, cell, box. Ready for JSON; empty where no figure is known.

    Raises:
        DatasetError: There is no dataset.
    """
    wanted = sorted({place.partition("/")[0] for place in places})
    items = scan_slice(clean_dir, "line_items", organisations, years).filter(pl.col("document_id").is_in(wanted))
    asked = pl.LazyFrame({"place": sorted(places)}, schema={"place": pl.String})
    found = items.with_columns(place=figure_id()).select("place", *_ITEM).join(asked, on="place", how="semi").collect()
    figures: dict[str, dict[str, list[Any]]] = {}
    for row in found.iter_rows(named=True):
        document, _, rest = row["place"].partition("/")
        figures.setdefault(document, {})[rest] = _figure(row)
    if not figures:
        return {}
    documents = scan_table(clean_dir, "documents").filter(pl.col("document_id").is_in(list(figures))).collect()
    return {
        "version": generation(clean_dir)[:_VERSION],
        "date": _date(clean_dir),
        "tables": {key: table_names().get(key, key) for key in sorted(set(found["table"]))},
        "measures": {key: measure_names().get(key, key) for key in sorted(set(found["measure"]))},
        "documents": {row["document_id"]: _document(row, site_dir) for row in documents.iter_rows(named=True)},
        "figures": figures,
    }


def _figure(row: Mapping[str, Any]) -> list[Any]:
    box = None if row["x0"] is None else [round(row[name], 1) for name in _BOX]
    values = [row["code"], row["name"], row["table"], row["measure"], row["printed"], row["printed_unit"]]
    return [*values, f"{row['amount']:,.2f}", row["page"], row["line"], row["cell"], box]


def _document(row: Mapping[str, Any], site_dir: Path | None) -> dict[str, Any]:
    level = LEVEL_NAMES[Level(row["level"])] if row["level"] else ""
    kind = f"{row['document_year'] or ''}年{level}{KIND_NAMES.get(row['kind'], '')}"
    told = {"organisation": row["organisation"] or "", "kind": kind, "file": row["source_file"]}
    return told | (_carried(row, site_dir) if site_dir else {})


def _carried(row: Mapping[str, Any], site_dir: Path) -> dict[str, Any]:
    """Where the site has the audit of a document, its file, and the widths of the pages whose pictures it carries."""
    name, there = row["document_id"], {}
    if (site_dir / "audit" / f"{name}.html").exists():
        there["audit"] = f"audit/{name}.html"
    folder = site_dir / SOURCES / name
    if (folder / PAGES).exists():
        told = json.loads((folder / PAGES).read_text(encoding="utf-8"))
        there |= {"source": f"{SOURCES}/{name}/{told['file']}", "pages": told["pages"]}
    return there


def _date(clean_dir: Path) -> str:
    """The day on which the dataset was written."""
    folder = current(clean_dir)
    seconds = (folder / "documents.parquet").stat().st_mtime if folder else 0.0
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
