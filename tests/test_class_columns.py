"""Economic classes as columns of tables by function, and panels that classify once more what stands beside them."""

from pathlib import Path

import pytest
from make.check_rows import COMMITTED
from make.web_tables import Reader, apart, item, meanings, page, reader

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.terms.code import Scheme
from analysis.terms.printed_table import UnmappedReason

UNIT = "单位：万元"
SHAANXI = "陕西省某某市水务局2024年部门综合预算"


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def test_an_economic_class_may_be_a_column_of_a_table_by_function(read: Reader) -> None:
    head = "科目编码|科目名称|合计|工资福利支出|商品和服务支出|对个人和家庭的补助|资本性支出|资本性支出（基本建设）"
    document = read("一般公共预算支出表", UNIT, [head, "205|教育支出|350|200|100|20|25|5"])
    found = {printed: measure for printed, (_, measure) in meanings(document).items()}
    assert found == {
        "350": "total",
        "200": "class_wages",
        "100": "class_goods",
        "20": "class_households",
        "25": "class_capital",
        "5": "class_infrastructure",
    }


def test_a_class_of_basic_expenditure_is_not_that_of_project_expenditure(read: Reader) -> None:
    rows = [
        "{2}科目|总计|{5}基本支出|{3}项目支出",
        "编码|名称||小计|{2}人员经费|{2}公用经费|小计|商品和服务支出|资本性支出",
        "||||工资福利支出|对个人和家庭的补助|小计|商品和服务支出|||",
        "205|教育支出|350|300|200|20|80|80.0|50|30|20.0",
    ]
    found = {printed: measure for printed, (_, measure) in meanings(read("支出总表", UNIT, rows)).items()}
    assert found == {
        "350": "total",
        "300": "basic",
        "200": "basic_wages",
        "20": "basic_households",
        "80": "operating",
        "80.0": "basic_goods",
        "50": "project",
        "30": "project_goods",
        "20.0": "project_capital",
    }


def test_what_one_fund_pays_of_a_class_is_kept_apart(read: Reader) -> None:
    rows = ["{2}科目|合计|{2}一般公共预算", "编码|名称||小计|基本支出", "||||工资福利支出", "205|教育支出|350|300|200"]
    document = read("支出总表", UNIT, rows)
    assert apart(document) == {"200": UnmappedReason.UNKNOWN_COLUMN}


def test_other_expenditure_beside_basic_and_project_expenditure_is_no_economic_class(read: Reader) -> None:
    rows = ["科目编码|科目名称|合计|基本支出|项目支出|其他支出", "205|教育支出|350|200|100|50"]
    assert apart(read("支出总表", UNIT, rows)) == {"50": UnmappedReason.UNKNOWN_COLUMN}


def test_shaanxi_calls_project_expenditure_special_operations(read: Reader) -> None:
    head = "功能科目编码|功能科目名称|合计|人员经费支出|公用经费支出|专项业务经费支出|备注"
    title = "部门综合预算一般公共预算支出明细表（按支出功能分类科目-不含上年结转）"
    document = read(title, UNIT, [head, "205|教育支出|350|200|100|50|"], cover=SHAANXI)
    assert meanings(document)["50"] == ("general_public_budget", "project")
    below = ["{2}科目|合计|{2}项目支出", "编码|名称||小计|其中：专项业务经费", "205|教育支出|350|300|200"]
    document = read("部门综合预算支出总表", UNIT, below, cover=SHAANXI)
    assert (item(document, "300").column.measure, list(apart(document))) == ("project", ["200"])


def test_the_general_public_budget_by_the_other_classification_is_a_table_of_its_own(read: Reader) -> None:
    head = "部门经济科目编码|部门经济科目名称|政府经济科目编码|政府经济科目名称|合计|人员经费支出|公用经费支出"
    document = read(
        "一般公共预算支出明细表（按支出经济分类科目）",
        UNIT,
        [head, "301|工资福利支出|||200|200.0|", "30101|基本工资|50101|工资奖金津补贴|200.00|200.000|"],
        "一般公共预算基本支出明细表（按支出功能分类科目）",
        UNIT,
        ["功能科目编码|功能科目名称|合计|人员经费支出|公用经费支出", "205|教育支出|300|210|90"],
        cover=SHAANXI,
    )
    assert not document.unmapped
    assert (item(document, "200.00").row.table, item(document, "200.00").row.code) == (
        "general_public_by_economic",
        "30101",
    )
    assert meanings(document)["210"] == ("basic_by_function", "personnel")
    assert item(document, "90").row.scheme is Scheme.FUNCTIONAL


