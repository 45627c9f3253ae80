"""Pages of a few words and rules, as a reader of PDF gives them."""

from collections.abc import Iterable, Sequence

from analysis.extraction.layout.blocks import Grid
from analysis.terms.page import Char, Page

WIDTH, HEIGHT, SIZE = 600.0, 800.0, 10.0


def words(text: str, x: float, top: float, size: float = SIZE) -> list[Char]:
    """A line of text of one size, each character as wide as high; a blank leaves a gap."""
    return [
        Char(char, x + index * size, top, x + (index + 1) * size, top + size)
        for index, char in enumerate(text)
        if not char.isspace()
    ]


def frame(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """The horizontal and the vertical rules of a table."""
    return [(y, xs[0], xs[-1]) for y in ys], [(x, ys[0], ys[-1]) for x in xs]


def page(
    chars: Iterable[Char],
    horizontals: Iterable[tuple[float, ...]] = (),
    verticals: Iterable[tuple[float, ...]] = (),
    number: int = 1,
) -> Page:
    rules = (tuple((a, b, c) for a, b, c in group) for group in (horizontals, verticals))
    return Page(number, WIDTH, HEIGHT, 0, tuple(chars), *rules)


def texts_of(grid: Grid) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in grid.matrix()]
