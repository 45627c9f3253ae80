"""A table that slipped or contradicts itself is one finding, and nobody else is blamed with it."""

from collections.abc import Sequence

import polars as pl
import pytest
from make.books import CONTEXT
from make.line_items import items

from analysis.balancing.examine import ReadDataset, examine
from analysis.balancing.identities.incomplete_tables import no_incomplete_tables
from analysis.dataset.store import to_frame

ROWS = (
    ("207", "文化旅游体育与传媒支出", "subtotal", 60),
    ("20701", "文化和旅游", "subtotal", 60),
    ("2070101", "行政运行", "detail", 33),
    ("2070104", "图书馆", "detail", 27),
    ("208", "社会保障和就业支出", "subtotal", 35),
    ("20805", "行政事业单位养老支出", "subtotal", 35),
    ("2080505", "机关事业单位基本养老保险缴费支出", "detail", 23),
    ("2080506", "机关事业单位职业年金缴费支出", "detail", 12),
    ("210", "卫生健康支出", "subtotal", 9),
    ("21011", "行政事业单位医疗", "subtotal", 9),
    ("2101101", "行政单位医疗", "detail", 9),
    ("221", "住房保障支出", "subtotal", 14),
    ("22102", "住房改革支出", "subtotal", 14),
    ("2210201", "住房公积金", "detail", 14),
)
AMOUNTS = [row[3] for row in ROWS]


def table(name: str, side: str, amounts: Sequence[int | None], total: int = 118) -> str:
    lines = [f"{name} {side} 0 - 合计 total total={total}"]
    lines += [
        f"{name} {side} {at} {code} {words} {role} total={amount}"
        for at, ((code, words, role, _), amount) in enumerate(zip(ROWS, amounts, strict=True), start=1)
        if amount is not None
    ]
    return "\n".join(lines)


def found(amounts: Sequence[int | None], total: int = 118, twins: bool = True, numbered: bool = False) -> pl.DataFrame:
    text = table("general_public_budget", "e", amounts, total)
    if twins:
        text += "\n" + table("expenditure", "e", AMOUNTS)
        text += "\n" + table("revenue", "r", AMOUNTS)
    return examined(items(text, document="d"), numbered)


def examined(frame: pl.DataFrame, numbered: bool = False) -> pl.DataFrame:
    """The errors that are found in a document of these line items."""
    document = {"document_id": "d", "source_file": "d.pdf", "status": "parsed", "kind": "budget", "document_year": 2024}
    documents = to_frame([document], "documents")
    columns = to_frame([], "line_items").select(pl.exclude(frame.columns)).schema
    frame = frame.with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in columns.items()),
        form=pl.lit(None, pl.String),
    ).with_columns(scheme=pl.lit("functional"), printed_code=pl.col("code"), source_file=pl.lit("d.pdf"))
    frame = numbered_rows(frame) if numbered else frame
    narrative, passages, statements, *notes = (
        to_frame([], table) for table in ("narrative", "passages", "statements", "facts", "projects", "performance")
    )
    tables = to_frame([], "tables")
    read = ReadDataset(documents, frame, narrative, passages, statements, tables, no_incomplete_tables(), *notes)
    return examine(read, CONTEXT).findings.filter(pl.col("severity") == "error")


