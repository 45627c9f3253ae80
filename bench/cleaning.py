"""Cleaning folders of made documents: what a second worker gives, how the cost grows from 100 to 1,000 documents."""

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.documents import ROOT

PAIRS = 3


def main() -> None:
    with TemporaryDirectory() as folder:
        corpora = {count: _corpus(Path(folder) / str(count), count) for count in (100, 200, 1000)}
        ratios = []
        for turn in range(PAIRS):
            one = _clean(corpora[200], Path(folder) / f"one-{turn}", 1)
            two = _clean(corpora[200], Path(folder) / f"two-{turn}", 2)
            ratios.append(one[0] / two[0])
            print(f"200 documents: 1 worker {one[0]:.1f} s, 2 workers {two[0]:.1f} s: {ratios[-1]:.2f} times as fast")
        print(f"second worker: {sorted(ratios)[len(ratios) // 2]:.2f} times (median of {PAIRS})")
        for count in (100, 1000):
            seconds, parent, worker = _clean(corpora[count], Path(folder) / f"grow-{count}", 2)
            print(
                f"{count} documents: {seconds:.1f} s, {1000 * seconds / count:.1f} ms a document,"
                f" peak {parent:.0f} MiB in the parent, {worker:.0f} MiB in the largest worker"
            )
        again, _, _ = _clean(corpora[1000], Path(folder) / "grow-1000", 2)
        print(f"1000 documents again, nothing changed: {again:.1f} s")


def _corpus(folder: Path, count: int) -> Path:
    command = [sys.executable, "-m", "typesetter", "corpus", "--documents", str(count), "--seed", "1", "--workers", "2"]
    subprocess.run([*command, "--out", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder / "raw"


def _clean(raw: Path, clean: Path, workers: int) -> tuple[float, float, float]:
    """Seconds, peak MiB of the parent and of its largest worker, of one cleaning in a process of its own."""
    command = [sys.executable, "-m", "bench.cleaning", str(raw), str(clean), str(workers)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, parent, worker = map(float, done.stdout.split())
    return seconds, parent, worker


def _once(raw: Path, clean: Path, workers: int) -> None:
    from analysis.steps.clean import clean_folder

    start = time.perf_counter()
    done = clean_folder(raw, clean, workers=workers)
    seconds = time.perf_counter() - start
    assert done.failed == 0
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(seconds, *peaks)


if __name__ == "__main__":
    _once(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
