"""A recognised picture → a page: alone, together with the text around it, or held against a text behind it."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.recognising.picture import RecognisedPicture, RecognisedPiece
from analysis.terms.money import parse_amount
from analysis.terms.page import Char, Page
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


def with_layer(found: RecognisedPicture, layer: Page) -> Page:
    """A recognised page together with the text that somebody's recognition wrote behind the picture.

    The rulings are those of the picture. The characters are those of the layer where it has any: whoever made it may
    have had a better picture. A figure that both read alike is surer; where they differ both are offered, and neither
    is sure.
    """
    recognised = to_page(found, layer.number)
    if found.turn != layer.turn:
        return recognised
    rest = list(layer.chars)
    chars: list[Char] = []
    readings: list[tuple[float, float, Reading]] = []
    for piece in found.pieces:
        under = [char for char in rest if _holds(_box(piece), char)]
        rest = [char for char in rest if not _holds(_box(piece), char)]
        reading = _held_against(piece.reading, under)
        chars += under or piece.chars
        readings.append((*_middle(piece), reading))
    unread = sum(not any(_holds(box, char) for char in layer.chars) for box in found.unread)
    return replace(recognised, chars=(*chars, *rest), readings=tuple(readings), unread=unread)


def _box(piece: RecognisedPiece) -> Box:
    """The place of a piece, with the little by which a layer's characters lie beside their picture."""
    margin = 0.2 * (piece.chars[0].bottom - piece.chars[0].top)
    return (
        min(char.x0 for char in piece.chars) - margin,
        min(char.top for char in piece.chars) - margin,
        max(char.x1 for char in piece.chars) + margin,
        max(char.bottom for char in piece.chars) + margin,
    )


def _held_against(reading: Reading, under: Sequence[Char]) -> Reading:
    """The reading of a piece with what the layer has there."""
    if not under:
        return reading
    other = "".join(char.text for char in sorted(under, key=lambda char: char.x0))
    amount, theirs = parse_amount(reading.text), parse_amount(other)
    first, *rest = reading.candidates
    if amount is None or theirs is None:
        return Reading((Candidate(other, max(first.score, _SURE)), *reading.candidates))
    if amount == theirs:
        return Reading((Candidate(other, max(first.score, _SURE)), *rest))
    others = [one for one in reading.candidates if one.text != other]
    return Reading((Candidate(other, _OTHERS), *others), contested=True)
