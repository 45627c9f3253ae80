"""What basic expenditure is made of (人员经费, 公用经费, economic classes), and the 三公 amounts.

Final accounts print personnel and operating as two sums below their two code lists, budgets as two columns.
"""

import polars as pl

from analysis.knowledge.names import parts_of, smallest_parts_of
from analysis.reports.series.sources import ROW
from analysis.terms.code import Scheme
from analysis.terms.line_item import Phase, RowRole

THREE_PUBLIC_PARTS = tuple(smallest_parts_of("three_public"))
THREE_PUBLIC = ("total", *{**parts_of("three_public"), **smallest_parts_of("three_public")}, "agency_operating")
_THREE = "three_public"
_SUMS = {one.zh: key for key, one in parts_of("basic").items()}


def staffing(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """Personnel and operating expenditure, as the table of basic expenditure sums them.

    Returns:
        `sources.ROW`, a row for each year and measure ("personnel", "operating") that is printed.
    """
    rows = items.filter(table="basic_by_economic", phase=phase.value)
    columns = rows.filter(pl.col("measure").is_in(list(_SUMS.values())), row_role=RowRole.TOTAL.value)
    named = pl.col("name").str.head(4).replace_strict(_SUMS, default=None, return_dtype=pl.String)
    sums = rows.filter(pl.col("code").is_null(), measure="total").with_columns(measure=named)
    found = pl.concat([columns.select(ROW), sums.select(ROW).drop_nulls("measure")])
    return found.unique(["fiscal_year", "measure"], keep="first", maintain_order=True).sort("fiscal_year", "measure")


def economic(items: pl.DataFrame, phase: Phase, level: int) -> pl.DataFrame:
    """Basic expenditure by economic class (level 1) or section (level 2).

    Returns:
        `sources.ROW`, by year and code.
    """
    rows = items.filter(
        pl.col("code_level") == level,
        table="basic_by_economic",
        phase=phase.value,
        scheme=Scheme.ECONOMIC.value,
        measure="total",
    )
    found = rows.select(ROW).unique(["fiscal_year", "code"], keep="first", maintain_order=True)
    return found.sort("fiscal_year", "code")


def public_rows(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """The line items of the 三公 tables in one phase; "total" is what the three come to, and nothing besides.

    Where a table's 合计 holds meetings and training too, the total of the three is its column of its own (小计).
    """
    rows = items.filter(table="three_public", phase=phase.value)
    three, total = pl.col("measure") == _THREE, pl.col("measure") == "total"
    kept = rows.filter(~(total & three.any().over("document_id", "fiscal_year")))
    named = kept.with_columns(measure=pl.when(three).then(pl.lit("total")).otherwise("measure"))
    return named.filter(pl.col("measure").is_in(THREE_PUBLIC))


def three_public(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """The 三公 table and 机关运行经费.

    Returns:
        `sources.ROW`, a row for each year and measure (`THREE_PUBLIC`) that is printed.
    """
    rows = public_rows(items, phase).select(ROW)
    return rows.unique(["fiscal_year", "measure"], keep="first", maintain_order=True).sort("fiscal_year", "measure")


def public_phase(items: pl.DataFrame, wanted: Phase) -> Phase:
    """What the 三公 figures are: final accounts may print the approved amount only."""
    phases = set(items.filter(table="three_public")["phase"])
    return wanted if wanted.value in phases or not phases else Phase(min(phases))
