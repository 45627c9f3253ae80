"""The audit: errors planted in clean made documents, one at a time and two at a time; what is found, and how fast.

A planted document goes straight from its book to the line items of the contract, so that the reading has no part in
the figures; a small share goes by PDF, typeset and read back. A planting that no identity can see is no failure of the
tracing; each is counted under its reason:

- rounding: every sum moves by no more than the printed digits leave open;
- code: the wrong code changes no sum that a hard identity asks for (a section of the economic table keeps its class;
  with income of the organisation's own, the expenditure table is not promised to agree with those of the funds);
- untied: the sums stay what they were (figures that changed places within the only sum that has them).
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl

from bench.documents import IDENTITIES, ROOT

sys.path.insert(0, str(ROOT / "tools"))

from typesetter.book import Book, Line, Panel, Table, amount_of, truth_of
from typesetter.corpus import Plan, accounts_of
from typesetter.pdf import set_pdf
from typesetter.planting import KINDS, Planted, plant
from typesetter.quirks import Quirks, drawn_quirks
from typesetter.tables import book_of

from analysis.balancing.identities.checks import check_instances
from analysis.balancing.localising.build_problem import to_problems
from analysis.balancing.localising.localise import localise, prepare
from analysis.balancing.localising.problem import Problem
from analysis.dataset.document_rows import line_item_rows
from analysis.dataset.store import to_frame
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.code import Scheme, level_of, parent_of
from analysis.terms.identity import Match
from analysis.terms.trace import Change, Explanation

SEED = 7
PLANTINGS, PAIRS, CLEAN, BY_PDF = 1_000, 200, 200, 21
BATCH = 50
CLASS, SECTION = 3, 5


@dataclass(frozen=True, slots=True)
class Case:
    """A planted document."""

    document: str
    clean: Book
    book: Book
    quirks: Quirks
    planted: tuple[tuple[Planted, ...], ...]

    @property
    def kind(self) -> str:
        return " + ".join(errors[0].kind for errors in self.planted)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a planted document; `reason` is why nothing could be seen."""

    case: Case
    detected: bool
    listed: bool
    first: bool
    seconds: float
    blocks: int
    stopped: bool
    reason: str = ""


def books(seed: int) -> Iterator[tuple[Book, Quirks]]:
    """Clean made books, organisation after organisation, without end."""
    number = 0
    while True:
        rng = Random(f"{seed}/{number}/audit")
        quirks = drawn_quirks(rng)
        step = 1 if quirks.amounts.endswith("fen") and rng.random() < 0.4 else 100
        for accounts in accounts_of(Plan(0, seed), number, step):
            yield book_of(accounts, quirks), quirks
        number += 1


def cases(count: int, errors: int, seed: int = SEED) -> list[Case]:
    """`count` documents with `errors` errors each, the kinds in turn."""
    made = []
    for index, (clean, quirks) in zip(range(count), books(seed), strict=False):
        book, planted = clean, []
        for error in range(errors):
            kind = KINDS[(index + 3 * error) % len(KINDS)]
            book, added = plant(book, Random(f"{seed}/{index}/{error}/planted"), kind)
            planted.append(added)
        made.append(Case(f"planted-{index:04}", clean, book, quirks, tuple(planted)))
    return made


def items_of_book(book: Book, document: str) -> pl.DataFrame:
    """The line items of a book in the shape of the contract, as a perfect reader would give them."""
    rows = [
        row
        for table in book.tables
        for panel in table.panels
        for number, line in enumerate(panel.rows, start=1)
        for row in _row(book, table, panel, line, number, document)
    ]
    return to_frame(rows, "line_items")


def _row(book: Book, table: Table, panel: Panel, line: Line, number: int, document: str) -> Iterator[dict[str, object]]:
    scheme = Scheme.ECONOMIC if table.id == "basic_by_economic" else Scheme.FUNCTIONAL
    code = line.code or None
    parents = {parent_of(other.code, scheme) for other in panel.rows if other.code}
    whole = line is panel.total
    parted = line.name.endswith("财政拨款收入") and table.id == "revenue_expenditure_summary"
    role = "total" if whole else "subtotal" if parted or (code and code in parents) else "detail"
    for measure in panel.measures:
        truth = truth_of(table, panel, line, measure, book.year)
        if truth is not None:
            yield {
                "document_id": document, "source_file": f"{document}.pdf", "organisation_id": document,
                "organisation": book.organisation, "level": book.level, "document_year": book.year, "kind": "budget",
                "fiscal_year": book.year, "phase": "approved", "table": table.id, "row_number": number,
                "side": panel.side, "scheme": scheme if code else None, "code": code,
                "printed_code": line.printed_code or None, "name": truth.name or None,
                "parent_code": parent_of(code, scheme) if code else None,
                "code_level": level_of(code, scheme) if code else None, "row_role": role, "measure": measure,
                "amount": truth.amount, "printed": truth.printed,
                "printed_unit": "wan_yuan" if table.unit > 1 else "yuan", "placement": "printed",
            }  # fmt: skip


