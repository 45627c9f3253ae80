"""Exploring by hand: no sum that counts money twice, no query that reaches out, names as text, gaps as gaps."""

import base64
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import nbformat
import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables

from analysis.errors import DatasetError, NotebookError, ParameterError
from analysis.exploring.csv_link import CsvLink
from analysis.exploring.dataset_view import Dataset, open_dataset
from analysis.exploring.panel import Explorer
from analysis.exploring.pivots import WHY, PivotRequest, pivot
from analysis.exploring.selection import FigureQuery, select
from analysis.exploring.selection_chart import GAP_WORDS, MOST, lines
from analysis.runtime.kernels.notebooks import execute
from analysis.steps.source_view import show_figure

TOUR = Path(__file__).parents[1] / "notebooks" / "explore.ipynb"
OFFICE, BUREAU, HOSTILE = "某街道办事处", "某区司法局", f"{SCRIPT}{FORMULA}<b>x</b>"
TOTAL = {"table": "expenditure", "measure": "total"}


def rows_of(of: dict[str, object], yuan: int, **more: object) -> list[dict[str, object]]:
    return [
        amount(of, None, "合计", yuan, row_number=1, **more),
        amount(of, None, "合计", yuan - 1, row_number=1, measure="basic", **more),
        amount(of, "208", "社会保障和就业支出", yuan, row_number=2, **more),
        amount(of, "20805", "养老", yuan, row_number=3, parent_code="208", **more),
        amount(of, "2080505", "缴费", yuan, row_number=4, parent_code="20805", **more),
        amount(of, None, "合计", yuan, row_number=1, table="revenue", side="revenue", **more),
    ]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    first, third = document(1, OFFICE, 2023), document(2, OFFICE, 2025)
    department, hostile = document(3, BUREAU, 2023, level="department"), document(4, HOSTILE, 2023)
    items = [*rows_of(first, 100), *rows_of(third, 300), *rows_of(department, 1000), *rows_of(hostile, 7)]
    items += [amount(third, None, "合计", 80, phase="executed", fiscal_year=2024, table="narrative", row_number=9)]
    tables = {"documents": [first, third, department, hostile], "line_items": items}
    return open_dataset(write_tables(tmp_path_factory.mktemp("clean"), tables))


def test_a_pivot_lays_out_exact_amounts_and_leaves_gaps(dataset: Dataset) -> None:
    laid = dataset.pivot("organisation", "fiscal_year", **TOTAL, phase="approved", level="unit", row_role="total")
    assert laid.amounts.columns == ["organisation", "2023", "2025"]
    assert dict(zip(laid.amounts["organisation"], laid.amounts["2025"], strict=True))[HOSTILE] is None
    assert laid.amounts.filter(organisation=OFFICE).row(0)[1:] == (Decimal(100), Decimal(300))
    html = laid._repr_html_()
    assert "<script" not in html and "<b>x" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"phase": None, "level": "unit", "row_role": "total"}, WHY["phase"]),
        ({"phase": "approved", "level": None, "row_role": "total"}, WHY["level"]),
        ({"phase": "approved", "level": "unit"}, "row_role"),
        ({"phase": "approved", "level": "unit", "row_role": "subtotal"}, "code_level"),
        ({"phase": "approved", "level": "unit", "row_role": "total", "measure": None}, WHY["measure"]),
        ({"phase": "approved", "level": "unit", "row_role": "total", "table": None}, WHY["table"]),
    ],
)
def test_a_sum_that_counts_money_twice_is_refused(dataset: Dataset, chosen: dict[str, str], why: str) -> None:
    with pytest.raises(ParameterError) as refused:
        pivot(dataset.items(), PivotRequest("organisation", "fiscal_year", **(TOTAL | chosen)))
    assert why in str(refused.value)


