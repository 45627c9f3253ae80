"""One functional code among the organisations of one level, in one phase: the frames that its views share.

An organisation's year is one of three things, and the three are told apart: there is no document, there is one that
prints no such code, or there is one that was not read whole. A code that the code books break is followed in its eras:
what was printed before the break is shown and never compared with what came after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from analysis.charts.drawing import Caption
from analysis.display.tables import TableCell
from analysis.display.words import LEVEL_NAMES, PHASE_NAMES
from analysis.reports.captions import source_line
from analysis.reports.cells import PrintedAmount, amounts_by, cell, yuan
from analysis.reports.series import followed_codes as codes
from analysis.reports.series import peer_series as peers
from analysis.reports.series.sources import KIND_OF_PHASE, ReportData
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, GRANTED_TABLE, SPENT_WORDS
from analysis.reports.several_regions import regions_apart
from analysis.terms.document import Status
from analysis.terms.line_item import Level, Phase

_COVERED = 0.8  # of the organisations of the year in which most print the code
ABSENT, UNREAD, NO_FILE = "无此科目", "未读全", "没有文件"


@dataclass(frozen=True, eq=False)
class FunctionFrames:
    """What the organisations of one level print of a code in one phase."""

    code: str
    name: str
    level: Level
    phase: Phase
    data: ReportData
    table: str = EXPENDITURE_TABLE

    @property
    def phase_name(self) -> str:
        """What the amounts are called: 预算 or 决算."""
        return PHASE_NAMES[self.phase]

    @property
    def level_name(self) -> str:
        """What the organisations are called: 部门 or 单位."""
        return LEVEL_NAMES[self.level]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each organisation was called last, with its identifier where two bear one name."""
        named = (
            self.data.documents.filter(level=self.level.value)
            .group_by("organisation_id")
            .agg(pl.col("organisation").sort_by("document_year").last())
            .sort("organisation_id")
        )
        twice = pl.col("organisation").is_duplicated()
        unique = pl.when(twice).then(pl.format("{}（{}）", "organisation", "organisation_id")).otherwise("organisation")
        return dict(named.select("organisation_id", unique.alias("label")).iter_rows())

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """The regions of those who print the code, where they are of several: no sum is made over them."""
        of_level = self.data.documents.filter(level=self.level.value)
        return regions_apart(of_level.join(self.rows, on="organisation_id", how="semi"))

    @cached_property
    def items(self) -> pl.DataFrame:
        """All that was read of this level: the code, what is below it, and the 合计, under unique names."""
        rows = peers.of_level(self.data.items, self.level).filter(self._told_here, table=self.table)
        return rows.with_columns(organisation=pl.col("organisation_id").replace_strict(self.labels, default=None))

    @cached_property
    def _told_here(self) -> pl.Expr:
        """Whether this table tells an organisation: 财政拨款支出表 counts where 支出总表 has no such code."""
        rows = self.data.items.filter(level=self.level.value, phase=self.phase.value)
        coded = rows.filter(table=EXPENDITURE_TABLE, code=self.code)["organisation_id"]
        granted = set(rows.filter(table=GRANTED_TABLE)["organisation_id"]) - set(coded)
        by_grant = pl.col("organisation_id").is_in(sorted(granted))
        return by_grant if self.table == GRANTED_TABLE else ~by_grant

    @property
    def spent_name(self) -> str:
        """What the code is a part of: 支出, or 财政拨款支出."""
        return SPENT_WORDS[self.table]

    @property
    def table_words(self) -> str:
        """Which table is meant, where it is not the one of all expenditure."""
        return "（财政拨款支出表）" if self.table == GRANTED_TABLE else ""

    @cached_property
    def following(self) -> codes.Following:
        """What became of the code and of those below it."""
        return codes.follow(self.items.filter(pl.col("code").is_not_null(), phase=self.phase.value))

    @cached_property
    def rows(self) -> pl.DataFrame:
        """`peers.of_code` where an amount is printed, with `key`: the era of the code."""
        printed = peers.of_code(self.items, self.phase, self.code, self.table).filter(pl.col("amount").is_not_null())
        return self.following.keyed(printed)

    @cached_property
    def comparable(self) -> pl.DataFrame:
        """The rows of the era that the latest year belongs to: what may be compared with it."""
        return self.rows.filter(pl.col("key").is_in(self.rows.filter(fiscal_year=self.year)["key"].implode()))

    @cached_property
    def amounts(self) -> Mapping[tuple[str, int], PrintedAmount]:
        """The amounts of the code by organisation_id and year."""
        return amounts_by(self.rows, "organisation_id", "fiscal_year")

    @cached_property
    def totals(self) -> Mapping[tuple[str, int], PrintedAmount]:
        """The printed 合计 by organisation_id and year."""
        printed = peers.totals(self.items, self.phase, self.table).filter(measure="total")
        return amounts_by(printed, "organisation_id", "fiscal_year")

    @cached_property
    def files(self) -> Mapping[tuple[str, int], str]:
        """The status of the document that tells this phase, by organisation_id and year."""
        kind = KIND_OF_PHASE[self.phase].value
        of_level = self.data.documents.filter(self._told_here, level=self.level.value, kind=kind)
        rows = of_level.select("organisation_id", "document_year", "status").iter_rows()
        return {(one, year): status for one, year, status in rows}

    @property
    def count(self) -> int:
        """How many organisations ever print the code."""
        return self.rows["organisation_id"].n_unique()

    @cached_property
    def years(self) -> list[int]:
        """Every year from the first to the last in which the code is printed: others would be empty columns."""
        found = self.rows["fiscal_year"].to_list()
        return list(range(min(found), max(found) + 1))

    @cached_property
    def year(self) -> int:
        """The latest year in which nearly as many print the code as in the year in which most do.

        A year of which few documents are there yet would rank the few and say nothing of the others.
        """
        counts = dict(self.rows.group_by("fiscal_year").agg(pl.col("organisation_id").n_unique()).iter_rows())
        most = max(counts.values())
        return int(max(year for year, count in counts.items() if count >= _COVERED * most))

    @property
    def later_years(self) -> list[int]:
        """The years after `year`, of which fewer documents are there."""
        return sorted({year for year in self.rows["fiscal_year"] if year > self.year})

    @cached_property
    def broken_years(self) -> frozenset[int]:
        """The years beyond a break: their figures belong to another code of the same number."""
        kept = set(self.comparable["fiscal_year"])
        return frozenset(year for year in self.rows["fiscal_year"] if year not in kept)

    @property
    def published(self) -> int:
        """How many organisations have a document of the latest year."""
        return self.published_in(self.year)

    def published_in(self, year: int) -> int:
        """How many organisations have a document of a year."""
        return len({one for one, other in (*self.files, *self.amounts) if other == year})

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """`peers.with_prior_year` of the latest year; what stands before a break is not beside it."""
        return peers.with_prior_year(self.comparable, self.year)

    @cached_property
    def both(self) -> pl.DataFrame:
        """Those of `pairs` that print the code in both years."""
        return self.pairs.filter(pl.col("before").is_not_null())

    @cached_property
    def ended(self) -> list[str]:
        """Who printed the code the year before and has a document of the latest year that does not."""
        before = self.comparable.filter(fiscal_year=self.year - 1)["organisation_id"].to_list()
        return [one for one in before if self.state(one, self.year) == ABSENT]

    @cached_property
    def started(self) -> list[str]:
        """Who prints the code in the latest year and had a document the year before that did not."""
        return [one for one in self.pairs["key"] if self.state(one, self.year - 1) == ABSENT]

    def state(self, organisation_id: str, year: int) -> str | None:
        """Why an organisation has no amount in a year, in a word; None where it has one."""
        here = (organisation_id, year)
        if here in self.amounts:
            return None
        status = self.files.get(here)
        if status is None:
            return ABSENT if here in self.totals else NO_FILE
        return ABSENT if here in self.totals and status != Status.PARTIAL.value else UNREAD

    def cell_of(self, organisation_id: str, year: int) -> TableCell | str:
        """The amount of an organisation; a missing one says why it is missing."""
        why = self.state(organisation_id, year)
        if why is None:
            return cell(self.amounts[organisation_id, year])
        notes = {
            ABSENT: f"{year}年的{self.phase_name}文件没有列出 {self.code}",
            UNREAD: f"{year}年的{self.phase_name}文件没有读全，不知道有没有 {self.code}",
            NO_FILE: f"{year}年没有{self.phase_name}文件",
        }
        return cell(None, notes[why]) if why == NO_FILE else TableCell(why, note=notes[why])

    def of(self, organisation_id: str, year: int) -> Decimal | None:
        """The printed amount in yuan; None for a gap."""
        return yuan(self.amounts.get((organisation_id, year)))

    def whole(self, organisation_id: str, year: int) -> Decimal | None:
        """The printed 合计 of an organisation in yuan; None for a gap."""
        return yuan(self.totals.get((organisation_id, year)))

    def top(self, count: int) -> list[str]:
        """The organisations with the largest amounts, those of the latest year first."""
        ranked = self.rows.sort(
            pl.col("fiscal_year") != self.year, "amount", "organisation", "organisation_id",
            descending=[False, True, False, False],
        )  # fmt: skip
        return ranked["organisation_id"].unique(maintain_order=True).head(count).to_list()

    def heading_of(self, year: int) -> str:
        """A year as the heading of a column; it says where a break of the code lies between."""
        if year not in self.broken_years:
            return f"{year}年"
        return f"{year}年（{'旧' if year < self.year else '新'}科目）"

    def caption(self, name: str, title: str, subtitle: str) -> Caption:
        """What stands around a chart of this level."""
        years = f"{self.years[0]}–{self.years[-1]}" if len(self.years) > 1 else str(self.years[0])
        source = source_line(f"{self.count} 个{self.level_name}", years, self.phase_name)
        granted = "-granted" if self.table == GRANTED_TABLE else ""
        return Caption(f"{name}-{self.level.value}{granted}", f"{title}{self.table_words}", subtitle, source)
