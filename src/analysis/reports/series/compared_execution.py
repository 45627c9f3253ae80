"""Budget beside execution of one year, row by row, each pair on one basis, by the best witness that there is.

Three witnesses are asked in turn, and a year is told by the first that knows it: the expenditure tables of a budget and
of final accounts; the text of final accounts, which says both in one sentence; and the text of the next year's budget,
which says last year's execution, beside that year's budget in the same official table. Pairs of different bases are
never formed, and no pair is added to another.
"""

import polars as pl

from analysis.dataset.figure_id import stated_id
from analysis.reports.series.executed import deviations
from analysis.terms.line_item import Phase, Side

TABLES, TEXT, NEXT_TEXT = "tables", "text", "next_text"
STATEMENTS: dict[str, type[pl.DataType] | pl.DataType] = {
    "document_id": pl.String, "source_file": pl.String, "number": pl.Int32, "subject": pl.String, "table": pl.String,
    "side": pl.String, "code": pl.String, "name": pl.String, "measure": pl.String, "role": pl.String,
    "value": pl.Decimal(22, 4), "printed": pl.String, "fiscal_year": pl.Int16, "phase": pl.String, "of": pl.Int32,
    "page": pl.Int32, "line": pl.Int32,
}  # fmt: skip
_KEY = ("fiscal_year", "table", "code", "measure")


def compared(items: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Budget and execution of every row that has both.

    Args:
        items: Line items of one organisation at one level, from their best documents.
        statements: What the texts of its documents state, with the columns of `STATEMENTS`.

    Returns:
        `fiscal_year`, `table`, `code` (null for a total), `measure`, `name`, `approved`, `executed`, `witness`
        (`TABLES`, `TEXT` or `NEXT_TEXT`), and `approved_row`, `executed_row`: amount, place, where, printed and suspect
        of each; by year, totals first.
    """
    found = _of_tables(items)
    for more in (_of_text(statements), _of_next_text(items, statements)):
        found = pl.concat([found, more.join(found, on=["fiscal_year", "table"], how="anti")])
    order = pl.col("code").is_not_null()
    return found.unique(_KEY, keep="first", maintain_order=True).sort("fiscal_year", "table", order, "code")


def _of_tables(items: pl.DataFrame) -> pl.DataFrame:
    rows = deviations(items).filter(pl.col("amount").is_not_null() | pl.col("amount_executed").is_not_null())
    return rows.select(
        "fiscal_year", pl.lit("expenditure").alias("table"), "code", pl.lit("total").alias("measure"), "name",
        pl.col("amount").cast(pl.Decimal(38, 2)).alias("approved"),
        pl.col("amount_executed").cast(pl.Decimal(38, 2)).alias("executed"), pl.lit(TABLES).alias("witness"),
        _row("amount", "place", "where", "printed", "suspect").alias("approved_row"),
        _row("amount_executed", "place_executed", "where_executed", "printed_executed", "suspect_executed").alias(
            "executed_row"
        ),
    )  # fmt: skip


def _row(amount: str, place: str, where: str, printed: str, suspect: str) -> pl.Expr:
    return pl.struct(
        pl.col(amount).cast(pl.Decimal(38, 2)).alias("amount"), pl.col(place).alias("place"),
        pl.col(where).alias("where"), pl.col(printed).alias("printed"), pl.col(suspect).alias("suspect"),
    )  # fmt: skip


def _of_text(statements: pl.DataFrame) -> pl.DataFrame:
    """The budget that a sentence of final accounts names for an amount, and the amount."""
    said = _told(statements)
    budgets = said.filter(pl.col("role") == "budget", phase=Phase.APPROVED.value).drop_nulls("of")
    executed = said.filter(role="current", phase=Phase.EXECUTED.value)
    pairs = budgets.join(
        executed, left_on=["document_id", "of"], right_on=["document_id", "number"], suffix="_executed"
    ).filter(
        pl.col("table").eq_missing(pl.col("table_executed")) & (pl.col("fiscal_year") == pl.col("fiscal_year_executed"))
    )
    return _pairs(pairs, TEXT, _row("value", "place", "where", "printed", "suspect"))


def _of_next_text(items: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """What the next year's budget says was executed, beside that year's budget in the table that it speaks of."""
    said = _told(statements).filter(role="prior", phase=Phase.EXECUTED.value)
    budgets = items.filter(
        pl.col("side").is_null() | (pl.col("side") == Side.EXPENDITURE.value), phase=Phase.APPROVED.value
    ).unique(_KEY, keep="none")
    budgets = budgets.with_columns(value=pl.col("amount").cast(pl.Decimal(38, 2)))
    names = [*_KEY, "value", "name", "place", "where", "printed", "suspect"]
    executed = said.select(*_KEY, *(pl.col(name).alias(f"{name}_executed") for name in names[4:]))
    pairs = budgets.select(names).join(executed.drop_nulls("table"), on=_KEY, nulls_equal=True)
    return _pairs(pairs, NEXT_TEXT, _row("value", "place", "where", "printed", "suspect"))


def _told(statements: pl.DataFrame) -> pl.DataFrame:
    """Amounts in yuan as the text states them, with where they stand."""
    page, line = pl.format("第 {} 页", "page"), pl.format("第 {} 行", "line")
    return statements.filter(pl.col("table").is_not_null()).with_columns(
        value=pl.col("value").cast(pl.Decimal(38, 2)),
        name=pl.coalesce("name", "subject"),
        place=stated_id("statements"),
        where=pl.concat_str("source_file", pl.lit(" "), pl.coalesce(page, line, pl.lit("")), pl.lit(" 文字")),
        suspect=pl.lit(None, pl.Boolean),
    )


def _pairs(pairs: pl.DataFrame, witness: str, approved: pl.Expr) -> pl.DataFrame:
    executed = _row("value_executed", "place_executed", "where_executed", "printed_executed", "suspect_executed")
    return pairs.select(
        *_KEY, "name", pl.col("value").alias("approved"), pl.col("value_executed").alias("executed"),
        pl.lit(witness).alias("witness"), approved.alias("approved_row"), executed.alias("executed_row"),
    ).drop_nulls(["approved", "executed"])  # fmt: skip
