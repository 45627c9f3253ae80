"""The index: everything is there, nothing of a document is markup, links lead only to what exists."""

import re
from pathlib import Path

import pytest
from test_export import FORMULA, SCRIPT, amount, document, write_tables

from analysis.publishing import lab
from analysis.publishing.parameters import unit_reports
from analysis.publishing.reports import unit_page
from analysis.publishing.site import build_site
from analysis.publishing.stories.series import read_table


@pytest.fixture
def clean_dir(tmp_path: Path) -> Path:
    good, hostile = document(1, "某街道办事处", 2024), document(2, SCRIPT, 2023)
    failed = {"document_id": "d3", "source_file": '"><img src=x onerror=alert(1)>.pdf', "status": "failed",
              "message": FORMULA}  # fmt: skip
    rows = [amount(good, None, "合计", 123_456_789), amount(hostile, None, "合计", 1)]
    return write_tables(tmp_path / "clean", {"documents": [good, hostile, failed], "line_items": rows})


def test_index_shows_every_file_and_escapes_everything(clean_dir: Path, tmp_path: Path) -> None:
    html = build_site(clean_dir, tmp_path / "site").read_text(encoding="utf-8")
    assert html.count("<tr data-text") == 3
    assert "12,345.68" in html
    assert "未能读取" in html
    assert html.count("<script>") == 1
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", html)
    assert (tmp_path / "site" / "assets" / "WorkbenchSC-Regular.woff2").exists()


def test_links_lead_only_to_what_is_there(clean_dir: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert "<a href" not in build_site(clean_dir, site).read_text(encoding="utf-8").split("<main>")[1]
    report = unit_reports(read_table(clean_dir, "documents"))[0]
    for path in (unit_page(site, report), site / "data-docs" / "index.html", site / "downloads" / "budget.xlsx"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    body = build_site(clean_dir, site).read_text(encoding="utf-8").split("<main>")[1]
    assert len(re.findall("<a href", body)) == 3


def test_report_files_have_safe_names(clean_dir: Path) -> None:
    keys = [report.key for report in unit_reports(read_table(clean_dir, "documents"))]
    assert all(re.fullmatch(r"[\w-]+", key) for key in keys)
    assert len(set(keys)) == 2


def test_lab_listens_on_the_loopback_only_and_hides_its_token(tmp_path: Path) -> None:
    words = lab.command(tmp_path)
    assert "--ServerApp.ip=127.0.0.1" in words
    assert not any("token" in word.lower() for word in words)
