"""Old workbook (xls, BIFF8) → whether its records are damaged, looked at before any reader unfolds them.

Calamine passes over what it does not know, so a record whose kind or length is damaged takes cells with it without a
word. The records of a sheet form a chain that must lead from its beginning to its end by kinds that there are, and a
cell lies in a row that was announced.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import check_area
from analysis.extraction.formats.compound_file import read_stream

_BOF, _EOF, _SHEET, _FILE_PASS, _ROW, _STRINGS = 0x809, 0x0A, 0x85, 0x2F, 0x208, 0xFC
_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
_LABEL = 0xFD
# The kinds of records that the format knows lie here: of books and sheets, of later versions, of charts.
_KNOWN = ((0x06, 0x1C2), (0x200, 0x293), (0x406, 0x4BC), (0x800, 0x8FF), (0x1001, 0x1070))
_VERSION = 0x600
_COMPOUND = b"\xd0\xcf\x11\xe0"
_NO_BOOK = (
    "工作簿无法打开，内部有损坏，或文件已加密；请用 Excel 打开、另存后再放入。"
    " / The workbook is damaged inside or encrypted, and cannot be opened; save it anew by Excel."
)


def damaged_sheets(path: Path) -> int:
    """How many sheets, the book itself counted as one, have damaged records; 0 for workbooks of another kind.

    Raises:
        UnreadableFileError: it holds no workbook, or a sheet spreads its cells over an absurd area.
    """
    data = path.read_bytes()
    if not data.startswith(_COMPOUND):
        return 0
    stream = read_stream(data, "Workbook")
    if stream is None and read_stream(data, "Book") is None:
        raise UnreadableFileError(_NO_BOOK)
    if stream is None or len(stream) < 6 or struct.unpack_from("<2xHH", stream)[1] != _VERSION:
        return 0
    try:
        book = list(_records(stream, 0))
        if any(kind == _FILE_PASS for kind, _ in book):
            return 0
        strings = next((struct.unpack_from("<4xI", record)[0] for kind, record in book if kind == _STRINGS), 0)
        starts = [struct.unpack_from("<I", record)[0] for kind, record in book if kind == _SHEET]
    except (struct.error, ValueError):
        return 1
    return sum(not _is_whole(stream, start, strings) for start in starts)


def _is_whole(stream: bytes, start: int, strings: int) -> bool:
    rows: dict[int, tuple[int, int]] = {}
    cells: list[tuple[int, int]] = []
    try:
        for kind, record in _records(stream, start):
            if kind == _ROW:
                number, first, last = struct.unpack_from("<HHH", record)
                rows[number] = (first, last)
            elif kind in _CELLS:
                cells.append(struct.unpack_from("<HH", record))
                if kind == _LABEL and struct.unpack_from("<6xI", record)[0] >= strings:
                    return False
    except (struct.error, ValueError):
        return False
    if cells:
        check_area(1 + max(row for row, _ in cells), 1 + max(column for _, column in cells))
    return not rows or all(row in rows for row, _ in cells)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from one beginning to its end, those of charts within it included.

    Raises:
        ValueError: there is no beginning, no end, or a kind that there is not.
    """
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        record = stream[start + 4 : start + 4 + size]
        start += 4 + size
        if len(record) < size or not any(low <= kind <= high for low, high in _KNOWN) or (not depth and kind != _BOF):
            raise ValueError("a damaged record")
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, record
        if not depth:
            return
    raise ValueError("no end")
