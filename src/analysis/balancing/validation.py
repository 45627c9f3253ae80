"""What notebooks/validate.ipynb shows: the outcomes of a cleaned dataset, by identity, by document, and the failures.

Each function gives one frame in the order in which it is read: what is wrong first.
"""

import polars as pl

from analysis.balancing.checks import check_instances
from analysis.balancing.coverage import coverage
from analysis.balancing.identities import known_identities
from analysis.terms.identity import Strength

_OUTCOMES = ("pass", "fail", "not_applicable")
_TITLES = {"pass": "相符 pass", "fail": "不符 fail", "not_applicable": "未能检查 could not be checked"}


def check_dataset(line_items: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The checks of a cleaned dataset against the identities of the package (columns of the data dictionary)."""
    return check_instances(line_items, documents, known_identities())


def answer(checks: pl.DataFrame) -> str:
    """The answer in one sentence per language: how many places were looked at, and how many do not hold."""
    seen = checks.filter(pl.col("outcome") != "not_applicable")
    failed = seen.filter(pl.col("outcome") == "fail")
    places, documents = seen.height, seen["document_id"].n_unique()
    if not places:
        return "没有一处能够检查。\nNothing could be checked."
    zh = f"{documents} 个文件中检查了 {places:,} 处，{failed.height:,} 处不符。"
    en = f"{places:,} places in {documents} documents were checked; {failed.height:,} do not hold."
    return f"{zh}\n{en}"


def summary_by_identity(checks: pl.DataFrame) -> pl.DataFrame:
    """One row per identity of the shelf: its sentence and how many places passed, failed, could not be checked."""
    entries = known_identities().entries
    shelf = pl.DataFrame({"identity": [one.id for one in entries], "内容 sentence": [one.zh for one in entries]})
    counted = _counted(checks, "identity")
    return shelf.join(counted, on="identity", how="left", maintain_order="left").with_columns(
        pl.col(*_TITLES.values()).fill_null(0)
    )


def coverage_by_document(checks: pl.DataFrame) -> pl.DataFrame:
    """One row per document: how many places passed, failed, could not be checked; the worst first."""
    return _counted(checks, "source_file").sort(_TITLES["fail"], "source_file", descending=[True, False])


def figures_tied(line_items: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """One row per document: what per cent of its printed figures one hard identity ties that was checked, and two."""
    hard = [entry.id for entry in known_identities().within if entry.strength is Strength.HARD]
    tied = coverage(line_items, checks.filter(pl.col("identity").is_in(hard)))
    shares = [
        (100 * pl.col(name) / pl.col("figures")).round(2).alias(title)
        for name, title in (("tied", "至少一条 tied by one %"), ("crossed", "至少两条 by two or more %"))
    ]
    return tied.select("source_file", pl.col("figures").alias("金额 figures"), *shares)


def failing_instances(checks: pl.DataFrame) -> pl.DataFrame:
    """The places that do not hold, the largest difference first, with both sides and the tolerance in yuan."""
    shown = ("source_file", "identity", "table", "code", "name", "measure", "left", "right", "difference", "tolerance")
    failed = checks.filter(pl.col("outcome") == "fail")
    return failed.sort(pl.col("difference").abs(), "check_id", descending=[True, False]).select(shown)


def reasons(checks: pl.DataFrame) -> pl.DataFrame:
    """Why something could not be checked, with the number of documents, the most frequent first."""
    silent = checks.filter(pl.col("outcome") == "not_applicable")
    grouped = silent.group_by("identity", "reason").agg(pl.col("document_id").n_unique().alias("文件 documents"))
    return grouped.sort("文件 documents", "identity", "reason", descending=[True, False, False])


def _counted(checks: pl.DataFrame, by: str) -> pl.DataFrame:
    counts = [(pl.col("outcome") == name).sum().alias(_TITLES[name]) for name in _OUTCOMES]
    return checks.group_by(by).agg(counts)
