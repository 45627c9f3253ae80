"""What reports may be asked for: every report of a dataset by its key, and refusals that name what comes nearest."""

from pathlib import Path

import pytest
from make.datasets import amount, document, write_tables

from analysis import pipeline
from analysis.dataset.store import read_table
from analysis.errors import ParameterError
from analysis.project import find_project
from analysis.reports.compare.compare_scope import compare_scope
from analysis.reports.function.function_scope import code_scope, whole_code
from analysis.reports.parameters import whole_year
from analysis.reports.registry import choose, report_specs
from analysis.reports.report_spec import ReportSpec
from analysis.reports.unit.unit_scope import unit_scope, unit_specs
from analysis.runtime.kernels import notebooks

NAMES = {"201": "一般公共服务支出", "20101": "人大事务", "2010101": "行政运行", "212": "城乡社区支出"}


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    documents = [
        document(1, "某区司法局", 2024),
        document(2, "某区司法局", 2024, level="department"),
        document(3, "某区财政局", 2023, level="department"),
        document(4, "某区财政局", 2025, level="department"),
    ]
    rows = [amount(of, code, NAMES[code], 100) for of in documents for code in ("201", "20101", "2010101")]
    return write_tables(tmp_path_factory.mktemp("clean"), {"documents": documents, "line_items": rows})


def test_unknown_organisation_level_and_years_are_refused_with_what_is_near(clean_dir: Path) -> None:
    documents = read_table(clean_dir, "documents")
    with pytest.raises(ParameterError, match="某区司法局"):
        unit_scope(documents, "某市司法局", None, 2024, 2024)
    with pytest.raises(ParameterError, match="department、unit"):
        unit_scope(documents, "某区司法局", None, 2024, 2024)
    with pytest.raises(ParameterError, match="可选：department、unit"):
        unit_scope(documents, "某区司法局", "city", 2024, 2024)
    with pytest.raises(ParameterError, match="有文件的年度：2024"):
        unit_scope(documents, "某区司法局", "unit", 2019, 2020)
    with pytest.raises(ParameterError, match="晚于"):
        unit_scope(documents, "某区司法局", "unit", 2025, 2024)


def test_a_year_between_two_documents_is_no_reason_to_refuse(clean_dir: Path) -> None:
    scope = unit_scope(read_table(clean_dir, "documents"), "某区财政局", None, "2023", 2025)
    assert (scope.level.value, list(scope.years)) == ("department", [2023, 2024, 2025])


@pytest.mark.parametrize("year", [True, 24, 2024.0, "24", "二〇二四", "２０２４", None, ""])
def test_what_is_no_year_is_refused(year: object) -> None:
    with pytest.raises(ParameterError, match=r"first_year.*2024"):
        whole_year(year, "first_year")


@pytest.mark.parametrize("code", [201, 201.0, True, None, ""])
def test_a_code_that_became_a_number_is_refused_and_the_way_to_give_it_is_told(code: object) -> None:
    with pytest.raises(ParameterError, match=r"-r code 201"):
        whole_code(code)


@pytest.mark.parametrize(
    ("code", "level", "told"),
    [
        ("0201", "", "201 一般公共服务支出"),
        ("2010199", "", "2010101 行政运行"),
        ("人大", "", "20101 人大事务"),
        ("201", "item", "level='class'"),
        ("201", "group", "class、section、item"),
    ],
)
def test_an_unknown_code_or_level_is_refused_with_what_is_near(code: str, level: str, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        code_scope(code, level, NAMES)


def test_a_comparison_needs_two_of_one_level(clean_dir: Path) -> None:
    documents = read_table(clean_dir, "documents")
    assert compare_scope(documents, "某区司法局、某区财政局", "", "total", 2023, 2025).level.value == "department"
    with pytest.raises(ParameterError, match="部门与单位的数字不能相比"):
        compare_scope(documents, "某区司法局、某区财政局", "unit", "total", 2023, 2025)
    with pytest.raises(ParameterError, match="最接近的有：某区司法局"):
        compare_scope(documents, ["某区财政局", "某市司法局"], "", "total", 2023, 2025)
    with pytest.raises(ParameterError, match="至少要两个"):
        compare_scope(documents, "某区财政局、某区财政局", "", "total", 2023, 2025)
    with pytest.raises(ParameterError, match="total、basic、project"):
        compare_scope(documents, "某区司法局、某区财政局", "", "sum", 2023, 2025)


def test_reports_are_listed_and_chosen_by_key_or_name(clean_dir: Path) -> None:
    found = unit_specs(read_table(clean_dir, "documents"))
    assert len(found) == 3
    assert choose(found, []) == found
    assert len(choose(found, ["某区司法局"])) == 2
    assert choose(found, [found[0].key]) == (found[0],)
    with pytest.raises(ParameterError, match="某区司法局"):
        choose(found, ["司法局"])
    assert all(isinstance(report, ReportSpec) for report in found)
    assert len({report.key for report in found}) == 3


def test_every_year_and_every_class_has_its_report_and_items_on_request(clean_dir: Path) -> None:
    assert [report.key for report in report_specs(clean_dir, "year")] == ["2023", "2024", "2025"]
    functions = report_specs(clean_dir, "function")
    assert [report.key for report in choose(functions, [])] == ["201"]
    assert functions[0].title == "201 一般公共服务支出：支出单位与变化"
    assert [report.key for report in choose(functions, ["2010101"])] == ["2010101"]
    with pytest.raises(ParameterError, match="201 一般公共服务支出"):
        choose(functions, ["202"])
    with pytest.raises(ParameterError, match="201 一般公共服务支出"):
        choose(functions[:1], ["202"])
    with pytest.raises(ParameterError, match="unit、year、function"):
        report_specs(clean_dir, "city")


def test_an_unknown_report_or_parameter_is_refused_before_a_kernel_starts(
    clean_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*_: object, **__: object) -> None:
        raise AssertionError("a notebook was run")

    monkeypatch.setattr(notebooks.papermill, "execute_notebook", start)
    project = find_project()
    with pytest.raises(ParameterError, match="organisation"):
        notebooks.execute(project.notebook("unit"), tmp_path / "o.ipynb", {"organization": "x"})
    with pytest.raises(ParameterError, match="某区司法局"):
        pipeline.report(
            project, clean_dir, tmp_path / "site", "unit", ["某市司法局"], workers=1, progress=lambda *_: None
        )
    assert not list(tmp_path.rglob("*.ipynb")) and not list(tmp_path.rglob("*.html"))
