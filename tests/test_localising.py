"""Tracing: the figure that is wrong is found, named and never overwritten; what cannot be told apart is said so."""

import copy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make.books import IDENTITIES
from make.line_items import SCHEMA, item
from typesetter.planting import Planted

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.balancing.localising.cross_references import CrossReferences
from analysis.balancing.localising.localise import localise, trace
from analysis.balancing.localising.problem import Problem, ProblemCell
from analysis.balancing.localising.search import SearchLimits, smallest_repairs
from analysis.balancing.localising.solving import solve
from analysis.balancing.localising.system import Equation, System, single_repairs
from analysis.balancing.localising.typing_errors import WORDS, code_slip, digit_slip, slip_of
from analysis.dataset.store import to_frame
from analysis.terms.trace import Explanation, Localisation, Slip
from bench import audit, localisation

Weights = Mapping[int, int]


def problem(
    system: System,
    cells: Sequence[ProblemCell] | None = None,
    soft: Sequence[Equation] = (),
    **beside: Mapping[int, int],
) -> Problem:
    """A tracing problem of a system; without cells each value stands in a table of its own."""
    numbers = range(len(system.values))
    cells = cells or [cell(f"x{number + 1}", 1, "total") for number in numbers]
    checks = tuple(f"check {number}" for number in range(len(system.equations)))
    return Problem("d", tuple(cells), system, checks, checks, tuple(soft), **beside)


def cell(table: str, row: int, measure: str, *, printed: bool = True, code: str | None = None) -> ProblemCell:
    return ProblemCell(
        table, "expenditure", "approved", 2024, row, code, None, None, f"row {row}", "detail", measure, printed
    )


def proposals(one: Explanation) -> dict[str, int | None]:
    """Table, or table row measure, to the proposed figure in fen."""
    return {
        f"{change.table}" if change.table.startswith("x") else f"{change.table} {change.row_number} {change.measure}": (
            None if change.proposed is None else int(change.proposed * 100)
        )
        for change in one.changes
    }


def certain(found: Sequence[Localisation]) -> dict[str, int | None]:
    return proposals(Explanation(tuple(change for one in found for change in one.certain), 0))


# The acceptance vectors of Scholtus (2009), section 4, with the edits
# x1 + x2 = x3; x2 = x4; x5 + x6 + x7 = x8; x3 + x8 = x9; x9 - x10 = x11

EDITS: tuple[Weights, ...] = (
    {0: 1, 1: 1, 2: -1},
    {1: 1, 3: -1},
    {4: 1, 5: 1, 6: 1, 7: -1},
    {2: 1, 7: 1, 8: -1},
    {8: 1, 9: -1, 10: -1},
)
TRUE = (1452, 116, 1568, 116, 323, 76, 12, 411, 1979, 1842, 137)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({4: 161}, {"x4": 116}),
        ({4: 161, 9: 19979}, {"x4": 116, "x9": 1979}),
        ({4: 161, 9: 19979, 5: 0, 6: 0, 7: 0}, {"x4": 116, "x9": 1979}),
        ({4: 161, 9: 19979, 5: 0, 6: 0, 7: 0, 8: 0}, {"x4": 116}),
    ],
    ids=["one typing error", "two typing errors", "parts missing", "parts and their sum missing"],
)
def test_the_acceptance_vectors(wrong: Mapping[int, int], right: Mapping[str, int]) -> None:
    values = [wrong.get(number, value) for number, value in enumerate(TRUE, start=1)]
    assert certain(localise(problem(localisation.plain_system(values, EDITS)))) == right


def test_the_true_record_has_nothing_to_trace() -> None:
    assert localise(problem(localisation.plain_system(TRUE, EDITS))) == ()


# Slips, by their digits


