"""Rows whose columns were lost → the one placement that the identities allow.

A text extract keeps the order of a row's figures, not their columns. Each way to put them into the columns in that
order is an option of the row; the identities of the whole document, over known and possible cells alike, form one
exact problem in integers of fen (OR-tools CP-SAT: exact where a float formulation accepts gaps of a yuan). The
placement that breaks the fewest identities is sought. A row is settled only where

- every placement that breaks as few gives it the same option, and
- the identities that tie its own figures to each other hold.

All other rows stay in doubt and are named; nothing is guessed. A table of which something was not understood decides
nothing: an identity that lacks a figure would put the others into wrong columns.

Rows that no identity ties, directly or through others, are problems of their own, the small ones first. The work for a
document is counted, not timed, so that it is settled alike on every machine; where it does not suffice for a problem,
each of its tables is looked at by itself, and believed only where one placement is left that breaks none of its
identities. So a damaged table costs its own figures and not those of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from math import comb

from ortools.sat.python import cp_model

from analysis.balancing.document_instances import Instances, Slot, instances_of, known_slots, tolerances_of
from analysis.terms.components import components
from analysis.terms.document import ReadDocument
from analysis.terms.identity import Identities, Relation
from analysis.terms.line_item import LineItem, OpenRow, Placement
from analysis.terms.money import to_fen

# Of the solver, for a document; an undamaged one of sixty rows takes 0.05.
WORK_LIMIT = 3.0
WORK_LIMIT_OF_TABLES = 1.5
# A row with so many ways to place its figures says too little to be worth the memory.
_MOST_OPTIONS = 2_000

Option = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The figures whose columns were found, and the rows that stay in doubt."""

    line_items: tuple[LineItem, ...]
    doubtful: tuple[OpenRow, ...]


def resolve(document: ReadDocument, identities: Identities) -> Resolved:
    """The open rows of a document resolved as far as one answer is left."""
    slots = _slots(document)
    if not _fits_the_solver(document, slots):
        return Resolved((), document.open_rows)
    options = _certain_options(document.open_rows, slots, instances_of(document, slots, identities), document)
    items = tuple(
        LineItem(row.row, row.columns[column], row.fiscal_year, figure, Placement.INFERRED)
        for number, row in enumerate(document.open_rows)
        for column, figure in zip(options.get(number, ()), row.figures, strict=number in options)
    )
    return Resolved(items, tuple(row for number, row in enumerate(document.open_rows) if number not in options))


def _certain_options(
    rows: Sequence[OpenRow], slots: Sequence[Slot], instances: Instances, document: ReadDocument
) -> Mapping[int, Option]:
    """The one option that is left, by the number of the row; rows in doubt are left out."""
    placeable = [number for number, row in enumerate(rows) if comb(len(row.columns), len(row.figures)) <= _MOST_OPTIONS]
    tolerances = tolerances_of(document)
    whole, by_table = _Work(WORK_LIMIT), _Work(WORK_LIMIT_OF_TABLES)
    found: dict[int, Option] = {}
    for tied in sorted(_tied(placeable, slots, instances), key=lambda one: (len(one), one)):
        certain = _Model(rows, tied, slots, instances, tolerances).certain_options(whole)
        if certain is not None:
            found |= certain
            continue
        for table in sorted({rows[number].row.table for number in tied}):
            own = [number for number in tied if rows[number].row.table == table]
            model = _Model(rows, own, slots, instances, tolerances)
            found |= model.certain_options(by_table, whole=True) or {}
    return found


def _tied(numbers: Sequence[int], slots: Sequence[Slot], instances: Instances) -> list[list[int]]:
    """The open rows in groups between which no instance stands."""
    at = {number: position for position, number in enumerate(numbers)}
    pairs = []
    for _, terms in instances.values():
        open_rows = [at[row] for cell, _ in terms if (row := slots[cell].open_row) is not None and row in at]
        pairs += list(pairwise(open_rows))
    groups: dict[int, list[int]] = {}
    for number, first in zip(numbers, components(len(numbers), pairs), strict=True):
        groups.setdefault(first, []).append(number)
    return list(groups.values())


@dataclass(slots=True)
class _Work:
    """What is left of the solver's work, in its own deterministic measure."""

    left: float

    def solve(self, solver: cp_model.CpSolver, model: cp_model.CpModel) -> cp_model.CpSolverStatus:
        """Solve within what is left."""
        if self.left <= 0:
            return cp_model.UNKNOWN
        solver.parameters.max_deterministic_time = self.left
        status = solver.solve(model)
        self.left -= solver.response_proto.deterministic_time
        return status


def _fits_the_solver(document: ReadDocument, slots: Sequence[Slot]) -> bool:
    """Whether no sum needs more than the 64 bits in which the solver counts."""
    known = (abs(slot.fen) for slot in slots if slot.fen is not None)
    possible = (abs(to_fen(figure.amount)) for row in document.open_rows for figure in row.figures)
    return max(chain(known, possible), default=0) * len(slots) < cp_model.INT_MAX // 4


