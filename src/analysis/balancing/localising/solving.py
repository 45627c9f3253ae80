"""What the equations say of the chosen cells: one figure, or that they leave it open.

A repair names cells and some figures that work. Whether they are the only ones is a question of linear algebra: with
the other cells as printed, the equations are solved for the chosen ones by exact elimination. A cell that stands alone
in a row of the solved form has its one figure; the others are left open. Where rounding keeps the equations from
agreeing exactly, the figures of the repair stand.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from analysis.balancing.localising.system import System


def solve(system: System, values: Mapping[int, int]) -> dict[int, int | None]:
    """For each cell of a repair its figure, None where the equations leave it open."""
    cells = sorted(values)
    rows = _solved(_equations(system, cells), len(cells))
    determined: dict[int, Fraction] = {}
    bound: set[int] = set()
    for row in rows:
        places = [place for place, factor in enumerate(row[:-1]) if factor]
        bound.update(places)
        if len(places) == 1:
            determined[cells[places[0]]] = row[-1] / row[places[0]]
    exact = {cell: int(value) for cell, value in determined.items() if value.denominator == 1}
    if len(exact) < len(determined) or not _works(system, dict(values) | exact):
        exact = {cell: values[cell] for cell in determined}
    return {cell: exact.get(cell) for cell in cells}


def _works(system: System, values: Mapping[int, int]) -> bool:
    mended, broken = system.effect(values)
    touched = {number for cell in values for number, _ in system.touching[cell]}
    low = all(value >= system.lowest(cell) for cell, value in values.items())
    return low and not broken and touched & set(system.failing) <= mended


def _equations(system: System, cells: Sequence[int]) -> list[list[Fraction]]:
    """One row for each equality that touches the cells: their weights, and what they must add up to."""
    place = {cell: index for index, cell in enumerate(cells)}
    rows = []
    for number in sorted({number for cell in cells for number, _ in system.touching[cell]}):
        equation = system.equations[number]
        if equation.lower_only:
            continue
        row = [Fraction(0)] * (len(cells) + 1)
        for cell, weight in equation.terms:
            if cell in place:
                row[place[cell]] += weight
            else:
                row[-1] -= weight * system.values[cell]
        rows.append(row)
    return rows


def _solved(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """The reduced form; rows that only rounding keeps apart fall away, the first of them stands."""
    done: list[list[Fraction]] = []
    for column in range(width):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        pivot = [value / pivot[column] for value in pivot]
        rows = [_less(row, pivot, column) for row in rows]
        done = [_less(row, pivot, column) for row in done] + [pivot]
    return done


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)] if factor else row
