"""Reports: parameters are checked first, failures leave no report, and a page shows all that its notebook drew."""

import re
from pathlib import Path

import lxml.html
import nbformat
import pytest
from test_export import FORMULA, SCRIPT, amount, document, write_tables

from analysis.errors import NotebookError, ParameterError
from analysis.publishing import pages
from analysis.publishing.execution import notebooks
from analysis.publishing.parameters import UnitReport, choose, unit_report, unit_reports
from analysis.publishing.reports import publish_unit
from analysis.publishing.stories.series import read_table
from analysis.publishing.tables import Column, Headline, Headlines, Table, Words

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "unit.ipynb"
HOSTILE = f"{SCRIPT}{FORMULA}<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    documents = [document(1, HOSTILE, 2023), document(2, HOSTILE, 2024), document(3, "某区司法局", 2024),
                 document(4, "某区司法局", 2024, level="department")]  # fmt: skip
    rows = []
    for of, yuan in zip(documents, (500_000, 700_000, 100_000, 100_000), strict=True):
        rows += [amount(of, None, "合计", yuan, measure=measure) for measure in ("total", "basic", "project")]
        rows += [amount(of, "201", "一般公共服务支出", yuan), amount(of, "2010101", HOSTILE, yuan)]
        rows += [amount(of, None, None, 5000, table="three_public", measure=m) for m in ("total", "receptions")]
    return write_tables(tmp_path_factory.mktemp("clean"), {"documents": documents, "line_items": rows})


