"""Figures of a picture whose cell lies over two columns of their table: two figures may have been read as one."""

from collections import defaultdict

from analysis.terms.document import ReadDocument


def spanning_figures(document: ReadDocument) -> frozenset[int]:
    """The numbers of the line items in whose cell the middles of two columns lie, as other rows of the page have them.

    A seal may hide the ruling between two cells; what then stands in one cell is read as one figure.

    Args:
        document: A document some of whose cells have readings.
    """
    columns: dict[tuple[int | None, str], set[tuple[float, float]]] = defaultdict(set)
    boxes: dict[int, tuple[tuple[int | None, str], float, float]] = {}
    for number, item in enumerate(document.line_items):
        place = item.figure.place
        if place.x0 is not None and place.x1 is not None and place in document.readings:
            boxes[number] = ((place.page, item.row.table), place.x0, place.x1)
            columns[place.page, item.row.table].add((place.x0, place.x1))
    return frozenset(number for number, (table, x0, x1) in boxes.items() if _holds_two(x0, x1, columns[table]))


def _holds_two(x0: float, x1: float, columns: set[tuple[float, float]]) -> bool:
    """Whether two boxes that lie apart have their middles between two edges."""
    inside = sorted((right, left) for left, right in columns if x0 < (left + right) / 2 < x1 and right - left < x1 - x0)
    return bool(inside) and any(left >= inside[0][0] - 1 for _, left in inside)
