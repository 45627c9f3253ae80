"""A finding about the text: a rule of the shelf, filled in with the words that stand on the page.

The sentence of a rule names what, where, the words printed and the words expected; what it says in <> is left out where
the figures do not tell what should stand there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.balancing.text.text_document import StatedItem, TextDocument
from analysis.terms.document import Passage
from analysis.terms.finding import Finding
from analysis.terms.line_item import Place

_FIRST_WORDS = 12
_OPTIONAL = re.compile(r"<([^<>]*)>")
Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a rule points at: in the file, in Chinese and English words, and the row or subject that is meant.

    `table` is "narrative" for a numbered item, "text" for other sentences, or an official table.
    """

    place: Place
    zh: str
    en: str
    table: str = "text"
    code: str | None = None
    name: str | None = None


def text_finding(
    document: TextDocument,
    rule: str,
    where: TextPlace,
    printed: str,
    *,
    expected: str | None = None,
    other: str | Words = "",
    evidence: Sequence[str] = (),
) -> Finding:
    """The finding that a rule makes of a place in the text.

    Args:
        document: whose text it is.
        rule: id on the shelf.
        where: where the paragraph, or the cell, begins.
        printed: the words that stand there.
        expected: the words that should, where the figures tell.
        other: what they are compared with, once or in both languages.
        evidence: the figures used, one a line.
    """
    entry = document.rules.rules[rule]
    others = (other, other) if isinstance(other, str) else other
    zh, en = (
        _OPTIONAL.sub("" if expected is None else r"\1", sentence).format(
            where=place_name, printed=printed, expected=expected, other=compared
        )
        for sentence, place_name, compared in zip((entry.zh, entry.en), (where.zh, where.en), others, strict=True)
    )
    return Finding(
        document_id=document.document_id,
        source_file=document.source_file,
        rule=rule,
        severity=entry.severity,
        message_zh=zh,
        message_en=en,
        place=where.place,
        table=where.table,
        code=where.code,
        name=where.name,
        printed=printed,
        expected=expected,
        evidence=tuple(evidence),
    )


def at(place: Place, zh: str, en: str, *, table: str = "text") -> TextPlace:
    """A place by its page or line, and what stands there in words."""
    if place.page is not None:
        zh, en = f"第{place.page}页{zh}", f"p. {place.page}, {en}"
    elif place.line is not None:
        zh, en = f"第{place.line}行{zh}", f"line {place.line}, {en}"
    return TextPlace(place, zh, en, table)


def at_paragraph(passage: Passage) -> TextPlace:
    """A paragraph, by the words that it begins with."""
    words = passage.text[:_FIRST_WORDS]
    return at(passage.place, f"“{words}…”段", f"the paragraph {words}…")


def at_item(item: StatedItem, code: str | None = None) -> TextPlace:
    """A numbered item; `code` is that of its row, where it is known."""
    found = at(item.place, f"说明第{item.number}条“{item.names[2]}”", f"item {item.number} ({item.names[2]})")
    return TextPlace(item.place, found.zh, found.en, "narrative", code, item.names[2])
