"""The first wall: HTML and SVG from anywhere, with nothing left in them that runs, loads, or hides behind a style.

Both work by short lists of what may stay; whatever is not on a list is dropped, so a trick that nobody thought of is
dropped as well. The second wall is the content security policy of the page.
"""

import re
from html import escape
from itertools import chain

import nh3
from lxml import etree

from analysis.display.templating import Markup
from analysis.errors import NotebookError

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "mark", "ol", "p", "pre",
    "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "div": {"aria-label"},
    "span": {"data-place"},
    "td": {"colspan", "rowspan", "data-place"},
    "th": {"colspan", "rowspan", "scope", "data-place"},
    "details": {"open"},
}
_VALUES = {"div": {"role": {"region"}, "tabindex": {"0"}}, "tr": {"data-level": {"1", "2", "3"}}}

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
# Without title and desc: HTML reads what stands in them as HTML, and the page says it in its own words.
_SHAPES = {
    "circle", "clipPath", "defs", "ellipse", "g", "image", "line", "linearGradient", "path", "pattern",
    "polygon", "polyline", "radialGradient", "rect", "stop", "svg", "text", "tspan", "use",
}  # fmt: skip
_GEOMETRY = {
    "class", "clip-path", "clipPathUnits", "cx", "cy", "d", "dominant-baseline", "dx", "dy", "fill", "fill-opacity",
    "fill-rule", "font-family", "font-size", "font-style", "font-weight", "gradientTransform", "gradientUnits",
    "height", "offset", "opacity", "patternUnits", "points", "preserveAspectRatio", "r", "rx", "ry", "spreadMethod",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox",
    "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip
_PROPERTIES = _GEOMETRY | {"font", "font-variant-numeric", "letter-spacing", "text-decoration", "paint-order"}
_OWN_PART = re.compile(r"url\(\s*['\"]?#([\w.-]+)['\"]?\s*\)")
_LOADS = re.compile(r"url\s*\(|expression|javascript|@import|\\", re.IGNORECASE)
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
_FIRST_HEADING = re.compile(r"(<h1[^>]*>)[^<]*")
_WAY_OUT = re.compile(r'<a [^>]*href="\.\.?/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_WITHOUT_WORDS = re.compile(r"<img(?![^>]*\balt=)")


def sanitise(html: str) -> Markup:
    """`html` with nothing in it that runs, loads from outside, or hides behind a style."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        url_schemes={"data"},
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style"},
    )
    return Markup(_WITHOUT_WORDS.sub('<img alt="图"', clean))  # nothing but the short list is left


def without_ways_out(page: Markup) -> Markup:
    """A page's HTML in which what led to a file beside it is words alone."""
    return Markup(_WAY_OUT.sub(r"\1", page))  # nothing but elements was taken away


def with_first_heading(page: Markup, text: str) -> Markup:
    """A page's HTML with `text`, which is never markup, in place of the words of its first heading."""
    return Markup(_FIRST_HEADING.sub(lambda found: found[1] + escape(text), page, count=1))  # nothing but a text is new


def sanitise_svg(svg: str, prefix: str) -> Markup:
    """An svg that can stand in a page beside others: shapes and text alone, every id with `prefix` before it.

    Raises:
        NotebookError: It is not well-formed XML, or no svg.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise NotebookError(f"图不是合格的 SVG，不能放进网页：{error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise NotebookError("图不是 SVG，不能放进网页。")
    for element in list(root.iter()):
        if not _allowed(element):
            _drop(element)
            continue
        kind = etree.QName(element).localname
        for name, value in list(element.attrib.items()):
            kept = _attribute(kind, str(name), str(value), prefix)
            if kept == value and name != _HREF:
                continue
            del element.attrib[name]
            if kept:
                element.set("href" if name == _HREF else name, kept)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode", with_tail=False))  # shapes and text alone


def _allowed(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    name = etree.QName(element)
    return name.namespace == _SVG and name.localname in _SHAPES


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _attribute(element: str, name: str, value: str, prefix: str) -> str | None:
    """What an attribute may say, or None."""
    if name == "id":
        return prefix + value
    if name in (_HREF, "href"):
        if element == "image":
            return value if _PNG.fullmatch(value) else None
        return f"#{prefix}{value[1:]}" if element == "use" and value.startswith("#") else None
    if name == "style":
        kept = (_declaration(part, prefix) for part in value.split(";"))
        return "; ".join(chain.from_iterable(kept)) or None
    return _value(value, prefix) if name in _GEOMETRY else None


def _declaration(text: str, prefix: str) -> list[str]:
    name, _, value = text.partition(":")
    kept = _value(value.strip(), prefix) if name.strip() in _PROPERTIES else None
    return [f"{name.strip()}: {kept}"] if kept else []


def _value(value: str, prefix: str) -> str | None:
    """A value whose only addresses are parts of the same drawing."""
    if not _LOADS.search(value):
        return value
    if _LOADS.search(_OWN_PART.sub("", value)):
        return None
    return _OWN_PART.sub(lambda found: f"url(#{prefix}{found[1]})", value)
