"""What a document must disclose besides its tables, read strictly from the shelf."""

from collections.abc import Mapping
from functools import cache

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, shelf
from analysis.knowledge.names import official_tables
from analysis.terms.line_item import Kind

FILE = "disclosures.toml"


class Disclosure(Shape, frozen=True):
    """One thing to disclose: any of `words`, or each of `all`, or one of `tables` tells that a document does."""

    zh: str
    en: str
    kinds: tuple[Kind, ...]
    source: str
    words: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


class _DisclosuresFile(Shape, frozen=True):
    disclosures: Mapping[str, Disclosure]


@cache
def disclosures() -> Mapping[str, Disclosure]:
    """All of them by id.

    Raises:
        KnowledgeError: an entry is malformed.
    """
    found = read_shape(shelf(FILE), _DisclosuresFile).disclosures
    for name, one in found.items():
        if not (one.words or one.all) or not one.kinds or not one.source:
            raise KnowledgeError(f"{FILE}, {name}: words, kinds and source must not be empty")
        if unknown := set(one.tables) - set(official_tables()):
            raise KnowledgeError(f"{FILE}, {name}: unknown table {', '.join(sorted(unknown))}")
    return found
