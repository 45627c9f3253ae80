"""What an identity (勾稽关系) is: an equation that the figures of a document must obey.

Whatever kind of relation the shelf of knowledge names, it comes to the same form: some *cases*, each with a left and a
right side, and a rule that says which cells belong together (`Match`). A side is a list of operands; an operand
names a table, a set of its rows and some of its columns. A row set is told by what is printed (role, code, label, its
place above or below another row), never by amounts, so that the same identity can be asked of figures and of blanks
that still wait for a figure. Only a guard looks at amounts: it says when a relation is not promised by the form.

An identity with a `DocumentLink` holds between a document and another one: each operand then says whose cells it means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis.terms.line_item import Kind, Phase, RowRole, Side


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


class DocumentLink(StrEnum):
    """Which other document an identity speaks of, seen from the later or larger one."""

    ITSELF = "itself"
    UNITS = "units"
    BUDGET_OF_YEAR = "budget_of_year"
    FINAL_BEFORE = "final_before"


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
    """Some cells of one table: the rows, and the columns; no measure means every column, each for itself.

    `phase` where only one of them is meant; `other` where they stand in the document that the identity is linked to.
    """

    table: str
    rows: RowSet
    measures: tuple[str, ...] = ()
    side: Side | None = None
    phase: Phase | None = None
    other: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One equation of an identity: Σ left against Σ right, over the cells that `match` brings together.

    Where the left side has one column, or its columns are `added` up, those of the right are added up against it;
    otherwise both sides have the same columns, and each is an instance of its own.
    """

    left: Operand
    right: tuple[Operand, ...]
    match: Match
    added: bool = False


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
    """What must be true, of which documents, and why; where `families` are named, only their forms promise it."""

    id: str
    zh: str
    en: str
    relation: Relation
    strength: Strength
    source: str
    kinds: tuple[Kind, ...]
    cases: tuple[Case, ...]
    unless: tuple[Guard, ...] = ()
    link: DocumentLink | None = None
    families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Identities:
    """The whole shelf: the identities, and the published names of the tables and columns that they speak of."""

    entries: tuple[Identity, ...]
    tables: Mapping[str, str]
    measures: Mapping[str, str]

    @property
    def within(self) -> tuple[Identity, ...]:
        """The identities of a document by itself."""
        return tuple(entry for entry in self.entries if entry.link is None)

    @property
    def between(self) -> tuple[Identity, ...]:
        """The identities that link a document to another one."""
        return tuple(entry for entry in self.entries if entry.link is not None)

    def of_family(self, family: str | None) -> "Identities":
        """Those that a family of forms promises; None stands for a document of which no family is known."""
        kept = (entry for entry in self.entries if family is None or not entry.families or family in entry.families)
        return replace(self, entries=tuple(kept))

    def of(self, identity: str) -> Identity:
        """The entry of that id; KeyError where there is none."""
        return {entry.id: entry for entry in self.entries}[identity]


@dataclass(frozen=True, slots=True)
class Organisations:
    """What somebody told of organisations, by their published names: nothing of it is guessed.

    `renamed` leads from a former name to the one that came after it, `department_of` from a unit to its department.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    department_of: Mapping[str, str] = field(default_factory=dict)

    def lasting(self, name: str) -> str:
        """The name that the organisation of this name bears now, as far as it was told."""
        seen = {name}
        while (name := self.renamed.get(name, name)) not in seen:
            seen.add(name)
        return name

    def department(self, name: str) -> str:
        """The lasting name of the department that the unit of this name belongs to: its own where nothing was told."""
        lasting = self.lasting(name)
        return self.lasting(self.department_of.get(lasting, self.department_of.get(name, lasting)))
