"""Where the money comes from: the income sources, the three funds of the appropriation, and the way to the classes."""

from decimal import Decimal
from typing import Any

import polars as pl

from analysis.knowledge.names import measures, parts_of, tables
from analysis.reports.series.sources import MONEY, ROW
from analysis.terms.line_item import Phase, RowRole, Side

SOURCE_NAMES = {key: one.zh for key, one in parts_of("revenue").items()}
FUND_NAMES = {key: measures()[one.fund].short_name for key, one in tables().items() if one.fund}
BALANCE = "结转结余等差额"


def sources(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """The 合计 of the revenue table, by source.

    Returns:
        `sources.ROW`, a row for each year and measure ("total" and `SOURCE_NAMES`) that is printed.
    """
    rows = items.filter(
        pl.col("measure").is_in(["total", *SOURCE_NAMES]),
        table="revenue",
        side=Side.REVENUE.value,
        phase=phase.value,
        row_role=RowRole.TOTAL.value,
    ).select(ROW)
    return rows.unique(["fiscal_year", "measure"], keep="first", maintain_order=True).sort("fiscal_year", "measure")


def funds(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """What is spent from each of the three funds: the 合计 of its table.

    Returns:
        `sources.ROW` with the fund (`FUND_NAMES`) as `measure`; a fund whose table is empty has no row.
    """
    rows = items.filter(
        pl.col("table").is_in(list(FUND_NAMES)),
        side=Side.EXPENDITURE.value,
        phase=phase.value,
        row_role=RowRole.TOTAL.value,
        measure="total",
    )
    found = rows.with_columns(measure=pl.col("table")).select(ROW)
    return found.unique(["fiscal_year", "measure"], keep="first", maintain_order=True).sort("fiscal_year", "measure")


def flow(came: pl.DataFrame, classes: pl.DataFrame, year: int, through: str) -> tuple[pl.DataFrame, list[list[str]]]:
    """The way of the money of one year: source → organisation → class.

    What came and what went need not be the same: final accounts carry balances over. The difference is a band of its
    own, computed and named so.

    Args:
        came: `sources`.
        classes: `spending.by_class`.
        year: The year.
        through: What the organisation is called.

    Returns:
        `source`, `target`, `amount` (above zero), and the names of the nodes from left to right; empty where one of the
        two sides is not told.
    """
    paid = came.filter(pl.col("measure") != "total", pl.col("amount") > 0, fiscal_year=year)
    spent = classes.filter(pl.col("amount") > 0, fiscal_year=year)
    schema: Any = {"source": pl.String, "target": pl.String, "amount": MONEY}
    if paid.is_empty() or spent.is_empty():
        return pl.DataFrame(schema=schema), [[], [], []]
    into = [
        (SOURCE_NAMES[measure], through, amount) for measure, amount in paid.select("measure", "amount").iter_rows()
    ]
    out = [(through, name, amount) for name, amount in spent.select("name", "amount").iter_rows()]
    open_end = sum((row[2] for row in into), Decimal(0)) - sum((row[2] for row in out), Decimal(0))
    if open_end > 0:
        out.append((through, BALANCE, open_end))
    elif open_end < 0:
        into.append((BALANCE, through, -open_end))
    columns = [[row[0] for row in into], [through], [row[1] for row in out]]
    return pl.DataFrame([*into, *out], schema=schema, orient="row"), columns
