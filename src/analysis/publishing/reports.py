"""A report is published: its notebook executed with the report's parameters, and rendered beside it.

site/reports/unit/<key>.ipynb   the executed notebook
site/reports/unit/<key>.html    the page
site/assets/                    the font that all pages share
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from analysis.publishing.execution.notebooks import execute
from analysis.publishing.files import replacing
from analysis.publishing.pages import FONT, render
from analysis.publishing.parameters import UnitReport


def unit_page(site_dir: Path, report: UnitReport) -> Path:
    """Where the page of a report by unit stands."""
    return site_dir / "reports" / "unit" / f"{report.key}.html"


def publish_unit(notebook: Path, clean_dir: Path, site_dir: Path, report: UnitReport) -> Path:
    """Execute the notebook of one report by unit and render its page.

    Args:
        notebook: notebooks/unit.ipynb.
        clean_dir: The cleaned dataset.
        site_dir: Where the site grows.
        report: What to report on, already checked.

    Returns:
        The page.

    Raises:
        NotebookError: The notebook did not run to its end, or cannot be shown.
    """
    page = unit_page(site_dir, report)
    executed = page.with_suffix(".ipynb")
    execute(notebook, executed, {**report.parameters, "clean_dir": str(clean_dir.resolve())})
    share_assets(site_dir)
    render(executed, page, report.title)
    return page


def share_assets(site_dir: Path) -> None:
    """Put the files that all pages share into the site."""
    target = site_dir / "assets" / FONT
    with as_file(files("analysis.publishing") / "assets" / "fonts" / FONT) as font:
        if not target.exists() or target.stat().st_size != font.stat().st_size:
            with replacing(target) as temporary:
                shutil.copyfile(font, temporary)
