"""Mistakes planted in made documents of three families, read as web pages: each kind is told, and only that."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest
from typesetter.book import Book
from typesetter.combining import edits_of, with_edits
from typesetter.corpus import PLACES, Plan, publications_of
from typesetter.mistakes import ALL_KINDS, mistake
from typesetter.planting import Planted
from typesetter.quirks import Quirks

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.findings import findings_of, frames_of, speaks_of

QUIRKS = Quirks(nothing="zero")
TOLD = {
    "lost_unit": {"caption_unit"},
    "other_department": {"caption_body"},
    "note_under_filled": {"text_note_filled"},
    "text_name": {"text_item_names", "text_item_no_row", "text_item_amount", "text_item_levels"},
    "year_wrong": {"text_year", "text_own_year", "text_base_year"},
    "sentence_amount": {"text_table", "text_sum", "text_parts_exceed", "text_list_sum", "text_repeated"},
}


def book_of(family: str) -> Book:
    return list(publications_of(Plan(0, 3, family=family), 1, 10_000, family))[6](QUIRKS)


def planted() -> Iterator[tuple[str, Book, Planted]]:
    for family in PLACES:
        for kind in TOLD:
            if (made := mistake(book_of(family), Random(kind), kind)) is not None:
                yield f"{family}-{kind}", made[0], made[1][0]


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    books = [(name, book, QUIRKS) for name, book, _ in planted()]
    books += [(f"{family}-clean", book_of(family), QUIRKS) for family in PLACES]
    return findings_of(frames_of(books))[0]


@pytest.mark.parametrize("kind", TOLD)
def test_a_mistake_above_a_table_or_in_the_text_is_told_and_nothing_else_is(kind: str, told: pl.DataFrame) -> None:
    for name, _, one in planted():
        if one.kind == kind:
            here = told.filter(pl.col("source_file") == f"{name}.html").to_dicts()
            right = [row for row in here if speaks_of(row, one)]
            assert {row["rule"] for row in right} & TOLD[kind], (name, one)
            assert [row["message_zh"] for row in here if row["severity"] == "error" and row not in right] == []


def test_a_document_without_a_mistake_has_none_of_them(told: pl.DataFrame) -> None:
    clean = told.filter(pl.col("source_file").str.contains("clean"), pl.col("severity") != "info")
    assert clean.is_empty()
    assert "caption_unit" not in told.filter(pl.col("source_file").str.contains("clean"))["rule"].to_list()


@pytest.mark.parametrize("family", PLACES)
def test_mistakes_put_together_leave_each_as_it_is_alone(family: str) -> None:
    clean = book_of(family)
    for kind in ALL_KINDS:
        made = mistake(clean, Random(5), kind)
        if made is not None:
            assert with_edits(clean, edits_of(clean, made[0])) == made[0], kind
    lost, wrong = (mistake(clean, Random(5), kind) for kind in ("row_lost", "year_wrong"))
    assert lost is not None and wrong is not None
    both = with_edits(clean, {**edits_of(clean, lost[0]), **edits_of(clean, wrong[0])})
    assert both.tables == lost[0].tables and both.opening == wrong[0].opening
