"""Every figure of a page that a document prints, told as it is printed: so that it can be seen, cited and found.

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

from analysis.dataset.figure_id import STATED, figure_id, stated_id
from analysis.dataset.generations import current
from analysis.dataset.store import generation, has_table, scan_slice, scan_table
from analysis.display.words import KIND_NAMES, LEVEL_NAMES
from analysis.knowledge.fact_rules import subject_names
from analysis.knowledge.names import measure_names, table_names
from analysis.terms.line_item import Level

SOURCES, PAGES = "sources", "pages.json"
_BOX = ("x0", "top", "x1", "bottom")
_ITEM = ("code", "name", "table", "measure", "printed", "printed_unit", "amount", "page", "line", "cell", *_BOX)
_TABLE, _MEASURE = 2, 3
_VERSION = 8
_STATED_NAMES = {"statements": "文字说明", "facts": "文字说明", "performance": "绩效目标表"}
_ROLE_NAMES = {"current": "本年数", "prior": "上年数", "budget": "年初预算数"}
_YUAN = "元"


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
        value, page, line, cell, box, and the value's unit where it is not yuan. Ready for JSON; empty where no figure
        is known.

    Raises:
        DatasetError: There is no dataset.
    """
    wanted = sorted({place.partition("/")[0] for place in places})
    items = scan_slice(clean_dir, "line_items", organisations, years).filter(pl.col("document_id").is_in(wanted))
    asked = pl.LazyFrame({"place": sorted(places)}, schema={"place": pl.String})
    found = items.with_columns(place=figure_id()).select("place", *_ITEM).join(asked, on="place", how="semi").collect()
    told = [(row["place"], _figure(row)) for row in found.iter_rows(named=True)]
    told += [one for table in STATED for one in _stated(clean_dir, table, places)]
    figures: dict[str, dict[str, list[Any]]] = {}
    for place, figure in told:
        document, _, rest = place.partition("/")
        figures.setdefault(document, {})[rest] = figure
    if not figures:
        return {}
    tables, measures = ({figure[at] for _, figure in told if figure[at]} for at in (_TABLE, _MEASURE))
    documents = scan_table(clean_dir, "documents").filter(pl.col("document_id").is_in(list(figures))).collect()
    return {
        "version": generation(clean_dir)[:_VERSION],
        "date": _date(clean_dir),
        "tables": {key: _STATED_NAMES.get(key) or table_names().get(key, key) for key in sorted(tables)},
        "measures": {key: _ROLE_NAMES.get(key) or measure_names().get(key, key) for key in sorted(measures)},
        "documents": {row["document_id"]: _document(row, site_dir) for row in documents.iter_rows(named=True)},
        "figures": figures,
    }


def _figure(row: Mapping[str, Any]) -> list[Any]:
    box = None if row["x0"] is None else [round(row[name], 1) for name in _BOX]
    values = [row["code"], row["name"], row["table"], row["measure"], row["printed"], row["printed_unit"]]
    return [*values, f"{row['amount']:,.2f}", row["page"], row["line"], row["cell"], box]


def _stated(clean_dir: Path, table: str, places: Collection[str]) -> list[tuple[str, list[Any]]]:
    """The figures of one table of `STATED` that are asked for, with their places."""
    asked = [place for place in places if place.split("/", 2)[1:2] == [table]]
    if not asked or not has_table(clean_dir, table):
        return []
    documents = sorted({place.partition("/")[0] for place in asked})
    rows = (
        scan_table(clean_dir, table).filter(pl.col("document_id").is_in(documents)).with_columns(place=stated_id(table))
    )
    found = rows.filter(pl.col("place").is_in(asked)).collect()
    return [(row["place"], _stated_figure(row, table)) for row in found.iter_rows(named=True)]


def _stated_figure(row: Mapping[str, Any], table: str) -> list[Any]:
    """A stated value in the order of `_figure`; a target that is a word has no value beside its printed text."""
    if table == "statements":
        code, name, measure = row["code"], row["name"] or row["subject"], row["role"]
    elif table == "facts":
        code, name, measure = None, subject_names()[row["subject"]][0], None
    else:
        code, name, measure = None, row["level3"], None
    box = None if row["x0"] is None else [round(row[edge], 1) for edge in _BOX]
    money = table == "statements" or row["unit"] == _YUAN
    value = row["value"]
    words = "" if value is None else f"{value:,.2f}" if money else f"{value.normalize():,f}"
    place = [row["page"], row["line"], row["cell"] or None, box]
    told = [code, name, table, measure, row["printed"], None, words, *place]
    return told if money else [*told, row["unit"] or ""]


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
