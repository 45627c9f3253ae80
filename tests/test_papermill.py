"""The notebooks are plain ones: papermill and nbconvert work on them as on any project's, and their traps are shut."""

import os
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import lxml.etree
import lxml.html
import nbformat
import pytest
from make.datasets import amount, document, write_tables
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import NotebookError
from analysis.runtime.kernels.notebooks import execute

ROOT = Path(__file__).resolve().parents[1]
UNIT, FUNCTION = (ROOT / "notebooks" / f"{name}.ipynb" for name in ("unit", "function"))
NAME = "某区司法局"
SVG = "image/svg+xml"
AS_IMAGE = f"data:{SVG};base64,"


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of two organisations, with many rows of one amount, whose order nothing but the code tells."""
    documents, rows = [], []
    for number, (name, year) in enumerate((name, year) for name in (NAME, "某区财政局") for year in (2023, 2024)):
        of = document(number, name, year)
        documents.append(of)
        rows += [
            amount(of, None, "合计", 40 * year * 100, measure=m, row_number=99) for m in ("total", "basic", "project")
        ]
        rows += [amount(of, code, f"类{code}", 20 * year * 100) for code in ("201", "204")]
        rows += [amount(of, f"{2010101 + at}", f"项{at}", year * 100, row_number=at) for at in range(20)]
        rows += [amount(of, f"{2040201 + at}", f"项{at}", year * 100, row_number=30 + at) for at in range(20)]
        rows += [amount(of, None, "合计", 4000 * year, table="revenue", side="revenue", measure=m)
                 for m in ("total", "fiscal_appropriation")]  # fmt: skip
    return write_tables(tmp_path_factory.mktemp("clean"), {"documents": documents, "line_items": rows})


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A Jupyter tool as a user calls it, in the folder and the environment of the project, before all others."""
    tools = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PATH": tools}
    asked = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(asked, cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=300)


def charts(path: Path) -> int:
    cells = nbformat.read(path, as_version=4).cells
    return sum(SVG in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))


def test_papermill_runs_a_report_and_nbconvert_shows_its_charts(clean_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    asked = ("-p", "organisation", NAME, "-p", "first_year", "2023", "-p", "last_year", "2024", "-p", "clean_dir")
    done = command("papermill", UNIT, out, *asked, clean_dir)
    assert done.returncode == 0, done.stderr
    assert charts(out) >= 7
    shown = command("jupyter", "nbconvert", "--to", "html", out)
    assert shown.returncode == 0, shown.stderr
    page = lxml.html.document_fromstring(out.with_suffix(".html").read_text(encoding="utf-8"))
    sources = [image.get("src") for image in page.iter("img")]
    drawn = [b64decode(source.removeprefix(AS_IMAGE)) for source in sources if source.startswith(AS_IMAGE)]
    assert len([svg for svg in drawn if lxml.etree.fromstring(svg).get("class") == "chart"]) == charts(out)
    assert NAME in page.text_content()


def test_a_code_that_papermill_took_for_a_number_is_refused(clean_dir: Path, tmp_path: Path) -> None:
    if not FUNCTION.exists():
        pytest.skip("there is no notebook by function")
    out = tmp_path / "out.ipynb"
    done = command("papermill", FUNCTION, out, "-p", "code", "201", "-p", "clean_dir", clean_dir)
    assert done.returncode != 0
    assert "code 是文本，不是数：收到 201" in done.stderr and "-r code 201" in done.stderr
    with pytest.raises(NotebookError, match="code 是文本，不是数"):
        execute(FUNCTION, tmp_path / "own.ipynb", {"code": 201, "clean_dir": str(clean_dir)})
    done = command("papermill", FUNCTION, out, "-r", "code", "201", "-p", "clean_dir", clean_dir)
    assert done.returncode == 0, done.stderr


def test_an_unknown_report_is_refused_by_the_command_before_a_kernel_starts(clean_dir: Path, tmp_path: Path) -> None:
    place = ("--clean", clean_dir, "--site", tmp_path / "site")
    for by, asked, near in (("unit", "某市司法局", NAME), ("year", "2031", "2024"), ("function", "0201", "201 类201")):
        if (ROOT / "notebooks" / f"{by}.ipynb").exists():
            done = command("analysis", "report", *place, "--by", by, "--only", asked)
            assert done.returncode == 2, done.stderr
            assert f"没有“{asked}”的报告。最接近的有：" in done.stderr and near in done.stderr
    done = command("analysis", "report", *place, "--organization", NAME)
    assert done.returncode == 2
    assert "--organization" in done.stderr
    assert not list(tmp_path.rglob("*.ipynb"))


@pytest.mark.parametrize("by", ["unit", "year", "function", "compare"])
def test_two_runs_give_the_same_bytes(clean_dir: Path, tmp_path: Path, by: str) -> None:
    notebook = ROOT / "notebooks" / f"{by}.ipynb"
    if not notebook.exists():
        pytest.skip(f"there is no notebook {by}")
    years = {"first_year": 2023, "last_year": 2024}
    asked: dict[str, dict[str, str | int]] = {
        "unit": {"organisation": NAME, **years},
        "year": {"fiscal_year": 2024},
        "function": {"code": "201"},
        "compare": {"organisations": f"{NAME}、某区财政局", **years},
    }
    runs = []
    for number in (1, 2):
        out = tmp_path / f"{number}.ipynb"
        execute(notebook, out, {**asked[by], "clean_dir": str(clean_dir)})
        runs.append(out.read_text(encoding="utf-8"))
    assert runs[0] == runs[1]
    assert not re.search(r'"(start|end)_time"|object at 0x', runs[0])


def test_what_is_kept_names_folders_from_where_it_lies(tmp_path: Path) -> None:
    cells = [
        new_code_cell("folder = ''\nnumber = 1", metadata={"tags": ["parameters"]}),
        new_code_cell("print(folder)\nprint(folder + '/line_items', folder + '2')\nfolder"),
    ]
    kernel = {"name": "python3", "display_name": "p", "language": "python"}
    book = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook, folder, executed = tmp_path / "book.ipynb", tmp_path / "data" / "clean", tmp_path / "site" / "book.ipynb"
    nbformat.write(book, notebook)
    execute(notebook, executed, {"folder": str(folder)})
    kept = executed.read_text("utf-8").replace(f"{folder}2", "")
    assert str(tmp_path) not in kept
    told = nbformat.read(executed, as_version=4)
    assert told.cells[1].source.strip().endswith("folder = '../data/clean'")
    assert told.cells[2].outputs[0].text == f"../data/clean\n../data/clean/line_items {folder}2\n"
    assert told.metadata["papermill"]["parameters"]["folder"] == "../data/clean"