def items_by_pdf(case: Case, folder: Path) -> pl.DataFrame:
    """The line items of a case that was typeset as PDF and read back."""
    path = folder / f"{case.document}.pdf"
    set_pdf(case.book, path, case.quirks)
    return to_frame([*line_item_rows(read_and_resolve(path), case.document, path.name)], "line_items")


def check(items: pl.DataFrame) -> pl.DataFrame:
    documents = items.select("document_id", "source_file", "kind").unique("document_id", maintain_order=True)
    return check_instances(items, documents.with_columns(status=pl.lit("parsed")), IDENTITIES).checks


def judge(chosen: Sequence[Case], items: pl.DataFrame) -> list[Outcome]:
    """Checks and traces the documents in one pass; a document's time is its own and its share of the common work."""
    shelf = IDENTITIES
    visible = visible_alone(chosen)
    checks = check(items)
    start = time.perf_counter()
    prepared = {problem.document_id: (problem, ids, codes) for problem, ids, codes in prepare(items, checks, shelf)}
    share = (time.perf_counter() - start) / max(len(prepared), 1)
    outcomes = []
    for case in chosen:
        if case.document not in prepared:
            outcomes.append(Outcome(case, False, False, False, 0.0, 0, False, reason_of(case)))
            continue
        start = time.perf_counter()
        found = localise(*prepared[case.document])
        seconds = share + time.perf_counter() - start
        seen = [errors for number, errors in enumerate(case.planted) if (case.document, number) in visible]
        listed = all(any(_has(one, errors) for block in found for one in block.explanations) for errors in seen)
        first = all(any(len(block.best) == 1 and _has(block.best[0], errors) for block in found) for errors in seen)
        changes = sum(len(block.explanations[0].changes) for block in found if block.explanations)
        first = first and changes <= sum(map(len, case.planted))
        outcomes.append(Outcome(case, True, listed, first, seconds, len(found), any(b.stopped for b in found)))
    return outcomes


def visible_alone(chosen: Sequence[Case]) -> set[tuple[str, int]]:
    """Document and number of each error that a hard identity sees when it is the only one; one error always counts."""
    single = {(case.document, 0) for case in chosen if len(case.planted) == 1}
    frames, keys = [], {}
    for case in chosen:
        for number, errors in enumerate(case.planted) if len(case.planted) > 1 else ():
            name = f"{case.document}-{number}"
            keys[name] = case.document, number
            frames.append(items_of_book(with_errors(case.clean, errors), name))
    if not frames:
        return single
    return {keys[name] for name in hard_failures(check(pl.concat(frames)))["document_id"].unique()}


def with_errors(book: Book, errors: Sequence[Planted]) -> Book:
    """The book with these errors."""
    for one in errors:
        table = book.table(one.table)
        panels = []
        for panel in table.panels:
            panels.append(panel.with_rows([_with_error(panel, line, one) for line in panel.rows]))
        book = book.with_table(replace(table, panels=tuple(panels)))
    return book


def _with_error(panel: Panel, line: Line, one: Planted) -> Line:
    if (panel.side, line.code, "".join(line.name.split())) != (one.side, one.code, one.name):
        return line
    if not one.measure:
        known = sum(map(len, line.parts[:-1]))
        return replace(line, parts=(*line.parts[:-1], one.printed[known:]))
    column = panel.measures.index(one.measure)
    return replace(line, texts=(*line.texts[:column], one.printed, *line.texts[column + 1 :]))


def hard_failures(checks: pl.DataFrame) -> pl.DataFrame:
    hard = [one.id for one in IDENTITIES.within if one.strength == "hard"]
    return checks.filter((pl.col("outcome") == "fail") & pl.col("identity").is_in(hard))


def _has(explanation: Explanation, errors: Sequence[Planted]) -> bool:
    """Whether an explanation has every altered cell of an error, each with the figure that should stand there."""
    return all(any(_is(change, planted) for change in explanation.changes) for planted in errors)


def _is(change: Change, planted: Planted) -> bool:
    if not planted.measure:
        expected = planted.code
        return change.table == planted.table and change.proposed_code == expected
    unit = 10_000 if planted.table == "three_public" else 1
    place = (change.table, change.side, change.code or "", change.name or "", change.measure)
    expected_place = (planted.table, planted.side, planted.code, planted.name, planted.measure)
    return place == expected_place and (change.proposed or 0) == (amount_of(planted.expected, unit) or 0)


