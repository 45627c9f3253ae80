"""Layouts of further places, one small table for each way in which they say what the ministry's forms say otherwise."""

from pathlib import Path

import polars as pl
import pytest
from make.check_rows import COMMITTED
from make.web_tables import Reader, apart, item, meanings, page, reader

from analysis.dataset.store import read_table
from analysis.extraction.formats.format_registry import format_of
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.terms.line_item import Kind, Phase, RowRole, Side
from analysis.terms.printed_table import UnmappedReason

UNIT = "单位：万元"
TOTALS = ("“三公”经费支出表", UNIT)


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def test_what_is_carried_over_is_told_by_fund_beside_the_funds_of_the_year(read: Reader) -> None:
    rows = [
        "单位代码|单位名称|合计|{4}本年收入|{2}上年结转结余",
        "|||小计|一般公共预算|{2}单位资金|小计|一般公共预算",
        "|||||小计|事业收入||",
        "153|某某市水务局|100|90|60|30|30.0|10|10.0",
    ]
    document = read("收入总表", UNIT, rows)
    found = {printed: measure for printed, (_, measure) in meanings(document).items()}
    assert found == {
        "100": "total",
        "60": "general_public_budget",
        "30.0": "service_income",
        "10": "carried_over",
        "10.0": "carried_over_general",
    }
    assert apart(document) == {"90": UnmappedReason.DERIVED, "30": UnmappedReason.DERIVED}


@pytest.mark.parametrize(
    ("head", "measure"),
    [
        ("人员经费支出", "personnel"),
        ("公用经费支出", "operating"),
        ("项目支出合计", "project"),
        ("上年结转（结余）", "carried_over"),
        ("单位资金", "unit_funds"),
        ("其他收入资金", "other_income"),
        ("财政预算拨款", "fiscal_appropriation"),
        ("基金预算拨款", "government_fund_budget"),
    ],
)
def test_a_column_may_bear_another_name(head: str, measure: str, read: Reader) -> None:
    document = read("部门收入总表", UNIT, [f"科目编码|科目名称|合计|{head}", "205|教育支出|7|6"])
    assert item(document, "6").column.measure == measure


def test_of_two_sums_the_one_of_the_year_alone_is_derived(read: Reader) -> None:
    rows = ["科目编码|科目名称|总计|本年收入合计|上年结转", "205|教育支出|9|7|2"]
    document = read("部门收入总表", UNIT, rows)
    assert (item(document, "9").column.measure, apart(document)) == ("total", {"7": UnmappedReason.DERIVED})


def test_an_amount_beside_of_which_is_that_of_the_cell_above(read: Reader) -> None:
    rows = ["科目编码|科目名称|合计|{2}事业收入", "|||金额|其中：教育收费", "205|教育支出|9|7|"]
    assert item(read("部门收入总表", UNIT, rows), "7").column.measure == "service_income"


def test_the_adjusted_budget_stands_beside_that_of_the_beginning_of_the_year(read: Reader) -> None:
    rows = ["{4}收入|{4}支出", "项目|年初预算数|全年预算数|决算数|项目|年初预算数|全年预算数|决算数"]
    rows.append("一、财政拨款收入|1|2|3|一、教育支出|4|5|6")
    document = read("收入支出决算总表", UNIT, rows, cover="某某市水务局2023年度部门决算")
    phases = {one.figure.printed: one.column.phase for one in document.line_items}
    assert phases == dict(zip("123456", (Phase.APPROVED, Phase.ADJUSTED, Phase.EXECUTED) * 2, strict=True))


@pytest.mark.parametrize("printed", ["205-教育支出", "205 教育支出", "205_教育支出", "[205] 教育支出"])
def test_a_code_stands_before_its_name_behind_any_mark(printed: str, read: Reader) -> None:
    document = read("部门支出总表", UNIT, ["科目|合计|基本支出", f"{printed}|7|6"])
    assert {(one.row.code, one.row.name) for one in document.line_items} == {("205", "教育支出")}


def test_a_project_bears_its_own_name_and_not_that_of_its_unit(read: Reader) -> None:
    rows = ["单位代码|单位名称|项目代码|项目名称|功能科目|合计", "210001|某某局|42000024210001|河道整治|2130306|7"]
    rows.append("210001|某某局|42000024210002|水库加固|2130305|8")
    document = read("部门项目支出预算表", UNIT, rows)
    assert (item(document, "7").row.name, item(document, "7").row.code) == ("河道整治", "2130306")


