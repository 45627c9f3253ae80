"""The text: paragraphs, statements, and each rule with a text that obeys it, that breaks it, that cannot tell."""

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from make.books import CONTEXT, FAMILIES, SHANGHAI, TEXT_RULES
from make.findings import finding
from typesetter.corpus import Plan, make_corpus

from analysis.balancing.findings import findings_frame
from analysis.balancing.text.stated_amounts import (
    decimals,
    exact_percent,
    growth,
    in_words,
    misprints,
    ratio,
    to_amount,
)
from analysis.balancing.text.statements import rows_to_statements
from analysis.balancing.text.text_finding import at
from analysis.balancing.text.text_rules_applied import text_findings
from analysis.dataset.document_rows import line_item_rows, narrative_rows, passage_rows, statement_rows
from analysis.dataset.store import read_table, to_frame
from analysis.errors import KnowledgeError
from analysis.extraction.layout.blocks import TextLine
from analysis.extraction.layout.passages import lines_to_passages
from analysis.knowledge.text_rules import to_text_rules
from analysis.reading.text.narrative import read_narrative
from analysis.reading.text.read_text import with_statements
from analysis.steps.clean import clean_folder
from analysis.terms.document import Cover, Passage, ReadDocument
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind, Level, Place
from analysis.terms.money import Unit, parse_amount
from analysis.terms.statement import Statement

Frames = dict[str, pl.DataFrame]
TABLES = ("documents", "line_items", "narrative", "passages", "statements")

# --- paragraphs ------------------------------------------------------------------------------------------------------


def page_line(text: str, x0: float, x1: float, top: float, page: int = 1) -> TextLine:
    return TextLine(text, Place(page=page, x0=x0, top=top, x1=x1, bottom=top + 10))


def texts(lines: Sequence[TextLine]) -> list[str]:
    return [passage.text for passage in lines_to_passages([lines], SHANGHAI.wording.heading)]


def test_a_paragraph_ends_at_an_indent_at_a_heading_and_after_a_short_last_line() -> None:
    lines = [
        page_line("说 明", 280, 316, 0),
        page_line("一、收入预算", 60, 160, 20),
        page_line("收入预算为一百万元，其中财政拨款收入", 84, 500, 40),
        page_line("九十万元。", 60, 120, 60),
        page_line("支出预算为一百万元，用于人员和日常", 60, 500, 80),
        page_line("公用，见下页", 60, 498, 100),
        page_line("各表。", 60, 100, 20, page=2),
    ]
    assert texts(lines) == [
        "说明",
        "一、收入预算",
        "收入预算为一百万元，其中财政拨款收入九十万元。",
        "支出预算为一百万元，用于人员和日常公用，见下页各表。",
    ]
    first = lines_to_passages([lines], SHANGHAI.wording.heading)[3].place
    assert (first.page, first.top, first.x1, first.bottom) == (1, 80, 500, 110)


def test_a_number_at_the_beginning_of_a_line_is_no_heading_within_a_sentence() -> None:
    lines = [
        page_line("增加", 84, 500, 0),
        page_line("3.5 万元，其中", 60, 499, 20),
        page_line("2.1万元。", 60, 90, 40),
    ]
    assert texts(lines) == ["增加3.5万元，其中2.1万元。"]


def test_paragraphs_of_plain_text_end_at_blank_lines_and_headings() -> None:
    wide = "收入预算一百万元，其中财政拨款收入"
    numbered = [(1, "编制说明"), (3, wide), (4, "九十万元。"), (5, "1.人员经费。"), (6, "2.公用经费。")]
    lines = [TextLine(text, Place(line=line)) for line, text in numbered]
    assert texts(lines) == ["编制说明", f"{wide}九十万元。", "1.人员经费。", "2.公用经费。"]


def test_a_line_without_a_place_on_the_page_is_a_paragraph() -> None:
    assert texts([TextLine("甲，", Place()), TextLine("乙", Place()), TextLine("  ", Place())]) == ["甲，", "乙"]


# --- statements ------------------------------------------------------------------------------------------------------


def document(text: str, kind: Kind = Kind.BUDGET, year: int = 2025) -> ReadDocument:
    """A document of those lines, in the words of Shanghai."""
    lines = [TextLine(line.strip(), Place(page=1)) for line in text.strip().splitlines()]
    read = ReadDocument(
        cover=Cover("甲局", Level.UNIT, year, kind),
        pages=1,
        tables=(),
        other_tables=0,
        line_items=(),
        open_rows=(),
        narrative=(),
        problems=(),
        passages=lines_to_passages([lines], SHANGHAI.wording.heading),
        form="shanghai",
    )
    return with_statements(read, FAMILIES)


def stated(text: str, kind: Kind = Kind.BUDGET, year: int = 2025) -> tuple[Statement, ...]:
    """What the lines of a text state."""
    return document(text, kind, year).statements


def said(text: str, kind: Kind = Kind.BUDGET) -> list[tuple[str | None, str | None, str]]:
    """Subject, role and digits of every value."""
    return [(one.subject.words if one.subject else None, one.role, one.printed) for one in stated(text, kind)]


def test_amounts_are_read_with_their_subjects() -> None:
    text = "2025年，甲街道办事处收入预算1,200.50万元，其中：财政拨款收入1200.5万元；事业收入0万元；其他收入0万元。"
    assert said(text) == [
        ("收入预算", "current", "1,200.50"),
        ("财政拨款收入", "current", "1200.5"),
        ("事业收入", "current", "0"),
        ("其他收入", "current", "0"),
    ]
    assert [one.whole for one in stated(text)] == [None, 1, 1, 1]


@pytest.mark.parametrize(
    "text",
    ["项目支出预算100万元。", "上年其他收入3万元。", "年度预算安排795万元", "2083.68万元", "公用经费100万元。"],
)
def test_other_amounts_are_told_of_and_no_subject_of_the_shelf(text: str) -> None:
    for kind in Kind:
        found = rows_to_statements(
            to_frame([*statement_rows(document(text, kind), "d", "d.pdf")], "statements").to_dicts(),
            {1: Passage(1, text, Place())},
            TEXT_RULES,
        )
        assert all(one.subject is None for paragraph in found for one in paragraph)


def test_a_threshold_and_a_number_of_a_paper_state_nothing() -> None:
    assert stated("沪府规【2016】168号文") == ()
    assert said("单价100万元（含）以上设备0台（套）。") == [("单价100万元(含)以上设备", "current", "0")]


