"""Titles, captions, headers and covers: what is known, and what is left alone."""

from pathlib import Path

import pytest
from make.books import FAMILIES, SHANGHAI

from analysis.errors import UnreadableFileError
from analysis.extraction.layout.blocks import Blocks as Document
from analysis.extraction.layout.blocks import Cell, Grid, TextLine
from analysis.extraction.layout.money_cells import money_cells
from analysis.extraction.layout.spanned_rows import SpannedCell, rows_to_grid
from analysis.reading.forms.columns import read_path
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.header import read_header
from analysis.reading.forms.locate import is_furniture, locate, read_body, read_unit
from analysis.reading.forms.recognise import Recognition
from analysis.reading.forms.titles import title_to_form
from analysis.reading.read_document import read_document
from analysis.terms.line_item import Kind, Level, Phase, Place, RowRole, Side
from analysis.terms.money import Unit
from analysis.terms.printed_table import UnmappedReason

OF_SHANGHAI = Recognition(SHANGHAI, 1.0, government=False, kind=None, fits=())

BUDGET_TITLES = [
    ("2025年部门财务收支预算总表", "revenue_expenditure_summary"),
    ("2023年单位收入预算总表", "revenue"),
    ("2023年单位支出预算总表", "expenditure"),
    ("2019年市级部门财政拨款收支预算总表", "appropriation_summary"),
    ("2026年部门一般公共预算支出功能分类预算表", "general_public_budget"),
    ("2026年部门政府性基金支出功能分类预算表", "government_fund"),
    ("2026年部门国有资本经验预算支出功能分类预算表", "state_capital"),
    ("部门一般公共预算基本支出部门预算经济分类预算表", "basic_by_economic"),
    ("部门“三公”经费和机关运行经费预算表", "three_public"),
    ("附件3：上海市某局2024年 单位 收入预算总表", "revenue"),
    ("2024年部门支出预算总表（续表）", "expenditure"),
    ("2024年部门支出预算总表①", "expenditure"),
]
FINAL_TITLES = [
    ("收入支出决算总表", "revenue_expenditure_summary"),
    ("收入决算表", "revenue"),
    ("支出决算表", "expenditure"),
    ("财政拨款收入支出决算总表", "appropriation_summary"),
    ("一般公共预算财政拨款支出决算表", "general_public_budget"),
    ("一般公共预算财政拨款基本支出决算表", "basic_by_economic"),
    ("财政拨款“三公”经费支出决算表", "three_public"),
    ("政府性基金预算财政拨款收入支出决算表", "government_fund"),
    ("国有资本经营预算财政拨款收入支出决算表", "state_capital"),
]


@pytest.mark.parametrize(("title", "table"), BUDGET_TITLES)
def test_budget_titles(title: str, table: str) -> None:
    form = title_to_form(title, SHANGHAI)
    assert form and (form.table, form.kind) == (table, Kind.BUDGET)


@pytest.mark.parametrize(("title", "table"), FINAL_TITLES)
def test_final_accounts_titles(title: str, table: str) -> None:
    form = title_to_form(title, SHANGHAI)
    assert form and (form.table, form.kind) == (table, Kind.FINAL)


@pytest.mark.parametrize(
    "line",
    [
        "财政项目支出绩效目标申报表",
        "2. 2025年部门收入预算总表 ………………… 7",
        "支出预算总表反映本部门全部支出。",
        "整体支出绩效目标表",
    ],
)
def test_other_tables_and_sentences_are_no_official_title(line: str) -> None:
    assert title_to_form(line, SHANGHAI) is None


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("编制部门：上海市普陀区司法局 单位：元", Unit.YUAN),
        ("单位:万元", Unit.WAN_YUAN),
        ("金额单位：人民币元", Unit.YUAN),
        ("（单位：万元）", Unit.WAN_YUAN),
        ("编制单位：上海市元培学校", None),
        ("预算数", None),
    ],
)
def test_the_unit_of_a_caption(caption: str, unit: Unit | None) -> None:
    assert read_unit(caption, SHANGHAI) is unit


def test_the_body_of_a_caption() -> None:
    assert read_body("编制部门：上海市普陀区司法局      单位：元", SHANGHAI) == "上海市普陀区司法局"
    assert read_body("单位：万元", SHANGHAI) is None


@pytest.mark.parametrize("line", ["- 7 -", "第 3 页", "12", "第3页，共20页", "公开02表", "续表"])
def test_page_furniture(line: str) -> None:
    assert is_furniture(line, SHANGHAI)


