"""Rows set aside on disk until their place in a table is known.

Work comes back in the order in which it gets done, tables are written in an order that is fixed. Between the two, rows
lie in a file, each parcel under its key, and are read back parcel by parcel: so neither side holds a whole table.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.generations import OF_DOCUMENTS

Key = TypeVar("Key", bound=Hashable)


class Parcels(Generic[Key]):
    """Parcels of rows in a file that is complete, taken out in any order."""

    def __init__(self, path: Path, schema: pa.Schema, batches: Mapping[Key, Sequence[int]]) -> None:
        self.schema = schema
        self.batches = batches
        self._reader: Any = pa.ipc.open_file(pa.OSFile(str(path), "rb"))

    def take(self, key: Key) -> pa.Table:
        """The rows that lie under a key; none where there is no such key."""
        batches = [self._reader.get_batch(number) for number in self.batches.get(key, ())]
        return pa.Table.from_batches(batches, schema=self.schema)


class Spool(Generic[Key]):
    """A file of parcels of rows; first all are put in, then they are taken out in any order."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.path = path
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer: Any = pa.ipc.new_file(str(path), schema, options=options)
        self._batches: dict[Key, list[int]] = {}
        self._count = 0
        self._parcels: Parcels[Key] | None = None

    def put(self, key: Key, rows: pa.Table) -> None:
        """Set rows aside under their key."""
        numbers = self._batches.setdefault(key, [])
        for batch in rows.cast(self.schema).combine_chunks().to_batches():
            self._writer.write_batch(batch)
            numbers.append(self._count)
            self._count += 1

    @property
    def parcels(self) -> Parcels[Key]:
        """What was put in; nothing more can be."""
        if self._parcels is None:
            self._writer.close()
            self._parcels = Parcels(self.path, self.schema, self._batches)
        return self._parcels

    def take(self, key: Key) -> pa.Table:
        """The rows that lie under a key; none where there is no such key."""
        return self.parcels.take(key)

    def in_order(self) -> Iterator[pa.Table]:
        """All parcels in the order of their keys."""
        for key in sorted(self._batches):  # type: ignore[type-var]
            yield self.take(key)

    def close(self) -> None:
        """Let go of the file."""
        if self._parcels is None:  # closed twice, the writer would write its footer twice
            self._writer.close()
        self._parcels = None


@contextmanager
def spooled(path: Path, schema: pa.Schema) -> Iterator[Spool[Any]]:
    """A spool at `path`, which is gone afterwards."""
    spool: Spool[Any] = Spool(path, schema)
    try:
        yield spool
    finally:
        spool.close()
        path.unlink(missing_ok=True)


Spools = Mapping[str, Spool[str]]


@contextmanager
def spooled_tables(folder: Path) -> Iterator[Spools]:
    """A spool for each table that reading a document adds to, in `folder`."""
    with ExitStack() as stack:
        yield {
            table: stack.enter_context(spooled(folder / f"{table}.arrow", arrow_schema(table)))
            for table in OF_DOCUMENTS
        }
