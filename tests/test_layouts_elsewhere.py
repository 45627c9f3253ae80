"""Layouts of places that nobody here has files of: what they say is read, or kept apart with a true reason."""

from decimal import Decimal
from pathlib import Path

import pytest
from make.books import NATIONAL
from make.check_rows import COMMITTED
from make.web_tables import Reader, apart, item, meanings, page, reader

from analysis.dataset.store import read_table
from analysis.reading.forms.locate import read_body
from analysis.reading.forms.titles import title_to_form
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder

ITEMS = ["因公出国（境）费|||", "公务接待费|5|6|", "公务用车购置及运行维护费|7|8|", "合计|12|14|"]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def test_the_first_item_of_a_list_may_be_blank(read: Reader) -> None:
    document = read("一般公共预算“三公”经费支出表", "单位：万元", ["项目|2023年预算数|2024年预算数|增减（%）", *ITEMS])
    assert {printed: measure for printed, (_, measure) in meanings(document).items()} == {
        **dict.fromkeys("56", "receptions"),
        **dict.fromkeys("78", "vehicles"),
        **dict.fromkeys(("12", "14"), "total"),
    }
    assert not apart(document)


def test_the_second_line_of_a_head_may_name_the_labels_alone(read: Reader) -> None:
    head = ["科目编码|科目名称|合计|基本支出|项目支出", "编码|名称|||", "205|教育支出|30|20|10"]
    document = read("部门支出总表", "单位：万元", head)
    assert {measure for _, measure in meanings(document).values()} == {"total", "basic", "project"}


@pytest.mark.parametrize("head", ["科目编码", "编码", "功能分类科目编码", "科目代码"])
def test_dots_part_codes_in_a_column_of_codes_alone(head: str, read: Reader) -> None:
    rows = [f"{head}|科目名称|合计|基本支出", "|合计|426.02|213.02", "213|农林水支出|426.02|213.02"]
    rows += ["213.01|农业农村|426.02|213.02", "213.01.01|行政运行|213.01|213.02", "213.01.04|事业运行|213.01|"]
    document = read("部门支出总表", "单位：万元", rows)
    printed = [(one.row.code, one.figure.printed, one.column.measure) for one in document.line_items]
    assert printed == [
        (None, "426.02", "total"),
        (None, "213.02", "basic"),
        ("213", "426.02", "total"),
        ("213", "213.02", "basic"),
        ("21301", "426.02", "total"),
        ("21301", "213.02", "basic"),
        ("2130101", "213.01", "total"),
        ("2130101", "213.02", "basic"),
        ("2130104", "213.01", "total"),
    ]


def test_a_code_with_dots_stands_before_its_name(read: Reader) -> None:
    rows = ["科目|合计|基本支出", "205.02.02小学教育|213.01|7.5", "205.02 普通教育|213.02|7.6"]
    found = {(one.row.code, one.row.name) for one in read("部门支出总表", "单位：万元", rows).line_items}
    assert found == {("2050202", "小学教育"), ("20502", "普通教育")}


def test_what_could_be_a_code_with_a_dot_is_no_code_beside_amounts(read: Reader) -> None:
    rows = ["科目|金额", "213.01|7", "1,213.02|8"]
    assert not {one.row.code for one in read("部门支出总表", "单位：万元", rows).line_items} - {None}


