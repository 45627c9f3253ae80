"""Archives (xlsx, docx and others), looked at before any reader unfolds them."""

import re
import zipfile
import zlib
from pathlib import Path

from analysis.errors import UnreadableFileError

MAX_UNPACKED = 300 * 2**20
MAX_ENTRIES = 5_000
MAX_AREA = 2_000_000
MAX_TEXT = 200 * 2**20
MAX_RUNS = 500_000
_SCANNED = 4 * 2**20
ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_SHARED_TEXTS = "xl/sharedStrings.xml"
_SHARED_REFERENCE = re.compile(rb'<c\b[^>]*?\bt="s"[^>]*>\s*<v>(\d{1,9})</v>')
_REFERENCE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SMALLEST_CELL = 20
_TOO_MUCH_TEXT = (
    "文件中的文字过多，疑似压缩炸弹，未读取；请拆分后另存。"
    " / The file holds too much text and was not read; split it and save it anew."
)


def check_archive(path: Path) -> None:
    """Refuse an archive that would not fit into the machine.

    Raises:
        UnreadableFileError: it is damaged, unfolds too far, or spreads its cells over an absurd area.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise UnreadableFileError(
                    "文件解压后过大，疑似压缩炸弹，未读取；请另存后再放入。"
                    " / The archive unfolds to too much data and was not opened; save it anew."
                )
            lengths = _lengths_of_texts(archive)
            shown = 0
            for entry in entries:
                # Reading also checks the checksum, which readers of workbooks do not.
                xml = archive.read(entry) if entry.filename.endswith(".xml") else b""
                if entry.filename.startswith("xl/worksheets/") and len(xml) <= _SCANNED:
                    _check_area(xml, entry.filename)
                if lengths and entry.filename.startswith("xl/worksheets/"):
                    shown += _shown_by(xml, lengths)
                if shown > MAX_TEXT or (entry.filename == "word/document.xml" and xml.count(b"<w:r>") > MAX_RUNS):
                    raise UnreadableFileError(_TOO_MUCH_TEXT)
    except (*ARCHIVE_ERRORS, OSError) as error:
        raise UnreadableFileError(
            "压缩包已损坏或加密，无法打开；请重新下载或另存。"
            " / The archive is damaged or encrypted; download it again or save it anew."
        ) from error


def _lengths_of_texts(archive: zipfile.ZipFile) -> list[int]:
    """The lengths of the texts that cells share, in bytes; none where even the longest in every cell were harmless."""
    if _SHARED_TEXTS not in archive.namelist():
        return []
    lengths = [len(text) for text in archive.read(_SHARED_TEXTS).split(b"<si")[1:]]
    packed = sum(entry.file_size for entry in archive.infolist() if entry.filename.startswith("xl/worksheets/"))
    return lengths if max(lengths, default=0) * (packed // _SMALLEST_CELL) > MAX_TEXT else []


def _shown_by(xml: bytes, lengths: list[int]) -> int:
    """How many bytes of shared texts the cells of a sheet show."""
    numbers = (int(number) for number in _SHARED_REFERENCE.findall(xml))
    return sum(lengths[number] for number in numbers if number < len(lengths))


def _check_area(xml: bytes, name: str) -> None:
    columns, rows = 0, 0
    for letters, digits in _REFERENCE.findall(xml):
        columns, rows = max(columns, _column_number(letters)), max(rows, int(digits))
    check_area(rows, columns, name)


def check_area(rows: int, columns: int, name: str = "") -> None:
    """Refuse a sheet whose cells lie absurdly far apart; `name` is that of its part of the archive, if any.

    Raises:
        UnreadableFileError: they do.
    """
    if columns * rows > MAX_AREA:
        name = name and f" {name} "
        raise UnreadableFileError(
            f"工作表{name}的单元格范围过大（{rows}×{columns}），未读取；请删去多余的行列后另存。"
            f" / The sheet{name} spans {rows} × {columns} cells; delete the empty rows and columns and save it anew."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