def test_a_comparison_is_read_with_its_year_base_direction_amount_and_percentage() -> None:
    *_, direction, change, percent = stated(
        "收入支出总计3,000万元。与2023年度相比，收入支出总计减少56.95万元，下降1.87%。", Kind.FINAL
    )
    assert [(one.role, one.printed, one.value) for one in (direction, change, percent)] == [
        ("direction", "减少", -1),
        ("change", "56.95", Decimal("569500")),
        ("change_percent", "1.87", Decimal("1.87")),
    ]
    assert {(one.base_year, one.of, one.subject and one.subject.id) for one in (direction, change, percent)} == {
        (2023, 1, "grand_total")
    }
    (_, open_words, _) = stated("收入预算7万元，比2024年预算增加（减少）5万元。")
    assert open_words.role == "direction" and open_words.value is None
    assert [one.role for one in stated("收入预算5万元，占10%。")] == ["current", "share_percent"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # codes before, behind and in brackets; names alone
        ("（一）2010201行政运行338.89万元。", [("2010201行政运行", "current", "338.89")]),
        ("（一）一般公共服务支出（科目编码201）5.2万元。", [("一般公共服务支出", "current", "5.2")]),
        ("行政运行（2040401）支出7万元", [("行政运行(2040401)支出", "current", "7")]),
        # several amounts named together
        (
            "一般公共服务支出、教育支出、住房保障支出分别为10万元、20万元和30万元。",
            [("一般公共服务支出", "current", "10"), ("教育支出", "current", "20"), ("住房保障支出", "current", "30")],
        ),
        # none, torn units and full-width thousands
        (
            "本年收入零万元，本年支出1，392.18万元。",
            [("本年收入", "current", "零"), ("本年支出", "current", "1，392.18")],
        ),
        ("因公出国（境）费万2.28元。", [("因公出国(境)费", "current", "2.28")]),
        # multiples and last year's amounts
        (
            "单位预留机动经费10万元。与上年相比增加9万元，增长9倍。",
            [
                ("单位预留机动经费", "current", "10"),
                ("单位预留机动经费", "direction", "增加"),
                ("单位预留机动经费", "change", "9"),
                ("单位预留机动经费", "change_percent", "9"),
            ],
        ),
    ],
)
def test_values_are_read_wherever_and_however_written(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(text, Kind.FINAL) == expected


def test_a_comparison_that_names_its_subject_again_speaks_of_the_amount_before() -> None:
    text = "某院2018年度收入、支出预算总计21,955.35万元，与上年相比收、支预算总计各增加3,958.67万元，增长21.95%。"
    total, *others = stated(text)
    assert {one.of for one in others} == {total.number} and len(others) == len(("direction", "change", "percent"))


def test_a_heading_names_what_its_paragraphs_speak_of() -> None:
    text = "（二）公务接待费\n2025年预算安排10万元，与上年相比减少2万元，下降16.67%。"
    found = stated(text)
    assert {one.subject and one.subject.id for one in found} == {"receptions"}
    assert [one.role for one in found] == ["current", "direction", "change", "change_percent"]


def test_an_item_states_its_budget_its_outturn_and_its_rate() -> None:
    text = (
        "1.“社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）”。年初预算为20万元，支出决算为15万元，"
        "完成年初预算的75%。决算数小于预算数的主要原因：节约。"
    )
    found = stated(text, Kind.FINAL)
    assert [(one.role, one.printed) for one in found] == [
        ("budget", "20"),
        ("current", "15"),
        ("completion_percent", "75"),
        ("direction", "决算数小于预算数"),
    ]
    assert {one.subject and one.subject.code for one in found} == {"2080501"}
    assert [one.of for one in found] == [2, None, 2, 2]


# --- what printed digits allow ---------------------------------------------------------------------------------------


def rounded(value: Fraction, places: int) -> str:
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}"


