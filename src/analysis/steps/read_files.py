"""One published file → what it adds to the tables: the work of a cleaning that can be done anywhere.

On this machine guarded processes read side by side and the rows are made here. On a cluster each worker takes some
files at a time, reads them from the shared folder in a guarded process of its own, and gives back the rows. Both ways
are the same functions, so they give the same rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.document_rows import Row, cover_row, line_item_rows, narrative_rows, passage_rows
from analysis.errors import UnreadableFileError
from analysis.runtime.guard import MEMORY, SECONDS, read_guarded
from analysis.runtime.pool import WorkError, Workers
from analysis.steps.raw_files import RawFile
from analysis.steps.read_and_resolve import ReadTask
from analysis.terms.document import ReadDocument, Status

READER = "analysis.steps.read_and_resolve:read_and_resolve"
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """How files are read: bytes of address space and seconds for a file, and a user's own families of forms."""

    memory: int = MEMORY
    seconds: float = SECONDS
    forms_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a file gave: its row of the documents, and its rows of the tables that documents are split into."""

    row: Row
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """Some files for a worker of a cluster."""

    files: tuple[RawFile, ...]
    limits: Limits


def blank_row(file: RawFile, document_id: str) -> Row:
    """The row of a file of which nothing is known yet."""
    return {
        "document_id": document_id,
        "source_file": file.source_file,
        "sha256": file.sha256,
        "tables": 0,
        "other_tables": 0,
    }


def harvest(files: Sequence[RawFile], limits: Limits, workers: int) -> Iterator[tuple[int, Harvest]]:
    """Read files side by side on this machine: the position of each with what it gave, as they come."""
    tasks = [ReadTask(file.path, limits.forms_dir) for file in files]
    results = read_guarded(READER, tasks, workers=workers, memory=limits.memory, seconds=limits.seconds)
    for number, result in results:
        yield number, harvest_of(files[number], result)


def harvest_by(workers: Workers, files: Sequence[RawFile], limits: Limits) -> Iterator[tuple[int, Harvest]]:
    """The same on a cluster. A worker that died with some files is asked again for each of them alone."""
    numbers = list(range(len(files)))
    size = max(1, min(_AT_ONCE, len(files) // (4 * workers.count)))
    for at_once in (size, 1):
        loads = [numbers[first : first + at_once] for first in range(0, len(numbers), at_once)]
        tasks = [Load(tuple(files[number] for number in load), limits) for load in loads]
        numbers = []
        for position, outcome in workers.outcomes(read_load, tasks):
            if not isinstance(outcome, WorkError):
                yield from zip(loads[position], outcome, strict=True)
            elif at_once > 1:
                numbers.extend(loads[position])
            else:
                (number,) = loads[position]
                yield number, harvest_of(files[number], UnreadableFileError(outcome.words))


def read_load(load: Load) -> list[Harvest]:
    """What a worker of a cluster does."""
    paths = [str(file.path) for file in load.files]
    there = [number for number, path in enumerate(paths) if Path(path).is_file()]
    results: dict[int, Any] = {number: UnreadableFileError(_NOT_HERE) for number in range(len(paths))}
    limits = load.limits
    for number, result in read_guarded(
        READER,
        [ReadTask(load.files[number].path, limits.forms_dir) for number in there],
        workers=1,
        memory=limits.memory,
        seconds=limits.seconds,
    ):
        results[there[number]] = result
    return [harvest_of(file, results[number]) for number, file in enumerate(load.files)]


_NOT_HERE = (
    "Dask 工作进程看不到此文件；请把原始文件夹放在各机共享、路径相同的位置。"
    " / The Dask worker does not see the file: keep the raw folder where all machines see it under the same path."
)


def harvest_of(file: RawFile, result: ReadDocument | UnreadableFileError) -> Harvest:
    """What was read as rows; a failure, or something that no row can hold, as the row that says so."""
    row = blank_row(file, str(file.sha256)[:16])
    if isinstance(result, UnreadableFileError):
        return Harvest(row | {"status": Status.FAILED, "message": str(result)})
    try:
        return _rows_of(file, result, row)
    except (ValueError, ArithmeticError) as error:
        message = (
            f"文件中有无法保存的内容，如过长的数字，未采用：{error}。请检查原件。"
            f" / The file holds something that cannot be kept, such as an absurdly long number: {error}"
        )
        return Harvest(row | {"status": Status.FAILED, "message": message})


def _rows_of(file: RawFile, document: ReadDocument, row: Row) -> Harvest:
    """The rows of a document.

    Raises:
        ValueError, ArithmeticError: something of it does not fit into the types of the contract.
    """
    cover = document.cover
    told = row | {
        **cover_row(cover),
        "status": Status.PARTIAL if document.problems else Status.PARSED,
        "message": "；".join(document.problems) or None,
        "note": "；".join(cover.contradictions) or None,
        "pages": document.pages or None,
        "tables": len(document.tables),
        "other_tables": document.other_tables,
        "form": document.form,
        "form_score": document.form_score,
    }
    pa.Table.from_pylist([told], schema=arrow_schema("documents"))
    document_id = str(row["document_id"])
    rows = {
        "line_items": line_item_rows(document, document_id, file.source_file),
        "narrative": narrative_rows(document, document_id, file.source_file),
        "passages": passage_rows(document, document_id, file.source_file),
    }
    tables = {name: pa.Table.from_pylist(list(found), schema=arrow_schema(name)) for name, found in rows.items()}
    return Harvest(told, tables)