@pytest.fixture(scope="module")
def published(clean_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = unit_report(read_table(clean_dir, "documents"), HOSTILE, None, 2023, 2024)
    return publish_unit(NOTEBOOK, clean_dir, tmp_path_factory.mktemp("site"), report)


def parse(html: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(html)


def notebook_of(folder: Path, *cells: str, name: str = "n.ipynb") -> Path:
    parameters = nbformat.v4.new_code_cell("code: str = '1'  # 编码", metadata={"tags": ["parameters"]})
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    book = nbformat.v4.new_notebook(cells=[parameters, *code], metadata={"kernelspec": spec})
    path = folder / name
    nbformat.write(book, path)
    return path


def test_every_figure_of_the_notebook_is_in_the_page(published: Path) -> None:
    executed = nbformat.read(published.with_suffix(".ipynb"), as_version=4)
    figures = [o for c in executed.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
    html = published.read_text(encoding="utf-8")
    assert len(figures) == 5
    images = list(parse(html).iter("img"))
    assert len(images) == len(figures)
    assert all(image.get("src", "").startswith("data:image/png;base64,") for image in images)
    assert all(len(image.get("alt", "")) > 10 for image in images)


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(published: Path) -> None:
    html = published.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?\s*(https?:)?//""", html)
    assert "<script" not in html
    assert "script-src" not in html
    assert "default-src 'none'" in html
    assert not [name for element in parse(html).iter("*") for name in element.attrib if name.startswith("on")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<html lang="zh-CN">' in html


def test_the_page_has_contents_answers_and_no_path_of_this_machine(published: Path, clean_dir: Path) -> None:
    html = published.read_text(encoding="utf-8")
    page = parse(html)
    targets = [link.get("href", "") for link in page.xpath("//nav//a")]
    assert len(targets) == 8
    assert set(targets) <= {f"#{element.get('id')}" for element in page.iter("h2")}
    assert "70.00" in html
    assert "+40.00%" in html
    assert str(clean_dir) not in html
    assert '<details class="code">' in html


def test_executed_notebook_is_stable_and_readable(published: Path) -> None:
    text = published.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert "start_time" not in text
    assert '"status": "completed"' in text
    assert [path.name for path in published.parent.iterdir() if path.name.startswith(".")] == []


def test_text_parameters_stay_text_and_chinese_stays_readable(tmp_path: Path) -> None:
    out = tmp_path / "out {x}" / "o.ipynb"
    code = "assert code == '0201 万里\\n\"'"
    notebooks.execute(notebook_of(tmp_path, code), out, {"code": '0201 万里\n"'})
    assert "code = '0201 万里" in nbformat.read(out, as_version=4).cells[1].source


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os._exit(1)", "内核中止"),
        ("import sys; sys.exit(0)", "只运行了"),
    ],
)
def test_a_failing_notebook_leaves_no_report(tmp_path: Path, cell: str, reason: str) -> None:
    out = tmp_path / "out" / "o.ipynb"
    with pytest.raises(NotebookError, match=reason):
        notebooks.execute(notebook_of(tmp_path, cell, "print(1)"), out, {"code": "2"})
    assert not out.exists()
    failed = out.with_name("o.failed.ipynb")
    assert [path.name for path in out.parent.iterdir()] == [failed.name]
    assert nbformat.read(failed, as_version=4).metadata["workbench"]["status"] == "failed"


def test_unknown_notebook_parameter_is_refused_before_a_kernel_starts(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="organisation"):
        notebooks.execute(NOTEBOOK, tmp_path / "o.ipynb", {"organization": "x"})
    assert list(tmp_path.iterdir()) == []


def test_unknown_organisation_level_and_years_are_refused_with_what_is_near(clean_dir: Path) -> None:
    documents = read_table(clean_dir, "documents")
    with pytest.raises(ParameterError, match="某区司法局"):
        unit_report(documents, "某市司法局", None, 2024, 2024)
    with pytest.raises(ParameterError, match="department、unit"):
        unit_report(documents, "某区司法局", None, 2024, 2024)
    with pytest.raises(ParameterError, match="可选：department、unit"):
        unit_report(documents, "某区司法局", "city", 2024, 2024)
    with pytest.raises(ParameterError, match="有文件的年度：2024"):
        unit_report(documents, "某区司法局", "unit", 2019, 2020)
    with pytest.raises(ParameterError, match="晚于"):
        unit_report(documents, "某区司法局", "unit", 2025, 2024)


def test_reports_are_listed_and_chosen_by_key_or_name(clean_dir: Path) -> None:
    reports = unit_reports(read_table(clean_dir, "documents"))
    assert len(reports) == 3
    assert choose(reports, []) == reports
    assert len(choose(reports, ["某区司法局"])) == 2
    assert choose(reports, [reports[0].key]) == (reports[0],)
    with pytest.raises(ParameterError, match="某区司法局"):
        choose(reports, ["司法局"])
    assert all(isinstance(report, UnitReport) for report in reports)


def test_values_escape_what_they_show() -> None:
    table = Table(HOSTILE, (Column(HOSTILE), Column("2024年")), ((HOSTILE, "1"),))
    headlines = Headlines((Headline(HOSTILE, HOSTILE, HOSTILE, HOSTILE),))
    for value in (table, headlines, Words([HOSTILE]), Words([HOSTILE, HOSTILE])):
        html = value._repr_html_()
        assert "<script" not in html
        assert "<img" not in html


def test_sanitiser_keeps_tables_and_drops_what_runs_or_fetches() -> None:
    dirty = '<table class="t"><tr><td onclick="x()">1</td></tr></table>'
    dirty += '<img src="http://evil/x.png"><a href="javascript:x">a</a>'
    clean = pages.sanitise(dirty + "<script>x</script><style>y</style><iframe src=x></iframe>")
    assert '<table class="t">' in clean
    assert not re.search("onclick|http:|javascript|script|style|iframe", clean)


def test_a_notebook_with_an_error_or_an_unknown_output_is_no_page(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", {"application/x-odd": "1"})])
    path = tmp_path / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    with pytest.raises(NotebookError, match="application/x-odd"):
        pages.render(path, tmp_path / "n.html", "t")
    assert not (tmp_path / "n.html").exists()