def test_a_request_is_a_value_that_can_be_varied(dataset: Dataset) -> None:
    request = PivotRequest("organisation", "fiscal_year", **TOTAL, phase="approved", level="unit", row_role="total")
    narrow = dataset.lay_out(replace(request, years=[2023], organisations=[OFFICE]))
    assert narrow.amounts.columns == ["organisation", "2023"] and narrow.amounts["organisation"].to_list() == [OFFICE]
    assert dataset.lay_out(request).amounts.equals(
        dataset.pivot("organisation", "fiscal_year", **TOTAL, phase="approved", level="unit", row_role="total").amounts
    )


def test_years_are_not_added(dataset: Dataset) -> None:
    chosen = {"phase": "approved", "level": "unit", "row_role": "total"}
    with pytest.raises(ParameterError, match="fiscal_year"):
        dataset.pivot("organisation", "table", **TOTAL, **chosen)
    one = dataset.pivot("organisation", "table", **TOTAL, **chosen, years=[2023])
    assert one.amounts.filter(organisation=OFFICE)["expenditure"].item() == 100


def test_two_documents_of_one_year_are_not_added(tmp_path: Path) -> None:
    twice = [document(number, OFFICE, 2024) for number in (1, 2)]
    items = [row for of in twice for row in rows_of(of, 50)]
    opened = open_dataset(write_tables(tmp_path, {"documents": twice, "line_items": items}))
    with pytest.raises(ParameterError, match=r"1\.pdf、2\.pdf"):
        opened.pivot("organisation", "fiscal_year", **TOTAL, phase="approved", level="unit", row_role="total")


def test_a_budget_tells_what_was_approved_though_the_accounts_repeat_it(tmp_path: Path) -> None:
    budget, final = document(1, OFFICE, 2024), document(2, OFFICE, 2024, kind="final")
    public = {"table": "three_public", "row_number": 1}
    items = [amount(budget, None, None, 10, **public), amount(final, None, None, 11, **public)]
    items += [amount(final, None, None, 9, phase="executed", **public)]
    opened = open_dataset(write_tables(tmp_path, {"documents": [budget, final], "line_items": items}))
    told = opened.pivot("organisation", "phase", table="three_public", measure="total", phase=None, level="unit",
                        row_role="total")  # fmt: skip
    assert told.amounts.row(0) == (OFFICE, Decimal(10), Decimal(9))


@settings(max_examples=25, deadline=timedelta(seconds=5))
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(2020, 2024), st.integers(0, 10**12)), min_size=1))
def test_a_pivot_loses_and_adds_nothing(told: list[tuple[str, int, int]]) -> None:
    unique = {(name, year): fen for name, year, fen in told}
    frame = pl.LazyFrame(
        [
            {"organisation": name, "organisation_id": name, "fiscal_year": year, "amount": Decimal(fen).scaleb(-2),
             "suspect": False, "source_file": f"{name}{year}", "kind": "budget", "level": "unit", "phase": "approved",
             "table": "expenditure", "side": "expenditure", "measure": "total", "row_role": "total", "code": None,
             "code_level": None}
            for (name, year), fen in unique.items()
        ],
        schema_overrides={"amount": pl.Decimal(18, 2), "code": pl.String, "code_level": pl.Int16},
    )  # fmt: skip
    laid = pivot(frame, PivotRequest("organisation", "fiscal_year", **TOTAL, phase="approved", level="unit"))
    cells = [cell for row in laid.amounts.iter_rows() for cell in row[1:] if cell is not None]
    assert sum(cells) == sum(Decimal(fen).scaleb(-2) for fen in unique.values())
    assert len(cells) == len(unique)


def test_sql_sees_all_tables_and_keeps_money_exact(dataset: Dataset) -> None:
    told = dataset.sql("SELECT level, sum(amount) AS yuan FROM items JOIN documents USING (document_id, level) "
                       "WHERE measure = 'basic' GROUP BY ALL ORDER BY ALL")  # fmt: skip
    assert told.rows() == [("department", Decimal("999.00")), ("unit", Decimal("404.00"))]
    assert dataset.sql("PIVOT items ON fiscal_year USING count(*) GROUP BY level").height == 2


