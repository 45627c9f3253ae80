"""The report by unit in words and tables: the answer first, then the figures, and at the end what they do not tell.

`UnitStory` is what the notebook shows, one property a section; it adds no figure of its own to those of `series`. The
bars are budgets where the range has one, final accounts where it has only those; the two are never joined.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from analysis.publishing.amounts import growth, percent, share, signed_percent, signed_wan, wan
from analysis.publishing.dataset import read_table
from analysis.publishing.drawing import charts
from analysis.publishing.drawing.canvas import Chart
from analysis.publishing.drawing.charts import PHASE_NAMES
from analysis.publishing.parameters import LEVEL_NAMES, unit_report
from analysis.publishing.stories import limits, series
from analysis.publishing.stories.series import UnitData, unit_data
from analysis.publishing.tables import Column, Headline, Headlines, Table, Words
from analysis.terms.line_item import Kind, Phase


def open_unit(clean_dir: Path, organisation: str, level: str | None, first_year: int, last_year: int) -> "UnitStory":
    """Read and check what the parameters of the notebook ask for.

    Raises:
        ParameterError: The dataset has no such organisation, level or years.
    """
    documents = read_table(clean_dir, "documents")
    report = unit_report(documents, organisation, level, first_year, last_year)
    return UnitStory(unit_data(clean_dir, report))


@dataclass(frozen=True)
class UnitStory:
    """All sections of one report, made from the frames in `data`."""

    data: UnitData

    @cached_property
    def phase(self) -> Phase:
        """Approved where the range has a budget; executed where it has only final accounts."""
        return Phase.APPROVED if Kind.BUDGET.value in self.data.documents["kind"].to_list() else Phase.EXECUTED

    @cached_property
    def totals(self) -> pl.DataFrame:
        """`series.totals` of the report's years."""
        return series.totals(self.data.items, self.data.report.years, self.phase)

    @cached_property
    def public_phase(self) -> Phase:
        """What the 三公 figures are: final accounts may print the approved amount only."""
        phases = set(self.data.items.filter(table="three_public")["phase"])
        return self.phase if self.phase.value in phases or not phases else Phase(min(phases))

    @cached_property
    def three_public(self) -> pl.DataFrame:
        """`series.three_public` of the report's years."""
        return series.three_public(self.data.items, self.data.report.years, self.public_phase)

    @cached_property
    def year(self) -> int:
        """The latest year with a printed total; the last of the range where none has one."""
        told = self.totals.filter(pl.col("total").is_not_null())["fiscal_year"].to_list()
        return int(told[-1]) if told else self.data.report.last_year

    @property
    def source(self) -> str:
        """The line under every chart and table."""
        report = self.data.report
        years = "、".join(str(year) for year in sorted(set(self.data.documents["document_year"])))
        name = report.organisation if len(report.organisation) <= 30 else f"{report.organisation[:29]}…"
        return f"来源：{name} {years} 年{LEVEL_NAMES[report.level]}{PHASE_NAMES[self.phase]}公开文件"

    @property
    def heading(self) -> Words:
        """Whom the report is about."""
        return Words([self.data.report.title], lead=True)

    @property
    def headlines(self) -> Headlines:
        """Total, basic, project and 三公 of the latest year, with the change from the year before."""
        now, before = self._row(self.totals, self.year), self._row(self.totals, self.year - 1)
        public, earlier = self._row(self.three_public, self.year), self._row(self.three_public, self.year - 1)
        word = f"{self.year}年"
        return Headlines(
            (
                self._headline(f"{word}支出{PHASE_NAMES[self.phase]}", now.get("total"), before.get("total")),
                self._headline("其中：基本支出", now.get("basic"), before.get("basic")),
                self._headline("其中：项目支出", now.get("project"), before.get("project")),
                self._headline(
                    f"“三公”经费{PHASE_NAMES[self.public_phase]}", public.get("total"), earlier.get("total")
                ),
            )
        )

    @property
    def answer(self) -> Words:
        """The question of the title answered in a few sentences."""
        now, before = self._row(self.totals, self.year), self._row(self.totals, self.year - 1)
        if now.get("total") is None:
            return Words(["所选年度的支出总表没有读出合计数，不能回答；原因见文末。"])
        ratio = growth(now["total"], before.get("total"))
        sentences = [
            f"{self.year}年支出{PHASE_NAMES[self.phase]} {wan(now['total'])} 万元"
            + (
                "。"
                if ratio is None
                else f"，比上年{_moved(now['total'] - before['total'])}（{signed_percent(ratio)}）。"
            )
        ]
        classes = self._classes.filter(pl.col("amount").is_not_null(), fiscal_year=self.year)
        if not classes.is_empty():
            largest = classes.sort("amount", descending=True).row(0, named=True)
            part = percent(share(largest["amount"], now["total"]))
            sentences.append(f"最大的一类是{largest['name']}，{wan(largest['amount'])} 万元，占 {part}。")
        moved = self._movers
        for row, word in [(r, w) for r, w in ((moved[:1], "增加"), (moved[-1:], "减少")) if not r.is_empty()]:
            item = row.row(0, named=True)
            if (item["change"] > 0) == (word == "增加"):
                amount = wan(abs(item["change"]))
                sentences.append(f"{word}最多的项目是{item['name']}（{item['code']}），{word} {amount} 万元。")
        return Words(sentences)

    @property
    def totals_table(self) -> Table:
        """Totals over the years, approved and executed told apart."""
        executed = {row["fiscal_year"]: row for row in series.execution(self.data).iter_rows(named=True)}
        origins = {"final": "决算", "narrative": "下年说明所述"}
        rows = []
        for year in self.data.report.years:
            now, before, done = self._row(self.totals, year), self._row(self.totals, year - 1), executed.get(year, {})
            rows.append(
                (
                    str(year),
                    wan(now.get("total")),
                    signed_percent(growth(now.get("total"), before.get("total"))),
                    wan(now.get("basic")),
                    wan(now.get("project")),
                    percent(share(now.get("project"), now.get("total"))),
                    wan(done.get("amount")),
                    origins.get(str(done.get("origin")), ""),
                )
            )
        name = PHASE_NAMES[self.phase]
        heads = ("年度", f"支出{name}", "比上年", "基本支出", "项目支出", "项目占比", "执行数", "执行数出处")
        columns = tuple(Column(head, head not in ("年度", "执行数出处")) for head in heads)
        return Table(f"各年支出{name}与执行数（万元）", columns, tuple(rows))

    @property
    def classes_chart(self) -> Chart:
        """`charts.trend`."""
        return charts.trend(self._classes, self.totals, series.execution(self.data), self.phase, self.source)

    @property
    def classes_table(self) -> Table:
        """Every class in every year, with the change between the last two."""
        years = list(self.data.report.years)
        rows = self._classes.filter(pl.col("code").is_not_null())
        amounts = {(row["code"], row["fiscal_year"]): row["amount"] for row in rows.iter_rows(named=True)}
        names = dict(zip(rows["code"], rows["name"], strict=True))
        order = sorted(names, key=lambda code: (-(amounts.get((code, self.year)) or Decimal(0)), code))
        body = [
            (
                f"{code} {names[code]}",
                *(wan(amounts.get((code, year))) for year in years),
                signed_percent(growth(amounts.get((code, self.year)), amounts.get((code, self.year - 1)))),
            )
            for code in order
        ]
        total = self._row(self.totals, self.year).get("total")
        change = signed_percent(growth(total, self._row(self.totals, self.year - 1).get("total")))
        printed = tuple(wan(self._row(self.totals, year).get("total")) for year in years)
        columns = (
            Column("功能分类（类）", False),
            *(Column(f"{year}年") for year in years),
            Column(f"{self.year}年比上年"),
        )
        caption = f"支出{PHASE_NAMES[self.phase]}按功能分类（万元）；“—”为该年文件没有这一类，或没有文件"
        return Table(caption, columns, (*body, ("合计（文件所印）", *printed, change)), frozenset({len(body)}))

    @property
    def basic_project_chart(self) -> Chart:
        """`charts.basic_project`."""
        return charts.basic_project(self.totals, self.phase, self.source)

    @property
    def items_chart(self) -> Chart:
        """`charts.top_items`."""
        items = series.top_items(self.data.items, self.year, self.phase)
        return charts.top_items(items, self.year, self.phase, self.source)

    @property
    def movers_view(self) -> Chart | Words:
        """`charts.movers`, or why there is nothing to compare."""
        if self._movers.is_empty():
            return Words([f"{self.year - 1}年没有可比的{PHASE_NAMES[self.phase]}文件，不能列出增减。"])
        return charts.movers(self._movers, self.year, self.phase, self.source)

    @property
    def three_public_view(self) -> Chart | Words:
        """`charts.three_public`, or that the table has no amount above zero."""
        amounts = [amount for amount in self.three_public["total"] if amount is not None]
        if not any(amounts):
            return Words(["各年“三公”经费均为 0。" if amounts else "没有读出“三公”经费表的合计数。"])
        return charts.three_public(self.three_public, self.public_phase, self.source)

    @property
    def three_public_table(self) -> Table:
        """三公 and 机关运行经费 over the years."""
        names = {
            "total": "“三公”合计", **charts.THREE_PUBLIC_NAMES, "vehicles": "公务用车小计",
            "agency_operating": "机关运行经费",
        }  # fmt: skip
        order = ("total", "overseas_visits", "receptions", "vehicles", "vehicle_purchase", "vehicle_operation",
                 "agency_operating")  # fmt: skip
        years = list(self.data.report.years)
        rows = tuple((names[m], *(wan(self._row(self.three_public, year).get(m)) for year in years)) for m in order)
        columns = (Column("项目", False), *(Column(f"{year}年") for year in years))
        return Table(f"“三公”经费和机关运行经费{PHASE_NAMES[self.public_phase]}（万元）", columns, rows, frozenset({0}))

    @property
    def limits(self) -> Words:
        """What the figures do not tell."""
        return Words(limits.sentences(self.data, self.phase))

    @property
    def findings(self) -> Table | Words:
        """What the audit found in the documents."""
        return limits.findings_table(self.data)

    @property
    def documents_table(self) -> Table:
        """The files that the report stands on."""
        return limits.documents_table(self.data.documents)

    @cached_property
    def _classes(self) -> pl.DataFrame:
        return series.by_class(self.data.items, self.data.report.years, self.phase)

    @cached_property
    def _movers(self) -> pl.DataFrame:
        return series.movers(self.data.items, self.year, self.phase)

    @staticmethod
    def _row(frame: pl.DataFrame, year: int) -> Mapping[str, Any]:
        rows = frame.filter(fiscal_year=year)
        return {} if rows.is_empty() else rows.row(0, named=True)

    def _headline(self, name: str, now: Decimal | None, before: Decimal | None) -> Headline:
        ratio = growth(now, before)
        if now is None or before is None:
            change = f"{self.year - 1}年无可比数"
        else:
            change = f"比上年 {signed_wan(now - before)} 万元" + (
                "" if ratio is None else f"（{signed_percent(ratio)}）"
            )
        return Headline(name, wan(now), "万元", change)


def _moved(change: Decimal) -> str:
    return f"{'增加' if change >= 0 else '减少'} {wan(abs(change))} 万元"
