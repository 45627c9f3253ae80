"""Who lies apart from the peers of the same level: by project share, by 三公 share, by growth.

Far from the others is not wrong: it is where a reader looks first. The rule is that of the quartiles (1.5 times their
distance), which a few extreme organisations do not move; fewer than five peers have no outliers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from analysis.charts.chart import Chart
from analysis.charts.dots import dots
from analysis.charts.drawing import Caption
from analysis.display.amounts import percent, signed_percent
from analysis.display.tables import Paragraph, Table
from analysis.indicators.peers import outlying, percentile, quartiles
from analysis.reports.captions import cut_words, source_line
from analysis.reports.cells import columns
from analysis.reports.series import peer_series as peers
from analysis.reports.year.year_frames import LevelFrames

_LISTED = 60
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class Apart:
    """An organisation that lies apart: in what, how far, and where the middle of its peers is."""

    measure: str
    level: str
    name: str
    ratio: Decimal
    middle: Decimal
    percentile: Decimal | None


@dataclass(frozen=True)
class YearOutliers:
    """The sections on what lies apart, a row of dots for each level."""

    levels: Sequence[LevelFrames]

    @property
    def project_chart(self) -> Chart | Paragraph | None:
        """How much of the total is project expenditure."""
        return self._chart("project-share", "项目支出占支出合计", self._projects)

    @property
    def public_chart(self) -> Chart | Paragraph | None:
        """How much of what is spent from the general public budget is 三公."""
        return self._chart("public-share", "“三公”经费占一般公共预算支出", self._publics)

    @property
    def growth_chart(self) -> Chart | Paragraph | None:
        """How much the total grew."""
        return self._chart("growth", "支出合计比上年（名义）", self._growths)

    @cached_property
    def apart(self) -> tuple[Apart, ...]:
        """All outliers, by measure and level, the furthest from the middle first."""
        frames = (("项目支出占比", self._projects), ("“三公”占比", self._publics), ("比上年（名义）", self._growths))
        found = []
        for measure, frame in frames:
            for level, rows in frame.group_by("group", maintain_order=True):
                values = [Decimal(str(ratio)) for ratio in rows["ratio"]]
                flags = outlying(values)
                if not any(flags):
                    continue
                middle = quartiles(values).middle
                named = zip(rows["name"], values, flags, strict=True)
                far = [
                    Apart(measure, str(level[0]), name, value, middle, percentile(values, value))
                    for name, value, apart in named
                    if apart
                ]
                found += sorted(far, key=lambda one: (-abs(one.ratio - one.middle), one.name))
        return tuple(found)

    @property
    def table(self) -> Table | Paragraph:
        """The outliers by name, with the middle of their peers and their percentile."""
        if not self.apart:
            counts = "、".join(f"{level.name} {level.pairs.height} 个" for level in self.levels if level.pairs.height)
            few = f"有可比数的同级不足 {_FEWEST} 个（{counts or '没有一个'}），不作分布比较，也不判断离群。"
            return Paragraph([few if self._few else "没有离群的单位。"])
        body = tuple(
            (
                one.name,
                one.level,
                one.measure,
                (signed_percent if "比上年" in one.measure else percent)(one.ratio),
                (signed_percent if "比上年" in one.measure else percent)(one.middle),
                "—" if one.percentile is None else f"{one.percentile * 100:.0f}",
            )
            for one in self.apart[:_LISTED]
        )
        rest = cut_words(_LISTED, len(self.apart), "个", "只列")
        caption = f"离群的单位：在四分位距 1.5 倍之外；百分位是不高于它的同级所占的百分数{rest}"
        return Table(caption, columns(["单位", "层级", "指标"], ["数值", "同级中位数", "百分位"]), body)

    @cached_property
    def _projects(self) -> pl.DataFrame:
        return self._frame(
            peers.ratio(
                level.totals.filter(pl.col("amount").is_not_null(), measure="project"),
                level.totals.filter(pl.col("amount").is_not_null(), measure="total"),
                level.name,
            ).filter(fiscal_year=level.year)
            for level in self.levels
        )

    @cached_property
    def _publics(self) -> pl.DataFrame:
        return self._frame(
            peers.ratio(
                level.public.filter(pl.col("amount").is_not_null(), measure="total"), level.appropriation, level.name
            ).filter(fiscal_year=level.year)
            for level in self.levels
            if level.public_phase is level.phase
        )

    @cached_property
    def _growths(self) -> pl.DataFrame:
        return self._frame(peers.growth(level.pairs, level.name) for level in self.levels)

    @staticmethod
    def _frame(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
        schema = pl.Schema({"group": pl.String, "key": pl.String, "name": pl.String, "ratio": pl.Float64})
        return pl.concat([schema.to_frame(), *(frame.select(schema.names()) for frame in frames)])

    @property
    def _few(self) -> bool:
        """No level has enough peers for a distribution."""
        return all(level.pairs.height < _FEWEST for level in self.levels)

    def _chart(self, name: str, title: str, rows: pl.DataFrame) -> Chart | Paragraph | None:
        if self._few:
            return None  # the table says so once
        known = rows.group_by("group", maintain_order=True).len()
        counts = known.filter(pl.col("len") >= _FEWEST)
        if counts.is_empty():
            few = "、".join(f"{group}有 {count} 个" for group, count in known.iter_rows()) or "没有一个"
            return Paragraph([f"{title}：可以计算的{few}，同级不足 {_FEWEST} 个，不画分布。"])
        year = self.levels[0].year
        subtitle = "每点一个单位；线为四分位数；离群的有名称。部门含其单位，两级分列"
        peers_of = "、".join(f"{count} 个{group}" for group, count in counts.iter_rows())
        caption = Caption(name, f"{year}年{title}", subtitle, source_line(peers_of, str(year)))
        return dots(rows.filter(pl.col("group").is_in(counts["group"].to_list())), caption)
