"""The mistakes of the benchmark of findings: each says truly what it altered, in every family that offers a place."""

from random import Random

import pytest
from typesetter.book import Book, all_truth
from typesetter.corpus import PLACES, Plan, publications_of
from typesetter.mistakes import ALL_KINDS, HARMLESS, TEXT, mistake
from typesetter.narrative import sentence_of
from typesetter.quirks import Quirks


def book_of(family: str) -> Book:
    published = list(publications_of(Plan(0, 3, family=family), 1, 10_000, family))
    return published[6](Quirks(nothing="zero"))


def text_of(book: Book) -> str:
    return "".join((*book.opening, *(sentence_of(item, book.year) for item in book.items), *book.closing))


@pytest.mark.parametrize("family", PLACES)
def test_every_kind_finds_a_place_or_says_that_there_is_none(family: str) -> None:
    book = book_of(family)
    done = {kind: mistake(book, Random(1), kind) for kind in ALL_KINDS}
    missing = {kind for kind, made in done.items() if made is None}
    # Jiangsu's tables have one figure a row, and only Shanghai's items state an amount twice.
    assert missing <= {"column_swapped", "text_percent", "direction_word", "stated_twice", "cut", "blank_for_zero"}
    for kind, made in done.items():
        if made is not None:
            wrong, planted = made
            assert wrong != book
            assert {one.kind for one in planted} == {kind}


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind not in HARMLESS])
def test_a_mistake_stands_where_it_is_said_to(kind: str) -> None:
    for family in PLACES:
        made = mistake(book_of(family), Random(2), kind)
        if made is None:
            continue
        wrong, planted = made
        for one in planted:
            if one.table == TEXT:
                assert one.printed in text_of(wrong) and one.printed != one.expected
            elif one.measure and one.printed not in ("", "-", "0.00"):
                place = (one.table, one.code, one.measure, one.printed)
                assert place in {(t.table, t.code, t.measure, t.printed) for t in all_truth(wrong)}
