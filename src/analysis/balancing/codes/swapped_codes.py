"""Two rows of a table that bear each other's code, as the other tables of the document print them.

A code and a name that another table prints together with the other's amounts tell that the codes changed places, not
the names and not the figures: each row stands elsewhere with its own name and its own amount under the code of the
other. Where the amounts went with the codes, the names changed places, and nothing is said here.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from analysis.balancing.codes.twins import MiscodedRow
from analysis.balancing.evidence import Row
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook

Swap = tuple[MiscodedRow, MiscodedRow]

_NAMED = ("document_id", "scheme", "plain")
_LEAST_WITNESSES = 2


def swapped_rows(rows: pl.DataFrame, book: CodeBook) -> tuple[Swap, ...]:
    """The pairs of rows whose codes changed places, in the table that is proven wrong.

    Args:
        rows: the printed rows of the official tables (see `name_counts.printed_rows`).
        book: the code book.
    """
    coded = rows.filter(pl.col("code").is_not_null(), pl.col("unit_code").is_null(), pl.col("amount").is_not_null())
    several = coded.filter(pl.col("code").n_unique().over(_NAMED) == 2, pl.col("table").n_unique().over(_NAMED) > 1)
    found: list[Swap] = []
    for document in several["document_id"].unique(maintain_order=True):
        found += _pairs([dict(row) for row in several.filter(document_id=document).iter_rows(named=True)], book)
    return tuple(found)


def _pairs(rows: list[dict[str, Any]], book: CodeBook) -> Iterator[Swap]:
    for at, one in enumerate(rows):
        for other in rows[at + 1 :]:
            if _may_be_swapped(one, other):
                proofs = [_proof(*pair, rows, book) for pair in ((one, other["code"]), (other, one["code"]))]
                if all(proofs):
                    first, second = map(str, proofs)
                    yield MiscodedRow(one, other["code"], first), MiscodedRow(other, one["code"], second)


def _may_be_swapped(one: Row, other: Row) -> bool:
    """Whether two rows of a table differ in code, name and amount, and in nothing that tells them apart otherwise."""
    same = ("table", "side", "scheme", "code_level")
    differing = ("code", "plain", "amount")
    return all(one[name] == other[name] for name in same) and all(one[name] != other[name] for name in differing)


def _proof(row: Row, code: str, rows: list[dict[str, Any]], book: CodeBook) -> str | None:
    """The first other table that prints the row's name and amount under the code, where the code belongs to the name.

    It does where two tables print them together, or the book does, and none prints the name under the row's own code.
    """
    twins = [one for one in rows if one["table"] != row["table"] and _named(one) == _named(row)]
    alike = [one["table"] for one in twins if (one["code"], one["amount"]) == (code, row["amount"])]
    scheme, year = Scheme(row["scheme"]), row["year"]
    by_book = year is not None and book.confirms(scheme, code, year, row["plain"])
    if not alike or any(one["code"] == row["code"] for one in twins):
        return None
    return alike[0] if by_book or len(set(alike)) >= _LEAST_WITNESSES else None


def _named(row: Row) -> tuple[Any, ...]:
    return row["scheme"], row["plain"]
