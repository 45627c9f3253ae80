"""Codes and names: the book is read strictly, and each rule has its valid, invalid and undecided case."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from make.books import CONTEXT, IDENTITIES
from make.line_items import items

from analysis.balancing.codes.code_findings import code_findings
from analysis.balancing.codes.consensus import proposed_entries
from analysis.balancing.codes.name_counts import count_names, printed_names, printed_rows, read_documents
from analysis.balancing.codes.swapped_codes import swapped_rows
from analysis.balancing.findings import findings_frame
from analysis.balancing.identities.checks import check_instances
from analysis.balancing.identities.coverage import coverage
from analysis.dataset.store import read_table
from analysis.errors import KnowledgeError
from analysis.knowledge.code_books import code_book, code_rules, read_codes, read_rules
from analysis.knowledge.official_codes import official_list, read_official
from analysis.steps.clean import clean_folder
from analysis.terms.code import Scheme
from analysis.terms.code_book import Evidence, is_variant, plain_name
from analysis.terms.identity import Strength

HEADER = "code,name,level,from,until,source,evidence\n"
PLACE = {
    "page": pl.Int32,
    "x0": pl.Float64,
    "top": pl.Float64,
    "x1": pl.Float64,
    "bottom": pl.Float64,
    "line": pl.Int32,
}
NARRATIVE = ("class_name", "section_name", "item_name", "printed_code")


def line_items(text: str, document: str = "d") -> pl.DataFrame:
    """Line items of lines "table side row code[/printed code] name role measure=figure …"."""
    lines, printed = [], {}
    for line in filter(str.strip, text.splitlines()):
        words = line.split()
        words[3], _, as_printed = words[3].partition("/")
        printed[words[0], int(words[2]), words[3]] = as_printed or words[3]
        lines.append(" ".join(words))
    frame = items("\n".join(lines), document=document)
    economic = pl.when(pl.col("table") == "basic_by_economic").then(pl.lit("economic")).otherwise(pl.lit("functional"))
    places = frame.select("table", "row_number", "code").iter_rows()
    at = [None if code is None else printed[table, row, code] for table, row, code in places]
    return frame.with_columns(
        pl.when(pl.col("code").is_not_null()).then(economic).alias("scheme"),
        pl.Series("printed_code", at, dtype=pl.String),
        source_file=pl.col("document_id"),
        unit_code=pl.lit(None, pl.String),
        unit_name=pl.lit(None, pl.String),
        cell=pl.lit(None, pl.String),
        **{name: pl.lit(None, kind) for name, kind in PLACE.items()},
    )


def documents(*names: str, year: int = 2024) -> pl.DataFrame:
    rows = [(name, name, f"org {name}", "parsed", "budget", year) for name in names]
    columns = ("document_id", "source_file", "organisation_id", "status", "kind", "document_year")
    return pl.DataFrame(rows, schema=columns, orient="row")


def narrative(*items_of: tuple[str, str, str, str | None, str]) -> pl.DataFrame:
    rows = [("d", "d", number, *item) for number, item in enumerate(items_of, start=1)]
    types = dict.fromkeys(("document_id", "source_file"), pl.String) | {"item": pl.Int32}
    schema = {**types, **dict.fromkeys(NARRATIVE, pl.String), "current": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("current").cast(pl.Decimal(18, 2)))
    return frame.with_columns(page=pl.lit(7, pl.Int32), line=pl.lit(None, pl.Int32))


def found(text: str, year: int = 2024, others: dict[str, str] | None = None) -> list[tuple[str, str, str, str | None]]:
    """Rule, severity, what is printed and what is expected, of the document d among others."""
    given = {"d": text, **(others or {})}
    frame = pl.concat([line_items(lines, name) for name, lines in given.items()])
    everybody = code_findings(documents(*given, year=year), frame, narrative(), CONTEXT)
    parts = [printed_names(documents(name, year=year), line_items(lines, name)) for name, lines in given.items()]
    name_counts = count_names(pl.concat(parts))
    alone = code_findings(
        documents("d", year=year), line_items(text, "d"), narrative(), CONTEXT, name_counts=name_counts
    )
    assert alone == tuple(one for one in everybody if one.document_id == "d"), "a part of the dataset finds the same"
    return [(one.rule, one.severity.value, one.printed, one.expected) for one in alone]


# The book


def test_every_entry_has_source_and_evidence_and_its_parent() -> None:
    entries = code_book().entries
    codes = {(entry.scheme, entry.code) for entry in entries}
    assert len(entries) > 900
    assert all(entry.source and entry.evidence is not Evidence.OFFICIAL for entry in entries)
    assert all(entry.level == 1 or (entry.scheme, entry.code[:-2]) in codes for entry in entries)


def test_a_name_is_in_force_in_its_years() -> None:
    book = code_book()
    names = {year: book.in_force(Scheme.FUNCTIONAL, "210", year) for year in (2012, 2015, 2018, 2019, 2026)}
    assert {year: entry.name for year, entry in names.items() if entry} == {
        2012: "医疗卫生支出",
        2015: "医疗卫生与计划生育支出",
        2018: "医疗卫生与计划生育支出",
        2019: "卫生健康支出",
        2026: "卫生健康支出",
    }
    early = book.in_force(Scheme.FUNCTIONAL, "2010604", 2019)
    assert early is not None, "before the years that a name was read in, it is known from memory at best"
    assert early.evidence is Evidence.UNVERIFIED


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2010,人大,2,2024,,s,published", "level '2' does not fit"),
        ("20101,人大,3,2024,,s,published", "level '3' does not fit"),
        ("50101,工资,2,2024,,s,published", "'50101' is no code"),
        ("２0101,人大,2,2024,,s,published", "is no code"),
        ("20101,,2,2024,,s,published", "must not be empty"),
        ("20101,人大,2,2024,,s,hearsay", "evidence 'hearsay' is none of official, published"),
        ("20101,人大,2,24,,s,published", "'24' is no year"),
        ("20101,人大,2,2024,2020,s,published", "from 2024 is after until 2020"),
        ("20101,人大,2,2024,,s", "it must have 7 fields"),
        ("20101,人大,2,2024,,s,published,x", "it must have 7 fields"),
        ("20101,人大,2,2020,,s,published\n20101,政协,2,2022,,s,published", "called 人大 and 政协 at the same time"),
        ("20101,人大,2,,2022,s,published\n20101,政协,2,2022,,s,published", "called 人大 and 政协 at the same time"),
        ("", "no entries"),
    ],
)
def test_a_malformed_book_is_refused(row: str, told: str) -> None:
    assert len(read_codes("book.csv", HEADER + "20101,人大,2,2024,,s,published\n")) == 1
    with pytest.raises(KnowledgeError, match=told):
        read_codes("book.csv", HEADER + row + "\n")


def test_a_book_with_other_columns_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="the columns must be code,name,level"):
        read_codes("book.csv", "code,name\n201,一般公共服务支出\n")


def test_malformed_rules_are_refused() -> None:
    good = 'endings = []\n[rules.one]\nseverity = "info"\nzh = "{table}"\nen = "x"\nsource = "s"\n'
    assert set(read_rules(good).rules) == {"one"}
    for old, new, told in (
        ('"info"', '"fatal"', "invalid enum value 'fatal'"),
        ("{table}", "{place}", "unknown field place"),
        ('source = "s"\n', "", "missing required field `source`"),
        ("endings = []\n", "", "missing required field `endings`"),
        ("[rules.one]", "[rules.one", "no valid TOML"),
    ):
        with pytest.raises(KnowledgeError, match=told):
            read_rules(good.replace(old, new))


def test_an_official_table_overrides(tmp_path: Path) -> None:
    path = tmp_path / "official.csv"
    path.write_text(
        HEADER
        + "204,公共安全支出,1,2024,,财政部,official\n20406,司法,2,2024,,财政部,official\n"
        + "210,健康支出,1,2024,,财政部,official\n",
        encoding="utf-8-sig",
    )
    book = code_book(read_official(path))
    now = book.in_force(Scheme.FUNCTIONAL, "210", 2024)
    assert now is not None
    assert (now.name, now.evidence) == ("健康支出", Evidence.OFFICIAL)
    assert book.former(Scheme.FUNCTIONAL, "210", 2024, "医疗卫生与计划生育支出") is not None
    text = "expenditure e 1 204 公共安全支出 subtotal total=9\nexpenditure e 2 20477 未知事务 subtotal total=9"
    told = code_findings(documents("d"), line_items(text), narrative(), replace(CONTEXT, code_book=book))
    assert [(one.rule, one.severity) for one in told] == [("code_not_in_table", "error")]


def test_an_official_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        read_official(tmp_path / "missing.csv")


def test_a_workbook_as_the_ministry_heads_it_overrides(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "codes.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([("政府收支分类科目", ""), ("科目编码", "科目名称"), (210, "健康支出")]):
            sheet.write_row(at, 0, row)
    (entry,) = official_list(tmp_path)
    assert (entry.code, entry.name, entry.evidence) == ("210", "健康支出", Evidence.OFFICIAL)


def test_three_bodies_that_agree_propose_an_entry_and_two_do_not() -> None:
    text = "expenditure e 1 20477 未知事务 subtotal total=9\nexpenditure e 2 2047701 某项 detail total=9"
    other = "expenditure e 1 20477 未知事务 subtotal total=9"
    given = {"a": text, "b": text, "c": other}
    frame = pl.concat([line_items(lines, name) for name, lines in given.items()])
    rows = printed_rows(frame, read_documents(documents(*given)))
    proposed = proposed_entries(rows, code_book())
    assert proposed.select("code", "name", "from", "bodies").rows() == [("20477", "未知事务", 2024, 3)]


def test_names_are_compared_without_brackets_width_and_level() -> None:
    assert plain_name("政府办公厅 （室）及相关机构事务（款）") == "政府办公厅(室)及相关机构事务"
    endings = code_rules().endings
    assert is_variant("因公出国(境)费", "因公出国(境)费用", endings)
    assert is_variant("资本性支出(其他)", "资本性支出", endings)
    assert not is_variant("行政运行", "事业运行", endings)


# The rules: valid, invalid, undecided

CLASS = "expenditure e 1 208 社会保障和就业支出 subtotal total=9\n"
SECTION = CLASS + "expenditure e 2 20805 行政事业单位养老支出 subtotal total=9\n"


def test_codes_valid() -> None:
    assert found(SECTION + "expenditure e 3 2080505 机关事业单位基本养老保险缴费支出 detail total=9") == []


def test_lost_zero_invalid() -> None:
    text = "basic_by_economic e 1 301 工资福利支出 subtotal total=9\n"
    text += "basic_by_economic e 2 30102/3012 津贴补贴 detail total=9"
    assert found(text) == [("code_lost_zero", "error", "3012", "30102")]


def test_lost_zeros_are_told_once_a_table_with_every_row() -> None:
    text = "basic_by_economic e 1 301 工资福利支出 subtotal total=9\n"
    text += "basic_by_economic e 2 30102/3012 津贴补贴 detail total=5\n"
    text += "basic_by_economic e 3 30107/3017 绩效工资 detail total=4"
    (told,) = code_findings(documents("d"), line_items(text), narrative(), CONTEXT)
    assert (told.printed, told.expected) == ("3012、3017", "30102、30107")
    assert [(one.code, one.printed, one.proposed) for one in told.figures] == [
        ("30102", "3012", "30102"),
        ("30107", "3017", "30107"),
    ]


def test_serial_numbers_in_place_of_codes_are_one_finding() -> None:
    names = ("办公费", "咨询费", "水费", "电费", "邮电费")
    rows = [f"basic_by_economic e {at + 2} 3020{at + 1} {name} detail total=1" for at, name in enumerate(names)]
    text = "basic_by_economic e 1 302 商品和服务支出 subtotal total=5\n" + "\n".join(rows)
    (told,) = code_findings(documents("d"), line_items(text), narrative(), CONTEXT)
    assert told.rule == "code_serial"
    assert [(one.printed, one.proposed) for one in told.figures] == [
        ("30202", "30203"),
        ("30203", "30205"),
        ("30204", "30206"),
        ("30205", "30207"),
    ]


def test_codes_that_run_from_one_by_right_are_no_serial_numbers() -> None:
    names = ("办公费", "印刷费", "咨询费", "手续费", "水费")
    rows = [f"basic_by_economic e {at + 2} 3020{at + 1} {name} detail total=1" for at, name in enumerate(names)]
    assert found("basic_by_economic e 1 302 商品和服务支出 subtotal total=5\n" + "\n".join(rows)) == []


TWINS = """
revenue r 1 210 卫生健康支出 subtotal total=9
revenue r 2 21011 行政事业单位医疗 subtotal total=9
revenue r 3 2101102 事业单位医疗 detail total=9
expenditure e 1 210 卫生健康支出 subtotal total=9
expenditure e 2 21011 行政事业单位医疗 subtotal total=9
expenditure e 3 {} 事业单位医疗 detail total=9
"""


@pytest.mark.parametrize("code", ["71102", "2201102", "2101202"])
def test_a_code_that_differs_from_its_twin_is_the_one_error_of_its_row(code: str) -> None:
    assert found(TWINS.format(code)) == [("code_of_twin", "error", code, "2101102")]


def test_rows_of_other_amounts_are_no_twins() -> None:
    text = TWINS.format("2101181").replace("2101102", "2101182").replace("事业单位医疗", "某医疗")
    text = text.removesuffix("total=9\n") + "total=8"
    assert "code_of_twin" not in [one[0] for one in found(text)]


@pytest.mark.parametrize("code", ["20", "20805051", "505"])
def test_impossible_code_invalid(code: str) -> None:
    assert found(f"expenditure e 1 {code} 某支出 detail total=9") == [("code_impossible", "error", code, None)]


def test_a_functional_code_in_the_economic_table_invalid() -> None:
    assert found("basic_by_economic e 1 208 社会保障和就业支出 detail total=9")[0][:2] == ("code_impossible", "error")


def test_old_name_invalid_and_told_once() -> None:
    text = (
        "expenditure e 1 210 医疗卫生与计划生育支出 subtotal total=9\n"
        "general_public_budget e 1 210 医疗卫生与计划生育支出 subtotal total=9\n"
        "appropriation_summary e 1 - 一、医疗卫生与计划生育支出 detail total=9"
    )
    wanted = [("code_old_name", "error", "210 医疗卫生与计划生育支出", "210 卫生健康支出")]
    assert found(text) == wanted
    assert found(text, year=2018) == [], "in its year the name is right"
    assert found(text, others={"other": text.replace("expenditure e", "expenditure e")}) == wanted


def test_old_name_undecided_where_the_change_is_not_sure() -> None:
    assert found("expenditure e 1 213 农林水事务支出 subtotal total=9")[0][:2] == ("code_old_name", "info")


WRONG = SECTION + "expenditure e 3 {} 机关事业单位职业年金缴费支出 detail total=9\n"


def test_name_and_code_that_do_not_belong_together_invalid() -> None:
    text = WRONG.format("2080505") + "expenditure e 4 2080506 机关事业单位职业年金缴费支出 detail total=9"
    assert found(text) == [
        (
            "code_name",
            "error",
            "2080505 机关事业单位职业年金缴费支出",
            "2080505 机关事业单位基本养老保险缴费支出",
        )
    ]


def test_other_tables_tell_that_the_code_is_wrong() -> None:
    right = "general_public_budget e 1 208 社会保障和就业支出 subtotal total=9\n"
    right += "general_public_budget e 2 20805 行政事业单位养老支出 subtotal total=9\n"
    right += "general_public_budget e 3 2080506 机关事业单位职业年金缴费支出 detail total=9"
    (told,) = found(WRONG.format("2080505") + right)
    assert told == ("code_of_twin", "error", "2080505", "2080506")


def test_where_both_may_be_wrong_both_are_offered() -> None:
    (told,) = code_findings(documents("d"), line_items(WRONG.format("2080505")), narrative(), CONTEXT)
    assert told.expected is None
    assert [one.words for one in told.alternatives] == [
        "2080505 机关事业单位基本养老保险缴费支出",
        "2080506 机关事业单位职业年金缴费支出",
    ]


def test_unknown_code_with_a_name_of_its_neighbour_invalid() -> None:
    (told,) = found(WRONG.format("2080576"))
    assert told[:2] == ("code_of_name", "error")
    assert told[3] == "2080506 机关事业单位职业年金缴费支出"


def test_unknown_code_undecided() -> None:
    assert found(SECTION + "expenditure e 3 2080577 某项新支出 detail total=9") == [
        ("code_unknown", "info", "2080577 某项新支出", None)
    ]


def test_two_organisations_confirm_a_name() -> None:
    text = SECTION + "expenditure e 3 2080577 某项新支出 detail total=9"
    assert found(text, others={"other": text}) == []


def test_a_name_unlike_that_of_two_other_organisations_is_a_warning() -> None:
    text = SECTION + "expenditure e 3 2080577 {} detail total=9"
    others = dict.fromkeys(("one", "two"), text.format("某项新支出"))
    assert found(text.format("另一支出"), others=others)[0][:2] == ("code_name_elsewhere", "warning")
    assert found(text.format("另一支出"), others={"one": others["one"]})[0][:2] == ("code_unknown", "info")


def test_a_name_from_memory_is_never_more_than_a_hint() -> None:
    assert found("expenditure e 1 202 外事支出 subtotal total=9")[0][:2] == ("code_name_unsure", "info")


def test_a_variant_of_a_name_is_a_hint() -> None:
    (told,) = found("basic_by_economic e 1 303 对个人和家庭的补助支出 subtotal total=9")
    assert told[:2] == ("code_name_unsure", "info")


def test_two_names_in_one_document_invalid() -> None:
    text = SECTION + "expenditure e 3 2080577 某项新支出 detail total=9\n"
    text += (
        "revenue r 1 208 社会保障和就业支出 subtotal total=9\nrevenue r 2 20805 行政事业单位养老支出 subtotal total=9\n"
    )
    text += "revenue r 3 2080577 另一支出 detail total=9"
    assert ("code_two_names", "warning") in [told[:2] for told in found(text)]


def test_orphan_invalid_and_milder_where_tables_are_missing() -> None:
    text = CLASS + "expenditure e 3 2080505 机关事业单位基本养老保险缴费支出 detail total=9"
    assert [told[:2] for told in found(text)] == [("code_orphan", "warning")]
    partial = documents("d").with_columns(status=pl.lit("partial"))
    assert [one.severity for one in code_findings(partial, line_items(text), narrative(), CONTEXT)] == ["info"]


def test_duplicate_invalid() -> None:
    text = SECTION + "expenditure e 3 20805 行政事业单位养老支出 subtotal total=9"
    assert found(text) == [("code_duplicate", "error", "20805 行政事业单位养老支出", None)]


def test_side_by_side_lists_are_no_orphans() -> None:
    text = """
    basic_by_economic e 1 301 工资福利支出 subtotal total=9
    basic_by_economic e 1 302 商品和服务支出 subtotal total=9
    basic_by_economic e 2 30101 基本工资 detail total=9
    basic_by_economic e 2 30201 办公费 detail total=9
    """
    assert found(text) == []


# The text


def text_findings(*items_of: tuple[str, str, str, str | None, str], rows: str = SECTION) -> list[tuple[str, ...]]:
    told = code_findings(documents("d"), line_items(rows), narrative(*items_of), CONTEXT)
    assert {one.table for one in told} <= {"narrative"}
    return [(one.rule, one.severity.value, one.code, one.printed, one.expected) for one in told]


def test_old_class_name_in_the_text_invalid() -> None:
    item = ("医疗卫生与计划生育支出", "行政事业单位医疗", "行政单位医疗", "2101101", "10")
    assert text_findings(item) == [
        ("code_old_name", "error", "2101101", "医疗卫生与计划生育支出", "卫生健康支出"),
    ]


def test_old_section_name_in_the_text_invalid() -> None:
    item = ("社会保障和就业支出", "行政事业单位离退休", "事业单位离退休", None, "10")
    assert text_findings(item) == [("code_old_name", "error", "20805", "行政事业单位离退休", "行政事业单位养老支出")]


HEALTH = """
expenditure e 1 210 卫生健康支出 subtotal total=200000
expenditure e 2 21007 计划生育事务 subtotal total=200000
expenditure e 3 2100717 计划生育服务 detail total=200000
"""


def test_names_one_level_too_low_invalid() -> None:
    item = ("卫生健康支出", "卫生健康支出", "计划生育事务", None, "200000")
    ((rule, severity, code, _, expected),) = text_findings(item, rows=HEALTH)
    assert (rule, severity, code) == ("code_wrong_level", "error", "2100717")
    assert expected == "卫生健康支出（类）计划生育事务（款）计划生育服务（项）"


def test_names_in_the_text_valid() -> None:
    assert text_findings(("卫生健康支出", "计划生育事务", "计划生育服务", None, "200000"), rows=HEALTH) == []


# Real documents


@pytest.fixture(scope="module")
def published(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The cleaned dataset of the published documents."""
    folder = tmp_path_factory.mktemp("clean")
    clean_folder(shared / "documents", folder, workers=2)
    return {name: read_table(folder, name) for name in ("documents", "line_items", "narrative")}


