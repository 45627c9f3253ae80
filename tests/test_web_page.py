"""What a reader of a web page sees is read: nothing hidden, each figure as it stands; what is no table is said."""

from pathlib import Path

import pytest

from analysis.extraction.formats.format_registry import format_of
from analysis.extraction.layout.blocks import Blocks, Grid, TextLine
from analysis.steps.read_and_resolve import read_and_resolve
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


def test_a_page_of_text_alone_has_its_lines(tmp_path: Path) -> None:
    texts = [block.text for block in read(tmp_path, "<p>甲</p><ul><li>乙</li><li>丙</li></ul>丁").blocks]  # type: ignore[union-attr]
    assert texts == ["甲", "乙", "丙", "丁"]


MENU = "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(20))
FOOTER = "<div><p>主办单位：某县人民政府办公室</p><p>某ICP备09000001号</p></div>"
ROWS = "<table><tr><th>项目</th><th>金额</th></tr><tr><td>公务接待费</td><td>12.50</td></tr></table>"
PROSE = "<p>某县教育局2024年收入预算为一千二百万元，支出预算为一千二百万元，收支平衡。</p>" * 3
TITLE = "某县教育局2024年部门预算"


def article(tmp_path: Path, body: str, head: str = f'<meta name="ArticleTitle" content="{TITLE}">') -> list[str]:
    path = tmp_path / "site.html"
    path.write_text(f"<html><head>{head}<title>部门预算_某县</title></head><body>{body}</body></html>", "utf-8")
    blocks = format_of(path).read(path)
    return [block.text if isinstance(block, TextLine) else "表" for block in blocks.blocks]


LAYOUTS = {
    "menu above, links below": f"<div><ul>{MENU}</ul></div><div class=x>{{}}</div><div><ul>{MENU}</ul></div>{FOOTER}",
    "sidebar": f"<div><div><ul>{MENU}</ul><p>热点：今日要闻</p></div><div><div>{{}}</div></div></div>{FOOTER}",
    "layout table": f"<table><tr><td><ul>{MENU}</ul></td><td><div>{{}}</div></td></tr></table>{FOOTER}",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(
    ("content", "lines"), [(PROSE, 3), (ROWS, 1), (f"<h2>{TITLE}</h2>{PROSE}{ROWS}", 4)], ids=["text", "table", "both"]
)
def test_the_article_is_read_and_the_menus_of_its_site_are_not(
    layout: str, content: str, lines: int, tmp_path: Path
) -> None:
    texts = article(tmp_path, layout.format(content))
    assert texts[0] == TITLE
    assert texts.count("表") == content.count("<table")
    assert not [text for text in texts if "栏目" in text or "主办单位" in text]
    assert len(texts) <= lines + 3


def test_no_table_of_figures_is_lost_with_a_menu(tmp_path: Path) -> None:
    page = f"<ul>{MENU}</ul><div>{PROSE}</div><div><p>附表</p>{ROWS}</div><div><ul>{MENU}</ul>{ROWS}</div>"
    assert article(tmp_path, page).count("表") == 2


@pytest.mark.parametrize("tag", ["div", "h2", "td", "strong"])
def test_a_title_above_the_article_is_read_where_the_head_of_the_page_gives_none(tag: str, tmp_path: Path) -> None:
    page = (
        f"<ul>{MENU}</ul><div><div><{tag}>{TITLE}</{tag}></div><p>来源：某县教育局</p><div>{PROSE}</div></div>{FOOTER}"
    )
    assert article(tmp_path, page, "")[0] == TITLE


def test_an_article_beside_the_foot_of_its_site_is_not_left_out_with_it(tmp_path: Path) -> None:
    page = f"<div><ul>{MENU * 4}</ul></div><div>{PROSE}<div>某ICP备09000001号</div></div>"
    texts = article(tmp_path, page, "")
    assert sum("收支平衡" in text for text in texts) == 3
    assert not [text for text in texts if "ICP" in text]


def test_a_page_of_few_links_is_read_whole(tmp_path: Path) -> None:
    page = f"<p>某县教育局</p><p><a href='a'>下载</a></p>{ROWS}<p>版权所有</p>"
    assert article(tmp_path, page, "") == ["部门预算_某县", "某县教育局", "下载", "表", "版权所有"]


def test_a_page_without_figures_says_that_they_are_in_what_it_links_to(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    link = "<a href='./2024.pdf'>某县教育局2024年部门预算.pdf</a>"
    head = f'<meta name="ArticleTitle" content="{TITLE}">'
    path.write_text(f"<html><head>{head}</head><body><ul>{MENU}</ul><p>{TITLE}</p>{link}</body></html>", "utf-8")
    document = read_and_resolve(path)
    assert (document.cover.organisation, document.cover.year) == ("某县教育局", 2024)
    assert "某县教育局2024年部门预算.pdf" in document.problems[0]
