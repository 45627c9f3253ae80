"""Run a campaign of altered files: `python -m fuzz --files 200 --seed 7`, or `make fuzz FUZZ="--minutes 5"`."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz.campaign import run_campaign
from fuzz.kills import run_kills
from fuzz.races import run_races

_EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"


def main() -> int:
    """Run what was asked for; 1 where something that must hold does not."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=200, help="files to alter (default: %(default)s)")
    parser.add_argument("--minutes", type=float, help="stop then, however many there were")
    parser.add_argument("--seed", type=int, default=1, help="the same seed alters the same files in the same way")
    parser.add_argument(
        "--kills", type=int, default=5, help="runs that are killed at some moment (default: %(default)s)"
    )
    parser.add_argument("--races", type=int, default=4, help="pairs of commands at once (default: %(default)s)")
    parser.add_argument(
        "--skip", type=int, default=0, help="altered files to leave out, for a campaign in several parts"
    )
    parser.add_argument("--keep", type=Path, help="a folder that keeps the files of violations")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="fuzz-") as scratch:
        folder = options.keep or Path(scratch)
        found = run_campaign(
            folder,
            options.seed,
            options.files,
            minutes=options.minutes,
            skip=options.skip,
            expectations=_EXPECTATIONS,
        )
        print(f"seed {options.seed}: {found.files} altered files in {found.seconds:.0f} s, at most {found.memory} MiB")
        print(f"  became: {dict(found.became.most_common())}")
        print(f"  figures changed without a word, where nothing guards them: {dict(found.unguarded.most_common())}")
        killed = run_kills(Path(scratch) / "kills", options.seed, options.kills) if options.kills else []
        print(f"  killed runs: {options.kills}, violations {len(killed)}")
        raced = run_races(Path(scratch) / "races", options.races, _EXPECTATIONS) if options.races else []
        print(f"  pairs of commands at once: {options.races}, violations {len(raced)}")
    for violation in (*found.violations, *killed, *raced):
        print(f"  VIOLATION {violation.file}: {violation.words}")
    return int(bool(found.violations or killed or raced))


if __name__ == "__main__":
    sys.exit(main())
