"""The frames that all sections of a report by unit share, each made once.

The bars of a report are budgets where the range has one, final accounts where it has only those; the two are never
joined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from analysis.charts.drawing import Caption
from analysis.display.words import LEVEL_NAMES, PHASE_NAMES
from analysis.reports.captions import source_line
from analysis.reports.cells import PrintedAmount, amounts_by, yuan
from analysis.reports.series import basics_series as basics
from analysis.reports.series import executed as execution
from analysis.reports.series import followed_codes as codes
from analysis.reports.series import income_series as income
from analysis.reports.series import spending_series as spending
from analysis.reports.series.sources import phase_of
from analysis.reports.unit.unit_data import UnitData
from analysis.terms.code import Scheme
from analysis.terms.line_item import Level, Phase


@dataclass(frozen=True, eq=False)
class UnitFrames:
    """The series of one organisation, and a price index where the reader gave one."""

    data: UnitData
    deflator: Mapping[int, Decimal] = field(default_factory=dict)

    @cached_property
    def phase(self) -> Phase:
        """Approved where the range has a budget; executed where it has only final accounts."""
        return phase_of(self.data.documents["kind"].to_list())

    @property
    def phase_name(self) -> str:
        """What the amounts are called: 预算 or 决算."""
        return PHASE_NAMES[self.phase]

    @property
    def years(self) -> list[int]:
        """Every year of the range."""
        return list(self.data.scope.years)

    @cached_property
    def years_read(self) -> set[int]:
        """The years of which a document of the shown kind was read."""
        return set(self.spent["fiscal_year"])

    @property
    def single_year(self) -> bool:
        """One year alone can be told: charts over years say nothing that its tables do not."""
        return len(self.years_read) <= 1

    @property
    def of_government(self) -> bool:
        """Whether the report is about a government, which has no table of all its expenditure."""
        return self.data.scope.level is Level.GOVERNMENT

    @property
    def spent_name(self) -> str:
        """What the expenditure of the whole report is: 支出, or of a government 一般公共预算支出."""
        return spending.GOVERNMENT_WORDS if self.of_government else spending.SPENT_WORDS[spending.EXPENDITURE_TABLE]

    @property
    def spent_table_name(self) -> str:
        """The table that it stands in, as sentences about gaps name it."""
        return f"{spending.GOVERNMENT_WORDS}表" if self.of_government else "支出总表"

    @cached_property
    def spent(self) -> pl.DataFrame:
        """The expenditure table."""
        table = spending.GOVERNMENT_TABLE if self.of_government else spending.EXPENDITURE_TABLE
        return spending.expenditure(self.data.items, self.phase, table)

    @cached_property
    def functional_table(self) -> str:
        """The table that tells the functions: the expenditure table, or where that has no codes, 财政拨款支出表."""
        if self.of_government:
            return spending.GOVERNMENT_TABLE
        return spending.table_by_function(self.data.items, self.phase)

    @property
    def functional_name(self) -> str:
        """What is shown by function: 支出, 财政拨款支出, or of a government 一般公共预算支出."""
        return self.spent_name if self.of_government else spending.SPENT_WORDS[self.functional_table]

    @cached_property
    def functional(self) -> pl.DataFrame:
        """The rows of `functional_table`."""
        return spending.expenditure(self.data.items, self.phase, self.functional_table)

    @cached_property
    def functional_totals(self) -> pl.DataFrame:
        """`spending.totals` of the table that tells the functions."""
        return spending.totals(self.functional)

    @cached_property
    def functional_total(self) -> dict[Any, PrintedAmount]:
        """Its totals by year and measure."""
        return amounts_by(self.functional_totals, "fiscal_year", "measure")

    def functional_of(self, year: int) -> Decimal | None:
        """The printed total of the table that tells the functions, in yuan; None for a gap."""
        return yuan(self.functional_total.get((year, "total")))

    @cached_property
    def following(self) -> codes.Following:
        """What became of the functional codes."""
        return codes.follow(self.functional)

    @cached_property
    def economic_following(self) -> codes.Following:
        """What became of the economic codes."""
        return codes.follow(self.data.items.filter(table="basic_by_economic"), Scheme.ECONOMIC)

    @cached_property
    def classes(self) -> pl.DataFrame:
        """`spending.by_class`."""
        return spending.by_class(self.functional, self.following)

    @cached_property
    def items(self) -> pl.DataFrame:
        """`spending.by_item`."""
        return spending.by_item(self.functional, self.following)

    @cached_property
    def changes(self) -> pl.DataFrame:
        """`spending.moved` of the items in the latest year."""
        return spending.moved(self.items, self.year)

    @cached_property
    def totals(self) -> pl.DataFrame:
        """`spending.totals`."""
        return spending.totals(self.spent)

    @cached_property
    def total(self) -> dict[Any, PrintedAmount]:
        """The totals by year and measure ("total", "basic", "project")."""
        return amounts_by(self.totals, "fiscal_year", "measure")

    @cached_property
    def public_phase(self) -> Phase:
        """What the 三公 figures are."""
        return basics.public_phase(self.data.items, self.phase)

    @cached_property
    def three_public(self) -> pl.DataFrame:
        """`basics.three_public`."""
        return basics.three_public(self.data.items, self.public_phase)

    @cached_property
    def sources(self) -> pl.DataFrame:
        """`income.sources`."""
        return income.sources(self.data.items, self.phase)

    @cached_property
    def executed(self) -> pl.DataFrame:
        """`execution.execution`."""
        return execution.execution(self.data.items, self.data.narrative, self.data.documents, self.years)

    @cached_property
    def year(self) -> int:
        """The latest year with a printed total; the last of the range where none has one."""
        years = [year for year, measure in self.total if measure == "total"]
        return max(years, default=self.data.scope.last_year)

    def of(self, year: int, measure: str = "total") -> Decimal | None:
        """A printed total in yuan; None for a gap."""
        return yuan(self.total.get((year, measure)))

    def gap(self, year: int) -> str:
        """Why a year has no amount."""
        return (
            f"{year} 年{self.phase_name}文件未列示"
            if year in self.years_read
            else f"{year} 年没有{self.phase_name}文件，或表未读出"
        )

    @property
    def source(self) -> str:
        """The line under every chart."""
        scope = self.data.scope
        years = "、".join(str(year) for year in sorted(set(self.data.documents["document_year"])))
        name = scope.organisation if len(scope.organisation) <= 30 else f"{scope.organisation[:29]}…"
        return source_line(name, years, f"{LEVEL_NAMES[scope.level]}{self.phase_name}")

    def caption(self, name: str, title: str, subtitle: str) -> Caption:
        """What stands around a chart of this report."""
        return Caption(name, title, subtitle, self.source)
