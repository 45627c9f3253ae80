"""One file → all that it says: the way through the reading room.

The kind of a file is told by its content, never by its ending. What cannot be read raises `UnreadableFileError` with a
sentence that says what is wrong and what to do; what can be read in part comes with its problems.
"""

import zipfile
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.knowledge.families import Families
from analysis.reading.formats.markup import read_docx, read_html
from analysis.reading.formats.pdf import read_pages
from analysis.reading.formats.pdf_damage import damaged_streams
from analysis.reading.formats.workbook import check_archive, read_workbook
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.items import TableReading, read_table
from analysis.reading.forms.locate import Located, LocatedTable, locate
from analysis.reading.forms.plain_text import read_plain_table, text_to_blocks
from analysis.reading.forms.recognise import recognise
from analysis.reading.layout.blocks import Block, Blocks, Grid
from analysis.reading.layout.grid import page_to_blocks
from analysis.reading.layout.passages import lines_to_passages
from analysis.reading.text.narrative import read_narrative
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.form import Family
from analysis.terms.line_item import Kind

MAX_BYTES = 200 * 2**20
_HEAD = 4096


class FileKind(StrEnum):
    """What a file is by its content; the value is the ending that it should have."""

    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    DOCX = "docx"
    HTML = "html"
    TEXT = "txt"


_ENDINGS = {f".{kind}": kind for kind in FileKind} | {".htm": FileKind.HTML, ".xlsm": FileKind.XLSX}
_OTHER_ENDINGS = {".doc", ".png", ".jpg", ".jpeg"}


def read_document(path: Path, families: Families) -> ReadDocument:
    """All that the file says, in the words of the family of forms that fits it best.

    Raises:
        UnreadableFileError: it cannot be read at all; the message says why and what to do.
    """
    kind = file_kind(path)
    strange = _strange_ending(path, kind)
    try:
        document = _read(path, kind, families)
    except UnreadableFileError as error:
        raise UnreadableFileError(" ".join((str(error), *strange))) from error
    contradictions = (*strange, *document.cover.contradictions)
    return replace(document, cover=replace(document.cover, contradictions=contradictions))


def _strange_ending(path: Path, kind: FileKind) -> tuple[str, ...]:
    """What to say where the name's ending promises another kind of file than the content is."""
    ending = path.suffix.lower()
    if _ENDINGS.get(ending, kind) is kind and ending not in _OTHER_ENDINGS:
        return ()
    return (
        f"后缀为 {ending}，内容却是 {kind}，按内容读取。"
        f" / The name ends in {ending}, but the content is {kind}; it was read as that.",
    )


def _read(path: Path, kind: FileKind, families: Families) -> ReadDocument:
    located_blocks = read_blocks(path, kind)
    recognition = recognise(located_blocks, families.by_id.values())
    family = recognition.family
    located = locate(located_blocks, family)
    cover = read_cover(located, family)
    chosen = tuple(_best_of_each(located, located_blocks.plain))
    readings = [_read_table(table, cover.year, plain=located_blocks.plain) for table in chosen]
    tables = tuple(dict.fromkeys(table.form.table for table in chosen))
    if not tables:
        _refuse_without_tables(located_blocks)
    problems = (
        *located_blocks.problems,
        *_unknown(cover),
        *_missing(tables, cover, family),
        *(problem for reading in readings for problem in reading.problems),
    )
    return ReadDocument(
        cover=cover,
        pages=located_blocks.pages,
        tables=tables,
        other_tables=located.other_tables,
        line_items=tuple(item for reading in readings for item in reading.line_items),
        open_rows=tuple(row for reading in readings for row in reading.open_rows),
        narrative=tuple(item for passage in located.passages for item in read_narrative(passage, family)),
        problems=tuple(dict.fromkeys(problems)),
        passages=lines_to_passages(located.passages, family.wording.heading),
        form=family.id,
        form_score=recognition.score,
    )


def file_kind(path: Path) -> FileKind:
    """What the file is by its content.

    Raises:
        UnreadableFileError: it is empty, too large, a picture, or of no kind that is read.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("文件是空的（0 字节）；请重新下载。 / The file is empty; download it again.")
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"文件过大（{size / 2**20:.0f} MiB），未读取；请拆分后再放入。 / The file is too large; split it."
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound_kind(path)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")):
        raise UnreadableFileError(
            "这是图片，没有文字；请取得带文字层的 PDF 或表格文件。"
            " / This is a picture without text; get a PDF with text or a workbook."
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<table" in head.lower() or b"<body" in head.lower():
        return FileKind.HTML
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError(
            "不是可读取的文件类型；请另存为 PDF、xlsx、xls、docx、html 或 txt。"
            " / Not a kind of file that can be read; save it as PDF, xlsx, xls, docx, html or txt."
        )
    return FileKind.TEXT


def _compound_kind(path: Path) -> FileKind:
    """An old workbook, unless the file's directory, which is in UTF-16, names another content."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFileError(
            "文件有密码；请解除密码后再放入。 / The file needs a password; remove it and try again."
        )
    if "WordDocument".encode("utf-16-le") in data:
        raise UnreadableFileError(
            "这是旧版 Word 文档；请另存为 .docx。 / This is an old Word document; save it as .docx."
        )
    return FileKind.XLS


