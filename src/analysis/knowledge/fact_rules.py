"""What must hold among the facts of the notes and on the forms of projects: `fact_rules.toml`."""

import re
from collections.abc import Mapping
from functools import cache

from analysis.errors import KnowledgeError
from analysis.knowledge.fact_subjects import fact_words
from analysis.knowledge.load import Shape, read_shape, shelf
from analysis.terms.finding import Severity


class FactRule(Shape, frozen=True):
    """One rule: how grave it is, its sentences, and where it comes from."""

    severity: Severity
    zh: str
    en: str
    source: str


class PartsRule(Shape, frozen=True):
    """A whole and its parts: a sum where they are `complete`, all stated, or the one that closes the list is.

    They are told in one sentence, or in two where the second says 其中 or `next_sentence` is set.
    """

    whole: str
    parts: tuple[str, ...]
    complete: bool = False
    closed_by: str | None = None
    next_sentence: bool = False


class AtMostRule(Shape, frozen=True):
    """A part and its whole, of which nothing else is known."""

    less: str
    more: str


class Quotient(Shape, frozen=True):
    """What one costs: the cost of all over their number."""

    each: str
    cost: str
    count: str


class FormSum(Shape, frozen=True):
    """Amounts of a form: a whole and the parts that make it.

    It holds of forms that state none of `unless`; what is `within` another part may count or not.
    """

    whole: str
    parts: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


class PrintedCell(Shape, frozen=True):
    """A column of an official table."""

    table: str
    measure: str


class InTables(Shape, frozen=True):
    """A subject, and the columns that print the same."""

    subject: str
    cells: tuple[PrintedCell, ...]


class Directions(Shape, frozen=True):
    """What the names of indicators end in, of which more is better, or less."""

    more: re.Pattern[str]
    less: re.Pattern[str]


class Twice(Shape, frozen=True):
    """The subjects of which two values are told by other rules, or are of two units."""

    told_elsewhere: re.Pattern[str]
    of_each_unit: re.Pattern[str]


class Weights(Shape, frozen=True):
    """What the weights of a form may add up to."""

    sums: tuple[int, ...]


class FactRules(Shape, frozen=True):
    """All rules."""

    parts: tuple[PartsRule, ...]
    at_most: tuple[AtMostRule, ...]
    quotients: tuple[Quotient, ...]
    form_sums: tuple[FormSum, ...]
    in_tables: tuple[InTables, ...]
    directions: Directions
    twice: Twice
    weights: Weights
    rules: Mapping[str, FactRule]


@cache
def fact_rules() -> FactRules:
    """The rules.

    Raises:
        KnowledgeError: `fact_rules.toml` says something else than it may, or names a subject that is not there.
    """
    rules, words = read_shape(shelf("fact_rules.toml"), FactRules), fact_words()
    known = {one.id for one in words.subject}
    known |= {f"{one}_{scope.suffix}" for one in known for scope in words.scope if scope.subjects.fullmatch(one)}
    named = [one for rule in rules.parts for one in (rule.whole, *rule.parts)]
    named += [one for rule in rules.at_most for one in (rule.less, rule.more)]
    named += [one for rule in rules.quotients for one in (rule.each, rule.cost, rule.count)]
    named += [rule.subject for rule in rules.in_tables]
    if unknown := sorted(set(named) - known):
        raise KnowledgeError(f"fact_rules.toml: no subject {', '.join(unknown)} in facts.toml")
    return rules


def subject_names() -> Mapping[str, tuple[str, str]]:
    """What each subject is called, in Chinese and English."""
    words = fact_words()
    names = {one.id: (one.zh, one.en) for one in words.subject}
    planned = {
        f"{name}_{scope.suffix}": (f"{scope.zh}{zh}", f"{en} {scope.en}")
        for scope in words.scope
        for name, (zh, en) in names.items()
        if scope.subjects.fullmatch(name)
    }
    return names | planned
