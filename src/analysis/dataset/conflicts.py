"""Documents that claim to be the same one: both are kept, and each names the other.

Rivals bear the same organisation and year, so they lie in one partition: it is read for them alone.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from analysis.dataset.generations import partition_name
from analysis.dataset.row_head import Row
from analysis.terms.document import Status
from analysis.terms.line_item import Level

_CONFLICT = "另有文件"
_BODIES = {Level.UNIT: "单位", Level.DEPARTMENT: "部门", Level.GOVERNMENT: "政府"}
# A thousand copies of one document name each other as well, but not each all others.
_NAMED = 5


def note_without_conflicts(row: Row) -> str | None:
    """The note of an unchanged document without what was said of other files."""
    return str(row["note"] or "").partition(_CONFLICT)[0].rstrip("；") or None


def note_conflicts(documents: pl.DataFrame, line_items: Path) -> pl.DataFrame:
    """The documents with a note where several claim the same organisation, level, year and kind.

    Args:
        documents: the documents table.
        line_items: the folder of the line items' partitions.

    Returns:
        The documents; each note tells the other's name and how many figures differ.
    """
    claim = ["organisation_id", "level", "document_year", "kind"]
    read = documents.filter(pl.col("status").is_in([Status.PARSED, Status.PARTIAL])).drop_nulls(claim)
    rivals = read.filter(pl.len().over(claim) > 1)
    if rivals.is_empty():
        return documents
    notes: dict[str, str] = {}
    for group in rivals.partition_by(claim):
        rows = _rows_of(group, line_items)
        first = [(other, _figures(other, rows)) for other in group.head(_NAMED + 1).iter_rows(named=True)]
        for mine in group.iter_rows(named=True):
            figures = _figures(mine, rows)
            others = [one for one in first if one[0]["document_id"] != mine["document_id"]][:_NAMED]
            words = [_words(mine, other, len(figures ^ of_other)) for other, of_other in others]
            if rest := group.height - 1 - len(others):
                words.append(f"{_CONFLICT} {rest} 个也是如此。 / {rest} more claim the same.")
            notes[mine["document_id"]] = "；".join([*([mine["note"]] if mine["note"] else []), *words])
    original = pl.col("status").is_in([Status.PARSED, Status.PARTIAL])
    return documents.with_columns(
        note=pl.when(original & pl.col("document_id").is_in(list(notes)))
        .then(pl.col("document_id").replace_strict(notes, default=None, return_dtype=pl.String))
        .otherwise(pl.col("note"))
    )


def _words(mine: Row, other: Row, gap: int) -> str:
    body = _BODIES[Level(str(mine["level"]))]
    differs = f"两者有 {gap} 个数字不同" if gap else "数字相同"
    return (
        f"{_CONFLICT}“{other['source_file']}”也是该{body}{mine['document_year']}年的，{differs}；"
        f"使用前请选定一个。 / {other['source_file']} claims the same; {gap} figures differ."
    )


def _rows_of(group: pl.DataFrame, line_items: Path) -> Mapping[str, pl.DataFrame]:
    """The rows of each of some rivals, by document_id; as frames, for a thousand rivals have a million figures."""
    first = group.row(0, named=True)
    path = line_items / f"{partition_name(first['document_year'], first['organisation_id'])}.parquet"
    if not path.exists():
        return {}
    columns = ("document_id", "table", "side", "phase", "code", "name", "measure", "amount")
    rows = pl.scan_parquet(path).filter(pl.col("document_id").is_in(group["document_id"].to_list())).select(columns)
    parts = rows.collect().partition_by("document_id", as_dict=True, include_key=False)
    return {str(key[0]): frame for key, frame in parts.items()}


def _figures(document: Row, rows: Mapping[str, pl.DataFrame]) -> set[tuple[object, ...]]:
    """The figures that a document prints."""
    frame = rows.get(str(document["document_id"]))
    return set() if frame is None else set(frame.iter_rows())
