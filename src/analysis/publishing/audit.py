"""The audit pages: one over all findings, one for each document, and the findings as csv and xlsx.

    site/audit/index.html              counts, every finding, filters
    site/audit/<document_id>.html      one document, its pictures in the page: it can be sent alone
    site/audit/pictures/               the pictures of the index, loaded as somebody scrolls
    site/downloads/findings.csv|xlsx

Nothing is fetched from anywhere, nothing of a document is markup. The only script filters the cards and is allowed by
its hash; without it everything is shown. Pages and pictures of an earlier run that are not written again are removed.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

import polars as pl

from analysis.publishing.audit_cards import Row, card
from analysis.publishing.audit_downloads import write_downloads
from analysis.publishing.audit_overview import by_document, by_rule, filters, headlines, lead, link
from analysis.publishing.files import replacing, write_text
from analysis.publishing.pages import POLICY, stylesheet
from analysis.publishing.pictures import embedded, picture_html
from analysis.publishing.reports import share_assets
from analysis.publishing.tables import Column, Table, Words
from analysis.terms.snapshot import Crop, Snapshot

MOST_ON_INDEX = 400
NO_SOURCE = Snapshot((), "没有给出公布文件所在的文件夹，未出图。 / No folder of published files was given: no picture.")
_SAFE_NAME = re.compile(r"[0-9A-Za-z_-]+")
_SCRIPT = """
const cards = [...document.querySelectorAll("article.finding")];
const names = ["severity", "document", "rule", "status"];
const boxes = names.map(name => document.getElementById(name)).filter(Boolean);
const count = document.getElementById("count");
for (const view of document.querySelectorAll("figure.crop"))
  view.scrollLeft = view.scrollWidth * view.dataset.at - view.clientWidth / 2;
function filter() {
  let shown = 0;
  for (const one of cards) {
    const fits = boxes.every(box => !box.value || one.dataset[box.id] === box.value);
    one.hidden = !fits; shown += fits;
  }
  if (count) count.textContent = "显示 " + shown + " / " + cards.length + " 个问题";
}
for (const box of boxes) box.addEventListener("input", filter);
filter();
"""


@dataclass(frozen=True, slots=True)
class Audit:
    """All that the pages show: findings, documents, outcomes, pictures, and notes such as acceptances gone stale."""

    findings: pl.DataFrame
    documents: pl.DataFrame
    checks: pl.DataFrame
    snapshots: Mapping[str, Snapshot]
    notes: Sequence[str] = ()


def audit_page(site_dir: Path, document_id: str) -> Path | None:
    """Where the page of a document stands; None for an id that is no file name."""
    return site_dir / "audit" / f"{document_id}.html" if _SAFE_NAME.fullmatch(document_id) else None


def write_audit(audit: Audit, site_dir: Path) -> Path:
    """Write all pages and downloads; returns the index."""
    home = site_dir / "audit"
    share_assets(site_dir)
    written = {home / "index.html"}
    for path, crop in _pictures(audit.findings.head(MOST_ON_INDEX), audit.snapshots, home):
        with replacing(path) as temporary:
            temporary.write_bytes(crop.png)
        written.add(path)
    read = audit.documents.filter(pl.col("status").is_in(["parsed", "partial"])).unique("document_id", keep="first")
    for row in read.sort("source_file").iter_rows(named=True):
        page = audit_page(site_dir, row["document_id"])
        if page is not None:
            write_text(page, _document_page(audit, row))
            written.add(page)
    write_text(home / "index.html", _index(audit, read, site_dir))
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


def _index(audit: Audit, read: pl.DataFrame, site_dir: Path) -> str:
    findings = audit.findings
    shown = findings.head(MOST_ON_INDEX)
    names = dict(read.select("document_id", "source_file").iter_rows())
    pages = {name: page.name for name in names if (page := audit_page(site_dir, name)) is not None}
    cards = "".join(
        card(
            row,
            picture_html(
                audit.snapshots.get(row["finding_id"], NO_SOURCE),
                row["printed"],
                lambda number, _, name=row["finding_id"]: _address(name, number),  # type: ignore[misc]
            ),
            link(row["source_file"], pages.get(row["document_id"])),
        )
        for row in shown.iter_rows(named=True)
    )
    more = (
        f"<p>本页列出前 {shown.height} 个，其余见各文件的页面和下载文件。</p>" if shown.height < findings.height else ""
    )
    body = f"""<h1>公布的数字错在哪里？</h1>
{lead(findings, read.height)._repr_html_()}
{headlines(findings, audit.checks)._repr_html_()}
{_notes(audit.notes)}
<h2 id="documents">每个文件</h2>
{by_document(findings, read, pages)}
<h2 id="rules">每条规则</h2>
{by_rule(findings)._repr_html_() if findings.height else "<p>没有问题。</p>"}
<h2 id="findings">每个问题</h2>
{filters(findings, names) if findings.height else ""}
{cards}{more}
<h2>下载</h2><ul><li><a href="../downloads/findings.csv">findings.csv</a></li>
<li><a href="../downloads/findings.xlsx">findings.xlsx</a></li></ul>"""
    return _page("问题清单：公布的数字错在哪里", body, own_images=True)


def _document_page(audit: Audit, document: Row) -> str:
    findings = audit.findings.filter(pl.col("document_id") == document["document_id"])
    checks = audit.checks.filter(pl.col("document_id") == document["document_id"])
    cards = "".join(
        card(row, picture_html(audit.snapshots.get(row["finding_id"], NO_SOURCE), row["printed"], embedded), "")
        for row in findings.iter_rows(named=True)
    )
    names = {document["document_id"]: document["source_file"]}
    unseen = checks.filter(pl.col("outcome") == "not_applicable")
    reasons = unseen.group_by("reason").agg(pl.len()).sort("len", "reason", descending=[True, False])
    silent = Table(
        "未能检查的原因",
        (Column("原因", number=False), Column("处数")),
        tuple((str(reason).partition(" / ")[0], str(count)) for reason, count in reasons.iter_rows()),
    )
    title = f"{document['organisation'] or document['source_file']} {document['document_year'] or ''}"
    body = f"""<h1>{escape(title)}：哪些数字有问题？</h1>
<p class="note">{escape(document["source_file"])}</p>
{lead(findings, 1)._repr_html_()}
{headlines(findings, checks)._repr_html_()}
<h2 id="findings">每个问题</h2>
{filters(findings, names) if findings.height > 1 else ""}
{cards or "<p>没有发现问题；未能检查之处见下表。</p>"}
{f'<h2 id="unseen">没有检查的</h2>{silent._repr_html_()}' if reasons.height else ""}"""
    return _page(f"{title} 问题清单", body, own_images=False)


def _page(title: str, body: str, *, own_images: bool) -> str:
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"{POLICY}; script-src 'sha256-{digest}'"
    if own_images:
        policy = policy.replace("img-src data:", "img-src data: 'self' file:")
    style = (files("analysis.publishing") / "assets" / "page" / "audit.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{stylesheet("../assets")}{style}</style>
</head>
<body>
<header class="bar"><a href="../index.html">预算工作台</a><a href="index.html">问题清单</a><span>Audit</span></header>
<div class="page wide audit"><main>
{body}
</main></div>
<footer class="foot">由公开的预算、决算文件生成；不含外部资源，可离线打开。</footer>
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _notes(notes: Sequence[str]) -> str:
    return Words(tuple(notes))._repr_html_() if notes else ""
