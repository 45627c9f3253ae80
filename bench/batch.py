"""Reports: the shell loop, papermill in a loop, and `workbench report` with one and two workers, on made organisations.

The ways take turns, so that whatever else the machine does hits all alike. The loops make a few of the reports and are
scaled to all of them, their start counted once (`--full` makes all). An ablation takes each measure away alone.
`--thousand` makes a thousand reports in one run, watches its rate and memory, and runs it again with nothing changed.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

from bench.documents import ROOT

if TYPE_CHECKING:
    from analysis.runtime.kernels.preload import Preload

REPORTS, FEW, ROUNDS = 50, 2, 3
DOCUMENTS = 200
NOTEBOOK = ROOT / "notebooks" / "unit.ipynb"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process with all its children took: seconds, processor seconds, MiB of its largest process."""

    seconds: float
    processor: float
    peak: float

    def per(self, count: int) -> str:
        return f"{self.seconds / count:6.2f} s  {self.processor / count:6.2f} CPU s  {self.peak:5.0f} MiB"


def main() -> None:
    with TemporaryDirectory() as folder:
        clean = dataset(Path(folder), DOCUMENTS)
        if "--thousand" in sys.argv:
            thousand(clean, Path(folder))
            return
        compare(clean, Path(folder), "--full" in sys.argv)
        ablation(clean, Path(folder))


def dataset(folder: Path, documents: int) -> Path:
    """A cleaned and checked dataset of made organisations."""
    command = [sys.executable, "-m", "typesetter", "corpus", "--documents", str(documents), "--seed", "1"]
    spend([*command, "--workers", "2", "--out", str(folder / "corpus")])
    raw, clean, site = folder / "corpus" / "raw", folder / "clean", folder / "checked"
    spend([*workbench("clean"), "--raw", str(raw), "--clean", str(clean)])
    spend([*workbench("validate"), "--raw", str(raw), "--clean", str(clean), "--site", str(site)])
    return clean


def workbench(command: str) -> list[str]:
    return [sys.executable, "-m", "analysis", command]


def asked(clean: Path, count: int) -> list[tuple[str, dict[str, object]]]:
    """Key and parameters of the first reports."""
    from analysis.reports.registry import report_specs

    found = report_specs(clean, "unit")[:count]
    return [(one.key, {**one.parameters, "clean_dir": str(clean)}) for one in found]


def spend(command: Sequence[str]) -> Cost:
    start = time.perf_counter()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(ROOT / place) for place in ("src", "tools", "tests", "")),
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = threading.Thread(target=lambda: errors.append(process.stderr.read()), daemon=True)  # type: ignore[union-attr]
    errors: list[bytes] = []
    said.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    said.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{b''.join(errors).decode(errors='replace')}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def by_shell(clean: Path, out: Path, count: int) -> Cost:
    """papermill and nbconvert from a shell, one report after the other."""
    costs = []
    for key, parameters in asked(clean, count):
        executed = out / f"{key}.ipynb"
        given = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
        tool = [sys.executable, "-m"]
        costs.append(spend([*tool, "papermill", "--no-progress-bar", *given, str(NOTEBOOK), str(executed)]))
        costs.append(spend([*tool, "nbconvert", "--log-level", "ERROR", "--to", "html", str(executed)]))
    return Cost(sum(c.seconds for c in costs), sum(c.processor for c in costs), max(c.peak for c in costs))


def by_loop(clean: Path, out: Path, count: int) -> Cost:
    """papermill.execute_notebook and HTMLExporter in one process."""
    return spend([sys.executable, "-m", "bench.batch", "loop", str(clean), str(out), str(count)])


def _loop(clean: Path, out: Path, count: int) -> None:
    import papermill
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter()
    for key, parameters in asked(clean, count):
        papermill.execute_notebook(
            NOTEBOOK, out / f"{key}.ipynb", parameters, progress_bar=False, kernel_name="python3"
        )
        html, _ = exporter.from_filename(str(out / f"{key}.ipynb"))
        (out / f"{key}.html").write_text(html, encoding="utf-8")