def test_names_of_each_level_make_no_name_together(read: Reader) -> None:
    rows = ["{4}功能分类科目|{2}预算数", "编码|类|款|项|合计|基本支出", "2050202|教育支出|普通教育|小学教育|7|6"]
    row = item(read("部门支出总表", UNIT, rows), "7").row
    assert (row.code, row.name, row.outer_name) == ("2050202", "小学教育", "教育支出/普通教育")


def test_a_total_may_stand_in_the_column_of_another_classification(read: Reader) -> None:
    rows = [
        "{2}部门预算经济分类|{2}政府预算经济分类|{2}基本支出",
        "科目编码|科目名称|科目编码|科目名称|合计|人员经费",
        "||合计||7.0|7.00",
        "30101|基本工资|50101|工资奖金津补贴|7|7.000",
    ]
    row = item(read("一般公共预算基本支出表", UNIT, rows), "7.0").row
    assert (row.name, row.role) == ("合计", RowRole.TOTAL)


def test_the_three_as_a_list_beside_columns_of_the_funds(read: Reader) -> None:
    rows = ["项目|{3}2024年预算数", "|合计|一般公共预算|政府性基金预算", "因公出国（境）费|1|1.0|", "公务接待费|2|2.0|"]
    rows += ["公务用车购置及运行费|3|3.0|", "合计|6|6.0|"]
    document = read(*TOTALS, rows)
    assert {printed: measure for printed, (_, measure) in meanings(document).items()} == {
        "1": "overseas_visits",
        "2": "receptions",
        "3": "vehicles",
        "6": "total",
    }
    assert set(apart(document)) == {"1.0", "2.0", "3.0", "6.0"}


def test_a_table_that_budgets_have_too_does_not_make_final_accounts_a_budget(read: Reader) -> None:
    rows = ["项目|预算统计数|决算统计数", "（一）支出合计|9|8", "1．公务接待费|9.0|8.0"]
    title = "“三公”经费、行政参公单位机关运行经费情况表"
    document = read(title, UNIT, rows, cover="某某市水务局2023年度部门决算")
    assert (document.cover.kind, document.cover.contradictions) == (Kind.FINAL, ())


@pytest.mark.parametrize(
    "name", ["2023年大余县政府预算", "大余县2023年政府预算公开", "大余县人民政府2023年财政预算公开"]
)
def test_a_government_is_called_by_its_place(name: str, read: Reader) -> None:
    rows = ["项目|预算数", "一、税收收入|7"]
    document = read("2023年大余县一般公共预算收入预算表", UNIT, rows, cover=name)
    assert (document.cover.organisation, document.cover.level) == ("大余县", "government")


def test_rows_below_a_unit_belong_to_it_where_codes_stand_again_for_each(read: Reader) -> None:
    rows = ["单位编码|科目编码|单位名称（科目名称）|合计|基本支出", "||合计|9|"]
    rows += ["120001||某某局本级|5|", "|2050202|小学教育|5.0|", "120002||某某站|4|", "|2050202|小学教育|4.0|"]
    document = read("部门支出总表", UNIT, rows)
    assert [item(document, one).row.unit_code for one in ("5.0", "4.0", "9")] == ["120001", "120002", None]


def test_a_file_of_separated_values_may_begin_its_rows_with_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["部门支出总表", "单位：万元", "序号,科目编码,科目名称,合计,基本支出", "1,205,教育支出,700.25,600.25"]
    rows += [f"{n},{200 + n},某某支出,{n}00.25,{n}00.25" for n in range(2, 8)]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert format_of(path).id == "csv"


HEAD = "科目编码|科目名称|合计"
ECONOMIC = ["类|款|科目名称|合计|人员经费", "301||工资福利支出|9|9", "|01|基本工资|5|5", "|02|津贴补贴|4|4"]
BALANCED = {
    "the three without the sum of vehicles": (
        *TOTALS,
        ["合计|因公出国（境）费|公务接待费|公务用车运行维护费|公务用车购置费", "21|1|4|6|10"],
    ),
    "no column of basic expenditure": (
        "一般公共预算支出表",
        UNIT,
        [f"{HEAD}|人员支出|日常公用支出|项目支出", "205|教育支出|9|4|3|2", "20502|普通教育|9|4|3|2", "|合计|9|4|3|2"],
    ),
    "carried over by fund without a sum": (
        "部门收入总表",
        UNIT,
        [
            f"{HEAD}|本年一般公共预算|{{2}}上年结转",
            "||||一般公共预算|政府性基金预算",
            "205|教育支出|9|4|3|2",
            "|合计|9|4|3|2",
        ],
    ),
    "a class printed once for its sections": ("一般公共预算基本支出表", UNIT, [*ECONOMIC, "||合计|9|9"]),
    "appropriations above their funds, all without ordinals": (
        "部门收支总体情况表",
        UNIT,
        [
            "{2}收入|{2}支出",
            "项目|预算数|功能分类|预算数",
            "财政拨款（补助）|9|205 教育支出|9",
            "一般公共预算|7||",
            "政府性基金预算|2||",
            "其他收入|1|208 社会保障和就业支出|1",
            "收入总计|10|支出总计|10",
        ],
    ),
    "codes again for each unit": (
        "部门支出总表",
        UNIT,
        [
            "单位编码|科目编码|单位名称（科目名称）|合计|项目支出",
            "||合计|9|9",
            "120001||某某局本级|5|5",
            "|2130301|行政运行|5|5",
            "120002||某某站|4|4",
            "|2130301|行政运行|4|4",
        ],
    ),
}


