"""Generations of the dataset: all tables of one cleaning belong together, so they are switched together.

A generation is a folder named by its content under ``.generations``, ``.current`` is a link to one of them, and what
readers open are links through ``.current``. Replacing that one link is the only step that readers can see: a kill at
any moment leaves the old dataset or the new one. A copy may have lost its links (a zip file, a file system without
them): it is read all the same, and gets them back with the next table that is written. ``partitions.json`` tells the
rows and the hash of every partition: so an unchanged one is linked into the next generation and not written again, and
a damaged one is known.
"""

import fcntl
import filecmp
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.parquet import writing
from analysis.errors import DatasetError

PARTITIONED = ("line_items", "narrative", "passages", "statements", "unmapped")
SINGLE = ("tables", "facts", "projects", "performance")
OF_DOCUMENTS = (*PARTITIONED, *SINGLE)
"""What reading a document adds rows to: tables in a file for each organisation and year, and tables in one file."""
_SINGLE = ("documents", *SINGLE)
CURRENT = ".current"
FORMS = "forms"
_GENERATIONS = ".generations"
_PARTITIONS = "partitions.json"
_LONGEST_TARGET = 200
PINNED = ".pinned"
_NO_YEAR, _NO_ORGANISATION = "0000", "none"

Entries = Mapping[str, Mapping[str, Mapping[str, Any]]]


def partition_name(year: int | None, organisation_id: str | None) -> str:
    """The partition that holds what the documents of this organisation and year say."""
    return f"{_NO_YEAR if year is None else f'{year:04}'}-{organisation_id or _NO_ORGANISATION}"


EMPTY = partition_name(None, None)


def no_dataset(clean_dir: Path) -> DatasetError:
    """What is said where a dataset is needed and none is there."""
    return DatasetError(
        f"{clean_dir} 中没有数据集；请先运行 workbench clean。 / no dataset in {clean_dir}: run workbench clean"
    )


def root(folder: Path) -> Path:
    """The dataset's folder, for one of its generations too."""
    return folder.parent.parent if folder.parent.name == _GENERATIONS else folder


def current(clean_dir: Path) -> Path | None:
    """The folder of the generation that readers see, or this folder if it is one; None where there is no dataset.

    Where the link was lost in copying, it may have become the folder that it led to, or a text with its target; else
    the newest generation that is whole stands for it.
    """
    if root(clean_dir) != clean_dir:
        return clean_dir if clean_dir.is_dir() else None
    place = clean_dir / CURRENT
    if place.is_symlink() and place.exists():
        return place.resolve()
    if place.is_dir() and _is_whole(place):
        return place.resolve()
    named = _target_in(place)
    if _is_generation(named) and _is_whole(clean_dir / named):
        return (clean_dir / named).resolve()
    whole = [folder for folder in (clean_dir / _GENERATIONS).glob("[!.]*") if _is_whole(folder)]
    newest = max(whole, key=lambda folder: ((folder / _PARTITIONS).stat().st_mtime, folder.name), default=None)
    return newest.resolve() if newest else None


def _is_whole(generation: Path) -> bool:
    """Whether nothing is missing in the folder of a generation, copied or not."""
    if not (generation / "documents.parquet").is_file():
        return False
    try:
        listed = entries(generation)
    except DatasetError:
        return False
    there = {table: {path.stem for path in (generation / table).glob("*.parquet")} for table in PARTITIONED}
    return all(set(listed.get(table, ())) <= there[table] for table in PARTITIONED)


