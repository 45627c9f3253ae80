"""Lines as one text without white space, each character of which still knows its line."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from analysis.extraction.layout.blocks import TextLine
from analysis.terms.label import without_space
from analysis.terms.line_item import Place


@dataclass(frozen=True, slots=True)
class JoinedLines:
    """The text of `lines`; `starts` are the offsets at which they begin in it."""

    lines: tuple[TextLine, ...]
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> "JoinedLines":
        """The lines joined."""
        pieces = [without_space(line.text) for line in lines]
        return cls(tuple(lines), "".join(pieces), tuple(accumulate(map(len, pieces), initial=0)))

    def place_at(self, offset: int) -> Place:
        """The place of the line on which the character at `offset` stands."""
        return self.lines[min(bisect_right(self.starts, offset), len(self.lines)) - 1].place
