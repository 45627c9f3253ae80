"""Scale: a thousand documents cleaned and validated, and clean, validate and report by a cluster of two workers.

Each run is a process of its own, so its peak memory is its own; what workers of this machine take is told beside it.
"""

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.steps.earlier_checks import FOLDER
from bench.documents import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from dask_cluster import cluster
from typesetter.corpus import Plan, make_corpus

LARGE, SMALL = 1_000, 200


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for count in (LARGE, SMALL):
            make_corpus(Plan(count, seed=1, errors=count // 10), folder / str(count), workers=2)
        _one_machine(folder / str(LARGE))
        _cluster(folder / str(SMALL))


def _one_machine(corpus: Path) -> None:
    held_back = sorted(path for path in (corpus / "raw").rglob("*") if path.is_file())[LARGE // 2]
    new = held_back.rename(corpus / held_back.name)
    cleaning = _run("clean", corpus, "two", 2)
    each = 1000 * cleaning.seconds / LARGE
    print(f"clean {LARGE} documents: {_told(cleaning)}, {each:.1f} ms a document", flush=True)
    items = _items(corpus / "two")
    for workers in (2, 1):
        shutil.rmtree(corpus / "two" / FOLDER, ignore_errors=True)
        shutil.rmtree(_site(corpus / "two"), ignore_errors=True)
        done = _run("validate", corpus, "two", workers)
        million, processor = done.seconds * 1e6 / items, done.processor * 1e6 / items
        print(
            f"validate {items:,} line items, {workers} workers: {_told(done)},"
            f" {million:.1f} s and {processor:.1f} CPU s a million",
            flush=True,
        )
    new.rename(held_back)
    _run("clean", corpus, "two", 2)
    again = _run("validate", corpus, "two", 1)
    share = 100 * again.processor / done.processor
    print(f"validate with one new file: {_told(again)}, {share:.0f} % of the whole", flush=True)


def _cluster(corpus: Path) -> None:
    with cluster() as scheduler:
        for step in ("clean", "validate", "report"):
            local, remote = _run(step, corpus, "local", 2), _run(step, corpus, "dask", 2, scheduler)
            found, wanted = ((_pages if step == "report" else _content)(corpus / name) for name in ("dask", "local"))
            same = "the same bytes" if found == wanted else "DIFFERENT BYTES"
            print(
                f"{step} {SMALL} documents: 2 local workers {local.seconds:.1f} s,"
                f" 2 Dask workers {remote.seconds:.1f} s, {len(wanted)} files, {same}",
                flush=True,
            )


@dataclass(frozen=True, slots=True)
class _Run:
    """Seconds by the clock and of all processors, peak MiB of the parent and of its largest worker."""

    seconds: float
    processor: float
    parent: float
    worker: float


def _told(run: _Run) -> str:
    peaks = f"peak {run.parent:.0f} MiB in the parent, {run.worker:.0f} MiB in the largest worker"
    return f"{run.seconds:.1f} s, {run.processor:.1f} CPU s, {peaks}"


def _content(clean: Path) -> dict[str, str]:
    """The hashes of all tables."""
    links = [path for path in clean.iterdir() if not path.name.startswith(".")]
    files = [file for path in links for file in (path.glob("*.parquet") if path.is_dir() else [path])]
    tables = sorted(file for file in files if file.suffix == ".parquet")
    return {str(file.relative_to(clean)): hashlib.sha256(file.read_bytes()).hexdigest() for file in tables}


def _pages(clean: Path) -> dict[str, str]:
    """The hashes of all pages, charts and notebooks; a notebook tells where its dataset lies, which is not compared."""
    reports = _site(clean) / "reports"
    files = sorted(path for path in reports.rglob("*") if path.suffix in (".html", ".svg", ".ipynb"))
    lying = [(str(path).encode(), b"") for path in (clean.resolve(), _site(clean).resolve())]
    told = {}
    for file in files:
        content = file.read_bytes()
        for place, nothing in lying if file.suffix == ".ipynb" else ():
            content = content.replace(place, nothing)
        told[str(file.relative_to(reports))] = hashlib.sha256(content).hexdigest()
    return told


def _site(clean: Path) -> Path:
    return clean.with_name(f"site-{clean.name}")


def _items(clean: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in (clean / "line_items").glob("*.parquet"))


def _run(step: str, corpus: Path, name: str, workers: int, scheduler: str = "") -> _Run:
    arguments = [step, str(corpus), name, str(workers), scheduler]
    command = [sys.executable, "-m", "bench.scale", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return _Run(*map(float, done.stdout.splitlines()[-1].split()))


def _silent(done: int, total: int, title: str) -> None:
    """Tell nothing."""


def _once(step: str, corpus: Path, name: str, workers: int, scheduler: str | None) -> None:
    from analysis.pipeline import report
    from analysis.project import Project
    from analysis.reports.registry import batch_kinds
    from analysis.steps.check import Distribution, check_dataset
    from analysis.steps.clean import clean_folder

    clean = corpus / name
    start, before = time.perf_counter(), _processor()
    if step == "clean":
        assert clean_folder(corpus / "raw", clean, workers=workers, scheduler=scheduler).failed == 0
    elif step == "validate":
        check_dataset(clean, None, ROOT / "expectations", _site(clean), distribution=Distribution(workers, scheduler))
    else:
        for by in batch_kinds():
            done = report(
                Project(ROOT), clean, _site(clean), by, [], workers=workers, scheduler=scheduler, progress=_silent
            )
            assert not done.failures, done.failures
    seconds = time.perf_counter() - start
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(seconds, _processor() - before, *peaks)


def _processor() -> float:
    """The processors' seconds that this process and its ended children have taken."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    _once(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5] or None)
