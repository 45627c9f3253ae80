"""Guards: the circumstances under which an identity is not promised, found by the amounts that are printed.

A figure other than 0 in the cells of a guard lifts the identities that name it. A figure that is not known yet lifts
nothing; a document that lacks the guard's first table is lifted too, because nobody can tell. While the columns of
figures are sought no amount is in its place yet, and a cell that may come to hold one lifts.
"""

from collections.abc import Collection, Mapping

import polars as pl

from analysis.balancing.identities.row_sets import Tables, cells_of, table_of
from analysis.terms.identity import Guard, Identity


def lifted(tables: Tables, documents: Collection[str], identity: Identity) -> Mapping[str, tuple[Guard, bool]]:
    """The documents for which a guard lifts the identity: the first that does, and False where its table is missing."""
    found: dict[str, tuple[Guard, bool]] = {}
    for guard in identity.unless:
        lifting, there = _with_figure(tables, guard), _with_table(tables, guard)
        for document in documents:
            if document in lifting or document not in there:
                found.setdefault(document, (guard, document in lifting))
    return found


def _with_figure(tables: Tables, guard: Guard) -> frozenset[str]:
    """The documents with a figure other than 0 in the cells of the guard, or with one that is not known yet."""
    if guard not in tables.memo:
        cells = [cells_of(tables, operand) for operand in guard.operands]
        figures = [frame.filter(pl.col("amount") != 0) if "amount" in frame.columns else frame for frame in cells]
        tables.memo[guard] = frozenset(pl.concat([frame["document_id"] for frame in figures]))
    return tables.memo[guard]


def _with_table(tables: Tables, guard: Guard) -> frozenset[str]:
    """The documents that have the guard's first table, on its side."""
    first = guard.operands[0]
    key = (first.table, first.side)
    if key not in tables.memo:
        there = table_of(tables, first).filter(first.side is None or pl.col("side") == first.side.value)
        tables.memo[key] = frozenset(there["document_id"].unique())
    return tables.memo[key]