def test_a_lost_zero_behind_a_dot_makes_no_code(read: Reader) -> None:
    rows = ["科目编码|科目名称|合计", "208|社会保障和就业支出|7", "208.1|社会福利|6"]
    document = read("部门支出总表", "单位：万元", rows)
    assert [(one.row.code, one.row.name) for one in document.line_items] == [
        ("208", "社会保障和就业支出"),
        (None, "社会福利"),
    ]


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("2021年预算收支总表", "revenue_expenditure_summary"),
        ("2021年预算收入总表", "revenue"),
        ("预算支出总表", "expenditure"),
        ("2021年一般公共预算安排基本支出分经济科目表", "basic_by_economic"),
        ("2021年机关运行经费预算财政拨款情况统计表", "agency_operating"),
        ("政府采购预算支出表", None),
        ("政府性基金预算收入表", None),
    ],
)
def test_a_title_may_say_budget_before_what_it_is_of(title: str, table: str | None) -> None:
    form = title_to_form(title, NATIONAL)
    assert (form.table if form else None) == table


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("2022年度某某区一般公共预算支出决算功能分类明细表", "government_expenditure"),
        ("某县2021年对下一般性转移支付预算表", "transfers"),
        ("一般公共预算省对下转移支付表", "transfers"),
    ],
)
def test_a_government_may_word_its_titles_so(title: str, table: str) -> None:
    form = title_to_form(title, NATIONAL, government=True)
    assert form is not None
    assert form.table == table


@pytest.mark.parametrize(
    "caption",
    [
        "部门编码：352 预算公开03表 单位：万元",
        "预算公开03表 单位：万元",
        "部门：某某市水务局 公开03表 单位：万元",
        "填报单位：某某市水务局 填报日期：2024年1月 单位：万元",
    ],
)
def test_a_caption_with_the_number_of_a_table_is_no_title(caption: str, read: Reader) -> None:
    document = read("部门支出总表", caption, ["科目编码|科目名称|合计|基本支出", "205|教育支出|30|20"])
    assert set(meanings(document)) == {"30", "20"}
    assert document.cover.organisation == "某某市水务局"


def test_a_caption_names_the_body_alone() -> None:
    assert read_body("部门：某某局 公开05表 单位：万元", NATIONAL) == "某某局"
    assert read_body("填报单位：某某局 填报日期：2022年1月 单位：万元", NATIONAL) == "某某局"
    assert read_body("编制单位：某市公开办公室", NATIONAL) == "某市公开办公室"


def test_a_cover_may_break_before_its_last_word(read: Reader) -> None:
    table = ["科目编码|科目名称|合计", "205|教育支出|30"]
    document = read("预算", "部门支出总表", "单位：万元", table, cover="某某市水务局2024年部门")
    assert (document.cover.organisation, document.cover.year) == ("某某市水务局", 2024)


def test_a_project_does_not_bear_the_name_of_the_office_in_charge(read: Reader) -> None:
    rows = ["单位名称|项目名称|项目主管处室|合计", "某某局|河道整治|农水处|7"]
    assert item(read("项目支出表", "单位：万元", rows), "7").row.name == "河道整治"


def test_the_items_of_a_list_may_leave_out_the_word_of_expenditure(read: Reader) -> None:
    rows = ["项目|年初预算数|决算数", "公务用车购置及运行维护|7|8", "其中：公务用车购置|5|6", "公务用车运行维护|2|3"]
    document = read("财政拨款“三公”经费支出决算表", "单位：万元", rows, cover="某某市水务局2023年度部门决算")
    measures = [measure for _, measure in meanings(document).values()]
    assert measures == ["vehicles", "vehicles", *["vehicle_purchase"] * 2, *["vehicle_operation"] * 2]


@pytest.mark.parametrize("head", ["2023年|2024年", "2023年度|2024年度"])
def test_a_year_alone_may_stand_over_a_column(head: str, read: Reader) -> None:
    sides = ["{3}收入|{3}支出", f"项目|{head}|项目|{head}", "一、一般公共预算|1|2|一、教育支出|3|4"]
    document = read("2024年预算收支总表", "单位：万元", sides)
    assert [(one.figure.printed, one.fiscal_year) for one in document.line_items] == [
        ("1", 2023),
        ("2", 2024),
        ("3", 2023),
        ("4", 2024),
    ]
    assert {measure for _, measure in meanings(document).values()} == {"total"}
    listed = read("一般公共预算“三公”经费支出情况统计表", "单位：万元", [f"项目|{head}|增减%", *ITEMS])
    assert meanings(listed)["5"] == ("three_public", "receptions")
    assert item(listed, "5").fiscal_year == 2023


