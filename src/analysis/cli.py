"""The only door: `workbench COMMAND`.

Every command prints what it did and shows progress on long work. It exits 0 on success, 2 on wrong usage, and 1 when it
ran but something failed. Heavy libraries are imported by the command that needs them, so that `--help` is instant.
"""

import argparse
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.dataset.export.formats import FORMATS
from analysis.errors import KnowledgeError, ParameterError, WorkbenchError
from analysis.project import CHOSEN, find_project
from analysis.reports.registry import KINDS, batch_kinds
from analysis.system_errors import sentence, system_errors
from analysis.terminal import Terminal
from analysis.terms.document import READ_STATUSES, Status

if TYPE_CHECKING:
    import polars as pl

    from analysis.runtime.kernels.limits import RunLimits


RAW, CLEAN, SITE = Path("data/raw"), Path("data/clean"), Path("site")
SECONDS, MEMORY = 600, 2048
_MOST_FINDINGS = 20
_out = Terminal()
_err = Terminal(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill stops as Ctrl-C does
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        _print_cluster(getattr(options, "scheduler", None))
        return command(options)
    except ParameterError as error:
        _err.say(f"错误 error: {error}", style="red")
        return 2
    except WorkbenchError as error:
        _err.say(f"错误 error: {error}", style="red")
        return 1
    except KeyboardInterrupt:
        _err.say("已中断 interrupted")
        return 1
    except system_errors() as error:
        _err.say(f"错误 error: {sentence(error)}", style="red")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workbench",
        description="Read, balance and report published Chinese public budgets. 读取、核对、报告公开的预算和决算。",
    )
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    raw = _folder("--raw", RAW, "published files 公布文件")
    clean = _folder("--clean", CLEAN, "cleaned dataset 清洗后数据")
    site = _folder("--site", SITE, "reports and Data Docs 报告与核对结果")
    workers = argparse.ArgumentParser(add_help=False)
    workers.add_argument(
        "--workers",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="work side by side (default: the cores)",
    )
    workers.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="a Dask scheduler whose workers do it instead 现有的 Dask 集群"
    )

    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument(
        "--memory", type=_positive, metavar="MIB", help="reading a file may take 限内存 (default: at most 1024)"
    )
    reading.add_argument("--no-scans", action="store_true", help="leave pages alone that are pictures 不识别扫描页")
    forms = argparse.ArgumentParser(add_help=False)
    forms.add_argument("--forms", type=Path, metavar="DIR", help="your own families of forms 自定表式")

    def add(
        name: str, command: Callable[[argparse.Namespace], int], about: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about, parents=list(parents))
        sub.set_defaults(command=command)
        return sub

    pictures = _folder("--raw", RAW, "published files, for pictures and links 公布文件，供截图和链接")
    carried = argparse.ArgumentParser(add_help=False)
    carried.add_argument(
        "--with-sources", action="store_true", help="carry the published files, so that figures lead to them 附上原件"
    )
    whole = (raw, clean, site, workers, forms, reading, carried)
    add("run", _run, "clean, validate, report, site: the whole way 全流程", *whole)
    add("clean", _read_files, "read published files into tidy parquet 清洗", raw, clean, workers, forms, reading)
    validate = add(
        "validate", _validate, "check every figure, trace what is wrong 核对", pictures, clean, site, workers
    )
    validate.add_argument("--strict", action="store_true", help="exit 1 while errors are open")
    report = add("report", _report, "execute the parameterised reports 报告", clean, site, workers)
    kinds = tuple(kind.id for kind in KINDS.values() if kind.specs or kind.asked)
    report.add_argument("--by", choices=kinds, default=kinds[0], help=f"what a report is about (default: {kinds[0]})")
    report.add_argument("--only", nargs="+", default=[], metavar="KEY", help="organisations, years, codes, report keys")
    report.add_argument(
        "--notebook", type=Path, metavar="FILE", help="your own notebook, in the same style 自己的笔记本"
    )
    report.add_argument(
        "-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="of --notebook 参数"
    )
    report.add_argument("--deflator", type=Path, metavar="CSV", help="a price index, for real growth 价格指数 (unit)")
    report.add_argument("--kernel", choices=("fork", "standard"), default="fork", help="how it starts (default: fork)")
    limit = "a report may take {} (default: %(default)s)"
    report.add_argument("--seconds", type=_positive, default=SECONDS, metavar="N", help=limit.format("限时"))
    report.add_argument("--memory", type=_positive, default=MEMORY, metavar="MIB", help=limit.format("限内存"))
    report.add_argument("--standalone", action="store_true", help="also write pages to send by mail 另存为单个文件")
    report.add_argument("--png", action="store_true", help="also export every chart as png 图表另存为 png")
    add("site", _site, "write the index page 首页", pictures, clean, site, workers, carried)
    export = add("export", _export, f"write the dataset as {' or '.join(FORMATS)} 导出", clean)
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder that receives the files")
    export.add_argument("--format", choices=tuple(FORMATS), default=next(iter(FORMATS)))
    known = add("forms", _forms, "the known families of forms; for a file, which one it is 表式", forms)
    known.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a published file 公布文件")
    lab = add("lab", _lab, "JupyterLab on this project 交互分析", pictures, clean)
    lab.add_argument("--language", choices=("zh", "en"), default="zh", help="of the interface 界面语言 (default: zh)")
    lab.add_argument("--no-browser", action="store_true", help="only print the address 只显示地址，不打开浏览器")
    return parser


