"""Batches: only what is missing or stale is made, a fault costs one report, and a stopped run goes on where it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from dask_cluster import cluster
from make.datasets import amount, document, write_tables
from make.findings import finding
from make.processes import alive, until
from make.small_notebooks import notebook_of, printed

from analysis.balancing.findings import assemble
from analysis.dataset.store import write_table
from analysis.errors import ParameterError, WorkbenchError
from analysis.pages import assets
from analysis.reports.planning import manifest
from analysis.reports.planning import plan as planning
from analysis.reports.planning.plan import ReportTarget
from analysis.reports.registry import report_specs
from analysis.runtime.kernels.limits import RunLimits
from analysis.runtime.work import Workers
from analysis.runtime.workers import worker_pool
from analysis.steps.batch import Batch, Published, run

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("甲区财政局", "乙区财政局", "丙区财政局", "丁区财政局")
PARAMETERS = "organisation = ''\nlevel = ''\nfirst_year = 0\nlast_year = 0\nclean_dir = ''"
# Does what a file of the organisation's name says, where there is one.
OBEY = """
from pathlib import Path
told = Path(clean_dir).parent / "told" / organisation
if told.exists():
    exec(told.read_text(), {"home": told.parent})
print(organisation, sorted(path.name for path in Path(clean_dir).glob("*.parquet")))
"""
KILL_THE_WORKER_ONCE = """
import os, signal
def parent(process):
    return int(open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1])
if not (home / "mark").exists():
    (home / "mark").touch()
    os.kill(parent(os.getppid()), signal.SIGKILL)
