"""The identities: the shelf is read strictly, every kind of relation has its three outcomes, real documents hold."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make.books import IDENTITIES
from make.line_items import SCHEMA, item, items

from analysis.balancing.identities.checks import CHECKS, check_instances
from analysis.balancing.identities.coverage import coverage
from analysis.balancing.identities.instances import TERMS, instance_terms
from analysis.errors import KnowledgeError
from analysis.knowledge.identities import read_identities
from analysis.terms.identity import Identities


def documents(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        frame.select("document_id", "kind")
        .unique()
        .with_columns(source_file=pl.col("document_id"), status=pl.lit("parsed"))
        .with_columns(organisation=pl.col("document_id"), level=pl.lit("department"), document_year=2024)
    )


def checks(frame: pl.DataFrame, identity: str | None = None) -> pl.DataFrame:
    """The checks of the whole shelf, or of one identity of it."""
    shelf = IDENTITIES
    if identity:
        shelf = Identities((shelf.of(identity),), shelf.tables, shelf.measures)
    found = check_instances(frame, documents(frame), shelf).checks
    assert found.columns == list(CHECKS)
    assert found["check_id"].is_unique().all()
    return found


def outcomes(frame: pl.DataFrame, identity: str) -> list[str]:
    return checks(frame, identity)["outcome"].to_list()


# The shelf


def test_every_entry_says_what_it_is_and_where_it_comes_from() -> None:
    entries = IDENTITIES.entries
    assert len(entries) == len({entry.id for entry in entries}) >= 30
    assert all(entry.zh and entry.en and entry.source and entry.kinds and entry.cases for entry in entries)


SHELF = """
[rows]
any = { zh = "各行", en = "every row" }
[[identities]]
id = "one"
zh = "合计 = 基本"
en = "total = basic"
relation = "row"
strength = "hard"
source = "form"
kinds = ["budget"]
tables = ["expenditure"]
sum = "total"
parts = ["basic"]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('sum = "total"', 'sum = "totl"', "unknown measure totl"),
        ('tables = ["expenditure"]', 'tables = ["expense"]', "unknown table 'expense'"),
        ('source = "form"', "", "missing required field `source`"),
        ('source = "form"', 'source = ""', "source: expected `str` of length >= 1"),
        (
            'source = "form"',
            'source = "form"\ntolerance = 5',
            "identities 1 .one.: object contains unknown field `tolerance`",
        ),
        (
            'relation = "row"',
            'relation = "sum"',
            "relation: invalid value 'sum'; known: row, children, total, equal, at_least",
        ),
        ('strength = "hard"', 'strength = "bound"', "bound and relation at_least go together"),
        ('kinds = ["budget"]', 'kinds = ["draft"]', "kinds 1: invalid enum value 'draft'; known: budget, final"),
        ('kinds = ["budget"]', 'kinds = ["budget"]\nunless = ["rain"]', "unknown guard 'rain'"),
        (
            'en = "every row" }',
            'en = "every row", colour = "red" }',
            "rows, any: object contains unknown field `colour`",
        ),
        ("[rows]", "[rows", "no valid TOML"),
    ],
)
def test_a_malformed_entry_is_refused(old: str, new: str, told: str) -> None:
    assert len(read_identities(SHELF).entries) == 1
    with pytest.raises(KnowledgeError, match=told.replace("[", r"\[")):
        read_identities(SHELF.replace(old, new, 1))


def test_an_id_used_twice_is_refused() -> None:
    entry = SHELF[SHELF.index("[[identities]]") :]
    with pytest.raises(KnowledgeError, match="used twice: one"):
        read_identities(SHELF + entry)


# Each kind of relation: valid, invalid, undecided

ROW = "expenditure e 1 206 科学技术支出 subtotal total={} basic=40 project=60"


def test_row_valid() -> None:
    assert outcomes(items(ROW.format("100")), "row_basic_project") == ["pass"] + ["not_applicable"] * 4


