"""One sheet an organisation: 类, 款 and 项 below each other, the years and 预算 beside 决算, for an auditor.

Only what the best document prints stands there: budgets tell what was approved, final accounts what was executed.
Nothing is added up: classes, sections and items are all there, as printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

_KINDS = {"approved": "budget", "executed": "final"}
_PHASES = {"approved": "预算", "executed": "决算"}
_LEVELS = {"department": "部门", "unit": "单位", "government": "政府"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 31  # characters of a sheet's name
MOST = 120  # organisations for which a workbook has a sheet of their own


@dataclass(frozen=True, slots=True)
class OrganisationSheet:
    """A sheet: its name and title, and a frame of 编码, 名称, 级次 and an amount for each year and phase."""

    name: str
    title: str
    frame: pl.DataFrame


def organisation_sheets(clean_dir: Path) -> Iterator[OrganisationSheet]:
    """The sheets of the dataset, by name; none where it has more organisations than a workbook is read with.

    Raises:
        DatasetError: There is no dataset.
    """
    from analysis.dataset.store import scan_table

    best = pl.col("kind") == pl.col("phase").replace_strict(_KINDS, default=None, return_dtype=pl.String)
    rows = (
        scan_table(clean_dir, "line_items")
        .filter(best, pl.col("organisation").is_not_null(), table="expenditure", side="expenditure", measure="total")
        .filter(pl.col("code").is_not_null() | (pl.col("row_role") == "total"))
        .select("organisation_id", "organisation", "level", "fiscal_year", "phase", "code", "name", "amount")
        .collect()
    )
    if rows.select("organisation_id", "level").n_unique() > MOST:
        return
    taken: set[str] = set()
    for (_, level), group in rows.sort("organisation", "level").group_by(
        "organisation_id", "level", maintain_order=True
    ):
        organisation, words = group["organisation"][-1], _LEVELS.get(str(level), "")
        yield OrganisationSheet(
            _sheet_name(f"{words}-{organisation}", taken), f"{organisation}（{words}）", _laid_out(group)
        )


def _laid_out(group: pl.DataFrame) -> pl.DataFrame:
    column = pl.format("{}年{}", "fiscal_year", pl.col("phase").replace_strict(_PHASES, return_dtype=pl.String))
    named = group.with_columns(column=column, code=pl.col("code").fill_null(""))
    names = named.sort("fiscal_year").group_by("code").agg(pl.col("name").last())
    order = named.select("fiscal_year", "phase", "column").unique().sort("fiscal_year", "phase")["column"].to_list()
    once = named.unique(["code", "column"], keep="first", maintain_order=True)
    wide = once.pivot("column", index="code", values="amount", aggregate_function="first")
    steps = {0: "合计", 3: "类", 5: "款", 7: "项"}
    level = pl.col("code").str.len_chars().cast(pl.Int64).replace_strict(steps, default="", return_dtype=pl.String)
    told = wide.join(names, on="code", how="left").with_columns(level=level)
    return told.sort("code").select(
        pl.col("code").alias("编码"), pl.col("name").alias("名称"), pl.col("level").alias("级次"), *order
    )


def _sheet_name(words: str, taken: set[str]) -> str:
    """A name that a workbook takes and that no other sheet has."""
    plain = _FORBIDDEN.sub("", words).strip() or "单位"
    name, number = plain[:_LONGEST], 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _LONGEST - len(str(number)) - 1]}-{number}"
    taken.add(name.lower())
    return name
