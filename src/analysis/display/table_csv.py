"""A table of a report as csv: what a spreadsheet or a program takes in, with the exact texts that the page shows.

Numbers stand without separators and signs of plus, a gap is an empty field, and a word of a document that a spreadsheet
would take for a formula is led by an apostrophe. The file opens in Excel as UTF-8.
"""

import csv
import io
import re

from analysis.display.amounts import GAP
from analysis.display.tables import Table
from analysis.terms.harmless_text import harmless

MARK = "\ufeff"  # by which Excel knows UTF-8
_NUMBER = re.compile(r"[+-]?[\d,]+(?:\.\d+)?%?※?")


def table_csv(table: Table) -> str:
    """The headings and rows of a table; the first line has the headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(column.heading) for column in table.columns])
    numbers = [column.number for column in table.columns]
    for row in table.texts:
        writer.writerow(
            [_number(text) if is_number else harmless(text) for text, is_number in zip(row, numbers, strict=True)]
        )
    return MARK + out.getvalue()


def _number(text: str) -> str | None:
    if text.strip() in ("", GAP):
        return ""
    return text.replace(",", "").lstrip("+").rstrip("※") if _NUMBER.fullmatch(text) else harmless(text)
