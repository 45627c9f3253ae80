"""A statement: one value that the text of a document states, of what it is, and what it says of it.

Every value stands alone: an amount, a percentage, a number of things, or a word of direction. What belongs together
points at the amount that it speaks of (`of`); a part points at the whole that it is stated as a part of (`whole`).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.terms.code import Scheme
from analysis.terms.line_item import Phase, Place, Side


class StatementRole(StrEnum):
    """What a value says of its subject.

    The amount of the year, of the year before or of the budget; by how much it changed, in money or per cent; its
    share of a whole; how much of the budget was carried out; or which way it went.
    """

    CURRENT = "current"
    PRIOR = "prior"
    BUDGET = "budget"
    CHANGE = "change"
    CHANGE_PERCENT = "change_percent"
    SHARE_PERCENT = "share_percent"
    COMPLETION_PERCENT = "completion_percent"
    DIRECTION = "direction"


class NotUnderstood(StrEnum):
    """Why a stated value has no role or no subject, or is compared with no table."""

    NO_SUBJECT = "no_subject"
    NO_ROLE = "no_role"
    NO_UNIT = "no_unit"
    NOT_IN_TABLES = "not_in_tables"
    OTHER_YEAR = "other_year"


@dataclass(frozen=True, slots=True)
class StatedSubject:
    """What a value is about: its words as printed, and the cell of the tables that prints the same.

    `id` is that of the subject on the shelf, where it is one; table, side, scheme, code, name and measure are known as
    far as the tables, the words or the code book tell.
    """

    words: str
    id: str | None = None
    table: str | None = None
    side: Side | None = None
    scheme: Scheme | None = None
    code: str | None = None
    name: str | None = None
    measure: str | None = None


NO_SUBJECT = StatedSubject("")


@dataclass(frozen=True, slots=True)
class Statement:
    """One stated value.

    Attributes:
        number: Its order in the document, from 1.
        passage: The number of its paragraph.
        start: Where its words begin in the paragraph, those of its subject or of its comparison among them.
        end: Where they end.
        sentence: The sentence that it stands in.
        subject: What it is about; None where nobody can tell.
        role: What it says; None where nobody can tell.
        value: In yuan, per cent or things; for a direction 1 up, -1 down, 0 the same; None where a word leaves it open.
        printed: Its digits, or the word, as printed.
        unit: `yuan`, `wan_yuan`, `yi_yuan`, `percent`, `times`, or the word of what is counted; None for a direction.
        fiscal_year: The year that the value belongs to.
        phase: Approved or executed.
        of: The number of the statement that it speaks of; None for one that stands by itself.
        whole: The number of the statement that it is stated as a part of.
        base_year: The year that a comparison names.
        base: The words of what is compared with (预算, 执行数 …).
        reason: Why it was not understood, or is compared with nothing.
        place: Where its paragraph begins.
    """

    number: int
    passage: int
    start: int
    end: int
    sentence: str
    subject: StatedSubject | None
    role: StatementRole | None
    value: Decimal | None
    printed: str
    unit: str | None
    fiscal_year: int | None
    phase: Phase | None
    of: int | None
    whole: int | None
    base_year: int | None
    base: str | None
    reason: NotUnderstood | None
    place: Place
