"""A tree of codes as areas: every amount has its area, a class its colour, and what is small stays without words.

The areas of print are the leaves, placed within the class they belong to; what a parent prints beyond the sum of its
children is an area of its own. In plotly the same areas open by clicking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, sqrt
from textwrap import wrap
from typing import Any

import polars as pl
import squarify

from analysis.charts.chart import Caption, Chart
from analysis.charts.explore import exact, safe
from analysis.charts.frame_values import NAMELESS, Value, cell, table, value_of
from analysis.charts.framing import EDGE, FOOT, TOP, WIDTH, nothing, open_drawing
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.theme import INK, PAPER, class_colour, text_colour
from analysis.charts.typography import cut, width
from analysis.display.amounts import Scale, percent, scale_of, wan
from analysis.display.tables import Cell

_HEIGHT = 340.0
_HEAD = 14.0
Box = tuple[float, float, float, float]
_PAGE, _PAGE_HEAD = (560.0, 276.0), 17.0  # points of the areas and of a class's head in a page of ordinary width
_LEAST_HEAD = 5  # characters: a shorter rest of a head says nothing
_SMALLEST = 0.5  # points: narrower areas are not drawn


@dataclass(frozen=True, slots=True)
class Node:
    """A code with its name, its amount and what hangs below it."""

    code: str
    name: str
    value: Value
    children: tuple["Node", ...]

    @property
    def rest(self) -> Decimal:
        """What the code prints beyond the sum of what hangs below it; nothing where they are more."""
        below = sum((child.value.amount for child in self.children), Decimal(0))
        return max(self.value.amount - below, Decimal(0)) if self.children else Decimal(0)

    @property
    def area(self) -> Decimal:
        """The area's size: its amount, or what hangs below where that is more."""
        return max(self.value.amount, sum((child.area for child in self.children), Decimal(0)))


def tree(frame: pl.DataFrame, caption: Caption) -> Chart:
    """The amounts of a tree of codes as areas.

    Args:
        frame: `code`, `parent_code`, `name`, `amount` in yuan, every level; optionally `place`, `note`, `suspect`. A
            code whose parent is not in the frame is a root. Amounts at or below zero have no area; they are in the
            table and are counted.
        caption: What stands around the chart.
    """
    rows = frame.filter(pl.col("code").is_not_null()).unique("code", keep="first", maintain_order=True).to_dicts()
    body: list[list[str | Cell]] = [[row["code"], row["name"] or NAMELESS, cell(value_of(row))] for row in rows]
    figures = table(f"{caption.title}（元）", ["代码", "名称", "金额"], body, words=2)
    roots = _roots(rows)
    if not roots:
        return nothing(caption, figures)
    whole = sum((root.area for root in roots), Decimal(0))
    scale = scale_of([whole])
    doubt = any(bool(row.get("suspect")) for row in rows)
    drawing = open_drawing(caption, _HEIGHT, scale.name, doubt)
    box = (EDGE, TOP - 10, WIDTH - 2 * EDGE, _HEIGHT - TOP - FOOT + 30)
    for root, place in _placed(roots, [root.area for root in roots], *box):
        _draw(drawing.sheet, root, place, scale)
    told = [f"{root.name} {wan(root.value.amount)} 万元，占 {percent(root.area / whole)}" for root in roots]
    hidden = sum(1 for row in rows if row["amount"] is not None and row["amount"] <= 0)
    if hidden:
        told.append(f"另有 {hidden} 个代码的金额为零或负数，没有面积")
    layout = {
        "margin": {"l": 0, "r": 0, "t": 56, "b": 6}, "xaxis": {"visible": False}, "yaxis": {"visible": False},
        "uniformtext": {"minsize": 10, "mode": "hide"},
    }  # fmt: skip
    return drawing.close(told, figures, [_trace(roots, scale)], layout)


