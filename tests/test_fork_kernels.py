"""Forked kernels do what fresh ones do, nothing passes from one to the next, and each fault costs one notebook."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from make.datasets import amount, document, write_tables
from make.processes import alive, until
from make.small_notebooks import notebook_of, printed

from analysis.errors import KernelDiedError, NotebookError
from analysis.reports.kernel_preload import REPORT_PRELOAD
from analysis.reports.registry import report_specs
from analysis.runtime.kernels import fork_client as kernels
from analysis.runtime.kernels.ahead import ahead
from analysis.runtime.kernels.fork_server import READY, serve
from analysis.runtime.kernels.limits import KERNEL, RunLimits
from analysis.runtime.kernels.notebooks import execute

ROOT = Path(__file__).resolve().parents[1]
FORK, STANDARD = RunLimits(), RunLimits(kernel="standard")
SOILED = """
import builtins, os, random, sys, warnings
import matplotlib, matplotlib.pyplot as plt, numpy, pandas, plotly.io, polars
left_behind = bytearray(200_000_000)
builtins.left_behind = True
matplotlib.rcParams["font.size"] = 31
plt.figure(); plt.figure()
plotly.io.templates.default = "plotly_dark"
pandas.set_option("display.max_columns", 3)
polars.Config.set_tbl_rows(2)
os.chdir("/"); os.environ["LEFT_BEHIND"] = "1"
random.seed(1); numpy.random.seed(1)
sys.path.insert(0, "/left-behind"); warnings.simplefilter("ignore")
handle = open(os.devnull); os.dup2(handle.fileno(), 77)
import analysis.project; analysis.project.find_project = None
"""
WITNESS = """
import builtins, json, os, random, sys, threading, warnings
import matplotlib, matplotlib.pyplot as plt, numpy, pandas, plotly.io, polars
import analysis.project
names = ("JPY_PARENT_PID", "PYDEVD_USE_FRAME_EVAL", "WORKBENCH_KERNEL")
size = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")][0]
print(json.dumps({
    "names": sorted(name for name in globals() if name[0] != "_"), "builtins": hasattr(builtins, "left_behind"),
    "rc": {key: str(value) for key, value in matplotlib.rcParams.items()}, "figures": plt.get_fignums(),
    "backend": matplotlib.get_backend(), "template": plotly.io.templates.default,
    "renderer": plotly.io.renderers.default, "columns": pandas.get_option("display.max_columns"),
    "polars": polars.Config.state(if_set=True), "cwd": os.getcwd(),
    "environment": sorted(name for name in os.environ if name not in names), "path": sys.path,
    "filters": len(warnings.filters), "open": os.path.exists("/proc/self/fd/77"), "module": __name__,
    "find": bool(analysis.project.find_project),
    "main": sys.modules["__main__"].__dict__ is globals(), "argv": sys.argv[0],
    "interrupt": str(__import__("signal").getsignal(2)),
}))
print(json.dumps([random.random(), numpy.random.random(), size]))
"""
DRAWING = """
import matplotlib.pyplot as plt
plt.plot([1, 3, 2]); plt.show()
"""


def run(folder: Path, *cells: str, limits: RunLimits = FORK, name: str = "n") -> Path:
    out = folder / f"{name}-out.ipynb"
    execute(notebook_of(folder / f"{name}.ipynb", *cells), out, {}, limits)
    return out


def test_nothing_of_one_notebook_reaches_the_next_and_a_fork_is_as_a_fresh_kernel(tmp_path: Path) -> None:
    before = printed(run(tmp_path, WITNESS)).splitlines()
    run(tmp_path, SOILED, name="soiled")
    after = printed(run(tmp_path, WITNESS)).splitlines()
    fresh = printed(run(tmp_path, WITNESS, limits=STANDARD)).splitlines()
    assert json.loads(after[0]) == json.loads(before[0]) == json.loads(fresh[0])
    (*drawn_before, _), (*drawn_after, size) = json.loads(before[1]), json.loads(after[1])
    assert set(drawn_before).isdisjoint(drawn_after)
    assert size < json.loads(fresh[1])[2] + 150_000


def outputs_of(executed: Path) -> list[object]:
    return [
        (cell.source, cell.get("execution_count"), cell.get("outputs")) for cell in nbformat.read(executed, 4).cells
    ]


def test_outputs_are_those_of_the_standard_engine(tmp_path: Path) -> None:
    of = document(1, "某区司法局", 2024)
    rows = [amount(of, None, "合计", 500_000, measure=measure) for measure in ("total", "basic", "project")]
    rows += [amount(of, "201", "一般公共服务支出", 500_000), amount(of, "2010101", "行政运行", 500_000)]
    clean_dir = write_tables(tmp_path / "clean", {"documents": [of], "line_items": rows})
    unit = {**report_specs(clean_dir, "unit")[0].parameters, "clean_dir": str(clean_dir)}
    drawing = notebook_of(tmp_path / "drawing.ipynb", DRAWING, "1 + 1", "import polars as pl\npl.DataFrame({'a': [1]})")
    for notebook, parameters in ((ROOT / "notebooks" / "unit.ipynb", unit), (drawing, {})):
        made = {}
        for limits in (FORK, STANDARD):
            out = tmp_path / f"{limits.kernel}.ipynb"
            execute(notebook, out, parameters, limits)
            made[limits.kernel] = out
        assert outputs_of(made["fork"]) == outputs_of(made["standard"])
        kept = [nbformat.read(made[kernel], 4).metadata for kernel in ("fork", "standard")]
        assert kept[0] == kept[1]
        assert "image/" in made["fork"].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "limits", "words", "died"),
    [
        ("1 / 0", FORK, "ZeroDivisionError", False),
        ("import os; os._exit(0)", FORK, "内核中止", True),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", FORK, "内核中止", True),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", FORK, "内核中止", True),
        ("import sys; sys.exit(0)", FORK, "只运行了", False),
        ("while True: pass", RunLimits(seconds=2), "超过 2 秒", False),
        ("import time; time.sleep(60)", RunLimits(seconds=2), "超过 2 秒", False),
        ("x = bytearray(10**10)", RunLimits(memory=400), "内存不足（上限 400 MiB", False),
        ("import polars as pl; pl.int_range(0, 10**9, eager=True)", RunLimits(memory=400), "内存不足", True),
        ("x = bytearray(10**10)", RunLimits(kernel="standard", memory=400), "内存不足（上限 400 MiB", False),
    ],
)
def test_a_fault_costs_its_notebook_alone_and_is_kept(
    tmp_path: Path, cell: str, limits: RunLimits, words: str, died: bool
) -> None:
    start = time.monotonic()
    with pytest.raises(NotebookError, match=words) as caught:
        run(tmp_path, "print('before')", cell, "print('after')", limits=limits)
    assert time.monotonic() - start < 30
    assert isinstance(caught.value, KernelDiedError) == died
    kept = tmp_path / "n-out.failed.ipynb"
    assert nbformat.read(kept, 4).metadata["workbench"]["status"] == "failed"
    assert "before" in printed(kept)
    assert not (tmp_path / "n-out.ipynb").exists()
    assert "on" in printed(run(tmp_path, "print('on')"))


@pytest.mark.parametrize("kernel", ["fork", "standard"])
def test_no_cell_runs_after_one_that_failed_though_it_was_asked_for_before(tmp_path: Path, kernel: str) -> None:
    # The driver is busy with the outputs of the first cell when the second has failed, and asks for the third late.
    told = "from IPython.display import display\ndisplay({'application/json': [[0]] * 100_000}, raw=True)"
    mark = tmp_path / "mark"
    after = f"open({str(mark)!r}, 'w')"
    with pytest.raises(NotebookError, match="ZeroDivision"):
        run(tmp_path, told, "1 / 0", after, after, limits=RunLimits(kernel=kernel, ahead=True))
    assert not mark.exists()


def test_cells_that_may_fail_or_are_left_out_are_asked_for_as_they_are_meant(tmp_path: Path) -> None:
    notebook = notebook_of(tmp_path / "n.ipynb", "1 / 0", "", "print('left out')", "print('on')", "print('on')")
    book = nbformat.read(notebook, 4)
    book.cells[1].metadata["tags"], book.cells[3].metadata["tags"] = ["raises-exception"], ["skip-execution"]
    nbformat.write(book, notebook)
    with pytest.raises(NotebookError):
        execute(notebook, tmp_path / "o.ipynb", {}, RunLimits(ahead=True))
    kept = nbformat.read(tmp_path / "o.failed.ipynb", 4)
    assert [cell.get("execution_count") for cell in kept.cells if cell.cell_type == "code"] == [1, 2, None, None, 3, 4]


def test_what_a_notebook_started_ends_with_it(tmp_path: Path) -> None:
    started = printed(run(tmp_path, "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)"))
    until(lambda: not alive(int(started)), 5)


def test_kernels_and_server_end_when_their_driver_is_killed_and_leave_no_file(tmp_path: Path) -> None:
    mark, runtime = tmp_path / "mark", tmp_path / "runtime"
    runtime.mkdir()
    told = f"import os, pathlib, time\npathlib.Path({str(mark)!r}).write_text(f'{{os.getpid()}} {{os.getppid()}}')"
    notebook_of(tmp_path / "n.ipynb", f"{told}\ntime.sleep(60)")
    code = "import sys; from pathlib import Path; from analysis.runtime.kernels.notebooks import execute\n"
    code += "execute(Path(sys.argv[1]) / 'n.ipynb', Path(sys.argv[1]) / 'o.ipynb', {})"
    places = {"TMPDIR": str(runtime), "JUPYTER_RUNTIME_DIR": str(runtime)}
    driver = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment() | places)
    until(lambda: mark.exists() and mark.read_text(), 30)
    assert len(list(runtime.glob("workbench-*"))) == 5 and len(list(runtime.glob("*.json"))) == 1
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    for process in map(int, mark.read_text().split()):
        until(lambda process=process: not alive(process), 5)
    assert list(runtime.iterdir()) == []


def test_a_server_whose_driver_leaves_before_it_is_ready_ends_without_a_word() -> None:
    code = "import os; from analysis.runtime.kernels.fork_client import ForkServer, Preload\n"
    code += "ForkServer(Preload()); os._exit(0)"
    driver = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert driver.stderr == ""


@pytest.mark.parametrize("unread", [True, False], ids=["reset", "end of line"])
def test_a_driver_that_goes_away_ends_the_server_with_a_word_of_it_unread_too(unread: bool) -> None:
    """What a driver leaves unread resets the line; the server took that for a fault and printed a traceback."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if unread:
        theirs.send(READY)
    ours.close()
    with theirs:
        assert serve(theirs) is None


