"""Codes and names that documents print alike, as proposals for the code book.

Nobody publishes the whole list in one place, but bodies that print the same name for a code, independently of each
other and over years, are as good a source as there is: what three bodies agree on counts as published. A year in which
as many bodies print another name proves nothing, and neither does a body that contradicts itself.
"""

import polars as pl

from analysis.balancing.codes.name_counts import possible
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, plain_name

PROPOSED = ("code", "name", "level", "from", "until", "bodies", "years", "known")
_BODIES = 3


def proposed_entries(rows: pl.DataFrame, book: CodeBook, bodies: int = _BODIES) -> pl.DataFrame:
    """The names that enough bodies print for a code and that the book has not surely.

    Args:
        rows: the printed rows of the official tables (see `name_counts.printed_rows`).
        book: the book as it is.
        bodies: how many bodies must agree.

    Returns:
        Columns `PROPOSED` by code and first year: `from` and `until` are the first and last year in which the name was
        read, `until` null where no later name was; `known` is what the book says of that code, null for nothing.
    """
    told = rows.filter(pl.col("code").is_not_null(), pl.col("year").is_not_null(), possible())
    once = told.unique(["scheme", "code", "year", "plain", "organisation_id"])
    here = once.group_by("scheme", "code", "year", "plain").agg(here=pl.len())
    most = pl.col("here") == pl.col("here").max().over("scheme", "code", "year")
    best = here.filter(most).filter(pl.len().over("scheme", "code", "year") == 1)
    agreed = (
        once.join(best, on=["scheme", "code", "year", "plain"], how="semi")
        .group_by("scheme", "code", "plain")
        .agg(
            pl.col("name").min(),
            pl.col("year").min().alias("from"),
            pl.col("year").max().alias("last"),
            pl.col("year").unique().sort().alias("years"),
            bodies=pl.col("organisation_id").n_unique(),
        )
    )
    found = []
    for row in agreed.filter(pl.col("bodies") >= bodies).sort("code", "from").iter_rows(named=True):
        scheme, code = Scheme(row["scheme"]), row["code"]
        known = book.in_force(scheme, code, row["last"])
        if known is not None and known.evidence.sure and plain_name(known.name) == row["plain"]:
            continue
        later = agreed.filter(pl.col("code") == code, pl.col("from") > row["last"])
        until = None if later.is_empty() and (known is None or known.until is None) else row["last"]
        level = {3: 1, 5: 2, 7: 3}[len(code)]
        years = "、".join(map(str, row["years"]))
        found.append(
            (code, row["name"], level, row["from"], until, row["bodies"], years, None if known is None else known.name)
        )
    types = (pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64, pl.Int64, pl.String, pl.String)
    return pl.DataFrame(found, schema=dict(zip(PROPOSED, types, strict=True)), orient="row")
