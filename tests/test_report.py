"""Reports: failures leave no report, and a page shows all that its notebook drew."""

import json
import re
from pathlib import Path

import lxml.html
import nbformat
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.dataset.store import read_table
from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table
from analysis.errors import NotebookError, ParameterError
from analysis.pages import assets
from analysis.reports.publish import publish, publish_standalone
from analysis.reports.registry import choose
from analysis.reports.unit.unit_scope import unit_specs
from analysis.runtime.kernels import notebooks

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
    (report,) = choose(unit_specs(read_table(clean_dir, "documents")), [HOSTILE])
    assert dict(report.parameters) | {"level": "unit"} == {
        "organisation": HOSTILE, "level": "unit", "first_year": 2023, "last_year": 2024,
    }  # fmt: skip
    site_dir = tmp_path_factory.mktemp("site")
    assets.write_assets(site_dir / "assets")
    return publish(NOTEBOOK, clean_dir, site_dir, report)


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
    figures = [o for c in executed.cells for o in c.get("outputs", []) if "image/svg+xml" in o.get("data", {})]
    assert figures
    drawn = parse(published.read_text(encoding="utf-8")).xpath("//figure[contains(@class, 'chart')]/div[@role='img']")
    assert len(drawn) == len(figures)
    assert all(len(one.get("aria-label", "")) > 10 and one.xpath("./*[local-name() = 'svg']") for one in drawn)


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(published: Path) -> None:
    html = published.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?\s*(https?:)?//""", html)
    assert not re.search("<script(?! src=| type=.application/json)", html)
    assert "default-src" in html
    assert not [name for element in parse(html).iter("*") for name in element.attrib if str(name).startswith("on")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<html lang="zh-CN">' in html


def test_the_page_has_contents_answers_and_no_path_of_this_machine(published: Path, clean_dir: Path) -> None:
    html = published.read_text(encoding="utf-8")
    page = parse(html)
    targets = [link.get("href") for link in page.xpath("//nav//a[starts-with(@href, '#')]")]
    told = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "markdown"]
    assert len(targets) == sum(source.startswith("## ") for source in told) > 8
    assert targets == [f"#{element.get('id')}" for element in page.iter("h2")]
    assert "70.00" in html
    assert "+40.00%" in html
    assert str(clean_dir) not in html
    assert page.xpath("//div[@class='code']") and "open_unit" in html


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


@pytest.mark.parametrize("metadata", [{}, None])
def test_a_notebook_that_names_no_kernel_or_is_none_is_refused_with_what_to_do(
    tmp_path: Path, metadata: dict[str, str] | None
) -> None:
    notebook = notebook_of(tmp_path, "print(1)")
    content = json.loads(notebook.read_text())
    notebook.write_text("no json" if metadata is None else json.dumps(content | {"metadata": metadata}))
    with pytest.raises(NotebookError, match=rf"{notebook.name} .*JupyterLab"):
        notebooks.execute(notebook, tmp_path / "out.ipynb", {"code": "2"})
    assert list(tmp_path.iterdir()) == [notebook]


def test_unknown_notebook_parameter_is_refused_before_a_kernel_starts(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="organisation"):
        notebooks.execute(NOTEBOOK, tmp_path / "o.ipynb", {"organization": "x"})
    assert list(tmp_path.iterdir()) == []


def test_values_escape_what_they_show() -> None:
    table = Table(HOSTILE, (Heading(HOSTILE), Heading("2024年")), ((HOSTILE, "1"),))
    headlines = Headlines((Headline(HOSTILE, HOSTILE, HOSTILE, HOSTILE),))
    for value in (table, headlines, Paragraph([HOSTILE]), Paragraph([HOSTILE, HOSTILE])):
        html = value._repr_html_()
        assert "<script" not in html
        assert "<img" not in html


def test_a_page_to_send_is_made_of_a_finished_report_alone(published: Path, tmp_path: Path, clean_dir: Path) -> None:
    (report,) = choose(unit_specs(read_table(clean_dir, "documents")), [HOSTILE])
    assert publish_standalone(clean_dir, tmp_path, report) is None
    page = publish_standalone(clean_dir, published.parents[2], report)
    assert page is not None and page != published and page.is_file()
