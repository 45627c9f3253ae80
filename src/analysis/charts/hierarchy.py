"""A tree of codes as areas: every amount has its area, a class its colour, and what is small stays without words.

The areas are the leaves, placed within the class they belong to; what a parent prints beyond the sum of its children is
an area of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
import squarify

from analysis.charts.chart import Chart, empty_chart, make_chart
from analysis.charts.drawing import EDGE, FOOT, TOP, WIDTH, Caption, Drawing
from analysis.charts.frame_values import NAMELESS, Value, cell, exact_yuan, table, value_of
from analysis.charts.layout import AREA_HEAD, Box, has_head
from analysis.charts.marks import Area, Datum
from analysis.charts.theme import class_colour
from analysis.display.amounts import Scale, percent, scale_of, wan
from analysis.display.tables import TableCell

_HEIGHT = 340.0
_BOX: Box = (EDGE, TOP - 10, WIDTH - 2 * EDGE, _HEIGHT - TOP - FOOT + 30)


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code with its name, its amount and what hangs below it."""

    code: str
    name: str
    value: Value
    children: tuple["CodeNode", ...]

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
    body: list[list[str | TableCell]] = [[row["code"], row["name"] or NAMELESS, cell(value_of(row))] for row in rows]
    figures = table(f"{caption.title}（元）", ["代码", "名称", "金额"], body, words=2)
    roots = _roots(rows)
    if not roots:
        return empty_chart(caption, figures)
    whole = sum((root.area for root in roots), Decimal(0))
    scale = scale_of([whole])
    placed = _placed(roots, [root.area for root in roots], _BOX)
    areas = [area for root, box in placed for area in _areas(root, box, scale)]
    doubt = any(bool(row.get("suspect")) for row in rows)
    drawing = Drawing(caption, _HEIGHT, tuple(areas), unit=scale.name, doubt=doubt)
    sentences = [f"{root.name} {wan(root.value.amount)} 万元，占 {percent(root.area / whole)}" for root in roots]
    hidden = sum(1 for row in rows if row["amount"] is not None and row["amount"] <= 0)
    if hidden:
        sentences.append(f"另有 {hidden} 个代码的金额为零或负数，没有面积")
    return make_chart(drawing, sentences, figures)


def _roots(rows: Sequence[Mapping[str, Any]]) -> tuple[CodeNode, ...]:
    by_parent: dict[str | None, list[Mapping[str, Any]]] = {}
    codes = {row["code"] for row in rows}
    for row in rows:
        parent = row["parent_code"] if row["parent_code"] in codes and row["parent_code"] != row["code"] else None
        by_parent.setdefault(parent, []).append(row)

    def nodes(parent: str | None, depth: int) -> tuple[CodeNode, ...]:
        found = []
        for row in by_parent.get(parent, ()) if depth else ():
            value = value_of(row)
            if value is not None and value.amount > 0:
                found.append(CodeNode(row["code"], row["name"] or NAMELESS, value, nodes(row["code"], depth - 1)))
        return tuple(sorted(found, key=lambda node: (-node.area, node.code)))

    return nodes(None, 4)


def _placed(nodes: Sequence[CodeNode], areas: Sequence[Decimal], box: Box) -> list[tuple[CodeNode, Box]]:
    """Nodes in a box, each as large as its part of the areas."""
    x, y, dx, dy = box
    sizes = [float(area) for area in areas]
    boxes = squarify.squarify(squarify.normalize_sizes(sizes, dx, dy), x, y, dx, dy)
    return [(node, (b["x"], b["y"], b["dx"], b["dy"])) for node, b in zip(nodes, boxes, strict=True)]


def _areas(root: CodeNode, box: Box, scale: Scale) -> list[Area]:
    """A class around its leaves, below its head where it has room for one; a class with one leaf is that leaf."""
    leaves, colour = _leaves(root), class_colour(root.code)
    if len(leaves) == 1:
        return [_area(leaves[0][0], "", leaves[0][0].code, box, colour, leaves[0][1], scale)]
    x, y, wide, high = box
    head = AREA_HEAD if has_head(box) else 0.0
    areas = [_area(root, "", root.code, box, colour, Decimal(0), scale)]
    codes = {root.code}
    inner = _placed([leaf for leaf, _ in leaves], [area for _, area in leaves], (x, y + head, wide, high - head))
    for leaf, place in inner:
        code = f"{leaf.code}+" if leaf.code in codes else leaf.code
        codes.add(code)
        areas.append(_area(leaf, root.code, code, place, colour, leaf.value.amount, scale))
    return areas


def _area(node: CodeNode, parent: str, code: str, box: Box, colour: str, size: Decimal, scale: Scale) -> Area:
    amount = scale.text(node.value.amount) + node.value.sign
    datum = Datum(f"{node.code} {node.name}", exact_yuan(node.value), node.value)
    return Area(code, parent, node.name, amount, colour, box, float(size) / 10_000, datum)


def _leaves(node: CodeNode) -> list[tuple[CodeNode, Decimal]]:
    """The areas of a class, the largest first: its leaves, and what its codes print beyond them."""
    if not node.children:
        return [(node, node.value.amount)]
    found = [leaf for child in node.children for leaf in _leaves(child)]
    if node.rest:
        found.append((CodeNode(node.code, f"{node.name}（未细分）", Value(node.rest), ()), node.rest))
    return sorted(found, key=lambda leaf: (-leaf[1], leaf[0].code))