@given(st.integers(1, 10**11), st.integers(1, 10**11), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_a_percentage_of_unrounded_figures_is_always_allowed(
    now: int, before: int, a: int, b: int, places: int
) -> None:
    stated = [to_amount(rounded(Fraction(yuan, 10_000), shown), "万元") for yuan, shown in ((now, a), (before, b))]
    assume(all(amount.yuan for amount in stated))
    percent = rounded(abs(Fraction(now, before) - 1) * 100, places)
    allowed, part = growth(stated[0], stated[1]), ratio(stated[0], stated[1])
    half = Fraction(1, 2 * 10**places)
    assert allowed is not None and part is not None
    assert allowed.meets((1 if now >= before else -1) * Fraction(percent), half)
    assert part.meets(Fraction(rounded(Fraction(now, before) * 100, places)), half)


def test_the_interval_is_the_one_of_the_printed_digits() -> None:
    allowed = growth(to_amount("10.03", "万元"), to_amount("5.51", "万元"))
    assert allowed is not None and allowed.high is not None
    assert (rounded(allowed.low, 2), rounded(allowed.high, 2)) == ("81.78", "82.29")
    assert growth(to_amount("1", "万元"), to_amount("0", "万元")) is None
    assert decimals("12.50") == 2
    assert "3269.3" in {amount.digits for amount in misprints(to_amount("43269.3", "万元"))}


# --- rules -----------------------------------------------------------------------------------------------------------


def frames(text: str, cells: str = "", *, kind: str = "budget", year: int = 2025, status: str = "parsed") -> Frames:
    """A document with those paragraphs and those cells: "table side role code name measure printed", 元 unless 万."""
    lines = [TextLine(line.strip(), Place(page=1)) for line in text.strip().splitlines()]
    read = ReadDocument(
        cover=Cover("甲局", Level.UNIT, year, Kind(kind)),
        pages=1,
        tables=(),
        other_tables=0,
        line_items=(),
        open_rows=(),
        narrative=read_narrative(lines, SHANGHAI),
        problems=(),
        passages=lines_to_passages([lines], SHANGHAI.wording.heading),
        form="shanghai",
    )
    read = with_statements(read, FAMILIES)
    head = {
        "document_id": f"d{year}",
        "source_file": f"{year}.pdf",
        "kind": kind,
        "level": "unit",
        "document_year": year,
    }
    head |= {"organisation_id": "o", "organisation": "甲局"}
    documents = [head | {"status": status, "tables": 9, "other_tables": 0, "form": "shanghai"}]
    printed = enumerate(cells.strip().splitlines(), 1)
    rows = [head | row(number, line.split()) | {"fiscal_year": year} for number, line in printed]
    return {
        "documents": to_frame(documents, "documents"),
        "line_items": to_frame(rows, "line_items"),
        "narrative": to_frame([*narrative_rows(read, f"d{year}", f"{year}.pdf")], "narrative"),
        "passages": to_frame([*passage_rows(read, f"d{year}", f"{year}.pdf")], "passages"),
        "statements": to_frame([*statement_rows(read, f"d{year}", f"{year}.pdf")], "statements"),
    }


def row(number: int, words: list[str]) -> dict[str, object]:
    table, side, role, code, name, measure, printed = words
    unit = "wan_yuan" if printed.endswith("万") else "yuan"
    digits = printed.removesuffix("万")
    phase = "approved"
    if measure.endswith("!"):
        measure, phase = measure[:-1], "executed"
    return {
        "fiscal_year": 2025,
        "phase": phase,
        "table": table,
        "row_number": number,
        "side": side,
        "code": None if code == "-" else code,
        "name": None if name == "-" else name,
        "code_level": {"3": 1, "5": 2, "7": 3}.get(str(len(code))),
        "row_role": role,
        "measure": measure,
        "amount": (Decimal(digits) * (10_000 if unit == "wan_yuan" else 1)).quantize(Decimal("0.01")),
        "printed": digits,
        "printed_unit": unit,
        "placement": "printed",
    }


def found(*documents: Frames, **options: Sequence[Finding]) -> list[tuple[str, str | None, str | None]]:
    """Rule, printed and expected of every finding."""
    joined = [pl.concat([frame[name] for frame in documents]) for name in TABLES]
    return [(one.rule, one.printed, one.expected) for one in text_findings(*joined, CONTEXT, **options)]


NOTES = "\n".join(
    f"注：本单位2025年无{name}预算，故本表为空表。" for name in ("政府性基金", "国有资本经营", "“三公”经费")
)
ROWS = """
general_public_budget expenditure subtotal 208     社会保障和就业支出             total 70000
general_public_budget expenditure subtotal 20805   行政事业单位养老支出           total 70000
general_public_budget expenditure detail   2080501 行政单位离退休                 total 20000
general_public_budget expenditure detail   2080505 机关事业单位基本养老保险缴费支出 total 50000
"""
FIRST = "1.“社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）”{0}万元，主要用于离退休。"
SECOND = (
    "2.“社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）”{0}万元，"
    "主要用于养老保险。"
)
STATED = "2024年当年预算执行数为{0}万元，2025年预算安排{1}万元，比2024年预算执行数{2}。主要原因是：{3}。"


def item(
    amount: str = "2.00", prior: str = "1.60", arranged: str = "2.00", change: str = "增加25.00%", why: str = "工作需要"
) -> str:
    first = FIRST.format(amount) + STATED.format(prior, arranged, change, why)
    return f"{NOTES}\n{first}\n{SECOND.format('5.00')}"


@pytest.mark.parametrize(
    "text",
    [
        item(),
        item(change="增加25%"),
        item(prior="2.00", change="持平"),
        item(prior="2.004", change="减少0.1%"),
        item(amount="2", arranged="2.0", change="增加24.99%"),
    ],
)
def test_items_valid(text: str) -> None:
    assert found(frames(text, ROWS)) == []


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        (item(amount="3.00", arranged="3.00", change="增加87.50%"), "text_item_amount", "2.00万元"),
        (item(arranged="2.50"), "text_stated_twice", "2.00万元"),
        (item(amount="2.50"), "text_stated_twice", "2.00万元"),
        (item(change="增加26.00%"), "text_percent", "增加25.00%"),
        (item(prior="11.60"), "text_percent", "上年执行数 1.60万元"),
        (item(change="减少25.00%"), "text_direction", "增加25.00%"),
        (item(change="持平"), "text_same", "增加25.00%"),
        (item(prior="2.50", change="减少20.00%", why="经费增加"), "text_reason_direction", None),
        (item().replace("主要用于离退休", "主要用于机关事业单位基本养老保险缴费支出"), "text_reason_item", None),
        (
            item().replace("社会保障和就业支出（类）行政", "社会保险支出（类）行政", 1),
            "text_class_name",
            "社会保障和就业支出",
        ),
        (item().replace("比2024年", "比2025年"), "text_own_year", "比2024年预算执行数增加25.00%"),
        (item().replace("比2024年", "比2023年"), "text_base_year", "比2024年预算执行数增加25.00%"),
        (item(why=""), "text_empty_reason", None),
        (item(prior="0", change="增加100%"), "text_zero_base", None),
    ],
)
def test_items_invalid(text: str, rule: str, expected: str | None) -> None:
    assert [(name, should) for name, _, should in found(frames(text, ROWS))] == [(rule, expected)]


def test_the_budget_that_a_text_tells_beside_an_outturn_is_held_against_no_outturn() -> None:
    rows = """
    general_public_budget expenditure detail 2080501 行政单位离退休 total! 28.55万
    three_public expenditure total - - receptions! 0.79万
    three_public expenditure total - - total! 0.79万
    three_public expenditure total - - receptions 3.35万
    three_public expenditure total - - total 3.35万
    """
    text = """
    （一）社会保障和就业支出（类）
    1.行政事业单位养老支出（款）行政单位离退休（项）。年初预算26.26万元，支出决算28.55万元，完成年初预算的108.72%。
    公务接待费支出预算3.35万元，支出决算0.79万元，完成预算的23.58%。
    """
    told = [rule for rule, _, _ in found(frames(text, rows, kind="final"))]
    assert not {"text_table", "text_rate", "text_item_amount"} & set(told)
    wrong = text.replace("决算28.55", "决算29.55").replace("预算3.35", "预算3.85").replace("108.72", "112.53")
    assert ("text_table", "28.55万元") in [
        (rule, should) for rule, _, should in found(frames(wrong, rows, kind="final"))
    ]
    assert "text_rate" in [rule for rule, _, _ in found(frames(wrong, rows, kind="final"))]


def test_agency_expenses_are_held_against_no_column_that_a_form_does_not_print() -> None:
    rows = "three_public expenditure total - - total 30000\nthree_public expenditure total - - receptions 30000"
    text = f"{NOTES}\n下属1家机关财政拨款的机关运行经费预算为137.28万元。"
    assert "text_table" not in [rule for rule, _, _ in found(frames(text, rows))]


def test_a_note_of_emptiness_may_begin_with_another_word() -> None:
    assert found(frames(item().replace("注：", "说明："), ROWS)) == []


def test_figures_that_are_cut_and_not_rounded_are_told_once_as_info() -> None:
    rows = ROWS.replace("total 20000", "total 20080").replace("total 50000", "total 50090")
    text = f"{NOTES}\n{FIRST.format('2.00')}\n{SECOND.format('5.00')}"
    assert found(frames(text, rows)) == [("text_truncated", "2.00万元", "2.01万元")]
    assert found(frames(text.replace("5.00", "5.02"), rows))[1:] == [("text_item_amount", "5.02万元", "5.01万元")]


