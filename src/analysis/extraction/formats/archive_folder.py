"""An archive (zip) of published files, looked at as a folder: a path through it names a file in it.

`a.zip/表/b.pdf` is the file `表/b.pdf` of `a.zip`. Such a file is unpacked, alone and for as long as it is read. An
archive is opened one level deep and within limits; a name that leads out of it, a locked file and an archive in an
archive are refused with words.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.extraction.formats.format_registry import MAX_BYTES

MAX_FILES = 2_000
MAX_UNPACKED = 2 * 2**30
_HEAD = b"PK\x03\x04"
# What an archive holds that is itself a document.
_DOCUMENTS = {
    *("[Content_Types].xml", "mimetype", "OFD.xml", "content.xml"),
    *("word/document.xml", "xl/workbook.xml", "xl/workbook.bin"),
}
_ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tar"}
_UTF_8, _LOCKED = 0x800, 0x1
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class ArchiveFiles:
    """The names of the files in an archive, and what to say of those that are left out."""

    names: tuple[str, ...]
    refusals: tuple[str, ...]


def is_folder_archive(path: Path) -> bool:
    """Whether the file is a zip archive of files and no document that is packed as one; False where it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(_HEAD)) != _HEAD:
                return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (*ARCHIVE_ERRORS, OSError):
        return False
    return _DOCUMENTS.isdisjoint(names)


def list_archive(path: Path) -> ArchiveFiles:
    """The files of an archive; of an archive beyond the limits none.

    Raises:
        OSError: it cannot be opened.
    """
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or unpacked > MAX_UNPACKED:
        said = (
            f"压缩包过大（{len(entries)} 个文件，{unpacked / 2**20:.0f} MiB），未打开；请解压后放入。"
            " / The archive is too large and was not opened; unpack it here."
        )
        return ArchiveFiles((), (said,))
    names, refusals = [], []
    for entry in entries:
        name = _name(entry)
        if not _stays_inside(name):
            refusals.append(f"压缩包中“{name}”的路径指向包外，未读取。 / A name leads out of the archive.")
        elif PurePosixPath(name).suffix.lower() in _ARCHIVES:
            refusals.append(f"压缩包中还有压缩包“{name}”，未打开；请解压后放入。 / An archive within; unpack it here.")
        elif entry.flag_bits & _LOCKED:
            refusals.append(f"压缩包中的“{name}”有密码；请解压后放入。 / A file in the archive needs a password.")
        elif not PurePosixPath(name).name.startswith((".", "~$")) and not name.startswith("__MACOSX/"):
            names.append(name)
    if not names and not refusals:
        refusals.append("压缩包是空的。 / The archive is empty.")
    return ArchiveFiles(tuple(dict.fromkeys(names)), tuple(refusals))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; one that is not said to be in UTF-8 was written by a Chinese system."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


@contextmanager
def on_disk(path: Path) -> Iterator[Path]:
    """A file as one that can be opened: itself, or a copy of what a path through an archive names.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be opened.
        UnreadableFileError: it unpacks to more than a file may have, or it is damaged.
    """
    if path.exists():
        yield path
        return
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if archive is None or not zipfile.is_zipfile(archive):
        raise FileNotFoundError(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, f"file{path.suffix}")
        _unpack(archive, path.relative_to(archive).as_posix(), copy)
        yield copy


def _unpack(path: Path, name: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entry = next((one for one in archive.infolist() if _name(one) == name), None)
            if entry is None:
                raise FileNotFoundError(path / name)
            with archive.open(entry) as source, target.open("wb") as copy:
                while chunk := source.read(_CHUNK):
                    copy.write(chunk)
                    if copy.tell() > MAX_BYTES:
                        raise UnreadableFileError(
                            "压缩包中的文件解压后过大，未读取；请解压、拆分后再放入。"
                            " / A file of the archive unfolds to too much data; split it."
                        )
    except ARCHIVE_ERRORS as error:
        raise UnreadableFileError(
            "压缩包已损坏或加密，无法打开；请重新下载或另存。"
            " / The archive is damaged or encrypted; download it again or save it anew."
        ) from error
