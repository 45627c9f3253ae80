"""A code book: which codes a classification has in a year, what each is called, and how sure that is.

No complete official list is published in one place, so every entry says what it rests on (`Evidence`). Only an entry
that was read somewhere can make anything an error; one that is merely remembered is a hint. A name is in force from a
year until a year; an entry speaks for years before its `since` no better than from memory.

Names repeat (一般行政管理事务 stands under every 事务), so a name means a code only together with the code above it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis.terms.code import Scheme
from analysis.terms.label import squeeze

_BRACKETED = re.compile(r"\([^)]*\)")


class Evidence(StrEnum):
    """What a name rests on: the official table, published documents, a public list, or memory alone."""

    OFFICIAL = "official"
    PUBLISHED = "published"
    PUBLIC_LIST = "public list"
    UNVERIFIED = "unverified"

    @property
    def sure(self) -> bool:
        """Whether the name was read somewhere, so that it can make a difference an error."""
        return self is not Evidence.UNVERIFIED


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One name of one code: in force from `since` until `until` as far as is known (None: open)."""

    scheme: Scheme
    code: str
    name: str
    level: int
    since: int | None
    until: int | None
    source: str
    evidence: Evidence


def plain_name(name: str) -> str:
    """The name as it is compared: half-width brackets, no white space, no level in brackets (款)."""
    text = squeeze(name)
    return text.removesuffix("(类)").removesuffix("(款)").removesuffix("(项)")


def is_variant(one: str, other: str, endings: Sequence[str]) -> bool:
    """Whether two plain names differ only by what is in brackets, by an ending such as 支出, or by being cut short."""
    bare = [_without_ending(_BRACKETED.sub("", name), endings) for name in (one, other)]
    short, long = sorted((one, other), key=len)
    return bare[0] == bare[1] or (len(short) >= 4 and long.startswith(short))


def _without_ending(name: str, endings: Sequence[str]) -> str:
    ending = next((ending for ending in endings if name.endswith(ending) and len(name) > len(ending) + 1), "")
    return name.removesuffix(ending)


