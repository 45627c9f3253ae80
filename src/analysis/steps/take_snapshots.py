"""Findings → snapshots of their source files: the one place where what is wrong meets the page that says it.

All findings of a file are shown in one go by a worker, because drawing a page may kill the process that does it. A
file that is gone, changed or damaged costs only its own pictures: each of its findings says why it has none.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from analysis.extraction.evidence.snapshots import GONE, SnapshotTask, take
from analysis.runtime.work import WorkError
from analysis.runtime.workers import worker_pool
from analysis.steps.reading_limits import explain, reading_limits
from analysis.terms.document import Status
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Snapshot, SnapshotRequest

MOST_PER_DOCUMENT = 200
_MANY = f"此文件的问题超过 {MOST_PER_DOCUMENT} 个，只为前面的出图。 / Only the first {MOST_PER_DOCUMENT} have pictures."

_TEXT = ("narrative", "text")

_CODE_RULE = "code_"
_AND = "、"  # between the codes of several rows, the first of which is the place
_VALUE = re.compile(r"[-−]?\d[\d,，]*(?:\.\d+)?\s*(%|％|[万亿]?元)")
_PRIOR = "上年"

Progress = Callable[[int, int, str], None]


def take_snapshots(
    findings: pl.DataFrame,
    witnesses: pl.DataFrame,
    documents: pl.DataFrame,
    raw_dir: Path,
    workers: int = 1,
    progress: Progress | None = None,
) -> Mapping[str, Snapshot]:
    """The snapshot of every finding, by finding_id.

    Args:
        findings: the findings to show.
        witnesses: finding_id and place of the figures that a finding contradicts.
        documents: the documents table, for the fingerprints.
        raw_dir: the published files.
        workers: processes side by side.
        progress: called with (files done, files, name).
    """
    fingerprints = dict(
        documents.filter(pl.col("status") != Status.DUPLICATE.value).select("document_id", "sha256").iter_rows()
    )
    against: dict[str, list[Place]] = {}
    for row in witnesses.iter_rows(named=True):
        against.setdefault(row["finding_id"], []).append(Place.from_row(row))
    snapshots: dict[str, Snapshot] = {}
    groups: list[tuple[str, list[str]]] = []
    tasks: list[SnapshotTask] = []
    for (source_file,), group in findings.group_by("source_file", maintain_order=True):
        shown = group.head(MOST_PER_DOCUMENT)
        snapshots |= {name: Snapshot((), _MANY) for name in group["finding_id"][MOST_PER_DOCUMENT:]}
        sha256 = fingerprints.get(shown["document_id"][0])
        if sha256 is None:
            snapshots |= {name: Snapshot((), GONE) for name in shown["finding_id"]}
            continue
        requests = tuple(
            SnapshotRequest(
                Place.from_row(row),
                framed_words(row),
                tuple(against.get(row["finding_id"], ())),
            )
            for row in shown.iter_rows(named=True)
        )
        groups.append((str(source_file), shown["finding_id"].to_list()))
        tasks.append(SnapshotTask(raw_dir / str(source_file), sha256, requests))
    limits = reading_limits(workers)
    with worker_pool(workers) as pool:
        for done, (number, outcome) in enumerate(pool.outcomes(take, tasks, limits), 1):
            source_file, names = groups[number]
            if isinstance(outcome, WorkError):
                snapshots |= {name: Snapshot((), explain(outcome, limits)) for name in names}
            else:
                snapshots |= dict(zip(names, outcome, strict=True))
            if progress:
                progress(done, len(groups), source_file)
    return snapshots


def framed_words(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What of a finding's place is wrong, as it is printed, the most exact first; none where all of the place is.

    Of a sentence it is the value that should be another one: the percentage where a percentage is expected, the
    amount where an amount is, that of the year before where this is expected. Of a code it is the code, for the place
    of a row is where its amounts stand.
    """
    printed = row["printed"] or ""
    if row["table"] not in _TEXT:
        return (printed.split(_AND)[0],) if printed and str(row.get("rule")).startswith(_CODE_RULE) else ()
    expected = row.get("expected") or ""
    wanted = _VALUE.search(expected)
    if not printed or wanted is None:
        return (printed,) if printed else ()
    percentage = wanted[1] in "%％"
    values = [found[0] for found in _VALUE.finditer(printed) if (found[1] in "%％") is percentage]
    value = (values[0] if _PRIOR in expected else values[-1]) if values else ""
    return (value, printed) if value and value not in expected else (printed,)
