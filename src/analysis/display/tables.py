"""Tables, headline figures and paragraphs as HTML in which everything that comes from a document is text.

Each value shows itself in a notebook through `_repr_html_`, and as plain text where HTML cannot be shown. Nothing is
trusted: every cell, heading and caption is escaped here, and the page is sanitised again when it is made. Numbers stand
to the right, years have no separators, a gap is "—" with its reason on hover.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

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
class Table(TextRepr):
    """A table of finished texts; the first cell of a row is its heading, the rows in `strong` stand out.

    `rows` have one text or `TableCell` per column.
    """

    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[str | TableCell, ...], ...]
    strong: frozenset[int] = frozenset()

    @property
    def texts(self) -> list[list[str]]:
        """The rows as plain texts."""
        return [[_plain(cell) for cell in row] for row in self.rows]

    def __str__(self) -> str:
        """Caption, headings and rows, with tabs between the cells, as a spreadsheet takes them in."""
        heads = [column.heading for column in self.columns]
        return "\n".join([self.caption, *("\t".join(row) for row in (heads, *self.texts))])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>' for column in self.columns)
        body = "".join(
            f"<tr{' class=strong' if number in self.strong else ''}>{self._cells(row)}</tr>"
            for number, row in enumerate(self.rows)
        )
        return (
            f'<div class="table" role="region" tabindex="0" aria-label="{escape(self.caption)}">'
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _cells(self, row: tuple[str | TableCell, ...]) -> str:
        first, *others = zip(self.columns, row, strict=True)
        cells = "".join(f"<td{_class(column)}{_about(cell)}>{_text(cell)}</td>" for column, cell in others)
        return f'<th scope="row"{_class(first[0])}{_about(first[1])}>{_text(first[1])}</th>{cells}'


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that is read first: what it is, how much, and how it changed."""

    name: str
    amount: str | TableCell
    unit: str
    change: str


@dataclass(frozen=True, slots=True, repr=False)
class Headlines(TextRepr):
    """The figures at the top of a report, as cards."""

    figures: tuple[Headline, ...]

    def __str__(self) -> str:
        return "\n".join(f"{f.name} {_plain(f.amount)} {f.unit} {f.change}".strip() for f in self.figures)

    def _repr_html_(self) -> str:
        cards = "".join(
            f"<div class=card><p class=name>{escape(f.name)}</p>"
            f"<p class=amount><span{_about(f.amount)}>{_text(f.amount)}</span> "
            f"<span class=unit>{escape(f.unit)}</span></p>"
            f"<p class=change>{escape(f.change)}</p></div>"
            for f in self.figures
        )
        return f"<div class=cards>{cards}</div>"


@dataclass(frozen=True, slots=True, repr=False)
class Paragraph(TextRepr):
    """Sentences: one paragraph, or a list where there are several; `lead` makes them the report's answer."""

    sentences: Sequence[str]
    lead: bool = False

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def _repr_html_(self) -> str:
        kind = " class=lead" if self.lead else ""
        if len(self.sentences) == 1:
            return f"<p{kind}>{escape(self.sentences[0])}</p>"
        return f"<ul{kind}>{''.join(f'<li>{escape(sentence)}</li>' for sentence in self.sentences)}</ul>"


def _class(column: Heading) -> str:
    return " class=number" if column.number else ""


def _plain(cell: str | TableCell) -> str:
    return cell if isinstance(cell, str) else cell.text


def _text(cell: str | TableCell) -> str:
    if isinstance(cell, str):
        return escape(cell)
    return escape(cell.text) + (f'<span class="suspect" title="{SUSPECT_WORDS}">※</span>' if cell.suspect else "")


def _about(cell: str | TableCell) -> str:
    if isinstance(cell, str):
        return ""
    told = {"data-place": cell.place, "title": cell.note}
    return "".join(f' {name}="{escape(words)}"' for name, words in told.items() if words)
