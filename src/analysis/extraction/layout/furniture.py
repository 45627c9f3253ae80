"""Running headers and footers: what stands at the edge of page after page and belongs to no text.

They would part a table from its rows on the next page, and a sentence from its end. No list of words knows them all
(the name of the body, a date, the address that a browser prints), but they say the same at the same height of many
pages, digits aside. A title, a caption and a note are never furniture, however often they are repeated, nor is a line
of amounts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.extraction.layout.blocks import Block, Grid, TextLine
from analysis.terms.label import is_title_line, squeeze
from analysis.terms.money import parse_amount

_EDGE_LINES = 3
_EDGE_SHARE = 0.15
_SAME_HEIGHT = 4.0
_FEWEST_PAGES = 3
_DIGITS = re.compile(r"\d+")
_CAPTION_OR_NOTE = re.compile(r"单位[:：]|部门[:：]|[:：][千百万亿]*元|^[(（]?(?:注|备注|说明)")


class PlacedBlock(NamedTuple):
    """A block and where it stands in the direction of reading, in points from the page's top left."""

    top: float
    bottom: float
    left: float
    block: Block


class PlacedPage(NamedTuple):
    """The blocks of a page from top to bottom, and how high it is in the direction of reading.

    `overprinted` counts the characters that lie over others, `open` the ruled tables whose cells cannot be told.
    """

    height: float
    blocks: Sequence[PlacedBlock]
    overprinted: int = 0
    open: int = 0


def without_furniture(pages: Sequence[PlacedPage]) -> list[Block]:
    """The blocks of all pages in order, without what repeats at their edges.

    Of each such line the first one stays where it parts no table: at the top of the first page, or on a page without a
    table. It may be all that names the body.
    """
    found: dict[tuple[str, bool], list[tuple[float, int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for index, words, at_top, distance in _edge_lines(page):
            found[words, at_top].append((distance, number, index))
    dropped = {where for (_, at_top), lines in found.items() for where in _repeated(lines, pages, at_top=at_top)}
    return [
        placed.block
        for number, page in enumerate(pages)
        for index, placed in enumerate(page.blocks)
        if (number, index) not in dropped
    ]


def _edge_lines(page: PlacedPage) -> Iterator[tuple[int, str, bool, float]]:
    """The lines that may be furniture: position, words without digits, whether at the top, distance from that edge."""
    for at_top in (True, False):
        order = range(len(page.blocks)) if at_top else range(len(page.blocks) - 1, -1, -1)
        for index in list(order)[:_EDGE_LINES]:
            placed = page.blocks[index]
            distance = placed.top if at_top else page.height - placed.bottom
            if isinstance(placed.block, Grid) or distance > _EDGE_SHARE * page.height:
                break
            if _may_repeat(placed.block):
                yield index, _DIGITS.sub("#", squeeze(placed.block.text)), at_top, distance


def _may_repeat(line: TextLine) -> bool:
    if is_title_line(line.text) or _CAPTION_OR_NOTE.search(line.text):
        return False
    return not any(parse_amount(word) is not None and not word.isdigit() for word in line.text.split())


def _repeated(
    lines: list[tuple[float, int, int]], pages: Sequence[PlacedPage], *, at_top: bool
) -> Iterator[tuple[int, int]]:
    """Of lines with the same words those that stand at the same height of at least every other page, and of three."""
    lines.sort()
    group: list[tuple[float, int, int]] = []
    for line in [*lines, (float("inf"), -1, -1)]:
        if group and line[0] - group[0][0] > _SAME_HEIGHT:
            numbers = sorted({number for _, number, _ in group})
            span = numbers[-1] - numbers[0] + 1
            enough = len(numbers) >= _FEWEST_PAGES or len(numbers) == len(pages) > 1
            if enough and 2 * len(numbers) >= span:
                first = [(number, index) for _, number, index in group if number == numbers[0]]
                keeps_first = (at_top and numbers[0] == 0) or not any(
                    isinstance(placed.block, Grid) for placed in pages[numbers[0]].blocks
                )
                yield from ((n, i) for _, n, i in group if not (keeps_first and (n, i) in first))
            group = []
        group.append(line)
