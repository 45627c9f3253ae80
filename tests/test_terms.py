"""Money and codes: what a printed text means, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.terms.code import Scheme, join_parts, level_of, parent_of, restore_zero
from analysis.terms.components import components
from analysis.terms.money import Unit, decimals, half_unit, parse_amount, to_fen, to_yuan

fen = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1)


@given(fen)
def test_an_amount_is_read_as_it_was_printed(number: int) -> None:
    amount = Decimal(number) / 100
    assert parse_amount(f"{amount:,.2f}") == amount
    assert parse_amount(f"{amount:.2f}") == amount
    assert to_fen(amount) == number


@given(fen)
def test_full_width_digits_and_stray_blanks_mean_the_same(number: int) -> None:
    text = f"{Decimal(number) / 100:,.2f}"
    wide = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"})
    assert parse_amount(f" {wide}\n") == parse_amount(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("8,285,813", "8285813"),
        ("371,514,655.00", "371514655.00"),
        ("0", "0"),
        ("6.40", "6.40"),
        ("(1,234.50)", "-1234.50"),
        ("−5", "-5"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-", "—", "无", "1,23", "1,2345", "12.", "1.2.3", "3项", "201 年", "1e5", "1" * 13]
)
def test_what_is_no_amount_is_never_guessed(text: str) -> None:
    assert parse_amount(text) is None


def test_the_precision_follows_from_the_printed_digits() -> None:
    assert half_unit(decimals("8,285,813"), Unit.YUAN) == Decimal("0.5")
    assert half_unit(decimals("371,514,655.00"), Unit.YUAN) == Decimal("0.005")
    assert half_unit(decimals("147.34"), Unit.WAN_YUAN) == Decimal("50")
    assert to_yuan(Decimal("147.34"), Unit.WAN_YUAN) == Decimal("1473400.00")


@given(st.lists(st.integers(0, 99), min_size=0, max_size=2), st.integers(200, 399))
def test_a_code_printed_in_parts_gets_its_lost_zeros_back(parts: list[int], head: int) -> None:
    whole = f"{head}" + "".join(f"{part:02d}" for part in parts)
    assert join_parts([str(head), *(str(part) for part in parts)]) == whole
    assert join_parts([str(head), *(f"{part:02d}" for part in parts)]) == whole


def test_a_code_printed_whole_gets_back_the_zero_of_its_last_part() -> None:
    assert restore_zero("3012") == "30102"
    assert restore_zero("208055") == "2080505"
    assert [restore_zero(code) for code in ("301", "30102", "2080505", "20")] == ["301", "30102", "2080505", "20"]


def test_levels_and_parents() -> None:
    assert [level_of(code, Scheme.FUNCTIONAL) for code in ("208", "20805", "2080505", "2080")] == [1, 2, 3, None]
    assert [level_of(code, Scheme.ECONOMIC) for code in ("301", "30102", "3010201")] == [1, 2, None]
    assert [parent_of(code, Scheme.FUNCTIONAL) for code in ("2080505", "20805", "208")] == ["20805", "208", None]


def test_what_hangs_together_directly_or_through_others() -> None:
    assert components(6, [(4, 2), (5, 4), (0, 1)]) == [0, 0, 2, 3, 2, 2]
    assert components(3, []) == [0, 1, 2]
