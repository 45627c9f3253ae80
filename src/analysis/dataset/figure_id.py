"""The name of a line item, by which a figure in a report leads back to its place in the published document.

Two code lists may stand side by side in one table, and then one row has two amounts of the same measure: so the code,
or the name where there is no code, belongs to the name of the line item.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

PARTS = ("document_id", "table", "row_number", "side", "measure", "phase", "fiscal_year")
_LABELS = ("code", "name")


def place_of(item: Mapping[str, Any]) -> str:
    """The name of one line item: its `PARTS` and its code or name, joined by "/"; unique in a dataset."""
    label = next((item[part] for part in _LABELS if item[part] is not None), "")
    return "/".join([*(str(item[part]) for part in PARTS), label])


def place() -> pl.Expr:
    """`place_of` as an expression over a frame of line items."""
    parts = [pl.col(part).cast(pl.String).fill_null("None") for part in PARTS]
    return pl.concat_str([*parts, pl.coalesce(*_LABELS, pl.lit(""))], separator="/")