def test_a_killed_server_is_replaced_and_one_that_cannot_start_gives_way_to_standard_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "import os; print(open(f'/proc/{os.getppid()}/cmdline').read())"
    assert "fork_server" in printed(run(tmp_path, asked))
    server = kernels.servers.server
    assert server is not None
    server.process.kill()
    server.process.wait()
    assert "fork_server" in printed(run(tmp_path, asked))
    kernels.servers.stop()
    monkeypatch.setattr(kernels, "READY", b"another word")
    monkeypatch.setattr(kernels.servers, "refused", False)  # what it is again for the tests that follow
    assert "fork_server" not in printed(run(tmp_path, asked))


def test_a_server_may_have_ready_what_reports_need_and_is_what_it_must_be() -> None:
    code = "import pickle; from analysis.reports.kernel_preload import REPORT_PRELOAD; import sys\n"
    code += "sys.stdout.buffer.write(pickle.dumps(REPORT_PRELOAD))"
    message = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=True).stdout
    code = "import sys; from analysis.runtime.kernels.fork_server import preload\n"
    code += "print(preload(sys.stdin.buffer.read()), all(name in sys.modules for name in sys.argv[1:]))"
    needed = [*REPORT_PRELOAD.modules, "analysis.reports.unit.unit_report", "analysis.charts.bars"]
    said = subprocess.run(
        [sys.executable, "-c", code, *needed], env=environment(), input=message, capture_output=True, check=True
    )
    assert said.stdout.split() == [b"None", b"True"]


