"""The name of a figure, by which it leads from a report back to its place in the published document.

A figure is a line item, or what the text or a form states. Two code lists may stand side by side in one table, and then
one row has two amounts of the same measure: so the code, or the name where there is no code, belongs to the name of the
line item. What is stated is called by its table and its number.
"""

import polars as pl

PARTS = ("document_id", "table", "row_number", "side", "measure", "phase", "fiscal_year")
# What states figures beside the line items, and what tells the rows of one document apart.
STATED = {"statements": ("number",), "facts": ("number",), "performance": ("project", "number")}
_LABELS = ("code", "name")


def figure_id() -> pl.Expr:
    """The name of each line item of a frame: its `PARTS` and its code or name, joined by "/"; unique in a dataset."""
    parts = [pl.col(part).cast(pl.String).fill_null("None") for part in PARTS]
    return pl.concat_str([*parts, pl.coalesce(*_LABELS, pl.lit(""))], separator="/")


def stated_id(table: str) -> pl.Expr:
    """The name of each row of a table of `STATED`: document, table and number joined by "/"; unique in a dataset."""
    parts = [pl.col(part).cast(pl.String).fill_null("None") for part in STATED[table]]
    return pl.concat_str([pl.col("document_id"), pl.lit(table), *parts], separator="/")
