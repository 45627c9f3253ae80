"""One published file → what it adds to the tables: the work of a cleaning, wherever it is done.

A worker reads the file and gives back its rows; a process of this machine and one of a cluster run the same function.
What becomes of a file stays with it: its row says why it could not be read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import DecimalException
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.document_rows import (
    cover_row,
    line_item_rows,
    narrative_rows,
    passage_rows,
    reading_row,
    statement_rows,
    table_rows,
    unmapped_rows,
)
from analysis.dataset.row_head import Row
from analysis.dataset.stated_rows import fact_rows, indicator_rows, project_rows
from analysis.errors import UnreadableFileError
from analysis.extraction.content_hash import content_sha256
from analysis.extraction.formats.archive_folder import on_disk
from analysis.recognising.picture import (
    KnownPictures,
    PagePicture,
    PictureReader,
    RecognisedPicture,
    decline,
)
from analysis.runtime.work import TaskLimits, WorkError, Workers
from analysis.steps.document_regions import printed_region
from analysis.steps.given_facts import NO_FACTS, GivenFacts, facts_of
from analysis.steps.raw_files import RawFile
from analysis.steps.reading_limits import explain
from analysis.steps.recognise_pictures import NO_SCANS, Scans, recognise_pictures
from analysis.steps.told_readings import told_lines
from analysis.terms.document import Given, ReadDocument, Status
from analysis.terms.recognition import ToldReading


@dataclass(frozen=True, slots=True)
class FileResult:
    """What a file gave: its row of the documents, and its rows of the tables `OF_DOCUMENTS`.

    Where there are `wanted` pictures it gave nothing yet: it is read again when they are recognised.
    """

    row: Row
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    wanted: tuple[PagePicture, ...] = ()


def blank_row(file: RawFile, document_id: str) -> Row:
    """The row of a file of which nothing is known yet."""
    return {
        "document_id": document_id,
        "source_file": file.source_file,
        "sha256": file.sha256,
        "tables": 0,
        "other_tables": 0,
    }


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A file to read.

    Attributes:
        file: Which one.
        facts: What is known of it beside its text.
        forms_dir: A user's own families of forms where there are any.
        recognised: What its pictures say, by digest, as far as they were recognised.
        refused: Why others of its pictures say nothing.
        scans: Whether its pictures are to be read at all.
        told: What a person read in its pictures.
    """

    file: RawFile
    facts: GivenFacts = NO_FACTS
    forms_dir: Path | None = None
    recognised: Mapping[str, RecognisedPicture] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    scans: bool = True
    told: tuple[ToldReading, ...] = ()


def read_files(
    workers: Workers,
    files: Sequence[RawFile],
    limits: TaskLimits,
    forms_dir: Path | None = None,
    given: Mapping[str, Given] = MappingProxyType({}),
    scans: Scans = NO_SCANS,
) -> Iterator[tuple[RawFile, FileResult]]:
    """Read files side by side: each with what it gave, as they come; files with pictures come last.

    Args:
        workers: Who reads.
        files: What is read.
        limits: What a file, and a picture, may take.
        forms_dir: A user's own families of forms.
        given: What a person says of files.
        scans: How pictures are read.

    Raises:
        WorkbenchError: the cluster was lost and did not come back.
    """
    tasks = [
        ReadTask(
            file,
            facts_of(file.source_file, given),
            forms_dir,
            scans=scans.wanted,
            told=tuple(scans.told.get(file.source_file, ())),
        )
        for file in files
    ]
    waiting: list[ReadTask] = []
    for position, outcome in workers.outcomes(read_file, tasks, limits):
        if isinstance(outcome, FileResult) and outcome.wanted:
            waiting.append(tasks[position])
        else:
            yield files[position], _result(files[position], outcome, limits)
    for task in sorted(waiting, key=lambda one: one.file.source_file):
        yield task.file, _read_with_pictures(workers, task, limits, scans)


def _result(file: RawFile, outcome: FileResult | WorkError, limits: TaskLimits) -> FileResult:
    return _failed(file, explain(outcome, limits)) if isinstance(outcome, WorkError) else outcome


def _read_with_pictures(workers: Workers, task: ReadTask, limits: TaskLimits, scans: Scans) -> FileResult:
    """What a file gives whose pictures are recognised first, page by page side by side, each of them once."""
    recognised: dict[str, RecognisedPicture] = {}
    refused: dict[str, str] = {}
    while True:
        known = replace(task, recognised=dict(recognised), refused=dict(refused))
        ((_, outcome),) = workers.outcomes(read_file, [known], limits)
        if isinstance(outcome, WorkError) or not outcome.wanted:
            return _result(task.file, outcome, limits)
        found = recognise_pictures(workers, outcome.wanted, limits, scans, task.file.source_file)
        recognised |= found.recognised
        refused |= found.refused


