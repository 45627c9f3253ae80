"""Damage that a reader passes over without a word is said, and nothing is judged in a file that has it."""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from make.hostile_files import Good, good_document

from analysis.errors import UnreadableFileError
from analysis.extraction.formats import workbook
from analysis.extraction.formats.pdf_twins import PageTwins
from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.runtime.work import FailureKind, WorkError
from analysis.runtime.worker import attempt
from analysis.terms.document import ReadDocument
from analysis.terms.page import Char, Page


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_document(tmp_path_factory.mktemp("good"))


def read(data: bytes, ending: str, folder: Path) -> ReadDocument:
    path = folder / f"x.{ending}"
    path.write_bytes(data)
    return read_document(path, load_families(None))


def record_at(data: bytes, kind: int, number: int = 0) -> int:
    """Where a record of that kind begins in an old workbook whose stream lies in one piece."""
    start = 512
    while True:
        found, size = struct.unpack_from("<HH", data, start)
        if found == kind:
            if not number:
                return start
            number -= 1
        start += 4 + size


def unknown_kind(data: bytes) -> bytes:
    at = record_at(data, 0xFD, 40)
    return data[:at] + struct.pack("<H", 0xFD00) + data[at + 2 :]


def row_of_nowhere(data: bytes) -> bytes:
    at = record_at(data, 0xFD, 40) + 4
    return data[:at] + struct.pack("<H", 9_999) + data[at + 2 :]


def text_of_nowhere(data: bytes) -> bytes:
    at = record_at(data, 0xFD, 40) + 10
    return data[:at] + struct.pack("<I", 999_999) + data[at + 4 :]


@pytest.mark.parametrize("damage", [unknown_kind, row_of_nowhere, text_of_nowhere])
def test_a_damaged_record_of_an_old_workbook_is_said_and_no_table_is_whole(
    damage: Callable[[bytes], bytes], good: Good, tmp_path: Path
) -> None:
    document = read(damage(good["xls"]), "xls", tmp_path)
    assert any("数据已损坏" in problem for problem in document.problems)
    assert not any(table.complete for table in document.printed_tables)


def box_of_three_sides(pdf: bytes) -> bytes:
    return re.sub(rb"(/MediaBox \[ 0) 0", rb"\g<1>00", pdf, count=1)


def filter_of_no_name(pdf: bytes) -> bytes:
    return pdf.replace(b"/FlateDecode", b"`FlateDecode", 1)


def open_bracket(pdf: bytes) -> bytes:
    return re.sub(rb"/Resources <<", rb"/Resources 4<", pdf, count=1)


def stream_that_ends_early(pdf: bytes) -> bytes:
    return (
        b"\n9999 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"x" * 999)[:-6] + b"\nendstream\n" + pdf
    )


def with_the_word_of_encryption(damage: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda pdf: damage(pdf) + b"\n% /Encrypt 1 0 R\n"


@pytest.mark.parametrize(
    "damage",
    [
        box_of_three_sides,
        filter_of_no_name,
        open_bracket,
        stream_that_ends_early,
        with_the_word_of_encryption(filter_of_no_name),
    ],
)
def test_a_damaged_object_of_a_pdf_is_said_and_no_table_is_whole(
    damage: Callable[[bytes], bytes], good: Good, tmp_path: Path
) -> None:
    assert damage(good["pdf"]) != good["pdf"]
    document = read(damage(good["pdf"]), "pdf", tmp_path)
    assert any("数据损坏" in problem for problem in document.problems)
    assert not any(table.complete for table in document.printed_tables)


def test_a_page_in_place_of_another_is_said(good: Good, tmp_path: Path) -> None:
    first, second = re.findall(rb"/Contents (\d+) 0 R", good["pdf"])[4:6]
    twice = good["pdf"].replace(b"/Contents %s 0 R" % second, b"/Contents %s 0 R" % first, 1)
    document = read(twice, "pdf", tmp_path)
    assert any("内容完全相同" in problem for problem in document.problems)
    assert not any(table.complete for table in document.printed_tables)


@pytest.mark.parametrize("ending", ["pdf", "xls", "xlsx"])
def test_a_whole_file_has_no_damage(ending: str, good: Good, tmp_path: Path) -> None:
    document = read(good[ending], ending, tmp_path)
    assert document.problems == ()
    assert all(table.complete for table in document.printed_tables)


def _page(number: int, words: str) -> Page:
    chars = tuple(Char(sign, 10.0 * at, 20.0, 10.0 * at + 9, 30.0) for at, sign in enumerate(words))
    return Page(number, 900.0, 600.0, 0, chars, (), ())


@pytest.mark.parametrize(("begins", "told"), [("7654321", 1), ("1234567", 0)])
def test_the_rest_of_a_table_that_equals_another_is_no_damage(begins: str, told: int) -> None:
    twins, rest = PageTwins(), "2050201 学前教育 1,234,567.00" * 6
    for number, words in enumerate(("财政拨款支出表 1234567", rest, f"一般公共预算支出表 {begins}", rest), start=1):
        twins.see(_page(number, words))
    assert len(twins.said) == told


class PanicException(BaseException):
    """What a library in Rust raises where it panics: no `Exception`, and of a class that nobody can import."""


def panic(*_: object) -> None:
    raise PanicException("range end index 258 out of range for slice of length 2")


def test_a_panic_of_the_reader_is_a_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "book.xls"
    path.write_bytes(b"no workbook")
    monkeypatch.setattr(workbook.calamine.CalamineWorkbook, "from_filelike", panic)
    with pytest.raises(UnreadableFileError, match=r"工作簿无法打开.*out of range"):
        workbook.read_workbook(path)


def test_a_panic_of_a_library_costs_only_the_task() -> None:
    outcome = attempt(panic, None)
    assert isinstance(outcome, WorkError)
    assert (outcome.kind, outcome.error) == (FailureKind.ERROR, "PanicException")
