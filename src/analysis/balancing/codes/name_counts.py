"""The printed rows of the official tables, one each, and who prints which name for which code.

The code book is not complete: a name that two organisations print for a code in one year is confirmed. That is the one
thing about codes that no document tells alone; it is counted by parts of the dataset and added up.
"""

import polars as pl

from analysis.knowledge.names import official_tables
from analysis.terms.code import Scheme
from analysis.terms.code_book import plain_name
from analysis.terms.document import READ_STATUSES

NAME_COUNTS = ("scheme", "code", "year", "plain")
# The rows of these tables bear names of their own beside the codes: projects, goods.
_NAMED_FREELY = {"projects", "procurement"}


def printed_names(documents: pl.DataFrame, line_items: pl.DataFrame) -> pl.DataFrame:
    """How many organisations print each name for each code in each year: scheme, code, year, plain, organisations.

    Those of parts of a dataset add up where no organisation lies in two parts.
    """
    rows = printed_rows(line_items, read_documents(documents))
    return count_names(rows.filter(pl.col("code").is_not_null(), possible()))


def count_names(possible: pl.DataFrame) -> pl.DataFrame:
    """The same of rows whose code is possible."""
    return possible.group_by(NAME_COUNTS).agg(organisations=pl.col("organisation_id").n_unique()).sort(NAME_COUNTS)


def read_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read, each once: id, file, organisation, status and year."""
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).unique(
        "document_id", keep="first", maintain_order=True
    )
    return read.select("document_id", "source_file", "organisation_id", "status", year="document_year")


def printed_rows(line_items: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """One row per printed row of an official table, with the place that its figures take up."""
    coded = [table for table in official_tables() if table not in _NAMED_FREELY]
    official = line_items.filter(pl.col("table").is_in(coded), pl.col("name").is_not_null())
    first = ("scheme", "printed_code", "unit_code", "name", "parent_code", "code_level", "page", "line", "cell")
    rows = (
        official.join(read.select("document_id", "year", "status", "organisation_id"), on="document_id", suffix="_read")
        .group_by("document_id", "source_file", "table", "side", "row_number", "code", maintain_order=True)
        .agg(
            pl.col(*first, "year", "status", "organisation_id").first(),
            pl.col("x0", "top").min(),
            pl.col("x1", "bottom").max(),
            amount=pl.col("amount").filter(pl.col("measure") == "total").first(),
        )
    )
    plain = {name: plain_name(name) for name in rows["name"].unique()}
    return rows.with_columns(plain=pl.col("name").replace_strict(plain, return_dtype=pl.String))


def possible() -> pl.Expr:
    """Whether a code has a length and a first digit of its scheme."""
    digits = {scheme.value: scheme.first_digit for scheme in Scheme if scheme.first_digit}
    first = pl.col("scheme").replace_strict(digits, default="2", return_dtype=pl.String)
    return pl.col("code_level").is_not_null() & (pl.col("code").str.head(1) == first)
