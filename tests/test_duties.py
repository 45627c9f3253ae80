"""The ledger: what a document owes is kept, broken, or says why nobody looked."""

import polars as pl
import pytest
from make.books import CONTEXT

from analysis.balancing.duties import ledger
from analysis.dataset.store import to_frame

DOCUMENT = {
    "document_id": "d", "source_file": "d.pdf", "status": "partial", "kind": "final", "document_year": 2024,
    "form": "shanghai", "level": "department",
}  # fmt: skip
CHECK = {"document_id": "d", "source_file": "d.pdf", "table": "expenditure"}
CHECKS = [
    CHECK | {"check_id": "a", "identity": "row_basic_project", "outcome": "pass"},
    CHECK | {"check_id": "b", "identity": "row_basic_project", "outcome": "fail"},
    CHECK | {"check_id": "c", "identity": "class_sections", "outcome": "pass"},
    CHECK
    | {
        "check_id": "d",
        "identity": "section_items",
        "outcome": "not_applicable",
        "reason": "《表》未全部读出，不作判断",
    },
]
TABLE = {"document_id": "d", "source_file": "d.pdf", "title": "t", "unit_inherited": False, "rows": 1}
TABLE |= {"columns_understood": 1, "cells": 1}
TABLES = [
    TABLE | {"number": 1, "table": "expenditure", "complete": True},
    TABLE | {"number": 2, "table": "revenue", "complete": False},
]


@pytest.fixture(scope="module")
def duties() -> dict[tuple[str, str], tuple[str, str | None]]:
    text = {"document_id": "d", "source_file": "d.pdf", "number": 1, "text": "政府采购支出；接待3批次。"}
    frame = ledger(
        to_frame([DOCUMENT], "documents"),
        to_frame(TABLES, "tables"),
        to_frame(CHECKS, "checks"),
        pl.DataFrame({"document_id": ["d"], "rule": ["text_table"]}),
        to_frame([text], "passages"),
        to_frame([], "narrative"),
        CONTEXT,
    )
    assert not frame.select(pl.struct("document_id", "area", "duty").is_duplicated().any()).item()
    return {(area, duty): (state, reason) for _, _, area, duty, _, state, _, reason in frame.iter_rows()}


@pytest.mark.parametrize(
    ("area", "duty", "state"),
    [
        ("table", "expenditure", "passed"),
        ("table", "revenue", "not_read"),
        ("table", "three_public", "not_read"),
        ("identity", "row_basic_project", "failed"),
        ("identity", "class_sections", "passed"),
        ("identity", "section_items", "not_read"),
        ("text", "text_table", "failed"),
        ("text", "text_share", "passed"),
        ("text", "text_item_amount", "not_checked"),
        ("disclosure", "procurement", "passed"),
        ("disclosure", "visits_and_receptions_counted", "failed"),
    ],
)
def test_each_duty_has_its_state(
    duties: dict[tuple[str, str], tuple[str, str | None]], area: str, duty: str, state: str
) -> None:
    assert duties[area, duty][0] == state


def test_what_was_not_looked_at_says_why(duties: dict[tuple[str, str], tuple[str, str | None]]) -> None:
    silent = ("not_read", "not_checked")
    assert all(reason for state, reason in duties.values() if state in silent)


def test_amounts_of_the_text_are_not_all_compared_where_a_table_is_missing() -> None:
    text = {"document_id": "d", "source_file": "d.pdf", "number": 1, "text": "支出合计1万元。"}
    frame = ledger(
        to_frame([DOCUMENT], "documents"),
        to_frame(TABLES, "tables"),
        to_frame([], "checks"),
        pl.DataFrame(schema={"document_id": pl.String, "rule": pl.String}),
        to_frame([text], "passages"),
        to_frame([], "narrative"),
        CONTEXT,
    )
    ((state, reason),) = frame.filter(pl.col("duty") == "text_table").select("state", "reason").rows()
    assert state == "not_checked"
    assert "three_public" in reason  # not found
    assert "revenue" in reason  # not read whole
