"""Indicators: their laws, and that a gap or a base of zero never becomes a figure."""

import ast
import inspect
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.errors import KnowledgeError
from analysis.indicators import catalogue, execution, growth, peers, prices, structure
from analysis.indicators.catalogue import FUNCTIONS, indicators, to_markdown

ROOT = Path(__file__).parents[1]
MONEY = st.integers(0, 10**15).map(lambda fen: Decimal(fen) / 100)
POSITIVE = st.integers(1, 10**15).map(lambda fen: Decimal(fen) / 100)
STRUCTURE = st.dictionaries(st.sampled_from(["201", "204", "206", "208", "210", "212", "221"]), MONEY)
CLOSE = Decimal("1e-20")


@given(STRUCTURE)
def test_shares_sum_to_one(parts: dict[str, Decimal]) -> None:
    ratios = structure.shares(parts)
    if sum(parts.values()) == 0:
        assert ratios is None
    else:
        assert ratios is not None
        assert abs(sum(ratios.values()) - 1) < CLOSE


@given(STRUCTURE, STRUCTURE)
def test_the_distance_of_structures_is_a_distance(one: dict[str, Decimal], other: dict[str, Decimal]) -> None:
    assume(sum(one.values()) and sum(other.values()))
    distance = structure.distance(one, other)
    assert distance is not None
    assert 0 <= distance <= 1 + CLOSE
    assert abs(distance - structure.distance(other, one)) < CLOSE
    assert structure.distance(one, one) == 0
    assert structure.distance(one, {key: amount * 3 for key, amount in one.items()}) < CLOSE


def test_structures_without_anything_in_common_lie_one_apart() -> None:
    assert structure.distance({"201": Decimal(5)}, {"208": Decimal(9)}) == 1


@given(STRUCTURE)
def test_concentration_lies_between_even_and_single(parts: dict[str, Decimal]) -> None:
    assume(sum(parts.values()))
    index = structure.concentration(parts)
    assert index is not None
    assert Decimal(1) / len(parts) - CLOSE <= index <= 1 + CLOSE


@given(STRUCTURE, STRUCTURE)
def test_contributions_sum_to_the_growth(now: dict[str, Decimal], before: dict[str, Decimal]) -> None:
    parts = growth.contributions(now, before)
    whole = growth.growth(sum(now.values(), Decimal(0)), sum(before.values(), Decimal(0)))
    if parts is None:
        assert whole is None
    else:
        assert abs(sum(parts.values(), Decimal(0)) - whole) <= max(abs(whole), Decimal(1)) * Decimal("1e-18")


@given(POSITIVE, POSITIVE, st.integers(1, 20))
def test_compound_growth_reproduces_the_last_amount(first: Decimal, last: Decimal, years: int) -> None:
    rate = growth.compound(last, first, years)
    assert rate is not None
    assert abs(first * (1 + rate) ** years - last) <= (first + last) * Decimal("1e-15")


@given(st.lists(st.one_of(st.none(), MONEY), max_size=12))
def test_ranks_are_a_permutation_but_for_equals_and_gaps(values: list[Decimal | None]) -> None:
    ranks = peers.ranks(values)
    told = [value for value in values if value is not None]
    assert [rank is None for rank in ranks] == [value is None for value in values]
    if len(set(told)) == len(told):
        assert sorted(rank for rank in ranks if rank is not None) == list(range(1, len(told) + 1))
    for value, rank in zip(values, ranks, strict=True):
        assert value is None or sorted(told, reverse=True)[rank - 1] == value


@given(st.lists(MONEY, min_size=1, max_size=20))
def test_quartiles_lie_in_order_among_the_values(values: list[Decimal]) -> None:
    lower, middle, upper = peers.quartiles(values)
    assert min(values) <= lower <= middle <= upper <= max(values)
    percentiles = [peers.percentile(values, value) for value in sorted(values)]
    assert percentiles == sorted(percentiles)
    assert abs(sum(percentiles) / len(values) - Decimal("0.5")) < CLOSE


def test_outliers_need_enough_peers() -> None:
    values = [Decimal(value) for value in (40, 41, 42, 43, 44, 95)]
    assert peers.outlying(values) == [False] * 5 + [True]
    assert peers.outlying(values[-2:]) == [False, False]


@given(MONEY, POSITIVE)
def test_deflating_to_the_own_year_changes_nothing(amount: Decimal, index: Decimal) -> None:
    assert prices.real(amount, Decimal(100), Decimal(100)) == amount
    assert abs(prices.real(amount, index, index) - amount) <= amount * Decimal("1e-25")


def test_deflation_takes_prices_out_and_needs_an_index() -> None:
    assert prices.real(Decimal("107.10"), Decimal("107.1"), Decimal(100)) == 100
    assert prices.real(Decimal(100), None, Decimal(100)) is None
    assert prices.real(Decimal(100), Decimal(0), Decimal(100)) is None


@pytest.mark.parametrize(
    "value",
    [
        growth.growth(None, Decimal(1)), growth.growth(Decimal(1), None), growth.growth(Decimal(1), Decimal(0)),
        growth.growth(Decimal(1), Decimal(-1)), growth.compound(Decimal(1), Decimal(0), 3),
        growth.compound(Decimal(1), Decimal(1), 0), structure.share(Decimal(1), Decimal(0)),
        structure.share(None, Decimal(1)), structure.shares({"a": Decimal(-1), "b": Decimal(2)}),
        structure.distance({}, {"a": Decimal(1)}), execution.deviation(Decimal(1), Decimal(0)),
        execution.deviation(None, Decimal(1)), peers.percentile([], Decimal(1)),
    ],
)  # fmt: skip
def test_a_gap_or_an_empty_base_is_a_gap(value: object) -> None:
    assert value is None


def functions_of(room: str) -> set[str]:
    """What the modules of a room import of the indicators, as "module.function"."""
    found = set()
    for path in (ROOT / "src/analysis" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis.indicators."):
                found |= {f"{(node.module or '').rpartition('.')[2]}.{alias.name}" for alias in node.names}
    return found


def test_every_indicator_of_the_catalogue_is_used_by_a_report() -> None:
    assert {one.function for one in indicators().values()} == set(FUNCTIONS)
    assert set(FUNCTIONS) <= functions_of("reports")


def test_nothing_is_computed_for_nobody() -> None:
    used = functions_of("reports") | functions_of("charts")
    for module in (execution, growth, peers, prices, structure):
        tree = ast.parse(inspect.getsource(module))
        called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        public = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}
        name = module.__name__.rpartition(".")[2]
        assert [one for one in public if f"{name}.{one}" not in used and one not in called] == []


def test_an_entry_without_a_function_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = dict.fromkeys(("id", "name_zh", "name_en", "formula", "unit", "source"), "x")
    entry = catalogue.Indicator(**words, function="structure.sharee")
    monkeypatch.setattr(catalogue, "read_shape", lambda *_: SimpleNamespace(indicator=(entry,)))
    with pytest.raises(KnowledgeError, match=r"structure\.sharee"):
        indicators.__wrapped__()


def test_the_printed_catalogue_is_up_to_date() -> None:
    printed = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert printed == to_markdown(), "write indicators.catalogue.to_markdown() to docs/indicators.md"
