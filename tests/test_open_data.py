"""The researcher's door: a new user's analyses in a few lines, none of which counts money twice."""

import doctest
from decimal import Decimal
from pathlib import Path

import pytest
from make.datasets import amount, document, write_tables

import analysis as wb
from analysis.errors import DatasetError, ParameterError
from analysis.open_data import Data

NAME = "某区司法局"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    first, second = document(1, NAME, 2024, level="department"), document(2, NAME, 2025, level="department")
    unit = document(3, NAME, 2025)  # contained in the department
    rows = []
    for of, yuan in ((first, 100), (second, 150), (unit, 150)):
        rows += [amount(of, "204", "公共安全支出", yuan), amount(of, "20406", "司法", yuan)]
        rows += [amount(of, "2040601", "行政运行", yuan), amount(of, None, "合计", yuan)]
        rows.append(amount(of, "2040601", "行政运行", yuan, table="general_public_budget"))
    rows += [amount(first, code, "社会保障支出", 50) for code in ("208", "20805", "2080501")]
    tables = {"documents": [first, second, unit], "line_items": rows}
    return wb.open(write_tables(tmp_path_factory.mktemp("clean"), tables))


def test_the_examples_of_the_door_are_right(data: Data) -> None:
    runner = doctest.DocTestRunner()
    finder = doctest.DocTestFinder(recurse=False)
    (example,) = finder.find(Data, globs={"data": data, "Decimal": Decimal})
    assert example.examples
    told: list[str] = []
    runner.run(example, out=told.append)
    assert not runner.failures, "".join(told)


def test_growth_is_of_the_last_year_that_can_be_compared(tmp_path: Path) -> None:
    told = [(NAME, 2024, 100), (NAME, 2025, 150), ("某区档案局", 2026, 70)]  # a later year of somebody else alone
    documents = [document(number, name, year, level="department") for number, (name, year, _) in enumerate(told)]
    rows = [amount(of, None, "合计", line[2]) for of, line in zip(documents, told, strict=True)]
    found = wb.open(write_tables(tmp_path / "clean", {"documents": documents, "line_items": rows})).growth()
    assert found.select("organisation", "amount", "growth").rows() == [(NAME, Decimal(150), 0.5)]


def test_what_is_spent_is_told_once(data: Data) -> None:
    assert data.spending().select("fiscal_year", "amount").rows() == [(2024, Decimal(100)), (2025, Decimal(150))]
    (answer,) = data.sql("SELECT sum(amount) FROM spending WHERE code = '2040601' AND fiscal_year = 2025").row(0)
    assert answer == Decimal(150)  # and not 450: two tables, two levels
    assert data.sql("SELECT sum(amount) FROM spending WHERE class_code = '204'").row(0) == (Decimal(250),)
    laid = data.pivot("organisation", "fiscal_year", code="2040601", table="expenditure", measure="total",
                      phase="approved", level="department")  # fmt: skip
    assert laid.amounts.row(0)[1:] == (Decimal(100), Decimal(150))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"level": "dept"}, "unit、department"),
        ({"phase": "executed"}, "level='department', phase='approved'"),
        ({"by": "款"}, "class、section、item"),
        ({"code": "999"}, "没有符合条件"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_there_is(data: Data, asked: dict[str, str], told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        data.spending(**asked)  # type: ignore[arg-type]


def test_a_wrong_value_of_a_pivot_names_those_that_there_are(data: Data) -> None:
    with pytest.raises(ParameterError, match="table 没有 expenditures；数据中有：expenditure、general_public_budget"):
        data.pivot("code", "fiscal_year", table="expenditures", measure="total", phase="approved", level="unit")


def test_code_books_are_a_table_with_the_names_above(data: Data) -> None:
    row = data.codes.filter(code="2080505").row(0, named=True)
    assert row["parent_code"] == "20805" and "养老" in row["parent_name"] and row["scheme"] == "functional"


def test_pages_are_shown_only_where_files_were_given(data: Data, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="raw="):
        data.show(data.spending()["place"][0])
    with pytest.raises(DatasetError):
        wb.open(tmp_path)
