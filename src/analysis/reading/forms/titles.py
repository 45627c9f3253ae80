"""A line of text → the official table whose title it is, by the words of a family.

A title may carry a year, an organisation, an ordinal, the unit of money and one mistyped character
(国有资本经验预算). It is known by how it ends: the pattern that covers most of the line wins, and what stands before
it must be what may stand before a title. A bracket behind it counts only where it says by what the table is
classified.
"""

import re
from collections.abc import Sequence
from functools import cache

from analysis.terms.form import Family, Form
from analysis.terms.label import BRACKETED_END, LONGEST_TITLE, may_be_title, squeeze, unmarked
from analysis.terms.line_item import Kind

_YEAR = re.compile(r"\d{4}年(?:度)?")
_QUOTES = re.compile(r"[“”\"‘'’「」《》]")
_CLASSIFIES = re.compile("功能|经济|科目|(?:人员|运转|公用|目标)类")
_SHORTEST_SLIPPED = 8
_TELLING = re.compile("[收支入出预决]")  # another one of these is another table, not a slip of the pen


def plain_words(text: str) -> str:
    """The text as patterns expect it: NFKC, no white space, no year, no quotation marks."""
    return _QUOTES.sub("", _YEAR.sub("", squeeze(text)))


def title_words(text: str, family: Family) -> str | None:
    """The words of a line that may be the title of a table, as patterns expect them; None for others."""
    if "表" not in text or len(text) > 2 * LONGEST_TITLE:
        return None
    words = unmarked(family.wording.unit_beside_body.sub("", text))
    while (bracket := BRACKETED_END.search(words)) and not _CLASSIFIES.search(bracket[0]):
        words = words[: bracket.start()]
    bare = words[: bracket.start()] if bracket else words
    return plain_words(words) if may_be_title(bare) and len(words) <= LONGEST_TITLE else None


def title_to_form(text: str, family: Family, *, government: bool = False, kind: Kind | None = None) -> Form | None:
    """The form whose title the line is, or None.

    Args:
        text: The line.
        family: The family of forms.
        government: Whether the document is a government's and not a department's.
        kind: What the document is; it decides where budgets and final accounts bear one title.
    """
    words = title_words(text, family)
    return None if words is None else words_to_form(words, family, government=government, kind=kind)


def words_to_form(words: str, family: Family, *, government: bool = False, kind: Kind | None = None) -> Form | None:
    """The form that the words of a title mean; see `title_to_form`."""
    if not government and family.wording.whole_area.search(words):
        return None
    forms = [form for form in family.forms if form.government is government]
    before = family.wording.before_title
    found = [(match.start(), form) for form in forms if (match := form.pattern.search(words))]
    if found:
        start = min(start for start, _ in found)
        level = [form for at, form in found if at == start]
        return _preferred(level, kind) if before.fullmatch(words[:start]) else None
    for title, form in _by_length(family, government):
        if len(title) >= _SHORTEST_SLIPPED and len(words) >= len(title):
            ending = words[-len(title) :]
            slips = [a + b for a, b in zip(ending, title, strict=True) if a != b]
            if len(slips) == 1 and not _TELLING.search(slips[0]) and before.fullmatch(words[: -len(title)]):
                return form
    return None


@cache
def _by_length(family: Family, government: bool) -> Sequence[tuple[str, Form]]:
    """The titles of a family to the letter, the longest first."""
    pairs = ((title, form) for form in family.forms if form.government is government for title in form.titles)
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _preferred(forms: list[Form], kind: Kind | None) -> Form:
    """Of several forms with one title that of the document's kind, else the first."""
    return next((form for form in forms if form.kind is kind), forms[0])


def says_government(words: str, family: Family) -> bool:
    """Whether the words of a title or cover are those of a government's own budget."""
    return family.wording.government.search(words) is not None


def headings_to_form(
    headings: set[str], family: Family, *, government: bool = False, kind: Kind | None = None
) -> Form | None:
    """The one form that one of the header cells names, for a table that lost its title; None where it is not clear."""
    found = {
        form.table: form
        for form in family.forms
        if form.government is government
        and (kind is None or form.kind is kind)
        and headings.intersection(form.headings)
    }
    return next(iter(found.values())) if len(found) == 1 else None
