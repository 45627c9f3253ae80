"""A canvas as svg that stands in a page: small, themed by the page's stylesheet, and alone with its identifiers.

Looks are attributes, which any program reads and any stylesheet overrules; the few colours that mean paper or ink have
a class each (`analysis.charts.chart` lists them); identifiers begin with the chart's name.
"""

from html import escape

from analysis.charts.rendering.canvas import NONE, Canvas, Disc, PlacedText, Polyline, Rectangle, Ribbon, Shape
from analysis.charts.theme import GRID, HOLLOW, INK, MUTED, PAPER
from analysis.charts.typography import FAMILIES, storable

CLASSES = {INK: "ink", MUTED: "muted", GRID: "grid", HOLLOW: "hollow", PAPER: "paper"}
_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
_FAMILY = ", ".join(family if family.islower() else f"'{family}'" for family in FAMILIES)
_DASHES = (3.7, 1.6)  # a stroke and a gap, in widths of the line
_HATCH = 6  # from one stroke of a hatched area to the next


def write_svg(canvas: Canvas, name: str, title: str) -> str:
    """The svg.

    Args:
        canvas: What was put.
        name: The chart's name; identifiers begin with it.
        title: What the picture is called for those who do not see it.
    """
    hatches = dict.fromkeys(one.fill for one in canvas.shapes if isinstance(one, Rectangle) and one.hatched)
    names = {colour: f"{name}-hatch-{number}" for number, colour in enumerate(hatches)}
    defs = "".join(_pattern(names[colour], colour) for colour in names)
    width, height = _number(canvas.width), _number(canvas.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" '
        f'class="chart" role="img" aria-label="{escape(storable(title))}" font-family="{_FAMILY}" '
        f'stroke-linejoin="round">{f"<defs>{defs}</defs>" if defs else ""}'
        f"{''.join(_element(shape, names) for shape in canvas.shapes)}</svg>\n"
    )


def _element(shape: Shape, hatches: dict[str, str]) -> str:
    match shape:
        case PlacedText():
            weight = ' font-weight="700"' if shape.bold else ""
            return (
                f'<text x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}px"{weight}'
                f"{_ANCHORS[shape.anchor]}{_looks(shape.colour)}>{escape(storable(shape.words), quote=False)}</text>"
            )
        case Rectangle():
            place = " ".join(
                f'{key}="{_number(getattr(shape, key))}"' for key in ("x", "y", "width", "height")
            )  # fmt: skip
            looks = _looks(f"url(#{hatches[shape.fill]})" if shape.hatched else shape.fill, shape.line, shape.thick)
            return f"<rect {place}{looks}/>"
        case Disc():
            looks = _looks(shape.fill, shape.line, shape.thick)
            return f'<circle cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"{looks}/>'
        case Ribbon():
            return f'<path d="{_ribbon(shape)}"{_looks(shape.fill)}/>'
        case Polyline():
            way = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in shape.points) + ("z" if shape.closed else "")
            dashes = " ".join(_number(length * shape.thick) for length in _DASHES)
            dashed = f' stroke-dasharray="{dashes}"' if shape.dashed else ""
            return f'<path d="{way}"{_looks(shape.fill, shape.line, shape.thick)}{dashed}/>'


def _looks(fill: str, line: str = NONE, thick: float = 0.0) -> str:
    """Colours as attributes, with a class for each that a page may change."""
    drawn = {"fill": fill} | ({} if line == NONE else {"stroke": line})
    classes = " ".join(f"{key}-{CLASSES[colour]}" for key, colour in drawn.items() if colour in CLASSES)
    looks = "".join(f' {key}="{colour}"' for key, colour in drawn.items())
    width = "" if line == NONE else f' stroke-width="{_number(thick)}"'
    return f"{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}{looks}{width}"


def _pattern(name: str, colour: str) -> str:
    size, over = _HATCH, _HATCH + 1
    strokes = f"M-1 1L1-1M0 {size}L{size} 0M{size - 1} {over}L{over} {size - 1}"
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}"{_looks(PAPER)}/><path d="{strokes}"{_looks(NONE, colour, 1)}/></pattern>'
    )


def _ribbon(shape: Ribbon) -> str:
    (x0, upper0, lower0), (x1, upper1, lower1) = shape.left, shape.right
    middle = _number((x0 + x1) / 2)
    left, right = _number(x0), _number(x1)
    return (
        f"M{left} {_number(upper0)}C{middle} {_number(upper0)} {middle} {_number(upper1)} {right} {_number(upper1)}"
        f"V{_number(lower1)}C{middle} {_number(lower1)} {middle} {_number(lower0)} {left} {_number(lower0)}z"
    )


def _number(value: float) -> str:
    """A length as an svg has it: to a hundredth of a point."""
    return f"{round(value, 2):.8g}"