def test_row_invalid() -> None:
    (found,) = (
        checks(items(ROW.format("102")), "row_basic_project").filter(pl.col("outcome") == "fail").rows(named=True)
    )
    assert (found["left"], found["right"], found["difference"], found["tolerance"]) == (102, 100, 2, 1.5)
    assert found["check_id"] == "row_basic_project|d|expenditure|expenditure|206|total|approved"


def test_row_invalid_where_every_part_is_blank_but_the_columns_are_printed() -> None:
    frame = items(ROW.format("100") + "\nexpenditure e 2 208 社会保障和就业支出 subtotal total=50")
    assert checks(frame, "row_basic_project").filter(pl.col("code") == "208")["outcome"].to_list() == ["fail"]


def test_row_undecided() -> None:
    found = checks(items("expenditure e 1 206 科学技术支出 subtotal total=100"), "row_basic_project")
    assert set(found["outcome"]) == {"not_applicable"}
    assert "没有印出基本支出、项目支出" in found.filter(pl.col("table") == "expenditure")["reason"][0]


CHILDREN = """
expenditure e 1 206 科学技术支出 subtotal total={}
expenditure e 2 20605 科技条件与服务 subtotal total=60
expenditure e 3 20607 科学技术普及 subtotal total=40
"""


def test_children_valid() -> None:
    assert outcomes(items(CHILDREN.format("100")), "class_sections").count("pass") == 1


def test_children_within_rounding_valid() -> None:
    assert outcomes(items(CHILDREN.format("101")), "class_sections").count("pass") == 1


def test_children_invalid() -> None:
    assert outcomes(items(CHILDREN.format("102")), "class_sections").count("fail") == 1


def test_children_undecided() -> None:
    frame = items(CHILDREN.format("100") + "expenditure e 4 208 社会保障和就业支出 subtotal total=7")
    found = checks(frame, "class_sections").filter(pl.col("code") == "208")
    assert found["outcome"].to_list() == ["not_applicable"]
    assert "没有印出它的下级行" in found["reason"][0]


TOTAL = """
expenditure e 1 206 科学技术支出 subtotal total=60 basic=60
expenditure e 2 208 社会保障和就业支出 subtotal total=40 basic=40
expenditure e 3 - 合计 total total={} {}
"""


def test_total_valid() -> None:
    assert outcomes(items(TOTAL.format("100", "basic=100")), "total_classes").count("pass") == 2


def test_total_invalid() -> None:
    assert outcomes(items(TOTAL.format("90", "basic=100")), "total_classes").count("fail") == 1


def test_total_blank_in_one_column_invalid() -> None:
    found = checks(items(TOTAL.format("100", "")), "total_classes").filter(pl.col("outcome") == "fail")
    assert found.select("measure", "left", "right").rows() == [("basic", 0, 100)]


BUDGET_SUMMARY = """
revenue_expenditure_summary r 1 - 一、财政拨款收入 {} total=70
revenue_expenditure_summary r 2 - （一）一般公共预算 detail total=60
revenue_expenditure_summary r 3 - （二）政府性基金预算 detail total=10
revenue_expenditure_summary r 4 - 二、事业收入 detail total=20
revenue_expenditure_summary r 5 - 本年收入合计 subtotal total={}
revenue_expenditure_summary r 6 - 上年结转 detail total=5
revenue_expenditure_summary r 7 - 收入总计 total total=95
"""


@pytest.mark.parametrize("role", ["subtotal", "detail"])
@pytest.mark.parametrize(("total", "outcome"), [(90, "pass"), (99, "fail"), (95, "fail")])
def test_this_years_revenue_in_a_budget_is_its_rows_without_the_balance(role: str, total: int, outcome: str) -> None:
    found = checks(items(BUDGET_SUMMARY.format(role, total)), "summary_current_total")
    assert found.filter(pl.col("name") == "本年收入合计")["outcome"].to_list() == [outcome]


