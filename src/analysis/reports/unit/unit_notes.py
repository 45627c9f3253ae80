"""What the notes of an organisation state beside its accounts, and its projects with their goals.

Every value is one that a document prints, under the year of that document; only what a head costs is computed, and says
so. A subject that is zero in every document is named in a sentence and takes no row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from analysis.display.amounts import GAP, percent, wan
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.indicators.structure import share
from analysis.knowledge.fact_rules import fact_rules, subject_names
from analysis.reports.cells import columns
from analysis.reports.stated_notes import (
    TOLD_WITH_TABLES,
    Row,
    StatedNotes,
    fact_cell,
    subject_label,
    where_stated,
)
from analysis.terms.public_project import GoalScope

_MOST_INDICATORS = 200


@dataclass(frozen=True)
class UnitNotes:
    """What the notes state, and the projects.

    `project_spending` is the project expenditure of a year, in yuan; `table_rows` are the figures of the printed tables
    of projects, as `table_rows` makes them.
    """

    notes: StatedNotes
    project_spending: Mapping[int, Decimal]
    table_rows: Mapping[tuple[str, int], str]

    @cached_property
    def _stated(self) -> dict[str, dict[int, Row]]:
        """The facts by subject and document year; where a document states a budget and what was done, the latter."""
        facts = self.notes.facts.filter(~pl.col("subject").is_in(TOLD_WITH_TABLES))
        facts = facts.sort("document_year", "phase", "number")
        stated: dict[str, dict[int, Row]] = {}
        for row in facts.iter_rows(named=True):
            stated.setdefault(row["subject"], {})[row["document_year"]] = row
        return {subject: stated[subject] for subject in subject_names() if subject in stated}

    @property
    def _years(self) -> list[int]:
        return sorted({year for years in self._stated.values() for year in years})

    @property
    def table(self) -> Table | Paragraph:
        """Procurement, assets, vehicles, staff and goals, document by document."""
        if not self._stated:
            return Paragraph(["所选年度文件的说明部分没有读出政府采购、国有资产、人员等数字。"])
        body = []
        for subject, years in self._stated.items():
            if any(row["value"] for row in years.values()):
                unit = next(iter(years.values()))["unit"]
                body.append((subject_label(subject, unit), *(fact_cell(years.get(year)) for year in self._years)))
        body += self._per_head()
        caption = "说明部分所述（各年文件列示；资产和车辆为所注日期的实有数）"
        return Table(caption, columns(["事项"], [f"{year}年文件" for year in self._years]), tuple(body))

    @property
    def zeros(self) -> Paragraph | None:
        """What is zero wherever it is stated, a whole without its parts; None where nothing is."""
        names = subject_names()
        zero = {subject for subject, years in self._stated.items() if not any(r["value"] for r in years.values())}
        within = {part for rule in fact_rules().parts if rule.whole in zero for part in rule.parts}
        told = [names[subject][0] for subject in self._stated if subject in zero - within]
        return Paragraph([f"各年文件均写为零：{'、'.join(told)}。"]) if told else None

    def _per_head(self) -> Iterable[tuple[str | TableCell, ...]]:
        """What agency operating expenses are for each of the staff in service, where both are stated."""
        staff, operating = self._stated.get("staff_in_service", {}), self._stated.get("agency_operating", {})
        if not any(year in operating and row["value"] for year, row in staff.items()):
            return
        cells: list[str | TableCell] = []
        for year in self._years:
            people, money = staff.get(year), operating.get(year)
            known = people is not None and money is not None and people["value"]
            cells.append(wan(money["value"] / people["value"]) if known and people and money else GAP)
        yield ("每名在职人员的机关运行经费（万元，计算所得）", *cells)

    @property
    def projects_answer(self) -> Paragraph:
        """How many projects have goals, and for which part of project expenditure."""
        projects = self.notes.projects
        counted, money = self._stated.get("performance_projects", {}), self._stated.get("performance_amount", {})
        sentences = []
        for year in sorted(set(counted) | set(money)):
            count, amount = counted.get(year), money.get(year)
            words = f"{year}年文件写明编报绩效目标的项目" + (f" {count['value']:.0f} 个" if count else "")
            if amount:
                words += f"，涉及资金 {wan(amount['value'])} 万元"
                spent = self.project_spending.get(year)
                words += f"，为项目支出的 {percent(share(amount['value'], spent))}" if spent else ""
            sentences.append(f"{words}。")
        forms = self.notes.forms.height
        if projects.is_empty():
            sentences.append("所选年度的文件未列示项目绩效目标表，也没有项目情况说明。")
        else:
            blank = sum(_is_blank(row) for row in projects.iter_rows(named=True))
            words = f"公开文件列有已填写指标的绩效目标表 {forms} 张、项目情况说明 {self._described} 份"
            whole = projects.filter(scope=GoalScope.DEPARTMENT.value).height
            words += f"，另有部门整体支出绩效目标表 {whole} 张" if whole else ""
            sentences.append(words + (f"；另有 {blank} 张绩效目标表没有填写。" if blank else "。"))
        return Paragraph(sentences)

    @property
    def _described(self) -> int:
        return self.notes.projects.filter(pl.col("described_overview").is_not_null()).height

    @property
    def projects_table(self) -> Table | None:
        """The projects by their money; None where there are none."""
        rows = self.notes.projects.sort(
            "document_year", "requested_amount", descending=[True, True], nulls_last=True, maintain_order=True
        )
        if rows.is_empty():
            return None
        counts = self._indicator_counts
        listed = rows["table_amount"].is_not_null().any()
        spent = rows["executed_amount"].is_not_null().any()
        body = [
            (
                _project_name(row),
                str(row["document_year"]),
                row["nature"] or GAP,
                _span(row),
                _money(row),
                *((self._of_table(row),) if listed else ()),
                *(_execution(row) if spent else ()),
                str(counts.get((row["document_id"], row["project"]), GAP)),
                str(counts.get((row["document_id"], row["project"], "number"), GAP)),
            )
            for row in rows.iter_rows(named=True)
        ]
        heads = (
            *columns(["项目", "年度", "性质", "期间"], []),
            *columns(
                [],
                [
                    "年度资金（万元）",
                    *(["项目支出表（万元）"] if listed else []),
                    *(["执行数", "执行率"] if spent else []),
                    "绩效指标",
                    "其中定量",
                ],
            ),
        )
        return Table("项目及其绩效目标", heads, tuple(body))

    def _of_table(self, project: Row) -> TableCell | str:
        """The amount of a project in the printed table of projects, with the place where it stands."""
        amount, row = project["table_amount"], project["table_row"]
        if amount is None:
            return GAP
        place = self.table_rows.get((project["document_id"], row))
        return TableCell(wan(amount), place, f"{amount:,} 元，{project['source_file']} 项目支出表第 {row} 行")

    @property
    def _indicator_counts(self) -> dict[tuple[Any, ...], int]:
        counts: dict[tuple[Any, ...], int] = {}
        for row in self.notes.performance.iter_rows(named=True):
            key = row["document_id"], row["project"]
            counts[key] = counts.get(key, 0) + 1
            if row["value"] is not None:
                counts[(*key, "number")] = counts.get((*key, "number"), 0) + 1
        return counts

    @property
    def indicators_table(self) -> Table | None:
        """The indicators of the latest document that prints any, under project and kind; None where none does."""
        rows = self.notes.performance
        rows = rows.filter(pl.col("document_year") == rows["document_year"].max()) if not rows.is_empty() else rows
        if rows.is_empty():
            return None
        year, left_out = rows["document_year"][0], max(0, rows.height - _MOST_INDICATORS)
        body: list[tuple[str | TableCell, ...]] = []
        levels: list[int] = []
        empty = ("", "") if self._has_actual else ("",)
        above: tuple[object, ...] = ()
        projects = {(one["document_id"], one["project"]): one for one in self.notes.projects.iter_rows(named=True)}
        for row in rows.head(_MOST_INDICATORS).iter_rows(named=True):
            project = row["document_id"], row["project"]
            kind = " · ".join(name.removesuffix("指标") for name in (row["level1"], row["level2"]) if name)
            kind = f"{kind}（实施期）" if row["long_term"] else kind
            if above[:2] != project:
                body.append((self._head(projects[project]), *empty))
                levels.append(1)
            if above != (*project, kind):
                body.append((kind or "（未写指标类别）", *empty))
                levels.append(2)
            above = (*project, kind)
            target = TableCell(
                row["printed"] or "（空白）", row["place"] if row["printed"] else None, where_stated(row)
            )
            reached = (row["actual"] or GAP,) if self._has_actual else ()
            body.append((row["level3"] or "", target, *reached))
            levels.append(3)
        words = ["项目、指标", "目标值", *(["完成值"] if self._has_actual else [])]
        more = f"；另有 {left_out} 个见数据集 performance" if left_out else ""
        caption = f"{year}年文件的绩效指标（按项目、类别逐级展开）{more}"
        return Table(caption, columns(words, []), tuple(body), levels=tuple(levels))

    def _head(self, project: Row) -> TableCell | str:
        """What stands over the indicators of a project: its name, which leads to its row in the table of projects."""
        row = self._of_table(project)
        name = _project_name(project)
        return TableCell(name, row.place, row.note) if isinstance(row, TableCell) else name

    @property
    def _has_actual(self) -> bool:
        return self.notes.performance["actual"].is_not_null().any()


def table_rows(items: pl.DataFrame) -> dict[tuple[str, int], str]:
    """The figure of each row's total in the printed tables of projects, by document and row number."""
    totals = items.filter(table="projects", measure="total").select("document_id", "row_number", "place")
    return {(document, row): place for document, row, place in totals.iter_rows()}


