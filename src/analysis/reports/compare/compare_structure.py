"""The structures of organisations: what each spends its money for, how far they lie apart, how concentrated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts import bars, heat
from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption
from analysis.charts.theme import class_colour
from analysis.display.amounts import percent
from analysis.display.tables import Paragraph, Table
from analysis.indicators.structure import concentration, share
from analysis.indicators.structure import distance as structure_distance
from analysis.reports.cells import amounts_by, cell, columns, yuan
from analysis.reports.compare.compare_scope import CompareScope


@dataclass(frozen=True, eq=False)
class CompareStructure:
    """The sections on structure, of one year.

    Attributes:
        scope: Who is compared.
        classes: The printed amount of every class of each, as `peers.by_class` gives them.
        year: The year.
        measure: What the amounts are called.
        totals: The printed 合计 of each organisation that has one, by organisation_id.
        caption: Makes what stands around a chart of name, title and subtitle.
    """

    scope: CompareScope
    classes: pl.DataFrame
    year: int
    measure: str
    totals: Mapping[str, Decimal]
    caption: Callable[[str, str, str], Caption]

    @property
    def structure_chart(self) -> Chart | Paragraph:
        """What each spends its money for, as shares."""
        rows = self.classes.filter(fiscal_year=self.year)
        if rows.filter(pl.col("amount") > 0).is_empty():
            return Paragraph([f"{self.year}年没有读出类级科目，不能比较结构。"])
        drawn = rows.with_columns(row=pl.col("organisation"), key=pl.col("code"), name=self._class_name)
        colours = {code: class_colour(code) for code in drawn["key"].unique()}
        caption = self.caption("structures", f"{self.year}年{self.measure}的结构", "各单位以自己的各类之和为 100%")
        return bars.share_rows(drawn.sort("organisation", "key"), caption, colours)

    @property
    def structure_table(self) -> Table:
        """Every class of each organisation in the common year, with its share."""
        rows = self.classes.filter(fiscal_year=self.year)
        amounts = amounts_by(rows, "organisation_id", "code")
        names = dict(rows.sort("organisation").select("code", "name").iter_rows())
        ids = self.scope.organisations
        body = []
        for code in sorted(names):
            cells: list[Any] = []
            for one in ids.values():
                amount = amounts.get((one, code))
                cells += [cell(amount, "该文件没有这一类"), percent(share(yuan(amount), self.totals.get(one)))]
            body.append((f"{code} {names[code]}", *cells))
        heads = [words for name in ids for words in (name, "占比")]
        return Table(f"{self.year}年各类支出（万元）", columns(["功能分类（类）"], heads), tuple(body))

    @property
    def distance_chart(self) -> Chart | Paragraph:
        """How far every two structures lie apart."""
        schema: Any = {"row": pl.String, "column": pl.String, "amount": pl.Decimal(38, 6)}
        names = list(self.scope.organisations)
        rows = [(one, other, self.distance(one, other)) for one in names for other in names]
        if len(names) < 3 or all(far is None for _, _, far in rows):
            far = self.distance(names[0], names[1])
            words = "不能计算" if far is None else percent(far)
            return Paragraph([f"两者支出结构的距离：{words}（0% 为完全相同，100% 为毫无相同之处）。"])
        subtitle = f"½ Σ|占比之差|；0% 为完全相同，100% 为毫无相同之处；{self.year}年，按类"
        caption = self.caption("distances", "支出结构的距离", subtitle)
        return heat.heat(pl.DataFrame(rows, schema=schema, orient="row"), caption, ratio=True)

    @property
    def concentration_table(self) -> Table:
        """How much the spending of each is concentrated on few classes."""
        body = []
        for name in self.scope.organisations:
            parts = self._structure(name)
            index = concentration(parts)
            shown = "—" if index is None else str(index.quantize(Decimal("0.001")))
            body.append((name, str(len(parts)), shown))
        caption = f"{self.year}年支出的集中程度：HHI = Σ 占比²，1 为全部在一类"
        return Table(caption, columns(["单位"], ["类数", "HHI"]), tuple(body))

    @property
    def _class_name(self) -> pl.Expr:
        return pl.col("name").sort_by("fiscal_year").last().over("code")

    def _structure(self, name: str) -> dict[str, Decimal]:
        rows = self.classes.filter(organisation_id=self.scope.organisations[name], fiscal_year=self.year)
        return {code: amount for code, amount in rows.select("code", "amount").iter_rows() if amount is not None}

    def distance(self, one: str, other: str) -> Decimal | None:
        """How far the structures of two organisations lie apart, as a ratio."""
        far = structure_distance(self._structure(one), self._structure(other))
        return None if far is None else far.quantize(Decimal("0.000001"))
