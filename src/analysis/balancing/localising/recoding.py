"""A wrong code: a row that the identities place under the wrong parent, or that no other table knows.

A code is suspected where it stands in one table only while the other tables know one that looks like it and is missing
here, or where its parent's sum fails. Each suspected row is tried with the codes that differ from the printed one by
one slip of the hand. A trial is the document with that one code changed: its instances are formed anew, because a code
decides which cells belong together, and the trial stands where fewer instances fail and none fails that held before, or
at least two more are mended than broken (another error may hide the rest). All trials of all documents are formed in
one pass.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.balancing.identities.instances import instance_terms
from analysis.balancing.localising.build_problem import cells_of_items, equations_of, of_kinds, with_blanks
from analysis.balancing.localising.problem import Problem, ProblemCell
from analysis.balancing.localising.typing_errors import code_slip
from analysis.terms.code import Scheme, level_of, parent_of
from analysis.terms.identity import Identities, Match, Strength

_MOST_TRIALS = 12
_CLEAR_GAIN = 2
_SCHEMES = {
    "basic_by_economic": Scheme.ECONOMIC,
    "appropriation_basic_by_economic": Scheme.ECONOMIC,
    "agency_operating": Scheme.ECONOMIC,
    "basic_by_government_economic": Scheme.GOVERNMENT_ECONOMIC,
}


@dataclass(frozen=True, slots=True)
class Recoding:
    """A row with another code: the row's first cell, the proposed code, the equations that it mends.

    `broken` counts the instances that fail only with the new code: another error in the cells that it brings together.
    """

    cell: int
    code: str
    mended: frozenset[int]
    broken: int = 0


@dataclass(frozen=True, slots=True)
class _Trial:
    problem: int
    cell: int
    code: str


def find_recodings(
    line_items: pl.DataFrame,
    problems: Sequence[Problem],
    identities: Identities,
    incomplete: pl.DataFrame | None = None,
) -> tuple[tuple[Recoding, ...], ...]:
    """For each problem the codes whose change mends something and breaks nothing, those that mend most first.

    Tables that were not read whole (`incomplete`) are tied by nothing here either.
    """
    trials = [
        _Trial(number, cell, code)
        for number, problem in enumerate(problems)
        for cell, code in _candidates(problem, identities)
    ]
    found: list[list[Recoding]] = [[] for _ in problems]
    if trials:
        failing = _failing_trials(line_items, problems, trials, identities, incomplete)
        for number, trial in enumerate(trials):
            problem = problems[trial.problem]
            before = {problem.checks[index]: index for index in problem.system.failing}
            left = failing.get(number, set()) - problem.unjudged
            mended = frozenset(index for name, index in before.items() if name not in left)
            broken = len(left - set(before))
            if mended and (not broken or len(mended) - broken >= _CLEAR_GAIN):
                found[trial.problem].append(Recoding(trial.cell, trial.code, mended, broken))
    return tuple(tuple(sorted(one, key=lambda r: (r.broken - len(r.mended), r.cell, r.code))) for one in found)


def _candidates(problem: Problem, identities: Identities) -> list[tuple[int, str]]:
    """Rows, by their first cell, with the codes that they might have.

    A row can only be wrongly coded where every equation that its code put its figures into fails: those that bring
    cells together by code and, where the parent would be another, the parent's sum.
    """
    by_code = {one.id for one in identities.entries if one.cases[0].match is Match.CODE}
    by_parent = {one.id for one in identities.entries if one.cases[0].match is Match.PARENT}
    codes: dict[str, set[str]] = defaultdict(set)
    rows = _coded_rows(problem)
    for row in rows:
        codes[row.table].add(row.code or "")
    found: dict[tuple[int, str], int] = {}
    for row, cells in rows.items():
        same, parents = set(), set()
        for cell in (cell for cell in cells if problem.system.values[cell]):
            for number, weight in problem.system.touching[cell]:
                if problem.identities[number] in by_code:
                    same.add(number)
                elif problem.identities[number] in by_parent and weight < 0:
                    parents.add(number)
        failing = set(problem.system.failing)
        if not same <= failing or not (same | parents) & failing:
            continue
        for code, rank in _alternatives(row, codes):
            if parent_of(code, _scheme(row)) == row.parent_code or parents <= failing:
                found.setdefault((cells[0], code), rank)
    return sorted(found, key=lambda key: (found[key], key))[:_MOST_TRIALS]


def _scheme(cell: ProblemCell) -> Scheme:
    return _SCHEMES.get(cell.table, Scheme.FUNCTIONAL)


def _coded_rows(problem: Problem) -> dict[ProblemCell, list[int]]:
    """The first cell of each coded row, with all cells of the row."""
    rows: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, cell in enumerate(problem.cells):
        if cell.code:
            rows[cell.sheet, cell.row_number].append(number)
    return {problem.cells[numbers[0]]: numbers for numbers in rows.values()}


def _alternatives(cell: ProblemCell, codes: Mapping[str, set[str]]) -> Iterator[tuple[str, int]]:
    """Codes one slip away: known to another table and missing here, or with another parent that is printed here."""
    mine, here = cell.code or "", codes[cell.table]
    scheme = _scheme(cell)
    others = {
        code
        for table, known in codes.items()
        if table != cell.table and _SCHEMES.get(table, Scheme.FUNCTIONAL) is scheme
        for code in known
    }
    lonely = mine not in others
    for code in sorted(others - here):
        if code_slip(mine, code):
            yield code, 0 if lonely else 1
    parents = {code for code in here | others if code and len(code) == len(mine) - 2}
    for parent in sorted(parents - {cell.parent_code}):
        code = parent + mine[-2:]
        if code not in here and code_slip(mine, code):
            yield code, 0 if code in others else 1


def _failing_trials(
    line_items: pl.DataFrame,
    problems: Sequence[Problem],
    trials: Sequence[_Trial],
    identities: Identities,
    incomplete: pl.DataFrame | None,
) -> dict[int, set[str]]:
    """The names of the hard instances that fail in each trial, as they would be called in the document itself."""
    documents = {problem.document_id for problem in problems}
    items = line_items.filter(pl.col("document_id").is_in(sorted(documents)))
    by_document = cells_of_items(items, identities).partition_by("document_id", as_dict=True)
    frames = []
    for number, trial in enumerate(trials):
        problem = problems[trial.problem]
        frames.append(_recoded(by_document[problem.document_id,], problem.cells[trial.cell], trial.code, number))
    cells = with_blanks(pl.concat(frames))
    hard = [one.id for one in identities.entries if one.strength is Strength.HARD]
    strict = Identities(tuple(identities.of(name) for name in hard), identities.tables, identities.measures)
    failing: dict[int, set[str]] = {}
    amounts, steps = cells["amount"].to_list(), cells["digit"].to_list()
    place = {number: number for number in range(cells.height)}
    for (name,), terms in (
        instance_terms(cells, of_kinds(cells, strict), _of_trials(incomplete, problems, trials))
        .with_columns(trial=pl.col("document_id"))
        .partition_by("trial", as_dict=True)
        .items()
    ):
        document = problems[trials[int(str(name))].problem].document_id
        failing[int(str(name))] = {
            instance.replace(f"|{name}|", f"|{document}|", 1)
            for instance, (_, equation) in equations_of(terms, place, steps, strict).items()
            if not equation.holds(sum(weight * amounts[cell] for cell, weight in equation.terms))
        }
    return failing


def _of_trials(
    incomplete: pl.DataFrame | None, problems: Sequence[Problem], trials: Sequence[_Trial]
) -> pl.DataFrame | None:
    """The tables that were not read whole, those of each document in each of its trials."""
    if incomplete is None or incomplete.is_empty():
        return None
    numbers = [str(number) for number in range(len(trials))]
    documents = [problems[trial.problem].document_id for trial in trials]
    of_trial = pl.DataFrame({"document_id": documents, "trial": numbers})
    return incomplete.join(of_trial, on="document_id").select("table", "reason", document_id="trial")


def _recoded(cells: pl.DataFrame, row: ProblemCell, code: str, number: int) -> pl.DataFrame:
    """The document as a trial: one row with another code, its level and parent with it."""
    scheme = _scheme(row)
    mine = (pl.col("table") == row.table) & (pl.col("side") == row.side) & (pl.col("row_number") == row.row_number)
    level, parent = level_of(code, scheme), parent_of(code, scheme)
    types = cells.schema
    return cells.with_columns(
        document_id=pl.lit(str(number)),
        code=pl.when(mine).then(pl.lit(code)).otherwise("code"),
        parent_code=pl.when(mine).then(pl.lit(parent, pl.String)).otherwise("parent_code"),
        code_level=pl.when(mine).then(pl.lit(level, types["code_level"])).otherwise("code_level"),
    )
