"""The report by unit: the answer first, then the figures, and at the end what they do not tell.

`UnitReport` is what the notebook shows, one property a section; the sections on what the money is spent for, what basic
expenditure is made of and where the money comes from have modules of their own. It adds no figure to those of `series`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from analysis.dataset.store import read_table
from analysis.display.amounts import percent, signed_percent, wan
from analysis.display.tables import Headline, Headlines, Paragraph, Table, TableCell
from analysis.display.words import KIND_NAMES, PHASE_NAMES
from analysis.indicators.growth import growth
from analysis.indicators.structure import share
from analysis.reports import limitations as limits
from analysis.reports import problems
from analysis.reports.captions import changed_words
from analysis.reports.cells import PrintedAmount, amount_of, amounts_by, cell, columns
from analysis.reports.deflator import read_deflator, real_growth
from analysis.reports.stated_notes import fact_cell
from analysis.reports.unit.unit_basics import UnitBasics
from analysis.reports.unit.unit_data import load_unit_data
from analysis.reports.unit.unit_execution import UnitExecution
from analysis.reports.unit.unit_frames import UnitFrames
from analysis.reports.unit.unit_income import UnitIncome
from analysis.reports.unit.unit_notes import UnitNotes, table_rows
from analysis.reports.unit.unit_scope import unit_scope
from analysis.reports.unit.unit_spending import UnitSpending
from analysis.reports.unit.unit_trends import UnitTrends
from analysis.terms.line_item import Level, Phase

_ORIGINS = {"final": "决算", "narrative": "据下年预算编制说明"}


def open_unit(
    clean_dir: Path,
    organisation: str,
    level: str | None,
    first_year: int,
    last_year: int,
    deflator: Path | None = None,
    pictures: Path | None = None,
) -> "UnitReport":
    """Read and check what the parameters of the notebook ask for.

    Args:
        clean_dir: The cleaned dataset.
        organisation: Full published name.
        level: "unit" or "department"; None where the organisation published at one level only.
        first_year: First document year.
        last_year: Last document year, included.
        deflator: A csv file `year,index`; without it growth is nominal only.
        pictures: The audit's folder in the site, whose pictures are shown with the findings; None for none.

    Raises:
        ParameterError: The dataset has no such organisation, level or years.
    """
    documents = read_table(clean_dir, "documents")
    scope = unit_scope(documents, organisation, level, first_year, last_year)
    index = read_deflator(deflator) if deflator else {}
    return UnitReport(UnitFrames(load_unit_data(clean_dir, documents, scope), index), pictures)


@dataclass(frozen=True)
class UnitReport:
    """All sections of one report."""

    frames: UnitFrames
    pictures: Path | None = None

    @cached_property
    def spending(self) -> UnitSpending:
        """What the money is spent for."""
        return UnitSpending(self.frames)

    @cached_property
    def trends(self) -> UnitTrends:
        """All codes over all years."""
        return UnitTrends(self.frames)

    @cached_property
    def basics(self) -> UnitBasics:
        """Basic and project expenditure, personnel and operating, 三公."""
        return UnitBasics(self.frames)

    @cached_property
    def execution(self) -> UnitExecution:
        """How the budget was executed."""
        return UnitExecution(self.frames)

    @cached_property
    def income(self) -> UnitIncome:
        """Where the money comes from."""
        return UnitIncome(self.frames)

    @cached_property
    def notes(self) -> UnitNotes:
        """What the notes state beside the accounts, and the projects."""
        spent = {year: amount.yuan for (year, measure), amount in self.frames.total.items() if measure == "project"}
        return UnitNotes(self.frames.data.notes, spent, table_rows(self.frames.data.items))

    @property
    def heading(self) -> Paragraph:
        """Whom the report is about, and on how much it stands."""
        documents = self.frames.data.documents
        counts = [
            (KIND_NAMES[kind], count) for kind, count in documents["kind"].value_counts().sort("kind").iter_rows()
        ]
        files = "、".join(f"{name} {count} 份" for name, count in counts)
        scope = self.frames.data.scope
        contains = "，部门数含所属单位" if scope.level is Level.DEPARTMENT else ""
        if self.frames.of_government:
            contains = "；支出是本级政府的一般公共预算支出，不含政府性基金等预算，与部门的数字不可加总、不可比较"
        return Paragraph([f"{scope.organisation}：收录{files}；以下金额为{self.frames.phase_name}数{contains}。"])

    @property
    def headlines(self) -> Headlines:
        """Total, basic and project of the latest year with the change from the year before; execution; 三公."""
        frames, year = self.frames, self.frames.year
        public = amounts_by(frames.three_public, "fiscal_year", "measure")
        total, name = frames.total, PHASE_NAMES[frames.public_phase]
        figures = (
            (f"{year}年{frames.spent_name}{frames.phase_name}", total, "total"),
            ("其中：基本支出", total, "basic"),
            ("其中：项目支出", total, "project"),
            (f"“三公”经费{name}", public, "total"),
        )
        cards = [
            self._headline(words, amounts.get((year, m)), amounts.get((year - 1, m))) for words, amounts, m in figures
        ]
        if (stated := self.basics.public_stated.get(("total", year))) is not None:
            planned = public.get((year, "total"))
            words = f"{name}数 {wan(planned.yuan)} 万元" if planned else ""
            cards[-1] = Headline(f"“三公”经费{frames.phase_name}", fact_cell(stated), "万元", words)
        executed = self.execution.headline
        return Headlines((*cards[:3], *([executed] if executed else ()), *cards[3:]))

    def _headline(self, name: str, now: PrintedAmount | None, before: PrintedAmount | None) -> Headline:
        change, year = f"{self.frames.year - 1}年无可比数", self.frames.year
        if now is not None and before is not None:
            change = changed_words(now.yuan, before.yuan)
        return Headline(name, cell(now, self.frames.gap(year)), "万元", change)

    @property
    def answer(self) -> Paragraph:
        """The question of the title answered in a few sentences."""
        frames, year = self.frames, self.frames.year
        now, before = frames.of(year), frames.of(year - 1)
        if now is None:
            return Paragraph([f"所选年度的{frames.spent_table_name}没有读出合计数，不能回答；原因见文末。"])
        moved = ""
        if before is not None:
            moved = f"，{changed_words(now, before)}，名义数"
        sentences = [f"{year}年{frames.spent_name}{frames.phase_name} {wan(now)} 万元{moved}。"]
        largest = frames.classes.filter(fiscal_year=year).sort("amount", "code", descending=[True, False])
        if not largest.is_empty():
            top = largest.row(0, named=True)
            part = percent(share(top["amount"], frames.functional_of(year)))
            of = "" if frames.functional_name == "支出" else f"{frames.functional_name}中"
            whole = f"{frames.functional_name}的 " if of else " "
            sentences.append(f"{of}最大的一类是{top['name']}，{wan(top['amount'])} 万元，占{whole}{part}。")
        ends = (("增加", frames.changes.head(1)), ("减少", frames.changes.tail(1)))
        for word, row in ends:
            for item in row.iter_rows(named=True):
                if (item["change"] > 0) == (word == "增加") and item["change"]:
                    amount = wan(abs(item["change"]))
                    sentences.append(f"{word}最多的科目是{item['name']}（{item['code']}），{word} {amount} 万元。")
        return Paragraph([*sentences, *self.execution.sentences, *self._doubts()])

    def _doubts(self) -> list[str]:
        touched = self.frames.spent.filter("suspect").height
        return [f"有 {touched} 个支出数字因未处理的错误而存疑，表中以 ※ 标出。"] if touched else []

    @property
    def totals_table(self) -> Table:
        """Totals over the years, approved and executed told apart, real growth beside nominal where it is asked for."""
        frames, name = self.frames, self.frames.phase_name
        approved = frames.phase is Phase.APPROVED and not frames.executed.is_empty()
        done = {row["fiscal_year"]: row for row in frames.executed.iter_rows(named=True)}
        rows = []
        for year in frames.years:
            now, before = frames.of(year), frames.of(year - 1)
            executed = done.get(year)
            real = [signed_percent(real_growth(now, before, frames.deflator, year))] if frames.deflator else []
            rows.append(
                (
                    str(year),
                    cell(frames.total.get((year, "total")), frames.gap(year)),
                    signed_percent(growth(now, before)),
                    *real,
                    cell(frames.total.get((year, "basic")), frames.gap(year)),
                    cell(frames.total.get((year, "project")), frames.gap(year)),
                    percent(share(frames.of(year, "project"), now)),
                    *((_executed(executed), _ORIGINS[executed["origin"]] if executed else "") if approved else ()),
                )
            )
        real_name = ["比上年（扣除价格）"] if frames.deflator else []
        numbers = [f"{frames.spent_name}{name}", "比上年（名义）", *real_name, "基本支出", "项目支出", "项目占比"]
        if not approved:
            return Table(f"各年{frames.spent_name}{name}（万元）", columns(["年度"], numbers), tuple(rows))
        caption = f"各年{frames.spent_name}{name}与执行数（万元）；执行数与{name}分列，不可加总"
        heads = (*columns(["年度"], [*numbers, "执行数"]), *columns(["执行数出处"], []))
        return Table(caption, heads, tuple(rows))

    @property
    def findings(self) -> problems.Problems | Paragraph:
        """What the audit found in the documents, with pictures where the site has them."""
        return problems.of_documents(self.frames.data.findings, self.pictures)

    @property
    def limits(self) -> Paragraph:
        """What the figures do not tell."""
        return Paragraph(limits.sentences(self.frames))

    @property
    def documents_table(self) -> Table:
        """The files that the report stands on."""
        return limits.documents_table(self.frames.data.documents)


def _executed(row: Mapping[str, object] | None) -> TableCell | str:
    if row is None:
        return cell(None, "没有决算文件，下年预算说明也没有写出上年执行数")
    if row["origin"] == "final":
        return cell(amount_of(row))
    amount = row["amount"]
    return TableCell(
        wan(amount if isinstance(amount, Decimal) else None),
        note="各条目所述上年执行数之和",
        suspect=bool(row["doubtful"]),
    )