@pytest.mark.parametrize(
    ("printed", "proposed", "slip"),
    [
        (123456, 123956, Slip.DIGIT_WRONG),
        (123456, 124356, Slip.DIGITS_SWAPPED),
        (12356, 123456, Slip.DIGIT_LOST),
        (1234456, 123456, Slip.DIGIT_EXTRA),
        (1234560, 123456, Slip.POWER_OF_TEN),
        (1234, 12_340_000, Slip.UNIT),
        (12_340_000, 1234, Slip.UNIT),
        (-1234, 1234, Slip.SIGN),
        (123456, 654321, None),
        (123456, 1234, None),
        (0, 1234, None),
        (1234, 0, None),
        (1234, 1234, None),
        (-1234, 1243, None),
    ],
)
def test_slips_of_digits(printed: int, proposed: int, slip: Slip | None) -> None:
    assert digit_slip(printed, proposed) is slip


def test_a_blank_and_a_zero_are_missing_figures() -> None:
    assert slip_of(None, 1200, 100) is Slip.FIGURE_MISSING
    assert slip_of(0, 1200, 100) is Slip.FIGURE_MISSING


def test_a_copy_is_told_by_the_surroundings_and_digits_come_first() -> None:
    nearby = ((Slip.COPIED_ROW, 500), (Slip.COPIED_PARENT, 500))
    assert slip_of(500, 1234, 1, nearby) is Slip.COPIED_ROW
    assert slip_of(500, 501, 1, nearby) is Slip.DIGIT_WRONG
    assert slip_of(700, 1234, 1, nearby) is Slip.UNKNOWN


def test_slips_of_codes() -> None:
    assert code_slip("2080505", "2080506") is Slip.DIGIT_WRONG
    assert code_slip("2080505", "2080055") is Slip.DIGITS_SWAPPED
    assert code_slip("208505", "2080505") is Slip.DIGIT_LOST
    assert code_slip("2080505", "2010505") is Slip.DIGIT_WRONG
    assert code_slip("2080505", "2130505") is None


def test_every_slip_has_words_in_two_languages() -> None:
    assert set(WORDS) == set(Slip)
    assert all(words.count(" / ") == 1 for words in WORDS.values())


# Slips in a table: three rows and their total, three columns of which the first is the sum of the others

MEASURES = ("total", "basic", "project")
TABLE = {
    ("a", 1, "total"): 8_285_813, ("a", 1, "basic"): 6_174_293, ("a", 1, "project"): 2_111_520,
    ("a", 2, "total"): 940_377, ("a", 2, "basic"): 325_146, ("a", 2, "project"): 615_231,
    ("a", 3, "total"): 57_904, ("a", 3, "basic"): 16_285, ("a", 3, "project"): 41_619,
    ("a", 4, "total"): 9_284_094, ("a", 4, "basic"): 6_515_724, ("a", 4, "project"): 2_768_370,
}  # fmt: skip
PLACES = tuple(TABLE)
TWINS = (*PLACES, *(("b", row, measure) for _, row, measure in PLACES))


def table_problem(
    changes: Mapping[tuple[str, int, str], int | None], *, twin: bool = False, **beside: Mapping[int, int]
) -> Problem:
    """The table with other figures in some places (None is a blank); with a twin that repeats every figure."""
    places = TWINS if twin else PLACES
    at = {place: number for number, place in enumerate(places)}
    values = [changes.get(place, TABLE["a", place[1], place[2]]) for place in places]
    equations: list[Weights] = []
    for table in ("a", "b") if twin else ("a",):
        equations += [
            {at[table, row, "total"]: 1, at[table, row, "basic"]: -1, at[table, row, "project"]: -1}
            for row in range(1, 5)
        ]
        equations += [
            {at[table, 4, measure]: 1} | {at[table, row, measure]: -1 for row in range(1, 4)} for measure in MEASURES
        ]
    if twin:
        equations += [{at[place]: 1, at["b", place[1], place[2]]: -1} for place in PLACES]
    cells = [cell(*place, printed=value is not None) for place, value in zip(places, values, strict=True)]
    return problem(localisation.plain_system([value or 0 for value in values], equations), cells, **beside)


