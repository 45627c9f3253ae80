"""Which printed amounts make a series, and which must not.

Pure functions from the dataset's frames to small frames. The rules, each here once:

- A year and phase are told by one document. Budgets tell what was approved, final accounts what was executed; where two
  files claim the same place, the first by status and name is used and the claim is counted, never added.
- Approved and executed amounts, units and departments, are never added or joined into one line.
- A total is the printed 合计 row; a class is its printed row; items are the `detail` rows. Nothing is summed that the
  document has summed.
- A year without a document is a gap: its rows are there with null amounts. So is a table that could not be read.
- Last year's execution is what the text states for each item. It leaves out items that are no longer budgeted, so it is
  a series of its own, with the number of items that state it.

Frames have `fiscal_year` as int16 and amounts as decimals in yuan.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.publishing.dataset import read_table, scan_table
from analysis.publishing.parameters import UnitReport
from analysis.publishing.suspects import with_suspects
from analysis.terms.document import Status
from analysis.terms.line_item import Kind, Phase, RowRole
from analysis.terms.money import Unit, half_unit

MONEY = pl.Decimal(18, 2)
THREE_PUBLIC_PARTS = ("overseas_visits", "receptions", "vehicle_purchase", "vehicle_operation")
_PLACE = ("document_year", "kind")
_HALF_PRINTED = float(half_unit(2, Unit.WAN_YUAN))
_PERCENT_SLACK = 0.01  # a stated percentage may have been made from unrounded figures


@dataclass(frozen=True, slots=True, eq=False)
class UnitData:
    """What a report by unit is made of: its chosen documents, their line items, the items of their texts, and findings.

    `items` carry `suspect`; it is null and `findings` is None where the dataset has not been validated.
    """

    report: UnitReport
    documents: pl.DataFrame
    items: pl.DataFrame
    narrative: pl.DataFrame
    findings: pl.DataFrame | None


def unit_data(clean_dir: Path, report: UnitReport) -> UnitData:
    """Read the rows of one report from the cleaned dataset."""
    documents = chosen_documents(read_table(clean_dir, "documents"), report)
    mine = pl.col("document_id").is_in(documents["document_id"].to_list())
    items = with_suspects(clean_dir).filter(mine).collect()
    narrative = scan_table(clean_dir, "narrative").filter(mine).collect()
    validated = (clean_dir / "findings.parquet").exists()
    findings = scan_table(clean_dir, "findings").filter(mine).collect() if validated else None
    return UnitData(report, documents, preferred(items), narrative, findings)


def chosen_documents(documents: pl.DataFrame, report: UnitReport) -> pl.DataFrame:
    """One document per year and kind, with `claims`: how many files claim the place.

    Returns:
        The columns of the documents table and `claims`, by year and kind.
    """
    readable = documents.filter(
        pl.col("status").is_in([Status.PARSED.value, Status.PARTIAL.value]),
        pl.col("document_year").is_between(report.first_year, report.last_year),
        organisation_id=report.organisation_id,
        level=report.level.value,
    )
    return (
        readable.with_columns(pl.len().over(_PLACE).alias("claims"))
        .sort(*_PLACE, "status", "source_file")
        .unique(_PLACE, keep="first", maintain_order=True)
    )


def preferred(items: pl.DataFrame) -> pl.DataFrame:
    """The line items of the documents that tell best: budgets what is approved, final accounts what is executed.

    A final account repeats the approved 三公 amount; it is used only where there is no budget of that year.
    """
    best = (
        pl.when(pl.col("phase") == Phase.APPROVED.value)
        .then(pl.lit(Kind.BUDGET.value))
        .otherwise(pl.lit(Kind.FINAL.value))
    )
    place = ("fiscal_year", "phase", "table")
    return (
        items.with_columns((pl.col("kind") == best).alias("best"))
        .filter(pl.col("best") | ~pl.col("best").any().over(place))
        .drop("best")
        .sort("fiscal_year", "phase", "table", "row_number", "measure", "document_id")
    )


def with_gaps(frame: pl.DataFrame, years: range) -> pl.DataFrame:
    """`frame` with a row of nulls for each year that it lacks, by year."""
    grid = pl.DataFrame({"fiscal_year": list(years)}, schema={"fiscal_year": pl.Int16})
    missing = grid.join(frame, on="fiscal_year", how="anti")
    return pl.concat([frame, missing], how="diagonal").sort("fiscal_year", maintain_order=True)


def totals(items: pl.DataFrame, years: range, phase: Phase) -> pl.DataFrame:
    """The printed 合计 of the expenditure table.

    Returns:
        `fiscal_year`, `total`, `basic`, `project`; a row for every year, null where there is a gap.
    """
    rows = _expenditure(items, phase).filter(row_role=RowRole.TOTAL.value)
    return _wide(rows, ("total", "basic", "project"), years)


def three_public(items: pl.DataFrame, years: range, phase: Phase) -> pl.DataFrame:
    """The 三公 table.

    Returns:
        `fiscal_year`, `total`, `overseas_visits`, `receptions`, `vehicles`, `vehicle_purchase`, `vehicle_operation`,
        `agency_operating`; a row for every year, null where there is a gap.
    """
    measures = ("total", *THREE_PUBLIC_PARTS[:2], "vehicles", *THREE_PUBLIC_PARTS[2:], "agency_operating")
    return _wide(items.filter(table="three_public", phase=phase.value), measures, years)


def by_class(items: pl.DataFrame, years: range, phase: Phase) -> pl.DataFrame:
    """The printed total of each functional class.

    Returns:
        `fiscal_year`, `code`, `name`, `amount`, `share` (of the classes' sum, a ratio); a year without a document is
        one row with null code and amount.
    """
    rows = (
        _expenditure(items, phase)
        .filter(pl.col("code_level") == 1, measure="total")
        .select("fiscal_year", "code", "name", "amount")
        .sort("fiscal_year", "code")
    )
    whole = pl.col("amount").cast(pl.Float64)
    return with_gaps(rows.with_columns((whole / whole.sum().over("fiscal_year")).alias("share")), years)


def items_of(items: pl.DataFrame, year: int, phase: Phase) -> pl.DataFrame:
    """The items (row role detail) of one year, the largest first.

    Returns:
        `code`, `name`, `amount`.
    """
    return (
        _expenditure(items, phase)
        .filter(fiscal_year=year, row_role=RowRole.DETAIL.value, measure="total")
        .select("code", "name", "amount")
        .sort("amount", "code", descending=[True, False])
    )


def top_items(items: pl.DataFrame, year: int, phase: Phase, count: int = 10) -> pl.DataFrame:
    """The largest items of a year beside the year before.

    Returns:
        `code`, `name`, `amount`, `before` (null where the year before has no such row), `share` of the items' sum.
    """
    whole = pl.col("amount").cast(pl.Float64)
    before = items_of(items, year - 1, phase).select("code", pl.col("amount").alias("before"))
    return (
        items_of(items, year, phase)
        .with_columns((whole / whole.sum()).alias("share"))
        .head(count)
        .join(before, on="code", how="left", maintain_order="left")
        .select("code", "name", "amount", "before", "share")
    )


def movers(items: pl.DataFrame, year: int, phase: Phase, count: int = 6) -> pl.DataFrame:
    """The items that rose and fell most from the year before; empty where either year has no items.

    An item that only one of the two documents prints counts with nothing in the other, and says so.

    Returns:
        `code`, `name`, `before`, `amount`, `change`, `presence` ("both", "new" or "ended"); the largest rise first, at
        most `count` rises and `count` falls.
    """
    now, before = items_of(items, year, phase), items_of(items, year - 1, phase)
    if now.is_empty() or before.is_empty():
        now, before = now.clear(), before.clear()
    earlier = before.select("code", pl.col("name").alias("old_name"), pl.col("amount").alias("before"))
    zero = pl.lit(0).cast(MONEY)
    presence = pl.when(pl.col("before").is_null()).then(pl.lit("new"))
    moved = (
        now.join(earlier, on="code", how="full", coalesce=True)
        .with_columns(
            pl.coalesce("name", "old_name").alias("name"),
            (pl.col("amount").fill_null(zero) - pl.col("before").fill_null(zero)).cast(MONEY).alias("change"),
            presence.when(pl.col("amount").is_null()).then(pl.lit("ended")).otherwise(pl.lit("both")).alias("presence"),
        )
        .select("code", "name", "before", "amount", "change", "presence")
        .sort("change", "code", descending=[True, False])
    )
    rises = moved.filter(pl.col("change") > 0).head(count)
    falls = moved.filter(pl.col("change") < 0).tail(count)
    return pl.concat([rises, falls])


def prior_execution(narrative: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Last year's execution as the texts state it, item by item, summed over the items of one document.

    Returns:
        `fiscal_year` (the year before the document's), `amount`, `stated` and `items` (how many of them state it),
        `doubtful` (how many state a change that their own figures contradict); no row for a document that states none.
    """
    now, before = pl.col("current").cast(pl.Float64), pl.col("prior").cast(pl.Float64)
    rounding = now / before * (_HALF_PRINTED / now + _HALF_PRINTED / before) + _PERCENT_SLACK
    contradicted = (now / before - 1 - pl.col("change_percent").cast(pl.Float64) / 100).abs() > rounding
    years = documents.filter(kind=Kind.BUDGET.value).select("document_id", "document_year")
    return (
        narrative.join(years, on="document_id")
        .group_by((pl.col("document_year") - 1).cast(pl.Int16).alias("fiscal_year"))
        .agg(
            pl.col("prior").sum().cast(MONEY).alias("amount"),
            pl.col("prior").count().alias("stated"),
            pl.len().alias("items"),
            (contradicted & (before > 0) & (now > 0)).sum().alias("doubtful"),
        )
        .filter(pl.col("stated") > 0)
        .sort("fiscal_year")
    )


def execution(data: UnitData) -> pl.DataFrame:
    """What was executed: the final accounts' 合计 where there are any, else what the next year's text states.

    Returns:
        `fiscal_year`, `amount`, `origin` ("final" or "narrative"), `doubtful` (stated figures contradict each other).
    """
    final = (
        totals(data.items, data.report.years, Phase.EXECUTED)
        .filter(pl.col("total").is_not_null())
        .select(
            "fiscal_year",
            pl.col("total").alias("amount"),
            pl.lit("final").alias("origin"),
            pl.lit(False).alias("doubtful"),
        )
    )
    stated = prior_execution(data.narrative, data.documents).select(
        "fiscal_year", "amount", pl.lit("narrative").alias("origin"), pl.col("doubtful") > 0
    )
    return pl.concat([final, stated.join(final, on="fiscal_year", how="anti")]).sort("fiscal_year")


def renamed(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    """Codes that bear more than one name over the years: they are compared by code, and the reader is told.

    Returns:
        `code`, `names` joined by " / ".
    """
    return (
        _expenditure(items, phase)
        .filter(pl.col("code").is_not_null(), pl.col("name").is_not_null())
        .group_by("code")
        .agg(pl.col("name").sort_by("fiscal_year", "name").unique(maintain_order=True).alias("names"))
        .filter(pl.col("names").list.len() > 1)
        .with_columns(pl.col("names").list.join(" / "))
        .sort("code")
    )


def _expenditure(items: pl.DataFrame, phase: Phase) -> pl.DataFrame:
    return items.filter(table="expenditure", side="expenditure", phase=phase.value)


def _wide(rows: pl.DataFrame, measures: tuple[str, ...], years: range) -> pl.DataFrame:
    columns = [pl.col("amount").filter(pl.col("measure") == name).first().alias(name) for name in measures]
    return with_gaps(rows.group_by("fiscal_year").agg(*columns), years)
