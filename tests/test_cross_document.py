"""Identities between documents: who belongs together, what holds, what cannot be told, and that no gap is an error."""

from dataclasses import replace

import polars as pl
import pytest
from make.books import IDENTITIES
from make.line_items import SCHEMA, item, items

from analysis.balancing.evidence import failures
from analysis.balancing.findings import findings_of_checks
from analysis.balancing.identities.checks import Checked, check_instances
from analysis.errors import KnowledgeError
from analysis.knowledge.identities import read_identities
from analysis.terms.identity import DocumentLink, Identities, Organisations, Strength

EXPENDITURE = "expenditure e 1 206 科学技术支出 subtotal total={}"


def document(
    name: str, level: str, kind: str = "budget", year: int = 2024, organisation: str = "某局"
) -> dict[str, object]:
    return {
        "document_id": name,
        "source_file": f"{name}.pdf",
        "status": "parsed",
        "kind": kind,
        "level": level,
        "organisation": organisation,
        "document_year": year,
    }


def checked(
    identity: str, frames: list[pl.DataFrame], told: list[dict[str, object]], organisations: Organisations | None = None
) -> Checked:
    shelf = IDENTITIES
    one = Identities((shelf.of(identity),), shelf.tables, shelf.measures)
    return check_instances(pl.concat(frames), pl.DataFrame(told), one, organisations or Organisations())


def checks(
    identity: str, frames: list[pl.DataFrame], told: list[dict[str, object]], organisations: Organisations | None = None
) -> pl.DataFrame:
    return checked(identity, frames, told, organisations).checks


def department_and_unit(figure: str, name: str = "某局", organisations: Organisations | None = None) -> pl.DataFrame:
    frames = [items(EXPENDITURE.format("100"), document="whole"), items(EXPENDITURE.format(figure), document="part")]
    told = [document("whole", "department"), document("part", "unit", organisation=name)]
    found = checks("department_units", frames, told, organisations)
    return found.filter((pl.col("table") == "expenditure") | pl.col("reason").str.contains("单位的同年文件"))


def test_an_identity_between_documents_holds_for_the_families_that_promise_it() -> None:
    frames = [items(EXPENDITURE.format("100"), document="whole"), items(EXPENDITURE.format("160"), document="part")]
    told = [document("whole", "department"), document("part", "unit")]
    promised = replace(IDENTITIES.of("department_units"), families=frozenset({"shanghai"}))
    one = Identities((promised,), IDENTITIES.tables, IDENTITIES.measures)
    for form, outcomes in (("shanghai", {"fail"}), ("national", set()), (None, {"fail"})):
        forms = pl.DataFrame(told).with_columns(form=pl.lit(form, pl.String))
        found = check_instances(pl.concat(frames), forms, one).checks
        assert set(found.filter(pl.col("table") == "expenditure")["outcome"]) == outcomes


def test_department_units_valid() -> None:
    found = department_and_unit("60")
    assert found["outcome"].to_list() == ["pass"]
    row = found.row(0, named=True)
    assert (row["document_id"], row["source_file"], row["left"], row["right"]) == ("whole", "whole.pdf", 100, 60)
    assert row["check_id"] == "department_units|whole|part|expenditure||206|total|units"


def test_department_units_invalid() -> None:
    assert department_and_unit("102")["outcome"].to_list() == ["fail"]


def test_department_units_within_rounding_valid() -> None:
    assert department_and_unit("101")["outcome"].to_list() == ["pass"]


def test_a_code_of_the_unit_that_the_department_lacks_invalid() -> None:
    frames = [
        items(EXPENDITURE.format("100"), document="whole"),
        items(EXPENDITURE.format("60") + "\nexpenditure e 2 208 社会保障和就业支出 subtotal total=5", document="part"),
    ]
    found = checks("department_units", frames, [document("whole", "department"), document("part", "unit")])
    failed = found.filter(pl.col("outcome") == "fail")
    assert failed.select("code", "left", "right").rows() == [("208", 0, 5)]


def test_a_unit_of_another_name_is_linked_only_where_told() -> None:
    untold = department_and_unit("102", "某中心")
    assert untold["outcome"].to_list() == ["not_applicable"]
    assert untold["reason"][0].startswith("数据中没有所属单位的同年文件")
    told = Organisations(department_of={"某中心": "某局"})
    assert department_and_unit("102", "某中心", told)["outcome"].to_list() == ["fail"]


def test_rivals_are_not_compared() -> None:
    frames = [
        items(EXPENDITURE.format("100"), document="whole"),
        *(items(EXPENDITURE.format("900"), document=name) for name in ("part", "again")),
    ]
    told = [document("whole", "department"), document("part", "unit"), document("again", "unit")]
    found = checks("department_units", frames, told)
    assert set(found["outcome"]) == {"not_applicable"}
    assert found["reason"][0].startswith("有多个文件声称是应对照的那一份")


def balances(opening: str, name: str = "某局") -> tuple[list[pl.DataFrame], list[dict[str, object]]]:
    last = items("revenue_expenditure_summary e 29 - 年末结转和结余 detail total=55.34", "final", "last")
    this = items(f"revenue_expenditure_summary r 29 - 年初结转和结余 detail total={opening}", "final", "this")
    told = [document("last", "unit", "final", 2023), document("this", "unit", "final", 2024, name)]
    return [last, this], told