def names(*printed: str) -> list[tuple[int, str, str]]:
    lines = [TextLine(line, Place(page=1)) for line in printed]
    return [(one.number, one.section_name, one.item_name) for one in read_narrative(lines, SHANGHAI)]


def test_items_without_a_number_are_items_of_their_own_and_counted() -> None:
    second = SECOND.format("5.00").removeprefix("2.")
    assert names(FIRST.format("2.00"), second) == [
        (1, "行政事业单位养老支出", "行政单位离退休"),
        (2, "行政事业单位养老支出", "机关事业单位基本养老保险缴费支出"),
    ]
    assert names(FIRST.format("2.00").removesuffix("。"), second)[1:] == []


def test_levels_of_an_item_may_be_parted_by_dashes() -> None:
    section = "政府办公厅（室）及相关机构事务"
    line = f"2.“一般公共服务支出-{section}-行政运行”科目1,202.95万元，主要用于行政单位的基本支出。"
    assert names(line) == [(2, section, "行政运行")]
    assert names(line.removeprefix("2.")) == [(1, section, "行政运行")]


def test_an_item_that_stands_twice_word_for_word_is_one() -> None:
    assert names(FIRST.format("2.00"), SECOND.format("5.00"), SECOND.format("5.00"))[2:] == []


def test_items_undecided_where_the_tables_contradict_each_other_or_are_not_all_there() -> None:
    other = "expenditure expenditure detail 2080501 行政单位离退休 total 30000"
    text = item(amount="3.00", arranged="3.00", change="增加87.50%")
    assert found(frames(text, f"{ROWS}{other}")) == []
    unknown = item().replace("离退休（项）", "某项工作（项）", 1)
    assert found(frames(unknown, "", status="partial")) == []
    one = frames("\n".join(text.splitlines()[:-1]), ROWS, status="partial")
    assert found(one) == [("text_item_amount", "3.00万元", "2.00万元")]


def test_names_moved_by_a_level_an_item_without_a_row_and_a_row_without_an_item() -> None:
    moved = FIRST.format("2.00").replace(
        "行政事业单位养老支出（款）行政单位离退休", "社会保障和就业支出（款）行政事业单位养老支出"
    )
    text = f"{NOTES}\n{moved}\n{SECOND.format('5.00')}"
    assert [name for name, *_ in found(frames(text, ROWS))] == ["text_item_levels"]
    strange = FIRST.format("9.00").replace("行政单位离退休", "烈士纪念设施")
    assert [name for name, *_ in found(frames(f"{item()}\n{strange}", ROWS))] == ["text_item_no_row"]
    alone = f"{NOTES}\n{SECOND.format('5.00')}"
    assert found(frames(alone, ROWS)) == [("text_row_no_item", "20000元", None)]
    assert found(frames(alone, ROWS, status="partial")) == []


def test_a_class_name_that_the_code_book_knows_is_the_table_s_affair_and_a_known_cause_is_not_told_twice() -> None:
    old = ROWS.replace("社会保障和就业支出 ", "社会保险支出 ")
    assert found(frames(item(), old)) == []
    wrong = frames(item().replace("社会保障和就业支出（类）行政", "社会保险支出（类）行政", 1), ROWS)
    known = finding(document_id="d2025", table="narrative", name="行政单位离退休")
    assert found(wrong, codes=[known]) == []


SUMMARY = """
revenue_expenditure_summary revenue     total - 收入总计 total 1000000
revenue_expenditure_summary expenditure total - 支出总计 total 1000000
appropriation_summary       revenue     total - 收入总计 total 1000000
appropriation_summary       expenditure total - 支出总计 total 1000000
appropriation_summary       expenditure total - 支出总计 general_public_budget 1000000
"""
OPENING = (
    "2025年，甲局收入预算100.00万元，其中：财政拨款收入100.00万元，比2024年预算增加5.00万元。\n"
    "支出预算100.00万元，其中：财政拨款支出预算100.00万元，比2024年预算增加5.00万元。财政拨款支出预算中，"
    "一般公共预算拨款支出预算100.00万元，比2024年预算增加5.00万元；政府性基金拨款支出预算0万元，比2024年预算持平。\n"
    "财政拨款收入支出增加的主要原因是项目调整。"
)


def test_opening_sentences_valid_and_undecided() -> None:
    assert found(frames(f"{OPENING}\n{NOTES}", SUMMARY)) == []
    assert found(frames(f"{OPENING}\n{NOTES}")) == []
    assert found(frames(OPENING.replace("收入预算100.00", "收入预算300.00"), status="partial")) == []


@pytest.mark.parametrize(
    ("printed", "instead", "rule", "expected"),
    [
        ("收入预算100.00", "收入预算10.00", "text_table", "100.00万元"),
        ("一般公共预算拨款支出预算100.00", "一般公共预算拨款支出预算100.01", "text_table", "100.00万元"),
        ("0万元，比2024年预算持平", "0万元，比2024年预算增加5.00万元", "text_below_zero", "与2024年预算持平"),
        ("财政拨款收入100.00万元，比2024年预算", "财政拨款收入100.00万元，比2024年预算执行数", "text_base_word", None),
        (
            "财政拨款收入100.00万元，比2024年预算增加5.00",
            "财政拨款收入100.00万元，比2024年预算增加6.00",
            "text_change_apart",
            None,
        ),
        ("收入支出增加的", "收入支出减少的", "text_direction", "增加"),
        ("拨款支出预算0万元，比2024年", "拨款支出预算0万元，比2025年", "text_own_year", "比2024年预算持平"),
        ("项目调整。", "项目调整。。", "text_punctuation", "因是项目调整。"),
        ("项目调整。", "项目调整调整。", "text_doubled", "调整"),
        ("增加5.00万元。\n支", "增加（减少）5.00万元。\n支", "text_placeholder", None),
        ("是项目调整。", "是。", "text_empty_reason", None),
        ("注：本单位2025年无国有资本经营", "注：本单位2025年无政府性基金", "text_note_other", "国有资本经营预算"),
        ("注：本单位2025年无国有资本经营预算，故本表为空表。", "", "text_note_missing", None),
    ],
)
def test_opening_sentences_invalid(printed: str, instead: str, rule: str, expected: str | None) -> None:
    text = f"{OPENING}\n{NOTES}"
    assert printed in text
    findings = found(frames(text.replace(printed, instead), SUMMARY))
    assert [(name, should) for name, _, should in findings] == [(rule, expected)]


