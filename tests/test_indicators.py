"""Indicators: their laws, and that a gap or a base of zero never becomes a figure."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.indicators import execution, growth, peers, prices, structure
from analysis.indicators.catalogue import indicators, to_markdown

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


@given(st.lists(st.integers(-1000, 1000).map(Decimal), min_size=2, max_size=12))
def test_z_scores_have_mean_zero(values: list[Decimal]) -> None:
    scores = [peers.z_score(values, value) for value in values]
    if len(set(values)) == 1:
        assert set(scores) == {None}
    else:
        assert abs(sum(scores)) < Decimal("1e-20")


def test_outliers_need_enough_peers() -> None:
    values = [Decimal(value) for value in (40, 41, 42, 43, 44, 95)]
    assert peers.outlying(values) == [False] * 5 + [True]
    assert peers.outlying(values[-2:]) == [False, False]


@given(MONEY, POSITIVE)
def test_deflating_to_the_own_year_changes_nothing(amount: Decimal, index: Decimal) -> None:
    assert prices.real(amount, Decimal(100), Decimal(100)) == amount
    assert abs(prices.real(amount, index, index) - amount) <= amount * Decimal("1e-25")


def test_deflation_takes_prices_out_and_needs_an_index() -> None:
    index = prices.chained({2024: Decimal("0.02"), 2025: Decimal("0.05"), 2027: Decimal(1)}, 2023)
    assert index == {2023: 100, 2024: 102, 2025: Decimal("107.1")}
    nominal = {2023: Decimal(100), 2025: Decimal("107.10"), 2026: Decimal(200)}
    assert prices.deflated(nominal, index, 2023) == {2023: 100, 2025: 100, 2026: None}


@given(POSITIVE, POSITIVE)
def test_control_rate_is_one_more_than_the_deviation(executed: Decimal, approved: Decimal) -> None:
    rate, deviation = execution.control_rate(executed, approved), execution.deviation(executed, approved)
    assert abs(rate - 1 - deviation) <= max(rate, Decimal(1)) * CLOSE


def test_deviations_do_not_cancel_in_the_mean() -> None:
    assert execution.mean_deviation([Decimal("0.1"), Decimal("-0.3"), None]) == Decimal("0.2")
    assert execution.mean_deviation([None]) is None


def test_what_was_executed_without_a_budget_is_found() -> None:
    executed = {"a": Decimal(5), "b": Decimal(3), "c": Decimal(0)}
    assert execution.unplanned(executed, {"a": Decimal(0), "b": Decimal(1)}) == {"a": Decimal(5)}


@pytest.mark.parametrize(
    "value",
    [
        growth.growth(None, Decimal(1)), growth.growth(Decimal(1), None), growth.growth(Decimal(1), Decimal(0)),
        growth.growth(Decimal(1), Decimal(-1)), growth.compound(Decimal(1), Decimal(0), 3),
        growth.compound(Decimal(1), Decimal(1), 0), structure.share(Decimal(1), Decimal(0)),
        structure.share(None, Decimal(1)), structure.shares({"a": Decimal(-1), "b": Decimal(2)}),
        structure.distance({}, {"a": Decimal(1)}), execution.deviation(Decimal(1), Decimal(0)),
        execution.control_rate(None, Decimal(1)), execution.carry_over_rate(Decimal(1), None, Decimal(1)),
        execution.carry_over_rate(Decimal(1), Decimal(0), Decimal(0)), peers.percentile([], Decimal(1)),
        execution.operating_per_personnel(Decimal(1), Decimal(0)),
    ],
)  # fmt: skip
def test_a_gap_or_an_empty_base_is_a_gap(value: object) -> None:
    assert value is None


def test_every_indicator_of_the_catalogue_can_be_computed() -> None:
    assert all(callable(indicator.compute) for indicator in indicators().values())
    assert indicators()["project_share"].sentence == "项目支出占比 = 项目支出 / 支出合计（%）"


def test_the_printed_catalogue_is_up_to_date() -> None:
    printed = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert printed == to_markdown(), "write indicators.catalogue.to_markdown() to docs/indicators.md"