def test_total_undecided() -> None:
    found = checks(items(CHILDREN.format("100")), "total_classes").filter(pl.col("table") == "expenditure")
    assert found["reason"].to_list() == ["支出总表没有合计行 / expenditure lacks the total row"]


EQUAL = """
revenue r 1 206 科学技术支出 subtotal total=100
expenditure e 1 206 科学技术支出 subtotal total={}
"""


def test_equal_valid() -> None:
    assert outcomes(items(EQUAL.format("100")), "revenue_expenditure_by_code") == ["pass"]


def test_equal_invalid() -> None:
    assert outcomes(items(EQUAL.format("103")), "revenue_expenditure_by_code") == ["fail"]


def test_equal_code_in_one_table_only_invalid() -> None:
    frame = items(EQUAL.format("100") + "expenditure e 2 208 社会保障和就业支出 subtotal total=5")
    assert outcomes(frame, "revenue_expenditure_by_code") == ["pass", "fail"]


CLASSES_ONLY = """
expenditure e 1 205 教育支出 detail total=100
general_public_budget e 1 205 教育支出 subtotal total=100
general_public_budget e 2 2050202 小学教育 detail total=100
"""


@pytest.mark.parametrize("identity", ["expenditure_general_bound", "expenditure_of_funds"])
def test_what_a_table_of_classes_does_not_break_down_is_not_0(identity: str) -> None:
    revenue = "revenue_expenditure_summary r 1 - 一、财政拨款收入 detail total=100\n"
    assert "fail" not in outcomes(items(revenue + CLASSES_ONLY), identity)
    more = CLASSES_ONLY + "expenditure e 2 2050203 初中教育 detail total=100\n"
    assert "fail" in outcomes(items(revenue + more), identity), "a code is missing where others of its level stand"


def test_equal_undecided() -> None:
    found = checks(items("revenue r 1 206 科学技术支出 subtotal total=100"), "revenue_expenditure_by_code")
    assert found["reason"].to_list() == ["没有支出总表，或表中没有金额 / no expenditure, or no amounts in it"]


def test_equal_is_never_asked_of_final_accounts() -> None:
    assert outcomes(items(EQUAL.format("103"), kind="final"), "revenue_expenditure_by_code") == []


def test_equal_by_name_undecided_where_the_name_differs() -> None:
    frame = items(
        """
        expenditure e 1 206 科学技术支出 subtotal total=100
        expenditure e 2 210 卫生健康支出 subtotal total=5
        revenue_expenditure_summary e 1 - 一、科学技术支出 detail total=100
        revenue_expenditure_summary e 2 - 二、医疗卫生支出 detail total=5
        """
    )
    found = checks(frame, "summary_expenditure_classes").filter(pl.col("measure") == "total")
    assert sorted(found["outcome"]) == ["not_applicable", "not_applicable", "pass"]


BOUND = """
expenditure e 1 206 科学技术支出 subtotal total={}
general_public_budget e 1 206 科学技术支出 subtotal total=100
"""


def test_at_least_valid() -> None:
    assert outcomes(items(BOUND.format("150")), "expenditure_general_bound") == ["pass"]


def test_at_least_invalid() -> None:
    assert outcomes(items(BOUND.format("98")), "expenditure_general_bound") == ["fail"]


def test_at_least_undecided() -> None:
    frame = items("expenditure e 1 206 科学技术支出 subtotal total=98")
    assert outcomes(frame, "expenditure_general_bound") == ["not_applicable"]


def test_at_least_says_nothing_where_its_right_side_is_blank() -> None:
    frame = items(
        """
        expenditure e 1 206 科学技术支出 subtotal total=-98
        expenditure e 2 207 文化旅游体育与传媒支出 subtotal total=100
        general_public_budget e 1 207 文化旅游体育与传媒支出 subtotal total=100
        """
    )
    assert checks(frame, "expenditure_general_bound").select("code", "outcome").rows() == [("207", "pass")]


