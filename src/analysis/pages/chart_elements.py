"""A chart of a notebook in its page: drawn at once, alive when somebody comes near, told in words and numbers.

The page holds the printed drawing as svg whose text is text, so it can be read, searched and printed without a script.
Beside it stand the sentences for those who cannot see it, its figures as a table, and the way to the exported files.
Where the chart can be explored, its plotly figure lies in the page as JSON that no parser takes for markup.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import count
from typing import Any
from urllib.parse import quote

from analysis.display.tables import Heading, Table, TableCell
from analysis.pages.sanitising import sanitise_svg

PLOTLY = "application/vnd.plotly.v1+json"
SVG, PNG = "image/svg+xml", "image/png"
METADATA = "workbench"
_NAME = re.compile(r"[0-9a-z][0-9a-z-]*")
_BREAKS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# What plotly may read as markup in a text: the few signs that our charts use, none of which leads anywhere.
_MARKUP = re.compile(r"</?(?:b|i|em|s|sub|sup|span|br|extra)\s*/?>|<span style='[\w\s:;#.,-]*'>", re.IGNORECASE)

_HEIGHT = 450


@dataclass(frozen=True, slots=True)
class ChartMetadata:
    """What a chart says of itself in the metadata of its output."""

    name: str | None
    title: str
    alternative: str
    figures: Table | None
    subtitle: str
    source: str
    around: tuple[int, int]

    @classmethod
    def of(cls, output: Mapping[str, Any]) -> "ChartMetadata":
        """From an output; what it does not say is left out, and a name that is no file name is no name."""
        said = output.get("metadata", {}).get(METADATA, {})
        name, around = said.get("name"), said.get("around", (0, 0))
        return cls(
            name if isinstance(name, str) and _NAME.fullmatch(name) else None,
            str(said.get("title", "")),
            str(said.get("alternative") or output.get("data", {}).get("text/plain") or said.get("title") or "图"),
            _table(said["figures"]) if "figures" in said else None,
            str(said.get("subtitle", "")),
            str(said.get("source", "")),
            (int(around[0]), int(around[1])),
        )


def _table(figures: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in figures["rows"])
    return Table(figures["caption"], tuple(Heading(head, number) for head, number in figures["columns"]), rows)


def _cell(cell: object) -> str | TableCell:
    if not isinstance(cell, Mapping):
        return str(cell)
    return TableCell(str(cell["text"]), cell.get("place"), cell.get("note"), bool(cell.get("suspect")))


def without_markup(value: Any) -> Any:
    """A plotly figure in whose texts nothing is markup but line breaks and type: no link, no style sheet."""
    if isinstance(value, str):
        return _plain_text(value) if "<" in value else value
    if isinstance(value, Mapping):
        return {key: without_markup(one) for key, one in value.items()}
    return [without_markup(one) for one in value] if isinstance(value, list | tuple) else value


def _plain_text(text: str) -> str:
    pieces, end = [], 0
    for found in _MARKUP.finditer(text):
        pieces += [text[end : found.start()].replace("<", "&lt;"), found[0]]
        end = found.end()
    return "".join((*pieces, text[end:].replace("<", "&lt;")))


def without_captions(figure: Mapping[str, Any], told: ChartMetadata) -> dict[str, Any]:
    """A plotly figure without what the page says around it in its own type, title and source, and without their room.

    Plotly breaks no line and moves no text out of the way, so on a narrow screen they would be cut off or overprinted.
    """
    layout = dict(figure.get("layout", {}))
    above, below = told.around
    if not layout.pop("title", None):
        above = 0
    layout["annotations"] = [one for one in layout.get("annotations", ()) if one.get("name") != "source"]
    margin = dict(layout.get("margin", {}))
    for side, less in (("t", above), ("b", below)):
        if side in margin:
            margin[side] = max(margin[side] - less, 0)
    layout["margin"] = margin
    layout["height"] = layout.get("height", _HEIGHT) - above - below
    return {**figure, "layout": layout}


def script_json(value: object) -> str:
    """A value as JSON that can stand in a script element: nothing in it ends the element or begins another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(_BREAKS.get(sign, sign) for sign in text) if any(sign in text for sign in _BREAKS) else text


@dataclass(slots=True)
class ChartElements:
    """The figures of one page, numbered as they come.

    Attributes:
        folder: Where the exported files lie, relative to the page; None where they are not offered.
    """

    folder: str | None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def html(self, output: Mapping[str, Any]) -> str:
        """An output of a notebook that draws, as a figure."""
        number, data, told = next(self._numbers), output["data"], ChartMetadata.of(output)
        name = told.name or f"figure-{number}"
        live = source = ""
        if PLOTLY in data:
            explored = without_markup(without_captions(data[PLOTLY], told))
            live = f'<script type="application/json">{script_json(explored)}</script>'
            source = f'<p class="source">{escape(told.source)}</p>' if told.source else ""
        subtitle = f"<span>{escape(told.subtitle)}</span>" if told.subtitle else ""
        title = f"<figcaption><b>{escape(told.title)}</b>{subtitle}</figcaption>" if told.title else ""
        words = escape(told.alternative)
        return (
            f'<figure class="chart" id="chart-{escape(name)}">{title}'
            f'<div class="drawing" role="img" aria-label="{words}">{self._drawing(data, number)}</div>{live}{source}'
            f"{self._beside(data, told)}</figure>"
        )

    def _drawing(self, data: Mapping[str, Any], number: int) -> str:
        if SVG in data:
            return sanitise_svg(data[SVG], f"f{number}-")
        if PNG in data:
            return f'<img src="data:image/png;base64,{escape(data[PNG].replace(chr(10), ""))}" alt="">'
        return '<p class="note">这幅图需要脚本才能显示。</p>'

    def _beside(self, data: Mapping[str, Any], told: ChartMetadata) -> str:
        table = ""
        if told.figures is not None:
            table = f"<details><summary>数据表</summary>{told.figures._repr_html_()}</details>"
        words = f"<details><summary>文字说明</summary><p>{escape(told.alternative)}</p></details>" if told.title else ""
        links = ""
        if told.name and self.folder is not None:
            links = "".join(
                f'<a href="{escape(quote(f"{self.folder}/{told.name}.{form}"))}" download '
                f'aria-label="下载{escape(told.title)}的 {form.upper()} 图">{form.upper()}</a>'
                for form, kind in (("svg", SVG), ("png", PNG))
                if kind in data
            )
            links = f'<span class="files">下载 {links}</span>' if links else ""
        return f'<div class="beside">{table}{words}{links}</div>' if table or words or links else ""
