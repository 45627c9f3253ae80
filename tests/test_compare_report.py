"""The comparison: like stands beside like, what is missing is told, and nothing is summed over organisations."""

from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make.datasets import amount, document, write_tables
from make.made_pages import HOSTILE
from make.notebook_cells import html, shown

from analysis.charts.chart import Chart
from analysis.display.tables import Headlines, Paragraph, Table, TableCell
from analysis.errors import ParameterError
from analysis.indicators.structure import distance
from analysis.reports.compare.compare_report import CompareReport, open_comparison
from analysis.reports.registry import asked_reports
from analysis.runtime.kernels.notebooks import execute, load

ROOT = Path(__file__).resolve().parents[1]
ONE, TWO, THREE = "甲区司法局", "乙区司法局", "丙区司法局"
CLASSES = {"201": "一般公共服务支出", "205": "教育支出"}
# yuan by organisation, year and class: the third has no document of 2024, the second one of 2025 only
SPENT: dict[str, dict[int, dict[str, int]]] = {
    ONE: {2023: {"201": 60_000, "205": 40_000}, 2024: {"201": 90_000, "205": 60_000}},
    TWO: {2023: {"201": 0}, 2024: {"201": 30_000, "205": 20_000}, 2025: {"201": 70_000}},
    THREE: {2023: {"205": 25_000}},
}


def made(folder: Path, spent: dict[str, dict[int, dict[str, int]]], level: str = "unit") -> Path:
    documents, rows = [], []
    for name, years in spent.items():
        for year, classes in years.items():
            of = document(len(documents), name, year, level=level)
            documents.append(of)
            rows += [amount(of, None, "合计", sum(classes.values()), measure=m) for m in ("total", "basic", "project")]
            rows += [
                amount(of, code, CLASSES[code], yuan, measure=measure, row_number=number)
                for number, (code, yuan) in enumerate(classes.items(), 2)
                for measure in ("total", "project")
            ]
    return write_tables(folder / "clean", {"documents": documents, "line_items": rows})


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("compare"), SPENT)


def compare(clean_dir: Path, *names: str, measure: str = "total", last: int = 2025) -> CompareReport:
    return open_comparison(clean_dir, names, "", measure, 2023, last)


def rows(table: Table) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table.texts}


def test_levels_apart_and_unknown_names_are_refused(clean_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=f"最接近的有：.*{ONE}"):
        compare(clean_dir, ONE, "甲市司法局")
    with pytest.raises(ParameterError, match="部门与单位的数字不能相比"):
        open_comparison(clean_dir, [ONE, TWO], "department", "total", 2023, 2024)
    mixed = [document(1, ONE, 2024), document(2, TWO, 2024, level="department")]
    apart = write_tables(tmp_path, {"documents": mixed, "line_items": [amount(of, None, "合计", 1) for of in mixed]})
    with pytest.raises(ParameterError, match=r"部门与单位的数字不能相比.*没有"):
        compare(apart, ONE, TWO)


def test_amounts_stand_beside_each_other_and_are_never_added(clean_dir: Path) -> None:
    report = compare(clean_dir, ONE, TWO, THREE)
    assert rows(report.table) == {
        ONE: ["10.00", "15.00", "—", "—", "+50.00%"],
        TWO: ["0.00", "5.00", "7.00", "—", "—"],
        THREE: ["2.50", "—", "—", "—", "—"],
    }
    assert rows(compare(clean_dir, ONE, TWO).table)[ONE][3:] == ["+50.00%", "+50.00%"]
    shown_words = "".join(html(getattr(report, name)) for name in ("table", "headlines", "answer"))
    assert "20.00" not in shown_words and "12.50" not in shown_words


def test_the_year_that_most_of_them_tell_is_compared(clean_dir: Path) -> None:
    assert compare(clean_dir, ONE, TWO).year == 2024
    assert compare(clean_dir, ONE, TWO, THREE).year == 2023
    assert compare(clean_dir, ONE, THREE).year == 2023
    report = open_comparison(clean_dir, [TWO, THREE], "", "total", 2025, 2025)
    assert report.answer.sentences == [
        f"2025年支出合计预算只有{TWO}的数字，7.00 万元。",
        f"{THREE}没有 2025 年的数字。",
    ]


def test_a_gap_is_told_and_a_zero_base_too(clean_dir: Path) -> None:
    report = compare(clean_dir, ONE, TWO, THREE)
    assert f"{THREE}没有 2024、2025 年的可比数字：图表中是空缺，不是零。" in report.limits.sentences
    gap = dict(zip((row[0] for row in report.table.texts), report.table.rows, strict=True))[ONE][3]
    assert isinstance(gap, TableCell) and (gap.text, gap.place, gap.note) == ("—", None, "2025 年没有文件")
    changes = [figure.change for figure in compare(clean_dir, ONE, TWO, last=2024).headlines.figures]
    assert changes == ["比上年 +50.00%", "2023年基数为零"]


