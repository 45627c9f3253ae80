"""Heads and titles of places and levels further off: each is read for what it says, and for no more."""

from pathlib import Path

import pytest
from make.web_tables import Reader, apart, item, meanings, reader

from analysis.terms.line_item import Phase
from analysis.terms.printed_table import UnmappedReason

REPORT = "关于某某市2023年预算执行情况和2024年预算草案的报告"
FUNCTION = ["204|公共安全支出|{}", "20402|公安|{}", "2040201|行政运行|{}"]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def test_names_under_a_head_of_units_and_functions(read: Reader) -> None:
    head = "科目编码|单位代码|单位（科目名称）|合计|基本支出|项目支出"
    rows = ["|105|某某市水务局|30|20|10", "2130301|105|行政运行|20|20|", "2130305|105|水利工程建设|10||10"]
    document = read("部门支出总表", "单位：万元", [head, *rows])
    assert {one.row.name or one.row.unit_name for one in document.line_items} >= {"行政运行", "水利工程建设"}


def test_kinds_of_projects_over_basic_expenditure(read: Reader) -> None:
    head = ["科目编码|科目名称|总计|{3}基本支出|项目支出", "|||合计|人员类|公用经费类|"]
    rows = ["2130301|行政运行|30.5|20.5|12.5|8|10"]
    found = meanings(read("部门支出总表", "单位：万元", [*head, *rows]))
    assert found["12.5"] == ("expenditure", "personnel")
    assert found["8"] == ("expenditure", "operating")


FUND_HEADS = [
    "{2}科目|总计|{4}一般公共预算拨款%s",
    "科目编码|科目名称||小计|{2}基本支出|项目支出%s",
    "||||人员经费|公用经费|%s",
]


@pytest.mark.parametrize("rest", ["", "|比上年增减"])
def test_below_the_fund_of_the_table_stands_its_whole(rest: str, read: Reader) -> None:
    head = [row % cell for row, cell in zip(FUND_HEADS, (rest, "|" if rest else "", "|" if rest else ""), strict=True)]
    document = read(
        "一般公共预算支出表", "单位：万元", [*head, "2130301|行政运行|30|30|12|8|10" + ("|3" if rest else "")]
    )
    assert {printed: measure for printed, (_, measure) in meanings(document).items()} == {
        "30": "total", "12": "personnel", "8": "operating", "10": "project"
    }  # fmt: skip
    assert {cell.reason for cell in document.unmapped} <= {UnmappedReason.DERIVED}


def test_beside_what_was_carried_over_it_is_a_share(read: Reader) -> None:
    head = [row % cell for row, cell in zip(FUND_HEADS, ("|上年结转", "|", "|"), strict=True)]
    document = read("一般公共预算支出表", "单位：万元", [*head, "2130301|行政运行|37|30|12|8|10|7"])
    assert {"12", "8", "10"} <= apart(document).keys()


def test_a_body_with_its_bracket_stands_before_a_title(read: Reader) -> None:
    rows = ["科目编码|科目名称|合计|基本支出|项目支出", "2130301|行政运行|30|20|10"]
    document = read("某某市水务局（本级）2024年一般公共预算支出表", "单位：万元", rows)
    assert meanings(document)["20"] == ("general_public_budget", "basic")


def test_a_title_of_two_years_is_that_of_its_table(read: Reader) -> None:
    head = ["项目|{3}2023年|2024年", "|预算数|执行数|执行数为预算数%|预算数"]
    rows = ["一、税收收入|100|90|90.0|110", "二、非税收入|50|60|120.0|55", "一般公共预算收入合计|150|151|100.7|165"]
    title = "2023年某某市市本级一般公共预算收入执行情况和2024年预算表"
    document = read(title, "单位：万元", [*head, *rows], cover=REPORT)
    executed = item(document, "90")
    assert (executed.row.table, executed.column.phase, executed.fiscal_year) == (
        "government_revenue", Phase.EXECUTED, 2023
    )  # fmt: skip
    assert (item(document, "110").fiscal_year, item(document, "110").column.phase) == (2024, Phase.APPROVED)


