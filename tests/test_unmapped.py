"""Nothing printed is lost: every money cell is a line item, or is kept with its words, its place and the reason."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from make.books import FAMILIES, IDENTITIES

from analysis.balancing.resolve import resolve
from analysis.dataset.document_rows import line_item_rows, reading_row, table_rows, unmapped_rows
from analysis.dataset.export.formats import export
from analysis.dataset.store import read_table, to_frame
from analysis.reading.read_document import read_document
from analysis.steps.check import check_dataset
from analysis.steps.clean import clean_folder
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.code import Scheme
from analysis.terms.document import Cover, ReadDocument, Status
from analysis.terms.line_item import (
    Column,
    Figure,
    Kind,
    Level,
    LineItem,
    Phase,
    Place,
    Row,
    RowRole,
    Side,
)
from analysis.terms.money import Unit
from analysis.terms.printed_table import PrintedTable, UnmappedCell, UnmappedReason

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data" / "raw" / "上海市普陀区公务网管理中心-2023-单位预算.txt"
TABLE = PrintedTable(
    3, "2025年部门支出总表", "expenditure", 4, 5, Unit.WAN_YUAN, True, None, 2, 1, ("其他/合计", "备注"), 3, False
)
FIGURE = Figure("1.20", Decimal("12000.00"), Place(page=4, x0=1.0, top=2.0, x1=3.0, bottom=4.0))
ITEM = LineItem(
    Row("expenditure", 1, Scheme.FUNCTIONAL, "201", "201", "一般公共服务支出", None, 1, RowRole.SUBTOTAL, Unit.WAN_YUAN,
        "局机关", "603001", "市教育局本级"),
    Column("total", Side.EXPENDITURE, Phase.ADJUSTED), None, FIGURE,
)  # fmt: skip


def cell(reason: UnmappedReason, amount: Decimal | None = None) -> UnmappedCell:
    return UnmappedCell(3, "合计", None, "其他/合计", "1.30", amount, Place(page=5), reason)


def read(*reasons: UnmappedReason, problems: Sequence[str] = ()) -> ReadDocument:
    cells = tuple(cell(reason) for reason in reasons)
    return ReadDocument(
        Cover("甲局", Level.GOVERNMENT, None, Kind.BUDGET), 9, ("expenditure",), 0, (ITEM,), (), (), tuple(problems),
        form="national", printed_tables=(TABLE,), unmapped=cells, cells_printed=1 + len(cells),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reasons", "status"),
    [
        ((), Status.PARSED),
        ((UnmappedReason.COUNT, UnmappedReason.DERIVED), Status.PARSED),
        ((UnmappedReason.UNKNOWN_TABLE,), Status.PARSED),
        ((UnmappedReason.UNKNOWN_COLUMN,), Status.PARTIAL),
        ((UnmappedReason.NAMELESS_ROW, UnmappedReason.COUNT), Status.PARTIAL),
        ((UnmappedReason.NO_UNIT,), Status.PARTIAL),
    ],
)
def test_a_document_is_partial_where_an_amount_of_the_account_was_left_out(
    reasons: tuple[UnmappedReason, ...], status: Status
) -> None:
    row = reading_row(read(*reasons))
    assert row["status"] is status
    assert (row["message"] is None) is (status is Status.PARSED)
    assert (row["cells_printed"], row["cells_understood"]) == (1 + len(reasons), 1)


def test_the_message_counts_what_was_left_out_by_reason() -> None:
    reasons = (UnmappedReason.NO_UNIT, UnmappedReason.NO_UNIT, UnmappedReason.NAMELESS_ROW)
    words = str(reading_row(read(*reasons, problems=("缺少法定表：甲表。",)))["message"])
    assert words.startswith("缺少法定表：甲表。；有 3 个印出的金额没有读懂")
    assert "没有标明单位 2 个" in words and "1 in a row without a name" in words


def test_a_cell_that_was_not_understood_keeps_its_words_and_its_place() -> None:
    document = replace(read(), unmapped=(cell(UnmappedReason.UNKNOWN_COLUMN, Decimal("13000.00")),))
    (row,) = to_frame([*unmapped_rows(document, "d", "a.pdf")], "unmapped").to_dicts()
    kept = {name: row[name] for name in ("table_number", "title", "row_label", "column_path", "printed", "page")}
    assert kept == {
        "table_number": 3, "title": "2025年部门支出总表", "row_label": "合计", "column_path": "其他/合计",
        "printed": "1.30", "page": 5,
    }  # fmt: skip
    assert (row["amount"], row["reason"], row["code"]) == (Decimal("13000.00"), "unknown_column", None)


def test_a_printed_table_is_kept_with_what_is_known_of_it() -> None:
    (row,) = to_frame([*table_rows(read(), "d", "a.pdf")], "tables").to_dicts()
    assert row == {
        "document_id": "d", "source_file": "a.pdf", "number": 3, "title": "2025年部门支出总表", "table": "expenditure",
        "form": "national", "first_page": 4, "last_page": 5, "unit": "wan_yuan", "unit_inherited": True, "body": None,
        "rows": 2,
        "columns_understood": 1, "columns_unknown": "其他/合计\n备注", "cells": 3, "complete": False,
    }  # fmt: skip


def test_a_line_item_without_a_year_keeps_the_unit_and_the_outer_label_of_its_row() -> None:
    (row,) = to_frame([*line_item_rows(read(), "d", "a.pdf")], "line_items").to_dicts()
    told = {name: row[name] for name in ("outer_name", "unit_code", "unit_name", "certainty", "fiscal_year", "phase")}
    assert told == {
        "outer_name": "局机关", "unit_code": "603001", "unit_name": "市教育局本级", "certainty": None,
        "fiscal_year": None, "phase": "adjusted",
    }  # fmt: skip
    assert (row["level"], row["document_year"]) == ("government", None)


def test_figures_whose_columns_stay_in_doubt_are_unmapped(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    path = tmp_path / "raw" / "doubt.txt"
    path.parent.mkdir()
    path.write_text(text.replace("301 7 绩效工资 929,157 929,157", "301 7 绩效工资 929,157"), encoding="utf-8")
    whole, document = read_and_resolve(SEED), read_and_resolve(path)
    (left,) = document.open_rows
    in_doubt = [one for one in document.unmapped if one.reason is UnmappedReason.AMBIGUOUS_COLUMN]
    assert [(one.row_label, one.printed, one.amount) for one in in_doubt] == [("绩效工资", "929,157", Decimal(929157))]
    assert in_doubt[0].place == left.figures[0].place
    assert in_doubt[0].place.line is not None
    assert len(document.line_items) + len(document.unmapped) == len(whole.line_items) + len(whole.unmapped) - 1
    broken = {table.table for table in document.printed_tables if not table.complete}
    assert broken <= {"basic_by_economic"}
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    (row,) = read_table(tmp_path / "clean", "documents").to_dicts()
    assert row["status"] == "partial"
    kept = read_table(tmp_path / "clean", "unmapped").filter(reason="ambiguous_column")
    assert kept.select("row_label", "code", "printed").rows() == [("绩效工资", left.row.printed_code, "929,157")]


def test_a_table_with_something_left_out_places_no_figure() -> None:
    """The identities of a broken table could put a figure into a wrong column: its rows wait, and stay in doubt."""
    document = read_document(SEED, FAMILIES)
    number, left = 1, replace(cell(UnmappedReason.NAMELESS_ROW), table_number=1)
    for table in {row.row.table for row in document.open_rows}:
        told = replace(document, printed_tables=(replace(TABLE, number=number, table=table),), unmapped=(left,))
        settled = resolve(told, IDENTITIES)
        assert {one.row.table for one in settled.line_items} == {
            one.row.table for one in document.open_rows if one not in settled.doubtful
        }
        assert table in {one.row.table for one in settled.doubtful}
        assert table not in {one.row.table for one in settled.line_items}


def test_line_items_and_unmapped_cells_are_all_that_is_printed(published_dataset: Path) -> None:
    tables = {name: read_table(published_dataset, name) for name in ("documents", "line_items", "unmapped", "tables")}
    understood = tables["line_items"].filter(pl.col("table") != "narrative")["document_id"].value_counts(name="items")
    left = tables["unmapped"]["document_id"].value_counts(name="left")
    counted = (
        tables["documents"].join(understood, on="document_id", how="left").join(left, on="document_id", how="left")
    )
    assert counted.filter(pl.col("cells_understood") != pl.col("items")).is_empty()
    whole = counted.filter(pl.col("cells_printed").is_not_null())
    assert whole.filter(pl.col("items") + pl.col("left").fill_null(0) != pl.col("cells_printed")).is_empty()
    printed = tables["tables"].group_by("document_id").agg(pl.col("cells").sum())
    assert whole.join(printed, on="document_id").filter(pl.col("cells") != pl.col("cells_printed")).is_empty()


def test_a_dataset_of_before_is_read_checked_and_exported_as_it_is(published_dataset: Path, tmp_path: Path) -> None:
    clean = Path(shutil.copytree(published_dataset, tmp_path / "clean", symlinks=True))
    items, documents = read_table(clean, "line_items"), read_table(clean, "documents")
    added = ("outer_name", "unit_code", "unit_name", "certainty")
    for path in [*(clean / "line_items").glob("*.parquet"), clean / "documents.parquet"]:
        frame = pl.read_parquet(path)
        frame.drop(*added, "region", "region_code", "given", strict=False).write_parquet(path.resolve())
    (clean / "tables.parquet").resolve().unlink()
    shutil.rmtree((clean / "unmapped").resolve())
    assert read_table(clean, "line_items").drop(added).equals(items.drop(added))
    assert read_table(clean, "documents").columns == documents.columns
    done = check_dataset(clean, None, ROOT / "expectations", tmp_path / "site")
    assert done.enforcement.verdicts
    written = {path.name: path for path in export(clean, tmp_path / "out", "csv")}
    assert "tables.csv" not in written
    told = pl.read_csv(written["line_items.csv"], infer_schema=False)
    assert told.shape == items.shape