THREE = """
three_public expenditure total - - total             10.00万
three_public expenditure total - - receptions        1.00万
three_public expenditure total - - vehicles          9.00万
three_public expenditure total - - vehicle_operation 9.00万
"""
THREE_TEXT = (
    "2025年“三公”经费预算数为10.00万元。其中：\n（一）因公出国（境）费0万元。\n"
    "（二）公务用车购置及运行费9万元，其中：公务用车购置费0万元；公务用车运行费9.00万元。\n（三）公务接待费1.00万元。"
)


def test_three_public_text_against_its_table() -> None:
    others = "\n".join(NOTES.splitlines()[:2])
    assert found(frames(f"{THREE_TEXT}\n{others}", THREE)) == []
    wrong = THREE_TEXT.replace("运行费9.00", "运行费9.10")
    assert found(frames(f"{wrong}\n{others}", THREE)) == [("text_table", "公务用车运行费9.10万元", "9.00万元")]
    blank = THREE_TEXT.replace("购置费0", "购置费5")
    assert found(frames(f"{blank}\n{others}", THREE)) == [("text_table", "公务用车购置费5万元", "0.00万元")]
    apart = THREE_TEXT.replace("运行费9.00", "运行费9.80")
    assert found(frames(f"{apart}\n{NOTES}")) == [("text_sum", "公务用车购置及运行费9万元", None)]
    assert found(frames(f"{THREE_TEXT}\n{NOTES}", THREE))[0][0] == "text_note_filled"


def test_last_years_figure_is_not_taken_for_this_years_blank() -> None:
    text = f"{THREE_TEXT}\n" + "\n".join(NOTES.splitlines()[:2])
    read = frames(text, f"{THREE.rstrip()}\nthree_public expenditure total - - vehicle_purchase 18.00万")
    assert [rule for rule, _, _ in found(read)] == ["text_table"]
    purchase = pl.col("measure") == "vehicle_purchase"
    before = read["line_items"].with_columns(fiscal_year=pl.when(purchase).then(2024).otherwise("fiscal_year"))
    assert found(read | {"line_items": before.cast(read["line_items"].schema)}) == []


PROCUREMENT = (
    "2025年本单位政府采购预算{0}万元，其中：政府采购货物预算1.01万元、政府采购工程预算0万元、政府采购服务预算2.02万元。"
)


def test_parts_of_procurement() -> None:
    assert found(frames(f"{PROCUREMENT.format('3.03')}\n{NOTES}")) == []
    assert found(frames(f"{PROCUREMENT.format('3.04')}\n{NOTES}")) == []
    assert found(frames(f"{PROCUREMENT.format('3.30')}\n{NOTES}")) == [("text_sum", "政府采购预算3.30万元", None)]
    reserved = "面向中小企业预留政府采购项目预算金额4.00万元。"
    assert found(frames(f"{PROCUREMENT.format('3.03')}\n{reserved}\n{NOTES}"))[0][0] == "text_part"


FINAL = """
revenue_expenditure_summary revenue total - 总计 total! 300.00万
revenue revenue total - 合计 total! 200.00万
revenue revenue total - 合计 fiscal_appropriation! 150.00万
general_public_budget expenditure total - 合计 total! 150.00万
general_public_budget expenditure subtotal 201 一般公共服务支出 total! 100.00万
general_public_budget expenditure subtotal 221 住房保障支出 total! 50.00万
three_public expenditure total - - total 2.00万
"""
FINAL_TEXT = (
    "甲局2025年度收入支出总计300.00万元。与2024年度相比，收入支出总计减少10.00万元，下降3.23%。\n"
    "本年收入合计200.00万元，其中：财政拨款收入150.00万元，占75.00%。\n"
    "一般公共预算财政拨款支出150.00万元，主要用于以下方面：一般公共服务支出（类）100.00万元，占66.67%；"
    "住房保障支出（类）50.00万元，占33.33%。\n"
    "“三公”经费财政拨款支出年初预算为2.00万元，支出决算为0万元，完成预算的0%。"
)


def final(text: str) -> list[tuple[str, str | None, str | None]]:
    notes = "\n".join(NOTES.splitlines()[:2])
    return found(frames(f"{text}\n{notes}", FINAL, kind="final"))


def test_final_accounts_valid() -> None:
    assert final(FINAL_TEXT) == []


def against_tables(text: str, cells: str, *, proven: bool = True, lacking: str = "") -> list[tuple[str, str | None]]:
    """Rule and expected words of what is found where the figures are proven or not, and one table is not there."""
    read = frames(f"{text}\n{NOTES.splitlines()[0]}\n{NOTES.splitlines()[1]}", cells, kind="final")
    items = read["line_items"].filter(pl.col("table") != lacking).with_columns(proven=pl.lit(proven))
    owed = {form.table for form in SHANGHAI.forms if form.kind is Kind.FINAL}
    tables = to_frame([{"document_id": "d2025", "table": table} for table in sorted(owed - {lacking})], "tables")
    frames_of = [items if name == "line_items" else read[name] for name in TABLES]
    return [(one.rule, one.expected) for one in text_findings(*frames_of, CONTEXT, tables=tables)]


def test_an_amount_is_not_held_against_rows_of_the_name_where_its_own_table_is_missing() -> None:
    wrong = FINAL_TEXT.replace("（类）50.00", "（类）50.10")
    appropriations = FINAL.replace("general_public_budget ", "appropriation_expenditure ")
    cells = f"{FINAL.strip()}\n{appropriations.strip()}"
    assert against_tables(wrong, cells) == [("text_table", "50.00万元")]
    told = against_tables(wrong, cells, lacking="general_public_budget")
    assert "text_table" not in [rule for rule, _ in told]


def test_an_item_with_the_amount_of_another_row_may_bear_a_wrong_name() -> None:
    def told(amount: str) -> list[str | None]:
        text = item().replace("2.00", amount)
        return [should for rule, _, should in found(frames(f"{text}\n{NOTES}", ROWS)) if rule == "text_item_amount"]

    assert told("3.00") == ["2.00万元"]
    assert told("5.00") == [None]


def test_a_repair_is_sure_only_where_others_prove_the_figure_of_the_table() -> None:
    wrong = FINAL_TEXT.replace("年初预算为2.00", "年初预算为2.50")
    assert against_tables(wrong, FINAL) == [("text_table", "2.00万元")]
    assert against_tables(wrong, FINAL, proven=False) == [("text_table", None)]


def test_the_same_digits_in_another_unit_and_an_amount_of_another_row_are_no_sure_repair() -> None:
    in_yuan = FINAL.replace("- - total 2.00万", "- - total 2.00")
    assert against_tables(FINAL_TEXT, in_yuan) == [("text_table", None)]
    other_name = FINAL_TEXT.replace("住房保障支出（类）50.00", "住房保障支出（类）100.00")
    assert ("text_table", None) in against_tables(other_name, FINAL)


