"""Expenditure by function: the printed 合计, the classes, the items, and what moved from one year to the next.

Frames are of one organisation at one level and of one phase. A code that is broken between two years (`codes`) has two
keys, so that its two eras are an item that ended and a new one.
"""

from collections.abc import Sequence

import polars as pl

from analysis.reports.series.followed_codes import Following
from analysis.reports.series.sources import MONEY, ROW
from analysis.terms.line_item import Phase, RowRole, Side

EXPENDITURE_TABLE = "expenditure"
# Where 支出总表 is a single row without codes, 财政拨款支出表 tells the functions: of appropriations alone.
GRANTED_TABLE = "appropriation_expenditure"
SPENT_WORDS = {EXPENDITURE_TABLE: "支出", GRANTED_TABLE: "财政拨款支出"}
# Of a government: its general public budget, without its funds. Never beside departments, so not among SPENT_WORDS.
GOVERNMENT_TABLE, GOVERNMENT_WORDS = "government_expenditure", "一般公共预算支出"
TOTAL = "total"
SPENDING_MEASURES = (TOTAL, "basic", "project")


def expenditure(items: pl.DataFrame, phase: Phase, table: str = EXPENDITURE_TABLE) -> pl.DataFrame:
    """The rows of the expenditure table (支出预算总表, 支出决算表), or of `table`, in one phase."""
    return items.filter(table=table, side=Side.EXPENDITURE.value, phase=phase.value)


def table_by_function(items: pl.DataFrame, phase: Phase) -> str:
    """The table that tells the functions of one organisation in all years, so that like is compared with like."""
    coded = pl.col("code_level").is_not_null()
    found = {table for table in SPENT_WORDS if not expenditure(items, phase, table).filter(coded).is_empty()}
    return GRANTED_TABLE if found == {GRANTED_TABLE} else EXPENDITURE_TABLE


def totals(spent: pl.DataFrame) -> pl.DataFrame:
    """The printed 合计 of the expenditure table.

    Args:
        spent: The rows of `expenditure`.

    Returns:
        `sources.ROW`, a row for each year and measure ("total", "basic", "project") that is printed.
    """
    rows = spent.filter(pl.col("measure").is_in(SPENDING_MEASURES), row_role=RowRole.TOTAL.value).select(ROW)
    return rows.unique(["fiscal_year", "measure"], keep="first", maintain_order=True).sort("fiscal_year")


def by_class(spent: pl.DataFrame, following: Following) -> pl.DataFrame:
    """The printed total of each functional class.

    Returns:
        `sources.ROW` and `key`, by year and code.
    """
    rows = spent.filter(pl.col("code_level") == 1, measure=TOTAL).select(ROW)
    return latest_names(following.keyed(rows)).sort("fiscal_year", "code")


def by_item(spent: pl.DataFrame, following: Following) -> pl.DataFrame:
    """The items: the rows that the document divides no further.

    Returns:
        `sources.ROW` and `key`, by year, the largest first.
    """
    rows = spent.filter(pl.col("code").is_not_null(), row_role=RowRole.DETAIL.value, measure=TOTAL).select(ROW)
    keyed = latest_names(following.keyed(rows))
    return keyed.sort("fiscal_year", "amount", "code", descending=[False, True, False])


def by_code(spent: pl.DataFrame, following: Following) -> pl.DataFrame:
    """The printed total of every code: classes, sections and items.

    Returns:
        `sources.ROW`, `key` and `code_level`, by year and code.
    """
    rows = spent.filter(pl.col("code_level").is_not_null(), measure=TOTAL).select(*ROW, "code_level")
    once = following.keyed(rows).unique(["fiscal_year", "key"], keep="first", maintain_order=True)
    return latest_names(once).sort("fiscal_year", "code")


