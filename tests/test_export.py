"""Exports: exact amounts, codes as text, and nothing that a spreadsheet would run."""

import csv
from pathlib import Path

import openpyxl
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.dataset.export import export, harmless
from analysis.errors import DatasetError, ParameterError


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
    assert [path.name for path in written] == ["documents.csv", "line_items.csv", "narrative.csv"]
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
