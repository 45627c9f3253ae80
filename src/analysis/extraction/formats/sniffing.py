"""What a file shows of its content before it is read: its first bytes and, of a container, what it holds.

An input format is recognised by a test on a `Sample`; the usual tests are made here.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.extraction.formats.archive import check_archive
from analysis.extraction.formats.compound_file import root_streams

HEAD_BYTES = 4096
_ARCHIVE = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Sample:
    """A file and its first bytes; what needs more of it is looked up once."""

    path: Path
    head: bytes

    @cached_property
    def entries(self) -> frozenset[str]:
        """What a zip archive holds; nothing where the file is none.

        Raises:
            UnreadableFileError: the archive is damaged, or would not fit into the machine.
        """
        if not self.head.startswith(_ARCHIVE):
            return frozenset()
        check_archive(self.path)
        with zipfile.ZipFile(self.path) as archive:
            return frozenset(archive.namelist())

    @cached_property
    def media_type(self) -> str:
        """What an open document calls itself; empty where it does not."""
        if "mimetype" not in self.entries:
            return ""
        with zipfile.ZipFile(self.path) as archive, archive.open("mimetype") as entry:
            return entry.read(200).decode("ascii", "replace").strip()

    @cached_property
    def compound(self) -> bytes:
        """All of a compound file (old Office), whose directory is in UTF-16; nothing where the file is none."""
        return self.path.read_bytes() if self.head.startswith(_COMPOUND) else b""

    @cached_property
    def streams(self) -> frozenset[str] | None:
        """The streams of a compound file itself; None where its directory is broken."""
        return root_streams(self.compound)


ContentTest = Callable[[Sample], bool]


def take_sample(path: Path) -> Sample:
    """The sample of a file."""
    with path.open("rb") as file:
        return Sample(path, file.read(HEAD_BYTES))


def starts_with(*marks: bytes) -> ContentTest:
    """Whether the first bytes are one of these."""
    return lambda sample: sample.head.startswith(marks)


def archive_with(*names: str) -> ContentTest:
    """Whether it is a zip archive that holds one of these; any zip archive where none is named."""
    return lambda sample: bool(sample.entries.intersection(names) if names else sample.head.startswith(_ARCHIVE))


def compound_with(*names: str) -> ContentTest:
    """Whether it is a compound file that holds one of these; any compound file where none is named."""
    marks = [name.encode("utf-16-le") for name in names] or [_COMPOUND]
    return lambda sample: any(mark in sample.compound for mark in marks)


def compound_of(name: str) -> ContentTest:
    """Whether it is a compound file that has this stream itself; where its directory is broken, one that names it."""
    mark = name.encode("utf-16-le")
    return lambda sample: mark in sample.compound and (sample.streams is None or name in sample.streams)


def archive_of_type(media_type: str) -> ContentTest:
    """Whether it is a zip archive whose first entry names this media type, as open documents do."""
    return lambda sample: "mimetype" in sample.entries and sample.media_type.startswith(media_type)


def is_pdf(sample: Sample) -> bool:
    """Whether it says so within its first kilobyte, as readers of PDF demand; an archive of PDFs is none."""
    return b"%PDF-" in sample.head[:1024] and not sample.head.startswith(_ARCHIVE)


def is_web_page(sample: Sample) -> bool:
    """Whether it begins as a web page or has a table or a body near its beginning."""
    head = sample.head.lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith((b"<!doctype html", b"<html")) or b"<table" in head or b"<body" in head


def is_web_archive(sample: Sample) -> bool:
    """Whether its head says that it is a message of related parts."""
    head = sample.head.lower()
    return b"mime-version:" in head and b"multipart/related" in head


def is_spreadsheet_xml(sample: Sample) -> bool:
    """Whether it is XML whose beginning names the spreadsheets of Excel 2003."""
    start = sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in start


def is_binary(sample: Sample) -> bool:
    """Whether it has bytes that no text has."""
    return b"\x00" in sample.head and not sample.head.startswith(_UTF_16_MARKS)


def is_anything(_sample: Sample) -> bool:
    """What is left is taken as text."""
    return True
