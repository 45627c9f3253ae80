"""The audit pages: one over all findings, one for each document, and the findings as csv and xlsx.

    site/audit/index.html              counts, every finding, filters
    site/audit/<document_id>.html      one document, its pictures in the page: it can be sent alone
    site/audit/pictures/               the pictures of the index, loaded as somebody scrolls
    site/downloads/findings.csv|xlsx|…

Nothing is fetched from anywhere, nothing of a document is markup. The scripts filter the cards and are allowed by name
or digest; without them everything is shown. What an earlier run wrote and this one does not is removed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from analysis.atomic import replacing, write_text
from analysis.dataset.export.formats import table_formats
from analysis.dataset.unchecked import unchecked_documents
from analysis.display.duty_tables import duties_by_document, duties_of_document, unmet_duties
from analysis.display.pictures import LEGEND, embedded, picture_html
from analysis.display.tables import Heading, Paragraph, Table
from analysis.display.templating import render
from analysis.display.words import SEVERITY_NAMES
from analysis.pages import assets
from analysis.pages.shell import NavLink, PageLocation, Shell, nav_links
from analysis.site.audit.audit_cards import Finding, card
from analysis.site.audit.audit_downloads import write_downloads
from analysis.site.audit.audit_overview import by_document, by_rule, filters, headlines, lead
from analysis.site.audit.kept_pages import KeptCard, KeptPages, keep_pages, read_kept_pages
from analysis.terms.document import READ_STATUSES
from analysis.terms.snapshot import Crop, Snapshot

MOST_ON_INDEX = 400
_AT_ONCE = 100
NO_SOURCE = Snapshot((), "没有给出公布文件所在的文件夹，未出图。 / No folder of published files was given: no picture.")
_LOCATION = PageLocation("../index.html", "../assets")
_UNMADE = "此处无法显示（{}），其余不受影响；请报告此错误。 / This cannot be shown; the rest is not touched by it."
_SAFE_NAME = re.compile(r"[0-9A-Za-z_-]+")


Apart = Callable[[Callable[[Mapping[str, Any]], str], Mapping[str, Any]], tuple[str | None, str]]


def _made(make: Callable[[Mapping[str, Any]], str], row: Mapping[str, Any]) -> tuple[str | None, str]:
    return make(row), ""


@dataclass(frozen=True, slots=True)
class AuditBatch:
    """What the pages of some documents show: findings in order, the pictures of these by finding_id, the duties."""

    findings: pl.DataFrame
    snapshots: Mapping[str, Snapshot]
    duties: pl.DataFrame


def joined(batches: Sequence[AuditBatch]) -> AuditBatch:
    """Several batches as one."""
    snapshots = {name: one for batch in batches for name, one in batch.snapshots.items()}
    findings, duties = (pl.concat([getattr(batch, name) for batch in batches]) for name in ("findings", "duties"))
    return AuditBatch(findings, snapshots, duties)


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
        keys: For documents of which it is known what the page follows from, a key of that.
        apart: Makes a page from a row, or says why it could not be made: what breaks costs only itself.
    """

    findings: pl.LazyFrame
    documents: pl.DataFrame
    duties: pl.LazyFrame
    outcomes: pl.DataFrame
    load_batch: Callable[[pl.DataFrame], AuditBatch]
    sentences: Mapping[str, str]
    notes: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    apart: Apart = _made


def audit_page(site_dir: Path, document_id: str) -> Path | None:
    """Where the page of a document stands; None for an id that is no file name."""
    return site_dir / "audit" / f"{document_id}.html" if _SAFE_NAME.fullmatch(document_id) else None


def write_audit(audit: Audit, site_dir: Path) -> Path:
    """Write all pages and downloads that are not there already; returns the index."""
    home = site_dir / "audit"
    assets.write_assets(site_dir / "assets")
    shown = audit.findings.head(MOST_ON_INDEX).collect()
    on_index = dict(shown.group_by("document_id").agg("finding_id").iter_rows())
    read = audit.documents.filter(pl.col("status").is_in(READ_STATUSES)).unique("document_id", keep="first")
    pages = {name: page for name in read["document_id"] if (page := audit_page(site_dir, name)) is not None}
    kept, cards, snapshots, unmade = read_kept_pages(home), dict[str, KeptCard](), dict[str, Snapshot](), set[str]()
    for rows in read.sort("source_file").iter_slices(_AT_ONCE):
        names = rows["document_id"].to_list()
        standing = {
            name
            for name in names
            if kept.has(home, name, audit.keys.get(name), pages.get(name), on_index.get(name, ()))
        }
        cards |= {one: kept.cards[one] for name in standing for one in on_index.get(name, ())}
        due = rows.filter(~pl.col("document_id").is_in(list(standing)))
        if due.height:
            batch = audit.load_batch(due)
            snapshots |= {
                one: batch.snapshots.get(one, NO_SOURCE)
                for name in due["document_id"]
                for one in on_index.get(name, ())
            }
            unmade |= _write_pages(audit, batch, due, pages)
    unmade |= _write_cards(audit, shown, snapshots, cards, home, pages)
    write_text(home / "index.html", _index(audit, list(_in_turn(shown, cards)), read, site_dir))
    keys = {name: key for name, key in audit.keys.items() if name in pages and name not in unmade}
    keep_pages(home, KeptPages(keys, cards))
    written = {home / "index.html", *pages.values()}
    written |= {home / name for card in cards.values() for name in card.pictures}
    for old in [*home.glob("*.html"), *home.glob("pictures/*.png")]:
        if old not in written:
            old.unlink()
    write_downloads(audit.findings, audit.documents, site_dir / "downloads")
    return home / "index.html"


