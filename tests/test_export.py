"""Exports: exact amounts, codes as text, and nothing that a spreadsheet would run."""

import csv
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.cli import main
from analysis.dataset.export import formats
from analysis.dataset.export.export_format import ExportFormat
from analysis.dataset.export.formats import export
from analysis.errors import DatasetError, ParameterError
from analysis.site.downloads import write_downloads
from analysis.terms.harmless_text import harmless

_FIELD = {
    "type": "object",
    "required": ["name", "type", "title", "description"],
    "properties": {"type": {"enum": ["string", "integer", "number", "boolean"]}},
}
_RESOURCE = {
    "type": "object",
    "required": ["name", "path", "profile", "encoding", "schema"],
    "properties": {
        "name": {"pattern": "^[-a-z0-9._/]+$"},
        "path": {"pattern": "^(?![/~.])[^:]+$"},
        "profile": {"const": "tabular-data-resource"},
        "schema": {
            "type": "object",
            "required": ["fields"],
            "properties": {"fields": {"type": "array", "items": _FIELD}},
        },
    },
}
PACKAGE = {
    "type": "object", "required": ["name", "profile", "resources"],
    "properties": {
        "profile": {"const": "tabular-data-package"}, "name": {"pattern": "^[-a-z0-9._/]+$"},
        "resources": {"type": "array", "minItems": 2, "items": _RESOURCE},
    },
}  # fmt: skip


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
    heads = [cell.value for cell in sheet[2]]
    first = dict(zip(heads, sheet[3], strict=True))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert first["organisation"].value == FORMULA
    assert first["organisation"].hyperlink is None
    assert first["name"].value == SCRIPT
    assert first["code"].value == "201"
    assert first["amount"].value == pytest.approx(1234567890123.45)
    assert first["amount"].number_format == "#,##0.00"
    assert (first["document_year"].value, first["document_year"].number_format) == (2024, "General")


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "\u200b=1", "\ufeff@A1", "\t甲"]
)
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
    _, heads, cells = openpyxl.load_workbook(path)["line_items"].iter_rows(values_only=True)
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


def test_a_workbook_is_made_for_an_auditor(tmp_path: Path) -> None:
    """Wide enough for its amounts, Chinese over English, a sheet an organisation, a dictionary."""
    budget, final = document(1, "某区/司法局", 2024), document(2, "某区/司法局", 2024, kind="final")
    rows = [amount(budget, "204", "公共安全支出", "1500000"), amount(budget, None, "合计", "1500000")]
    rows += [amount(final, "204", "公共安全支出", "1400000", phase="executed"),
             amount(final, "204", "公共安全支出", "1490000")]  # fmt: skip
    clean_dir = write_tables(tmp_path / "clean", {"documents": [budget, final], "line_items": rows})
    (path,) = export(clean_dir, tmp_path / "out", "xlsx")
    book = openpyxl.load_workbook(path)
    own = book[book.sheetnames[0]]
    assert own.title == "单位-某区司法局" and own.freeze_panes == "C3"
    assert [[cell.value for cell in row] for row in own.iter_rows(min_row=2)] == [
        ["编码", "名称", "级次", "2024年预算", "2024年决算"],
        ["", "合计", "合计", 1_500_000, None],
        ["204", "公共安全支出", "类", 1_500_000, 1_400_000],
    ]
    items = book["line_items"]
    heads = {cell.value: cell.column_letter for cell in items[2]}
    assert items[f"{heads['amount']}1"].value == "金额（元）" and items.freeze_panes == "A3"
    assert items.column_dimensions[heads["amount"]].width > len("1,500,000.00")
    assert {items[f"{heads['phase']}{row}"].value for row in (3, 4, 5, 6)} == {"预算", "决算"}
    assert [cell.value for cell in items[2]][-4:] == ["x0", "top", "x1", "bottom"]
    assert book["数据字典"].max_row > 60


def test_a_data_package_describes_what_lies_beside_it(clean_dir: Path, tmp_path: Path) -> None:
    """Held against the rules of the Data Package and Table Schema specifications that a reader relies on."""
    first, *files = export(clean_dir, tmp_path / "out", "datapackage")
    package = json.loads(first.read_text(encoding="utf-8"))
    jsonschema.validate(package, PACKAGE)
    assert [one["path"] for one in package["resources"]] == [path.name for path in files]
    for resource, path in zip(package["resources"], files, strict=True):
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert not rows or list(rows[0]) == list(fields)
        for row in rows:
            for name, text in row.items():
                if text and fields[name]["type"] in ("integer", "number"):
                    assert str(Decimal(text)) and (fields[name]["type"] == "number" or "." not in text)
                assert text or not fields[name]["constraints"]["required"]
    (items,) = [one for one in package["resources"] if one["name"] == "line_items"]
    assert items["schema"]["foreignKeys"][0]["reference"]["resource"] == "documents"
    with (tmp_path / "out" / "line_items.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["organisation"] == f"'{FORMULA}"
    assert (tmp_path / "out" / "line_items.csv").read_text("utf-8").count(",1234567890123.45,") == 1
