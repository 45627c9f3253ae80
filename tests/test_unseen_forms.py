"""Layouts that nobody here has met in a file: what they say is read, or kept apart with a true reason."""

from pathlib import Path

import polars as pl
import pytest
from make.check_rows import COMMITTED
from make.unseen_budgets import LAYOUTS, truth
from make.web_tables import Reader, apart, item, meanings, page, reader

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.terms.line_item import Phase
from analysis.terms.printed_table import UnmappedReason

HEAD = "科目编码|科目名称|合计|基本支出|项目支出"
EDUCATION = ["205|教育支出|350|300|50", "20502|普通教育|350|300|50", "2050202|小学教育|350|300|50"]
PENSION = ["208|社会保障和就业支出|90|90|", "20805|行政事业单位养老支出|90|90|"]
TOTAL = "{2}合计|440|390|50.0"
EXPENDITURE = ("部门支出总表", "单位：万元")
THREE = "项目|合计|因公出国（境）费|公务接待费|公务用车购置及运行费"


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def names(document) -> list[str | None]:  # type: ignore[no-untyped-def]
    return list(dict.fromkeys(one.row.name for one in document.line_items))


@pytest.mark.parametrize(
    "row",
    ["{2}本页小计|7|8|9", "{2}本页合计|7|8|9", "|承前页|7|8|9", "过次页||7|8|9", "{2}转下页|7|8|9"],
)
def test_the_sum_of_a_page_is_no_row_of_the_table(row: str, read: Reader) -> None:
    document = read(*EXPENDITURE, [HEAD, *EDUCATION, row, *PENSION, TOTAL])
    assert apart(document) == dict.fromkeys("789", UnmappedReason.DERIVED)
    assert len(names(document)) == 6
    assert not any("不认识" in problem or "无法识别" in problem for problem in document.problems)


@pytest.mark.parametrize(
    "row", ["注：含上年结转|7.5|||", "备注|比上年减少|7.5||", "注1：含上年结转||7.5||", "*说明：含上年结转|7.5|||"]
)
def test_a_note_inside_the_frame_is_no_row_of_the_table(row: str, read: Reader) -> None:
    document = read(*EXPENDITURE, [HEAD, *EDUCATION, *PENSION, TOTAL, row])
    assert apart(document) == {"7.5": UnmappedReason.DERIVED}
    assert names(document)[-1] == "合计"


@pytest.mark.parametrize("between", [["续表"], ["续表", "单位：万元"], ["部门：某某市水务局 单位：万元"], ["（续表）"]])
def test_a_table_goes_on_below_what_every_page_prints(between: list[str], read: Reader) -> None:
    document = read(*EXPENDITURE, [HEAD, *EDUCATION], *between, [HEAD, *PENSION, TOTAL])
    assert not document.unmapped
    assert len(names(document)) == 6


def test_a_table_with_another_head_below_a_caption_is_another_table(read: Reader) -> None:
    other = ["科目编码|科目名称|甲类|乙类|丙类", "213|农林水支出|7|8|9"]
    document = read(*EXPENDITURE, [HEAD, *EDUCATION], "单位：万元", other)
    assert apart(document) == dict.fromkeys("789", UnmappedReason.UNKNOWN_TABLE)


def test_a_table_that_is_printed_twice_counts_once_and_is_told(read: Reader) -> None:
    document = read(*(*EXPENDITURE, [HEAD, *EDUCATION, *PENSION, TOTAL]) * 2)
    assert len(names(document)) == 6
    assert {cell.reason for cell in document.unmapped} == {UnmappedReason.DERIVED}
    assert any("印了两次" in note and "金额相同" in note for note in document.cover.contradictions)
    changed = [HEAD, *EDUCATION, *PENSION, TOTAL.replace("440", "441")]
    document = read(*EXPENDITURE, [HEAD, *EDUCATION, *PENSION, TOTAL], *EXPENDITURE, changed)
    assert {cell.reason for cell in document.unmapped} == {UnmappedReason.UNKNOWN_TABLE}
    assert any("印了两次" in problem and "金额不同" in problem for problem in document.problems)


