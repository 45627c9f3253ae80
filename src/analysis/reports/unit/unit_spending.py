"""What an organisation spends its money for: the classes over the years, the items that moved, the whole tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from analysis.charts import bars, changes, hierarchy
from analysis.charts.chart import Chart
from analysis.charts.theme import class_colour
from analysis.display.amounts import signed_percent, signed_wan
from analysis.display.tables import Paragraph, Table
from analysis.indicators.growth import growth
from analysis.reports.cells import amounts_by, cell, columns
from analysis.reports.series import spending_series as spending
from analysis.reports.unit.unit_frames import UnitFrames
from analysis.terms.line_item import Phase

_MOST_ITEMS = 60
_PRESENCE = {"both": "", "new": "新列", "ended": "不再列"}


@dataclass(frozen=True, eq=False)
class UnitSpending:
    """The sections on functions."""

    frames: UnitFrames

    @cached_property
    def _colours(self) -> Mapping[str, str]:
        return {key: class_colour(key) for key in self.frames.classes["key"].unique()}

    @property
    def _break_words(self) -> str:
        return "；有科目变动，见文末" if self.frames.following.touched else ""

    @property
    def _table_words(self) -> str:
        """Which table tells the functions, where it is not the one of all expenditure."""
        granted = self.frames.functional_table == spending.GRANTED_TABLE
        return "；支出总表不列功能科目，取自财政拨款支出表" if granted else ""

    @property
    def _words(self) -> str:
        return self._table_words + self._break_words

    @property
    def _whole_words(self) -> str:
        granted = self.frames.functional_table == spending.GRANTED_TABLE
        return "财政拨款支出合计" if granted else "合计"

    @property
    def classes_chart(self) -> Chart | Paragraph:
        """The classes of every year on one another, execution beside them."""
        frames = self.frames
        if frames.classes.is_empty():
            return Paragraph([f"{self.frames.spent_table_name}没有读出类级科目，不能作图。"])
        whole = frames.functional_table == spending.EXPENDITURE_TABLE and frames.phase is Phase.APPROVED
        marks = frames.executed.select("fiscal_year", "amount", "doubtful") if whole else None
        if marks is not None and marks.is_empty():
            marks = None
        if frames.single_year:  # one column says no more than its rows side by side
            year, rows = frames.year, frames.classes.filter(fiscal_year=frames.year)
            named = rows.with_columns(colour=pl.col("key").replace_strict(self._colours, return_dtype=pl.String))
            title = f"{year}年{frames.functional_name}{frames.phase_name}按功能分类"
            return bars.ranked(named, frames.caption("classes", title, "各类为公开文件列示的支出数"))
        subtitle = "◆ 为执行数（空心为存疑），不在柱内" if marks is not None else "各类为文件列示数，柱顶为合计"
        totals = frames.functional_totals.filter(measure="total").select("fiscal_year", "amount")
        caption = frames.caption(
            "classes", f"{frames.functional_name}{frames.phase_name}按功能分类", subtitle + self._words
        )
        return bars.stacked(frames.classes, caption, self._colours, frames.years, totals, marks)

    @property
    def shares_chart(self) -> Chart | Paragraph | None:
        """The same as shares of each year; None where there is one year, whose table has them."""
        frames = self.frames
        if frames.single_year:
            return None
        if frames.classes.filter(pl.col("amount") > 0).is_empty():
            return Paragraph([f"{self.frames.spent_table_name}没有读出类级科目，不能计算占比。"])
        caption = frames.caption(
            "class-shares", f"各类占{frames.functional_name}的比重", f"以各类之和为 100%{self._words}"
        )
        return bars.shares(frames.classes, caption, self._colours, frames.years)

    @property
    def top_chart(self) -> Chart | Paragraph:
        """The largest items of the latest year beside the year before."""
        frames, year = self.frames, self.frames.year
        pairs = spending.with_prior_year(frames.items, year).filter(pl.col("amount").is_not_null())
        if pairs.is_empty():
            return Paragraph([f"{self.frames.spent_table_name}没有读出项级科目。"])
        top = pairs.sort("amount", "key", descending=[True, False]).head(12)
        compared = top["before"].is_not_null().any()
        subtitle = f"黑色竖线表示 {year - 1} 年{frames.phase_name}" if compared else "上年没有可比的文件"
        rows = top.with_columns(pl.Series("colour", [class_colour(code) for code in top["code"]], pl.String))
        title = f"{year}年最大的 {top.height} 个{frames.functional_name}科目"
        caption = frames.caption("top-items", title, subtitle + self._table_words)
        return bars.ranked(rows, caption)

    @property
    def waterfall_chart(self) -> Chart | Paragraph:
        """From the total of the year before to that of the latest year, step by step."""
        frames, year = self.frames, self.frames.year
        now, before = frames.functional_of(year), frames.functional_of(year - 1)
        if now is None or before is None or frames.changes.is_empty():
            return self._incomparable
        steps = spending.waterfall(((year - 1, before), (year, now)), self._marked(frames.changes))
        caption = frames.caption(
            "waterfall",
            f"{year - 1}–{year}年{self._whole_words}的变化",
            f"增减最大的科目各为一步{self._words}",
        )
        return changes.waterfall(steps, caption)

    @property
    def movers_chart(self) -> Chart | None:
        """The items that rose and fell most; None where nothing moved or nothing can be compared."""
        frames, year = self.frames, self.frames.year
        moved = spending.movers(frames.changes)
        if moved.is_empty():
            return None
        rows = self._marked(moved).select(pl.format("{} {}", "name", "code").alias("name"), "change", "presence")
        caption = frames.caption(
            "movers",
            f"{year}年比 {year - 1} 年增减最大的科目",
            f"{frames.phase_name}比{frames.phase_name}，名义数{self._table_words}",
        )
        return changes.diverging(rows, caption)

    @property
    def movers_table(self) -> Table | None:
        """Every item of the latest two years, the largest change first; None where nothing can be compared."""
        frames, year = self.frames, self.frames.year
        moved = frames.changes.sort(pl.col("change").abs(), "key", descending=[True, False])
        if moved.is_empty():
            return None
        amounts = amounts_by(frames.items, "key", "fiscal_year")
        body = tuple(
            (
                f"{row['code']} {row['name']}{self._remark(row)}",
                cell(amounts.get((row["key"], year - 1)), "该年文件没有这一项"),
                cell(amounts.get((row["key"], year)), "该年文件没有这一项"),
                signed_wan(row["change"]),
                signed_percent(growth(row["amount"], row["before"])),
            )
            for row in moved.head(_MOST_ITEMS).iter_rows(named=True)
        )
        rest = f"；只列变动最大的 {_MOST_ITEMS} 项，共 {moved.height} 项" if moved.height > _MOST_ITEMS else ""
        heads = columns(["功能科目"], [f"{year - 1}年", f"{year}年", "增减", "增减幅度（名义）"])
        return Table(f"科目增减（万元）{self._table_words}{rest}", heads, body)

    def _remark(self, row: Mapping[str, Any]) -> str:
        """What is to be known of an item whose two years are not alike."""
        changed = "科目变动" if row["code"] in self.frames.following.touched else ""
        words = "，".join(filter(None, (_PRESENCE[row["presence"]], changed)))
        return f"（{words}）" if words else ""

    @property
    def tree_chart(self) -> Chart | Paragraph:
        """All codes of the latest year as areas."""
        rows = spending.tree(self.frames.functional, self.frames.year)
        if rows.filter(pl.col("amount") > 0).is_empty():
            return Paragraph([f"{self.frames.spent_table_name}没有读出编码，不能作图。"])
        caption = self.frames.caption(
            "tree",
            f"{self.frames.year}年{self.frames.functional_name}{self.frames.phase_name}的全貌",
            f"面积为金额，颜色为类；每块是最细的一级科目{self._table_words}",
        )
        return hierarchy.tree(rows, caption)

    def _marked(self, changes_of: pl.DataFrame) -> pl.DataFrame:
        """Names that say where the code book breaks a series."""
        touched = sorted(self.frames.following.touched)
        name = pl.when(pl.col("code").is_in(touched)).then(pl.format("{}（科目变动）", "name")).otherwise("name")
        return changes_of.with_columns(name)

    @property
    def _incomparable(self) -> Paragraph:
        return Paragraph([f"{self.frames.year - 1}年没有可比的{self.frames.phase_name}文件，不能列出增减。"])
