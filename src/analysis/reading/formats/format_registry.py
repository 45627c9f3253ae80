"""The kinds of file that are read: one entry each, told by the content and never by the name.

A new kind is a module that turns a path into `Blocks`, and an entry here. Its module is imported when a file of that
kind is met, so a kind that nobody uses costs nothing.
"""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.reading.layout.blocks import Blocks

_HEAD = 4096
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file.

    Attributes:
        id: What it is called, in messages too.
        endings: What its names end in, the usual one first.
        reader: The function that reads it, as ``module:name`` below this room: a path becomes blocks.
        is_content: Whether a file is of this kind, by its first bytes and, where these do not tell, by its path.
    """

    id: str
    endings: tuple[str, ...]
    reader: str
    is_content: Callable[[bytes, Path], bool]

    def read(self, path: Path) -> Blocks:
        """The file as blocks in reading order.

        Raises:
            UnreadableFileError: It cannot be read; the message says why and what to do.
        """
        module, _, name = self.reader.partition(":")
        read: Callable[[Path], Blocks] = getattr(import_module(module), name)
        return read(path)


def _is_pdf(head: bytes, path: Path) -> bool:
    return b"%PDF-" in head[:1024]


def _is_archive_with(*members: str) -> Callable[[bytes, Path], bool]:
    def is_content(head: bytes, path: Path) -> bool:
        if not head.startswith(_ZIP):
            return False
        with zipfile.ZipFile(path) as archive:
            return bool({*members} & {*archive.namelist()})

    return is_content


def _is_old_workbook(head: bytes, path: Path) -> bool:
    return head.startswith(_COMPOUND)


def _is_page(head: bytes, path: Path) -> bool:
    if head.startswith((_ZIP, _COMPOUND)):  # whatever is stored in it
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<table" in head.lower() or b"<body" in head.lower()


def _is_text(head: bytes, path: Path) -> bool:
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


FORMATS: dict[str, FileFormat] = {
    one.id: one
    for one in (
        FileFormat("pdf", (".pdf",), "analysis.reading.formats.pdf_blocks:read_pdf", _is_pdf),
        FileFormat(
            "xlsx",
            (".xlsx", ".xlsm"),
            "analysis.reading.formats.workbook:read_workbook",
            _is_archive_with("xl/workbook.xml", "xl/workbook.bin"),
        ),
        FileFormat(
            "docx", (".docx",), "analysis.reading.formats.markup:read_docx", _is_archive_with("word/document.xml")
        ),
        FileFormat("xls", (".xls",), "analysis.reading.formats.workbook:read_workbook", _is_old_workbook),
        FileFormat("html", (".html", ".htm"), "analysis.reading.formats.plain_files:read_page", _is_page),
        FileFormat("txt", (".txt",), "analysis.reading.formats.plain_files:read_text", _is_text),
    )
}
# What bears one of these names was meant to be a document, though it is none that is read.
OTHER_ENDINGS = frozenset({".doc", ".png", ".jpg", ".jpeg"})


def endings() -> Mapping[str, FileFormat]:
    """The format that each ending promises."""
    return {ending: one for one in FORMATS.values() for ending in one.endings}


def format_of(path: Path) -> FileFormat:
    """What a file is by its content.

    Raises:
        UnreadableFileError: It is a picture, an old or locked document, or of no kind that is read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    _refuse(head, path)
    found = next((one for one in FORMATS.values() if one.is_content(head, path)), None)
    if found is not None:
        return found
    if head.startswith(_ZIP):
        raise UnreadableFileError(
            "压缩包不是工作簿也不是 Word 文档；请解压后再放入。 / An archive of another kind; unpack it first."
        )
    raise UnreadableFileError(
        "不是可读取的文件类型；请另存为 PDF、xlsx、xls、docx、html 或 txt。"
        " / Not a kind of file that can be read; save it as PDF, xlsx, xls, docx, html or txt."
    )


def _refuse(head: bytes, path: Path) -> None:
    """Refuse what is known and cannot be read, with what to do."""
    if b"%PDF-" in head[:1024]:
        return
    if head.startswith(_ZIP):
        from analysis.reading.formats.workbook import check_archive

        check_archive(path)
    elif head.startswith(_COMPOUND):
        # The file's directory, in UTF-16, names what it holds.
        data = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFileError(
                "文件有密码；请解除密码后再放入。 / The file needs a password; remove it and try again."
            )
        if "WordDocument".encode("utf-16-le") in data:
            raise UnreadableFileError(
                "这是旧版 Word 文档；请另存为 .docx。 / This is an old Word document; save it as .docx."
            )
    elif head.startswith(_PICTURES):
        raise UnreadableFileError(
            "这是图片，没有文字；请取得带文字层的 PDF 或表格文件。"
            " / This is a picture without text; get a PDF with text or a workbook."
        )
