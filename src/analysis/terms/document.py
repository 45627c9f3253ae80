"""A document: one published file, what it says of itself, and how its reading went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analysis.terms.line_item import Kind, Level, LineItem, NarrativeItem, OpenRow, Place
from analysis.terms.money import Unit
from analysis.terms.printed_table import PrintedTable, UnmappedCell
from analysis.terms.public_project import PerformanceIndicator, PublicProject
from analysis.terms.recognition import Reading
from analysis.terms.stated_fact import StatedFact
from analysis.terms.statement import Statement


class Status(StrEnum):
    """How the reading of a file went."""

    PARSED = "parsed"
    PARTIAL = "partial"
    FAILED = "failed"
    DUPLICATE = "duplicate"


class Half(StrEnum):
    """What a file holds of a disclosure that may be published in two: its text alone, or its tables alone."""

    TEXT = "text"
    TABLES = "tables"


ONLY_TEXT = (
    "本文件只有文字部分，没有法定表，表格部分如另有文件，请一并放入。"
    " / It holds the text alone and no official table: if those are in another file, put it here as well."
)
"""What is said of a text whose tables are in no other file."""

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
    forms and descriptions say of projects. `readings` are what the
    cells and lines that were recognised in a picture may say.
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
    readings: Mapping[Place, Reading] = field(default_factory=dict)

    @property
    def half(self) -> Half | None:
        """What of a disclosure it holds where it does not hold both; a table or a few sentences alone tell nothing."""
        if self.cover.kind in (None, Kind.EXECUTION) or self.cover.level is Level.GOVERNMENT:
            return None  # nobody promises tables
        prose = sum(len(passage.text) >= _PARAGRAPH for passage in self.passages)
        if not self.tables and prose >= _LEAST_PROSE and self.cells_printed < _FEW_CELLS:
            return Half.TEXT
        return Half.TABLES if len(self.tables) >= _LEAST_TABLES and prose < _LEAST_PROSE // 2 else None


# A paragraph has so many characters, a text so many paragraphs; a table of staff beside it has fewer cells.
_PARAGRAPH, _LEAST_PROSE, _FEW_CELLS, _LEAST_TABLES = 40, 6, 40, 3
