"""A finding: one thing that is wrong in a published document, as a value.

It names its place in the file, its row and column, what is printed and, where the figures determine it, what should
stand there. The figures that it speaks of beyond its own stand in it as values too (`FigureChange`), so that nobody has
to read them out of a sentence again.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.terms.line_item import Place

_NOWHERE = Place()


class Severity(StrEnum):
    """How sure and how grave: an error is wrong, a warning needs a look, info is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class FindingStatus(StrEnum):
    """Open, or accepted by a person with a reason."""

    OPEN = "open"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that would change: its table, row and column; as printed, as it would be; None where that is not known.

    A wrong code has no `measure`: what changes is the code of the row.
    """

    table: str
    code: str | None
    name: str | None
    measure: str | None
    printed: str | None
    proposed: str | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another explanation that fits as well: in one line, and the figures that it would change."""

    words: str
    figures: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one place, before it has an id and a status: these follow from all findings together.

    `rule` is an identity, a text rule or a code rule; `check_id` the check that the finding rests on. `table` is an
    official one, "narrative" for the numbered items of the text, "text" for its other sentences. `figures` are those
    that change where one cause changes several, and `alternatives` what cannot be told apart from each other.
    `evidence` are the figures used, in words; `amount_at_stake`, in yuan, is how far a reader would be led astray.
    """

    document_id: str
    source_file: str
    rule: str
    severity: Severity
    message_zh: str
    message_en: str
    place: Place = _NOWHERE
    check_id: str | None = None
    cause: str | None = None
    table: str | None = None
    code: str | None = None
    name: str | None = None
    measure: str | None = None
    printed: str | None = None
    expected: str | None = None
    evidence: tuple[str, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    amount_at_stake: Decimal | None = None
