"""The identities of the families of forms, read strictly.

`forms/<family>/identities.toml` is written for people: each kind of relation has the few keys that it needs. Here every
entry becomes the one form that the interpreter knows (`analysis.terms.identity.Case`). A malformed entry is our
fault, so it is an error at once: an unknown key, table, column, row set or guard, a missing sentence, a doubled id.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypeVar

import msgspec

from analysis.errors import KnowledgeError
from analysis.knowledge.families import Families
from analysis.knowledge.load import Shape, read_shape, to_shape
from analysis.knowledge.names import measure_names, official_tables
from analysis.terms.form import Sure
from analysis.terms.identity import (
    Case,
    Depth,
    DocumentLink,
    Guard,
    Identities,
    Identity,
    Match,
    Operand,
    Relation,
    RowSet,
    Strength,
)
from analysis.terms.line_item import Kind, Phase, RowRole, Side

NARRATIVE = "narrative"
FILE = "identities.toml"

Known = TypeVar("Known")
_Word = Annotated[str, msgspec.Meta(min_length=1)]
_Words = Annotated[tuple[_Word, ...], msgspec.Meta(min_length=1)]


class _RowSet(Shape, frozen=True):
    zh: _Word
    en: _Word
    roles: tuple[RowRole, ...] = ()
    levels: tuple[Literal[1, 2, 3], ...] = ()
    codes: tuple[_Word, ...] = ()
    depths: tuple[Depth, ...] = ()
    labels: tuple[_Word, ...] = ()
    starts: tuple[_Word, ...] = ()
    excluded: tuple[_Word, ...] = ()
    above: tuple[_Word, ...] = ()
    below: tuple[_Word, ...] = ()


class _Operand(Shape, frozen=True):
    table: str
    rows: str
    measures: tuple[str, ...] = ()
    side: Side | None = None
    phase: Phase | None = None
    of: Literal["other"] | None = None


class _Guard(Shape, frozen=True):
    zh: _Word
    en: _Word
    operands: Annotated[tuple[_Operand, ...], msgspec.Meta(min_length=1)]


class _Pair(Shape, frozen=True):
    left: _Operand
    right: Annotated[tuple[_Operand, ...], msgspec.Meta(min_length=1)]
    added: bool = False


class _Entry(Shape, frozen=True, kw_only=True, tag_field="relation"):
    """What every identity says; each kind of relation adds its own keys."""

    id: _Word
    zh: _Word
    en: _Word
    strength: Strength
    source: _Word
    sure: Sure = Sure.SEEN
    kinds: Annotated[tuple[Kind, ...], msgspec.Meta(min_length=1)]
    unless: tuple[str, ...] = ()
    link: DocumentLink | None = None


class _Row(_Entry, frozen=True, kw_only=True, tag=Relation.ROW.value):
    tables: _Words
    sum: str
    parts: _Words
    side: Side | None = None


class _Children(_Entry, frozen=True, kw_only=True, tag=Relation.CHILDREN.value):
    tables: _Words
    parents: Literal["classes", "sections"]
    side: Side | None = None


class _Total(_Entry, frozen=True, kw_only=True, tag=Relation.TOTAL.value):
    tables: _Words
    total: str
    parts: _Words
    side: Side | None = None


class _Equal(_Entry, frozen=True, kw_only=True, tag=Relation.EQUAL.value):
    by: Literal["code", "name", "table"]
    pairs: Annotated[tuple[_Pair, ...], msgspec.Meta(min_length=1)]


class _AtLeast(_Entry, frozen=True, kw_only=True, tag=Relation.AT_LEAST.value):
    by: Literal["code", "name", "table"]
    pairs: Annotated[tuple[_Pair, ...], msgspec.Meta(min_length=1)]


class _IdentitiesFile(Shape, frozen=True):
    """What one `identities.toml` says."""

    identities: tuple[_Row | _Children | _Total | _Equal | _AtLeast, ...]
    rows: Mapping[str, _RowSet] = {}
    guards: Mapping[str, _Guard] = {}


def load_identities(families: Families) -> Identities:
    """The identities of all families: each holds for the family whose folder declares it and for those that extend it.

    Raises:
        KnowledgeError: An entry is malformed; the message names it and what is wrong.
    """
    shelves = {
        name: read_shape(file, _IdentitiesFile, f"{name}/{FILE}")
        for name, folder in families.folders.items()
        if (file := folder.joinpath(FILE)).is_file()
    }
    entries: list[Identity] = []
    for name in families.by_id:
        if name not in shelves:
            continue
        lineage = [shelves[one] for one in families.lineage(name) if one in shelves]
        holders = families.descendants(name)
        entries += [
            replace(entry, families=frozenset(one for one in holders if not _refused(entry.id, one, families)))
            for entry in _entries(lineage, f"{name}/{FILE}")
        ]
    _refuse_doubled(entries, FILE)
    known = {entry.id for entry in entries}
    for name, ids in families.not_promised.items():
        if unknown := ids - known:
            raise KnowledgeError(f"{name}: not_promised names no identity: {', '.join(sorted(unknown))}")
    return Identities(tuple(entries), official_tables(), measure_names())


def read_identities(text: str) -> Identities:
    """The identities that `text`, in TOML, declares; they hold for every family.

    Raises:
        KnowledgeError: As `load_identities`.
    """
    entries = _entries([to_shape(text, _IdentitiesFile, FILE)], FILE)
    _refuse_doubled(entries, FILE)
    return Identities(tuple(entries), official_tables(), measure_names())


def _refused(identity: str, family: str, families: Families) -> bool:
    return any(identity in families.not_promised[one] for one in families.lineage(family))


def _entries(shelves: Sequence[_IdentitiesFile], where: str) -> list[Identity]:
    """The identities of the first shelf; its row sets and guards are its own and those of the shelves behind it."""
    rows = {key: entry for shelf in reversed(shelves) for key, entry in shelf.rows.items()}
    guards = {key: entry for shelf in reversed(shelves) for key, entry in shelf.guards.items()}
    try:
        reader = _Reader(rows, guards)
        return [reader.identity(entry) for entry in shelves[0].identities]
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from error


def _refuse_doubled(entries: Sequence[Identity], where: str) -> None:
    ids = [entry.id for entry in entries]
    if doubled := sorted({one for one in ids if ids.count(one) > 1}):
        raise KnowledgeError(f"{where}: ids used twice: {', '.join(doubled)}")


class _Reader:
    """Reads entries against the known tables and measures, and the row sets and guards that one shelf declares."""

    def __init__(self, rows: Mapping[str, _RowSet], guards: Mapping[str, _Guard]) -> None:
        self._tables = set(official_tables())
        self._measures = set(measure_names())
        self._rows = {key: RowSet(id=key, **msgspec.structs.asdict(entry)) for key, entry in rows.items()}
        self._guards = {key: self._guard(key, entry) for key, entry in guards.items()}

    def identity(self, entry: _Row | _Children | _Total | _Equal | _AtLeast) -> Identity:
        where = f"identity {entry.id}"
        if isinstance(entry, _AtLeast) != (entry.strength is Strength.BOUND):
            raise KnowledgeError(f"{where}: strength bound and relation at_least go together")
        if entry.sure is Sure.MEMORY and entry.strength is Strength.HARD:
            raise KnowledgeError(f"{where}: what is only remembered makes no error; let its strength be soft")
        cases = tuple(self._cases(where, entry))
        for case in cases:
            sides = {case.left.other}, {one.other for one in case.right}
            if entry.link is not None and sorted(map(sorted, sides)) != [[False], [True]]:
                raise KnowledgeError(f"{where}: of a link one side, and only one, is that of the other document")
            if entry.link is None and any(
                one.other or one.phase or one.table == NARRATIVE for one in (case.left, *case.right)
            ):
                raise KnowledgeError(f"{where}: of, phase and the table {NARRATIVE} go with a link")
        return Identity(
            id=entry.id,
            zh=entry.zh,
            en=entry.en,
            relation=Relation(str(type(entry).__struct_config__.tag)),
            strength=entry.strength,
            source=entry.source,
            kinds=entry.kinds,
            cases=cases,
            unless=tuple(_known(where, "guard", self._guards, guard) for guard in entry.unless),
            link=entry.link,
        )

    def _guard(self, key: str, entry: _Guard) -> Guard:
        operands = tuple(self._operand(f"guards.{key}", one, one.measures) for one in entry.operands)
        return Guard(key, entry.zh, entry.en, operands)

    def _operand(self, where: str, entry: _Operand, measures: tuple[str, ...]) -> Operand:
        cells = self._of_table(where, entry.table, entry.rows, measures, entry.side)
        return replace(cells, phase=entry.phase, other=entry.of is not None)

    def _of_table(
        self, where: str, table: str, rows: str, measures: tuple[str, ...] = (), side: Side | None = None
    ) -> Operand:
        if table not in self._tables | {NARRATIVE}:
            raise KnowledgeError(f"{where}: unknown table {table!r}")
        if unknown := set(measures) - self._measures:
            raise KnowledgeError(f"{where}: unknown measure {', '.join(sorted(unknown))}")
        return Operand(table, _known(where, "row set", self._rows, rows), measures, side)

    def _cases(self, where: str, entry: _Row | _Children | _Total | _Equal | _AtLeast) -> Iterator[Case]:
        match entry:
            case _Row(tables=tables, side=side):
                for table in tables:
                    left = self._of_table(where, table, "any", (entry.sum,), side)
                    yield Case(left, (self._of_table(where, table, "any", entry.parts, side),), Match.ROW)
            case _Children(tables=tables, side=side, parents=parents):
                children = {"classes": "sections", "sections": "items"}[parents]
                for table in tables:
                    left = self._of_table(where, table, parents, (), side)
                    yield Case(left, (self._of_table(where, table, children, (), side),), Match.PARENT)
            case _Total(tables=tables, side=side, total=total, parts=parts):
                for table in tables:
                    right = tuple(self._of_table(where, table, part, (), side) for part in parts)
                    yield Case(self._of_table(where, table, total, (), side), right, Match.TABLE)
            case _Equal(by=by, pairs=pairs) | _AtLeast(by=by, pairs=pairs):
                yield from (self._pair(where, pair, Match(by)) for pair in pairs)

    def _pair(self, where: str, pair: _Pair, match: Match) -> Case:
        left = self._operand(where, pair.left, pair.left.measures)
        right = tuple(self._operand(where, one, one.measures or left.measures) for one in pair.right)
        if not left.measures:
            raise KnowledgeError(f"{where}: the left side names no measures")
        if len(left.measures) > 1 and not pair.added and any(one.measures != left.measures for one in right):
            raise KnowledgeError(
                f"{where}: several measures on the left need the same ones on the right, or to be added"
            )
        return Case(left, right, match, pair.added)


def _known(where: str, what: str, known: Mapping[str, Known], key: str) -> Known:
    if key not in known:
        near = difflib.get_close_matches(key, list(known), n=1)
        raise KnowledgeError(f"{where}: unknown {what} {key!r}{f'; nearest known: {near[0]}' if near else ''}")
    return known[key]
