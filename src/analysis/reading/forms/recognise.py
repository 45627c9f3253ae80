"""Which form a title, a header or a whole document belongs to, by the words of a family.

A title may carry a year, an organisation, an ordinal and one mistyped character (国有资本经验预算); it is known by how
it ends, the longest title first. Recognition is data (`analysis.knowledge.families`); here words are compared.

The family of a document is found by three signs, each a share from 0 to 1: how many of the lines that some family takes
for a title are titles of this one, how many cells of the tables' heads its columns know, and whether the words of its
place stand on the cover or in a caption. Where families are level the first wins, the national one: it says nothing of
any place, so it can be wrong about none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.reading.layout.blocks import Blocks, Grid, TextLine
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import squeeze, title_words
from analysis.terms.line_item import Column, Kind, Phase, Side

_YEAR = re.compile(r"\d{4}年(?:度)?")
_QUOTES = re.compile(r"[“”\"‘'’「」《》]")
_SHORTEST_SLIPPED = 8
# What each sign weighs, and where they are looked for.
_TITLES, _HEADERS, _PLACE = 0.5, 0.3, 0.2
_HEAD_ROWS = 4
_PLACE_LINES = 60


@dataclass(frozen=True, slots=True)
class FamilyFit:
    """How well a family fits a document by each sign, as shares from 0 to 1."""

    family: Family
    titles: float
    headers: float
    place: float

    @property
    def score(self) -> float:
        """From 0, nothing fits, to 1, every sign does."""
        return round(_TITLES * self.titles + _HEADERS * self.headers + _PLACE * self.place, 4)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The family of a document with its score, and how well each family fits, in the order in which they were given."""

    family: Family
    score: float
    fits: tuple[FamilyFit, ...]


def plain_words(text: str) -> str:
    """The text as patterns expect it: NFKC, no white space, no year, no quotation marks."""
    return _QUOTES.sub("", _YEAR.sub("", squeeze(text)))


def title_to_form(text: str, family: Family) -> Form | None:
    """The form whose title the line is, or None. A bracketed ending such as (续表) or (公开01表) does not count."""
    words = _title_words(text)
    return None if words is None else _words_to_form(words, family)


def _title_words(text: str) -> str | None:
    words = title_words(text)
    return None if words is None else plain_words(words)


def _words_to_form(words: str, family: Family) -> Form | None:
    before = family.wording.before_title
    for title, form in family.titles:
        if words.endswith(title):
            return form if before.fullmatch(words[: -len(title)]) else None
    for title, form in family.titles:
        if len(title) >= _SHORTEST_SLIPPED and len(words) >= len(title):
            ending = words[-len(title) :]
            slips = sum(a != b for a, b in zip(ending, title, strict=True))
            if slips == 1 and before.fullmatch(words[: -len(title)]):
                return form
    return None


def headings_to_form(headings: set[str], kind: Kind | None, family: Family) -> Form | None:
    """The one form that one of the header cells names, for a table that lost its title; None where it is not clear."""
    found = {
        form.table: form
        for form in family.forms
        if (kind is None or form.kind is kind) and headings.intersection(form.headings)
    }
    return next(iter(found.values())) if len(found) == 1 else None


@cache
def path_to_column(path: str, form: Form, side: Side | None, family: Family) -> Column | None:
    """What the column under the header path holds, or None where the words are not known."""
    phase = Phase.APPROVED if form.kind is Kind.BUDGET else Phase.EXECUTED
    words = path
    if match := family.wording.phase.search(path):
        phase, words = family.phases[match[1]], path[: match.start()]
    for rule in family.measures:
        if rule.path.search(words):
            own = rule.side if form.layout is Layout.CODED and form.side is Side.EXPENDITURE else None
            return Column(rule.measure, own or side or form.side or Side.EXPENDITURE, phase)
    return Column("total", side or form.side or Side.EXPENDITURE, phase) if words != path else None


def label_kind(path: str, family: Family) -> str | None:
    """`code`, `name` or `ignored` where the header path marks a label column, else None."""
    return next((kind for kind, pattern in family.labels.items() if pattern.search(path)), None)


def recognise(blocks: Blocks, families: Iterable[Family]) -> Recognition:
    """The family that a document's words fit best.

    Args:
        blocks: The document.
        families: Those that come into question, the national one first.
    """
    known = list(families)
    lines = list(dict.fromkeys(words for text in _lone_texts(blocks) if (words := _title_words(text))))
    titles = {family.id: {words for words in lines if _words_to_form(words, family)} for family in known}
    some_title = set().union(*titles.values())
    heads = _head_words(blocks)
    place = [squeeze(text) for text in _first_texts(blocks)]

    def fit(family: Family) -> FamilyFit:
        return FamilyFit(
            family,
            _share(len(titles[family.id]), len(some_title)),
            _share(sum(_is_known(words, family) for words in heads), len(heads)),
            float(any(pattern.search(text) for pattern in family.places for text in place)),
        )

    fits = tuple(fit(family) for family in known)
    best = max(fits, key=lambda one: one.score)  # of several that are level the first, which says least
    return Recognition(best.family, best.score, fits)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _lone_texts(blocks: Blocks) -> Iterable[str]:
    """Lines, and rows of a table that hold one text only: where titles stand."""
    for block in blocks.blocks:
        if isinstance(block, TextLine):
            yield block.text
        else:
            by_row: dict[int, list[str]] = {}
            for cell in block.cells:
                if cell.text.strip():
                    by_row.setdefault(cell.row, []).append(cell.text)
            yield from (texts[0] for texts in by_row.values() if len(texts) == 1)


def _head_words(blocks: Blocks) -> Sequence[str]:
    grids = (block for block in blocks.blocks if isinstance(block, Grid))
    texts = (cell.text for grid in grids for cell in grid.cells if cell.row < _HEAD_ROWS)
    return list(dict.fromkeys(words for text in texts if (words := plain_words(text)) and not words[0].isdigit()))


def _is_known(words: str, family: Family) -> bool:
    return label_kind(words, family) is not None or any(rule.path.search(words) for rule in family.measures)


def _first_texts(blocks: Blocks) -> Iterable[str]:
    for block in blocks.blocks[:_PLACE_LINES]:
        if isinstance(block, TextLine):
            yield block.text
        else:
            yield from (cell.text for cell in block.cells if cell.row < _HEAD_ROWS)
