"""A made site whose first organisation, files and findings bear every hostile name there is."""

from pathlib import Path
from typing import Any

import polars as pl

from analysis.balancing.findings import assemble
from analysis.dataset.store import read_table, to_frame, write_table
from analysis.pages.notebook_page import render
from analysis.reports.unit.unit_scope import unit_specs
from analysis.site import build_site
from analysis.site.audit.audit_pages import Audit, AuditBatch, write_audit
from analysis.terms.finding import Alternative, Severity
from analysis.terms.snapshot import Excerpt, Snapshot
from make.findings import finding
from make.made_pages import ALL, dataset, executed

KINDS = ("index", "files", "report", "audit index", "audit page", "standalone", "dictionary")


def hostile_site(folder: Path) -> Path:
    """The site: reports, one page that stands alone, audit pages, index; its executed notebook lies beside it."""
    clean_dir = dataset(folder.parent / "clean")
    documents = read_table(clean_dir, "documents")
    book = executed(folder.parent / "executed.ipynb", ALL)
    for report in unit_specs(documents):
        render(book, report.page(folder), report.title)
    render(book, folder / "alone.html", ALL, standalone=True)
    columns = ("source_file", "message_zh", "message_en", "printed", "expected", "name", "rule", "cause")
    texts: dict[str, Any] = dict.fromkeys(columns, ALL) | {"evidence": (ALL,), "alternatives": (Alternative(ALL),)}
    found = [
        finding(document_id=f"d{at}-2024", severity=severity, table="text", **texts)
        for at, severity in enumerate((Severity.ERROR, Severity.WARNING))
    ]
    findings = assemble(found, ())
    write_table(findings, clean_dir, "findings")
    marks = frozenset({(0, 0)}), frozenset({(0, 1)})
    picture = Snapshot((Excerpt(ALL, (ALL, ALL), (ALL,), ((f"前{ALL}后", ALL),), *marks),))
    batch = AuditBatch(findings, dict.fromkeys(findings["finding_id"], picture), to_frame([], "duties"))
    outcomes = pl.DataFrame({"document_id": ["d0-2024"], "outcome": ["not_applicable"], "reason": [ALL], "places": [1]})
    write_audit(
        Audit(findings.lazy(), documents, to_frame([], "duties").lazy(), outcomes, lambda _: batch, {ALL: ALL}, (ALL,)),
        folder,
    )
    build_site(clean_dir, folder)
    return folder


def report_page(site: Path) -> Path:
    return sorted((site / "reports" / "unit").glob("*.html"))[0]


def page_of(site: Path, kind: str) -> Path:
    """The page of a site that stands for its kind: one of `KINDS`."""
    pages = {
        "index": site / "index.html", "files": site / "files.html", "report": report_page(site),
        "audit index": site / "audit" / "index.html", "audit page": site / "audit" / "d0-2024.html",
        "standalone": site / "alone.html", "dictionary": site / "dictionary.html",
    }  # fmt: skip
    return pages[kind]
