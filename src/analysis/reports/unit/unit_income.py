"""Where an organisation's money comes from, and the way that it takes to the classes."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analysis.charts import bars, flow
from analysis.charts.chart import Chart
from analysis.charts.theme import class_colour
from analysis.display.amounts import percent
from analysis.display.tables import Paragraph, Table
from analysis.indicators.structure import share
from analysis.knowledge.names import measure_colours
from analysis.reports.cells import amounts_by, cell, columns, yuan
from analysis.reports.series import income_series as income
from analysis.reports.unit.unit_basics import keyed
from analysis.reports.unit.unit_frames import UnitFrames


@dataclass(frozen=True, eq=False)
class UnitIncome:
    """The sections on income."""

    frames: UnitFrames

    @property
    def sources_chart(self) -> Chart | Paragraph | None:
        """The income sources over the years; None where the table of one year says as much."""
        frames = self.frames
        rows = keyed(frames.sources, income.SOURCE_NAMES, list(income.SOURCE_NAMES))
        shown = rows.filter((pl.col("amount") != 0).any().over("key"))
        if frames.of_government:
            return Paragraph(["政府的收入按税种和项目逐行列示，没有来源栏，不在本页作图；数字见数据集的政府收入表。"])
        if shown.is_empty():
            return Paragraph(["收入总表没有读出合计行。"])
        if self._only_source is not None:
            years = f"{frames.year}年" if frames.single_year else "所列各年"
            return Paragraph([f"{years}收入{frames.phase_name}全部为{self._only_source}。"])
        if frames.single_year:
            return None
        totals = frames.sources.filter(measure="total").select("fiscal_year", "amount")
        caption = frames.caption(
            "sources", f"收入{frames.phase_name}的来源", "柱顶为列示的收入合计；金额为零的来源不显示"
        )
        return bars.stacked(shown, caption, measure_colours(), frames.years, totals, None)

    @cached_property
    def _only_source(self) -> str | None:
        """The name of the one source that all income comes from; None where there are several, or none is known."""
        paid = self.frames.sources.filter(pl.col("measure").is_in(list(income.SOURCE_NAMES)), pl.col("amount") != 0)
        names = {income.SOURCE_NAMES[measure] for measure in paid["measure"]}
        return names.pop() if len(names) == 1 else None

    @cached_property
    def _funds(self) -> pl.DataFrame:
        return income.funds(self.frames.data.items, self.frames.phase)

    @property
    def sources_table(self) -> Table:
        """Every source and every fund in every year, and how far the organisation depends on appropriation."""
        frames = self.frames
        amounts = amounts_by(frames.sources, "measure", "fiscal_year")
        funds = amounts_by(self._funds, "measure", "fiscal_year")
        names = {"total": "收入合计（公开文件列示数）", **income.SOURCE_NAMES}
        body = [
            (name, *(cell(amounts.get((key, year)), frames.gap(year)) for year in frames.years))
            for key, name in names.items()
            if key == "total" or any((key, year) in amounts for year in frames.years)
        ]
        shares = [
            percent(share(yuan(amounts.get(("fiscal_appropriation", year))), yuan(amounts.get(("total", year)))))
            for year in frames.years
        ]
        body.append(("财政拨款占收入", *shares))
        body += [
            (f"支出所用资金：{name}", *(cell(funds.get((key, year)), "该年此表为空表") for year in frames.years))
            for key, name in income.FUND_NAMES.items()
        ]
        heads = columns(["来源"], [f"{year}年" for year in frames.years])
        return Table(f"收入来源和资金性质（{frames.phase_name}，万元）", heads, tuple(body), frozenset({0}))

    @property
    def flow_chart(self) -> Chart | Paragraph | None:
        """The way of the money of the latest year; None where it has one source, and the classes say all."""
        frames, year = self.frames, self.frames.year
        if self._only_source is not None:
            return None
        name = frames.data.scope.organisation
        short = name if len(name) <= 16 else f"{name[:7]}…{name[-8:]}"
        rows, nodes = income.flow(frames.sources, frames.classes, year, short)
        if rows.is_empty():
            return Paragraph([f"{year}年的收入或支出没有读出，不能画出资金流向。"])
        by_name = {value: key for key, value in income.SOURCE_NAMES.items()}
        classes = dict(frames.classes.select("name", "code").iter_rows())
        colours = {
            **{node: measure_colours()[by_name[node]] for node in nodes[0] if node in by_name},
            **{node: class_colour(classes[node]) for node in nodes[2] if node in classes},
        }
        caption = frames.caption("flow", f"{year}年收入来源与支出去向", "收入来源 → 单位 → 功能分类")
        return flow.flow(rows, caption, nodes, colours)
