"""What a functional code is made of: the codes below it, as each organisation prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from analysis.charts import bars
from analysis.charts.chart import Chart
from analysis.charts.theme import OTHER, SERIES_COLOURS
from analysis.display.amounts import GAP, wan
from analysis.display.tables import Paragraph, Table
from analysis.reports.captions import cut_words
from analysis.reports.cells import amount_of, cell, columns
from analysis.reports.function.function_frames import FunctionFrames

_ORGANISATIONS, _PARTS, _ROWS = 15, 7, 80
_REST = "其余下级科目"
_FINEST = 7
_WIDTHS = {3: "类", 5: "款", 7: "项"}


@dataclass(frozen=True, eq=False)
class FunctionBelow:
    """The sections on the codes below, in the latest year."""

    frames: FunctionFrames

    @cached_property
    def _below(self) -> pl.DataFrame:
        """Every printed code below, once for each organisation."""
        frames = self.frames
        rows = frames.items.filter(
            pl.col("code").str.starts_with(frames.code),
            pl.col("code") != frames.code,
            pl.col("code").str.len_chars().is_in(list(_WIDTHS)),
            pl.col("amount").is_not_null(),
            fiscal_year=frames.year,
            phase=frames.phase.value,
        )
        once = rows.unique(["organisation_id", "code"], keep="first", maintain_order=True)
        return once.with_columns(name=pl.col("name").drop_nulls().mode().sort().first().over("code"))

    @property
    def _nothing(self) -> Paragraph:
        if len(self.frames.code) >= _FINEST:
            return Paragraph(["这是最细的一级科目，文件没有再分。"])
        return Paragraph([f"{self.frames.year}年的文件没有列出下级科目。"])

    @property
    def chart(self) -> Chart | Paragraph:
        """What the code is made of in each of the largest organisations."""
        frames = self.frames
        top = frames.top(_ORGANISATIONS)
        width = pl.col("code").str.len_chars()
        rows = self._below.filter(width == width.min(), pl.col("organisation_id").is_in(top))
        if rows.filter(pl.col("amount") > 0).is_empty():
            return self._nothing
        sizes = rows.group_by("code").agg(pl.col("amount").sum()).sort("amount", "code", descending=[True, False])
        named = sizes["code"].to_list()
        if len(named) == 1:
            name = "".join(map(str, rows["name"].drop_nulls().head(1)))
            return Paragraph([f"{frames.year}年“{frames.name}”只有一个下级科目：{named[0]} {name}。"])
        # One more than are named would leave a rest of one: it is named itself.
        named = named if len(named) <= _PARTS + 1 else named[:_PARTS]
        colours = dict(zip(named, SERIES_COLOURS, strict=False)) | {"": OTHER}
        place = {one: number for number, one in enumerate(top)}
        order = {code: number for number, code in enumerate((*named, ""))}
        is_named = pl.col("code").is_in(named)
        drawn = rows.select(
            "amount",
            "suspect",
            place=pl.when(is_named).then("place"),
            row="organisation",
            key=pl.when(is_named).then("code").otherwise(pl.lit("")),
            name=pl.when(is_named).then("name").otherwise(pl.lit(_REST)),
            rank=pl.col("organisation_id").replace_strict(place, return_dtype=pl.Int32),
        ).sort("rank", pl.col("key").replace_strict(order, return_dtype=pl.Int32))
        several = f"最多的 {len(top)} 个{frames.level_name}；" if frames.count > len(top) else ""
        level = _WIDTHS[len(named[0])]
        words = f"{several}下一级（{level}）科目，各{frames.level_name}以自己的为 100%"
        return bars.share_rows(
            drawn, frames.caption("below", f"{frames.year}年“{frames.name}”的下级科目构成", words), colours
        )

    @property
    def table(self) -> Table | Paragraph:
        """Every code below: how many print it, what theirs comes to, and who has most."""
        frames = self.frames
        if self._below.is_empty():
            return self._nothing
        codes: Sequence[str] = sorted(set(self._below["code"]))
        body = tuple(self._row(code) for code in codes[:_ROWS])
        rest = cut_words(_ROWS, len(codes), "个", "只列前")
        level = frames.level_name
        whole = "分属几个地区，不作合计" if frames.regions else f"合计为列有该科目的各{level}之和"
        caption = f"{frames.year}年{frames.code} 的下级科目（万元）；{whole}，款含其下的项，各级科目不可重复加总{rest}"
        return Table(caption, columns(["科目", f"最多的{level}"], [f"{level}数", f"所列{level}合计", "最多"]), body)

    def _row(self, code: str) -> tuple[Any, ...]:
        rows = self._below.filter(code=code).sort("amount", "organisation", descending=[True, False])
        top = rows.row(0, named=True)
        marked = "（科目变动，见文末）" if code in self.frames.following.touched else ""
        whole = GAP if self.frames.regions else wan(sum(rows["amount"].to_list(), Decimal(0)))
        name = f"{code} {top['name'] or ''}{marked}"
        return name, top["organisation"], str(rows.height), whole, cell(amount_of(top))
