"""The index of the site: who published what, how it was read, the headline figure, and where to go from there.

One page, made as text with every value escaped. Its only script filters the rows while somebody types; it stands in the
page, is allowed by its hash alone, and without it the page still shows everything.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from analysis.publishing.amounts import GAP, wan
from analysis.publishing.audit import audit_page
from analysis.publishing.audit_cards import SEVERITIES
from analysis.publishing.dataset import read_table, scan_table
from analysis.publishing.files import write_text
from analysis.publishing.pages import POLICY, stylesheet
from analysis.publishing.parameters import LEVEL_NAMES, unit_reports
from analysis.publishing.reports import share_assets, unit_page
from analysis.terms.line_item import Kind, Level, RowRole

_KINDS = {Kind.BUDGET.value: "预算", Kind.FINAL.value: "决算"}
_STATUS = {"parsed": "已读全", "partial": "部分读出", "failed": "未能读取", "duplicate": "重复文件"}
_DOWNLOADS = (".csv", ".xlsx", ".parquet", ".md")
_SCRIPT = """
const box = document.getElementById("search"), rows = [...document.querySelectorAll("tr[data-text]")];
const [count, level, year] = ["count", "level", "year"].map(name => document.getElementById(name));
function filter() {
  const words = box.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits = words.every(word => row.dataset.text.includes(word))
      && (!level.value || row.dataset.level === level.value) && (!year.value || row.dataset.year === year.value);
    row.hidden = !fits; shown += fits;
  }
  count.textContent = "显示 " + shown + " / " + rows.length + " 个文件";
}
for (const control of [box, level, year]) control.addEventListener("input", filter);
filter();
"""


@dataclass(frozen=True, slots=True)
class _Link:
    words: str
    address: str

    def html(self) -> str:
        return f'<a href="{escape(quote(self.address))}">{escape(self.words)}</a>'


def build_site(clean_dir: Path, site_dir: Path) -> Path:
    """Write `index.html` over what the site holds: reports, data docs, downloads.

    Args:
        clean_dir: The cleaned dataset.
        site_dir: The site; links are made only to what is there.

    Returns:
        The index page.

    Raises:
        DatasetError: The dataset is missing or damaged.
    """
    documents = read_table(clean_dir, "documents")
    share_assets(site_dir)
    links = {
        (report.organisation_id, report.level.value): _Link("报告", _relative(unit_page(site_dir, report), site_dir))
        for report in unit_reports(documents)
        if unit_page(site_dir, report).exists()
    }
    index = site_dir / "index.html"
    audits = _audits(clean_dir, site_dir, documents)
    write_text(index, _page(documents, _totals(clean_dir), links, audits, _elsewhere(site_dir)))
    return index


def _totals(clean_dir: Path) -> dict[str, Decimal]:
    rows = (
        scan_table(clean_dir, "line_items")
        .filter(
            pl.col("fiscal_year") == pl.col("document_year"),
            table="expenditure",
            side="expenditure",
            measure="total",
            row_role=RowRole.TOTAL.value,
        )
        .select("document_id", "amount")
        .collect()
    )
    return dict(rows.unique("document_id", keep="first", maintain_order=True).iter_rows())


def _audits(clean_dir: Path, site_dir: Path, documents: pl.DataFrame) -> dict[str, str]:
    """What is open in each audited document, as HTML: the counts, linked to its page."""
    if not (clean_dir / "findings.parquet").exists():
        return {}
    still_open = scan_table(clean_dir, "findings").filter(pl.col("status") == "open")
    counts: dict[str, dict[str, int]] = {}
    for name, severity, count in still_open.group_by("document_id", "severity").len().collect().iter_rows():
        counts.setdefault(name, {})[severity] = count
    told = {}
    for name in documents.filter(pl.col("status").is_in(["parsed", "partial"]))["document_id"]:
        found = counts.get(name, {})
        words = "，".join(f"{title} {found[key]}" for key, title in SEVERITIES.items() if key in found) or "无"
        page = audit_page(site_dir, name)
        there = page is not None and page.exists()
        told[name] = _Link(words, _relative(page, site_dir)).html() if page and there else escape(words)
    return told


def _elsewhere(site_dir: Path) -> list[_Link]:
    pages = (
        ("问题清单", "audit/index.html"),
        ("勾稽核对报告", "validate.html"),
        ("数据质量报告（Data Docs）", "data-docs/index.html"),
    )
    links = [_Link(words, address) for words, address in pages if (site_dir / address).exists()]
    downloads = sorted(path for path in (site_dir / "downloads").glob("*") if path.suffix in _DOWNLOADS)
    return [*links, *(_Link(f"下载 {path.name}", _relative(path, site_dir)) for path in downloads)]


def _page(
    documents: pl.DataFrame,
    totals: Mapping[str, Decimal],
    links: Mapping[tuple[str, str], _Link],
    audits: Mapping[str, str],
    elsewhere: list[_Link],
) -> str:
    ordered = documents.sort("organisation", "level", "document_year", "kind", "source_file", nulls_last=True)
    rows = "".join(_row(row, totals, links, audits) for row in ordered.iter_rows(named=True))
    counts = dict(documents["status"].value_counts().iter_rows())
    summary = "，".join(f"{name} {counts[status]}" for status, name in _STATUS.items() if status in counts)
    years = sorted(set(documents["document_year"].drop_nulls()), reverse=True)
    year_options = "".join(f"<option>{year}</option>" for year in years)
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"{POLICY}; script-src 'sha256-{digest}'"
    more = "".join(f"<li>{link.html()}</li>" for link in elsewhere)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>预算工作台：公开的预算和决算</title>
<style>{stylesheet("assets")}</style>
</head>
<body>
<header class="bar"><a href="index.html">预算工作台</a><span>Budget Workbench</span></header>
<div class="page wide"><main>
<h1>公开的预算和决算：谁花了多少钱？</h1>
<p>共 {documents.height} 个文件：{escape(summary)}。金额为文件所印支出合计，万元。
<span class="note">Published budgets and final accounts; totals in 10,000 yuan.</span></p>
<div class="search">
<label><span class="note">按单位、年度或文件名查找</span>
<input id="search" type="search" placeholder="例如：街道 2024" autocomplete="off"></label>
<label><span class="note">层级</span><select id="level"><option value="">全部</option>
<option value="unit">单位</option><option value="department">部门</option></select></label>
<label><span class="note">年度</span><select id="year"><option value="">全部</option>{year_options}
</select></label>
</div>
<p class="note" id="count" role="status"></p>
<div class="table"><table>
<thead><tr><th scope="col">单位</th><th scope="col">层级</th><th scope="col">年度</th><th scope="col">种类</th>
<th scope="col" class="number">支出合计（万元）</th><th scope="col">读取</th><th scope="col">问题</th>
<th scope="col">报告</th></tr></thead>
<tbody>{rows}</tbody></table></div>
{f"<h2>更多</h2><ul>{more}</ul>" if more else ""}
</main></div>
<footer class="foot">由公开的预算、决算文件生成；不含外部资源，可离线打开。</footer>
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _row(
    row: Mapping[str, Any],
    totals: Mapping[str, Decimal],
    links: Mapping[tuple[str, str], _Link],
    audits: Mapping[str, str],
) -> str:
    name = row["organisation"] or row["source_file"]
    level = LEVEL_NAMES[Level(row["level"])] if row["level"] else GAP
    kind, year = _KINDS.get(row["kind"], GAP), str(row["document_year"] or GAP)
    status, link = row["status"], links.get((row["organisation_id"], row["level"]))
    total = None if status == "duplicate" else totals.get(row["document_id"])
    text = " ".join((name, level, year, kind, _STATUS[status], row["source_file"])).lower()
    why = f'<br><span class="note">{escape(row["message"])}</span>' if row["message"] else ""
    return (
        f'<tr data-text="{escape(text)}" data-level="{escape(row["level"] or "")}" data-year="{escape(year)}">'
        f'<th scope="row">{escape(name)}</th><td>{level}</td><td>{escape(year)}</td><td>{kind}</td>'
        f'<td class="number">{wan(total)}</td><td><span class="tag {escape(status)}">{_STATUS[status]}</span>{why}</td>'
        f"<td>{GAP if status == 'duplicate' else audits.get(row['document_id'], GAP)}</td>"
        f"<td>{link.html() if link and status in ('parsed', 'partial') else GAP}</td></tr>"
    )


def _relative(path: Path, site_dir: Path) -> str:
    return path.relative_to(site_dir).as_posix()
