"""Which family of forms a document is of, whether it is a government's own, and of which kind.

The family is found by three signs, each a share from 0 to 1: how many of the lines that some family takes for a title
are titles of this one, how many cells of the tables' heads its columns know, and whether the words of its place stand
on the cover or in a caption. Where families are level the first wins, the national one: it says nothing of any place,
so it can be wrong about none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.extraction.layout.blocks import Blocks, Grid, TextLine
from analysis.reading.forms.titles import plain_words, says_government, title_words, words_to_form
from analysis.terms.form import Family, Form
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind

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
    """What a document is, by its titles and heads.

    Attributes:
        family: The family of forms that fits best.
        score: How sure that is: from 0, nothing fits, to 1, every sign does.
        government: Whether it is a government's own budget.
        kind: Budget or final accounts, by its titles; None where they do not tell.
        fits: How well each family fits, in the order in which they were given.
    """

    family: Family
    score: float
    government: bool
    kind: Kind | None
    fits: tuple[FamilyFit, ...]


@cache
def label_kind(path: str, family: Family) -> str | None:
    """What a label column with this header path holds: see `Family.labels`; None for a column of figures."""
    return next((kind for kind, pattern in family.labels.items() if pattern.search(path)), None)


def recognise(blocks: Blocks, families: Iterable[Family]) -> Recognition:
    """The family that a document's words fit best, and what its titles say of it.

    Args:
        blocks: The document.
        families: Those that come into question, the national one first.
    """
    known = list(families)
    national = known[0]
    lines = list(dict.fromkeys(words for text in _lone_texts(blocks) if (words := title_words(text, national))))
    place = [squeeze(text) for text in _first_texts(blocks)]
    government = _is_government(lines, place, national)
    pairs = ((words, words_to_form(words, national, government=government)) for words in lines)
    by_national = {words: form for words, form in pairs if form}
    titles = {family.id: _titles(lines, family, by_national, national, government=government) for family in known}
    some_title = set().union(*titles.values())
    heads = _head_words(blocks)

    def fit(family: Family) -> FamilyFit:
        return FamilyFit(
            family,
            _share(len(titles[family.id]), len(some_title)),
            _share(sum(_is_known(words, _speaks_as(family, national)) for words in heads), len(heads)),
            float(any(pattern.search(text) for pattern in family.places for text in place)),
        )

    fits = tuple(fit(family) for family in known)
    best = max(fits, key=lambda one: one.score)  # of several that are level the first, which says least
    kind = _kind(_telling(titles[best.family.id], best.family, government=government), place)
    return Recognition(best.family, best.score, government, kind, fits)


def _is_government(lines: Sequence[str], place: Sequence[str], national: Family) -> bool:
    """Whether the document is a government's own: its titles speak for that, and more of them than against it.

    For it speaks the report to a congress as well. Against it speak a title that names a department or unit, or that
    only their forms bear, and a first line that says whose budget it is (2024年部门预算). A department may well
    print one table of its government's debt.
    """
    own = [words for words in lines if says_government(words, national)]
    others = [
        words
        for words in lines
        if words not in own
        and ("部门" in words or "单位" in words or words_to_form(words, national))
        and not words_to_form(words, national, government=True)
    ]
    of_body = any(match and match["level"] for match in map(national.wording.cover.fullmatch, place))
    reports = any(map(national.wording.cover_report.fullmatch, place))
    return len(own) + reports > len(others) + (2 if of_body else 0)


def _telling(titles: Mapping[str, Form], family: Family, *, government: bool) -> Mapping[str, Form]:
    """The titles that only one kind of document has; all of them where the forms of both have each."""

    def of(words: str, kind: Kind) -> bool:
        form = words_to_form(words, family, government=government, kind=kind)
        return form is not None and form.kind is kind

    return {words: form for words, form in titles.items() if not (of(words, Kind.BUDGET) and of(words, Kind.FINAL))}


def _kind(titles: Mapping[str, Form], place: Sequence[str]) -> Kind | None:
    """The kind that most titles tell whose words name it, else the one of the first lines."""
    final = sum("决算" in words or form.kind is Kind.FINAL for words, form in titles.items())
    if titles:
        return Kind.FINAL if 2 * final > len(titles) else Kind.BUDGET
    told = next((text for text in place if "决算" in text or "预算" in text), "")
    return Kind.FINAL if "决算" in told else Kind.BUDGET if told else None


def _titles(
    lines: Sequence[str], family: Family, by_national: Mapping[str, Form], national: Family, *, government: bool
) -> Mapping[str, Form]:
    """The titles among the lines with their forms; a family is asked for those alone that its own forms may know."""
    own = _own_forms(family, national, government=government)
    if not own:
        return by_national
    found = dict(by_national)
    for words in lines:
        known = any(form.pattern.search(words) for form in own)
        if known and (form := words_to_form(words, family, government=government)):
            found[words] = form
    return found


@cache
def _own_forms(family: Family, national: Family, *, government: bool) -> Sequence[Form]:
    """The forms of which a family says something itself."""
    shared = set(national.forms)
    return [form for form in family.forms if form.government is government and form not in shared]


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


def _speaks_as(family: Family, national: Family) -> Family:
    """The national family for those whose columns and labels are its own, so that each word is asked for once."""
    same = family.measures == national.measures and family.labels == national.labels
    return national if same else family


@cache
def _is_known(words: str, family: Family) -> bool:
    return label_kind(words, family) is not None or any(rule.path.search(words) for rule in family.measures)


def _first_texts(blocks: Blocks) -> Iterable[str]:
    for block in blocks.blocks[:_PLACE_LINES]:
        if isinstance(block, TextLine):
            yield block.text
        else:
            yield from (cell.text for cell in block.cells if cell.row < _HEAD_ROWS)
