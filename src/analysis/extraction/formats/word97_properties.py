"""Old Word document → the properties of its characters and paragraphs, by where they stand in the file.

They are kept in pages of 512 bytes, each a list of stretches of the file with the changes (sprm) that hold there
([MS-DOC] 2.9.33 ChpxFkp, 2.9.179 PapxFkp, 2.6 single property modifiers).
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PAGE = 512
_BX = 13  # bytes that a paragraph has in the index of its page
_TABLE, _TABS, _HUGE = 0xD608, 0xC615, 0x6646
MERGED_DOWN = 0xD62B
"""Which cell of a row goes on with the one above; it stands once for each such cell."""
# How many bytes follow a change, by the three highest bits of its number; None where the first of them says so.
_SIZES = (1, 1, 2, 4, 2, 2, None, 3)


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the style in one stretch: the operands by the numbers of the changes, the last one holds."""

    operands: dict[int, bytes]

    def is_set(self, number: int) -> bool:
        """Whether a switch is on."""
        return self.operands.get(number, b"\x00")[:1] not in {b"\x00", b"\x80"}

    def value(self, number: int) -> int:
        """The operand as a number without sign, 0 where there is none."""
        return int.from_bytes(self.operands.get(number, b""), "little")


_NONE = Changes({})


@dataclass(frozen=True, slots=True)
class Stretches:
    """The changes of every stretch of a file, in the order of their places."""

    starts: Sequence[int]
    changes: Sequence[Changes]

    def at(self, place: int) -> Changes:
        """What holds at a place of the file, in bytes from its beginning."""
        index = bisect_right(self.starts, place) - 1
        return self.changes[index] if index >= 0 else _NONE

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, Changes]]:
        """The stretches between two places, cut at these."""
        while start < end:
            index = bisect_right(self.starts, start)
            stop = min(end, self.starts[index]) if index < len(self.starts) else end
            yield start, stop, self.changes[index - 1] if index else _NONE
            start = stop


def read_characters(file: bytes, index: bytes) -> Stretches:
    """The changes of characters.

    Args:
        file: The stream of the document.
        index: The list of its pages of such changes (PlcfBteChpx).

    Raises:
        struct.error: a page or an entry is cut off.
    """
    return _stretches(found for page in _pages(file, index) for found in _character_entries(page))


def read_paragraphs(file: bytes, index: bytes, data: bytes) -> Stretches:
    """The changes of paragraphs.

    Args:
        file: The stream of the document.
        index: The list of its pages of such changes (PlcfBtePapx).
        data: The stream where those stand that no page holds.

    Raises:
        struct.error: a page or an entry is cut off.
    """
    return _stretches(found for page in _pages(file, index) for found in _paragraph_entries(page, data))


def _stretches(found: Iterator[tuple[int, Changes]]) -> Stretches:
    ordered = sorted(found, key=lambda one: one[0])
    return Stretches([start for start, _ in ordered], [changes for _, changes in ordered])


def _pages(file: bytes, index: bytes) -> Iterator[bytes]:
    count = (len(index) - 4) // 8
    for number in struct.unpack_from(f"<{count}I", index, 4 * (count + 1)):
        yield struct.unpack_from(f"{_PAGE}s", file, number * _PAGE)[0]


def _character_entries(page: bytes) -> Iterator[tuple[int, Changes]]:
    count = page[-1]
    starts = struct.unpack_from(f"<{count}I", page)
    for start, half in zip(starts, page[4 * (count + 1) : 4 * (count + 1) + count], strict=True):
        place = 2 * half
        yield start, read_changes(page[place + 1 : place + 1 + page[place]]) if half else _NONE


def _paragraph_entries(page: bytes, data: bytes) -> Iterator[tuple[int, Changes]]:
    count = page[-1]
    starts = struct.unpack_from(f"<{count}I", page)
    for number, start in enumerate(starts):
        place = 2 * page[4 * (count + 1) + _BX * number]
        if not place:
            yield start, _NONE
            continue
        words = page[place]
        first, size = (place + 1, 2 * words - 1) if words else (place + 2, 2 * page[place + 1])
        found = read_changes(page[first + 2 : first + size])  # behind the number of its style
        yield start, _of_data(found, data) if _HUGE in found.operands else found


def _of_data(found: Changes, data: bytes) -> Changes:
    """The changes that do not fit into a page."""
    place = found.value(_HUGE)
    (size,) = struct.unpack_from("<H", data, place)
    return read_changes(data[place + 2 : place + 2 + size])


def read_changes(written: bytes) -> Changes:
    """The changes of a list; what is cut off at its end is left out."""
    operands: dict[int, bytes] = {}
    place = 0
    while place + 2 < len(written):
        number = int.from_bytes(written[place : place + 2], "little")
        place += 2
        size = _SIZES[number >> 13]
        if size is None:
            if number == _TABLE:
                size = int.from_bytes(written[place : place + 2], "little") - 1
                place += 2
            elif number == _TABS and written[place] == 0xFF:
                break  # as long as two lists within it say; nothing of it or behind it is asked for
            else:
                size = written[place]
                place += 1
        before = operands.get(number, b"") if number == MERGED_DOWN else b""
        operands[number] = before + written[place : place + size]
        place += size
    return Changes(operands)