def test_two_tables_side_by_side_are_two(read: Reader) -> None:
    document = read(
        [
            "{3}收入总表||{4}支出总表",
            "{3}单位：万元||{4}单位：万元",
            "科目编码|科目名称|合计||科目编码|科目名称|合计|基本支出",
            "205|教育支出|44||205|教育支出|35|30",
            "|合计|44.0||208|社会保障和就业支出|9|",
        ]
    )
    assert meanings(document) == {
        "44": ("revenue", "total"),
        "44.0": ("revenue", "total"),
        "35": ("expenditure", "total"),
        "30": ("expenditure", "basic"),
        "9": ("expenditure", "total"),
    }


def test_a_second_table_beside_the_first_is_no_part_of_it(read: Reader) -> None:
    head = "科目编码|科目名称|合计|财政拨款收入|科目编码|科目名称|合计|基本支出"
    rows = ["205|教育支出|1|2|205|教育支出|3|4", "208|社会保障和就业支出|5|6|208|社会保障和就业支出|7|8"]
    document = read("部门收入总表", "单位：万元", [head, *rows])
    assert set(meanings(document)) == {"1", "2", "5", "6"}
    assert apart(document) == dict.fromkeys("3478", UnmappedReason.AMBIGUOUS_COLUMN)


@pytest.mark.parametrize(
    ("before", "now", "back"),
    [("上年预算数", "本年预算数", 1), ("2022年预算数", "2024年预算数", 2), ("2023年", "2024年", 1)],
)
def test_rows_may_tell_the_year(before: str, now: str, back: int, read: Reader) -> None:
    rows = [THREE, f"{before}|6|1|2|3", f"{now}|70|10|20|40", "增减额|64|9|18|37"]
    document = read("“三公”经费支出表", "单位：万元", rows)
    assert {one.figure.printed: one.fiscal_year for one in document.line_items} == {
        **dict.fromkeys(("6", "1", "2", "3"), 2024 - back),
        **dict.fromkeys(("70", "10", "20", "40"), 2024),
    }
    assert {one.column.phase for one in document.line_items} == {Phase.APPROVED}
    assert set(apart(document).values()) == {UnmappedReason.DERIVED}
    assert item(document, "40").column.measure == "vehicles"


def test_a_department_that_prints_tables_of_its_government_stays_a_department(read: Reader) -> None:
    of_government = ("全市“三公”经费预算汇总表", "单位：万元", ["项目|预算数", "合计|6"])
    debt = ("某某市政府债务情况表", "单位：亿元", ["项目|金额", "债务余额|12"])
    document = read(*EXPENDITURE, [HEAD, *EDUCATION], *of_government, *debt)
    assert document.cover.level == "department"
    assert document.tables == ("expenditure",)
    assert apart(document) == dict.fromkeys(("6", "12"), UnmappedReason.UNKNOWN_TABLE)
    document = read(
        "全市一般公共预算收入预算表", "单位：万元", ["项目|预算数", "税收收入|6"], cover="某某市2024年政府预算"
    )
    assert (document.cover.level, document.tables) == ("government", ("government_revenue",))


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_that_nobody_has_seen_gives_no_wrong_cell(name: str, read: Reader) -> None:
    document = read(*LAYOUTS[name])
    assert document.tables, "a title is known"
    for one in document.line_items:
        told = truth(one.row.table, one.row.code, one.row.name, one.column.measure)
        if one.fiscal_year == 2024 and told is not None:
            assert one.figure.amount == told * 10_000, (one.row, one.column, one.figure.printed)


COUNTY = "某某县2024年政府预算"
LIST = "项目|2023年执行数|2024年预算数"
SIDES = ("{2}收入|{2}支出", "项目|预算数|项目|预算数")


