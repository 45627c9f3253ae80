"""A folder of published files → the cleaned dataset: incremental, deterministic, one row for every file.

Files are known by their content: one seen before by the same reader is not read again, the same content under another
name is a duplicate. Whatever happens to one file stays with it.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import polars as pl

from analysis.errors import DatasetError, UnreadableFileError
from analysis.publishing.dataset import dataset_version, locked, read_table, to_frame, write_dataset
from analysis.publishing.frames import Row, cover_row, identifier, line_item_rows, narrative_rows, passage_rows
from analysis.reading.guard import MEMORY, SECONDS, read_guarded
from analysis.terms.document import ReadDocument, Status

TABLES = ("documents", "line_items", "narrative", "passages")
READER = "analysis.settling:read_and_settle"
_READER_PARTS = ("terms", "reading", "balancing", "knowledge")
_SKIPPED_NAMES = re.compile(r"\.(?!\.)|~\$")
_SKIPPED_ENDINGS = {".md"}
_DOCUMENT_ENDINGS = {".pdf", ".xlsx", ".xls", ".docx", ".html", ".htm", ".txt"}

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the raw folder; `sha256` is None where it could not be opened, and `refusal` says why."""

    source_file: str
    path: Path
    sha256: str | None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a cleaning did: files found, read now, taken over unchanged, and how many failed."""

    found: int
    read: int
    unchanged: int
    failed: int


def reader_version() -> str:
    """A fingerprint of everything that decides what is read: a changed reader reads all files again."""
    digest = hashlib.sha256()
    for part in _READER_PARTS:
        for name, data in sorted(_sources(files("analysis") / part, part)):
            digest.update(name.encode() + b"\0" + data)
    return digest.hexdigest()[:16]


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_file() and item.name.endswith((".py", ".toml", ".csv")):
            yield f"{name}/{item.name}", item.read_bytes()


def find_files(raw_dir: Path) -> list[RawFile]:
    """Every file of the folder by its relative path, in order, each with its fingerprint or the reason why not.

    Hidden files, office lock files and notes in Markdown are no documents. A folder is told of where its files would
    otherwise be missed without a word: it is a link, it cannot be opened, or its name is that of a document.
    """
    found = []
    for path in sorted(raw_dir.rglob("*")):
        relative = path.relative_to(raw_dir)
        if any(_SKIPPED_NAMES.match(part) for part in relative.parts) or path.suffix.lower() in _SKIPPED_ENDINGS:
            continue
        # A name in another encoding than the system's has bytes that no text can hold; they are spelled out.
        source_file = os.fsencode(relative).decode("utf-8", "backslashreplace")
        try:
            if path.is_dir():
                if refusal := _refuse_folder(path):
                    found.append(RawFile(source_file, path, None, refusal))
            elif path.is_file():
                with path.open("rb") as file:
                    found.append(RawFile(source_file, path, hashlib.file_digest(file, "sha256").hexdigest()))
            else:
                found.append(RawFile(source_file, path, None, _NO_FILE))
        except OSError as error:
            found.append(RawFile(source_file, path, None, _SHUT.format(error.strerror)))
    return found


_NO_FILE = "不是普通文件，或链接已失效；请放入文件本身。 / No regular file, or a dead link; put the file itself here."
_LINKED = "是指向文件夹的链接，未跟随；请放入文件夹本身。 / A link to a folder is not followed; put the folder here."
_SHUT = "无法打开（{0}）；请检查权限。 / It cannot be opened ({0}); check its permissions."
_FOLDER = "这是文件夹，不是文件；其中的文件另行读取。 / A folder, not a file; what is in it is read on its own."


def _refuse_folder(path: Path) -> str | None:
    """Why a folder must be told of; None where its files speak for themselves."""
    if path.is_symlink():
        return _LINKED
    if not os.access(path, os.R_OK | os.X_OK):
        return _SHUT.format(os.strerror(errno.EACCES))
    return _FOLDER if path.suffix.lower() in _DOCUMENT_ENDINGS else None


def clean_folder(
    raw_dir: Path,
    clean_dir: Path,
    *,
    workers: int = 1,
    memory: int = MEMORY,
    seconds: float = SECONDS,
    progress: Progress | None = None,
) -> Cleaning:
    """Read what is new in `raw_dir` and write the dataset of all of it to `clean_dir`.

    Args:
        raw_dir: published files, in any folders.
        clean_dir: where the dataset is kept.
        workers: reading processes side by side.
        memory: address space of a reading process, in bytes.
        seconds: how long one file may take.
        progress: called with (files done, files to read, name) after each file.

    Raises:
        UnreadableFileError: there is no folder `raw_dir`.
    """
    if not raw_dir.is_dir():
        raise UnreadableFileError(f"没有文件夹 {raw_dir}；请用 --raw 指明。 / There is no folder {raw_dir}.")
    with locked(clean_dir):
        version = reader_version()
        found = find_files(raw_dir)
        first_of = {file.sha256: file for file in reversed(found) if file.sha256}
        old = _reusable(clean_dir, version, first_of)
        new = [
            file for sha256, file in sorted(first_of.items(), key=lambda pair: pair[1].source_file) if sha256 not in old
        ]
        results = _read(new, workers, memory, seconds, progress)
        tables = _assemble(found, first_of, old, results, clean_dir)
        write_dataset(tables, clean_dir, version)
    failed = tables["documents"].filter(pl.col("status") == Status.FAILED).height
    return Cleaning(len(found), len(new), len(first_of) - len(new), failed)


def _reusable(clean_dir: Path, version: str, first_of: dict[str, RawFile]) -> dict[str, Row]:
    """The documents of the old dataset, by fingerprint, that the same reader read.

    Failures are tried again, and so is a file with another ending: what is said of it may change. A dataset that is
    damaged is made anew.
    """
    if dataset_version(clean_dir) != version:
        return {}
    try:
        tables = {name: read_table(clean_dir, name) for name in TABLES}
    except (DatasetError, OSError, pl.exceptions.PolarsError):
        return {}
    rows = tables["documents"].filter(pl.col("status").is_in([Status.PARSED, Status.PARTIAL]))
    return {
        row["sha256"]: row
        for row in rows.iter_rows(named=True)
        if (file := first_of.get(row["sha256"])) and file.path.suffix == Path(row["source_file"]).suffix
    }


def _read(
    new: Sequence[RawFile], workers: int, memory: int, seconds: float, progress: Progress | None
) -> dict[str, ReadDocument | UnreadableFileError]:
    results: dict[str, ReadDocument | UnreadableFileError] = {}
    paths = [str(file.path) for file in new]
    for number, result in read_guarded(READER, paths, workers=workers, memory=memory, seconds=seconds):
        results[str(new[number].sha256)] = result
        if progress:
            progress(len(results), len(new), new[number].source_file)
    return results


def _assemble(
    found: Sequence[RawFile],
    first_of: dict[str, RawFile],
    old: dict[str, Row],
    results: dict[str, ReadDocument | UnreadableFileError],
    clean_dir: Path,
) -> dict[str, pl.DataFrame]:
    """The new tables: rows of unchanged documents taken over, the others made from what was read, in order of path."""
    frames: dict[str, list[pl.DataFrame]] = {name: [to_frame([], name)] for name in TABLES}
    if old:
        names = {file.sha256[:16]: file.source_file for sha, file in first_of.items() if file.sha256 and sha in old}
        for name in TABLES[1:]:
            frames[name].append(_taken_over(clean_dir, name, names))
    for file in found:
        try:
            made = _frames_of(file, first_of, old, results)
        except (ValueError, ArithmeticError) as error:
            results[file.sha256 or ""] = UnreadableFileError(
                f"文件中有无法保存的内容，如过长的数字，未采用：{error}。请检查原件。"
                f" / The file holds something that cannot be kept, such as an absurdly long number: {error}"
            )
            made = _frames_of(file, first_of, old, results)
        for name, frame in made.items():
            frames[name].append(frame)
    tables = {name: pl.concat(parts) for name, parts in frames.items()}
    for name in TABLES[1:]:
        tables[name] = tables[name].sort("source_file", maintain_order=True)
    tables["documents"] = note_conflicts(tables["documents"], tables["line_items"])
    return tables


def _frames_of(
    file: RawFile,
    first_of: dict[str, RawFile],
    old: dict[str, Row],
    results: dict[str, ReadDocument | UnreadableFileError],
) -> dict[str, pl.DataFrame]:
    """What one file adds to the tables.

    Raises:
        ValueError, ArithmeticError: something of it does not fit into the types of the contract.
    """
    row = _document_row(file, first_of, old, results)
    frames = {"documents": to_frame([row], "documents")}
    result = results.get(file.sha256 or "")
    if isinstance(result, ReadDocument) and first_of.get(file.sha256 or "") is file:
        document_id = str(row["document_id"])
        frames["line_items"] = to_frame([*line_item_rows(result, document_id, file.source_file)], "line_items")
        frames["narrative"] = to_frame([*narrative_rows(result, document_id, file.source_file)], "narrative")
        frames["passages"] = to_frame([*passage_rows(result, document_id, file.source_file)], "passages")
    return frames


def _taken_over(clean_dir: Path, table: str, names: dict[str, str]) -> pl.DataFrame:
    """The rows of unchanged documents, under the name that their file has now."""
    rows = read_table(clean_dir, table).filter(pl.col("document_id").is_in(list(names)))
    return rows.with_columns(source_file=pl.col("document_id").replace_strict(names, return_dtype=pl.String))


def _document_row(
    file: RawFile,
    first_of: dict[str, RawFile],
    old: dict[str, Row],
    results: dict[str, ReadDocument | UnreadableFileError],
) -> Row:
    row: Row = {
        "document_id": file.sha256[:16] if file.sha256 else identifier(f"path:{file.source_file}"),
        "source_file": file.source_file,
        "sha256": file.sha256,
        "tables": 0,
        "other_tables": 0,
    }
    if file.sha256 is None:
        return row | {"status": Status.FAILED, "message": file.refusal}
    first = first_of[file.sha256]
    if first is not file:
        message = f"与“{first.source_file}”内容相同，只读取一次。 / The same content as {first.source_file}; read once."
        return row | {"status": Status.DUPLICATE, "message": message}
    if file.sha256 in old:
        return old[file.sha256] | {"source_file": file.source_file, "note": _own_note(old[file.sha256])}
    result = results[file.sha256]
    if isinstance(result, UnreadableFileError):
        return row | {"status": Status.FAILED, "message": str(result)}
    return (
        row
        | cover_row(result.cover)
        | {
            "status": Status.PARTIAL if result.problems else Status.PARSED,
            "message": "；".join(result.problems) or None,
            "note": "；".join(result.cover.contradictions) or None,
            "pages": result.pages or None,
            "tables": len(result.tables),
            "other_tables": result.other_tables,
        }
    )


_CONFLICT = "另有文件"


def _own_note(row: Row) -> str | None:
    """The note of an unchanged document without what was said of other files."""
    return str(row["note"] or "").partition(_CONFLICT)[0].rstrip("；") or None


def note_conflicts(documents: pl.DataFrame, line_items: pl.DataFrame) -> pl.DataFrame:
    """The documents with a note where several claim the same organisation, level, year and kind.

    Both are kept, and each note tells the other's name and how many figures differ.
    """
    claim = ["organisation_id", "level", "document_year", "kind"]
    read = documents.filter(pl.col("status").is_in([Status.PARSED, Status.PARTIAL])).drop_nulls(claim)
    rivals = read.filter(pl.len().over(claim) > 1)
    if rivals.is_empty():
        return documents
    figures = {
        str(key[0]): set(frame.drop("document_id").iter_rows())
        for key, frame in line_items.filter(pl.col("document_id").is_in(rivals["document_id"].to_list()))
        .select("document_id", "table", "side", "phase", "code", "name", "measure", "amount")
        .partition_by("document_id", as_dict=True)
        .items()
    }
    notes: dict[str, str] = {}
    for group in rivals.partition_by(claim):
        for mine in group.iter_rows(named=True):
            words = []
            for other in group.iter_rows(named=True):
                if other["document_id"] != mine["document_id"]:
                    gap = len(figures.get(mine["document_id"], set()) ^ figures.get(other["document_id"], set()))
                    body = "部门" if mine["level"] == "department" else "单位"
                    differs = f"两者有 {gap} 个数字不同" if gap else "数字相同"
                    words.append(
                        f"{_CONFLICT}“{other['source_file']}”也是该{body}{mine['document_year']}年的，{differs}；"
                        f"使用前请选定一个。 / {other['source_file']} claims the same; {gap} figures differ."
                    )
            notes[mine["document_id"]] = "；".join([*([mine["note"]] if mine["note"] else []), *words])
    original = pl.col("status").is_in([Status.PARSED, Status.PARTIAL])
    return documents.with_columns(
        note=pl.when(original & pl.col("document_id").is_in(list(notes)))
        .then(pl.col("document_id").replace_strict(notes, default=None, return_dtype=pl.String))
        .otherwise(pl.col("note"))
    )
