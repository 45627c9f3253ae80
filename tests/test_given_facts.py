"""What is known of a document beside its text: what a person says, what the names of file and folders tell."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from make.hostile_files import made_book, set_as

from analysis.cli import main
from analysis.dataset.document_rows import identifier
from analysis.dataset.store import partitions_of, read_table
from analysis.errors import KnowledgeError
from analysis.exploring.dataset_view import open_dataset
from analysis.steps.clean import Cleaning, clean_folder

PRINTED = "上海市普陀区晨曦办公室"
Write = Callable[..., None]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return set_as(made_book(1), "html", tmp_path_factory.mktemp("set")).decode()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


@pytest.fixture
def write(text: str, raw: Path) -> Write:
    """Writes a document, of another organisation, of another region on its cover, without any year."""

    def written(file: str, organisation: str = PRINTED, *, year: str | None = "2025") -> None:
        changed = text.replace(PRINTED, organisation).replace("上海市普陀区", "")
        if year != "2025":
            changed = re.sub(r"20\d\d", year or "", changed)
        path = raw / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<!-- {file} -->{changed}")

    return written


def cleaned(raw: Path) -> dict[str, dict[str, object]]:
    clean_folder(raw, raw.parent / "clean")
    return rows(raw)


def rows(raw: Path) -> dict[str, dict[str, object]]:
    found = read_table(raw.parent / "clean", "documents")
    return {row["source_file"]: row for row in found.iter_rows(named=True)}


def say(raw: Path, words: str) -> None:
    (raw / "documents.toml").write_text(words, encoding="utf-8")


# documents.toml ------------------------------------------------------------------------------------------------------


def test_what_a_person_says_goes_before_what_the_text_says(raw: Path, write: Write) -> None:
    write("a/one.html")
    write("two.html")
    words = (
        '["a/one.html"]\norganisation = "福州市教育局"\nyear = 2021\nlevel = "department"\nregion = "福建省福州市"\n'
    )
    say(raw, words)
    found = cleaned(raw)
    assert set(found) == {"a/one.html", "two.html"}, "documents.toml is no document"
    one = found["a/one.html"]
    assert (one["organisation"], one["document_year"], one["level"]) == ("福州市教育局", 2021, "department")
    assert (one["region"], one["region_code"], one["kind"]) == ("福建省福州市", "350100", "budget")
    assert "单位、年度、层级、地区由人在 documents.toml 中给出" in str(one["note"])
    assert one["given"] == "organisation: 福州市教育局\nyear: 2021\nlevel: department\nregion: 福建省福州市"
    assert (found["two.html"]["given"], found["two.html"]["document_year"]) == (None, 2025)


def test_a_person_gives_the_unit_of_tables_that_state_none(raw: Path) -> None:
    title = "某某县2024年部门预算“三公”经费支出表"
    page = f"<p>{title}</p><table><tr><td>合计</td><td>公务接待费</td></tr><tr><td>3.50</td><td>1.20</td></tr></table>"
    (raw / "one.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (silent,) = cleaned(raw).values()
    assert 'unit = "万元"' in str(silent["message"])
    say(raw, '["one.html"]\nunit = "万元"\n')
    (told,) = cleaned(raw).values()
    amounts = read_table(raw.parent / "clean", "line_items").sort("amount")["amount"].to_list()
    assert amounts == [Decimal(12_000), Decimal(35_000)]
    assert "金额单位由人在 documents.toml 中给出" in str(told["note"])


def test_a_change_reads_only_the_files_again_that_it_is_about(raw: Path, write: Write) -> None:
    write("one.html")
    write("two.html", year="2024")
    cleaned(raw)
    say(raw, '["one.html"]\nyear = 2020\n')
    assert clean_folder(raw, raw.parent / "clean") == Cleaning(found=2, read=1, unchanged=1, failed=0)
    assert rows(raw)["one.html"]["document_year"] == 2020
    assert clean_folder(raw, raw.parent / "clean").read == 0
    (raw / "documents.toml").unlink()
    assert clean_folder(raw, raw.parent / "clean").read == 1
    assert (rows(raw)["one.html"]["document_year"], rows(raw)["one.html"]["note"]) == (2025, None)


def test_what_is_said_of_a_copy_is_said_of_the_file_that_is_read(raw: Path, write: Write) -> None:
    write("one.html")
    (raw / "two.html").write_bytes((raw / "one.html").read_bytes())
    say(raw, '["two.html"]\nyear = 2019\n')
    assert cleaned(raw)["one.html"]["document_year"] == 2019


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('["one.html"]\nyaer = 2020\n', ("one.html", "yaer", "nearest known: year")),
        ('["one.html"]\nlevel = "ministry"\n', ("one.html", "ministry")),
        ('["one.html"]\nyear = 24\n', ("one.html", "year")),
        ('["one.html"]\nunit = "万"\n', ("one.html", "unit")),
        ('["none.html"]\nyear = 2024\n', ("none.html", "不在原始文件夹中", "one.html")),
        ("[one.html\n", ("no valid TOML",)),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(
    words: str, said: tuple[str, ...], raw: Path, write: Write
) -> None:
    write("one.html")
    say(raw, words)
    with pytest.raises(KnowledgeError) as refused:
        clean_folder(raw, raw.parent / "clean")
    assert all(word in str(refused.value) for word in ("documents.toml", *said))


def test_the_command_line_says_what_is_wrong(raw: Path, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("one.html")
    say(raw, '["one.html"]\nyaer = 2020\n')
    assert main(["clean", "--raw", str(raw), "--clean", str(raw.parent / "clean")]) == 2
    told = capsys.readouterr()
    assert "yaer" in told.out + told.err
    assert "Traceback" not in told.out + told.err


# The file's name -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "year"),
    [
        ("教育局2024年部门预算.html", 2024),
        ("2019/教育局.html", None),
        ("教育局-2023-2024.html", None),
        ("20240315公布.html", None),
        ("教育局.html", None),
    ],
)
def test_the_year_of_the_name_is_the_last_source(file: str, year: int | None, raw: Path, write: Write) -> None:
    write(file, year=None)
    row = cleaned(raw)[file]
    assert row["document_year"] == year
    assert ("年度取自文件名" in str(row["note"])) is (year is not None)


def test_the_text_and_a_person_go_before_the_name(raw: Path, write: Write) -> None:
    write("2011.html")
    write("2012.html", year=None)
    say(raw, '["2012.html"]\nyear = 2020\n')
    found = cleaned(raw)
    assert [found[name]["document_year"] for name in ("2011.html", "2012.html")] == [2025, 2020]
    assert "文件名" not in f"{found['2011.html']['note']}{found['2012.html']['note']}"


def test_another_name_gives_another_year(raw: Path, write: Write) -> None:
    write("2023.html", year=None)
    cleaned(raw)
    (raw / "2023.html").rename(raw / "2024.html")
    assert cleaned(raw)["2024.html"]["document_year"] == 2024
    (raw / "2024.html").rename(raw / "none.html")
    assert cleaned(raw)["none.html"]["document_year"] is None


# Regions -------------------------------------------------------------------------------------------------------------


def test_an_organisation_whose_name_tells_its_place_keeps_the_id_of_its_name(raw: Path, write: Write) -> None:
    write("江苏省/南京市/one.html")
    write("two.html", "江苏省高级人民法院")
    write("three.html", "蜀江县教育局")
    found = cleaned(raw)
    expected = {
        "江苏省/南京市/one.html": ("晨曦办公室", "江苏省南京市", "320100"),
        "two.html": ("江苏省高级人民法院", "江苏省", "320000"),
        "three.html": ("蜀江县教育局", "蜀江县", None),
    }
    for file, (organisation, region, code) in expected.items():
        row = found[file]
        assert (str(row["organisation"]).endswith(organisation), row["region"], row["region_code"]) == (
            True, region, code
        )  # fmt: skip
    for file in ("two.html", "three.html"):
        assert found[file]["organisation_id"] == identifier(str(found[file]["organisation"]))


def test_offices_of_one_name_in_two_regions_are_two_organisations_over_all_years(raw: Path, write: Write) -> None:
    for folder in ("江苏/南京", "江苏省/徐州市"):
        for year in ("2024", "2025"):
            write(f"{folder}/{year}.html", "教育局", year=year)
    found = cleaned(raw)
    ids = {file: row["organisation_id"] for file, row in found.items()}
    assert ids["江苏/南京/2024.html"] == ids["江苏/南京/2025.html"]
    assert ids["江苏省/徐州市/2024.html"] == ids["江苏省/徐州市/2025.html"]
    assert len(set(ids.values())) == 2
    assert all("地区取自文件夹名" in str(row["note"]) for row in found.values())
    assert all("另有文件" not in str(row["note"]) for row in found.values()), "they are no rivals"
    assert_ids_agree(raw)


def test_a_county_name_that_several_bear_is_told_by_a_sister_without_reading_it_again(raw: Path, write: Write) -> None:
    write("all/one.html", "鼓楼区教育局")
    found = cleaned(raw)
    assert (found["all/one.html"]["region"], found["all/one.html"]["region_code"]) == ("鼓楼区", None)
    alone = found["all/one.html"]["organisation_id"]
    write("all/two.html", "南京市建邺区财政局")
    assert clean_folder(raw, raw.parent / "clean").read == 1
    told = rows(raw)["all/one.html"]
    assert (told["region"], told["region_code"]) == ("鼓楼区", "320106")
    assert told["organisation_id"] != alone
    assert_ids_agree(raw)
    write("all/three.html", "福州市台江区财政局")
    clean_folder(raw, raw.parent / "clean")
    assert rows(raw)["all/one.html"]["region_code"] is None, "now nobody can tell"
    assert rows(raw)["all/one.html"]["organisation_id"] == alone
    assert_ids_agree(raw)


def assert_ids_agree(raw: Path) -> None:
    """The line items, and the names of their partitions, bear the organisation of their document."""
    clean = raw.parent / "clean"
    known = read_table(clean, "documents").select("document_id", "source_file", "organisation_id")
    items = read_table(clean, "line_items").select("document_id", "source_file", "organisation_id").unique()
    assert items.join(known, on=["document_id", "source_file", "organisation_id"], how="anti").is_empty()
    assert items.height == known.height
    assert {name[5:] for name in partitions_of(clean, "line_items")} == set(known["organisation_id"])
    assert read_table(clean, "line_items").filter(pl.col("amount").is_null()).is_empty()


def test_reports_tell_offices_of_one_name_apart_by_their_region(
    raw: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("江苏省/南京市", "江苏省/徐州市"):
        write(f"{folder}/2025.html", "教育局")
    cleaned(raw)
    clean, site = raw.parent / "clean", raw.parent / "site"
    for by in ("unit", "year", "function"):
        assert main(["report", "--clean", str(clean), "--site", str(site), "--by", by]) == 0, capsys.readouterr().out
    names = open_dataset(clean).organisations["organisation"].to_list()
    assert names == ["教育局（江苏省南京市）", "教育局（江苏省徐州市）"]
    assert len(list((site / "reports" / "unit").glob("*.html"))) == 2
    (year,) = (site / "reports" / "year").glob("*.html")
    assert "教育局" in year.read_text(encoding="utf-8")
