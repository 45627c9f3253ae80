"""The cleaned dataset: what readers open, whole or in parts, and how its tables are written.

What documents say (line items, unmapped cells, narrative, passages) lies in flat folders of parquet files, one for each
document year and organisation, with all columns inside: every reader takes the folder as one table, and whoever needs
one organisation opens its files alone. The documents and their printed tables, and the checks and findings made later,
are single files. All of them
are switched together, as generations (`analysis.dataset.generations`).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.dataset.dictionary import arrow_schema, flat_columns
from analysis.dataset.generations import (
    FORMS,
    PARTITIONED,
    current,
    entries,
    link,
    name_of,
    no_dataset,
    partition_name,
    restore_links,
    root,
    temporary_path,
)
from analysis.dataset.parquet import TableWriter, content_of, writing
from analysis.errors import DatasetError

_LATER = ("checks", "findings", "duties")


@contextmanager
def adding(clean_dir: Path, table: str) -> Iterator[TableWriter]:
    """Write a table that joins the current generation, or the one that is named, when all its rows are written.

    Raises:
        DatasetError: there is no dataset yet.
    """
    restore_links(root(clean_dir))
    generation = current(clean_dir)
    if generation is None:
        raise no_dataset(clean_dir)
    temporary = temporary_path(clean_dir)
    try:
        with writing(temporary, table, {"reader_version": dataset_version(clean_dir) or ""}) as writer:
            yield writer
            writer.finish(tell_content=True)
        temporary.replace(generation / f"{table}.parquet")
    finally:
        temporary.unlink(missing_ok=True)
    link(root(clean_dir), f"{table}.parquet", Path(".current") / f"{table}.parquet")


def write_table(frame: pl.DataFrame, clean_dir: Path, table: str) -> None:
    """Add or replace one table of the current generation, atomically.

    Raises:
        DatasetError: there is no dataset yet.
    """
    with adding(clean_dir, table) as writer:
        writer.write(frame)


def forms_dir(clean_dir: Path) -> Path | None:
    """The user's own families of forms that the dataset was read by, kept with it; None where there are none."""
    folder = current(clean_dir)
    return folder / FORMS if folder is not None and (folder / FORMS).is_dir() else None


def has_table(clean_dir: Path, table: str) -> bool:
    """Whether the dataset has the table."""
    folder = _opened(clean_dir)
    return (folder / table).is_dir() if table in PARTITIONED else (folder / f"{table}.parquet").exists()


def _opened(clean_dir: Path) -> Path:
    """Where the tables lie: in the current generation, or in the folder itself where it is one or holds none."""
    return current(clean_dir) or clean_dir


def scan_table(clean_dir: Path, table: str) -> pl.LazyFrame:
    """One table of the dataset, lazily.

    Raises:
        DatasetError: it is not there.
    """
    if table in PARTITIONED:
        return scan_parts(clean_dir, table)
    path = _opened(clean_dir) / f"{table}.parquet"
    if not path.exists():
        raise _missing(path, "validate" if table in _LATER else "clean")
    return _lazily([path], table)


def scan_parts(clean_dir: Path, table: str, names: Sequence[str] | None = None) -> pl.LazyFrame:
    """Some partitions of a table by their names, lazily; None stands for all.

    Raises:
        DatasetError: there is no dataset.
    """
    folder = _opened(clean_dir) / table
    if names is None:
        found = partitions_of(clean_dir, table)
        if not found:
            raise _missing(folder, "clean")
    else:
        found = _there(folder, names)
    return _scan(folder, found)


def scan_slice(
    clean_dir: Path, table: str, organisations: Sequence[str] | None = None, years: Sequence[int] | None = None
) -> pl.LazyFrame:
    """What some organisations and document years say in a partitioned table, lazily; None stands for all.

    Only the files of these organisations and years are opened: their names tell.

    Args:
        clean_dir: the cleaned dataset.
        table: one of `PARTITIONED`.
        organisations: organisation_ids.
        years: document years.

    Raises:
        DatasetError: there is no dataset.
    """
    if organisations is None and years is None:
        return scan_parts(clean_dir, table)
    return _scan(_opened(clean_dir) / table, partitions_of(clean_dir, table, organisations, years))


