"""What was executed, beside what was approved: from the final accounts, or from what the next year's text states.

The two are never added to the approved amounts. What a text states leaves out items that are no longer budgeted, so it
is compared with nothing; a deviation is computed of printed totals alone.
"""

from collections.abc import Sequence

import polars as pl

from analysis.reports.series.sources import MONEY
from analysis.reports.series.spending_series import expenditure
from analysis.terms.line_item import Kind, Phase, RowRole
from analysis.terms.money import Unit, half_unit

_HALF_PRINTED = float(half_unit(2, Unit.WAN_YUAN))
_PERCENT_SLACK = 0.01  # a stated percentage may have been made from unrounded figures


def contradicted() -> pl.Expr:
    """Whether an item of a text states a change that its own two amounts contradict."""
    now, before = pl.col("current").cast(pl.Float64), pl.col("prior").cast(pl.Float64)
    rounding = now / before * (_HALF_PRINTED / now + _HALF_PRINTED / before) + _PERCENT_SLACK
    off = (now / before - 1 - pl.col("change_percent").cast(pl.Float64) / 100).abs() > rounding
    return (off & (before > 0) & (now > 0)).fill_null(value=False)


def prior_execution(narrative: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Last year's execution as the texts state it, item by item, summed over the items of one document.

    Returns:
        `fiscal_year` (the year before the document's), `amount`, `stated` and `items` (how many of them state it),
        `doubtful` (how many state a change that their own figures contradict); no row for a document that states none.
    """
    years = documents.filter(kind=Kind.BUDGET.value).select("document_id", "document_year")
    return (
        narrative.join(years, on="document_id")
        .group_by((pl.col("document_year") - 1).cast(pl.Int16).alias("fiscal_year"))
        .agg(
            pl.col("prior").sum().cast(MONEY).alias("amount"),
            pl.col("prior").count().alias("stated"),
            pl.len().alias("items"),
            contradicted().sum().alias("doubtful"),
        )
        .filter(pl.col("stated") > 0)
        .sort("fiscal_year")
    )


def execution(
    items: pl.DataFrame, narrative: pl.DataFrame, documents: pl.DataFrame, years: Sequence[int]
) -> pl.DataFrame:
    """What was executed: the final accounts' 合计 where there are any, else what the next year's text states.

    Returns:
        `fiscal_year`, `amount`, `origin` ("final" or "narrative"), `doubtful` (stated figures contradict each other or
        an open error touches the total), `place`, `where`, `printed` and `suspect` (null for what is stated).
    """
    final = (
        expenditure(items, Phase.EXECUTED)
        .filter(row_role=RowRole.TOTAL.value, measure="total")
        .unique("fiscal_year", keep="first", maintain_order=True)
        .select(
            "fiscal_year", "amount", pl.lit("final").alias("origin"), pl.col("suspect").fill_null(value=False),
            "place", "where", "printed",
        )
        .with_columns(doubtful=pl.col("suspect"))
    )  # fmt: skip
    stated = prior_execution(narrative, documents).select(
        "fiscal_year", "amount", pl.lit("narrative").alias("origin"), pl.col("doubtful") > 0
    )
    found = pl.concat([final, stated.join(final, on="fiscal_year", how="anti")], how="diagonal")
    return found.filter(pl.col("fiscal_year").is_in(list(years))).sort("fiscal_year")


def deviations(items: pl.DataFrame) -> pl.DataFrame:
    """Executed against approved, for each code and the 合计 in every year that has both documents.

    Returns:
        `fiscal_year`, `code` (null for the 合计), `name`, and `amount`, `place`, `suspect`, `where`, `printed` of
        what was approved, the same with `_executed` of what was executed; one of the two amounts is null where only
        one document prints the code.
    """
    rows = [
        expenditure(items, phase)
        .filter(pl.col("code_level").is_not_null() | (pl.col("row_role") == RowRole.TOTAL.value), measure="total")
        .unique(["fiscal_year", "code"], keep="first", maintain_order=True)
        .select("fiscal_year", "code", "name", "amount", "place", "suspect", "where", "printed")
        for phase in (Phase.APPROVED, Phase.EXECUTED)
    ]
    years = set(rows[0]["fiscal_year"]) & set(rows[1]["fiscal_year"])
    approved, executed = (frame.filter(pl.col("fiscal_year").is_in(list(years))) for frame in rows)
    return (
        approved.join(
            executed, on=["fiscal_year", "code"], how="full", coalesce=True, suffix="_executed", nulls_equal=True
        )
        .with_columns(name=pl.coalesce("name", "name_executed"))
        .sort("fiscal_year", "code", nulls_last=False)
    )
