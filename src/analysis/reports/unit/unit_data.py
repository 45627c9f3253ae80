"""What a report by unit is made of: the slice of one organisation, and what the texts of its documents state."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.dataset.store import has_table, scan_slice
from analysis.reports.series.compared_execution import STATEMENTS
from analysis.reports.series.sources import load_report_data
from analysis.reports.stated_notes import StatedNotes, load_notes
from analysis.reports.unit.unit_scope import UnitScope


@dataclass(frozen=True, slots=True, eq=False)
class UnitData:
    """What a report by unit is made of: its documents and line items, and what the documents' texts say.

    `narrative` has the numbered items of the texts, `statements` every value that they state, as far as the dataset has
    them.
    """

    scope: UnitScope
    documents: pl.DataFrame
    items: pl.DataFrame
    narrative: pl.DataFrame
    statements: pl.DataFrame
    findings: pl.DataFrame | None
    notes: StatedNotes


def load_unit_data(clean_dir: Path, documents: pl.DataFrame, scope: UnitScope) -> UnitData:
    """Read the slice of one report by unit from the cleaned dataset."""
    of_organisation = documents.filter(organisation_id=scope.organisation_id, level=scope.level.value)
    chosen = load_report_data(clean_dir, of_organisation, organisations=[scope.organisation_id], years=scope.years)
    ids = chosen.documents["document_id"].to_list()
    stated = scan_slice(clean_dir, "narrative", [scope.organisation_id], scope.years)
    narrative = stated.filter(pl.col("document_id").is_in(ids)).collect()
    notes = load_notes(clean_dir, chosen.documents)
    statements = pl.DataFrame(schema=STATEMENTS)
    if has_table(clean_dir, "statements"):
        told = scan_slice(clean_dir, "statements", [scope.organisation_id], scope.years)
        statements = told.filter(pl.col("document_id").is_in(ids)).select(*STATEMENTS).collect()
    return UnitData(scope, chosen.documents, chosen.items, narrative, statements, chosen.findings, notes)
