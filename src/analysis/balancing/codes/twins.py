"""A code that differs from its twin: the same name with the same amount under another code in another table.

Two tables of a document that print one name with one amount under two codes, of which neither prints the other's, speak
of one row; one of the two codes is wrong. Where the amounts of the tables differ by right, as revenue and expenditure
do, the name alone ties them, and more must speak for the other code. Which one is wrong, the rows around it tell:
whether the code is possible at all, its parent and its children stand beside it, its parent's sum needs it, the book
gives it that name. Only where they tell is a code wrong (`MiscodedRow`), and then the row is read with the other code
wherever its figures are compared, so that one wrong code is one finding and none of its consequences another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.terms.code import Scheme, level_of, parent_of
from analysis.terms.code_book import CodeBook, plain_name

_ROW = ("document_id", "table", "side", "row_number")
MISCODED = {"document_id": pl.String, "table": pl.String, "side": pl.String, "row_number": pl.Int32, "right": pl.String}
_CLEAR, _CLEAR_BY_NAME = 2, 4


@dataclass(frozen=True, slots=True)
class MiscodedRow:
    """A printed row whose code is wrong, the code that belongs there, and the table that prints it."""

    row: dict[str, Any]
    right: str
    proof: str


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The coded rows of one table: their amounts by code, and who is whose child."""

    amounts: dict[str, Any]
    children: dict[str, list[str]]

    def support(self, code: str, row: dict[str, Any], book: CodeBook) -> int:
        """How much speaks for a code of the row: what its digits, its table and the book say."""
        scheme, year = Scheme(row["scheme"]), row["year"]
        first = scheme.first_digit or ""
        level = level_of(code, scheme)
        if level is None or not code.startswith(first):
            return -8
        entry = book.in_force(scheme, code, year) if year is not None else None
        found = 3 if entry is not None and plain_name(entry.name) == row["plain"] else 0
        found -= 0 if book.names_of(scheme, code) else 1  # a code that no book knows, beside one that it does
        parent = parent_of(code, scheme)
        if parent is not None and parent in self.amounts:
            found += 2
            others = [self.amounts[one] for one in self.children.get(parent, ()) if one not in (code, row["code"])]
            held = all(amount is not None for amount in (*others, self.amounts[parent], row["amount"]))
            found += 4 if held and sum(others, row["amount"]) == self.amounts[parent] else 0
        return found + (2 if self.children.get(code) else 0)


def miscoded_rows(rows: pl.DataFrame, book: CodeBook) -> tuple[MiscodedRow, ...]:
    """The rows whose code is wrong because another table prints the same row under another one.

    Args:
        rows: the printed rows of the official tables (see `name_counts.printed_rows`).
        book: the code book.
    """
    coded = rows.filter(pl.col("code").is_not_null(), pl.col("unit_code").is_null(), pl.col("scheme").is_not_null())
    key = ("document_id", "scheme", "plain", "amount")
    told = coded.filter(pl.col("amount").is_not_null(), pl.col("amount") != 0)
    alike = told.filter(pl.col("code").n_unique().over(key) > 1, pl.col("table").n_unique().over(key) > 1)
    by_name = ("document_id", "scheme", "plain")
    named = coded.filter(pl.col("code").n_unique().over(by_name) == 2, pl.col("table").n_unique().over(by_name) > 1)
    documents = pl.concat([alike, named])["document_id"].unique(maintain_order=True)
    surroundings = _surroundings(coded.filter(pl.col("document_id").is_in(documents.implode())))
    groups, groups_by_name = _groups(alike, key), _groups(named, by_name)
    found: list[MiscodedRow] = []
    for document in documents:
        around = surroundings[document]
        here = [one for group in groups.get(document, ()) for one in _wrong_of(group, around, book, _CLEAR)]
        known = {(one.row["table"], one.row["row_number"]) for one in here}
        for group in groups_by_name.get(document, ()):
            if not any((row["table"], row["row_number"]) in known for row in group):
                here += _wrong_of(group, around, book, _CLEAR_BY_NAME)
        found += here
    return tuple(found)


def _groups(rows: pl.DataFrame, key: Sequence[str]) -> Mapping[str, Collection[Sequence[dict[str, Any]]]]:
    """For each document its rows in groups that are alike in the key, in order."""
    found: dict[str, dict[tuple[object, ...], list[dict[str, Any]]]] = {}
    for row in rows.iter_rows(named=True):
        alike = tuple(row[name] for name in key)
        found.setdefault(row["document_id"], {}).setdefault(alike, []).append(row)
    return {document: groups.values() for document, groups in found.items()}


def _surroundings(rows: pl.DataFrame) -> Mapping[str, Mapping[str, _Surroundings]]:
    """The coded rows of each table of each document."""
    found: dict[str, dict[str, _Surroundings]] = {}
    columns = ("document_id", "table", "code", "parent_code", "amount")
    for document, table, code, parent, amount in rows.select(columns).iter_rows():
        here = found.setdefault(document, {}).setdefault(table, _Surroundings({}, {}))
        here.amounts.setdefault(code, amount)
        if parent:
            here.children.setdefault(parent, []).append(code)
    return found


def _wrong_of(
    group: Sequence[dict[str, Any]], around: Mapping[str, _Surroundings], book: CodeBook, clear: int
) -> Iterator[MiscodedRow]:
    """The wrong ones of some rows that are one row by name and amount, where the rows around them tell."""
    codes = dict.fromkeys(row["code"] for row in group)
    tables = [row["table"] for row in group]
    if len(codes) != 2 or len(set(tables)) != len(tables):
        return
    one, other = codes
    if any((other if row["code"] == one else one) in around[row["table"]].amounts for row in group):
        return
    proven = [
        (wrong, right)
        for wrong, right in ((one, other), (other, one))
        if all(_gain(row, right, around, book) >= clear for row in group if row["code"] == wrong)
    ]
    if len(proven) != 1:
        return
    wrong, right = proven[0]
    proof = next(row["table"] for row in group if row["code"] == right)
    yield from (MiscodedRow(row, right, proof) for row in group if row["code"] == wrong)


def _gain(row: dict[str, Any], right: str, around: Mapping[str, _Surroundings], book: CodeBook) -> int:
    """How much more speaks for another code of the row than for the printed one, in its own table."""
    here = around[row["table"]]
    return here.support(right, row, book) - here.support(row["code"], row, book)


def miscoded_frame(found: Sequence[MiscodedRow]) -> pl.DataFrame:
    """The rows as a frame, columns `MISCODED`."""
    rows = [(*(one.row[name] for name in _ROW), one.right) for one in found]
    return pl.DataFrame(rows, schema=MISCODED, orient="row")


def with_right_codes(line_items: pl.DataFrame, found: Sequence[MiscodedRow]) -> pl.DataFrame:
    """The line items in their order, those of the rows with the codes that belong there."""
    if not found:
        return line_items
    frame = miscoded_frame(found).with_columns(
        right_parent=pl.Series([parent_of(one.right, Scheme(one.row["scheme"])) for one in found], dtype=pl.String),
        right_level=pl.Series([level_of(one.right, Scheme(one.row["scheme"])) for one in found], dtype=pl.Int64),
    )
    joined = line_items.join(frame, on=_ROW, how="left", maintain_order="left")
    told = pl.col("right").is_not_null()
    level = line_items.schema["code_level"]
    return joined.with_columns(
        code=pl.coalesce("right", "code"),
        parent_code=pl.when(told).then("right_parent").otherwise("parent_code"),
        code_level=pl.when(told).then(pl.col("right_level").cast(level)).otherwise("code_level"),
    ).drop("right", "right_parent", "right_level")
