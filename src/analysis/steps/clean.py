"""A folder of published files → the cleaned dataset: incremental, deterministic, one row for every file.

Files are known by their content: one seen before by the same reader is not read again, the same content under another
name is a duplicate. Whatever happens to one file stays with it. What was read is set aside on disk and put together
partition by partition, so the memory needed is that of one partition, however many files there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from analysis.dataset.conflicts import note_conflicts, note_without_conflicts
from analysis.dataset.document_rows import identifier
from analysis.dataset.generations import (
    OF_DOCUMENTS,
    PARTITIONED,
    SINGLE,
    GenerationWriter,
    current,
    damaged,
    entries,
    partition_name,
    scratch_dir,
)
from analysis.dataset.locks import locked
from analysis.dataset.parquet import to_arrow
from analysis.dataset.row_head import Row
from analysis.dataset.spool import Spool, Spools, spooled_tables
from analysis.dataset.store import dataset_version, read_table, to_frame
from analysis.errors import DatasetError, UnreadableFileError
from analysis.knowledge.families import load_families
from analysis.runtime.work import TaskLimits, Workers
from analysis.runtime.workers import worker_pool
from analysis.steps.document_halves import with_halves
from analysis.steps.document_regions import with_regions
from analysis.steps.given_facts import facts_of, read_given
from analysis.steps.raw_files import RawFile, find_files
from analysis.steps.read_files import blank_row, read_files
from analysis.steps.reader_version import reader_version
from analysis.steps.reading_limits import reading_limits
from analysis.steps.recognise_pictures import Scans, recognised_store
from analysis.steps.told_readings import is_unread, read_told_readings, told_lines
from analysis.terms.document import READ_STATUSES, Given, Status
from analysis.terms.recognition import ToldReading

TABLES = ("documents", *OF_DOCUMENTS)
_TOLD = ("source_file", "organisation_id")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a cleaning did: files found, read now, taken over unchanged, and how many failed."""

    found: int
    read: int
    unchanged: int
    failed: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before anything is read.

    The reader's version, the first file of each content, its row where it still holds, what is to be read, a user's
    own families of forms, and what a person says of files.
    """

    version: str
    first_of: Mapping[str, RawFile]
    old: Mapping[str, Row]
    new: Sequence[RawFile]
    forms_dir: Path | None
    given: Mapping[str, Given]


def _silent(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def clean_folder(
    raw_dir: Path,
    clean_dir: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    limits: TaskLimits | None = None,
    progress: Progress | None = None,
    forms_dir: Path | None = None,
    scans: bool = True,
) -> Cleaning:
    """Read what is new in `raw_dir` and write the dataset of all of it to `clean_dir`.

    Args:
        raw_dir: published files, in any folders.
        clean_dir: where the dataset is kept.
        workers: reading processes side by side.
        scheduler: the address of a Dask scheduler whose workers read; they see the raw folder under the same path.
        limits: what reading one file may take; None for what this machine can give.
        progress: called with (files done, files to read, name) after each file.
        forms_dir: a user's own families of forms; None for none.
        scans: whether pages that are pictures are recognised.

    Raises:
        UnreadableFileError: there is no folder `raw_dir`.
        WorkbenchError: the scheduler cannot be reached.
        KnowledgeError: a family of `forms_dir`, or `documents.toml` of the raw folder, is malformed.
    """
    if not raw_dir.is_dir():
        raise UnreadableFileError(f"没有文件夹 {raw_dir}；请用 --raw 指明。 / There is no folder {raw_dir}.")
    load_families(forms_dir)  # what is malformed is said before anything is read
    with locked(clean_dir):
        found = find_files(raw_dir.resolve())
        given = _of_first(found, read_given(raw_dir.resolve(), {file.source_file for file in found}))
        told = read_told_readings(raw_dir.resolve(), {file.source_file for file in found})
        known = _known(clean_dir, found, forms_dir, given, told)
        how = Scans(scans, recognised_store(clean_dir), told=told)
        limits = limits or reading_limits(workers)
        with scratch_dir(clean_dir) as folder, spooled_tables(folder) as spools:
            with worker_pool(workers, scheduler if known.new else None) as pool:
                rows = _read_new(pool, known, limits, spools, progress or _silent, how)
            documents = to_frame(
                with_halves(with_regions([_document_row(file, known, rows) for file in found])), "documents"
            )
            documents = _publish(clean_dir, documents, known, spools)
    failed = documents.filter(pl.col("status") == Status.FAILED).height
    return Cleaning(len(found), len(known.new), len(known.first_of) - len(known.new), failed)


def _of_first(found: Sequence[RawFile], given: Mapping[str, Given]) -> Mapping[str, Given]:
    """What a person says of files, so that what is said of a copy is said of the file that is read for it."""
    said: dict[str | None, Given] = {}
    for file in found:
        if file.source_file in given:
            said.setdefault(file.sha256, given[file.source_file])
    return {file.source_file: said[file.sha256] for file in found if file.sha256 in said}


def _known(
    clean_dir: Path,
    found: Sequence[RawFile],
    forms_dir: Path | None,
    given: Mapping[str, Given],
    told: Mapping[str, Sequence[ToldReading]],
) -> _Known:
    first_of = {file.sha256: file for file in reversed(found) if file.sha256}
    version = reader_version(forms_dir)
    old = _reusable(clean_dir, version, first_of, given)
    old = {
        sha256: row
        for sha256, row in old.items()
        if not is_unread(row.get("message"))
        and row.get("readings") == told_lines(told.get(first_of[sha256].source_file, ()))
    }
    new = sorted((file for sha256, file in first_of.items() if sha256 not in old), key=lambda one: one.source_file)
    return _Known(version, first_of, old, new, forms_dir, given)


def _read_new(
    pool: Workers, known: _Known, limits: TaskLimits, spools: Spools, progress: Progress, scans: Scans
) -> dict[str, Row]:
    """The row of each new file by its fingerprint; what it adds to the other tables is set aside."""
    rows: dict[str, Row] = {}

    def tell_page(name: str) -> None:
        progress(len(rows), len(known.new), name)

    how = replace(scans, progress=tell_page)
    for file, result in read_files(pool, known.new, limits, known.forms_dir, known.given, how):
        rows[str(file.sha256)] = result.row
        for name, table in result.tables.items():
            spools[name].put(str(result.row["document_id"]), table)
        progress(len(rows), len(known.new), file.source_file)
    return rows


def _publish(clean_dir: Path, documents: pl.DataFrame, known: _Known, spools: Spools) -> pl.DataFrame:
    """Make a generation of what was read and what is taken over; the documents with their notes of conflicts."""
    writer = GenerationWriter(clean_dir, known.version)
    if known.forms_dir is not None:
        writer.keep_forms(known.forms_dir)
    _assemble(documents, known.old, spools, writer, current(clean_dir))
    documents = note_conflicts(documents, writer.folder / "line_items")
    writer.table("documents", documents)
    for table in SINGLE:
        writer.table(table, _in_order(table, documents, known.old, spools[table], current(clean_dir)))
    writer.publish()
    return documents


def _reusable(
    clean_dir: Path, version: str, first_of: Mapping[str, RawFile], given: Mapping[str, Given]
) -> dict[str, Row]:
    """The documents of the old dataset, by fingerprint, that the same reader read with the same facts beside the text.

    Failures are tried again, and so is a file with another ending: what is said of it may change. What is damaged is
    read anew.
    """
    generation = current(clean_dir)
    if generation is None or dataset_version(clean_dir) != version:
        return {}
    try:
        documents = read_table(clean_dir, "documents")
        for table in SINGLE:
            read_table(clean_dir, table)
        lost = damaged(generation)
    except (DatasetError, OSError, pl.exceptions.PolarsError):
        return {}
    return {
        row["sha256"]: row
        for row in documents.filter(pl.col("status").is_in(READ_STATUSES)).iter_rows(named=True)
        if (file := first_of.get(row["sha256"]))
        and file.path.suffix == Path(row["source_file"]).suffix
        and _partition(row) not in lost
        and not facts_of(file.source_file, given).would_change(row["given"], row["document_year"], row["region"])
    }


def _partition(row: Mapping[str, Any]) -> str:
    return partition_name(row["document_year"], row["organisation_id"])


def _document_row(file: RawFile, known: _Known, rows: Mapping[str, Row]) -> Row:
    if file.sha256 is None:
        row = blank_row(file, identifier(f"path:{file.source_file}"))
        return row | {"status": Status.FAILED, "message": file.refusal}
    first = known.first_of[file.sha256]
    if first is not file:
        message = f"与“{first.source_file}”内容相同，只读取一次。 / The same content as {first.source_file}; read once."
        return blank_row(file, file.sha256[:16]) | {"status": Status.DUPLICATE, "message": message}
    if old := known.old.get(file.sha256):
        return dict(old) | {"source_file": file.source_file, "note": note_without_conflicts(old)}
    return rows[file.sha256]


@dataclass(frozen=True, slots=True)
class _Member:
    """A document that was read, as the tables bear it now; its rows may bear another file or organisation_id."""

    document_id: str
    source_file: str
    organisation_id: str | None


def _assemble(
    documents: pl.DataFrame,
    old: Mapping[str, Row],
    spools: Spools,
    writer: GenerationWriter,
    before: Path | None,
) -> None:
    """Every partition with the rows of its documents, in order of path; one that did not change is taken over."""
    kept = {str(row["document_id"]): row for row in old.values()}
    there = entries(before) if before and old else {name: {} for name in PARTITIONED}
    members = _members(read_table(before, "documents")) if before and old else {}
    for name, now in sorted(_members(documents).items()):
        same = members.get(name) == now and all(_is_kept(member, kept) for member in now)
        for table in PARTITIONED:
            entry = there[table].get(name)
            if before and entry and same:
                writer.keep(table, name, before, entry)
                continue
            places = {
                member.document_id: before / table / f"{place}.parquet"
                for member in now
                if before and (row := kept.get(member.document_id)) and (place := _partition(row)) in there[table]
            }
            rows = _joined(table, now, kept, spools[table], places)
            if rows.num_rows:
                writer.partition(table, name, rows)


def _is_kept(member: _Member, kept: Mapping[str, Row]) -> bool:
    return member.document_id in kept and kept[member.document_id]["source_file"] == member.source_file


def _in_order(
    table: str, documents: pl.DataFrame, old: Mapping[str, Row], spool: Spool[str], before: Path | None
) -> pl.DataFrame:
    """A table that lies in one file, with the rows of all documents in order of path."""
    kept = {str(row["document_id"]): row for row in old.values()}
    places = dict.fromkeys(kept, before / f"{table}.parquet") if before else {}
    now = [member for members in _members(documents).values() for member in members]
    ordered = sorted(now, key=lambda member: member.source_file)
    return pl.DataFrame(_joined(table, ordered, kept, spool, places))


def _members(documents: pl.DataFrame) -> dict[str, list[_Member]]:
    """The documents of each partition with their files, in order of path."""
    members: dict[str, list[_Member]] = {}
    for row in documents.filter(pl.col("status").is_in(READ_STATUSES)).sort("source_file").iter_rows(named=True):
        member = _Member(row["document_id"], row["source_file"], row["organisation_id"])
        members.setdefault(_partition(row), []).append(member)
    return members


def _joined(
    table: str,
    now: Sequence[_Member],
    kept: Mapping[str, Row],
    spool: Spool[str],
    places: Mapping[str, Path],
) -> pa.Table:
    """The rows of some documents, new ones and unchanged ones, under the file and organisation that are theirs now.

    Args:
        table: their table.
        now: the documents.
        kept: the rows of those that were not read now.
        spool: the rows of those that were.
        places: the files in which the rows of the unchanged ones lie.
    """
    old = {
        path: pl.read_parquet(path) for path in {places[one.document_id] for one in now if one.document_id in places}
    }
    parts = [spool.schema.empty_table()]
    for member in now:
        if member.document_id not in kept:
            rows = pl.DataFrame(spool.take(member.document_id))
        elif member.document_id in places:
            rows = old[places[member.document_id]].filter(pl.col("document_id") == member.document_id)
        else:
            continue
        told = {name: pl.lit(getattr(member, name), pl.String) for name in _TOLD if name in rows.columns}
        parts.append(to_arrow(rows.with_columns(**told), table))
    return pa.concat_tables(parts)
