"""The report by unit: what it says of the published documents, and what it must never do with figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables
from make.findings import finding
from make.notebook_cells import html, shown

from analysis.balancing.acceptances import Acceptance
from analysis.balancing.findings import assemble
from analysis.charts.chart import Chart
from analysis.dataset.store import read_table, write_table
from analysis.display.tables import Headlines, Paragraph, Table, TableCell
from analysis.errors import ParameterError
from analysis.reports.deflator import read_deflator, real_growth
from analysis.reports.problems import Problems
from analysis.reports.series.compared_execution import STATEMENTS
from analysis.reports.unit.unit_report import UnitReport, open_unit
from analysis.terms.finding import Severity

WANLI = "上海市普陀区人民政府万里街道办事处"
NAME = "某区司法局"
Rows = list[dict[str, object]]


def texts(table: Table | None) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    assert table is not None
    return {row[0]: row[1:] for row in table.texts}


def words(value: Paragraph) -> str:
    return "".join(value.sentences)


def rows_of(of: dict[str, object], items: dict[str, int], **more: object) -> Rows:
    """The expenditure table of a document: 合计 in three measures, the class and these items (with their sum)."""
    total = sum(items.values())
    parts = (("total", total), ("basic", total // 4), ("project", total - total // 4))
    rows = [amount(of, None, "合计", yuan, measure=measure, row_number=99, **more) for measure, yuan in parts]
    rows.append(amount(of, "201", "一般公共服务支出", total, **more))
    for number, (label, yuan) in enumerate(items.items(), 2):
        code, _, name = label.partition(" ")
        rows.append(amount(of, code, name, yuan, row_number=number, **more))
    return rows


def made(folder: Path, years: dict[int, dict[str, int]], organisation: str = NAME) -> Path:
    documents = [document(year, organisation, year) for year in years]
    rows = [row for of, items in zip(documents, years.values(), strict=True) for row in rows_of(of, items)]
    return write_tables(folder / "clean", {"documents": documents, "line_items": rows})


def report_of(clean_dir: Path, first: int = 2023, last: int = 2025, **more: Any) -> UnitReport:
    return open_unit(clean_dir, NAME, None, first, last, **more)


def test_the_year_of_a_report_is_the_latest_that_prints_a_total(tmp_path: Path) -> None:
    whole, parts = document(1, NAME, 2024), document(2, NAME, 2025)
    rows = [*rows_of(whole, {"2010101 行政运行": 100_000}), amount(parts, None, "合计", 10_000, measure="basic")]
    report = report_of(write_tables(tmp_path / "clean", {"documents": [whole, parts], "line_items": rows}))
    assert report.frames.year == 2024


def test_wanli_is_told_as_published(published_dataset: Path) -> None:
    report = open_unit(published_dataset, WANLI, None, 2023, 2025)
    numbers = [column.heading for column in report.totals_table.columns]
    assert [row[numbers.index("支出预算")] for row in report.totals_table.texts] == [
        "16,497.86", "15,621.11", "18,976.76",
    ]  # fmt: skip
    assert texts(report.basics.public_table)["“三公”合计"] == ["22.91", "47.91", "37.91"]
    assert texts(report.trends.table)["合计（公开文件列示数）"][:3] == ["16,497.86", "15,621.11", "18,976.76"]
    heads = [figure.amount.text for figure in report.headlines.figures if isinstance(figure.amount, TableCell)]
    assert (heads[0], heads[-1]) == ("18,976.76", "37.91")
    assert report.headlines.figures[0].change == "比上年增加 3,355.64 万元（增长 21.48%）"
    assert "18,976.76 万元，比上年增加 3,355.64 万元（增长 21.48%），名义数" in words(report.answer)


def test_every_row_of_a_chart_says_its_code_once(published_dataset: Path) -> None:
    report = open_unit(published_dataset, WANLI, None, 2023, 2025)
    for chart in (report.spending.top_chart, report.basics.economic_chart, report.spending.movers_chart):
        assert isinstance(chart, Chart)
        for row in chart.figures.texts:
            name, code = row[0].rsplit(" ", 1)
            assert code.isdecimal() and code not in name


@pytest.mark.parametrize(
    ("organisation", "first", "last"),
    [
        (WANLI, 2023, 2025),
        (WANLI, 2020, 2030),
        (WANLI, 2024, 2024),
        ("上海市普陀区财政局", 2024, 2024),  # final accounts alone
        ("上海市普陀区财政局", 2023, 2024),
        ("上海市普陀区公务网管理中心", 2023, 2023),  # a plain text
    ],
)
def test_every_section_opens(published_dataset: Path, organisation: str, first: int, last: int) -> None:
    cells = shown("unit", organisation=organisation, first_year=first, last_year=last, clean_dir=str(published_dataset))
    assert len(cells) > 25
    for name, value in cells.items():
        assert value is None or isinstance(value, Chart | Table | Paragraph | Headlines | Problems), name
        assert value is None or html(value)
    assert isinstance(cells["report.spending.classes_chart"], Chart)
    assert organisation in html(cells["report.heading"])


def test_final_accounts_alone_are_called_final_accounts(published_dataset: Path) -> None:
    report = open_unit(published_dataset, "上海市普陀区财政局", None, 2024, 2024)
    assert report.headlines.figures[0].name == "2024年支出决算"
    assert "支出决算" in [column.heading for column in report.totals_table.columns]
    assert report.headlines.figures[0].change == "2023年无可比数"


def test_a_gap_year_is_a_gap_and_no_zero(tmp_path: Path) -> None:
    report = report_of(made(tmp_path, {2023: {"2010101 行政运行": 10_000}, 2025: {"2010101 行政运行": 30_000}}))
    heads = [column.heading for column in report.totals_table.columns]
    gap = report.totals_table.rows[1][heads.index("支出预算")]
    assert isinstance(gap, TableCell) and (gap.text, gap.place) == ("—", None) and "没有预算文件" in str(gap.note)
    assert texts(report.trends.table)["201 一般公共服务支出"] == ["1.00", "—", "3.00", "100.00%"]
    assert report.headlines.figures[0].change == "2024年无可比数"
    assert "2024年没有预算文件：图表中是空缺，不是零。" in report.limits.sentences
    assert isinstance(report.spending.waterfall_chart, Paragraph) and report.spending.movers_table is None


def test_phases_are_never_added(tmp_path: Path) -> None:
    budget, final = document(1, NAME, 2024), document(2, NAME, 2024, kind="final")
    rows = rows_of(budget, {"2010101 行政运行": 100_000})
    rows += rows_of(final, {"2010101 行政运行": 90_000, "2010102 一般行政管理事务": 30_000}, phase="executed")
    report = report_of(write_tables(tmp_path / "clean", {"documents": [budget, final], "line_items": rows}), 2024, 2024)
    (row,) = report.totals_table.texts
    assert "10.00" in row and row[-2] == "12.00" and "22.00" not in row
    assert texts(report.trends.table)["201 一般公共服务支出"][0] == "10.00"
    assert isinstance(report.execution.chart, Chart)
    assert report.execution.table is not None
    lines = {line[0]: line[1:] for line in report.execution.table.texts}
    assert "年度：2024；口径：支出总表；依据：预算和决算两份文件的支出总表" in report.execution.table.caption
    assert lines["合计"] == lines["201 一般公共服务支出"] == ["10.00", "12.00", "+2.00", "+20.00%"]
    assert lines["2010102 一般行政管理事务"] == ["—", "3.00", "—", "—"]
    assert report.headlines.figures[3].change == "为预算 10.00 万元的 120.00%"
    assert any("完成 120.00%，超支 2.00 万元" in sentence for sentence in report.answer.sentences)


def test_the_text_tells_execution_on_its_own_basis_alone(tmp_path: Path) -> None:
    """Final accounts say the budget in a sentence, the next budget says last year's execution: each with its like."""
    final, budget = document(1, NAME, 2023, kind="final"), document(2, NAME, 2024)
    rows = rows_of(final, {"2010101 行政运行": 90_000}, phase="executed")
    rows += rows_of(budget, {"2010101 行政运行": 100_000})
    rows.append(amount(budget, "2010101", "行政运行", 80_000, table="general_public_budget"))
    clean_dir = write_tables(tmp_path / "clean", {"documents": [final, budget], "line_items": rows})
    report = report_of(clean_dir, 2023, 2024)
    assert report.execution.table is None and report.execution.headline is None
    said = {"source_file": "a.pdf", "subject": "支出", "table": "general_public_budget", "measure": "total", "page": 7}
    told = [
        {**said, "document_id": "d1", "number": 1, "role": "budget", "value": 95_000, "phase": "approved", "of": 2,
         "fiscal_year": 2023},
        {**said, "document_id": "d1", "number": 2, "role": "current", "value": 90_000, "phase": "executed",
         "fiscal_year": 2023},
        {**said, "document_id": "d9", "number": 1, "role": "prior", "value": 88_000, "phase": "executed", "of": 9,
         "fiscal_year": 2024, "code": "2010101"},
    ]  # fmt: skip
    statements = pl.DataFrame(told, schema=STATEMENTS)
    report = UnitReport(replace(report.frames, data=replace(report.frames.data, statements=statements)))
    assert report.execution.table is not None
    assert [line[1:5] for line in report.execution.table.texts] == [
        ["2024", "8.00", "8.80", "+0.80"],  # the budget of the same table, not the total of all money
        ["2023", "9.50", "9.00", "-0.50"],
    ]
    assert report.execution.headline is not None and "110.00%" in report.execution.headline.change