def _folder(flag: str, default: Path, about: str) -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(flag, type=Path, default=default, metavar="DIR", help=f"{about} (default: {default})")
    return parent


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _run(options: argparse.Namespace) -> int:
    began = monotonic()
    raw, clean, site, workers, scheduler = (
        options.raw, options.clean, options.site, options.workers, options.scheduler
    )  # fmt: skip
    codes = [_read_files(options), _check(raw, clean, site, workers, scheduler)]
    if options.with_sources:
        codes.append(_carry(raw, clean, site, workers))
    for by in batch_kinds():
        if find_project().has_notebook(by):
            codes.append(_make_reports(clean, site, by, workers, scheduler))
    codes.append(_write_site(clean, site))
    made = sum(1 for _ in (site / "reports").rglob("*.html"))
    _out.say(f"报告 reports: {made}；用时 {monotonic() - began:.0f} 秒 seconds")
    _print_path("请打开 open", site / "index.html")
    return max(codes)


def _print_path(name: str, path: Path) -> None:
    _out.say(f"{name}: {path.resolve()}")


def _read_files(options: argparse.Namespace) -> int:
    from analysis import pipeline, progress

    raw, clean, forms = options.raw, options.clean, options.forms
    if not raw.is_dir():
        raise ParameterError(f"没有文件夹 {raw}；请用 --raw 指明。 / there is no folder {raw}: name one with --raw")
    if forms is not None:
        _check_forms(forms)
    _check_given(raw)
    with progress.shown("读取 clean", _err):
        documents = pipeline.clean(
            find_project(),
            raw,
            clean,
            options.workers,
            options.scheduler,
            forms,
            options.memory,
            scans=not options.no_scans,
        )
    _print_documents(documents)
    if documents.is_empty():
        _out.say(
            f"{raw} 中没有公布的文件；请把 PDF、xlsx、xls、docx、html 或 txt 放进去再运行。"
            f" / no published files in {raw}: put PDF, xlsx, xls, docx, html or txt there and run again",
        )
    elif _nothing_read(documents):
        _out.say("没有一个文件读得出来，数据集中没有数字。 / none of the files could be read: there are no figures")
    _print_path("数据集 dataset", clean)
    return int((documents["status"] == Status.FAILED.value).any())


def _check_forms(forms_dir: Path) -> None:
    """Refuse a folder of families that cannot be read before anything starts."""
    from analysis.knowledge.families import load_families
    from analysis.knowledge.identities import load_identities
    from analysis.knowledge.text_rules import load_text_rules

    try:
        families = load_families(forms_dir)
        load_identities(families)
        load_text_rules(families)
    except KnowledgeError as error:
        raise ParameterError(f"--forms {forms_dir}: {error}") from error


def _check_given(raw_dir: Path) -> None:
    """Refuse what a person says of documents before anything starts, where it cannot be read."""
    from analysis.knowledge.given import load_given
    from analysis.steps.given_facts import GIVEN_FILE

    try:
        if (raw_dir / GIVEN_FILE).exists():
            load_given(raw_dir / GIVEN_FILE)
    except KnowledgeError as error:
        raise ParameterError(str(error)) from error


