"""A report is published: its notebook executed with the report's parameters, and rendered beside it.

site/reports/<by>/<key>.ipynb   the executed notebook
site/reports/<by>/<key>.html    the page
site/reports/<by>/<key>/        its charts as files
site/reports/<by>/<key>.standalone.html   the page to send by mail, on request
site/assets/                    what all pages share
"""

import errno
from pathlib import Path

from analysis.errors import NotebookError, WorkbenchError
from analysis.publishing.execution.notebooks import Limits, declared_parameters, execute
from analysis.publishing.html import assets
from analysis.publishing.pages import render
from analysis.publishing.report import Report

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def publish(notebook: Path, clean_dir: Path, site_dir: Path, report: Report, limits: Limits | None = None) -> Path:
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
        render(executed, page, report.title)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NotebookError(
            f"磁盘已满，{page.name} 没有写出；请腾出空间后重新运行，只补做缺少的。"
            f" / the disk is full and {page.name} was not written: make room and run again"
        ) from error
    return page


def publish_alone(site_dir: Path, report: Report) -> Path | None:
    """Render a finished report once more as a page that needs nothing beside it; None where it is not finished.

    Raises:
        NotebookError: The notebook cannot be shown.
    """
    executed = report.page(site_dir).with_suffix(".ipynb")
    if not executed.exists():
        return None
    render(executed, report.alone(site_dir), report.title, standalone=True)
    return report.alone(site_dir)


def _places(notebook: Path, clean_dir: Path, site_dir: Path) -> dict[str, str]:
    """Where a report finds the dataset, and the pictures of findings where its notebook shows them."""
    places = {"clean_dir": clean_dir, "pictures": site_dir / "audit" / "pictures"}
    asked = declared_parameters(notebook)
    return {name: str(folder.resolve()) for name, folder in places.items() if name in asked}


def share_assets(site_dir: Path) -> None:
    """Put the files that all pages share into the site.

    Raises:
        WorkbenchError: The disk is full.
    """
    try:
        assets.share(site_dir / "assets")
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise WorkbenchError(
            f"磁盘已满，{site_dir} 写不下各页共用的文件；请腾出空间后重新运行。"
            f" / the disk is full: what all pages share does not fit into {site_dir}"
        ) from error
