"""What an identity (勾稽关系) is: an equation that the figures of a document must obey.

Whatever kind of relation the shelf of knowledge names, it comes to the same form: some *cases*, each with a left and a
right side, and a rule that says which cells belong together (`Match`). A side is a list of operands; an operand
names a table, a set of its rows and some of its columns. A row set is told by what is printed (role, code, label, its
place above or below another row), never by amounts, so that the same identity can be asked of figures and of blanks
that still wait for a figure. Only a guard looks at amounts: it says when a relation is not promised by the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.terms.line_item import Kind, RowRole, Side


class Relation(StrEnum):
    """The kinds of relation that the shelf may name."""

    ROW = "row"
    CHILDREN = "children"
    TOTAL = "total"
    EQUAL = "equal"
    AT_LEAST = "at_least"


class Strength(StrEnum):
    """`hard` follows from law, form or arithmetic; `soft` is usual, not promised; `bound` limits from one side."""

    HARD = "hard"
    SOFT = "soft"
    BOUND = "bound"


class Match(StrEnum):
    """Which cells of the two sides belong to one instance."""

    ROW = "row"
    PARENT = "parent"
    CODE = "code"
    NAME = "name"
    TABLE = "table"


class Depth(StrEnum):
    """How a label is numbered: 一、 is a chapter, 1. or （一） or 其中 a part of one, anything else plain."""

    PLAIN = "plain"
    CHAPTER = "chapter"
    PART = "part"


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows of a table, told by what is printed; an empty condition admits every row.

    `labels` and `starts` look at the label without its number (一、, 1.); `above` and `below` name the labels of a row
    of the same side, which itself is left out.
    """

    id: str
    zh: str
    en: str
    roles: tuple[RowRole, ...] = ()
    levels: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    depths: tuple[Depth, ...] = ()
    labels: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """Some cells of one table: the rows, and the columns; no measure means every column, each for itself."""

    table: str
    rows: RowSet
    measures: tuple[str, ...] = ()
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One equation of an identity: Σ left against Σ right, over the cells that `match` brings together.

    Where the left side has one column, the columns of the right are added up against it; otherwise both sides have the
    same columns, and each is an instance of its own.
    """

    left: Operand
    right: tuple[Operand, ...]
    match: Match


@dataclass(frozen=True, slots=True)
class Guard:
    """A circumstance under which an identity is not promised: a figure other than 0 in one of `operands`.

    The table of the first operand must be there, or nobody can tell.
    """

    id: str
    zh: str
    en: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """One entry of the shelf: what must be true, of which documents, and why."""

    id: str
    zh: str
    en: str
    relation: Relation
    strength: Strength
    source: str
    kinds: tuple[Kind, ...]
    cases: tuple[Case, ...]
    unless: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Identities:
    """The whole shelf: the identities, and the published names of the tables and columns that they speak of."""

    entries: tuple[Identity, ...]
    tables: Mapping[str, str]
    measures: Mapping[str, str]

    def of(self, identity: str) -> Identity:
        """The entry of that id; KeyError where there is none."""
        return {entry.id: entry for entry in self.entries}[identity]