GUARD = """
revenue_expenditure_summary r 1 - 一、财政拨款收入 subtotal total=100
revenue_expenditure_summary r 2 - 二、事业收入 detail total={}
appropriation_summary r 1 - 一、一般公共预算资金 detail total=100
"""


def test_guard_lifts_an_identity_with_its_reason() -> None:
    found = checks(items(BOUND.format("150") + GUARD.format("50")), "expenditure_of_funds")
    assert found["outcome"].to_list() == ["not_applicable"]
    assert found["reason"][0].startswith("有财政拨款以外的收入，此关系不适用")


def test_guard_lifts_by_a_negative_figure_too() -> None:
    frame = items(BOUND.format("150") + GUARD.format("-50"))
    assert outcomes(frame, "expenditure_of_funds") == ["not_applicable"]


def test_guard_lets_a_printed_zero_pass() -> None:
    assert outcomes(items(BOUND.format("150") + GUARD.format("0")), "expenditure_of_funds") == ["fail"]


def test_guard_without_its_table_lifts_too() -> None:
    found = checks(items(BOUND.format("150")), "expenditure_of_funds")
    assert found["outcome"].to_list() == ["not_applicable"]
    assert "不知是否" in found["reason"][0]


# Families of forms: who promises what


def test_operating_expenditure_of_class_303_lifts_the_column_of_its_personnel() -> None:
    printed = "basic_by_economic e 1 303 对个人和家庭的补助 subtotal total=100 personnel={} operating={}"
    assert outcomes(items(printed.format(60, 40)), "personnel_classes_column") == ["not_applicable"]
    assert outcomes(items(printed.format(60, 0)), "personnel_classes_column") == ["fail"]


def test_an_identity_holds_for_the_families_that_promise_it_and_where_the_family_is_unknown() -> None:
    shelf = IDENTITIES
    promised = replace(shelf.of("expenditure_general_bound"), families=frozenset({"shanghai"}))
    frame = pl.concat(items(BOUND.format("98"), document=name) for name in ("shanghai", "national", "unknown"))
    forms = pl.col("document_id").replace_strict({"unknown": None}, default=pl.col("document_id"))
    told = documents(frame).with_columns(form=forms)
    one = Identities((promised,), shelf.tables, shelf.measures)
    found = check_instances(frame, told, one).checks
    assert found.select("document_id", "outcome").rows() == [("shanghai", "fail"), ("unknown", "fail")]
    assert set(check_instances(frame, documents(frame), one).checks["document_id"]) == set(told["document_id"])


def test_coverage_counts_what_one_check_ties_and_what_several_cross() -> None:
    frame = items(ROW.format("100") + "\nexpenditure e 2 20601 科学技术管理事务 subtotal total=100")
    frame = frame.with_columns(source_file=pl.col("document_id"))

    def counts(*names: str) -> tuple[int, ...]:
        some = replace(IDENTITIES, entries=tuple(IDENTITIES.of(name) for name in names))
        (row,) = coverage(frame, check_instances(frame, documents(frame), some), some).rows(named=True)
        return row["figures"], row["tied"], row["crossed"]

    assert counts("row_basic_project") == (4, 4, 0)
    assert counts("row_basic_project", "class_sections") == (4, 4, 2)


# Soft and bound: usual, or limits, never promised


SOFT = """
basic_by_economic e 1 30110 职工基本医疗保险缴费 detail total=60 personnel=60
basic_by_economic e 2 30111 公务员医疗补助缴费 detail total={} personnel=40
general_public_budget e 1 2101101 行政单位医疗 detail total=80 basic=80
general_public_budget e 2 2101102 事业单位医疗 detail total=30 basic=20 project=10
"""


def test_the_two_classifications_valid() -> None:
    assert outcomes(items(SOFT.format("40")), "medical_contributions") == ["pass"]


