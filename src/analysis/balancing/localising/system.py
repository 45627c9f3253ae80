"""A balance system: integers that equations tie, and what a change of some of them mends and breaks.

The general form of every tracing problem, whether its integers are fen of a budget or the variables of a textbook. An
equation holds where its weighted sum is 0 to the tolerance; `lower_only` holds where the sum is not below it. A value
is never below 0 unless it is printed so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ weight·value = 0 to the tolerance, or >= 0 where `lower_only`; `terms` are (cell, weight), each cell once."""

    terms: tuple[tuple[int, int], ...]
    tolerance: int = 0
    lower_only: bool = False

    def holds(self, gap: int) -> bool:
        """Whether a sum of `gap` is near enough to 0."""
        return -self.tolerance <= gap and (self.lower_only or gap <= self.tolerance)


@dataclass(frozen=True)
class System:
    """Values, the equations that tie them, and the step of each: what its last printed digit is worth."""

    values: tuple[int, ...]
    equations: tuple[Equation, ...]
    steps: tuple[int, ...]
    negative: frozenset[int] = frozenset()

    @cached_property
    def touching(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each cell its equations, with its weight there."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.values]
        for number, equation in enumerate(self.equations):
            for cell, weight in equation.terms:
                found[cell].append((number, weight))
        return tuple(tuple(one) for one in found)

    @cached_property
    def gaps(self) -> tuple[int, ...]:
        """The weighted sum of each equation over the printed values."""
        values = self.values
        return tuple(sum(weight * values[cell] for cell, weight in one.terms) for one in self.equations)

    @cached_property
    def failing(self) -> tuple[int, ...]:
        """The equations that do not hold."""
        pairs = zip(self.equations, self.gaps, strict=True)
        return tuple(number for number, (equation, gap) in enumerate(pairs) if not equation.holds(gap))

    @cached_property
    def highest(self) -> int:
        """No value beyond this one is ever proposed: twice the largest sum of an equation."""
        sums = (sum(abs(self.values[cell]) for cell, _ in one.terms) for one in self.equations)
        return 2 * max(sums, default=0) + max(self.steps, default=1)

    def lowest(self, cell: int) -> int:
        """The least value that may stand in the cell."""
        return -self.highest if cell in self.negative or self.values[cell] < 0 else 0

    def effect(self, changes: Mapping[int, int]) -> tuple[frozenset[int], frozenset[int]]:
        """The failing equations that hold after the changes (cell to new value), and those that hold no longer."""
        moved: dict[int, int] = {}
        for cell, value in changes.items():
            if delta := value - self.values[cell]:
                for number, weight in self.touching[cell]:
                    moved[number] = moved.get(number, 0) + weight * delta
        mended: set[int] = set()
        broken: set[int] = set()
        for number, delta in moved.items():
            equation, gap = self.equations[number], self.gaps[number]
            before, after = equation.holds(gap), equation.holds(gap + delta)
            if before != after:
                (broken if before else mended).add(number)
        return frozenset(mended), frozenset(broken)


@dataclass(frozen=True, slots=True)
class Range:
    """A single cell that mends what it is asked to mend and breaks nothing, for every value from low to high.

    `best` is the value that leaves the smallest gaps.
    """

    cell: int
    low: int
    high: int
    best: int


def single_repairs(system: System, failing: Sequence[int]) -> tuple[Range, ...]:
    """Every single cell whose change makes all of `failing` hold, in order of cells; its other equations hold too."""
    if not failing:
        return ()
    shared = set.intersection(*({cell for cell, _ in system.equations[number].terms} for number in failing))
    found = (_range_of(system, cell) for cell in sorted(shared))
    return tuple(one for one in found if one is not None)


def _range_of(system: System, cell: int) -> Range | None:
    value, step = system.values[cell], system.steps[cell]
    low, high = system.lowest(cell) - value, system.highest
    wishes: list[int] = []
    exact: dict[int, int] = {}
    for number, weight in system.touching[cell]:
        equation, gap = system.equations[number], system.gaps[number]
        reach = [-gap - equation.tolerance, None if equation.lower_only else equation.tolerance - gap]
        if weight < 0:
            reach = [None if end is None else -end for end in reversed(reach)]
        size = abs(weight)
        if reach[0] is not None:
            low = max(low, -(-reach[0] // size))
        if reach[1] is not None:
            high = min(high, reach[1] // size)
        if not equation.lower_only and gap % size == 0:
            wishes.append(-gap // weight)
            exact[wishes[-1]] = min(equation.tolerance, exact.get(wishes[-1], equation.tolerance))
    low, high = -(-low // step) * step, high // step * step
    if low > high or low <= 0 <= high:
        return None
    wishes = [wish for wish in wishes if low <= wish <= high] or [low if abs(low) < abs(high) else high]
    # What a sum of few figures asks for is nearer than what one of many does, whose roundings add up.
    best = max(wishes, key=lambda wish: (wishes.count(wish), -exact.get(wish, 0), -abs(wish), wish))
    best = min(max(round(Fraction(best, step)) * step, low), high)
    return Range(cell, value + low, value + high, value + best)
