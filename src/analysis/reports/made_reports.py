"""Which reports a site has, for the script that makes links between them: a small file beside them.

    site/reports/index.js    the organisations, years and codes whose report is there

A page is made before those that it could lead to, and one that is made later makes no other page stale: so the links
are not in the pages. The file is a script because a page that is opened from a folder may read no other kind.
"""

import json
import re
from html import unescape
from pathlib import Path

from analysis.atomic import write_text
from analysis.display.words import LEVEL_NAMES
from analysis.reports.registry import KINDS
from analysis.reports.report_spec import STANDALONE, ReportSpec
from analysis.terms.line_item import Level

NAME = "index.js"
_TITLE, _HEAD = re.compile("<title>(.*?)</title>", re.DOTALL), 8192


def write_made_reports(clean_dir: Path, site_dir: Path) -> Path:
    """Write the file anew, by what the dataset can bear and the site holds.

    Raises:
        DatasetError: There is no dataset.
    """
    made: dict[str, list[list[str]]] = {}
    for by, kind in KINDS.items():
        there = [spec for spec in (kind.specs(clean_dir) if kind.specs else ()) if spec.page(site_dir).exists()]
        asked = [] if kind.specs else [[page.stem, title] for page, title in asked_pages(site_dir, by)]
        made[by] = [_entry(spec) for spec in there] + asked
    path = site_dir / "reports" / NAME
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    write_text(path, f"globalThis.madeReports = {text};\n")
    return path


def _entry(spec: ReportSpec) -> list[str]:
    """A report by its key and what it is called; of an organisation with its level, its first year and its last."""
    called = [spec.key, spec.names[0] if spec.names else spec.key]
    if spec.by != "unit":
        return called
    level, years = spec.parameters.get("level"), spec.years or ()
    named = LEVEL_NAMES[Level(str(level))] if level else ""
    return [*called, named, *(str(year) for year in years[:1] + years[-1:])]


def asked_pages(site_dir: Path, by: str) -> list[tuple[Path, str]]:
    """The pages, with their titles, that somebody asked for one by one: no dataset lists them, the site knows them."""
    pages = sorted(one for one in (site_dir / "reports" / by).glob("*.html") if not one.name.endswith(STANDALONE))
    return [(page, _title_of(page)) for page in pages]


def _title_of(page: Path) -> str:
    with page.open(encoding="utf-8") as file:
        found = _TITLE.search(file.read(_HEAD))
    return unescape(found[1]) if found else page.stem