def _nothing_read(documents: "pl.DataFrame") -> bool:
    return not documents["status"].is_in(READ_STATUSES).any()


def _print_documents(documents: "pl.DataFrame") -> None:
    counts = dict(documents["status"].value_counts(sort=True).iter_rows())
    by_status = f" ({', '.join(f'{name} {count}' for name, count in counts.items())})" if counts else ""
    _out.say(f"文件 files: {documents.height}{by_status}")
    for row in documents.filter(documents["status"] != Status.PARSED.value).iter_rows(named=True):
        _out.say(f"  {row['status']}: {row['source_file']}: {row['message']}")
    for row in documents.filter(documents["note"].is_not_null()).iter_rows(named=True):
        _out.say(f"  note: {row['source_file']}: {row['note']}")


def _validate(options: argparse.Namespace) -> int:
    return _check(options.raw, options.clean, options.site, options.workers, options.scheduler, strict=options.strict)


def _check(raw: Path, clean: Path, site: Path, workers: int, scheduler: str | None, *, strict: bool = False) -> int:
    from analysis import pipeline, progress
    from analysis.balancing.acceptances import read_acceptances, stale_acceptances
    from analysis.dataset.store import read_table
    from analysis.dataset.unchecked import read_unchecked
    from analysis.display.words import place_in_file

    project = find_project()
    with progress.shown("核对 validate", _err):
        findings = pipeline.validate(project, raw, clean, site, workers, scheduler)
    outcomes = dict(read_table(clean, "checks")["outcome"].value_counts(sort=True).iter_rows())
    if outcomes:
        _out.say(f"检查 checks: {', '.join(f'{name} {count}' for name, count in outcomes.items())}")
    else:
        _out.say("数据集中没有可以核对的内容。 / there is nothing to check in the dataset")
    unchecked, documents = read_unchecked(clean), read_table(clean, "documents")
    for row in documents.filter(documents["document_id"].is_in(list(unchecked))).iter_rows(named=True):
        if row["status"] != "duplicate":
            _out.say(f"  未检查 unchecked: {row['source_file']}: {unchecked[row['document_id']]}")
    still_open = findings.filter(findings["status"] == "open")
    counts = dict(still_open["severity"].value_counts().iter_rows())
    severities = ", ".join(f"{severity} {counts.get(severity, 0)}" for severity in ("error", "warning", "info"))
    _out.say(f"问题 findings: {severities}, accepted {findings.height - still_open.height}")
    for row in still_open.head(_MOST_FINDINGS).iter_rows(named=True):
        _out.say(f"  {row['severity']}: {row['source_file']} {place_in_file(row)}: {row['message_zh']}")
    if still_open.height > _MOST_FINDINGS:
        _out.say(f"  … 另有 {still_open.height - _MOST_FINDINGS} 个问题未列出 / more")
    for stale in stale_acceptances(findings, read_acceptances(project.expectations)):
        _out.say(f"  stale: {stale.words}")
    _print_path("问题清单 audit", site / "audit" / "index.html")
    _print_path("Data Docs", site / "data-docs" / "index.html")
    return int(strict and bool(counts.get("error")))


def _report(options: argparse.Namespace) -> int:
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
    _print_path("报告 report", page)
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

    with progress.shown(f"报告 report {by}", _err) as show:
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
            waiting=lambda: _err.say("另一次运行正在写这个站点，等待中 waiting for another run on this site"),
        )
    for page in done.pages if KINDS[by].asked else ():
        _print_path("报告 report", page)
    _out.say(f"报告 reports {by}: made {len(done.pages)}, unchanged {done.unchanged}, failed {len(done.failures)}")
    if not (done.pages or done.unchanged or done.failures):
        _out.say("数据集中没有可以写成报告的内容。 / there is nothing to report on in the dataset")
    for file in unattributed(read_table(clean, "documents"))["source_file"]:
        _out.say(f"  left out 未列入报告：单位、年度、层级或种类不明，可在 documents.toml 中给出: {file}")
    for key, reason in done.failures:
        _out.say(f"  failed: {key}: {reason}")
    for key in done.removed:
        _out.say(f"  removed 数据中已没有，旧页面已移除: {key}")
    return int(bool(done.failures))


