"""The words of a line: characters without a gap between them, with their box."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.terms.money import parse_amount
from analysis.terms.page import Char

# Of a line's height; a number is parted from the words beside it by less.
_WORD_GAP, _NUMBER_GAP = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of a line without a gap between them, and their box."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """How far right its middle is."""
        return (self.x0 + self.x1) / 2

    @property
    def is_figure(self) -> bool:
        """Whether it is a number."""
        return parse_amount(self.text) is not None

    @property
    def is_sure(self) -> bool:
        """Whether it is an amount and cannot be a code: it has thousands or decimals."""
        return ("," in self.text or "." in self.text) and self.is_figure

    def overlaps(self, other: "Word") -> bool:
        """Whether one stands over or under a part of the other."""
        return min(self.x1, other.x1) > max(self.x0, other.x0)


Line = Sequence[Word]
DASH = re.compile(r"[-—–－―─]+")
"""What a cell prints that has no figure."""


def line_to_words(line: Sequence[Char]) -> list[Word]:
    """The words of a line of characters, from left to right."""
    groups: list[list[Char]] = []
    for char in line:
        near = _NUMBER_GAP if groups and _is_of_number(groups[-1][-1]) != _is_of_number(char) else _WORD_GAP
        if groups and char.x0 - groups[-1][-1].x1 <= near * (char.bottom - char.top):
            groups[-1].append(char)
        else:
            groups.append([char])
    return [_word(group) for group in groups]


def _is_of_number(char: Char) -> bool:
    return char.text.isdigit() or char.text in ",.-"


def _word(chars: Sequence[Char]) -> Word:
    return Word(
        "".join(char.text for char in chars),
        chars[0].x0,
        min(char.top for char in chars),
        max(char.x1 for char in chars),
        max(char.bottom for char in chars),
    )


def joined(words: Sequence[Word]) -> Word:
    """Words of one cell as one, from top to bottom."""
    ordered = sorted(words, key=lambda word: (round(word.middle), word.x0))
    return Word(
        "".join(word.text for word in ordered),
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )


def spread(places: Iterable[float]) -> float:
    """How far apart the places are."""
    found = list(places)
    return max(found) - min(found)
