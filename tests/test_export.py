"""Exports: exact amounts, codes as text, and nothing that a spreadsheet would run."""

import csv
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.cli import main
from analysis.dataset.export import formats
from analysis.dataset.export.csv_format import harmless
from analysis.dataset.export.export_format import ExportFormat
from analysis.dataset.export.formats import export
from analysis.errors import DatasetError, ParameterError
from analysis.site.downloads import write_downloads


@pytest.fixture
def clean_dir(tmp_path: Path) -> Path:
    hostile = document(1, FORMULA, 2024)
    rows = [
        amount(hostile, "201", SCRIPT, "1234567890123.45"),
        amount(hostile, None, "合计", "0.10", printed="-", printed_code="0201"),
    ]
    return write_tables(tmp_path / "clean", {"documents": [hostile], "line_items": rows})


def test_csv_is_exact_and_harmless(clean_dir: Path, tmp_path: Path) -> None:
    written = export(clean_dir, tmp_path / "out", "csv")
    assert [path.name for path in written] == ["documents.csv", "line_items.csv", "unmapped.csv", "narrative.csv"]
    raw = (tmp_path / "out" / "line_items.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    assert first["amount"] == "1234567890123.45"
    assert first["organisation"] == f"'{FORMULA}"
    assert first["document_year"] == "2024"
    assert second["printed_code"] == "0201"
    assert second["printed"] == "-"


def test_xlsx_has_no_formula_and_keeps_codes_and_years(clean_dir: Path, tmp_path: Path) -> None:
    (path,) = export(clean_dir, tmp_path / "out", "xlsx")
    sheet = openpyxl.load_workbook(path)["line_items"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, sheet[2], strict=True))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert first["organisation"].value == FORMULA
    assert first["organisation"].hyperlink is None
    assert first["name"].value == SCRIPT
    assert first["code"].value == "201"
    assert first["amount"].value == pytest.approx(1234567890123.45)
    assert first["amount"].number_format == "#,##0.00"
    assert (first["document_year"].value, first["document_year"].number_format) == (2024, "General")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", [None, "", "-", "-1,234.00", "+5%", "行政运行", "0201", "2024-01"])
def test_what_cannot_run_stays(text: str | None) -> None:
    assert harmless(text) == text


def test_unknown_format_and_missing_dataset_are_refused(clean_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="csv"):
        export(clean_dir, tmp_path, "ods")
    with pytest.raises(DatasetError, match="clean"):
        export(tmp_path / "nowhere", tmp_path, "csv")


def test_a_text_beyond_a_cell_and_an_amount_beyond_exact_numbers_stay_readable(tmp_path: Path) -> None:
    read = document(1, "某区司法局", 2024)
    rows = [amount(read, None, "合" * 40_000, "12345678901234.56")]
    clean_dir = write_tables(tmp_path / "clean", {"documents": [read], "line_items": rows})
    (path,) = export(clean_dir, tmp_path / "out", "xlsx")
    heads, cells = openpyxl.load_workbook(path)["line_items"].iter_rows(values_only=True)
    first = dict(zip(heads, cells, strict=True))
    assert len(str(first["name"])) == 32_767
    assert first["amount"] == "12345678901234.56"


def test_an_invented_format_is_written_by_the_same_command_and_offered_by_the_site(
    clean_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(dataset: Path, tables: tuple[str, ...], to: Path) -> tuple[Path, ...]:
        to.mkdir(parents=True, exist_ok=True)
        path = to / "tables.list"
        path.write_text("\n".join(tables))
        return (path,)

    monkeypatch.setitem(formats.FORMATS, "list", ExportFormat("list", "清单", write))
    out = tmp_path / "out"
    assert main(["export", "--clean", str(clean_dir), "--to", str(out), "--format", "list"]) == 0
    assert (out / "tables.list").read_text().splitlines() == ["documents", "line_items", "unmapped", "narrative"]
    offered = {one.path.name: one.words for one in write_downloads(clean_dir, tmp_path / "downloads")}
    assert offered["budget-list.zip"] == "budget-list.zip（全部表格，清单）"
    with zipfile.ZipFile(tmp_path / "downloads" / "budget-list.zip") as archive:
        assert archive.namelist() == ["tables.list"]


def test_a_file_that_is_too_long_to_be_offered_goes(
    clean_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "budget.xlsx" in {one.path.name for one in write_downloads(clean_dir, tmp_path)}
    monkeypatch.setitem(formats.FORMATS, "xlsx", replace(formats.FORMATS["xlsx"], most_rows=1))
    assert "budget.xlsx" not in {one.path.name for one in write_downloads(clean_dir, tmp_path)}
    assert not (tmp_path / "budget.xlsx").exists()
