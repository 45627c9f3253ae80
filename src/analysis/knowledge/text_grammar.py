"""By which words a stated value is told: the grammar of budget sentences, read strictly from the shelf.

It is the same everywhere; what sentences speak of is told by each family (`knowledge.text_rules`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from analysis.knowledge.load import Shape, read_shape, shelf


class _Directions(Shape, frozen=True):
    more: tuple[str, ...]
    less: tuple[str, ...]
    same: tuple[str, ...]
    open: tuple[str, ...]


class _Patterns(Shape, frozen=True):
    base: str
    base_budget: str
    base_short: str
    prior: str
    prior_year: str
    budget: str
    budget_beside: str
    outturn_behind: str
    budget_of: str
    rate_of: str
    done: str
    share: str
    completion: str
    budget_word: str
    link: str
    verb: str
    body: str
    empty: str
    parts: str
    no_value_behind: str
    no_value_before: str
    ahead: str
    counted: str
    section_year: str
    reason: str


class _Frame(Shape, frozen=True):
    lead: str
    tail: str


class _GrammarFile(Shape, frozen=True):
    directions: _Directions
    patterns: _Patterns
    frame: _Frame


@dataclass(frozen=True, slots=True, eq=False)
class TextGrammar:
    """The patterns, compiled.

    Attributes:
        signs: 1, -1 or 0 for a word of direction; None for one that leaves it open.
        direction: A word of direction, with an alternative in brackets: groups `word`, `open`.
        base: What a comparison is made with: groups `year`, `base`, and `budget` for that of the year itself.
        prior: The end of the words before an amount of the year before: groups `year`, `base`.
        prior_year: The same without a noun behind the year: group `year`.
        budget: The end of the words before the budget of final accounts.
        budget_beside: The same where the outturn is told right behind it.
        outturn_behind: What stands behind such a budget.
        budget_of: The end of the words before a budget of which a rate follows.
        rate_of: What stands between the two.
        done: Words that tell of an amount that it is no budget.
        share: The end of the words before a share: group `of`.
        completion: The end of the words before a rate of completion.
        budget_word: How the outturn stands to the budget.
        link: What may stand between a subject and its amount.
        verb: The end of words that name a subject, which is no part of its name.
        body: The name of a body before a subject.
        empty: Words that name nothing by themselves.
        parts: Where the parts of what was said before begin.
        no_value_behind: What stands behind a sum of money that states nothing.
        no_value_before: What stands before one.
        ahead: The end of the words before points that something is ahead of the calendar.
        counted: What things counted are called.
        section_year: A heading under which another year is told: group `year`.
        reason: What a reason or another thing begins with.
        lead: Words in front of a subject that are no part of it.
        tail: Words behind it that are none.
    """

    signs: Mapping[str, int | None]
    direction: re.Pattern[str]
    base: re.Pattern[str]
    prior: re.Pattern[str]
    prior_year: re.Pattern[str]
    budget: re.Pattern[str]
    budget_beside: re.Pattern[str]
    outturn_behind: re.Pattern[str]
    budget_of: re.Pattern[str]
    rate_of: re.Pattern[str]
    done: re.Pattern[str]
    share: re.Pattern[str]
    completion: re.Pattern[str]
    budget_word: re.Pattern[str]
    link: re.Pattern[str]
    verb: re.Pattern[str]
    body: re.Pattern[str]
    empty: re.Pattern[str]
    parts: re.Pattern[str]
    no_value_behind: re.Pattern[str]
    no_value_before: re.Pattern[str]
    ahead: re.Pattern[str]
    counted: re.Pattern[str]
    section_year: re.Pattern[str]
    reason: re.Pattern[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]


@cache
def text_grammar() -> TextGrammar:
    """The grammar of the package.

    Raises:
        KnowledgeError: The file is malformed.
    """
    file = read_shape(shelf("text_grammar.toml"), _GrammarFile)
    said, words = file.patterns, file.directions
    signs: dict[str, int | None] = {}
    for sign, found in ((1, words.more), (-1, words.less), (0, words.same), (None, words.open)):
        signs |= dict.fromkeys(found, sign)
    longest = sorted(signs, key=len, reverse=True)
    return TextGrammar(
        signs=signs,
        direction=re.compile(rf"(?P<word>{'|'.join(longest)})(?P<open>[(/](?:{'|'.join(longest)}|大于)\)?)?"),
        base=re.compile(rf"{said.base}|{said.base_budget}|{said.base_short}"),
        prior=re.compile(said.prior),
        prior_year=re.compile(said.prior_year),
        budget=re.compile(said.budget),
        budget_beside=re.compile(said.budget_beside),
        outturn_behind=re.compile(said.outturn_behind),
        budget_of=re.compile(said.budget_of),
        rate_of=re.compile(said.rate_of),
        done=re.compile(said.done),
        share=re.compile(said.share),
        completion=re.compile(said.completion),
        budget_word=re.compile(said.budget_word),
        link=re.compile(said.link),
        verb=re.compile(f"(?:{said.verb})$"),
        body=re.compile(said.body),
        empty=re.compile(said.empty),
        parts=re.compile(said.parts),
        no_value_behind=re.compile(said.no_value_behind),
        no_value_before=re.compile(said.no_value_before),
        ahead=re.compile(said.ahead),
        counted=re.compile(said.counted),
        section_year=re.compile(said.section_year),
        reason=re.compile(said.reason),
        lead=re.compile(file.frame.lead),
        tail=re.compile(file.frame.tail),
    )
