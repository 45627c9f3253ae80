"""What a run has to make: the reports that are missing, or made of something that has changed.

A report is made of its notebook, the package, the libraries that draw and calculate, its parameters, and its slice of
the dataset. Where the whole dataset is the one that was seen last time, no slice is looked at.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from analysis.dataset.store import generation
from analysis.reports.citations import SOURCES
from analysis.reports.planning.manifest import FinishedReport, Manifest
from analysis.reports.planning.slices import slice_digests
from analysis.reports.registry import KINDS, choose
from analysis.reports.report_spec import STANDALONE, ReportSpec

_LIBRARIES = ("ipykernel", "matplotlib", "nbconvert", "papermill", "plotly", "polars", "pyarrow")
_NOT_REPORTS = ("extraction", "reading", "__pycache__")
_LEFTOVER = re.compile(r"\.[0-9a-f]{32}(\..*)?")


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """One kind of report: its name and notebook, where its data come from and its pages go, if charts are png too."""

    by: str
    notebook: Path
    clean_dir: Path
    site_dir: Path
    png: bool = False


@dataclass(frozen=True, slots=True)
class PendingReport:
    """A report to be made, and what will be known of it; its size is not known yet."""

    report: ReportSpec
    made: FinishedReport


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: reports to make, how many are as they should be, and those that the dataset has no more."""

    due: tuple[PendingReport, ...]
    unchanged: int
    gone: tuple[FinishedReport, ...]


def plan(manifest: Manifest, of: ReportTarget, among: Sequence[ReportSpec], only: Sequence[str]) -> Plan:
    """Compare what is asked for with what is there.

    Args:
        manifest: What is finished.
        of: The kind of report.
        among: Every report of the kind that the dataset can bear.
        only: Keys or names; none for all. Those made on request earlier are kept up to date as well.

    Raises:
        ParameterError: `only` names something that is not there.
        DatasetError: There is no dataset.
    """
    chosen = choose(among, only)
    if not only:
        earlier = [one for one in among if one.on_request and manifest.find(one.by, one.key)]
        chosen = (*chosen, *(one for one in earlier if one not in chosen))
    now = generation(of.clean_dir)
    recipes = [_recipe(of, report) for report in chosen]
    standing = [_standing(manifest, of.site_dir, *pair) for pair in zip(chosen, recipes, strict=True)]
    unseen = [number for number, made in enumerate(standing) if made is None or made.generation != now]
    digests = slice_digests(of.clean_dir, [chosen[number] for number in unseen]) if unseen else []
    due = []
    for number, found in zip(unseen, digests, strict=True):
        report, made = chosen[number], standing[number]
        if made is not None and made.slice == found:
            manifest.add(replace(made, generation=now))
        else:
            due.append(PendingReport(report, FinishedReport(report.by, report.key, recipes[number], found, now, 0)))
    there = {report.key for report in among}
    listed = KINDS[of.by].asked is None  # nobody can list those that were asked for one by one
    gone = [made for made in manifest.of_kind(of.by) if listed and made.key not in there]
    return Plan(tuple(due), len(chosen) - len(due), tuple(gone))


def remove(manifest: Manifest, site_dir: Path, gone: Sequence[FinishedReport]) -> None:
    """Take away the pages of reports that the dataset can bear no more: what they say has no ground."""
    for made in gone:
        page = ReportSpec(made.by, made.key, "", {}).page(site_dir)
        for ending in (".html", ".ipynb", ".failed.ipynb", STANDALONE):
            path = page.with_suffix(ending)
            path.unlink(missing_ok=True)
        shutil.rmtree(page.with_suffix(""), ignore_errors=True)
        manifest.add(replace(made, size=-1))


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written; nobody else writes here while the manifest is ours."""
    for path in folder.glob(".*"):
        if _LEFTOVER.fullmatch(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _standing(manifest: Manifest, site_dir: Path, report: ReportSpec, recipe: str) -> FinishedReport | None:
    """What is known of a report whose page is there as it was written, by the same recipe."""
    made = manifest.find(report.by, report.key)
    if made is None or made.recipe != recipe:
        return None
    page = report.page(site_dir)
    try:
        whole = page.stat().st_size == made.size and page.with_suffix(".ipynb").exists()
    except OSError:
        return None
    return made if whole else None


def _recipe(of: ReportTarget, report: ReportSpec) -> str:
    carried = (of.site_dir / SOURCES).is_dir()
    asked = json.dumps([report.by, report.key, report.title, dict(report.parameters), of.png, carried], sort_keys=True)
    parts = (_content(of.notebook, of.notebook.stat().st_mtime_ns), code_version(), asked)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _content(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def code_version() -> str:
    """A fingerprint of all code that decides what a report says or how it looks; how files are read, the data tell."""
    digest = hashlib.sha256()
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    _add_sources(digest, files("analysis"), "")
    return digest.hexdigest()


def _add_sources(digest: "hashlib._Hash", folder: Traversable, place: str) -> None:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name in _NOT_REPORTS:
            continue
        if item.is_dir():
            _add_sources(digest, item, f"{place}{item.name}/")
        else:
            digest.update(f"{place}{item.name}\n".encode() + item.read_bytes())
