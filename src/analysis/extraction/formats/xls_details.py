"""Old workbook (xls, BIFF8) → what its sheets show beyond their values: hidden rows and columns, formats, errors.

The same as `xlsx_details` for the records of the old format. Strings and formulas are left to calamine.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.extraction.formats.compound_file import read_stream
from analysis.extraction.formats.number_formats import BUILT_IN, parse_format, show
from analysis.extraction.formats.sheet_details import SheetDetails

_COMPOUND = b"\xd0\xcf\x11\xe0"
_BOF, _EOF, _SHEET, _PASSWORD, _FORMAT, _STYLE = 0x809, 0x0A, 0x85, 0x2F, 0x41E, 0xE0
_ROW, _COLUMNS, _NUMBER, _RK, _MANY_RK, _FORMULA, _BOOL_OR_ERROR = 0x208, 0x7D, 0x203, 0x27E, 0xBD, 0x06, 0x205
_VERSION = 0x600
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_MOST_COLUMNS = 256
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

Position = tuple[int, int]


def read_xls_details(path: Path) -> Mapping[str, SheetDetails]:
    """The details of each sheet by its name; nothing for a workbook of another kind, or one that is encrypted.

    What is broken ends the reading of a sheet: whether the file can be read at all is for calamine to say.
    """
    with path.open("rb") as file:
        if file.read(4) != _COMPOUND:
            return {}
    stream = read_stream(path.read_bytes(), "Workbook")
    if stream is None:
        return {}
    sheets: list[tuple[str, int]] = []
    codes = dict(BUILT_IN)
    styles: list[int] = []
    for kind, record in _records(stream, 0):
        if kind == _PASSWORD or (kind == _BOF and struct.unpack_from("<H", record)[0] != _VERSION):
            return {}
        if kind == _SHEET:
            sheets.append((_string(record, 6, 1), struct.unpack_from("<I", record)[0]))
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _string(record, 2, 2)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", record, 2)[0])
    formats = {
        number: code
        for number, form in enumerate(styles)
        if (code := codes.get(form, "")) and parse_format(code) is not None
    }
    return {name: _read_sheet(stream, start, formats) for name, start in sheets}


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of a substream, those of charts within it passed over."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        record = stream[start + 4 : start + 4 + size]
        start += 4 + size
        if len(record) < size:
            return
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, record


def _string(record: bytes, start: int, width: int) -> str:
    """A text with its length in one or two bytes, then a flag whether its characters have two bytes."""
    length = int.from_bytes(record[start : start + width], "little")
    wide = record[start + width] & 1
    first = start + width + 1
    data = record[first : first + length * (1 + wide)]
    return data.decode("utf-16-le" if wide else "latin-1", "replace")


def _read_sheet(stream: bytes, start: int, formats: Mapping[int, str]) -> SheetDetails:
    details = SheetDetails()
    for kind, record in _records(stream, start):
        try:
            if kind == _ROW:
                if struct.unpack_from("<I", record, 12)[0] & _HIDDEN_ROW:
                    details.hidden_rows.add(struct.unpack_from("<H", record)[0])
            elif kind == _COLUMNS:
                first, last, _, _, flags = struct.unpack_from("<5H", record)
                if flags & _HIDDEN_COLUMN:
                    details.hidden_columns.update(range(first, min(last + 1, _MOST_COLUMNS)))
            else:
                _read_cells(kind, record, formats, details)
        except struct.error:
            continue
    return details


def _read_cells(kind: int, record: bytes, formats: Mapping[int, str], details: SheetDetails) -> None:
    for position, style, value in _numbers(kind, record):
        if (code := formats.get(style)) and (shown := show(repr(value), code)) is not None:
            details.shown[position] = shown
    error = None
    if kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        error = record[8]
    elif kind == _BOOL_OR_ERROR and record[7]:
        error = record[6]
    if error is not None:
        row, column = struct.unpack_from("<HH", record)
        details.shown[row, column] = _ERRORS.get(error, "#ERROR")
        details.errors.append((row, column))


def _numbers(kind: int, record: bytes) -> Iterator[tuple[Position, int, float]]:
    """The numbers of a record: position, style, value."""
    if kind == _NUMBER:
        row, column, style, value = struct.unpack_from("<HHHd", record)
        yield (row, column), style, value
    elif kind == _RK:
        row, column, style, packed = struct.unpack_from("<HHHI", record)
        yield (row, column), style, _unpacked(packed)
    elif kind == _MANY_RK:
        row, column = struct.unpack_from("<HH", record)
        for index in range((len(record) - 6) // 6):
            style, packed = struct.unpack_from("<HI", record, 4 + 6 * index)
            yield (row, column + index), style, _unpacked(packed)
    elif kind == _FORMULA and record[12:14] != b"\xff\xff":
        row, column, style, value = struct.unpack_from("<HHHd", record)
        yield (row, column), style, value


def _unpacked(packed: int) -> float:
    """A number in four bytes: the upper half of a float or 30 bits of an integer, maybe a hundred times too large."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))[0])
    return value / 100 if packed & 1 else value
