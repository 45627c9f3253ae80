"""The registry of formats: an entry makes a kind of file readable, and its content tells what a file is."""

import subprocess
import sys
from inspect import signature
from pathlib import Path
from pkgutil import resolve_name

import pytest
from make.hostile_files import Good, good_document
from reportlab.pdfgen.canvas import Canvas

from analysis.errors import UnreadableFileError
from analysis.extraction.content_hash import content_sha256
from analysis.extraction.evidence.snapshots import SnapshotTask, take
from analysis.extraction.formats import format_registry
from analysis.extraction.formats.format_registry import (
    FORMATS,
    FileFormat,
    RefusedFormat,
    document_endings,
    format_of,
    note_on_ending,
)
from analysis.extraction.formats.pdf_pages import read_pages
from analysis.extraction.formats.sniffing import starts_with
from analysis.extraction.layout.blocks import Blocks, TextLine
from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.recognising.picture import PictureReader
from analysis.steps.raw_files import find_files
from analysis.terms.line_item import Place
from analysis.terms.page import Page
from analysis.terms.snapshot import Excerpt, SnapshotRequest

READ = [one for one in FORMATS if isinstance(one, FileFormat)]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_document(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("found", READ, ids=lambda one: one.id)
def test_a_format_has_a_reader_from_a_path_to_blocks(found: FileFormat) -> None:
    reader = signature(resolve_name(found.reader))
    given = [Path, PictureReader] if found.pictured else [Path]
    assert [parameter.annotation for parameter in reader.parameters.values()] == given
    assert reader.return_annotation is Blocks


def test_ids_and_endings_mean_one_format() -> None:
    endings = [ending for one in FORMATS for ending in one.endings]
    assert len(set(endings)) == len(endings)
    assert len({one.id for one in READ}) == len(READ)
    assert document_endings() >= {f".{one.id}" for one in READ if one.id != "picture"}


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "xls", "docx", "html", "txt"])
def test_a_document_is_found_by_its_content_alone(ending: str, good: Good, tmp_path: Path) -> None:
    (tmp_path / "document").write_bytes(good[ending])
    assert format_of(tmp_path / "document").id == ending


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.4", "pdf"), (b"<!DOCTYPE html><p>", "html"), (b"\xef\xbb\xbf <html>", "html"), (b"a <TABLE> b", "html"),
     ("预算".encode("utf-16"), "txt"), ("预算".encode("gb18030"), "txt"), (b"\xd0\xcf\x11\xe0 rest", "xls")],
)  # fmt: skip
def test_the_content_tells_the_format_whatever_the_name_says(content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "budget.docx").write_bytes(content)
    assert format_of(tmp_path / "budget.docx").id == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x00\x01\x02", "不是可读取"),
     (b"\xd0\xcf\x11\xe0" + "PowerPoint Document".encode("utf-16-le"), "演示文稿"),
     (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码")],
)  # fmt: skip
def test_what_is_known_and_cannot_be_read_says_what_to_do(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "budget.pdf").write_bytes(content)
    with pytest.raises(UnreadableFileError, match=words):
        format_of(tmp_path / "budget.pdf")


def test_the_first_line_that_fits_decides_and_the_last_fits_everything() -> None:
    """So an entry for another format stands before the one for text."""
    assert isinstance(FORMATS[-1], FileFormat) and FORMATS[-1].id == "txt"


HEAVY = {"pypdfium2", "python_calamine", "lxml", "PIL"}
LOADED = """
import sys
from pathlib import Path
from analysis.extraction.evidence import snapshots
from analysis.extraction.formats.format_registry import format_of
for path in sys.argv[1:]:
    format_of(Path(path)).read(Path(path))
print(*sys.modules)
"""


