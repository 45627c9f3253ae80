"""The picture of a finding as HTML: a crop of the page, the lines of a text, the cells of a sheet.

Everything that comes from a document is text. The figure is framed in red, those that it contradicts in blue, and both
are said in words as well: colour is never the only sign. In a page of its own the picture is part of the page; where
many findings stand together it is a file beside the page, loaded when somebody scrolls to it.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from analysis.terms.snapshot import Crop, Excerpt, Snapshot

LEGEND = "红框：此处的数字；蓝框：与之不符的数字 / red: the figure; blue: the figures that it contradicts"
Address = Callable[[int, Crop], str]


def embedded(_number: int, crop: Crop) -> str:
    """The address of a crop that is part of the page."""
    return f"data:image/png;base64,{base64.b64encode(crop.png).decode()}"


@dataclass(frozen=True, slots=True)
class Picture:
    """The snapshot of a finding, shown by a notebook as it is by the audit pages."""

    snapshot: Snapshot
    printed: str | None = None

    def _repr_html_(self) -> str:
        return picture_html(self.snapshot, self.printed, embedded)


def picture_html(snapshot: Snapshot, printed: str | None, address: Address) -> str:
    """The snapshot as HTML; `address` gives the address of its crops by their number."""
    if not snapshot.views:
        return f'<p class="note nopicture">{escape(snapshot.reason or "")}</p>'
    views = "".join(
        _crop(view, address(number, view)) if isinstance(view, Crop) else _excerpt(view, printed)
        for number, view in enumerate(snapshot.views)
    )
    return f'<div class="pictures" title="{escape(LEGEND)}">{views}</div>'


def _crop(crop: Crop, address: str) -> str:
    words = f"原件第 {crop.page} 页，红框为此处的数字"
    return (
        f'<figure class="crop" data-at="{crop.focus}"><figcaption>第 {crop.page} 页 · p. {crop.page}</figcaption>'
        f'<img src="{escape(address)}" alt="{words}" width="{crop.width}" height="{crop.height}" loading="lazy">'
        "</figure>"
    )


def _excerpt(excerpt: Excerpt, printed: str | None) -> str:
    text = len(excerpt.heads) == 1
    heads = "" if text else "".join(f'<th scope="col">{escape(head)}</th>' for head in ("", *excerpt.heads))
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(_cell(excerpt, row, column, printed) for column in range(len(excerpt.rows[row])))
        + "</tr>"
        for row, label in enumerate(excerpt.labels)
    )
    title = excerpt.title or "原文各行 · lines of the source"
    return (
        f'<figure class="excerpt"><figcaption>{escape(title)}</figcaption><div class="table"><table>'
        f"{f'<thead><tr>{heads}</tr></thead>' if heads else ''}<tbody>{rows}</tbody></table></div></figure>"
    )


def _cell(excerpt: Excerpt, row: int, column: int, printed: str | None) -> str:
    text = excerpt.rows[row][column]
    if (row, column) in excerpt.marked:
        return f'<td class="own">{_marked(text, printed)}</td>'
    kind = ' class="against"' if (row, column) in excerpt.against else ""
    return f"<td{kind}>{escape(text)}</td>"


def _marked(text: str, printed: str | None) -> str:
    """The text with what is printed marked; all of it where that does not stand there exactly once."""
    if printed and text.count(printed) == 1:
        before, _, after = text.partition(printed)
        return f"{escape(before)}<mark>{escape(printed)}</mark>{escape(after)}"
    return f"<mark>{escape(text)}</mark>"
