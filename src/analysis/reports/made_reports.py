"""Which reports a site has, for the script that makes links between them: a small file beside them.

    site/reports/index.js    the organisations, years and codes whose report is there

A page is made before those that it could lead to, and one that is made later makes no other page stale: so the links
are not in the pages. The file is a script because a page that is opened from a folder may read no other kind.
"""

import json
from pathlib import Path

from analysis.atomic import write_text
from analysis.display.words import LEVEL_NAMES
from analysis.reports.registry import KINDS, batch_kinds
from analysis.reports.report_spec import ReportSpec
from analysis.terms.line_item import Level

NAME = "index.js"


def write_made_reports(clean_dir: Path, site_dir: Path) -> Path:
    """Write the file anew, by what the dataset can bear and the site holds.

    Raises:
        DatasetError: There is no dataset.
    """
    made: dict[str, list[list[str]]] = {}
    for by in batch_kinds():
        specs = KINDS[by].specs
        there = [spec for spec in (specs(clean_dir) if specs else ()) if spec.page(site_dir).exists()]
        made[by] = [_entry(spec) for spec in there]
    path = site_dir / "reports" / NAME
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    write_text(path, f"globalThis.madeReports = {text};\n")
    return path


def _entry(spec: ReportSpec) -> list[str]:
    """A report by its key, what it is called, and its level where it has one."""
    level = spec.parameters.get("level")
    named = LEVEL_NAMES[Level(str(level))] if spec.by == "unit" and level else ""
    return [spec.key, spec.names[0] if spec.names else spec.key, named]
