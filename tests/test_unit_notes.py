"""The part of the unit report on notes, projects and goals: figures as the documents print them, zeros named."""

from pathlib import Path

import pytest

from analysis.display.tables import Paragraph, Table
from analysis.reports.unit.unit_report import UnitReport, open_unit

WANLI, GONGWUWANG = "上海市普陀区人民政府万里街道办事处", "上海市普陀区公务网管理中心"


@pytest.fixture(scope="module")
def wanli(published_dataset: Path) -> UnitReport:
    return open_unit(published_dataset, WANLI, "department", 2023, 2025)


@pytest.fixture(scope="module")
def gongwuwang(published_dataset: Path) -> UnitReport:
    return open_unit(published_dataset, GONGWUWANG, "unit", 2023, 2023)


def _rows(table: Table | Paragraph | None) -> dict[str, list[str]]:
    assert isinstance(table, Table)
    return {row[0]: row[1:] for row in table.texts}


def test_notes_stand_side_by_side_by_document(wanli: UnitReport) -> None:
    rows = _rows(wanli.notes.table)
    assert rows["政府采购（万元）"] == ["830.00", "1,662.44", "4,821.20"]
    assert rows["车辆（辆）"] == ["7", "7", "8"]
    assert rows["房屋面积（平方米）"] == ["14,609.83", "—", "—"]
    assert "“三公”经费（万元）" not in rows  # told with its own table


def test_projects_are_told_with_their_money_and_goals(wanli: UnitReport) -> None:
    assert "编报绩效目标的项目 5 个，涉及资金 3,328.13 万元，为项目支出的 50.76%。" in str(wanli.notes.projects_answer)
    rows = _rows(wanli.notes.projects_table)
    assert rows["各类工作经费"] == ["2023", "经常性项目", "2023-01-01 至 2023-12-31", "759.55", "43", "13"]
    assert len(_rows(wanli.notes.indicators_table)) > 60


def test_what_is_zero_everywhere_is_a_sentence(gongwuwang: UnitReport) -> None:
    assert "机关运行经费、政府采购、" in str(gongwuwang.notes.zeros)
    table = gongwuwang.notes.indicators_table
    assert table is not None and _rows(table)["长效管理制度健全性"] == ["健全"]
    lines = [(level, line[0]) for level, line in zip(table.levels, table.texts, strict=True)]
    assert [words for level, words in lines if level == 1] == ["社保卡设备维护、宣传、设备更新"]
    assert lines[lines.index((3, "长效管理制度健全性")) - 1] == (2, "效益 · 可持续影响")
