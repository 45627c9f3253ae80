"""Series: what makes a trend and what must not, what leads from one year to the next, and how codes are followed."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.dataset.store import to_frame
from analysis.display.amounts import signed_percent, wan
from analysis.indicators.growth import growth
from analysis.indicators.structure import share
from analysis.reports.series import basics_series as basics
from analysis.reports.series import executed as execution
from analysis.reports.series import followed_codes as codes
from analysis.reports.series import spending_series as spending
from analysis.reports.series.sources import MONEY, chosen_documents, preferred
from analysis.terms.line_item import Phase

GOLD = Path(__file__).parents[2] / "shared" / "gold"
BLANK = {
    "organisation_id": "o", "level": "unit", "row_number": 1, "side": "expenditure", "kind": "budget",
    "phase": "approved", "document_id": "d", "place": "p", "suspect": False, "where": "某.pdf 第 3 页", "printed": "1",
}  # fmt: skip
MEASURES = {"合计": "total", "基本支出": "basic", "项目支出": "project"}


def items(rows: list[dict[str, object]]) -> pl.DataFrame:
    texts = ("organisation_id", "level", "document_id", "kind", "phase", "table", "side", "code", "name", "row_role",
             "measure", "place", "where", "printed")  # fmt: skip
    schema: dict[str, Any] = dict.fromkeys(texts, pl.String)
    schema |= {"fiscal_year": pl.Int16, "row_number": pl.Int32, "code_level": pl.Int16, "amount": MONEY}
    schema |= {"suspect": pl.Boolean}
    return pl.DataFrame([BLANK | {"code": None, "name": None, "code_level": None} | row for row in rows], schema=schema)


def expenditure(
    year: int, code: str | None, name: str, amount: object, measure: str = "total", **more: object
) -> dict[str, object]:
    level = None if code is None else (len(code) - 1) // 2
    role = "total" if code is None else {1: "subtotal", 2: "subtotal", 3: "detail"}[level]
    return {
        "fiscal_year": year, "table": "expenditure", "code": code, "name": name, "code_level": level, "row_role": role,
        "measure": measure, "amount": Decimal(str(amount)),
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def wanli() -> pl.DataFrame:
    rows = []
    for year in (2023, 2024, 2025):
        path = GOLD / f"putuo-wanli-{year}-dept.csv"
        if not path.exists():
            pytest.skip("the gold figures of 万里街道 are not on this machine")
        with path.open(encoding="utf-8-sig") as lines:
            for row in csv.DictReader(lines):
                if row["table"] == "b3":
                    code = row["code"] or None
                    rows.append(expenditure(year, code, row["name"], row["amount"], MEASURES[row["column"]]))
                elif row["table"] == "b9" and row["column"] == "合计":
                    amount = Decimal(row["amount"]) * 10_000
                    rows.append(expenditure(year, None, "", amount) | {"table": "three_public"})
    return items(rows)


def total_of(frame: pl.DataFrame, phase: Phase = Phase.APPROVED, measure: str = "total") -> dict[int, Decimal]:
    found = spending.totals(spending.expenditure(frame, phase)).filter(measure=measure)
    return dict(found.select("fiscal_year", "amount").iter_rows())


def classes_of(frame: pl.DataFrame) -> pl.DataFrame:
    spent = spending.expenditure(frame, Phase.APPROVED)
    return spending.by_class(spent, codes.follow(spent))


def moved_of(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    spent = spending.expenditure(frame, Phase.APPROVED)
    return spending.moved(spending.by_item(spent, codes.follow(spent)), year)


def test_trend_of_wanli_is_as_published(wanli: pl.DataFrame) -> None:
    totals = total_of(wanli)
    assert {year: wan(total) for year, total in totals.items()} == {
        2023: "16,497.86", 2024: "15,621.11", 2025: "18,976.76",
    }  # fmt: skip
    public = basics.three_public(wanli, Phase.APPROVED).filter(measure="total").sort("fiscal_year")
    assert [wan(total) for total in public["amount"]] == ["22.91", "47.91", "37.91"]
    summed = classes_of(wanli).group_by("fiscal_year").agg(pl.col("amount").sum())
    assert dict(summed.iter_rows()) == totals


def test_a_year_without_document_is_a_gap_and_no_zero() -> None:
    frame = items([expenditure(2023, None, "合计", 5), expenditure(2025, None, "合计", 7),
                   expenditure(2023, "2010101", "甲", 5), expenditure(2025, "2010101", "甲", 7)])  # fmt: skip
    assert total_of(frame) == {2023: Decimal("5.00"), 2025: Decimal("7.00")}
    assert moved_of(frame, 2025).is_empty()
    assert moved_of(frame, 2024).is_empty()


def test_phases_are_never_added_and_the_better_document_tells() -> None:
    rows = [
        expenditure(2024, None, "合计", 10),
        expenditure(2024, None, "合计", 8, phase="executed", kind="final", document_id="f"),
        expenditure(2024, None, "合计", 10.5, kind="final", document_id="f"),
    ]
    frame = preferred(items(rows))
    assert total_of(frame) == {2024: Decimal("10.00")}
    assert total_of(frame, Phase.EXECUTED) == {2024: Decimal("8.00")}
    assert total_of(preferred(items(rows[1:]))) == {2024: Decimal("10.50")}


def test_levels_and_organisations_do_not_stand_in_for_each_other() -> None:
    rows = [expenditure(2024, None, "合计", 10), expenditure(2024, None, "合计", 30, level="department", kind="final")]
    assert preferred(items(rows)).height == 2


def test_movers_tell_new_and_ended_items() -> None:
    frame = items([
        expenditure(2023, "2010101", "甲", 100), expenditure(2023, "2010102", "乙", 50),
        expenditure(2024, "2010101", "甲", 70), expenditure(2024, "2010103", "丙", 20),
    ])  # fmt: skip
    moved = moved_of(frame, 2024)
    assert moved.select("name", "change", "presence").rows() == [
        ("丙", Decimal("20.00"), "new"),
        ("甲", Decimal("-30.00"), "both"),
        ("乙", Decimal("-50.00"), "ended"),
    ]
    assert spending.movers(moved, 1)["name"].to_list() == ["丙", "乙"]


FEN = st.integers(-(10**12), 10**12)
SIDE = st.one_of(st.none(), FEN)


@given(FEN, FEN, st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=14), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_a_waterfall_leads_exactly_from_start_to_end(
    start: int, end: int, pairs: list[tuple[int | None, int | None]], named: int
) -> None:
    rows = [
        expenditure(year, f"20101{number:02}", f"第{number}项", Decimal(fen) / 100)
        for number, pair in enumerate(pairs)
        for year, fen in zip((2023, 2024), pair, strict=True)
        if fen is not None
    ]
    changes = moved_of(items(rows), 2024)
    first, last = Decimal(start) / 100, Decimal(end) / 100
    steps = spending.waterfall(((2023, first), (2024, last)), changes, named)
    assert steps["role"].to_list() == ["start", *["change"] * (steps.height - 2), "end"]
    assert steps.filter(pl.col("role") != "end")["amount"].sum() == last
    assert (steps["amount"][0], steps["amount"][-1]) == (first, last)
    assert steps.height <= named + 4


def eras(names: dict[int, str], code: str) -> tuple[codes.Following, pl.DataFrame]:
    spent = items([expenditure(year, code, name, 10 * (year - 2000)) for year, name in names.items()])
    following = codes.follow(spent)
    return following, following.keyed(spent)


def test_a_rename_that_the_code_book_knows_is_followed_and_told() -> None:
    following, keyed = eras({2018: "医疗卫生与计划生育支出", 2019: "卫生健康支出"}, "210")
    assert keyed["key"].to_list() == ["210", "210"]
    assert [words.startswith("210 由“医疗卫生与计划生育支出”改称“卫生健康支出”") for words in following.renamed] == [
        True
    ]
    assert not following.touched
    rows = items([expenditure(2018, "210", "医疗卫生与计划生育支出", 1), expenditure(2019, "210", "卫生健康支出", 2)])
    assert classes_of(rows).select("key", "name").unique().rows() == [("210", "卫生健康支出")]


def test_a_rename_of_which_nothing_is_known_breaks_the_series_and_is_told() -> None:
    following, keyed = eras({2023: "海洋渡轮补贴", 2024: "冰雪运动场馆"}, "2010199")
    assert keyed["key"].to_list() == ["2010199#1", "2010199"]
    assert following.touched == {"2010199"}
    assert "“海洋渡轮补贴”、“冰雪运动场馆”" in following.ended[0] and "没有连接" in following.ended[0]
    rows = items([expenditure(2023, "2010199", "海洋渡轮补贴", 5), expenditure(2024, "2010199", "冰雪运动场馆", 8)])
    assert set(moved_of(rows, 2024)["presence"]) == {"new", "ended"}


def test_a_name_that_a_file_misspells_does_not_break_the_series() -> None:
    following, keyed = eras(
        {2023: "机关事业单位基本养老保险缴费支出", 2024: "机关事业单位基本养老保险缴費支出"}, "2080505"
    )
    assert set(keyed["key"]) == {"2080505"}
    assert not following.ended


def narrative(rows: list[tuple[object, object, object]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = {"current": MONEY, "prior": MONEY, "change_percent": pl.Decimal(18, 4)}
    values = [[None if value is None else Decimal(str(value)) for value in row] for row in rows]
    frame = pl.DataFrame(values, schema=schema, orient="row").with_columns(document_id=pl.lit("d"))
    documents = pl.DataFrame(
        {"document_id": ["d"], "document_year": [2024], "kind": ["budget"]},
        schema_overrides={"document_year": pl.Int16},
    )
    return frame, documents


def test_prior_execution_belongs_to_the_year_before_and_is_counted() -> None:
    told = execution.prior_execution(*narrative([(110_000, 100_000, 10), (50_000, None, None), (30_000, 0, 100)]))
    assert told.rows() == [(2023, Decimal("100000.00"), 2, 3, 0)]
    assert execution.prior_execution(*narrative([(110_000, None, None)])).is_empty()


def test_a_stated_change_that_its_figures_contradict_makes_execution_doubtful() -> None:
    told = execution.prior_execution(*narrative([(38_454_900, 432_693_000, "17.62")]))
    assert told["doubtful"].to_list() == [1]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=9), st.sets(st.integers(2020, 2029), min_size=1))
@settings(max_examples=40, deadline=None)
def test_shares_sum_to_one_and_gaps_stay_gaps(fen: list[int], years: set[int]) -> None:
    rows = [
        expenditure(year, str(201 + place), f"类{place}", Decimal(amount) / 100)
        for year in years
        for place, amount in enumerate(fen)
    ]
    classes = classes_of(items(rows))
    assert set(classes["fiscal_year"]) == years
    whole = Decimal(sum(fen)) / 100
    for _, group in classes.group_by("fiscal_year"):
        shares = [share(amount, whole) for amount in group["amount"]]
        if whole:
            assert sum(part for part in shares if part is not None) == pytest.approx(1)
        else:
            assert set(shares) == {None}


def test_amounts_round_half_up_and_growth_needs_a_base() -> None:
    assert wan(Decimal("156211123")) == "15,621.11"
    assert wan(Decimal("50")) == "0.01"
    assert wan(None) == "—"
    assert growth(Decimal(3), Decimal(0)) is None
    assert signed_percent(growth(Decimal("189767551"), Decimal("156211123"))) == "+21.48%"


def test_what_was_executed_up_to_a_month_tells_no_year() -> None:
    common = {"status": "parsed", "organisation": "某某乡", "organisation_id": "a", "level": "department"}
    common |= {"document_year": 2018}
    rows = [common | {"document_id": kind, "source_file": kind, "kind": kind} for kind in ("execution", "final")]
    assert chosen_documents(to_frame(rows, "documents"))["kind"].to_list() == ["final"]
