"""A fingerprint of everything that decides which rows a file gives: whoever changed it reads all files again.

Nobody keeps a list, which would lack something. The modules are those that imports, and strings such as
``package.module:function``, lead to from the making of a file's rows; the data files are those that these modules name;
the libraries are those that the rooms of extraction, reading and recognising open files with. What comes after the
rows (reports, charts, indicators) is not reached, and what only carries work to other processes decides nothing.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_START = "analysis.steps.read_files"
_RECOGNISER = "analysis.extraction.formats.ocr.picture_reading"
_CARRIERS = "analysis.runtime"
_OPENERS = ("extraction/", "reading/", "recognising/")
# Only the models in it are used; it is named and not imported.
_MODELS = {"rapidocr"}
_DATA = (".toml", ".csv", ".ttf")
_FUNCTION = re.compile(r"(analysis(?:\.\w+)+):\w+")


def reader_version(forms_dir: Path | None = None) -> str:
    """The fingerprint of the reader that is installed, and of a user's own families of forms."""
    if forms_dir is None:
        return fingerprint(_installed())
    of_user = {path.relative_to(forms_dir).as_posix(): path.read_bytes() for path in sorted(forms_dir.rglob("*.toml"))}
    return fingerprint({**_installed(), **of_user})


@cache
def recogniser_version() -> str:
    """The fingerprint of what decides what a picture says."""
    return fingerprint(reader_parts(files("analysis"), _RECOGNISER))


@cache
def _installed() -> Mapping[str, bytes]:
    return reader_parts(files("analysis"))


def fingerprint(parts: Mapping[str, bytes]) -> str:
    """One short text for all parts: another one as soon as any of them is another."""
    digest = hashlib.sha256()
    for name, content in sorted(parts.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def reader_parts(package: Traversable, start: str = _START) -> dict[str, bytes]:
    """What decides which rows a file gives: content by place in the package, and the versions of libraries by name.

    Args:
        package: The installed package.
        start: The module from which everything is reached.
    """
    modules: dict[str, bytes] = {}
    strings: set[str] = set()
    libraries: set[str] = set()
    waiting = [start]
    while waiting:
        for place, content in _modules_on_the_way(package, waiting.pop()):
            if place in modules:
                continue
            modules[place] = content
            imported, named = _names_in(content)
            strings |= named
            called = {match[1] for name in named if (match := _FUNCTION.fullmatch(name))}
            waiting += [name for name in imported | called if f"{name}.".startswith("analysis.")]
            if place.startswith(_OPENERS):
                libraries |= {name.partition(".")[0] for name in imported} - {"analysis", *sys.stdlib_module_names}
                libraries |= named & _MODELS
    data = {place: file.read_bytes() for place, file in _data_files(package, "") if _names_of(place) & strings}
    return {**modules, **data, **{name: _version_of(name).encode() for name in libraries}}


def _version_of(library: str) -> str:
    """The version of what installs a library, which may bear another name; empty where it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        installed = packages_distributions().get(library, ())
        return " ".join(version(one) for one in installed)


def _modules_on_the_way(package: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    """The module of a dotted name and the packages around it, which are run too; the last parts may name no module."""
    if f"{name}.".startswith(f"{_CARRIERS}."):
        return
    parts = name.split(".")[1:]
    for length in range(1, len(parts) + 1):
        way = "/".join(parts[:length])
        for place in (f"{way}.py", f"{way}/__init__.py"):
            file = package.joinpath(place)
            if file.is_file():
                yield place, file.read_bytes()


def _names_in(source: bytes) -> tuple[set[str], set[str]]:
    """The names that a module imports, and its strings."""
    imported: set[str] = set()
    strings: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
    return imported, strings


def _data_files(folder: Traversable, place: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _data_files(item, f"{place}{item.name}/")
        elif item.name.endswith(_DATA):
            yield f"{place}{item.name}", item


def _names_of(place: str) -> set[str]:
    """What a module may call a data file: its name, with or without its ending, or that of a folder within the room."""
    *folders, name = place.split("/")
    return {name, name.rpartition(".")[0], *folders[1:]}
