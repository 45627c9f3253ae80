"""The notes under empty tables: a filled table has none, an empty one has its own.

A note names its table by its fund or by 三公; which of them are meant, the shelf says. That an empty table lacks its
note is told only of a document whose official tables were all found.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from analysis.balancing.text.statements import plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import TextPlace, at, text_finding
from analysis.terms.document import Passage
from analysis.terms.finding import Finding
from analysis.terms.line_item import Place

_NOTE = re.compile(r"(?:备?注|说明):.*(?:为空表|无数据|为空|空表)")


def note_findings(document: TextDocument) -> Iterator[Finding]:
    """What is wrong with the notes under empty tables."""
    notes = [(table, passage) for passage in document.passages if (table := _noted(document, passage))]
    counted = Counter(table for table, _ in notes)
    names = {note.table: note.zh for note in document.rules.notes}
    judged = [table for table in names if table not in document.incomplete]
    empty = [table for table in judged if table not in document.filled and not _printed(document, table)]
    silent = [table for table in empty if not counted[table]]
    for table, passage in notes:
        where = at(passage.place, "表下的说明", "the note under the table")
        if table in document.filled:
            yield _filled(document, table, passage)
        elif counted[table] > 1 and silent and passage is [one for noted, one in notes if noted == table][-1]:
            yield text_finding(document, "text_note_other", where, passage.text, expected=names[silent.pop(0)])
    if not document.complete:
        return
    required = {note.table for note in document.rules.notes if note.required}
    for table in (one for one in silent if one in required):
        where = TextPlace(Place(), f"{names[table]}表", f"the table {table}", table, name=names[table])
        yield text_finding(document, "text_note_missing", where, "")


def _noted(document: TextDocument, passage: Passage) -> str | None:
    """The table that a note says is empty."""
    text = plain(passage.text)
    if not _NOTE.match(text):
        return None
    return next((note.table for note in document.rules.notes if note.pattern.search(text)), None)


def _printed(document: TextDocument, table: str) -> bool:
    """Whether the table prints a total row, be it all 0."""
    return any(key[0] == table for key in document.cells)


def _filled(document: TextDocument, table: str, passage: Passage) -> Finding:
    cells = [cell for key, row in document.cells.items() if key[0] == table for cell in row if cell.amount.yuan]
    amounts = "、".join(dict.fromkeys(cell.amount.words for cell in cells)) or table
    where = at(passage.place, "表下的说明", "the note under the table", table=table)
    finding = text_finding(document, "text_note_filled", where, passage.text, other=amounts)
    return replace(finding, cause="template_left")