def test_limit_and_balance_of_debt_by_kind(read: Reader) -> None:
    head = ["地区|{3}2023年债务限额|{3}2023年末债务余额预计数", "|合计|一般债务|专项债务|合计|一般债务|专项债务"]
    rows = ["公式|A=B+C|B|C|D=E+F|E|F", "某某市|150|80|70|142|78|64"]
    document = read("某某市地方政府债务限额及余额情况表", "单位：亿元", [*head, *rows], cover=REPORT)
    assert [measure for _, measure in meanings(document).values()] == [
        "debt_limit", "general_debt_limit", "special_debt_limit",
        "debt_balance", "general_debt_balance", "special_debt_balance",
    ]  # fmt: skip
    assert not document.unmapped


def test_transfers_by_kind_for_each_area(read: Reader) -> None:
    rows = ["地区|合计|返还性支出|一般性转移支付|专项转移支付", "合计|66|6|45|15", "东县|22|2|14|5.5"]
    document = read("2024年某某市对下转移支付分地区预算表", "单位：万元", rows, cover=REPORT)
    found = {printed: measure for printed, (_, measure) in meanings(document).items()}
    assert (found["6"], found["45"], found["15"]) == ("tax_returns", "general_transfers", "special_transfers")


def test_social_insurance_has_a_column_for_each_fund(read: Reader) -> None:
    head = "项目|合计|企业职工基本养老保险基金|城乡居民基本养老保险基金|职工基本医疗保险（含生育保险）基金|失业保险基金"
    rows = ["一、社会保险费收入|100|50|20|25|5", "二、利息收入|10.5|4|3|2|1.5"]
    document = read("2024年某某市社会保险基金预算收入表", "单位：万元", [head, *rows], cover=REPORT)
    assert [measure for _, measure in meanings(document).values()][:5] == [
        "total", "pension_employees", "pension_residents", "medical_employees", "unemployment"
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["2023年某某市社会保险基金收入决算表", "某某市2023年政府性基金收入决算情况表"])
def test_a_final_account_of_a_government_tells_what_was_executed(title: str, read: Reader) -> None:
    rows = ["项目|合计", "一、保险费收入|100", "二、利息收入|10.5", "收入合计|110.5"]
    document = read(title, "单位：万元", rows, cover="关于某某市2023年财政决算的报告")
    assert {one.column.phase for one in document.line_items} == {Phase.EXECUTED}
    assert len(document.line_items) == 3


@pytest.mark.parametrize("bracket", ["（按功能科目分类）", "（按支出功能分类科目）", "（功能科目）"])
def test_a_bracket_says_by_what_a_table_is_classified(bracket: str, read: Reader) -> None:
    rows = ["科目编码|科目名称|合计|基本支出|项目支出", "2130301|行政运行|30|20|10"]
    document = read(f"一般公共预算支出预算表{bracket}", "单位：万元", rows)
    assert meanings(document)["20"] == ("general_public_budget", "basic")


def test_fees_of_education_are_a_part_of_service_income(read: Reader) -> None:
    head = ["{2}项目|本年收入合计|财政拨款收入|{2}事业收入|其他收入", "科目编码|科目名称|||小计|其中：教育收费|"]
    document = read(
        "收入决算表", "单位：万元", [*head, "2050202|小学教育|100|60|30|25|10"], cover="某某小学2023年度部门决算"
    )
    found = {printed: measure for printed, (_, measure) in meanings(document).items()}
    assert (found["30"], found["25"], found["10"]) == ("service_income", "education_fees", "other_income")


FUNDS = "项目类别|项目名称|合计|一般公共预算|上年结转"