@pytest.mark.parametrize("head", ["预算金额", "金额"])
def test_amounts_of_a_budget_may_be_called_so(head: str, read: Reader) -> None:
    rows = ["{2}收入|{2}支出", f"项目|{head}|项目|{head}", "一、一般公共预算拨款|1|一、教育支出|2"]
    assert len(read("部门收支总表", "单位：万元", rows).line_items) == 2


def test_funds_of_a_government_may_lack_their_middle_word() -> None:
    form = title_to_form("政府基金预算财政拨款支出表", NATIONAL)
    assert form is not None
    assert form.table == "government_fund"


def test_revenue_of_a_government_has_codes_of_its_own(read: Reader) -> None:
    rows = ["科目编码|科目名称|决算数", "101|税收收入|7", "10101|增值税|5", "103|非税收入|3"]
    document = read("某县2023年一般公共预算收入决算表", "单位：万元", rows, cover="某县2023年财政决算")
    found = [(one.row.code, one.row.name, one.row.scheme) for one in document.line_items]
    assert found == [("101", "税收收入", None), ("10101", "增值税", None), ("103", "非税收入", None)]


@pytest.mark.parametrize(("cover", "name"), [("浚县2023年财政决算", "浚县"), ("2023年财政决算公开", None)])
def test_a_table_of_debts_does_not_name_the_body(cover: str, name: str | None, read: Reader) -> None:
    rows = ["地区|2023年债务限额|2023年债务余额", "浚县|30.5|29.5"]
    document = read("浚县2023年地方政府债务限额及余额决算情况表", "单位：亿元", rows, cover=cover)
    assert document.cover.organisation == name


def test_a_title_may_state_the_unit_in_brackets(read: Reader) -> None:
    document = read("部门支出总表（单位：元）", ["科目编码|科目名称|合计", "205|教育支出|33.5"])
    assert item(document, "33.5").figure.amount == Decimal("33.5")


@pytest.mark.slow
def test_the_codes_of_a_governments_revenue_raise_no_alarm(tmp_path: Path) -> None:
    rows = ["科目编码|科目名称|决算数", "101|税收收入|7", "10101|增值税|5", "10104|企业所得税|2", "103|非税收入|3"]
    title = "浚县2023年一般公共预算收入决算表"
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "a.html").write_text(page(title, "单位：万元", rows, cover="浚县2023年财政决算"), encoding="utf-8")
    clean_folder(raw, clean)
    check_dataset(clean, None, COMMITTED, tmp_path / "site", distribution=Distribution(workers=1))
    assert read_table(clean, "findings").is_empty()


def test_what_stands_beside_of_which_is_a_part_too_where_the_sum_says_so(read: Reader) -> None:
    head = ["{2}收入|{2}支出", "项目|预算数|项目|预算数", "一、一般公共预算拨款|10|一、教育支出|12"]
    rest = ["其中：上级专项|4||", "本级财力|6||", "二、上年结转|2||", "收入总计|12.0|支出总计|12.00"]
    assert item(read("部门收支总表", "单位：万元", [*head, *rest]), "6").row.outer_name == "一、一般公共预算拨款"
    other = [*head, "其中：上级专项|4||", "单位资金|7||", "收入总计|17|支出总计|12.00"]
    assert item(read("部门收支总表", "单位：万元", other), "7").row.outer_name is None


@pytest.mark.parametrize("counted", ["数量|单位", "数量|计量单位", "计量单位|数量"])
def test_goods_do_not_bear_the_name_of_what_they_are_counted_in(counted: str, read: Reader) -> None:
    cells = ("3|台" if counted.startswith("数量") else "台|3", "打印机")
    rows = [f"采购项目名称|{counted}|单价|合计|一般公共预算", f"{cells[1]}|{cells[0]}|2|6|5", "合计|||||9"]
    assert item(read("政府采购预算表", "单位：万元", rows), "6").row.name == "打印机"
