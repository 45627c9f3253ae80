"""A text extract whose columns have collapsed: placed by the identities, uniquely, or named as in doubt."""

import re
from pathlib import Path

import pytest
from make.books import FAMILIES, IDENTITIES
from make.gold import gold_cells, read_cells

from analysis.balancing.resolve import resolve
from analysis.reading.read_document import read_document
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.line_item import Placement

SEED = Path(__file__).resolve().parents[1] / "data" / "raw" / "上海市普陀区公务网管理中心-2023-单位预算.txt"


def test_every_cell_is_placed_and_the_placement_is_unique(shared: Path) -> None:
    document = read_document(SEED, FAMILIES)
    settled = resolve(document, IDENTITIES)
    gold, _ = gold_cells(shared / "gold" / "putuo-gongwuwang-2023-unit.csv")
    assert settled.doubtful == ()
    assert read_cells((*document.line_items, *settled.line_items)) == gold
    assert sum(gold.values()) == 195
    assert {item.placement for item in settled.line_items} == {Placement.INFERRED}


def test_two_tables_alone_leave_the_source_of_income_in_doubt(tmp_path: Path) -> None:
    """Without the summary nothing says which of four income columns repeats the total."""
    text = SEED.read_text(encoding="utf-8")
    start, end = text.index("2023年单位收入预算总表"), text.index("2023年单位支出预算总表")
    path = tmp_path / "revenue.txt"
    path.write_text(text[: text.index("2023年单位财务收支预算总表")] + text[start:end], encoding="utf-8")
    document = read_and_resolve(path)
    doubt = [problem for problem in document.problems if "无法确定所在栏" in problem]
    assert len(doubt) == 1 and "17 行" in doubt[0]
    for name in ("科学技术支出", "住房公积金", "合计"):
        assert f"{name}”" in doubt[0]
    assert not [item for item in document.line_items if item.row.table == "revenue"]


# Figures of rows that print several, from every table that has lost columns.
REMOVED = [
    ("revenue", "206 05 03 科技条件专项 6,243,800 6,243,800", 0),
    ("revenue", "208 05 02 事业单位离退休 47,640 47,640", 1),
    ("expenditure", "206 05 01 机构运行 1,473,395 1,454,583 18,812", 1),
    ("expenditure", "208 05 99 其他行政事业单位养老支出 520 520", 0),
    ("general_public_budget", "合计 8,285,813 2,023,201 6,262,612", 2),
    ("basic_by_economic", "301 7 绩效工资 929,157 929,157", 1),
    ("basic_by_economic", "合计 2,023,201 1,826,841 196,360", 0),
    ("appropriation_summary", "三、卫生健康支出 131,682 131,682", 1),
]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "line", "position"), REMOVED)
def test_a_removed_figure_leaves_its_row_in_doubt_and_nothing_wrong(
    table: str, line: str, position: int, tmp_path: Path, shared: Path
) -> None:
    figures = list(re.finditer(r"\d[\d,]*$|\d[\d,]*(?= )", line[re.search(r"[一-鿿](?= [\d,]+)", line).end() :]))  # type: ignore[union-attr]
    offset = re.search(r"[一-鿿](?= [\d,]+)", line).end()  # type: ignore[union-attr]
    cut = line[: offset + figures[position].start()] + line[offset + figures[position].end() :]
    titles = {
        "revenue": "2023年单位收入预算总表",
        "expenditure": "2023年单位支出预算总表",
        "appropriation_summary": "2023年单位财政拨款收支预算总表",
        "general_public_budget": "2023年单位一般公共预算支出功能分类预算表",
        "basic_by_economic": "2023年单位一般公共预算基本支出部门预算经济分类预算表",
    }
    text = SEED.read_text(encoding="utf-8")
    at = text.index(line, text.index(titles[table]))
    path = tmp_path / "removed.txt"
    path.write_text(text[:at] + cut + text[at + len(line) :], encoding="utf-8")
    document = read_document(path, FAMILIES)
    settled = resolve(document, IDENTITIES)
    gold, _ = gold_cells(shared / "gold" / "putuo-gongwuwang-2023-unit.csv")
    placed = read_cells((*document.line_items, *settled.line_items))
    assert not placed - gold, "no figure stands in a wrong column"
    name = re.search(r"[一-鿿、]+", line)[0]  # type: ignore[index]
    assert (table, name) in {(row.row.table, row.row.name) for row in settled.doubtful}


def test_a_document_in_doubt_is_told_with_its_rows(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    path = tmp_path / "doubt.txt"
    path.write_text(text.replace("301 7 绩效工资 929,157 929,157", "301 7 绩效工资 929,157"), encoding="utf-8")
    document = read_and_resolve(path)
    assert any("basic_by_economic“3017绩效工资”" in problem for problem in document.problems)
