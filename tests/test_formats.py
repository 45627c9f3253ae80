"""The registry of formats: an entry makes a kind of file readable, and its content tells a file's kind."""

from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.errors import UnreadableFileError
from analysis.reading.formats import format_registry as registry
from analysis.reading.formats.format_registry import FileFormat, format_of
from analysis.reading.layout.blocks import Blocks, TextLine
from analysis.reading.read_document import read_document
from analysis.steps.raw_files import find_files
from analysis.terms.line_item import Place

MARK = b"SHEETS/1\n"
TEXT = """上海市普陀区甲局2025年部门预算
预算主管部门：上海市普陀区甲局
2025年部门支出预算总表
单位：元
科目编码 科目名称 合计 基本支出 项目支出
204 公共安全支出 300 200 100
合计 300 200 100
"""


def read_sheets(path: Path) -> Blocks:
    """What the module of an invented format does: lines with their numbers."""
    lines = path.read_bytes().removeprefix(MARK).decode().splitlines()
    return Blocks(tuple(TextLine(line, Place(line=n)) for n, line in enumerate(lines, 1)), pages=0, plain=True)


def test_an_entry_is_all_that_a_new_format_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "budget.sheets"
    path.write_bytes(MARK + TEXT.encode())
    invented = FileFormat("sheets", (".sheets",), f"{__name__}:read_sheets", lambda head, _: head.startswith(MARK))
    monkeypatch.setattr(registry, "FORMATS", {"sheets": invented, **registry.FORMATS})
    (found,) = find_files(tmp_path)
    document = read_document(found.path, FAMILIES)
    assert not document.cover.contradictions
    assert [item.figure.printed for item in document.line_items] == ["300", "200", "100"] * 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.4", "pdf"), (b"<!DOCTYPE html><p>", "html"), (b"\xef\xbb\xbf <html>", "html"), (b"a <TABLE> b", "html"),
     ("预算".encode("utf-16"), "txt"), ("预算".encode("gb18030"), "txt"), (b"\xd0\xcf\x11\xe0 rest", "xls")],
)  # fmt: skip
def test_the_content_tells_the_format_whatever_the_name_says(content: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "budget.docx"
    path.write_bytes(content)
    assert format_of(path).id == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x89PNG rest", "图片"), (b"\x00\x01\x02", "不是可读取"),
     (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "旧版 Word"),
     (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码")],
)  # fmt: skip
def test_what_is_known_and_cannot_be_read_says_what_to_do(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "budget.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=words):
        format_of(path)
