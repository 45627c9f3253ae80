"""Documents of places that nobody has seen: what their pages say is read exactly, or kept apart with the reason."""

import csv
import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from make.books import FAMILIES
from make.web_tables import Reader, apart, item, meanings, reader

from analysis.errors import UnreadableFileError
from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import Kind, Level, LineItem, Phase
from analysis.terms.money import parse_amount
from analysis.terms.printed_table import UnmappedReason

PLACES = Path(__file__).parent.parent.parent / "shared" / "second" / "places"
DOCUMENTS = sorted(path.name for path in (PLACES / "documents").glob("*"))
JIANGSU = sorted(path.stem for path in (PLACES / "gold" / "jiangsu").glob("*.csv"))
TRUTH = PLACES / "gold" / "made-truth.json"
MADE = json.loads(TRUTH.read_text(encoding="utf-8")) if TRUTH.is_file() else {}


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


HEAD = "科目编码|科目名称|合计|基本支出|项目支出"


@pytest.mark.parametrize(
    "parts",
    [
        ("支出预算总表 单位：元", "单位：万元", [HEAD, "213|农林水支出|30|10|20"]),
        (["{5}支出预算总表", "{5}单位：万元", "{5}金额单位：元", HEAD, "213|农林水支出|30|10|20"],),
        ("支出预算总表", "单位：万元", ["编码|名称|合计(元)|基本支出(元)|项目支出(元)", "213|农林水支出|30|10|20"]),
    ],
)
def test_two_units_that_contradict_each_other_are_told_and_give_no_amount(parts, read) -> None:  # type: ignore[no-untyped-def]
    document = read(*parts)
    assert not document.line_items
    assert {(cell.reason, cell.amount) for cell in document.unmapped} == {(UnmappedReason.NO_UNIT, None)}
    assert any("互相矛盾" in problem for problem in document.problems)


def test_one_column_may_have_a_unit_of_its_own(read) -> None:  # type: ignore[no-untyped-def]
    document = read("支出预算总表", "单位：万元", ["编码|名称|合计|基本支出(元)", "213|农林水支出|30|100000"])
    assert {one.figure.amount for one in document.line_items} == {300_000, 100_000}


@pytest.mark.parametrize("body", ["某某市级机关事务管理局", "全州县水务局", "某某县县级储备粮管理中心"])
def test_a_body_whose_name_has_a_level_in_it_is_no_government(body: str, read) -> None:  # type: ignore[no-untyped-def]
    rows = ["科目编码|科目名称|合计", "213|农林水支出|30"]
    document = read(f"{body}收入总表", "单位：万元", rows, f"{body}支出总表", rows, cover=f"{body}2024年部门预算")
    assert document.tables == ("revenue", "expenditure")
    assert document.cover.level != "government"


@pytest.mark.parametrize("title", ["全市一般公共预算收入表", "某某县县级一般公共预算收入表", "全县财政收入表"])
def test_a_government_says_so_before_the_words_of_money(title: str, read) -> None:  # type: ignore[no-untyped-def]
    document = read(f"2024年{title}", "单位：万元", ["项目|预算数", "一、税收收入|30"], cover="某某县2024年政府预算")
    assert document.tables == ("government_revenue",)


def test_the_last_part_of_a_heading_is_no_sum_of_the_chapter_below_it(read) -> None:  # type: ignore[no-untyped-def]
    document = read(
        "财政拨款收支总表",
        "单位：万元",
        [
            "{2}收入|{2}支出",
            "项目|预算数|项目|预算数",
            "一、本年收入|120|一、本年支出|120",
            "一般公共预算资金|100|一般公共服务支出|61",
            "政府性基金预算资金|20|城乡社区支出|59",
            "二、上年结转|10|二、结转下年|",
            "一般公共预算拨款|10||",
        ],
    )
    roles = {one.row.name: one.row.role.value for one in document.line_items}
    assert roles["一、本年收入"] == roles["一、本年支出"] == roles["二、上年结转"] == "subtotal"
    assert roles["政府性基金预算资金"] == roles["一般公共预算资金"] == roles["城乡社区支出"] == "detail"


def test_a_sum_of_one_page_is_no_detail(read) -> None:  # type: ignore[no-untyped-def]
    rows = [HEAD, "213|农林水支出|30|10|20", "{2}本页小计|30|10|20", "{2}累计|60|20|40", "{2}合计|60|20|40"]
    document = read("部门支出总表", "单位：万元", rows)
    roles = {one.row.name: one.row.role.value for one in document.line_items}
    assert roles == {"农林水支出": "detail", "合计": "total"}


