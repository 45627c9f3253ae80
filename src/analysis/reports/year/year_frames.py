"""The frames of a report by year: one slice of the dataset, and every level in it by itself.

A department's figures contain those of its units, so each level has frames, peers and ranks of its own. Each is told in
one phase: what was approved where anybody of that level published a budget, else what was executed. Of the year and the
one before only the rows that are shown are read: the printed 合计, the classes, and 三公.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from analysis.charts.drawing import Caption
from analysis.dataset.store import scan_slice
from analysis.display.words import KIND_NAMES, LEVEL_NAMES, PHASE_NAMES
from analysis.indicators.peers import ranks
from analysis.reports.captions import source_line
from analysis.reports.cells import PrintedAmount, amounts_by
from analysis.reports.series import basics_series as basics
from analysis.reports.series import peer_series as peers
from analysis.reports.series.sources import KIND_OF_PHASE, ReportData, load_report_data
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, TOTAL
from analysis.reports.several_regions import regions_apart
from analysis.reports.stated_notes import StatedNotes, load_notes
from analysis.terms.line_item import Level, Phase, RowRole, Side


@dataclass(frozen=True, slots=True, eq=False)
class YearData:
    """What a report by year is made of.

    Attributes:
        year: The fiscal year.
        files: Every file that bears the year, read or not.
        report_data: The chosen documents of the year and the one before, and their line items.
        tables: How many figures each document of the year has in each table: `document_id`, `table`, `figures`.
        notes: What the chosen documents of the year state beside their accounts.
    """

    year: int
    files: pl.DataFrame
    report_data: ReportData
    tables: pl.DataFrame
    notes: StatedNotes

    @property
    def documents(self) -> pl.DataFrame:
        """The chosen documents of the year itself."""
        return self.report_data.documents.filter(document_year=self.year)

    @property
    def findings(self) -> pl.DataFrame | None:
        """The findings in the chosen documents of the year; None where nothing was checked."""
        if self.report_data.findings is None:
            return None
        return self.report_data.findings.join(self.documents.select("document_id"), on="document_id", how="semi")


def load_year_data(clean_dir: Path, documents: pl.DataFrame, year: int) -> YearData:
    """Read the slice of one report by year from the cleaned dataset."""
    spent = pl.col("table") == EXPENDITURE_TABLE
    total = pl.col("row_role") == RowRole.TOTAL.value
    wanted = (
        (spent & total)
        | (spent & (pl.col("code_level") == 1) & (pl.col("measure") == TOTAL))
        | ((pl.col("table") == "general_public_budget") & total & (pl.col("measure") == TOTAL))
        | (pl.col("table") == "three_public")
    )
    years = (year - 1, year)
    chosen = load_report_data(clean_dir, documents, None, years, wanted & pl.col("fiscal_year").is_in(years))
    counted = (
        scan_slice(clean_dir, "line_items", None, [year])
        .group_by("document_id", "table")
        .agg(pl.len().alias("figures"))
    )
    notes = load_notes(clean_dir, chosen.documents.filter(document_year=year))
    return YearData(year, documents.filter(document_year=year), chosen, counted.collect(), notes)


@dataclass(frozen=True, eq=False)
class LevelFrames:
    """All organisations of one level in the year and the one before."""

    data: YearData
    level: Level

    @property
    def year(self) -> int:
        """The fiscal year."""
        return self.data.year

    @property
    def name(self) -> str:
        """What an organisation of this level is called: 部门 or 单位."""
        return LEVEL_NAMES[self.level]

    @cached_property
    def documents(self) -> pl.DataFrame:
        """The chosen documents of the year at this level."""
        return self.data.documents.filter(level=self.level.value)

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """The regions of the organisations, where they are of several: no sum is made over them."""
        return regions_apart(self.documents)

    @cached_property
    def phase(self) -> Phase:
        """What is ranked."""
        return peers.main_phase(self.documents, self.year)

    @property
    def phase_name(self) -> str:
        """What the amounts are called: 预算 or 决算."""
        return PHASE_NAMES[self.phase]

    @cached_property
    def items(self) -> pl.DataFrame:
        """The rows of this level."""
        return peers.of_level(self.data.report_data.items, self.level)

    @cached_property
    def totals(self) -> pl.DataFrame:
        """`peers.totals` of both years."""
        return peers.totals(self.items, self.phase)

    @cached_property
    def amounts(self) -> Mapping[Any, PrintedAmount]:
        """The printed totals by organisation, year and measure."""
        return amounts_by(self.totals, "organisation_id", "fiscal_year", "measure")

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """`peers.with_prior_year` of the total, and `rank`, which equals share."""
        return _ranked(peers.with_prior_year(self.totals.filter(measure="total"), self.year))

    @cached_property
    def classes(self) -> pl.DataFrame:
        """The printed amount of every class in the year, classes under one name each."""
        rows = peers.by_class(self.items, self.phase).filter(pl.col("amount").is_not_null(), fiscal_year=self.year)
        return rows.with_columns(pl.col("name").drop_nulls().mode().sort().first().over("code"))

    @cached_property
    def public_phase(self) -> Phase:
        """What the 三公 figures are: final accounts may print the approved amount only."""
        return basics.public_phase(self.items.filter(fiscal_year=self.year), self.phase)

    @cached_property
    def public(self) -> pl.DataFrame:
        """`peers.public` of both years."""
        return peers.public(self.items, self.public_phase)

    @cached_property
    def public_pairs(self) -> pl.DataFrame:
        """`peers.with_prior_year` of the 三公 total, and `rank`."""
        return _ranked(peers.with_prior_year(self.public.filter(measure="total"), self.year))

    @cached_property
    def appropriation(self) -> pl.DataFrame:
        """The printed total of what is spent from the general public budget, in both years."""
        rows = self.items.filter(
            pl.col("amount").is_not_null(),
            table="general_public_budget",
            side=Side.EXPENDITURE.value,
            phase=self.phase.value,
            measure="total",
            row_role=RowRole.TOTAL.value,
        )
        return rows.unique(["organisation_id", "fiscal_year"], keep="first", maintain_order=True)

    @cached_property
    def without_total(self) -> pl.DataFrame:
        """The organisations whose document of the year gives no total: `organisation_id`, `organisation`, `kinds`."""
        with_total = self.pairs.select(pl.col("key").alias("organisation_id"))
        silent = self.documents.join(with_total, on="organisation_id", how="anti")
        grouped = silent.group_by("organisation_id", "organisation").agg(pl.col("kind").unique().sort().alias("kinds"))
        return grouped.sort("organisation", "organisation_id")

    @cached_property
    def discontinued(self) -> list[str]:
        """The organisations with a document of the year before and none of this one."""
        before = self.data.report_data.documents.filter(document_year=self.year - 1, level=self.level.value)
        return sorted(set(before["organisation"]) - set(self.documents["organisation"]))

    def gap(self, year: int, organisation_id: str) -> str:
        """Why an organisation has no amount in a year."""
        kind = KIND_OF_PHASE[self.phase].value
        there = self.data.report_data.documents.filter(
            organisation_id=organisation_id, level=self.level.value, document_year=year, kind=kind
        )
        if there.is_empty():
            return f"{year} 年没有{KIND_NAMES[kind]}文件"
        return f"{year} 年{KIND_NAMES[kind]}文件未列示，或表未读出"

    def caption(self, name: str, title: str, subtitle: str) -> Caption:
        """What stands around a chart of this level; its file name ends with the level."""
        source = source_line(f"{self.documents['organisation_id'].n_unique()} 个{self.name}", str(self.year))
        return Caption(f"{name}-{self.level.value}", title, subtitle, source)


def both_levels(upper: LevelFrames, lower: LevelFrames) -> pl.DataFrame:
    """The organisations with a total at both levels in one phase: `name`, `key`, the total of each, the difference.

    A unit of the department's own name is the department itself (本级); its figures are part of the department's.

    Returns:
        `key`, `name`, `whole`, `itself`, `rest`; the largest department first. Empty where the levels differ in phase.
    """
    itself = lower.pairs.select("key", pl.col("amount").alias("itself"))
    rows = upper.pairs.select("key", "name", pl.col("amount").alias("whole"), "rank")
    if upper.phase is not lower.phase:
        rows = rows.clear()
    return rows.join(itself, on="key", how="inner", maintain_order="left").with_columns(
        rest=pl.col("whole") - pl.col("itself")
    )


def _ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(rank=pl.Series(ranks(pairs["amount"].to_list()), dtype=pl.UInt32))
