"""Findings: one per cause, at its place, with an id that stays; acceptances that hold, and those that do not."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from make.books import IDENTITIES
from make.findings import finding

from analysis.balancing.acceptances import FILE, Acceptance, read_acceptances, stale_acceptances
from analysis.balancing.evidence import contradicted_places, failures
from analysis.balancing.findings import assemble, finding_schema, findings_frame, findings_of_checks
from analysis.balancing.identities.checks import Checked, check_instances
from analysis.balancing.localising.localised_findings import as_printed
from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.parquet import writing
from analysis.dataset.suspects import suspect_items
from analysis.errors import KnowledgeError
from analysis.terms.finding import FigureChange, Finding, Severity
from analysis.terms.line_item import Place
from analysis.terms.trace import Change, Explanation, Localisation, Slip

FORM = Path(__file__).parent.parent / "expectations" / FILE
ROWS = (
    ("201", "一般公共服务支出", "subtotal", {"total": 100, "basic": 60, "project": 40}),
    ("20101", "人大事务", "subtotal", {"total": 100, "basic": 60, "project": 40}),
    ("2010101", "行政运行", "detail", {"total": 60, "basic": 60}),
    ("2010102", "一般行政管理事务", "detail", {"total": 40, "project": 40}),
    (None, "合计", "total", {"total": 100, "basic": 60, "project": 40}),
)

Fields = dict[str, object]


def frame(rows: Sequence[Fields], table: str) -> pl.DataFrame:
    schema = pl.from_arrow(arrow_schema(table).empty_table()).schema  # type: ignore[union-attr]
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema, orient="row")


def line_items(**wrong: int) -> pl.DataFrame:
    """The expenditure table of document d; `wrong` has figures such as e2010101_total=90."""
    rows: list[Fields] = []
    for number, (code, name, role, figures) in enumerate(ROWS, 1):
        for at, (measure, right) in enumerate(figures.items()):
            amount = wrong.get(f"e{code}_{measure}", right)
            rows.append(
                {
                    "document_id": "d", "source_file": "某.pdf", "kind": "budget", "fiscal_year": 2025,
                    "document_year": 2025, "phase": "approved", "table": "expenditure", "row_number": number,
                    "side": "expenditure", "scheme": "functional", "code": code, "name": name, "row_role": role,
                    "parent_code": code[:-2] if code and len(code) > 3 else None,
                    "code_level": None if code is None else (len(code) - 1) // 2, "measure": measure,
                    "amount": Decimal(amount), "printed": f"{amount}.00", "printed_unit": "yuan", "page": 3,
                    "x0": 100.0 * at, "top": 20.0 * number, "x1": 100.0 * at + 90, "bottom": 20.0 * number + 15,
                    "placement": "printed",
                }
            )  # fmt: skip
    return frame(rows, "line_items")


DOCUMENTS = frame([{"document_id": "d", "source_file": "某.pdf", "status": "parsed", "kind": "budget"}], "documents")


def found_in(checks: Checked, items: pl.DataFrame, localisations: Sequence[Localisation]) -> tuple[Finding, ...]:
    return findings_of_checks(failures(checks, items, IDENTITIES), localisations)


def rows_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return findings_frame(findings).rows(named=True)


def checked(items: pl.DataFrame) -> Checked:
    return check_instances(items, DOCUMENTS, IDENTITIES)


def change(row: int, code: str, name: str, measure: str, printed: str, proposed: str | None, **more: object) -> Change:
    told: Fields = {"cause": Slip.DIGIT_WRONG, "words": "一位数字有误 / one digit is wrong"} | more
    amounts = Decimal(printed), None if proposed is None else Decimal(proposed)
    place = ("expenditure", row, "expenditure", code, name, measure, "approved", 2025)
    return Change(*place, *amounts, **told)  # type: ignore[arg-type]


def localised(checks: Checked, *sets: Sequence[Change], certain: Sequence[Change], **more: bool) -> Localisation:
    hard = {one.id for one in IDENTITIES.entries if one.strength == "hard"}
    failing = checks.checks.filter(pl.col("outcome") == "fail", pl.col("identity").is_in(list(hard)))["check_id"]
    explanations = tuple(Explanation(tuple(one), 1) for one in sets)
    return Localisation("d", tuple(failing), (), explanations, tuple(certain), **more)


WRONG = line_items(e2010101_total=90)


@cache
def checked_wrong() -> Checked:
    """The checks of the one wrong document that most tests speak of."""
    return checked(WRONG)


RIGHT = change(3, "2010101", "行政运行", "total", "90", "60")
OTHER = change(3, "2010101", "行政运行", "basic", "60", "90")


def test_clean_figures_give_no_finding_valid() -> None:
    items = line_items()
    assert found_in(checked(items), items, ()) == ()


def test_all_failing_checks_of_one_wrong_figure_are_one_finding_at_that_figure_invalid() -> None:
    checks = checked_wrong()
    assert checks.checks.filter(pl.col("outcome") == "fail").height >= 2
    (row,) = rows_of(found_in(checks, WRONG, [localised(checks, [RIGHT], certain=[RIGHT])]))
    assert (row["severity"], row["cause"], row["printed"], row["expected"]) == (
        "error",
        "digit_wrong",
        "90.00",
        "60.00",
    )
    assert (row["table"], row["code"], row["measure"], row["page"], row["x0"]) == (
        "expenditure",
        "2010101",
        "total",
        3,
        0,
    )
    assert (
        "应为 60.00" in row["message_zh"] and "一位数字有误" in row["message_zh"] and "one digit" in row["message_en"]
    )
    assert len(row["evidence"].splitlines()) == checks.checks.filter(pl.col("outcome") == "fail").height
    assert "基本支出" in row["evidence"] and "（第 3 页）" in row["evidence"]
    assert row["alternatives"] is None


def test_explanations_that_share_nothing_are_one_finding_that_names_them_all_undecided() -> None:
    checks = checked_wrong()
    found = found_in(checks, WRONG, [localised(checks, [RIGHT], [OTHER], certain=[])])
    (row,) = rows_of(found)
    assert "无法判定" in row["message_zh"] and "cannot be told apart" in row["message_en"]
    assert row["expected"] is None
    assert row["alternatives"].splitlines() == [
        "支出总表 2010101 行政运行 合计：90.00 → 60.00",
        "支出总表 2010101 行政运行 基本支出：60.00 → 90.00",
    ]
    items = suspect_items(WRONG.lazy(), assemble(found, ())).filter(pl.col("suspect")).collect()
    named = items.filter(pl.col("code") == "2010101")["measure"]
    assert set(named) == {"total", "basic"}


def test_what_is_certain_and_what_is_not_are_two_findings() -> None:
    checks = checked_wrong()
    third = change(4, "2010102", "一般行政管理事务", "total", "40", "50")
    found = found_in(checks, WRONG, [localised(checks, [RIGHT, OTHER], [RIGHT, third], certain=[RIGHT])])
    sure, block = rows_of(found)
    assert sure["expected"] == "60.00"
    assert "90.00 → 60.00" not in block["alternatives"] and len(block["alternatives"].splitlines()) == 2


@pytest.mark.parametrize(
    ("explanations", "more", "words"),
    [
        ([], {"stopped": True}, "计算量已到上限"),
        ([[RIGHT]], {"stopped": True}, "1 种可能"),
        ([], {}, "没有找到"),
        ([[RIGHT]], {}, "不能肯定"),
        ([[RIGHT], [OTHER]], {"capped": True}, "只列出 2 种"),
    ],
)
def test_a_tracing_without_an_answer_says_so(
    explanations: list[list[Change]], more: dict[str, bool], words: str
) -> None:
    checks = checked_wrong()
    (row,) = rows_of(found_in(checks, WRONG, [localised(checks, *explanations, certain=[], **more)]))
    assert words in row["message_zh"] and row["severity"] == "error" and row["expected"] is None


def test_a_slip_of_structure_is_one_finding_and_all_its_figures_are_suspect() -> None:
    checks = checked_wrong()
    moved = [
        change(
            3, "2010101", "行政运行", "total", "90", "40", cause=Slip.COLUMN_SHIFTED, words="错了一行 / one row off"
        ),
        change(
            4,
            "2010102",
            "一般行政管理事务",
            "total",
            "40",
            "90",
            cause=Slip.COLUMN_SHIFTED,
            words="错了一行 / one row off",
        ),
    ]
    found = found_in(checks, WRONG, [localised(checks, moved, certain=moved)])
    (row,) = rows_of(found)
    assert "2 个数字" in row["message_zh"] and row["cause"] == "column_shifted"
    suspects = suspect_items(WRONG.lazy(), assemble(found, ())).filter(pl.col("suspect")).collect()
    assert sorted(suspects["code"]) == ["2010101", "2010102"]


def test_a_blank_cell_that_should_be_filled_points_at_its_row_without_a_box() -> None:
    checks = checked_wrong()
    place = ("expenditure", 3, "expenditure", "2010101", "行政运行", "project", "approved", 2025)
    blank = Change(*place, None, Decimal(30), Slip.FIGURE_MISSING, "此格应有数字 / a figure is missing here")
    (row,) = rows_of(found_in(checks, WRONG, [localised(checks, [blank], certain=[blank])]))
    assert (row["page"], row["x0"], row["printed"], row["expected"]) == (3, None, None, "30.00")
    assert "空白" in row["message_zh"]


def test_a_wrong_code_gives_the_code_that_should_stand_there() -> None:
    checks = checked_wrong()
    code = change(3, "2010101", "行政运行", "total", "90", None, cause=Slip.CODE_DIGIT, proposed_code="2010301")
    (row,) = rows_of(found_in(checks, WRONG, [localised(checks, [code], certain=[code])]))
    assert (row["printed"], row["expected"]) == ("2010101", "2010301")


def test_a_wrong_code_makes_its_row_suspect_and_silences_what_follows_from_it() -> None:
    row = {"table": "expenditure", "code": "2010101", "place": Place(page=3)}
    error = finding(rule="class_sections", severity=Severity.ERROR, **row)
    traced = replace(error, cause="code_digit", check_id="c", expected="2010301")
    orphan = finding(rule="code_orphan", severity=Severity.WARNING, **row)
    found = assemble([traced, orphan], ())
    assert found["rule"].to_list() == ["class_sections"]
    suspects = suspect_items(line_items().lazy(), found).filter(pl.col("suspect")).collect()
    assert suspects["code"].to_list() == ["2010101", "2010101"]
    taken = assemble([replace(error, rule="code_lost_zero", expected="2010101")], ())
    assert not suspect_items(line_items().lazy(), taken).collect()["suspect"].any()


def test_untraced_failures_that_share_a_figure_are_one_finding() -> None:
    checks = checked_wrong()
    (row,) = rows_of(found_in(checks, WRONG, ()))
    assert row["severity"] == "error" and "未能确定" in row["message_zh"]
    two = line_items(e2010101_total=90, eNone_project=70)
    assert len(found_in(checked(two), two, ())) == 2


def test_the_figures_that_a_finding_contradicts_are_those_of_its_checks() -> None:
    checks = checked_wrong()
    found = assemble(found_in(checks, WRONG, [localised(checks, [RIGHT], certain=[RIGHT])]), ())
    against = contradicted_places(found, failures(checks, WRONG, IDENTITIES))
    assert set(against["finding_id"]) == set(found["finding_id"])
    own = (found["x0"][0], found["top"][0])
    places = set(against.select("x0", "top").iter_rows())
    assert own not in places and (100.0, own[1]) in places


def many() -> list[Finding]:
    return [
        finding(document_id=document, rule=rule, place=Place(page=page, top=top), printed=printed)
        for document in ("a", "b")
        for rule in ("r", "s")
        for page, top, printed in ((1, 10.0, "x"), (1, 20.0, "y"), (2, 10.0, "x"))
    ]


def test_ids_are_the_same_in_any_order_and_with_other_words() -> None:
    findings = many()
    first = assemble(findings, ())
    shuffled = list(findings)
    Random(4).shuffle(shuffled)
    assert first.equals(assemble(shuffled, ()))
    reworded = assemble([replace(one, message_zh="另一句") for one in findings], ())
    assert reworded["finding_id"].equals(first["finding_id"])
    assert first["finding_id"].n_unique() == len(findings)
    assert all(len(name) == 16 for name in first["finding_id"])


def test_other_documents_change_no_id() -> None:
    alone = assemble([one for one in many() if one.document_id == "b"], ())
    assert set(alone["finding_id"]) < set(assemble(many(), ())["finding_id"])


def test_what_is_found_twice_is_one_finding() -> None:
    assert assemble(many() + many(), ()).equals(assemble(many(), ()))


def test_what_two_rules_say_of_one_place_is_one_finding() -> None:
    base = [replace(one, expected="z") for one in many() if one.document_id == "a"]
    boxed = [replace(one, place=replace(one.place, x0=5.0)) for one in base if one.rule == "s"]
    found = assemble([*(one for one in base if one.rule == "r"), *boxed], ())
    assert set(found["rule"]) == {"s"} and found.height == 3


def test_the_order_is_severity_then_document_then_page() -> None:
    graver = [replace(one, severity=Severity.ERROR if one.place.page == 2 else Severity.INFO) for one in many()]
    ordered = assemble(graver, ())
    assert ordered["severity"].to_list() == ["error"] * 4 + ["info"] * 8
    assert ordered["document_id"].to_list()[:4] == ["a", "a", "b", "b"]


def test_findings_fit_the_data_dictionary() -> None:
    table = assemble(many(), ())
    assert table.columns == arrow_schema("findings").names
    assert assemble([], ()).columns == table.columns
    assert set(finding_schema()) < set(table.columns)


def test_the_figures_of_a_finding_and_of_its_alternatives_are_values_of_the_dataset(tmp_path: Path) -> None:
    checks = checked_wrong()
    found = assemble(found_in(checks, WRONG, [localised(checks, [RIGHT], [OTHER], certain=[])]), ())
    path = tmp_path / "findings.parquet"
    with writing(path, "findings") as writer:
        writer.write(found)
        writer.finish()
    (figures,) = pl.read_parquet(path)["figures"].to_list()
    right = FigureChange("expenditure", "2010101", "行政运行", "total", "90.00", "60.00")
    assert figures[0] == {"alternative": 1, **asdict(right)}
    assert [(one["alternative"], one["measure"], one["proposed"]) for one in figures[1:]] == [(2, "basic", "90.00")]


def acceptance(**more: str) -> str:
    entry = {
        "finding_id": '"0"', "document": '"某.pdf"', "rule": '"r"', "printed": '"x"', "reason": '"已更正"',
        "by": '"张三"', "date": "2026-03-01",
    } | more  # fmt: skip
    return "[[accepted]]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items() if value) + "\n"


def accepted_as(tmp_path: Path, text: str) -> tuple[Acceptance, ...]:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return read_acceptances(tmp_path)


def target() -> dict[str, object]:
    return assemble(many(), ()).filter(pl.col("rule") == "r", pl.col("printed") == "x").row(0, named=True)


def test_an_acceptance_keeps_the_finding_in_sight_valid(tmp_path: Path) -> None:
    accepted = accepted_as(tmp_path, acceptance(finding_id=f'"{target()["finding_id"]}"'))
    found = assemble(many(), accepted)
    (row,) = found.filter(pl.col("status") == "accepted").rows(named=True)
    assert row["finding_id"] == target()["finding_id"]
    assert row["accepted_reason"] == "已更正（张三，2026-03-01）"
    assert found.height == len(many())
    assert not stale_acceptances(found, accepted)


def test_an_acceptance_that_matches_nothing_is_reported(tmp_path: Path) -> None:
    accepted = accepted_as(tmp_path, acceptance(finding_id='"ffffffffffffffff"'))
    found = assemble(many(), accepted)
    assert set(found["status"]) == {"open"}
    (stale,) = stale_acceptances(found, accepted)
    assert "请删去" in stale.words and "remove" in stale.words


@pytest.mark.parametrize(("key", "value", "words"), [("printed", '"z"', "重新核实"), ("rule", '"s"', "规则应为 r")])
def test_a_broken_guard_leaves_the_finding_open_and_is_reported(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    accepted = accepted_as(tmp_path, acceptance(finding_id=f'"{target()["finding_id"]}"', **{key: value}))
    found = assemble(many(), accepted)
    assert set(found["status"]) == {"open"}
    (stale,) = stale_acceptances(found, accepted)
    assert words in stale.zh


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[accepted]\n", "no valid TOML"),
        ("[accepted]\nfinding_id = 'a'\n", "only"),
        ("other = 1\n", "only"),
        (acceptance(reason=""), "missing key reason"),
        (acceptance(reason='" "'), "reason must be"),
        (acceptance(date='"2026-03-01"'), "without quotes"),
        (acceptance(by="7"), "by must be"),
        (acceptance(who='"a"'), "unknown key who"),
        (acceptance() * 2, "accepted twice"),
    ],
)
def test_a_malformed_file_of_acceptances_is_our_fault_at_once(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(KnowledgeError, match=words):
        accepted_as(tmp_path, text)


def test_no_file_and_the_committed_form_accept_nothing(tmp_path: Path) -> None:
    assert read_acceptances(tmp_path) == ()
    assert read_acceptances(FORM.parent) == ()
    form = "\n".join(line.removeprefix("# ") for line in FORM.read_text("utf-8").splitlines() if " = " in line)
    (one,) = accepted_as(tmp_path, "[[accepted]]\n" + form)
    assert one.by == "张三"


def test_accepted_errors_make_nothing_suspect(tmp_path: Path) -> None:
    checks = checked_wrong()
    parts = found_in(checks, WRONG, [localised(checks, [RIGHT], certain=[RIGHT])])
    row = assemble(parts, ()).row(0, named=True)
    words = {key: f'"{row[key]}"' for key in ("finding_id", "rule", "printed")}
    before = suspect_items(WRONG.lazy(), assemble(parts, ())).collect()
    assert before.filter(pl.col("suspect")).select("code", "measure").rows() == [("2010101", "total")]
    after = suspect_items(WRONG.lazy(), assemble(parts, accepted_as(tmp_path, acceptance(**words)))).collect()
    assert not after["suspect"].any()
    assert after.drop("suspect").equals(WRONG)


@pytest.mark.parametrize(
    ("yuan", "printed", "unit", "amount", "words"),
    [
        ("438300", "938,300", "yuan", "938300", "438,300"),
        ("15118900", "9,511.89", "wan_yuan", "95118900", "1,511.89"),
        ("60", "90.00", "yuan", "90", "60.00"),
        ("1234567", "9234567", "yuan", "9234567", "1234567"),
        ("99850", "9.98", "wan_yuan", "99800", "9.985"),
    ],
)
def test_what_is_expected_is_written_as_the_table_prints(
    yuan: str, printed: str, unit: str, amount: str, words: str
) -> None:
    style = {"printed": printed, "printed_unit": unit, "amount": Decimal(amount)}
    assert as_printed(Decimal(yuan), style) == words