def by_workbench(workers: int) -> Callable[[Path, Path, int], Cost]:
    def way(clean: Path, out: Path, count: int) -> Cost:
        keys = [key for key, _ in asked(clean, count)]
        place = ["--clean", str(clean), "--site", str(out), "--workers", str(workers)]
        return spend([*workbench("report"), *place, "--only", *keys])

    return way


def compare(clean: Path, folder: Path, full: bool) -> None:
    ways: dict[str, tuple[Callable[[Path, Path, int], Cost], bool]] = {
        "a  shell loop": (by_shell, full),
        "b  papermill in a loop": (by_loop, full),
        "c  workbench, 1 worker": (by_workbench(1), True),
        "d  workbench, 2 workers": (by_workbench(2), True),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for turn in range(1 if full else ROUNDS):
        for number, (name, (way, whole)) in enumerate(ways.items()):
            out = folder / f"out-{number}-{turn}"
            out.mkdir()
            costs[name].append(way(clean, out, REPORTS) if whole else _scaled(way, clean, out))
    middle = {}
    for name, (_, whole) in ways.items():
        one = sorted(costs[name], key=lambda cost: cost.seconds)[len(costs[name]) // 2]
        middle[name[0]] = one.seconds
        print(f"{name:26} {one.per(REPORTS)} a report{'' if whole else f'  (from 1 and {1 + FEW} reports)'}")
    a, b, c, d = (middle[name] for name in "abcd")
    print(f"one worker: {a / c:.1f} times the shell loop, {b / c:.1f} times papermill in a loop")
    print(f"two workers: {a / d:.1f} and {b / d:.1f} times; the second worker gives {c / d:.2f} times")


def _scaled(way: Callable[[Path, Path, int], Cost], clean: Path, out: Path) -> Cost:
    """What all reports would cost: the first with the way's start, the others as a few more did."""
    first, several = way(clean, out, 1), way(clean, out, 1 + FEW)
    more = (REPORTS - 1) / FEW
    return Cost(
        first.seconds + more * (several.seconds - first.seconds),
        first.processor + more * (several.processor - first.processor),
        max(first.peak, several.peak),
    )


@contextmanager
def _server(preload: "Preload") -> Iterator[None]:
    """Forks of a server that has this ready, and what a kernel is."""
    from analysis.runtime.kernels.fork_client import servers

    servers.stop()
    servers.start(os.environ, preload)
    yield
    servers.stop()


@contextmanager
def _saving() -> Iterator[None]:
    """papermill writes the notebook at each cell, as it does by itself."""
    from papermill.engines import papermill_engines

    plain = papermill_engines.execute_notebook_with_engine

    def saving(engine: str, notebook: object, kernel: str, **options: object) -> object:
        with TemporaryDirectory() as folder:
            return plain(engine, notebook, kernel, output_path=f"{folder}/o.ipynb", **options)

    with patch.object(papermill_engines, "execute_notebook_with_engine", saving):
        yield


def ablation(clean: Path, folder: Path) -> None:
    from analysis.pages import assets
    from analysis.reports.kernel_preload import REPORT_PRELOAD
    from analysis.reports.publish import publish
    from analysis.reports.registry import report_specs
    from analysis.runtime.kernels.ahead import ahead
    from analysis.runtime.kernels.limits import RunLimits
    from analysis.runtime.kernels.preload import Preload

    chosen = report_specs(clean, "unit")[: 1 + 2 * FEW]
    assets.write_assets(folder / "ablation" / "assets")
    kinds: dict[str, tuple[Preload, Callable[[], AbstractContextManager[None]], RunLimits]] = {
        "as it is": (REPORT_PRELOAD, nullcontext, RunLimits(ahead=True)),
        "without forking": (REPORT_PRELOAD, nullcontext, RunLimits(kernel="standard")),
        "forked, nothing imported": (Preload(), nullcontext, RunLimits(ahead=True)),
        "nothing done ahead": (REPORT_PRELOAD, nullcontext, RunLimits()),
        "saved at every cell": (REPORT_PRELOAD, _saving, RunLimits(ahead=True)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(2):
        for name, (preload, change, limits) in kinds.items():
            with _server(preload), change():
                for number, report in enumerate(chosen):
                    start = time.perf_counter()
                    publish(NOTEBOOK, clean, folder / "ablation", report, limits)
                    if number:  # the first waits for the server
                        seconds[name].append(time.perf_counter() - start)
                ahead.stop()
    whole = statistics.median(seconds["as it is"])
    for name, found in seconds.items():
        print(f"{name:26} {statistics.median(found):6.2f} s a report ({statistics.median(found) - whole:+.2f})")


def thousand(clean: Path, folder: Path, count: int = 1000) -> None:
    from analysis.reports.planning.manifest import NAME

    copies, site = folder / "many", folder / "site"
    # In a process of its own: the memory of whoever starts a program counts as that program's until it runs.
    spend([sys.executable, "-m", "bench.batch", "multiply", str(clean), str(copies), str(count)])
    command = [*workbench("report"), "--clean", str(copies), "--site", str(site), "--workers", "2"]
    stop, marks = threading.Event(), []

    def watch() -> None:
        while not stop.wait(2):
            path = site / "reports" / NAME
            done = path.read_bytes().count(b"\n") if path.exists() else 0
            marks.append((time.perf_counter(), done, _memory()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    cost = spend(command)
    stop.set()
    watcher.join()
    total = (site / "reports" / NAME).read_bytes().count(b"\n")
    files = [path for path in site.rglob("*") if path.is_file()]
    print(f"{total} reports in {cost.seconds:.0f} s: {cost.per(total)} a report; made of {DOCUMENTS} documents, copied")
    for name, low, high in (("start", 0.05, 0.2), ("end", 0.8, 0.95)):
        part = [mark for mark in marks if low * total <= mark[1] <= high * total]
        rate = (part[-1][1] - part[0][1]) / (part[-1][0] - part[0][0])
        print(f"{name}: {rate:.2f} reports a second, {statistics.median(mark[2] for mark in part):.0f} MiB in all")
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 2**20:.0f} MiB")
    print(f"again, nothing changed: {spend(command).seconds:.1f} s")


def _memory() -> float:
    """MiB of all processes below this one, shared pages counted once."""
    below, parents = {os.getpid()}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    while more := {process for process, parent in parents.items() if parent in below} - below:
        below |= more
    total = 0
    for process in below - {os.getpid()}:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def multiply(clean: Path, target: Path, count: int) -> None:
    """Write the dataset with as many organisations as reports are wanted, each a copy under another name."""
    import polars as pl
    from make.datasets import write_dataset

    from analysis.dataset.store import read_table, write_table
    from analysis.reports.registry import report_specs

    names = ("documents", "line_items", "narrative", "passages", "checks", "findings")
    tables = {name: read_table(clean, name) for name in names}
    times = -(-count // len(report_specs(clean, "unit")))
    grown = {name: pl.concat([_renamed(table, copy) for copy in range(times)]) for name, table in tables.items()}
    later = {name: grown.pop(name) for name in ("checks", "findings")}
    write_dataset(grown, target, "bench")
    for name, table in later.items():
        write_table(table, target, name)


def _renamed(table: "object", copy: int) -> "object":
    import polars as pl

    assert isinstance(table, pl.DataFrame)
    own = [name for name in ("document_id", "organisation_id", "finding_id", "check_id") if name in table.columns]
    named = [name for name in ("organisation", "source_file") if name in table.columns]
    return table.with_columns(
        *((pl.col(name) + f"x{copy}") for name in own), *((pl.col(name) + f"{copy}号") for name in named)
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["loop"]:
        _loop(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["multiply"]:
        multiply(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
