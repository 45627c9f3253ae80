"""The report by year: levels apart, gaps told from zeros, a department never added to its units."""

import re
from pathlib import Path

import lxml.html
import nbformat
import polars as pl
import pytest
from make.datasets import SCRIPT, amount, document, write_tables

from analysis.charts.chart import Chart
from analysis.dataset.document_rows import identifier
from analysis.display.tables import Paragraph, Table, TableCell
from analysis.errors import ParameterError
from analysis.reports.captions import cut_words
from analysis.reports.year.year_report import YearReport, open_year
from analysis.runtime.kernels import notebooks

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "year.ipynb"
HOSTILE = f"{SCRIPT}<img src=x onerror=alert(1)>"
BUREAU, SILENT, GROWN = "某区司法局", "某区档案局", "某区从零起步中心"
# Project shares of six units: five alike, one apart.
ALIKE = [f"某区第{number}事务中心" for number in "一二三四五"]

Row = dict[str, object]


def told(of: Row, total: int, project: int, public: int | None = None) -> list[Row]:
    """What a document prints: total, basic and project, a class, the general public budget, 三公."""
    parts = {"total": total, "basic": total - project, "project": project}
    rows = [amount(of, None, "合计", yuan, measure=measure, row_number=9) for measure, yuan in parts.items()]
    rows += [amount(of, "201", "一般公共服务支出", total, row_number=2)]
    rows += [amount(of, None, "合计", total, table="general_public_budget", row_number=9)]
    if public is not None:
        for measure in ("total", "receptions"):
            rows.append(amount(of, None, None, public, table="three_public", measure=measure, row_role="total"))
    return rows


def corpus(folder: Path) -> Path:
    department = document(1, BUREAU, 2024, level="department")
    own, hostile, silent = document(2, BUREAU, 2024), document(3, HOSTILE, 2024), document(4, SILENT, 2024)
    grown, base = document(5, GROWN, 2024), document(6, GROWN, 2023)
    before, gone = document(7, BUREAU, 2023), document(8, "某区已撤销的单位", 2023)
    failed = document(9, "某区读不出的单位", 2024, status="failed")
    final = document(10, "某区只有决算的单位", 2024, kind="final")
    executed = [row | {"phase": "executed"} for row in told(final, 9_990_000, 1000)]
    alike = [document(20 + number, name, 2024) for number, name in enumerate(ALIKE)]
    rows = [
        *told(department, 1_000_000, 400_000, 20_000),
        *told(own, 700_000, 280_000, 7000),
        *told(hostile, 500_000, 495_000, 0),
        *told(grown, 300_000, 120_000),
        *told(base, 0, 0),
        *told(before, 560_000, 200_000, 7000),
        *told(gone, 50_000, 0),
        *executed,
        amount(silent, "2010101", "行政运行", 77_000, row_role="detail"),
    ]
    for number, one in enumerate(alike):
        rows += told(one, 200_000 - number, 80_000, 100)
    documents = [department, own, hostile, silent, grown, base, before, gone, failed, final, *alike]
    return write_tables(folder, {"documents": documents, "line_items": rows})


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("year") / "clean")


@pytest.fixture(scope="module")
def report(clean_dir: Path) -> YearReport:
    return open_year(clean_dir, 2024)


def table_of(value: Table | Paragraph | Chart) -> Table:
    assert isinstance(value, Table)
    return value


def chart_of(value: Chart | Paragraph) -> Chart:
    assert isinstance(value, Chart)
    return value


def rows_of(value: Table | Paragraph | Chart) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table_of(value).texts}


def test_departments_and_units_are_ranked_apart(report: YearReport) -> None:
    assert list(rows_of(report.departments.ranking_table)) == [BUREAU]
    units = rows_of(report.units.ranking_table)
    assert units[BUREAU][:4] == ["1", "70.00", "56.00", "+25.00%"]
    assert units[HOSTILE][:2] == ["2", "50.00"]
    shown = {row[0] for row in chart_of(report.units.ranking_chart).figures.texts}
    assert len(shown) == 8
    assert "100.00" not in {text for row in units.values() for text in row}