def test_projects_by_kind_are_two_tables(read: Reader) -> None:
    document = read(
        *("项目支出表（特定目标类）", "单位：万元", [FUNDS, "特定目标类|水渠建设|12|8|4", "合计||12.0|8.0|4.0"]),
        *("项目支出表（人员类、运转类）", "单位：万元", [FUNDS, "人员类|在职人员工资|70|70.0|", "合计||70.00|70.000|"]),
    )
    found = meanings(document)
    assert found["12"] == ("projects", "total")
    assert found["70"] == ("running_projects", "total")
    assert not document.unmapped


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("部门基本支出预算表（人员类、运转类公用经费项目）", "running_projects"),
        ("部门项目支出预算表（其他运转类、特定目标类项目）", "projects"),
        ("一般公共预算项目支出表（特定目标类）", "projects"),
    ],
)
def test_a_bracket_says_of_which_projects_a_table_is(title: str, table: str, read: Reader) -> None:
    document = read(title, "单位：万元", [FUNDS, "|水渠建设|12|8|4"])
    assert meanings(document)["12"] == (table, "total")


def test_a_government_tells_its_own_level_from_the_levels_below(read: Reader) -> None:
    head = ["科目编码|科目名称|全县预算数|{2}其中", "|||县本级|乡镇级"]
    rows = ["201|一般公共服务支出|70|60|10", "204|公共安全支出|9|8|1"]
    document = read("2024年某某县一般公共预算支出预算表", "单位：万元", [*head, *rows], cover=REPORT)
    assert {printed: measure for printed, (_, measure) in meanings(document).items()} == {
        "70": "total", "60": "own_level", "10": "lower_levels", "9": "total", "8": "own_level", "1": "lower_levels"
    }  # fmt: skip


EXECUTED = ["项目|2023年预算数|2023年执行数", "一、税收收入|{}1|{}2", "收入合计|{}10|{}20"]
PLANNED = ["项目|2023年执行数|2024年预算数", "一、税收收入|{}2|{}3", "二、非税收入|{}4|{}5", "收入合计|{}20|{}30"]


def rows(lines: list[str], first: int) -> list[str]:
    return [line.replace("{}", str(first)) for line in lines]


def test_what_was_executed_and_what_is_planned_are_one_table_of_a_government(read: Reader) -> None:
    unit = "单位：万元"
    document = read(
        *("2023年某某市一般公共预算收入执行情况表", unit, rows(EXECUTED, 7)),
        *("2024年某某市一般公共预算收入预算表", unit, rows(PLANNED, 7)),
        cover=REPORT,
    )
    assert [item(document, printed).fiscal_year for printed in ("71", "72", "73", "75")] == [2023, 2023, 2024, 2024]
    assert item(document, "71").row.number == item(document, "73").row.number
    assert {cell.printed for cell in document.unmapped} == {"72", "720"}
    assert {cell.reason for cell in document.unmapped} == {UnmappedReason.DERIVED}


def test_beside_the_whole_area_stands_its_own_level(read: Reader) -> None:
    unit = "单位：万元"
    document = read(
        *("2023年全市一般公共预算收入执行情况表", unit, rows(EXECUTED, 7)),
        *("2023年市本级一般公共预算收入执行情况表", unit, rows(EXECUTED, 5)),
        cover=REPORT,
    )
    found = {printed: measure for printed, (_, measure) in meanings(document).items()}
    assert (found["72"], found["52"]) == ("total", "own_level")
    assert item(document, "72").row.number == item(document, "52").row.number


def test_another_area_and_another_amount_are_no_part_of_the_table(read: Reader) -> None:
    unit, title = "单位：万元", "2024年{}一般公共预算收入预算表"
    for other, first in (("东区", 7), ("某某市", 6)):
        document = read(
            *("2023年某某市一般公共预算收入执行情况表", unit, [*rows(EXECUTED, 7), "上年结余收入|8|9"]),
            *(title.format(other), unit, rows(PLANNED, first)[:2]),
            cover=REPORT,
        )
        assert f"{first}3" in apart(document)
        assert any("同一种表" in problem for problem in document.problems)
