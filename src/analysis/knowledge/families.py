"""The families of forms: one folder a place, each saying only what differs from the family that it extends.

    forms/national/family.toml        what the ministry's forms say; extends nothing
    forms/shanghai/family.toml        extends = "national"
    DIR/<any>/family.toml             a user's own (`--forms DIR`), extending one of these or of his own

What a family says itself comes first: its titles and headings before those that it takes over for the same table (table
and kind), its columns before the others, its words in the place of the others. So a family can be added without a line
of code, and nothing that it says changes how the documents of another one are read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

import msgspec

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, compiled, read_shape, shelf
from analysis.knowledge.names import measures, tables
from analysis.terms.code import Scheme
from analysis.terms.form import Family, Form, Layout, MeasureRule, Sure, Wording
from analysis.terms.label import NUMERAL, squeeze
from analysis.terms.line_item import Kind, Phase, Side

NATIONAL = "national"
FILE = "family.toml"
_QUOTES = re.compile(r"[“”\"‘'’「」《》]")
_ID = re.compile(r"[a-z][a-z0-9_]*")
# The order in which a header path is asked what kind of label it is.
_LABELS = ("ignored", "unit_code", "unit_name", "code", "name")


class _Table(Shape, frozen=True):
    table: str
    kind: Kind
    government: bool = False
    titles: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    layout: Layout | None = None
    scheme: Scheme | None = None
    side: Side | None = None
    since: int | None = None
    optional: bool | None = None
    source: str | None = None
    sure: Sure | None = None
    plain: tuple[tuple[str, ...], ...] = ()


class _Column(Shape, frozen=True):
    measure: str
    header: str
    side: Side | None = None
    tables: tuple[str, ...] = ()


class _Labels(Shape, frozen=True):
    unit_code: re.Pattern[str] | None = None
    unit_name: re.Pattern[str] | None = None
    code: re.Pattern[str] | None = None
    name: re.Pattern[str] | None = None
    ignored: re.Pattern[str] | None = None


_Words = msgspec.defstruct(
    "_Words",
    [(name, str | None, None) for name in Wording.__dataclass_fields__],
    bases=(Shape,),
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
)


class _FamilyFile(Shape, frozen=True):
    """What one `family.toml` says."""

    id: str
    zh: str
    en: str
    source: str
    sure: Sure = Sure.SEEN
    extends: str | None = None
    places: tuple[re.Pattern[str], ...] = ()
    not_promised: tuple[str, ...] = ()
    phases: Mapping[str, Phase] = {}
    parts: Mapping[str, str] = {}
    words: _Words = msgspec.field(default_factory=_Words)  # type: ignore[valid-type]
    labels: _Labels = _Labels()
    columns: tuple[_Column, ...] = ()
    tables: tuple[_Table, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """The families that are known, by id, the national one first.

    Attributes:
        by_id: Every family.
        folders: Where each one's files lie, for those who read its identities and the words of its text.
        not_promised: The ids of identities that a family does not promise, by family.
    """

    by_id: Mapping[str, Family]
    folders: Mapping[str, Traversable]
    not_promised: Mapping[str, frozenset[str]]

    @property
    def national(self) -> Family:
        """The family that every other one extends."""
        return self.by_id[NATIONAL]

    def lineage(self, family: str) -> tuple[str, ...]:
        """A family and those that it extends, itself first."""
        extended = self.by_id[family].extends
        return (family, *(self.lineage(extended) if extended else ()))

    def descendants(self, family: str) -> frozenset[str]:
        """A family and all that extend it."""
        return frozenset(other for other in self.by_id if family in self.lineage(other))


def load_families(user_dir: Path | None = None) -> Families:
    """The families that come with the package, and those of a user's folder.

    Args:
        user_dir: A folder with one folder a family; None for none.

    Raises:
        KnowledgeError: A file is malformed, names an unknown table, measure or family, or an id is taken.
    """
    if user_dir is None:
        return _shipped()
    return _users(user_dir, tuple(sorted(_state(path) for path in user_dir.rglob("*.toml"))))


def _state(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


@cache
def _shipped() -> Families:
    return _families(_folders(shelf("forms")))


@cache
def _users(user_dir: Path, _files: tuple[tuple[str, int, int], ...]) -> Families:
    """A user's families; read again when one of his files has changed."""
    found = _folders(user_dir) if user_dir.is_dir() else []
    if not found:
        raise KnowledgeError(
            f"{user_dir} 中没有表式：每种表式一个文件夹，内有 {FILE}。"
            f" / {user_dir} has no families: put a folder with {FILE} into it for each."
        )
    return _families([*_folders(shelf("forms")), *found])


