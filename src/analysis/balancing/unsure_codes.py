"""Rows of a picture whose code was hardly read, and which no other table confirms: their figures may be another's."""

from collections import defaultdict

from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem, Place
from analysis.terms.recognition import Reading


def unsure_codes(document: ReadDocument, least: float) -> frozenset[int]:
    """The numbers of the line items in such rows.

    Args:
        document: A document some of whose cells have readings.
        least: The score from which a code counts as surely read.
    """
    weak: dict[int | None, list[tuple[Place, str]]] = defaultdict(list)
    for place, reading in document.readings.items():
        if place.x1 is not None and _is_unsure(reading, least):
            weak[place.page].append((place, reading.text.strip()))
    tables: dict[str, set[str]] = defaultdict(set)
    for item in document.line_items:
        if item.row.code:
            tables[item.row.code].add(item.row.table)
    return frozenset(
        number
        for number, item in enumerate(document.line_items)
        if item.row.code
        and len(tables[item.row.code]) == 1
        and any(_holds_code_of(item, place, text) for place, text in weak.get(item.figure.place.page, ()))
    )


def _is_unsure(reading: Reading, least: float) -> bool:
    return (reading.score < least or reading.contested) and reading.text.strip().isdecimal()


def _holds_code_of(item: LineItem, cell: Place, text: str) -> bool:
    """Whether a cell stands before the figure in its row and says a part of the row's code."""
    place = item.figure.place
    if place.x0 is None or place.top is None or place.bottom is None or cell.x1 is None or cell.top is None:
        return False
    middle = (place.top + place.bottom) / 2
    in_row = cell.bottom is not None and cell.top <= middle <= cell.bottom
    return in_row and cell.x1 <= place.x0 + 1 and text in (item.row.printed_code or "")
