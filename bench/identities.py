"""All identities over replicated documents: seconds and MiB beyond reading, from 10,000 to 1,000,000 line items.

Every size runs in a process of its own. Copies of a document bear another organisation's name, so that the identities
between documents link each department to its own unit. The last line states the share of Great Expectations.
"""

import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.documents import ROOT

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 3


def main() -> None:
    with TemporaryDirectory() as folder:
        clean = _cleaned(Path(folder))
        measured = []
        for size in SIZES:
            command = [sys.executable, "-m", "bench.identities", str(clean), str(size)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            documents, checks, seconds, cpu, gate, before, peak = map(float, done.stdout.split())
            measured.append(seconds)
            print(
                f"{size:,} line items of {documents:,.0f} documents: {checks:,.0f} places, identities {seconds:.2f} s"
                f" (best of {TIMES}; {cpu:.2f} s of processor), Great Expectations {gate:.2f} s"
                f" ({100 * gate / (seconds + gate):.0f} %), peak {peak:.0f} MiB, {before:.0f} of them after reading",
                flush=True,
            )
        grown = measured[-1] / measured[0]
        print(f"{SIZES[-1] // SIZES[0]} times the line items take {grown:.1f} times as long", flush=True)
        load = os.getloadavg()[0]
        print(f"{os.cpu_count()} processors, load {load:.1f}: at most 5 s beyond reading are wanted for 1,000,000")


def _cleaned(folder: Path) -> Path:
    from analysis.steps.clean import clean_folder

    published = ROOT.parent / "shared" / "documents"
    clean_folder(published if published.is_dir() else ROOT / "data" / "raw", folder / "clean", workers=2)
    return folder / "clean"


def _once(clean: Path, size: int) -> None:
    import polars as pl

    from analysis.balancing.gx.enforcement import run_suite
    from analysis.balancing.gx.tally import tally_checks
    from analysis.balancing.identities.checks import check_instances
    from analysis.dataset.store import read_table
    from bench.documents import IDENTITIES

    tables = [read_table(clean, name) for name in ("documents", "line_items")]
    copies = math.ceil(size / tables[1].height)
    documents, line_items = (_copied(table, copies) for table in tables)
    # Whole documents: one that is cut in two would break its identities.
    sizes = line_items.group_by("document_id", maintain_order=True).len().with_columns(pl.col("len").cum_sum())
    documents = documents.join(sizes.filter(pl.col("len") <= max(size, sizes["len"][0])), on="document_id", how="semi")
    line_items = line_items.join(documents, on="document_id", how="semi")
    before, spent = _peak(), []
    checks = pl.DataFrame()
    for _ in range(TIMES):
        del checks
        start, cpu = time.perf_counter(), time.process_time()
        checks = check_instances(line_items, documents, IDENTITIES).checks
        spent.append((time.perf_counter() - start, time.process_time() - cpu))
    seconds, cpu = min(spent)
    assert checks.filter(pl.col("outcome") == "fail").is_empty()
    with TemporaryDirectory() as docs:
        start = time.perf_counter()
        run_suite(tally_checks(checks), ROOT / "expectations", Path(docs) / "docs", IDENTITIES)
        gate = time.perf_counter() - start
    print(documents.height, checks.height, seconds, cpu, gate, before, _peak())


def _copied(table, copies: int):  # type: ignore[no-untyped-def]
    import polars as pl

    names = [name for name in ("document_id", "organisation", "organisation_id") if name in table.columns]
    return pl.concat([table.with_columns(pl.col(names) + f"-{number:04d}") for number in range(copies)])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _once(Path(sys.argv[1]), int(sys.argv[2]))
