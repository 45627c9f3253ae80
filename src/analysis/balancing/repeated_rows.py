"""Rows that a table prints twice, code, name and every figure: counted once where the table's own sums say so.

A row printed twice makes its parent's sum and all above it fail, which reads like a wrong figure; but that the code
stands in two rows is said already. Read without the second row the table must come right, else both rows stay.
"""

import polars as pl

from analysis.balancing.identities.checks import Checked

_ROW = ("document_id", "table", "side", "row_number")
_SAME = ("document_id", "table", "side", "scheme", "code", "name")


def repeated_rows(line_items: pl.DataFrame) -> pl.DataFrame:
    """The second and later of rows that are alike in code, name and all figures: document, table, side, row number."""
    coded = line_items.filter(
        pl.col("code").is_not_null(), pl.col("unit_code").is_null(), pl.col("unit_name").is_null()
    )
    several = coded.filter(pl.col("row_number").n_unique().over(_SAME) > 1)
    figures = pl.struct("measure", "fiscal_year", "phase", "amount")
    rows = several.group_by(*_SAME, "row_number", maintain_order=True).agg(figures=figures.sort_by("measure"))
    again = rows.filter(~pl.struct(*_SAME, "figures").is_first_distinct())
    return again.select(_ROW)


def without_figures(line_items: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The line items in their order, those of the rows with nothing to add up."""
    told = rows.with_columns(again=pl.lit(value=True))
    joined = line_items.join(told, on=_ROW, how="left", maintain_order="left")
    zero = pl.lit(0).cast(line_items.schema["amount"])
    return joined.with_columns(amount=pl.when(pl.col("again")).then(zero).otherwise("amount")).drop("again")


def righted(before: Checked, after: Checked) -> list[str]:
    """The documents in which some checks fail before and not after, and none that did not fail before."""
    failing = [
        one.checks.filter(pl.col("outcome") == "fail").select("document_id", "check_id") for one in (before, after)
    ]
    fewer = failing[0].join(failing[1], on=["document_id", "check_id"], how="anti")["document_id"].unique()
    more = failing[1].join(failing[0], on=["document_id", "check_id"], how="anti")["document_id"].unique()
    return sorted(set(fewer) - set(more))
