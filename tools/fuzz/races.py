"""Two commands at once on one folder: each ends well, and what is left is what they leave one after the other."""

import hashlib
import itertools
import subprocess
import sys
from pathlib import Path

from analysis.dataset.generations import damaged
from analysis.dataset.locks import held
from analysis.dataset.store import has_table
from fuzz.campaign import Violation, good_files

_CLEAN = "from analysis.steps.clean import clean_folder as c; c(raw, clean)"
_VALIDATE = "from analysis.steps.check import Distribution as D, check_dataset as c; c(clean, None, suites, site, distribution=D(1))"  # noqa: E501
_PROGRAM = "import sys; from pathlib import Path; raw, clean, suites, site = map(Path, sys.argv[1:5]); "
_PAIRS = ((_VALIDATE, _CLEAN), (_VALIDATE, _VALIDATE), (_CLEAN, _CLEAN), (_CLEAN, _VALIDATE))
_TABLES = ("documents", "checks", "findings", "duties")


def run_races(folder: Path, races: int, expectations: Path) -> list[Violation]:
    """Let two commands run at once, as often as told, and look at how they end and what is left."""
    raw, clean, site = folder / "raw", folder / "clean", folder / "site"
    raw.mkdir(parents=True)
    good = {name: data for name, data in good_files().items() if name.endswith((".html", ".xlsx"))}
    for name, data in good.items():
        (raw / name).write_bytes(data)

    def start(program: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", _PROGRAM + program, *map(str, (raw, clean, expectations, site))]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own code

    def alone(*programs: str) -> None:
        for program in programs:
            start(program).communicate()

    alone(_CLEAN, _VALIDATE)
    found, wanted = [], _content(clean)
    for number, pair in zip(range(races), itertools.cycle(_PAIRS), strict=False):
        if number % 2:  # something to do for a cleaning: the same file comes and goes
            (raw / "more.html").write_bytes(good["good.html"] + b"<p>more</p>")
        runs = [start(program) for program in pair]
        told = [run.communicate()[1] for run in runs]
        name = f"race {number}"
        found += [
            Violation(name, f"it ended by {run.returncode}: {words[-300:]}")
            for run, words in zip(runs, told, strict=True)
            if run.returncode
        ]
        with held(clean) as generation:
            if lost := damaged(generation):
                found.append(Violation(name, f"damaged partitions: {sorted(lost)}"))
        (raw / "more.html").unlink(missing_ok=True)
        alone(_CLEAN, _VALIDATE)
        if not has_table(clean, "checks") or _content(clean) != wanted:
            found.append(Violation(name, "the tables are other bytes than before"))
    return found


def _content(clean: Path) -> dict[str, str]:
    return {name: hashlib.sha256((clean / f"{name}.parquet").read_bytes()).hexdigest() for name in _TABLES}
