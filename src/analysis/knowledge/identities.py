"""The identities of the families of forms, read strictly.

`forms/<family>/identities.toml` is written for people: each kind of relation has the few keys that it needs. Here every
entry becomes the one form that the interpreter knows (`analysis.terms.identity.Case`). A malformed entry is our
fault, so it is an error at once: an unknown key, table, column, row set or guard, a missing sentence, a doubled id.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from analysis.errors import KnowledgeError
from analysis.knowledge.families import Families
from analysis.knowledge.names import measure_names, official_tables
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

Entry = Mapping[str, Any]
Member = TypeVar("Member", bound=StrEnum)

NARRATIVE = "narrative"
FILE = "identities.toml"

_COMMON = {"id", "zh", "en", "relation", "strength", "source", "kinds", "unless", "link"}
_OWN = {
    Relation.ROW: {"tables", "side", "sum", "parts"},
    Relation.CHILDREN: {"tables", "side", "parents"},
    Relation.TOTAL: {"tables", "side", "total", "parts"},
    Relation.EQUAL: {"by", "pairs"},
    Relation.AT_LEAST: {"by", "pairs"},
}
_OPTIONAL = {"unless", "side", "link"}
_ROW_SET = {"zh", "en", "roles", "levels", "codes", "depths", "labels", "starts", "excluded", "above", "below"}


def load_identities(families: Families) -> Identities:
    """The identities of all families: each holds for the family whose folder declares it and for those that extend it.

    Raises:
        KnowledgeError: An entry is malformed; the message names it and what is wrong.
    """
    texts = {
        name: file.read_text(encoding="utf-8")
        for name, folder in families.folders.items()
        if (file := folder.joinpath(FILE)).is_file()
    }
    entries: list[Identity] = []
    for name in families.by_id:
        if name not in texts:
            continue
        shelves = [_parsed(texts[one], f"{one}/{FILE}") for one in families.lineage(name) if one in texts]
        holders = families.descendants(name)
        entries += [
            replace(entry, families=frozenset(one for one in holders if not _refused(entry.id, one, families)))
            for entry in _entries(shelves, f"{name}/{FILE}")
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
    entries = _entries([_parsed(text, FILE)], FILE)
    _refuse_doubled(entries, FILE)
    return Identities(tuple(entries), official_tables(), measure_names())


def _refused(identity: str, family: str, families: Families) -> bool:
    return any(identity in families.not_promised[one] for one in families.lineage(family))


def _parsed(text: str, where: str) -> Entry:
    try:
        shelf = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{where}: no valid TOML: {error}") from error
    _require_keys(where, shelf, {"rows", "guards", "identities"}, {"rows", "guards"})
    return shelf


def _entries(shelves: Sequence[Entry], where: str) -> list[Identity]:
    """The identities of the first shelf; its row sets and guards are its own and those of the shelves behind it."""
    rows, guards = (
        {k: v for shelf in reversed(shelves) for k, v in shelf.get(key, {}).items()} for key in ("rows", "guards")
    )
    reader = _Reader(rows, guards)
    try:
        return [reader.identity(entry) for entry in shelves[0]["identities"]]
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from error


def _refuse_doubled(entries: Sequence[Identity], where: str) -> None:
    ids = [entry.id for entry in entries]
    if doubled := sorted({one for one in ids if ids.count(one) > 1}):
        raise KnowledgeError(f"{where}: ids used twice: {', '.join(doubled)}")


def _require_keys(where: str, entry: Entry, allowed: set[str], optional: set[str]) -> None:
    unknown = set(entry) - allowed
    if unknown:
        raise KnowledgeError(f"{where}: unknown key {', '.join(sorted(unknown))}; known: {', '.join(sorted(allowed))}")
    missing = allowed - optional - set(entry)
    if missing:
        raise KnowledgeError(f"{where}: missing key {', '.join(sorted(missing))}")
    empty = [key for key, value in entry.items() if value in ("", [], {})]
    if empty:
        raise KnowledgeError(f"{where}: empty value for {', '.join(sorted(empty))}")


def _member(where: str, kind: type[Member], value: object) -> Member:
    for member in kind:
        if member.value == value:
            return member
    raise KnowledgeError(f"{where}: {value!r} is none of {', '.join(member.value for member in kind)}")


class _Reader:
    """Reads entries against the known tables and measures, and the row sets and guards that one shelf declares."""

    def __init__(self, rows: Entry, guards: Entry) -> None:
        self._tables = set(official_tables())
        self._measures = set(measure_names())
        self._rows = {key: self._row_set(key, entry) for key, entry in rows.items()}
        self._guards = {key: self._guard(key, entry) for key, entry in guards.items()}
        self._cases: dict[Relation, Callable[[str, Entry], tuple[Case, ...]]] = {
            Relation.ROW: self._row_cases,
            Relation.CHILDREN: self._children_cases,
            Relation.TOTAL: self._total_cases,
            Relation.EQUAL: self._pair_cases,
            Relation.AT_LEAST: self._pair_cases,
        }

    def identity(self, entry: Entry) -> Identity:
        where = f"identity {entry.get('id', '(without id)')}"
        if "relation" not in entry:
            raise KnowledgeError(f"{where}: missing key relation")
        relation = _member(where, Relation, entry["relation"])
        _require_keys(where, entry, _COMMON | _OWN[relation], _OPTIONAL)
        strength = _member(where, Strength, entry["strength"])
        link = _member(where, DocumentLink, entry["link"]) if "link" in entry else None
        if (relation is Relation.AT_LEAST) != (strength is Strength.BOUND):
            raise KnowledgeError(f"{where}: strength bound and relation at_least go together")
        cases = self._cases[relation](where, entry)
        for case in cases:
            sides = {case.left.other}, {one.other for one in case.right}
            if link is not None and sorted(map(sorted, sides)) != [[False], [True]]:
                raise KnowledgeError(f"{where}: of a link one side, and only one, is that of the other document")
            if link is None and any(
                one.other or one.phase or one.table == NARRATIVE for one in (case.left, *case.right)
            ):
                raise KnowledgeError(f"{where}: of, phase and the table {NARRATIVE} go with a link")
        return Identity(
            id=entry["id"],
            zh=entry["zh"],
            en=entry["en"],
            relation=relation,
            strength=strength,
            source=entry["source"],
            kinds=tuple(_member(where, Kind, kind) for kind in entry["kinds"]),
            cases=cases,
            unless=tuple(self._known(where, "guard", self._guards, guard) for guard in entry.get("unless", ())),
            link=link,
        )

    def _row_set(self, key: str, entry: Entry) -> RowSet:
        where = f"rows.{key}"
        _require_keys(where, entry, _ROW_SET, _ROW_SET - {"zh", "en"})
        listed = ("codes", "labels", "starts", "excluded", "above", "below")
        texts = {name: tuple(entry.get(name, ())) for name in listed}
        return RowSet(
            id=key,
            zh=entry["zh"],
            en=entry["en"],
            roles=tuple(_member(where, RowRole, role) for role in entry.get("roles", ())),
            depths=tuple(_member(where, Depth, depth) for depth in entry.get("depths", ())),
            levels=tuple(int(level) for level in entry.get("levels", ())),
            **texts,
        )

    def _guard(self, key: str, entry: Entry) -> Guard:
        where = f"guards.{key}"
        _require_keys(where, entry, {"zh", "en", "operands"}, set())
        return Guard(key, entry["zh"], entry["en"], tuple(self._operand(where, one) for one in entry["operands"]))

    def _operand(self, where: str, entry: Entry) -> Operand:
        told = {"measures", "side", "phase", "of"}
        _require_keys(where, entry, {"table", "rows", *told}, told)
        phase = _member(where, Phase, entry["phase"]) if "phase" in entry else None
        if entry.get("of", "other") != "other":
            raise KnowledgeError(f"{where}: of is other or left out, not {entry['of']!r}")
        measures = tuple(entry.get("measures", ()))
        cells = self._cells(where, entry["table"], entry["rows"], measures, self._side(where, entry))
        return replace(cells, phase=phase, other="of" in entry)

    def _cells(
        self, where: str, table: str, rows: str, measures: tuple[str, ...] = (), side: Side | None = None
    ) -> Operand:
        if table not in self._tables | {NARRATIVE}:
            raise KnowledgeError(f"{where}: unknown table {table!r}")
        if unknown := set(measures) - self._measures:
            raise KnowledgeError(f"{where}: unknown measure {', '.join(sorted(unknown))}")
        return Operand(table, self._known(where, "row set", self._rows, rows), measures, side)

    def _known(self, where: str, what: str, known: Mapping[str, Any], key: str) -> Any:
        if key not in known:
            raise KnowledgeError(f"{where}: unknown {what} {key!r}")
        return known[key]

    def _side(self, where: str, entry: Entry) -> Side | None:
        return _member(where, Side, entry["side"]) if "side" in entry else None

    def _row_cases(self, where: str, entry: Entry) -> tuple[Case, ...]:
        side = self._side(where, entry)
        return tuple(
            Case(
                self._cells(where, table, "any", (entry["sum"],), side),
                (self._cells(where, table, "any", tuple(entry["parts"]), side),),
                Match.ROW,
            )
            for table in entry["tables"]
        )

    def _children_cases(self, where: str, entry: Entry) -> tuple[Case, ...]:
        side = self._side(where, entry)
        below = {"classes": "sections", "sections": "items"}
        children = self._known(where, "level of parents", below, entry["parents"])
        return tuple(
            Case(
                self._cells(where, table, entry["parents"], (), side),
                (self._cells(where, table, children, (), side),),
                Match.PARENT,
            )
            for table in entry["tables"]
        )

    def _total_cases(self, where: str, entry: Entry) -> tuple[Case, ...]:
        side = self._side(where, entry)
        return tuple(
            Case(
                self._cells(where, table, entry["total"], (), side),
                tuple(self._cells(where, table, part, (), side) for part in entry["parts"]),
                Match.TABLE,
            )
            for table in entry["tables"]
        )

    def _pair_cases(self, where: str, entry: Entry) -> tuple[Case, ...]:
        match = _member(where, Match, entry["by"])
        if match not in (Match.CODE, Match.NAME, Match.TABLE):
            raise KnowledgeError(f"{where}: by is one of code, name, table")
        return tuple(self._pair(where, pair, match) for pair in entry["pairs"])

    def _pair(self, where: str, pair: Entry, match: Match) -> Case:
        _require_keys(where, pair, {"left", "right", "added"}, {"added"})
        left, added = self._operand(where, pair["left"]), bool(pair.get("added", False))
        right = tuple(self._operand(where, {"measures": left.measures, **one}) for one in pair["right"])
        if not left.measures:
            raise KnowledgeError(f"{where}: the left side names no measures")
        if len(left.measures) > 1 and not added and any(one.measures != left.measures for one in right):
            raise KnowledgeError(
                f"{where}: several measures on the left need the same ones on the right, or to be added"
            )
        return Case(left, right, match, added)
