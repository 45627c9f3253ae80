"""Organisations side by side: how much, how it grew, what it is spent for, and how far their structures lie apart.

All of one level, one phase and one measure, so that like stands beside like. Where one of them has no document there is
a gap, and no sum is ever made over organisations.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl

from analysis.charts import lines
from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption
from analysis.charts.theme import SERIES_COLOURS
from analysis.display.amounts import percent, signed_percent, wan
from analysis.display.tables import Headline, Headlines, Paragraph, Table
from analysis.display.words import LEVEL_NAMES, PHASE_NAMES
from analysis.indicators.growth import compound, growth
from analysis.reports import limitations as limits
from analysis.reports.captions import source_line
from analysis.reports.cells import PrintedAmount, amounts_by, cell, columns, yuan
from analysis.reports.compare.compare_scope import CompareScope, compare_scope, compared_measures
from analysis.reports.compare.compare_structure import CompareStructure
from analysis.reports.series import followed_codes as codes
from analysis.reports.series import peer_series as peers
from analysis.reports.series.sources import ReportData, load_report_data, phase_of, read_documents
from analysis.reports.series.spending_series import EXPENDITURE_TABLE
from analysis.terms.line_item import Phase


def open_comparison(
    clean_dir: Path,
    organisations: str | Sequence[str],
    level: str,
    measure: str,
    first_year: object,
    last_year: object,
) -> "CompareReport":
    """Read and check what the parameters of the notebook ask for.

    Args:
        clean_dir: The cleaned dataset.
        organisations: Full published names: a list, or a text with 、 between them.
        level: "unit" or "department"; "" where all of them published at one level only.
        measure: "total", "basic" or "project".
        first_year: First document year.
        last_year: Last document year, included.

    Raises:
        ParameterError: The dataset has no such organisation, level, measure or years.
    """
    documents = read_documents(clean_dir)
    scope = compare_scope(documents, organisations, level, measure, first_year, last_year)
    of_level = documents.filter(level=scope.level.value)
    return CompareReport(scope, load_report_data(clean_dir, of_level, list(scope.organisations.values()), scope.years))


@dataclass(frozen=True, eq=False)
class CompareReport:
    """All sections of one comparison."""

    scope: CompareScope
    data: ReportData

    @cached_property
    def phase(self) -> Phase:
        """Approved where anybody published a budget; executed where there are only final accounts."""
        return phase_of(self.data.documents["kind"].to_list())

    @cached_property
    def _items(self) -> pl.DataFrame:
        return peers.of_level(self.data.items, self.scope.level)

    @cached_property
    def _totals(self) -> pl.DataFrame:
        return peers.totals(self._items, self.phase).filter(measure=self.scope.measure)

    @cached_property
    def _amounts(self) -> Mapping[Any, PrintedAmount]:
        return amounts_by(self._totals, "organisation_id", "fiscal_year")

    @cached_property
    def _classes(self) -> pl.DataFrame:
        """The printed amount of every class in the measure that is compared."""
        return peers.by_class(self._items, self.phase, self.scope.measure)

    @property
    def _years(self) -> list[int]:
        """Every year from the first to the last in which one of them has an amount; all that were asked for if none."""
        told = {year for _, year in self._amounts}
        return [year for year in self.scope.years if not told or min(told) <= year <= max(told)]

    @cached_property
    def year(self) -> int:
        """The latest year of which most organisations have a printed amount."""
        counts = Counter(year for _, year in self._amounts)
        return max(counts, key=lambda year: (counts[year], year), default=self.scope.last_year)

    @cached_property
    def _colours(self) -> Mapping[str, str]:
        ids = self.scope.organisations.values()
        return {one: SERIES_COLOURS[number % len(SERIES_COLOURS)] for number, one in enumerate(ids)}

    @property
    def _measure(self) -> str:
        return f"{compared_measures()[self.scope.measure]}{PHASE_NAMES[self.phase]}"

    def _caption(self, name: str, title: str, subtitle: str) -> Caption:
        level = LEVEL_NAMES[self.scope.level]
        years = "、".join(str(year) for year in sorted(set(self.data.documents["document_year"])))
        source = source_line(f"{len(self.scope.organisations)} 个{level}", years, PHASE_NAMES[self.phase])
        return Caption(name, title, subtitle, source)

    @property
    def heading(self) -> Paragraph:
        """Who is compared, in what, over which years."""
        first, last = self._years[0], self._years[-1]
        years = f"{first}–{last}" if first < last else str(first)
        names = "、".join(self.scope.organisations)
        return Paragraph([f"{names}：{years} 年{self._measure}（{LEVEL_NAMES[self.scope.level]}）"], lead=True)

    @property
    def headlines(self) -> Headlines:
        """The amount of each in the common year, with its growth from the year before."""
        figures = []
        for name, one in self.scope.organisations.items():
            now, before = self._amounts.get((one, self.year)), self._amounts.get((one, self.year - 1))
            ratio = growth(yuan(now), yuan(before))
            change = f"{self.year - 1}年无可比数" if ratio is None else f"比上年 {signed_percent(ratio)}"
            if now and before and before.yuan <= 0:
                change = f"{self.year - 1}年基数为零"
            figures.append(Headline(f"{self.year}年 {name}", cell(now, self._gap(one, self.year)), "万元", change))
        return Headlines(tuple(figures))

    @property
    def answer(self) -> Paragraph:
        """Who is largest, who grew most, and which two are most alike."""
        now = {n: self._of(one, self.year) for n, one in self.scope.organisations.items()}
        known = {name: amount for name, amount in now.items() if amount is not None}
        if not known:
            return Paragraph(["所选年度的支出总表没有读出合计数，不能比较；原因见文末。"])
        most, least = max(known, key=lambda n: (known[n], n)), min(known, key=lambda n: (known[n], n))
        leader = f"最多的是{most}" if len(known) > 1 else f"只有{most}的数字"
        sentences = [f"{self.year}年{self._measure}{leader}，{wan(known[most])} 万元。"]
        if most != least and known[least] > 0:
            times = (known[most] / known[least]).quantize(Decimal("0.1"))
            sentences.append(f"为最少的{least}（{wan(known[least])} 万元）的 {times} 倍。")
        rises = {
            name: ratio
            for name, one in self.scope.organisations.items()
            if (ratio := growth(self._of(one, self.year), self._of(one, self.year - 1))) is not None
        }
        if len(rises) > 1:
            top = max(rises, key=lambda name: (rises[name], name))
            sentences.append(f"比上年增长最快的是{top}（{signed_percent(rises[top])}，名义增长）。")
        apart = [(far, pair) for pair in combinations(known, 2) if (far := self.structure.distance(*pair)) is not None]
        if len(apart) > 1:
            far, (one, other) = min(apart)
            sentences.append(f"支出结构最接近的是{one}与{other}，相差 {percent(far)}。")
        silent = [name for name in self.scope.organisations if name not in known]
        return Paragraph([*sentences, *([f"{'、'.join(silent)}没有 {self.year} 年的数字。"] if silent else [])])

    @property
    def trend_chart(self) -> Chart | Paragraph:
        """One line for each organisation."""
        if self._totals.is_empty():
            return Paragraph(["没有读出可比的合计数，不能作图。"])
        rows = self._totals.with_columns(key=pl.col("organisation_id"), name=pl.col("organisation"))
        caption = self._caption("compared", f"{self._measure}逐年比较", "没有文件的年度，线断开")
        return lines.lines(rows, caption, self._colours, self._years)

    @property
    def growth_chart(self) -> Chart | Paragraph:
        """Everybody's amounts as multiples of a common first year."""
        ids = self.scope.organisations.values()
        base = next((year for year in self._years if all((self._of(one, year) or 0) > 0 for one in ids)), None)
        if base is None or base == self._years[-1]:
            return Paragraph(["没有一个较早的年度各单位都有可比的数字，不能以同一基年比较增长。"])
        rows = [
            {"fiscal_year": year, "key": one, "name": name, "amount": self._multiple(one, year, base)}
            for name, one in self.scope.organisations.items()
            for year in self._years
            if year >= base
        ]
        schema: Any = {"fiscal_year": pl.Int16, "key": pl.String, "name": pl.String, "amount": pl.Decimal(38, 6)}
        caption = self._caption("growth", f"以 {base} 年为 100% 的增长", "名义数，未扣除价格变动")
        years = [year for year in self._years if year >= base]
        return lines.lines(pl.DataFrame(rows, schema=schema), caption, self._colours, years, ratio=True)

    @property
    def table(self) -> Table:
        """Every printed amount, the compound growth, and the growth in the common year."""
        body = []
        for name, one in self.scope.organisations.items():
            years = [year for year in self._years if self._of(one, year) is not None]
            even = compound(self._of(one, years[-1]), self._of(one, years[0]), years[-1] - years[0]) if years else None
            body.append(
                (
                    name,
                    *(cell(self._amounts.get((one, year)), self._gap(one, year)) for year in self._years),
                    signed_percent(growth(self._of(one, self.year), self._of(one, self.year - 1))),
                    signed_percent(even),
                )
            )
        heads = [*(f"{year}年" for year in self._years), f"{self.year}年比上年", "年均增长"]
        return Table(f"{self._measure}（万元）；增长为名义数", columns(["单位"], heads), tuple(body))

    @cached_property
    def structure(self) -> CompareStructure:
        """What each spends its money for."""
        ids = self.scope.organisations.values()
        totals = {one: amount for one in ids if (amount := self._of(one, self.year)) is not None}
        return CompareStructure(self.scope, self._classes, self.year, self._measure, totals, self._caption)

    @property
    def limits(self) -> Paragraph:
        """What the figures do not tell."""
        following = codes.follow(self._items.filter(table=EXPENDITURE_TABLE))
        gaps = [
            f"{name}没有 {'、'.join(map(str, missing))} 年的可比数字：图表中是空缺，不是零。"
            for name, one in self.scope.organisations.items()
            if (missing := [year for year in self._years if (one, year) not in self._amounts])
        ]
        faults = limits.document_faults(self.data.documents)
        doubts = limits.suspect_words(self.data.items, self.data.findings is not None)
        size = "规模、职能和编制不同的单位，金额不宜直接比较；请看占比和增长。"
        return Paragraph(
            [
                *gaps,
                *faults,
                *doubts,
                *following.renamed,
                *following.ended,
                size,
                limits.nominal(self.phase),
                *limits.always(),
            ]
        )

    @property
    def documents_table(self) -> Table:
        """The files that the comparison stands on."""
        return limits.documents_table(self.data.documents)

    def _of(self, organisation_id: str, year: int) -> Decimal | None:
        return yuan(self._amounts.get((organisation_id, year)))

    def _gap(self, organisation_id: str, year: int) -> str:
        read = self.data.documents.filter(organisation_id=organisation_id, document_year=year)
        return f"{year} 年没有文件" if read.is_empty() else f"{year} 年的文件未列示，或表未读出"

    def _multiple(self, organisation_id: str, year: int, base: int) -> Decimal | None:
        now, first = self._of(organisation_id, year), self._of(organisation_id, base)
        return None if now is None or not first else (now / first).quantize(Decimal("0.000001"))