def test_the_two_classifications_invalid() -> None:
    assert outcomes(items(SOFT.format("45")), "medical_contributions") == ["fail"]


def test_the_two_classifications_undecided() -> None:
    (found,) = checks(items(SOFT.format("40")), "housing_contributions").rows(named=True)
    assert found["outcome"] == "not_applicable"
    assert "没有30113 住房公积金行" in found["reason"]


PUBLIC = """
three_public e 1 - - total receptions=1.00 agency_operating={}
basic_by_economic e 1 30217 公务接待费 detail total={} operating=10000
basic_by_economic e 2 - 合计 total total=20040 operating=20040
general_public_budget e 1 2010601 行政运行 detail total=20040 basic=20040
"""


def public(agency: str, receptions: str, more: str = "") -> pl.DataFrame:
    frame = items(PUBLIC.format(agency, receptions) + more)
    wan = pl.col("table") == "three_public"
    amount = pl.when(wan).then(pl.col("amount") * 10_000).otherwise(pl.col("amount")).cast(pl.Decimal(18, 2))
    unit = pl.when(wan).then(pl.lit("wan_yuan")).otherwise(pl.col("printed_unit"))
    return frame.with_columns(amount=amount, printed_unit=unit)


@pytest.mark.parametrize(("receptions", "outcome"), [("10050", "pass"), ("10051", "fail")])
def test_units_of_both_tables_decide_the_tolerance(receptions: str, outcome: str) -> None:
    found = checks(public("2.00", receptions), "three_public_bound")
    assert found.filter(pl.col("measure") == "receptions").select("outcome", "tolerance").rows() == [
        (outcome, Decimal("50.50"))
    ]


@pytest.mark.parametrize(("agency", "equal", "bound"), [("2.00", "pass", "pass"), ("1.50", "fail", "pass")])
def test_agency_operating_valid_and_invalid(agency: str, equal: str, bound: str) -> None:
    assert outcomes(public(agency, "1"), "agency_operating_equal") == [equal]
    assert outcomes(public(agency, "1"), "agency_operating_bound") == [bound]


def test_agency_operating_undecided_with_institutions() -> None:
    frame = public("1.50", "1", "general_public_budget e 2 2010650 事业运行 detail total=5 basic=5")
    (found,) = checks(frame, "agency_operating_equal").rows(named=True)
    assert found["reason"].startswith("有事业单位的基本支出，此关系不适用")


FUND = """
government_fund r 1 212 城乡社区支出 detail opening_balance=10 total=100
government_fund e 1 212 城乡社区支出 detail total=80 basic=0 project=80 closing_balance={}
"""


@pytest.mark.parametrize(("closing", "outcome"), [("30", "pass"), ("40", "fail")])
def test_columns_of_the_left_side_are_added_up(closing: str, outcome: str) -> None:
    assert outcomes(items(FUND.format(closing), kind="final"), "final_fund_balance") == [outcome]


# Exactness


def test_tolerance_follows_the_printed_digits() -> None:
    lines = [
        item("three_public", "e", 1, "-", "-", "total", measure, printed, unit="wan_yuan")
        for measure, printed in (("total", "10.5"), ("receptions", "4.26"), ("overseas_visits", "6.26"))
    ]
    (found,) = checks(pl.DataFrame(lines, schema=SCHEMA, orient="row"), "row_three_public").rows(named=True)
    assert (found["difference"], found["tolerance"], found["outcome"]) == (-200, 150, "fail")


def test_amounts_beyond_the_exact_floats_are_compared_exactly() -> None:
    frame = items(
        """
        expenditure e 1 206 科学技术支出 subtotal total=9007199254740993.02 basic=9007199254740993.00
        expenditure e 2 208 社会保障和就业支出 subtotal total=9007199254740993.00 basic=9007199254740993.00
        """
    )
    found = checks(frame, "row_basic_project").filter(pl.col("outcome") != "not_applicable").sort("code")
    assert found["outcome"].to_list() == ["fail", "pass"]


