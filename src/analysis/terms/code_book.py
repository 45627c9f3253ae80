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
    """Whether two plain names differ only by brackets, an ending such as 支出, a cut, or one character lost."""
    bare = [_without_ending(_BRACKETED.sub("", name), endings) for name in (one, other)]
    short, long = sorted((one, other), key=len)
    return bare[0] == bare[1] or (len(short) >= 4 and long.startswith(short)) or _lost_one(long, short)


def _lost_one(long: str, short: str) -> bool:
    """Whether the short one is the long one without one of its inner characters."""
    inner = range(2, len(long) - 1)
    return len(short) + 1 == len(long) >= 9 and any(long[:at] + long[at + 1 :] == short for at in inner)


def _without_ending(name: str, endings: Sequence[str]) -> str:
    ending = next((ending for ending in endings if name.endswith(ending) and len(name) > len(ending) + 1), "")
    return name.removesuffix(ending)


@dataclass(frozen=True, slots=True)
class CodeBook:
    """All entries of both classifications, found by code, or by name below a code."""

    entries: tuple[CodeEntry, ...]
    _by_code: Mapping[tuple[Scheme, str], tuple[CodeEntry, ...]] = field(init=False, repr=False, compare=False)
    _below: Mapping[tuple[Scheme, str], tuple[CodeEntry, ...]] = field(init=False, repr=False, compare=False)
    _sure: Mapping[tuple[Scheme, str, str], frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code: dict[tuple[Scheme, str], tuple[CodeEntry, ...]] = {}
        below: dict[tuple[Scheme, str], tuple[CodeEntry, ...]] = {}
        sure: dict[tuple[Scheme, str, str], frozenset[str]] = {}
        for entry in sorted(self.entries, key=lambda entry: (entry.code, entry.until or 9999)):
            key, above = (entry.scheme, entry.code), (entry.scheme, entry.code[:-2] if entry.level > 1 else "")
            by_code[key] = (*by_code.get(key, ()), entry)
            below[above] = (*below.get(above, ()), entry)
            if entry.evidence.sure:
                name = (*above, plain_name(entry.name))
                sure[name] = sure.get(name, frozenset()) | {entry.code}
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_below", below)
        object.__setattr__(self, "_sure", sure)

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

    def confirms(self, scheme: Scheme, code: str, year: int, name: str) -> bool:
        """Whether the code bears that plain name in that year, surely or from memory."""
        now = self.in_force(scheme, code, year)
        return now is not None and plain_name(now.name) == name

    def former(self, scheme: Scheme, code: str, year: int, name: str) -> CodeEntry | None:
        """The entry of that name that the code bore before `year` and bears no more."""
        for entry in self.names_of(scheme, code):
            if entry.until is not None and entry.until < year and plain_name(entry.name) == plain_name(name):
                return entry
        return None

    def sibling_named(self, scheme: Scheme, code: str, year: int, name: str) -> CodeEntry | None:
        """The one other code under the same parent that surely bears `name` in that year."""
        siblings = self._below.get((scheme, code[:-2] if len(code) > 3 else ""), ())
        found = {
            entry.code: entry
            for entry in siblings
            if entry.code != code
            and plain_name(entry.name) == plain_name(name)
            and (now := self.in_force(scheme, entry.code, year)) is not None
            and now.name == entry.name
            and now.evidence.sure
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def named(self, scheme: Scheme, top: str, digits: int, name: str) -> CodeEntry | None:
        """The one entry of a class, with that many digits, that bears or bore `name`, with 支出 or without; if sure."""
        bare = plain_name(name).removesuffix("支出")
        found = {
            entry.code: entry
            for entry in self.entries
            if entry.scheme is scheme and entry.code.startswith(top) and len(entry.code) == digits
            if plain_name(entry.name).removesuffix("支出") == bare
        }
        one = next(iter(found.values())) if len(found) == 1 else None
        return one if one and one.evidence.sure else None

    def below(self, scheme: Scheme, parent: str, name: str) -> str | None:
        """The one code right below `parent` ("" for the classes) that surely bears or bore `name`."""
        codes = self._sure.get((scheme, parent, plain_name(name)), frozenset())
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
