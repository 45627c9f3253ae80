"""What was not read whole is not judged: no check, no correction, no word of the rules of text and codes."""

from pathlib import Path

import polars as pl
import pytest
from make.datasets import write_dataset
from typesetter.corpus import Plan, make_corpus

from analysis.balancing.examine import Examined
from analysis.balancing.identities.checks import check_instances
from analysis.balancing.identities.incomplete_tables import incomplete_tables
from analysis.dataset.store import read_table, to_frame
from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.steps.clean import TABLES, clean_folder
from analysis.steps.shards import ShardTask as Task
from analysis.steps.shards import check_shard, split_into_shards
from analysis.terms.identity import Identity

IDENTITIES = load_identities(load_families())
FUNDS = ("general_public_budget", "government_fund", "state_capital")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made documents of several organisations and years with planted errors."""
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(Plan(12, seed=5, format="html", errors=12), folder)
    clean_folder(folder / "raw", folder / "clean")
    return folder / "clean"


def checked(clean: Path, folder: Path, *broken: str, column: str | None = "年初数/其他") -> Examined:
    """What is found where these tables of every document were not read whole."""
    tables = {name: read_table(clean, name) for name in TABLES}
    documents = tables["documents"].select("document_id", "source_file").rows()
    rows: list[dict[str, object]] = [
        {
            "document_id": document, "source_file": file, "number": number, "title": IDENTITIES.tables[table],
            "table": table, "first_page": 4, "last_page": 4, "unit_inherited": False, "rows": 9,
            "columns_understood": 3, "columns_unknown": column, "cells": 30, "complete": table not in broken,
        }
        for document, file in documents for number, table in enumerate(IDENTITIES.tables, 1)
    ]  # fmt: skip
    write_dataset(tables | {"tables": to_frame(rows, "tables")}, folder, "version")
    (shard,) = split_into_shards(folder)
    return check_shard(Task(shard))


@pytest.fixture(scope="module")
def whole(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Examined:
    return checked(clean, tmp_path_factory.mktemp("whole") / "clean")


def spoken_of(identity: Identity) -> set[str]:
    return {operand.table for case in identity.cases for operand in (case.left, *case.right)}


def decided(found: Examined) -> pl.DataFrame:
    return found.checks.filter(pl.col("outcome") != "not_applicable")


def test_documents_with_planted_errors_have_findings_in_many_tables(whole: Examined) -> None:
    assert whole.findings.filter(pl.col("severity") == "error")["table"].n_unique() >= 3


@pytest.mark.parametrize("broken", [(name,) for name in IDENTITIES.tables] + [FUNDS], ids=str)
def test_a_table_that_was_not_read_whole_is_not_judged(
    broken: tuple[str, ...], clean: Path, whole: Examined, tmp_path: Path
) -> None:
    found = checked(clean, tmp_path / "clean", *broken)
    of_one_table = [one.id for one in IDENTITIES.within if len(one.cases) == 1 and spoken_of(one) & set(broken)]
    assert decided(found).filter(pl.col("identity").is_in(of_one_table)).is_empty()
    assert decided(found).join(decided(whole), on=["check_id", "outcome"], how="anti").is_empty(), "nothing new"
    assert decided(found).filter(pl.col("table").is_in(broken)).is_empty()
    assert found.findings.filter(pl.col("table").is_in(broken)).is_empty()
    corrected = found.findings.select("figures").explode("figures").drop_nulls().unnest("figures")
    assert corrected.filter(pl.col("table").is_in(broken)).is_empty()
    errors = found.findings.filter(pl.col("severity") == "error").select("document_id", "rule", "table", "name")
    assert errors.height <= whole.findings.filter(pl.col("severity") == "error").height


def test_the_reason_names_the_table_its_page_and_the_column(clean: Path, tmp_path: Path) -> None:
    found = checked(clean, tmp_path / "clean", "revenue")
    reasons = found.checks.filter(pl.col("reason").str.contains("未全部读出"))["reason"].unique().to_list()
    title = IDENTITIES.tables["revenue"]
    assert f"《{title}》未全部读出（第 4 页“年初数/其他”栏无法识别），不作判断" in {
        one.partition(" / ")[0] for one in reasons
    }
    assert any("revenue was not read whole (p. 4, columns not understood: 年初数/其他)" in one for one in reasons)


def test_where_no_column_is_to_blame_rows_or_amounts_are(clean: Path, tmp_path: Path) -> None:
    found = checked(clean, tmp_path / "clean", "revenue", column=None)
    assert found.checks.filter(pl.col("reason").str.contains("第 4 页有无法识别的行或金额")).height


def test_where_every_table_was_not_read_whole_only_the_text_speaks(clean: Path, tmp_path: Path) -> None:
    found = checked(clean, tmp_path / "clean", *IDENTITIES.tables)
    assert decided(found).is_empty()
    assert set(found.findings["table"]) <= {"text", "narrative"}
    assert found.coverage["tied"].sum() == 0


def test_a_document_that_is_compared_with_a_broken_one_says_so(clean: Path) -> None:
    """The unit's own tables are whole; the department's, or last year's, are not."""
    documents, items = read_table(clean, "documents"), read_table(clean, "line_items")
    linked = {one.id for one in IDENTITIES.between}
    before = check_instances(items, documents, IDENTITIES).checks.filter(
        pl.col("identity").is_in(linked), pl.col("outcome") != "not_applicable"
    )
    if before.is_empty():
        pytest.skip("no two documents of the corpus are compared")
    other = before["check_id"].str.split("|").list.get(2)
    rows: list[dict[str, object]] = [
        {"document_id": one, "number": 1, "table": table, "complete": False}
        for one in other.unique() for table in IDENTITIES.tables
    ]  # fmt: skip
    told = pl.DataFrame(rows, schema_overrides={"columns_unknown": pl.String}).with_columns(
        columns_unknown=pl.lit(None, pl.String), first_page=pl.lit(None, pl.Int32), last_page=pl.lit(None, pl.Int32)
    )
    incomplete = incomplete_tables(told, IDENTITIES.tables)
    after = check_instances(items, documents, IDENTITIES, incomplete=incomplete).checks
    assert after.filter(pl.col("check_id").is_in(before["check_id"].to_list()), pl.col("outcome") == "fail").is_empty()
    assert after.filter(pl.col("reason").str.contains("对照文件的《")).height


def test_what_a_sum_lacks_may_stand_in_an_owed_table_that_is_not_there(tmp_path: Path) -> None:
    make_corpus(Plan(6, seed=7, format="html"), tmp_path)
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    tables = {name: read_table(tmp_path / "clean", name) for name in TABLES}
    for name in ("tables", "line_items"):
        tables[name] = tables[name].filter(pl.col("table").ne_missing("general_public_budget"))
    write_dataset(tables, tmp_path / "without", "version")
    (shard,) = split_into_shards(tmp_path / "without")
    found = check_shard(Task(shard))
    assert found.checks.filter(pl.col("outcome") == "fail").is_empty()
    errors = found.findings.filter(pl.col("severity") == "error")
    assert set(errors["rule"]) <= {"code_lost_zero"}, "which the documents really print"
    lifted = found.checks.filter(pl.col("reason").str.contains("所差金额可能列在其中"))
    assert lifted.height and lifted["left"].null_count() == 0, "the figures that were compared stay"
    assert (lifted["left"] > lifted["right"]).all()
