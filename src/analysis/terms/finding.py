"""A finding: one thing that is wrong in a published document, and the words that name its place.

The place is named the same way wherever somebody must find it again: in the message, in the list of alternatives, and
when the figures that an open error touches are marked in the dataset. Names of rows have no white space, so a blank
parts the words.
"""

import re
from enum import StrEnum

_FIGURE = re.compile(r"(.+)：[^：]*? → ")
JOINED = " ＋ "


class Severity(StrEnum):
    """How sure and how grave: an error is wrong, a warning needs a look, info is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class FindingStatus(StrEnum):
    """Open, or accepted by a person with a reason."""

    OPEN = "open"
    ACCEPTED = "accepted"


def place_words(table: str | None, code: str | None, name: str | None, measure: str | None) -> str:
    """The place of a figure in words: the published names of table and column, the row as it is printed."""
    return " ".join(word for word in (table, code, name, measure) if word)


def change_words(place: str, printed: str, proposed: str) -> str:
    """One figure of an explanation: where it stands, what is printed, what would fit."""
    return f"{place}：{printed} → {proposed}"


def changed_places(lines: str) -> tuple[str, ...]:
    """The places of all figures that some lines, of alternatives or of evidence, would change."""
    figures = (figure for line in lines.splitlines() for figure in line.split(JOINED))
    return tuple(dict.fromkeys(match[1] for figure in figures if (match := _FIGURE.match(figure))))
