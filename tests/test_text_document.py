"""The published documents, cell by cell and item by item, as people read them off the pages."""

import csv
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pdfplumber
import pytest
from make.gold import gold_cells, key_of, read_cells

from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import Kind, Level, Placement

DOCUMENTS = {
    "putuo-caizhengju-2024-final.pdf": ("上海市普陀区财政局", Level.DEPARTMENT, 2024, Kind.FINAL),
    "putuo-gongwuwang-2023-unit.txt": ("上海市普陀区公务网管理中心", Level.UNIT, 2023, Kind.BUDGET),
    "putuo-shangwuwei-2025-dept.pdf": ("上海市普陀区商务委员会", Level.DEPARTMENT, 2025, Kind.BUDGET),
    "putuo-shangwuwei-2025-unit.pdf": ("上海市普陀区商务委员会", Level.UNIT, 2025, Kind.BUDGET),
    "putuo-sifaju-2026-dept.pdf": ("上海市普陀区司法局", Level.DEPARTMENT, 2026, Kind.BUDGET),
    "putuo-wanli-2023-dept.pdf": ("上海市普陀区人民政府万里街道办事处", Level.DEPARTMENT, 2023, Kind.BUDGET),
    "putuo-wanli-2024-dept.pdf": ("上海市普陀区人民政府万里街道办事处", Level.DEPARTMENT, 2024, Kind.BUDGET),
    "putuo-wanli-2025-dept.pdf": ("上海市普陀区人民政府万里街道办事处", Level.DEPARTMENT, 2025, Kind.BUDGET),
}
Read = Callable[[str], ReadDocument]


@pytest.fixture(scope="module")
def read(shared: Path) -> Read:
    return cache(lambda name: read_and_resolve(shared / "documents" / name))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_printed_cell_is_read_and_none_is_made_up(name: str, read: Read, shared: Path) -> None:
    gold, places = gold_cells(shared / "gold" / f"{Path(name).stem}.csv")
    document = read(name)
    mine = read_cells(document.line_items)
    assert mine == gold
    for item in document.line_items:
        place = item.figure.place
        assert (place.page or place.line) in places[key_of(item)]
    assert document.problems == ()
    assert len(document.tables) == 9


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_cover_tells_who_when_and_what(name: str, read: Read) -> None:
    cover = read(name).cover
    assert (cover.organisation, cover.level, cover.year, cover.kind) == DOCUMENTS[name]
    assert cover.contradictions == ()


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.endswith(".pdf")])
def test_every_cell_has_a_box_on_its_page(name: str, read: Read, shared: Path) -> None:
    with pdfplumber.open(shared / "documents" / name) as pdf:
        sizes = {page.page_number: (page.width, page.height) for page in pdf.pages}
    for item in read(name).line_items:
        place = item.figure.place
        assert place.page and place.x0 is not None and place.top is not None
        assert place.x1 is not None and place.bottom is not None
        width, height = sizes[place.page]
        assert 0 <= place.x0 < place.x1 <= width + 0.1 and 0 <= place.top < place.bottom <= height + 0.1
        assert item.placement is Placement.PRINTED


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_numbered_item_of_the_text_with_every_field(name: str, read: Read, shared: Path) -> None:
    with (shared / "gold" / "narrative.csv").open(encoding="utf-8") as file:
        gold = [row for row in csv.DictReader(file) if row["id"] == Path(name).stem]
    mine = [
        {
            "item": str(item.number),
            "class_name": item.class_name,
            "group_name": item.section_name,
            "item_name": item.item_name,
            "current_wanyuan": item.current.amount,
            "prior_execution_wanyuan": item.prior.amount if item.prior else None,
            "arranged_wanyuan": item.arranged.amount if item.arranged else None,
            "change_percent": item.change_percent,
            "text_of_direction": item.direction or "",
            "printed_code": item.printed_code or "",
            "page": item.place.page or item.place.line,
            "sentence": item.sentence,
        }
        for item in read(name).narrative
    ]
    assert mine == [
        {
            **{key: row[key] for key in ("item", "class_name", "group_name", "item_name", "text_of_direction")},
            **{key: _yuan(row[key]) for key in ("current_wanyuan", "prior_execution_wanyuan", "arranged_wanyuan")},
            "change_percent": Decimal(row["change_percent"]) if row["change_percent"] else None,
            "printed_code": row["printed_code"],
            "page": int(row["page"]),
            "sentence": row["sentence"],
        }
        for row in gold
    ]


def _yuan(wan: str) -> Decimal | None:
    return (Decimal(wan) * 10_000).quantize(Decimal("0.01")) if wan else None


def test_a_lost_leading_zero_is_restored_in_code_and_kept_as_printed(read: Read) -> None:
    items = {item.row.name: item.row for item in read("putuo-wanli-2024-dept.pdf").line_items}
    assert (items["津贴补贴"].printed_code, items["津贴补贴"].code) == ("3012", "30102")
    assert (items["绩效工资"].printed_code, items["绩效工资"].code) == ("3017", "30107")


def test_the_approved_figures_of_a_final_accounts_table_are_told_apart(read: Read) -> None:
    three = [item for item in read("putuo-caizhengju-2024-final.pdf").line_items if item.row.table == "three_public"]
    assert [(item.column.measure, str(item.column.phase), item.figure.amount) for item in three] == [
        ("total", "approved", Decimal("9500.00")),
        ("receptions", "approved", Decimal("9500.00")),
    ]