def _folders(folder: Traversable) -> list[Traversable]:
    there = (one for one in folder.iterdir() if one.is_dir() and one.joinpath(FILE).is_file())
    return sorted(there, key=lambda one: one.name)


def _families(folders: Iterable[Traversable]) -> Families:
    entries: dict[str, _FamilyFile] = {}
    places: dict[str, Traversable] = {}
    for folder in folders:
        entry = read_shape(folder.joinpath(FILE), _FamilyFile, f"{folder.name}/{FILE}")
        if not _ID.fullmatch(entry.id):
            raise KnowledgeError(f"{folder.name}/{FILE}: {entry.id!r} is no id: small letters, digits and _")
        if entry.id in entries:
            raise KnowledgeError(f"{folder.name}/{FILE}: the id {entry.id} is taken; choose another, and extend it")
        entries[entry.id], places[entry.id] = entry, folder
    built: dict[str, Family] = {}
    for name in sorted(entries, key=lambda one: (one != NATIONAL, one)):
        _build(name, entries, built, ())
    return Families(
        MappingProxyType(built),
        MappingProxyType(places),
        MappingProxyType({name: frozenset(entry.not_promised) for name, entry in entries.items()}),
    )


def _build(name: str, entries: Mapping[str, _FamilyFile], built: dict[str, Family], below: tuple[str, ...]) -> Family:
    if name in built:
        return built[name]
    entry, where = entries[name], f"{name}/{FILE}"
    if name in below:
        raise KnowledgeError(f"{where}: families extend each other in a circle: {' → '.join((*below, name))}")
    base = None
    if entry.extends is not None:
        if entry.extends not in entries:
            raise KnowledgeError(f"{where}: extends {entry.extends!r}; known: {', '.join(sorted(entries))}")
        base = _build(entry.extends, entries, built, (*below, name))
    elif name != NATIONAL:
        raise KnowledgeError(f"{where}: a family extends another one; write extends = {NATIONAL!r}")
    if entry.columns and entry.sure is Sure.MEMORY:
        raise KnowledgeError(f"{where}: what columns mean must be seen; from memory a family gives titles only")
    parts = {**(base.parts if base else {}), **entry.parts, "numeral": NUMERAL}
    built[name] = Family(
        id=name,
        zh=entry.zh,
        en=entry.en,
        source=entry.source,
        extends=entry.extends,
        places=entry.places,
        forms=_forms(entry, base, parts, where),
        measures=(*(_measure(column, parts, where) for column in entry.columns), *(base.measures if base else ())),
        labels={kind: _label(entry, base, kind, where) for kind in _LABELS},
        phases={**(base.phases if base else {}), **entry.phases},
        parts=MappingProxyType(parts),
        wording=_wording(entry, base, parts, where),
    )
    return built[name]


def _compile(pattern: str, parts: Mapping[str, str], where: str) -> re.Pattern[str]:
    """The pattern with the family's parts in their places."""
    text = pattern
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return compiled(text, where, pattern)


_Key = tuple[str, Kind, bool]


