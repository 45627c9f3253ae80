"""Tables that were not read whole: what stands in them is not judged, and nothing is concluded from what they lack.

An identity with a missing figure fails though the document is right. So a case that speaks of such a table, or a guard
that does, gives no instances in that document: nothing is checked there, nothing is traced, nothing is resolved.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from analysis.terms.identity import Identity

INCOMPLETE: Mapping[str, type[pl.DataType]] = {"document_id": pl.String, "table": pl.String, "reason": pl.String}


def no_incomplete_tables() -> pl.DataFrame:
    """That every table was read whole; so it is in a dataset that does not tell."""
    return pl.DataFrame(schema=INCOMPLETE)


def incomplete_tables(tables: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """The official tables of each document that were not read whole, each once with the reason: columns `INCOMPLETE`.

    Args:
        tables: the printed tables, columns of the data dictionary.
        titles: how the official tables are called.
    """
    broken = tables.filter(~pl.col("complete"), pl.col("table").is_in(list(titles)))
    rows = [
        (row["document_id"], row["table"], _reason(titles[row["table"]], row["table"], row))
        for row in broken.sort("document_id", "number").iter_rows(named=True)
    ]
    found = pl.DataFrame(rows, schema=INCOMPLETE, orient="row")
    return found.unique(["document_id", "table"], keep="first", maintain_order=True)


def _reason(title: str, table: str, row: Mapping[str, object]) -> str:
    columns = str(row["columns_unknown"] or "").splitlines()
    page, last = row["first_page"], row["last_page"]
    pages = "" if page is None else f"第 {page} 页" if page == last else f"第 {page}–{last} 页"
    what = "、".join(f"“{column}”" for column in columns) + "栏无法识别" if columns else "有无法识别的行或金额"
    which = f"columns not understood: {', '.join(columns)}" if columns else "some rows or amounts not understood"
    at = "" if page is None else f"p. {page}, " if page == last else f"pp. {page}–{last}, "
    return f"《{title}》未全部读出（{pages}{what}），不作判断 / {table} was not read whole ({at}{which}): not judged"


def cases_not_judged(incomplete: pl.DataFrame, identity: Identity) -> Iterator[Mapping[str, str]]:
    """For each case the documents in which the identity is not judged, with the reason."""
    guards = {operand.table for guard in identity.unless for operand in guard.operands}
    rows = incomplete.select(*INCOMPLETE).rows() if incomplete.height else []
    for case in identity.cases:
        spoken_of = {case.left.table, *(operand.table for operand in case.right), *guards}
        # The first of a document counts, so it is put down last.
        yield {document: reason for document, table, reason in reversed(rows) if table in spoken_of}


def of_complete_tables(rows: pl.DataFrame, incomplete: pl.DataFrame) -> pl.DataFrame:
    """Those of some rows, with document_id and table, that stand in tables read whole."""
    return rows if incomplete.is_empty() else rows.join(incomplete, on=["document_id", "table"], how="anti")
