"""The name of a line item, by which a figure in a report leads back to its place in the published document."""

from collections.abc import Mapping
from typing import Any

import polars as pl

PARTS = ("document_id", "table", "row_number", "side", "measure", "phase", "fiscal_year")


def place_of(item: Mapping[str, Any]) -> str:
    """The name of one line item: its `PARTS` joined by "/"; unique in a dataset."""
    return "/".join(str(item[part]) for part in PARTS)


def place() -> pl.Expr:
    """`place_of` as an expression over a frame of line items."""
    return pl.concat_str([pl.col(part).cast(pl.String) for part in PARTS], separator="/")