@pytest.mark.slow
def test_real_documents_have_the_known_errors_and_no_others(published: dict[str, pl.DataFrame]) -> None:
    told = findings_frame(
        code_findings(published["documents"], published["line_items"], published["narrative"], CONTEXT)
    )
    told = told.with_columns(pl.col("source_file").str.replace(r"\.\w+$", ""))
    assert sorted(told.select("source_file", "rule", "printed", "expected", "severity").rows()) == [
        ("putuo-gongwuwang-2023-unit", "code_lost_zero", "3012、3017、3032", "30102、30107、30302", "error"),
        ("putuo-sifaju-2026-dept", "code_old_name", "医疗卫生与计划生育支出", "卫生健康支出", "error"),
        ("putuo-wanli-2024-dept", "code_lost_zero", "3012、3017", "30102、30107", "error"),
        (
            "putuo-wanli-2025-dept",
            "code_wrong_level",
            "卫生健康支出（类）卫生健康支出（款）计划生育事务（项）",
            "卫生健康支出（类）计划生育事务（款）计划生育服务（项）",
            "error",
        ),
    ]


@pytest.mark.slow
def test_real_documents_break_no_identity_be_it_hard_soft_or_a_bound(published: dict[str, pl.DataFrame]) -> None:
    checks = check_instances(published["line_items"], published["documents"], IDENTITIES).checks
    assert checks.filter(pl.col("outcome") == "fail").is_empty()
    passed = checks.filter(pl.col("outcome") == "pass")["identity"].value_counts()
    seen = dict(passed.iter_rows())
    confirmed = ("pension_contributions", "annuity_contributions", "medical_contributions", "housing_contributions")
    assert [seen[name] for name in confirmed] == [8] * 4
    assert seen["agency_operating_bound"] == 7
    assert seen["agency_operating_equal"] >= 1
    assert seen["department_units"] > 100


