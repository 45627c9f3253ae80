"""The typesetter's commands: `corpus` makes documents with known truth, `shipped` and `samples` set the files that the
project ships: published figures, and a made department of another place.
"""

import argparse
import os
import time
from pathlib import Path

from typesetter.corpus import FAMILIES, FORMATS, Plan, make_corpus
from typesetter.samples import set_samples
from typesetter.shipped import ship


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="typesetter", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    corpus = commands.add_parser("corpus", help="make a corpus: DIR/raw, DIR/truth.csv, narrative.csv and errors.csv")
    corpus.add_argument("--documents", type=int, default=200, metavar="N")
    corpus.add_argument("--seed", type=int, default=1)
    corpus.add_argument("--out", type=Path, required=True, metavar="DIR")
    corpus.add_argument("--format", choices=FORMATS, default="pdf")
    corpus.add_argument("--family", choices=FAMILIES, default="shanghai", help="whose forms")
    corpus.add_argument("--errors", type=int, default=0, metavar="N", help="errors to plant, spread over the corpus")
    corpus.add_argument("--first-year", type=int, default=2021, metavar="YEAR")
    corpus.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    samples = commands.add_parser("samples", help="set the made department that the project ships")
    samples.add_argument("--out", type=Path, required=True, metavar="DIR")
    shipped = commands.add_parser("shipped", help="set the gold figures anew, as data/raw ships them")
    shipped.add_argument("--gold", type=Path, required=True, metavar="DIR")
    shipped.add_argument("--out", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    if arguments.command == "corpus":
        if arguments.format == "txt" and arguments.family != "shanghai":
            parser.error("only the forms of Shanghai are set as plain text")
        plan = Plan(
            arguments.documents, arguments.seed, arguments.format, arguments.errors, arguments.first_year,
            family=arguments.family,
        )  # fmt: skip
        start = time.monotonic()
        count = make_corpus(plan, arguments.out, arguments.workers)
        seconds = time.monotonic() - start
        print(f"{plan.documents} documents with {count} amounts in {arguments.out} ({seconds:.1f} s)")
    elif arguments.command == "samples":
        for path in set_samples(arguments.out):
            print(path)
    else:
        for path in ship(arguments.gold, arguments.out):
            print(path)


if __name__ == "__main__":
    main()
