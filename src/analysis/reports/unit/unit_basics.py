"""What expenditure is made of: basic and project, personnel and operating, economic classes, and the 三公 amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analysis.charts import bars
from analysis.charts.chart import Chart
from analysis.display.amounts import percent, signed_percent
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.display.words import PHASE_NAMES
from analysis.indicators.growth import growth
from analysis.indicators.structure import share
from analysis.knowledge.names import measure_colours, measures, parts_of, smallest_parts_of
from analysis.reports.cells import amounts_by, cell, columns, yuan
from analysis.reports.series import basics_series as basics
from analysis.reports.series import spending_series as spending
from analysis.reports.stated_notes import MONEY, Row, fact_cell
from analysis.reports.unit.unit_frames import UnitFrames

PARTS = {key: measures()[key].zh for key in ("basic", "project")}
STAFFING = {key: one.zh for key, one in parts_of("basic").items()}
_PUBLIC_PARTS = {key: one.zh for key, one in smallest_parts_of("three_public").items()}
_PUBLIC_ROWS = {
    "total": "“三公”合计",
    **{key: one.zh for key, one in parts_of("three_public").items()},
    "vehicle_purchase": "其中：购置费",
    "vehicle_operation": "其中：运行费",
    "agency_operating": "机关运行经费（不在“三公”内）",
}
# The subject of a fact of the notes, and the column of the table that prints the same.
_STATED_MEASURES = {
    "three_public": "total", "overseas_visits": "overseas_visits", "vehicles_cost": "vehicles",
    "vehicle_purchase": "vehicle_purchase", "vehicle_operation": "vehicle_operation", "receptions": "receptions",
    "agency_operating": "agency_operating",
}  # fmt: skip
_MOST_SECTIONS = 12


@dataclass(frozen=True, eq=False)
class UnitBasics:
    """The sections on what expenditure is made of."""

    frames: UnitFrames

    @property
    def parts_chart(self) -> Chart | Paragraph | None:
        """Basic and project expenditure over the years; None where there is one year alone."""
        if self.frames.single_year:
            return None
        rows = self._keyed(self.frames.totals, PARTS)
        if rows.is_empty():
            return Paragraph([f"{self.frames.spent_table_name}没有读出基本支出和项目支出。"])
        caption = self.frames.caption("basic-project", f"基本支出与项目支出（{self.frames.phase_name}）", "柱顶为合计")
        totals = self.frames.totals.filter(measure="total").select("fiscal_year", "amount")
        return bars.stacked(rows, caption, measure_colours(), self.frames.years, totals, None)

    @cached_property
    def _staffing(self) -> pl.DataFrame:
        return basics.staffing(self.frames.data.items, self.frames.phase)

    @property
    def staffing_chart(self) -> Chart | Paragraph | None:
        """Personnel and operating expenditure over the years; None where there is one year alone."""
        if self.frames.single_year:
            return None
        rows = self._keyed(self._staffing, STAFFING)
        if rows.is_empty():
            return Paragraph(["基本支出经济分类表没有读出人员经费和公用经费。"])
        caption = self.frames.caption(
            "personnel-operating", "人员经费与公用经费", "一般公共预算的基本支出；柱顶为两者之和"
        )
        return bars.stacked(rows, caption, measure_colours(), self.frames.years, None, None)

    @property
    def parts_table(self) -> Table:
        """Basic, project, personnel and operating in every year."""
        frames = self.frames
        staffing = amounts_by(self._staffing, "fiscal_year", "measure")
        named = {**PARTS, **{key: f"一般公共预算{name}" for key, name in STAFFING.items()}}
        amounts = {**frames.total, **staffing}
        body = [
            (name, *(cell(amounts.get((year, key)), frames.gap(year)) for year in frames.years))
            for key, name in named.items()
        ]
        shares = [percent(share(frames.of(year, "project"), frames.of(year))) for year in frames.years]
        body.append(("项目支出占比", *shares))
        heads = columns(["构成"], [f"{year}年" for year in frames.years])
        return Table(f"支出的构成（{frames.phase_name}，万元）", heads, tuple(body))

    @cached_property
    def _sections(self) -> pl.DataFrame:
        rows = basics.economic(self.frames.data.items, self.frames.phase, 2)
        return spending.latest_names(self.frames.economic_following.keyed(rows))

    @property
    def economic_chart(self) -> Chart | Paragraph:
        """The largest economic sections of the latest year beside the year before."""
        year = self.frames.year
        pairs = spending.with_prior_year(self._sections, year).filter(pl.col("amount") > 0)
        if pairs.is_empty():
            return Paragraph([f"{year}年的基本支出经济分类表没有读出款级科目。"])
        top = pairs.sort("amount", "key", descending=[True, False]).head(_MOST_SECTIONS)
        rows = top.with_columns(colour=pl.lit(measure_colours()["basic"]))
        words = f"基本支出，款级；黑色竖线表示 {year - 1} 年" if top["before"].is_not_null().any() else "基本支出，款级"
        caption = self.frames.caption("economic", f"{year}年基本支出最多的 {top.height} 种用途", words)
        return bars.ranked(rows, caption)

    @property
    def economic_table(self) -> Table | None:
        """Every economic class and section in every year; None where the table was not read."""
        frames = self.frames
        classes = basics.economic(frames.data.items, frames.phase, 1)
        rows = pl.concat([frames.economic_following.keyed(classes), self._sections], how="diagonal").sort("code")
        if rows.is_empty():
            return None
        rows = spending.latest_names(rows)
        amounts = amounts_by(rows, "key", "fiscal_year")
        named = dict(rows.select("key", pl.format("{} {}", "code", "name")).iter_rows())
        body, year = [], frames.year
        for key, name in named.items():
            series = [amounts.get((key, one)) for one in frames.years]
            change = signed_percent(growth(yuan(amounts.get((key, year))), yuan(amounts.get((key, year - 1)))))
            cells = [cell(one, frames.gap(of)) for one, of in zip(series, frames.years, strict=True)]
            body.append((name, *cells, *(() if frames.single_year else (change,))))
        strong = frozenset(number for number, key in enumerate(named) if len(key.partition("#")[0]) == 3)
        heads = columns(
            ["经济分类"], [*(f"{one}年" for one in frames.years), *([] if frames.single_year else [f"{year}年比上年"])]
        )
        return Table(f"一般公共预算基本支出按经济分类（{frames.phase_name}，万元）", heads, tuple(body), strong)

    @property
    def public_chart(self) -> Chart | Paragraph | None:
        """The parts of 三公 over the years; None where there is one year alone."""
        if self.frames.single_year:
            return None
        frames = self.frames
        totals = frames.three_public.filter(measure="total")
        if not totals["amount"].to_list():
            return Paragraph(["没有读出“三公”经费表的合计数。"])
        if not any(totals["amount"].to_list()):
            return Paragraph(["各年“三公”经费均为 0。"])
        rows = self._keyed(frames.three_public, _PUBLIC_PARTS)
        shown = rows.filter((pl.col("amount") != 0).any().over("key"))
        name = PHASE_NAMES[frames.public_phase]
        caption = frames.caption("three-public", f"“三公”经费{name}", "柱顶为文件列示合计；金额为零的项目不显示")
        return bars.stacked(
            shown, caption, measure_colours(), frames.years, totals.select("fiscal_year", "amount"), None
        )

    @property
    def public_table(self) -> Table:
        """三公 with its parts, and 机关运行经费."""
        frames = self.frames
        amounts = amounts_by(frames.three_public, "measure", "fiscal_year")
        name, told = PHASE_NAMES[frames.public_phase], self.public_stated
        beside = [PHASE_NAMES[frames.phase]] if told else []
        body = []
        for measure, label in _PUBLIC_ROWS.items():
            row: list[str | TableCell] = [label]
            for year in frames.years:
                row.append(cell(amounts.get((measure, year)), f"{year} 年未列示或没有文件"))
                if told:
                    row.append(fact_cell(told.get((measure, year))))
            body.append(tuple(row))
        heads = columns(
            ["项目"], [f"{year}年{word}" for year in frames.years for word in ([name, *beside] if told else [""])]
        )
        words = f"；{beside[0]}数取自文字说明，表中只列示{name}数" if told else ""
        return Table(
            f"“三公”经费和机关运行经费{'' if told else name}（万元）{words}；0 为文件列示的零，“—”表示文件未列示",
            heads,
            tuple(body),
            frozenset({0}),
        )

    @cached_property
    def public_stated(self) -> Mapping[tuple[str, int], Row]:
        """The facts of the notes by measure and year, where the table prints the other phase alone: else nothing."""
        frames = self.frames
        if frames.public_phase is frames.phase or frames.three_public.is_empty():
            return {}
        facts = frames.data.notes.facts.filter(phase=frames.phase.value, unit=MONEY)
        rows = facts.filter(pl.col("subject").is_in(list(_STATED_MEASURES))).sort("number")
        return {(_STATED_MEASURES[row["subject"]], row["fiscal_year"]): row for row in rows.iter_rows(named=True)}

    @staticmethod
    def _keyed(rows: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
        """The rows of some measures as the charts take them, in the order of `names`."""
        return keyed(rows, names, list(names))


def keyed(rows: pl.DataFrame, names: Mapping[str, str], order: Sequence[str]) -> pl.DataFrame:
    """Rows whose `measure` is the key of a chart's series, called by `names`, in the order of `order`."""
    ranks = {measure: number for number, measure in enumerate(order)}
    return (
        rows.filter(pl.col("measure").is_in(list(names)))
        .with_columns(
            key=pl.col("measure"),
            name=pl.col("measure").replace_strict(names, return_dtype=pl.String),
            rank=pl.col("measure").replace_strict(ranks, return_dtype=pl.Int64),
        )
        .sort("fiscal_year", "rank")
        .drop("rank")
    )
