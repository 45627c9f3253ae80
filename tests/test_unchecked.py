"""A document in which nothing could be checked says so, wherever somebody might take silence for praise."""

from pathlib import Path

import pytest
from make.datasets import amount, document, write_tables

from analysis.cli import main
from analysis.dataset.store import read_table
from analysis.dataset.unchecked import read_unchecked
from analysis.reports.check_report import CheckReport
from analysis.site import build_site
from analysis.steps.check import CheckSummary, check_dataset
from analysis.terms.document import Status

ROOT = Path(__file__).resolve().parents[1]
NOT_PASSED = "未检查不等于通过"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One document that can be checked, one with a single figure, and one of which neither kind nor year is known."""
    whole, bare, nameless = document(1, "某区司法局", 2024), document(2, "某区财政局", 2024), document(3, "", 2024)
    nameless |= {"organisation": None, "organisation_id": None, "document_year": None, "kind": None, "level": None}
    sums = (("201", 30), ("20101", 30), ("2010101", 10), ("2010102", 20))
    rows = [amount(whole, code, f"行{code}", yuan, row_number=at, parent_code=code[:-2] if len(code) > 3 else None)
            for at, (code, yuan) in enumerate(sums, 2)]  # fmt: skip
    rows.append(amount(whole, None, "合计", 30))
    rows.append(amount(bare, None, "合计", 9, table="revenue", side="revenue", scheme=None))
    rows.append(amount(nameless, None, "合计", 9))
    tables = {"documents": [whole, bare, nameless], "line_items": rows}
    folder = tmp_path_factory.mktemp("unchecked") / "clean"
    return write_tables(folder, tables, more=("passages", "unmapped", "tables"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def summary(clean: Path, site: Path) -> CheckSummary:
    done = check_dataset(clean, None, ROOT / "expectations", site)
    build_site(clean, site)
    return done


@pytest.mark.usefixtures("summary")
def test_documents_without_one_decided_check_are_known_with_the_reason(clean: Path) -> None:
    found = read_unchecked(clean)
    assert set(found) == {"d2", "d3"}
    assert all(NOT_PASSED in words and "not checked is not passed" in words for words in found.values())
    assert "预算还是决算" in found["d3"]


@pytest.mark.usefixtures("summary")
def test_its_audit_page_says_so_above_everything(site: Path) -> None:
    for name, expected in (("d1", False), ("d2", True), ("d3", True)):
        page = (site / "audit" / f"{name}.html").read_text(encoding="utf-8")
        assert (NOT_PASSED in page) is expected
        assert not expected or page.index(NOT_PASSED) < page.index("没有未处理的问题")


@pytest.mark.usefixtures("summary")
def test_the_list_of_files_says_so(site: Path) -> None:
    assert any(NOT_PASSED in path.read_text(encoding="utf-8") for path in site.glob("*.html"))


def test_the_report_of_the_validation_names_the_files(clean: Path, summary: CheckSummary) -> None:
    answer = str(CheckReport(clean, summary.coverage).answer)
    assert "2 个文件的全部勾稽关系均无法检查（2.pdf、3.pdf）" in answer
    assert NOT_PASSED in answer


def test_the_command_line_says_so(clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--clean", str(clean), "--site", str(tmp_path), "--raw", str(tmp_path / "none")]) == 0
    told = capsys.readouterr().out
    assert "未检查 unchecked: 2.pdf" in told
    assert "未检查 unchecked: 3.pdf" in told
    assert "unchecked: 1.pdf" not in told


@pytest.mark.parametrize("by", ["unit", "year", "function"])
def test_a_document_without_year_or_organisation_is_left_out_of_reports(
    by: str, clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--clean", str(clean), "--site", str(tmp_path), "--by", by]) == 0
    assert read_table(clean, "documents").filter(document_id="d3")["status"].to_list() == [Status.PARSED]
    assert "3.pdf" in capsys.readouterr().out
