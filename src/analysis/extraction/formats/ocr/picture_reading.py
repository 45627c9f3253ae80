"""A picture → what it says: turned upright, straightened, cut along its rulings, recognised piece by piece."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np

from analysis.extraction.layout.blocks import Grid
from analysis.extraction.layout.grid import page_to_blocks
from analysis.recognising.ctc import Spelled, Steps, as_amounts, spell, spell_numbers
from analysis.recognising.dark_fields import with_light_fields
from analysis.recognising.image_rulings import find_rulings
from analysis.recognising.known_words import Offered, in_known_words, offers
from analysis.recognising.perspective import to_straight
from analysis.recognising.picture import PagePicture, RecognisedPicture, RecognisedPiece
from analysis.recognising.pixels import Pixels, find_ink, find_skew, turn_by
from analysis.recognising.recogniser import load_model, recognise_strips
from analysis.recognising.strips import Box, Strip, strips_of_cells, strips_outside
from analysis.terms.page import Char, Page
from analysis.terms.recognition import Candidate, Reading

_BENT = (
    "图中的表格弯曲或倾斜过大，单元格无法可靠划分；请把纸张压平，从正上方重新扫描或拍摄。"
    " / The table in the picture is bent or slopes too much to be cut into cells; flatten the sheet and scan it anew."
)
_SAMPLED = 6
_UPRIGHT = 0.92
_LINE = 4.0
"""Characters that one of the longest lines has at least; those of a page that lies on its side are single ones."""
_PLAUSIBLE, _PLAIN = 0.5, 0.9
_LOW = 0.6
_LOWEST_STRIP = 7.0
_PAD = 0.18
# What a line of digits may be mistaken for.
_LETTERS = re.compile(r"(?=.*\d)[!-~]{3,}|[A-Za-z0-9]{1,3}")
_LIKE_NUMBER = re.compile(r"(?=.*[\dOoIl])[\dOoIlBSZ,.，。、·•:：;；'`’‘\-−—–一~_ ]+")


def recognise_picture(picture: PagePicture) -> RecognisedPicture | str:
    """What a picture says; why nothing is read of one whose table is bent, for its figures would stand in wrong cells.

    Raises:
        UnreadableFileError: it has more rulings or cells than any budget table.
    """
    grey = with_light_fields(picture.grey, picture.scale)
    upright = _Upright(grey, picture.scale, 0)
    if upright.strips and not upright.is_plain():
        others = [_Upright(grey, picture.scale, turn) for turn in (1, 3, 2)]
        upright = max((upright, *others), key=lambda one: one.legible())
    return _BENT if upright.bent else upright.read()


class _Upright:
    """The picture after some quarter turns: its ink, rulings and strips."""

    def __init__(self, grey: Pixels, scale: float, turn: int) -> None:
        self.scale, self.turn = scale, turn
        turned = np.ascontiguousarray(np.rot90(grey, -turn))
        paper = int(np.percentile(turned, 90))
        angle = find_skew(find_ink(turned, scale))
        self.grey, self.bent = to_straight(turn_by(turned, angle, paper), scale, paper)
        ink = find_ink(self.grey, scale)
        self.horizontals, self.verticals, ruled = find_rulings(ink, scale)
        grids = _grids(self)
        cells = [_box(cell.place) for grid in grids for cell in grid.cells]
        tables = [_around([_box(cell.place) for cell in grid.cells]) for grid in grids]
        self.grey = np.where(ruled > 0, _paper_around(self.grey, scale), self.grey).astype(np.uint8)
        ink[ruled > 0] = 0
        self.strips = [*strips_of_cells(ink, cells, scale), *strips_outside(ink, tables, scale)]
        self._sampled: tuple[int, tuple[float, ...]] | None = None

    def is_plain(self) -> bool:
        """Whether the longest lines are lines, surely read: so they are the right way up."""
        lines, scores = self._sample()
        return len(scores) >= _LINE * lines and sum(scores) >= _UPRIGHT * len(scores)

    def legible(self) -> float:
        """How many characters of the longest lines are read, and how surely."""
        _, scores = self._sample()
        return sum(scores) ** 2 / len(scores) if scores else 0.0

    def _sample(self) -> tuple[int, tuple[float, ...]]:
        """The number of the longest lines, and the scores of their characters."""
        if self._sampled is None:
            longest = sorted(self.strips, key=lambda strip: strip.left - strip.right)[:_SAMPLED]
            signs = load_model().signs
            spelled = recognise_strips([self._cut(one) for one in longest], lambda _, steps: spell(steps, signs))
            self._sampled = len(longest), tuple(score for one in spelled for score in one.scores)
        return self._sampled

    def _cut(self, strip: Strip) -> Pixels:
        """The grey pixels of a strip with some paper around, its contrast full."""
        left, top, right, bottom, _ = strip
        height = max(bottom - top, round(_LOWEST_STRIP * self.scale))
        pad = round(_PAD * height) + 1
        middle = (top + bottom) / 2
        high, low = max(0, round(middle - height / 2) - pad), round(middle + height / 2) + pad
        part = self.grey[high:low, max(0, left - pad) : right + pad]
        dark, pale = float(part.min()), float(np.median(part))
        if pale - dark < 1:
            return part
        return np.clip((part - dark) * (255.0 / (pale - dark)), 0, 255).astype(np.uint8)

    def read(self) -> RecognisedPicture:
        lines = recognise_strips([self._cut(strip) for strip in self.strips], self._read_line)
        heights = [strip.bottom - strip.top for strip in self.strips if strip.in_cell]
        usual = median(heights) if heights else 0.0
        pieces: list[RecognisedPiece] = []
        unread: list[Box] = []
        for strip, (spelled, steps, reading, _) in zip(self.strips, self._in_cells(lines), strict=True):
            if reading is not None and _is_low(strip, usual) and any(map(str.isalnum, reading.text)):
                reading = None  # a rest of a seal or of a ruling: no character of this page is so low
            if reading is not None:
                pieces.append(RecognisedPiece(self._chars(strip, spelled, steps, reading), reading))
            elif strip.in_cell and not _is_low(strip, usual):
                unread.append(self._points(strip))
        height, width = self.grey.shape
        return RecognisedPicture(
            width / self.scale,
            height / self.scale,
            self.turn,
            tuple(self.horizontals),
            tuple(self.verticals),
            tuple(pieces),
            tuple(unread),
        )

    def _read_line(self, number: int, steps: Steps) -> "_Line":
        spelled, offered = _read_steps(steps)
        reading = to_reading(steps, spelled, in_cell=self.strips[number].in_cell)
        return _Line(spelled, len(steps), reading, offered)

    def _in_cells(self, lines: Sequence["_Line"]) -> Iterator["_Line"]:
        """The lines, those of one cell as its words have them together: a word may go on in the next line."""
        pairs = zip(self.strips, lines, strict=True)
        for cell, group in groupby(pairs, key=lambda pair: pair[0].cell):
            of_cell = [line for _, line in group]
            if cell is None or len(of_cell) < 2:
                yield from of_cell
            else:
                texts = in_known_words([line.offered for line in of_cell])
                yield from map(_Line.saying, of_cell, texts)

    def _points(self, strip: Strip) -> Box:
        left, top, right, bottom = (round(float(edge) / self.scale, 2) for edge in strip[:4])
        return left, top, right, bottom

    def _chars(self, strip: Strip, spelled: Spelled, steps: int, reading: Reading) -> tuple[Char, ...]:
        """The characters of the reading along the strip, each reaching to the next; a blank leaves a gap."""
        left, top, right, bottom = self._points(strip)
        if reading.text != spelled.text or len(spelled.steps) < 2:
            step = (right - left) / len(reading.text)
            edges = [left + step * at for at in range(len(reading.text) + 1)]
        else:
            middles = [left + (right - left) * (at + 0.5) / max(1, steps) for at in spelled.steps]
            edges = [left, *((a + b) / 2 for a, b in pairwise(middles)), right]
        return tuple(
            Char(sign, round(edges[at], 2), top, round(max(edges[at + 1], edges[at] + 0.1), 2), bottom)
            for at, sign in enumerate(reading.text)
            if not sign.isspace()
        )


class _Line(NamedTuple):
    """What was made of a strip: its spelling, in how many steps, what it may say, what its characters may be."""

    spelled: Spelled
    steps: int
    reading: Reading | None
    offered: Offered

    def saying(self, text: str) -> "_Line":
        """The line with another text, where its text was spelled and is no number."""
        if self.reading is None or self.reading.text != self.spelled.text:
            return self
        first, *rest = self.reading.candidates
        reading = replace(self.reading, candidates=(replace(first, text=text), *rest))
        return self._replace(spelled=self.spelled._replace(text=text), reading=reading)


def _read_steps(steps: Steps) -> tuple[Spelled, Offered]:
    """The spelling of a line by itself, and what else its characters may be."""
    signs = load_model().signs
    spelled = spell(steps, signs)
    offered = offers(spelled, steps, signs)
    (text,) = in_known_words([offered])
    return spelled._replace(text=text), offered


def to_reading(steps: Steps, spelled: Spelled, *, in_cell: bool) -> Reading | None:
    """What a strip may say; None where nothing can be made of it.

    What looks like a number is read by the signs of numbers alone, with the other numbers that it may be.
    """
    text = spelled.text.strip()
    if in_cell and (_LIKE_NUMBER.fullmatch(text) or _LETTERS.fullmatch(text)):
        numbers = as_amounts(spell_numbers(steps, load_model().numbers))
        if numbers and any(sign.isdigit() for sign in numbers[0].text):
            # The share among numbers says nothing of a strip that is no number; the spelling's score does.
            sure = spelled.score if numbers[0].text == text else spelled.score / 2
            first = Candidate(numbers[0].text, round(min(numbers[0].score, sure), 4))
            return Reading((first, *numbers[1:]))
    if not text or not spelled.scores:
        return None
    mean = sum(spelled.scores) / len(spelled.scores)
    if mean < _PLAUSIBLE or (not in_cell and _is_noise(text, mean)):
        return None
    return Reading((Candidate(spelled.text, round(spelled.score, 4)),))


def _is_low(strip: Strip, usual: float) -> bool:
    """Whether a line of a cell is much lower than those of the page's other cells, of which `usual` is the height."""
    return strip.in_cell and strip.bottom - strip.top < _LOW * usual


def _is_noise(text: str, mean: float) -> bool:
    """Whether a piece of the open page is a fold or a speck: it has no Chinese character and is no plain text."""
    if any("\u4e00" <= sign <= "\u9fff" for sign in text):
        return False
    return mean < _PLAIN or not text.isascii() or (len(text) == 1 and not text.isdigit())


def _grids(upright: _Upright) -> Sequence[Grid]:
    height, width = upright.grey.shape
    page = Page(
        1,
        width / upright.scale,
        height / upright.scale,
        0,
        (),
        tuple(upright.horizontals),
        tuple(upright.verticals),
    )
    return [block for block in page_to_blocks(page) if isinstance(block, Grid)]


def _box(place: object) -> Box:
    return place.x0, place.top, place.x1, place.bottom  # type: ignore[attr-defined]


def _around(boxes: Sequence[Box]) -> Box:
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return min(x0s), min(tops), max(x1s), max(bottoms)


def _paper_around(grey: Pixels, scale: float) -> Pixels:
    """The paper beside each pixel: what rulings are painted over with."""
    size = 2 * round(2.5 * scale) + 1
    small = cv2.dilate(grey, np.ones((size, size), np.uint8))
    return cv2.blur(small, (size, size))