def test_what_a_final_account_repeats_of_the_budget_is_taken_from_the_budget_once(tmp_path: Path) -> None:
    """Final accounts print the approved amounts too, and the file of the final account may come first."""
    final, budget = document(1, NAME, 2024, kind="final"), document(2, NAME, 2024)
    rows = rows_of(budget, {"2010101 行政运行": 100_000})
    rows += rows_of(final, {"2010101 行政运行": 110_000})  # as the final account repeats what was approved
    rows += rows_of(final, {"2010101 行政运行": 120_000}, phase="executed")
    rows += rows_of(budget, {"2010101 行政运行": 90_000}, phase="executed")  # as an estimate in the budget
    public = {"table": "three_public", "scheme": None}
    rows += [
        amount(budget, None, "合计", 5_000, **public),
        amount(final, None, "合计", 6_000, **public),
        amount(final, None, "合计", 4_000, phase="executed", **public),
    ]
    report = report_of(write_tables(tmp_path / "clean", {"documents": [budget, final], "line_items": rows}), 2024, 2024)
    (row,) = report.totals_table.texts
    assert "10.00" in row and "12.00" in row and not {"11.00", "9.00"} & set(row)
    assert texts(report.basics.public_table)["“三公”合计"] == ["0.50"]
    assert texts(report.trends.table)["201 一般公共服务支出"][0] == "10.00"
    assert texts(report.execution.table)["201 一般公共服务支出"] == ["10.00", "12.00", "+2.00", "+20.00%"]
    kept = report.frames.data.items.select("kind", "phase").unique().sort("kind").rows()
    assert kept == [("budget", "approved"), ("final", "executed")]
    once = ["fiscal_year", "phase", "table", "row_number", "measure", "code"]
    assert not report.frames.data.items.select(once).is_duplicated().any()


