"""The only door: `workbench COMMAND`.

Every command prints what it did and shows progress on long work. It exits 0 on success, 2 on wrong usage, and 1 when it
ran but something failed.
"""

import argparse
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis import __version__, dataset_commands, site_commands
from analysis.bilingual_parser import BilingualParser
from analysis.command_output import CLEAN, ERR, MEMORY, RAW, SECONDS, SITE
from analysis.dataset.export.formats import FORMATS
from analysis.errors import ParameterError, WorkbenchError
from analysis.reports.registry import KINDS
from analysis.system_errors import sentence, system_errors


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
        ERR.say(f"错误 error: {error}", style="red")
        return 2
    except WorkbenchError as error:
        ERR.say(f"错误 error: {error}", style="red")
        return 1
    except KeyboardInterrupt:
        ERR.say("已中断 interrupted")
        return 1
    except system_errors() as error:
        ERR.say(f"错误 error: {sentence(error)}", style="red")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = BilingualParser(
        prog="workbench",
        description="Read, balance and report published Chinese public budgets. 读取、核对、报告公开的预算和决算。",
    )
    parser.add_argument(
        "--version", action="version", version=f"workbench {__version__}", help="print the version 版本"
    )
    commands = parser.add_subparsers(title="命令 commands", required=True, metavar="COMMAND")
    raw = _folder("--raw", RAW, "published files 公布文件")
    clean = _folder("--clean", CLEAN, "cleaned dataset 清洗后数据")
    site = _folder("--site", SITE, "reports and Data Docs 报告与核对结果")
    workers = BilingualParser(add_help=False)
    workers.add_argument(
        "--workers",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="work side by side 并行数 (default: the cores)",
    )
    workers.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="a Dask scheduler whose workers do it instead 现有的 Dask 集群"
    )

    reading = BilingualParser(add_help=False)
    reading.add_argument(
        "--memory", type=_positive, metavar="MIB", help="reading a file may take 限内存 (default: at most 1024)"
    )
    reading.add_argument("--no-scans", action="store_true", help="leave pages alone that are pictures 不识别扫描页")
    forms = BilingualParser(add_help=False)
    forms.add_argument("--forms", type=Path, metavar="DIR", help="your own families of forms 自定表式")

    def add(
        name: str, command: Callable[[argparse.Namespace], int], about: str, *parents: BilingualParser
    ) -> BilingualParser:
        sub = commands.add_parser(name, help=about, description=about, parents=list(parents))
        sub.set_defaults(command=command)
        return sub

    pictures = _folder("--raw", RAW, "published files, for pictures and links 公布文件，供截图和链接")
    carried = BilingualParser(add_help=False)
    carried.add_argument(
        "--with-sources", action="store_true", help="carry the published files, so that figures lead to them 附上原件"
    )
    whole = (raw, clean, site, workers, forms, reading, carried)
    add("run", site_commands.run, "clean, validate, report, site: the whole way 全流程", *whole)
    add(
        "clean",
        dataset_commands.read_files,
        "read published files into tidy parquet 清洗",
        raw,
        clean,
        workers,
        forms,
        reading,
    )
    validate = add(
        "validate",
        dataset_commands.validate,
        "check every figure, trace what is wrong 核对",
        pictures,
        clean,
        site,
        workers,
    )
    validate.add_argument("--strict", action="store_true", help="exit 1 while errors are open 有未处理的错误时返回 1")
    report = add("report", site_commands.report, "execute the parameterised reports 报告", clean, site, workers)
    kinds = tuple(kind.id for kind in KINDS.values() if kind.specs or kind.asked)
    report.add_argument(
        "--by", choices=kinds, default=kinds[0], help=f"what a report is about 报告种类 (default: {kinds[0]})"
    )
    report.add_argument(
        "--only", nargs="+", default=[], metavar="KEY", help="organisations, years, codes, report keys 只做这些"
    )
    report.add_argument(
        "--notebook", type=Path, metavar="FILE", help="your own notebook, in the same style 自己的笔记本"
    )
    report.add_argument(
        "-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="of --notebook 参数"
    )
    report.add_argument("--deflator", type=Path, metavar="CSV", help="a price index, for real growth 价格指数 (unit)")
    report.add_argument(
        "--kernel", choices=("fork", "standard"), default="fork", help="how it starts 启动方式 (default: fork)"
    )
    limit = "a report may take {} (default: %(default)s)"
    report.add_argument("--seconds", type=_positive, default=SECONDS, metavar="N", help=limit.format("限时"))
    report.add_argument("--memory", type=_positive, default=MEMORY, metavar="MIB", help=limit.format("限内存"))
    report.add_argument("--standalone", action="store_true", help="also write pages to send by mail 另存为单个文件")
    report.add_argument("--png", action="store_true", help="also export every chart as png 图表另存为 png")
    add("site", site_commands.site, "write the index page 首页", pictures, clean, site, workers, carried)
    export = add("export", dataset_commands.export, f"write the dataset as {' or '.join(FORMATS)} 导出", clean)
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder that receives the files 写到哪里")
    export.add_argument("--format", choices=tuple(FORMATS), default=next(iter(FORMATS)), help="of the files 文件格式")
    known = add("forms", dataset_commands.forms, "the known families of forms; for a file, which one it is 表式", forms)
    known.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a published file 公布文件")
    lab = add("lab", site_commands.lab, "JupyterLab on this project 交互分析", pictures, clean)
    lab.add_argument("--language", choices=("zh", "en"), default="zh", help="of the interface 界面语言 (default: zh)")
    lab.add_argument("--no-browser", action="store_true", help="only print the address 只显示地址，不打开浏览器")
    return parser


def _folder(flag: str, default: Path, about: str) -> BilingualParser:
    parent = BilingualParser(add_help=False)
    parent.add_argument(flag, type=Path, default=default, metavar="DIR", help=f"{about} (default: {default})")
    return parent


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _print_cluster(scheduler: str | None) -> None:
    """Say where the cluster can be watched; one that cannot be reached is told before anything starts."""
    if scheduler is None:
        return
    from analysis.runtime.workers import worker_pool

    with worker_pool(1, scheduler) as pool:
        ERR.say(f"Dask {scheduler}: {pool.count} threads, dashboard {pool.dashboard or '-'}")
