"""Rows of a picture whose code may be another's: hardly read or contradicted, and confirmed by no other table."""

from collections import defaultdict

from analysis.terms.code_book import CodeBook, plain_name
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem, Place, Row
from analysis.terms.recognition import Reading


def unsure_codes(document: ReadDocument, book: CodeBook, least: float) -> frozenset[int]:
    """The numbers of the line items in such rows.

    A row is confirmed where another table has its name under its code. It is contradicted where another table has its
    name under another code, or where the book calls its code by quite another name: a seal that hides the last digits
    of 2013202 leaves 20132, which is a code as well.

    Args:
        document: A document some of whose cells have readings.
        book: The official names of the codes.
        least: The score from which a code counts as surely read.
    """
    weak: dict[int | None, list[tuple[Place, str]]] = defaultdict(list)
    for place, reading in document.readings.items():
        if place.x1 is not None and _is_unsure(reading, least):
            weak[place.page].append((place, reading.text.strip()))
    tables: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
    codes: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    for row in {item.row for item in document.line_items}:
        if row.code:
            tables[row.code, row.name].add(row.table)
            codes[row.name].add((row.table, row.code))
    return frozenset(
        number
        for number, item in enumerate(document.line_items)
        if item.row.code
        and len(tables[item.row.code, item.row.name]) == 1
        and (
            any(table != item.row.table and code != item.row.code for table, code in codes[item.row.name])
            or _is_of_another_name(item.row, book)
            or any(_holds_code_of(item, place, text) for place, text in weak.get(item.figure.place.page, ()))
        )
    )


def _is_unsure(reading: Reading, least: float) -> bool:
    return (reading.score < least or reading.contested) and reading.text.strip().isdecimal()


def _is_of_another_name(row: Row, book: CodeBook) -> bool:
    """Whether the row's name shares at most half of its characters with every name that its code ever bore."""
    if not row.name or not row.code or row.scheme is None:
        return False
    said = set(plain_name(row.name))
    names = [set(plain_name(entry.name)) for entry in book.names_of(row.scheme, row.code)]
    return bool(names) and all(2 * len(said & name) <= min(len(said), len(name)) for name in names)


def _holds_code_of(item: LineItem, cell: Place, text: str) -> bool:
    """Whether a cell stands before the figure in its row and says a part of the row's code."""
    place = item.figure.place
    if place.x0 is None or place.top is None or place.bottom is None or cell.x1 is None or cell.top is None:
        return False
    middle = (place.top + place.bottom) / 2
    in_row = cell.bottom is not None and cell.top <= middle <= cell.bottom
    return in_row and cell.x1 <= place.x0 + 1 and text in (item.row.printed_code or "")
