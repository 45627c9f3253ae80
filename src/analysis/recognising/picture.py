"""A picture of a page, and what its recognition gave; who is asked for one by the other, and when it is done.

A reader that meets a picture hands it to a `PictureReader`: one that recognises it at once, one that looks it up among
those that were recognised before and sets aside what it lacks, or one that declines. So recognition can be done page by
page, elsewhere, and each picture once.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.terms.page import Char
from analysis.terms.recognition import Candidate, Reading

if TYPE_CHECKING:
    from analysis.recognising.pixels import Pixels

_LIBRARIES = ("onnxruntime", "rapidocr", "cv2")
MISSING_LIBRARY = (
    "没有安装文字识别所需的库（rapidocr、onnxruntime、opencv），扫描页未识别；请运行 make setup 安装，"
    "或取得带文字层的文件。"
    " / The libraries that recognise scans are not installed; run `make setup`, or get a file with text."
)
WAITING = "等待识别。 / It waits to be recognised."
_MOST_WANTED = 40
"""Pictures that are set aside at once; a picture takes some megabytes."""
DECLINED = "按 --no-scans 的要求未识别扫描页。 / Scanned pages were left out as --no-scans asks."


def has_libraries() -> bool:
    """Whether everything that a recognition needs is installed."""
    return all(find_spec(name) is not None for name in _LIBRARIES)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of page `number`: grey, seals wiped out, `scale` pixels a point."""

    number: int
    grey: "Pixels"
    scale: float

    @property
    def digest(self) -> str:
        """By which the same picture is known again."""
        height, width = self.grey.shape
        return hashlib.sha256(f"{height}x{width}@{self.scale:.4f}".encode() + self.grey.tobytes()).hexdigest()


class RecognisedPiece(NamedTuple):
    """One line of a cell or of the open page: its characters, in points of the upright picture, and its reading."""

    chars: tuple[Char, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class RecognisedPicture:
    """What a picture says, upright and straight, in points from its top left.

    Attributes:
        turn: Quarter turns clockwise that made it upright.
        unread: Boxes (x0, top, x1, bottom) in cells with ink of which nothing could be made.
    """

    width: float
    height: float
    turn: int
    horizontals: tuple[tuple[float, float, float], ...]
    verticals: tuple[tuple[float, float, float], ...]
    pieces: tuple[RecognisedPiece, ...]
    unread: tuple[tuple[float, float, float, float], ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As values that JSON knows."""
        return {
            "size": [self.width, self.height, self.turn],
            "horizontals": [list(one) for one in self.horizontals],
            "verticals": [list(one) for one in self.verticals],
            "pieces": [
                [[list(char) for char in piece.chars], [[one.text, one.score] for one in piece.reading.candidates]]
                for piece in self.pieces
            ],
            "unread": [list(one) for one in self.unread],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "RecognisedPicture":
        """From what `to_plain` gave."""
        width, height, turn = plain["size"]
        return cls(
            width,
            height,
            turn,
            tuple((y, x0, x1) for y, x0, x1 in plain["horizontals"]),
            tuple((x, top, bottom) for x, top, bottom in plain["verticals"]),
            tuple(
                RecognisedPiece(
                    tuple(Char(*char) for char in chars), Reading(tuple(Candidate(*one) for one in candidates))
                )
                for chars, candidates in plain["pieces"]
            ),
            tuple((x0, top, x1, bottom) for x0, top, x1, bottom in plain["unread"]),
        )


PictureReader = Callable[[PagePicture], RecognisedPicture | str]
"""Who is asked what a picture says; a text in its stead says why that is not known."""


def decline(_picture: PagePicture) -> RecognisedPicture | str:
    """No picture is read."""
    return DECLINED


@dataclass(slots=True)
class KnownPictures:
    """Looks pictures up among those recognised before, and sets aside those that were not.

    Attributes:
        recognised: What is known, by digest.
        refused: Why a recognition gave nothing, by digest.
        wanted: The pictures that are not known, in order, each once.
    """

    recognised: Mapping[str, RecognisedPicture]
    refused: Mapping[str, str] = field(default_factory=dict)
    wanted: dict[str, PagePicture] = field(default_factory=dict)

    def __call__(self, picture: PagePicture) -> RecognisedPicture | str:
        """What is known of the picture."""
        if not has_libraries():
            return MISSING_LIBRARY
        digest = picture.digest
        if found := self.recognised.get(digest):
            return found
        if reason := self.refused.get(digest):
            return reason
        if len(self.wanted) < _MOST_WANTED:
            self.wanted[digest] = picture
        return WAITING