SINGLE = {
    Slip.DIGIT_WRONG: 325_946,
    Slip.DIGITS_SWAPPED: 352_146,
    Slip.DIGIT_LOST: 32_514,
    Slip.DIGIT_EXTRA: 3_225_146,
    Slip.POWER_OF_TEN: 3_251_460,
    Slip.UNIT: 3_251_460_000,
    Slip.SIGN: -325_146,
    Slip.COPIED_ROW: 16_285,
    Slip.COPIED_COLUMN: 615_231,
    Slip.FIGURE_MISSING: None,
    Slip.UNKNOWN: 77_777,
}


@pytest.mark.parametrize(("slip", "printed"), SINGLE.items())
def test_a_single_slip_is_found_named_and_certain(slip: Slip, printed: int | None) -> None:
    (found,) = localise(table_problem({("a", 2, "basic"): printed}))
    (change,) = found.certain
    assert proposals(found.explanations[0]) == {"a 2 basic": 325_146}
    assert (change.cause, change.words) == (slip, WORDS[slip])
    assert change.printed == (None if printed is None else Decimal(printed).scaleb(-2))
    assert len(found.failing) == 2
    assert not found.stopped
    assert not found.capped


def test_a_figure_left_from_last_year_or_taken_from_the_department() -> None:
    (number,) = [number for number, place in enumerate(PLACES) if place == ("a", 2, "basic")]
    for name, slip in (("last_year", Slip.COPIED_LAST_YEAR), ("department", Slip.COPIED_DEPARTMENT)):
        (found,) = localise(table_problem({("a", 2, "basic"): 555_000}, **{name: {number: 555_000}}))
        assert [change.cause for change in found.certain] == [slip]


def test_a_parents_figure_in_a_child_and_a_childs_in_its_parent() -> None:
    system = {"class": 900, "section": 900, "item one": 650, "item two": 250}
    codes = ("208", "20805", "2080501", "2080502")

    def traced(**wrong: int) -> Slip:
        values = [wrong.get(name.replace(" ", "_"), value) for name, value in system.items()]
        cells = [
            ProblemCell("a", "expenditure", "approved", 2024, row * 10, code, code[:-2] if len(code) > 3 else None,
                 (len(code) - 1) // 2, code, "detail", "total", True)
            for row, code in enumerate(codes)
        ]  # fmt: skip
        twin = [*values, *system.values()]
        cells += [cell(f"x{number}", 1, "total") for number in range(4)]
        equations: list[Weights] = [{0: 1, 1: -1}, {1: 1, 2: -1, 3: -1}, *({n: 1, n + 4: -1} for n in range(4))]
        (found,) = localise(problem(localisation.plain_system(twin, equations), cells))
        return found.certain[0].cause

    assert traced(item_two=900) is Slip.COPIED_PARENT
    assert traced(section=650) is Slip.COPIED_ROW


def test_a_column_shifted_by_a_row_is_one_cause() -> None:
    moved = {("a", 1, "basic"): 16_285, ("a", 2, "basic"): 6_174_293, ("a", 3, "basic"): 325_146}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for change in found.certain} == {Slip.COLUMN_SHIFTED}
    assert proposals(found.explanations[0]) == {f"a {place[1]} basic": TABLE[place] for place in moved}


def test_a_column_shifted_whose_last_figure_is_lost() -> None:
    moved = {("a", 2, "basic"): 6_174_293, ("a", 3, "basic"): 325_146}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for change in found.certain} == {Slip.COLUMN_SHIFTED}
    assert proposals(found.explanations[0]) == {"a 2 basic": 325_146, "a 3 basic": 16_285}


def test_rows_that_changed_places_in_all_columns_are_one_cause() -> None:
    moved = {("a", row, measure): TABLE["a", other, measure] for row, other in ((2, 3), (3, 2)) for measure in MEASURES}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for change in found.explanations[0].changes} == {Slip.ROWS_SHIFTED}
    assert proposals(found.explanations[0]) == {f"a {row} {name}": TABLE["a", row, name] for _, row, name in moved}


