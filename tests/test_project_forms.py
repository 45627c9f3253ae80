"""Forms of performance goals as other places draw them: the ministry's, self-assessments, many projects in one."""

from decimal import Decimal
from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.dataset.stated_rows import project_rows
from analysis.extraction.formats.format_registry import format_of
from analysis.reading.projects.projects import read_projects
from analysis.reading.read_document import read_document
from analysis.terms.public_project import GoalScope, PerformanceIndicator, PublicProject

Row = list[str | tuple[str, int] | tuple[str, int, int]]


def _html(*rows: Row, above: str = "") -> str:
    """A table; a cell is a text, or a text with its column span and row span."""
    lines = []
    for row in rows:
        cells = [(cell, 1, 1) if isinstance(cell, str) else (*cell, 1)[:3] for cell in row]
        lines.append("".join(f'<td colspan="{wide}" rowspan="{high}">{text}</td>' for text, wide, high in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><meta charset='utf-8'><body>{above}<table>{body}</table></body></html>"


def _read(folder: Path, html: str) -> tuple[tuple[PublicProject, ...], tuple[PerformanceIndicator, ...]]:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return read_projects(format_of(path).read(path).blocks)


def test_the_form_of_the_ministry(tmp_path: Path) -> None:
    projects, indicators = _read(
        tmp_path,
        _html(
            [("项目支出绩效目标表", 5)],
            [("（2024年度）", 5)],
            ["项目名称", ("智慧校园建设", 4)],
            ["主管部门", ("某市教育局", 2), "实施单位", "某市教育信息中心"],
            [("项目资金（万元）", 1, 3), ("年度资金总额", 2), ("350.50", 2)],
            [("其中：财政拨款", 2), ("300.50", 2)],
            [("其他资金", 2), ("50.00", 2)],
            ["总体目标", ("建成覆盖全市的教学平台，惠及三万名学生。", 4)],
            [("绩效指标", 1, 4), "一级指标", "二级指标", "三级指标", "指标值"],
            [("产出指标", 1, 2), "数量指标", "建设教室数量", "≥120间"],
            ["时效指标", "按期完成率", "100%"],
            ["满意度指标", "服务对象满意度指标", "师生满意度", "≥95%"],
        ),
    )
    (project,) = projects
    assert (project.name, project.year) == ("智慧校园建设", 2024)
    assert project.facts["department"] == "某市教育局" and project.facts["unit"] == "某市教育信息中心"
    assert project.facts["total_goal"] == "建成覆盖全市的教学平台，惠及三万名学生。"
    assert project.amounts == {
        "requested": Decimal("3505000.00"),
        "fiscal": Decimal("3005000.00"),
        "other": Decimal("500000.00"),
    }
    assert [(one.levels, one.operator, one.value, one.unit) for one in indicators] == [
        (("产出指标", "数量指标", "建设教室数量"), "≥", Decimal(120), "间"),
        (("产出指标", "时效指标", "按期完成率"), None, Decimal(100), "%"),
        (("满意度指标", "服务对象满意度指标", "师生满意度"), "≥", Decimal(95), "%"),
    ]


def test_a_self_assessment_says_what_was_reached(tmp_path: Path) -> None:
    (project,), indicators = _read(
        tmp_path,
        _html(
            [("项目支出绩效自评表", 7)],
            ["项目名称", ("公园养护", 6)],
            ["主管部门", ("某区绿化局", 3), "实施单位", ("某区公园管理所", 2)],
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            [("产出指标", 1, 2), "数量指标", "养护面积", "≥3.5万平方米", "3.6万平方米", "50", "50"],
            ["质量指标", "养护合格率", "≥98%", "97%", "30", "28.5"],
            ["效益指标", "社会效益指标", "市民投诉下降", "下降", "下降", "10", "10"],
        ),
    )
    assert project.name == "公园养护"
    assert [(one.printed, one.actual, one.weight, one.score) for one in indicators] == [
        ("≥3.5万平方米", "3.6万平方米", Decimal(50), Decimal(50)),
        ("≥98%", "97%", Decimal(30), Decimal("28.5")),
        ("下降", "下降", Decimal(10), Decimal(10)),
    ]
    assert (indicators[0].value, indicators[0].unit, indicators[2].value) == (Decimal("3.5"), "万平方米", None)


def test_one_table_of_many_projects_with_columns_of_operators_and_units(tmp_path: Path) -> None:
    projects, indicators = _read(
        tmp_path,
        _html(
            ["项目名称", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重"],
            [("人才引进", 1, 2), ("产出指标", 1, 2), "数量指标", "引进人数", "≥", "30", "人", "60"],
            ["质量指标", "到岗率", "≥", "90", "%", "40"],
            ["安全生产", "产出指标", "数量指标", "检查企业", "＝", "1,200", "家", "100"],
        ),
    )
    assert [project.name for project in projects] == ["人才引进", "安全生产"]
    assert [(one.project, one.number, one.levels[2], one.operator, one.value, one.unit) for one in indicators] == [
        (1, 1, "引进人数", "≥", Decimal(30), "人"),
        (1, 2, "到岗率", "≥", Decimal(90), "%"),
        (2, 1, "检查企业", "=", Decimal(1200), "家"),
    ]


def test_several_forms_in_one_grid_are_several_projects(tmp_path: Path) -> None:
    form: list[Row] = [
        ["主管部门", "某局", "实施单位", "某中心"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "次数", "≥3次"],
    ]
    projects, indicators = _read(
        tmp_path, _html(["项目名称", ("甲项目", 3)], *form, ["项目名称", ("乙项目", 3)], *form)
    )
    assert [project.name for project in projects] == ["甲项目", "乙项目"]
    assert [(one.project, one.printed) for one in indicators] == [(1, "≥3次"), (2, "≥3次")]


def test_a_blank_form_is_told_as_one_and_invents_nothing(tmp_path: Path) -> None:
    projects, indicators = _read(
        tmp_path,
        _html(
            ["项目名称", ("", 3)],
            ["主管部门", "", "实施单位", ""],
            ["年度资金总额", ("", 3)],
            ["一级指标", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "", ""],
        ),
    )
    (project,) = projects
    assert (project.name, project.facts, project.amounts, project.dates) == (None, {}, {}, {}) and indicators == ()


def test_a_form_of_a_whole_department_is_no_project(tmp_path: Path) -> None:
    projects, indicators = _read(
        tmp_path,
        _html(
            ["部门（单位）名称", ("某市水务局", 5)],
            [("年度主要任务", 1, 4), ("任务名称", 1, 2), ("主要内容", 1, 2), ("预算金额（万元）", 3)],
            ["总额", "财政拨款", "其他资金"],
            ["河湖治理", "整治5条河道", "1200.00", "1000.00", "200.00"],
            [("金额合计", 2), "2000.00", "1800.00", "200.00"],
            ["年度总体目标", ("保障供水安全。", 5)],
            [("年度绩效指标", 1, 2), "一级指标", "二级指标", "三级指标", ("指标值", 2)],
            ["产出指标", "数量指标", "整治河道条数", ("≥5条", 2)],
            above="<p>2024年部门整体支出绩效目标申报表</p>",
        ),
    )
    (whole,) = projects
    assert (whole.scope, whole.name, whole.year) == (GoalScope.DEPARTMENT, None, 2024)
    assert whole.facts == {"department": "某市水务局", "annual_goal": "保障供水安全。"}
    assert whole.amounts == {name: Decimal(yuan) for name, yuan in
                             (("requested", 20_000_000), ("fiscal", 18_000_000), ("other", 2_000_000))}  # fmt: skip
    assert [(one.levels[2], one.value) for one in indicators] == [("整治河道条数", Decimal(5))]


def test_a_project_of_a_department_s_whole_form_keeps_its_own_scope(tmp_path: Path) -> None:
    (project,), _ = _read(
        tmp_path,
        _html(
            ["单位名称", ("某局", 3)],
            ["项目名称", ("整体支出绩效评价工作", 3)],
            ["一级指标", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "次数", "≥3次"],
        ),
    )
    assert (project.scope, project.name) == (GoalScope.PROJECT, "整体支出绩效评价工作")


def test_goals_of_the_whole_term_are_told_from_those_of_the_year(tmp_path: Path) -> None:
    _, one_below_the_other = _read(
        tmp_path,
        _html(
            ["项目名称", ("管网养护", 4)],
            [("长期绩效指标", 1, 2), "一级指标", "二级指标", "指标内容", "指标值"],
            ["产出指标", "数量指标", "养护处数", "180处"],
            [("年度绩效指标", 1, 2), "一级指标", "二级指标", "指标内容", "指标值"],
            ["产出指标", "数量指标", "养护处数", "60处"],
        ),
    )
    _, side_by_side = _read(
        tmp_path,
        _html(
            ["项目名称", ("管网养护", 6)],
            ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "养护处数", "180处", "数量指标", "养护处数", "60处"],
        ),
    )
    expected = [(("产出指标", "数量指标", "养护处数"), Decimal(180), True),
                (("产出指标", "数量指标", "养护处数"), Decimal(60), False)]  # fmt: skip
    assert [(one.levels, one.value, one.long_term) for one in one_below_the_other] == expected
    assert [(one.levels, one.value, one.long_term) for one in side_by_side] == expected


@pytest.mark.parametrize(
    ("heads", "target"),
    [
        (["前年", "上年", "预计当年实现"], "≥320"),
        (["2022年", "2023年", "2024年"], "≥320"),
        (["历史值", "行业值", "计划"], None),  # which of them is meant is not told
    ],
)
def test_a_target_over_several_columns_is_that_of_the_year(
    tmp_path: Path, heads: list[str | tuple[str, int]], target: str | None
) -> None:
    names: list[str | tuple[str, int, int]] = [(name, 1, 2) for name in ("一级指标", "二级指标", "指标名称")]
    _, (one,) = _read(
        tmp_path,
        _html(
            ["项目名称", ("绿化养护", 5)],
            [*names, ("指标值", 3)],
            [*heads],
            ["产出指标", "数量指标", "养护面积", "300", "310", "≥320"],
        ),
    )
    assert one.printed == target


def test_the_numbers_of_columns_are_no_indicator(tmp_path: Path) -> None:
    projects, indicators = _read(
        tmp_path,
        _html(
            ["项目名称", "年度目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "指标内容"],
            ["1", "2", "3", "4", "5", "6", "7", "8"],
            ["系统运维", "稳定运行。", "产出指标", "数量指标", "系统数量", ">=", "6", "反映运维数量。"],
        ),
    )
    assert [project.name for project in projects] == ["系统运维"]
    assert [(one.levels[2], one.operator, one.value) for one in indicators] == [("系统数量", "≥", Decimal(6))]


def test_the_unit_of_a_form_stands_above_its_indicators(tmp_path: Path) -> None:
    (project,), _ = _read(
        tmp_path,
        _html(
            ["项目名称", ("护林补助", 5)],
            [("执行情况", 1, 2), "年度预算数（万元）", "年初预算", "调整后预算数", "预算执行数", "预算执行率"],
            ["总额", "238.93", "251.89", "250.10", "99.29%"],
            ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "得分"],
            ["成本指标", "经济成本指标", "人均补助资金（元/人）", "≤3000", "2980", "10"],
            above="<p>部门预算项目支出绩效自评表（2023年度）</p>",
        ),
    )
    assert project.year == 2023
    assert project.amounts == {
        "requested": Decimal(2_389_300),
        "adjusted": Decimal(2_518_900),
        "executed": Decimal(2_501_000),
    }


def test_an_official_table_is_no_form(tmp_path: Path) -> None:
    projects, _ = _read(
        tmp_path, _html(["项目名称", "预算数", "达标率"], ["行政运行", "100", "90%"], above="<p>项目支出表</p>")
    )
    assert projects == ()


def test_a_project_leads_to_its_row_in_the_table_of_projects(tmp_path: Path) -> None:
    form = _html(
        ["项目名称", ("河道整治", 3)],
        ["主管部门", "某局", "实施单位", "某局"],
        ["年度资金总额", ("100万元", 3)],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "河道长度", "≥3公里"],
    )
    table = _html(
        ["类型", "项目名称", "项目单位", "合计", "一般公共预算"],
        ["特定目标类", "5100002400123-河道整治", "某局", "100.00", "100.00"],
        ["特定目标类", "水库除险", "某局", "50.00", "50.00"],
        ["合计", "", "", "150.00", "150.00"],
        above="<h1>云岭县水务局2024年部门预算</h1><h2>项目支出表</h2><p>部门：云岭县水务局 单位：万元</p>",
    )
    path = tmp_path / "budget.html"
    body = form.partition("<body>")[2]
    path.write_text(table.replace("</body></html>", body), encoding="utf-8")
    (row,) = project_rows(read_document(path, FAMILIES), "d", "d.html")
    assert (row["name"], row["table_row"], row["table_amount"]) == ("河道整治", 1, Decimal(1_000_000))
