"""A document that breaks a step of the checking costs only itself: it is not checked, with the reason; the rest is."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from make.datasets import amount, document, write_tables

from analysis.balancing import examine as examining
from analysis.balancing import resolve
from analysis.dataset.store import read_table
from analysis.dataset.unchecked import read_unchecked
from analysis.errors import DatasetError, WorkbenchError
from analysis.runtime.work import UNLIMITED, TaskLimits
from analysis.runtime.worker import attempt
from analysis.site.audit import audit_pages
from analysis.steps import check as checking
from analysis.steps import read_and_resolve
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.earlier_checks import FOLDER
from analysis.steps.raw_files import find_files
from analysis.steps.read_files import read_files
from analysis.steps.reading_limits import reading_limits

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data" / "raw" / "上海市普陀区公务网管理中心-2023-单位预算.txt"
SUMS = (("201", 30), ("20101", 30), ("2010101", 10), ("2010102", 29))  # the last ones do not add up


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Three documents, two of them of one organisation, each with a sum that does not hold."""
    documents = [document(1, "某区司法局", 2023), document(2, "某区财政局", 2024), document(3, "某区司法局", 2024)]
    rows = [
        row
        for of in documents
        for row in [
            amount(of, None, "合计", 30),
            *(
                amount(of, code, f"行{code}", yuan, row_number=at, parent_code=code[:-2] if len(code) > 3 else None)
                for at, (code, yuan) in enumerate(SUMS, 2)
            ),
        ]
    ]
    tables = {"documents": documents, "line_items": rows}
    return write_tables(tmp_path / "clean", tables, more=("passages", "unmapped", "tables"))


def breaking(monkeypatch: pytest.MonkeyPatch, step: str, *documents: str) -> None:
    """Let a step of the checking break wherever it is given one of some documents."""
    real: Callable[..., Any] = getattr(examining, step)

    def broken(*given: Any, **named: Any) -> Any:
        frames = [one for one in given if isinstance(one, pl.DataFrame) and "document_id" in one.columns][:2]
        if all({*documents} & set(frame["document_id"]) for frame in frames):
            raise ZeroDivisionError("integer modulo by zero")
        return real(*given, **named)

    monkeypatch.setattr(examining, step, broken)


