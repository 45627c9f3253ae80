"""One document that was just read, as the identities see it: its possible cells, and which of them belong together.

What is settled before a document is recorded (lost columns, doubtful readings) is asked of the same instances that its
figures are checked by afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from analysis.balancing.identities.incomplete_tables import INCOMPLETE
from analysis.balancing.identities.instances import instance_terms
from analysis.terms.document import ReadDocument
from analysis.terms.identity import Identities, Relation, Strength
from analysis.terms.line_item import Column
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.money import decimals, half_unit, to_fen

Instances = Mapping[str, tuple[Relation, list[tuple[int, int]]]]
"""Each instance's relation and its terms: a slot and its weight."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A possible cell: a column of a row. A known figure is a slot with its amount."""

    row: PrintedRow
    column: Column
    fiscal_year: int | None
    fen: int | None
    open_row: int | None


def known_slots(document: ReadDocument) -> list[Slot]:
    """A slot for each line item, in their order."""
    return [
        Slot(item.row, item.column, item.fiscal_year, to_fen(item.figure.amount), None) for item in document.line_items
    ]


def instances_of(document: ReadDocument, slots: Sequence[Slot], known: Identities) -> Instances:
    """Each instance's relation and its terms (slot, weight); the right side's weights are turned."""
    kind = str(document.cover.kind) if document.cover.kind else None
    cells = pl.DataFrame(
        [
            {
                "cell": number,
                "document_id": "document",
                "kind": kind,
                "fiscal_year": slot.fiscal_year,
                "phase": str(slot.column.phase),
                "table": slot.row.table,
                "row_number": slot.row.number,
                "side": str(slot.column.side),
                "scheme": str(slot.row.scheme) if slot.row.scheme else None,
                "code": slot.row.code,
                "parent_code": slot.row.parent_code,
                "code_level": slot.row.code_level,
                "name": slot.row.name,
                "row_role": str(slot.row.role),
                "measure": slot.column.measure,
            }
            for number, slot in enumerate(slots)
        ],
        infer_schema_length=None,
    )
    # What only usually holds may not decide where a figure stands.
    promised = known.of_family(document.form)
    entries = tuple(entry for entry in promised.within if entry.strength is not Strength.SOFT)
    identities = replace(promised, entries=entries)
    relations = {identity.id: identity.relation for identity in identities.entries}
    found: dict[str, tuple[Relation, list[tuple[int, int]]]] = {}
    terms = instance_terms(cells, identities, _incomplete(document))
    for name, identity, cell, side, weight in terms.select(
        "instance", "identity", "cell", "side", "weight"
    ).iter_rows():
        terms_of = found.setdefault(name, (relations[identity], []))[1]
        terms_of.append((cell, weight if side == "left" else -weight))
    return found


def _incomplete(document: ReadDocument) -> pl.DataFrame:
    """The tables of which something was not understood, but for the rows that wait here."""
    left_out = {cell.table_number for cell in document.unmapped if cell.reason.leaves_incomplete}
    broken = {table.table for table in document.printed_tables if table.number in left_out and table.table is not None}
    rows = [("document", table, "") for table in sorted(broken)]
    return pl.DataFrame(rows, schema=INCOMPLETE, orient="row")


def tolerances_of(document: ReadDocument) -> Mapping[str, int]:
    """Half of the last printed digit in fen, for each table."""
    shown: dict[str, tuple[int, int]] = {}
    for row, printed in _printed(document):
        digits = max(decimals(printed), shown.get(row.table, (0, 0))[0])
        shown[row.table] = digits, int(half_unit(digits, row.unit) * 100)
    return {table: fen for table, (_, fen) in shown.items()}


def _printed(document: ReadDocument) -> Iterator[tuple[PrintedRow, str]]:
    for item in document.line_items:
        yield item.row, item.figure.printed
    for row in document.open_rows:
        for figure in row.figures:
            yield row.row, figure.printed