def test_two_columns_swapped_are_one_cause() -> None:
    swap = {"basic": "project", "project": "basic"}
    moved = {("a", row, one): TABLE["a", row, other] for row in range(1, 5) for one, other in swap.items()}
    (found,) = localise(table_problem(moved, twin=True))
    # Two tables contradict each other in two columns, and the sums of both hold: nobody can tell which is wrong.
    assert {change.cause for one in found.best for change in one.changes} == {Slip.COLUMNS_SWAPPED}
    assert {f"a {place[1]} {place[2]}": TABLE[place] for place in moved} in [proposals(one) for one in found.best]
    assert (len(found.best), found.certain) == (2, ())


def test_two_columns_swapped_in_one_row_only() -> None:
    moved = {("a", 2, "basic"): 615_231, ("a", 2, "project"): 325_146}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for change in found.certain} == {Slip.COLUMNS_SWAPPED}
    assert certain([found]) == {"a 2 basic": 325_146, "a 2 project": 615_231}


def test_a_table_in_another_unit_is_one_cause() -> None:
    moved = {place: TABLE[place] * 10_000 for place in PLACES}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for one in found.best for change in one.changes} == {Slip.UNIT_MIXED}
    assert {f"a {place[1]} {place[2]}": TABLE[place] for place in moved} in [proposals(one) for one in found.best]


def test_a_row_in_another_unit_is_one_cause() -> None:
    moved = {("a", 2, measure): TABLE["a", 2, measure] * 10_000 for measure in MEASURES}
    (found,) = localise(table_problem(moved, twin=True))
    assert {change.cause for change in found.certain} == {Slip.UNIT_MIXED}
    assert certain([found]) == {f"a 2 {measure}": TABLE["a", 2, measure] for measure in MEASURES}


def test_a_column_whose_sums_are_a_little_off_is_not_in_another_unit() -> None:
    sums = [{0: 1, 1: -1, 2: -1, 3: -1}, *({one: 1, 2 * one + 2: -1, 2 * one + 3: -1} for one in (1, 2, 3))]
    items = [30_000_000, 20_000_000, 40_000_000, 10_000_000, 50_000_000, 20_000_000]
    classes = [first + second + 10_000 for first, second in zip(items[::2], items[1::2], strict=True)]
    equations = tuple(Equation(tuple(weights.items()), tolerance=2) for weights in sums)
    cells = [cell("a", row, "basic") for row in range(1, 11)]
    (*found,) = localise(problem(System((170_040_000, *classes, *items), equations, (1,) * 10), cells))
    assert found
    assert Slip.UNIT_MIXED not in {change.cause for one in found for best in one.best for change in best.changes}


def test_a_row_that_slid_is_one_cause() -> None:
    moved = {("a", 2, "total"): 0, ("a", 2, "basic"): 940_377, ("a", 2, "project"): 325_146}
    at = {place: number for number, place in enumerate(PLACES)}
    figures = {**TABLE, **moved, ("a", 2, "total"): None}
    true = {**TABLE, ("a", 2, "project"): 0, ("a", 2, "basic"): 325_146, ("a", 2, "total"): 940_377}
    values = [figures[place] or 0 for place in PLACES] + [true[place] for place in PLACES]
    cells = [cell(*place) for place in PLACES] + [cell("b", row, measure) for _, row, measure in PLACES]
    equations: list[Weights] = [{number: 1, number + len(PLACES): -1} for number in at.values()]
    found = localise(problem(localisation.plain_system(values, equations), cells))
    assert {change.cause for one in found for change in one.explanations[0].changes} == {Slip.ROW_SLID}


