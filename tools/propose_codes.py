"""Entries for the code books, proposed from what the documents at hand print alike.

    python tools/propose_codes.py CLEAN_DIR [CLEAN_DIR ...] [--bodies 3]

Prints, as csv, every code and name that at least so many bodies print alike and that the book does not surely have,
with the years, the number of bodies and what the book says now. Look through them and put what is right into
`src/analysis/knowledge/functional_codes.csv` or `economic_codes.csv` as `published`; an old name goes into
`code_changes.csv`. A list of the ministry needs none of this: put it beside the acceptances as `expectations/codes.csv`
or `codes.xlsx`, and it overrides the books.
"""

import argparse
import sys
from pathlib import Path

import polars as pl

from analysis.balancing.codes.consensus import proposed_entries
from analysis.balancing.codes.name_counts import printed_rows, read_documents
from analysis.dataset.store import read_table, scan_table
from analysis.knowledge.code_books import code_book


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clean", type=Path, nargs="+")
    parser.add_argument("--bodies", type=int, default=3)
    options = parser.parse_args()
    columns = ("scheme", "code", "plain", "name", "year", "organisation_id", "code_level")
    rows = [
        printed_rows(scan_table(clean, "line_items").collect(), read_documents(read_table(clean, "documents")))
        for clean in options.clean
    ]
    found = proposed_entries(pl.concat([one.select(columns) for one in rows]), code_book(), options.bodies)
    sys.stdout.write(found.write_csv())


if __name__ == "__main__":
    main()
