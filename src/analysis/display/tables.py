"""Tables, headline figures and paragraphs as HTML in which everything that comes from a document is text.

Each value shows itself in a notebook through `_repr_html_`, and as plain text where HTML cannot be shown. Nothing is
trusted: its template escapes every cell, heading and caption, and the page is sanitised again when it is made. Numbers
stand to the right, years have no separators, a gap is "—" with its reason on hover.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.display.templating import HtmlRepr, Markup, render

SUSPECT_WORDS = "有未处理的错误涉及这个数字"


class TextRepr:
    """What says itself in plain text too: in a terminal, in a diff, in a notebook's file."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, and whether its cells are numbers."""

    heading: str
    number: bool = True


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell that says more than its text.

    Attributes:
        text: What is read.
        place: The line item that the figure is, by its id (`dataset.figure_id`); None for what was computed.
        note: What pointing at the cell tells: the exact amount, the file, the page.
        suspect: An open error of the audit touches the figure; it is marked ※.
    """

    text: str
    place: str | None = None
    note: str | None = None
    suspect: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Table(TextRepr, HtmlRepr):
    """A table of finished texts; the first cell of a row is its heading, the rows in `strong` stand out.

    `rows` have one text or `TableCell` per column. Rows that stand under each other have `levels`, one for each: 1 is
    the topmost and 0 stands outside; none where all are alike.
    """

    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[str | TableCell, ...], ...]
    strong: frozenset[int] = frozenset()
    levels: tuple[int, ...] = ()

    @property
    def texts(self) -> list[list[str]]:
        """The rows as plain texts."""
        return [[_as_cell(cell).text for cell in row] for row in self.rows]

    def __str__(self) -> str:
        """Caption, headings and rows, with tabs between the cells, as a spreadsheet takes them in."""
        heads = [column.heading for column in self.columns]
        return "\n".join([self.caption, *("\t".join(row) for row in (heads, *self.texts))])

    def __html__(self) -> Markup:
        rows = []
        for number, row in enumerate(self.rows):
            heading, *cells = (_parts(column, cell) for column, cell in zip(self.columns, row, strict=True))
            level = self.levels[number] if self.levels else 0
            rows.append((number in self.strong, level, heading, cells))
        return render("display/table.html.j2", table=self, rows=rows, suspect_note=SUSPECT_WORDS)


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that is read first: what it is, how much, and how it changed."""

    name: str
    amount: str | TableCell
    unit: str
    change: str


@dataclass(frozen=True, slots=True, repr=False)
class Headlines(TextRepr, HtmlRepr):
    """The figures at the top of a report, as cards."""

    figures: tuple[Headline, ...]

    def __str__(self) -> str:
        return "\n".join(f"{f.name} {_as_cell(f.amount).text} {f.unit} {f.change}".strip() for f in self.figures)

    def __html__(self) -> Markup:
        cards = [(headline, _as_cell(headline.amount)) for headline in self.figures]
        return render("display/headlines.html.j2", cards=cards, suspect_note=SUSPECT_WORDS)


@dataclass(frozen=True, slots=True, repr=False)
class Paragraph(TextRepr, HtmlRepr):
    """Sentences: one paragraph, or a list where there are several; `lead` makes them the report's answer."""

    sentences: Sequence[str]
    lead: bool = False

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def __html__(self) -> Markup:
        return render("display/paragraph.html.j2", sentences=self.sentences, lead=self.lead)


def _parts(column: Heading, cell: str | TableCell) -> tuple[bool, str, str | None, str | None, bool]:
    """A cell as the template takes it: number, text, place, note, suspect."""
    if isinstance(cell, str):
        return column.number, cell, None, None, False
    return column.number, cell.text, cell.place, cell.note, cell.suspect


def _as_cell(cell: str | TableCell) -> TableCell:
    return TableCell(cell) if isinstance(cell, str) else cell
