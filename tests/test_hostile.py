"""Broken and hostile files: each is told with what to do, costs only itself, and nothing crashes or hangs."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from make import hostile_files as hostile
from make.hostile_files import BROKEN, HARMFUL, ORGANISATION, YEAR, Good, another, good_document
from typesetter.book import all_truth

from analysis.dataset.store import read_table
from analysis.errors import UnreadableFileError
from analysis.extraction.formats.format_registry import MAX_BYTES
from analysis.runtime.work import FailureKind, TaskLimits, WorkError
from analysis.runtime.workers import worker_pool
from analysis.steps import raw_files
from analysis.steps import reading_limits as reading_limits_module
from analysis.steps.clean import clean_folder
from analysis.steps.raw_files import find_files
from analysis.steps.read_files import read_files
from analysis.steps.reading_limits import explain, reading_limits
from analysis.terms.document import Status

GIGABYTE = 2**30
Figure = tuple[str, str, str, str, Decimal]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cleaning made: a row for each file, and its figures."""

    rows: dict[str, dict[str, object]]
    figures: dict[str, list[Figure]]

    def status(self, name: str) -> str:
        return str(self.rows[name]["status"])

    def message(self, name: str) -> str:
        return str(self.rows[name]["message"] or "")

    def note(self, name: str) -> str:
        return str(self.rows[name]["note"] or "")


def read_cleaned(clean_dir: Path) -> Cleaned:
    rows = {str(row["source_file"]): row for row in read_table(clean_dir, "documents").iter_rows(named=True)}
    figures: dict[str, list[Figure]] = {name: [] for name in rows}
    columns = ("source_file", "table", "side", "phase", "measure", "amount")
    for name, *figure in read_table(clean_dir, "line_items").select(columns).iter_rows():
        figures[name].append(tuple(figure))
    return Cleaned(rows, {name: sorted(found) for name, found in figures.items()})


def cleaned(raw: Path, seconds: float, memory: int = 2 * GIGABYTE) -> Cleaned:
    clean_dir = raw.with_name(raw.name + "-clean")
    clean_folder(raw, clean_dir, workers=2, limits=TaskLimits(memory, seconds))
    return read_cleaned(clean_dir)


def printed_figures(good: Good) -> list[Figure]:
    """What the typesetter says that it printed."""
    return sorted((cell.table, cell.side, cell.phase, cell.measure, cell.amount) for cell in all_truth(good.book))


