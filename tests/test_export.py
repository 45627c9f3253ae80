"""Exports: exact amounts, codes as text, and nothing that a spreadsheet would run."""

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.document_rows import identifier
from analysis.dataset.export import export, harmless
from analysis.dataset.store import write_dataset
from analysis.errors import DatasetError, ParameterError

SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("http://evil","x")'


def write_tables(clean_dir: Path, tables: dict[str, list[dict[str, object]]]) -> Path:
    """Small parquet tables with the contract's columns and types; what a row leaves out is null or a filler."""
    clean_dir.mkdir(parents=True, exist_ok=True)
    frames = {}
    for table in ("documents", "line_items", "narrative"):
        schema = pl.from_arrow(arrow_schema(table).empty_table()).schema
        rows = [dict.fromkeys(schema) | row for row in tables.get(table, [])]
        frames[table] = pl.DataFrame(rows, schema=schema, orient="row")
    write_dataset(frames, clean_dir, "version")
    return clean_dir


def document(number: int, organisation: str, year: int, **more: object) -> dict[str, object]:
    return {
        "document_id": f"d{number}", "source_file": f"{number}.pdf", "status": "parsed", "kind": "budget",
        "level": "unit", "organisation": organisation, "organisation_id": identifier(organisation),
        "document_year": year,
    } | more  # fmt: skip


def amount(of: dict[str, object], code: str | None, name: str, yuan: object, **more: object) -> dict[str, object]:
    keys = ("document_id", "source_file", "organisation_id", "organisation", "level", "document_year", "kind")
    level = None if code is None else (len(code) - 1) // 2
    return {key: of[key] for key in keys} | {
        "fiscal_year": of["document_year"], "phase": "approved", "table": "expenditure", "row_number": 1,
        "side": "expenditure", "scheme": "functional", "code": code, "printed_code": code, "name": name,
        "code_level": level, "row_role": {None: "total", 3: "detail"}.get(level, "subtotal"), "measure": "total",
        "amount": Decimal(str(yuan)), "printed": str(yuan), "printed_unit": "yuan", "placement": "printed",
    } | more  # fmt: skip


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
