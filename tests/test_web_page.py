"""What a reader of a web page sees is read: nothing hidden, each figure as it stands; what is no table is said."""

from pathlib import Path

import pytest

from analysis.reading.formats.format_registry import format_of
from analysis.reading.layout.blocks import Blocks, Grid, TextLine
from analysis.terms.money import parse_amount


def read(tmp_path: Path, page: str) -> Blocks:
    path = tmp_path / "a.html"
    path.write_text(f"<!DOCTYPE html><html><body>{page}</body></html>", encoding="utf-8")
    return format_of(path).read(path)


def cell_of(tmp_path: Path, content: str) -> str:
    (grid,) = (
        block
        for block in read(tmp_path, f"<table><tr><td>a</td><td>{content}</td></tr></table>").blocks
        if isinstance(block, Grid)
    )
    return grid.cells[1].text


HIDDEN = ['style="display:none"', 'style="visibility: hidden"', "hidden", 'class="old"', 'id="draft"']


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_rows_and_cells_are_left_out_and_said(hidden: str, tmp_path: Path) -> None:
    style = "<style>.old, #draft {display: none} @media print {.new {display:none}}</style>"
    rows = f"<tr class='new'><td>a</td><td {hidden}>9</td><td>1</td></tr><tr {hidden}><td>b</td><td>2</td></tr>"
    blocks = read(tmp_path, f"{style}<table>{rows}</table>")
    (grid,) = blocks.blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["a", "1"]
    assert len(blocks.notes) == 1
    assert not blocks.problems


def test_a_hidden_table_is_a_problem_and_a_hidden_menu_is_not_worth_a_word(tmp_path: Path) -> None:
    blocks = read(tmp_path, "<div hidden>注销</div><div hidden><table><tr><td>1</td></tr></table></div>文")
    assert [block.text for block in blocks.blocks if isinstance(block, TextLine)] == ["文"]
    assert "隐藏的表格" in blocks.problems[0]
    assert not blocks.notes


@pytest.mark.parametrize(
    ("content", "text"),
    [("30.30<sup>1</sup>", "30.30"), ("30.30<sup>[2]</sup>", "30.30"), ("12m<sup>2</sup>", "12m2"),
     ('<input value="72,000">', "72,000"), ("<textarea>72,000</textarea>", "72,000"),
     ("<select><option>1</option><option selected>2</option></select>", "2"),
     ('<input type="hidden" value="9">5', "5"), ("<del>100</del>200", "200"), ("<s>100</s>200", "200"),
     ("8,<br>442,289", "8,\n442,289"), ("<p>100</p><p>200</p>", "100\n200"), ("72,\n000", "72, 000")],
)  # fmt: skip
def test_a_cell_says_what_it_shows(content: str, text: str, tmp_path: Path) -> None:
    assert cell_of(tmp_path, content) == text


def test_two_figures_of_one_cell_are_not_one(tmp_path: Path) -> None:
    assert parse_amount(cell_of(tmp_path, "100<br>200")) is None
    assert parse_amount(cell_of(tmp_path, "8,<br>442,289")) == 8_442_289


def test_a_struck_out_figure_is_said(tmp_path: Path) -> None:
    assert "划去的数字" in read(tmp_path, "<p><del>100</del>200</p>").notes[0]
    assert not read(tmp_path, "<p><del>旧</del>200</p>").notes


def test_rows_that_are_no_table_are_said(tmp_path: Path) -> None:
    row = "<div><span>一般公共服务支出</span><span>1,000</span><span>2,000</span></div>"
    assert "不在表格里" in read(tmp_path, row * 6).problems[0]
    assert not read(tmp_path, row).problems
