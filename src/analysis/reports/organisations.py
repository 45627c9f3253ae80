"""Who published what: the organisations of a dataset, each at each level under the name that it bore last.

A department's figures contain those of its units, so an organisation that publishes at both levels stands here twice.
Where organisations of several regions bear one name, their regions are part of how they are called here.
"""

import polars as pl

from analysis.terms.document import READ_STATUSES
from analysis.terms.line_item import Kind

_ATTRIBUTES = ("organisation", "organisation_id", "level", "document_year", "kind")


def attributed(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read and say whose they are; what was executed up to some month tells no year."""
    of_years = pl.col("kind").ne_missing(Kind.EXECUTION.value)
    return documents.filter(pl.col("status").is_in(READ_STATUSES), pl.all_horizontal(_known()), of_years)


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
    region = pl.col("region") if "region" in documents.columns else pl.lit(None, pl.String)
    several = pl.col("organisation_id").n_unique().over("organisation") > 1
    told_apart = pl.format("{}（{}）", "organisation", pl.coalesce("region", pl.col("organisation_id").str.head(8)))
    return (
        documents.with_columns(region=region)
        .group_by("organisation_id", "level")
        .agg(
            pl.col("region").drop_nulls().sort().last(),
            pl.col("organisation").sort_by("document_year", "organisation").last(),
            first_year=pl.col("document_year").min(),
            last_year=pl.col("document_year").max(),
            years=pl.col("document_year").unique().sort(),
            documents=pl.len(),
        )
        .with_columns(organisation=pl.when(several).then(told_apart).otherwise("organisation"))
        .select("organisation", "level", "organisation_id", "first_year", "last_year", "years", "documents")
        .sort("organisation", "level", "organisation_id")
    )