def _zip_kind(path: Path) -> FileKind:
    check_archive(path)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return FileKind.XLSX
    if "word/document.xml" in names:
        return FileKind.DOCX
    raise UnreadableFileError(
        "压缩包不是工作簿也不是 Word 文档；请解压后再放入。 / An archive of another kind; unpack it first."
    )


def read_blocks(path: Path, kind: FileKind) -> Blocks:
    """The file as blocks in reading order.

    Raises:
        UnreadableFileError: as `read_document`.
    """
    if kind is FileKind.PDF:
        return _pdf_blocks(path)
    if kind in {FileKind.XLSX, FileKind.XLS}:
        return read_workbook(path)
    if kind is FileKind.DOCX:
        return read_docx(path)
    text = decode(path.read_bytes())
    return read_html(text) if kind is FileKind.HTML else text_to_blocks(text)


def _pdf_blocks(path: Path) -> Blocks:
    blocks: list[Block] = []
    problems: list[str] = []
    pages = chars = 0
    for page in read_pages(path):
        pages += 1
        if isinstance(page, UnreadableFileError):
            problems.append(str(page))
            continue
        chars += len(page.chars)
        try:
            blocks += page_to_blocks(page)
        except UnreadableFileError as error:
            problems.append(str(error))
    if not chars and pages:
        raise UnreadableFileError(
            f"PDF 共 {pages} 页，没有文字层（扫描件或图片）；请取得可复制文字的版本，或先做文字识别（OCR）。"
            f" / The PDF has {pages} pages and no text (a scan); get a version with text or run OCR first."
            + ("" if not problems else f" {problems[0]}")
        )
    if damaged := damaged_streams(path):
        problems.append(
            f"文件有 {damaged} 处数据损坏，可能缺字缺数；请重新下载。"
            f" / {damaged} parts of the file are damaged, text or figures may be missing; download it again."
        )
    return Blocks(tuple(blocks), pages, tuple(problems))


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or GB 18030.

    Raises:
        UnreadableFileError: it is none of them.
    """
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        "文字编码无法识别（不是 UTF-8、UTF-16 或 GB 18030）；请另存为 UTF-8。"
        " / The text's encoding is not known; save it as UTF-8."
    )


def _refuse_without_tables(blocks: Blocks) -> None:
    """Refuse what says nothing of budgets; a document whose official tables cannot be read is another thing."""
    of_budgets = any("预算" in text or "决算" in text for block in blocks.blocks for text in _texts(block))
    if not of_budgets or (len(blocks.blocks) < 3 and not any(isinstance(block, Grid) for block in blocks.blocks)):
        message = (
            "文件中没有预算表，也没有预算文字；请确认放对了文件。"
            " / The file holds neither budget tables nor their text; make sure that it is the right one."
        )
        raise UnreadableFileError(" ".join((message, *blocks.problems)))


def _texts(block: Block) -> Iterable[str]:
    return (cell.text for cell in block.cells) if isinstance(block, Grid) else (block.text,)


def _best_of_each(located: Located, plain: bool) -> Iterable[LocatedTable]:
    """Each official table once: of several with one title (a contents page in plain text) the one with most in it."""
    best: dict[tuple[str, Kind], LocatedTable] = {}
    for table in located.tables:
        key = table.form.table, table.form.kind
        size = len(table.lines) if plain else sum(len(segment.rows) for segment in table.segments)
        old = best.get(key)
        if old is None or size > (len(old.lines) if plain else sum(len(segment.rows) for segment in old.segments)):
            best[key] = table
    return best.values()


def _read_table(table: LocatedTable, year: int | None, *, plain: bool) -> TableReading:
    if year is None:
        return TableReading((), (), ())
    return read_plain_table(table, year) if plain else read_table(table, year)


def _unknown(cover: Cover) -> list[str]:
    words = [
        zh
        for zh, value in (
            ("单位名称", cover.organisation),
            ("年度", cover.year),
            ("部门或单位", cover.level),
            ("预算或决算", cover.kind),
        )
        if value is None
    ]
    return (
        [f"文中未见：{'、'.join(words)}。 / The text does not state all of organisation, year, level, kind."]
        if words
        else []
    )


def _missing(tables: tuple[str, ...], cover: Cover, family: Family) -> list[str]:
    """The official tables that this kind and year should have and that were not found."""
    expected = {
        form.table: form.titles[0]
        for form in family.forms
        if form.kind is cover.kind and form.since <= (cover.year or 0)
    }
    missing = {table: title for table, title in expected.items() if table not in tables}
    if not missing:
        return []
    return [f"缺少法定表：{'、'.join(missing.values())}。 / Official tables not found: {', '.join(missing)}."]
