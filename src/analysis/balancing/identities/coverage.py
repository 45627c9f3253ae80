"""How much of a document is checked at all: the share of its printed figures that checked identities tie.

A figure is tied by a check when its amount counts on one of its sides and the check could be decided, either way. One
tie tells that something is wrong; two or more, crossing, tell what. Only the official tables count: amounts in the
text are compared with them by rules of their own.
"""

import polars as pl

from analysis.balancing.identities.checks import Checked
from analysis.terms.identity import Identities, Relation


def coverage(line_items: pl.DataFrame, checked: Checked, identities: Identities) -> pl.DataFrame:
    """One row per document: document_id, source_file, figures, tied (by a check or more), crossed (by two or more)."""
    official = line_items.with_row_index("item").filter(pl.col("table").is_in(list(identities.tables)))
    decided = checked.checks.filter(pl.col("outcome") != "not_applicable").select(instance="check_id")
    ties = (
        checked.terms.join(decided.with_row_index("check"), on="instance")
        .group_by(pl.col("item").cast(pl.UInt32))
        .agg(ties=pl.col("check").n_unique())
    )
    counts = {"figures": pl.len(), "tied": (pl.col("ties") >= 1).sum(), "crossed": (pl.col("ties") >= 2).sum()}
    return (
        official.join(ties, on="item", how="left")
        .group_by("document_id", "source_file")
        .agg(count.cast(pl.UInt32).alias(name) for name, count in counts.items())
        .sort("source_file", "document_id")
    )


def proven_figures(line_items: pl.DataFrame, checked: Checked, identities: Identities) -> pl.Series:
    """Whether other figures prove each line item: some equality that it counts in holds, and none fails."""
    bounds = [one.id for one in identities.entries if one.relation is Relation.AT_LEAST]
    equalities = checked.checks.filter(~pl.col("identity").is_in(bounds)).select("outcome", instance="check_id")
    terms = checked.terms.join(equalities, on="instance", how="inner")
    holding, failing = (terms.filter(pl.col("outcome") == outcome)["item"].unique() for outcome in ("pass", "fail"))
    items = pl.Series("proven", range(line_items.height), dtype=checked.terms.schema["item"])
    return items.is_in(holding.implode()) & ~items.is_in(failing.implode())