ONE = ["科目编码|科目名称|合计", "合计||30", "213|农林水支出|30.0"]
OTHER = ["科目编码|科目名称|合计", "合计||10", "213|农林水支出|10.0"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024年部门收入总表", "2024年部门收入总表"),
        ("2024年部门收入总表", "2024年本级收入总表"),
        ("2024年部门收入总表", None),
    ],
)
def test_a_second_table_does_not_go_on_with_the_first(first: str, second: str | None, read) -> None:  # type: ignore[no-untyped-def]
    document = read(first, "单位：万元", ONE, *([second] if second else []), OTHER)
    assert meanings(document) == {"30": ("revenue", "total"), "30.0": ("revenue", "total")}
    assert apart(document) == dict.fromkeys(("10", "10.0"), UnmappedReason.UNKNOWN_TABLE)


def test_a_table_goes_on_below_its_title_printed_again(read) -> None:  # type: ignore[no-untyped-def]
    rest = ["科目编码|科目名称|合计", "214|交通运输支出|5"]
    document = read("部门收入总表", "单位：万元", ONE, "部门收入总表（续表）", "单位：万元", rest)
    assert set(meanings(document)) == {"30", "30.0", "5"}


def test_a_summary_may_head_its_labels_by_the_side_alone(read) -> None:  # type: ignore[no-untyped-def]
    document = read(
        "收入支出总表",
        "单位：万元",
        ["收入|预算数|支出|预算数", "一、财政拨款|3|一、农林水支出|2", "合计|3.0|合计|2.0"],
    )
    assert {one.figure.printed: one.column.side.value for one in document.line_items} == {
        "3": "revenue",
        "2": "expenditure",
        "3.0": "revenue",
        "2.0": "expenditure",
    }


CODED = ("部门支出总表", "单位：万元")


@pytest.mark.parametrize(
    ("head", "understood", "kept_apart"),
    [
        (  # this year's and last year's balance beside each other, in a budget
            ["{2}项目|{2}本年支出|{2}上年结转支出", "编码|名称|小计|基本支出|小计|基本支出"],
            ["total", "basic", None, None],
            UnmappedReason.UNKNOWN_COLUMN,
        ),
        (  # the share of one fund in basic expenditure is not basic expenditure
            ["{2}项目|合计|{2}一般公共预算|政府性基金", "编码|名称||小计|基本支出|"],
            ["total", "general_public_budget", None, "government_fund_budget"],
            UnmappedReason.UNKNOWN_COLUMN,
        ),
        (
            ["{2}项目|合计|{2}其中：财政拨款|其他", "编码|名称||小计|人员经费|"],
            ["total", "fiscal_appropriation", None, None],
            None,
        ),
        (  # a sum of what nobody knows is not the total of the table
            ["{2}项目|基本支出|{2}专项资金|项目支出", "编码|名称||小计|甲|"],
            ["basic", None, None, "project"],
            UnmappedReason.UNKNOWN_COLUMN,
        ),
        (["编码|名称|本年支出总计|基本支出|项目支出|结转下年"], ["total", "basic", "project", "carried_forward"], None),
    ],
)
def test_a_column_means_what_all_words_over_it_say(head, understood, kept_apart, read) -> None:  # type: ignore[no-untyped-def]
    printed = ["11", "12", "13", "14"]
    document = read(*CODED, [*head, "213|农林水支出|" + "|".join(printed)])
    found = meanings(document)
    assert [found.get(amount, (None, None))[1] for amount in printed] == understood
    assert {one.column.phase.value for one in document.line_items} == {"approved"}
    if kept_apart:
        assert set(apart(document).values()) == {kept_apart}


def test_a_second_panel_of_the_same_amounts_is_no_second_summary(read) -> None:  # type: ignore[no-untyped-def]
    row = "一、财政拨款|100|一、教育支出|101|一、基本支出|80"
    head = "项目|预算数|项目（按功能分类）|预算数|项目（按支出性质）|预算数"
    document = read("收支总表", "单位：元", ["{2}收入|{4}支出", head, row])
    assert set(meanings(document)) == {"100", "101"}
    assert apart(document) == {"80": UnmappedReason.AMBIGUOUS_COLUMN}
    document = read("收支总表", "单位：元", ["{2}收入|{4}支出", "项目|预算数|项目|预算数|项目|预算数", row])
    assert set(meanings(document)) == {"100"}