def read_file(task: ReadTask) -> FileResult:
    """Read one file; what a worker does.

    Raises:
        UnreadableFileError: it cannot be read, is not what it was when it was found, or its rows cannot be kept.
    """
    file = task.file
    pictures = KnownPictures(task.recognised, task.refused) if task.scans else None
    try:
        with on_disk(file.path) as path:
            if not path.is_file():
                raise UnreadableFileError(_NOT_HERE)
            document, taken = _read_with_facts(path, task, decline if pictures is None else pictures)
            # Its rows are kept under the hash that it had; only after the last byte is read is it known whether that is
            # theirs.
            unchanged = content_sha256(path) == file.sha256
    except FileNotFoundError as error:
        raise UnreadableFileError(_NOT_HERE) from error
    except UnreadableFileError:
        if pictures is None or not pictures.wanted:
            raise
        return FileResult(_first_row(file), wanted=tuple(pictures.wanted.values()))
    if pictures is not None and pictures.wanted:
        return FileResult(_first_row(file), wanted=tuple(pictures.wanted.values()))
    if not unchanged:
        raise UnreadableFileError(_CHANGED)
    return _to_result(file, document, taken, task.told)


def _read_with_facts(path: Path, task: ReadTask, pictures: PictureReader) -> tuple[ReadDocument, tuple[str, ...]]:
    """The document with what is known beside its text, and what was taken of that, one a line."""
    # Whoever hands out the work never loads what opens files, least of all pdfium.
    from analysis.steps.read_and_resolve import read_and_resolve

    facts, taken = task.facts, list(task.facts.said)
    document = read_and_resolve(path, task.forms_dir, facts.person, pictures, task.told)
    if document.cover.year is None and facts.year_line is not None:
        document = read_and_resolve(path, task.forms_dir, replace(facts.person, year=facts.year), pictures, task.told)
        taken.append(facts.year_line)
    region = facts.person.region or printed_region(document.cover)
    if region is None and facts.region_line is not None:
        region = facts.region
        taken.append(facts.region_line)
    contradictions = (*document.cover.contradictions, *facts.note(taken))
    cover = replace(document.cover, region=region, contradictions=contradictions)
    return replace(document, cover=cover), tuple(taken)


_CHANGED = (
    "文件在读取期间有改动，未采用；请待文件不再变动后重新运行。"
    " / The file changed while it was read and was left out; run again when it rests."
)

_NOT_HERE = (
    "读取时找不到此文件；用 Dask 集群时，请把原始文件夹放在各机共享、路径相同的位置。"
    " / The file is not there when it is to be read; for a Dask cluster, keep the raw folder where all machines see it"
    " under the same path."
)


def _failed(file: RawFile, message: str) -> FileResult:
    return FileResult(_first_row(file) | {"status": Status.FAILED, "message": message})


def _first_row(file: RawFile) -> Row:
    return blank_row(file, str(file.sha256)[:16])


def _to_result(
    file: RawFile, document: ReadDocument, taken: tuple[str, ...], told: Sequence[ToldReading]
) -> FileResult:
    row = _first_row(file) | cover_row(document.cover) | reading_row(document)
    row |= {"region": document.cover.region, "given": "\n".join(taken) or None, "readings": told_lines(told)}
    _to_table([row], "documents")
    document_id = str(row["document_id"])
    rows = {
        "line_items": line_item_rows(document, document_id, file.source_file),
        "narrative": narrative_rows(document, document_id, file.source_file),
        "passages": passage_rows(document, document_id, file.source_file),
        "statements": statement_rows(document, document_id, file.source_file),
        "unmapped": unmapped_rows(document, document_id, file.source_file),
        "tables": table_rows(document, document_id, file.source_file),
        "facts": fact_rows(document, document_id, file.source_file),
        "projects": project_rows(document, document_id, file.source_file),
        "performance": indicator_rows(document, document_id, file.source_file),
    }
    return FileResult(row, {table: _to_table(found, table) for table, found in rows.items()})


def _to_table(rows: Iterable[Row], table: str) -> pa.Table:
    """Rows in the types of the contract.

    Raises:
        UnreadableFileError: something of the file does not fit into them.
    """
    try:
        return pa.Table.from_pylist(list(rows), schema=arrow_schema(table))
    except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError, DecimalException) as error:
        raise UnreadableFileError(
            f"文件中有无法保存的内容，如过长的数字，未采用：{error}。请检查原件。"
            f" / The file holds something that cannot be kept, such as an absurdly long number: {error}"
        ) from error
