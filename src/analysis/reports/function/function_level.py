"""One functional code among the organisations of one level: ranked, over years, as a share, and what moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.charts import bars, changes, dots, heat, lines
from analysis.charts.chart import Chart
from analysis.charts.theme import SERIES_COLOURS, class_colour
from analysis.display.amounts import percent, signed_percent, wan
from analysis.display.tables import Paragraph, Table
from analysis.indicators.growth import contributions, growth
from analysis.indicators.structure import share
from analysis.reports.captions import cut_words
from analysis.reports.cells import amount_of, columns
from analysis.reports.function.function_frames import ABSENT, NO_FILE, UNREAD, FunctionFrames
from analysis.reports.series import spending_series as spending
from analysis.reports.several_regions import by_region

_RANKED, _LINES, _HEAT, _MOVED, _ROWS, _FEW = 30, 8, 40, 8, 300, 5
_RATIO = pl.Decimal(38, 6)
_PULL = "拉动为增减 ÷ 两年均列有该科目的各单位上年合计，单位百分点"


@dataclass(frozen=True, eq=False)
class FunctionLevel:
    """The views of one level; `elsewhere` is the other phase, where anybody prints the code in it."""

    frames: FunctionFrames
    elsewhere: FunctionFrames | None = None

    @property
    def sentences(self) -> list[str]:
        """Who has most, what it comes to, how it moved, who is new: the question answered for this level."""
        frames, year = self.frames, self.frames.year
        pairs, level = frames.pairs, frames.level_name
        top = pairs.row(0, named=True)
        many = "都" if pairs.height == frames.published else f"中，{pairs.height} 个"
        found = [
            f"{year}年有{frames.phase_name}文件的 {frames.published} 个{level}{many}列有“{frames.name}”，"
            f"最多的是{top['name']}，{wan(top['amount'])} 万元。"
        ]
        if frames.regions:
            found += self._region_words
        elif pairs.height > 1:
            whole = total(pairs["amount"])
            part = f"，{top['name']}占其中的 {percent(share(top['amount'], whole))}" if whole > 0 else ""
            found.append(f"所列 {pairs.height} 个{level}合计 {wan(whole)} 万元{part}。")
        for later in frames.later_years:
            count = frames.rows.filter(fiscal_year=later)["organisation_id"].n_unique()
            found.append(f"{later}年目前只有 {count} 个{level}的文件列有该科目，未用于排名，数字见表。")
        earlier = max((frames.published_in(other) for other in frames.years if other != year), default=0)
        if frames.published < earlier:
            found.append(f"{year}年只有 {frames.published} 个{level}有文件，以前最多有 {earlier} 个：排名不完整。")
        return [*found, *self._moved_words, *self._presence_words, *self._share_words]

    @property
    def _region_words(self) -> list[str]:
        """What those of each region come to, where there are several."""
        parts = [
            f"{name} {rows.height} 个{self.frames.level_name}合计 {wan(total(rows['amount']))} 万元"
            for name, rows in by_region(self.frames.pairs, self.frames.regions)
        ]
        return [f"按地区（不跨地区加总）：{'；'.join(parts)}。"] if parts else []

    @property
    def growth_words(self) -> str:
        """How those who print the code in both years moved together."""
        frames = self.frames
        if frames.both.is_empty():
            return f"{frames.year - 1}年无可比数"
        if frames.regions:
            return "分属几个地区，不跨地区加总"
        ratio = growth(total(frames.both["amount"]), total(frames.both["before"]))
        change = "上年为零，不计算增幅" if ratio is None else f"比上年 {signed_percent(ratio)}（名义）"
        return f"两年都列的 {frames.both.height} 个：{change}"

    @property
    def _moved_words(self) -> list[str]:
        frames, year = self.frames, self.frames.year
        both = frames.both.with_columns(change=pl.col("amount") - pl.col("before")).sort("change", "name", "key")
        if both.is_empty():
            return []
        now, before = total(both["amount"]), total(both["before"])
        ratio = growth(now, before)
        change = "上年为零，不计算增幅" if ratio is None else f"{signed_percent(ratio)}，名义增长"
        found = [] if both.height == 1 or frames.regions else [
            f"{year - 1}、{year} 两年都列这一科目的 {both.height} 个{frames.level_name}，"
            f"合计由 {wan(before)} 万元变为 {wan(now)} 万元（{change}）。"
        ]  # fmt: skip
        for row, word in ((both[-1:], "增加"), (both[:1], "减少")):
            one = row.row(0, named=True)
            if one["change"] and (one["change"] > 0) == (word == "增加"):
                rate = growth(one["amount"], one["before"])
                rated = "上年为零" if rate is None else signed_percent(rate)
                found.append(f"比上年{word}最多的是{one['name']}，{word} {wan(abs(one['change']))} 万元（{rated}）。")
        return found

    @property
    def _presence_words(self) -> list[str]:
        frames, year = self.frames, self.frames.year
        found = []
        if frames.started:
            found.append(f"{_named(frames, frames.started)}上年的文件没有这一科目，{year}年新列。")
        if frames.ended:
            found.append(f"{_named(frames, frames.ended)}上年列有这一科目，{year}年的文件不再列。")
        return found

    @property
    def _share_words(self) -> list[str]:
        year = self.frames.year
        ratios = [(ratio, self.frames.labels[one]) for one in self.frames.pairs["key"] if (ratio := self._share(one))]
        if len(ratios) < 2:
            return []
        most, name = max(ratios)
        return [
            f"{year}年这一科目占本{self.frames.level_name}{self.frames.spent_name}的比重，最高的是{name}，{percent(most)}。"
        ]

    @property
    def ranking_chart(self) -> Chart | None:
        """The organisations of the best covered year, the largest first, with the year before; None for one alone."""
        frames, year = self.frames, self.frames.year
        if frames.pairs.height == 1:
            return None
        rows = frames.pairs.head(_RANKED).with_columns(colour=pl.lit(class_colour(frames.code)), key=pl.lit(None))
        rest = cut_words(_RANKED, frames.pairs.height, "个", "只画前")
        subtitle = (
            f"{year - 1} 年没有可比数" if frames.both.is_empty() else f"黑色竖线表示 {year - 1} 年{frames.phase_name}"
        )
        return bars.ranked(rows, frames.caption("ranking", f"{year}年“{frames.name}”支出排名", subtitle + rest))

    @property
    def lines_chart(self) -> Chart | Paragraph:
        """The largest organisations over the years."""
        frames = self.frames
        if len(frames.years) < 2:
            return Paragraph(["只有一个年度的文件，没有变化可看。"])
        top = frames.top(_LINES)
        # An era of a code that must not be joined to the later one is a line of its own.
        era = pl.col("key").str.slice(len(frames.code))
        old = pl.when(era == "").then("organisation").otherwise(pl.format("{}（旧科目）", "organisation"))
        rows = frames.rows.filter(pl.col("organisation_id").is_in(top)).with_columns(
            key=pl.concat_str("organisation_id", era), name=old
        )
        many = f"{frames.year}年最多的 {len(top)} 个；" if frames.count > len(top) else ""
        broken = "；科目有变动，新旧没有连接" if frames.broken_years else ""
        subtitle = f"{many}没有文件或没有这一科目的年度，线断开{broken}"
        caption = frames.caption("over-years", f"“{frames.name}”逐年的变化", subtitle)
        return lines.lines(rows, caption, self._colours(rows, top), frames.years)

    @property
    def heat_chart(self) -> Chart | Paragraph:
        """Organisations by years."""
        frames = self.frames
        if len(frames.years) < 2 or frames.count < 2:
            return Paragraph(["单位或年度太少，不画热力图；数字见表。"])
        found = {(row["organisation_id"], row["fiscal_year"]): row for row in frames.rows.iter_rows(named=True)}
        cells = []
        for one in frames.top(_HEAT):
            for year in frames.years:
                row = found.get((one, year))
                values = {} if row is None else {name: row[name] for name in ("amount", "place", "suspect")}
                values |= {"note": amount_of(row).note} if row else {"absent": frames.state(one, year)}
                cells.append({"row": frames.labels[one], "column": frames.heading_of(year), **values})
        texts = dict.fromkeys(("row", "column", "place", "note", "absent"), pl.String)
        schema: Any = texts | {"amount": frames.rows.schema["amount"], "suspect": pl.Boolean}
        many = f"{frames.year}年最多的 {_HEAT} 个，共 {frames.count} 个" if frames.count > _HEAT else "全部所列单位"
        told_of = f"{many}；“{ABSENT}”为有文件而没有列出，“{NO_FILE}”不是零"
        caption = frames.caption("heat", f"“{frames.name}”：{frames.level_name} × 年度", told_of)
        return heat.heat(pl.DataFrame(cells, schema=schema), caption)

    @property
    def changes_chart(self) -> Chart | Paragraph:
        """Who rose and who fell most against the year before, where both years have a document."""
        frames, year = self.frames, self.frames.year
        zero = Decimal(0)
        moved = [(row["name"], row["amount"] - row["before"], "both") for row in frames.both.iter_rows(named=True)]
        moved += [(frames.labels[one], frames.of(one, year) or zero, "new") for one in frames.started]
        moved += [(frames.labels[one], -(frames.of(one, year - 1) or zero), "ended") for one in frames.ended]
        schema: Any = {"name": pl.String, "change": frames.rows.schema["amount"], "presence": pl.String}
        rows = pl.DataFrame(moved, schema=schema, orient="row").filter(pl.col("change") != 0)
        if rows.is_empty():
            return Paragraph([f"没有{frames.level_name}在 {year - 1}、{year} 两年有可比而不同的数字。"])
        ordered = rows.sort("change", "name", descending=[True, False])
        subtitle = f"{frames.phase_name}比{frames.phase_name}，名义数；只比两年都有文件的"
        caption = frames.caption("changes", f"{year}年比 {year - 1} 年增减", subtitle)
        return changes.diverging(spending.movers(ordered, _MOVED), caption)

    @property
    def share_chart(self) -> Chart | Paragraph:
        """How much of each organisation's money the code is: dots where they are many, lines where they are few."""
        frames = self.frames
        rows = [
            {
                "group": f"{year}年", "fiscal_year": year, "key": one, "name": frames.labels[one], "amount": ratio,
                "suspect": amount.suspect or frames.totals[one, year].suspect,
            }
            for (one, year), amount in frames.amounts.items()
            if (ratio := self._share(one, year)) is not None
        ]  # fmt: skip
        words = dict.fromkeys(("group", "key", "name"), pl.String)
        schema: Any = words | {"fiscal_year": pl.Int16, "amount": _RATIO, "suspect": pl.Boolean}
        shares = pl.DataFrame(rows, schema=schema).sort("fiscal_year", "name", "key")
        if shares.is_empty():
            return Paragraph(["没有读出各单位的支出合计，不能计算占比。"])
        level = frames.level_name
        many = shares.filter(fiscal_year=frames.year).height >= _FEW
        title, basis = (
            f"“{frames.name}”占各{level}{frames.spent_name}的比重",
            f"各{level}以自己的{frames.spent_name}合计为 100%",
        )
        if many or len(frames.years) < 2:
            dotted = shares.filter(fiscal_year=frames.year).rename({"amount": "ratio"})
            return dots.dots(dotted, frames.caption("shares", title, f"每点为一个{level}；{basis}"))
        top = frames.top(_LINES)
        few = shares.filter(pl.col("key").is_in(top)).with_columns(organisation_id="key")
        return lines.lines(few, frames.caption("shares", title, basis), self._colours(few, top), frames.years, True)

    @property
    def table(self) -> Table:
        """Every organisation in every year, its share, its growth and what it contributed to that of all."""
        frames, year = self.frames, self.frames.year
        now = dict(frames.both.select("key", "amount").iter_rows())
        before = dict(frames.both.select("key", "before").iter_rows())
        pulled = {} if frames.regions else contributions(now, before) or {}
        pull = "单位分属几个地区，不计算拉动" if frames.regions else _PULL
        shown = frames.top(_ROWS)
        body = tuple(
            (
                frames.labels[one],
                *(frames.cell_of(one, other) for other in frames.years),
                percent(self._share(one)),
                signed_percent(growth(now.get(one), before.get(one))),
                signed_percent(pulled.get(one)).removesuffix("%"),
            )
            for one in shown
        )
        rest = cut_words(len(shown), frames.count, "个", "只列前")
        heads = [*(frames.heading_of(other) for other in frames.years), f"占其{frames.spent_name}", "比上年", "拉动"]
        caption = (
            f"{frames.level_name}的{frames.phase_name}{frames.table_words}：{frames.code} {frames.name}（万元）。"
            f"“—”为{NO_FILE}，"
            f"“{ABSENT}”为有文件而没有列出，“{UNREAD}”为不知有无。占比和名义增幅为 {year} 年；"
            f"{pull}{rest}"
        )
        return Table(caption, columns([frames.level_name], heads), body)

    @property
    def elsewhere_table(self) -> Table | Paragraph:
        """The same code in the other phase, apart, because phases are not added or joined."""
        if self.elsewhere is None:
            other = "决算" if self.frames.phase_name == "预算" else "预算"
            return Paragraph([f"没有{self.frames.level_name}的{other}文件列出这一科目。"])
        return FunctionLevel(self.elsewhere).table

    def _share(self, organisation_id: str, year: int | None = None) -> Decimal | None:
        """The share of the code in the printed 合计 of an organisation; of the latest year where none is named."""
        when = self.frames.year if year is None else year
        ratio = share(self.frames.of(organisation_id, when), self.frames.whole(organisation_id, when))
        return None if ratio is None else ratio.quantize(Decimal("0.000001"))

    @staticmethod
    def _colours(rows: pl.DataFrame, top: list[str]) -> Mapping[str, str]:
        place = {one: number for number, one in enumerate(top)}
        pairs = rows.select("key", "organisation_id").iter_rows()
        return {line: SERIES_COLOURS[place[one] % len(SERIES_COLOURS)] for line, one in pairs}


def total(amounts: pl.Series) -> Decimal:
    """The sum of amounts of one level and phase, which may be added because it is said of how many they are."""
    return sum(amounts.to_list(), Decimal(0))


def _named(frames: FunctionFrames, ids: list[str], most: int = 3) -> str:
    names = "、".join(frames.labels[one] for one in ids[:most])
    return f"{names}等 {len(ids)} 个{frames.level_name}" if len(ids) > most else names
