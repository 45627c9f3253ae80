"""A list that is searched: rows of texts and links, as HTML for everybody and as JSON for the script that filters.

A site may have thousands of organisations. The page holds the first rows as a table, so it shows something without any
script; the script takes all rows from the JSON, shows those that fit, and sets every text as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from analysis.pages.chart_elements import script_json

FIRST = 200


@dataclass(frozen=True, slots=True)
class CellText:
    """Words of a cell: where they lead, how they look, what pointing at them tells."""

    words: str
    address: str | None = None
    look: str = ""
    note: str = ""

    @property
    def said(self) -> dict[str, str]:
        """As the script reads it."""
        parts = {"t": self.words, "h": quote(self.address) if self.address else "", "c": self.look, "n": self.note}
        return {key: part for key, part in parts.items() if part or key == "t"}

    @property
    def html(self) -> str:
        """As HTML, the same as the script makes it."""
        said = self.said
        names = {"h": "href", "c": "class", "n": "title"}
        told = "".join(f' {names[key]}="{escape(part)}"' for key, part in said.items() if key in names)
        tag = "a" if self.address else "span"
        return f"<{tag}{told}>{escape(self.words)}</{tag}>"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row.

    Attributes:
        cells: The pieces of every cell; the first cell is the row's heading.
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
class Listing:
    """A list of rows with what it takes to search it.

    Attributes:
        caption: What the table is, for those who do not see it.
        unit: What is counted: "个单位".
        heads: The headings; those in `numbers` stand to the right.
        rows: All rows, in their first order.
        choices: The filters; one with a single value is left out.
        orders: Other orders: names in `ListRow.by` with their words.
        codes: Codes with their names, for those who search by them.
        hint: What one may type.
    """

    caption: str
    unit: str
    heads: tuple[str, ...]
    rows: Sequence[ListRow]
    choices: tuple[ListFilter, ...]
    hint: str
    numbers: frozenset[int] = frozenset()
    orders: tuple[tuple[str, str], ...] = ()
    codes: Sequence[tuple[str, str]] = ()

    def html(self) -> str:
        """Controls, table and data."""
        rest = len(self.rows) - FIRST
        note = f'<noscript><p class="note">不用脚本时只列出前 {FIRST} 行，其余 {rest} 行见下载的数据。</p></noscript>'
        heads = "".join(
            f'<th scope="col"{self._class(column)}>{escape(head)}</th>' for column, head in enumerate(self.heads)
        )
        body = "".join(self._line(row) for row in self.rows[:FIRST])
        return (
            f'{self._controls()}{note if rest > 0 else ""}<div class="table listing" role="region" tabindex="0" '
            f'aria-label="{escape(self.caption)}"><table><thead><tr>{heads}</tr></thead>'
            f'<tbody id="listed">{body}</tbody></table></div>'
            '<button type="button" class="more" id="more" hidden></button>'
            f'<script type="application/json" id="rows">{script_json(self._data())}</script>'
        )

    def _class(self, column: int) -> str:
        return ' class="number"' if column in self.numbers else ""

    def _line(self, row: ListRow) -> str:
        first, *others = (" ".join(piece.html for piece in cell) for cell in row.cells)
        cells = "".join(f"<td{self._class(column)}>{cell}</td>" for column, cell in enumerate(others, 1))
        return f'<tr><th scope="row"{self._class(0)}>{first}</th>{cells}</tr>'

    def _controls(self) -> str:
        boxes = "".join(
            _select(f'data-of="{choice.name}"', choice.title, (("", "全部"), *choice.values))
            for choice in self.choices
            if len(choice.values) > 1
        )
        order = _select('id="order"', "排序", (("", "名称"), *self.orders)) if self.orders else ""
        return (
            '<div id="finding" hidden><div class="search" role="search"><label class="words">'
            f'<span class="note">查找</span><input id="search" type="search" placeholder="{escape(self.hint)}" '
            f'autocomplete="off"></label>{boxes}{order}</div>'
            '<p class="note" id="count" role="status"></p></div>'
        )

    def _data(self) -> dict[str, object]:
        rows = [
            {
                "cells": [self._cell(column, cell) for column, cell in enumerate(row.cells)],
                "text": row.text,
                "of": row.of,
                **({"by": row.by} if row.by else {}),
                **({"codes": row.codes} if row.codes else {}),
            }
            for row in self.rows
        ]
        return {"unit": self.unit, "codes": self.codes, "rows": rows}

    def _cell(self, column: int, cell: tuple[CellText, ...]) -> dict[str, object]:
        said: dict[str, object] = {"p": [piece.said for piece in cell]}
        return said | {"k": "number"} if column in self.numbers else said


def _select(name: str, title: str, values: Sequence[tuple[str, str]]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in values)
    return f'<label><span class="note">{escape(title)}</span><select {name}>{options}</select></label>'