def test_a_figure_leads_back_to_its_line_item(report: YearReport, clean_dir: Path) -> None:
    row = next(row for row in table_of(report.units.ranking_table).rows if row[0] == BUREAU)
    figure = row[2]
    assert isinstance(figure, TableCell)
    assert figure.place
    found = report.data.report_data.items.filter(place=figure.place)
    assert set(found["document_id"]) == {"d2"}
    assert found["amount"][0] == 700_000


def test_a_gap_is_no_zero_and_a_zero_base_has_no_growth(report: YearReport) -> None:
    units = rows_of(report.units.ranking_table)
    assert units[SILENT][:2] == ["—", "—"]
    assert units[GROWN][1:4] == ["30.00", "0.00", "—"]
    assert units[HOSTILE][2:4] == ["—", "—"]
    said = "".join(report.limits.sentences)
    assert f"1 个单位的支出总表没有读出合计：{SILENT}" in said
    assert "1 个单位上年为零或负数，不计算增减幅度" in said
    assert "1 个单位上年有文件，这一年没有：某区已撤销的单位" in said
    assert "1 份文件未能读取：9.pdf" in said


def test_phases_are_not_mixed(report: YearReport) -> None:
    assert rows_of(report.units.ranking_table)["某区只有决算的单位"][:2] == ["—", "—"]
    assert "1 个单位没有预算文件，没有排入（两种数字不相混）：某区只有决算的单位" in "".join(report.limits.sentences)


def test_department_stands_against_its_unit_and_is_not_added(report: YearReport) -> None:
    assert rows_of(report.pairs_table) == {BUREAU: ["100.00", "70.00", "+30.00", "70.00%"]}
    assert report.pairs_chart is None  # one bar says no more than the table
    everything = "".join(
        part._repr_html_() for part in (report.answer, report.headlines, table_of(report.pairs_table), report.limits)
    )
    assert "170.00" not in everything


def test_who_lies_apart_is_named_with_the_middle_of_the_peers(report: YearReport) -> None:
    apart = {(one.name, one.measure): one for one in report.outliers.apart}
    far = apart[HOSTILE, "项目支出占比"]
    assert (str(far.ratio), f"{far.middle:.3f}", far.level) == ("0.99", "0.400", "单位")
    assert (BUREAU, "项目支出占比") not in apart
    assert [HOSTILE, "单位", "项目支出占比", "99.00%", "40.00%", "94"] in table_of(report.outliers.table).texts


def test_public_amounts_are_ranked_with_their_share(report: YearReport) -> None:
    units = rows_of(report.units.public_table)
    assert units[BUREAU] == ["1", "0.70", "0.70", "0.00%", "—", "0.70", "—", "—", "1.00%"]
    assert HOSTILE not in {row[0] for row in chart_of(report.units.public_chart).figures.texts}


def test_headlines_count_what_was_read(report: YearReport) -> None:
    figures = {one.name: (one.amount, one.change) for one in report.read.figures}
    assert figures["文件"][0] == "12"
    assert figures["读取完整的文件"] == ("11", "部分读出 0 份，未能读取 1 份")
    assert figures["未处理的问题"] == ("—", "尚未核对")


def test_coverage_tells_missing_from_unread(clean_dir: Path, tmp_path: Path) -> None:
    partial = document(1, BUREAU, 2024, status="partial", message="第 3 页读不出")
    whole = document(2, SILENT, 2024)
    rows = [*told(partial, 100, 10), *told(whole, 100, 10, 1)]
    report = open_year(write_tables(tmp_path / "clean", {"documents": [partial, whole], "line_items": rows}), 2024)
    chart = chart_of(report.coverage.chart)
    states = {
        row[0]: dict(zip([c.heading for c in chart.figures.columns], row, strict=True)) for row in chart.figures.texts
    }
    assert list(states) == [f"单位·{BUREAU}", f"单位·{SILENT}"]
    assert states[f"单位·{BUREAU}"]["三公"] == "未读出"
    assert states[f"单位·{BUREAU}"]["预算文件"] == "部分"
    assert states[f"单位·{SILENT}"]["收入"] == "没有"
    assert states[f"单位·{SILENT}"]["三公"] == "齐全"
    assert any("第 3 页读不出" in sentence for sentence in report.limits.sentences)


