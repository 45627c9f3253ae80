"""Pages into grids: against the floor (pypdfium2 reading every character) and against pdfplumber, interleaved."""

import statistics
import subprocess
import sys

from bench.documents import ROOT

ROUNDS = 5
READERS = ("floor", "workbench", "items", "plumber")


def main() -> None:
    measured: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name in READERS:
            command = [sys.executable, "-m", "bench.page_readers", name]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            seconds, pages, peak, slowest = map(float, done.stdout.split())
            measured[name].append((seconds, pages, peak, slowest))
    pages = measured["floor"][0][1]
    print(f"{pages:.0f} pages, {ROUNDS} rounds, one core; medians")
    for name, runs in measured.items():
        seconds = statistics.median(run[0] for run in runs)
        peak = max(run[2] for run in runs)
        slowest = statistics.median(run[3] for run in runs)
        print(
            f"{name:10s} {pages / seconds:8.1f} pages/s  {1000 * seconds / pages:6.2f} ms/page"
            f"  peak {peak:5.0f} MiB  slowest document {slowest:.3f} s"
        )
    for one, other in (("workbench", "floor"), ("plumber", "workbench")):
        ratios = [a[0] / b[0] for a, b in zip(measured[one], measured[other], strict=True)]
        print(f"{one} / {other}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