def reason_of(case: Case) -> str:
    """Why no hard identity fails, told by the identities of the clean document."""
    (problem,) = to_problems(items_of_book(case.clean, "clean"), ["clean"], IDENTITIES)
    codes = [planted for errors in case.planted for planted in errors if not planted.measure]
    if codes:
        return "missed" if any(_code_counts(problem, planted) for planted in codes) else "code"
    moved: Counter[int] = Counter()
    for planted in (one for errors in case.planted for one in errors):
        cell = _cell(problem, planted)
        if cell is None:
            return "missed"
        delta = 100 * ((amount_of(planted.printed, 1) or 0) - (amount_of(planted.expected, 1) or 0))
        for number, weight in problem.system.touching[cell]:
            moved[number] += weight * int(delta)
    over = [n for n, gap in moved.items() if not problem.system.equations[n].holds(problem.system.gaps[n] + gap)]
    if over:
        return "missed"
    return "rounding" if any(moved.values()) else "untied"


def _code_counts(problem: Problem, planted: Planted) -> bool:
    """Whether the right code brings a figure of the row into an identity that the wrong one takes it out of."""
    by_code = {one.id for one in IDENTITIES.within if one.cases[0].match is Match.CODE}
    row = [
        number
        for number, cell in enumerate(problem.cells)
        if (cell.table, cell.code) == (planted.table, planted.code) and problem.system.values[number]
    ]
    tied = {problem.identities[number] for cell in row for number, _ in problem.system.touching[cell]}
    moved = len(planted.code) > SECTION and planted.printed[:SECTION] != planted.code[:SECTION]
    return bool(tied & by_code) or moved or planted.printed[:CLASS] != planted.code[:CLASS]


def _cell(problem: Problem, planted: Planted) -> int | None:
    place = (planted.table, planted.side, planted.code, planted.name, planted.measure)
    return next(
        (
            number
            for number, cell in enumerate(problem.cells)
            if (cell.table, cell.side, cell.code or "", cell.name or "", cell.measure) == place
        ),
        None,
    )


def run(count: int, errors: int, seed: int = SEED) -> list[Outcome]:
    """Plants, checks and traces `count` documents."""
    chosen = cases(count, errors, seed)
    outcomes: list[Outcome] = []
    for first in range(0, len(chosen), BATCH):
        part = chosen[first : first + BATCH]
        outcomes += judge(part, pl.concat([items_of_book(case.book, case.document) for case in part]))
    return outcomes


def run_by_pdf(count: int, seed: int = SEED + 1) -> list[Outcome]:
    """The same by way of typeset pages."""
    chosen = cases(count, 1, seed)
    with TemporaryDirectory() as folder:
        items = pl.concat([items_by_pdf(case, Path(folder)) for case in chosen])
    return judge(chosen, items)


def false_alarms(count: int, seed: int = SEED) -> int:
    """Hard identities that fail in clean made documents."""
    made = [
        items_of_book(book, f"clean-{index:04}")
        for index, (book, _) in zip(range(count), books(seed + 2), strict=False)
    ]
    return hard_failures(check(pl.concat(made))).height


@dataclass(frozen=True, slots=True)
class Rates:
    """The shares that a run reached, in percent; `unseen` counts the plantings that no identity can see, by reason."""

    plantings: int
    seen: int
    detected: float
    listed: float
    first: float
    unseen: Counter[str]
    median: float
    worst: float
    stopped: int


def rates(outcomes: Iterable[Outcome]) -> Rates:
    every = list(outcomes)
    unseen = Counter(one.reason for one in every if not one.detected)
    visible = [one for one in every if one.detected or one.reason == "missed"]
    traced = [one for one in visible if one.detected]

    def share(part: int, whole: int) -> float:
        return 100 * part / whole if whole else 100.0

    times = [one.seconds for one in traced] or [0.0]
    return Rates(
        len(every),
        len(traced),
        share(len(traced), len(visible)),
        share(sum(one.listed for one in traced), len(visible)),
        share(sum(one.first for one in traced), len(visible)),
        unseen,
        statistics.median(times),
        max(times),
        sum(one.stopped for one in traced),
    )


def table(outcomes: Sequence[Outcome]) -> None:
    """One line for each kind and one for all."""
    print(f"{'kind':34s} planted  visible  detected  listed  first   median ms  worst ms  invisible by reason")
    kinds = sorted({one.case.kind for one in outcomes})
    for kind in [*kinds, "all"]:
        found = rates(one for one in outcomes if kind in ("all", one.case.kind))
        visible = found.plantings - sum(n for reason, n in found.unseen.items() if reason != "missed")
        print(
            f"{kind:34s} {found.plantings:7d} {visible:8d} {found.detected:8.1f}% {found.listed:6.1f}%"
            f" {found.first:5.1f}% {1000 * found.median:11.0f} {1000 * found.worst:9.0f}  {dict(found.unseen) or ''}"
        )


def main() -> None:
    print(f"one error a document, {PLANTINGS} plantings, seed {SEED}")
    table(run(PLANTINGS, 1))
    print(f"by way of typeset PDF pages, {BY_PDF} plantings")
    table(run_by_pdf(BY_PDF))
    print(f"two errors a document, {PAIRS} documents")
    table(run(PAIRS, 2))
    print(f"false alarms on {CLEAN} clean documents: {false_alarms(CLEAN)}")


if __name__ == "__main__":
    main()
