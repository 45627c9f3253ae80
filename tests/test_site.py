"""The index: everything is there, nothing of a document is markup, links lead only to what exists."""

import csv
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import openpyxl
import polars as pl
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.dataset.store import read_table
from analysis.exploring import lab
from analysis.pages import assets
from analysis.reports.unit.unit_scope import unit_specs
from analysis.site import build_site


@pytest.fixture
def clean_dir(tmp_path: Path) -> Path:
    good, hostile = document(1, "某街道办事处", 2024), document(2, SCRIPT, 2023)
    failed = {"document_id": "d3", "source_file": '"><img src=x onerror=alert(1)>.pdf', "status": "failed",
              "message": FORMULA}  # fmt: skip
    rows = [amount(good, None, "合计", 123_456_789), amount(hostile, None, "合计", 1)]
    return write_tables(tmp_path / "clean", {"documents": [good, hostile, failed], "line_items": rows})


def rows_of(page: Path) -> list[dict[str, object]]:
    """The rows that the page's script reads."""
    (data,) = lxml.html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//script[@id='rows']")
    rows: list[dict[str, object]] = json.loads(data.text)["rows"]
    return rows


def test_index_has_every_organisation_and_files_every_file(clean_dir: Path, tmp_path: Path) -> None:
    index = build_site(clean_dir, tmp_path / "site")
    html = index.read_text(encoding="utf-8")
    assert len(rows_of(index)) == 2
    assert "12,345.68" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    files = index.with_name("files.html")
    assert len(rows_of(files)) == 3
    for text in (html, files.read_text(encoding="utf-8")):
        assert "<img" not in text and "<script>" not in text
        assert not re.search(r"(src|href)=[\"']?(https?:)?//", text)
    assert "未能读取" in files.read_text(encoding="utf-8")
    names = {path.name for path in (tmp_path / "site" / "assets").iterdir()}
    assert {"WorkbenchSC-Regular.woff2", "page.css", "report.js", "plotly.min.js"} <= names


def links_of(page: Path) -> set[str]:
    html = lxml.html.document_fromstring(page.read_text(encoding="utf-8"))
    return {
        unquote(str(link)) for link in html.xpath("//a/@href | //script/@src | //link/@href") if "#" not in str(link)
    }


def test_links_lead_only_to_what_is_there(clean_dir: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    report = unit_specs(read_table(clean_dir, "documents"))[0].page(site)
    for path in (None, report, site / "data-docs" / "index.html", site / "audit" / "index.html"):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        index = build_site(clean_dir, site)
        for page in (index, site / "files.html", site / "dictionary.html"):
            assert all((site / link.partition("?")[0]).is_file() for link in links_of(page))
        assert path is None or path.relative_to(site).as_posix() in links_of(index)


def test_downloads_are_the_dataset_in_every_form(clean_dir: Path, tmp_path: Path) -> None:
    hostile = document(9, FORMULA, 2024)
    write_tables(tmp_path / "clean", {"documents": [hostile], "line_items": [amount(hostile, None, "合计", 1)]})
    folder = build_site(clean_dir, tmp_path / "site").parent / "downloads"
    assert pl.read_parquet(folder / "line_items.parquet").equals(read_table(clean_dir, "line_items"))
    with zipfile.ZipFile(folder / "budget-csv.zip") as archive:
        assert {"documents.csv", "line_items.csv"} <= set(archive.namelist())
        (row,) = csv.DictReader(archive.read("documents.csv").decode("utf-8-sig").splitlines())
    assert row["organisation"] == f"'{FORMULA}"
    sheet = openpyxl.load_workbook(folder / "budget.xlsx")["documents"]
    assert all(cell.data_type != "f" and cell.hyperlink is None for line in sheet.iter_rows() for cell in line)


def test_a_shared_file_is_written_anew_when_it_differs(tmp_path: Path) -> None:
    assets.write_assets(tmp_path)
    kept = (tmp_path / "page.css").stat().st_mtime_ns
    (tmp_path / "report.js").write_text("old")
    assets.write_assets(tmp_path)
    assert "Plotly" in (tmp_path / "report.js").read_text(encoding="utf-8")
    assert (tmp_path / "page.css").stat().st_mtime_ns == kept


def test_report_files_have_safe_names(clean_dir: Path) -> None:
    keys = [report.key for report in unit_specs(read_table(clean_dir, "documents"))]
    assert all(re.fullmatch(r"[\w-]+", key) for key in keys)
    assert len(set(keys)) == 2


def test_lab_listens_on_the_loopback_only_and_hides_its_token(tmp_path: Path) -> None:
    words = lab.arguments(tmp_path, tmp_path, "zh", browser=False)
    assert "--ServerApp.ip=127.0.0.1" in words
    assert not any("token" in word.lower() for word in words)
