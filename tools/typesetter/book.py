"""A book: one organisation's budget or final accounts for one year, ready to be set.

A book holds what is printed, as it is printed: every figure is a text, blank where the page is to be blank. What the
figures mean is derived from the texts (`truth_of`), so that book and truth cannot drift apart; an error planted in a
book changes its truth too, because the truth is what stands on the page, not what should.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from typesetter.layout import Drawing, Form, Heading

LEVEL_WORDS = {"unit": "单位", "department": "部门"}
PART_WIDTHS = (3, 2, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed row of one side of a table; `parts` are the code's 类, 款 and 项, one text per measure in `texts`.

    `outer` is a merged label left of the name, `unit` the code of the unit that the row belongs to. The label of a
    `wide` row reaches over the panel at its right, and its amount stands in the last column there.
    """

    parts: tuple[str, ...]
    name: str
    texts: tuple[str, ...]
    outer: str = ""
    unit: str = ""
    wide: bool = False

    @property
    def printed_code(self) -> str:
        return "".join(self.parts)

    @property
    def code(self) -> str:
        return "".join(part.zfill(width) for part, width in zip(self.parts, PART_WIDTHS, strict=False))


@dataclass(frozen=True, slots=True)
class Panel:
    """One side of a table: what its columns measure, its rows, and the total row that closes it (if it has one).

    `foot` are the rows at the bottom, beside those of the other panels. A panel that is not `labelled` goes on in the
    rows of the one at its left. `phase` is that of its amounts, which are of `years_before` the book's year.
    """

    side: str
    measures: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    foot: tuple[Line, ...] = ()
    labelled: bool = True
    phase: str = "approved"
    years_before: int = 0

    @property
    def rows(self) -> tuple[Line, ...]:
        return (*self.lines, *self.foot, *(() if self.total is None else (self.total,)))

    def with_rows(self, rows: Sequence[Line]) -> "Panel":
        """The panel with other rows, as many as it has."""
        total = None if self.total is None else rows[-1]
        middle, end = len(self.lines), len(self.lines) + len(self.foot)
        return replace(self, lines=tuple(rows[:middle]), foot=tuple(rows[middle:end]), total=total)


@dataclass(frozen=True, slots=True)
class Table:
    """An official table: one panel, or some that stand side by side; `unit` is how many yuan the printed unit is.

    `form` and `heading` are its shape and the words around it where the book's family fixes them; in the family of
    Shanghai they follow from the quirks.
    """

    id: str
    panels: tuple[Panel, ...]
    unit: int = 1
    form: Form | None = None
    heading: Heading | None = None

    @property
    def empty(self) -> bool:
        return not any(text for panel in self.panels for line in panel.rows for text in line.texts)


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item of the text: amounts as printed in 万元, blank where nothing is stated; `percent` is unsigned.

    `prior` is last year's execution in a budget and this year's budget in final accounts; `change` is an amount, where
    the text states one; `lead` is a line that stands above the item.
    """

    number: int
    parts: tuple[str, ...]
    names: tuple[str, str, str]
    purpose: str
    current: str
    arranged: str = ""
    prior: str = ""
    percent: str = ""
    direction: str = ""
    heading: str = "quoted"
    change: str = ""
    lead: str = ""

    @property
    def code(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Section:
    """A headed piece of text: its own paragraphs, and the parts of the book that stand there (see `PARTS`)."""

    head: str
    paragraphs: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    joined: bool = False


PARTS = ("opening", "items", "closing")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a file prints around its tables: the cover's lines, the contents, the sections before and after them."""

    cover: tuple[str, str]
    contents: tuple[str, ...]
    before: tuple[Section, ...]
    after: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A budget, or final accounts, of one organisation: cover data, official tables, and the text around them.

    Behind all that stand the sections of `further` and the pages of `drawings`: projects and their goals.
    """

    organisation: str
    level: str
    year: int
    tables: tuple[Table, ...]
    opening: tuple[str, ...]
    items: tuple[Item, ...]
    closing: tuple[str, ...]
    kind: str = "budget"
    family: str = "shanghai"
    matter: Matter | None = None
    further: tuple[Section, ...] = ()
    drawings: tuple[Drawing, ...] = ()

    @property
    def word(self) -> str:
        """部门 or 单位."""
        return LEVEL_WORDS[self.level]

    def table(self, identifier: str) -> Table:
        return next(table for table in self.tables if table.id == identifier)

    def with_table(self, table: Table) -> "Book":
        return replace(self, tables=tuple(table if old.id == table.id else old for old in self.tables))


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one printed amount: its meaning, its text, and the place that the setter gave it.

    A table cell in a PDF has a box in points from the page's top left, a workbook cell a sheet number and a
    reference, a row of plain text a line number.
    """

    table: str
    side: str
    phase: str
    code: str
    printed_code: str
    name: str
    measure: str
    amount: Decimal
    printed: str
    fiscal_year: int
    page: int | None = None
    cell: str = ""
    line: int | None = None
    x0: float | None = None
    top: float | None = None
    x1: float | None = None
    bottom: float | None = None
    outer_name: str = ""
    unit_code: str = ""


def amount_of(printed: str, unit: int) -> Decimal | None:
    """The yuan that a printed text stands for; None for a blank and for a dash."""
    plain = printed.replace(",", "").strip()
    return None if plain in ("", "-") else (Decimal(plain) * unit).quantize(Decimal("0.01"))


def truth_of(table: Table, panel: Panel, line: Line, measure: str, year: int) -> Truth | None:
    """The truth of one figure, without its place; None where the page states no amount."""
    printed = line.texts[panel.measures.index(measure)]
    amount = amount_of(printed, table.unit)
    if amount is None:
        return None
    name = "".join((line.name or line.outer).split())
    return Truth(
        table.id, panel.side, panel.phase, line.code, line.printed_code, name, measure, amount, printed,
        year - panel.years_before, outer_name="".join(line.outer.split()) if line.name else "", unit_code=line.unit,
    )  # fmt: skip


def narrative_truth(item: Item, year: int) -> tuple[Truth, ...]:
    """The amounts that an item states: this year's, and last year's execution (final accounts: this year's budget)."""
    if item.heading == "final":
        stated = (("executed", item.current, year), ("approved", item.prior, year))
    else:
        stated = (("approved", item.current, year), ("executed", item.prior, year - 1))
    return tuple(
        Truth("narrative", "expenditure", phase, item.code, "", item.names[2], "total", amount, printed, fiscal_year)
        for phase, printed, fiscal_year in stated
        if (amount := amount_of(printed, 10_000)) is not None
    )


def all_truth(book: Book) -> tuple[Truth, ...]:
    """Every amount of a book, in printed order: the text's first, then the tables'."""
    in_text = [truth for item in book.items for truth in narrative_truth(item, book.year)]
    in_tables = [
        truth
        for table in book.tables
        for panel in table.panels
        for line in panel.rows
        for measure in panel.measures
        if (truth := truth_of(table, panel, line, measure, book.year)) is not None
    ]
    return (*in_text, *in_tables)
