"""The input formats, in one place: how a file is recognised by its content, and what reads it.

A format is its module and its line here. A kind of file that is known and not read has a line too, which says what to
do. The first line that fits a file decides; its name's ending never does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.delimited_text import is_delimited
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.sniffing import (
    ContentTest,
    archive_of_type,
    archive_with,
    compound_of,
    compound_with,
    is_anything,
    is_binary,
    is_pdf,
    is_spreadsheet_xml,
    is_web_archive,
    is_web_page,
    starts_with,
    take_sample,
)
from analysis.extraction.layout.blocks import Blocks, with_plain_characters
from analysis.recognising.picture import PictureReader

MAX_BYTES = 200 * 2**20


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file that is read.

    Attributes:
        id: What messages call it.
        endings: What names of such files end in, in small letters.
        matches: Whether a file is of this format, by its content.
        reader: The function from a path to `Blocks`, as "module:function"; it is imported when the first file needs it
            and raises `UnreadableFileError` for what it cannot read.
        drawn: Whether its places are boxes on pages that pdfium draws; else the blocks around a place are shown.
        pictured: Whether it may hold pictures; its reader is then told who says what they say.
    """

    id: str
    endings: tuple[str, ...]
    matches: ContentTest
    reader: str
    drawn: bool = False
    pictured: bool = False

    def read(self, path: Path, pictures: PictureReader = recognise_now) -> Blocks:
        """The file as blocks in reading order.

        Args:
            path: The file.
            pictures: Who says what pictures in it say.

        Raises:
            UnreadableFileError: it cannot be read; the message says why and what to do.
        """
        reader: Callable[..., Blocks] = resolve_name(self.reader)
        return with_plain_characters(reader(path, pictures) if self.pictured else reader(path))


@dataclass(frozen=True, slots=True)
class RefusedFormat:
    """A kind of file that is known and not read: how it is recognised, what to say, what its names end in."""

    matches: ContentTest
    message: str
    endings: tuple[str, ...] = ()


_WORKBOOK = "analysis.extraction.formats.workbook:read_workbook"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

FORMATS: tuple[FileFormat | RefusedFormat, ...] = (
    FileFormat("pdf", (".pdf",), is_pdf, "analysis.extraction.formats.pdf:read_pdf", drawn=True, pictured=True),
    FileFormat("xlsx", (".xlsx", ".xlsm"), archive_with("xl/workbook.xml"), _WORKBOOK),
    FileFormat("xlsb", (".xlsb",), archive_with("xl/workbook.bin"), _WORKBOOK),
    FileFormat(
        "ods",
        (".ods",),
        archive_of_type(f"{_OPEN_DOCUMENT}spreadsheet"),
        "analysis.extraction.formats.open_document:read_ods",
    ),
    FileFormat(
        "docx",
        (".docx",),
        archive_with("word/document.xml"),
        "analysis.extraction.formats.word_document:read_docx",
        pictured=True,
    ),
    RefusedFormat(
        archive_of_type(f"{_OPEN_DOCUMENT}text"),
        "这是 OpenDocument 文字文档；请另存为 .docx 后再放入。 / An OpenDocument text; save it as .docx.",
        (".odt",),
    ),
    FileFormat("ofd", (".ofd",), archive_with("OFD.xml"), "analysis.extraction.formats.ofd:read_ofd"),
    RefusedFormat(
        archive_with(),
        "这是压缩包，不是工作簿也不是 Word 文档；请解压，把其中的文件放入。"
        " / An archive of files; unpack it and put its files here.",
        (".zip",),
    ),
    RefusedFormat(
        starts_with(b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"),
        "这是压缩包（rar、7z 或 gz）；请解压，把其中的文件放入。 / An archive; unpack it and put its files here.",
        (".rar", ".7z", ".gz"),
    ),
    RefusedFormat(
        compound_with("EncryptedPackage"),
        "文件有密码；请解除密码后再放入。 / The file needs a password; remove it and try again.",
    ),
    FileFormat(
        "doc",
        (".doc", ".wps"),
        compound_of("WordDocument"),
        "analysis.extraction.formats.word97_document:read_doc",
    ),
    RefusedFormat(
        compound_of("PowerPoint Document"),
        "这是演示文稿；请另存为 PDF。 / This is a presentation; save it as PDF.",
        (".ppt", ".dps"),
    ),
    FileFormat("xls", (".xls", ".et"), compound_with(), _WORKBOOK),
    FileFormat(
        "picture",
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif"),
        starts_with(b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8"),
        "analysis.extraction.formats.picture_file:read_picture_file",
        pictured=True,
    ),
    RefusedFormat(
        starts_with(b"{\\rtf"),
        "这是 RTF 文档；请用 Word 或 WPS 另存为 .docx 后再放入。 / An RTF document; save it as .docx.",
        (".rtf",),
    ),
    FileFormat(
        "xml",
        (".xml",),
        is_spreadsheet_xml,
        "analysis.extraction.formats.spreadsheet_xml:read_spreadsheet_xml",
    ),
    FileFormat(
        "mht",
        (".mht", ".mhtml"),
        is_web_archive,
        "analysis.extraction.formats.web_archive:read_web_archive",
        pictured=True,
    ),
    FileFormat("html", (".html", ".htm"), is_web_page, "analysis.extraction.formats.web_page:read_html", pictured=True),
    RefusedFormat(
        is_binary,
        "不是可读取的文件类型；请另存为 PDF、xlsx、xls、docx、html、csv 或 txt。"
        " / Not a kind of file that can be read; save it as PDF, xlsx, xls, docx, html or txt.",
    ),
    FileFormat("csv", (".csv", ".tsv"), is_delimited, "analysis.extraction.formats.delimited_text:read_delimited"),
    FileFormat("txt", (".txt",), is_anything, "analysis.extraction.formats.text_file:read_text"),
)


def document_endings() -> frozenset[str]:
    """What names of files that are read end in."""
    return frozenset(ending for one in FORMATS if isinstance(one, FileFormat) for ending in one.endings)


def format_of(path: Path) -> FileFormat:
    """What the file is by its content.

    Raises:
        UnreadableFileError: it is empty, too large, or of a kind that is not read; the message says what to do.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("文件是空的（0 字节）；请重新下载。 / The file is empty; download it again.")
    if refusal := refuse_size(size):
        raise UnreadableFileError(refusal)
    sample = take_sample(path)
    found = next(one for one in FORMATS if one.matches(sample))
    if isinstance(found, RefusedFormat):
        raise UnreadableFileError(found.message)
    return found


def refuse_size(size: int) -> str | None:
    """Why a file of so many bytes is not even looked at; None where it is."""
    if size <= MAX_BYTES:
        return None
    return f"文件过大（{size / 2**20:.0f} MiB），未读取；请拆分后再放入。 / The file is too large; split it."


def note_on_ending(path: Path, found: FileFormat) -> str | None:
    """What to say where the name's ending promises another kind of file than the content is; None where it fits."""
    ending = path.suffix.lower()
    if ending in found.endings or not any(ending in one.endings for one in FORMATS):
        return None
    return (
        f"后缀为 {ending}，内容却是 {found.id}，按内容读取。"
        f" / The name ends in {ending}, but the content is {found.id}; it was read as that."
    )
