"""A unit report by its parts: kernel, data, charts, HTML, and what the page and its files weigh.

The kernel is what a notebook of one empty cell costs; data and charts are measured in this process, on the report that
the notebook shows; the whole is the notebook executed as a batch does it. Medians of several rounds.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from analysis.charts.chart import Chart
from analysis.dataset.store import read_table
from analysis.pages.notebook_page import render
from analysis.reports.unit.unit_report import UnitReport, open_unit
from analysis.reports.unit.unit_scope import unit_specs
from analysis.runtime.kernels.limits import RunLimits
from analysis.runtime.kernels.notebooks import execute
from analysis.steps.clean import clean_folder
from bench.documents import ROOT

ROUNDS = 5
SECTIONS = ("", "spending", "basics", "income")


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        clean = folder / "clean"
        clean_folder(ROOT / "data" / "raw", clean)
        report = max(unit_specs(read_table(clean, "documents")), key=lambda one: len(one.years or ()))
        asked = {**report.parameters, "clean_dir": str(clean)}
        empty = folder / "empty.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), empty)
        limits = RunLimits()
        page = folder / "page.html"
        kernel = median(lambda: execute(empty, folder / "e.ipynb", {}, limits))
        data = median(lambda: told(report_of(clean, asked)))
        shown = told(report_of(clean, asked))
        charts = median(lambda: [one._repr_mimebundle_() for one in shown if isinstance(one, Chart)])
        whole = median(lambda: execute(ROOT / "notebooks" / "unit.ipynb", folder / "u.ipynb", asked, limits))
        html = median(lambda: render(folder / "u.ipynb", page, report.title))
        alone = folder / "alone.html"
        render(folder / "u.ipynb", alone, report.title, standalone=True)
        number = sum(isinstance(one, Chart) for one in shown)
        print(
            f"kernel {kernel:.2f} s, data and figures {data:.2f} s, {number} charts {charts:.2f} s, HTML {html:.2f} s"
        )
        print(f"executed as a whole {whole:.2f} s, and rendered {whole + html:.2f} s a report")
        files = sum(path.stat().st_size for path in page.with_suffix("").iterdir())
        sizes = [path.stat().st_size for path in (page, folder / "u.ipynb", alone)]
        print(
            "page {:.0f} kB, notebook {:.0f} kB, standalone {:.0f} kB".format(*(size / 1000 for size in sizes)), end=""
        )
        print(f", charts beside it {files / 1000:.0f} kB")


def report_of(clean: Path, asked: dict[str, object]) -> UnitReport:
    return open_unit(clean, asked["organisation"], asked["level"], asked["first_year"], asked["last_year"])


def told(report: UnitReport) -> list[object]:
    """Everything that the notebook shows, in no order."""
    places = [getattr(report, name) if name else report for name in SECTIONS]
    return [
        getattr(place, name)
        for place in places
        for name in dir(type(place))
        if isinstance(getattr(type(place), name), property) and not name.startswith("_")
    ]


def median(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