@pytest.mark.parametrize(
    "query",
    [
        "COPY items TO '{0}/x.csv'", "SELECT * FROM read_csv('{0}/secret.csv')", "ATTACH '{0}/x.db'", "INSTALL httpfs",
        "SELECT * FROM 'http://127.0.0.1:9/x.parquet'", "CREATE TABLE t AS SELECT 1", "SELECT 1; SELECT 2",
        "SET enable_external_access = true", "SELEC 1", "",
    ],
)  # fmt: skip
def test_sql_neither_writes_nor_reaches_out(dataset: Dataset, tmp_path: Path, query: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(ParameterError):
        dataset.sql(query.format(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_an_organisation_that_is_not_there_is_refused_with_the_nearest_name(dataset: Dataset) -> None:
    with pytest.raises(ParameterError, match=OFFICE):
        dataset.items("某街道")
    assert set(dataset.items(BUREAU).collect()["organisation"]) == {BUREAU}


def test_a_figure_leads_back_to_its_place(dataset: Dataset, tmp_path: Path) -> None:
    one = dataset.items(OFFICE).filter(pl.col("code") == "20805").collect().row(0, named=True)
    assert dataset.figure(one["place"])["printed"] == one["printed"]
    assert "无法出图" in show_figure(one["place"], dataset.clean_dir, tmp_path)._repr_html_()
    with pytest.raises(ParameterError, match="nowhere"):
        dataset.figure("nowhere")


CHOICE = FigureQuery("expenditure", "expenditure", "total", "approved", "", first_year=2023, last_year=2025)


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("", {"208"}),
        ("208", {"208", "20805"}),
        ("合计，20805", {"合计", "20805", "2080505"}),
        ("养老 缴", {"20805", "2080505"}),
        ("999", set()),
    ],
)
def test_rows_are_asked_for_as_people_speak(dataset: Dataset, asked: str, keys: set[str]) -> None:
    items = dataset.items(OFFICE).collect()
    choice = FigureQuery("expenditure", "expenditure", "total", "approved", asked, first_year=2023, last_year=2025)
    assert set(select(items, choice).figures["key"]) == keys


def figures(names: dict[str, str], suspect: bool = False) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"fiscal_year": year, "key": code, "name": name, "scheme": "functional", "amount": Decimal("1234567.89"),
             "suspect": suspect and year == 2025, "place": "p", "source_file": SCRIPT, "page": 3, "printed": "1"}
            for code, name in names.items()
            for year in (2023, 2025)
        ]
    )  # fmt: skip


def test_the_chart_has_gaps_hollow_marks_and_exact_yuan() -> None:
    drawn = lines(figures({"208": "社保"}, suspect=True), range(2023, 2026), "题", "说明")
    (line,) = drawn["data"]
    assert line["y"] == [123.456789, None, 123.456789] and line["connectgaps"] is False
    assert line["marker"]["symbol"] == ["circle", "circle", "circle-open"]
    assert line["customdata"][0][1] == "1,234,567.89"
    assert [note["text"] for note in drawn["layout"]["annotations"]] == [GAP_WORDS]
    go.Figure(drawn["data"], drawn["layout"])


def test_what_a_document_calls_itself_is_text_in_the_chart() -> None:
    drawn = lines(figures({"208": HOSTILE}), range(2023, 2026), HOSTILE, "说明")
    told = f"{drawn}"
    assert "<script" not in told and "<b>x" not in told and "&lt;script" in told


def test_the_chart_draws_few_lines_and_says_so_elsewhere() -> None:
    drawn = lines(figures({str(code): "名" for code in range(201, 221)}), range(2023, 2026), "题", "说明")
    assert len(drawn["data"]) == MOST


