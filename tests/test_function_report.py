"""The report by function: levels and phases apart, a gap told from absence, and a code followed by the code books."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from make.datasets import amount, document, write_tables

from analysis.charts.chart import Chart
from analysis.dataset.document_rows import identifier
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.errors import ParameterError
from analysis.reports.function.function_report import FunctionReport, open_function
from analysis.runtime.kernels.notebooks import execute

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "function.ipynb"
HOSTILE = "<script>alert(1)</script>局"
A, B, C = "甲局", "乙局", HOSTILE
HEALTH, OLD_HEALTH = "卫生健康支出", "医疗卫生与计划生育支出"
# Organisation, year, level, yuan of class 210 (None: its document prints no such code), name of the class.
Line = tuple[str, int, str, int | None, str]
LINES: list[Line] = [
    (A, 2017, "department", 50, OLD_HEALTH),
    (A, 2018, "department", 80, OLD_HEALTH),
    (A, 2019, "department", 100, HEALTH),
    (B, 2018, "department", None, ""),
    (B, 2019, "department", 40, HEALTH),
    (C, 2019, "department", 30, HEALTH),
    (A, 2018, "unit", 7, OLD_HEALTH),
    (A, 2019, "unit", 9, HEALTH),
]


def dataset(folder: Path, lines: Sequence[Line] = LINES, code: str = "210", **of_document: object) -> Path:
    """A document for each line, of 1,000 yuan in all."""
    documents, items = [], []
    for number, (organisation, year, level, yuan, name) in enumerate(lines):
        one = document(number, organisation, year, level=level, **of_document)
        phase = "executed" if one["kind"] == "final" else "approved"
        documents.append(one)
        items.append(amount(one, None, "合计", 1000, phase=phase))
        if yuan is not None:
            items.append(amount(one, code, name, yuan, row_number=2, phase=phase))
            if len(code) == 3:
                items.append(amount(one, f"{code}01", "管理事务", yuan, row_number=3, phase=phase))
    return write_tables(folder / "clean", {"documents": documents, "line_items": items})


@pytest.fixture
def report(tmp_path: Path) -> FunctionReport:
    return open_function(dataset(tmp_path), "210")


def words(shown: object) -> str:
    assert isinstance(shown, Paragraph)
    return "\n".join(shown.sentences)


def rows(table: object) -> dict[str, list[str]]:
    assert isinstance(table, Table)
    return {row[0]: row[1:] for row in table.texts}


def headings(table: object) -> list[str]:
    assert isinstance(table, Table)
    return [column.heading for column in table.columns]


def cell(table: object, name: str, heading: str) -> str | TableCell:
    assert isinstance(table, Table)
    row = next(row for row in table.rows if (row[0] if isinstance(row[0], str) else row[0].text) == name)
    return row[headings(table).index(heading)]


def test_levels_stay_apart_and_the_larger_is_first(report: FunctionReport) -> None:
    assert report.main.frames.level_name == "部门"
    assert rows(report.main.table)[A][:3] == ["0.01", "0.01", "0.01"]
    assert [row[:2] for row in rows(report.other_table).values()] == [["不足 0.01", "不足 0.01"]]
    assert report.headlines.figures[1].name == "所列 3 个部门合计"
    assert report.main.frames.pairs["amount"].sum() == Decimal(170)
    assert "部门的数字包含所属单位" in words(report.answer)


def test_a_year_without_document_is_a_gap_and_a_document_without_the_code_says_so(report: FunctionReport) -> None:
    gap, absent = cell(report.main.table, B, "2017年"), cell(report.main.table, B, "2018年")
    assert isinstance(gap, TableCell)
    assert isinstance(absent, TableCell)
    assert (gap.text, absent.text) == ("—", "无此科目")
    assert gap.note == "2017年没有预算文件"
    assert absent.note == "2018年的预算文件没有列出 210"
    heat = report.main.heat_chart
    assert isinstance(heat, Chart)
    assert rows(heat.figures)[B][:2] == ["没有文件", "无此科目"]
    assert f"{B}：2017年 没有文件、2018年 无此科目、2019年 不足 0.01 万元" in heat.alternative
    assert "无此科目" in str(heat.explored)
    assert f"{B}上年的文件没有这一科目，2019年新列" in words(report.answer)


def test_a_document_read_in_part_does_not_say_that_the_code_is_absent(tmp_path: Path) -> None:
    lines = [(A, 2018, "unit", 10, HEALTH), (A, 2019, "unit", None, ""), (B, 2019, "unit", 20, HEALTH)]
    report = open_function(dataset(tmp_path, lines, status="partial"), "210")
    told = cell(report.main.table, A, "2019年")
    assert isinstance(told, TableCell)
    assert told.text == "未读全"
    assert report.main.frames.ended == []


def test_of_one_alone_no_sum_is_told(tmp_path: Path) -> None:
    alone = words(open_function(dataset(tmp_path, [(A, 2019, "unit", 20, HEALTH)]), "210").answer)
    assert f"最多的是{A}" in alone and "合计" not in alone


def test_a_figure_leads_back_to_its_line_item(report: FunctionReport) -> None:
    told = cell(report.main.table, A, "2019年")
    assert isinstance(told, TableCell)
    assert told.place == "d2/expenditure/2/expenditure/total/approved/2019/210"


def test_a_renaming_that_the_code_book_knows_goes_on_and_is_told(report: FunctionReport) -> None:
    lines = report.main.lines_chart
    assert isinstance(lines, Chart)
    assert set(rows(lines.figures)) == {A, B, C}
    assert "+25.00%" in rows(report.main.table)[A]
    assert f"210 由“{OLD_HEALTH}”改称“{HEALTH}”（2019 年起）" in words(report.limits)


def test_a_break_is_not_joined_and_is_marked(tmp_path: Path) -> None:
    lines = [(A, 2024, "unit", 80, "捕鲸事务支出"), (A, 2025, "unit", 100, HEALTH), (B, 2025, "unit", 5, HEALTH)]
    report = open_function(dataset(tmp_path, lines), "210")
    assert headings(report.main.table)[1:3] == ["2024年（旧科目）", "2025年"]
    assert rows(report.main.table)[A][-2:] == ["—", "—"]
    assert report.main.frames.both.is_empty()
    lines_chart = report.main.lines_chart
    assert isinstance(lines_chart, Chart)
    assert f"{A}（旧科目）" in rows(lines_chart.figures)
    assert "当作不同的科目，没有连接" in words(report.limits)


def test_codes_that_went_into_this_one_are_told_and_not_added(tmp_path: Path) -> None:
    lines = [(A, year, "unit", 10, "市场监督管理事务") for year in (2019, 2020)]
    report = open_function(dataset(tmp_path, lines, "20138"), "20138")
    assert "20115 工商行政管理事务用到 2018 年" in words(report.limits)


def test_budgets_and_final_accounts_stay_apart(tmp_path: Path) -> None:
    budget, final = document(1, A, 2024), document(2, A, 2024, kind="final")
    items = [
        amount(one, code, name, yuan, phase=phase)
        for one, phase, yuan in ((budget, "approved", 10_000), (final, "executed", 20_000))
        for code, name in ((None, "合计"), ("210", HEALTH))
    ]
    clean_dir = write_tables(tmp_path / "clean", {"documents": [budget, final], "line_items": items})
    report = open_function(clean_dir, "210")
    assert rows(report.main.table)[A][0] == "1.00"
    assert rows(report.main.elsewhere_table)[A][0] == "2.00"
    assert report.main.frames.phase_name == "预算"


def test_a_code_that_only_final_accounts_print_is_reported_of_them(tmp_path: Path) -> None:
    report = open_function(dataset(tmp_path, kind="final"), "210")
    assert report.main.frames.phase_name == "决算"
    assert rows(report.main.table)[B][:2] == ["—", "无此科目"]


def test_a_base_of_zero_has_no_growth(tmp_path: Path) -> None:
    report = open_function(dataset(tmp_path, [(A, 2024, "unit", 0, HEALTH), (A, 2025, "unit", 10, HEALTH)]), "210")
    assert rows(report.main.table)[A][-2:] == ["—", "—"]
    assert "上年为零" in words(report.answer)
    assert "上年为零，不计算增幅" in report.headlines.figures[1].change


def test_growth_and_contributions_are_of_those_with_both_years(tmp_path: Path) -> None:
    lines = [
        (A, 2024, "unit", 100, HEALTH), (A, 2025, "unit", 130, HEALTH), (B, 2024, "unit", 300, HEALTH),
        (B, 2025, "unit", 290, HEALTH), (C, 2025, "unit", 999, HEALTH),
    ]  # fmt: skip
    report = open_function(dataset(tmp_path, lines), "210")
    assert report.headlines.figures[1].change == "两年都列的 2 个：比上年 +5.00%（名义）"
    assert [rows(report.main.table)[one][-1] for one in (A, B, C)] == ["+7.50", "-2.50", "—"]
    assert [rows(report.main.table)[one][-3] for one in (A, B, C)] == ["13.00%", "29.00%", "99.90%"]


def test_what_several_regions_spend_is_never_one_sum(tmp_path: Path) -> None:
    near, far = {"region": "上海市普陀区"}, {"region": "江苏省"}
    plan = [(A, 2024, near, 100), (A, 2025, near, 130), (B, 2024, near, 300), (B, 2025, near, 290),
            (C, 2024, far, 990), (C, 2025, far, 999)]  # fmt: skip
    documents = [document(number, name, year, **where) for number, (name, year, where, _) in enumerate(plan)]
    items = [amount(of, "210", HEALTH, line[3]) for of, line in zip(documents, plan, strict=True)]
    report = open_function(write_tables(tmp_path / "clean", {"documents": documents, "line_items": items}), "210")
    assert (report.headlines.figures[1].name, report.headlines.figures[1].amount) == ("分属的地区", "2")
    assert "按地区（不跨地区加总）：江苏省 1 个单位合计 0.10 万元；上海市普陀区 2 个单位合计 0.04 万元。" in words(
        report.answer
    )
    assert "合计由" not in words(report.answer)
    assert [rows(report.main.table)[one][-1] for one in (A, B, C)] == ["—", "—", "—"]


def test_two_organisations_of_one_name_are_not_added(tmp_path: Path) -> None:
    one, other = document(1, A, 2024), document(2, A, 2024, organisation_id="ffff")
    more = [document(3, A, 2025), document(4, A, 2025, organisation_id="ffff")]
    items = [amount(of, "210", HEALTH, yuan) for of, yuan in zip((one, other, *more), (1, 2, 3, 4), strict=True)]
    report = open_function(
        write_tables(tmp_path / "clean", {"documents": [one, other, *more], "line_items": items}), "210"
    )
    heat = report.main.heat_chart
    assert isinstance(heat, Chart)
    assert rows(heat.figures) == {f"{A}（ffff）": ["2.00", "4.00"], f"{A}（{identifier(A)}）": ["1.00", "3.00"]}


def test_what_the_code_is_made_of(report: FunctionReport) -> None:
    assert isinstance(report.below.chart, Paragraph)  # one section alone would be a bar without a word to say
    assert "只有一个下级科目：21001 管理事务" in report.below.chart.sentences[0]
    assert isinstance(report.below.table, Table)
    ((name, most, count, *_),) = report.below.table.texts
    assert (name, most, count) == ("21001 管理事务", A, "3")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (210, "code 是文本"),
        ("211", "210 卫生健康支出"),
        ("卫生", "210 卫生健康支出"),
        ("0210", "210 卫生健康支出"),
        ("", "code 是文本"),
    ],
)
def test_a_code_that_is_no_text_or_unknown_is_refused(tmp_path: Path, code: object, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        open_function(dataset(tmp_path), code)


def test_a_level_that_the_code_has_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="class"):
        open_function(dataset(tmp_path), "210", "item")


def test_the_notebook_runs_and_a_name_is_text(tmp_path: Path) -> None:
    lines = [*LINES, (HOSTILE, 2019, "unit", 900, HOSTILE), (HOSTILE, 2018, "department", 5, OLD_HEALTH)]
    out = tmp_path / "out.ipynb"
    execute(NOTEBOOK, out, {"code": "210", "clean_dir": str(dataset(tmp_path, lines))})
    shown = [
        output.data for one in nbformat.read(out, as_version=4).cells for output in one.get("outputs", [])
        if output.output_type in ("execute_result", "display_data")
    ]  # fmt: skip
    html = "".join(data.get("text/html", "") + data.get("image/svg+xml", "") for data in shown)
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert sum("image/svg+xml" in data for data in shown) >= 6
