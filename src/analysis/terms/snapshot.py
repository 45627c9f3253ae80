"""A snapshot: what stands around a figure in its source file, with the figure marked.

A page gives a crop of its drawing; a text, a workbook or a web page gives the lines or cells around. What cannot be
shown is a sentence that says why.
"""

from dataclasses import dataclass

from analysis.terms.line_item import Place


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """What to show: the place of a finding, and the places of the figures that contradict it.

    `words` are what is wrong as it is printed, the most exact first: each is looked for within the place, and the first
    that stands there once is framed instead of the whole of it. A place may be a paragraph, a row, or no more than a
    page.
    """

    place: Place
    words: tuple[str, ...] = ()
    against: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a page as a PNG, the figure framed in red and those it contradicts in blue.

    `focus` is where the first frame stands, from 0 at the left edge to 1 at the right.
    """

    page: int
    png: bytes
    width: int
    height: int
    focus: float = 0.5


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a text or rows of a sheet: `title` says of what, `labels` name the rows, `heads` the columns.

    `marked` are the positions (row, column) of the figure, `against` those of the figures that it contradicts.
    """

    title: str
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]]
    against: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pictures of one finding, or the sentence that says why there is none."""

    views: tuple[Crop | Excerpt, ...]
    reason: str | None = None
