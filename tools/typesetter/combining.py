"""Several mistakes in one book: what each changed in the clean book, put together.

Every mistake is planted in the clean book, so that what it does alone is known; those that meet in one row, item,
paragraph or heading cannot stand together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

from typesetter.book import Book, Panel, Table

Edits = Mapping[tuple[str | int, ...], object]
TEXTS = ("opening", "items", "closing")


def edits_of(clean: Book, changed: Book) -> Edits:
    """What a mistake changed, by place in the clean book: rows (None for a lost one), headings, items, paragraphs."""
    found: dict[tuple[str | int, ...], object] = {}
    for old, new in zip(clean.tables, changed.tables, strict=True):
        if new.heading != old.heading:
            found[old.id, "heading"] = new.heading
        for panel, (before, after) in enumerate(zip(old.panels, new.panels, strict=True)):
            found |= {(old.id, panel, row): line for row, line in _changed_rows(before, after)}
    for part in TEXTS:
        texts = enumerate(zip(getattr(clean, part), getattr(changed, part), strict=True))
        found |= {(part, place): new for place, (old, new) in texts if old != new}
    return found


def _changed_rows(before: Panel, after: Panel) -> Iterator[tuple[int, object]]:
    if len(after.rows) < len(before.rows):
        yield next(row for row, (old, new) in enumerate(zip_longest(before.rows, after.rows)) if old != new), None
        return
    yield from ((row, new) for row, (old, new) in enumerate(zip(before.rows, after.rows, strict=True)) if old != new)


def with_edits(clean: Book, edits: Edits) -> Book:
    """The clean book with the changes of several mistakes."""
    texts = {
        part: tuple(edits.get((part, place), text) for place, text in enumerate(getattr(clean, part))) for part in TEXTS
    }
    book = replace(clean, **texts)
    for table in clean.tables:
        book = book.with_table(_with_edits(table, edits))
    return book


def _with_edits(table: Table, edits: Edits) -> Table:
    panels = []
    for number, panel in enumerate(table.panels):
        rows = [edits.get((table.id, number, row), line) for row, line in enumerate(panel.rows)]
        lines = tuple(line for line in rows[: len(panel.lines)] if line is not None)
        total = None if panel.total is None else rows[-1]
        foot = tuple(rows[len(panel.lines) : len(panel.lines) + len(panel.foot)])
        panels.append(replace(panel, lines=lines, foot=foot, total=total))
    return replace(table, panels=tuple(panels), heading=edits.get((table.id, "heading"), table.heading))