def _project_name(row: Row) -> str:
    """What a project is called; a form of a whole department's goals, and one without a name, say so."""
    if row["name"]:
        return str(row["name"])
    if row["scope"] == GoalScope.DEPARTMENT:
        return "（部门整体支出绩效目标）"
    return "（空白的绩效目标表）" if _is_blank(row) else "（未写项目名称）"


def _span(row: Row) -> str:
    if row["start"] and row["end"]:
        return f"{row['start']} 至 {row['end']}"
    return row["period"] or row["described_period"] or GAP


def _money(row: Row) -> TableCell | str:
    amount = row["requested_amount"] if row["requested_amount"] is not None else row["total_amount"]
    return GAP if amount is None else TableCell(wan(amount), note=f"{amount:,} 元，{where_stated(row)}")


def _execution(row: Row) -> tuple[TableCell | str, str]:
    """What was spent of a project, and of how much of its budget that is, as computed."""
    spent, budget = row["executed_amount"], row["adjusted_amount"]
    if spent is None:
        return GAP, GAP
    note = f"{spent:,} 元，{where_stated(row)}"
    return TableCell(wan(spent), note=note), percent(share(spent, budget)) if budget else GAP


def _is_blank(row: Row) -> bool:
    """Whether a form was printed and nothing filled in: it has neither name nor description."""
    unnamed = row["name"] is None and row["described_overview"] is None and row["requested_amount"] is None
    return unnamed and row["scope"] != GoalScope.DEPARTMENT
