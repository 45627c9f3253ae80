"""A duty: something that a published document owes its reader, and whether it was checked.

That nothing was found and that nothing was looked at are never the same, so every duty has a state, and one that was
not looked at says why.
"""

from dataclasses import dataclass
from enum import StrEnum


class DutyArea(StrEnum):
    """What is owed: the official tables, the identities, what the text says, the disclosures."""

    TABLE = "table"
    IDENTITY = "identity"
    TEXT = "text"
    DISCLOSURE = "disclosure"


class DutyState(StrEnum):
    """How it stands: kept; broken; not owed; not read, so not checked; read but not checked."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    NOT_READ = "not_read"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of one document; `places` is how often it was looked at or broken, `reason` why it stands so."""

    document_id: str
    source_file: str
    area: DutyArea
    duty: str
    words: str
    state: DutyState
    places: int = 0
    reason: str | None = None
