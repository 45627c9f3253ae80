"""One level of a report by year: who spends how much, for what, and how much of it is 三公.

Organisations stand beside their peers only. What does not fit into a chart or table is counted in its caption.
"""

from dataclasses import dataclass

import polars as pl

from analysis.charts import bars
from analysis.charts.chart import Chart
from analysis.charts.theme import SERIES_COLOURS, class_colour
from analysis.display.amounts import percent, signed_percent, wan
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.display.words import PHASE_NAMES
from analysis.indicators.growth import growth
from analysis.indicators.structure import share
from analysis.knowledge.names import measure_colours, measure_names
from analysis.reports.captions import cut_words
from analysis.reports.cells import amount_of, amounts_by, cell, columns, yuan
from analysis.reports.series.basics_series import THREE_PUBLIC_PARTS
from analysis.reports.year.year_frames import LevelFrames

RANKED, LISTED, STRUCTURES = 30, 100, 15


@dataclass(frozen=True)
class YearLevel:
    """The sections on all departments, or on all units."""

    frames: LevelFrames

    @property
    def ranking_chart(self) -> Chart | Paragraph | None:
        """The largest, with the year before as a mark; None for one alone, of whom the table says it."""
        frames = self.frames
        if frames.pairs.is_empty():
            return self._nobody
        if frames.pairs.height == 1:
            return None
        subtitle = f"短线表示上年{frames.phase_name}；百分数是名义增减" + _rest(frames.pairs, RANKED)
        caption = frames.caption("ranking", f"{frames.year}年各{frames.name}支出{frames.phase_name}", subtitle)
        return bars.ranked(_coloured(frames.pairs.head(RANKED), SERIES_COLOURS[0]), caption)

    @property
    def ranking_table(self) -> Table | Paragraph:
        """Total of both years, basic and project of all; those without a total come last."""
        frames, year = self.frames, self.frames.year
        if frames.documents.is_empty():
            return Paragraph([])
        body: list[tuple[str | TableCell, ...]] = []
        for row in frames.pairs.head(LISTED).iter_rows(named=True):
            before, basic, project = (
                frames.amounts.get((row["key"], when, measure))
                for when, measure in ((year - 1, "total"), (year, "basic"), (year, "project"))
            )
            body.append(
                (
                    row["name"],
                    *((frames.regions[row["key"]],) if frames.regions else ()),
                    str(row["rank"]),
                    cell(amount_of(row)),
                    cell(before, frames.gap(year - 1, row["key"]) if before is None else None),
                    signed_percent(growth(row["amount"], row["before"])),
                    cell(basic, "该表未列示"),
                    cell(project, "该表未列示"),
                    percent(share(yuan(project), row["amount"])),
                )
            )
        for row in frames.without_total.head(LISTED - len(body)).iter_rows(named=True):
            gap = cell(None, frames.gap(year, row["organisation_id"]))
            where = (frames.regions[row["organisation_id"]],) if frames.regions else ()
            body.append((row["organisation"], *where, "—", gap, *["—"] * 5))
        cut = cut_words(LISTED, frames.pairs.height + frames.without_total.height, "个", "只列前")
        heads = ["名次", f"{year}年", f"{year - 1}年", "增减（名义）", "基本支出", "项目支出", "项目占比"]
        title = f"{year}年各{frames.name}支出{frames.phase_name}（万元）{cut}"
        names = [frames.name, "地区"] if frames.regions else [frames.name]
        return Table(title, columns(names, heads), tuple(body))

    @property
    def structure_chart(self) -> Chart | Paragraph:
        """What the largest spend their money for, as shares of their classes."""
        frames = self.frames
        ranked = frames.pairs.head(STRUCTURES).select(pl.col("key").alias("organisation_id"), "name", "rank")
        found = frames.classes.join(ranked.select("organisation_id"), on="organisation_id", how="semi")
        if found.filter(pl.col("amount") > 0).is_empty():
            return self._nobody if frames.pairs.is_empty() else Paragraph(["支出总表没有读出类级科目，不能比较结构。"])
        if frames.pairs.height == 1:
            return Paragraph([f"{frames.name}只有 1 个，支出结构见其单位报告：{frames.pairs['name'][0]}。"])
        # Every class stands in every row, if only as a gap, so that rows and legend are both in order.
        codes = found.select("code", pl.col("name").alias("class")).unique("code").sort("code")
        rows = (
            ranked.join(found, on="organisation_id", how="semi", maintain_order="left")
            .join(codes, how="cross", maintain_order="left_right")
            .join(
                found.select("organisation_id", "code", "amount", "suspect", "place"),
                on=["organisation_id", "code"],
                how="left",
                maintain_order="left",
            )
            .select(pl.col("name").alias("row"), pl.col("code").alias("key"), pl.col("class").alias("name"),
                    "amount", "suspect", "place")
        )  # fmt: skip
        subtitle = f"以各自的各类之和为 100%，按支出{frames.phase_name}从多到少排列"
        subtitle += cut_words(STRUCTURES, frames.pairs.height, "个", "只画最大的")
        caption = frames.caption("structure", f"{frames.year}年各{frames.name}支出结构", subtitle)
        return bars.share_rows(rows, caption, {code: class_colour(code) for code in codes["code"]})

    @property
    def structure_table(self) -> Table | None:
        """Every class: how many have it, its middle share among those, who has the largest; None for one alone."""
        frames = self.frames
        whole = frames.pairs.select(pl.col("key").alias("organisation_id"), pl.col("amount").alias("whole"))
        shares = frames.classes.join(whole.filter(pl.col("whole") > 0), on="organisation_id", how="inner").with_columns(
            share=pl.col("amount").cast(pl.Decimal(38, 6)) / pl.col("whole").cast(pl.Decimal(38, 6))
        )
        if shares["organisation_id"].n_unique() < 2:
            return None
        top = pl.struct("share", "organisation").sort_by("share", "organisation", descending=[True, False]).first()
        rows = shares.group_by("code", "name").agg(
            pl.len().alias("count"),
            pl.col("share").median().cast(pl.Decimal(38, 6)).alias("middle"),
            top.struct.unnest(),
        )
        body = tuple(
            (f"{row['code']} {row['name']}", row["organisation"], percent(row["share"]), str(row["count"]),
             percent(row["middle"]))
            for row in rows.sort("code").iter_rows(named=True)
        )  # fmt: skip
        heads = columns(
            ["功能分类（类）", f"占比最高的{frames.name}"], ["其占比", f"列有该类的{frames.name}数", "占比的中位数"]
        )
        return Table(f"{frames.year}年各类在各{frames.name}支出合计中的占比（只计列有该类的）", heads, body)

    @property
    def public_chart(self) -> Chart | Paragraph | None:
        """Who has the most 三公; None for one alone, of whom the table says it."""
        frames = self.frames
        rows = frames.public_pairs.filter(pl.col("amount") != 0)
        if rows.is_empty():
            return Paragraph([f"没有一个{frames.name}的“三公”经费表读出大于零的合计。"])
        if rows.height == 1:
            return None
        none = frames.public_pairs.height - rows.height
        subtitle = "短线表示上年；百分数是名义增减" + _rest(rows, RANKED) + (f"；另有 {none} 个为零" if none else "")
        title = f"{frames.year}年各{frames.name}“三公”经费{PHASE_NAMES[frames.public_phase]}"
        colour = measure_colours()["vehicle_operation"]
        return bars.ranked(_coloured(rows.head(RANKED), colour), frames.caption("public", title, subtitle))

    @property
    def public_table(self) -> Table | Paragraph:
        """三公 with its parts, and its share of what is spent from the general public budget."""
        frames, year = self.frames, self.frames.year
        rows = frames.public_pairs
        if rows.is_empty():
            return Paragraph([])
        parts = amounts_by(frames.public, "organisation_id", "fiscal_year", "measure")
        comparable = frames.public_phase is frames.phase
        spent = dict(frames.appropriation.filter(fiscal_year=year).select("organisation_id", "amount").iter_rows())
        body = tuple(
            (
                row["name"],
                str(row["rank"]),
                cell(amount_of(row)),
                cell(parts.get((row["key"], year - 1, "total")), frames.gap(year - 1, row["key"])),
                signed_percent(growth(row["amount"], row["before"])),
                *(cell(parts.get((row["key"], year, part)), "该表未列示") for part in THREE_PUBLIC_PARTS),
                percent(share(row["amount"], spent.get(row["key"]) if comparable else None)),
            )
            for row in rows.head(LISTED).iter_rows(named=True)
        )
        heads = ["名次", f"{year}年", f"{year - 1}年", "增减（名义）"]
        heads += [*(measure_names()[part].removesuffix("费") for part in THREE_PUBLIC_PARTS), "占一般公共预算"]
        title = f"{year}年各{frames.name}“三公”经费{PHASE_NAMES[frames.public_phase]}（万元）"
        return Table(title + cut_words(LISTED, rows.height, "个", "只列前"), columns([frames.name], heads), body)

    @property
    def _nobody(self) -> Paragraph:
        frames = self.frames
        if frames.documents.is_empty():
            return Paragraph([f"{frames.year}年没有{frames.name}一级的文件：这是空缺，不是零。"])
        return Paragraph([f"{frames.year}年各{frames.name}的支出总表都没有读出合计数，不能排列。"])


def _rest(rows: pl.DataFrame, shown: int) -> str:
    """What is said of those that the chart leaves out."""
    if rows.height <= shown:
        return ""
    return f"；只画前 {shown} 个，其余 {rows.height - shown} 个都不超过 {wan(rows['amount'][shown])} 万元"


def _coloured(rows: pl.DataFrame, colour: str) -> pl.DataFrame:
    return rows.select("key", "name", "amount", "before", "suspect", "place", pl.lit(colour).alias("colour"))