COVERS = [
    (
        ["上海市普陀区2026年区级部门预算", "预算主管部门：上海市普陀区司法局"],
        "上海市普陀区司法局",
        Level.DEPARTMENT,
        2026,
    ),
    (["上海市2025年市级单位预算", "预算单位：上海市财政监督局"], "上海市财政监督局", Level.UNIT, 2025),
    (["上海市普陀区财政局", "2024年度部门决算"], "上海市普陀区财政局", Level.DEPARTMENT, 2024),
    (["2024年度上海市普陀区财政局部门决算"], "上海市普陀区财政局", Level.DEPARTMENT, 2024),
    (["上海市普陀区财政局2024年度单位决算"], "上海市普陀区财政局", Level.UNIT, 2024),
]


@pytest.mark.parametrize(("lines", "organisation", "level", "year"), COVERS)
def test_covers(lines: list[str], organisation: str, level: Level, year: int) -> None:
    cover = read_cover(
        locate(Document(tuple(TextLine(line, Place(page=1)) for line in lines), 1), OF_SHANGHAI), OF_SHANGHAI
    )
    assert (cover.organisation, cover.level, cover.year) == (organisation, level, year)


def grid(rows: list[list[str]], page: int = 1) -> Grid:
    cells = [Cell(text, r, c, 1, 1, Place(page=page)) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Grid(len(rows), tuple(40.0 * c for c in range(len(rows[0]))), tuple(cells), page)


HEAD = [["类", "款", "项", "功能分类科目名称", "合计", "基本支出", "项目支出"]]
ROW = [["208", "05", "05", "养老", "100", "100", ""]]


def test_a_file_that_contradicts_itself_is_told() -> None:
    blocks = [
        TextLine("上海市普陀区2025年区级部门预算", Place(page=1)),
        TextLine("预算主管部门：上海市普陀区司法局", Place(page=1)),
        TextLine("2024年部门支出预算总表", Place(page=2)),
        TextLine("编制部门：上海市普陀区财政局 单位：元", Place(page=2)),
        grid(HEAD + ROW, 2),
    ]
    cover = read_cover(locate(Document(tuple(blocks), 2), OF_SHANGHAI), OF_SHANGHAI)
    assert (cover.organisation, cover.year) == ("上海市普陀区司法局", 2025)
    assert len(cover.contradictions) == 2
    assert "上海市普陀区财政局" in cover.contradictions[0] and "2024" in cover.contradictions[1]


def test_a_table_goes_on_where_its_columns_stand_alike_and_text_ends_it() -> None:
    title = TextLine("2025年部门支出预算总表 单位：元", Place(page=2))
    caption = TextLine("编制部门：某局 单位：元", Place(page=2))
    number = TextLine("- 3 -", Place(page=2))
    blocks = [
        title,
        caption,
        grid(HEAD + ROW, 2),
        number,
        grid(ROW, 3),
        TextLine("二、说明", Place(page=3)),
        grid(ROW, 4),
    ]
    located = locate(Document((TextLine("2025年部门支出预算总表", Place(page=2)), *blocks[1:]), 4), OF_SHANGHAI)
    assert [len(table.segments) for table in located.tables if table.form] == [2]
    assert located.other_tables == 0  # a single row without a title is not worth counting


def test_an_unknown_table_is_counted_and_left_alone() -> None:
    blocks = (TextLine("绩效目标表", Place(page=2)), grid([["指标", "值"], ["完成率", "90"]], 2))
    located = locate(Document(blocks, 2), OF_SHANGHAI)
    assert [(table.form, table.title) for table in located.tables] == [(None, "绩效目标表")]
    assert located.other_tables == 1


def test_last_year_s_column_belongs_to_last_year() -> None:
    form = title_to_form("2025年部门支出预算总表", SHANGHAI)
    assert form
    rows = grid([["科目编码", "科目名称", "上年执行数", "预算数"], ["208", "养老", "1", "2"]]).matrix()
    cut = tuple(tuple(row) for row in rows)
    header = read_header(cut, money_cells(cut, frozenset({0})), form, SHANGHAI)
    columns = [(f.column.measure, f.column.phase, f.years_back) for f in header.blocks[0].figures]
    assert columns == [("total", Phase.EXECUTED, 1), ("total", Phase.APPROVED, 0)]


def test_a_column_that_no_one_knows_is_not_given_a_meaning() -> None:
    form = title_to_form("2025年部门支出预算总表", SHANGHAI)
    assert form
    assert read_path("支出预算/项目支出", form, None, SHANGHAI).column.measure == "project"  # type: ignore[union-attr]
    unknown = read_path("支出预算/应急准备", form, None, SHANGHAI)
    assert (unknown.column, unknown.reason) == (None, UnmappedReason.UNKNOWN_COLUMN)
    assert read_path("合计", form, Side.REVENUE, SHANGHAI).column.side is Side.REVENUE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "measure", "reason"),
    [
        ("基本支出/小计", "basic", None),
        ("支出预算/合计", "total", None),
        ("本年支出/合计", "total", None),
        ("比上年增减额", None, UnmappedReason.DERIVED),
        ("公务用车保有量(辆)", None, UnmappedReason.COUNT),
        ("上年结转/一般公共预算", "carried_over_general", None),
        ("上年结转结余", "carried_over", None),
    ],
)
def test_a_sum_takes_the_measure_above_it_and_what_is_no_amount_says_why(
    path: str, measure: str | None, reason: UnmappedReason | None
) -> None:
    form = title_to_form("部门支出总表", SHANGHAI)
    assert form
    meaning = read_path(path, form, None, SHANGHAI)
    assert (meaning.column and meaning.column.measure, meaning.reason) == (measure, reason)


