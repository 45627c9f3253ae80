"""Made documents of other families than Shanghai: what they print is read exactly, and errors can be planted."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from make.books import FAMILIES
from typesetter.book import Truth
from typesetter.corpus import PLACES, Made, Plan, make_corpus, make_organisation
from typesetter.planting import KINDS
from typesetter.quirks import Quirks
from typesetter.samples import set_samples

from analysis.reading.read_document import read_document
from analysis.steps.clean import clean_folder
from analysis.steps.shards import ShardTask, check_shard, split_into_shards
from analysis.terms.document import ReadDocument

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
FORMATS = ("pdf", "xlsx", "docx", "html")
NEW = tuple(family for family in PLACES if family != "shanghai")


def made(folder: Path, family: str, ending: str, *, number: int = 0, documents: int = 3, **plan: object) -> list[Made]:
    """The first documents of one organisation: of the ministry's family budgets and final accounts."""
    first = 12 * number
    asked = Plan(first + documents, 5, ending, family=family, **plan)  # type: ignore[arg-type]
    return list(make_organisation(asked, number, folder))


def printed(truth: tuple[Truth, ...]) -> Counter[tuple[object, ...]]:
    return Counter(
        (t.table, t.side, t.phase, t.fiscal_year, t.code, t.name, t.outer_name, t.unit_code, t.measure, t.amount)
        for t in truth
        if t.table != "narrative"
    )


def read(document: ReadDocument) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            item.row.table, item.column.side, item.column.phase, item.fiscal_year, item.row.code or "",
            "".join((item.row.name or "").split()), item.row.outer_name or "", item.row.unit_code or "",
            item.column.measure, item.figure.amount,
        )
        for item in document.line_items
        if item.row.table != "narrative"
    )  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("family", NEW)
def test_every_printed_cell_is_read_exactly(family: str, ending: str, tmp_path: Path) -> None:
    for number in (0, 1):
        for one in made(tmp_path, family, ending, number=number, documents=4):
            document = read_document(tmp_path / one.file, FAMILIES)
            assert read(document) == printed(one.truth), one.file
            assert not document.unmapped and not document.problems, one.file
            cover = document.cover
            assert (cover.organisation, cover.year) == (one.book.organisation, one.book.year)
            assert (cover.kind, cover.level) == (one.book.kind, one.book.level)
            assert document.form == family


@pytest.mark.parametrize("nothing", ["blank", "zero", "dash"])
@pytest.mark.parametrize("family", NEW)
def test_nothing_is_read_as_it_is_printed(family: str, nothing: str, tmp_path: Path) -> None:
    for one in made(tmp_path, family, "html", quirks=Quirks(nothing=nothing, amounts="plain")):
        assert read(read_document(tmp_path / one.file, FAMILIES)) == printed(one.truth)


def test_the_ministrys_family_has_nine_tables_of_each_kind_and_jiangsu_twelve(tmp_path: Path) -> None:
    budget, final = made(tmp_path, "national", "html", documents=2)
    assert (budget.book.kind, final.book.kind) == ("budget", "final")
    assert len(budget.book.tables) == len(final.book.tables) == 9
    measures = {measure for panel in final.book.table("government_fund").panels for measure in panel.measures}
    assert {"opening_balance", "closing_balance"} <= measures
    (jiangsu,) = made(tmp_path, "jiangsu", "html", documents=1)
    assert len(jiangsu.book.tables) == 12
    assert {"procurement", "agency_operating", "appropriation_expenditure"} <= {cell.table for cell in jiangsu.truth}


def test_a_mixed_corpus_has_all_families_and_errors_in_each(tmp_path: Path) -> None:
    count = make_corpus(Plan(36, seed=3, format="html", errors=36, family="mixed"), tmp_path)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count
    with (tmp_path / "errors.csv").open(encoding="utf-8", newline="") as file:
        errors = list(csv.DictReader(file))
    places = {place: {row["kind"] for row in errors if row["file"].startswith(place)} for place in PLACES.values()}
    assert all(kinds == set(KINDS) for kinds in places.values())
    standing = Counter((row["file"], row["table"], row["code"], row["measure"], row["printed"]) for row in rows)
    for row in errors:
        if row["measure"] and row["printed"] not in ("", "-"):
            assert standing[row["file"], row["table"], row["code"], row["measure"], row["printed"]]


def test_shipped_samples_are_what_the_typesetter_makes_and_are_read_exactly(tmp_path: Path) -> None:
    written = set_samples(tmp_path)
    assert sorted(path.name for path in written) == sorted(path.name for path in RAW.glob("云岭县*"))
    for path in written:
        assert (RAW / path.name).read_bytes() == path.read_bytes()
        document = read_document(path, FAMILIES)
        assert not document.unmapped and not document.problems
        assert document.form == "national"


def test_only_shanghai_is_set_as_plain_text() -> None:
    with pytest.raises(ValueError, match="plain text"):
        replace(Plan(1, 1, "txt"), family="national")


@pytest.mark.parametrize("nothing", ["blank", "zero"])
@pytest.mark.parametrize("family", NEW)
def test_clean_documents_break_no_identity(family: str, nothing: str, tmp_path: Path) -> None:
    """A balance of nothing that is printed as a zero is no part of another sum."""
    (tmp_path / "raw").mkdir()
    made(tmp_path / "raw", family, "html", documents=6, quirks=Quirks(nothing=nothing))
    clean_folder(tmp_path / "raw", tmp_path / "clean", workers=1)
    (shard,) = split_into_shards(tmp_path / "clean")
    found = check_shard(ShardTask(shard))
    assert found.checks.filter(pl.col("outcome") == "fail").is_empty()
    assert found.findings.filter(pl.col("severity") == "error").is_empty()
