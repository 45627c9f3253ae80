"""Rules of notes and forms that need the tables, or several documents: a fault and its near miss for each."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from analysis.balancing.notes.fact_findings import fact_findings, without_sums_of_facts
from analysis.balancing.notes.project_findings import project_findings
from analysis.balancing.notes.table_findings import spending_findings, table_findings
from analysis.balancing.notes.year_findings import between_findings, target_findings
from analysis.dataset.store import to_frame

NOTHING = pl.DataFrame(schema={"document_id": pl.String, "table": pl.String})
PLACE = {"page": 1, "x0": None, "top": None, "x1": None, "bottom": None, "line": None, "cell": None}


def _fact(document: str, subject: str, value: str, printed: str, **more: Any) -> dict[str, Any]:
    plain = dict.fromkeys(("as_of", "direction", "change", "change_percent", "compared_year"))
    row = {"document_id": document, "source_file": f"{document}.pdf", "number": 1, "subject": subject}
    row |= {"value": Decimal(value), "unit": "元", "printed": printed, "fiscal_year": 2024, "phase": "approved"}
    return row | plain | {"sentence": printed} | PLACE | more


def _item(table: str, measure: str, amount: str, printed: str, **more: Any) -> dict[str, Any]:
    row = {"document_id": "a", "table": table, "measure": measure, "phase": "approved", "fiscal_year": 2024}
    row |= {"row_role": "total", "code": None, "unit_code": None, "amount": Decimal(amount), "printed": printed}
    return row | {"printed_unit": "wan_yuan"} | more


def _facts(*rows: dict[str, Any]) -> pl.DataFrame:
    return to_frame(list(rows), "facts")


def _documents(*rows: tuple[str, str, int]) -> pl.DataFrame:
    columns = ("document_id", "kind", "document_year")
    return pl.DataFrame(
        [dict(zip(columns, row, strict=True)) | {"organisation_id": "o", "level": "unit"} for row in rows]
    )


PROCUREMENT = _fact("a", "procurement", "830000", "83.00万元")


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([_item("procurement", "total", "850000", "85.00")], ["fact_table"]),
        ([_item("procurement", "total", "830000", "83.00")], []),
        ([_item("procurement", "total", "829990", "82.999")], []),  # the table rounds, the text too
        ([_item("procurement", "total", "850000", "85.00", row_role="detail")] * 2, []),  # no row is the total
        ([_item("procurement", "total", "850000", "85.00", phase="executed")], []),
        ([_item("procurement", "total", "1", "1"), _item("procurement", "total", "2", "2")], []),  # which one?
        ([], []),
    ],
)
def test_a_fact_is_what_its_table_prints(items: list[dict[str, Any]], found: list[str]) -> None:
    frame = pl.DataFrame(items or [_item("revenue", "total", "1", "1")], infer_schema_length=None)
    frame = frame.with_columns(pl.col("code", "unit_code").cast(pl.String))
    assert [one.rule for one in table_findings(_facts(PROCUREMENT), frame, NOTHING, ())] == found
    of_table = pl.DataFrame({"document_id": ["a"], "table": ["procurement"]})
    assert list(table_findings(_facts(PROCUREMENT), frame, of_table, ())) == []  # it was not read whole


def _project(name: str, amount: str, **more: Any) -> dict[str, Any]:
    row = {"document_id": "a", "source_file": "a.pdf", "project": 1, "name": name, "requested_amount": Decimal(amount)}
    return row | PLACE | more


@pytest.mark.parametrize(
    ("projects", "found"),
    [
        ([_project("甲", "600000"), _project("乙", "400100.01")], []),  # within what two forms may round
        ([_project("甲", "600000"), _project("乙", "460000")], ["project_spending"]),
        ([_project("甲", "600000"), _project("甲", "600000")], []),  # one form, printed twice
        ([_project("甲", "1600000", form_year=2023)], []),  # of another year
        ([_project("甲", "1600000", executed_amount=Decimal(1))], []),  # assessed: of final accounts
        ([_project("甲", "500000")], []),  # not all are listed
        ([_project("甲", "5000000", scope="department")], []),  # of the whole department
    ],
)
def test_projects_ask_for_no_more_than_project_expenditure(projects: list[dict[str, Any]], found: list[str]) -> None:
    forms = to_frame(projects, "projects")
    items = pl.DataFrame([_item("expenditure", "project", "1000000", "100.00")])
    items = items.with_columns(pl.col("code", "unit_code").cast(pl.String))
    assert [one.rule for one in spending_findings(forms, items, NOTHING)] == found
    doubted = pl.DataFrame({"document_id": ["a"], "table": ["expenditure"]})
    assert list(spending_findings(forms, items, doubted)) == []


OWNED = {"as_of": date(2023, 12, 31), "fiscal_year": 2023, "phase": "executed", "unit": "辆"}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (_fact("b", "vehicles", "7", "7辆", **OWNED), _fact("f", "vehicles", "8", "8辆", **OWNED), ["fact_between"]),
        (_fact("b", "vehicles", "7", "7辆", **OWNED), _fact("f", "vehicles", "7", "7台", **OWNED), []),
        # another day
        (
            _fact("b", "vehicles", "7", "7辆", **OWNED),
            _fact("f", "vehicles", "8", "8辆", **{**OWNED, "as_of": date(2023, 8, 31)}),
            [],
        ),
        # what was planned and what was done are two things
        (_fact("b", "procurement", "100", "100元"), _fact("f", "procurement", "90", "90元", phase="executed"), []),
        # rounded by one of them
        (_fact("b", "procurement", "10049", "1.0049万元"), _fact("f", "procurement", "10000", "1.00万元"), []),
    ],
)
def test_budget_and_final_accounts_state_the_same_fact_alike(
    first: dict[str, Any], second: dict[str, Any], found: list[str]
) -> None:
    documents = _documents(("b", "budget", 2024), ("f", "final", 2023))
    assert [one.rule for one in between_findings(_facts(first, second), documents)] == found
    of_two_levels = documents.with_columns(level=pl.col("document_id"))
    assert list(between_findings(_facts(first, second), of_two_levels)) == []


def _project(document: str, year: int, **more: Any) -> dict[str, Any]:
    row = {"document_id": document, "source_file": f"{document}.pdf", "project": 1, "name": "公园养护"}
    return row | {"form_year": year} | PLACE | more


def _indicator(document: str, printed: str, operator: str | None, value: str | None, **more: Any) -> dict[str, Any]:
    row = {"document_id": document, "source_file": f"{document}.pdf", "project": 1, "number": 1, "unit": "%"}
    row |= {"level3": "设施完好情况", "operator": operator, "value": Decimal(value) if value else None}
    return row | {"printed": printed} | PLACE | more


def _forms(*indicators: dict[str, Any], **more: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    documents = dict.fromkeys(one["document_id"] for one in indicators)
    projects = [_project(name, 2023 + number, **more) for number, name in enumerate(documents)]
    numbered = [{**one, "number": number} for number, one in enumerate(indicators, 1)]
    return to_frame(projects, "projects"), to_frame(numbered, "performance")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (("≥90%", "≥", "90"), ("≥80%", "≥", "80"), ["project_lower_target"]),
        (("≤2%", "≤", "2"), ("≤5%", "≤", "5"), ["project_lower_target"]),
        (("≥90%", "≥", "90"), ("≥90%", "≥", "90"), []),
        (("≥90%", "≥", "90"), ("≥95%", "≥", "95"), []),
        (("90%", None, "90"), ("80%", None, "80"), []),  # no direction is printed
        (("≥90%", "≥", "90"), ("提高", None, None), []),
    ],
)
def test_a_target_below_that_of_the_year_before_is_told(
    before: tuple[str, str | None, str | None], after: tuple[str, str | None, str | None], found: list[str]
) -> None:
    projects, performance = _forms(_indicator("a", *before), _indicator("b", *after))
    documents = _documents(("a", "budget", 2023), ("b", "budget", 2024))
    told = list(target_findings(projects, performance, documents))
    assert [one.rule for one in told] == found
    assert all(after[0] in one.message_zh and before[0] in one.message_zh for one in told)


@pytest.mark.parametrize(
    ("name", "printed", "operator", "value", "found"),
    [
        ("居民满意度", "≤90%", "≤", "90", ["project_direction"]),
        ("系统故障率", "≥2%", "≥", "2", ["project_direction"]),
        ("居民满意度", "≥90%", "≥", "90", []),
        ("系统故障率", "≤2%", "≤", "2", []),
        ("满意度调查次数", "≤2%", "≤", "2", []),
        ("居民满意度", "满意", None, None, []),
    ],
)
def test_an_operator_fits_what_the_indicator_measures(
    name: str, printed: str, operator: str | None, value: str | None, found: list[str]
) -> None:
    projects, performance = _forms(_indicator("a", printed, operator, value, level3=name))
    assert [one.rule for one in project_findings(projects, performance, _facts(PROCUREMENT))] == found


def _scored(*pairs: tuple[int, int]) -> list[dict[str, Any]]:
    return [_indicator("a", "好", None, None, weight=Decimal(one), score=Decimal(two)) for one, two in pairs]


@pytest.mark.parametrize(
    ("indicators", "amounts", "found"),
    [
        (_scored((50, 50), (30, 35), (20, 20)), ("100", "90"), ["project_score"]),
        (_scored((50, 95), (30, 90), (20, 100)), ("100", "90"), []),  # scores of a hundred each
        (_scored((50, 50), (40, 40)), ("100", "110"), ["project_overspent"]),
        (_scored((50, 50), (40, 40)), ("100", "100"), []),
    ],
)
def test_what_a_self_assessment_gives_is_within_bounds(
    indicators: list[dict[str, Any]], amounts: tuple[str, str], found: list[str]
) -> None:
    budget, spent = map(Decimal, amounts)
    projects, performance = _forms(*indicators, adjusted_amount=budget, executed_amount=spent)
    assert [one.rule for one in project_findings(projects, performance, _facts(PROCUREMENT))] == found


@pytest.mark.parametrize(
    ("table", "fiscal", "found"),
    [
        ("100000", None, []),
        ("99999", None, []),  # the table is in 万元
        ("80000", "80000", []),  # the table has what is public money
        ("120000", "80000", ["project_table"]),
        (None, None, []),
    ],
)
def test_a_form_asks_for_what_the_table_of_projects_gives(
    table: str | None, fiscal: str | None, found: list[str]
) -> None:
    amounts = {"requested_amount": Decimal(100_000), "table_amount": Decimal(table) if table else None}
    projects, performance = _forms(
        _indicator("a", "好", None, None), **amounts, fiscal_amount=fiscal and Decimal(fiscal)
    )
    assert [one.rule for one in project_findings(projects, performance, _facts(PROCUREMENT))] == found


def test_a_blank_form_is_an_information_and_a_description_without_name_is_not() -> None:
    blank, described = _project("a", 2024, name=None), _project("a", 2024, name=None, described_overview="建设内容。")
    nothing = to_frame([], "performance")
    (found,) = project_findings(to_frame([blank], "projects"), nothing, _facts(PROCUREMENT))
    assert (found.rule, str(found.severity)) == ("project_blank_form", "info") and "None" not in found.message_zh
    assert list(project_findings(to_frame([described], "projects"), nothing, _facts(PROCUREMENT))) == []


@pytest.mark.parametrize(
    ("printed", "is_left"), [("政府采购支出总额300.00万元", False), ("“三公”经费支出30.00万元", True)]
)
def test_a_sum_that_is_told_of_a_fact_is_not_told_of_the_text_again(printed: str, is_left: bool) -> None:
    facts = [
        *fact_findings(
            _facts(
                _fact("a", "procurement", "3000000", "300.00万元", sentence="采购"),
                _fact("a", "procurement_goods", "2000000", "200.00万元", sentence="采购", number=2),
                _fact("a", "procurement_services", "1100000", "110.00万元", sentence="采购", number=3),
            )
        )
    ]
    assert [one.rule for one in facts] == ["fact_parts"]
    of_text = replace(facts[0], rule="text_sum", printed=printed)
    assert without_sums_of_facts([of_text], facts) == ([of_text] if is_left else [])
