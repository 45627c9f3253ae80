"""Archives (xlsx, docx and others), looked at before any reader unfolds them."""

import re
import zipfile
import zlib
from pathlib import Path

from analysis.errors import UnreadableFileError

MAX_UNPACKED = 300 * 2**20
MAX_ENTRIES = 5_000
MAX_AREA = 2_000_000
_SCANNED = 4 * 2**20
ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_REFERENCE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


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
            for entry in entries:
                # Reading also checks the checksum, which readers of workbooks do not.
                xml = archive.read(entry) if entry.filename.endswith(".xml") else b""
                if entry.filename.startswith("xl/worksheets/") and len(xml) <= _SCANNED:
                    _check_area(xml, entry.filename)
    except (*ARCHIVE_ERRORS, OSError) as error:
        raise UnreadableFileError(
            "压缩包已损坏或加密，无法打开；请重新下载或另存。"
            " / The archive is damaged or encrypted; download it again or save it anew."
        ) from error


def _check_area(xml: bytes, name: str) -> None:
    columns, rows = 0, 0
    for letters, digits in _REFERENCE.findall(xml):
        columns, rows = max(columns, _column_number(letters)), max(rows, int(digits))
    if columns * rows > MAX_AREA:
        raise UnreadableFileError(
            f"工作表 {name} 的单元格范围过大（{rows}×{columns}），未读取；请删去多余的行列后另存。"
            f" / The sheet {name} spans {rows} × {columns} cells; delete the empty rows and columns and save it anew."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
