"""The whole way on one screen: published files → dataset → checks → reports → site.

Each step runs its notebook, which calls the package and shows the result; the executed notebook is kept and rendered
as a page. The command line is a thin door to these functions. What runs notebooks and makes pages is imported where it
is needed: a run that finds little to do must not wait for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from analysis.dataset.finding_order import in_order
from analysis.dataset.locks import held
from analysis.dataset.store import read_table, scan_table
from analysis.pages import assets
from analysis.pages.shell import PageLocation
from analysis.project import Project
from analysis.reports.made_reports import NAME, write_made_reports
from analysis.reports.planning.plan import ReportTarget
from analysis.reports.registry import asked_reports, choose, report_specs
from analysis.reports.report_spec import OWN, ReportSpec
from analysis.runtime.kernels.limits import RunLimits
from analysis.runtime.workers import worker_pool
from analysis.steps.batch import Batch, Published, run
from analysis.steps.standing_checks import Validation

Progress = Callable[[int, int, str], None]
CLEAN_TITLE = "数据清洗报告"
VALIDATE_TITLE = "勾稽核对报告"
_ONE_NOTEBOOK = RunLimits(
    kernel="standard", seconds=None
)  # as long as the data need; a server for one kernel is no gain


def clean(
    project: Project,
    raw_dir: Path,
    clean_dir: Path,
    workers: int,
    scheduler: str | None = None,
    forms_dir: Path | None = None,
    memory: int | None = None,
    *,
    scans: bool = True,
) -> pl.DataFrame:
    """Read the raw folder; the executed notebook and its page stay beside the dataset. Returns the documents table.

    With a `scheduler` the workers of that Dask cluster read; `forms_dir` has a user's own families of forms; `memory`
    is what one file may take, in MiB. Without `scans` pages that are pictures are not recognised.

    Raises:
        NotebookError: the notebook did not run to its end.
    """
    parameters: dict[str, str | int] = {
        "raw_dir": str(raw_dir.resolve()),
        "clean_dir": str(clean_dir.resolve()),
        "workers": workers,
        "scans": int(scans),
        "scheduler": scheduler or "",
        "forms_dir": str(forms_dir.resolve()) if forms_dir else "",
        "memory": memory or 0,
    }
    _run(project.notebook("clean"), clean_dir / "clean.ipynb", parameters, CLEAN_TITLE, PageLocation(None, "assets"))
    return read_table(clean_dir, "documents")


def validate(
    project: Project, raw_dir: Path, clean_dir: Path, site_dir: Path, workers: int = 2, scheduler: str | None = None
) -> pl.DataFrame:
    """Check everything; Data Docs, the audit and the page go to the site. Returns the findings table.

    Where nothing has changed since the last time, that one stands.

    The raw folder is needed for the pictures of the findings alone. With a `scheduler` the workers of that Dask cluster
    check.

    Raises:
        NotebookError: the notebook did not run to its end.
    """
    parameters: dict[str, str | int] = {
        "raw_dir": str(raw_dir.resolve()),
        "clean_dir": str(clean_dir.resolve()),
        "site_dir": str(site_dir.resolve()),
        "expectations_dir": str(project.expectations),
        "workers": workers,
        "scheduler": scheduler or "",
    }
    location = PageLocation("index.html", "assets")
    notebook = project.notebook("validate")
    validation = Validation(
        notebook, raw_dir.resolve(), clean_dir.resolve(), site_dir.resolve(), Path(project.expectations)
    )
    if not validation.stands():
        _run(notebook, site_dir / "validate.ipynb", parameters, VALIDATE_TITLE, location)
        validation.remember()
    return in_order(scan_table(clean_dir, "findings")).collect()


def _run(
    notebook: Path, executed: Path, parameters: Mapping[str, str | int], title: str, location: PageLocation
) -> None:
    from analysis.pages.notebook_page import render
    from analysis.runtime.kernels.notebooks import execute

    execute(notebook, executed, parameters, _ONE_NOTEBOOK)
    assets.write_assets(executed.parent / location.assets)
    render(executed, executed.with_suffix(".html"), title, location)


def report(
    project: Project,
    clean_dir: Path,
    site_dir: Path,
    by: str,
    only: Sequence[str],
    *,
    workers: int,
    scheduler: str | None = None,
    limits: RunLimits | None = None,
    png: bool = False,
    standalone: bool = False,
    deflator: Path | None = None,
    progress: Progress,
    waiting: Callable[[], None] = lambda: None,
) -> Published:
    """Bring the reports of one kind up to date: what is missing or made of something that has changed is made.

    Args:
        project: Where the notebook is.
        clean_dir: The cleaned dataset.
        site_dir: Where the pages go.
        by: What the reports are about: one of `batch_kinds`.
        only: Keys or names; none for all.
        workers: Processes of this machine.
        scheduler: The address of a Dask scheduler whose workers do it instead.
        limits: What one report may take.
        png: Draw each chart as png too.
        standalone: Write each page a second time, with all that it needs inside, to be sent by mail.
        deflator: A price index for the reports by unit, which then tell real growth too; None for none.
        progress: Called after each report.
        waiting: Called where another run works on this site.

    Raises:
        ParameterError: `only` names something that is not in the dataset.
        WorkbenchError: The disk is full, or the cluster cannot be reached.
    """
    limits = limits or RunLimits()
    if png:
        from analysis.charts.chart import PICTURES

        limits = replace(limits, variables={**limits.variables, PICTURES: "png"})
    of = ReportTarget(by, project.notebook(by), clean_dir.resolve(), site_dir.resolve(), png)
    with held(clean_dir):  # so that no report misses what a cleaning beside sweeps away
        among = asked_reports(clean_dir, by, only) or report_specs(clean_dir, by)
        if deflator is not None and by == "unit":
            given = {"deflator": str(deflator.resolve())}
            among = tuple(replace(one, parameters={**one.parameters, **given}) for one in among)
        if not (of.site_dir / "reports" / NAME).exists():
            write_made_reports(clean_dir, of.site_dir)
        done = run(Batch(of, limits), among, only, partial(worker_pool, workers, scheduler), progress, waiting)
        if done.pages or done.removed:
            write_made_reports(clean_dir, of.site_dir)
    if standalone:
        from analysis.reports.publish import publish_standalone

        for one in choose(among, only):
            publish_standalone(clean_dir, site_dir, one)
    return done


def own_report(
    notebook: Path, clean_dir: Path, site_dir: Path, given: Mapping[str, str], standalone: bool, limits: RunLimits
) -> Path:
    """A user's own notebook, run and rendered as a page of the site, in its style and without a network.

    Args:
        notebook: With one cell tagged "parameters".
        clean_dir: The cleaned dataset; handed to the notebook where it declares `clean_dir`.
        site_dir: Where the page goes: reports/own/<name of the notebook>.html.
        given: Values for its parameters, as text.
        standalone: Write the page a second time, with all that it needs inside.
        limits: How it is run.

    Raises:
        ParameterError: The notebook declares no such parameter.
        NotebookError: It did not run to its end.
    """
    from analysis.reports.publish import publish, publish_standalone
    from analysis.runtime.kernels.notebooks import typed_parameters

    spec = ReportSpec(OWN, notebook.stem, notebook.stem, typed_parameters(notebook, given))
    assets.write_assets(site_dir / "assets")
    spec.page(site_dir).parent.mkdir(parents=True, exist_ok=True)
    if not (site_dir / "reports" / NAME).exists():
        write_made_reports(clean_dir, site_dir)
    page = publish(notebook, clean_dir, site_dir, spec, limits)
    return (publish_standalone(clean_dir, site_dir, spec) or page) if standalone else page


def site(project: Project, clean_dir: Path, site_dir: Path) -> Path:
    """The index page over what the site holds."""
    from analysis.site import build_site

    return build_site(clean_dir, site_dir, project.root / "docs" / "indicators.md")
