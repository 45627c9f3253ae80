"""The tracing of broken identities to the figures that are wrong (error localisation after Fellegi and Holt).

For each document with failing hard identities: the smallest sets of causes after which all of them hold again, listed
in full and ranked. The failing instances fall into *blocks*: two belong together where they share a cell, or where one
slip of structure or one wrong code mends both; blocks are explained one by one, and joined where a block cannot be
explained without another. First the explanations of one cause are tried, every one of them: a single cell, a slip of
structure, a wrong code. Only where there is none does the exact search look for several causes (`tracing.search`). What
is printed is never altered: a localisation is a proposal that stands beside.

Certain is what all explanations of the best rank share, if it is the only change of its explanation and mends more than
one relation, or its cause shows: among several changes without a cause, or where a single sum fails, a figure is no
more than a possibility of arithmetic.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import polars as pl

from analysis.balancing.localising.build_problem import to_problems
from analysis.balancing.localising.costs import (
    UNEXPLAINED,
    doubt_of_code,
    doubt_of_move,
    free_price,
    price_of,
    price_of_code,
    price_of_move,
    price_of_range,
)
from analysis.balancing.localising.problem import Problem, Relation
from analysis.balancing.localising.recoding import Recoding, find_recodings
from analysis.balancing.localising.search import Option, Repairs, SearchLimits, smallest_repairs
from analysis.balancing.localising.solving import solve
from analysis.balancing.localising.structural_errors import Move, find_moves
from analysis.balancing.localising.system import single_repairs
from analysis.balancing.localising.typing_errors import WORDS
from analysis.terms.components import components
from analysis.terms.identity import Identities, Strength
from analysis.terms.trace import Change, Explanation, Localisation, Slip

# Documents whose instances are formed in one pass.
_AT_ONCE = 100


def trace(
    line_items: pl.DataFrame,
    checks: pl.DataFrame,
    identities: Identities,
    limits: SearchLimits | None = None,
    incomplete: pl.DataFrame | None = None,
    statements: pl.DataFrame | None = None,
) -> tuple[Localisation, ...]:
    """Localises the errors of every document with a failing hard identity.

    Args:
        line_items: the cleaned line items; those of other documents speak too (last year's, the department's).
        checks: the outcomes (columns `checks.CHECKS`) of these line items.
        identities: the shelf that the checks were made with.
        limits: of the search for several causes, for each document.
        incomplete: the tables that were not read whole, in which nothing is traced; None for none.
        statements: what the texts state, a voice for the figures that they name; None for none.

    Returns:
        One localisation per block, in order of document and first failing instance.
    """
    found: list[Localisation] = []
    for problem, failing, recodings in prepare(line_items, checks, identities, incomplete, statements):
        found += localise(problem, failing, recodings, limits)
    return tuple(found)


def prepare(
    line_items: pl.DataFrame,
    checks: pl.DataFrame,
    identities: Identities,
    incomplete: pl.DataFrame | None = None,
    statements: pl.DataFrame | None = None,
) -> Iterator[tuple[Problem, frozenset[str], tuple[Recoding, ...]]]:
    """For each document to trace: its problem, the ids of its failing checks, and the codes that may be wrong.

    Everything that needs the whole dataset is done here; `localise` then works on one document alone. What fails
    between documents is left to whoever knows both.
    """
    identities = Identities(identities.within, identities.tables, identities.measures)
    hard = [one.id for one in identities.entries if one.strength is Strength.HARD]
    failed = checks.filter((pl.col("outcome") == "fail") & pl.col("identity").is_in(hard))
    ids: dict[str, dict[str, Relation]] = {}
    columns = ("document_id", "check_id", "identity", "measure", "difference")
    for document, check, identity, measure, gap in failed.select(columns).sort("document_id").iter_rows():
        ids.setdefault(document, {})[check] = (identity, measure, int(100 * gap))
    documents = list(ids)
    for first in range(0, len(documents), _AT_ONCE):
        read = to_problems(line_items, documents[first : first + _AT_ONCE], identities, incomplete, statements)
        problems = [problem.judged(ids[problem.document_id]) for problem in read]
        recodings = find_recodings(line_items, problems, identities, incomplete)
        for problem, codes in zip(problems, recodings, strict=True):
            yield problem, frozenset(ids[problem.document_id]), codes


def localise(
    problem: Problem,
    failing: Iterable[str] | None = None,
    recodings: Sequence[Recoding] = (),
    limits: SearchLimits | None = None,
) -> tuple[Localisation, ...]:
    """The localisations of one document; `failing` names the checks to explain, all that fail by default."""
    asked = None if failing is None else set(failing)
    open_ones = [number for number in problem.system.failing if asked is None or problem.checks[number] in asked]
    limits = limits or SearchLimits()
    document = _Document(problem, find_moves(problem), recodings, limits)
    blocks = document.blocks(open_ones)
    found = []
    work = limits.document
    while blocks:
        block = blocks.pop(0)
        answer = document.explain(block, min(work, limits.work))
        work -= answer.work
        joined = [other for other in blocks if other & answer.mended]
        if joined and not answer.one_cause:
            blocks = [other for other in blocks if not other & answer.mended]
            blocks.insert(0, block.union(*joined))
            continue
        if answer.rest:
            blocks[:0] = document.blocks(sorted(answer.rest))
            block -= answer.rest
        found.append(document.localisation(block, answer))
    return tuple(sorted(found, key=lambda one: one.failing))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What explains a block; `rest` is what a wrong code leaves over, `mended` all that the first explanation mends."""

    explanations: tuple[Explanation, ...]
    mended: frozenset[int] = frozenset()
    rest: frozenset[int] = frozenset()
    one_cause: bool = True
    stopped: bool = False
    capped: bool = False
    work: float = 0.0