def test_the_tables_of_a_government_are_known_each_by_its_title(read: Reader) -> None:
    document = read(
        "2024年某某县一般公共预算收支平衡表", "单位：万元", [*SIDES, "一、税收收入|41|一、教育支出|40"],
        "2024年某某县政府性基金预算收支表", "单位：万元", [*SIDES, "一、土地收入|31|一、城乡支出|30"],
        "2024年某某县国有资本经营预算收入表", "单位：万元", ["科目编码|科目名称|预算数", "10306|国有资本经营收入|8"],
        "2024年某某县社会保险基金预算收入表", "单位：万元", [LIST, "一、企业职工基本养老保险基金收入|17|18"],
        "2024年某某县一般公共预算税收返还和转移支付表", "单位：万元", [LIST, "一、税收返还|27|28"],
        "某某县2023年地方政府一般债务余额情况表", "单位：亿元", ["项目|预算数|执行数", "2023年末一般债务余额||2.35"],
        "某某县2023年地方政府专项债务余额情况表", "单位：亿元", ["项目|预算数|执行数", "2023年末专项债务余额||3.35"],
        cover=COUNTY,
    )  # fmt: skip
    assert not document.unmapped
    found = {printed: table for printed, (table, _) in meanings(document).items()}
    assert found == {
        **dict.fromkeys(("41", "40"), "government_summary"),
        **dict.fromkeys(("31", "30"), "government_fund_summary"),
        "8": "government_capital_revenue",
        **dict.fromkeys(("17", "18"), "social_insurance_revenue"),
        **dict.fromkeys(("27", "28"), "transfers"),
        "2.35": "general_debt",
        "3.35": "special_debt",
    }
    assert item(document, "2.35").figure.amount == 235_000_000
    assert (item(document, "2.35").fiscal_year, item(document, "27").fiscal_year) == (2023, 2023)
    assert item(document, "28").fiscal_year == 2024


def test_other_expenditure_is_an_economic_class_only_where_the_title_says_so(read: Reader) -> None:
    head = "科目编码|科目名称|总计|工资福利支出|商品和服务支出|其他支出"
    row = "205|教育支出|9|3|4|2"
    document = read("支出总表（按部门预算经济分类）", "单位：万元", [head, row])
    assert {measure for _, measure in meanings(document).values()} == {
        "total",
        "class_wages",
        "class_goods",
        "class_other",
    }
    document = read("部门支出总表", "单位：万元", [head, row])
    assert {measure for _, measure in meanings(document).values()} == {"total", "class_wages", "class_goods"}
    assert apart(document) == {"2": UnmappedReason.UNKNOWN_COLUMN}


@pytest.mark.parametrize("title", ["部门综合预算收支总表", "部门预算收支总表", "单位预算支出总表"])
def test_a_title_may_say_whose_budget_it_is_of(title: str, read: Reader) -> None:
    rows = ["{2}收入|{2}支出", "项目|预算数|项目|预算数", "一、财政拨款|7|一、教育支出|8"]
    assert read(title, "单位：万元", rows if "收支" in title else [HEAD, *EDUCATION]).tables


REVENUE = ["科目编码|科目名称|合计|其他收入", "205|教育支出|7|8"]
SPENT = ["科目编码|科目名称|合计|基本支出", "205|教育支出|4|5"]


def test_a_title_may_leave_out_the_word_of_a_table(read: Reader) -> None:
    document = read("一、收入预算", "单位：万元", REVENUE, "二、2024年支出预算情况", "单位：万元", SPENT)
    assert {table for table, _ in meanings(document).values()} == {"revenue", "expenditure"}


