"""What the tables and measures of the dataset are called, in what colour, and what is a part of what.

One declaration (`tables.toml`, `measures.toml`) for all rooms: whoever adds a column gives it its names there and
nowhere else. The names are the same for every family of forms.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, shelf

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class NamedTable(Shape, frozen=True):
    """An official table, or a part of the text: its published name, a short one, an English one.

    `fund` is the measure that the table's total is a part of, where it tells of one fund; `optional` that not every
    place publishes it.
    """

    id: str
    zh: str
    short: str
    en: str
    fund: str | None = None
    optional: bool = False


class Measure(Shape, frozen=True):
    """What a column measures: its names, its colour, and the measure or table whose total it is a part of."""

    id: str
    zh: str
    en: str
    short: str = ""
    colour: str | None = None
    part_of: str | None = None

    @property
    def short_name(self) -> str:
        """What it is called where there is little room."""
        return self.short or self.zh


Named = TypeVar("Named", NamedTable, Measure)


class _Tables(Shape, frozen=True):
    tables: tuple[NamedTable, ...]
    texts: tuple[NamedTable, ...]


class _Measures(Shape, frozen=True):
    measures: tuple[Measure, ...]


@cache
def tables() -> Mapping[str, NamedTable]:
    """The official tables by id, in the order of the published forms.

    Raises:
        KnowledgeError: An entry is malformed, or an id is used twice.
    """
    return _by_id("tables.toml", read_shape(shelf("tables.toml"), _Tables).tables)


@cache
def texts() -> Mapping[str, NamedTable]:
    """What is printed outside the official tables, by the id that stands for a table there."""
    return _by_id("tables.toml", read_shape(shelf("tables.toml"), _Tables).texts)


@cache
def measures() -> Mapping[str, Measure]:
    """The measures by id, in the order in which parts of one whole are shown.

    Raises:
        KnowledgeError: An entry is malformed, an id is used twice, or it is a part of nothing that there is.
    """
    found = _by_id("measures.toml", read_shape(shelf("measures.toml"), _Measures).measures)
    for one in found.values():
        if one.part_of is not None and one.part_of not in {*found, *tables()}:
            raise KnowledgeError(f"measures.toml, {one.id}: a part of {one.part_of!r}, which is no measure or table")
        if one.colour is not None and not _COLOUR.fullmatch(one.colour):
            raise KnowledgeError(f"measures.toml, {one.id}: {one.colour!r} is no colour such as #4477aa")
    return found


def parts_of(whole: str) -> Mapping[str, Measure]:
    """The parts that make up a measure or table, by id."""
    return {one.id: one for one in measures().values() if one.part_of == whole}


def smallest_parts_of(whole: str) -> Mapping[str, Measure]:
    """The parts of a measure or table that have no parts themselves: 购置 and 运行 instead of 公务用车."""
    found: dict[str, Measure] = {}
    for one in parts_of(whole).values():
        found |= smallest_parts_of(one.id) or {one.id: one}
    return found


@cache
def official_tables() -> Mapping[str, str]:
    """Published names of the official tables by id."""
    return MappingProxyType({one.id: one.zh for one in tables().values()})


@cache
def table_names() -> Mapping[str, str]:
    """Published names of the tables by id, those of the text among them."""
    return MappingProxyType({one.id: one.zh for one in (*tables().values(), *texts().values())})


def short_table_names(printed: Iterable[str]) -> Mapping[str, str]:
    """Short names, for narrow columns, of all that has line items: the official tables and the items of the text.

    Args:
        printed: The tables that some document prints; of those that not every place publishes only these are named.
    """
    there = set(printed)
    shown = [one for one in tables().values() if not one.optional or one.id in there]
    return MappingProxyType({one.id: one.short for one in (*shown, texts()["narrative"])})


@cache
def measure_names() -> Mapping[str, str]:
    """Published names of the measures by id."""
    return MappingProxyType({one.id: one.zh for one in measures().values()})


@cache
def measure_colours() -> Mapping[str, str]:
    """The colours of the measures that have one, by id."""
    return MappingProxyType({one.id: one.colour for one in measures().values() if one.colour is not None})


def _by_id(where: str, entries: tuple[Named, ...]) -> Mapping[str, Named]:
    found = {one.id: one for one in entries}
    if len(found) != len(entries):
        raise KnowledgeError(f"{where}: an id is used twice")
    return MappingProxyType(found)
