"""Lines outside the tables → paragraphs: the text as its author wrote it, with its place.

A page shows lines, a sentence goes over them. A paragraph begins at an indent, at a heading, or where the line above
ended a sentence short of the right margin; over a page break it goes on. Plain text has no margins left but its line
numbers tell where blank lines stood. A text document, a web page or a sheet gives each paragraph as one line already.
Nothing is repaired: the text is what is printed, without white space.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from analysis.extraction.layout.blocks import TextLine
from analysis.terms.document import Passage
from analysis.terms.line_item import Place

# Points; an indent of half a character is one, the wobble of a first character is none.
_INDENT = 4.0
# What the last line of a paragraph leaves free at least, as a part of the text's width; a line that leaves as much as
# _OPEN is a last line whatever it ends with.
_SHORT = 0.06
_OPEN = 0.3
_ENDS = ("。", "；", ";", "！", "？")
_GOES_ON = ("：", ":", "，", ",", "、")
_TIGHT = re.compile(r"\s+")


def lines_to_passages(runs: Iterable[Sequence[TextLine]], heading: re.Pattern[str]) -> tuple[Passage, ...]:
    """The paragraphs of a document; each of `runs` stands between two tables and begins a new one.

    `heading` is what a paragraph that is a heading, or numbered, begins with.
    """
    paragraphs = (paragraph for run in runs if run for paragraph in _paragraphs(run, heading))
    texts = ((lines, _TIGHT.sub("", "".join(line.text for line in lines))) for lines in paragraphs)
    filled = ((lines, text) for lines, text in texts if text)
    return tuple(Passage(number, text, _place(lines)) for number, (lines, text) in enumerate(filled, 1))


def _paragraphs(lines: Sequence[TextLine], heading: re.Pattern[str]) -> Iterator[list[TextLine]]:
    edges = _page_edges(lines)
    widest = max(_width(line.text) for line in lines) if lines[0].place.line is not None else 0
    paragraph = [lines[0]]
    for before, line in pairwise(lines):
        if line.place.x0 is not None:
            begins = _begins_on_page(before, line, edges, heading)
        elif line.place.line is not None:
            begins = _begins_in_text(before, line, widest, heading)
        else:
            begins = True
        if begins:
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _page_edges(lines: Sequence[TextLine]) -> dict[int | None, tuple[float, float]]:
    """The left and the right edge of the text on each page."""
    lefts: dict[int | None, list[float]] = defaultdict(list)
    rights: dict[int | None, list[float]] = defaultdict(list)
    for line in lines:
        if line.place.x0 is not None and line.place.x1 is not None:
            lefts[line.place.page].append(line.place.x0)
            rights[line.place.page].append(line.place.x1)
    return {page: (min(lefts[page]), max(rights[page])) for page in lefts}


def _begins_on_page(
    before: TextLine, line: TextLine, edges: dict[int | None, tuple[float, float]], heading: re.Pattern[str]
) -> bool:
    if before.place.x1 is None or line.place.x0 is None:
        return True
    if line.place.x0 > edges[line.place.page][0] + _INDENT:
        return True
    left, right = edges[before.place.page]
    return _begins(before, line, (right - before.place.x1) / max(right - left, 1.0), heading)


def _begins_in_text(before: TextLine, line: TextLine, widest: int, heading: re.Pattern[str]) -> bool:
    if before.place.line is None or line.place.line is None or line.place.line > before.place.line + 1:
        return True
    return _begins(before, line, 1 - _width(before.text.rstrip()) / widest, heading)


def _begins(before: TextLine, line: TextLine, free: float, heading: re.Pattern[str]) -> bool:
    """Whether a line that is not indented begins a paragraph; `free` is what the line above left of the width."""
    words = before.text.rstrip()
    numbered = heading.match(line.text.strip()) is not None
    if words.endswith(_ENDS):
        return numbered or free > _SHORT
    if words.endswith(_GOES_ON):
        return numbered
    return free > _OPEN or (numbered and free > _SHORT)


def _width(text: str) -> int:
    """The columns that a text takes in a fixed pitch: two for a Chinese character."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _place(lines: Sequence[TextLine]) -> Place:
    """Where the paragraph begins: its box on its first page, its first line, or its cell."""
    first = lines[0].place
    if first.x0 is None:
        return first
    boxes = [line.place for line in lines if line.place.page == first.page]
    return Place(
        page=first.page,
        x0=first.x0,
        top=first.top,
        x1=max(box.x1 for box in boxes if box.x1 is not None),
        bottom=max(box.bottom for box in boxes if box.bottom is not None),
    )