def test_a_control_changes_chart_table_and_file(dataset: Dataset) -> None:
    panel = Explorer(dataset, OFFICE)
    assert [line["y"] for line in panel.figure["data"]] == [[100.0, None, 300.0]]
    assert "100.00 元" in panel.values.value and ">—<" in panel.values.value
    panel.asked.value = "合计"
    panel.measure.value = "basic"
    assert [line["y"] for line in panel.figure["data"]] == [[99.0, None, 299.0]]
    shown = panel.chart.outputs[0]["data"]
    assert shown["application/vnd.plotly.v1+json"] == panel.figure
    panel.asked.value = "没有"
    assert panel.figure is None and "没有符合" in panel.chart.outputs[0]["data"]["text/plain"]


def test_a_search_finds_the_organisation_and_its_name_is_text(dataset: Dataset) -> None:
    panel = Explorer(dataset)
    panel.search.value = "script"
    assert panel.organisation.label.startswith(HOSTILE)
    assert "<script" not in panel.values.value and "<script" not in f"{panel.figure}"
    panel.search.value = "谁也不是"
    assert panel.figure is None
    panel.search.value = ""
    assert panel.figure


def test_the_file_taken_along_runs_nothing() -> None:
    frame = pl.DataFrame({FORMULA: [FORMULA, "-"], "yuan": [Decimal("1.10"), None]})
    saved = CsvLink.of(frame, 'a"b.csv')
    text = saved.content.decode("utf-8-sig").replace('""', '"')
    assert text.startswith(f'"\'{FORMULA}"') and f"'{FORMULA}\",1.10" in text
    link = saved._repr_html_()
    assert 'a"b' not in link and base64.b64encode(saved.content).decode() in link


def test_a_change_is_quick_among_many_organisations(tmp_path: Path) -> None:
    documents = [document(number, f"第{number}街道", 2024) for number in range(3000)]
    items = [row for of in documents for row in rows_of(of, 100)]
    panel = Explorer(open_dataset(write_tables(tmp_path, {"documents": documents, "line_items": items})))
    started = perf_counter()
    panel.asked.value = "208"
    assert perf_counter() - started < 1


def test_the_tour_runs_in_a_plain_kernel(dataset: Dataset, tmp_path: Path) -> None:
    execute(TOUR, tmp_path / "tour.ipynb", {"clean_dir": str(dataset.clean_dir), "raw_dir": str(tmp_path)})
    cells = nbformat.read(tmp_path / "tour.ipynb", as_version=4).cells
    shown = [output for cell in cells for output in cell.get("outputs", []) if output.output_type != "stream"]
    assert len(shown) >= 10
    html = "".join(output.data.get("text/html", "") for output in shown)
    assert SCRIPT not in html and "&lt;script&gt;" in html
    assert (tmp_path / "tour.ipynb").stat().st_size < 300_000


def test_without_a_dataset_the_tour_says_what_to_run_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="workbench clean"):
        open_dataset(tmp_path)
    with pytest.raises(NotebookError, match="workbench clean"):
        execute(TOUR, tmp_path / "tour.ipynb", {"clean_dir": str(tmp_path / "none")})
    cells = nbformat.read(tmp_path / "tour.failed.ipynb", as_version=4).cells
    (error,) = [output for cell in cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert len(error.traceback) == 1 and "workbench clean" in error.traceback[0]


def test_the_examples_of_the_guide_run(dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = tmp_path / "data" / "clean"
    shutil.copytree(dataset.clean_dir, clean)
    if not (clean / "line_items").exists():
        (clean / "line_items").mkdir()
        shutil.copy(clean / "line_items.parquet", clean / "line_items" / "2023-o1.parquet")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (TOUR.parents[1] / "docs" / "exploring.md").read_text(), re.DOTALL)
    assert len(blocks) == 3
    told: dict[str, object] = {}
    for block in blocks:
        exec(block, told)
    assert told["answer"].rows() == [("department", 6), ("unit", 19)]  # type: ignore[attr-defined]
    assert (tmp_path / "totals.csv").read_bytes().startswith(b"\xef\xbb\xbforganisation,2023,2025")
