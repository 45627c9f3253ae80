"""The report by function: who spends on a functional code, how that moved over years and organisations.

Departments contain their units, so each level has views of its own, and nothing is added over levels or phases. A code
is followed through the years by the code books: a known renaming goes on, anything else breaks the series and is told.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from analysis.charts.chart import Chart
from analysis.dataset.store import scan_table
from analysis.display.amounts import percent, wan
from analysis.display.tables import Headline, Headlines, Paragraph, Table
from analysis.indicators.structure import share
from analysis.reports import limitations as limits
from analysis.reports.function.function_below import FunctionBelow
from analysis.reports.function.function_frames import ABSENT, NO_FILE, FunctionFrames
from analysis.reports.function.function_level import FunctionLevel, total
from analysis.reports.function.function_scope import (
    CODE_LEVEL_NAMES,
    CODE_LEVELS,
    code_scope,
    occurring_codes,
    whole_code,
)
from analysis.reports.series import followed_codes as codes
from analysis.reports.series.sources import ReportData, load_report_data, read_documents
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, GRANTED_TABLE, SPENT_WORDS, TOTAL
from analysis.terms.line_item import Level, Phase, RowRole, Side

_FILES, _TOLD_CODES = 100, 8
_NO_OTHER = "另一层级的文件没有列出这一科目。"


def open_function(clean_dir: Path, code: object, level: str = "") -> "FunctionReport":
    """Read and check what the parameters of the notebook ask for.

    Args:
        clean_dir: The cleaned dataset.
        code: A functional code of 3, 5 or 7 digits, as text.
        level: "class", "section" or "item"; "" where the code says it.

    Raises:
        ParameterError: The code does not occur, is of another level, or came as a number.
    """
    asked = whole_code(code)
    wanted = (
        pl.col("table").is_in(list(SPENT_WORDS))
        & (pl.col("side") == Side.EXPENDITURE.value)
        & (pl.col("measure") == TOTAL)
        & (pl.col("code").str.starts_with(asked) | (pl.col("row_role") == RowRole.TOTAL.value))
    )
    data = load_report_data(clean_dir, read_documents(clean_dir), None, None, wanted)
    printed = data.items.filter(pl.col("amount").is_not_null(), pl.col("code_level").is_not_null(), code=asked)
    names = dict(printed.sort("document_year", "name").select("code", pl.col("name").fill_null("")).iter_rows())
    if not names:
        # Only a code that is refused costs a look at all others.
        known = occurring_codes(scan_table(clean_dir, "line_items")).filter(pl.col("code") != asked)
        names = dict(known.select("code", pl.col("name").fill_null("")).iter_rows())
    return FunctionReport(code_scope(asked, level, names), names[asked], data)


@dataclass(frozen=True, eq=False)
class FunctionReport:
    """All sections of one report."""

    code: str
    name: str
    data: ReportData

    @cached_property
    def levels(self) -> list[FunctionLevel]:
        """A level that prints the code has its views; the one with more organisations is first, else departments."""
        return self._of_table(EXPENDITURE_TABLE) or self._of_table(GRANTED_TABLE)

    @cached_property
    def granted(self) -> list[FunctionLevel]:
        """The views of those who print functions in 财政拨款支出表 alone: never beside those of all expenditure."""
        found = self._of_table(GRANTED_TABLE)
        return [] if found and found[0].frames.table == self.main.frames.table else found

    def _of_table(self, table: str) -> list[FunctionLevel]:
        found = [view for level in Level if (view := self._level(level, table)) is not None]
        return sorted(found, key=lambda one: (-one.frames.count, one.frames.level is not Level.DEPARTMENT))

    def _level(self, level: Level, table: str) -> FunctionLevel | None:
        """Budgets where as many organisations print the code in them, else final accounts; the others beside."""
        phases = [FunctionFrames(self.code, self.name, level, phase, self.data, table) for phase in Phase]
        there = sorted((one for one in phases if one.count), key=lambda one: -one.count)
        return FunctionLevel(there[0], there[1] if len(there) > 1 else None) if there else None

    @property
    def main(self) -> FunctionLevel:
        """The level at which more organisations print the code."""
        return self.levels[0]

    @property
    def second(self) -> FunctionLevel | None:
        """The other level, where it prints the code."""
        return self.levels[1] if len(self.levels) > 1 else None

    @cached_property
    def below(self) -> FunctionBelow:
        """What the code is made of."""
        return FunctionBelow(self.main.frames)

    @property
    def heading(self) -> Paragraph:
        """Which code the report is about."""
        frames = self.main.frames
        years = f"{frames.years[0]}–{frames.years[-1]}" if len(frames.years) > 1 else str(frames.years[0])
        step = next(name for name, number in CODE_LEVELS.items() if len(self.code) == 2 * number + 1)
        about = f"{self.code} {self.name}（{CODE_LEVEL_NAMES[step]}）"
        return Paragraph(
            [f"{about}：{years} 年，{frames.level_name}的{frames.phase_name}{frames.table_words}"], lead=True
        )

    @property
    def headlines(self) -> Headlines:
        """How many print it, what theirs comes to, who has most, and how much of their money it is."""
        frames, year = self.main.frames, self.main.frames.year
        pairs, level = frames.pairs, frames.level_name
        top = pairs.row(0, named=True)
        part = share(top["amount"], frames.whole(top["key"], year))
        spent = frames.spent_name
        part_words = f"其{spent}合计没有读出" if part is None else f"占其{spent} {percent(part)}"
        count = Headline(f"{year}年列有这一科目的{level}", str(pairs.height), "个", f"共 {frames.published} 个有文件")
        together = Headline(
            f"所列 {pairs.height} 个{level}合计", wan(total(pairs["amount"])), "万元", self.main.growth_words
        )
        if frames.regions:
            regions = {frames.regions[one] for one in pairs["key"]}
            together = Headline("分属的地区", str(len(regions)), "个", "合计见“主要结论”，不跨地区加总")
        most = Headline(f"最多：{top['name']}", frames.cell_of(top["key"], year), "万元", part_words)
        return Headlines((count, together, most))

    @property
    def answer(self) -> Paragraph:
        """The question of the title answered in a few sentences."""
        found = self.main.sentences
        if (other := self.second) is not None:
            frames = other.frames
            found.append(
                f"另有 {frames.count} 个{frames.level_name}列有这一科目；部门的数字包含所属单位，在后面分列，不可加总。"
            )
        if self.granted:
            count = sum(view.frames.count for view in self.granted)
            found.append(
                f"另有 {count} 个只在财政拨款支出表中列有这一科目（支出总表不列功能科目），在后面分列，不可加总。"
            )
        suspect = self.data.items.filter("suspect", code=self.code).height
        return Paragraph([*found, *([f"有 {suspect} 个数字因未处理的错误而存疑，以 ※ 标出。"] if suspect else [])])

    @property
    def other_answer(self) -> Paragraph:
        """The same for the other level."""
        return Paragraph([_NO_OTHER] if self.second is None else self.second.sentences)

    @property
    def other_chart(self) -> Chart | None:
        """The ranking of the other level."""
        return None if self.second is None else self.second.ranking_chart

    @property
    def other_table(self) -> Table | Paragraph:
        """The table of the other level, apart from the first, because departments contain their units."""
        return Paragraph([]) if self.second is None else self.second.table

    @property
    def granted_answer(self) -> Paragraph:
        """The same for those whose 支出总表 has no codes, each level by itself."""
        nobody = ["没有只在财政拨款支出表中列出这一科目的文件。"]
        return Paragraph([sentence for view in self.granted for sentence in view.sentences] or nobody)

    @property
    def granted_chart(self) -> Chart | None:
        """Their ranking, of the level with more organisations."""
        return self.granted[0].ranking_chart if self.granted else None

    @property
    def granted_table(self) -> Table | Paragraph:
        """Their table."""
        return self.granted[0].table if self.granted else Paragraph([])

    @property
    def granted_other_table(self) -> Table | Paragraph:
        """The table of their other level."""
        return self.granted[1].table if len(self.granted) > 1 else Paragraph([])

    @property
    def limits(self) -> Paragraph:
        """What the figures do not tell."""
        of_code = self.data.items.filter(code=self.code)
        followed = codes.follow(of_code)
        below = codes.follow(self.data.items.filter(pl.col("code").is_not_null() & (pl.col("code") != self.code)))
        moved = [*below.ended, *below.renamed]
        rest = len(moved) - _TOLD_CODES
        doubted = of_code.with_columns(name=pl.concat_str("organisation", "name", ignore_nulls=True))
        return Paragraph(
            [
                f"没有文件的年度是空缺（“{NO_FILE}”），不是零；有文件而没有列出的标作“{ABSENT}”。",
                f"{self.code} 只取支出总表列示的一行，不由下级科目相加；没有公布文件的单位花了多少，这里看不到。",
                "支出总表不列功能科目的文件，以财政拨款支出表列示的分列：不含其他资金，不与支出总表的数字相加或比较。",
                "部门的数字包含所属单位，两个层级分列；预算与决算分列；均不可加总。",
                "各年有文件的单位不同，“所列合计”不能代表全体，也不宜跨年比较；增长只比两年都列有这一科目的。",
                *followed.renamed, *followed.ended, *codes.came_from(self.code),
                *moved[:_TOLD_CODES], *([f"另有 {rest} 个下级科目有变动或更名。"] if rest > 0 else []),
                *limits.document_faults(self._documents),
                *limits.suspect_words(doubted, self.data.findings is not None),
                limits.nominal(self.main.frames.phase), *limits.always(),
            ]
        )  # fmt: skip

    @property
    def documents_table(self) -> Table:
        """The files that print the code, the latest first."""
        files = self._documents.sort("document_year", "organisation", descending=[True, False], maintain_order=True)
        return limits.documents_table(files.head(_FILES))

    @property
    def documents_words(self) -> Paragraph:
        """How many files the report stands on."""
        count = self._documents.height
        return Paragraph(
            [f"列有这一科目的文件共 {count} 个" + (f"，下表为最近的 {_FILES} 个。" if count > _FILES else "。")]
        )

    @cached_property
    def _documents(self) -> pl.DataFrame:
        printed = self.data.items.filter(code=self.code).select("document_id").unique()
        return self.data.documents.join(printed, on="document_id", how="semi", maintain_order="left")
