"""The one door between reading and balancing.

Reading offers a row whose columns it does not know, and a figure of a picture, as alternatives; balancing resolves
them where the identities leave one answer. Nothing else passes between the two rooms, so the identities cannot bend
what was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.reading.text.read_text import with_statements
from analysis.recognising.picture import PictureReader
from analysis.steps.told_readings import with_told_readings
from analysis.terms.document import NOTHING_GIVEN, Given, ReadDocument
from analysis.terms.line_item import OpenRow
from analysis.terms.printed_table import UnmappedCell, UnmappedReason
from analysis.terms.recognition import ToldReading


def read_and_resolve(
    path: Path,
    forms_dir: Path | None = None,
    given: Given = NOTHING_GIVEN,
    pictures: PictureReader = recognise_now,
    told: Sequence[ToldReading] = (),
) -> ReadDocument:
    """The document at `path` with its open rows resolved; those left in doubt are named, and kept as unmapped cells.

    Args:
        path: The file.
        forms_dir: A user's own families of forms; None for none.
        given: What goes before what the document says of itself.
        pictures: Who says what pages say that are pictures.
        told: What a person read in its pictures.

    Raises:
        UnreadableFileError: the file cannot be read.
        KnowledgeError: a family of forms is malformed.
    """
    families = load_families(forms_dir)
    document = with_told_readings(read_document(path, families, given, pictures), told)
    if not document.open_rows and not document.readings:
        return with_statements(document, families)
    # Only text without a grid and pictures need the solver; workers that never meet one do not pay for its import.
    from analysis.balancing.resolve import resolve
    from analysis.balancing.settle_readings import settle_readings
    from analysis.knowledge.code_books import code_book
    from analysis.knowledge.identities import load_identities

    if document.readings:
        settled = settle_readings(document, load_identities(families), code_book())
        return with_statements(replace(document, line_items=settled), families)
    resolved = resolve(document, load_identities(families))
    whole = replace(document, line_items=document.line_items + resolved.line_items)
    return with_statements(_with_doubtful(whole, resolved.doubtful), families)


def _with_doubtful(document: ReadDocument, doubtful: tuple[OpenRow, ...]) -> ReadDocument:
    """The document with the rows that stay in doubt as unmapped cells; a table is complete where none of it is left."""
    number_of = {table.table: table.number for table in document.printed_tables if table.table is not None}
    cells = (cell for row in doubtful for cell in _unmapped(row, number_of.get(row.row.table, 0)))
    unmapped = (*document.unmapped, *cells)
    left_out = {cell.table_number for cell in unmapped if cell.reason.leaves_incomplete}
    were_open = {row.row.table for row in document.open_rows}
    tables = tuple(
        replace(table, complete=table.number not in left_out) if table.table in were_open else table
        for table in document.printed_tables
    )
    problems = (*document.problems, *_in_doubt(doubtful))
    return replace(document, open_rows=doubtful, problems=problems, unmapped=unmapped, printed_tables=tables)


def _in_doubt(doubtful: tuple[OpenRow, ...]) -> Iterator[str]:
    if doubtful:
        names = "；".join(f"{row.row.table}“{row.row.printed_code or ''}{row.row.name or ''}”" for row in doubtful)
        yield (
            f"{len(doubtful)} 行的数字无法确定所在栏，未采用：{names}。"
            f" / The columns of {len(doubtful)} rows stay in doubt and were left out."
        )


def _unmapped(row: OpenRow, table_number: int) -> Iterator[UnmappedCell]:
    """The figures of a row whose columns cannot be told; only their order is known."""
    label, code, reason = row.row.name, row.row.printed_code, UnmappedReason.AMBIGUOUS_COLUMN
    for figure in row.figures:
        yield UnmappedCell(table_number, label, code, "", figure.printed, figure.amount, figure.place, reason)
