"""The cleaned dataset on disk: parquet that is always whole.

All tables of one cleaning belong together, so they are switched together: a generation is a folder named by its
content under ``.generations``, ``.current`` is a link to one of them, and ``documents.parquet``, ``line_items.parquet``
and the others are links through ``.current``. Replacing that one link is the only step that readers can see: a kill at
any moment leaves the old dataset or the new one. Tables made later (checks) join the generation that they were made
from, and vanish from view with it. Parquet is written by pyarrow in a fixed order, so the same input gives the same
bytes.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import DatasetError
from analysis.publishing.dictionary import arrow_schema

_GENERATIONS = ".generations"
_CURRENT = ".current"
_ROW_GROUP = 128 * 1024


@contextmanager
def locked(clean_dir: Path) -> Iterator[None]:
    """Hold the dataset's lock, so that two cleanings of one folder come one after the other."""
    clean_dir.mkdir(parents=True, exist_ok=True)
    with (clean_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_dataset(tables: Mapping[str, pl.DataFrame], clean_dir: Path, version: str) -> None:
    """Make `tables` the dataset, all at once. `version` is that of the reader; call it inside `locked`.

    Raises:
        DatasetError: the folder holds a file of our names that we did not write.
    """
    making = _new(clean_dir)
    home = making.parent
    making.mkdir()
    digest = hashlib.sha256(version.encode())
    for name in sorted(tables):
        _write(tables[name], name, making / f"{name}.parquet", version)
        digest.update((making / f"{name}.parquet").read_bytes())
    generation = home / digest.hexdigest()[:16]
    _sync(making)
    if generation.exists():
        # The same bytes, unless somebody damaged them since.
        for path in making.iterdir():
            path.replace(generation / path.name)
        making.rmdir()
    else:
        making.rename(generation)
    before = (clean_dir / _CURRENT).resolve() if (clean_dir / _CURRENT).exists() else None
    for name in tables:
        _link(clean_dir, f"{name}.parquet", Path(_CURRENT) / f"{name}.parquet")
    _link(clean_dir, _CURRENT, Path(_GENERATIONS) / generation.name)
    for other in home.iterdir():
        if other.is_dir() and not other.is_symlink():
            if other.name != generation.name and other != before:
                shutil.rmtree(other)
        else:
            other.unlink()


def write_table(frame: pl.DataFrame, clean_dir: Path, table: str) -> None:
    """Add or replace one table of the current generation, atomically.

    Raises:
        DatasetError: there is no dataset yet.
    """
    generation = (clean_dir / _CURRENT).resolve()
    if not generation.exists():
        raise DatasetError(
            f"{clean_dir} 中没有数据集；请先运行 workbench clean。 / no dataset in {clean_dir}: run workbench clean"
        )
    making = _new(clean_dir)
    try:
        _write(frame, table, making, dataset_version(clean_dir) or "")
        making.replace(generation / f"{table}.parquet")
    finally:
        making.unlink(missing_ok=True)
    _link(clean_dir, f"{table}.parquet", Path(_CURRENT) / f"{table}.parquet")


def scan_table(clean_dir: Path, table: str) -> pl.LazyFrame:
    """One table of the dataset, lazily.

    Raises:
        DatasetError: it is not there.
    """
    path = clean_dir / f"{table}.parquet"
    if not path.exists():
        made_by = "validate" if table in {"checks", "findings"} else "clean"
        raise DatasetError(
            f"{path} 不存在；请先运行 workbench {made_by}。 / {path} is missing: run workbench {made_by}"
        )
    return pl.scan_parquet(path)


def scan_items(
    clean_dir: Path, organisations: Sequence[str] | None = None, years: Sequence[int] | None = None
) -> pl.LazyFrame:
    """The line items of some organisations and document years, lazily; None stands for all.

    Args:
        clean_dir: the cleaned dataset.
        organisations: organisation_ids.
        years: document years.

    Raises:
        DatasetError: there is no dataset.
    """
    items = scan_table(clean_dir, "line_items")
    if organisations is not None:
        items = items.filter(pl.col("organisation_id").is_in(list(organisations)))
    if years is not None:
        items = items.filter(pl.col("document_year").is_in(list(years)))
    return items


def read_table(clean_dir: Path, table: str) -> pl.DataFrame:
    """One table of the dataset.

    Raises:
        DatasetError: it is not there.
    """
    return scan_table(clean_dir, table).collect()


def dataset_version(clean_dir: Path) -> str | None:
    """The reader's version that made the dataset; None where there is none, or one that cannot be read."""
    try:
        metadata = pq.read_schema(clean_dir / "documents.parquet").metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    version = metadata.get(b"reader_version")
    return version.decode() if version else None


def to_frame(rows: list[dict[str, object]], table: str) -> pl.DataFrame:
    """Rows as a frame with the types of the contract."""
    schema = arrow_schema(table)
    frame = pl.from_arrow(pa.Table.from_pylist(rows, schema=schema))
    if not isinstance(frame, pl.DataFrame):
        raise DatasetError(f"{table} is no table")
    return frame


def _write(frame: pl.DataFrame, table: str, path: Path, version: str) -> None:
    schema = arrow_schema(table)
    schema = schema.with_metadata({**(schema.metadata or {}), b"reader_version": version.encode()})
    arrow = frame.select(schema.names).rechunk().to_arrow().cast(schema)
    pq.write_table(arrow, path, compression="zstd", row_group_size=_ROW_GROUP, use_dictionary=True)


def _sync(folder: Path) -> None:
    """Make sure that the files are on the disk before a link leads to them."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _new(clean_dir: Path) -> Path:
    """A name for something in the making: among the generations, where the next cleaning sweeps up what a kill left."""
    home = clean_dir / _GENERATIONS
    home.mkdir(parents=True, exist_ok=True)
    return home / f".new-{uuid4().hex}"


def _link(clean_dir: Path, name: str, target: Path) -> None:
    path = clean_dir / name
    if path.is_symlink() and path.readlink() == target:
        return
    if path.exists() and not path.is_symlink():
        raise DatasetError(
            f"{path} 不是本工具写的；请移走后再运行。 / {path} was not written by the workbench: move it away"
        )
    making = _new(clean_dir)
    making.symlink_to(target)
    making.replace(path)