def is_for_a_person(message: str) -> bool:
    """Whether a message says in both languages what is wrong and what to do: each half has its two clauses."""
    chinese, slash, english = message.partition(" / ")
    return bool(
        slash and re.search(r"[一-鿿]{4}.*[；，].*[一-鿿]{2}", chinese) and re.search(r"[a-z]+ [a-z]+", english)
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_document(tmp_path_factory.mktemp("good"))


def folder_of(path: Path, files: dict[str, bytes]) -> Path:
    path.mkdir()
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


# Files that would eat the machine, and files that are damaged --------------------------------------------------------

SAYS = {
    "form that calls itself twice.pdf": "读取程序因此文件中断",
    "nine forms, ten times each.pdf": "读取程序因此文件中断",
    "page tree loop.pdf": "第 1 页已损坏",
    "deep array.pdf": "没有文字层",
    "two gigabytes of blanks.pdf": "解压后过大",
    "thin rectangles.pdf": "第 1 页图形过多",
    "grid without text.pdf": "没有文字层",
    "too many pages.pdf": "3001 页，超过上限 3000 页",
    "zip bomb.xlsx": "解压后过大",
    "zip bomb that lies.xlsx": "已损坏或加密",
    "far cells.xlsx": "单元格范围过大",
    "far rows.xlsx": "单元格范围过大",
    "external entity.xlsx": "工作簿无法打开",
    "billion laughs.xlsx": "工作簿无法打开",
    "external entity.docx": "实体声明",
    "billion laughs.docx": "实体声明",
    "laughs far down.docx": "已损坏或加密",
    "nested.zip": "请解压",
    "nested.html": "没有预算表",
    "empty.pdf": "空的",
    "cut to a twentieth.pdf": "不完整",
    "cut to three fifths.pdf": "不完整",
    "tail cut.pdf": "不完整",
    "cut.xlsx": "已损坏或加密",
    "cut.docx": "已损坏或加密",
    "cut.xls": "工作簿无法打开",
    "garbage.xlsx": "已损坏或加密",
    "garbage.docx": "已损坏或加密",
    "password.pdf": "密码",
    "encrypted.xlsx": "加密",
    "encrypted.docx": "加密",
    "encrypted workbook.xlsx": "密码",
    "old letter.doc": "另存为 .docx",
    "pictures only.pdf": "扫描件或图片",
    "picture.png": "没有预算",
    "picture.pdf": "没有预算",
    "page not found.pdf": "后缀为 .pdf，内容却是 html",
    "random.pdf": "不是可读取的文件类型",
    "random.txt": "编码无法识别",
    "list of names.xls": "没有预算表",
    "letter.txt": "没有预算表",
}
"""What the message of each file must contain."""


@pytest.fixture(scope="module")
def bad(good: Good, tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    made = {name: make(good) for name, make in (HARMFUL | BROKEN).items()}
    return cleaned(
        folder_of(tmp_path_factory.mktemp("bad") / "raw", made | {"good.pdf": good["pdf"]}), 60, 5 * GIGABYTE // 4
    )


ABSURD = {"number of 25 digits.html", "number of 60 digits.html"}


@pytest.mark.parametrize("name", sorted(set(HARMFUL | BROKEN) - ABSURD))
def test_a_bad_file_fails_alone_and_a_person_is_told_what_to_do(name: str, bad: Cleaned) -> None:
    assert bad.status(name) == Status.FAILED
    assert SAYS[name] in bad.message(name)
    assert is_for_a_person(bad.message(name))
    assert bad.figures[name] == []


@pytest.mark.parametrize("name", sorted(ABSURD))
def test_an_absurdly_long_number_is_no_amount_and_is_named(name: str, bad: Cleaned) -> None:
    assert bad.status(name) == Status.PARTIAL
    assert "99999”不是金额" in bad.message(name)
    assert len(bad.figures[name]) > 100


def test_a_good_file_among_bad_ones_has_every_figure(bad: Cleaned, good: Good) -> None:
    assert bad.status("good.pdf") == Status.PARSED
    assert bad.figures["good.pdf"] == printed_figures(good)
    assert set(bad.rows) == {"good.pdf", *HARMFUL, *BROKEN}


# Files that can be read, in whole or in part, though something is odd -------------------------------------------------

LONG = "预" * 82 + "算25.pdf"  # 255 bytes, all that a file system allows
AGAIN = "龙.pdf"
NAMES = (
    "with blanks  in it.pdf", "quote ' and \".pdf", "two\nlines.pdf", LONG, "上海；普陀；预算.pdf", "..%2f..%2fup.pdf",
    "=cmd|' ' C calc!A0.pdf", "-rf", "%s{0}$(id)`id`.pdf", "CON.pdf", "\u202efdp.exe.pdf", "😀.pdf",
)  # fmt: skip
TEXTS: dict[str, Callable[[str], bytes]] = {
    "gb18030.txt": lambda text: text.encode("gb18030"),
    "utf-16.txt": lambda text: text.encode("utf-16"),
    "utf-8 with mark.txt": lambda text: text.encode("utf-8-sig"),
    "dos lines.txt": lambda text: text.replace("\n", "\r\n").encode(),
}
WRONG_ENDINGS = {
    "workbook.pdf": "xlsx", "page.pdf": "html", "page.xls": "html", "old workbook.xlsx": "xls", "letter.doc": "docx",
    "document.xlsx": "pdf", "document.TXT": "pdf", "text.pdf": "txt",
}  # fmt: skip

SPANS = {
    "span ².html": "²".encode(),
    "span ①.html": "①".encode(),
    "span 1.5.html": b"1.5",
    "span -1.html": b"-1",
    "span 0001.html": b"0001",
    "span.html": b"",
}


@pytest.fixture(scope="module")
def odd_raw(good: Good, tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = good["txt"].decode()
    files = {name: another(good["pdf"], str(number)) for number, name in enumerate(NAMES)}
    files |= {name: encode(text + f"\n{name}\n") for name, encode in TEXTS.items()}
    for name, ending in WRONG_ENDINGS.items():
        comment = {"pdf": b"\n%" + name.encode(), "html": b"<!-- %s -->" % name.encode(), "txt": b"\n\n"}
        files[name] = good[ending] + comment.get(ending, b"")
    files |= {
        "damaged drawing.pdf": hostile.with_damaged_drawing(good["pdf"], 10),
        "damaged pages.pdf": hostile.with_garbage(good["pdf"], 0.05, 1500),
        "garbage.pdf": hostile.with_garbage(good["pdf"], 0.5, 5000),
        "half a character.pdf": hostile.with_half_a_character(good["pdf"]),
        "many pages.pdf": hostile.with_blank_pages(good["pdf"], 2000),
        "owner password.pdf": hostile.encrypted(good["pdf"], ""),
        AGAIN: files[LONG],
    }
    for name, span in SPANS.items():
        files[name] = good["html"].replace(b"<td style", b'<td colspan="%s" rowspan="%s" style' % (span, span))
    files["grid span ².docx"] = hostile.with_grid_spans(good["docx"], "²")
    files["grid span of 5000 digits.docx"] = hostile.with_wide_table(good["docx"], "9" * 5000)
    files["span of 5000 digits.html"] = good["html"] + b'<table><td colspan="%s">1</table>' % (b"9" * 5000)
    raw = folder_of(tmp_path_factory.mktemp("odd") / "raw", files)
    outside = folder_of(raw.with_name("outside"), {"linked.pdf": another(good["pdf"], "outside")})
    Path(os.fsdecode(bytes(raw) + b"/\xb2\xce.pdf")).write_bytes(another(good["pdf"], "name in GBK"))
    (raw / "folder.pdf").mkdir()
    (raw / "folder.pdf" / "inside.pdf").write_bytes(another(good["pdf"], "inside"))
    (raw / ".hidden.pdf").write_bytes(b"")
    (raw / "~$open.xlsx").write_bytes(b"")
    os.mkfifo(raw / "pipe.pdf")
    (raw / "link to file.pdf").symlink_to(outside / "linked.pdf")
    (raw / "link to folder").symlink_to(outside)
    (raw / "dead link.pdf").symlink_to(raw / "nowhere.pdf")
    (raw / "loop.pdf").symlink_to(raw / "loop.pdf")
    (raw / "loop of folders").symlink_to(raw)
    return raw


@pytest.fixture(scope="module")
def odd(odd_raw: Path) -> Cleaned:
    return cleaned(odd_raw, 60)


WHOLE = (
    *NAMES, "\\xb2\\xce.pdf", "folder.pdf/inside.pdf", "link to file.pdf", "many pages.pdf", "owner password.pdf",
    *SPANS, "grid span ².docx", "grid span of 5000 digits.docx", "span of 5000 digits.html",
)  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_whatever_its_name_or_place_a_good_file_is_read(name: str, odd: Cleaned, good: Good) -> None:
    assert odd.status(name) == Status.PARSED
    assert odd.figures[name] == printed_figures(good)


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_read_in_every_usual_encoding(name: str, odd: Cleaned, good: Good) -> None:
    assert odd.status(name) == Status.PARSED
    assert odd.figures[name] == printed_figures(good)


@pytest.mark.parametrize("name", WRONG_ENDINGS)
def test_the_content_decides_and_a_wrong_ending_is_noted(name: str, odd: Cleaned, good: Good) -> None:
    assert odd.status(name) == Status.PARSED
    assert odd.figures[name] == printed_figures(good)
    ending = Path(name).suffix.lower()
    assert odd.note(name).startswith(f"后缀为 {ending}，内容却是 {WRONG_ENDINGS[name]}")


def test_a_fitting_ending_is_not_remarked_on(odd: Cleaned) -> None:
    assert not any("后缀" in odd.note(name) for name in (*WHOLE, *TEXTS))


def figures_of_the_rest(name: str, odd: Cleaned, good: Good) -> bool:
    """Whether some figures are missing, most are there, and none is made up."""
    figures, whole = odd.figures[name], printed_figures(good)
    return 100 < len(figures) < len(whole) and set(figures) <= set(whole)


@pytest.mark.parametrize("name", ["damaged drawing.pdf", "garbage.pdf"])
def test_a_damaged_drawing_is_told_and_the_rest_is_read(name: str, odd: Cleaned, good: Good) -> None:
    assert odd.status(name) == Status.PARTIAL
    assert re.search(r"文件有 \d 处数据损坏", odd.message(name))
    assert is_for_a_person(odd.message(name))
    assert figures_of_the_rest(name, odd, good)


def test_damaged_pages_and_the_tables_they_held_are_named(odd: Cleaned, good: Good) -> None:
    assert odd.status("damaged pages.pdf") == Status.PARTIAL
    assert re.search(r"第 \d+ 页已损坏，无法读取。 / Page \d+ is damaged", odd.message("damaged pages.pdf"))
    assert "缺少法定表" in odd.message("damaged pages.pdf")
    assert figures_of_the_rest("damaged pages.pdf", odd, good)


def test_a_broken_character_costs_only_itself(odd: Cleaned, good: Good) -> None:
    assert odd.status("half a character.pdf") == Status.PARSED
    assert odd.rows["half a character.pdf"]["organisation"] == ORGANISATION.replace("晨", "\ufffd")
    assert odd.figures["half a character.pdf"] == printed_figures(good)


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "folder.pdf": "这是文件夹",
        "pipe.pdf": "不是普通文件",
        "dead link.pdf": "链接已失效",
        "loop.pdf": "链接已失效",
        "link to folder": "未跟随",
        "loop of folders": "未跟随",
    }.items(),
)
def test_what_is_no_file_is_told_and_not_opened(name: str, words: str, odd: Cleaned) -> None:
    assert odd.status(name) == Status.FAILED
    assert words in odd.message(name)
    assert is_for_a_person(odd.message(name))
    assert odd.rows[name]["sha256"] is None


def test_every_file_has_one_row_and_hidden_ones_none(odd: Cleaned, odd_raw: Path) -> None:
    found = [path for path in odd_raw.rglob("*") if not path.is_dir() or path.is_symlink() or path.suffix]
    assert len(odd.rows) == len(found) - 2
    assert ".hidden.pdf" not in odd.rows and "~$open.xlsx" not in odd.rows


def test_the_same_bytes_twice_are_read_once(odd: Cleaned) -> None:
    first, second = LONG, AGAIN
    assert odd.status(first) == Status.PARSED
    assert odd.status(second) == Status.DUPLICATE
    assert first in odd.message(second)
    assert odd.rows[first]["document_id"] == odd.rows[second]["document_id"]
    assert odd.figures[second] == []


def test_a_two_thousand_page_file_keeps_its_number_of_pages(odd: Cleaned) -> None:
    assert odd.rows["many pages.pdf"]["pages"] == 2000


# Two documents of one organisation and year ------------------------------------------------------------------------


def test_documents_that_claim_the_same_with_other_figures_are_both_kept_and_noted(good: Good, tmp_path: Path) -> None:
    altered = hostile.with_first_amount(good["html"], b"987,654,321")
    raw = folder_of(tmp_path / "raw", {"one；first.html": good["html"], "other.html": altered})
    for _ in range(2):  # the notes stay the same when nothing is read again
        both = cleaned(raw, 60)
        assert both.note("one；first.html").count("另有文件") == 1
        assert "“other.html”也是该单位2025年的，两者有 2 个数字不同" in both.note("one；first.html")
        assert "“one；first.html”也是该单位2025年的，两者有 2 个数字不同" in both.note("other.html")
        assert "2 figures differ" in both.note("other.html")
        assert [len(figures) for figures in both.figures.values()] == [len(printed_figures(good))] * 2
    (raw / "other.html").unlink()
    assert cleaned(raw, 60).note("one；first.html") == ""


def test_documents_that_claim_the_same_with_the_same_figures_say_so(good: Good, tmp_path: Path) -> None:
    both = cleaned(folder_of(tmp_path / "raw", {"one.pdf": good["pdf"], "other.html": good["html"]}), 60)
    assert "“other.html”也是该单位2025年的，数字相同" in both.note("one.pdf")
    assert {(row["organisation"], row["document_year"]) for row in both.rows.values()} == {(ORGANISATION, YEAR)}


def test_documents_of_other_years_are_no_rivals(good: Good, tmp_path: Path) -> None:
    earlier = good["html"].replace(b"2025", b"2024")
    both = cleaned(folder_of(tmp_path / "raw", {"2025.html": good["html"], "2024.html": earlier}), 60)
    assert {both.note(name) for name in both.rows} == {""}


# Permissions ---------------------------------------------------------------------------------------------------------


@contextmanager
def as_nobody() -> Iterator[None]:
    """Not as root, from whom no permission can be taken."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def shut(good: Good) -> Iterator[Path]:
    """A folder that everybody may enter, with files and folders that nobody may open."""
    with TemporaryDirectory() as folder:
        raw = Path(folder)
        raw.chmod(0o755)
        for name, mode in (("cannot list", 0o300), ("cannot enter", 0o644)):
            (raw / name).mkdir()
            (raw / name / "inside.pdf").write_bytes(good["pdf"])
            (raw / name).chmod(mode)
        (raw / "good.pdf").write_bytes(good["pdf"])
        (raw / "shut.pdf").write_bytes(good["pdf"])
        (raw / "shut.pdf").chmod(0)
        yield raw
        for name in ("cannot list", "cannot enter"):
            (raw / name).chmod(0o755)


def test_what_may_not_be_opened_is_told_and_the_rest_is_found(shut: Path) -> None:
    with as_nobody():
        found = {file.source_file: file for file in find_files(shut)}
    assert found["good.pdf"].sha256
    for name in ("shut.pdf", "cannot list", "cannot enter"):
        assert found[name].sha256 is None
        assert os.strerror(errno.EACCES) in str(found[name].refusal)
        assert is_for_a_person(str(found[name].refusal))


def test_a_path_that_is_too_long_is_told_and_the_rest_is_found(good: Good, tmp_path: Path) -> None:
    raw = folder_of(tmp_path / "raw", {"good.pdf": good["pdf"]})
    name, deep, depth = "深" * 80, os.open(raw, os.O_RDONLY), 20  # a name of 240 bytes, 20 times: beyond any system
    for _ in range(depth):
        os.mkdir(name, dir_fd=deep)
        inner = os.open(name, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    os.close(deep)
    found = {file.source_file: file for file in find_files(raw)}
    assert found.pop("good.pdf").sha256
    ((source_file, file),) = found.items()
    assert set(source_file.split("/")) == {name}
    assert "路径过长" in str(file.refusal) and is_for_a_person(str(file.refusal))
    shutil.rmtree(raw)


def test_a_folder_that_vanishes_while_it_is_read_is_told(
    good: Good, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = folder_of(tmp_path / "raw", {"good.pdf": good["pdf"]})
    folder_of(raw / "going", {"inside.pdf": good["pdf"]})
    listing = os.scandir

    def removing(path: str | int) -> Iterator[os.DirEntry[str]]:
        if str(path) == str(raw / "going"):
            shutil.rmtree(path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", removing)
    found = {file.source_file: file for file in find_files(raw)}
    assert set(found) == {"good.pdf", "going"}
    assert "已不在原处" in str(found["going"].refusal) and is_for_a_person(str(found["going"].refusal))
    with pytest.raises(UnreadableFileError, match="已不在原处"):
        find_files(tmp_path / "nowhere")


def test_a_huge_file_is_told_before_it_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = folder_of(tmp_path / "raw", {})
    with (raw / "huge.pdf").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    monkeypatch.setattr(raw_files, "content_sha256", None)  # it is never called
    (huge,) = find_files(raw)
    assert huge.sha256 is None
    assert "文件过大（200 MiB）" in str(huge.refusal) and is_for_a_person(str(huge.refusal))
    assert cleaned(raw, 60).message("huge.pdf") == huge.refusal


def test_a_missing_raw_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="--raw"):
        clean_folder(tmp_path / "nowhere", tmp_path / "clean")


# Workers that die ----------------------------------------------------------------------------------------------------

DEATHS = {
    "信号 9": WorkError(FailureKind.DIED, "", code=-9),
    "退出码 0": WorkError(FailureKind.DIED, "", code=0),
    "原因不明": WorkError(FailureKind.DIED, ""),
    "读取超过 60 秒": WorkError(FailureKind.LATE, ""),
    "内存超过上限（1024 MiB）": WorkError(FailureKind.MEMORY, "", "MemoryError"),
    "嵌套过深": WorkError(FailureKind.ERROR, "too deep", "RecursionError", "grid.py:7"),
    "意外错误（KeyError，grid.py:7": WorkError(FailureKind.ERROR, "'no such thing'", "KeyError", "grid.py:7"),
}


@pytest.mark.parametrize("words", DEATHS)
def test_what_became_of_a_reader_is_told_to_a_person(words: str) -> None:
    told = explain(DEATHS[words], TaskLimits(GIGABYTE, 60.0))
    assert words in told
    assert is_for_a_person(told)


def test_a_reader_may_take_its_share_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for available, workers, share in ((None, 2, 1024), (24_000, 2, 1024), (4_000, 4, 800), (1_000, 8, 512)):
        bytes_ = None if available is None else available * 2**20
        monkeypatch.setattr(reading_limits_module, "available_memory", lambda found=bytes_: found)
        assert reading_limits(workers).memory == share * 2**20


def test_a_file_that_is_gone_when_it_is_read_costs_only_itself(good: Good, tmp_path: Path) -> None:
    raw = folder_of(tmp_path / "raw", {"a.html": good["html"], "b.html": good["html"] + b"<p>b</p>"})
    found = find_files(raw)
    (raw / "a.html").unlink()
    with worker_pool(1) as workers:
        results = {file.source_file: result.row for file, result in read_files(workers, found, reading_limits(1))}
    assert results["a.html"]["status"] == Status.FAILED
    assert is_for_a_person(str(results["a.html"]["message"]))
    assert results["b.html"]["status"] != Status.FAILED


def test_a_file_that_changes_after_it_was_found_is_not_kept_as_what_it_was(good: Good, tmp_path: Path) -> None:
    raw = folder_of(tmp_path / "raw", {"a.html": good["html"]})
    found = find_files(raw)
    (raw / "a.html").write_bytes(hostile.with_first_amount(good["html"], b"987,654,321"))
    with worker_pool(1) as workers:
        ((_, result),) = read_files(workers, found, reading_limits(1))
    assert (result.row["status"], result.tables) == (Status.FAILED, {})
    assert "有改动" in str(result.row["message"]) and is_for_a_person(str(result.row["message"]))
    assert cleaned(raw, 60).status("a.html") == Status.PARSED


# Random damage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "docx", "xls", "html", "txt"])
def test_random_damage_is_told_wherever_the_kind_of_file_has_checksums(ending: str, good: Good, tmp_path: Path) -> None:
    rng = Random(ending)
    files = {
        f"{number}.{ending}": hostile.with_garbage(good[ending], rng.random(), rng.choice((1, 20, 300)))
        for number in range(12)
    }
    found = cleaned(folder_of(tmp_path / "raw", files), 30)
    assert set(found.rows) == set(files)
    for name in files:
        if found.status(name) == Status.PARSED:
            assert ending in {"xls", "html", "txt"} or found.figures[name] == printed_figures(good)
        else:
            assert is_for_a_person(found.message(name))
