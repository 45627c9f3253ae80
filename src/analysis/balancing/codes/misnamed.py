"""A class under another class's name: its code and the other tables tell the name that belongs there.

Identities between the summary and the other tables bring classes together by name. A class that bears the name of
another one is a wrong name, told by the rules of codes; read with its own name it breaks no identity besides.
"""

import polars as pl

from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, plain_name

_ROW = ("document_id", "table", "side", "row_number")
_RIGHT = {"document_id": pl.String, "table": pl.String, "side": pl.String, "row_number": pl.Int32, "right": pl.String}


def misnamed_classes(rows: pl.DataFrame, book: CodeBook) -> pl.DataFrame:
    """The rows of classes that bear the name of another class, with the name of their code in `right`."""
    classes = rows.filter(
        pl.col("scheme") == Scheme.FUNCTIONAL.value, pl.col("code_level") == 1, pl.col("year").is_not_null()
    )
    found = []
    for row in classes.iter_rows(named=True):
        now = book.in_force(Scheme.FUNCTIONAL, row["code"], row["year"])
        if now is None or not now.evidence.sure or plain_name(now.name) == row["plain"]:
            continue
        if book.sibling_named(Scheme.FUNCTIONAL, row["code"], row["year"], row["plain"]):
            found.append((*(row[name] for name in _ROW), now.name))
    return pl.DataFrame(found, schema=_RIGHT, orient="row")


def with_right_names(line_items: pl.DataFrame, misnamed: pl.DataFrame) -> pl.DataFrame:
    """The line items in their order, those of the rows with the names that belong there."""
    if misnamed.is_empty():
        return line_items
    joined = line_items.join(misnamed, on=_ROW, how="left", maintain_order="left")
    return joined.with_columns(name=pl.coalesce("right", "name")).drop("right")