def test_more_decimals_than_a_fen_are_judged_to_the_fen_that_was_read() -> None:
    told = "expenditure e 1 201 一般公共服务 detail total={} basic={} project={}"
    for total, outcome in (("100.001", "pass"), ("100.03", "fail")):
        found = checks(items(told.format(total, "60.001", "40.000001")), "row_basic_project")
        (check,) = found.filter(pl.col("left").is_not_null()).rows(named=True)
        assert (check["outcome"], check["tolerance"]) == (outcome, Decimal("0.01"))


def test_the_decimals_of_a_workbook_that_computes_are_no_errors() -> None:
    cells = [("total", "5253.16043333333"), ("basic", "5000.16011111111"), ("project", "253.00032222222")]
    rows = [item("expenditure", "e", 1, "201", "-", "detail", *one, unit="wan_yuan") for one in cells]
    in_fen = [(*row[:-3], row[-3].quantize(Decimal("0.01")), *row[-2:]) for row in rows]
    assert outcomes(pl.DataFrame(in_fen, schema=SCHEMA, orient="row"), "row_basic_project")[0] == "pass"


def test_a_sum_that_money_cannot_hold_is_told_of_and_costs_nothing_else() -> None:
    most = "9999999999999999.99"
    frame = items(f"expenditure e 1 201 一般公共服务 detail total=5 basic={most} project={most}")
    good = items("expenditure e 1 201 一般公共服务 detail total=5 basic=2 project=3", document="good")
    found = checks(pl.concat([frame, good]), "row_basic_project")
    assert found.filter(pl.col("document_id") == "good")["outcome"].to_list()[0] == "pass"
    (huge,) = found.filter(pl.col("document_id") == "d", pl.col("table") == "expenditure").rows(named=True)
    assert huge["outcome"] == "not_applicable"
    assert huge["left"] is huge["right"] is huge["difference"] is None
    assert "过大" in huge["reason"] and "too large" in huge["reason"]


def test_a_sum_beyond_64_bits_is_no_small_one() -> None:
    lines = [f"expenditure e {n} 2010{n} 某款 detail total=9999999999999999.99" for n in range(1, 10)]
    frame = items("\n".join([*lines, "expenditure e 20 201 某类 subtotal total=9999999999999999.99"]))
    assert set(outcomes(frame, "class_sections")) == {"not_applicable"}


def test_files_that_were_not_read_are_not_looked_at() -> None:
    frame = items(ROW.format("100"))
    failed = documents(frame).with_columns(status=pl.lit("failed"))
    assert check_instances(frame, failed, IDENTITIES).checks.is_empty()


def test_an_empty_dataset_says_that_nothing_could_be_checked() -> None:
    frame = items(ROW.format("100"))
    found = check_instances(frame.clear(), documents(frame), IDENTITIES).checks
    assert set(found["outcome"]) == {"not_applicable"}
    assert set(found["identity"]) == {one.id for one in IDENTITIES.entries if "budget" in one.kinds}


# Slots: the structure alone gives the terms


def test_terms_come_from_the_structure_without_amounts() -> None:
    cells = items(ROW.format("100")).drop("amount", "printed", "printed_unit").with_row_index("cell", 10)
    terms = instance_terms(cells, IDENTITIES)
    assert dict(terms.schema) == dict(TERMS)
    found = terms.filter(pl.col("identity") == "row_basic_project").select("cell", "side", "weight").rows()
    assert found == [(10, "left", 1), (11, "right", 1), (12, "right", 1)]
    assert not set(terms["identity"]) & {one.id for one in IDENTITIES.entries if one.unless}


# A made document: consistent, it passes; one wrong figure never goes unseen