def _forms(entry: _FamilyFile, base: Family | None, parts: Mapping[str, str], where: str) -> tuple[Form, ...]:
    """The family's tables: those that it takes over, with what it adds to them, and then its own."""
    said: dict[_Key, _Table] = {(table.table, table.kind, table.government): table for table in entry.tables}
    if len(said) != len(entry.tables):
        raise KnowledgeError(f"{where}: a table stands twice for one kind; put its titles together")
    old: dict[_Key, Form] = {(form.table, form.kind, form.government): form for form in (base.forms if base else ())}
    keys = dict.fromkeys((*old, *said))
    return tuple(_form(said.get(key), old.get(key), entry.sure, parts, where) for key in keys)


def _form(said: _Table | None, old: Form | None, sure: Sure, parts: Mapping[str, str], where: str) -> Form:
    if said is None:
        if old is None:
            raise ValueError("a form is said or taken over")
        return old
    place = f"{where}, table {said.table} ({said.kind})"
    if said.table not in tables():
        raise KnowledgeError(f"{place}: no such table; known: {', '.join(tables())}")
    layout = said.layout or (old.layout if old else None)
    titles = tuple(dict.fromkeys((*said.titles, *(old.titles if old else ()))))
    plain = tuple(tuple(_plain(word, place) for word in row) for row in said.plain) or (old.plain if old else ())
    if layout is None or not titles:
        raise KnowledgeError(f"{place}: a new table needs titles and a layout")
    patterns = (
        *said.patterns,
        *(re.escape(_as_matched(title)) for title in titles),
        *((old.pattern.pattern,) if old else ()),
    )
    return Form(
        table=said.table,
        kind=said.kind,
        government=said.government,
        titles=titles,
        pattern=_compile(f"(?:{'|'.join(f'(?:{one})' for one in patterns)})$", parts, place),
        headings=tuple(dict.fromkeys((*said.headings, *(old.headings if old else ())))),
        layout=layout,
        scheme=said.scheme or (old.scheme if old else None),
        side=said.side or (old.side if old else None),
        since=_since(said, old),
        plain=plain,
        sure=said.sure or sure,
    )


def _as_matched(title: str) -> str:
    """A title as titles are matched: brackets half-width, no quotation marks."""
    return _QUOTES.sub("", squeeze(title))


def _since(said: _Table, old: Form | None) -> int | None:
    """The first year in which the table is expected; None where a document may lack it."""
    if said.optional or (said.optional is None and said.since is None and old is not None and old.since is None):
        return None
    return said.since if said.since is not None else ((old.since if old else None) or 0)


def _plain(word: str, place: str) -> tuple[Side, str]:
    side, _, measure = word.partition(":")
    if side not in list(Side) or measure not in measures():
        raise KnowledgeError(f"{place}: {word!r} is no side:measure")
    return Side(side), measure


def _measure(column: _Column, parts: Mapping[str, str], where: str) -> MeasureRule:
    if column.measure not in measures():
        raise KnowledgeError(f"{where}, column {column.header}: {column.measure!r} is no measure of measures.toml")
    place = f"{where}, column {column.measure}"
    words, path = (_compile(text, parts, place) for text in (column.header, rf"(?:^|/)(?:{column.header})$"))
    if unknown := set(column.tables).difference(tables()):
        raise KnowledgeError(f"{place}: no such table {', '.join(sorted(unknown))}; known: {', '.join(tables())}")
    return MeasureRule(column.measure, words, path, column.side, frozenset(column.tables))


def _label(entry: _FamilyFile, base: Family | None, kind: str, where: str) -> re.Pattern[str]:
    found: re.Pattern[str] | None = getattr(entry.labels, kind) or (base.labels[kind] if base else None)
    if found is None:
        raise KnowledgeError(f"{where}: labels lack {kind}")
    return found


def _wording(entry: _FamilyFile, base: Family | None, parts: Mapping[str, str], where: str) -> Wording:
    found: dict[str, re.Pattern[str]] = {}
    for name in Wording.__dataclass_fields__:
        text: str | None = getattr(entry.words, name)
        if text is not None:
            found[name] = _compile(text, parts, f"{where}, words, {name}")
        elif base is not None:
            found[name] = getattr(base.wording, name)
        else:
            raise KnowledgeError(f"{where}: words lack {name}")
    return Wording(**found)
