"""The shelf of the text: what its sentences speak of, which cell says the same, and the rules that they must obey.

Everything that can be declared is in knowledge/text_rules.toml; this module only reads it, strictly: a subject without
a pattern or a rule without a source is an error of ours and never of the data.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.errors import KnowledgeError
from analysis.knowledge import read_toml
from analysis.terms.finding import Severity
from analysis.terms.line_item import Kind, Side

# What may stand right before a subject that is not clear by itself: nothing, a mark, the name of a body, a year.
_BEFORE = r"(?<![^，。；：:;、\s局委办院会处馆校所镇乡街道厅室站队团社园部心司年度中门位)])"


@dataclass(frozen=True, slots=True)
class CellReference:
    """A cell that prints the same figure as a sentence: its table and side, its row by role or label, its column.

    `blank` is the column that must be printed in the same row for a blank here to be a 0; None where a blank tells
    nothing.
    """

    table: str
    side: Side
    role: str | None
    labels: tuple[str, ...]
    measure: str
    blank: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an amount in the text is: words in two languages, its pattern, the cells that print it too."""

    id: str
    kind: Kind
    zh: str
    en: str
    pattern: str
    within: tuple[str, ...]
    summary: bool
    cells: tuple[CellReference, ...]


@dataclass(frozen=True, slots=True)
class TextRule:
    """One rule: how grave, for which documents, its sentence in two languages, and where it comes from."""

    id: str
    severity: Severity
    kinds: tuple[Kind, ...]
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class TextShelf:
    """The whole shelf, with the words that the wording rules need."""

    subjects: Mapping[str, Subject]
    rules: Mapping[str, TextRule]
    sums: tuple[tuple[str, tuple[str, ...]], ...]
    bounds: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str, re.Pattern[str]], ...]
    signs: Mapping[str, int]
    doubles: frozenset[str]
    common_items: frozenset[str]

    def of_kind(self, kind: Kind) -> tuple[Subject, ...]:
        """The subjects of documents of that kind."""
        return tuple(subject for subject in self.subjects.values() if subject.kind is kind)


@cache
def text_shelf() -> TextShelf:
    """The shelf that comes with the package.

    Raises:
        KnowledgeError: an entry lacks a key or has a word that the terms do not know.
    """
    return to_shelf(read_toml("text_rules"))


def to_shelf(raw: Mapping[str, Any]) -> TextShelf:
    """The shelf that the parsed TOML declares.

    Raises:
        KnowledgeError: as `text_shelf`.
    """
    try:
        subjects = {entry["id"]: _subject(entry) for entry in raw["subjects"]}
        if len(subjects) != len(raw["subjects"]):
            raise KnowledgeError("knowledge/text_rules.toml: an id of a subject is used twice")
        sums = tuple((entry["whole"], tuple(entry["parts"])) for entry in raw["sums"])
        bounds = tuple((entry["part"], entry["whole"]) for entry in raw["bounds"])
        named = {name for whole, parts in sums for name in (whole, *parts)} | {name for pair in bounds for name in pair}
        if unknown := named - set(subjects):
            raise KnowledgeError(f"knowledge/text_rules.toml: unknown subjects {', '.join(sorted(unknown))}")
        changes = raw["kinds_of_change"]
        return TextShelf(
            subjects=subjects,
            rules={name: _rule(name, entry) for name, entry in raw["rules"].items()},
            sums=sums,
            bounds=bounds,
            notes=tuple((entry["table"], entry["zh"], re.compile(entry["pattern"])) for entry in raw["notes"]),
            signs={word: sign for key, sign in (("more", 1), ("less", -1), ("same", 0)) for word in changes[key]},
            doubles=frozenset(raw["legitimate_doubles"]),
            common_items=frozenset(raw["common_items"]),
        )
    except (KeyError, ValueError, re.error) as error:
        raise KnowledgeError(f"knowledge/text_rules.toml: {error!r}; mend the entry") from error


def _subject(entry: Mapping[str, Any]) -> Subject:
    before = "" if entry.get("before") == "any" else _BEFORE
    pattern = f"{before}(?:{entry['pattern']})"
    re.compile(pattern)
    return Subject(
        id=entry["id"],
        kind=Kind(entry["kind"]),
        zh=entry["zh"],
        en=entry["en"],
        pattern=pattern,
        within=tuple(entry.get("within", ())),
        summary=entry.get("summary", False),
        cells=tuple(_cell(cell) for cell in entry.get("cells", ())),
    )


def _cell(entry: Mapping[str, Any]) -> CellReference:
    return CellReference(
        table=entry["table"],
        side=Side(entry["side"]),
        role=entry.get("role"),
        labels=tuple(entry.get("labels", ())),
        measure=entry["measure"],
        blank=entry.get("blank"),
    )


def _rule(name: str, entry: Mapping[str, Any]) -> TextRule:
    kinds = tuple(Kind(kind) for kind in entry["kinds"])
    return TextRule(name, Severity(entry["severity"]), kinds, entry["zh"], entry["en"], entry["source"])
