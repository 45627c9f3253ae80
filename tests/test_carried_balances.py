"""The ministry's budget forms with balances that are carried over and forward: what balances is not reported."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from make.check_rows import COMMITTED
from make.web_tables import Part, page

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder

UNIT = "单位：万元"
SPENDING = [
    "科目编码|科目名称|合计|基本支出|项目支出|上缴上级支出|事业单位经营支出|{subsidy}",
    "201|一般公共服务支出|1150|700|430||20|",
    "20103|政府办公厅（室）及相关机构事务|1150|700|430||20|",
    "2010301|行政运行|1150|700|430||20|",
    "212|城乡社区支出|100||100|||",
    "21208|国有土地使用权出让收入安排的支出|100||100|||",
    "2120801|征地和拆迁补偿支出|100||100|||",
    "221|住房保障支出|180|80|100|||",
    "22102|住房改革支出|180|80|100|||",
    "2210201|住房公积金|180|80|100|||",
    "|合计|1430|780|630||20|",
]
GENERAL = [
    "科目编码|科目名称|合计|基本支出|项目支出",
    "201|一般公共服务支出|850|640|210",
    "20103|政府办公厅（室）及相关机构事务|850|640|210",
    "2010301|行政运行|850|640|210",
    "221|住房保障支出|150|60|90",
    "22102|住房改革支出|150|60|90",
    "2210201|住房公积金|150|60|90",
    "|合计|1000|700|300",
]
FUND = [
    "科目编码|科目名称|合计|基本支出|项目支出",
    "212|城乡社区支出|100||100",
    "21208|国有土地使用权出让收入安排的支出|100||100",
    "2120801|征地和拆迁补偿支出|100||100",
    "|合计|100||100",
]
GRANTED = [
    "{2}收入|{4}支出",
    "项目|预算数|项目|合计|一般公共预算|政府性基金预算",
    "一、本年收入|1100|一、一般公共服务支出|1030|1030|",
    "（一）一般公共预算资金|1000|二、城乡社区支出|100||100",
    "（二）政府性基金预算资金|100|三、住房保障支出|170|170|",
    "二、上年结转|220|||",
    "（一）一般公共预算资金|220|四、结转下年|20|20|",
    "收入总计|1320|支出总计|1320|1220|100",
]


def summary(used: str) -> list[str]:
    return [
        "{2}收入|{2}支出",
        "项目|预算数|项目|预算数",
        "一、财政拨款收入|1100|一、一般公共服务支出|1150",
        "二、事业收入|50|二、城乡社区支出|100",
        "三、其他收入|50|三、住房保障支出|180",
        "本年收入合计|1200|本年支出合计|1430",
        f"{used}|10|结转下年|30",
        "上年结转|250||",
        "收入总计|1460|支出总计|1460",
    ]


OF_2018 = [
    "科目编码|科目名称|合计|上年结转|一般公共预算拨款收入|政府性基金预算拨款收入|事业收入|下级单位上缴收入|其他收入|用事业基金弥补收支差额",
    "201|一般公共服务支出|1180|240|840||50||40|10",
    "212|城乡社区支出|100|||100||||",
    "221|住房保障支出|180|10|160||||10|",
    "|合计|1460|250|1000|100|50||50|10",
]
WITH_BALANCES = [
    "单位代码|单位名称|合计|{5}本年收入|{3}上年结转结余",
    "|||小计|一般公共预算|政府性基金预算|事业收入|其他收入|小计|一般公共预算|单位资金",
    "|合计|1460|1200|1000|100|50|50|260|220|40",
    "201001|某某市水务局|1460|1200|1000|100|50|50|260|220|40",
]
OF_THE_YEAR = [
    "单位代码|单位名称|合计|一般公共预算|政府性基金预算|事业收入|其他收入",
    "|合计|1200|1000|100|50|50",
    "201001|某某市水务局|1200|1000|100|50|50",
]
LISTED = [
    "项目|预算数",
    "一、财政拨款收入|1100",
    "二、事业收入|50",
    "三、其他收入|50",
    "本年收入合计|1200",
    "上年结转|260",
    "收入总计|1460",
]


def budget(revenue: Sequence[str], used: str, subsidy: str) -> Sequence[Part]:
    spending = [SPENDING[0].format(subsidy=subsidy), *SPENDING[1:]]
    tables = {
        "部门收支总表": summary(used),
        "部门收入总表": list(revenue),
        "部门支出总表": spending,
        "财政拨款收支总表": GRANTED,
        "一般公共预算支出表": GENERAL,
        "政府性基金预算支出表": FUND,
    }
    return [part for title, rows in tables.items() for part in (title, UNIT, rows)]


def checked(parts: Sequence[Part], year: int, folder: Path) -> pl.DataFrame:
    (folder / "raw").mkdir()
    cover = f"某某市水务局{year}年度部门预算"
    (folder / "raw" / "a.html").write_text(page(*parts, cover=cover), encoding="utf-8")
    clean_folder(folder / "raw", folder / "clean")
    check_dataset(folder / "clean", None, COMMITTED, folder / "site", distribution=Distribution(workers=1))
    return read_table(folder / "clean", "checks")


@pytest.mark.parametrize(
    ("revenue", "year", "used", "subsidy"),
    [
        (OF_2018, 2018, "用事业基金弥补收支差额", "对下级单位补助支出"),
        (WITH_BALANCES, 2023, "使用非财政拨款结余", "对附属单位补助支出"),
        (OF_THE_YEAR, 2023, "使用非财政拨款结余", "对附属单位补助支出"),
        (LISTED, 2023, "使用非财政拨款结余", "对附属单位补助支出"),
    ],
)
def test_balances_make_no_false_finding(
    revenue: Sequence[str], year: int, used: str, subsidy: str, tmp_path: Path
) -> None:
    checks = checked(budget(revenue, used, subsidy), year, tmp_path)
    assert read_table(tmp_path / "clean", "findings").filter(pl.col("severity") != "info").is_empty()
    assert checks.filter(outcome="fail").is_empty()
    assert set(read_table(tmp_path / "clean", "unmapped")["reason"]) <= {"derived"}  # the sum of this year
    passed = set(checks.filter(outcome="pass")["identity"])
    assert {"summary_current_expenditure", "revenue_expenditure_balance", "summary_expenditure_classes"} <= passed


def test_a_wrong_total_beside_balances_is_reported(tmp_path: Path) -> None:
    parts = budget([*OF_THE_YEAR[:1], *(row.replace("1200", "1210") for row in OF_THE_YEAR[1:])], "动用结余", "补助")
    failed = set(checked(parts, 2023, tmp_path).filter(outcome="fail")["identity"])
    assert {"summary_current_revenue", "row_income_funds"} <= failed
