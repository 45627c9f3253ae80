"""Serial numbers in place of codes: a table that numbers the rows of a class 01, 02, 03 … as they come.

The names are those of the classification, the codes those of nobody: all of them are one slip, and the names tell the
codes that belong there. Some classes really are printed from 01 without a gap; so a run counts only where at least
three of its names belong to other codes.

Where all rows of a table are numbered 1, 2, 3 …, most of the numbers are read as no code at all: what is left of them
are those that begin as a code does, each the number of its row. The names are then those of rows that other tables
print with their codes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.balancing.codes.name_counts import possible
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, CodeEntry, is_variant, plain_name

_TABLE = ["document_id", "table", "side"]
_SHORTEST = 4
_LEAST_WRONG = 3


@dataclass(frozen=True, slots=True)
class SerialRun:
    """The rows of a table whose codes are serial numbers, each with the code of its name where one is known."""

    rows: tuple[Mapping[str, Any], ...]
    right: tuple[str | None, ...]


def serial_runs(rows: pl.DataFrame, book: CodeBook, endings: Sequence[str]) -> Iterator[SerialRun]:
    """The tables that print serial numbers in place of economic codes: one run a table."""
    schemes = [Scheme.ECONOMIC.value, Scheme.GOVERNMENT_ECONOMIC.value]
    sections = rows.filter(
        pl.col("scheme").is_in(schemes), pl.col("parent_code").is_not_null(), pl.col("year").is_not_null()
    )
    tables: dict[tuple[str, ...], dict[str, list[dict[str, Any]]]] = {}
    for row in sections.iter_rows(named=True):
        here = tables.setdefault((row["document_id"], row["table"], row["side"]), {})
        here.setdefault(row["parent_code"], []).append(row)
    for by_parent in tables.values():
        groups = [sorted(group, key=lambda row: row["row_number"]) for group in by_parent.values()]
        numbered = [group for group in groups if _is_numbered(group)]
        if not any(len(group) >= _SHORTEST and _wrong(group, book) >= _LEAST_WRONG for group in numbered):
            continue
        wrong = [row for group in numbered for row in group if not _fits(row, book, endings)]
        yield SerialRun(tuple(wrong), tuple(_code_of_name(row, book, endings) for row in wrong))


def numbered_tables(rows: pl.DataFrame, book: CodeBook) -> Iterator[SerialRun]:
    """The tables that number their rows where the codes should stand, whole.

    Args:
        rows: the printed rows of the official tables (see `name_counts.printed_rows`), with and without a code.
        book: the code book.
    """
    suspects = rows.filter(
        pl.col("code").is_not_null().any().over(_TABLE),
        (pl.col("code").is_null() | ~possible()).all().over(_TABLE),
    )
    for table in suspects.partition_by(_TABLE, maintain_order=True):
        printed = table.sort("row_number").to_dicts()
        coded = [row for row in printed if row["code"] is not None]
        schemes = {row["scheme"] for row in coded} - {None}
        numbers = {_number(row) for row in coded}
        shifts = {row["row_number"] - number for row in coded if (number := _number(row)) is not None}
        if None in numbers or len(shifts) != 1 or len(schemes) != 1:
            continue
        (shift,), (scheme,) = shifts, schemes
        here = [row | {"code": str(row["row_number"] - shift), "scheme": scheme} for row in printed]
        here = [row for row in here if row["row_number"] > shift]
        others = rows.filter(pl.col("document_id") == here[0]["document_id"], pl.col("scheme") == scheme)
        right = [_code_elsewhere(row, others) or _only_code(row, book) for row in here]
        if 0 <= shift <= 1 and sum(code is not None for code in right) >= _LEAST_WRONG:
            yield SerialRun(tuple(here), tuple(right))


def _number(row: Mapping[str, Any]) -> int | None:
    text = str(row["printed_code"] or row["code"])
    return int(text) if text.isdigit() else None


def _code_elsewhere(row: Mapping[str, Any], others: pl.DataFrame) -> str | None:
    """The code that the other tables of the document print beside the name, with the amount where that is needed."""
    named = others.filter(pl.col("plain") == row["plain"], pl.col("code").is_not_null(), possible())
    for chosen in (named, named.filter(pl.col("amount") == row["amount"])):
        codes = chosen["code"].unique().to_list()
        if len(codes) == 1:
            return str(codes[0])
    return None


def _only_code(row: Mapping[str, Any], book: CodeBook) -> str | None:
    """The one code of the book that bears the name."""
    codes = {one.code for one in _named(row, book)} if row["year"] is not None else set()
    return codes.pop() if len(codes) == 1 else None


def _is_numbered(group: Sequence[Mapping[str, Any]]) -> bool:
    return all(row["code"][-2:] == f"{number:02}" for number, row in enumerate(group, start=1))


def _wrong(group: Sequence[Mapping[str, Any]], book: CodeBook) -> int:
    """How many rows of a group bear the exact name of another code."""
    return sum(
        any(entry.code != row["code"] for entry in _named(row, book))
        and all(entry.code != row["code"] for entry in _named(row, book))
        for row in group
    )


def _named(row: Mapping[str, Any], book: CodeBook) -> list[CodeEntry]:
    scheme, year = Scheme(row["scheme"]), row["year"]
    return [one for one in _in_force(scheme, year, book) if plain_name(one.name) == row["plain"]]


def _in_force(scheme: Scheme, year: int, book: CodeBook) -> Iterator[CodeEntry]:
    for entry in book.entries:
        if entry.scheme is scheme and entry.level > 1 and (entry.until is None or entry.until >= year):
            yield entry


def _fits(row: Mapping[str, Any], book: CodeBook, endings: Sequence[str]) -> bool:
    now = book.in_force(Scheme(row["scheme"]), row["code"], row["year"])
    return now is not None and (
        plain_name(now.name) == row["plain"] or is_variant(plain_name(now.name), row["plain"], endings)
    )


def _code_of_name(row: Mapping[str, Any], book: CodeBook, endings: Sequence[str]) -> str | None:
    """The one code that bears the name, below the printed parent first; None where none or several do."""
    exact = _named(row, book)
    scheme, year = Scheme(row["scheme"]), row["year"]
    alike = [one for one in _in_force(scheme, year, book) if is_variant(plain_name(one.name), row["plain"], endings)]
    for entries in (exact, alike):
        below = [one for one in entries if one.code.startswith(row["parent_code"])]
        codes = {one.code for one in below or entries}
        if codes:
            return codes.pop() if len(codes) == 1 else None
    return None