def _roots(rows: Sequence[Mapping[str, Any]]) -> tuple[Node, ...]:
    by_parent: dict[str | None, list[Mapping[str, Any]]] = {}
    codes = {row["code"] for row in rows}
    for row in rows:
        parent = row["parent_code"] if row["parent_code"] in codes and row["parent_code"] != row["code"] else None
        by_parent.setdefault(parent, []).append(row)

    def nodes(parent: str | None, depth: int) -> tuple[Node, ...]:
        found = []
        for row in by_parent.get(parent, ()) if depth else ():
            value = value_of(row)
            if value is not None and value.amount > 0:
                found.append(Node(row["code"], row["name"] or NAMELESS, value, nodes(row["code"], depth - 1)))
        return tuple(sorted(found, key=lambda node: (-node.area, node.code)))

    return nodes(None, 4)


def _placed(
    nodes: Sequence[Node], areas: Sequence[Decimal], x: float, y: float, dx: float, dy: float
) -> list[tuple[Node, Box]]:
    sizes = [float(area) for area in areas]
    boxes = squarify.squarify(squarify.normalize_sizes(sizes, dx, dy), x, y, dx, dy)
    return [(node, (b["x"], b["y"], b["dx"], b["dy"])) for node, b in zip(nodes, boxes, strict=True)]


def _draw(sheet: Canvas, root: Node, box: Box, scale: Scale) -> None:
    """A class: its name at the top of its area where there is room, its leaves below."""
    x, y, dx, dy = box
    if dx <= _SMALLEST or dy <= _SMALLEST:
        return
    leaves = _leaves(root)
    colour = class_colour(root.code)
    headed = dx > 54 and dy > 34 and len(leaves) > 1
    if headed:
        sheet.rectangle(x, y, dx, _HEAD, colour, thick=1.6)
    top = y + _HEAD if headed else y
    for leaf, area in _placed([leaf for leaf, _ in leaves], [a for _, a in leaves], x, top, dx, y + dy - top):
        _leaf(sheet, leaf, area, colour, scale)
    sheet.line([(x, y), (x + dx, y), (x + dx, y + dy), (x, y + dy), (x, y)], "#ffffff", 1.6)
    if headed:
        sheet.words(x + 4, y + _HEAD / 2, _head(root, dx, scale), 9, text_colour(colour), bold=True)


def _leaves(node: Node) -> list[tuple[Node, Decimal]]:
    """The areas of a class, the largest first: its leaves, and what its codes print beyond them."""
    if not node.children:
        return [(node, node.value.amount)]
    found = [leaf for child in node.children for leaf in _leaves(child)]
    if node.rest:
        found.append((Node(node.code, f"{node.name}（未细分）", Value(node.rest), ()), node.rest))
    return sorted(found, key=lambda leaf: (-leaf[1], leaf[0].code))


def _leaf(sheet: Canvas, leaf: Node, box: Box, colour: str, scale: Scale) -> None:
    x, y, dx, dy = box
    if dx <= _SMALLEST or dy <= _SMALLEST:
        return
    if leaf.value.suspect:
        sheet.hatched(x + 0.5, y + 0.5, max(dx - 1, 0.2), max(dy - 1, 0.2), colour)
    else:
        sheet.rectangle(x, y, dx, dy, colour, thick=0.7)
    lines = _lines(leaf, dx, dy, scale)
    if not lines:
        return
    ink = INK if leaf.value.suspect else text_colour(colour)
    if leaf.value.suspect:
        broad = max(width(line, 8) for line in lines) + 4
        sheet.rectangle(x + 2, y + 2, min(broad, dx - 4), 11.0 * len(lines), "#ffffff", "none")
    sheet.words(x + 4, y + 11, "\n".join(lines), 8, ink, middle=False)


def _lines(leaf: Node, dx: float, dy: float, scale: Scale) -> list[str]:
    """The words of an area: its name and its amount, in one line where it is low; none where it is small."""
    amount = scale.text(leaf.value.amount) + leaf.value.sign
    room = dx - 7
    if room < width(amount, 8) or dy < 13:
        return []
    if dy < 25:
        name = cut(leaf.name, room - width(f" {amount}", 8), 8)
        return [f"{name} {amount}" if len(name) > 2 else amount]
    return [cut(leaf.name, room, 8), amount]


