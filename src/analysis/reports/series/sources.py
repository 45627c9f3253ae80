"""Which document tells a year: one for each organisation, level, year and kind, and the line items of those alone.

Budgets tell what was approved, final accounts what was executed; where two files claim the same place, the first by
status and name is used and the claim is counted, never added. Only the asked organisations and years are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.dataset.figure_id import figure_id
from analysis.dataset.store import has_table, read_table, scan_slice, scan_table
from analysis.dataset.suspects import suspect_items
from analysis.reports.organisations import attributed
from analysis.terms.line_item import Kind, Phase

# Sums of amounts, which need more digits than one amount.
MONEY = pl.Decimal(38, 2)
BODY = ("organisation_id", "level")
# Whose matter an amount is.
KIND_OF_PHASE = {Phase.APPROVED: Kind.BUDGET, Phase.EXECUTED: Kind.FINAL}
# What every row of a series keeps: the amount and the way back to where it is printed.
ROW = ("fiscal_year", "code", "name", "measure", "amount", "place", "suspect", "where", "printed")
_COLUMNS = (
    "document_id", "source_file", "organisation_id", "organisation", "level", "document_year", "kind", "fiscal_year",
    "phase", "table", "row_number", "side", "scheme", "code", "name", "parent_code", "code_level", "row_role",
    "measure", "amount", "printed", "page", "line", "cell", "place", "suspect",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """What a report is made of: its chosen documents, their line items, and the findings of the audit.

    `documents` have `claims`, how many files claim the place; `items` carry `place`, `where` and `suspect`, which is
    null where the dataset has not been validated; `findings` is None there.
    """

    documents: pl.DataFrame
    items: pl.DataFrame
    findings: pl.DataFrame | None


def load_report_data(
    clean_dir: Path,
    documents: pl.DataFrame,
    organisations: Sequence[str] | None,
    years: Sequence[int] | None,
    only: pl.Expr | None = None,
) -> ReportData:
    """Read what the documents of some organisations and document years tell.

    Args:
        clean_dir: The cleaned dataset.
        documents: The documents that may tell: the documents table, or a part of it.
        organisations: organisation_ids; None for all.
        years: Document years; None for all.
        only: Which line items are wanted; all of them where it is None.
    """
    chosen = chosen_documents(documents, organisations, years)
    ids = chosen["document_id"].to_list()
    items = scan_slice(clean_dir, "line_items", organisations, years)
    # A join, because a filter by many names is built anew for each of the many files.
    items = items.filter(pl.lit(value=True) if only is None else only)
    items = items.join(chosen.lazy().select("document_id"), on="document_id", how="semi")
    findings = None
    if has_table(clean_dir, "findings"):
        findings = scan_table(clean_dir, "findings").filter(pl.col("document_id").is_in(ids)).collect()
        items = suspect_items(items, findings)
    else:
        items = items.with_columns(suspect=pl.lit(None, pl.Boolean))
    read = items.with_columns(place=figure_id()).select(_COLUMNS).collect()
    return ReportData(chosen, preferred(read).with_columns(where=_where()), findings)


def read_documents(clean_dir: Path) -> pl.DataFrame:
    """The documents table."""
    return read_table(clean_dir, "documents")


def chosen_documents(
    documents: pl.DataFrame, organisations: Sequence[str] | None = None, years: Sequence[int] | None = None
) -> pl.DataFrame:
    """One document per organisation, level, year and kind, with `claims`: how many files claim the place.

    Returns:
        The columns of the documents table and `claims`, by organisation, year and kind.
    """
    claim = (*BODY, "document_year", "kind")
    found = attributed(documents)
    if organisations is not None:
        found = found.filter(pl.col("organisation_id").is_in(list(organisations)))
    if years is not None:
        found = found.filter(pl.col("document_year").is_in(list(years)))
    return (
        found.with_columns(pl.len().over(claim).alias("claims"))
        .sort(*claim, "status", "source_file")
        .unique(claim, keep="first", maintain_order=True)
        .sort("organisation", *claim)
    )


def from_best_document() -> pl.Expr:
    """Whether a line item's amount is to be taken from its document.

    Budgets tell what is approved, final accounts what is executed. The other kind of document, which may repeat the
    amount, counts only where that one says nothing of the organisation, level, year, phase and table.
    """
    kinds = {phase.value: kind.value for phase, kind in KIND_OF_PHASE.items()}
    best = pl.col("kind") == pl.col("phase").replace_strict(kinds, default=Kind.FINAL.value, return_dtype=pl.String)
    return best | ~best.any().over(*BODY, "fiscal_year", "phase", "table")


def preferred(items: pl.DataFrame) -> pl.DataFrame:
    """The line items from their best documents, in order: what a final account repeats of a budget is left out."""
    return items.filter(from_best_document()).sort(
        "fiscal_year", "phase", "table", "row_number", "measure", "document_id", "code", "name"
    )


def phase_of(kinds: Sequence[str]) -> Phase:
    """What the bars of a report show: approved amounts where there is a budget, else executed ones."""
    return Phase.APPROVED if Kind.BUDGET.value in kinds else Phase.EXECUTED


def _where() -> pl.Expr:
    """File and page, line or cell, in words."""
    place = (
        pl.when(pl.col("cell").is_not_null())
        .then(pl.col("cell"))
        .when(pl.col("page").is_not_null())
        .then(pl.format("第 {} 页", pl.col("page")))
        .when(pl.col("line").is_not_null())
        .then(pl.format("第 {} 行", pl.col("line")))
        .otherwise(pl.lit(""))
    )
    return pl.format("{} {}", pl.col("source_file"), place).str.strip_chars_end()
