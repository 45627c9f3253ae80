"""The name of a line item, by which a figure in a report leads back to its place in the published document.

Two code lists may stand side by side in one table, and then one row has two amounts of the same measure: so the code,
or the name where there is no code, belongs to the name of the line item.
"""

import polars as pl

PARTS = ("document_id", "table", "row_number", "side", "measure", "phase", "fiscal_year")
_LABELS = ("code", "name")


def figure_id() -> pl.Expr:
    """The name of each line item of a frame: its `PARTS` and its code or name, joined by "/"; unique in a dataset."""
    parts = [pl.col(part).cast(pl.String).fill_null("None") for part in PARTS]
    return pl.concat_str([*parts, pl.coalesce(*_LABELS, pl.lit(""))], separator="/")