"""
LINGER = """
import os, time
(home / f"{os.getpid()}.kernel").write_text(f"{os.getpid()} {os.getppid()}")
time.sleep(30)
"""


def tables(yuan: int = 100, names: tuple[str, ...] = NAMES) -> dict[str, list[dict[str, object]]]:
    """One document for each organisation; `yuan` is what the first one has."""
    documents = [document(number, name, 2024) for number, name in enumerate(names, 1)]
    rows = [amount(of, None, "合计", yuan if of is documents[0] else 100) for of in documents]
    return {"documents": documents, "line_items": rows}


class House:
    """A project with a notebook that obeys, a dataset and a site."""

    def __init__(self, root: Path, workers: Workers) -> None:
        self.workers = workers
        self.root, self.clean_dir, self.site = root, root / "clean", root / "site"
        self.notebook = notebook_of(root / "notebooks" / "unit.ipynb", OBEY, parameters=PARAMETERS)
        shutil.copy(self.notebook, root / "notebooks" / "clean.ipynb")
        (root / "told").mkdir()
        write_tables(self.clean_dir, tables())

    def tell(self, organisation: str, code: str) -> None:
        (self.root / "told" / organisation).write_text(code)

    def run(
        self,
        only: tuple[str, ...] = (),
        limits: RunLimits | None = None,
        crew: Callable[[], AbstractContextManager[Workers]] | None = None,
        site: Path | None = None,
    ) -> Published:
        batch = Batch(ReportTarget("unit", self.notebook, self.clean_dir, site or self.site), limits or RunLimits())
        hire = crew or (lambda: nullcontext(self.workers))
        return run(batch, report_specs(self.clean_dir, "unit"), only, hire, lambda *_: None, lambda: None)

    def pages(self) -> list[str]:
        return sorted(path.name for path in (self.site / "reports" / "unit").glob("[!.]*.html"))

    def command(self, *more: str) -> list[str]:
        place = ["--clean", str(self.clean_dir), "--site", str(self.site)]
        return [sys.executable, "-m", "analysis", "report", *place, *more]

    def start(self, *more: str) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.Popen(
            self.command(*more),
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with worker_pool(2) as crew:
        yield crew


@pytest.fixture
def house(tmp_path: Path, workers: Workers) -> House:
    return House(tmp_path, workers)


def nobody() -> AbstractContextManager[Workers]:
    raise AssertionError("workers were hired for nothing")


def made(done: Published) -> list[str]:
    return sorted(page.name.split("-")[0] for page in done.pages)


def test_only_what_is_missing_or_stale_is_made(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(house.run(only=NAMES[:2])) == sorted(NAMES[:2])
    assert made(house.run()) == sorted(NAMES[2:])
    assert house.run(crew=nobody).unchanged == 4
    write_tables(house.clean_dir, tables())
    assert house.run(crew=nobody).unchanged == 4
    write_tables(house.clean_dir, tables(yuan=101))
    assert made(house.run()) == [NAMES[0]]
    (house.site / "reports" / "unit" / house.pages()[0]).write_text("cut off")
    assert len(house.run().pages) == 1
    found = assemble([finding(document_id="d2")], ())
    write_table(found, house.clean_dir, "findings")
    assert made(house.run()) == [NAMES[1]]
    house.notebook.write_text(house.notebook.read_text().replace("print(", "print('new', "))
    assert len(house.run().pages) == 4
    monkeypatch.setattr(planning, "code_version", lambda: "another")
    assert len(house.run().pages) == 4
    with pytest.raises(ParameterError, match=NAMES[0]):
        house.run(only=("甲区财政",), crew=nobody)


def test_pages_of_reports_that_the_dataset_has_no_more_are_removed(house: House) -> None:
    house.run()
    write_tables(house.clean_dir, tables(names=NAMES[:3]))
    done = house.run(crew=nobody)
    assert [key.split("-")[0] for key in done.removed] == [NAMES[3]]
    assert len(house.pages()) == 3
    assert list((house.site / "reports" / "unit").glob(f"{NAMES[3]}*")) == []
    assert house.run(crew=nobody).removed == ()


def test_each_fault_costs_its_report_alone_and_is_tried_again_by_the_next_run(house: House) -> None:
    house.tell(NAMES[0], "1 / 0")
    house.tell(NAMES[1], "import os; os._exit(0)")
    house.tell(NAMES[2], "while True: pass")
    done = house.run(limits=RunLimits(seconds=3, memory=500))
    assert made(done) == [NAMES[3]]
    words = dict(done.failures)
    assert [any(word in text for text in words.values()) for word in ("ZeroDivision", "内核中止", "超过 3 秒")] == [
        True
    ] * 3
    assert len(list((house.site / "reports" / "unit").glob("*.failed.ipynb"))) == 3
    shutil.rmtree(house.root / "told")
    assert made(house.run(limits=RunLimits(seconds=60))) == sorted(NAMES[:3])
    assert list((house.site / "reports" / "unit").glob("*.failed.ipynb")) == []


def test_a_worker_or_a_kernel_that_was_killed_is_tried_once_more(house: House) -> None:
    house.tell(NAMES[0], KILL_THE_WORKER_ONCE)
    house.tell(NAMES[1], "if not (home / 'k').exists():\n    import os; (home / 'k').touch(); os.kill(os.getpid(), 9)")
    assert made(house.run()) == sorted(NAMES)
    assert _leftovers(house) == []


def test_a_report_that_dies_twice_keeps_what_its_cells_had_put_out(house: House) -> None:
    notebook_of(house.notebook, "print('before')", OBEY, parameters=PARAMETERS)
    house.tell(NAMES[0], "import os; os.kill(os.getpid(), 9)")
    assert made(house.run()) == sorted(NAMES[1:])
    (failed,) = (house.site / "reports" / "unit").glob("*.failed.ipynb")
    assert "before" in printed(failed)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process_and_goes_on_later(house: House, how: int) -> None:
    house.tell(NAMES[0], LINGER)
    house.tell(NAMES[1], LINGER)
    running = house.start("--workers", "2")
    marks = house.root / "told"
    until(lambda: len(list(marks.glob("*.kernel"))) == 2, 40)
    start = time.monotonic()
    running.send_signal(how)
    running.wait(10)
    assert time.monotonic() - start < 5
    assert running.returncode == (-how if how == signal.SIGKILL else 1)
    for mark in marks.glob("*.kernel"):
        for process in map(int, mark.read_text().split()):
            until(lambda process=process: not alive(process), 5)
    shutil.rmtree(marks)
    before = set(house.pages())
    done = house.run()
    assert len(done.pages) + done.unchanged == 4
    assert done.unchanged == len(before)
    assert _leftovers(house) == []


def test_two_runs_at_once_on_one_site_make_each_report_once(house: House) -> None:
    first, second = house.start("--workers", "1"), house.start("--workers", "1")
    said = [run.communicate(timeout=90)[0] for run in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert sorted("made 4, unchanged 0" in text for text in said) == [False, True]
    assert sorted("made 0, unchanged 4" in text for text in said) == [False, True]


def test_a_line_of_the_manifest_that_was_cut_off_costs_only_its_report(house: House) -> None:
    house.run()
    path = house.site / "reports" / manifest.NAME
    path.write_bytes(path.read_bytes()[:-20])
    assert len(house.run().pages) == 1
    assert all(json.loads(line) for line in path.read_text().splitlines())
    assert house.run(crew=nobody).unchanged == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_leaves_nothing_half_written_and_the_next_run_completes(
    house: House, small_disk: Path
) -> None:
    for name in NAMES:
        house.tell(name, "import random\nprint(random.randbytes(60_000).hex())")
    site, ballast = small_disk / "site", small_disk / "ballast"
    assets.write_assets(site / "assets")
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 500_000))
    done = house.run(site=site)
    assert 1 <= len(done.failures) < 4
    assert all("磁盘已满" in words for _, words in done.failures)
    folder = site / "reports" / "unit"
    assert all("</html>" in page.read_text() for page in folder.glob("*.html"))
    assert [path.name for path in folder.glob(".*")] == []
    shutil.rmtree(site / "assets")
    ballast.write_bytes(bytes(ballast.stat().st_size + shutil.disk_usage(small_disk).free))
    with pytest.raises(WorkbenchError, match="磁盘已满"):
        house.run(site=site)
    ballast.unlink()
    assert len(house.run(site=site).pages) == len(done.failures)
    assert len(list(folder.glob("*.html"))) == 4


def test_a_cluster_makes_the_same_pages(house: House, tmp_path: Path) -> None:
    house.run()
    site = tmp_path / "other"
    with cluster() as address:
        done = house.run(crew=partial(worker_pool, 1, address), site=site)
    assert made(done) == sorted(NAMES)
    for page in done.pages:
        for path in (page, page.with_suffix(".ipynb")):
            assert path.read_bytes() == (house.site / path.relative_to(site)).read_bytes()


def _leftovers(house: House) -> list[str]:
    return [path.name for path in (house.site / "reports" / "unit").glob(".*")]