def test_a_wrong_code_is_found_and_proposed() -> None:
    for case in audit.cases(60, 1, seed=3):
        (planted,) = (one for one in case.planted[0][:1])
        if planted.kind != "code_digit" or planted.table == "basic_by_economic":
            continue
        found = traced(audit.items_of_book(case.book, case.document))
        if found:
            (change,) = found[0].certain
            assert (change.cause, change.code) == (Slip.CODE_DIGIT, _normal(planted))
            assert (change.proposed_code, change.proposed, change.printed) == (planted.code, None, None)
            return
    pytest.fail("no code was planted")


def _normal(planted: Planted) -> str:
    return planted.printed


# What cannot be told apart, and what is no slip


def test_figures_of_a_single_sum_cannot_be_told_apart() -> None:
    (found,) = localise(problem(localisation.plain_system((700, 300, 777), [{0: 1, 1: 1, 2: -1}])))
    assert [proposals(one) for one in found.explanations] == [{"x1": 477}, {"x2": 77}, {"x3": 1000}]
    assert len(found.best) == 3
    assert found.certain == ()


def test_a_likely_slip_beats_the_others_of_the_same_sum() -> None:
    (found,) = localise(problem(localisation.plain_system((4_000, 5_000, 90_000), [{0: 1, 1: 1, 2: -1}])))
    assert proposals(found.best[0]) == {"x3": 9_000}
    assert [change.cause for change in found.certain] == [Slip.POWER_OF_TEN]
    assert len(found.explanations) == 3


def test_slips_that_would_each_mend_the_sum_are_not_told_apart() -> None:
    (found,) = localise(problem(localisation.plain_system((7_000, 3_000, 100_000), [{0: 1, 1: 1, 2: -1}])))
    assert len(found.best) == 3
    assert found.certain == ()


def test_two_blanks_of_one_sum_are_left_open() -> None:
    values = solve(localisation.plain_system((0, 0, 900), [{0: 1, 1: 1, 2: -1}]), {0: 400, 1: 500})
    assert values == {0: None, 1: None}


def test_a_limit_from_one_side_determines_no_figure() -> None:
    both, larger = Equation(((0, 1), (1, 1), (2, -1))), Equation(((0, 1), (1, -1)), lower_only=True)
    values = solve(System((0, 0, 900), (both, larger), (1, 1, 1)), {0: 500, 1: 400})
    assert values == {0: None, 1: None}


def test_of_figures_that_show_no_slip_a_leaf_is_named_before_a_sum_and_none_is_certain() -> None:
    roles = ("total", "detail", "subtotal")
    cells = [replace(cell(f"x{number}", 1, "total"), role=role) for number, role in enumerate(roles, 1)]
    system = localisation.plain_system((777, 700, 300), [{0: -1, 1: 1, 2: 1}])
    (found,) = localise(problem(system, cells))
    assert [proposals(one) for one in found.explanations] == [{"x2": 477}, {"x3": 77}, {"x1": 1000}]
    assert len(found.best) == 3


def test_a_voice_from_elsewhere_decides_between_equals() -> None:
    system = localisation.plain_system((700, 300, 777), [{0: 1, 1: 1, 2: -1}])
    (found,) = localise(problem(system, soft=[Equation(((2, 1), (2, 0)), 0)]))
    assert len(found.best) == 3
    stated = problem(system)
    stated = Problem("d", stated.cells, system, stated.checks, stated.identities, stated={2: ((1000, 5),)})
    (found,) = localise(stated)
    assert [proposals(one) for one in found.best] == [{"x3": 1000}]


def test_nothing_is_proposed_below_zero() -> None:
    (found,) = localise(problem(localisation.plain_system((700, 300, 100), [{0: 1, 1: 1, 2: -1}])))
    assert [proposals(one) for one in found.explanations] == [{"x3": 1000}]


def test_a_gap_within_the_printed_digits_is_none() -> None:
    tolerant = Equation(((0, 1), (1, 1), (2, -1)), 150)
    assert localise(problem(System((70_000, 30_000, 100_100), (tolerant,), (100, 100, 100)))) == ()
    (found,) = localise(problem(System((70_000, 30_000, 100_300), (tolerant,), (100, 100, 100))))
    assert {"x3": 100_000} in [proposals(one) for one in found.explanations]


