"""The commands on reports and site, and the whole way that ends there: run, report, site, lab.

Heavy libraries are imported by the command that needs them, so that `--help` is instant.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from analysis.command_output import CLEAN, ERR, MEMORY, OUT, RAW, SECONDS, print_path
from analysis.dataset_commands import check, nothing_read, read_files
from analysis.errors import ParameterError
from analysis.project import CHOSEN, find_project
from analysis.reports.registry import KINDS, batch_kinds

if TYPE_CHECKING:
    from analysis.runtime.kernels.limits import RunLimits


def run(options: argparse.Namespace) -> int:
    """The whole way: `workbench run`."""
    began = monotonic()
    raw, clean, site, workers, scheduler = (
        options.raw, options.clean, options.site, options.workers, options.scheduler
    )  # fmt: skip
    codes = [read_files(options), check(raw, clean, site, workers, scheduler)]
    if options.with_sources:
        codes.append(_carry(raw, clean, site, workers))
    for by in batch_kinds():
        if find_project().has_notebook(by):
            codes.append(_make_reports(clean, site, by, workers, scheduler))
    codes.append(_write_site(clean, site))
    made = sum(1 for _ in (site / "reports").rglob("*.html"))
    OUT.say(f"报告 reports: {made}；用时 {monotonic() - began:.0f} 秒 seconds")
    print_path("请打开 open", site / "index.html")
    return max(codes)


def report(options: argparse.Namespace) -> int:
    """Execute reports: `workbench report`."""
    from analysis.runtime.kernels.limits import RunLimits

    limits = RunLimits(options.kernel, options.seconds, options.memory)
    if options.deflator is not None and not options.deflator.is_file():
        raise ParameterError(f"没有价格指数文件 {options.deflator}。 / there is no file {options.deflator}")
    if options.notebook is not None:
        return _make_own(options, limits)
    return _make_reports(
        options.clean,
        options.site,
        options.by,
        options.workers,
        options.scheduler,
        only=options.only,
        limits=limits,
        png=options.png,
        standalone=options.standalone,
        deflator=options.deflator,
    )


def _make_own(options: argparse.Namespace, limits: "RunLimits") -> int:
    from dataclasses import replace

    from analysis import pipeline

    if not options.notebook.is_file():
        raise ParameterError(f"没有笔记本 {options.notebook}。 / there is no notebook {options.notebook}")
    given, alone = dict(options.parameter), replace(limits, kernel="standard")
    page = pipeline.own_report(options.notebook, options.clean, options.site, given, options.standalone, alone)
    print_path("报告 report", page)
    return 0


def _make_reports(
    clean: Path,
    site: Path,
    by: str,
    workers: int,
    scheduler: str | None,
    *,
    only: Sequence[str] = (),
    limits: "RunLimits | None" = None,
    png: bool = False,
    standalone: bool = False,
    deflator: Path | None = None,
) -> int:
    from analysis import pipeline, progress
    from analysis.dataset.store import read_table
    from analysis.reports.organisations import unattributed
    from analysis.runtime.kernels.limits import RunLimits

    with progress.shown(f"报告 report {by}", ERR) as show:
        done = pipeline.report(
            find_project(),
            clean,
            site,
            by,
            only,
            workers=workers,
            scheduler=scheduler,
            limits=limits or RunLimits(seconds=SECONDS, memory=MEMORY),
            png=png,
            standalone=standalone,
            deflator=deflator,
            progress=show,
            waiting=lambda: ERR.say("另一次运行正在写这个站点，等待中 waiting for another run on this site"),
        )
    for page in done.pages if KINDS[by].asked else ():
        print_path("报告 report", page)
    OUT.say(f"报告 reports {by}: made {len(done.pages)}, unchanged {done.unchanged}, failed {len(done.failures)}")
    if not (done.pages or done.unchanged or done.failures):
        OUT.say("数据集中没有可以写成报告的内容。 / there is nothing to report on in the dataset")
    for file in unattributed(read_table(clean, "documents"))["source_file"]:
        OUT.say(f"  left out 未列入报告：单位、年度、层级或种类不明，可在 documents.toml 中给出: {file}")
    for key, reason in done.failures:
        OUT.say(f"  failed: {key}: {reason}")
    for key in done.removed:
        OUT.say(f"  removed 数据中已没有，旧页面已移除: {key}")
    return int(bool(done.failures))


def site(options: argparse.Namespace) -> int:
    """Write the index: `workbench site`."""
    code = _carry(options.raw, options.clean, options.site, options.workers) if options.with_sources else 0
    return max(code, _write_site(options.clean, options.site))


def _carry(raw: Path, clean: Path, site: Path, workers: int) -> int:
    from analysis import progress
    from analysis.reports.citations import SOURCES
    from analysis.steps.carry_sources import carry_sources

    new = not (site / SOURCES).is_dir()
    with progress.shown("附上原件 sources", ERR) as show:
        failed = carry_sources(clean, raw, site, workers, show)
    print_path("原件 sources", site / SOURCES)
    for file, reason in failed:
        OUT.say(f"  not carried: {file}: {reason}")
    if new and (site / "reports").is_dir():
        OUT.say(
            "再运行 workbench report，报告中的数字即可指向原件。 / run workbench report again to lead figures there"
        )
    return int(bool(failed))


def _write_site(clean: Path, site: Path) -> int:
    from analysis import pipeline
    from analysis.dataset.store import read_table

    print_path("首页 index", pipeline.site(find_project(), clean, site))
    if nothing_read(read_table(clean, "documents")):
        OUT.say("数据集中没有读出的文件，首页是空的。 / no file of the dataset was read: the index is empty")
    return 0


def lab(options: argparse.Namespace) -> int:
    """Start JupyterLab: `workbench lab`."""
    from analysis.exploring.lab import lab

    def show_address(address: str) -> None:
        OUT.say(
            "JupyterLab 已启动，只在本机可用，按 Ctrl-C 停止。 JupyterLab runs, for this machine only; Ctrl-C stops it."
        )
        OUT.say(f"  {address}")

    for folder, chosen in ((CLEAN, options.clean), (RAW, options.raw)):
        if chosen != folder:
            os.environ[CHOSEN[folder.as_posix()]] = str(chosen.resolve())  # kernels inherit it
    return lab(find_project().root, show_address, options.language, not options.no_browser)