def test_shares_are_of_each_organisations_own_whole(clean_dir: Path) -> None:
    report = compare(clean_dir, ONE, TWO, last=2024)
    assert rows(report.structure.structure_table) == {
        "201 一般公共服务支出": ["9.00", "60.00%", "3.00", "60.00%"],
        "205 教育支出": ["6.00", "40.00%", "2.00", "40.00%"],
    }
    assert rows(report.structure.concentration_table)[ONE] == ["2", "0.520"]  # 0.6² + 0.4²
    assert "0.00%" in html(report.structure.distance_chart)
    of_2023 = open_comparison(clean_dir, [ONE, THREE], "", "total", 2023, 2023)
    assert rows(of_2023.structure.structure_table)["201 一般公共服务支出"][2:] == ["—", "—"]
    assert "60.00%" in html(of_2023.structure.distance_chart)  # ½ (|0.6 - 0| + |0.4 - 1|)


ROUNDING = Decimal("1e-20")  # quotients have 28 digits
PARTS = st.dictionaries(st.sampled_from(["201", "204", "205", "208"]), st.integers(0, 10**9).map(Decimal))


@given(PARTS, PARTS, PARTS)
def test_distance_is_symmetric_and_between_nothing_and_all(
    one: dict[str, Decimal], other: dict[str, Decimal], third: dict[str, Decimal]
) -> None:
    for first, second in permutations((one, other, third), 2):
        far = distance(first, second)
        back = distance(second, first)
        assert (far is None) == (back is None)
        if far is not None and back is not None:
            assert abs(far - back) < ROUNDING
            assert 0 <= far <= 1 + ROUNDING
    assert distance(one, one) in (None, 0)


def test_the_table_of_distances_is_symmetric(clean_dir: Path) -> None:
    chart = compare(clean_dir, ONE, TWO, THREE, last=2023).structure.distance_chart
    assert isinstance(chart, Chart)
    cells = [row[1:] for row in chart.figures.texts]
    assert cells == [list(column) for column in zip(*cells, strict=True)]


@pytest.mark.parametrize("measure", ["total", "basic", "project"])
def test_every_section_opens(clean_dir: Path, measure: str) -> None:
    asked: dict[str, Any] = {"measure": measure, "first_year": 2020, "last_year": 2030, "clean_dir": str(clean_dir)}
    cells = shown("compare", organisations=f"{ONE}、{TWO}、{THREE}", **asked)
    assert len(cells) > 10
    for name, value in cells.items():
        assert isinstance(value, Chart | Table | Paragraph | Headlines), name
        assert html(value), name


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    names = [f"{number}{word}" for number, word in enumerate(HOSTILE)]
    spent = {name: {year: {"201": 10_000 * year, "205": 3} for year in (2023, 2024)} for name in names}
    for value in shown("compare", organisations=names, last_year=2024, clean_dir=str(made(tmp_path, spent))).values():
        page = html(value)
        for markup in ("<script", "<img", "<style", "<b>", "<foreignObject", "<a "):
            assert markup not in (value.image().decode() if isinstance(value, Chart) else page)


def test_the_notebook_executes(clean_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "compare.ipynb"
    asked = {"organisations": f"{ONE}、{TWO}、{THREE}", "last_year": 2024, "clean_dir": str(clean_dir)}
    execute(ROOT / "notebooks" / "compare.ipynb", out, asked)
    cells = load(out).cells
    charts = [o for cell in cells for o in cell.get("outputs", []) if "image/svg+xml" in o.get("data", {})]
    assert len(charts) >= 3
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code")


def test_a_comparison_is_asked_for_by_names_and_has_a_key_of_its_own(tmp_path: Path) -> None:
    names = ("甲区财政局", "乙区财政局", "丙区财政局")
    documents = [document(number, name, 2024) for number, name in enumerate(names, 1)]
    rows = [amount(of, None, "合计", 10_000) for of in documents]
    clean_dir = write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows})
    one, two = asked_reports(clean_dir, "compare", ["甲区财政局、乙区财政局", "甲区财政局、丙区财政局"])
    assert one.key != two.key and one.parameters["level"] == "unit" and one.years is None
    with pytest.raises(ParameterError, match="--only"):
        asked_reports(clean_dir, "compare", [])
    with pytest.raises(ParameterError, match="至少要两个单位"):
        asked_reports(clean_dir, "compare", ["甲区财政局"])
    assert asked_reports(clean_dir, "unit", ["甲区财政局"]) == ()
