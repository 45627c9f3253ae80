"""The one declaration of every column of the dataset (`fields.toml`): what it is called, holds and means."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from analysis.knowledge.load import Shape, read_shape, shelf


class Field(Shape, frozen=True):
    """One column: its name, its type, whether it may be null, and its meaning in Chinese and English.

    A `list` holds any number of entries with `fields` of their own.
    """

    name: str
    type: Literal["string", "int16", "int32", "int64", "float64", "bool", "money", "percent", "value", "date", "list"]
    zh: str
    en: str
    required: bool = False
    fields: tuple["Field", ...] = ()


class _TableEntry(Shape, frozen=True):
    zh: str
    en: str
    fields: tuple[Field, ...]


class TableFields(Shape, frozen=True):
    """One table of the dataset: its meaning and its columns in order."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(field.name for field in self.fields)


@cache
def data_dictionary() -> Mapping[str, TableFields]:
    """Every table of the dataset by name.

    Raises:
        KnowledgeError: A field lacks a word, says too much, or has a type that is not known.
    """
    entries = read_shape(shelf("fields.toml"), dict[str, _TableEntry])
    return MappingProxyType(
        {name: TableFields(name=name, zh=entry.zh, en=entry.en, fields=entry.fields) for name, entry in entries.items()}
    )