def latest_names(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with one name for each `key`: the one that was printed last."""
    return rows.with_columns(pl.col("name").sort_by("fiscal_year").last().over("key"))


def with_prior_year(rows: pl.DataFrame, year: int) -> pl.DataFrame:
    """The rows of a year beside those of the year before, joined by key.

    Returns:
        `key`, `code`, `name`, `amount`, `before` (null where one of the two years has no such row) and the ways back
        `place`, `note` columns of the row that is there.
    """
    now = rows.filter(fiscal_year=year).select("key", "code", "name", "amount", "suspect", "place")
    before = rows.filter(fiscal_year=year - 1).select(
        "key", pl.col("code").alias("old_code"), pl.col("name").alias("old_name"), pl.col("amount").alias("before")
    )
    return (
        now.unique("key", keep="first", maintain_order=True)
        .join(before.unique("key", keep="first", maintain_order=True), on="key", how="full", coalesce=True)
        .with_columns(name=pl.coalesce("name", "old_name"), code=pl.coalesce("code", "old_code"))
        .select("key", "code", "name", "amount", "before", "suspect", "place")
        .sort("key")
    )


def moved(rows: pl.DataFrame, year: int) -> pl.DataFrame:
    """How each row moved from the year before; empty where either year has none.

    A row that only one of the two documents prints counts with nothing in the other, and says so.

    Returns:
        `key`, `code`, `name`, `before`, `amount`, `change`, `presence` ("both", "new" or "ended"); rises first.
    """
    present = set(rows["fiscal_year"])
    pairs = with_prior_year(rows, year) if {year, year - 1} <= present else with_prior_year(rows.clear(), year)
    zero = pl.lit(0).cast(MONEY)
    presence = pl.when(pl.col("before").is_null()).then(pl.lit("new"))
    return (
        pairs.with_columns(
            change=(pl.col("amount").fill_null(zero) - pl.col("before").fill_null(zero)).cast(MONEY),
            presence=presence.when(pl.col("amount").is_null()).then(pl.lit("ended")).otherwise(pl.lit("both")),
        )
        .select("key", "code", "name", "before", "amount", "change", "presence")
        .sort("change", "code", descending=[True, False])
    )


def movers(changes: pl.DataFrame, count: int = 6) -> pl.DataFrame:
    """At most `count` of the largest rises and falls of `moved`, the largest rise first."""
    rises = changes.filter(pl.col("change") > 0).head(count)
    falls = changes.filter(pl.col("change") < 0).tail(count)
    return pl.concat([rises, falls])


def waterfall(totals_of: Sequence[tuple[int, object]], changes: pl.DataFrame, named: int = 8) -> pl.DataFrame:
    """The way from one year's 合计 to the next one's: the largest changes by name, the rest together.

    Args:
        totals_of: The two years with their printed totals, the earlier first.
        changes: `moved`.
        named: How many changes have a step of their own.

    Returns:
        `name`, `amount`, `role` ("start", "change", "end"); the steps lead exactly from start to end: what the printed
        totals and the items leave open is a step of its own.
    """
    (first, start), (last, end) = totals_of
    largest = changes.filter(pl.col("change") != 0).sort(pl.col("change").abs(), "key", descending=[True, False])
    shown = largest.head(named).sort("change", "key", descending=[True, False])
    rest = largest.slice(named)
    steps = [(f"{row['name']} {row['code']}", row["change"], "change") for row in shown.iter_rows(named=True)]
    if rest.height:
        steps.append((f"其余 {rest.height} 项", rest["change"].sum(), "change"))
    rows = [(f"{first}年", start, "start"), *steps, (f"{last}年", end, "end")]
    frame = pl.DataFrame(rows, schema={"name": pl.String, "amount": MONEY, "role": pl.String}, orient="row")
    walked = frame.filter(pl.col("role") != "end")["amount"].sum()
    open_end = frame["amount"][-1] - walked
    if open_end:
        step = pl.DataFrame([("合计与各项之差", open_end, "change")], schema=frame.schema, orient="row")
        frame = pl.concat([frame.head(-1), step, frame.tail(1)])
    return frame


def tree(spent: pl.DataFrame, year: int) -> pl.DataFrame:
    """All codes of one year with their printed totals.

    Returns:
        `code`, `parent_code` (the nearest code above that is printed; null for the topmost), `name`, `amount`,
        `suspect` and `place`.
    """
    rows = (
        spent.filter(pl.col("code_level").is_not_null(), fiscal_year=year, measure=TOTAL)
        .select("code", "name", "amount", "suspect", "place")
        .unique("code", keep="first", maintain_order=True)
        .sort("code")
    )
    above = [pl.col("code").str.head(width) for width in (5, 3)]
    there = rows["code"].implode()
    parents = [
        pl.when(prefix.is_in(there) & (prefix != pl.col("code"))).then(prefix).otherwise(None) for prefix in above
    ]
    return rows.with_columns(parent_code=pl.coalesce(*parents)).select(
        "code", "parent_code", "name", "amount", "suspect", "place"
    )