@dataclass(frozen=True, slots=True)
class _Document:
    """One document while its blocks are explained."""

    problem: Problem
    moves: tuple[Move, ...]
    recodings: Sequence[Recoding]
    limits: SearchLimits

    def blocks(self, failing: Sequence[int]) -> list[frozenset[int]]:
        """The failing equations in groups that share a cell or a cause."""
        place = {number: at for at, number in enumerate(failing)}
        by_cell: dict[int, list[int]] = {}
        for number in failing:
            for cell, _ in self.problem.system.equations[number].terms:
                by_cell.setdefault(cell, []).append(number)
        ties: list[Iterable[int]] = [*by_cell.values()]
        ties += [move.mended for move in self.moves if not move.broken]
        ties += [one.mended for one in self.recodings]
        tied = ([place[number] for number in tie if number in place] for tie in ties)
        first = components(len(failing), (pair for tie in tied for pair in pairwise(tie)))
        groups: dict[int, list[int]] = {}
        for number in failing:
            groups.setdefault(first[place[number]], []).append(number)
        return sorted(map(frozenset, groups.values()), key=min)

    def explain(self, block: frozenset[int], work: float) -> _Answer:
        """All smallest explanations of a block: those of one cause if there are any, else those of several.

        `work` is what a search for several may take.
        """
        found = [*self._by_cell(block), *self._by_move(block), *self._by_code(block)]
        if found:
            return _Answer(_ranked(found)[: self.limits.sets], capped=len(found) > self.limits.sets)
        for one in self.recodings:
            if len(one.mended & block) > 1:
                return replace(self.explain(one.mended & block, work), rest=block - one.mended)
        return self._by_several(block, work)

    def _by_cell(self, block: frozenset[int]) -> list[Explanation]:
        found, rounded = [], []
        for one in single_repairs(self.problem.system, sorted(block)):
            priced = price_of_range(self.problem, one)
            change = self._change(priced.cell, priced.value, priced.slip)
            found.append(Explanation((change,), priced.price, priced.doubt))
            rounded.append(priced.value != one.best)
        least = min((one.doubt for one in found), default=0)
        best = [number for number, one in enumerate(found) if one.doubt == least]
        if len(block) == 1 and len(best) == 1 and rounded[best[0]]:
            # One sum alone leaves room for a slip that only rounding makes one: it may be this, and proves nothing.
            only = found[best[0]]
            change = replace(only.changes[0], cause=Slip.UNKNOWN, words=WORDS[Slip.UNKNOWN])
            found[best[0]] = replace(only, changes=(change,))
        return found

    def _by_move(self, block: frozenset[int]) -> list[Explanation]:
        return [
            Explanation(
                tuple(self._change(cell, value, move.slip) for cell, value in move.changes),
                price_of_move(self.problem, move),
                doubt_of_move(self.problem, move),
            )
            for move in self.moves
            if block <= move.mended and not move.broken
        ]

    def _by_code(self, block: frozenset[int]) -> list[Explanation]:
        found = []
        for one in self.recodings:
            if block <= one.mended:
                change = replace(self._change(one.cell, None, Slip.CODE_DIGIT), proposed_code=one.code, measure=None)
                price, doubt = price_of_code(self.problem, one), doubt_of_code(self.problem, one)
                found.append(Explanation((replace(change, printed=None),), price, doubt))
        return found

    def _by_several(self, block: frozenset[int], work: float) -> _Answer:
        problem = self.problem
        slips = self._likely_slips(block)
        moves = [Option(move.changes, price_of_move(self.problem, move)) for move in self.moves if move.mended & block]
        prices = [free_price(problem, cell) for cell in range(len(problem.cells))]
        options = [*slips, *moves]
        repairs = smallest_repairs(problem.system, prices, options, sorted(block), replace(self.limits, work=work))
        explanations = self._explanations(repairs, options, len(slips))
        mended = problem.system.effect(dict(repairs.found[0].values))[0] if repairs.found else frozenset()
        return _Answer(explanations, mended, frozenset(), False, repairs.stopped, repairs.capped, repairs.work)

    def _likely_slips(self, block: frozenset[int]) -> list[Option]:
        """The figures that a failing equation asks of its cells, where digits or place show a slip."""
        system = self.problem.system
        tried: set[tuple[int, int]] = set()
        for number in sorted(block):
            for cell, weight in system.equations[number].terms:
                gap = system.gaps[number]
                value = system.values[cell] - gap // weight
                if gap % weight == 0 and value >= system.lowest(cell) and gap % system.steps[cell] == 0:
                    tried.add((cell, value))
        priced = [price_of(self.problem, cell, value) for cell, value in sorted(tried)]
        return [
            Option(((one.cell, one.value),), one.price)
            for one in priced
            if one.slip is not Slip.UNKNOWN and one.price < free_price(self.problem, one.cell)
        ]

    def _explanations(self, repairs: Repairs, options: Sequence[Option], slips: int) -> tuple[Explanation, ...]:
        found = []
        for repair in repairs.found:
            solved = solve(self.problem.system, dict(repair.values))
            named = dict(self._named_moves(repair.options, options, slips))
            moved = {cell: move.slip for move in named.values() for cell, _ in move.changes}
            weight = sum(price_of_move(self.problem, move) for move in named.values())
            doubt = sum(doubt_of_move(self.problem, move) for move in named.values())
            changes = []
            for cell, value in repair.values:
                known = value if cell in moved else solved[cell]
                slip = moved.get(cell, Slip.UNKNOWN)
                if cell not in moved:
                    priced = price_of(self.problem, cell, value if known is None else known)
                    weight += free_price(self.problem, cell) if known is None else priced.price
                    doubt += UNEXPLAINED if known is None else priced.doubt
                    slip = priced.slip if known is not None or priced.slip is Slip.FIGURE_MISSING else Slip.UNKNOWN
                changes.append(self._change(cell, known, slip))
            found.append(Explanation(tuple(changes), weight, doubt))
        return _ranked(found)

    def _named_moves(self, chosen: Sequence[int], options: Sequence[Option], slips: int) -> Iterable[tuple[int, Move]]:
        by_changes = {move.changes: move for move in self.moves}
        return [(number, by_changes[options[number].changes]) for number in chosen if number >= slips]

    def _change(self, number: int, value: int | None, slip: Slip) -> Change:
        cell = self.problem.cells[number]
        printed = Decimal(self.problem.system.values[number]).scaleb(-2) if cell.printed else None
        proposed = None if value is None else Decimal(value).scaleb(-2)
        place = (cell.table, cell.row_number, cell.side, cell.code, cell.name, cell.measure, cell.phase)
        return Change(*place, cell.fiscal_year, printed, proposed, slip, WORDS[slip])

    def localisation(self, block: frozenset[int], answer: _Answer) -> Localisation:
        """The block's failing instances with their explanations and what is certain of them."""
        problem = self.problem
        found = Localisation(
            problem.document_id,
            tuple(sorted(problem.checks[number] for number in block)),
            tuple(sorted({problem.identities[number] for number in block})),
            answer.explanations,
            (),
            answer.stopped,
            answer.capped,
        )
        return replace(found, certain=_certain(found))