def _slots(document: ReadDocument) -> list[Slot]:
    known = known_slots(document)
    possible = [
        Slot(row.row, column, row.fiscal_year, None, number)
        for number, row in enumerate(document.open_rows)
        for column in row.columns
    ]
    return known + possible


class _Model:
    """The exact problem of some rows: one choice among the options of each, one truth value for every instance.

    An instance that a row outside of it takes part in is none of the problem.
    """

    def __init__(
        self,
        rows: Sequence[OpenRow],
        numbers: Sequence[int],
        slots: Sequence[Slot],
        instances: Instances,
        tolerances: Mapping[str, int],
    ) -> None:
        self.numbers = numbers
        self.model = cp_model.CpModel()
        self.options = {
            number: list(combinations(range(len(rows[number].columns)), len(rows[number].figures)))
            for number in numbers
        }
        self.choices = {
            number: [self.model.new_bool_var("") for _ in options] for number, options in self.options.items()
        }
        for choice in self.choices.values():
            self.model.add_exactly_one(choice)
        values = self._values(rows, slots)
        self.holds: list[cp_model.IntVar] = []
        self.of_one_row: list[tuple[int, cp_model.IntVar]] = []
        for name in sorted(instances):
            relation, terms = instances[name]
            open_rows = {slots[cell].open_row for cell, _ in terms} - {None}
            if open_rows and open_rows <= set(numbers):
                self._add(relation, terms, slots, values, tolerances)
        self.model.maximize(sum(self.holds))

    def _values(self, rows: Sequence[OpenRow], slots: Sequence[Slot]) -> Mapping[int, cp_model.LinearExprT]:
        """The amount of every slot in fen, as an expression of the choices."""
        values: dict[int, cp_model.LinearExprT] = {}
        column: dict[int, int] = {}
        for at, slot in enumerate(slots):
            if slot.open_row is None:
                values[at] = slot.fen or 0
                continue
            if slot.open_row not in self.options:
                continue
            index = column[slot.open_row] = column.get(slot.open_row, -1) + 1
            row, options = rows[slot.open_row], self.options[slot.open_row]
            values[at] = sum(
                to_fen(row.figures[option.index(index)].amount) * chosen
                for option, chosen in zip(options, self.choices[slot.open_row], strict=True)
                if index in option
            )
        return values

    def _add(
        self,
        relation: Relation,
        terms: Sequence[tuple[int, int]],
        slots: Sequence[Slot],
        values: Mapping[int, cp_model.LinearExprT],
        tolerances: Mapping[str, int],
    ) -> None:
        gap = sum(weight * values[cell] for cell, weight in terms)
        tolerance = sum(tolerances.get(slots[cell].row.table, 0) for cell, _ in terms)
        holds = self.model.new_bool_var("")
        self.model.add(gap >= -tolerance).only_enforce_if(holds)
        if relation is not Relation.AT_LEAST:
            self.model.add(gap <= tolerance).only_enforce_if(holds)
        self.holds.append(holds)
        owners = {(slots[cell].row.table, slots[cell].row.number, slots[cell].open_row) for cell, _ in terms}
        if len(owners) == 1 and (owner := next(iter(owners))[2]) is not None:
            self.of_one_row.append((owner, holds))

    def certain_options(self, work: _Work, *, whole: bool = False) -> Mapping[int, Option] | None:
        """For every row the option that all best placements share, but for rows where they differ or own sums break.

        Each round asks for a placement as good as the best that gives some row, not yet in doubt, another option;
        the rows that it changes are in doubt. When there is no such placement the rest is certain. None where the work
        does not suffice, or `whole` is asked for and some identity breaks in every placement.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        if work.solve(solver, self.model) != cp_model.OPTIMAL:
            return None
        best = round(solver.objective_value)
        if whole and best < len(self.holds):
            return None
        found = {number: self._chosen(solver, number) for number in self.numbers}
        doubtful = {owner for owner, holds in self.of_one_row if not solver.boolean_value(holds)}
        self.model.clear_objective()  # type: ignore[no-untyped-call]
        self.model.add(sum(self.holds) >= best)
        while certain := [number for number in self.numbers if number not in doubtful]:
            again = self.model.clone()
            again.add_bool_or(~self.choices[number][found[number]] for number in certain)
            status = work.solve(solver, again)
            if status == cp_model.INFEASIBLE:
                return {number: self.options[number][found[number]] for number in certain}
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return None
            doubtful |= {number for number in certain if self._chosen(solver, number) != found[number]}
        return {}

    def _chosen(self, solver: cp_model.CpSolver, number: int) -> int:
        return next(index for index, chosen in enumerate(self.choices[number]) if solver.boolean_value(chosen))
