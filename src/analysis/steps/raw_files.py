"""The raw folder: every file that may be a published document, known by its content, or the reason why it is none."""

import errno
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from analysis.reading.formats.format_registry import endings

_SKIPPED_NAMES = re.compile(r"\.(?!\.)|~\$")
_SKIPPED_ENDINGS = {".md"}


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the raw folder; `sha256` is None where it could not be opened, and `refusal` says why."""

    source_file: str
    path: Path
    sha256: str | None
    refusal: str | None = None


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
    return _FOLDER if path.suffix.lower() in endings() else None
