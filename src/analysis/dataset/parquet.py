"""Parquet of the contract, a row group at a time: the same rows give the same bytes, in whatever parcels they come.

The file is hashed while it is written, so nobody has to read it again to know what is in it. A table written on its own
carries the hash of its rows in its footer, where `content_of` finds it.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.dataset.dictionary import arrow_schema

ROW_GROUP = 128 * 1024
_CONTENT = "content_sha256"


def to_arrow(frame: pl.DataFrame, table: str) -> pa.Table:
    """A frame with the columns and types of the contract."""
    schema = arrow_schema(table)
    return frame.select(schema.names).rechunk().to_arrow().cast(schema)


class _Hashed(io.RawIOBase):
    """A file that knows the hash of what was written to it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("wb")
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        self._file.close()
        super().close()


class TableWriter:
    """Writes one parquet file; `rows` and, after closing, `sha256` say what is in it."""

    def __init__(self, path: Path, table: str, metadata: dict[str, str] | None = None) -> None:
        schema = arrow_schema(table)
        encoded = {key.encode(): value.encode() for key, value in (metadata or {}).items()}
        self._table = table
        self._schema = schema.with_metadata({**(schema.metadata or {}), **encoded})
        self._file = _Hashed(path)
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd", use_dictionary=True)
        self._waiting: list[pa.Table] = []
        self.rows = 0

    def write(self, rows: pa.Table | pl.DataFrame) -> None:
        """Add rows; they are written as soon as a row group is full."""
        added = to_arrow(rows, self._table) if isinstance(rows, pl.DataFrame) else rows
        self._waiting.append(added.cast(self._schema))
        self.rows += added.num_rows
        if sum(part.num_rows for part in self._waiting) >= ROW_GROUP:
            full = pa.concat_tables(self._waiting)
            while full.num_rows >= ROW_GROUP:
                self._group(full.slice(0, ROW_GROUP))
                full = full.slice(ROW_GROUP)
            self._waiting = [full.combine_chunks()]

    def _group(self, rows: pa.Table) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROW_GROUP)

    def finish(self, *, tell_content: bool = False) -> str:
        """Write what is left; the hash of the file, or of its rows where that is told in its footer."""
        rest = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        if rest.num_rows:
            self._group(rest)
        content = self._file.digest.hexdigest()
        if tell_content:
            self._writer.add_key_value_metadata({_CONTENT: content})
        self._writer.close()
        self._file.close()
        return content if tell_content else self._file.digest.hexdigest()

    def abandon(self) -> None:
        """Close the half-written file."""
        self._writer.close()
        self._file.close()


@contextmanager
def writing(path: Path, table: str, metadata: dict[str, str] | None = None) -> Iterator[TableWriter]:
    """A writer that is closed whatever happens; who leaves without `finish` leaves half a file."""
    writer = TableWriter(path, table, metadata)
    try:
        yield writer
    finally:
        writer.abandon()


def content_of(path: Path) -> str:
    """The hash of the rows of a table that was written on its own; empty where the file or the hash is missing."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return ""
    return str(metadata.get(_CONTENT.encode(), b"").decode())
