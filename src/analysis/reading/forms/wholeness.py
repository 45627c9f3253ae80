"""Which tables were read whole: what may go on elsewhere, or be read again otherwise, is not judged.

On a page that was recognised from a picture a rule of the grid may be lost, so that a page's rows fit those of the page
before no more. They are kept then as a table of their own, without a title, and the other one lacks them. So may be
amounts without a title and without a label on any page: columns that were torn off a table too wide for its page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.extraction.layout.blocks import Blocks
from analysis.reading.forms.once import TablesRead
from analysis.terms.printed_table import PrintedTable, UnmappedCell


def printed_tables(found: TablesRead, blocks: Blocks) -> Iterator[PrintedTable]:
    """The printed tables, each with whether it was read whole.

    Args:
        found: What the tables gave.
        blocks: The document.
    """
    tables = [table for reading in found.readings if (table := reading.printed_table)]
    torn = [
        table
        for reading in found.readings
        if (table := reading.printed_table)
        and reading.unmapped
        and not any(_has_label(cell) for cell in reading.unmapped)
    ]
    pictured = frozenset(place.page for place in blocks.readings if place.page is not None)
    for at, table in enumerate(tables):
        lacking = (
            blocks.damaged
            or _is_beside_unread(table, blocks)
            or any(one.number > table.number and _may_belong_to(table, one) for one in torn)
            or (
                not pictured.isdisjoint(_pages(table))
                and (table.table in found.contradicted or any(_may_belong_to(table, one) for one in tables[at + 1 :]))
            )
        )
        yield replace(table, complete=table.complete and not lacking)


def _is_beside_unread(table: PrintedTable, blocks: Blocks) -> bool:
    """Whether it begins or ends beside a page that was not read: it may go on there."""
    return any(page in blocks.unread_pages for page in _pages(table, beside=1))


def _has_label(cell: UnmappedCell) -> bool:
    return bool(cell.row_label or cell.code)


def _may_belong_to(table: PrintedTable, later: PrintedTable) -> bool:
    """Whether a later table has amounts and no title of its own, and begins where this one ends."""
    if table.last_page is None or later.first_page is None or later.table or later.title or not later.cells:
        return False
    return later.first_page - 1 <= table.last_page


def _pages(table: PrintedTable, beside: int = 0) -> Sequence[int]:
    if table.first_page is None or table.last_page is None:
        return ()
    return range(table.first_page - beside, table.last_page + beside + 1)
