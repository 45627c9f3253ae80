"""What a report's part of the dataset contains, as one hash: it changes when and only when the report may.

A part is what the dataset says of one organisation in one year: its partitions, whose hashes the dataset has listed,
and the rows of its documents, checks and findings. A report's slice is the parts of its organisations and years.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from analysis.dataset.generations import partition_name
from analysis.dataset.store import has_table, partition_digests, scan_table
from analysis.reports.report_spec import ReportSpec

_OF_DOCUMENTS = ("checks", "findings")
_SEED = 1


def slice_digests(clean_dir: Path, reports: Sequence[ReportSpec]) -> list[str]:
    """The hash of each report's slice.

    Raises:
        DatasetError: there is no dataset.
    """
    parts = part_digests(clean_dir)
    of: dict[str, list[str]] = defaultdict(list)
    for name in sorted(parts):
        of[name[5:]].append(name)
    return [_combined(parts, of, report) for report in reports]


def part_digests(clean_dir: Path) -> dict[str, str]:
    """The hash of each part, by the name of its partition."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name, digest in partition_digests(clean_dir).items():
        parts[name].append(digest)
    documents = scan_table(clean_dir, "documents")
    place = documents.select("document_id", "document_year", "organisation_id").unique("document_id", keep="any")
    for table in ("documents", *_OF_DOCUMENTS):
        if has_table(clean_dir, table):
            rows = _row_sums(scan_table(clean_dir, table)).join(place.collect(), on="document_id", how="left")
            for _, total, count, year, organisation in rows.sort("document_id").iter_rows():
                parts[partition_name(year, organisation)].append(f"{table} {total} {count}")
    return {name: _hashed(digests) for name, digests in parts.items()}


def _row_sums(table: pl.LazyFrame) -> pl.DataFrame:
    """The sum of the hashes of each document's rows, and their number; a table of any length takes no more memory.

    The hashes are the same for one version of Polars on one kind of processor; another makes the reports again.
    """
    rows = table.select("document_id", hash=pl.struct(pl.all()).hash(_SEED))
    return rows.group_by("document_id").agg(pl.col("hash").sum(), pl.len()).collect(engine="streaming")


def _combined(parts: Mapping[str, str], of: Mapping[str, Sequence[str]], report: ReportSpec) -> str:
    if report.organisations is None:
        names = sorted(parts)
    else:
        names = [name for organisation in sorted(report.organisations) for name in of.get(organisation, ())]
    years = None if report.years is None else {f"{year:04}" for year in report.years}
    return _hashed([f"{name} {parts[name]}" for name in names if years is None or name[:4] in years])


def _hashed(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
