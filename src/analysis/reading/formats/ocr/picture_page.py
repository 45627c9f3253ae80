"""A recognised picture → a page: alone, together with the text around it, or held against a text behind it."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.reading.formats.ocr.picture import RecognisedPicture, RecognisedPiece
from analysis.reading.layout.page import Char, Page
from analysis.terms.money import parse_amount
from analysis.terms.recognition import Candidate, Reading

Box = tuple[float, float, float, float]
_OTHERS = 0.5
"""The score of what somebody else's recognition read where ours reads another thing."""
_SURE = 0.9


def to_page(found: RecognisedPicture, number: int) -> Page:
    """The picture as page `number`."""
    return Page(
        number,
        found.width,
        found.height,
        found.turn,
        tuple(char for piece in found.pieces for char in piece.chars),
        found.horizontals,
        found.verticals,
        readings=tuple((*_middle(piece), piece.reading) for piece in found.pieces),
        unread=len(found.unread),
        pictured=True,
    )


def _middle(piece: RecognisedPiece) -> tuple[float, float]:
    x0, x1 = min(char.x0 for char in piece.chars), max(char.x1 for char in piece.chars)
    return (x0 + x1) / 2, (piece.chars[0].top + piece.chars[0].bottom) / 2


def merged(page: Page, found: RecognisedPicture, boxes: Sequence[Box]) -> Page:
    """A page with text, with what a picture of the parts `boxes` of it says in the place of what stands there."""
    if found.turn or not found.pieces:
        return page
    outside = tuple(char for char in page.chars if not any(_holds(box, char) for box in boxes))
    own = to_page(found, page.number)
    return replace(
        page,
        chars=outside + own.chars,
        horizontals=page.horizontals + own.horizontals,
        verticals=page.verticals + own.verticals,
        readings=own.readings,
        unread=own.unread,
        pictured=True,
    )


def _holds(box: Box, char: Char) -> bool:
    x0, top, x1, bottom = box
    return x0 <= (char.x0 + char.x1) / 2 <= x1 and top <= (char.top + char.bottom) / 2 <= bottom


def with_votes(recognised: Page, layer: Page) -> Page:
    """A recognised page, its figures held against those that somebody's recognition wrote behind the picture.

    Where both read the same the figure is surer; where they differ both are offered, and neither is sure.
    """
    if recognised.turn != layer.turn:
        return recognised
    readings = tuple(
        (x, y, _held_against(reading, _text_at(layer, reading, x, y))) for x, y, reading in recognised.readings
    )
    return replace(recognised, readings=readings)


def _text_at(layer: Page, reading: Reading, x: float, y: float) -> str:
    """The number of the layer that stands at a place: the characters of its line that touch one another."""
    line = sorted(
        (char for char in layer.chars if char.top <= y <= char.bottom and (char.text.isdigit() or char.text in ",.-")),
        key=lambda char: char.x0,
    )
    runs: list[list[Char]] = []
    for char in line:
        if runs and char.x0 - runs[-1][-1].x1 < 0.6 * (char.bottom - char.top):
            runs[-1].append(char)
        else:
            runs.append([char])
    at = next((run for run in runs if run[0].x0 - 2 <= x <= run[-1].x1 + 2), [])
    return "".join(char.text for char in at)


def _held_against(reading: Reading, other: str) -> Reading:
    amount, theirs = parse_amount(reading.text), parse_amount(other)
    if amount is None or theirs is None:
        return reading
    first, *rest = reading.candidates
    if amount == theirs:
        return Reading((Candidate(first.text, max(first.score, _SURE)), *rest))
    others = [one for one in rest if one.text != other]
    return Reading((first, Candidate(other, _OTHERS), *others), contested=True)
