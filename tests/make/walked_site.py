"""A site as a reader walks through it: three published files of two departments, read, with reports and sources."""

import shutil
from pathlib import Path

from analysis.pipeline import report
from analysis.project import find_project
from analysis.site import build_site
from analysis.steps.carry_sources import carry_sources
from analysis.steps.clean import clean_folder

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
JUSTICE, COMMERCE = "上海市普陀区司法局", "上海市普陀区商务委员会"
COMPARED = f"{JUSTICE}、{COMMERCE}"
FILES = (f"{JUSTICE}-2026-部门预算.pdf", f"{COMMERCE}-2025-部门预算.pdf", f"{COMMERCE}-2025-单位预算.xlsx")


def walked_site(folder: Path) -> Path:
    """The site in `folder`, its files in `raw`, its dataset in `clean`."""
    raw, clean_dir, site_dir = folder / "raw", folder / "clean", folder / "site"
    raw.mkdir()
    for name in FILES:
        shutil.copy(RAW / name, raw)
    clean_folder(raw, clean_dir, workers=1)
    assert carry_sources(clean_dir, raw, site_dir) == ()
    for by, only in (("unit", ()), ("year", ()), ("function", ("204", "201"))):
        done = report(find_project(), clean_dir, site_dir, by, only, workers=1, progress=lambda *_: None)
        assert not done.failures
    done = report(find_project(), clean_dir, site_dir, "compare", (COMPARED,), workers=1, progress=lambda *_: None)
    assert not done.failures
    build_site(clean_dir, site_dir)
    return site_dir
