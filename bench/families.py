"""Mixed families against Shanghai's own: the same number of made documents, cleaned in turn in the same run.

Each cleaning is a process of its own, so its peak memory is its own. The kinds of file are the same in both corpora.
A document of another family may cost more only in the measure in which it prints more, so the time of a printed amount
is told beside that of a document.
"""

import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.documents import ROOT

DOCUMENTS, PAIRS = 1_000, 3
MOST = 1.2


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        amounts = {family: _corpus(folder / family, family) for family in ("shanghai", "mixed")}
        ratios = []
        for turn in range(PAIRS):
            seconds = {}
            for family in amounts:
                done = _clean(folder / family / "raw", folder / f"{family}-{turn}")
                seconds[family] = done[0]
                print(
                    f"{DOCUMENTS} documents, {family}: {done[0]:.1f} s, {1000 * done[0] / DOCUMENTS:.1f} ms a document,"
                    f" {1e6 * done[0] / amounts[family]:.0f} µs an amount, peak {done[1]:.0f} MiB in the parent,"
                    f" {done[2]:.0f} MiB in the largest worker",
                    flush=True,
                )
            ratios.append(seconds["mixed"] / seconds["shanghai"])
        ratio = statistics.median(ratios)
        told = "within" if ratio <= MOST else "ABOVE"
        print(f"mixed / shanghai: {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {told} {MOST}")


def _corpus(folder: Path, family: str) -> int:
    """Makes the corpus; returns how many amounts it prints."""
    command = [sys.executable, "-m", "typesetter", "corpus", "--documents", str(DOCUMENTS), "--family", family]
    command += ["--format", "mixed", "--seed", "1", "--workers", "2", "--out", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout.split(" amounts")[0].split()[-1])


def _clean(raw: Path, clean: Path) -> tuple[float, float, float]:
    """Seconds, peak MiB of the parent and of its largest worker, of one cleaning in a process of its own."""
    command = [sys.executable, "-m", "bench.cleaning", str(raw), str(clean), "2"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, parent, worker = map(float, done.stdout.split())
    return seconds, parent, worker


if __name__ == "__main__":
    main()