def _write_pages(audit: Audit, batch: AuditBatch, documents: pl.DataFrame, pages: Mapping[str, Path]) -> set[str]:
    """Write the pages of some documents; those that cannot be made, which say so, are returned."""
    unmade = set()
    outcomes = audit.outcomes.filter(pl.col("document_id").is_in(documents["document_id"].implode()))
    of_each = [_of_each_document(frame) for frame in (batch.findings, batch.duties, outcomes)]

    def document_page(row: Mapping[str, Any]) -> str:
        name = row["document_id"]
        findings, duties, own = (of_document(name) for of_document in of_each)
        return _document_page(AuditBatch(findings, batch.snapshots, duties), own, row, pages[name])

    for row in documents.iter_rows(named=True):
        page = pages.get(row["document_id"])
        if page is not None:
            made, reason = audit.apart(document_page, row)
            if made is None:
                unmade.add(row["document_id"])
            write_text(page, _unmade_page(row, reason, page) if made is None else made)
    return unmade


def _of_each_document(frame: pl.DataFrame) -> Callable[[str], pl.DataFrame]:
    """Gives the rows of a document, from a frame that is parted once."""
    parts, none = frame.partition_by("document_id", maintain_order=True, as_dict=True), frame.clear()
    return lambda document: parts.get((document,), none)


def _write_cards(
    audit: Audit,
    shown: pl.DataFrame,
    snapshots: Mapping[str, Snapshot],
    cards: dict[str, KeptCard],
    home: Path,
    pages: Mapping[str, Path],
) -> set[str]:
    """Add the cards of the index that are not there yet, and write their pictures; the documents of what failed."""
    unmade = set()
    for row in shown.filter(~pl.col("finding_id").is_in(list(cards))).iter_rows(named=True):
        snapshot, name = snapshots.get(row["finding_id"], NO_SOURCE), row["finding_id"]
        crops = {_address(name, at): view for at, view in enumerate(snapshot.views) if isinstance(view, Crop)}
        for address, crop in crops.items():
            with replacing(home / address) as temporary:
                temporary.write_bytes(crop.png)
        made, reason = audit.apart(lambda one: _index_card(one, snapshots, pages), row)
        if made is None:
            unmade.add(row["document_id"])
        html = str(Paragraph((_UNMADE.format(reason),)).__html__()) if made is None else made
        cards[name] = KeptCard(html, tuple(crops))
    return unmade


def _index_card(row: Finding, snapshots: Mapping[str, Snapshot], pages: Mapping[str, Path]) -> str:
    name = row["finding_id"]
    picture = picture_html(snapshots.get(name, NO_SOURCE), row["printed"], lambda number, _: _address(name, number))
    page = pages.get(row["document_id"])
    return card(row, picture, NavLink(row["source_file"], None if page is None else page.name))


def _in_turn(shown: pl.DataFrame, cards: Mapping[str, KeptCard]) -> Iterator[KeptCard]:
    return (cards[name] for name in shown["finding_id"])


def _address(finding_id: str, number: int) -> str:
    return f"pictures/{finding_id}-{number}.png"


def _index(audit: Audit, cards: Sequence[KeptCard], read: pl.DataFrame, site_dir: Path) -> str:
    findings = audit.findings.select("severity", "status", "rule", "document_id").collect()
    names = dict(read.select("document_id", "source_file").iter_rows())
    pages = {name: page.name for name in names if (page := audit_page(site_dir, name)) is not None}
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
        cards=cards,
        downloads=[f"findings.{one.id}" for one in table_formats()],
    )
    page = site_dir / "audit" / "index.html"
    links = nav_links(page, _LOCATION)
    shell = Shell(
        "问题清单：公开数据中的差错和疑点", _LOCATION, links, scripts=(assets.AUDIT, assets.TABLES), own_images=True
    )
    return shell.around(body)


def _document_page(own: AuditBatch, outcomes: pl.DataFrame, document: Mapping[str, Any], page: Path) -> str:
    """The page of a document, of its own rows; it holds its scripts and pictures, so that it can be sent alone."""
    findings, duties = own.findings, own.duties
    title = f"{document['organisation'] or document['source_file']} {document['document_year'] or ''}"
    body = render(
        "site/audit_document.html.j2",
        title=title,
        source_file=document["source_file"],
        not_checked=_not_checked(document, outcomes),
        duties=duties_of_document(duties),
        unmet=unmet_duties(duties),
        lead=lead(findings, 1),
        headlines=headlines(findings, outcomes),
        filters=filters(findings, {document["document_id"]: document["source_file"]}),
        legend=LEGEND,
        cards=[
            card(row, picture_html(own.snapshots.get(row["finding_id"], NO_SOURCE), row["printed"], embedded))
            for row in findings.iter_rows(named=True)
        ],
        unchecked=_unchecked(outcomes),
    )
    scripts = tuple(assets.text(name) for name in (assets.SCRIPT, assets.AUDIT, assets.TABLES))
    return Shell(f"{title} 问题清单", _LOCATION, nav_links(page, _LOCATION), embedded=scripts).around(body)


def _unmade_page(document: Mapping[str, Any], reason: str, page: Path) -> str:
    title = f"{document['organisation'] or document['source_file']} {document['document_year'] or ''}"
    return Shell(f"{title} 问题清单", _LOCATION, nav_links(page, _LOCATION)).around(
        Paragraph((_UNMADE.format(reason),), lead=True).__html__()
    )


def _not_checked(document: Mapping[str, Any], outcomes: pl.DataFrame) -> Paragraph | None:
    """That nothing could be checked in the document, and why; None where something was."""
    if (outcomes["outcome"] != "not_applicable").any():
        return None
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
