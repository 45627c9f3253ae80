"""The svg of a chart as a page takes it in: small, themed by the page's stylesheet, and alone with its identifiers.

matplotlib writes every look as a `style`, which no stylesheet can overrule, and identifiers that two charts of a page
would share. Here looks become attributes, which any program reads and any stylesheet overrules; the few colours that
mean paper or ink get a class each; and what identifiers remain begin with the chart's name.
"""

import re
from html import escape

from analysis.charts.theme import GRID, HOLLOW, INK, MUTED, PAPER
from analysis.charts.typography import FAMILIES

CLASSES = {INK: "ink", MUTED: "muted", GRID: "grid", HOLLOW: "hollow", PAPER: "paper"}
_TAG = re.compile(r"<[a-z][^>]*>")
_FILL = re.compile(r' fill="([^"]*)"')
_STYLE = re.compile(r'style="([^"]*)"')
_HEAD = re.compile(r"^.*?<svg [^>]*?(width=\S+ height=\S+ viewBox=\"[^\"]*\")[^>]*>", re.DOTALL)
_GLOBAL = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_GROUP = re.compile(r"<(/?)g(?: id=\"[^\"]*\")?>")
_BACKGROUND = re.compile(r'<path d="[^"]*" style="fill: none"/>')
_BLANK = re.compile(r"\s*\n\s*")
_UNTURNED = re.compile(r' transform="rotate\(-?0 [^"]*"')
_PATH = re.compile(r' d="([^"]*)"')
_LONG = re.compile(r"\d+\.\d{3,}")
_NAMED = re.compile(r'(\bid="|url\(#|href="#)')


def tidied(svg: str, name: str, title: str) -> str:
    """The svg that matplotlib wrote, ready to stand in a page.

    Args:
        svg: The file as matplotlib wrote it, with a transparent background.
        name: The chart's name; identifiers begin with it.
        title: What the picture is called for those who do not see it.
    """
    families = ", ".join(family if family.islower() else f"'{family}'" for family in FAMILIES)
    size = _HEAD.match(svg)
    body = _GLOBAL.sub("", svg[size.end() :] if size else svg)
    body = _GROUP.sub("", _BLANK.sub(" ", _BACKGROUND.sub("", body, count=1)))

    def neat(tag: re.Match[str]) -> str:
        """One tag; what stands between tags is words of documents and stays as it is."""
        words = _UNTURNED.sub("", _FILL.sub(r' style="fill: \1"', tag[0]))
        words = _PATH.sub(lambda path: f' d="{_LONG.sub(_rounded, path[1])}"', _STYLE.sub(_attributes, words))
        return _NAMED.sub(lambda match: f"{match[1]}{name}-", words)

    body = _TAG.sub(neat, body).replace("> <", "><").strip()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{size[1] if size else ""} class="chart" role="img" aria-label="{escape(title)}" '
        f'font-family="{families}" stroke-linejoin="round">{body}\n'
    )


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _attributes(style: re.Match[str]) -> str:
    """`fill: #1d2733; stroke: none` as attributes, with a class for each colour that a page may change."""
    looks = dict(look.split(": ", 1) for look in style[1].split("; ") if ": " in look)
    looks.pop("font-family", None)
    classes = " ".join(f"{key}-{CLASSES[looks[key]]}" for key in ("fill", "stroke") if looks.get(key) in CLASSES)
    told = " ".join(f'{key}="{look}"' for key, look in looks.items())
    return f'class="{classes}" {told}' if classes else told
