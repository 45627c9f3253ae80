"""All smallest repairs of a system, cheapest first: Fellegi–Holt as an exact problem in integers (OR-tools CP-SAT).

A *cause* is a cell whose value is free, or an option: certain cells with certain values, at its own price (a likely
slip is cheaper than any value at all; a slip of structure is one cause for many cells). The cheapest set of causes
after which every equation holds is sought; then the next cheapest that is no superset of one found, with no more
causes than the first, until there is none left. Work is counted, never timed, so that the same system is searched alike
on every machine, idle or busy. The solver counts in 64 bits: a system whose sums may need more is not searched at all,
as if a limit had been met with.

A cause stands near a failing equation or near another cause: a repair of k causes lies within k - 1 equations of the
failing ones. So the search begins in the neighbourhood and grows only as far as the found number of causes demands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from analysis.balancing.localising.system import System


@dataclass(frozen=True, slots=True)
class Option:
    """A cause with known values, (cell, value) each, and its price."""

    changes: tuple[tuple[int, int], ...]
    price: int


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far a search goes: sets listed, causes in one set, deterministic work (about a second each unit).

    `document` bounds the work of all searches of one document together.
    """

    sets: int = 50
    causes: int = 8
    work: float = 3.0
    document: float = 8.0


@dataclass(frozen=True, slots=True)
class Repair:
    """A set of causes after which every equation holds, and a value for each cell that it changes."""

    values: tuple[tuple[int, int], ...]
    options: tuple[int, ...]
    price: int

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells that change."""
        return tuple(cell for cell, _ in self.values)


@dataclass(frozen=True, slots=True)
class Repairs:
    """All smallest repairs in order of price; `stopped` where a limit ended the search, `capped` where the list did.

    `work` is what the search took of what it was allowed.
    """

    found: tuple[Repair, ...]
    stopped: bool = False
    capped: bool = False
    work: float = 0.0


def smallest_repairs(
    system: System,
    prices: Sequence[int | None],
    options: Sequence[Option] = (),
    failing: Sequence[int] | None = None,
    limits: SearchLimits | None = None,
) -> Repairs:
    """The smallest repairs of `system`.

    Args:
        system: values and equations.
        prices: what it costs to free a cell; None where the cell may not change.
        options: causes with known values.
        failing: the equations to mend, all that fail by default; other failing ones must hold if they are touched.
        limits: of the search.
    """
    limits = limits or SearchLimits()
    to_mend = tuple(system.failing if failing is None else failing)
    if not to_mend:
        return Repairs(())
    if limits.work <= 0 or not _fits_the_solver(system):
        return Repairs((), stopped=True)
    radius, left = 1, limits.work
    while True:
        cells = _near(system, to_mend, radius)
        search = _Search(system, prices, options, to_mend, cells)
        search.allow(limits.causes)
        repairs = search.run(replace(limits, work=left))
        left -= repairs.work
        needed = max((len(one.cells) for one in repairs.found), default=len(system.values)) - 1
        whole = len(_near(system, to_mend, radius + 1)) == len(cells)
        if repairs.stopped or whole or needed <= radius:
            return replace(repairs, work=limits.work - left)
        if left <= 0:
            return Repairs(repairs.found, stopped=True, work=limits.work - left)
        radius = needed


def _fits_the_solver(system: System) -> bool:
    """Whether every sum of moves, of which none is longer than twice the highest value, fits with room to spare."""
    weight = max((sum(abs(weight) for _, weight in one.terms) for one in system.equations), default=0)
    return 2 * system.highest * weight < cp_model.INT_MAX // 2


def _near(system: System, equations: Iterable[int], radius: int) -> list[int]:
    """The cells within `radius` equations of the given ones."""
    cells = {cell for number in equations for cell, _ in system.equations[number].terms}
    border, seen = set(cells), set(equations)
    for _ in range(radius):
        reached = {number for cell in border for number, _ in system.touching[cell]} - seen
        seen |= reached
        border = {cell for number in reached for cell, _ in system.equations[number].terms} - cells
        if not border:
            break
        cells |= border
    return sorted(cells)


class _Search:
    """The exact model: how far each cell moves, in its own steps; which causes are chosen."""

    def __init__(
        self,
        system: System,
        prices: Sequence[int | None],
        options: Sequence[Option],
        to_mend: Sequence[int],
        cells: Iterable[int],
    ) -> None:
        self.system = system
        self.model = cp_model.CpModel()
        self.solver = cp_model.CpSolver()
        self.moves: dict[int, cp_model.IntVar] = {}
        self.free: dict[int, cp_model.IntVar] = {}
        self.changed: dict[int, cp_model.IntVar] = {}
        region = set(cells)
        self.chosen = {
            number: self.model.new_bool_var("")
            for number, option in enumerate(options)
            if all(cell in region for cell, _ in option.changes)
        }
        self.options = options
        for cell in sorted(region):
            self._add_cell(cell, prices[cell])
        self._add_equations(frozenset(to_mend))
        chosen = list(self.chosen.values())
        self.causes = [*self.free.values(), *chosen]
        costs = [prices[cell] or 0 for cell in self.free] + [options[number].price for number in self.chosen]
        self.model.minimize(cp_model.LinearExpr.weighted_sum(self.causes, costs))

    def _add_cell(self, cell: int, price: int | None) -> None:
        system, model = self.system, self.model
        value, step = system.values[cell], system.steps[cell]
        causes = []
        if price is not None:
            causes.append(self.free.setdefault(cell, model.new_bool_var("")))
        targets = [
            (self.chosen[number], target)
            for number in self.chosen
            for place, target in self.options[number].changes
            if place == cell
        ]
        causes += [chosen for chosen, _ in targets]
        if not causes:
            return
        low = -((value - system.lowest(cell)) // step)
        high = (system.highest - value) // step
        move = self.moves[cell] = model.new_int_var(min(low, 0), max(high, 0), "")
        if len(causes) == 1:
            changed = causes[0]
        else:
            changed = model.new_bool_var("")
            model.add_exactly_one([*causes, ~changed])
        self.changed[cell] = changed
        model.add(move == 0).only_enforce_if(~changed)
        for chosen, target in targets:
            model.add(move == (target - value) // step).only_enforce_if(chosen)

    def _add_equations(self, to_mend: frozenset[int]) -> None:
        system, model = self.system, self.model
        numbers = sorted({number for cell in self.moves for number, _ in system.touching[cell]} | to_mend)
        for number in numbers:
            equation, gap = system.equations[number], system.gaps[number]
            terms = [(cell, weight) for cell, weight in equation.terms if cell in self.moves]
            moved = sum(weight * system.steps[cell] * self.moves[cell] for cell, weight in terms)
            low = -equation.tolerance - gap
            high = cp_model.INT_MAX // 4 if equation.lower_only else equation.tolerance - gap
            bound = model.add_linear_constraint(moved, low, high)
            causes = [self.changed[cell] for cell, _ in terms]
            if number in to_mend:
                model.add_bool_or(causes)
            elif not equation.holds(gap):
                touched = model.new_bool_var("")
                for cause in causes:
                    model.add_implication(cause, touched)
                bound.only_enforce_if(touched)
            elif not equation.lower_only:
                # What held before and is touched by one cell only would fail: the others must answer.
                for cause in causes if equation.tolerance == 0 else ():
                    model.add_bool_or([~cause, *(other for other in causes if other is not cause)])

    def allow(self, causes: int) -> None:
        """No repair may have more causes than these."""
        self.model.add(cp_model.LinearExpr.sum(self.causes) <= causes)

    def run(self, limits: SearchLimits) -> Repairs:
        found: list[Repair] = []
        work = 0.0
        while len(found) < limits.sets:
            if work >= limits.work:
                return Repairs(tuple(found), stopped=True, work=work)
            repair = self.next(limits.work - work)
            work += self.solver.response_proto.deterministic_time
            if repair is None:
                return Repairs(tuple(found), stopped=self.status != cp_model.INFEASIBLE, work=work)
            found.append(repair)
            causes = [self.free[cell] for cell in self.free if self.solver.boolean_value(self.free[cell])]
            causes += [self.chosen[number] for number in repair.options]
            if len(found) == 1:
                self.allow(len(causes))
            self.model.add_bool_or([~self.changed[cell] for cell in repair.cells])
        return Repairs(tuple(found), capped=True, work=work)

    def next(self, work: float) -> Repair | None:
        """The cheapest repair that the model still allows; None where there is none or a limit is reached."""
        parameters = self.solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = 1
        # Measured on balance systems: the linear relaxation is worth its price here, probing and symmetries are not.
        parameters.linearization_level = 2
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.max_deterministic_time = max(work, 0.01)
        self.status = self.solver.solve(self.model)
        if self.status != cp_model.OPTIMAL:
            return None
        values = tuple(
            (cell, self.system.values[cell] + self.system.steps[cell] * self.solver.value(self.moves[cell]))
            for cell, changed in self.changed.items()
            if self.solver.boolean_value(changed)
        )
        chosen = tuple(number for number, option in self.chosen.items() if self.solver.boolean_value(option))
        return Repair(values, chosen, round(self.solver.objective_value))
