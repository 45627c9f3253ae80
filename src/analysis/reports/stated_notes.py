"""What documents state beside their accounts, as reports show it: the rows, and a value with the place it stands at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.dataset.figure_id import STATED, stated_id
from analysis.dataset.store import has_table, scan_table, to_frame
from analysis.display.amounts import GAP, wan
from analysis.display.tables import TableCell
from analysis.knowledge.fact_rules import subject_names
from analysis.terms.public_project import GoalScope

MONEY = "元"
# Told with the tables of 三公 already.
TOLD_WITH_TABLES = (
    "three_public", "overseas_visits", "vehicles_cost", "vehicle_purchase", "vehicle_operation", "receptions",
)  # fmt: skip
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class StatedNotes:
    """The facts, projects and indicators of some documents, each row with the year and the owner of its document.

    Facts and indicators have the `place` that they lead to.
    """

    facts: pl.DataFrame
    projects: pl.DataFrame
    performance: pl.DataFrame

    @property
    def forms(self) -> pl.DataFrame:
        """The filled forms of projects, each with document and project: those that have indicators."""
        whole = self.projects.filter(pl.col("scope") == GoalScope.DEPARTMENT.value)
        filled = self.performance.select("document_id", "project").unique()
        return filled.join(whole, on=["document_id", "project"], how="anti")


def load_notes(clean_dir: Path, documents: pl.DataFrame) -> StatedNotes:
    """What the documents state beside their accounts; nothing in a dataset of before that was read."""
    owners = documents.select("document_id", "document_year", "organisation_id", "level", "kind")
    facts, projects, performance = (
        (scan_table(clean_dir, table) if has_table(clean_dir, table) else to_frame([], table).lazy())
        .join(owners.lazy(), on="document_id", how="inner")
        .with_columns(place=stated_id(table) if table in STATED else pl.lit(None, pl.String))
        .collect()
        for table in ("facts", "projects", "performance")
    )
    return StatedNotes(facts, projects, performance)


def subject_label(subject: str, unit: str) -> str:
    """What a subject is called, with its unit as it is shown: money in 万元."""
    return f"{subject_names()[subject][0]}（{'万元' if unit == MONEY else unit.replace('（套）', '/套')}）"


def fact_cell(row: Row | None) -> TableCell | str:
    """A stated value, with what is printed and where."""
    if row is None:
        return GAP
    value = row["value"]
    text = wan(value) if row["unit"] == MONEY else f"{value.normalize():,f}"
    as_of = f"，截至{row['as_of']}" if row["as_of"] else ""
    return TableCell(text, row["place"], f"原文“{row['printed']}”，{where_stated(row)}{as_of}")


def where_stated(row: Row) -> str:
    """The file of a row, and its page, line or cell."""
    if row["page"] is not None:
        return f"{row['source_file']} 第 {row['page']} 页"
    place = f"第 {row['line']} 行" if row["line"] is not None else row["cell"] or ""
    return f"{row['source_file']} {place}".strip()
