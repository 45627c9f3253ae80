"""Tables, headline figures and paragraphs as HTML in which everything that comes from a document is text.

Each value shows itself in a notebook through `_repr_html_`. Nothing is trusted: every cell, heading and caption is
escaped here, and the page is sanitised again when it is made. Numbers stand to the right, years have no separators, a
gap is "—" with its reason on hover.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and whether its cells are numbers."""

    heading: str
    number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of finished texts; the first cell of a row is its heading, the rows in `strong` stand out.

    `rows` have one text per column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>' for column in self.columns)
        body = "".join(
            f"<tr{' class=strong' if number in self.strong else ''}>{self._cells(row)}</tr>"
            for number, row in enumerate(self.rows)
        )
        return (
            f'<div class="table"><table><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _cells(self, row: tuple[str, ...]) -> str:
        first, *others = zip(self.columns, row, strict=True)
        cells = "".join(f"<td{_class(column)}>{escape(text)}</td>" for column, text in others)
        return f'<th scope="row"{_class(first[0])}>{escape(first[1])}</th>{cells}'


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that is read first: what it is, how much, and how it changed."""

    name: str
    amount: str
    unit: str
    change: str


@dataclass(frozen=True, slots=True)
class Headlines:
    """The figures at the top of a report, as cards."""

    figures: tuple[Headline, ...]

    def _repr_html_(self) -> str:
        cards = "".join(
            f"<div class=card><p class=name>{escape(f.name)}</p>"
            f"<p class=amount>{escape(f.amount)} <span class=unit>{escape(f.unit)}</span></p>"
            f"<p class=change>{escape(f.change)}</p></div>"
            for f in self.figures
        )
        return f"<div class=cards>{cards}</div>"


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences: one paragraph, or a list where there are several; `lead` makes them the report's answer."""

    sentences: Sequence[str]
    lead: bool = False

    def _repr_html_(self) -> str:
        kind = " class=lead" if self.lead else ""
        if len(self.sentences) == 1:
            return f"<p{kind}>{escape(self.sentences[0])}</p>"
        return f"<ul{kind}>{''.join(f'<li>{escape(sentence)}</li>' for sentence in self.sentences)}</ul>"


def _class(column: Column) -> str:
    return " class=number" if column.number else ""
