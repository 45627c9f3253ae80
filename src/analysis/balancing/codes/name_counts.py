"""The printed rows of the official tables, one each, and who prints which name for which code.

The code book is not complete: a name that two organisations print for a code in one year is confirmed. That is the one
thing about codes that no document tells alone; it is told by parts of the dataset and counted in the whole.
"""

import polars as pl

from analysis.knowledge.names import official_tables
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, plain_name
from analysis.terms.document import READ_STATUSES

NAME_COUNTS = ("scheme", "code", "year", "plain")
_ROW = ("document_id", "source_file", "table", "side", "row_number", "code")
NAMED = (*_ROW, "scheme", "name", "code_level")
"""What of the line items is needed to tell who prints which name."""
PRINTED_NAMES = ("document_id", "organisation_id", *NAME_COUNTS)
# The rows of these tables bear names of their own beside the codes: projects, goods.
_NAMED_FREELY = {"projects", "running_projects", "procurement"}
# Their codes (101 税收收入) are of the classification of revenue, which no book here holds.
_OF_REVENUE = {
    *("government_revenue", "government_fund_revenue", "government_capital_revenue", "social_insurance_revenue"),
}


def printed_names(documents: pl.DataFrame, line_items: pl.DataFrame) -> pl.DataFrame:
    """Who prints which name for which code in which year, each once: columns `PRINTED_NAMES`."""
    rows = _named(line_items).filter(pl.col("code").is_not_null())
    once = rows.group_by(_ROW, maintain_order=True).agg(pl.col("scheme", "name", "code_level").first())
    of_document = read_documents(documents).select("document_id", "organisation_id", "year")
    told = _with_plain_names(once.filter(possible())).join(of_document, on="document_id")
    return told.select(PRINTED_NAMES).unique().sort(PRINTED_NAMES)


def count_names(printed: pl.DataFrame) -> pl.DataFrame:
    """How many organisations print each name for each code in each year: scheme, code, year, plain, organisations."""
    return printed.group_by(NAME_COUNTS).agg(organisations=pl.col("organisation_id").n_unique()).sort(NAME_COUNTS)


def names_looked_up(printed: pl.DataFrame, counts: pl.DataFrame, book: CodeBook) -> pl.DataFrame:
    """What a document is told of the others: document_id and the names that several organisations print for a code.

    Only the codes count for which the document prints a name that the book does not confirm; of others it asks nobody.

    Args:
        printed: who prints which name (see `printed_names`).
        counts: how many print each, in the whole dataset (see `count_names`).
        book: the code book.
    """
    doubted = [
        row
        for row in printed.select(NAME_COUNTS).unique().iter_rows()
        if row[0] is not None and row[2] is not None and not book.confirms(Scheme(row[0]), *row[1:])
    ]
    at = pl.DataFrame(doubted, schema=dict(printed.select(NAME_COUNTS).schema), orient="row")
    asked = printed.join(at, on=NAME_COUNTS, how="semi").select("document_id", *NAME_COUNTS[:3]).unique()
    several = counts.filter(pl.col("organisations") > 1).drop("organisations")
    return asked.join(several, on=NAME_COUNTS[:3]).sort("document_id", *NAME_COUNTS)


def read_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read, each once: id, file, organisation, status and year."""
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).unique(
        "document_id", keep="first", maintain_order=True
    )
    return read.select("document_id", "source_file", "organisation_id", "status", year="document_year")


def printed_rows(line_items: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """One row per printed row of an official table, with the place that its figures take up."""
    of_unit = ("unit_code", "unit_name")
    first = ("scheme", "printed_code", *of_unit, "name", "parent_code", "code_level", "page", "line", "cell")
    rows = (
        _named(line_items)
        .join(read.select("document_id", "year", "status", "organisation_id"), on="document_id", suffix="_read")
        .group_by(_ROW, maintain_order=True)
        .agg(
            pl.col(*first, "year", "status", "organisation_id").first(),
            pl.col("x0", "top").min(),
            pl.col("x1", "bottom").max(),
            amount=pl.col("amount").filter(pl.col("measure") == "total").first(),
        )
    )
    return _with_plain_names(rows)


def _named(line_items: pl.DataFrame) -> pl.DataFrame:
    """The named amounts of the tables whose names belong to their codes."""
    coded = [table for table in official_tables() if table not in _NAMED_FREELY | _OF_REVENUE]
    return line_items.filter(pl.col("table").is_in(coded), pl.col("name").is_not_null())


def _with_plain_names(rows: pl.DataFrame) -> pl.DataFrame:
    plain = {name: plain_name(name) for name in rows["name"].unique()}
    return rows.with_columns(plain=pl.col("name").replace_strict(plain, return_dtype=pl.String))


def possible() -> pl.Expr:
    """Whether a code has a length and a first digit of its scheme."""
    digits = {scheme.value: scheme.first_digit for scheme in Scheme if scheme.first_digit}
    first = pl.col("scheme").replace_strict(digits, default="2", return_dtype=pl.String)
    return pl.col("code_level").is_not_null() & (pl.col("code").str.head(1) == first)