def test_coverage_is_that_of_the_budget_where_there_is_one_whichever_file_comes_first(tmp_path: Path) -> None:
    final, budget = document(1, BUREAU, 2024, kind="final"), document(2, BUREAU, 2024)
    rows = told(budget, 100, 10)
    report = open_year(write_tables(tmp_path / "clean", {"documents": [final, budget], "line_items": rows}), 2024)
    figures = chart_of(report.coverage.chart).figures
    (row,) = figures.texts
    states = dict(zip([column.heading for column in figures.columns], row, strict=True))
    assert (states["预算文件"], states["决算文件"], states["支出"], states["收入"]) == ("齐全", "齐全", "齐全", "没有")


def test_names_are_text_never_markup(report: YearReport) -> None:
    shown = [report.units.ranking_table, report.outliers.table, report.limits, report.documents_table, report.findings]
    html = "".join(part._repr_html_() for part in shown if isinstance(part, Table | Paragraph))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_a_single_organisation_is_not_ranked(tmp_path: Path) -> None:
    only = document(1, BUREAU, 2024)
    report = open_year(
        write_tables(tmp_path / "clean", {"documents": [only], "line_items": told(only, 100_000, 1)}), 2024
    )
    assert report.answer.sentences == [f"单位只有一个有合计数：{BUREAU}，10.00 万元，不作排名。"]
    assert isinstance(report.departments.ranking_chart, Paragraph)
    assert "这是空缺，不是零" in report.departments.ranking_chart.sentences[0]
    assert isinstance(report.pairs_chart, Paragraph)
    assert isinstance(report.outliers.table, Paragraph)


def test_amounts_of_several_regions_are_never_one_sum(tmp_path: Path) -> None:
    one = document(1, BUREAU, 2024, region="上海市普陀区")
    two = document(2, SILENT, 2024, region="普陀区")  # the same place, called shorter
    far = document(3, GROWN, 2024, region="江苏省")
    rows = [*told(one, 300_000, 1), *told(two, 100_000, 1), *told(far, 900_000, 1)]
    report = open_year(write_tables(tmp_path / "clean", {"documents": [one, two, far], "line_items": rows}), 2024)
    cards = [(card.name, card.amount.text if isinstance(card.amount, TableCell) else card.amount)
             for card in report.headlines.figures]  # fmt: skip
    assert cards == [(f"江苏省：{GROWN}", "90.00"), ("上海市普陀区：所列 2 个单位支出预算合计", "40.00")]
    assert "所列单位分属 2 个地区（上海市普陀区、江苏省），金额按地区合计，不跨地区加总。" in report.answer.sentences
    assert rows_of(report.units.ranking_table)[SILENT][:3] == ["上海市普陀区", "3", "10.00"]
    assert "130.00" not in str(report.headlines) + str(report.answer)


def test_more_than_fit_are_counted(tmp_path: Path) -> None:
    documents = [document(number, f"某区第{number}单位", 2024) for number in range(120)]
    rows = [row for number, one in enumerate(documents) for row in told(one, 10_000 * (number + 1), 10)]
    report = open_year(write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows}), 2024)
    ranking = table_of(report.units.ranking_table)
    assert len(ranking.rows) == 100
    assert "只列前 100 个，共 120 个" in ranking.caption
    assert len(chart_of(report.units.ranking_chart).figures.rows) == 30
    assert len(chart_of(report.coverage.chart).figures.rows) == 40
    assert "只列前 100 份，共 120 份" in report.documents_table.caption


def test_those_without_a_total_come_last_and_are_cut_with_the_others(tmp_path: Path) -> None:
    documents = [document(number, f"某区第{number}单位", 2024) for number in range(110)]
    rows = [row for one in documents[:90] for row in told(one, 10_000, 10)]
    rows += [amount(one, "2010101", "行政运行", 10) for one in documents[90:]]
    report = open_year(write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows}), 2024)
    ranking = table_of(report.units.ranking_table)
    assert [row[1] for row in ranking.texts].count("—") == 10 and len(ranking.rows) == 100
    assert "只列前 100 个，共 110 个" in ranking.caption


