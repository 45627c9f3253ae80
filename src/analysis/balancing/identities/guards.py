"""Guards: the circumstances under which an identity is not promised, found by the amounts that are printed.

A figure other than 0 in the cells of a guard lifts the identities that name it. A figure that is not known yet lifts
nothing; a document that lacks the guard's first table is lifted too, because nobody can tell. While the columns of
figures are sought no amount is in its place yet, and a cell that may come to hold one lifts.
"""

import polars as pl

from analysis.balancing.identities.row_sets import Tables, cells_of, table_of
from analysis.terms.identity import Guard, Identity

_LIFTED = {"document_id": pl.String, "guard": pl.String, "known": pl.Boolean}


def lifted(tables: Tables, cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """The documents of `cells` for which a guard lifts the identity.

    Returns:
        One row per lifted document: document_id, `guard` (its id), `known` (False where its table is missing).
    """
    found = [pl.DataFrame(schema=_LIFTED)]
    if identity.unless:
        documents = cells.select("document_id").unique()
        found += [_lifted_by(tables, documents, guard) for guard in identity.unless]
    return pl.concat(found).unique("document_id", keep="first", maintain_order=True)


def _lifted_by(tables: Tables, documents: pl.DataFrame, guard: Guard) -> pl.DataFrame:
    cells = [cells_of(tables, operand) for operand in guard.operands]
    figures = [frame.filter(pl.col("amount") != 0) if "amount" in frame.columns else frame for frame in cells]
    lifting = documents.join(pl.concat(frame.select("document_id") for frame in figures), on="document_id", how="semi")
    first = guard.operands[0]
    there = table_of(tables, first).filter(first.side is None or pl.col("side") == first.side.value)
    untold = documents.join(there.select("document_id"), on="document_id", how="anti").join(
        lifting, on="document_id", how="anti"
    )
    marked = [
        frame.select("document_id", guard=pl.lit(guard.id), known=pl.lit(known))
        for frame, known in ((lifting, True), (untold, False))
    ]
    return pl.concat(marked)