@pytest.mark.slow
def test_the_figures_of_real_budgets_are_tied_by_hard_identities(published: dict[str, pl.DataFrame]) -> None:
    line_items = published["line_items"]
    checked = check_instances(line_items, published["documents"], IDENTITIES)
    hard = [one.id for one in IDENTITIES.within if one.strength is Strength.HARD]
    of_law = replace(checked, checks=checked.checks.filter(pl.col("identity").is_in(hard)))
    tied = coverage(line_items, of_law, IDENTITIES)
    for _, source_file, figures, once, twice in tied.iter_rows():
        assert figures >= 190
        assert 100 * once >= 99 * figures, source_file
        assert 100 * twice >= figures * (80 if "final" in source_file else 90), source_file


SWAPPED = """
revenue r 1 210 卫生健康支出 subtotal total=21
revenue r 2 21011 行政事业单位医疗 subtotal total=21
revenue r 3 2101101 行政单位医疗 detail total=9
revenue r 4 2101102 事业单位医疗 detail total=12
expenditure e 1 210 卫生健康支出 subtotal total=21
expenditure e 2 21011 行政事业单位医疗 subtotal total=21
expenditure e 3 {} 行政单位医疗 detail total={}
expenditure e 4 {} 事业单位医疗 detail total={}
"""


def swaps(*row: object) -> list[tuple[str, str]]:
    rows = printed_rows(line_items(SWAPPED.format(*row)), read_documents(documents("d")))
    return [(one.row["code"], one.right) for swap in swapped_rows(rows, CONTEXT.code_book) for one in swap]


def test_two_codes_that_changed_places_are_one_pair() -> None:
    assert swaps("2101102", 9, "2101101", 12) == [("2101102", "2101101"), ("2101101", "2101102")]


@pytest.mark.parametrize("row", [("2101101", 9, "2101102", 12), ("2101102", 12, "2101101", 9)])
def test_rows_as_elsewhere_and_names_that_changed_places_are_no_swapped_codes(row: tuple[object, ...]) -> None:
    assert swaps(*row) == []
