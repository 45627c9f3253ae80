"""The whole way on one screen: published files → dataset → checks → reports → site.

Each step runs its notebook, which calls the package and shows the result; the executed notebook is kept and rendered
as a page. The command line is a thin door to these functions.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from analysis.errors import NotebookError
from analysis.project import Project
from analysis.publishing.dataset import read_table
from analysis.publishing.execution.notebooks import execute
from analysis.publishing.pages import Place, render
from analysis.publishing.parameters import choose, unit_reports
from analysis.publishing.reports import publish_unit, share_assets
from analysis.publishing.site import build_site

Progress = Callable[[int, int, str], None]
CLEAN_TITLE = "数据清洗报告"
VALIDATE_TITLE = "勾稽核对报告"


def clean(project: Project, raw_dir: Path, clean_dir: Path, workers: int) -> pl.DataFrame:
    """Read the raw folder; the executed notebook and its page stay beside the dataset. Returns the documents table.

    Raises:
        NotebookError: the notebook did not run to its end.
    """
    parameters: dict[str, str | int] = {
        "raw_dir": str(raw_dir.resolve()),
        "clean_dir": str(clean_dir.resolve()),
        "workers": workers,
    }
    _run(project.notebook("clean"), clean_dir / "clean.ipynb", parameters, CLEAN_TITLE, clean_dir)
    return read_table(clean_dir, "documents")


def validate(project: Project, raw_dir: Path, clean_dir: Path, site_dir: Path) -> pl.DataFrame:
    """Check everything; Data Docs, the audit and the page go to the site. Returns the findings table.

    The raw folder is needed for the pictures of the findings alone.

    Raises:
        NotebookError: the notebook did not run to its end.
    """
    parameters = {
        "raw_dir": str(raw_dir.resolve()),
        "clean_dir": str(clean_dir.resolve()),
        "site_dir": str(site_dir.resolve()),
        "expectations_dir": str(project.expectations),
    }
    _run(project.notebook("validate"), site_dir / "validate.ipynb", parameters, VALIDATE_TITLE, site_dir)
    return read_table(clean_dir, "findings")


def _run(notebook: Path, executed: Path, parameters: Mapping[str, str | int], title: str, home: Path) -> None:
    execute(notebook, executed, parameters)
    share_assets(home)
    render(executed, executed.with_suffix(".html"), title, Place(assets="assets", home="index.html"))


@dataclass(frozen=True, slots=True)
class Published:
    """The pages that were made, and the reports that failed with the reason."""

    pages: tuple[Path, ...]
    failures: tuple[tuple[str, str], ...]


def report_units(
    project: Project, clean_dir: Path, site_dir: Path, only: Sequence[str], workers: int, progress: Progress
) -> Published:
    """The reports by unit, `workers` at a time. One that fails costs only itself.

    Raises:
        ParameterError: `only` names something that is not in the dataset.
    """
    reports = choose(unit_reports(read_table(clean_dir, "documents")), only)
    notebook = project.notebook("unit")
    pages: list[Path] = []
    failures: list[tuple[str, str]] = []
    # Processes, not threads: the messages of kernels that one process drives side by side get mixed up.
    with ProcessPoolExecutor(min(workers, len(reports)) or 1, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(publish_unit, notebook, clean_dir, site_dir, report): report for report in reports}
        for number, future in enumerate(as_completed(running), 1):
            try:
                pages.append(future.result())
            except NotebookError as error:
                failures.append((running[future].key, str(error)))
            progress(number, len(reports), running[future].organisation)
    return Published(tuple(sorted(pages)), tuple(sorted(failures)))


def site(clean_dir: Path, site_dir: Path) -> Path:
    """The index page over what the site holds."""
    return build_site(clean_dir, site_dir)