def partitions_of(
    clean_dir: Path, table: str, organisations: Sequence[str] | None = None, years: Sequence[int] | None = None
) -> tuple[str, ...]:
    """The names of the partitions that hold what some organisations and document years say; None stands for all.

    Where both are named no folder is listed: a report by unit costs the same in a district and in a country.
    """
    folder = _opened(clean_dir) / table
    if organisations is not None and years is not None:
        return _there(folder, [partition_name(year, body) for year in years for body in organisations])
    prefixes = None if years is None else {partition_name(year, None)[:4] for year in years}
    bodies = None if organisations is None else set(organisations)
    found = sorted(path.stem for path in folder.glob("*.parquet"))
    return tuple(
        name for name in found if (prefixes is None or name[:4] in prefixes) and (bodies is None or name[5:] in bodies)
    )


def _there(folder: Path, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in sorted(set(names)) if (folder / f"{name}.parquet").exists())


def _scan(folder: Path, found: Sequence[str]) -> pl.LazyFrame:
    """These partitions, which are there; an empty table where there are none."""
    if found:
        return _lazily([folder / f"{name}.parquet" for name in found], folder.name)
    if not folder.is_dir():
        raise _missing(folder, "clean")
    return to_frame([], folder.name).lazy()


def _lazily(paths: list[Path], table: str) -> pl.LazyFrame:
    """The rows of some files of a table; a column that a dataset of before lacks is null."""
    schema = to_frame([], table).schema
    return pl.scan_parquet(paths, glob=False, schema=schema, missing_columns="insert", extra_columns="ignore")


def read_table(clean_dir: Path, table: str) -> pl.DataFrame:
    """One table of the dataset.

    Raises:
        DatasetError: it is not there.
    """
    return scan_table(clean_dir, table).collect()


def pieces(clean_dir: Path, table: str, rows: int = 50_000) -> Iterator[pl.DataFrame]:
    """One table of the dataset piece by piece, one piece at least: for whoever writes it out flat, without lists.

    Raises:
        DatasetError: it is not there.
    """
    scan_table(clean_dir, table)
    folder = _opened(clean_dir)
    files = sorted((folder / table).glob("*.parquet")) if table in PARTITIONED else [folder / f"{table}.parquet"]
    columns = flat_columns(table)
    head = to_frame([], table).select(columns)
    yield head
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(rows, columns=columns):
                yield pl.concat([head, pl.DataFrame(pa.Table.from_batches([batch]))], how="diagonal")


def partition_digests(clean_dir: Path) -> Mapping[str, str]:
    """The content of every partition, all its tables together, as one hash by name: read from a list, not the files.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
    """
    generation = current(clean_dir)
    if generation is None:
        raise _missing(clean_dir / "line_items", "clean")
    tables = entries(generation)
    names = sorted({name for partitions in tables.values() for name, entry in partitions.items() if entry["rows"]})
    contents = {
        name: [str(tables[table].get(name, {}).get("sha256")) for table in PARTITIONED if table in tables]
        for name in names
    }
    return {name: hashlib.sha256("|".join(parts).encode()).hexdigest() for name, parts in contents.items()}


def generation(clean_dir: Path) -> str:
    """An id of everything in the dataset: it changes when any table does, checks and findings included.

    Raises:
        DatasetError: there is no dataset.
    """
    folder = current(clean_dir)
    if folder is None:
        raise _missing(clean_dir / "documents.parquet", "clean")
    parts = [name_of(folder), *(content_of(folder / f"{table}.parquet") for table in _LATER)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def dataset_version(clean_dir: Path) -> str | None:
    """The reader's version that made the dataset; None where there is none, or one that cannot be read."""
    try:
        metadata = pq.read_schema(_opened(clean_dir) / "documents.parquet").metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    version = metadata.get(b"reader_version")
    return version.decode() if version else None


def to_frame(rows: list[dict[str, object]], table: str) -> pl.DataFrame:
    """Rows as a frame with the types of the contract."""
    schema = arrow_schema(table)
    # pyarrow imports pandas to look at values, which every kernel of a report would pay for: none are no values.
    frame = pl.from_arrow(pa.Table.from_pylist(rows, schema=schema) if rows else pa.Table.from_batches([], schema))
    if not isinstance(frame, pl.DataFrame):
        raise DatasetError(f"{table} is no table")
    return frame


def _missing(path: Path, command: str) -> DatasetError:
    return DatasetError(f"{path} 不存在；请先运行 workbench {command}。 / {path} is missing: run workbench {command}")