@pytest.mark.parametrize(
    ("printed", "instead", "rule", "expected"),
    [
        ("总计300.00万元。", "总计0.3万元。", "text_table", "300.00万元"),
        ("下降3.23%", "下降3.33%", "text_percent", "3.23%"),
        ("下降3.23%", "增长3.23%", "text_direction", "下降"),
        ("占75.00%", "占75.01%", "text_share", "75.00%"),
        ("占66.67%", "占66.77%", "text_share", "66.67%"),
        ("（类）50.00", "（类）50.10", "text_table", "50.00万元"),
        ("年初预算为2.00", "年初预算为2.50", "text_table", "2.00万元"),
        ("完成预算的0%", "完成预算的50%", "text_rate", "0%"),
    ],
)
def test_final_accounts_invalid(printed: str, instead: str, rule: str, expected: str) -> None:
    assert printed in FINAL_TEXT
    findings = final(FINAL_TEXT.replace(printed, instead))
    assert (rule, expected) in [(name, should) for name, _, should in findings]
    assert {name for name, *_ in findings} <= {rule, "text_share", "text_percent"}


def test_a_stated_change_is_the_difference_of_the_two_documents() -> None:
    this, last = f"{OPENING}\n{NOTES}", "2024年，甲局收入预算95.00万元，其中：财政拨款收入95.00万元。"
    assert found(frames(this), frames(last, year=2024, status="partial")) == []
    other = frames(last.replace("95", "94"), year=2024, status="partial")
    assert found(frames(this), other) == [
        ("text_last_year", "财政拨款收入100.00万元，比2024年预算增加5.00万元", "增加6.00万元")
    ]
    rival = {**other, "documents": other["documents"].with_columns(document_id=pl.lit("rival"))}
    for name in ("passages", "statements"):
        rival[name] = other[name].with_columns(document_id=pl.lit("rival"))
    assert found(frames(this), other, rival) == []


def test_messages_are_one_sentence_in_two_languages_with_place_printed_and_expected() -> None:
    joined = frames(item(change="增加26.00%"), ROWS)
    (finding,) = text_findings(*(joined[name] for name in TABLES), CONTEXT)
    for message in (finding.message_zh, finding.message_en):
        assert str(finding.printed) in message and str(finding.expected) in message and "\n" not in message
        assert "{" not in message and "<" not in message
    assert finding.message_zh.startswith("第1页") and finding.message_en.startswith("p. 1")
    assert (finding.severity, finding.table, finding.place.page) == ("error", "narrative", 1)


BROKEN = {
    "unknown subject": '[[sums]]\nwhole = "no_such_subject"\nparts = []\n',
    "misspelt key": '[[notes]]\ntable = "three_public"\nzh = "三公"\npatern = "三公"\n',
    "no pattern": '[[notes]]\ntable = "three_public"\nzh = "三公"\npattern = "(三公"\n',
    "used twice": 2 * '[[subjects]]\nid = "a"\nkind = "budget"\nzh = "甲"\nen = "a"\npattern = "甲"\n',
    "unknown table": '[[subjects]]\nid = "a"\nkind = "budget"\nzh = "甲"\nen = "a"\npattern = "甲"\n'
    'cells = [{ table = "no_table", side = "revenue", measure = "total" }]\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_words_of_a_family_are_read_strictly(text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"text\.toml"):
        to_text_rules(text)


def test_every_rule_of_the_text_has_its_source_and_its_kinds() -> None:
    assert all(rule.source and rule.kinds for rule in TEXT_RULES.rules.values())


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (Place(page=3, line=5), "第3页说明", "p. 3, note"),
        (Place(line=5), "第5行说明", "line 5, note"),
        (Place(cell="B7"), "说明", "note"),
    ],
)
def test_a_place_in_words_names_what_the_file_has(place: Place, zh: str, en: str) -> None:
    found = at(place, "说明", "note")
    assert (found.zh, found.en, found.place) == (zh, en, place)


# --- whole documents -------------------------------------------------------------------------------------------------


def cleaned(raw: Path, clean: Path) -> Frames:
    clean_folder(raw, clean, workers=2)
    return {name: read_table(clean, name) for name in TABLES}


@pytest.mark.slow
def test_made_documents_without_errors_have_no_finding(tmp_path: Path) -> None:
    for number, form in enumerate(("pdf", "xlsx", "docx", "html", "txt")):
        make_corpus(Plan(12, 40 + number, form), tmp_path / form, 2)
        dataset = cleaned(tmp_path / form / "raw", tmp_path / f"{form}-clean")
        assert dataset["passages"]["document_id"].n_unique() == dataset["documents"].height
        assert text_findings(*(dataset[name] for name in TABLES), CONTEXT) == ()