def test_levels_are_never_mixed(tmp_path: Path) -> None:
    documents = [document(1, NAME, 2024), document(2, NAME, 2024, level="department")]
    rows = [*rows_of(documents[0], {"2010101 行政运行": 10_000}), *rows_of(documents[1], {"2010101 行政运行": 50_000})]
    clean_dir = write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows})
    with pytest.raises(ParameterError, match="不能相加"):
        report_of(clean_dir, 2024, 2024)
    for level, told in (("unit", "1.00"), ("department", "5.00")):
        head = open_unit(clean_dir, NAME, level, 2024, 2024).headlines.figures[0].amount
        assert isinstance(head, TableCell) and head.text == told


def test_a_known_rename_goes_on_and_is_told(tmp_path: Path) -> None:
    documents = [document(year, NAME, year) for year in (2018, 2019)]
    names = ("医疗卫生与计划生育支出", "卫生健康支出")
    rows = [row for of, name, yuan in zip(documents, names, (10_000, 20_000), strict=True)
            for row in (amount(of, None, "合计", yuan, row_number=9), amount(of, "210", name, yuan))]  # fmt: skip
    report = report_of(write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows}), 2018, 2019)
    assert texts(report.trends.table)["210 卫生健康支出"] == ["1.00", "2.00", "+100.00%", "100.00%", "+100.00"]
    assert "210 由“医疗卫生与计划生育支出”改称“卫生健康支出”（2019 年起）" in words(report.limits)


