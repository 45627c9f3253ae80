"""One finding as a card: what is wrong, where, what is printed and what it should be, the evidence, the picture."""

from collections.abc import Mapping
from typing import Any

from analysis.display.templating import Markup, render
from analysis.display.words import SEVERITY_NAMES, place_in_file, place_in_table
from analysis.pages.shell import NavLink

_SHOWN_LINES = 3

Finding = Mapping[str, Any]


def card(row: Finding, picture: Markup, document: NavLink | None = None) -> Markup:
    """The finding as HTML, with its picture, and its document where the page shows several."""
    return render(
        "site/finding.html.j2",
        row=row,
        accepted=row["status"] == "accepted",
        severity_name=SEVERITY_NAMES[row["severity"]],
        document=document,
        place_in_file=place_in_file(row),
        place_in_table=place_in_table(row),
        picture=picture,
        alternatives=_lines(row["alternatives"]),
        evidence=_lines(row["evidence"]),
        shown_lines=_SHOWN_LINES,
    )


def _lines(text: str | None) -> list[str]:
    return [line for line in (text or "").splitlines() if line.strip()]
