"""The audit pages: one over all findings, one for each document, and the findings as csv and xlsx.

    site/audit/index.html              counts, every finding, filters
    site/audit/<document_id>.html      one document, its pictures in the page: it can be sent alone
    site/audit/pictures/               the pictures of the index, loaded as somebody scrolls
    site/downloads/findings.csv|xlsx|…

Nothing is fetched from anywhere, nothing of a document is markup. The scripts filter the cards and are allowed by name
or digest; without them everything is shown. What an earlier run wrote and this one does not is removed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.atomic import replacing, write_text
from analysis.dataset.export.formats import table_formats
from analysis.dataset.unchecked import unchecked_documents
from analysis.display.duty_tables import duties_by_document, duties_of_document, unmet_duties
from analysis.display.pictures import LEGEND, embedded, picture_html
from analysis.display.tables import Heading, Paragraph, Table
from analysis.display.templating import Markup, render
from analysis.display.words import SEVERITY_NAMES
from analysis.pages import assets
from analysis.pages.shell import NavLink, PageLocation, Shell, nav_links
from analysis.site.audit.audit_cards import Finding, card
from analysis.site.audit.audit_downloads import write_downloads
from analysis.site.audit.audit_overview import by_document, by_rule, filters, headlines, lead
from analysis.terms.document import READ_STATUSES
from analysis.terms.snapshot import Crop, Snapshot

MOST_ON_INDEX = 400
_AT_ONCE = 100
NO_SOURCE = Snapshot((), "没有给出公布文件所在的文件夹，未出图。 / No folder of published files was given: no picture.")
_LOCATION = PageLocation("../index.html", "../assets")
_SAFE_NAME = re.compile(r"[0-9A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class AuditBatch:
    """What the pages of some documents show: findings in order, the pictures of these by finding_id, the duties."""

    findings: pl.DataFrame
    snapshots: Mapping[str, Snapshot]
    duties: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Audit:
    """All that the pages show, the findings batch by batch: pictures of all at once would fill the memory.

    Attributes:
        findings: All findings in order.
        documents: The documents table.
        duties: What every document owes, and whether it was checked.
        outcomes: Counts of the checks by document, outcome and reason.
        load_batch: What the pages of some rows of the documents show.
        sentences: What each rule says, by its id.
        notes: Sentences such as acceptances gone stale.
    """

    findings: pl.LazyFrame
    documents: pl.DataFrame
    duties: pl.LazyFrame
    outcomes: pl.DataFrame
    load_batch: Callable[[pl.DataFrame], AuditBatch]
    sentences: Mapping[str, str]
    notes: Sequence[str] = ()


def audit_page(site_dir: Path, document_id: str) -> Path | None:
    """Where the page of a document stands; None for an id that is no file name."""
    return site_dir / "audit" / f"{document_id}.html" if _SAFE_NAME.fullmatch(document_id) else None


def write_audit(audit: Audit, site_dir: Path) -> Path:
    """Write all pages and downloads; returns the index."""
    home = site_dir / "audit"
    assets.write_assets(site_dir / "assets")
    shown = audit.findings.head(MOST_ON_INDEX).collect()
    on_index = set(shown["finding_id"])
    snapshots: dict[str, Snapshot] = {}
    written = {home / "index.html"}
    read = audit.documents.filter(pl.col("status").is_in(READ_STATUSES)).unique("document_id", keep="first")
    for rows in read.sort("source_file").iter_slices(_AT_ONCE):
        batch = audit.load_batch(rows)
        snapshots |= {name: one for name, one in batch.snapshots.items() if name in on_index}
        outcomes = audit.outcomes.filter(pl.col("document_id").is_in(rows["document_id"].implode()))
        for row in rows.iter_rows(named=True):
            page = audit_page(site_dir, row["document_id"])
            if page is not None:
                write_text(page, _document_page(batch, outcomes, row, page))
                written.add(page)
    for path, crop in _pictures(shown, snapshots, home):
        with replacing(path) as temporary:
            temporary.write_bytes(crop.png)
        written.add(path)
    write_text(home / "index.html", _index(audit, shown, snapshots, read, site_dir))
    for old in [*home.glob("*.html"), *home.glob("pictures/*.png")]:
        if old not in written:
            old.unlink()
    write_downloads(audit.findings, audit.documents, site_dir / "downloads")
    return home / "index.html"


def _pictures(findings: pl.DataFrame, snapshots: Mapping[str, Snapshot], home: Path) -> list[tuple[Path, Crop]]:
    return [
        (home / _address(name, number), view)
        for name in findings["finding_id"]
        for number, view in enumerate(snapshots.get(name, NO_SOURCE).views)
        if isinstance(view, Crop)
    ]


def _address(finding_id: str, number: int) -> str:
    return f"pictures/{finding_id}-{number}.png"


def _index(
    audit: Audit, shown: pl.DataFrame, snapshots: Mapping[str, Snapshot], read: pl.DataFrame, site_dir: Path
) -> str:
    findings = audit.findings.select("severity", "status", "rule", "document_id").collect()
    names = dict(read.select("document_id", "source_file").iter_rows())
    pages = {name: page.name for name in names if (page := audit_page(site_dir, name)) is not None}

    def finding_card(row: Finding) -> Markup:
        snapshot, name = snapshots.get(row["finding_id"], NO_SOURCE), row["finding_id"]
        picture = picture_html(snapshot, row["printed"], lambda number, _: _address(name, number))
        return card(row, picture, NavLink(row["source_file"], pages.get(row["document_id"])))

    body = render(
        "site/audit_index.html.j2",
        duties=duties_by_document(audit.duties.collect()),
        lead=lead(findings, read.height),
        headlines=headlines(findings, audit.outcomes),
        notes=Paragraph(tuple(audit.notes)) if audit.notes else None,
        severities=tuple(SEVERITY_NAMES.values()),
        documents=by_document(findings, read, pages),
        by_rule=by_rule(findings, audit.sentences),
        total=findings.height,
        filters=filters(findings, names),
        legend=LEGEND,
        cards=[finding_card(row) for row in shown.iter_rows(named=True)],
        downloads=[f"findings.{one.id}" for one in table_formats()],
    )
    page = site_dir / "audit" / "index.html"
    links = nav_links(page, _LOCATION)
    shell = Shell("问题清单：公布的数字错在哪里", _LOCATION, links, scripts=(assets.AUDIT,), own_images=True)
    return shell.around(body)


def _document_page(batch: AuditBatch, outcomes: pl.DataFrame, document: Mapping[str, Any], page: Path) -> str:
    """The page of a document holds its scripts and pictures, so that it can be sent alone."""
    findings = batch.findings.filter(pl.col("document_id") == document["document_id"])
    duties = batch.duties.filter(pl.col("document_id") == document["document_id"])
    of_document = outcomes.filter(pl.col("document_id") == document["document_id"])
    title = f"{document['organisation'] or document['source_file']} {document['document_year'] or ''}"
    body = render(
        "site/audit_document.html.j2",
        title=title,
        source_file=document["source_file"],
        not_checked=_not_checked(document, of_document),
        duties=duties_of_document(duties),
        unmet=unmet_duties(duties),
        lead=lead(findings, 1),
        headlines=headlines(findings, of_document),
        filters=filters(findings, {document["document_id"]: document["source_file"]}),
        legend=LEGEND,
        cards=[
            card(row, picture_html(batch.snapshots.get(row["finding_id"], NO_SOURCE), row["printed"], embedded))
            for row in findings.iter_rows(named=True)
        ],
        unchecked=_unchecked(of_document),
    )
    scripts = (assets.text(assets.SCRIPT), assets.text(assets.AUDIT))
    return Shell(f"{title} 问题清单", _LOCATION, nav_links(page, _LOCATION), embedded=scripts).around(body)


def _not_checked(document: Mapping[str, Any], outcomes: pl.DataFrame) -> Paragraph | None:
    """That nothing could be checked in the document, and why; None where something was."""
    (sentence,) = unchecked_documents(pl.DataFrame([document]), outcomes).values() or (None,)
    return None if sentence is None else Paragraph((sentence.partition(" / ")[0],), lead=True)


def _unchecked(outcomes: pl.DataFrame) -> Table | None:
    """Why places were not checked, the most frequent reason first; None where all were."""
    reasons = outcomes.filter(pl.col("outcome") == "not_applicable").select("reason", "places")
    if reasons.is_empty():
        return None
    ordered = reasons.sort("places", "reason", descending=[True, False])
    return Table(
        "未能检查的原因",
        (Heading("原因", number=False), Heading("处数")),
        tuple((str(reason).partition(" / ")[0], str(count)) for reason, count in ordered.iter_rows()),
    )
