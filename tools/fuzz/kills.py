"""Cleanings that are killed at some moment: the dataset is the old one or the new one, and the next run succeeds."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from analysis.dataset.generations import damaged
from analysis.dataset.locks import held
from analysis.dataset.store import read_table
from analysis.steps.clean import clean_folder
from fuzz.campaign import Violation, good_files

_CLEAN = "import sys; from pathlib import Path; from analysis.steps.clean import clean_folder as c; c(Path(sys.argv[1]), Path(sys.argv[2]))"  # noqa: E501
_LONGEST = 6.0


def run_kills(folder: Path, seed: int, kills: int) -> list[Violation]:
    """Kill cleanings of a folder that grows, each at another moment, and look at what is left."""
    rng, found = Random(seed), []
    raw, clean = folder / "raw", folder / "clean"
    raw.mkdir(parents=True)
    good = {name: data for name, data in good_files().items() if name.endswith((".html", ".xlsx"))}
    for name, data in good.items():
        (raw / name).write_bytes(data)
    clean_folder(raw, clean)
    for number in range(kills):
        before = read_table(clean, "documents").height
        (raw / f"more-{number}.html").write_bytes(good["good.html"] + f"<p>{number}</p>".encode())
        run = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", _CLEAN, str(raw), str(clean)], stderr=subprocess.DEVNULL
        )
        time.sleep(rng.uniform(0.0, _LONGEST))
        run.send_signal(signal.SIGKILL)
        run.wait()
        name = f"kill {number}"
        with held(clean) as generation:
            if lost := damaged(generation):
                found.append(Violation(name, f"damaged partitions: {sorted(lost)}"))
            if read_table(generation, "documents").height not in (before, before + 1):
                found.append(Violation(name, "neither the old dataset nor the new one"))
        clean_folder(raw, clean)
        if read_table(clean, "documents").height != before + 1:
            found.append(Violation(name, "the next run did not bring all"))
    return found