def test_the_nearest_years_are_named_first(clean_dir: Path) -> None:
    with pytest.raises(ParameterError, match="最接近的年度：2024、2023"):
        open_year(clean_dir, 2026)


def test_nothing_is_said_of_a_cut_where_all_are_shown() -> None:
    assert cut_words(3, 3, "个", "只列前") == ""
    assert cut_words(3, 4, "个", "只列前") == "；只列前 3 个，共 4 个"


@pytest.mark.parametrize("year", [2022, "2025", "去年", True, None])
def test_an_unknown_year_is_refused(clean_dir: Path, year: object) -> None:
    with pytest.raises(ParameterError, match="年度"):
        open_year(clean_dir, year)


def test_only_the_slice_is_read(report: YearReport) -> None:
    items = report.data.report_data.items
    assert set(items["document_year"]) == {2023, 2024}
    assert items.filter(pl.col("code_level") > 1).is_empty()
    assert identifier(BUREAU) in set(items["organisation_id"])


def test_the_notebook_runs_and_shows_every_chart(clean_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "year.ipynb"
    notebooks.execute(NOTEBOOK, out, {"fiscal_year": 2024, "clean_dir": str(clean_dir)})
    book = nbformat.read(out, as_version=4)
    data = [output["data"] for cell in book.cells for output in cell.get("outputs", [])]
    assert sum("image/svg+xml" in one for one in data) == 6  # of the one department no bar is drawn
    html = "".join(one.get("text/html", "") for one in data)
    assert not re.search("<script|<img", html)
    page = lxml.html.fromstring(f"<div>{html}</div>")
    places = page.xpath("//@data-place")
    assert places


def _stated(of: Row, number: int, subject: str, value: object, unit: str, printed: str, **more: object) -> Row:
    row = {name: of[name] for name in ("document_id", "source_file")} | {"number": number, "subject": subject}
    return row | {"value": value, "unit": unit, "printed": printed, "phase": "approved", "sentence": printed} | more


def test_notes_of_one_level_stand_side_by_side_and_gaps_stay_gaps(tmp_path: Path) -> None:
    one, other, final = document(1, BUREAU, 2024), document(2, GROWN, 2024), document(3, SILENT, 2024, kind="final")
    facts = [
        _stated(one, 1, "procurement", 830_000, "元", "83.00万元", page=12),
        _stated(one, 2, "performance_amount", 100_000, "元", "10万元", page=12),
        _stated(one, 3, "staff_in_service", 0, "人", "0人"),
        _stated(other, 1, "procurement", 20_000, "元", "2万元", page=3),
        _stated(final, 1, "procurement", 990_000, "元", "99万元", page=3, phase="executed"),
    ]
    rows = [*told(one, 1_000_000, 400_000), *told(other, 500_000, 100_000)]
    performance = [{"document_id": "d1", "source_file": "1.pdf", "project": at, "number": 1} for at in (1, 2)]
    tables = {"documents": [one, other, final], "line_items": rows, "facts": facts, "performance": performance}
    report = open_year(write_tables(tmp_path / "clean", tables, ("facts", "projects", "performance")), 2024)
    table = table_of(report.unit_notes.table)
    assert [head.heading for head in table.columns][1:] == [
        "政府采购", "涉及资金", "占项目支出", "目标表（张）",
    ]  # fmt: skip
    assert rows_of(table) == {BUREAU: ["83.00", "10.00", "25.00%", "2"], GROWN: ["2.00", "—", "—", "—"]}
    figure = table.rows[0][1]
    assert isinstance(figure, TableCell) and figure.note == "原文“83.00万元”，1.pdf 第 12 页"
    assert "2 个单位写明政府采购，最多的是某区司法局（83.00 万元）。" in str(report.unit_notes.answer)
    assert isinstance(report.department_notes.table, Paragraph)