@pytest.fixture(scope="module")
def published(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    dataset = cleaned(shared / "documents", tmp_path_factory.mktemp("published") / "clean")
    return findings_frame(text_findings(*(dataset[name] for name in TABLES), CONTEXT))


# What stands in known_errors.csv for the text, as the rules say it: document, page or line, rule, expected.
ERRORS = {
    ("putuo-wanli-2023-dept", 6, "text_below_zero", "与2022年预算持平"),
    ("putuo-wanli-2023-dept", 6, "text_percent", "增加289.12%"),
    ("putuo-wanli-2023-dept", 7, "text_stated_twice", "220.63万元"),
    ("putuo-wanli-2023-dept", 7, "text_percent", "增加66.40%"),
    ("putuo-wanli-2024-dept", 9, "text_stated_twice", "350.35万元"),
    ("putuo-wanli-2025-dept", 7, "text_item_levels", "卫生健康支出（类）计划生育事务（款）计划生育服务（项）"),
    ("putuo-sifaju-2026-dept", 8, "text_own_year", "比2025年预算增加793.14万元"),
    ("putuo-sifaju-2026-dept", 9, "text_percent", "上年执行数 3269.3万元"),
    ("putuo-sifaju-2026-dept", 9, "text_percent", "增加17.93%"),
    ("putuo-sifaju-2026-dept", 9, "text_class_name", "卫生健康支出"),
    ("putuo-sifaju-2026-dept", 9, "text_stated_twice", "208.8万元"),
    ("putuo-caizhengju-2024-final", 21, "text_table", "2961.68万元"),
    ("putuo-caizhengju-2024-final", 21, "text_share", "71.65%"),
}


@pytest.mark.slow
def test_every_known_error_of_the_published_texts_is_found_and_no_other(published: pl.DataFrame, shared: Path) -> None:
    graver = published.filter(pl.col("severity") != "info")
    mine = {
        (Path(row["source_file"]).stem, row["page"] or row["line"], row["rule"], row["expected"])
        for row in graver.filter(pl.col("severity") == "error").iter_rows(named=True)
    }
    assert mine == ERRORS
    with (shared / "gold" / "known_errors.csv").open(encoding="utf-8") as file:
        known = [entry for entry in csv.DictReader(file) if entry["table_or_narrative"] == "narrative"]
    places = [(entry["id"], int(entry["page"])) for entry in known if entry["severity"] == "error"]
    assert sorted(places) == sorted((document, page) for document, page, *_ in ERRORS)
    warnings = graver.filter(pl.col("severity") == "warning")
    assert warnings.select("rule", "page").rows() == [("text_note_filled", 31)]


@pytest.mark.slow
def test_the_wording_of_the_published_texts_is_told_as_info(published: pl.DataFrame) -> None:
    told = published.filter(pl.col("severity") == "info").group_by("rule").len().sort("rule").rows()
    assert told == [
        ("text_base_word", 2),
        ("text_disclosure", 1),
        ("text_doubled", 1),
        ("text_full_stop", 1),
        ("text_listed_names", 1),
        ("text_placeholder", 1),
        ("text_punctuation", 1),
        ("text_reason_direction", 2),
        ("text_reason_item", 5),
        ("text_unit", 2),
        ("text_zero_base", 3),
    ]


def test_any_number_of_digits_is_put_into_words() -> None:
    assert exact_percent(Decimal(10) ** 20, Decimal("1e-40")) == "1" + "0" * 62 + "%"
    assert in_words(Decimal("1" + "0" * 40)) == "1" + "0" * 36 + "万元"
    assert in_words(Decimal(-12_345), shown=1) == "-1.2万元"


def test_an_item_with_an_amount_that_money_cannot_hold_is_not_read() -> None:
    words = "1.“教育支出（类）普通教育（款）学前教育（项）”{}，比2024年执行数增加{}%。"
    place = Place(page=1)
    huge, percent, plain = (
        read_narrative([TextLine(words.format(amount, change), place)], SHANGHAI)
        for amount, change in (("999999999999亿元", "5"), ("5万元", "9" * 40), ("5万元", "5"))
    )
    assert huge == ()
    assert [one.change_percent for one in (*percent, *plain)] == [None, Decimal(5)]


@pytest.mark.parametrize(
    ("printed", "unit", "yuan"),
    [("1,234,567.00元", "yuan", "1234567.00"), ("123.46万元", "wan_yuan", "1234600.00"),
     ("1.2亿元", "yi_yuan", "120000000.00")],
)  # fmt: skip
def test_a_stated_amount_keeps_the_unit_that_it_is_printed_in(printed: str, unit: str, yuan: str) -> None:
    words = f"1.“教育支出（类）普通教育（款）学前教育（项）”{printed}，2024年执行数为50万元，比2024年执行数增加5%。"
    read = ReadDocument(
        cover=Cover("甲局", Level.UNIT, 2025, Kind.BUDGET),
        pages=1,
        tables=(),
        other_tables=0,
        line_items=(),
        open_rows=(),
        narrative=read_narrative([TextLine(words, Place(page=1))], SHANGHAI),
        problems=(),
    )
    current, prior = to_frame([*line_item_rows(read, "d", "d.pdf")], "line_items").to_dicts()
    assert (current["printed_unit"], current["amount"]) == (unit, Decimal(yuan))
    assert current["printed"] == printed.rstrip("亿万元")
    assert (prior["printed_unit"], prior["amount"], prior["fiscal_year"]) == ("wan_yuan", Decimal(500_000), 2024)
    assert parse_amount(current["printed"]) * Unit(current["printed_unit"]).yuan == current["amount"]


# --- kinds of mistakes, each with what looks like it and is none ------------------------------------------------------

FINAL_CELLS = """
revenue                     revenue     total    -   合计                 total!                  4952.02万
expenditure                 expenditure total    -   合计                 total!                  4958.03万
government_fund             revenue     total    -   合计                 total!                  669.20万
government_fund             expenditure total    -   合计                 total!                  669.20万
general_public_budget       expenditure subtotal 212 城乡社区支出         total!                  3274.42万
expenditure                 expenditure subtotal 212 城乡社区支出         total!                  3943.62万
basic_by_economic           expenditure detail   30103 奖金               personnel!              98.94万
basic_by_economic           expenditure subtotal -   人员经费合计         personnel!              734.70万
basic_by_economic           expenditure subtotal -   公用经费合计         operating!              109.78万
three_public                expenditure total    -   -                    total!                  29.83万
three_public                expenditure total    -   -                    vehicles!               23.19万
three_public                expenditure total    -   -                    receptions!             6.64万
three_public                expenditure total    -   -                    overseas_visits!        0.00万
"""
FUND = "本部门2025年度政府性基金预算财政拨款年初结转结余0万元。本年收入669.20万元。本年支出669.20万元。"
CLASS = "2025年度一般公共预算财政拨款支出主要用在以下几个方面：\n（3）城乡社区支出（类）3274.42万元，较上年有所增加。"
SHARES = (
    "“三公”经费支出29.83万元。\n“三公”经费支出决算中，因公出国（境）费支出0.00万元，占0.00%；"
    "公务用车购置及运行维护费支出23.19万元，占77.74%；公务接待费支出6.64万元，占22.26%。"
)
ASSETS = "甲局资产总额4561.23万元，其中，流动资产1234.57万元。与上年相比，资产总额增加540.00万元，增长13.43%。"
BESIDE = "“三公”经费支出决算29.83万元，完成预算。较上年30.00万元减少0.17万元，下降0.57%。"
AS_OF = "截至2025年末，本部门共有车辆5辆。"
BASIC = "2025年度一般公共预算财政拨款基本支出844.48万元，包括人员经费734.70万元和公用经费109.78万元。"


@pytest.mark.parametrize(
    ("text", "right", "wrong", "expected"),
    [
        (FUND, "本年支出669.20", "本年支出699.20", ("text_table", "669.20万元")),
        (CLASS, "3274.42", "3247.42", ("text_table", "3274.42万元")),
        (SHARES, "占22.26%", "占32.27%", ("text_share", "22.26%")),
        (ASSETS, "增加540.00", "增加640.00", ("text_percent", None)),
        (BESIDE, "30.00万元", "33.00万元", ("text_change_steps", None)),
        (AS_OF, "2025年末", "2024年末", ("text_year", "截至2025年末")),
        (BASIC, "109.78万元", "109.78元", ("text_table", "1097800.00元")),
    ],
)
def test_a_kind_of_mistake_is_found_where_it_stands_and_not_where_all_is_right(
    text: str, right: str, wrong: str, expected: tuple[str, str | None]
) -> None:
    assert right in text

    def told(words: str) -> list[tuple[str, str | None]]:
        rules = found(frames(words, FINAL_CELLS, kind="final"))
        return [(rule, should) for rule, _, should in rules if rule not in ("text_note_missing", "text_disclosure")]

    assert told(text) == []
    assert expected in told(text.replace(right, wrong))


@pytest.mark.parametrize(
    "sentence",
    [
        "乙县第一中学2025年度本年收入合计712.30万元，本年支出合计708.11万元。",
        "其中，市农业执法支队（二级单位）2025年度本年支出合计412.55万元。",
        "五、国有资本经营预算财政拨款支出情况\n2025年度本年收入合计0万元，本年支出合计0万元。",
    ],
)
def test_what_is_told_of_a_body_below_or_of_one_fund_is_not_held_against_the_whole(sentence: str) -> None:
    assert "text_table" not in [rule for rule, *_ in found(frames(sentence, FINAL_CELLS, kind="final"))]
    own = "2025年度本年收入合计712.30万元，本年支出合计708.11万元。"
    assert "text_table" in [rule for rule, *_ in found(frames(own, FINAL_CELLS, kind="final"))]


@pytest.mark.parametrize(("amount", "expected"), [("7.90", "5.90%"), ("8.90", None)])
def test_a_percentage_is_not_corrected_by_an_amount_that_a_row_of_its_name_prints_otherwise(
    amount: str, expected: str | None
) -> None:
    cells = "basic_by_economic expenditure detail 30216 培训费 operating! 7.90万"
    text = f"2025年度培训费支出{amount}万元，比上年增加0.44万元，增长9.93%。"
    told = [(rule, should) for rule, _, should in found(frames(text, cells, kind="final"))]
    assert ("text_percent", expected) in told


def test_levels_may_stand_in_any_brackets() -> None:
    path = "社会保障和就业支出【类】行政事业单位养老支出【款】行政单位离退休【项】2025年预算数为{0}万元。"
    told = [(rule, should) for rule, _, should in found(frames(path.format("2.30"), ROWS))]
    assert {("text_table", "2.00万元"), ("text_item_amount", "2.00万元")}.intersection(told)
    told = [(rule, should) for rule, _, should in found(frames(path.format("2.00"), ROWS))]
    assert not {"text_table", "text_item_amount"}.intersection(dict(told))


def test_a_code_behind_a_name_is_held_against_the_rows() -> None:
    rows = """
    general_public_budget expenditure detail 2101101 行政单位医疗 total! 20.00万
    general_public_budget expenditure detail 2101103 公务员医疗补助 total! 8.30万
    """
    text = "7.公务员医疗补助（2101103）。年初预算8.30万元，支出决算8.30万元。"
    told = [(rule, should) for rule, _, should in found(frames(text, rows, kind="final"))]
    assert "text_code_name" not in dict(told)
    wrong = text.replace("2101103", "2101101")
    told = [(rule, should) for rule, _, should in found(frames(wrong, rows, kind="final"))]
    assert ("text_code_name", "2101103") in told


def test_a_percentage_is_corrected_only_where_its_amount_is_no_figure_of_another_row() -> None:
    text = "2025年度机关运行经费支出{0}万元，比上年增加26.12万元，增长17.63%。基本支出1340.92万元。"
    told = [rule for rule, *_ in found(frames(text.format("174.27"), kind="final"))]
    assert "text_percent" not in told
    told = [(rule, should) for rule, _, should in found(frames(text.format("1340.92"), kind="final"))]
    assert ("text_percent", None) in told


BUDGET_CELLS = """
revenue_expenditure_summary revenue     total    -   收入总计                 total                  1914.51万
revenue_expenditure_summary revenue     detail   -   一、一般公共预算拨款收入 total                  1680.13万
revenue_expenditure_summary revenue     detail   -   二、政府性基金预算拨款收入 total                171.27万
expenditure                 expenditure total    -   合计                     basic                  800.00万
government_fund             expenditure total    -   合计                     total                  171.27万
general_public_budget       expenditure total    -   合计                     total                  1686.53万
basic_by_economic           expenditure total    -   合计                     total                  671.74万
basic_by_economic           expenditure total    -   合计                     personnel              584.41万
basic_by_economic           expenditure total    -   合计                     operating              87.33万
"""


@pytest.mark.parametrize(
    "text",
    [
        "2025年收入预算1914.51万元，包括一般公共预算拨款收入1686.53万元（含上年结转6.40万元）。",
        "2025年一般公共预算支出1680.13万元（不含上年结转）。",
        "全县2025年一般公共预算支出32亿元，政府性基金预算支出12亿元。",
        "甲局2025年政府性基金预算支出171.27万元，其中用于污水处理的政府性基金预算支出20.00万元。",
        "下属单位3个，其中甲局本级2025年收入预算900.00万元。",
        "2025年一般公共预算基本支出671.74万元。\n（一）人员经费584.41万元。\n（二）公用经费87.33万元。",
        "项目支出中另有人员经费20.00万元。",
        "机关运行经费87.33万元，包括办公费20.00万元、会议费3.00万元等。比2024年增加5.00万元，增长6.07%。",
        "机关运行经费支出109.78万元，主要用于办公费20.00万元、印刷费5.00万元，比上年减少10.22万元，下降8.52%。",
        "2025年收入预算1914.51万元，其中，本年收入1908.11万元，上年结转6.40万元。本年收入中：一般公共预算拨款收入"
        "1680.13万元，占88.05%；政府性基金预算拨款收入171.27万元，占8.98%；其他收入56.71万元，占2.97%。",
    ],
)
def test_habits_of_budgets_are_no_mistakes(text: str) -> None:
    told = [one for one in found(frames(text, BUDGET_CELLS)) if one[0] not in ("text_note_missing", "text_disclosure")]
    assert told == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年政府性基金预算支出271.27万元。", "171.27万元"),
        ("2025年一般公共预算基本支出671.74万元。\n（一）人员经费87.33万元。", "584.41万元"),
        ("2025年收入预算1914.51万元，其中：一般公共预算拨款收入1860.13万元。", "1680.13万元"),
    ],
)
def test_what_the_tables_of_a_budget_contradict_is_found(text: str, expected: str) -> None:
    told = [(rule, should) for rule, _, should in found(frames(text, BUDGET_CELLS))]
    assert [should for rule, should in told if rule == "text_table"] == [expected]
