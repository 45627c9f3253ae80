"""What two published documents state of budget and execution is told by their reports, and each figure leads to a page.

Final accounts say in one sentence what was planned and what was spent; a budget says beside each item what was spent
last year. The truth is read from the pages by eye.
"""

import shutil
from pathlib import Path

import pytest

from analysis.display.tables import Table, TableCell
from analysis.reports.citations import citations
from analysis.reports.unit.unit_report import UnitReport, open_unit
from analysis.steps.clean import clean_folder

FINANCE, JUSTICE = "上海市普陀区财政局", "上海市普陀区司法局"
PRINTED, PAGE, BOX = 4, 7, 10
EXECUTED = """
一般公共预算财政拨款支出 2,993.92 2,940.05
2010601 1,560.05 1,511.89
2010602 10.00 10.00
2010607 135.90 135.25
2010608 450.52 449.52
2080501 85.55 84.65
2080505 161.62 160.75
2080506 80.81 80.38
2080599 0.94 0.94
2101101 62.29 60.99
2210201 187.75 187.19
2210203 258.50 258.50
“三公”经费财政拨款支出 0.95 0.00
"""
# Item 6 prints 43,269.30 for last year, which its own percentage contradicts: it is shown as printed, and marked.
PRIOR = """
2040601 1,690.69 1,672.67
2040604 2,149.45 2,170.39
2040605 118.46 124.29
2040607 679.12 686.00
2040613 60.41 227.88
2040699 43,269.30 3,845.49
2080501 59.11 57.80
2080505 156.34 183.95
2080506 77.99 91.97
2080599 0.50 0.64
2101101 59.43 114.97
2210201 198.34 208.80
2210203 241.76 243.36
"""


def truth(text: str) -> list[tuple[str, str, str]]:
    lines = (line.split() for line in text.strip().splitlines())
    return [(label, before, now) for label, before, now in lines]


@pytest.fixture(scope="module")
def finance(published_dataset: Path) -> UnitReport:
    return open_unit(published_dataset, FINANCE, None, 2024, 2024)


@pytest.fixture(scope="module")
def justice_dataset(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("justice")
    (folder / "raw").mkdir()
    shutil.copy(shared / "documents" / "putuo-sifaju-2026-dept.pdf", folder / "raw")
    clean_folder(folder / "raw", folder / "clean", workers=1)
    return folder / "clean"


def figures(table: Table | None, *at: int) -> list[TableCell]:
    assert table is not None
    found = [row[column] for row in table.rows for column in at]
    assert all(isinstance(one, TableCell) for one in found)
    return [one for one in found if isinstance(one, TableCell)]


def printed_at(clean_dir: Path, cells: list[TableCell]) -> list[tuple[float, int]]:
    """Each figure as its document prints it, in 万元, and the page on which a box frames it."""
    told = citations(clean_dir, None, {cell.place for cell in cells if cell.place})["figures"]
    found = []
    for cell in cells:
        document, _, rest = str(cell.place).partition("/")
        known = told[document][rest]
        assert known[BOX] is not None
        found.append((float(known[PRINTED].removesuffix("万元").replace(",", "")), known[PAGE]))
    return found


def test_final_accounts_tell_what_was_planned_and_what_was_spent(finance: UnitReport, published_dataset: Path) -> None:
    table = finance.execution.table
    assert table is not None and len(table.rows) == 13
    shown = [(line[0].split()[0], line[2], line[3]) for line in table.texts]
    assert shown == truth(EXECUTED)
    cells = figures(table, 2, 3)
    places = printed_at(published_dataset, cells)
    assert [value for value, _ in places] == [float(cell.text.replace(",", "")) for cell in cells]
    assert {page for _, page in places} == {21, 22, 23}
    cards = {card.name: (getattr(card.amount, "text", card.amount), card.change) for card in finance.headlines.figures}
    assert cards["2024年执行数"] == ("2,940.05", "为预算 2,993.92 万元的 98.20%")
    assert cards["“三公”经费决算"] == ("0.00", "预算数 0.95 万元")
    assert any("完成 98.20%，少支 53.87 万元" in sentence for sentence in finance.answer.sentences)


def test_the_table_of_three_public_takes_from_the_text_what_it_does_not_print(
    finance: UnitReport, published_dataset: Path
) -> None:
    table = finance.basics.public_table
    assert [column.heading for column in table.columns] == ["项目", "2024年预算", "2024年决算"]
    rows = {row[0]: row[2] for row in table.rows}
    operating, spent = rows["机关运行经费（不在“三公”内）"], rows["“三公”合计"]
    assert isinstance(operating, TableCell) and isinstance(spent, TableCell)
    assert (operating.text, spent.text) == ("184.65", "0.00")
    assert printed_at(published_dataset, [operating, spent]) == [(184.65, 24), (0.0, 23)]


def test_a_budget_tells_last_years_execution_item_by_item(justice_dataset: Path) -> None:
    report = open_unit(justice_dataset, JUSTICE, None, 2026, 2026)
    table = report.execution.stated_table
    assert table is not None and len(table.rows) == 13
    assert [(line[0].split()[1], line[2].rstrip("※"), line[3].rstrip("※")) for line in table.texts] == truth(PRIOR)
    cells = figures(table, 2, 3)
    places = printed_at(justice_dataset, cells)
    assert [value for value, _ in places] == [float(cell.text.replace(",", "")) for cell in cells]
    assert report.execution.headline is None  # last year has no budget here: nothing is compared
