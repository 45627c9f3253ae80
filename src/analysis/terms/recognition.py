"""What a recognition says of a piece of a picture: what it may read, with scores.

A reading is an offer, no fact: the first candidate is what stands in the page's text, the others are what the same
pixels may say as well.
"""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a figure of a picture is: proven by identities, read without proof, or in doubt."""

    PROVEN = "proven"
    READ = "read"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the texts that a piece of a picture may say; `score` is from 0 to 1."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts that a piece of a picture may say, the most likely first; there is at least one.

    `contested` where a text that somebody else wrote behind the picture says another thing.
    """

    candidates: tuple[Candidate, ...]
    contested: bool = False

    @property
    def text(self) -> str:
        """The most likely text."""
        return self.candidates[0].text

    @property
    def score(self) -> float:
        """The score of the most likely text."""
        return self.candidates[0].score


@dataclass(frozen=True, slots=True)
class ToldReading:
    """What a person read in a picture: the figure in a cell of a page, who says so, and when.

    `cell` is a point in the cell as "x,y", in points from the page's top left; where a file has no pages it is the
    reference of the cell.
    """

    page: int | None
    cell: str
    figure: str
    by: str
    on: str
