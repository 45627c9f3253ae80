"""The gazetteer: which place does a name speak of, and what is its code after GB/T 2260.

Official names begin with the place that they belong to, from the largest to the smallest (上海市普陀区万里街道). So a
name is read from left to right, the longest known place at each position, and each must lie within the one before. A
name that several counties bear (鼓楼区) means the one within the place before it, or near a place that stands beside:
on the cover, in the folder, in the other documents of the folder. Where that does not tell, it is kept as printed,
without a code; so is a place that no list has. Nothing is guessed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, shelf
from analysis.terms.region import Region

_PLACES, _ZONES, _RULES = "regions.csv", "region_zones.csv", "regions.toml"
_PLACE_COLUMNS, _ZONE_COLUMNS = ("code", "name", "parent"), ("name", "within", "same_as", "source")
_SURE = 3  # characters of a name that may stand anywhere in a text; a shorter one must follow a place or begin it


class _Source(Shape, frozen=True):
    standard: str
    package: str
    version: str
    published: str
    licence: str
    address: str
    changed: str


class _Unlisted(Shape, frozen=True):
    suffixes: tuple[str, ...]
    larger: tuple[str, ...]
    shortest: int
    longest: int
    not_in_stem: tuple[str, ...]
    not_at_end: tuple[str, ...]
    not_before: tuple[str, ...]


class _Names(Shape, frozen=True):
    prefixes: tuple[str, ...]


class _Rules(Shape, frozen=True):
    source: _Source
    unlisted: _Unlisted
    names: _Names


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """An entry of the gazetteer; `code` is None for a zone that is no entry of GB/T 2260, `parent` is above it."""

    name: str
    code: str | None
    parent: str | None


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All places, and the rules by which a name that is none of them is known for a place."""

    places: tuple[GazetteerEntry, ...]
    rules: _Rules = field(repr=False)

    @cached_property
    def by_code(self) -> Mapping[str, GazetteerEntry]:
        """The entries of GB/T 2260 by code; a zone that covers one of them is not here."""
        return {place.code: place for place in reversed(self.places) if place.code is not None}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[GazetteerEntry, ...]]:
        """The places of each name."""
        found: dict[str, list[GazetteerEntry]] = {}
        for place in self.places:
            found.setdefault(place.name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def _by_start(self) -> Mapping[str, Sequence[str]]:
        """The names by their first two characters, the longest first."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.by_name, key=lambda name: (-len(name), name)):
            found.setdefault(name[:2], []).append(name)
        return found

    def above(self, code: str | None) -> tuple[str, ...]:
        """The codes from a place up to its province, its own first."""
        chain: list[str] = []
        while code:
            chain.append(code)
            code = self.by_code[code].parent
        return tuple(chain)

    def full_name(self, code: str) -> str:
        """The name of a place with those that it lies within: 江苏省南京市鼓楼区."""
        return "".join(self.by_code[one].name for one in reversed(self.above(code)))

    def at(self, text: str, start: int) -> str | None:
        """The longest name of a place that stands at a position of a text."""
        return next(
            (name for name in self._by_start.get(text[start : start + 2], ()) if text.startswith(name, start)), None
        )

    def unlisted_at(self, text: str, start: int) -> str | None:
        """What has the shape of a place at a position of a text."""
        rules = self.rules.unlisted
        for end in range(start + rules.shortest, min(start + rules.longest, len(text) - 1) + 1):
            if text[end] not in rules.suffixes:
                continue
            stem, name = text[start:end], text[start : end + 1]
            refused = (
                any(word in stem for word in rules.not_in_stem)
                or any(name.endswith(word) for word in rules.not_at_end)
                or any(text.startswith(word, end) for word in rules.not_before)
                or any(self.at(text, at) for at in range(start + 1, end))
            )
            return None if refused else name
        return None

    def nearest(self, places: Iterable[GazetteerEntry], beside: Iterable[str]) -> GazetteerEntry | None:
        """The one of several places that lies with the places `beside` (codes); None where they do not tell.

        It is the only one above or below one of them, else the only one in the same city, else in the same province.
        """
        candidates, chains = tuple(places), [self.above(code) for code in beside]
        if len(candidates) == 1:
            return candidates[0]
        for is_near in (_in_line, _in_one_city, _in_one_province):
            near = [one for one in candidates if any(is_near(self.above(one.code or one.parent), c) for c in chains)]
            if near:
                return near[0] if len(near) == 1 else None
        return None


_Near = Callable[[tuple[str, ...], tuple[str, ...]], bool]


def _in_line(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one[0] in other or other[0] in one


def _in_one_city(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) > 1 and len(other) > 1 and one[1] == other[1]


def _in_one_province(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one[-1] == other[-1]


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the package.

    Raises:
        KnowledgeError: An entry is malformed, or lies within a place that is none.
    """
    places = [GazetteerEntry(name, code, parent or None) for code, name, parent in _rows(_PLACES, _PLACE_COLUMNS)]
    zones = [GazetteerEntry(name, same or None, within) for name, within, same, _ in _rows(_ZONES, _ZONE_COLUMNS)]
    known = {place.code for place in places}
    for place in (*places, *zones):
        if {place.parent, place.code} - known - {None}:
            raise KnowledgeError(f"{_PLACES}, {_ZONES}: {place.name} names a place that is none; mend the entry")
    return Gazetteer((*places, *zones), read_shape(shelf(_RULES), _Rules))


def _rows(name: str, columns: tuple[str, ...]) -> Iterator[list[str]]:
    head, *rows = csv.reader(io.StringIO(shelf(name).read_text(encoding="utf-8")))
    if tuple(head) != columns or any(len(row) != len(columns) for row in rows):
        raise KnowledgeError(f"{name}: the columns must be {', '.join(columns)}; mend the file")
    yield from rows


@dataclass(frozen=True, slots=True)
class _Found:
    """How far a name has been read: the words of the place, the entry that is meant, whether one may still be named.

    `open_to` are the entries that may be meant where several bear the name.
    """

    words: str = ""
    place: GazetteerEntry | None = None
    open_to: tuple[GazetteerEntry, ...] = ()
    listed: bool = True


def region_of(text: str, beside: Iterable[str] = ()) -> Region | None:
    """The most specific place that the name of an organisation, a line of a cover or the name of a folder speaks of.

    Args:
        text: The name, without white space.
        beside: Codes of places that stand beside it, which tell what of several places of one name is meant.

    Returns:
        The place as printed, with the code where it is known which is meant; None where no place is named.
    """
    book = gazetteer()
    start = max((len(one) for one in book.rules.names.prefixes if text.startswith(one)), default=0)
    found, end, position = _Found(), start, start
    while position < len(text):
        follows = position == end
        name = book.at(text, position)
        following = _with_listed(book, found, name, follows) if name is not None else None
        if name is None and follows and _may_go_on(book, found):
            name = book.unlisted_at(text, position)
            following = None if name is None else _Found(found.words + name, None, listed=False)
        if name is None or following is None:
            position += 1 if name is None or not follows else len(name)
            continue
        found, position = following, position + len(name)
        end = position
    if not found.words:
        return None
    place = found.place or (book.nearest(found.open_to, beside) if found.open_to else None)
    return Region(found.words, place.code if place else None)


def _with_listed(book: Gazetteer, found: _Found, name: str, follows: bool) -> _Found | None:
    """What is known with one more name of a place; None where it is not one of this chain."""
    places = book.by_name[name]
    if not found.words:
        if not follows and (len(places) > 1 or len(name) < _SURE):
            return None
        return _Found(name, places[0] if len(places) == 1 else None, places if len(places) > 1 else ())
    above = found.place.code or found.place.parent if found.place else None
    wholes = {above} if above else {place.code for place in found.open_to}
    within = tuple(one for one in places if one.code != above and wholes & set(book.above(one.parent)))
    if not within and follows and all(one.code and not one.code.endswith("00") for one in places):
        return _Found(found.words + name, None, listed=False)  # a county of that name, but none that is known there
    if not within or (not follows and len(name) < _SURE):
        return None
    return _Found(found.words + name, within[0] if len(within) == 1 else None, within if len(within) > 1 else ())


def _may_go_on(book: Gazetteer, found: _Found) -> bool:
    """Whether a smaller place may follow that no list has: not after a county."""
    if not found.listed:
        return found.words.endswith(book.rules.unlisted.larger)
    places = (found.place,) if found.place else found.open_to
    return not places or any(one.code is not None and one.code.endswith("00") for one in places)


def region_of_folders(folders: Sequence[str]) -> Region | None:
    """The place that the names of folders, from the outermost, speak of: 江苏省/南京市, or 江苏/南京 in short.

    A folder counts where its whole name, or its beginning, is a known place.
    """
    book, words, code = gazetteer(), "", None
    for folder in folders:
        name = "".join(folder.split())
        candidates = _in_short(book).get(name) or book.by_name.get(book.at(name, 0) or "", ())
        within = [one for one in candidates if one.code and (code is None or code in book.above(one.parent))]
        if len(within) == 1:
            (place,) = within
            full = region_of(name, () if code is None else (code,))
            deeper = full is not None and full.code is not None and place.code in book.above(full.code)
            code = full.code if full is not None and deeper else place.code
            words = book.full_name(code) if code else words
    return Region(words, code) if code else None


@cache
def _in_short(book: Gazetteer) -> Mapping[str, tuple[GazetteerEntry, ...]]:
    """Provinces and cities without the last character of their name: 江苏, 南京, 上海."""
    long = [one for one in book.places if one.code and one.code.endswith("00") and one.name[-1] in "省市"]
    short: dict[str, list[GazetteerEntry]] = {}
    for one in long:
        short.setdefault(one.name[:-1], []).append(one)
    return {name: tuple(places) for name, places in short.items()}