def test_what_is_kept_apart_bears_the_label_of_its_own_panel(read) -> None:  # type: ignore[no-untyped-def]
    head = "项目|不识栏|决算数|项目|不识栏|决算数"
    rows = ["{3}收入|{3}支出", head, "一、财政拨款|7|8|一、教育支出|9|10"]
    document = read("收入支出决算总表", "单位：元", rows, cover="某某市水务局2023年度部门决算")
    assert {cell.printed: cell.row_label for cell in document.unmapped} == {"7": "一、财政拨款", "9": "一、教育支出"}


@cache
def published(name: str) -> ReadDocument | None:
    try:
        return read_document(PLACES / "documents" / name, FAMILIES)
    except UnreadableFileError:
        return None


@pytest.mark.skipif(not DOCUMENTS, reason="the documents of places (../shared/second/places) are not here")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_money_cell_is_a_line_item_or_kept_apart(name: str) -> None:
    document = published(name)
    if document is None:
        pytest.skip("it holds no budget")
    if not document.open_rows:  # of plain text: a figure whose column is open is neither yet
        assert len(document.line_items) + len(document.unmapped) == document.cells_printed
    for table in {one.row.table for one in document.line_items}:
        meant = Counter(
            (one.row.number, one.row.name, one.column, one.fiscal_year, one.row.outer_name, one.row.code)
            for one in document.line_items
            if one.row.table == table
        )
        assert max(meant.values()) == 1


@pytest.mark.skipif(not JIANGSU, reason="the gold of Jiangsu (../shared/second/places) is not here")
def test_the_budgets_of_jiangsu_are_read_as_their_gold_says() -> None:
    printed = right = 0
    for stem in JIANGSU:
        document = published(f"{stem}.pdf")
        assert document is not None
        found = {_spelt(one): one for one in document.line_items}
        assert len(found) == len(document.line_items)
        for row in csv.DictReader((PLACES / "gold" / "jiangsu" / f"{stem}.csv").open(encoding="utf-8")):
            printed += 1
            key = (int(row["page"]), row["text"], *(row[word] for word in ("table", "name", "code", "phase")))
            same = [one for spelt, one in found.items() if spelt[:6] == key]
            right += any(
                row["measure"] in ("", one.column.measure)
                and row["fiscal_year"] == str(one.fiscal_year)
                and _covers(one, row)
                for one in same
            )
    assert right == printed == 915


def _spelt(item: LineItem) -> tuple[object, ...]:
    place = item.figure.place
    names = (item.row.table, item.row.name or "", item.row.printed_code or "", item.column.phase.value)
    return place.page, item.figure.printed, *names, place.x0, place.top


def _covers(item: LineItem, row: dict[str, str]) -> bool:
    """Whether the middle of a printed figure stands in the cell of an item."""
    place = item.figure.place
    assert place.x0 is not None and place.x1 is not None and place.top is not None and place.bottom is not None
    x, y = ((float(row[a]) + float(row[b])) / 2 for a, b in (("x0", "x1"), ("top", "bottom")))
    return place.x0 <= x <= place.x1 and place.top <= y <= place.bottom


@pytest.mark.skipif(not MADE, reason="the truth of the made files (../shared/second/places) is not here")
@pytest.mark.parametrize("name", MADE)
def test_a_made_file_holds_each_of_its_cells(name: str) -> None:
    document = published(name)
    assert document is not None
    truth = Counter(
        (cell["form"], cell["side"], cell["measure"], parse_amount(cell["text"]))
        for cell in MADE[name]
        if cell["measure"] and not cell["form"].startswith("extra:")
    )
    found = Counter(
        (one.row.table, one.column.side.value, one.column.measure, parse_amount(one.figure.printed))
        for one in document.line_items
    )
    assert not truth - found


@pytest.mark.parametrize(
    ("title", "rows", "code", "name"),
    [
        (
            "一般公共预算财政拨款基本支出表",
            [
                "{2}政府预算支出经济分类|{2}部门预算支出经济分类|合计",
                "科目编码|科目名称|科目编码|科目名称|",
                "501|机关工资福利支出|301|工资福利支出|30",
            ],
            "301",
            "工资福利支出",
        ),
        (
            "一般公共预算支出表",
            [
                "{2}功能分类|{2}经济分类|合计",
                "科目编码|科目名称|科目编码|科目名称|",
                "2130301|行政运行|30201|办公费|30",
            ],
            "2130301",
            "行政运行",
        ),
        (
            "支出预算表",
            ["{3}功能分类科目|{2}部门经济科目|合计", "类|款|项|编码|名称|", "213|03|01|30101|基本工资|30"],
            "2130301",
            None,
        ),
    ],
)
def test_two_classifications_of_one_row_make_no_code_together(title, rows, code, name, read) -> None:  # type: ignore[no-untyped-def]
    row = item(read(title, "单位：万元", rows), "30").row
    assert (row.code, row.name) == (code, name)


