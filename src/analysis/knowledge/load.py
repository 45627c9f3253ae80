"""One strict reader for everything on the shelf: a TOML text → frozen values, or an error that names file and entry.

The shape of a file is a `Shape`: its fields are the keys that it may have, their types what the keys may hold. A key
that the shape lacks, a missing one, a wrong type, a word that the terms do not know and a pattern that does not compile
are all faults of ours (or of whoever wrote a folder of forms), so they are told at once and never guessed around.
"""

import difflib
import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_origin

import msgspec
from msgspec import inspect

from analysis.errors import KnowledgeError


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an entry may say; a key that is no field of it is an error."""


T = TypeVar("T")
_UNKNOWN = re.compile(r"unknown field `(?P<key>[^`]*)`")
_PATH = re.compile(r"\$(?P<path>[^`]*)`?$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_NAMES = ("id", "table", "measure", "name")


def shelf(*path: str) -> Traversable:
    """A file or folder that comes with the package."""
    return files(__package__).joinpath(*path)


def read_shape(file: Traversable, shape: type[T], where: str = "") -> T:
    """The values that a TOML file declares; `where` is what messages call it, where its name says too little.

    Raises:
        KnowledgeError: It cannot be read, or it says anything else than its shape; the message names file and entry.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{where or file.name}: cannot be read as a UTF-8 file: {error}") from error
    return to_shape(text, shape, where or file.name)


def to_shape(text: str, shape: type[T], where: str) -> T:
    """The values that a TOML text declares.

    Args:
        text: The TOML.
        shape: What it must be, a `Shape` or a container of them.
        where: The name of its file, for messages.

    Raises:
        KnowledgeError: As `read_shape`.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{where}: no valid TOML: {error}") from error
    return values_to_shape(raw, shape, where)


def values_to_shape(raw: Any, shape: type[T], where: str) -> T:
    """The values of an entry whose TOML was read already; `where` names its file and what stands above it.

    Raises:
        KnowledgeError: It says anything else than its shape.
    """
    try:
        return msgspec.convert(raw, shape, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise KnowledgeError(_words(error, raw, shape, where)) from error


def compiled(pattern: str, where: str, said: str | None = None) -> re.Pattern[str]:
    """A pattern that was put together of pieces of the shelf.

    Args:
        pattern: The whole.
        where: File and entry, for the message.
        said: What the entry says, where the whole is more than that.

    Raises:
        KnowledgeError: It is no valid pattern.
    """
    try:
        return re.compile(pattern)
    except re.error as error:
        raise KnowledgeError(f"{where}: no valid pattern {said or pattern!r}: {error}") from error


def _decode(kind: type[Any], value: Any) -> Any:
    """What TOML has no type for: a pattern is a text that compiles."""
    if get_origin(kind) is re.Pattern and isinstance(value, str):
        try:
            return re.compile(value)
        except re.error as error:
            raise ValueError(f"no valid pattern: {value!r}: {error}") from error
    raise NotImplementedError(f"shapes hold no {kind}")


def _words(error: msgspec.ValidationError, raw: Any, shape: Any, where: str) -> str:
    fault, _, path = str(error).partition(" - at ")
    steps = _STEP.findall(match["path"]) if (match := _PATH.search(path)) else []
    places, value, info = [where], raw, inspect.type_info(shape)
    for key, index in steps:
        if key:
            places.append(key)
            value = value.get(key) if isinstance(value, dict) else None
        elif index.isdigit() and isinstance(value, list):
            value = value[int(index)]
            named = next((value[name] for name in _NAMES if isinstance(value, dict) and name in value), None)
            places[-1] += f" {int(index) + 1}" + (f" ({named})" if named else "")
        info = _part(info, key)
        if index == "..." and isinstance(value, dict) and isinstance(info, inspect.StructType):
            return _words_of_entry(value, info.cls, ", ".join(places)) or f"{', '.join(places)}: {fault}"
    return f"{', '.join(places)}: {fault[:1].lower()}{fault[1:]}{_known(fault, info, shape)}; mend the entry"


def _words_of_entry(entries: dict[str, Any], shape: Any, where: str) -> str | None:
    """What is wrong with the first wrong entry of a table: msgspec does not name it."""
    for name, entry in entries.items():
        try:
            msgspec.convert(entry, shape, dec_hook=_decode)
        except msgspec.ValidationError as error:
            return _words(error, entry, shape, f"{where}, {name}")
    return None


def _part(info: inspect.Type, key: str) -> inspect.Type:
    """What a key of a shape, or an entry of a list or table, may be."""
    kinds = info.types if isinstance(info, inspect.UnionType) else (info,)
    for kind in kinds:
        if isinstance(kind, inspect.StructType):
            if key and key == kind.tag_field:
                tags = (one.tag for one in kinds if isinstance(one, inspect.StructType))
                return inspect.LiteralType(tuple(tag for tag in tags if tag is not None))
            if found := [field.type for field in kind.fields if field.encode_name == key]:
                return found[0]
        elif isinstance(kind, inspect.DictType):
            return kind.value_type
        elif isinstance(kind, inspect.VarTupleType):
            return kind.item_type
    return inspect.AnyType()


def _known(fault: str, info: inspect.Type, shape: Any) -> str:
    """The nearest known key where a key is unknown; all values that there may be where a value is."""
    if unknown := _UNKNOWN.search(fault):
        near = difflib.get_close_matches(unknown["key"], sorted(_fields(shape)), n=1)
        return f"; nearest known: {near[0]}" if near else ""
    values: list[object] = []
    for kind in info.types if isinstance(info, inspect.UnionType) else (info,):
        if isinstance(kind, inspect.EnumType):
            values += [member.value for member in kind.cls]
        elif isinstance(kind, inspect.LiteralType):
            values += kind.values
    return f"; known: {', '.join(map(str, values))}" if values else ""


def _fields(shape: Any) -> set[str]:
    """The keys of a shape and of all shapes in it."""
    found: set[str] = set()
    waiting, seen = [inspect.type_info(shape)], set()
    while waiting:
        info = waiting.pop()
        if isinstance(info, inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            found |= {field.encode_name for field in info.fields}
            waiting += [field.type for field in info.fields]
        else:
            waiting += [
                part
                for name in ("item_type", "value_type", "types", "item_types")
                for part in _parts(getattr(info, name, ()))
            ]
    return found


def _parts(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,)
