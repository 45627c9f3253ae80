"""Organisations side by side in one year: of one level and one phase, so that like stands beside like.

An organisation goes by its identifier and is called what its last document calls it. Departments contain their units
and are never ranked among them.
"""

import polars as pl

from analysis.reports.series.basics_series import public_rows
from analysis.reports.series.sources import ROW, phase_of
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, SPENDING_MEASURES, expenditure
from analysis.terms.line_item import Level, Phase, RowRole

BODY_ROW = ("organisation_id", "organisation", *ROW)


def of_level(frame: pl.DataFrame, level: Level) -> pl.DataFrame:
    """The rows of one level, every organisation under the name that it bore last."""
    rows = frame.filter(level=level.value)
    return rows.with_columns(pl.col("organisation").sort_by("document_year").last().over("organisation_id"))


def main_phase(documents: pl.DataFrame, year: int) -> Phase:
    """What is ranked: approved amounts where anybody published a budget of that year, else executed ones."""
    return phase_of(documents.filter(document_year=year)["kind"].to_list())


def totals(items: pl.DataFrame, phase: Phase, table: str = EXPENDITURE_TABLE) -> pl.DataFrame:
    """The printed 合计 of every organisation, year and measure ("total", "basic", "project").

    Args:
        items: Line items of one level.
        phase: Which amounts.
        table: The table that prints them.

    Returns:
        `BODY_ROW`, by year and organisation.
    """
    rows = expenditure(items, phase, table).filter(
        pl.col("measure").is_in(SPENDING_MEASURES), row_role=RowRole.TOTAL.value
    )
    return _once(rows, "measure")


def by_class(items: pl.DataFrame, phase: Phase, measure: str = "total") -> pl.DataFrame:
    """The printed amount of each class of every organisation and year, in one measure.

    Returns:
        `BODY_ROW`, by year and organisation.
    """
    return _once(expenditure(items, phase).filter(pl.col("code_level") == 1, measure=measure), "code")


def of_code(items: pl.DataFrame, phase: Phase, code: str, table: str = EXPENDITURE_TABLE) -> pl.DataFrame:
    """The printed total of one code of every organisation and year in `table`.

    Returns:
        `BODY_ROW`, by year and organisation.
    """
    return _once(expenditure(items, phase, table).filter(code=code, measure="total"), "code")


def public(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """The 三公 amounts of every organisation and year.

    Returns:
        `BODY_ROW`.
    """
    return _once(public_rows(items, phase), "measure")


def with_prior_year(rows: pl.DataFrame, year: int) -> pl.DataFrame:
    """Every organisation's amount of a year beside that of the year before, the largest first.

    Args:
        rows: `BODY_ROW` with one row for each organisation and year.
        year: The year.

    Returns:
        `key` (the identifier), `name`, `amount`, `before` (null where there was none) and `ROW`'s ways back.
    """
    now = rows.filter(pl.col("amount").is_not_null(), fiscal_year=year)
    before = rows.filter(fiscal_year=year - 1).select("organisation_id", pl.col("amount").alias("before"))
    return (
        now.join(before, on="organisation_id", how="left", maintain_order="left")
        .select(
            pl.col("organisation_id").alias("key"), pl.col("organisation").alias("name"), "amount", "before", "place",
            "suspect", "where", "printed",
        )
        .sort("amount", "name", "key", descending=[True, False, False])
    )  # fmt: skip


def ratio(part: pl.DataFrame, whole: pl.DataFrame, group: str) -> pl.DataFrame:
    """The share that a part has in a whole of the same organisation and year; none where the whole is zero.

    Args:
        part: `organisation_id`, `organisation`, `fiscal_year`, `amount`.
        whole: The same columns.
        group: What the ratio is called.

    Returns:
        `group`, `key`, `name`, `ratio` for drawing, `fiscal_year`.
    """
    keys = ["organisation_id", "fiscal_year"]
    joined = part.join(whole.select(*keys, pl.col("amount").alias("whole")), on=keys, how="inner")
    return joined.filter(pl.col("whole") != 0).select(
        pl.lit(group).alias("group"),
        pl.col("organisation_id").alias("key"),
        pl.col("organisation").alias("name"),
        (pl.col("amount").cast(pl.Float64) / pl.col("whole").cast(pl.Float64)).alias("ratio"),
        "fiscal_year",
    )


def growth(pairs: pl.DataFrame, group: str) -> pl.DataFrame:
    """Nominal growth of `with_prior_year`; none where the base is missing or not above zero."""
    return pairs.filter(pl.col("before") > 0).select(
        pl.lit(group).alias("group"),
        "key",
        "name",
        (pl.col("amount").cast(pl.Float64) / pl.col("before").cast(pl.Float64) - 1).alias("ratio"),
    )


def _once(rows: pl.DataFrame, what: str) -> pl.DataFrame:
    keys = ["organisation_id", "fiscal_year", what]
    return (
        rows.select(BODY_ROW)
        .unique(keys, keep="first", maintain_order=True)
        .sort("fiscal_year", "organisation", "organisation_id", "code", "measure")
    )