PAGE = """<html><body><p>上海市普陀区某局2025年部门{0}</p><p>{1}</p><p>单位：元</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td></tr><tr><td>204</td><td>公共安全支出</td><td>300</td></tr>
<tr><td>20406</td><td>司法</td><td>300</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("kind", "title", "missing", "of_others"),
    [("预算", "部门支出预算总表", "收入预算总表", "收入决算表"), ("决算", "支出决算表", "收入决算表", "收入预算总表")],
)
def test_the_tables_that_a_document_of_its_kind_lacks_are_named(
    kind: str, title: str, missing: str, of_others: str, tmp_path: Path
) -> None:
    (tmp_path / "one.html").write_text(PAGE.format(kind, title), encoding="utf-8")
    document = read_document(tmp_path / "one.html", FAMILIES)
    (problem,) = (problem for problem in document.problems if "缺少法定表" in problem)
    assert document.form == "shanghai" and document.tables == ("expenditure",)
    assert missing in problem and of_others not in problem
    assert "expenditure" not in problem.partition("not found: ")[2].rstrip(".").split(", ")


def test_a_row_whose_code_others_go_on_from_is_their_subtotal(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(PAGE.format("预算", "部门支出预算总表"), encoding="utf-8")
    items = read_document(tmp_path / "one.html", FAMILIES).line_items
    assert {item.row.code: item.row.role for item in items} == {"204": RowRole.SUBTOTAL, "20406": RowRole.DETAIL}


def test_spans_that_make_an_absurd_table_are_refused_before_it_is_laid_out() -> None:
    wide = SpannedCell("甲", columns=1_000, rows=1_000)
    rows: list[list[SpannedCell]] = [[wide], *([] for _ in range(199))]
    with pytest.raises(UnreadableFileError, match="第 1 个表格过大"):
        rows_to_grid(rows, 1)
    assert len(rows_to_grid(rows[:50], 1).cells) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [["项目", "本月支出数（元）"], ["合计", "30"], ["1、因公出国（境）费用", "0"], ["2、公务接待费", "10"],
         ["3、公务用车购置及运行费", "20"], ["其中：（1）公务用车运行维护费", "20"]],
        [["“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费"], ["30", "0", "10", "20"]],
    ],
    ids=["one below the other", "side by side"],
)  # fmt: skip
def test_the_three_are_known_by_their_items_where_no_title_tells(rows: list[list[str]], tmp_path: Path) -> None:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<p>云岭县民政局2024年部门预算</p><p>经费情况如下，单位：元</p><table>{cells}</table>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    document = read_document(tmp_path / "page.html", FAMILIES)
    assert document.tables == ("three_public",) and not document.unmapped
    amounts = {item.column.measure: item.figure.printed for item in document.line_items}
    assert amounts.items() >= {("total", "30"), ("overseas_visits", "0"), ("receptions", "10"), ("vehicles", "20")}


def test_an_economic_table_is_not_the_three_though_it_names_them(tmp_path: Path) -> None:
    names = ["办公费", "印刷费", "咨询费", "水费", "电费", "因公出国（境）费用", "公务接待费", "公务用车运行维护费"]
    cells = "".join(f"<tr><td>{name}</td><td>1</td></tr>" for name in names)
    page = f"<html><body><p>云岭县民政局2024年部门预算</p><p>单位：元</p><table>{cells}</table></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    document = read_document(tmp_path / "page.html", FAMILIES)
    assert not document.line_items and len(document.unmapped) == len(names)
