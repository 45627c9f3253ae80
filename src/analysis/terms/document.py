"""A document: one published file, what it says of itself, and how its reading went."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.terms.line_item import Kind, Level, LineItem, NarrativeItem, OpenRow, Place
from analysis.terms.money import Unit
from analysis.terms.printed_table import PrintedTable, UnmappedCell
from analysis.terms.public_project import PerformanceIndicator, PublicProject
from analysis.terms.stated_fact import StatedFact
from analysis.terms.statement import Statement


class Status(StrEnum):
    """How the reading of a file went."""

    PARSED = "parsed"
    PARTIAL = "partial"
    FAILED = "failed"
    DUPLICATE = "duplicate"


READ_STATUSES = (Status.PARSED.value, Status.PARTIAL.value)
"""Of a file whose figures are in the dataset, all of them or a part."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a document says of itself on its first page and in the titles of its tables.

    `region` is the place that it names, as printed (江苏省, 上海市普陀区).
    """

    organisation: str | None
    level: Level | None
    year: int | None
    kind: Kind | None
    contradictions: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of a document; it goes before what the document says of itself, None where nothing is said.

    `unit` is that of the tables that state none; a table that states one keeps it.
    """

    organisation: str | None = None
    year: int | None = None
    level: Level | None = None
    kind: Kind | None = None
    region: str | None = None
    unit: Unit | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the text outside the tables, without white space; `place` is where it begins."""

    number: int
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """All that reading one file gave.

    `problems` are sentences on official tables that are missing or could not be read; `open_rows` wait for the
    identities; `other_tables` counts the tables that are no official form. `form` is the family of forms by whose words
    it was read, `form_score` how well they fit, from 0 to 1. `printed_tables` are all tables, `unmapped` their money
    cells that are no line item and no figure of an open row, `cells_printed` all of their money cells. `statements`
    are what the text states of the accounts, `facts` what the notes state beside them, `projects` and `indicators` what
    forms and descriptions say of projects.
    """

    cover: Cover
    pages: int
    tables: tuple[str, ...]
    other_tables: int
    line_items: tuple[LineItem, ...]
    open_rows: tuple[OpenRow, ...]
    narrative: tuple[NarrativeItem, ...]
    problems: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    form: str | None = None
    form_score: float | None = None
    printed_tables: tuple[PrintedTable, ...] = ()
    unmapped: tuple[UnmappedCell, ...] = ()
    cells_printed: int = 0
    statements: tuple[Statement, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    projects: tuple[PublicProject, ...] = ()
    indicators: tuple[PerformanceIndicator, ...] = ()
