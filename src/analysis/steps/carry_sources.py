"""The published files into the site, so that a figure leads to the page on which it is printed.

    site/sources/<document_id>/<name of the file>   the file as it was published
    site/sources/<document_id>/p<page>.png          the pages that hold figures, where pages can be drawn
    site/sources/<document_id>/pages.json           the file's name and hash, the pages asked for, and how wide each
                                                    drawn one is in points

A file that is gone or is not the one that was read is not carried: a citation of another edition would lie. What is
there already is left alone; what the dataset has no more is taken away.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from analysis.atomic import write_text
from analysis.dataset.figure_id import STATED
from analysis.dataset.store import has_table, read_table, scan_table
from analysis.extraction.evidence.snapshots import DrawTask, draw
from analysis.extraction.formats.archive_folder import on_disk
from analysis.reports.citations import PAGES, SOURCES
from analysis.runtime.work import WorkError
from analysis.runtime.workers import worker_pool
from analysis.steps.reading_limits import explain, reading_limits
from analysis.terms.document import READ_STATUSES

Progress = Callable[[int, int, str], None]


def carry_sources(
    clean_dir: Path, raw_dir: Path, site_dir: Path, workers: int = 1, progress: Progress | None = None
) -> tuple[tuple[str, str], ...]:
    """Bring the site's copies of the published files up to date.

    Args:
        clean_dir: the cleaned dataset.
        raw_dir: the published files.
        site_dir: the site.
        workers: processes side by side.
        progress: called with (files done, files, name).

    Returns:
        The files that could not be carried, each with the reason.

    Raises:
        DatasetError: there is no dataset.
    """
    documents = read_table(clean_dir, "documents").filter(pl.col("status").is_in(READ_STATUSES))
    home = site_dir / SOURCES
    home.mkdir(parents=True, exist_ok=True)
    for folder in home.iterdir():
        if folder.name not in set(documents["document_id"]):
            shutil.rmtree(folder)
    pages = _pages_of_figures(clean_dir)
    due = [
        row
        for row in documents.iter_rows(named=True)
        if not _is_carried(home / row["document_id"], row, pages.get(row["document_id"], ()))
    ]
    tasks = [DrawTask(raw_dir / row["source_file"], row["sha256"], pages.get(row["document_id"], ())) for row in due]
    failed: list[tuple[str, str]] = []
    limits = reading_limits(workers)
    with worker_pool(workers) as pool:
        for done, (number, outcome) in enumerate(pool.outcomes(draw, tasks, limits), 1):
            row = due[number]
            if isinstance(outcome, WorkError):
                failed.append((row["source_file"], explain(outcome, limits)))
            else:
                asked = pages.get(row["document_id"], ())
                _keep(home / row["document_id"], raw_dir, row, outcome, asked)
            if progress:
                progress(done, len(due), row["source_file"])
    return tuple(failed)


def _pages_of_figures(clean_dir: Path) -> dict[str, tuple[int, ...]]:
    """The pages of each document on which a figure of a report may stand."""
    tables = [table for table in ("line_items", *STATED) if has_table(clean_dir, table)]
    places = [scan_table(clean_dir, table).select("document_id", pl.col("page").cast(pl.Int64)) for table in tables]
    pages: dict[str, list[int]] = {}
    for name, page in pl.concat(places).drop_nulls().unique().sort("page").collect().iter_rows():
        pages.setdefault(name, []).append(page)
    return {name: tuple(found) for name, found in pages.items()}


def _is_carried(folder: Path, row: dict[str, Any], asked: tuple[int, ...]) -> bool:
    told = folder / PAGES
    if not told.exists():
        return False
    known = json.loads(told.read_text(encoding="utf-8"))
    return bool(known["sha256"] == row["sha256"] and known.get("asked") == list(asked))


def _keep(
    folder: Path,
    raw_dir: Path,
    row: dict[str, Any],
    drawn: tuple[tuple[int, float, bytes], ...],
    asked: tuple[int, ...],
) -> None:
    folder.mkdir(exist_ok=True)
    name = Path(row["source_file"]).name
    with on_disk(raw_dir / row["source_file"]) as path:
        shutil.copyfile(path, folder / name)
    for page, _, png in drawn:
        (folder / f"p{page}.png").write_bytes(png)
    widths = {str(page): width for page, width, _ in drawn}
    told = {"file": name, "sha256": row["sha256"], "asked": list(asked), "pages": widths}
    write_text(folder / PAGES, json.dumps(told, ensure_ascii=False))