def numbered_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the budget's table with their numbers for codes, as the reader gives them."""
    level = (pl.col("code").str.len_chars() // 2).cast(frame.schema["code_level"])
    frame = frame.with_columns(code_level=level)
    here = (pl.col("table") == "general_public_budget") & pl.col("code").is_not_null()
    number = pl.when(pl.col("row_number") == 2).then(pl.lit("2"))
    return frame.with_columns(
        pl.when(here).then(number).otherwise(pl.col(name)).alias(name) for name in ("code", "printed_code")
    ).with_columns(
        pl.when(here).then(None).otherwise(pl.col(name)).alias(name) for name in ("parent_code", "code_level")
    )


def test_a_sound_document_has_no_finding() -> None:
    assert found(AMOUNTS).is_empty()


@pytest.mark.parametrize("lost", [2, 5])
def test_rows_that_slipped_are_one_finding_from_where_to_where(lost: int) -> None:
    slipped = [*AMOUNTS[:lost], *AMOUNTS[lost + 1 :], 118]
    told = found(slipped)
    assert told["rule"].to_list() == ["misaligned_rows"]
    assert told["code"].to_list() == [ROWS[lost][0]]
    assert ROWS[lost + 1][0] in told["message_zh"][0]
    proposed = {one["code"]: one["proposed"] for one in told["figures"][0]}
    assert proposed[ROWS[lost + 1][0]].replace(",", "") == str(AMOUNTS[lost + 1])


@pytest.mark.parametrize("lost", [7, 10])
def test_a_column_that_its_own_sums_put_right_is_one_finding_with_what_belongs_where(lost: int) -> None:
    (told,) = found([*AMOUNTS[:lost], *AMOUNTS[lost + 1 :], 118]).to_dicts()
    assert told["cause"] == "column_shifted"
    assert f"自“{ROWS[lost][0]}" in told["message_zh"]
    assert {one["code"]: one["proposed"] for one in told["figures"]}[ROWS[-1][0]] == "14"


def test_one_wrong_figure_is_not_a_slipped_table() -> None:
    wrong = [*AMOUNTS]
    wrong[6] = 32
    told = found(wrong)
    assert told.select("rule", "code", "expected").rows() != []
    assert set(told["code"]) == {ROWS[6][0]}
    assert told["expected"].to_list() == ["23"]


def test_a_table_that_contradicts_itself_is_one_finding_without_a_proposal() -> None:
    told = found([71, 44, 19, 5, 3, 52, 8, 31, 77, 6, 41, 2, 58, 90], total=13, twins=False)
    assert told["rule"].to_list() == ["contradictory_table"]
    assert told["expected"].to_list() == [None]


def test_a_few_wrong_figures_are_told_as_what_they_are_though_one_is_above_its_total() -> None:
    wrong = [*AMOUNTS]
    wrong[2], wrong[6], wrong[13] = 330, 32, 41
    assert "contradictory_table" not in found(wrong)["rule"].to_list()


@pytest.mark.parametrize("lost", [3, 6, 7])
def test_a_row_that_is_left_out_is_one_finding_with_its_name(lost: int) -> None:
    (told,) = found([*AMOUNTS[:lost], None, *AMOUNTS[lost + 1 :]]).to_dicts()
    assert (told["rule"], told["code"]) == ("missing_row", ROWS[lost][0])
    assert told["expected"] is None
    assert ROWS[lost][1] in told["message_zh"]


def test_the_only_row_of_a_section_is_missed_though_no_sum_lacks_it() -> None:
    lost = 10
    (told,) = found([*AMOUNTS[:lost], None, *AMOUNTS[lost + 1 :]]).to_dicts()
    assert (told["rule"], told["code"], told["severity"]) == ("missing_row", ROWS[lost][0], "error")
    # A table that goes no deeper than its sections lacks nothing, and one other table alone proves no row.
    deep = [None if len(code) == 7 else amount for code, _, _, amount in ROWS]
    assert "missing_row" not in found(deep)["rule"].to_list()
    assert "missing_row" not in found([*AMOUNTS[:lost], None, *AMOUNTS[lost + 1 :]], twins=False)["rule"].to_list()


def test_a_sum_that_lacks_what_nobody_prints_is_no_missing_row() -> None:
    told = found([*AMOUNTS[:1], 61, *AMOUNTS[2:]])
    assert "missing_row" not in told["rule"].to_list()


def test_a_table_whose_rows_are_numbered_is_one_finding_with_the_code_of_each_name() -> None:
    (told,) = found(AMOUNTS, numbered=True).to_dicts()
    assert told["rule"] == "code_serial"
    assert [one["proposed"] for one in told["figures"]] == [code for code, *_ in ROWS]


def test_figures_that_slid_in_a_ring_are_one_finding() -> None:
    ring = [*AMOUNTS]
    ring[5:9] = [AMOUNTS[8], *AMOUNTS[5:8]]
    told = found(ring)
    assert told["rule"].to_list() == ["misaligned_rows"]
    assert told["code"].to_list() == ["2080505"]


def test_two_figures_that_changed_places_are_no_slipped_rows() -> None:
    amounts = [*AMOUNTS]
    amounts[6], amounts[7] = amounts[7], amounts[6] + 1
    assert "misaligned_rows" not in found(amounts)["rule"].to_list()


def repeated(amounts: Sequence[int | None], at: int) -> pl.DataFrame:
    """The table with one of its rows printed once more at its end."""
    code, name, role, _ = ROWS[at]
    text = "\n".join((table("general_public_budget", "e", amounts), table("expenditure", "e", AMOUNTS)))
    text += f"\ngeneral_public_budget e 20 {code} {name} {role} total={amounts[at]}"
    return examined(items(text, document="d"))


def test_a_row_printed_twice_is_told_by_its_code_alone() -> None:
    told = repeated(AMOUNTS, 7)
    assert told["rule"].to_list() == ["code_duplicate"]


def test_two_rows_that_the_sums_need_stay_as_they_are() -> None:
    amounts = [*AMOUNTS]
    for at in (4, 5):
        amounts[at] += ROWS[7][3]
    told = repeated(amounts, 7)
    assert "code_duplicate" in told["rule"].to_list()
    assert not told.filter(pl.col("rule") == "section_items", pl.col("table") == "general_public_budget").height
