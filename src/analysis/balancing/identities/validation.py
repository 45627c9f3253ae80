"""A cleaned dataset against the whole shelf: its checks, and how far its figures are tied by what must hold."""

import polars as pl

from analysis.balancing.identities.checks import check_instances
from analysis.balancing.identities.coverage import coverage
from analysis.knowledge.identities import known_identities
from analysis.terms.identity import Strength


def check_dataset(line_items: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The checks of a cleaned dataset against the identities of the package (columns of the data dictionary)."""
    return check_instances(line_items, documents, known_identities())


def figures_tied(line_items: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """One row per document: what per cent of its printed figures one hard identity ties that was checked, and two."""
    hard = [entry.id for entry in known_identities().within if entry.strength is Strength.HARD]
    tied = coverage(line_items, checks.filter(pl.col("identity").is_in(hard)))
    shares = [
        (100 * pl.col(name) / pl.col("figures")).round(2).alias(title)
        for name, title in (("tied", "至少一条 tied by one %"), ("crossed", "至少两条 by two or more %"))
    ]
    return tied.select("source_file", pl.col("figures").alias("金额 figures"), *shares)
