"""Text as it may stand in a csv: a spreadsheet takes "=HYPERLINK(…)" for a command, wherever the text came from.

What it would run gets an apostrophe in front, also behind blanks and signs that take no room; a plain number or a dash,
as documents print it, cannot run and stays as it is.
"""

import re

from analysis.terms.characters import UNSEEN

_RUNS = re.compile(rf"[\s\x00{UNSEEN}]*[=+\-@＝＋－＠\t\r]")
_HARMLESS = re.compile(r"[-+−－]?[\d,.]*%?")


def harmless(text: str | None) -> str | None:
    """`text` with an apostrophe where a spreadsheet would run it."""
    if text is None or not _RUNS.match(text) or _HARMLESS.fullmatch(text):
        return text
    return f"'{text}"