def test_an_unknown_rename_breaks_the_series_and_is_told(tmp_path: Path) -> None:
    report = report_of(
        made(tmp_path, {2024: {"2010199 海洋渡轮补贴": 40_000}, 2025: {"2010199 冰雪运动场馆": 60_000}}), 2024
    )
    moved = texts(report.spending.movers_table)
    assert moved["2010199 海洋渡轮补贴（不再列，科目变动）"] == ["4.00", "—", "-4.00", "—"]
    assert moved["2010199 冰雪运动场馆（新列，科目变动）"] == ["—", "6.00", "+6.00", "—"]
    assert "“海洋渡轮补贴”、“冰雪运动场馆”" in words(report.limits) and "没有连接" in words(report.limits)
    chart = report.spending.waterfall_chart
    assert isinstance(chart, Chart) and "科目变动" in html(chart)


def test_a_zero_base_says_so(tmp_path: Path) -> None:
    report = report_of(made(tmp_path, {2024: {"2010101 行政运行": 0}, 2025: {"2010101 行政运行": 10_000}}), 2024)
    assert report.headlines.figures[0].change == "比上年增加 1.00 万元（上年为零）"
    assert "上年为零" in words(report.answer)
    assert texts(report.trends.table)["合计（公开文件列示数）"][-1] == "—"


