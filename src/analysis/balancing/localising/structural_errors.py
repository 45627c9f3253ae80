"""Slips of structure: one cause that changes many figures at once, found by trying it.

Each hypothesis rewrites some cells with figures that stand elsewhere on the same page, and is kept only if it mends at
least two equations and breaks none, or at least mends two more than it breaks (another error may hide the rest):

- a column shifted by a row over a run of rows, the figure that fell out standing at the other end, or lost;
- all columns of a run of rows shifted so, the figures that fell out standing at the other end;
- two columns swapped, in the whole table, in a run of rows or in one row;
- a row that slid by a column;
- a row, a column or a table printed in another unit (yuan and ten thousand yuan).

To keep the number of trials small, a shift or swap may only touch *suspects*: cells whose own equations all fail, those
that have no other cell of the same column, nor the one to be swapped with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from analysis.balancing.localising.problem import Problem, Sheet
from analysis.terms.trace import Slip

UNIT_FACTOR = 10_000
_SHORT_RUN = 12
_LOOSE_ENDS = 3
_LONGEST_BLOCK = 6


@dataclass(frozen=True, slots=True)
class Move:
    """A hypothesis: the new figure of each cell, what it mends and what it breaks."""

    changes: tuple[tuple[int, int], ...]
    slip: Slip
    mended: frozenset[int]
    broken: frozenset[int]


def find_moves(problem: Problem) -> tuple[Move, ...]:
    """The structural hypotheses that the failing equations support; of those with the same outcome only the first."""
    failing = set(problem.system.failing)
    if len(failing) < 2:
        return ()
    sheets = sorted(
        {problem.cells[cell].sheet for number in failing for cell, _ in problem.system.equations[number].terms},
        key=str,
    )
    trials = _Trials(problem, failing)
    found: dict[tuple[tuple[int, int], ...], Move] = {}
    for sheet in sheets:
        for changes, slip in trials.of_sheet(sheet):
            key = tuple(sorted(changes.items()))
            if len(key) < 2 or key in found:
                continue
            if any(value < problem.system.lowest(cell) for cell, value in key):
                continue
            mended, broken = problem.system.effect(changes)
            if slip is Slip.UNIT_MIXED:
                mended = frozenset(number for number in mended if trials.speaks_of_the_unit(number, changes))
            if len(mended) >= 2 and len(mended) - len(broken) >= 2:
                found[key] = Move(key, slip, mended, broken)
    return tuple(found.values())


class _Trials:
    """The hypotheses worth trying in a problem."""

    def __init__(self, problem: Problem, failing: set[int]) -> None:
        self.problem = problem
        self.values = problem.system.values
        self.failing = failing
        self.touched = {cell for number in failing for cell, _ in problem.system.equations[number].terms}
        self.suspects = {cell for cell in self.touched if self._is_suspect(cell, cell)}

    def _is_suspect(self, cell: int, partner: int) -> bool:
        """Whether all equations of the cell fail that have no other cell of its column, nor its partner."""
        cells, mine = self.problem.cells, self.problem.cells[cell]
        for number, _ in self.problem.system.touching[cell]:
            others = [other for other, _ in self.problem.system.equations[number].terms if other != cell]
            if number not in self.failing and not any(
                other == partner or (cells[other].sheet, cells[other].measure) == (mine.sheet, mine.measure)
                for other in others
            ):
                return False
        return True

    def speaks_of_the_unit(self, number: int, changes: Mapping[int, int]) -> bool:
        """Whether an equation compares figures of the changed unit with others.

        One within them holds or fails in every unit alike: made small enough, each difference only looks like rounding.
        """
        terms = self.problem.system.equations[number].terms
        return any(cell not in changes and self.values[cell] for cell, _ in terms)

    def of_sheet(self, sheet: Sheet) -> Iterator[tuple[dict[int, int], Slip]]:
        rows, columns = self.problem.rows[sheet], self.problem.columns[sheet]
        at = self.problem.at
        by_column = {
            measure: [at[sheet, row, measure] for row in rows if (sheet, row, measure) in at] for measure in columns
        }
        by_row = {row: [at[sheet, row, measure] for measure in columns if (sheet, row, measure) in at] for row in rows}
        for cells in by_column.values():
            yield from self._shifts(cells)
        yield from self._shifted_rows(list(by_row.values()))
        for one, other in combinations(columns, 2):
            yield from self._swaps(by_column[one], by_column[other])
        for cells in by_row.values():
            yield from self._slides(cells)
        yield from self._units([*by_row.values(), *by_column.values(), [c for cells in by_row.values() for c in cells]])

    def _shifts(self, cells: Sequence[int]) -> Iterator[tuple[dict[int, int], Slip]]:
        """Runs of a column in which every figure belongs to the row before it, or to the row after it."""
        for step in (1, -1):
            order = list(cells) if step == 1 else list(reversed(cells))
            fits = [
                cell in self.suspects or (place + 1 < len(order) and self.values[order[place + 1]] == self.values[cell])
                for place, cell in enumerate(order)
            ]
            for first, last in _runs(fits):
                part = order[first : last + 1]
                moved = {cell: self.values[source] for cell, source in pairwise(part)}
                yield self._real(moved | {part[-1]: self.values[part[0]]}), Slip.COLUMN_SHIFTED
                if (lost := self._completed(moved, part[-1])) is not None:
                    yield self._real(moved | {part[-1]: lost}), Slip.COLUMN_SHIFTED

    def _shifted_rows(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[dict[int, int], Slip]]:
        """Runs of rows in which all figures belong to the row before, or to the row after."""
        cells = self.problem.cells
        fits = [not self.touched.isdisjoint(row) and all(self._is_suspect_of_row(cell) for cell in row) for row in rows]
        for first, last in _runs(fits):
            part = [{cells[cell].measure: cell for cell in row} for row in rows[first : last + 1]]
            if len(part) > _LONGEST_BLOCK or any(row.keys() != part[0].keys() for row in part):
                continue
            for sources in ((*part[1:], part[0]), (part[-1], *part[:-1])):
                moved = zip(part, sources, strict=True)
                changes = self._real(
                    {cell: self.values[source[name]] for row, source in moved for name, cell in row.items()}
                )
                if len({cells[cell].measure for cell in changes}) > 1:
                    yield changes, Slip.ROWS_SHIFTED

    def _is_suspect_of_row(self, cell: int) -> bool:
        """Whether all equations of the cell fail that have no other cell of its column and are not of its row alone."""
        cells, mine = self.problem.cells, self.problem.cells[cell]
        for number, _ in self.problem.system.touching[cell]:
            others = [cells[other] for other, _ in self.problem.system.equations[number].terms if other != cell]
            if (
                number not in self.failing
                and not all((one.sheet, one.row_number) == (mine.sheet, mine.row_number) for one in others)
                and not any((one.sheet, one.measure) == (mine.sheet, mine.measure) for one in others)
            ):
                return False
        return True

    def _completed(self, moved: Mapping[int, int], cell: int) -> int | None:
        """The figure of `cell` that its own first equation asks for once the others have moved."""
        system = self.problem.system
        for number, weight in system.touching[cell]:
            equation = system.equations[number]
            others = sum(w * moved.get(c, system.values[c]) for c, w in equation.terms if c != cell)
            if not equation.lower_only and not any(c in moved for c, _ in equation.terms) and others % weight == 0:
                return -others // weight
        return None

    def _swaps(self, one: Sequence[int], other: Sequence[int]) -> Iterator[tuple[dict[int, int], Slip]]:
        pairs = list(zip(one, other, strict=False))
        whole = {a: self.values[b] for a, b in pairs} | {b: self.values[a] for a, b in pairs}
        yield self._real(whole), Slip.COLUMNS_SWAPPED
        fits = [
            self.values[a] == self.values[b]
            or ((a in self.touched or b in self.touched) and self._is_suspect(a, b) and self._is_suspect(b, a))
            for a, b in pairs
        ]
        for first, last in _runs(fits, least=1):
            part = pairs[first : last + 1]
            changes = {a: self.values[b] for a, b in part} | {b: self.values[a] for a, b in part}
            yield self._real(changes), Slip.COLUMNS_SWAPPED

    def _slides(self, cells: Sequence[int]) -> Iterator[tuple[dict[int, int], Slip]]:
        """A row whose figures stand one column too far, a blank in between."""
        if not any(cell in self.suspects for cell in cells):
            return
        for first, last in combinations(range(len(cells)), 2):
            part = cells[first : last + 1]
            if len(part) > 2 and (not self.values[part[0]] or not self.values[part[-1]]):
                for turned in ((*part[1:], part[0]), (part[-1], *part[:-1])):
                    changes = {cell: self.values[source] for cell, source in zip(part, turned, strict=True)}
                    yield self._real(changes), Slip.ROW_SLID

    def _units(self, groups: Sequence[Sequence[int]]) -> Iterator[tuple[dict[int, int], Slip]]:
        steps = self.problem.system.steps
        for group in groups:
            if not any(cell in self.touched for cell in group):
                continue
            yield self._real({cell: self.values[cell] * UNIT_FACTOR for cell in group}), Slip.UNIT_MIXED
            if all(self.values[cell] % (UNIT_FACTOR * steps[cell]) == 0 for cell in group):
                yield self._real({cell: self.values[cell] // UNIT_FACTOR for cell in group}), Slip.UNIT_MIXED

    def _real(self, changes: Mapping[int, int]) -> dict[int, int]:
        return {cell: value for cell, value in changes.items() if value != self.values[cell]}


def _runs(fits: Sequence[bool], least: int = 2) -> Iterator[tuple[int, int]]:
    """First and last place of every run worth trying: all parts of a short one, nearly the whole of a long one."""
    start = 0
    for place, fit in enumerate([*fits, False]):
        if fit:
            continue
        length = place - start
        if length >= least:
            for first in range(start, place):
                for last in range(first + least - 1, place):
                    loose = first - start >= _LOOSE_ENDS or place - 1 - last >= _LOOSE_ENDS
                    if (last - first < _SHORT_RUN and length <= 3 * _SHORT_RUN) or not loose:
                        yield first, last
        start = place + 1
