"""The raw folder: every file that may be a published document, known by its content, or the reason why it is none."""

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.content_hash import content_sha256
from analysis.extraction.formats.archive_folder import is_folder_archive, list_archive, on_disk
from analysis.extraction.formats.format_registry import document_endings, refuse_size
from analysis.steps.given_facts import GIVEN_FILE
from analysis.steps.told_readings import READINGS_FILE

_SKIPPED_NAMES = re.compile(r"\.(?!\.)|~\$")
_SKIPPED_ENDINGS = {".md"}


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the raw folder; `sha256` is None where its content was not looked at, and `refusal` says why."""

    source_file: str
    path: Path
    sha256: str | None
    refusal: str | None = None


def find_files(raw_dir: Path) -> list[RawFile]:
    """Every file of the folder by its relative path, in order, each with its hash or the reason why not.

    Hidden files, office lock files, notes in Markdown and what a person says of documents are no documents. A folder is
    listed where its files would otherwise be missed without a word: it is a link, it cannot be opened, or its name is
    that of a document. An archive of files is looked at as a folder.

    Raises:
        UnreadableFileError: the folder itself cannot be listed.
    """
    paths, failures = _walk(raw_dir)
    if raw_dir in failures:
        raise UnreadableFileError(_refuse(failures[raw_dir]))
    endings = document_endings()
    given = {raw_dir / name for name in (GIVEN_FILE, READINGS_FILE)}
    found = []
    for path in sorted(paths):
        if path.suffix.lower() in _SKIPPED_ENDINGS or path in given:
            continue
        # A name in another encoding than the system's has bytes that no text can hold; they are spelled out.
        source_file = os.fsencode(path.relative_to(raw_dir)).decode("utf-8", "backslashreplace")
        sha256 = None
        try:
            path.lstat()  # whether it is still there
            if path.is_dir():
                refusal = _refuse_folder(path, failures.get(path), endings)
                if refusal is None:
                    continue
            else:
                refusal = _refuse_file(path)
                if refusal is None and is_folder_archive(path):
                    found += _files_in_archive(source_file, path)
                    continue
                sha256 = content_sha256(path) if refusal is None else None
        except OSError as error:
            refusal = _refuse(error)
        found.append(RawFile(source_file, path, sha256, refusal))
    return found


def _files_in_archive(source_file: str, path: Path) -> list[RawFile]:
    """The files of an archive as if it were a folder; the archive itself where something of it is left out.

    Raises:
        OSError: it cannot be opened.
    """
    listing = list_archive(path)
    found = [RawFile(source_file, path, None, " ".join(listing.refusals))] if listing.refusals else []
    for name in sorted(listing.names):
        sha256, refusal = None, None
        try:
            with on_disk(path / name) as copy:
                sha256 = content_sha256(copy)
        except UnreadableFileError as error:
            refusal = str(error)
        found.append(RawFile(f"{source_file}/{name}", path / name, sha256, refusal))
    return found


def _walk(raw_dir: Path) -> tuple[list[Path], dict[Path, OSError]]:
    """What lies in the folder and below it, no link followed and nothing hidden entered; what could not be listed."""
    failures: dict[Path, OSError] = {}
    paths: list[Path] = []
    for folder, folders, files in os.walk(raw_dir, onerror=lambda error: failures.update({_path_of(error): error})):
        folders[:] = [name for name in folders if not _SKIPPED_NAMES.match(name)]
        paths += [Path(folder, name) for name in (*folders, *files) if not _SKIPPED_NAMES.match(name)]
    return paths, failures


def _path_of(error: OSError) -> Path:
    return Path(os.fsdecode(error.filename))


_NO_FILE = "不是普通文件，或链接已失效；请放入文件本身。 / No regular file, or a dead link; put the file itself here."
_LINKED = "是指向文件夹的链接，未跟随；请放入文件夹本身。 / A link to a folder is not followed; put the folder here."
_SHUT = "无法打开（{0}）；请检查权限。 / It cannot be opened ({0}); check its permissions."
_TOO_LONG = (
    "路径过长，系统无法打开；请缩短文件夹名或少套几层。 / Its path is too long to be opened; shorten or flatten it."
)
_VANISHED = (
    "读取时已不在原处；请待文件不再变动后重新运行。 / It vanished while the folder was read; run again when it rests."
)
_FOLDER = "这是文件夹，不是文件；其中的文件另行读取。 / A folder, not a file; what is in it is read on its own."


def _refuse(error: OSError) -> str:
    """What to say of what the system does not open."""
    if error.errno == errno.ENAMETOOLONG:
        return _TOO_LONG
    return _VANISHED if error.errno == errno.ENOENT else _SHUT.format(error.strerror)


def _refuse_folder(path: Path, failure: OSError | None, endings: frozenset[str]) -> str | None:
    """Why a folder must be listed; None where its files speak for themselves."""
    if path.is_symlink():
        return _LINKED
    if failure is not None:
        return _refuse(failure)
    if not os.access(path, os.R_OK | os.X_OK):
        return _SHUT.format(os.strerror(errno.EACCES))
    return _FOLDER if path.suffix.lower() in endings else None


def _refuse_file(path: Path) -> str | None:
    """Why the content of a file is not looked at; None where it is. A huge file is not even hashed."""
    return refuse_size(path.stat().st_size) if path.is_file() else _NO_FILE