def _ranked(explanations: Iterable[Explanation]) -> tuple[Explanation, ...]:
    """The explanations in a fixed order; of those that change the same to the same only the likeliest."""
    kept: dict[frozenset[tuple[object, ...]], Explanation] = {}
    for one in sorted(explanations, key=_order):
        kept.setdefault(frozenset(_key(change) for change in one.changes), one)
    return tuple(kept.values())


def _order(one: Explanation) -> tuple[int, int, int, list[tuple[str, ...]]]:
    return one.doubt, one.weight, len(one.changes), [_key(change) for change in one.changes]


def _key(change: Change) -> tuple[str, ...]:
    place = (change.table, change.side, change.phase, change.fiscal_year, f"{change.row_number:6}", change.name)
    return tuple(map(str, (*place, change.measure, change.proposed, change.proposed_code)))


def _certain(found: Localisation) -> tuple[Change, ...]:
    if found.stopped or not found.explanations or (found.capped and len(found.best) == len(found.explanations)):
        return ()
    first, *others = found.best
    shared = [{_key(change) for change in one.changes} for one in others]
    return tuple(
        change
        for change in first.changes
        if all(_key(change) in keys for keys in shared)
        and (change.proposed is not None or change.proposed_code is not None)
        and (change.cause is not Slip.UNKNOWN or (len(first.changes) == 1 and len(found.failing) > 1))
    )
