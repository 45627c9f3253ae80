"""What has not changed is not checked again, and all tables are the bytes of a validation that checks everything."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from make.datasets import amount, document, write_tables
from typesetter.corpus import Plan, make_corpus

from analysis.dataset.store import read_table
from analysis.steps import check_apart
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.steps.earlier_checks import FOLDER
from analysis.steps.shards import ShardTask

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = 12
ACCEPTED = """
[[accepted]]
finding_id = "{finding_id}"
document = "{source_file}"
rule = "{rule}"
printed = "{printed}"
reason = "looked at"
by = "A"
date = 2026-03-01
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(Plan(DOCUMENTS, seed=5, format="html", errors=4), folder)
    return folder / "raw"


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are checked, as they are."""
    seen: list[str] = []
    real = check_apart.check_shard

    def telling(task: ShardTask) -> Any:
        seen.extend(task.shard.documents)
        return real(task)

    monkeypatch.setattr(check_apart, "check_shard", telling)
    return seen


def validated(clean: Path, expectations: Path = ROOT / "expectations") -> dict[str, bytes]:
    """The tables and pages of a validation."""
    site = clean.parent / "site"
    check_dataset(clean, None, expectations, site, distribution=Distribution(1))
    tables = {name: (clean / f"{name}.parquet").read_bytes() for name in ("checks", "findings", "duties")}
    return tables | {path.name: path.read_bytes() for path in (site / "audit").glob("*.html")}


def from_nothing(clean: Path, expectations: Path = ROOT / "expectations") -> dict[str, bytes]:
    """The same of a validation that knows of no other."""
    shutil.rmtree(clean / FOLDER)
    shutil.rmtree(clean.parent / "site")
    return validated(clean, expectations)


def test_a_new_file_is_checked_and_what_it_has_nothing_to_do_with_is_not(
    corpus: Path, tmp_path: Path, looked_at: list[str]
) -> None:
    raw, clean = Path(shutil.copytree(corpus, tmp_path / "raw")), tmp_path / "clean"
    new = sorted(raw.rglob("*.html"))[DOCUMENTS // 2]
    new = new.rename(tmp_path / new.name)
    clean_folder(raw, clean)
    validated(clean)
    assert len(looked_at) == DOCUMENTS - 1
    looked_at.clear()
    shutil.copy(new, raw / new.name)
    clean_folder(raw, clean)
    found = validated(clean)
    added = read_table(clean, "documents").filter(source_file=new.name)
    of_the_body = read_table(clean, "documents").filter(organisation_id=added["organisation_id"][0])
    assert set(of_the_body["document_id"]) <= set(looked_at)
    assert len(looked_at) < DOCUMENTS
    looked_at.clear()
    assert found == validated(clean)
    assert looked_at == []
    assert found == from_nothing(clean)


def test_what_is_accepted_is_said_without_a_new_check(corpus: Path, tmp_path: Path, looked_at: list[str]) -> None:
    clean = tmp_path / "clean"
    clean_folder(corpus, clean)
    expectations = Path(shutil.copytree(ROOT / "expectations", tmp_path / "expectations"))
    validated(clean, expectations)
    looked_at.clear()
    row = read_table(clean, "findings").drop_nulls("printed").row(0, named=True)
    (expectations / "accepted_findings.toml").write_text(ACCEPTED.format(**row), encoding="utf-8")
    found = validated(clean, expectations)
    assert looked_at == []
    accepted = read_table(clean, "findings").filter(status="accepted")
    assert accepted["finding_id"].to_list() == [row["finding_id"]]
    assert found == from_nothing(clean, expectations)
    (expectations / "accepted_findings.toml").write_text("")
    assert validated(clean, expectations) == from_nothing(clean, expectations)


def names(*organisations: str) -> dict[str, list[dict[str, Any]]]:
    """Documents of organisations that all print a name that no book has for one code."""
    documents = [document(number, name, 2024) for number, name in enumerate(organisations, 1)]
    rows = [
        amount(of, code, name, 10, row_number=at)
        for of in documents
        for at, (code, name) in enumerate((("201", "一般公共服务支出"), ("20177", "新设事务")), 1)
    ]
    return {"documents": documents, "line_items": rows}


def test_a_name_that_another_body_confirms_is_asked_for_again(tmp_path: Path, looked_at: list[str]) -> None:
    more = ("passages", "unmapped", "tables")
    clean = write_tables(tmp_path / "clean", names("甲局", "乙局"), more=more)
    validated(clean)
    before = read_table(clean, "findings").filter(pl.col("rule").str.starts_with("code_"), code="20177")
    alone = write_tables(tmp_path / "alone" / "clean", names("甲局"), more=more)
    validated(alone)
    doubted = read_table(alone, "findings").filter(pl.col("rule").str.starts_with("code_"), code="20177")
    assert doubted.height > before.height, "what two bodies print is confirmed"
    looked_at.clear()
    write_tables(alone, names("甲局", "乙局"), more=more)
    found = validated(alone)
    assert set(looked_at) == {"d1", "d2"}
    assert found == from_nothing(alone)
    assert {name: found[name] for name in ("checks", "findings")} == {
        name: (clean / f"{name}.parquet").read_bytes() for name in ("checks", "findings")
    }


def test_what_broke_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_at: list[str]) -> None:
    clean = write_tables(tmp_path / "clean", names("甲局", "乙局"), more=("passages", "unmapped", "tables"))
    real = check_apart.check_shard

    def broken(task: ShardTask) -> Any:
        if "d2" in task.shard.documents:
            raise ZeroDivisionError("division by zero")
        return real(task)

    with monkeypatch.context() as patch:
        patch.setattr(check_apart, "check_shard", broken)
        validated(clean)
    assert set(read_table(clean, "checks").filter(document_id="d2")["outcome"]) == {"not_applicable"}
    looked_at.clear()
    assert validated(clean) == from_nothing(clean)
    assert "d2" in looked_at


@pytest.mark.parametrize("damage", ["index.json", "*-checks.arrow"])
def test_what_is_damaged_is_not_believed(damage: str, tmp_path: Path, looked_at: list[str]) -> None:
    clean = write_tables(tmp_path / "clean", names("甲局", "乙局"), more=("passages", "unmapped", "tables"))
    found = validated(clean)
    (path,) = (clean / FOLDER).glob(damage)
    path.write_bytes(path.read_bytes()[:-40] + b"0" * 40)
    looked_at.clear()
    assert validated(clean) == found
    assert set(looked_at) == {"d1", "d2"}
    assert len(list((clean / FOLDER).iterdir())) == 7
