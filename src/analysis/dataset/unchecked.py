"""Documents in which nothing could be checked: that nothing was found in them says nothing, and must not look so."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from analysis.dataset.store import has_table, read_table, scan_table
from analysis.terms.document import READ_STATUSES

_NO_KIND = "文中未见是预算还是决算 / the text does not tell whether it is a budget or final accounts"
_NOTHING = "没有一条关系适用于它 / no identity is about it"
_SENTENCE = (
    "全部勾稽关系均无法检查：{}；未检查不等于通过。 / No identity could be checked: {}; not checked is not passed."
)


def unchecked_documents(documents: pl.DataFrame, outcomes: pl.DataFrame) -> Mapping[str, str]:
    """The documents that were read and of which no check was decided, each with a sentence that says so and why.

    Args:
        documents: The documents table.
        outcomes: Counts of the checks: document_id, outcome, reason, places.
    """
    decided = outcomes.filter(pl.col("outcome") != "not_applicable")
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).unique("document_id", keep="first")
    silent = read.join(decided, on="document_id", how="anti")
    counted = outcomes.join(silent.select("document_id"), on="document_id", how="semi")
    by_reason = counted.group_by("document_id", "reason").agg(pl.col("places").sum())
    first = by_reason.sort("places", "reason", descending=[True, False]).unique("document_id", keep="first")
    reasons = dict(first.select("document_id", "reason").iter_rows())
    return {
        row["document_id"]: _sentence(reasons.get(row["document_id"]) or (_NOTHING if row["kind"] else _NO_KIND))
        for row in silent.sort("source_file").iter_rows(named=True)
    }


def _sentence(reason: str) -> str:
    zh, _, en = reason.partition(" / ")
    return _SENTENCE.format(zh, en or zh)


def read_unchecked(clean_dir: Path) -> Mapping[str, str]:
    """The documents of a dataset in which nothing could be checked; none where it was not validated.

    Raises:
        DatasetError: there is no dataset.
    """
    if not has_table(clean_dir, "checks"):
        return {}
    counted = scan_table(clean_dir, "checks").group_by("document_id", "outcome", "reason").agg(places=pl.len())
    return unchecked_documents(read_table(clean_dir, "documents"), counted.collect(engine="streaming"))
