"""Places whose 支出总表 is a single row: 财政拨款支出表 tells their functions, named so and never added to others."""

from pathlib import Path

import polars as pl
import pytest
from typesetter.corpus import Plan, make_organisation
from typesetter.quirks import Quirks

from analysis.charts.chart import Chart
from analysis.dataset.store import read_table
from analysis.display.tables import Table
from analysis.reports.function.function_report import open_function
from analysis.reports.series.peer_series import public
from analysis.reports.unit.unit_report import UnitReport, open_unit
from analysis.steps.clean import clean_folder


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of an organisation of Jiangsu and of one of the ministry's family, both with class 208."""
    folder = tmp_path_factory.mktemp("granted")
    for family, number, documents in (("jiangsu", 2, 6), ("national", 1, 12)):
        raw = folder / "raw"
        raw.mkdir(exist_ok=True)
        plan = Plan(12 * number + documents, 5, "html", quirks=Quirks(), family=family)
        make_organisation(plan, number, raw)
    clean_folder(folder / "raw", folder / "clean", workers=1)
    return folder / "clean"


@pytest.fixture(scope="module")
def jiangsu(clean_dir: Path) -> UnitReport:
    return open_unit(clean_dir, "江苏省晨曦商务委员会", "department", 2021, 2022)


def test_a_unit_report_falls_back_on_the_table_of_appropriations(jiangsu: UnitReport) -> None:
    frames, spending = jiangsu.frames, jiangsu.spending
    assert frames.functional_table == "appropriation_expenditure"
    assert not frames.classes.is_empty()
    for shown in (spending.classes_chart, spending.top_chart, spending.waterfall_chart, spending.tree_chart):
        assert isinstance(shown, Chart)
        assert "财政拨款支出" in shown.drawing.caption.title + shown.drawing.caption.subtitle
    assert "财政拨款支出表" in jiangsu.trends.table.caption
    assert "财政拨款支出中最大的一类" in "".join(jiangsu.answer.sentences)


def test_its_classes_are_shares_of_the_appropriations_not_of_all_expenditure(jiangsu: UnitReport) -> None:
    frames = jiangsu.frames
    classes = frames.classes.filter(fiscal_year=2022)["amount"].sum()
    assert classes == frames.functional_of(2022)
    assert frames.of(2022) >= classes


def test_a_code_of_appropriations_is_never_added_to_one_of_all_expenditure(clean_dir: Path) -> None:
    report = open_function(clean_dir, "208")
    assert all(view.frames.table == "expenditure" for view in report.levels)
    assert all(name.startswith("云岭县") for view in report.levels for name in view.frames.rows["organisation"])
    assert report.granted
    for view in report.granted:
        assert all(name.startswith("江苏省") for name in view.frames.rows["organisation"])
        assert "财政拨款支出表" in view.table.caption
    assert not {one for view in report.levels for one, _ in view.frames.files} & {
        one for view in report.granted for one, _ in view.frames.files
    }
    assert isinstance(report.granted_table, Table)


def test_where_nobody_else_prints_the_code_the_report_is_of_appropriations(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    make_organisation(Plan(27, 5, "html", quirks=Quirks(), family="jiangsu"), 2, tmp_path / "raw")
    clean_folder(tmp_path / "raw", tmp_path / "clean", workers=1)
    report = open_function(tmp_path / "clean", "208")
    assert report.main.frames.table == "appropriation_expenditure"
    assert "财政拨款支出表" in "".join(report.heading.sentences)
    assert not report.granted and report.granted_chart is None


def test_public_expenses_are_the_three_and_not_meetings_and_training(clean_dir: Path, jiangsu: UnitReport) -> None:
    items = read_table(clean_dir, "line_items").filter(
        pl.col("organisation") == "江苏省晨曦商务委员会", pl.col("level") == "department", table="three_public"
    )
    printed = dict(items.filter(fiscal_year=2022).select("measure", "amount").iter_rows())
    shown = dict(jiangsu.frames.three_public.filter(fiscal_year=2022).select("measure", "amount").iter_rows())
    assert shown["total"] == printed["three_public"] < printed["total"]
    ranked = public(jiangsu.frames.data.items, jiangsu.frames.phase).filter(fiscal_year=2022, measure="total")
    assert ranked["amount"].to_list() == [printed["three_public"]]
