"""What the notes beside the tables may state: the subjects of `facts.toml`, with the words by which each is known."""

import re
from functools import cache

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, shelf


class FactUnit(Shape, frozen=True):
    """A kind of unit and how it is printed, the longest first."""

    kind: str
    printed: tuple[str, ...]


class FactScope(Shape, frozen=True):
    """Words that give all subjects behind them in the sentence another meaning, told by a suffix of their ids."""

    suffix: str
    zh: str
    en: str
    within: re.Pattern[str]
    subjects: re.Pattern[str]


class FactSubject(Shape, frozen=True):
    """What a value may be about.

    Attributes:
        unit: The kind of its unit.
        label: What stands before the number.
        after: What must stand behind the unit; None for anything.
        none: Words that state that there is none of it; None where there are no such words.
        context: What the sentence must say besides; None for nothing.
        dated: Whether it is stated for a day, or among the assets; elsewhere it is something else.
    """

    id: str
    zh: str
    en: str
    unit: str
    label: re.Pattern[str]
    after: re.Pattern[str] | None = None
    none: re.Pattern[str] | None = None
    context: re.Pattern[str] | None = None
    dated: bool = False


class FactWords(Shape, frozen=True):
    """The grammar of the notes, and all subjects."""

    link: str
    approved: re.Pattern[str]
    executed: re.Pattern[str]
    as_of: re.Pattern[str]
    comparison: re.Pattern[str]
    within_year: re.Pattern[str]
    percent: re.Pattern[str]
    decrease: re.Pattern[str]
    threshold: re.Pattern[str]
    assets: re.Pattern[str]
    unit: tuple[FactUnit, ...]
    scope: tuple[FactScope, ...]
    subject: tuple[FactSubject, ...]


@cache
def fact_words() -> FactWords:
    """The grammar of the notes.

    Raises:
        KnowledgeError: `facts.toml` says something else than it may, or an entry names a unit that is not there.
    """
    words = read_shape(shelf("facts.toml"), FactWords)
    kinds = {unit.kind for unit in words.unit}
    for subject in words.subject:
        if subject.unit not in kinds:
            raise KnowledgeError(f"facts.toml, subject {subject.id}: no unit {subject.unit}; known: {', '.join(kinds)}")
    return words