@pytest.mark.parametrize("printed", ["2130301", "213-03-01", "[2130301]", "【2130301】"])
def test_a_code_may_be_parted_or_bracketed(printed: str, read) -> None:  # type: ignore[no-untyped-def]
    row = item(read("支出总表", "单位：万元", [HEAD, f"{printed}|行政运行|30|10|20"]), "30").row
    assert (row.code, row.name) == ("2130301", "行政运行")


APPROVAL = [
    "{6}2015年部门预算批复明细表",
    "{2}单位人数:在职( )人|单位：万元||||",
    "预算代码|单位名称|总计|公共财政预算支出小计|{2}人员经费",
    "预算代码|单位名称|总计|公共财政预算支出小计|合计|住房公积金",
    "**|**|1|2|3|4",
    "|合计|100.50|100.60|60.10|9.01",
    "20404|检察|100.51|100.61|60.20|9.02",
    "[2040401]行政运行||100.52|100.62|60.30|9.03",
    "[2040401]行政运行|法警补贴|4.90|4.91|4.92|",
]


def test_the_table_by_which_a_budget_is_approved(read) -> None:  # type: ignore[no-untyped-def]
    document = read(APPROVAL, cover="某某县人民检察院2015年部门预算批复明细表")
    assert (document.cover.organisation, document.cover.year) == ("某某县人民检察院", 2015)
    found = meanings(document)
    assert found["100.50"] == found["4.90"] == ("expenditure", "total")
    assert (found["100.60"][1], found["60.10"][1]) == ("general_public_budget", "personnel")
    assert set(apart(document)) == {"9.01", "9.02", "9.03"}  # a part of a part, which no measure means
    assert (item(document, "100.52").row.code, item(document, "100.52").row.name) == ("2040401", "行政运行")
    # a project has no code of its own: it would stand twice in every sum by function
    assert (item(document, "4.90").row.code, item(document, "4.90").row.name) == (None, "法警补贴")


def test_the_three_of_one_month_are_no_budget(read) -> None:  # type: ignore[no-untyped-def]
    rows = [
        "项目|本期支出数（元）|累计支出数（元）",
        "合计|30|60",
        "1、因公出国（境）费用|10|21",
        "2、公务接待费|20|39",
        "3、公务用车购置及运行费|5|9",
    ]
    document = read("2018年某某乡1月份“三公”经费支出公开表", rows, cover="2018年某某乡1月份“三公”经费支出公开表")
    assert (document.cover.kind, document.cover.year) == (Kind.EXECUTION, 2018)
    assert {one.column.phase for one in document.line_items} == {Phase.EXECUTED}
    assert meanings(document)["60"] == ("three_public", "total")
    assert set(apart(document)) == {"30", "10", "20", "5"}  # the month alone, beside the year up to now
    assert not [problem for problem in document.problems if "缺少" in problem]


def test_a_table_of_all_bodies_of_a_place_is_its_governments(read) -> None:  # type: ignore[no-untyped-def]
    rows = [f"某某县第{n}局|{n}.10|{n}.20|{n}.30" for n in range(1, 12)]
    head = "单位名称/预算代码|“三公”经费合计数|公务接待费控制数|车辆经费控制数"
    title = "2015年部门预算“三公经费”公开表"
    document = read(title, "单位：万元", [head, *rows], cover=title)
    assert document.cover.level is Level.GOVERNMENT
    found = meanings(document)
    assert (found["1.10"][1], found["1.20"][1], found["1.30"][1]) == ("total", "receptions", "vehicles")
    assert not [problem for problem in document.problems if "缺少" in problem]


UNSEEN = [name for name in MADE if name.split("-")[1] in {"zhejiang", "yunnan", "sichuan", "guangdong", "hubei"}]


@pytest.mark.skipif(not MADE, reason="the truth of the made files (../shared/second/places) is not here")
@pytest.mark.parametrize("name", UNSEEN)
def test_a_place_whose_family_is_not_known_is_read_by_the_national_one(name: str) -> None:
    alone = replace(FAMILIES, by_id={"national": FAMILIES.national})
    document, known = read_document(PLACES / "documents" / name, alone), published(name)
    assert known is not None
    assert document.form == "national"
    assert document.line_items == known.line_items
    assert document.unmapped == known.unmapped
