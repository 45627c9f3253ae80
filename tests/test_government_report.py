"""A government's report tells its general public budget by name; no department is added to it, nor it to one."""

from pathlib import Path

import pytest
from make.web_tables import page

from analysis.charts.chart import Chart
from analysis.reports.function.function_report import open_function
from analysis.reports.unit.unit_report import UnitReport, open_unit
from analysis.reports.year.year_report import open_year
from analysis.steps.clean import clean_folder

UNIT = "单位：万元"
GOVERNMENT = [
    "科目编码|科目名称|2023年执行数|2024年预算数",
    "201|一般公共服务支出|900|1000",
    "205|教育支出|1900|2000",
    "|支出合计|2800|3000",
]
REVENUE = ["项目|2023年执行数|2024年预算数", "一、税收收入|500|600", "增值税|500|600", "收入合计|500|600"]
DEPARTMENT = [
    "科目编码|科目名称|合计|基本支出|项目支出",
    "205|教育支出|70|60|10",
    "20502|普通教育|70|60|10",
    "2050202|小学教育|70|60|10",
    "|合计|70|60|10",
]


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("government")
    (folder / "raw").mkdir()
    government = page(
        "云岭县2024年一般公共预算收入表", UNIT, REVENUE, "云岭县2024年一般公共预算支出表", UNIT, GOVERNMENT,
        cover="云岭县2024年政府预算公开",
    )  # fmt: skip
    (folder / "raw" / "government.html").write_text(government, encoding="utf-8")
    department = page("部门支出总表", UNIT, DEPARTMENT, cover="云岭县教育局2024年部门预算")
    (folder / "raw" / "department.html").write_text(department, encoding="utf-8")
    clean_folder(folder / "raw", folder / "clean", workers=1)
    return folder / "clean"


@pytest.fixture(scope="module")
def report(clean_dir: Path) -> UnitReport:
    return open_unit(clean_dir, "云岭县", "government", 2024, 2024)


def test_the_expenditure_of_a_government_is_its_general_public_budget_and_says_so(report: UnitReport) -> None:
    answer = "".join(report.answer.sentences)
    assert "2024年一般公共预算支出预算 3,000.00 万元" in answer
    assert "一般公共预算支出中最大的一类是教育支出，2,000.00 万元，占一般公共预算支出的 66.67%" in answer
    assert "不含政府性基金" in "".join(report.heading.sentences)
    chart = report.spending.classes_chart
    assert isinstance(chart, Chart)
    assert "一般公共预算支出预算按功能分类" in chart.drawing.caption.title


def test_what_a_government_does_not_print_is_not_said_to_be_unread(report: UnitReport) -> None:
    shown = [report.trends.table, report.basics.parts_chart, report.income.sources_chart, report.limits]
    words = " ".join(str(one) for one in shown)
    assert "支出总表没有读出" not in words
    assert "收入总表没有读出" not in words


def test_no_report_adds_a_government_to_departments(clean_dir: Path) -> None:
    education = open_function(clean_dir, "205")
    assert {name for view in education.levels for name in view.frames.rows["organisation"]} == {"云岭县教育局"}
    coverage = open_year(clean_dir, 2024).coverage.table
    assert "政府收入" not in str(coverage)