def _print_cluster(scheduler: str | None) -> None:
    """Say where the cluster can be watched; one that cannot be reached is told before anything starts."""
    if scheduler is None:
        return
    from analysis.runtime.workers import worker_pool

    with worker_pool(1, scheduler) as pool:
        _err.say(f"Dask {scheduler}: {pool.count} threads, dashboard {pool.dashboard or '-'}")


def _site(options: argparse.Namespace) -> int:
    code = _carry(options.raw, options.clean, options.site, options.workers) if options.with_sources else 0
    return max(code, _write_site(options.clean, options.site))


def _carry(raw: Path, clean: Path, site: Path, workers: int) -> int:
    from analysis import progress
    from analysis.reports.citations import SOURCES
    from analysis.steps.carry_sources import carry_sources

    new = not (site / SOURCES).is_dir()
    with progress.shown("附上原件 sources", _err) as show:
        failed = carry_sources(clean, raw, site, workers, show)
    _print_path("原件 sources", site / SOURCES)
    for file, reason in failed:
        _out.say(f"  not carried: {file}: {reason}")
    if new and (site / "reports").is_dir():
        _out.say(
            "再运行 workbench report，报告中的数字即可指向原件。 / run workbench report again to lead figures there"
        )
    return int(bool(failed))


def _write_site(clean: Path, site: Path) -> int:
    from analysis import pipeline
    from analysis.dataset.store import read_table

    _print_path("首页 index", pipeline.site(find_project(), clean, site))
    if _nothing_read(read_table(clean, "documents")):
        _out.say("数据集中没有读出的文件，首页是空的。 / no file of the dataset was read: the index is empty")
    return 0


def _export(options: argparse.Namespace) -> int:
    from analysis.dataset.export.formats import export

    for path in export(options.clean, options.to, options.format):
        _print_path("写出 written", path)
    return 0


def _forms(options: argparse.Namespace) -> int:
    if options.forms is not None:
        _check_forms(options.forms)
    if options.file is None:
        _list_families(options.forms)
    else:
        _describe_file(options.file, options.forms)
    return 0


def _list_families(forms_dir: Path | None) -> None:
    from analysis.knowledge.families import load_families

    for family in load_families(forms_dir).by_id.values():
        tables = len({form.table for form in family.forms})
        _out.say(f"{family.id}: {family.zh} {family.en}")
        _out.say(f"  承自 extends: {family.extends or '-'}; 法定表 tables: {tables}")
        _out.say(f"  来源 source: {family.source}")


def _describe_file(path: Path, forms_dir: Path | None) -> None:
    from analysis.knowledge.names import official_tables
    from analysis.steps.describe_forms import describe_forms

    if not path.is_file():
        raise ParameterError(f"没有文件 {path}。 / there is no file {path}")
    found = describe_forms(path, forms_dir)
    recognised = found.recognition
    family = recognised.family
    _out.say(f"表式 family: {family.id} {family.zh} {family.en}, 符合度 score {recognised.score:.2f}")
    for fit in sorted(recognised.fits, key=lambda one: -one.score):
        signs = f"标题 titles {fit.titles:.0%}, 表头 headers {fit.headers:.0%}, 地名 place {fit.place:.0%}"
        _out.say(f"  {fit.family.id}: {fit.score:.2f} ({signs})")
    _out.say(f"法定表 tables: {len(found.tables)}")
    for title, table in found.tables:
        _out.say(f"  {title}: {official_tables()[table]} ({table})")
    _out.say(f"未读懂 not understood: {len(found.problems)}")
    for problem in found.problems:
        _out.say(f"  {problem}")


def _lab(options: argparse.Namespace) -> int:
    from analysis.exploring.lab import lab

    def show_address(address: str) -> None:
        _out.say(
            "JupyterLab 已启动，只在本机可用，按 Ctrl-C 停止。 JupyterLab runs, for this machine only; Ctrl-C stops it."
        )
        _out.say(f"  {address}")

    for folder, chosen in ((CLEAN, options.clean), (RAW, options.raw)):
        if chosen != folder:
            os.environ[CHOSEN[folder.as_posix()]] = str(chosen.resolve())  # kernels inherit it
    return lab(find_project().root, show_address, options.language, not options.no_browser)
