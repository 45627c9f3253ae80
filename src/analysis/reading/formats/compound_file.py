"""Compound file (old Office) → one of its streams: sectors chained by a table, as in a FAT disk."""

import struct
from collections.abc import Iterator, Sequence

_HEADER = 512
_LAST = 0xFFFFFFFA
_ENTRY = 128
_STREAM, _ROOT = 2, 5


def read_stream(data: bytes, name: str) -> bytes | None:
    """The stream of this name in the file's root; None where there is none, or the file's tables are broken."""
    try:
        return _Sectors(data).stream(name)
    except (struct.error, IndexError, ValueError):
        return None


class _Sectors:
    """A compound file with its tables of sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        self.small_size = 1 << struct.unpack_from("<H", data, 32)[0]
        self.directory, self.cutoff, self.small_table = struct.unpack_from("<I4xII", data, 48)
        self.table = [number for sector in self._table_sectors() for number in self._numbers(sector)]

    def _table_sectors(self) -> Iterator[int]:
        yield from (number for number in struct.unpack_from("<109I", self.data, 76) if number < _LAST)
        sector, count = struct.unpack_from("<II", self.data, 68)
        for _ in range(count):
            if sector >= _LAST:
                return
            *numbers, sector = self._numbers(sector)
            yield from (number for number in numbers if number < _LAST)

    def _sector(self, number: int) -> bytes:
        start = _HEADER + number * self.size if self.size == _HEADER else (number + 1) * self.size
        return self.data[start : start + self.size]

    def _numbers(self, sector: int) -> Sequence[int]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(sector))

    def _chain(self, first: int, table: Sequence[int]) -> Iterator[int]:
        """The sectors of a chain.

        Raises:
            ValueError: it goes round.
        """
        for _ in range(len(table) + 1):
            if first >= _LAST:
                return
            yield first
            first = table[first]
        raise ValueError("a chain of sectors goes round")

    def _joined(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(first, self.table))

    def stream(self, name: str) -> bytes | None:
        directory = self._joined(self.directory)
        entries = {}
        root = b""
        for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            entry = directory[start : start + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            place = struct.unpack_from("<II", entry, 116)
            if kind == _ROOT:
                root = self._joined(place[0]) if place[0] < _LAST else b""
            elif kind == _STREAM:
                entries[entry[: max(0, length - 2)].decode("utf-16-le", "replace")] = place
        if name not in entries:
            return None
        first, size = entries[name]
        if size >= self.cutoff:
            return self._joined(first)[:size]
        small = [number for sector in self._chain(self.small_table, self.table) for number in self._numbers(sector)]
        pieces = (root[n * self.small_size : (n + 1) * self.small_size] for n in self._chain(first, small))
        return b"".join(pieces)[:size]
