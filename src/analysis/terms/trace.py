"""The trace of a wrong figure: what would have to change for the identities to hold again, and why it may be wrong.

A trace is a proposal and stands beside the printed figure, never in its place. One *change* is one cell with what is
printed and what should stand there; one *explanation* is a smallest set of changes that makes every hard identity of
its block hold; one *localisation* is a block of failing instances with all its explanations in order of rank.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Slip(StrEnum):
    """How a figure came to be wrong, as far as its digits and its surroundings show."""

    DIGIT_WRONG = "digit_wrong"
    DIGITS_SWAPPED = "digits_swapped"
    DIGIT_LOST = "digit_lost"
    DIGIT_EXTRA = "digit_extra"
    POWER_OF_TEN = "power_of_ten"
    UNIT = "unit"
    SIGN = "sign"
    COPIED_ROW = "copied_row"
    COPIED_COLUMN = "copied_column"
    COPIED_PARENT = "copied_parent"
    COPIED_CHILD = "copied_child"
    COPIED_TABLE = "copied_table"
    COPIED_LAST_YEAR = "copied_last_year"
    COPIED_DEPARTMENT = "copied_department"
    FIGURE_MISSING = "figure_missing"
    COLUMN_SHIFTED = "column_shifted"
    ROWS_SHIFTED = "rows_shifted"
    COLUMNS_SWAPPED = "columns_swapped"
    ROW_SLID = "row_slid"
    UNIT_MIXED = "unit_mixed"
    CODE_DIGIT = "code_digit"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, or one code, that should be another.

    `proposed` is in yuan; None where the figures do not determine it, and where `proposed_code` says what is wrong.
    `printed` is None for a blank cell; `row_number` and `name` are None where the row itself is not printed.
    """

    table: str
    row_number: int | None
    side: str
    code: str | None
    name: str | None
    measure: str | None
    phase: str
    fiscal_year: int | None
    printed: Decimal | None
    proposed: Decimal | None
    cause: Slip
    words: str
    proposed_code: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A smallest set of changes after which all identities of the block hold; the smaller the weight, the likelier.

    `doubt` leaves out what only makes one explanation likelier than another, such as which slip it is or whether a
    total is wrong: explanations of the same doubt cannot be told apart by anything that the document says.
    """

    changes: tuple[Change, ...]
    weight: int
    doubt: int = 0


@dataclass(frozen=True, slots=True)
class Localisation:
    """One block of failing instances of a document, and everything that would explain it.

    `explanations` are ranked; those of the same doubt cannot be told apart. `certain` is what all explanations of the
    best rank share. `capped` says that there are more explanations than were listed, `stopped` that the search ended
    at its limit, so that nothing is certain.
    """

    document_id: str
    failing: tuple[str, ...]
    identities: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    certain: tuple[Change, ...]
    stopped: bool = False
    capped: bool = False

    @property
    def best(self) -> tuple[Explanation, ...]:
        """The explanations of the best rank; more than one cannot be told apart."""
        return tuple(one for one in self.explanations if one.doubt == self.explanations[0].doubt)
