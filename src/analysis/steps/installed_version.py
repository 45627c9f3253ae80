"""A fingerprint of all that is installed: whoever keeps results for another day keeps them for this program alone.

The fingerprint of the reader follows what reading imports, for to read again costs minutes. Here the whole package
counts, and the libraries that count and search: to check again is cheap, and nothing can be forgotten.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_OURS = (".py", ".toml", ".csv", ".j2", ".js", ".css")
_LIBRARIES = ("polars", "pyarrow", "ortools", "Jinja2", "Pillow", "pypdfium2")


@cache
def installed_version() -> str:
    """One short text: another one as soon as the package or one of the libraries is another."""
    digest = hashlib.sha256("|".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    _add(digest, files("analysis"), "")
    return digest.hexdigest()[:16]


def _add(digest: "hashlib._Hash", folder: Traversable, place: str) -> None:
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        if item.is_dir():
            _add(digest, item, f"{place}{item.name}/")
        elif item.name.endswith(_OURS):
            content = item.read_bytes()
            digest.update(f"{place}{item.name}\0{len(content)}\0".encode() + content)
