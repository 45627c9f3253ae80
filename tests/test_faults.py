"""Faults that were met, each made anew as small as it can be: a cell is read as a reader sees it, or named."""

from decimal import Decimal
from pathlib import Path

import pytest
from make.hostile_files import Good, good_document

from analysis.balancing import resolve
from analysis.dataset.store import read_table
from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.steps.read_and_resolve import read_and_resolve

ROOT = Path(__file__).resolve().parents[1]
PAGE = """<html><body><p>云上市规划局2025年部门预算</p><p>部门支出总表</p><p>单位：{unit}</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>基本支出</td><td>项目支出</td></tr>
<tr><td>204</td><td>公共安全支出</td>{first}<td>200</td><td>100</td></tr>
<tr><td>20402</td><td>公安</td>{second}<td>200</td><td>100</td></tr>
<tr><td></td><td>合计</td><td>300</td><td>200</td><td>100</td></tr></table></body></html>"""
ONE = {
    "300①": "300",
    "300<sup>1</sup>": "300",
    "300<sup>②</sup>": "300",
    "<del>100</del>300": "300",
    "<s>100</s> 300": "300",
    "３００": "300",
    "300.001": "300.00",
    "△300": "-300",
    "(300)": "-300",
    "1&thinsp;300": "1300",
}
NONE = (
    "100<br>200",
    "<p>100</p><p>200</p>",
    "100 200",
    "1300&thinsp;200",
    "NaN",
    "inf",
    "-inf",
    "1e308",
    "9" * 40,
    "0x12",
    "1,23",
    "--300",
    "300²0",
    "#REF!",
    "=1+1",
)


def amounts(cell: str, folder: Path) -> tuple[list[Decimal], str]:
    """What is read of the total of the first row, and what is said of the document."""
    path = folder / "x.html"
    path.write_text(PAGE.format(unit="元", first=f"<td>{cell}</td>", second="<td>300</td>"), encoding="utf-8")
    document = read_document(path, load_families(None))
    read = [
        item.figure.amount for item in document.line_items if item.row.code == "204" and item.column.measure == "total"
    ]
    return read, "".join((*document.problems, *document.cover.contradictions))


@pytest.mark.parametrize("cell", ONE)
def test_a_cell_is_read_as_a_reader_sees_it(cell: str, tmp_path: Path) -> None:
    assert amounts(cell, tmp_path)[0] == [Decimal(ONE[cell])]


@pytest.mark.parametrize("cell", NONE)
def test_what_is_no_amount_is_named_and_not_guessed(cell: str, tmp_path: Path) -> None:
    read, said = amounts(cell, tmp_path)
    assert read == []
    assert "不是金额" in said


WHOLE_WAY = {
    "more decimals than a fen": ("元", "300.001", "300.002"),
    "many decimals": ("万元", "5253.16043333333", "5253.16043333333"),
    "the largest amounts": ("万元", "999,999,999,999", "999,999,999,999"),
    "less than a fen": ("万元", "0.0000004", "0.00005"),
    "signs": ("元", "△300", "(300)"),
}


def test_no_odd_amount_stops_the_validation(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, (unit, first, second) in enumerate(WHOLE_WAY.values()):
        text = PAGE.format(unit=unit, first=f"<td>{first}</td>", second=f"<td>{second}</td>")
        (raw / f"{number}.html").write_text(text.replace("云上市规划局", f"云上市第{number}局"), encoding="utf-8")
    clean_folder(raw, tmp_path / "clean")
    check_dataset(tmp_path / "clean", None, ROOT / "expectations", tmp_path / "site", distribution=Distribution(1))
    checks = read_table(tmp_path / "clean", "checks")
    assert checks["document_id"].n_unique() == len(WHOLE_WAY)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_document(tmp_path_factory.mktemp("good"))


def test_a_plain_text_that_lost_figures_is_settled_by_bounded_work(
    good: Good, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = good["txt"].decode().splitlines()
    rows = [at for at, line in enumerate(lines) if line[:3].isdigit() and len(line.split()) > 3]
    for at in rows[::4]:
        lines[at] = " ".join(line for line in lines[at].split()[:-1])
    path = tmp_path / "x.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    work: list[resolve._Work] = []
    real = resolve._Work

    def counted(left: float) -> resolve._Work:
        work.append(real(left))
        return work[-1]

    monkeypatch.setattr(resolve, "_Work", counted)
    document = read_and_resolve(path)
    again = read_and_resolve(path)
    assert all(one.left > -0.5 for one in work)
    assert document.line_items and document.line_items == again.line_items
    assert document.open_rows == again.open_rows