def checked(clean: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Checks and findings of a validation that takes nothing over."""
    shutil.rmtree(clean / FOLDER, ignore_errors=True)
    check_dataset(clean, None, ROOT / "expectations", clean.parent / "site", distribution=Distribution(1))
    return read_table(clean, "checks"), read_table(clean, "findings")


def of_others(frame: pl.DataFrame) -> pl.DataFrame:
    """What does not look at the second document: nothing of it, and nothing between it and another."""
    return frame.filter(pl.col("document_id") != "d2")


def of_checks(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings that rest on checks; how many organisations print a name is another question with one less."""
    return of_others(findings).filter(pl.col("check_id").is_not_null())


@pytest.mark.parametrize("step", ["check_instances", "failures", "text_findings", "code_findings"])
def test_a_document_that_breaks_a_step_is_not_checked_and_the_rest_is(
    step: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [of_others(frame) for frame in checked(clean)]
    breaking(monkeypatch, step, "d2")
    checks, findings = checked(clean)
    assert of_others(checks).equals(whole[0])
    assert of_checks(findings).equals(of_checks(whole[1]))
    assert set(findings["document_id"]) == {"d1", "d3"}
    silent = checks.filter(document_id="d2")
    assert not silent.is_empty() and set(silent["outcome"]) == {"not_applicable"}
    said = read_unchecked(clean)["d2"]
    assert "ZeroDivisionError" in said and "未检查不等于通过" in said and "not checked is not passed" in said
    assert "ZeroDivisionError" in (clean.parent / "site" / "audit" / "d2.html").read_text("utf-8")


def test_where_the_tracing_breaks_the_document_is_checked_and_nothing_is_traced(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = checked(clean)
    breaking(monkeypatch, "trace", "d2")
    checks, findings = checked(clean)
    assert checks.equals(whole)
    assert findings.filter(pl.col("document_id") == "d2")["expected"].null_count() > 0
    assert "未能确定错在哪个数字" in str(findings.filter(document_id="d2")["message_zh"].to_list())


def test_what_only_breaks_together_is_checked_alone(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = examining.check_instances

    def broken(line_items: pl.DataFrame, *given: Any, **named: Any) -> Any:
        if {"d1", "d3"} <= set(line_items["document_id"]):
            raise RuntimeError("both")
        return real(line_items, *given, **named)

    monkeypatch.setattr(examining, "check_instances", broken)
    checks, _ = checked(clean)
    assert set(checks.filter(outcome="fail")["document_id"]) == {"d1", "d2", "d3"}


def test_a_damaged_dataset_is_no_fault_of_a_document(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: Any, **__: Any) -> Any:
        raise DatasetError("damaged")

    monkeypatch.setattr(examining, "check_instances", damaged)
    with pytest.raises(WorkbenchError, match="damaged"):
        checked(clean)


class Here:
    """Workers that are this process, so that a test can break what they do."""

    count, dashboard = 1, None

    def outcomes(self, function: Any, tasks: Any, limits: TaskLimits = UNLIMITED) -> Iterator[tuple[int, Any]]:
        yield from ((position, attempt(function, task)) for position, task in enumerate(tasks))


@pytest.mark.parametrize("step", ["read_document", "resolve"])
def test_a_document_that_breaks_the_reading_is_named_and_the_rest_is_read(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        shutil.copy(SEED, tmp_path / f"{number}.txt")
        with (tmp_path / f"{number}.txt").open("a", encoding="utf-8") as file:
            file.write(f"\n第{number}份\n")
    room = read_and_resolve if step == "read_document" else resolve
    real, seen = getattr(room, step), []

    def broken(*given: Any) -> Any:
        seen.append(given)
        if len(seen) == 2:
            raise IndexError("list index out of range")
        return real(*given)

    monkeypatch.setattr(room, step, broken)
    found = find_files(tmp_path)
    rows = {file.source_file: result.row for file, result in read_files(Here(), found, reading_limits(1))}
    assert [rows[f"{number}.txt"]["status"] for number in (0, 2)] == ["parsed", "parsed"]
    assert rows["1.txt"]["status"] == "failed"
    assert "IndexError" in rows["1.txt"]["message"] and "请" in rows["1.txt"]["message"]


def test_a_page_that_cannot_be_made_says_so_and_the_others_are_made(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(clean)
    audit = clean.parent / "site" / "audit"
    whole = {path.name: path.read_bytes() for path in audit.glob("*.html")}
    shutil.rmtree(audit)
    real = audit_pages.card

    def broken(row: Any, *given: Any) -> Any:
        if row["document_id"] == "d2":
            raise KeyError("<b>message</b>")
        return real(row, *given)

    monkeypatch.setattr(audit_pages, "card", broken)
    checks, findings = checked(clean)
    assert not checks.is_empty() and "d2" in set(findings["document_id"])
    said = (audit / "d2.html").read_text("utf-8")
    assert "无法显示（KeyError" in said and "cannot be shown" in said and "<b>" not in said
    assert all((audit / f"{name}.html").read_bytes() == whole[f"{name}.html"] for name in ("d1", "d3"))
    assert (audit / "index.html").read_text("utf-8").count("无法显示（KeyError") == findings.filter(
        document_id="d2"
    ).height
    monkeypatch.undo()
    shutil.rmtree(clean / FOLDER)
    checked(clean)
    assert {path.name: path.read_bytes() for path in audit.glob("*.html")} == whole


def test_pictures_that_break_cost_only_those_of_their_document(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(findings: pl.DataFrame, *_: Any) -> Any:
        if "d2" in set(findings["document_id"]):
            raise ZeroDivisionError("division by zero")
        return {}

    monkeypatch.setattr(checking, "take_snapshots", broken)
    check_dataset(clean, clean, ROOT / "expectations", clean.parent / "site", distribution=Distribution(1))
    pages = {name: (clean.parent / "site" / "audit" / f"{name}.html").read_text("utf-8") for name in ("d1", "d2")}
    assert "截图时遇到意外错误" in pages["d2"] and "截图时遇到意外错误" not in pages["d1"]
