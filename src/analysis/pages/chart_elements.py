"""A chart of a notebook in its page: drawn at once, alive when somebody comes near, said in words and numbers.

The page holds the printed drawing as svg whose text is text, so it can be read, searched and printed without a script.
Beside it stand the sentences for those who cannot see it, its figures as a table, and the way to the exported files.
Where the chart can be explored, its plotly figure lies in the page as JSON that no parser takes for markup.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from analysis.display.tables import Heading, Table, TableCell
from analysis.display.templating import Markup, render
from analysis.pages.sanitising import sanitise_svg

PLOTLY = "application/vnd.plotly.v1+json"
SVG, PNG = "image/svg+xml", "image/png"
METADATA = "workbench"
_NAME = re.compile(r"[0-9a-z][0-9a-z-]*")
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
        metadata = output.get("metadata", {}).get(METADATA, {})
        name, around = metadata.get("name"), metadata.get("around", (0, 0))
        return cls(
            name if isinstance(name, str) and _NAME.fullmatch(name) else None,
            str(metadata.get("title", "")),
            str(
                metadata.get("alternative") or output.get("data", {}).get("text/plain") or metadata.get("title") or "图"
            ),
            _table(metadata["figures"]) if "figures" in metadata else None,
            str(metadata.get("subtitle", "")),
            str(metadata.get("source", "")),
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


def without_captions(figure: Mapping[str, Any], metadata: ChartMetadata) -> dict[str, Any]:
    """A plotly figure without what the page says around it in its own type, title and source, and without their room.

    Plotly breaks no line and moves no text out of the way, so on a narrow screen they would be cut off or overprinted.
    What the figure says of its toolbar is left out too: the pages have one for all.
    """
    layout = dict(figure.get("layout", {}))
    above, below = metadata.around
    if not layout.pop("title", None):
        above = 0
    layout["annotations"] = [one for one in layout.get("annotations", ()) if one.get("name") != "source"]
    margin = dict(layout.get("margin", {}))
    for side, less in (("t", above), ("b", below)):
        if side in margin:
            margin[side] = max(margin[side] - less, 0)
    layout["margin"] = margin
    layout["height"] = layout.get("height", _HEIGHT) - above - below
    return {"data": figure.get("data", ()), "layout": layout}


def _numbered(figure: dict[str, Any], figures: Table | None) -> dict[str, Any]:
    """A plotly figure whose marks name their line items by number among those of its table, which has them in full."""
    cells = (cell for row in figures.rows for cell in row) if figures else ()
    places = [cell.place for cell in cells if isinstance(cell, TableCell) and cell.place]
    numbers = {place: number for number, place in reversed(list(enumerate(places)))}
    return {**figure, "data": [_with_numbers(trace, numbers) for trace in figure["data"]]}


def _with_numbers(trace: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    kept = dict(trace)
    for key in ("node", "link"):
        if isinstance(kept.get(key), Mapping):
            kept[key] = _with_numbers(kept[key], numbers)
    if isinstance(kept.get("customdata"), list):
        kept["customdata"] = _with_number(kept["customdata"], numbers)
    return kept


def _with_number(told: Any, numbers: Mapping[str, int]) -> Any:
    """What pointing at marks says, with the number of a line item in the place of its name."""
    if not isinstance(told, list):
        return told
    if len(told) == 3 and isinstance(told[2], str):
        return [*told[:2], numbers.get(told[2], told[2])]
    return [_with_number(one, numbers) for one in told]


@dataclass(slots=True)
class ChartElements:
    """The charts of one page, numbered as they come.

    Attributes:
        folder: Where the exported files lie, relative to the page; None where they are not offered.
    """

    folder: str | None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def html(self, output: Mapping[str, Any]) -> Markup:
        """An output of a notebook that draws, as a figure."""
        number, data, metadata = next(self._numbers), output["data"], ChartMetadata.of(output)
        explored = None
        if PLOTLY in data:
            explored = without_markup(_numbered(without_captions(data[PLOTLY], metadata), metadata.figures))
        return render(
            "pages/chart.html.j2",
            name=metadata.name or f"figure-{number}",
            metadata=metadata,
            svg=sanitise_svg(data[SVG], f"f{number}-") if SVG in data else None,
            png=data.get(PNG, "").replace("\n", ""),
            explored=explored,
            files=self._files(data, metadata),
        )

    def _files(self, data: Mapping[str, Any], metadata: ChartMetadata) -> list[tuple[str, str]]:
        """The exported files of a chart, each by its format and address."""
        if metadata.name is None or self.folder is None:
            return []
        forms = [form for form, kind in (("svg", SVG), ("png", PNG)) if kind in data]
        forms += ["csv"] if metadata.figures else []
        return [(form.upper(), f"{self.folder}/{metadata.name}.{form}") for form in forms]