SECTIONS = ("20605", "20607", "20805", "21011")
NAMES = {"206": "科学技术支出", "208": "社会保障和就业支出", "210": "卫生健康支出"}


def made_document(leaves: list[tuple[int, int]]) -> pl.DataFrame:
    """A whole budget whose items have these basic and project expenditures; revenue is appropriations alone."""
    codes: dict[str, list[int]] = {}
    for section, (basic, project) in zip(SECTIONS, leaves, strict=True):
        for code in (section[:3], section, f"{section}01"):
            basic_project = codes.setdefault(code, [0, 0])
            basic_project[0] += basic
            basic_project[1] += project
    everything = [sum(pair[0] for pair in leaves), sum(pair[1] for pair in leaves)]
    lines = []
    for number, (code, (basic, project)) in enumerate([*sorted(codes.items()), ("-", everything)], start=1):
        role = "detail" if len(code) == 7 else "total" if code == "-" else "subtotal"
        row = f"{number} {code} {NAMES.get(code, '合计' if code == '-' else code)} {role} total={basic + project}"
        lines += [
            f"{table} e {row} basic={basic} project={project}" for table in ("expenditure", "general_public_budget")
        ]
        lines.append(f"revenue r {row} fiscal_appropriation={basic + project}")
    for number, (code, name) in enumerate(NAMES.items(), start=1):
        total = sum(codes[code])
        lines.append(f"revenue_expenditure_summary e {number} - {'一二三'[number - 1]}、{name} detail total={total}")
        label = f"{number} - {'一二三'[number - 1]}、{name} detail"
        lines.append(f"appropriation_summary e {label} total={total} general_public_budget={total}")
    total = sum(everything)
    lines += [
        f"revenue_expenditure_summary r 1 - 一、财政拨款收入 subtotal total={total}",
        f"revenue_expenditure_summary r 2 - 1.一般公共预算资金 detail total={total}",
        f"revenue_expenditure_summary r 9 - 收入总计 total total={total}",
        f"revenue_expenditure_summary e 9 - 支出总计 total total={total}",
        f"appropriation_summary r 1 - 一、一般公共预算资金 detail total={total}",
        f"appropriation_summary r 9 - 收入总计 total total={total}",
        f"appropriation_summary e 9 - 支出总计 total total={total} general_public_budget={total}",
        f"basic_by_economic e 1 301 工资福利支出 subtotal total={everything[0]} personnel={everything[0]}",
        f"basic_by_economic e 2 30101 基本工资 detail total={everything[0]} personnel={everything[0]}",
        f"basic_by_economic e 3 - 合计 total total={everything[0]} personnel={everything[0]}",
        "three_public e 1 - - total total=50 overseas_visits=10 receptions=10 vehicles=30",
        "three_public e 1 - - total vehicle_purchase=10 vehicle_operation=20",
    ]
    return items("\n".join(lines))


AMOUNTS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=4, max_size=4)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(leaves=AMOUNTS, victim=st.integers(0, 10**6), gap=st.sampled_from([-1_000, 25, 1_000_000]))
def test_a_wrong_figure_is_always_seen(leaves: list[tuple[int, int]], victim: int, gap: int) -> None:
    frame = made_document(leaves)
    assert "fail" not in set(checks(frame)["outcome"])
    place = victim % frame.height
    wrong = pl.when(pl.int_range(pl.len()) == place).then(pl.col("amount") + gap).otherwise(pl.col("amount"))
    assert "fail" in set(checks(frame.with_columns(wrong.cast(pl.Decimal(18, 2))))["outcome"])


