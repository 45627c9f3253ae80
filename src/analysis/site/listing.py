"""A list that is searched: rows of texts and links, as HTML for everybody and as JSON for the script that filters.

A site may have thousands of organisations. The page holds the first rows as a table, so it shows something without any
script; the script takes all rows from the JSON, shows those that fit, and sets every text as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from analysis.display.templating import HtmlRepr, Markup, render

FIRST = 200


@dataclass(frozen=True, slots=True)
class CellText:
    """Words of a cell: where they lead, how they look, what pointing at them says; or figures drawn as a small line."""

    words: str
    address: str | None = None
    look: str = ""
    note: str = ""
    trend: tuple[float | None, ...] = ()

    @property
    def href(self) -> str:
        """The address as a link takes it; empty where the words lead nowhere."""
        return quote(self.address) if self.address else ""

    @property
    def data(self) -> dict[str, object]:
        """As the script reads it."""
        optional = {"h": self.href, "c": self.look, "n": self.note, "s": self.trend}
        return {"t": self.words} | {key: value for key, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row.

    Attributes:
        cells: The texts of every cell; the first cell is the row's heading.
        text: What is searched, in lower case.
        of: What the row belongs to, by the name of a filter.
        by: What it may be ordered by, larger first.
        codes: Which of the list's codes it has figures for, by their number.
    """

    cells: tuple[tuple[CellText, ...], ...]
    text: str
    of: Mapping[str, tuple[str, ...]]
    by: Mapping[str, float] = field(default_factory=dict)
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter: its name in `ListRow.of`, its title, and the values with their words."""

    name: str
    title: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Listing(HtmlRepr):
    """A list of rows with what it takes to search it.

    Attributes:
        caption: What the table is, for those who do not see it.
        unit: What is counted: "个单位".
        heads: The headings; those in `numbers` stand to the right.
        rows: All rows, in their first order.
        filters: The filters; one with a single value is left out.
        orders: Other orders: names in `ListRow.by` with their words.
        codes: Codes with their names and the addresses of their reports (empty for none), for those who search by them.
        hint: What one may type.
    """

    caption: str
    unit: str
    heads: tuple[str, ...]
    rows: Sequence[ListRow]
    filters: tuple[ListFilter, ...]
    hint: str
    numbers: frozenset[int] = frozenset()
    orders: tuple[tuple[str, str], ...] = ()
    codes: Sequence[tuple[str, str, str]] = ()

    def __html__(self) -> Markup:
        data = {"unit": self.unit, "codes": self.codes, "rows": [self._row_data(row) for row in self.rows]}
        return render("site/listing.html.j2", listing=self, first=FIRST, data=data)

    def _row_data(self, row: ListRow) -> dict[str, object]:
        return {
            "cells": [self._cell_data(column, texts) for column, texts in enumerate(row.cells)],
            "text": row.text,
            "of": row.of,
            **({"by": row.by} if row.by else {}),
            **({"codes": row.codes} if row.codes else {}),
        }

    def _cell_data(self, column: int, texts: tuple[CellText, ...]) -> dict[str, object]:
        data: dict[str, object] = {"p": [text.data for text in texts]}
        return data | {"k": "number"} if column in self.numbers else data