@dataclass(frozen=True, slots=True)
class CodeBook:
    """All entries of both classifications, found by code, or by name below a code."""

    entries: tuple[CodeEntry, ...]
    _by_code: Mapping[tuple[Scheme, str], tuple[CodeEntry, ...]] = field(init=False, repr=False, compare=False)
    _below: Mapping[tuple[Scheme, str], tuple[CodeEntry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code: dict[tuple[Scheme, str], tuple[CodeEntry, ...]] = {}
        below: dict[tuple[Scheme, str], tuple[CodeEntry, ...]] = {}
        for entry in sorted(self.entries, key=lambda entry: (entry.code, entry.until or 9999)):
            key, above = (entry.scheme, entry.code), (entry.scheme, entry.code[:-2] if entry.level > 1 else "")
            by_code[key] = (*by_code.get(key, ()), entry)
            below[above] = (*below.get(above, ()), entry)
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_below", below)

    def names_of(self, scheme: Scheme, code: str) -> tuple[CodeEntry, ...]:
        """All names that the code ever bore, the oldest first."""
        return self._by_code.get((scheme, code), ())

    def in_force(self, scheme: Scheme, code: str, year: int) -> CodeEntry | None:
        """The entry of the code in that year; from memory alone where the year is before what the entry speaks of."""
        for entry in self.names_of(scheme, code):
            if entry.until is None or entry.until >= year:
                spoken_of = entry.since is None or entry.since <= year
                return entry if spoken_of else replace(entry, evidence=Evidence.UNVERIFIED)
        return None

    def former(self, scheme: Scheme, code: str, year: int, name: str) -> CodeEntry | None:
        """The entry of that name that the code bore before `year` and bears no more."""
        for entry in self.names_of(scheme, code):
            if entry.until is not None and entry.until < year and plain_name(entry.name) == plain_name(name):
                return entry
        return None

    def named_beside(self, scheme: Scheme, code: str, year: int, name: str) -> CodeEntry | None:
        """The one other code under the same parent that surely bears `name` in that year."""
        beside = self._below.get((scheme, code[:-2] if len(code) > 3 else ""), ())
        found = {
            entry.code: entry
            for entry in beside
            if entry.code != code
            and plain_name(entry.name) == plain_name(name)
            and (now := self.in_force(scheme, entry.code, year)) is not None
            and now.name == entry.name
            and now.evidence.sure
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def below(self, scheme: Scheme, parent: str, name: str) -> str | None:
        """The one code right below `parent` ("" for the classes) that surely bears or bore `name`."""
        entries = self._below.get((scheme, parent), ())
        codes = {entry.code for entry in entries if entry.evidence.sure and plain_name(entry.name) == plain_name(name)}
        return next(iter(codes)) if len(codes) == 1 else None

    def expired(self, scheme: Scheme, parent: str, name: str, year: int) -> tuple[CodeEntry, CodeEntry] | None:
        """The old and the new entry of the code below `parent` that bore `name` until before `year`, both sure."""
        code = self.below(scheme, parent, name)
        old = self.former(scheme, code, year, name) if code else None
        now = self.in_force(scheme, code, year) if code else None
        return (old, now) if old and now and old.evidence.sure and now.evidence.sure else None

    def complete(self, scheme: Scheme, code: str, year: int) -> bool:
        """Whether an official table of that year covers the class of the code, so that what it lacks does not exist."""
        now = self.in_force(scheme, code[:3], year)
        return now is not None and now.evidence is Evidence.OFFICIAL


@dataclass(frozen=True, slots=True)
class Printed:
    """A code with a name as one table prints them, and what else is printed.

    `names` are the plain names of that code in the documents of that year with the number of organisations that print
    each; `elsewhere` the codes and names of the document's other tables; `here` the codes of the same table.
    """

    scheme: Scheme
    code: str
    name: str
    year: int
    names: Mapping[str, int]
    elsewhere: frozenset[tuple[str, str]]
    here: frozenset[str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a code with its name: the rule, what should stand there, or what the others print."""

    rule: str
    expected: str | None = None
    other: str = ""
    alternatives: tuple[str, ...] = ()
    severity: str | None = None


def doubt_of(printed: Printed, book: CodeBook, endings: Sequence[str]) -> Doubt | None:
    """What the book, and where it is not sure the other documents, say against a code with its name."""
    scheme, code, name, year = printed.scheme, printed.code, printed.name, printed.year
    now = book.in_force(scheme, code, year)
    if now is not None and plain_name(now.name) == name:
        return None
    if now is not None and (old := book.former(scheme, code, year, name)):
        severity = None if old.evidence.sure and now.evidence.sure else "info"
        return Doubt("code_old_name", f"{code} {now.name}", str(old.until), severity=severity)
    confirmed = printed.names[name] > 1
    if now is not None and now.evidence.sure:
        if confirmed or is_variant(name, plain_name(now.name), endings):
            return Doubt("code_name_unsure", other=now.name)
        return _wrong_half(printed, now, book)
    if confirmed:
        return None
    beside = book.named_beside(scheme, code, year, name)
    if now is None and beside:
        return Doubt("code_of_name", f"{beside.code} {beside.name}", beside.code)
    if now is None and book.complete(scheme, code, year):
        return Doubt("code_not_in_table")
    others = [other for other, organisations in printed.names.items() if other != name and organisations > 1]
    if len(others) == 1 and not is_variant(name, others[0], endings):
        return Doubt("code_name_elsewhere", other=others[0])
    return Doubt("code_unknown") if now is None else Doubt("code_name_unsure", other=now.name)


def _wrong_half(printed: Printed, now: CodeEntry, book: CodeBook) -> Doubt:
    """Code and name contradict each other: the other tables tell which is right, or both remain possible."""
    beside = book.named_beside(printed.scheme, printed.code, printed.year, printed.name)
    by_name = f"{printed.code} {now.name}"
    if beside is None or beside.code in printed.here:
        return Doubt("code_name", by_name, now.name)
    by_code = f"{beside.code} {beside.name}"
    code_wrong = (beside.code, printed.name) in printed.elsewhere
    name_wrong = (printed.code, plain_name(now.name)) in printed.elsewhere
    if code_wrong == name_wrong:
        return Doubt("code_name", other=now.name, alternatives=(by_name, by_code))
    return Doubt("code_name", by_code if code_wrong else by_name, now.name)
