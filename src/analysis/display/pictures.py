"""The picture of a finding as HTML: a crop of the page, the lines of a text, the cells of a sheet.

Everything that comes from a document is text. The figure is framed in red, those that it contradicts in blue, and both
are said in words as well: colour is never the only sign. In a page of its own the picture is part of the page; where
many findings stand together it is a file beside the page, loaded when somebody scrolls to it.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from analysis.display.templating import HtmlRepr, Markup, render
from analysis.terms.snapshot import Crop, Excerpt, Snapshot

LEGEND = "红框：此处的数字；蓝框：与之不符的数字 / red: the figure; blue: the figures that it contradicts"
Address = Callable[[int, Crop], str]


def embedded(_number: int, crop: Crop) -> str:
    """The address of a crop that is part of the page."""
    return f"data:image/png;base64,{base64.b64encode(crop.png).decode()}"


@dataclass(frozen=True, slots=True)
class Picture(HtmlRepr):
    """The snapshot of a finding, shown by a notebook as it is by the audit pages."""

    snapshot: Snapshot
    printed: str | None = None

    def __html__(self) -> Markup:
        return picture_html(self.snapshot, self.printed, embedded)


def picture_html(snapshot: Snapshot, printed: str | None, address: Address) -> Markup:
    """The snapshot as HTML; `address` gives the address of its crops by their number."""
    views = [
        render("display/crop.html.j2", crop=view, address=address(number, view))
        if isinstance(view, Crop)
        else _excerpt(view, printed)
        for number, view in enumerate(snapshot.views)
    ]
    return render("display/pictures.html.j2", views=views, legend=LEGEND, reason=snapshot.reason)


@dataclass(frozen=True, slots=True)
class _ExcerptCell:
    """A cell by what it is to the finding: `kind` is "own" for the figure, "against" for one that it contradicts.

    In the figure's own cell what is `marked` stands between what is `before` and `after` it.
    """

    kind: str
    before: str
    marked: str = ""
    after: str = ""


def _excerpt(excerpt: Excerpt, printed: str | None) -> Markup:
    is_text = len(excerpt.heads) == 1
    rows = [
        (label, [_cell(excerpt, row, column, printed) for column in range(len(excerpt.rows[row]))])
        for row, label in enumerate(excerpt.labels)
    ]
    return render(
        "display/excerpt.html.j2",
        title=excerpt.title or "原文各行 · lines of the source",
        heads=() if is_text else ("", *excerpt.heads),
        rows=rows,
    )


def _cell(excerpt: Excerpt, row: int, column: int, printed: str | None) -> _ExcerptCell:
    text = excerpt.rows[row][column]
    if (row, column) not in excerpt.marked:
        return _ExcerptCell("against" if (row, column) in excerpt.against else "", text)
    if printed and text.count(printed) == 1:
        before, _, after = text.partition(printed)
        return _ExcerptCell("own", before, printed, after)
    return _ExcerptCell("own", "", text)  # what is printed does not stand there exactly once: all of it