def _head(root: Node, dx: float, scale: Scale) -> str:
    return cut(f"{root.name} {scale.text(root.value.amount)}{root.value.sign}", dx - 8, 9, True)


def _trace(roots: Sequence[Node], scale: Scale) -> dict[str, Any]:
    """The same areas for plotly: classes with a head, and their leaves, which a click on the head enlarges."""
    ids: list[str] = []
    labels: list[str] = []
    parents: list[str] = []
    sizes: list[float] = []
    colours: list[str] = []
    inks: list[str] = []
    told: list[list[str]] = []

    def add(node: Node, code: str, parent: str, label: str, size: float) -> None:
        ids.append(code)
        labels.append(label)
        parents.append(parent)
        sizes.append(size)
        colour = class_colour(node.code)
        colours.append(colour)
        inks.append(text_colour(colour))
        told.append([f"{node.code} {safe(node.name)}", exact(node.value.amount, node.value.suspect)])

    for root, (x, y, dx, dy) in _placed(roots, [root.area for root in roots], 0, 0, *_PAGE):
        leaves = _leaves(root)
        if len(leaves) == 1:
            leaf = leaves[0][0]
            add(leaf, leaf.code, "", _label(leaf, dx, dy, scale), float(leaves[0][1]) / 10_000)
            continue
        head = _head(root, dx, scale)
        add(root, root.code, "", safe(head if len(head) >= _LEAST_HEAD else root.name), 0.0)
        inner = _placed([n for n, _ in leaves], [area for _, area in leaves], x, y, dx, max(dy - _PAGE_HEAD, 1.0))
        for leaf, (_, _, wide, high) in inner:
            code = leaf.code if leaf.code != root.code and leaf.code not in ids else f"{leaf.code}+"
            add(leaf, code, root.code, _label(leaf, wide, high, scale), float(leaf.value.amount) / 10_000)
    return {
        "type": "treemap", "ids": ids, "labels": labels, "parents": parents, "values": sizes,
        "branchvalues": "remainder", "marker": {
            "colors": colours, "line": {"width": 1, "color": PAPER}, "pad": {"t": 23, "l": 0, "r": 0, "b": 0},
        },
        "tiling": {"pad": 0, "squarifyratio": 1}, "pathbar": {"visible": False}, "root": {"color": "rgba(0,0,0,0)"},
        "customdata": told, "textinfo": "label", "textfont": {"size": 11, "color": inks}, "sort": True,
        "outsidetextfont": {"color": INK},  # of the root, for which plotly would take a size for a colour
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>占上级 %{percentParent:.2%}<extra></extra>",
    }  # fmt: skip


def _label(leaf: Node, dx: float, dy: float, scale: Scale) -> str:
    """The words of an area for plotly, which cuts none: the whole name in several lines, else a part of it.

    Plotly places areas a little differently and leaves out words that do not fit, until the area is made large by a
    click; so the words fit into a square somewhat smaller than the area.
    """
    amount = scale.text(leaf.value.amount) + leaf.value.sign
    side = sqrt(dx * dy)
    room = min(dx, 0.8 * side) * 0.9 - 7
    lines = [leaf.name, amount]
    if _lines(leaf, dx, dy, scale) and width(leaf.name, 8) > room:
        each = max(floor(len(leaf.name) * room / width(leaf.name, 8)), 2)
        broken = wrap(leaf.name, ceil(len(leaf.name) / ceil(len(leaf.name) / each)))
        short = cut(leaf.name, room, 8)
        lines = [*broken, amount] if (len(broken) + 1) * 11 <= side else [short, amount] if len(short) > 2 else [amount]
    return "<br>".join(safe(line) for line in lines)
