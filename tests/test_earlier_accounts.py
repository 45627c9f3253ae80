"""Final accounts in the ministry's forms of different years, each balanced: nothing is reported, nothing is lost."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from make.check_rows import COMMITTED
from make.web_tables import Reader, meanings, page, reader

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder

UNIT = "单位：万元"
HEAD = ["{3}收入|{3}支出", "项目|行次|决算数|项目|行次|决算数"]
BELOW = [
    "本年收入合计|5|1150|本年支出合计|15|1210",
    "{used}|6|15|结余分配|16|7",
    "年初结转和结余|7|200|年末结转和结余|17|148",
    "{total}|8|1365|{total}|18|1365",
]
OF_2015 = [
    "一、财政拨款收入|1|1100|一、一般公共服务支出|11|1000",
    "其中：政府性基金预算财政拨款|2|100|二、教育支出|12|120",
    "二、事业收入|3|45|三、城乡社区支出|13|90",
    "三、其他收入|4|5||14|",
]
OF_2023 = [
    "一、一般公共预算财政拨款收入|1|1000|一、一般公共服务支出|11|1000",
    "二、政府性基金预算财政拨款收入|2|100|二、教育支出|12|120",
    "三、事业收入|3|45|三、城乡社区支出|13|90",
    "四、其他收入|4|5||14|",
]
REVENUE = [
    "科目编码|科目名称|本年收入合计|财政拨款收入|事业收入|其他收入",
    "{2}栏次|1|2|3|4",
    "{2}合计|1150|1100|45|5",
    "201|一般公共服务支出|940|890|45|5",
    "205|教育支出|110|110||",
    "212|城乡社区支出|100|100||",
]


@pytest.mark.parametrize(
    ("year", "rows", "used", "total"),
    [(2015, OF_2015, "用事业基金弥补收支差额", "合计"), (2023, OF_2023, "使用非财政拨款结余（含专用结余）", "总计")],
)
def test_balanced_accounts_make_no_finding(
    year: int, rows: Sequence[str], used: str, total: str, tmp_path: Path
) -> None:
    (tmp_path / "raw").mkdir()
    summary = [*HEAD, *rows, *(row.format(used=used, total=total) for row in BELOW)]
    words = page(
        "收入支出决算总表", UNIT, summary, "收入决算表", UNIT, REVENUE, cover=f"某某市水务局{year}年度部门决算"
    )
    (tmp_path / "raw" / "a.html").write_text(words, encoding="utf-8")
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    check_dataset(tmp_path / "clean", None, COMMITTED, tmp_path / "site", distribution=Distribution(workers=1))
    assert read_table(tmp_path / "clean", "findings").is_empty()
    checks = read_table(tmp_path / "clean", "checks").filter(outcome="pass")
    assert {"final_current_total", "final_grand_total", "final_current_tables"} <= set(checks["identity"])
    appropriation = checks.filter(pl.col("measure") == "fiscal_appropriation", identity="final_income_sources")
    assert appropriation.height == 1


def test_the_long_form_tells_the_parts_of_balances(tmp_path: Path) -> None:
    read: Reader = reader(tmp_path)
    head = "科目编码|科目名称|{3}年初结转和结余|{3}本年收入|{3}本年支出|{3}年末结转和结余"
    parts = "||合计|基本支出结转|项目支出结转和结余" + "|合计|基本支出|项目支出" * 2
    rows = [head, f"{parts}|合计|基本支出结转|项目支出结转和结余", "205|教育支出|1|2|3|4|5|6|7|8|9|10|11|12"]
    document = read("一般公共预算财政拨款收入支出决算表", UNIT, rows, cover="某某市水务局2015年度部门决算")
    assert not document.unmapped
    assert [measure for _, measure in meanings(document).values()] == [
        *("opening_balance", "opening_balance_basic", "opening_balance_project", "total", "basic", "project"),
        *("total", "basic", "project", "closing_balance", "closing_balance_basic", "closing_balance_project"),
    ]
