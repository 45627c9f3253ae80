"""A report is published: its notebook executed with the report's parameters, and rendered beside it.

site/reports/<by>/<key>.ipynb   the executed notebook
site/reports/<by>/<key>.html    the page
site/reports/<by>/<key>/        its charts as files
site/reports/<by>/<key>.standalone.html   the page to send by mail, on request
site/assets/                    what all pages share
"""

from functools import partial
from pathlib import Path

from analysis.atomic import disk_is_full
from analysis.errors import NotebookError
from analysis.pages.notebook_page import Cited, render
from analysis.reports.citations import citations
from analysis.reports.report_spec import OWN, ReportSpec
from analysis.runtime.kernels.limits import RunLimits
from analysis.runtime.kernels.notebooks import declared_parameters, execute

_MADE = "../index.js"  # what reports.made_reports writes


def publish(
    notebook: Path, clean_dir: Path, site_dir: Path, report: ReportSpec, limits: RunLimits | None = None
) -> Path:
    """Execute the notebook of one report and render its page; the site has the shared assets already.

    Args:
        notebook: The notebook of this kind of report.
        clean_dir: The cleaned dataset.
        site_dir: Where the site grows.
        report: What to report on, already checked.
        limits: How the notebook is run.

    Returns:
        The page.

    Raises:
        NotebookError: The notebook did not run to its end, cannot be shown, or the disk is full.
    """
    page = report.page(site_dir)
    executed = page.with_suffix(".ipynb")
    try:
        execute(notebook, executed, {**report.parameters, **_places(notebook, clean_dir, site_dir)}, limits)
        cited = _cited(clean_dir, site_dir, report)
        render(executed, page, report.title, cited=cited, made_reports=_MADE, named=report.by != OWN)
    except OSError as error:
        if not disk_is_full(error):
            raise
        raise NotebookError(
            f"磁盘已满，{page.name} 没有写出；请腾出空间后重新运行，只补做缺少的。"
            f" / the disk is full and {page.name} was not written: make room and run again"
        ) from error
    return page


def _cited(clean_dir: Path, site_dir: Path | None, report: ReportSpec) -> Cited:
    return partial(citations, clean_dir, site_dir, organisations=report.organisations, years=report.years)


def publish_standalone(clean_dir: Path, site_dir: Path, report: ReportSpec) -> Path | None:
    """Render a finished report once more as a page that needs nothing beside it; None where it is not finished.

    Raises:
        NotebookError: The notebook cannot be shown.
    """
    executed = report.page(site_dir).with_suffix(".ipynb")
    if not executed.exists():
        return None
    render(
        executed,
        report.standalone_page(site_dir),
        report.title,
        standalone=True,
        cited=_cited(clean_dir, None, report),
        named=report.by != OWN,
    )
    return report.standalone_page(site_dir)


def _places(notebook: Path, clean_dir: Path, site_dir: Path) -> dict[str, str]:
    """Where a report finds the dataset, and the pictures of findings where its notebook shows them."""
    places = {"clean_dir": clean_dir, "pictures": site_dir / "audit" / "pictures"}
    asked = declared_parameters(notebook)
    return {name: str(folder.resolve()) for name, folder in places.items() if name in asked}