# Real documents

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"
ALWAYS = ("revenue_expenditure_summary", "revenue", "expenditure", "appropriation_summary", "general_public_budget")
TABLES = {
    "b": (*ALWAYS, "government_fund", "state_capital", "basic_by_economic", "three_public"),
    "f": (*ALWAYS, "basic_by_economic", "three_public", "government_fund", "state_capital"),
}
MEASURES = {
    **dict.fromkeys(("预算数", "决算数", "合计", "本年收入合计", "本年支出合计"), "total"),
    **dict.fromkeys(("一般公共预算", "一般公共预算财政拨款"), "general_public_budget"),
    "基本支出": "basic",
    "项目支出": "project",
    "人员经费": "personnel",
    "公用经费": "operating",
    "财政拨款收入": "fiscal_appropriation",
    "事业收入": "service_income",
    "事业单位经营收入": "business_income",
    "其他收入": "other_income",
}


def gold_items(rows: Iterable[dict[str, str]], kind: str, document: str) -> pl.DataFrame:
    """The hand-read cells of one document; the 三公 table is left out, its columns bear other names in every year."""
    found = []
    for row in rows:
        table = TABLES[row["table"][0]][int(row["table"][1:]) - 1]
        if table == "three_public":
            continue
        code = row["code"].replace(" ", "") or "-"
        code = f"{code[:-1]}0{code[-1]}" if len(code) in (4, 6) else code
        name = "".join(row["name"].split()) or "-"
        role = "total" if name in ("合计", "收入总计", "支出总计", "总计") else "detail"
        role = "subtotal" if name in ("本年收入合计", "本年支出合计", "一、财政拨款收入") else role
        unit = "wan_yuan" if kind == "final" else "yuan"
        place = (table, row["side"][0], int(row["row"]), code, name, role, MEASURES[row["column"]])
        found.append(item(*place, row["text"], kind, document, unit))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


@pytest.mark.skipif(not GOLD.is_dir(), reason="the hand-read figures of real documents (../shared/gold) are not here")
def test_no_real_document_raises_a_false_alarm() -> None:
    with (GOLD / "documents.csv").open(encoding="utf-8-sig") as file:
        kinds = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    frames = []
    for document, kind in kinds.items():
        with (GOLD / f"{document}.csv").open(encoding="utf-8-sig") as file:
            frames.append(gold_items(csv.DictReader(file), kind, document))
    found = checks(pl.concat(frames))
    assert found.filter(pl.col("outcome") == "fail").is_empty(), (
        "every gap in the tables is a rounding of printed digits"
    )
    gaps = found.filter(pl.col("difference") != 0)
    assert set(gaps["document_id"]) == {"putuo-wanli-2025-dept", "putuo-caizhengju-2024-final"}
    looked_at = found.filter(pl.col("outcome") == "pass").group_by("document_id").len()
    assert looked_at.height == len(kinds)
    assert looked_at["len"].min() >= 190


# The appropriation summary that prints no column of a fund: 本年支出 and its classes, with the tables of the funds

BY_CLASS = """
appropriation_summary r 1 - 一、本年收入 subtotal total=90
appropriation_summary r 2 - 二、上年结转 detail total={brought}
appropriation_summary e 1 - 一、本年支出 subtotal total=90
appropriation_summary e 2 - （一）教育支出 detail total=60
appropriation_summary e 3 - （二）住房保障支出 detail total={housing}
appropriation_summary e 4 - 二、年终结转结余 detail total=5
general_public_budget e 1 205 教育支出 subtotal total=60
general_public_budget e 2 221 住房保障支出 subtotal total=30
"""


@pytest.mark.parametrize(("housing", "brought", "of_classes", "of_year"), [
    (30, 0, ["pass", "pass"], ["pass"]),
    (33, 0, ["fail", "pass"], ["fail"]),
    (33, 7, ["not_applicable"], ["fail"]),
])  # fmt: skip
def test_the_appropriation_summary_is_tied_by_class_where_it_prints_no_fund(
    housing: int, brought: int, of_classes: list[str], of_year: list[str]
) -> None:
    frame = items(BY_CLASS.format(housing=housing, brought=brought))
    assert sorted(outcomes(frame, "appropriation_classes_total")) == of_classes
    assert outcomes(frame, "summary_year_spending") == of_year