# Blocks, several errors, limits


def test_blocks_that_share_nothing_are_told_apart() -> None:
    equations: list[Weights] = [{0: 1, 1: 1, 2: -1}, {3: 1, 4: 1, 5: -1}, {6: 1, 7: -1}]
    found = localise(problem(localisation.plain_system((7_000, 3_000, 100_000, 4_000, 5_000, 90_000, 8, 8), equations)))
    assert [one.failing for one in found] == [("check 0",), ("check 1",)]
    assert certain(found) == {"x6": 9_000}


def test_two_errors_of_one_block() -> None:
    wrong = {("a", 1, "basic"): 6_714_293, ("a", 2, "basic"): 32_514_600}
    (found,) = localise(table_problem(wrong))
    assert certain([found]) == {"a 1 basic": 6_174_293, "a 2 basic": 325_146}
    assert {change.cause for change in found.certain} == {Slip.DIGITS_SWAPPED, Slip.POWER_OF_TEN}


def test_only_the_failing_checks_that_are_asked_for_are_explained() -> None:
    system = localisation.plain_system((700, 300, 777, 5, 6), [{0: 1, 1: 1, 2: -1}, {3: 1, 4: -1}])
    (found,) = localise(problem(system), ["check 1"])
    assert found.failing == ("check 1",)


def test_the_list_is_capped_and_says_so() -> None:
    parts = 80
    system = localisation.plain_system([10] * parts + [parts * 10 + 5], [{**dict.fromkeys(range(parts), 1), parts: -1}])
    (found,) = localise(problem(system), limits=SearchLimits(sets=50))
    assert len(found.explanations) == 50
    assert found.capped
    assert found.certain == ()


def test_a_search_without_work_left_stops_and_proposes_nothing() -> None:
    system = localisation.make_instance(Random(4), 99, 8)
    found = localise(problem(system), limits=SearchLimits(work=0.0))
    assert any(one.stopped for one in found)
    assert all(not one.certain for one in found if one.stopped)


def test_the_same_document_is_traced_alike_twice() -> None:
    for number in range(4):
        system = localisation.make_instance(Random(number), 41, 3)
        assert localise(problem(system)) == localise(problem(system))


def test_the_printed_figures_are_never_altered() -> None:
    chosen = audit.cases(2, 1)
    items = pl.concat([audit.items_of_book(case.book, case.document) for case in chosen])
    before = items.clone()
    assert traced(items)
    assert items.equals(before)
    one = table_problem({("a", 2, "basic"): 77_777})
    kept = copy.deepcopy(one.system.values)
    localise(one)
    assert one.system.values == kept


# The general core


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), place=st.integers(0, 10**6), new=st.integers(0, 5_000))
def test_a_single_change_of_a_consistent_system_is_among_the_smallest(seed: int, place: int, new: int) -> None:
    clean = localisation.make_instance(Random(seed), 15, 0)
    place %= len(clean.values)
    values = [new if number == place else value for number, value in enumerate(clean.values)]
    wrong = System(tuple(values), clean.equations, clean.steps)
    found = localise(problem(wrong))
    if new == clean.values[place]:
        assert found == ()
        return
    assert {f"x{place + 1}": clean.values[place]} in [proposals(one) for block in found for one in block.explanations]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), errors=st.integers(1, 4))
def test_a_cheapest_repair_is_as_small_as_trial_can_make_it(seed: int, errors: int) -> None:
    system = localisation.make_instance(Random(seed), 11, errors)
    repair = localisation.cheapest_repair(system, (1,) * len(system.values))
    assert repair is not None
    assert len(repair.cells) == localisation.fewest_by_trial(system)
    mended, broken = system.effect(dict(repair.values))
    assert (mended, broken) == (frozenset(system.failing), frozenset())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_listed_repair_works_and_holds_no_other(seed: int) -> None:
    system = localisation.make_instance(Random(seed), 15, 3)
    repairs = smallest_repairs(system, (1,) * len(system.values))
    sets = [set(one.cells) for one in repairs.found]
    assert all(not one < other for one in sets for other in sets)
    assert len({frozenset(one) for one in sets}) == len(sets)
    for one in repairs.found:
        assert localisation.works(system, one.cells)