def _target_in(place: Path) -> Path:
    """The target of a link that became a small text, as git and zip write it where there are no links; else `.`."""
    try:
        if not place.is_symlink() and place.stat().st_size < _LONGEST_TARGET:
            return Path(place.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        pass
    return Path()


def _is_generation(target: Path) -> bool:
    return target.parent == Path(_GENERATIONS)


def name_of(generation: Path) -> str:
    """The name of a generation, also where its folder took the place of the link to it.

    Raises:
        DatasetError: it is damaged.
    """
    if generation.parent.name == _GENERATIONS:
        return generation.name
    single = [path for name in _SINGLE if (path := generation / f"{name}.parquet").exists()]
    try:
        metadata = pq.read_schema(generation / "documents.parquet").metadata or {}
        tables = [hashlib.sha256(path.read_bytes()).hexdigest() for path in single]
        listed = (generation / _PARTITIONS).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DatasetError(f"{generation}: 数据集已损坏，请重新清洗。 / damaged ({error}): clean again") from error
    return _name(metadata.get(b"reader_version", b"").decode(), tables, listed)


def _name(version: str, tables: Iterable[str], listed: str) -> str:
    return hashlib.sha256("".join((version, *sorted(tables), listed)).encode()).hexdigest()[:16]


def restore_links(clean_dir: Path) -> None:
    """Give a dataset that was copied without its links its links back; what is not a copy of its tables is not touched.

    Raises:
        DatasetError: the folder holds a file of our names that we did not write.
    """
    generation, place = current(clean_dir), clean_dir / CURRENT
    if generation is None or (place.is_symlink() and place.exists()):
        return
    if generation == place.resolve():
        home = clean_dir / _GENERATIONS
        home.mkdir(exist_ok=True)
        named = home / name_of(generation)
        if named.exists():
            _put_over(place, named)
        else:
            place.rename(named)
        generation = named
    names = [path.name for path in generation.iterdir() if path.suffix == ".parquet" or path.name in PARTITIONED]
    for name in names:
        path = clean_dir / name
        if path.is_symlink() or not path.exists():
            continue
        if path.is_dir() and _same_files(path, generation / name):
            shutil.rmtree(path)
        elif path.is_file() and (
            _target_in(path) == Path(CURRENT) / name or filecmp.cmp(path, generation / name, shallow=False)
        ):
            path.unlink()
    link(clean_dir, CURRENT, Path(_GENERATIONS) / generation.name)
    for name in names:
        link(clean_dir, name, Path(CURRENT) / name)


def _same_files(folder: Path, other: Path) -> bool:
    names = sorted(path.name for path in folder.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    return not any(filecmp.cmpfiles(folder, other, names, shallow=False)[1:])


def entries(generation: Path) -> Entries:
    """The rows and hashes of the partitions of a generation, by table and name.

    Raises:
        DatasetError: the list is missing or damaged.
    """
    try:
        found: Entries = json.loads((generation / _PARTITIONS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(f"{generation}: 数据集已损坏，请重新清洗。 / damaged ({error}): clean again") from error
    return found


def damaged(generation: Path) -> set[str]:
    """The partitions of which some file is not what was written.

    Raises:
        DatasetError: the list of partitions is missing or damaged.
    """
    found = set()
    for table, partitions in entries(generation).items():
        for name, entry in partitions.items():
            try:
                with (generation / table / f"{name}.parquet").open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                sha256 = ""
            if sha256 != entry["sha256"]:
                found.add(name)
    return found


def temporary_path(clean_dir: Path) -> Path:
    """A name for something in the making: among the generations, where the next cleaning sweeps up what a kill left."""
    home = root(clean_dir) / _GENERATIONS
    home.mkdir(parents=True, exist_ok=True)
    return home / f".new-{uuid4().hex}"


@contextmanager
def scratch_dir(clean_dir: Path) -> Iterator[Path]:
    """A folder for what is in the making, gone afterwards; on a cluster its workers see it too."""
    folder = temporary_path(clean_dir)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class GenerationWriter:
    """A generation in the making: tables are added one by one, `publish` lets the readers see them."""

    def __init__(self, clean_dir: Path, version: str) -> None:
        self._clean_dir = clean_dir
        self._version = version
        self.folder = temporary_path(clean_dir)
        self.folder.mkdir()
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}
        self._tables: dict[str, str] = {}
        for table in PARTITIONED:
            (self.folder / table).mkdir()
            self._entries[table] = {}

    def partition(self, table: str, name: str, rows: pa.Table) -> Path:
        """Write one partition; where it stands."""
        path = self.folder / table / f"{name}.parquet"
        with writing(path, table) as writer:
            writer.write(rows)
            self._entries[table][name] = {"rows": rows.num_rows, "sha256": writer.finish()}
        return path

    def keep(self, table: str, name: str, generation: Path, entry: Mapping[str, Any]) -> None:
        """Take an unchanged partition over from an older generation."""
        old, path = generation / table / f"{name}.parquet", self.folder / table / f"{name}.parquet"
        try:
            path.hardlink_to(old)
        except OSError:  # a file system without hard links
            shutil.copyfile(old, path)
        self._entries[table][name] = dict(entry)

    def keep_forms(self, forms_dir: Path) -> None:
        """Keep the families of forms that the documents were read by: whoever checks them needs the same."""
        for path in sorted(forms_dir.rglob("*.toml")):
            place = self.folder / FORMS / path.relative_to(forms_dir)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)

    def table(self, table: str, frame: pl.DataFrame) -> None:
        """Write a table that is one file."""
        with writing(self.folder / f"{table}.parquet", table, {"reader_version": self._version}) as writer:
            writer.write(frame)
            self._tables[table] = writer.finish()

    def publish(self) -> None:
        """Make this the dataset, all at once.

        Raises:
            DatasetError: the folder holds a file of our names that we did not write.
        """
        restore_links(self._clean_dir)
        for table, partitions in self._entries.items():
            if not partitions:
                # A folder without a file tells a reader no columns.
                self.partition(table, EMPTY, arrow_schema(table).empty_table())
        listed = json.dumps(self._entries, sort_keys=True, indent=0)
        (self.folder / _PARTITIONS).write_text(listed, encoding="utf-8")
        home = self.folder.parent
        generation = home / _name(self._version, self._tables.values(), listed)
        _sync(self.folder)
        if generation.exists():
            # The same bytes, unless somebody damaged them since.
            _put_over(self.folder, generation)
        else:
            self.folder.rename(generation)
        before = current(self._clean_dir)
        for name in self._tables:
            link(self._clean_dir, f"{name}.parquet", Path(CURRENT) / f"{name}.parquet")
        for name in self._entries:
            link(self._clean_dir, name, Path(CURRENT) / name)
        link(self._clean_dir, CURRENT, Path(_GENERATIONS) / generation.name)
        for name in self._entries:
            single = self._clean_dir / f"{name}.parquet"
            if single.is_symlink():  # a dataset of before the tables were split
                single.unlink()
        self._sweep(home, (generation, before))

    def _sweep(self, home: Path, kept: tuple[Path | None, ...]) -> None:
        """Remove what no reader needs any more, unless somebody works there; the next cleaning does it then.

        The generation before stays for those who hold it.
        """
        with (self._clean_dir / PINNED).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            names = {path.name for path in kept if path is not None}
            for other in home.iterdir():
                if other.is_dir() and not other.is_symlink():
                    if other.name not in names:
                        shutil.rmtree(other)
                else:
                    other.unlink()


def link(clean_dir: Path, name: str, target: Path) -> None:
    """Let a name of the dataset lead to `target`.

    Raises:
        DatasetError: somebody else's file bears the name.
    """
    path = clean_dir / name
    if path.is_symlink() and path.readlink() == target:
        return
    if path.exists() and not path.is_symlink() and not (name == CURRENT and _is_generation(_target_in(path))):
        raise DatasetError(
            f"{path} 不是本工具写的；请移走后再运行。 / {path} was not written by the workbench: move it away"
        )
    temporary = temporary_path(clean_dir)
    try:
        temporary.symlink_to(target)
    except OSError:  # a file system without links: `current` finds the generation by its name in a text
        if name != CURRENT:
            return
        temporary.write_text(str(target), encoding="utf-8")
    temporary.replace(path)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if not path.is_dir())


def _put_over(written: Path, generation: Path) -> None:
    for path in list(_files(written)):
        place = generation / path.relative_to(written)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    # What is linked under both names stays where it was.
    shutil.rmtree(written)


def _sync(folder: Path) -> None:
    """Make sure that the files are on the disk before a link leads to them."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
