"""Who published what: the organisations of a dataset, each at each level under the name that it bore last.

A department's figures contain those of its units, so an organisation that publishes at both levels stands here twice.
"""

import polars as pl

from analysis.terms.document import READ_STATUSES

_ATTRIBUTES = ("organisation", "organisation_id", "level", "document_year", "kind")


def attributed(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read and say whose they are."""
    return documents.filter(pl.col("status").is_in(READ_STATUSES), pl.all_horizontal(_known()))


def unattributed(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read and do not say whose they are, of which year or what kind: no report has them."""
    return documents.filter(pl.col("status").is_in(READ_STATUSES), ~pl.all_horizontal(_known()))


def _known() -> list[pl.Expr]:
    return [pl.col(name).is_not_null() for name in _ATTRIBUTES]


def organisations(documents: pl.DataFrame) -> pl.DataFrame:
    """Every organisation at every level, by name.

    Args:
        documents: The documents that count.

    Returns:
        `organisation`, `level`, `organisation_id`, `first_year`, `last_year`, `years` (those of its documents) and
        `documents` (how many).
    """
    return (
        documents.group_by("organisation_id", "level")
        .agg(
            pl.col("organisation").sort_by("document_year", "organisation").last(),
            first_year=pl.col("document_year").min(),
            last_year=pl.col("document_year").max(),
            years=pl.col("document_year").unique().sort(),
            documents=pl.len(),
        )
        .select("organisation", "level", "organisation_id", "first_year", "last_year", "years", "documents")
        .sort("organisation", "level", "organisation_id")
    )