@pytest.mark.slow
def test_what_balances_raises_no_false_alarm_in_any_of_these_layouts(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for number, parts in enumerate(BALANCED.values()):
        words = page(*parts, cover=f"某某市第{number}水务局2024年部门预算")
        (tmp_path / "raw" / f"{number}.html").write_text(words, encoding="utf-8")
    clean_dir = tmp_path / "clean"
    clean_folder(tmp_path / "raw", clean_dir)
    check_dataset(clean_dir, None, COMMITTED, tmp_path / "site", distribution=Distribution(workers=1))
    found = read_table(clean_dir, "findings").filter(pl.col("severity").is_in(["error", "warning"]))
    assert found.select("source_file", "message_zh").rows() == []


def test_an_amount_may_bear_the_unit_of_its_table(read: Reader) -> None:
    rows = ["科目编码|科目名称|合计|基本支出", "205|教育支出|72,000元|￥7"]
    document = read("部门支出总表", "单位：元", rows)
    assert sorted(one.figure.amount for one in document.line_items) == [7, 72_000]
    document = read("部门支出总表", UNIT, rows)
    assert [one.figure.printed for one in document.line_items] == ["￥7"]
    assert any("72,000元" in problem for problem in document.problems)


@pytest.mark.parametrize(
    "caption", ["单位：人民币（元）", "金额单位：人民币(元)", "编制单位：某某局 单位：人民币（元）"]
)
def test_the_unit_may_stand_in_brackets_behind_the_currency(caption: str, read: Reader) -> None:
    document = read("部门支出总表", caption, ["科目编码|科目名称|合计", "205|教育支出|72"])
    assert [one.figure.amount for one in document.line_items] == [72]


@pytest.mark.parametrize("number", ["预算03表", "公开03表", "附03-1表"])
def test_the_number_of_a_sheet_may_stand_before_its_title_on_one_line(number: str, read: Reader) -> None:
    document = read(f"{number} 部门支出总体情况表", UNIT, ["科目编码|科目名称|合计", "205|教育支出|7"])
    assert item(document, "7").row.table == "expenditure"


def test_procurement_may_be_told_by_its_items_and_their_amounts(read: Reader) -> None:
    rows = ["预算单位|采购品目名称|采购金额", "某某区水务局|合计|66", "|货物类|26", "|服务类|40"]
    found = {printed: measure for printed, (_, measure) in meanings(read("政府采购项目支出预算表", UNIT, rows)).items()}
    assert found == {"66": "total", "26": "total", "40": "total"}


@pytest.mark.parametrize("heading", ["本年财政拨款收入", "本年拨款收入", "今年安排的拨款"])
def test_the_funds_below_a_chapter_are_its_parts_however_it_is_worded(heading: str, read: Reader) -> None:
    rows = [
        "{2}收入|{2}支出",
        "项目|金额|项目|金额",
        f"一、{heading}|90|一、本年支出|100",
        "一般公共预算财政拨款|90|教育支出|100",
        "二、上年财政拨款结转|10|二、年终结转|",
        "一般公共预算财政拨款|10||",
        "收入总计|100|支出总计|100",
    ]
    document = read("财政拨款收支总表", UNIT, rows)
    revenue = [one.row for one in document.line_items if one.column.side is Side.REVENUE]
    assert [row.role for row in revenue] == [
        RowRole.SUBTOTAL,
        RowRole.DETAIL,
        RowRole.SUBTOTAL,
        RowRole.DETAIL,
        RowRole.TOTAL,
    ]
    assert revenue[1].outer_name == f"一、{heading}"
