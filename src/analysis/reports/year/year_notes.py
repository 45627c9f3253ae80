"""What the notes of one year state, organisation by organisation: procurement, assets, vehicles, staff, and goals.

Of each organisation the document is taken whose phase the level is told in. What a document does not state is a gap and
no zero, and no column is added up: not everybody states everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from analysis.display.amounts import GAP, percent, wan
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.indicators.structure import share
from analysis.knowledge.fact_rules import subject_names
from analysis.reports.captions import cut_words
from analysis.reports.cells import columns, yuan
from analysis.reports.series.sources import KIND_OF_PHASE
from analysis.reports.stated_notes import MONEY, Row, StatedNotes, fact_cell
from analysis.reports.year.year_frames import LevelFrames

# What is compared, and what its column is called.
_COMPARED = {
    "procurement": "政府采购", "agency_operating": "机关运行", "fixed_assets": "固定资产", "vehicles": "车辆（辆）",
    "staff_in_service": "在职（人）", "performance_projects": "有目标的项目", "performance_amount": "涉及资金",
}  # fmt: skip
_LISTED = 100


@dataclass(frozen=True)
class YearNotes:
    """The notes of all departments, or of all units."""

    frames: LevelFrames
    notes: StatedNotes

    @cached_property
    def _documents(self) -> pl.DataFrame:
        """One document an organisation: of the level's phase."""
        kind = KIND_OF_PHASE[self.frames.phase].value
        documents = self.frames.documents.filter(kind=kind)
        return documents.unique("organisation_id", keep="first", maintain_order=True)

    @cached_property
    def _stated(self) -> Mapping[tuple[str, str], Row]:
        """The facts by document and subject; where budget and execution are stated, the latter."""
        facts = self.notes.facts.join(self._documents.select("document_id"), on="document_id", how="semi")
        stated: dict[tuple[str, str], Row] = {}
        for row in facts.sort("phase", "number").iter_rows(named=True):
            stated[row["document_id"], row["subject"]] = row
        return stated

    @cached_property
    def _subjects(self) -> list[str]:
        """What is compared: the subjects that anybody states to be more than nothing."""
        there = {subject for (_, subject), row in self._stated.items() if row["value"]}
        return [subject for subject in _COMPARED if subject in there]

    @cached_property
    def _forms(self) -> Mapping[str, int]:
        """How many projects have indicators, by document."""
        return dict(self.notes.forms.group_by("document_id").len().iter_rows())

    @property
    def table(self) -> Table | Paragraph:
        """Who states what, the largest by expenditure first."""
        if not self._subjects and not any(name in self._forms for name in self._documents["document_id"]):
            return Paragraph([f"各{self.frames.name}的文件没有读出政府采购、资产、人员和绩效目标的数字。"])
        ranked = self.frames.pairs.select(pl.col("key").alias("organisation_id"), "rank")
        rows = self._documents.join(ranked, on="organisation_id", how="left").sort(
            "rank", "organisation", nulls_last=True
        )
        heads = [_COMPARED[name] for name in self._subjects]
        body = tuple(self._row(row) for row in rows.head(_LISTED).iter_rows(named=True))
        title = f"{self.frames.year}年各{self.frames.name}说明部分所述（金额为万元；— 为文件没有写明）"
        cut = cut_words(_LISTED, rows.height, "个", "只列前")
        more = ["占项目支出"] if "performance_amount" in self._subjects else []
        return Table(title + cut, columns([self.frames.name], [*heads, *more, "目标表（张）"]), body)

    def _row(self, document: Row) -> tuple[str | TableCell, ...]:
        identifier = document["document_id"]
        cells = [fact_cell(self._stated.get((identifier, subject))) for subject in self._subjects]
        if "performance_amount" in self._subjects:
            amount = self._stated.get((identifier, "performance_amount"))
            project = self.frames.amounts.get((document["organisation_id"], self.frames.year, "project"))
            cells.append(percent(share(amount["value"], yuan(project))) if amount else GAP)
        return (document["organisation"], *cells, str(self._forms.get(identifier, GAP)))

    @property
    def answer(self) -> Paragraph:
        """Of how many each is known, and who states the most; nothing where there is nobody to compare."""
        if self._documents.height < 2:
            return Paragraph([])
        sentences = []
        for subject in self._subjects:
            rows = [
                (self._stated[name, subject], organisation)
                for name, organisation in self._documents.select("document_id", "organisation").iter_rows()
                if (name, subject) in self._stated
            ]
            most, who = max(rows, key=lambda one: Decimal(one[0]["value"]))
            label, value = subject_names()[subject][0], _in_words(most)
            if len(rows) == 1:
                sentences.append(f"只有{who}写明{label}（{value}）。")
            else:
                sentences.append(f"{len(rows)} 个{self.frames.name}写明{label}，最多的是{who}（{value}）。")
        return Paragraph(sentences)


def _in_words(row: Row) -> str:
    if row["unit"] == MONEY:
        return f"{wan(row['value'])} 万元"
    return f"{row['value'].normalize():,f} {row['unit']}"
