"""The content of a file as one number: by it a file is known, whatever its name."""

import hashlib
from pathlib import Path


def content_sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
