"""Compound file (old Office) → one of its streams: sectors chained by a table, as in a FAT disk."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_HEADER = 512
_LAST = 0xFFFFFFFA
_ENTRY = 128
_STREAM, _ROOT = 2, 5


def read_stream(data: bytes, name: str) -> bytes | None:
    """The stream of this name in the file's root; None where there is none, or the file's tables are broken."""
    try:
        return _Sectors(data).stream(name)
    except (struct.error, IndexError, ValueError, StopIteration):
        return None


def root_streams(data: bytes) -> frozenset[str] | None:
    """The streams of the file's root by name, without those of objects within; None where its tables are broken."""
    try:
        return frozenset(_Sectors(data).entries())
    except (struct.error, IndexError, ValueError, StopIteration):
        return None


class _Sectors:
    """A compound file with its tables of sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        self.small_size = 1 << struct.unpack_from("<H", data, 32)[0]
        self.directory, self.cutoff, self.small_table = struct.unpack_from("<I4xII", data, 48)
        self.table = [number for sector in self._table_sectors() for number in self._numbers(sector)]
        self.lines = self._directory()
        self.root = next(entry for entry in self.lines if entry.kind == _ROOT)

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

    def entries(self) -> dict[str, tuple[int, int]]:
        """The streams of the root by name: where each begins, and its size."""
        directory, root = self.lines, self.root
        found: dict[str, tuple[int, int]] = {}
        waiting, seen = [root.child], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= len(directory) or number in seen:
                continue
            seen.add(number)
            entry = directory[number]
            waiting += [entry.left, entry.right]
            if entry.kind == _STREAM:
                found[entry.name] = entry.first, entry.size
        return found

    def _directory(self) -> list["_DirectoryEntry"]:
        written = self._joined(self.directory)
        return [_entry(written[start : start + _ENTRY]) for start in range(0, len(written) - _ENTRY + 1, _ENTRY)]

    def stream(self, name: str) -> bytes | None:
        found = self.entries().get(name)
        if found is None:
            return None
        first, size = found
        if size >= self.cutoff:
            return self._joined(first)[:size]
        root = self._joined(self.root.first)
        small = [number for sector in self._chain(self.small_table, self.table) for number in self._numbers(sector)]
        pieces = (root[n * self.small_size : (n + 1) * self.small_size] for n in self._chain(first, small))
        return b"".join(pieces)[:size]


class _DirectoryEntry(NamedTuple):
    """A line of the directory: a stream, a storage or the root; what stands beside and within it by number."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    first: int
    size: int


def _entry(written: bytes) -> _DirectoryEntry:
    length, kind, left, right, child = struct.unpack_from("<HBxIII", written, 64)
    name = written[: max(0, length - 2)].decode("utf-16-le", "replace")
    return _DirectoryEntry(name, kind, left, right, child, *struct.unpack_from("<II", written, 116))
