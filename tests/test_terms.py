"""Money and codes: what a printed text means, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.terms.characters import plain_characters
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
        *((f"{minus}1,234", "-1234") for minus in "-－−–—‐△▲"),
        ("￥8,442,289", "8442289"),
        ("¥ -12.50", "-12.50"),
        ("72，000", "72000"),
        ("8\u2009300\u2009026", "8300026"),
        ("\u200b72,000\xa0", "72000"),
        *((f"30.30{mark}", "30.30") for mark in ("①", "²", "*", "※", "[1]", "注1", "（注）", " ③")),
        ("8,\n442,289", "8442289"),
        ("8,285,8\n13", "8285813"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "—", "无", "1,23", "1,2345", "12.", "1.2.3", "3项", "201 年", "1e5", "1" * 13),
        *("①", "²", "(-5)", "——5", "100\n200", "1 2", "1\n2", "-\n5", "8.44E+06", "########", "2.5%", "5万元"),
    ],
)
def test_what_is_no_amount_is_never_guessed(text: str) -> None:
    assert parse_amount(text) is None


def test_an_amount_with_a_unit_of_its_own_is_one_only_where_the_table_has_that_unit() -> None:
    assert parse_amount("72,000元", Unit.YUAN) == 72_000
    assert parse_amount("7.2万元", Unit.WAN_YUAN) == Decimal("7.2")
    assert parse_amount("72,000元", Unit.WAN_YUAN) is None
    assert parse_amount("72,000元") is None


def test_a_mark_of_a_footnote_is_no_decimal() -> None:
    assert [decimals(text) for text in ("30.30①", "30.3²", "(1,234.50)", "72.0元", "—")] == [2, 1, 2, 1, 0]


def test_characters_that_look_alike_are_one() -> None:
    assert plain_characters("收⼊预算⾦额⻔⻋⺠年２０２５\u200b年") == "收入预算金额门车民年2025年"
    assert plain_characters("，。（）Ａ") == "，。（）Ａ"


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
