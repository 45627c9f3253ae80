"""How much of a document is checked at all: the share of its printed figures that checked identities tie.

A figure is tied by a check when its amount counts on one of its sides and the check could be decided, either way. One
tie tells that something is wrong; two or more, crossing, tell what. Only the official tables count: amounts in the
text are compared with them by rules of their own.
"""

import polars as pl

from analysis.balancing.identities.checks import cells_in_fen
from analysis.balancing.identities.instances import instance_terms
from analysis.terms.identity import Identities


def coverage(line_items: pl.DataFrame, checks: pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """One row per document: document_id, source_file, figures, tied (by a check or more), crossed (by two or more)."""
    official = line_items.filter(pl.col("table").is_in(list(identities.tables)))
    counts = {"figures": pl.UInt32, "tied": pl.UInt32, "crossed": pl.UInt32}
    if official.is_empty():
        return pl.DataFrame(schema={"document_id": pl.String, "source_file": pl.String, **counts})
    cells = cells_in_fen(official)
    decided = checks.filter(pl.col("outcome") != "not_applicable").select(instance="check_id")
    ties = (
        instance_terms(cells, identities)
        .join(decided, on="instance", how="semi")
        .group_by("cell")
        .agg(ties=pl.col("instance").n_unique())
    )
    return (
        cells.join(ties, on="cell", how="left")
        .group_by("document_id", "source_file")
        .agg(
            figures=pl.len(),
            tied=(pl.col("ties") >= 1).sum(),
            crossed=(pl.col("ties") >= 2).sum(),
        )
        .cast(counts)  # type: ignore[arg-type]
        .sort("source_file", "document_id")
    )