def test_a_panel_by_the_classes_of_governments_is_no_part_of_that_by_those_of_departments(read: Reader) -> None:
    rows = [
        "{3}部门预算经济分类|{3}政府预算经济分类",
        "科目编码|科目名称|金额|科目编码|科目名称|金额",
        "301|工资福利支出|200|501|机关工资福利支出|200.0",
        "30101|基本工资|200.00|50101|工资奖金津补贴|200.000",
        "|合计|200.1||合计|200.2",
    ]
    document = read("一般公共预算基本支出表", UNIT, rows)
    assert set(meanings(document)) == {"200", "200.00", "200.1"}
    assert apart(document) == dict.fromkeys(("200.0", "200.000", "200.2"), UnmappedReason.AMBIGUOUS_COLUMN)


@pytest.mark.parametrize("head", ["项目|2023年|2024年", "项目|2023年预算数|2024年预算数"])
def test_a_list_whose_first_row_is_blank_begins_with_it(head: str, read: Reader) -> None:
    rows = [head, "因公出国（境）费||", "公务接待费|4.98|4.99", "公务用车购置及运行维护费|16.17|16.18"]
    rows += ["①公务用车购置费||", "②公务用车运行维护费|16.1|16.2", "合计|21.15|21.17"]
    document = read("一般公共预算“三公”经费支出情况统计表", UNIT, rows)
    assert not document.unmapped
    assert {(one.figure.printed, one.column.measure, one.fiscal_year) for one in document.line_items} == {
        (printed, measure, year)
        for measure, *figures in (
            ("receptions", "4.98", "4.99"),
            ("vehicles", "16.17", "16.18"),
            ("vehicle_operation", "16.1", "16.2"),
            ("total", "21.15", "21.17"),
        )
        for year, printed in zip((2023, 2024), figures, strict=True)
    }
    assert not any("不是金额" in problem for problem in document.problems)


def test_columns_of_classes_are_no_parts_of_an_identity_that_does_not_name_them(tmp_path: Path) -> None:
    """Total, basic and project expenditure are held against one another, whatever stands beside them."""
    head = [
        "{2}科目|总计|{3}基本支出|{3}项目支出",
        "编码|名称||小计|工资福利支出|商品和服务支出|小计|商品和服务支出|资本性支出",
    ]
    rows = ["205|教育支出|350|300|220|80|50|30|20", "20502|普通教育|350|300|220|80|50|30|20"]
    total = "|合计|350|300|220|80|50|30|20"
    classes = ["科目编码|科目名称|合计|工资福利支出|商品和服务支出", "205|教育支出|350|250|100", "|合计|350|250|100"]
    special = ["功能科目编码|功能科目名称|合计|人员经费支出|公用经费支出|专项业务经费支出"]
    special += ["205|教育支出|350|200|100|50", "|合计|350|200|100|50"]
    (tmp_path / "raw").mkdir()
    for name, cover, title, table in (
        ("a", "某某市水务局2024年部门预算", "支出总表", [*head, *rows, total]),
        ("b", "某某市民政局2024年部门预算", "一般公共预算支出表", classes),
        ("c", SHAANXI, "部门综合预算一般公共预算支出明细表（按支出功能分类科目）", special),
    ):
        (tmp_path / "raw" / f"{name}.html").write_text(page(title, UNIT, table, cover=cover), encoding="utf-8")
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    check_dataset(tmp_path / "clean", None, COMMITTED, tmp_path / "site", distribution=Distribution(workers=1))
    assert read_table(tmp_path / "clean", "findings").is_empty()
    checks = read_table(tmp_path / "clean", "checks").filter(identity="row_basic_project", outcome="pass")
    assert set(checks["source_file"]) == {"a.html", "c.html"}
