"""A file that appears whole or not at all: written under another name in the same folder, then renamed."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place at the end, or vanishes where something went wrong.

    The temporary name keeps the ending of `path`, because writers look at it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def disk_is_full(error: OSError) -> bool:
    """Whether a file could not be written for want of room: on the disk, in a quota, or under a limit of size."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