def test_a_kernel_started_ahead_is_fresh_and_ends_with_its_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asked, following = (
        "import os; left = globals().get('left'); print(os.getpid(), left); left = 1",
        RunLimits(ahead=True),
    )
    told = [printed(run(tmp_path, asked, limits=following)).split() for _ in range(3)]
    processes = [int(process) for process, _ in told]
    assert len(set(processes)) == 3 and all(left == "None" for _, left in told)
    assert not any(map(alive, processes))
    assert len(list(tmp_path.glob("workbench-*"))) <= 5, "sockets of the one that waits"
    ahead.stop()
    assert not list(tmp_path.glob("workbench-*"))


def test_a_kernel_started_ahead_that_died_or_does_not_fit_is_not_taken(tmp_path: Path) -> None:
    asked, following = "import os; print(os.getpid(), os.environ.get('WORKBENCH_PICTURES'))", RunLimits(ahead=True)
    run(tmp_path, asked, limits=following)
    assert ahead.waiting is not None
    os.kill(ahead.waiting, signal.SIGKILL)
    until(lambda: ahead.waiting is None, 5)
    assert printed(run(tmp_path, asked, limits=following)).split()[1] == "None"
    waiting = ahead.waiting
    found, pictures = printed(run(tmp_path, asked, limits=RunLimits(variables={"WORKBENCH_PICTURES": "png"}))).split()
    assert pictures == "png" and int(found) != waiting
    until(lambda: not alive(waiting), 5)


def test_plain_papermill_uses_it_by_a_word_in_the_environment(tmp_path: Path) -> None:
    notebook = notebook_of(tmp_path / "n.ipynb", "import os; print(open(f'/proc/{os.getppid()}/cmdline').read())")
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(tmp_path / "o.ipynb")]
    named = {**environment(), "JUPYTER_DEFAULT_PROVISIONER_NAME": "workbench-fork"}
    subprocess.run(command, env=named, check=True, capture_output=True)
    assert "fork_server" in printed(tmp_path / "o.ipynb")
    subprocess.run(command, env={**named, KERNEL: "standard"}, check=True, capture_output=True)
    assert "fork_server" not in printed(tmp_path / "o.ipynb")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
