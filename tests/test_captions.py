"""What stands above tables: the body and the unit."""

import polars as pl

from analysis.balancing.caption_findings import caption_findings, is_same_body

BODY = "云岭县映山商务委员会"
TABLES = ("revenue_expenditure_summary", "revenue", "expenditure", "appropriation_summary", "general_public_budget")


def told(*bodies: str | None, units: tuple[str | None, ...] = (), inherited: tuple[bool, ...] = ()) -> list[str]:
    documents = pl.DataFrame({"document_id": ["d"], "organisation": [BODY]})
    number = len(TABLES)
    tables = pl.DataFrame(
        {
            "document_id": ["d"] * number,
            "source_file": ["d.html"] * number,
            "number": range(1, number + 1),
            "table": TABLES,
            "body": bodies or [None] * number,
            "unit": units or ["yuan"] * number,
            "unit_inherited": inherited or [False] * number,
            "first_page": [None] * number,
            "cells": [10] * number,
        },
        schema_overrides={"body": pl.String, "first_page": pl.Int32},
    )
    return [f"{one.rule} {one.table} {one.expected}" for one in caption_findings(documents, tables)]


def test_one_caption_of_another_body_is_told() -> None:
    assert told(BODY, BODY, "云岭县知行管理局", "映山商务委员会", None) == [f"caption_body expenditure {BODY}"]


def test_captions_that_differ_more_often_or_are_short_names_are_not() -> None:
    assert told(BODY, BODY, "云岭县知行管理局", "云岭县教育局", BODY) == []
    assert told("云岭县知行管理局", "云岭县知行管理局", "云岭县知行管理局", BODY, None) == []
    assert told(BODY, BODY, "001-县映山商务委", "平方米、辆", "映山商务委员会（本级）") == []


def test_a_body_is_the_same_under_its_shorter_names() -> None:
    assert is_same_body("上海市司法局", "上海市普陀区司法局")
    assert is_same_body("江苏省委办公厅", "中国共产党江苏省委员会办公厅")
    assert not is_same_body("普陀区司法局", "上海市普陀区法律援助中心")


def test_a_table_without_a_unit_is_told_where_the_others_have_one() -> None:
    one, two = (False, False, True, False, False), (False, True, True, True, False)
    assert told(inherited=one) == ["caption_unit expenditure None"]
    assert told(units=("yuan", "wan_yuan", None, "yuan", "yuan")) == ["caption_unit expenditure None"]
    assert told(inherited=two) == []
