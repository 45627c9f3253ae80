"""The line items as they would be with every figure put right that the tracing is certain of.

For those who compare something else with the tables: a sentence that says what should stand in a table is not wrong
because the table is. What is printed is never altered; this stands beside it.
"""

from collections.abc import Sequence

import polars as pl

from analysis.balancing.localising.localised_findings import as_printed
from analysis.terms.trace import Localisation

# The name too: panels that stand side by side have rows of one number.
_PLACE = ("document_id", "table", "row_number", "side", "name", "measure", "phase", "fiscal_year")


def mended(line_items: pl.DataFrame, localisations: Sequence[Localisation]) -> pl.DataFrame:
    """The line items in their order with the amounts that certainly belong there, as the table would print them.

    Where a column `proven` tells which figures others prove, an amount put right is one of them.
    """
    rows = [
        (one.document_id, *(getattr(change, name) for name in _PLACE[1:]), change.proposed)
        for one in localisations
        for change in (() if one.stopped else one.certain)
        if change.proposed is not None and change.measure is not None and change.row_number is not None
    ]
    if not rows:
        return line_items
    types = {name: line_items.schema[name] for name in _PLACE} | {"right": line_items.schema["amount"]}
    right = pl.DataFrame(rows, schema=types, orient="row").unique(_PLACE, keep="first", maintain_order=True)
    wrong = line_items.join(right, on=_PLACE, how="inner", nulls_equal=True, maintain_order="left")
    texts = [as_printed(row["right"], row) for row in wrong.iter_rows(named=True)]
    known = wrong.select(*_PLACE, "right", text=pl.Series(texts, dtype=pl.String)).unique(_PLACE, maintain_order=True)
    joined = line_items.join(known, on=_PLACE, how="left", nulls_equal=True, maintain_order="left")
    joined = pl.concat([joined, _filled(line_items, right)])
    known_right = {"proven": pl.col("proven") | pl.col("right").is_not_null()} if "proven" in joined.columns else {}
    return joined.with_columns(
        amount=pl.coalesce("right", "amount"), printed=pl.coalesce("text", "printed"), **known_right
    ).drop("right", "text")


def _filled(line_items: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """A line item for each blank of a printed row in which a figure belongs, with `right` and `text`."""
    row = [name for name in _PLACE if name != "measure"]
    blank = right.join(line_items, on=_PLACE, how="anti", nulls_equal=True)
    beside = line_items.unique(row, keep="first", maintain_order=True).drop("measure")
    found = beside.join(blank, on=row, how="inner", nulls_equal=True, maintain_order="left")
    texts = [as_printed(one["right"], one) for one in found.iter_rows(named=True)]
    return found.with_columns(text=pl.Series(texts, dtype=pl.String)).select(*line_items.columns, "right", "text")
