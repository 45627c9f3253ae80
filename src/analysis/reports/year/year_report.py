"""The report by year: all organisations in one year, departments and units always apart.

A department contains its units, so nothing is ever added over the two; a sum over organisations of one level says how
many are listed. What is told of one level, of outliers and of coverage have modules of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice
from pathlib import Path

import polars as pl

from analysis.charts import bars
from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption
from analysis.charts.theme import OTHER, SERIES_COLOURS
from analysis.display.amounts import percent, signed_percent, signed_wan, wan
from analysis.display.tables import Headline, Headlines, Paragraph, Table
from analysis.display.words import KIND_NAMES, PHASE_NAMES
from analysis.indicators.growth import growth
from analysis.indicators.peers import quantile, quartiles
from analysis.indicators.structure import share
from analysis.reports import limitations as limits
from analysis.reports import problems
from analysis.reports.captions import cut_words, source_line
from analysis.reports.cells import amount_of, cell, columns
from analysis.reports.series.sources import KIND_OF_PHASE, read_documents
from analysis.reports.several_regions import UNNAMED, by_region
from analysis.reports.year.year_coverage import YearCoverage
from analysis.reports.year.year_frames import LevelFrames, YearData, both_levels, load_year_data
from analysis.reports.year.year_level import YearLevel
from analysis.reports.year.year_notes import YearNotes
from analysis.reports.year.year_outliers import YearOutliers
from analysis.reports.year.year_scope import year_scope
from analysis.terms.document import Status
from analysis.terms.finding import FindingStatus
from analysis.terms.line_item import Level

_PAIRS, _FILES, _NAMED, _REGIONS = 15, 100, 6, 3
_HALF = Decimal("0.5")
_FEWEST_FOR_MIDDLE = 3


def open_year(clean_dir: Path, fiscal_year: object) -> "YearReport":
    """Read and check what the parameters of the notebook ask for.

    Args:
        clean_dir: The cleaned dataset.
        fiscal_year: The year on the covers of the documents.

    Raises:
        ParameterError: No document bears the year.
    """
    documents = read_documents(clean_dir)
    year = year_scope(documents, fiscal_year)
    unplaced = documents.filter(pl.col("document_year").is_null(), pl.col("status") != Status.DUPLICATE.value).height
    return YearReport(load_year_data(clean_dir, documents, year), unplaced)


@dataclass(frozen=True)
class YearReport:
    """All sections of one report; `unplaced` files of the dataset bear no year at all."""

    data: YearData
    unplaced: int = 0

    @cached_property
    def departments(self) -> YearLevel:
        """All departments."""
        return YearLevel(LevelFrames(self.data, Level.DEPARTMENT))

    @cached_property
    def units(self) -> YearLevel:
        """All units."""
        return YearLevel(LevelFrames(self.data, Level.UNIT))

    @cached_property
    def _levels(self) -> tuple[LevelFrames, ...]:
        return (self.departments.frames, self.units.frames)

    @cached_property
    def outliers(self) -> YearOutliers:
        """Who lies apart from the peers."""
        return YearOutliers(self._levels)

    @cached_property
    def department_notes(self) -> YearNotes:
        """What the notes of the departments state."""
        return YearNotes(self.departments.frames, self.data.notes)

    @cached_property
    def unit_notes(self) -> YearNotes:
        """What the notes of the units state."""
        return YearNotes(self.units.frames, self.data.notes)

    @cached_property
    def coverage(self) -> YearCoverage:
        """What is there and what is not."""
        return YearCoverage(self.data)

    @property
    def heading(self) -> Paragraph:
        """Which year, and of whom."""
        counts = "、".join(
            f"{level.documents['organisation_id'].n_unique()} 个{level.name}（{level.phase_name}）"
            for level in self._levels
            if not level.documents.is_empty()
        )
        return Paragraph([f"{self.data.year}年：{counts}"], lead=True)

    @property
    def headlines(self) -> Headlines:
        """What each level spends: the sum of those listed, the middle, the largest; else what was read."""
        figures = [one for level in self._levels for one in _money(level)]
        return Headlines(tuple(figures)) if figures else self.read

    @property
    def read(self) -> Headlines:
        """How many organisations and documents, how many read whole, what is open in the audit."""
        counts = dict(self.data.files["status"].value_counts().iter_rows())
        whole, part, failed, twice = (
            counts.get(status.value, 0) for status in (Status.PARSED, Status.PARTIAL, Status.FAILED, Status.DUPLICATE)
        )
        levels = "，".join(f"{one.name} {one.documents['organisation_id'].n_unique()} 个" for one in self._levels)
        governments = self.data.documents.filter(level=Level.GOVERNMENT.value)["organisation_id"].n_unique()
        levels += f"，政府 {governments} 个，不与它们相比" if governments else ""
        findings = self.data.findings
        still = None if findings is None else findings.filter(status=FindingStatus.OPEN.value)
        errors = 0 if still is None else still.filter(severity="error").height
        figures = (
            ("已收录的公开单位", str(self.data.documents["organisation_id"].n_unique()), "个", levels),
            ("文件", str(self.data.files.height - twice), "份", f"另有 {twice} 份重复" if twice else "没有重复文件"),
            ("读取完整的文件", str(whole), "份", f"部分读出 {part} 份，未能读取 {failed} 份"),
            (
                "未处理的问题",
                "—" if still is None else str(still.height),
                "个",
                "尚未核对" if still is None else f"其中错误 {errors} 个",
            ),
        )
        return Headlines(tuple(Headline(*figure) for figure in figures))

    @property
    def answer(self) -> Paragraph:
        """Who spends most at each level, how the middle moved, how many lie apart."""
        sentences = [sentence for level in self._levels for sentence in _answer(level)]
        if not any(not level.pairs.is_empty() for level in self._levels):
            sentences.append("这一年的支出总表没有读出合计数，不能排列；原因见文末。")
        apart = {one.name for one in self.outliers.apart}
        if apart:
            named = "、".join(sorted(apart)[:_NAMED]) + ("等" if len(apart) > _NAMED else "")
            sentences.append(f"有 {len(apart)} 个在项目占比、“三公”占比或增幅上离同级较远：{named}。")
        touched = sum(level.pairs.filter(pl.col("suspect")).height for level in self._levels)
        if touched:
            sentences.append(f"有 {touched} 个支出合计因未处理的错误而存疑，以 ※ 标出。")
        if names := dict.fromkeys(name for level in self._levels for name in level.regions.values() if name != UNNAMED):
            sentences.append(
                f"所列单位分属 {len(names)} 个地区（{_some(list(names))}），金额按地区合计，不跨地区加总。"
            )
        if all(not level.pairs.is_empty() for level in self._levels):
            sentences.append("部门的数字包含其所属单位，两级分列，不作加总。")
        return Paragraph(sentences)

    @cached_property
    def _pairs(self) -> pl.DataFrame:
        return both_levels(*self._levels)

    @property
    def pairs_chart(self) -> Chart | Paragraph | None:
        """How much of a department is the unit of its own name; None for one alone, of which the table says it."""
        comparable = self._pairs.filter((pl.col("whole") > 0) & (pl.col("rest") >= 0) & (pl.col("itself") >= 0))
        if comparable.is_empty():
            return Paragraph(["这一年没有同一名称在两级都有可比的合计数，不能比较部门与其本级单位。"])
        if comparable.height == 1:
            return None
        shown = comparable.head(_PAIRS).select("name", "itself", "rest").rename({"name": "row"})
        parts = {"itself": "本级单位", "rest": "所属其他单位（部门减本级）"}
        rows = shown.unpivot(["itself", "rest"], index="row", variable_name="key", value_name="amount")
        ordered = shown.select("row").join(rows, on="row", how="left", maintain_order="left_right")
        frame = ordered.with_columns(name=pl.col("key").replace_strict(parts))
        phase = self._levels[0].phase_name
        more = cut_words(_PAIRS, comparable.height, "个", "只画最大的")
        source = source_line(f"{comparable.height} 个", str(self.data.year), f"部门{phase}和单位{phase}")
        caption = Caption(
            "both-levels",
            f"{self.data.year}年部门支出中本级所占比重",
            f"部门支出{phase}为 100%，包含本级{more}",
            source,
        )
        return bars.share_rows(frame, caption, {"itself": SERIES_COLOURS[0], "rest": OTHER})

    @property
    def pairs_table(self) -> Table | Paragraph:
        """Department, unit of its own name, and the difference."""
        if self._pairs.is_empty():
            return Paragraph([])
        upper, lower = (level.amounts for level in self._levels)
        year, shown = self.data.year, self._pairs.head(_FILES)
        body = tuple(
            (
                row["name"],
                cell(upper[row["key"], year, "total"]),
                cell(lower[row["key"], year, "total"]),
                signed_wan(row["rest"]),
                percent(share(row["itself"], row["whole"])),
            )
            for row in shown.iter_rows(named=True)
        )
        cut = cut_words(_FILES, self._pairs.height, "个", "只列前")
        title = f"{year}年同一名称的部门与本级单位（{self._levels[0].phase_name}，万元）；部门已含单位，不可加总{cut}"
        return Table(title, columns(["名称"], ["部门", "本级单位", "部门减本级", "本级占部门"]), body)

    @property
    def findings(self) -> Table | Paragraph:
        """How many findings are still open, by organisation."""
        return problems.counts_by(self.data.findings, self.data.documents)

    @property
    def limits(self) -> Paragraph:
        """What the figures do not tell."""
        items = self.data.report_data.items.filter(fiscal_year=self.data.year)
        phases = dict.fromkeys(level.phase for level in self._levels if not level.documents.is_empty())
        return Paragraph(
            [
                *self._unread(),
                *(sentence for level in self._levels for sentence in _gaps(level)),
                *limits.document_faults(self.data.documents),
                *limits.suspect_words(items, self.data.report_data.findings is not None),
                "文件没有写明单位隶属哪个部门：只比较名称相同的部门与单位。",
                "规模、职能和编制不同的单位，金额不宜直接比较；离群不等于有错。",
                *(limits.nominal(phase) for phase in phases),
                *limits.always(),
            ]
        )

    def _unread(self) -> list[str]:
        failed = self.data.files.filter(status=Status.FAILED.value)["source_file"].sort().to_list()
        words = [f"{len(failed)} 份文件未能读取：{_some(failed)}。"] if failed else []
        if self.unplaced:
            words.append(f"另有 {self.unplaced} 份文件没有读出年度，可能有属于这一年的，见清洗报告。")
        return [*words, "没有公布文件的单位不在本页：这里是已收集的文件，不是全部单位的名单。"]

    @property
    def documents_table(self) -> Table:
        """The files of the year, those with something to say first."""
        quiet = (pl.col("status") == Status.PARSED.value) & pl.col("message").is_null() & pl.col("note").is_null()
        files = self.data.documents.sort(quiet, maintain_order=True)
        table = limits.documents_table(files.head(_FILES))
        return replace(table, caption=table.caption + cut_words(_FILES, files.height, "份", "只列前"))


def _money(level: LevelFrames) -> list[Headline]:
    """The figures of one level that are read first; nothing where it has no total."""
    rows = level.pairs
    if rows.is_empty():
        return []
    if level.regions:
        return [_of_region(level, name, part) for name, part in islice(by_region(rows, level.regions), _REGIONS)]
    amounts, top = rows["amount"].to_list(), rows.row(0, named=True)
    whole = sum(amounts, Decimal(0))
    both = rows.filter(pl.col("before").is_not_null())
    moved = growth(sum(both["amount"].to_list(), Decimal(0)), sum(both["before"].to_list(), Decimal(0)))
    change = f"{level.year - 1}年无可比数"
    if moved is not None:
        change = f"两年均有的 {both.height} 个：{signed_percent(moved)}（名义）"
    together = Headline(f"所列 {rows.height} 个{level.name}支出{level.phase_name}合计", wan(whole), "万元", change)
    if rows.height == 1:
        return [Headline(f"{level.name}：{top['name']}", cell(amount_of(top)), "万元", _alone(level, moved))]
    part = f"占所列合计 {percent(share(top['amount'], whole))}"
    largest = Headline(f"支出最多：{top['name']}", cell(amount_of(top)), "万元", part)
    if rows.height < _FEWEST_FOR_MIDDLE:
        return [together, largest]
    low, middle, high = quartiles(amounts)
    return [together, Headline(f"{level.name}中位数", wan(middle), "万元", f"P25 {wan(low)}，P75 {wan(high)}"), largest]


def _of_region(level: LevelFrames, region: str, rows: pl.DataFrame) -> Headline:
    """What the organisations of one region spend together, where a level has those of several."""
    top = rows.row(0, named=True)
    if rows.height == 1:
        return Headline(f"{region}：{top['name']}", cell(amount_of(top)), "万元", f"支出{level.phase_name}")
    whole = sum(rows["amount"].to_list(), Decimal(0))
    most = f"最多：{top['name']}，占 {percent(share(top['amount'], whole))}"
    return Headline(f"{region}：所列 {rows.height} 个{level.name}支出{level.phase_name}合计", wan(whole), "万元", most)


def _alone(level: LevelFrames, moved: Decimal | None) -> str:
    """What is said of the only one of a level: nothing that ranks it."""
    change = f"{level.year - 1}年无可比数" if moved is None else f"比上年 {signed_percent(moved)}（名义）"
    return f"支出{level.phase_name}；{change}"


def _answer(level: LevelFrames) -> list[str]:
    """What is said of one level; nothing where it has no total."""
    rows, year = level.pairs, level.year
    if rows.is_empty():
        return []
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    if rows.height == 1:
        moved = growth(first["amount"], first["before"])
        change = "" if moved is None else f"，比上年 {signed_percent(moved)}（名义）"
        return [f"{level.name}只有一个有合计数：{first['name']}，{wan(first['amount'])} 万元{change}，不作排名。"]
    middle = "" if level.regions else f"，中位数 {wan(quantile(rows['amount'].to_list(), _HALF))} 万元"
    words = [
        f"{rows.height} 个{level.name}中，{year}年支出{level.phase_name}最多的是{first['name']}"
        f"（{wan(first['amount'])} 万元），最少的是{last['name']}（{wan(last['amount'])} 万元）{middle}。"
    ]
    known = rows.filter(pl.col("before").is_not_null())
    if known.is_empty():
        return [*words, f"没有一个{level.name}有 {year - 1} 年的可比数，不作增减比较。"]
    if known.height == 1:
        only = known.row(0, named=True)
        moved = growth(only["amount"], only["before"])
        change = "上年为零或负数，不计算增幅" if moved is None else f"比上年 {signed_percent(moved)}（名义）"
        return [*words, f"只有{only['name']}一个{level.name}与上年可比：{change}。"]
    rises = known.filter(pl.col("amount") > pl.col("before")).height
    falls = known.filter(pl.col("amount") < pl.col("before")).height
    moves = [m for now, then in known.select("amount", "before").iter_rows() if (m := growth(now, then)) is not None]
    middle_growth = f"，增减幅度的中位数 {signed_percent(quantile(moves, _HALF))}（名义）" if moves else ""
    return [*words, f"与上年可比的 {known.height} 个{level.name}中，{rises} 个增加，{falls} 个减少{middle_growth}。"]


def _gaps(level: LevelFrames) -> list[str]:
    """Which organisations of a level are missing, in part or whole, or cannot be compared."""
    if level.documents.is_empty():
        return [f"没有{level.name}一级的文件。"]
    words = []
    kind = KIND_OF_PHASE[level.phase].value
    other = level.without_total.filter(~pl.col("kinds").list.contains(kind))["organisation"].to_list()
    silent = level.without_total.filter(pl.col("kinds").list.contains(kind))["organisation"].to_list()
    if other:
        words.append(
            f"{len(other)} 个{level.name}没有{KIND_NAMES[kind]}文件，没有排入（两种数字不相混）：{_some(other)}。"
        )
    if silent:
        words.append(f"{len(silent)} 个{level.name}的支出总表没有读出合计：{_some(silent)}；图表中是空缺，不是零。")
    if level.discontinued:
        words.append(f"{len(level.discontinued)} 个{level.name}上年有文件，这一年没有：{_some(level.discontinued)}。")
    new = level.pairs.filter(pl.col("before").is_null()).height
    base = level.pairs.filter(pl.col("before") <= 0).height
    if new:
        words.append(f"{new} 个{level.name}没有上年的可比数，不计算增减幅度。")
    if base:
        words.append(f"{base} 个{level.name}上年为零或负数，不计算增减幅度。")
    if level.public_phase is not level.phase:
        words.append(
            f"{level.name}的“三公”只印出{PHASE_NAMES[level.public_phase]}数，没有与支出{level.phase_name}相比。"
        )
    return words


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f" 等 {len(names)} 个" if len(names) > _NAMED else "")