def loaded_for(*paths: Path) -> set[str]:
    command = [sys.executable, "-c", LOADED, *map(str, paths)]
    return HEAVY & set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_a_reader_that_is_not_needed_is_not_loaded(good: Good, tmp_path: Path) -> None:
    for ending in ("txt", "html", "xlsx"):
        (tmp_path / ending).write_bytes(good[ending])
    assert loaded_for(tmp_path / "txt") == set()
    assert loaded_for(tmp_path / "html") == {"lxml"}
    assert loaded_for(tmp_path / "xlsx") == {"lxml", "python_calamine"}


# A format that only this test knows -----------------------------------------------------------------------------------

MARK = b"CSVX 1\n"


def read_csvx(path: Path) -> Blocks:
    lines = enumerate(path.read_bytes().removeprefix(MARK).decode().split("\n"), 1)
    return Blocks(tuple(TextLine(line, Place(line=number)) for number, line in lines if line.strip()), 0, plain=True)


@pytest.fixture
def csvx(monkeypatch: pytest.MonkeyPatch) -> FileFormat:
    invented = FileFormat("csvx", (".csvx",), starts_with(MARK), f"{__name__}:read_csvx")
    monkeypatch.setattr(format_registry, "FORMATS", (invented, *FORMATS))
    return invented


def test_an_invented_format_is_found_read_and_shown(csvx: FileFormat, good: Good, tmp_path: Path) -> None:
    path = tmp_path / "raw" / "budget.csvx"
    (tmp_path / "raw" / "folder.csvx").mkdir(parents=True)
    path.write_bytes(MARK + good["txt"])
    (tmp_path / "same.txt").write_bytes(good["txt"])
    found = {file.source_file: file for file in find_files(tmp_path / "raw")}
    assert found["budget.csvx"].sha256 == content_sha256(path)
    assert "这是文件夹" in str(found["folder.csvx"].refusal)

    document = read_document(path, load_families())
    assert document == read_document(tmp_path / "same.txt", load_families())
    assert len(document.line_items) > 40

    item = document.line_items[0]
    request = SnapshotRequest(item.figure.place)
    (shown,) = take(SnapshotTask(path, content_sha256(path), (request,)))
    (excerpt,) = shown.views
    assert isinstance(excerpt, Excerpt)
    ((row, _),) = excerpt.marked
    assert item.figure.printed in excerpt.rows[row][0].split()


def test_an_ending_that_promises_an_invented_format_is_noted(csvx: FileFormat, tmp_path: Path) -> None:
    (text,) = (one for one in READ if one.id == "txt")
    assert "后缀为 .csvx，内容却是 txt" in str(note_on_ending(tmp_path / "a.CSVX", text))
    assert note_on_ending(tmp_path / "a.csvx", csvx) is None
    assert note_on_ending(tmp_path / "a.dat", csvx) is None


def test_a_kind_can_be_known_and_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(format_registry, "FORMATS", (RefusedFormat(starts_with(b"{\\rtf"), "另存"), *FORMATS))
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 }")
    with pytest.raises(UnreadableFileError, match="另存"):
        format_of(tmp_path / "a.rtf")


def test_a_file_that_changes_before_it_is_shown_gives_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("2025年单位预算\n", encoding="utf-8")
    task = SnapshotTask(path, content_sha256(path), (SnapshotRequest(Place(line=1)),))
    assert take(task)[0].views
    path.write_text("2026年单位预算\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="已改变"):
        take(task)


@pytest.mark.parametrize(("across", "down"), [(1, 0), (0, 1)], ids=["horizontal", "vertical"])
def test_a_tick_is_no_ruling_of_a_table(across: int, down: int, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "ticks.pdf"))
    for number, length in enumerate((60, 1, 30)):
        x, y = 100 + 50 * number * down, 400 + 50 * number * across
        canvas.line(x, y, x + length * across, y + length * down)
    canvas.drawString(100, 700, "budget")
    canvas.save()
    (page,) = read_pages(tmp_path / "ticks.pdf")
    assert isinstance(page, Page)
    rulings, others = (page.horizontals, page.verticals) if across else (page.verticals, page.horizontals)
    assert sorted(round(end - start) // 10 for _, start, end in rulings) == [3, 6]
    assert others == ()
