"""Old Word document → its lists: how the numbers are written that Word makes itself.

A paragraph names an override of a list by its place; the override names the list, and may let a level begin anew or be
written otherwise ([MS-DOC] 2.9.150 LVLF, 2.9.131 LFO, 2.9.147 LSTF). A list that only a style names is not counted.
"""

import struct
from collections.abc import Mapping

from analysis.extraction.formats.word_numbering import ListLevel, Numbering

_LIST, _OVERRIDE, _LEVEL = 28, 16, 28
_LEVELS = 9
_BEGINS, _WRITTEN = 0x10, 0x20
# The numbers of the ways to write a number ([MS-OSHARED] 2.2.1.3 MSONFC) by their names in newer documents.
_STYLES = {
    0x01: "upperRoman",
    0x02: "lowerRoman",
    0x03: "upperLetter",
    0x04: "lowerLetter",
    0x0A: "ideographDigital",
    0x0B: "japaneseCounting",
    0x11: "japaneseDigitalTenThousand",
    0x12: "decimalEnclosedCircle",
    0x16: "decimalZero",
    0x17: "bullet",
    0x1C: "decimalEnclosedCircleChinese",
    0x1E: "ideographTraditional",
    0x1F: "ideographZodiac",
    0x21: "taiwaneseCounting",
    0x23: "taiwaneseCountingThousand",
    0x24: "taiwaneseDigital",
    0x25: "chineseCounting",
    0x26: "chineseLegalSimplified",
    0x27: "chineseCountingThousand",
    0xFF: "none",
}


def read_lists(lists: bytes, overrides: bytes) -> Numbering:
    """The lists of a document, none where it has no overrides.

    Args:
        lists: The table from where its lists stand (PlfLst and the levels behind it).
        overrides: The table's part of overrides (PlfLfo).

    Raises:
        struct.error: one of them is cut off.
    """
    if not overrides:
        return Numbering({}, {})
    levels = _levels_by_list(lists)
    (count,) = struct.unpack_from("<I", overrides)
    place = 4 + _OVERRIDE * count
    found: dict[str, tuple[str, Mapping[int, ListLevel]]] = {}
    for number in range(count):
        identifier, changed = struct.unpack_from("<I8xB", overrides, 4 + _OVERRIDE * number)
        own = dict(levels.get(identifier, {}))
        anew = False
        place += 4
        for _ in range(changed):
            start, flags = struct.unpack_from("<II", overrides, place)
            place += 8
            depth = flags & 0x0F
            if flags & _WRITTEN:
                own[depth], place = _level(overrides, place)
            if flags & _BEGINS:
                own[depth] = own.get(depth, ListLevel())._replace(start=start)
                anew = True
        found[str(number + 1)] = (f"anew {number}" if anew else str(identifier), own)
    return Numbering(found, {})


def _levels_by_list(lists: bytes) -> dict[int, dict[int, ListLevel]]:
    if not lists:
        return {}
    (count,) = struct.unpack_from("<H", lists)
    place = 2 + _LIST * count
    found: dict[int, dict[int, ListLevel]] = {}
    for number in range(count):
        identifier, flags = struct.unpack_from("<I22xB", lists, 2 + _LIST * number)
        levels = found.setdefault(identifier, {})
        for depth in range(1 if flags & 1 else _LEVELS):
            levels[depth], place = _level(lists, place)
    return found


def _level(written: bytes, place: int) -> tuple[ListLevel, int]:
    """A level of a list, and where the next one stands."""
    start, style, looks, indents = struct.unpack_from("<IB19xBB", written, place)
    place += _LEVEL + looks + indents
    (length,) = struct.unpack_from("<H", written, place)
    text = written[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < _LEVELS else char for char in text)
    return ListLevel(start, _STYLES.get(style, "decimal"), text), place + 2 + 2 * length