def test_a_heading_of_the_text_is_no_title(read: Reader) -> None:
    document = read("一、支出预算情况", "支出预算 4 万元，比上年增加。", "单位：万元", SPENT)
    assert not document.line_items
    document = read("一、支出预算情况", "单位：万元", ["甲|乙", "4|5"])
    assert not document.line_items
    document = read("支出预算情况", "单位：万元", SPENT, "部门支出总表", "单位：万元", [HEAD, *EDUCATION])
    assert set(apart(document)) == {"4", "5"}, "a whole title goes before"


@pytest.mark.slow
def test_layouts_that_nobody_has_seen_raise_no_false_alarm(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for number, (name, parts) in enumerate(LAYOUTS.items()):
        words = page(*parts, cover=f"某某市第{number}水务局2024年部门预算")
        (tmp_path / "raw" / f"{name}.html").write_text(words, encoding="utf-8")
    clean_dir = tmp_path / "clean"
    clean_folder(tmp_path / "raw", clean_dir)
    check_dataset(clean_dir, None, COMMITTED, tmp_path / "site", distribution=Distribution(workers=1))
    assert read_table(clean_dir, "checks").filter(outcome="pass").height > 500
    found = read_table(clean_dir, "findings").filter(pl.col("severity").is_in(["error", "warning"]))
    assert found.select("source_file", "message_zh").rows() == []


@pytest.mark.parametrize(
    "numbers", ["1|2|3=4+5|4|5", "甲|乙|1=2+3|2|3", "栏次||1=2+3|2|3", "**|**|1|2|3", "1|2|3=（4+5）|4|5"]
)
def test_a_sum_of_columns_is_the_number_of_a_column(numbers: str, read: Reader) -> None:
    document = read(*EXPENDITURE, [HEAD, numbers, *EDUCATION, *PENSION, TOTAL])
    assert not document.unmapped
    assert not {"3", "4", "5"} & meanings(document).keys()
    assert len(names(document)) == 6


def test_the_money_that_an_expenditure_is_paid_from_may_be_called_expenditure(read: Reader) -> None:
    funds = "{2}收入|{4}支出", "项目|预算数|项目|合计|一般公共预算支出|政府性基金预算支出"
    rows = [
        "一般公共预算拨款|70|教育支出|80|60|20",
        "政府性基金预算拨款|20|住房保障支出|10|10|",
        "收入总计|90|支出总计|90|70|20",
    ]
    document = read("财政拨款收支总体情况表", "单位：万元", [*funds, *rows])
    assert not document.unmapped
    assert meanings(document)["60"] == ("appropriation_summary", "general_public_budget")


@pytest.mark.parametrize("title", ["一般公共预算财政拨款支出决算表", "政府性基金预算财政拨款收入支出决算表"])
def test_final_accounts_may_say_by_what_they_are_classified(title: str, read: Reader) -> None:
    document = read(f"{title}（按功能分类科目）", "单位：万元", [HEAD, *PENSION], cover="某某市民政局2023年度部门决算")
    assert not document.unmapped
    assert {one.row.table for one in document.line_items} <= {"general_public_budget", "government_fund"}


def test_a_head_over_two_lines_may_be_cut_like_two_rows(read: Reader) -> None:
    head = ["科目编码|科目名称|合计|上缴上级支|对附属单|事业单位经", "|||出|位补助|营支出"]
    document = read(*EXPENDITURE, [*head, "205|教育支出|60|10|20|30", "20502|普通教育|61|11|21|31"])
    assert not document.unmapped
    found = meanings(document)
    assert [found[printed][1] for printed in ("61", "11", "21", "31")] == [
        "total", "remittance_to_superior", "subsidy_to_subordinate", "business_expenditure",
    ]  # fmt: skip


def test_words_that_mean_nothing_together_stay_unknown(read: Reader) -> None:
    document = read(*EXPENDITURE, ["{2}科目|{2}专项支出", "编码|名称|甲类|合计", *EDUCATION[:1]])
    assert apart(document)["350"] is UnmappedReason.UNKNOWN_COLUMN