def test_prices_that_doubled_halve_what_was_real(tmp_path: Path) -> None:
    clean_dir = made(tmp_path, {2023: {"2010101 行政运行": 100_000}, 2024: {"2010101 行政运行": 150_000}})
    prices = tmp_path / "prices.csv"
    prices.write_text("year,index\n2023,100\n2024,200\n", encoding="utf-8-sig")
    report = report_of(clean_dir, 2023, 2024, deflator=prices)
    heads = [column.heading for column in report.totals_table.columns]
    last = dict(zip(heads, report.totals_table.texts[1], strict=True))
    assert (last["比上年（名义）"], last["比上年（扣除价格）"]) == ("+50.00%", "-25.00%")  # 150 / 200 · 100 / 100 - 1
    assert real_growth(Decimal(100), Decimal(100), read_deflator(prices), 2024) == Decimal("-0.5")
    assert real_growth(Decimal(100), Decimal(100), read_deflator(prices), 2023) is None
    assert "扣除价格变动" in words(report.limits)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2023,100\n", "首行"),
        ("year,index\n2023,abc\n", "第 2 行"),
        ("year,index\n2023,100\n2024\n", "第 3 行"),
        ("year,index\n2023,0\n", "大于零"),
        ("year,index\n2023,nan\n", "大于零"),
        ("year,index\n2023,100\n2023,101\n", "每年一行"),
        (None, "读不到"),
    ],
)
def test_a_malformed_deflator_is_refused_with_its_line(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "prices.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=told):
        read_deflator(path)


def test_a_suspect_figure_is_marked_until_the_error_is_accepted(tmp_path: Path) -> None:
    clean_dir = made(tmp_path, {2024: {"2010101 行政运行": 10_000}, 2025: {"2010101 行政运行": 30_000}})
    item = read_table(clean_dir, "line_items").filter(code="2010101", document_year=2025).row(0, named=True)
    touched = {name: item[name] for name in ("document_id", "table", "code", "source_file")}
    said = {"message_zh": f"{SCRIPT}{FORMULA}", "printed": SCRIPT, "expected": "2.00", "cause": "x"}
    found = finding(**touched, **said, name=item["name"], severity=Severity.ERROR)

    def told(accepted: tuple[Acceptance, ...]) -> tuple[Table | None, UnitReport]:
        write_table(assemble([found], accepted), clean_dir, "findings")
        report = report_of(clean_dir, 2024, 2025)
        return report.spending.movers_table, report

    table, report = told(())
    assert table is not None
    cells = [cell for cell in table.rows[0] if isinstance(cell, TableCell)]
    assert [cell.suspect for cell in cells] == [False, True]
    assert table._repr_html_().count("※") == 1
    assert "以 ※ 标出" in words(report.answer) and "未处理的错误" in words(report.limits)
    assert "※" in html(report.spending.top_chart)
    assert SCRIPT not in html(report.findings) and "&lt;script&gt;" in html(report.findings)
    finding_id = read_table(clean_dir, "findings")["finding_id"][0]
    accepted = Acceptance(finding_id, item["source_file"], "r", SCRIPT, "已核实", "某人", date(2025, 1, 2))
    table, report = told((accepted,))
    assert table is not None and "※" not in table._repr_html_()
    assert "※" not in words(report.answer) + words(report.limits) + html(report.spending.top_chart)
    assert "已由人确认" in html(report.findings)


def test_a_dataset_that_was_not_checked_says_so(tmp_path: Path) -> None:
    report = report_of(made(tmp_path, {2024: {"2010101 行政运行": 10_000}}), 2024, 2024)
    assert "尚未核对" in words(report.limits)
    assert isinstance(report.findings, Paragraph)


def test_every_code_is_followed_over_all_years(tmp_path: Path) -> None:
    """Growth of the latest year, what each code contributed to it, and compound growth over all years."""
    spent = {
        2023: {"2010101 行政运行": 100_000, "2010102 一般行政管理事务": 100_000, "2100101 行政运行": 200_000},
        2024: {"2010101 行政运行": 100_000, "2010102 一般行政管理事务": 100_000, "2100101 行政运行": 300_000},
        2025: {"2010101 行政运行": 121_000, "2100101 行政运行": 400_000},
    }
    trends = report_of(made(tmp_path, spent)).trends
    rows, heads = texts(trends.table), [column.heading for column in trends.table.columns]
    assert heads[1:] == ["2023年", "2024年", "2025年", "比上年", "占比", "拉动", "年均增长"]
    assert rows["2010101 行政运行"] == ["10.00", "10.00", "12.10", "+21.00%", "23.22%", "+4.20", "+10.00%"]
    assert rows["2010102 一般行政管理事务"] == ["10.00", "10.00", "—", "—", "—", "-20.00", "—"]
    assert trends.table.levels[-1] == 0 and set(trends.table.levels[:-1]) == {1, 3}
    told = words(trends.answer)
    assert (
        "2023–2025年支出预算年均增长 +14.13%（复合，名义）" in told
        and "拉动（百分点）：一般公共服务支出 +4.20。" in told
    )


def test_one_year_says_that_it_is_one(tmp_path: Path) -> None:
    trends = report_of(made(tmp_path, {2025: {"2010101 行政运行": 10_000}}), 2025).trends
    assert "只收录了一个年度（2025年）的预算文件" in words(trends.answer)
    assert [column.heading for column in trends.table.columns][1:] == ["2025年", "占比"]