def test_a_fixed_figure_is_never_proposed() -> None:
    system = localisation.plain_system((700, 300, 777), [{0: 1, 1: 1, 2: -1}])
    repair = localisation.cheapest_repair(system, (None, 1, None))
    assert repair is not None
    assert repair.values == ((1, 77),)
    assert localisation.cheapest_repair(system, (None, None, None)) is None


def test_a_single_repair_is_the_range_that_rounding_leaves() -> None:
    system = System((70_000, 30_000, 150_000), (Equation(((0, 1), (1, 1), (2, -1)), 150),), (100, 100, 100))
    (one, two, total) = single_repairs(system, system.failing)
    assert (total.low, total.high, total.best) == (99_900, 100_100, 100_000)
    assert (one.best, two.best) == (120_000, 80_000)


# Whole documents


def traced(items: pl.DataFrame) -> tuple[Localisation, ...]:
    return trace(items, audit.check(items), IDENTITIES)


ROUNDED = (
    (1, "-", "合计", "total", "594.68"),
    (2, "221", "住房保障支出", "subtotal", "594.68"),
    (3, "22102", "住房改革支出", "subtotal", "{}"),
    (4, "2210201", "住房公积金", "detail", "123.33"),
    (5, "2210203", "购房补贴", "detail", "471.34"),
)


@pytest.mark.parametrize(("twin", "proposed"), [("594.68", "5946800"), ("600.00", "5946700")])
def test_the_last_digit_that_rounding_leaves_open_is_that_of_the_other_tables(twin: str, proposed: str) -> None:
    rows = [
        item(table, "e", *row[:-1], "total", row[-1].format(printed), unit="wan_yuan")
        for table, printed in (("general_public_budget", "59.47"), ("expenditure", twin))
        for row in ROUNDED
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    columns = to_frame([], "line_items").select(pl.exclude(frame.columns)).schema
    frame = frame.with_columns(*(pl.lit(None, kind).alias(name) for name, kind in columns.items()))
    found = traced(frame.with_columns(source_file=pl.lit("d.pdf")))
    told = [one for one in found if one.failing[0].split("|")[2] == "general_public_budget"]
    changes = [change for one in told for change in one.best[0].changes]
    assert [(change.code, change.proposed) for change in changes] == [("22102", Decimal(proposed))]


def test_planted_errors_are_detected_listed_and_mostly_first() -> None:
    found = audit.rates(audit.run(42, 1))
    assert found.detected >= 99.5
    assert found.listed >= 99
    assert found.first >= 85
    assert found.stopped == 0
    assert found.plantings - found.seen == sum(found.unseen.values())


def test_planted_errors_are_found_by_way_of_typeset_pages() -> None:
    found = audit.rates(audit.run_by_pdf(2))
    assert found.listed == 100


def test_a_row_that_lost_its_only_figure_is_found_in_its_gap() -> None:
    for case in audit.cases(30, 1):
        book = case.clean.table("revenue_expenditure_summary")
        if len(book.panels[1].measures) > 1:
            continue
        items = audit.items_of_book(case.clean, "clean")
        second = (
            (pl.col("table") == "revenue_expenditure_summary")
            & (pl.col("side") == "expenditure")
            & (pl.col("row_number") == 2)
        )
        (found,) = traced(items.filter(~second))
        (change,) = found.certain
        lost = items.filter(second).row(0, named=True)
        assert (change.row_number, change.name, change.printed) == (2, lost["name"], None)
        assert (change.cause, change.proposed) == (Slip.FIGURE_MISSING, lost["amount"])
        return
    pytest.fail("no summary with one column was made")


def test_clean_documents_raise_no_alarm() -> None:
    assert audit.false_alarms(12) == 0


def test_a_clean_dataset_has_no_localisation() -> None:
    (case,) = audit.cases(1, 1)
    assert traced(audit.items_of_book(case.clean, "clean")) == ()


# Odd figures: whatever a document prints costs nobody else anything

ODD = st.tuples(
    st.integers(0, 10**6), st.integers(-(10**14), 10**14), st.integers(0, 8), st.sampled_from(["yuan", "wan_yuan"])
)
LARGEST = Decimal("9999999999999999.99")


def as_read(number: int, shown: int, unit: str) -> tuple[str, Decimal]:
    """A figure with that many decimals as it is printed, and to the fen in yuan."""
    printed = Decimal(number).scaleb(-shown)
    yuan = (printed * (10_000 if unit == "wan_yuan" else 1)).quantize(Decimal("0.01"))
    return f"{printed:f}", max(-LARGEST, min(LARGEST, yuan))


@settings(max_examples=25, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=6))
def test_odd_figures_are_checked_and_traced(odd: Sequence[tuple[int, int, int, str]]) -> None:
    (case,) = audit.cases(1, 1)
    rows = audit.items_of_book(case.clean, "d").to_dicts()
    for place, number, shown, unit in odd:
        row = rows[place % len(rows)]
        row["printed"], row["amount"] = as_read(number, shown, unit)
        row["printed_unit"] = unit
    items = to_frame(rows, "line_items")
    limits = SearchLimits(sets=3, causes=3, work=0.2)
    assert all(one.failing for one in trace(items, audit.check(items), IDENTITIES, limits))


