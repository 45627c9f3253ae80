"""A finding about the text: a rule of the shelf, filled in with the words that stand on the page.

The sentence of a rule names what, where, the words printed and the words expected; what it says in <> is left out where
the figures do not tell what should stand there.
"""

import re
from collections.abc import Sequence
from typing import Any

from analysis.balancing.text.text_document import StatedItem, TextDocument
from analysis.terms.line_item import Place

_OPTIONAL = re.compile(r"<([^<>]*)>")
Fields = dict[str, Any]
Words = tuple[str, str]


def text_finding(
    document: TextDocument,
    rule: str,
    place: Place,
    where: Words,
    printed: str,
    *,
    expected: str | None = None,
    other: str | Words = "",
    evidence: Sequence[str] = (),
    alternatives: Sequence[str] = (),
    table: str = "text",
    code: str | None = None,
    name: str | None = None,
    cause: str | None = None,
) -> Fields:
    """The finding as a row: every column of the findings but id, status and acceptance.

    Args:
        document: whose text it is.
        rule: id on the shelf.
        place: where the paragraph, or the cell, begins.
        where: the place in words, Chinese and English.
        printed: the words that stand there.
        expected: the words that should, where the figures tell.
        other: what they are compared with, once or in both languages.
        evidence: the figures used, one a line.
        alternatives: what would explain it as well, one a line.
        table: narrative for a numbered item, text for other sentences, or an official table.
        code: of the row that is meant.
        name: of the item or subject.
        cause: the kind of slip, where it shows.
    """
    told = document.rules.rules[rule]
    others = (other, other) if isinstance(other, str) else other
    zh, en = (
        _OPTIONAL.sub("" if expected is None else r"\1", sentence).format(
            where=place_name, printed=printed, expected=expected, other=compared
        )
        for sentence, place_name, compared in zip((told.zh, told.en), where, others, strict=True)
    )
    return {
        "document_id": document.document_id,
        "source_file": document.source_file,
        "rule": rule,
        "check_id": None,
        "severity": told.severity.value,
        "cause": cause,
        "message_zh": zh,
        "message_en": en,
        "table": table,
        "code": code,
        "name": name,
        "measure": None,
        "page": place.page,
        "x0": place.x0,
        "top": place.top,
        "x1": place.x1,
        "bottom": place.bottom,
        "line": place.line,
        "cell": place.cell,
        "printed": printed,
        "expected": expected,
        "evidence": "\n".join(evidence) or None,
        "alternatives": "\n".join(alternatives) or None,
    }


def at(place: Place, zh: str, en: str) -> Words:
    """A place in words: page or line, and what stands there."""
    if place.page is not None:
        return f"第{place.page}页{zh}", f"p. {place.page}, {en}"
    if place.line is not None:
        return f"第{place.line}行{zh}", f"line {place.line}, {en}"
    return zh, en


def at_item(item: StatedItem) -> Words:
    """A numbered item in words."""
    return at(item.place, f"说明第{item.number}条“{item.names[2]}”", f"item {item.number} ({item.names[2]})")
