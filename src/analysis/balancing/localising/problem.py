"""A tracing problem: the cells of one document, the system that they form, and what stands beside them.

A cell is a figure, or a blank that could hold one. The problem knows who is whose neighbour: along rows and columns of
a sheet (one side of a table, of one phase and year), up and down the codes, and across tables by code.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.balancing.localising.system import Equation, System

Sheet = tuple[str, str, str, int | None]
Relation = tuple[str, str | None, int]
"""A failing check: its identity, its measure, and its difference in fen."""


@dataclass(frozen=True, slots=True)
class ProblemCell:
    """A figure, or a blank that could hold one: where it stands and what is known of its row."""

    table: str
    side: str
    phase: str
    fiscal_year: int | None
    row_number: int
    code: str | None
    parent_code: str | None
    code_level: int | None
    name: str | None
    role: str
    measure: str
    printed: bool

    @property
    def sheet(self) -> Sheet:
        """The side of a table, of one phase and year: rows and columns of it are neighbours."""
        return self.table, self.side, self.phase, self.fiscal_year


@dataclass(frozen=True)
class Problem:
    """One document as a balance system.

    `checks` are the check ids of the hard equations, `soft` the equations that only vote. `stated` are figures that the
    text states, with half of their last digit; `elsewhere` what stands in the same place of the document of last year
    and in that of the department; `unjudged` names the equations that were left out (see `judged`).
    """

    document_id: str
    cells: tuple[ProblemCell, ...]
    system: System
    checks: tuple[str, ...]
    identities: tuple[str, ...]
    soft: tuple[Equation, ...] = ()
    stated: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    last_year: Mapping[int, int] = field(default_factory=dict)
    department: Mapping[int, int] = field(default_factory=dict)
    unjudged: frozenset[str] = frozenset()

    def judged(self, failing: Mapping[str, Relation]) -> "Problem":
        """The problem without the equations that fail though no check says so; `failing` are the checks that do.

        With the blanks filled in, a sum may come to hold together what is not one: what the checks did not look at
        binds no figure. An equation with a blank side bears the name of its other side as a check, and takes it here.
        """
        broken = [number for number in self.system.failing if self.checks[number] not in failing]
        if not broken:
            return self
        known = set(self.checks)
        named = {relation: name for name, relation in failing.items() if name not in known}
        names = list(self.checks)
        for number in broken:
            measures = {self.cells[cell].measure for cell, _ in self.system.equations[number].terms}
            for measure in sorted(measures):
                relation = (self.identities[number], measure, self.system.gaps[number])
                names[number] = named.pop(relation, names[number])
        out = [number for number in broken if names[number] in known]
        kept = [number for number in range(len(names)) if number not in set(out)]
        return replace(
            self,
            system=replace(self.system, equations=tuple(self.system.equations[number] for number in kept)),
            checks=tuple(names[number] for number in kept),
            identities=tuple(self.identities[number] for number in kept),
            unjudged=frozenset(self.checks[number] for number in broken),
        )

    @cached_property
    def at(self) -> Mapping[tuple[Sheet, int, str], int]:
        """The cell of a sheet, row number and measure."""
        return {(cell.sheet, cell.row_number, cell.measure): number for number, cell in enumerate(self.cells)}

    @cached_property
    def rows(self) -> Mapping[Sheet, tuple[int, ...]]:
        """The row numbers of each sheet, in order."""
        found: dict[Sheet, set[int]] = defaultdict(set)
        for cell in self.cells:
            found[cell.sheet].add(cell.row_number)
        return {sheet: tuple(sorted(numbers)) for sheet, numbers in found.items()}

    @cached_property
    def columns(self) -> Mapping[Sheet, tuple[str, ...]]:
        """The measures of each sheet, in the order in which they first come."""
        found: dict[Sheet, dict[str, None]] = defaultdict(dict)
        for cell in self.cells:
            found[cell.sheet][cell.measure] = None
        return {sheet: tuple(measures) for sheet, measures in found.items()}

    @cached_property
    def coded(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """The cells of a code and measure in all tables."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, cell in enumerate(self.cells):
            if cell.code:
                found[cell.code, cell.measure].append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}

    @cached_property
    def totals(self) -> Mapping[Sheet, tuple[int, ...]]:
        """The cells of the total rows of each sheet."""
        found: dict[Sheet, list[int]] = defaultdict(list)
        for number, cell in enumerate(self.cells):
            if cell.role == "total":
                found[cell.sheet].append(number)
        return {sheet: tuple(numbers) for sheet, numbers in found.items()}

    @cached_property
    def children(self) -> Mapping[tuple[Sheet, str | None, str], tuple[int, ...]]:
        """The cells one level below a code, in its sheet and column; None is above the classes."""
        found: dict[tuple[Sheet, str | None, str], list[int]] = defaultdict(list)
        for number, cell in enumerate(self.cells):
            if cell.code:
                found[cell.sheet, cell.parent_code, cell.measure].append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}