@pytest.mark.parametrize(("opening", "outcome"), [("55.34", "pass"), ("55.40", "fail")])
def test_opening_is_last_years_closing(opening: str, outcome: str) -> None:
    found = checks("opening_closing", *balances(opening)).filter(pl.col("outcome") != "not_applicable")
    assert found.select("document_id", "outcome").rows() == [("this", outcome)]


def test_a_renaming_is_followed_only_where_told() -> None:
    frames, told = balances("55.40", "新局")
    assert set(checks("opening_closing", frames, told)["outcome"]) == {"not_applicable"}
    renamed = checks("opening_closing", frames, told, Organisations(renamed={"某局": "新局"}))
    assert "fail" in set(renamed["outcome"])


def test_a_renaming_in_a_circle_ends() -> None:
    assert Organisations(renamed={"甲": "乙", "乙": "甲"}).lasting("甲") in {"甲", "乙"}


def public(document: str, kind: str, figures: dict[str, str]) -> pl.DataFrame:
    lines = []
    for phase, printed in figures.items():
        row = list(item("three_public", "e", 1, "-", "-", "total", "total", printed, kind, document, "wan_yuan"))
        row[3] = phase
        lines.append(tuple(row))
    return pl.DataFrame(lines, schema=SCHEMA, orient="row")


@pytest.mark.parametrize(("spent", "outcome"), [("0.90", "pass"), ("0.97", "fail")])
def test_three_public_spent_within_the_budget(spent: str, outcome: str) -> None:
    final = public("final", "final", {"approved": "0.95", "executed": spent})
    budget = public("budget", "budget", {"approved": "0.95"})
    told = [document("final", "unit", "final"), document("budget", "unit")]
    for identity in ("three_public_budget_bound", "three_public_executed_bound"):
        found = checks(identity, [final, budget], told).filter(pl.col("outcome") != "not_applicable")
        assert found.select("document_id", "table", "outcome").rows() == [("final", "three_public", outcome)]


def narrative(code: str, printed: str) -> pl.DataFrame:
    row = list(item("narrative", "e", 1, code, "行政运行", "detail", "total", printed, "budget", "this", "wan_yuan"))
    row[2:4] = [2023, "executed"]
    return pl.DataFrame([tuple(row)], schema=SCHEMA, orient="row")


@pytest.mark.parametrize(("code", "printed", "outcome"), [("2010601", "10", "pass"), ("2010601", "12", "fail")])
def test_last_years_execution_in_the_text(code: str, printed: str, outcome: str) -> None:
    final = items("general_public_budget e 1 2010601 行政运行 detail total=100000.00", "final", "last")
    told = [document("last", "unit", "final", 2023), document("this", "unit")]
    found = checks("prior_year_execution", [final, narrative(code, printed)], told)
    assert found.filter(pl.col("outcome") != "not_applicable")["outcome"].to_list() == [outcome]


def test_last_years_execution_undecided_without_a_code() -> None:
    final = items("general_public_budget e 1 2010601 行政运行 detail total=100000.00", "final", "last")
    told = [document("last", "unit", "final", 2023), document("this", "unit")]
    found = checks("prior_year_execution", [final, narrative("-", "12")], told)
    assert set(found["outcome"]) == {"not_applicable"}


def test_without_organisations_nothing_is_linked() -> None:
    frame = items(EXPENDITURE.format("100"))
    bare = pl.DataFrame([document("d", "department")]).drop("organisation", "level", "document_year")
    found = check_instances(frame, bare, IDENTITIES).checks
    between = [one.id for one in IDENTITIES.between]
    assert set(found.filter(pl.col("identity").is_in(between))["outcome"]) <= {"not_applicable"}


def test_what_links_documents_is_never_hard_and_never_an_error() -> None:
    assert {one.strength for one in IDENTITIES.between} == {Strength.BOUND, Strength.SOFT}
    frames = [items(EXPENDITURE.format("100"), document="whole"), items(EXPENDITURE.format("900"), document="part")]
    missing = {"page": None, "x0": None, "top": None, "x1": None, "bottom": None, "line": None, "cell": None}
    line_items = pl.concat(frames).with_columns(**{name: pl.lit(value) for name, value in missing.items()})
    told = [document("whole", "department"), document("part", "unit")]
    failed = failures(checked("department_units", frames, told), line_items, IDENTITIES)
    assert [one.severity for one in findings_of_checks(failed, [])] == ["warning"]


LINKED = """
[rows]
any = { zh = "各行", en = "every row" }
[[identities]]
id = "one"
zh = "部门 ≥ 单位"
en = "department >= unit"
relation = "at_least"
strength = "bound"
source = "form"
kinds = ["budget"]
link = "units"
by = "code"
[[identities.pairs]]
left = { table = "expenditure", rows = "any", measures = ["total"] }
right = [{ of = "other", table = "expenditure", rows = "any" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('link = "units"', 'link = "cousins"', "link: invalid enum value 'cousins'; known: itself, units"),
        ('link = "units"\n', "", "of, phase and the table narrative go with a link"),
        ('of = "other", ', "", "of a link one side, and only one, is that of the other document"),
        ('of = "other"', 'of = "unit"', "of: invalid enum value 'unit'; known: other"),
    ],
)
def test_a_malformed_link_is_refused(old: str, new: str, told: str) -> None:
    assert read_identities(LINKED).entries[0].link is DocumentLink.UNITS
    with pytest.raises(KnowledgeError, match=told):
        read_identities(LINKED.replace(old, new, 1))