def test_figures_as_large_as_money_holds_are_traced_as_far_as_numbers_go() -> None:
    (case,) = audit.cases(1, 1)
    rows = audit.items_of_book(case.clean, "d").to_dicts()
    for number, row in enumerate(rows):
        row["amount"] = LARGEST - number % 7
    items = to_frame(rows, "line_items")
    assert trace(items, audit.check(items), IDENTITIES, SearchLimits(sets=2, causes=2, work=0.1))


def test_a_figure_is_proposed_to_the_fen_however_many_decimals_are_printed() -> None:
    (case,) = audit.cases(1, 1)
    items = audit.items_of_book(case.clean, "d").with_columns(printed=pl.format("{}.000", "printed"))
    wrong = items.filter(pl.col("amount") > 1_000_000).row(0, named=True)
    place = pl.all_horizontal(pl.col(name) == wrong[name] for name in ("table", "side", "row_number", "measure"))
    moved = items.with_columns(
        amount=pl.when(place).then(pl.col("amount") * 10).otherwise("amount").cast(items.schema["amount"])
    )
    (found,) = traced(moved)
    assert [change.proposed for change in found.certain] == [wrong["amount"]]


@pytest.mark.parametrize(("code", "expected"), [("30207", ((5_130_000, 5_000),)), ("30206", None)])
def test_an_amount_of_a_list_of_the_text_speaks_for_its_row_of_basic_expenditure(
    code: str, expected: tuple[tuple[int, int], ...] | None
) -> None:
    stated = {
        "document_id": "d",
        "number": 1,
        "passage": 1,
        "role": "current",
        "table": "basic_by_economic",
        "code": "30207",
        "name": "邮电费",
        "value": Decimal("51300.00"),
        "printed": "5.13",
        "unit": "wan_yuan",
    }
    references = CrossReferences(pl.DataFrame(schema=SCHEMA), ["d"], to_frame([stated], "statements"))
    place = ("basic_by_economic", "expenditure", "executed", 2024, 7)
    cell = ProblemCell(*place, code, code[:3], 2, "名称", "detail", "operating", printed=True)
    assert references.stated("d", [cell]).get(0) == expected
