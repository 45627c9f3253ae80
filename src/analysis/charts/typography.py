"""The type that every chart is set in, and how wide its words are.

The type ships with the package, so a chart looks the same on a machine without Chinese fonts. Its characters are known:
what it lacks is replaced by 〓 before a picture is painted. In an svg it stays, for a browser has more fonts.
Widths are the type's own, so that labels are cut and kept apart without painting anything first.
"""

import re
from functools import cache
from importlib.resources import as_file, files

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

FAMILY = "Workbench SC"
FAMILIES = (FAMILY, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "sans-serif")
MISSING_GLYPH = "〓"
ELLIPSIS = "…"
_HAN = ("\u4e00", "\u9fff")  # CJK Unified Ideographs
_BREAKS = re.compile(r"\s+")
_NO_XML = re.compile("[^\\t\\n\\u0020-\\uD7FF\\uE000-\\uFFFD\\U00010000-\\U0010FFFF]")


@cache
def _fonts() -> tuple[FT2Font, ...]:
    folder = files("analysis") / "assets" / "fonts"
    fonts = []
    for weight in ("Regular", "Bold"):
        with as_file(folder / f"WorkbenchSC-{weight}.ttf") as path:
            font_manager.fontManager.addfont(str(path))
            fonts.append(FT2Font(str(path)))
    return tuple(fonts)


@cache
def _characters() -> frozenset[int]:
    regular, bold = (frozenset(font.get_charmap()) for font in _fonts())
    return regular & bold


@cache
def _advance(sign: str, bold: bool) -> float:
    """The width of a character in ems; one em for what the type lacks.

    Chinese characters are one em wide in this type. Their drawings, most of all that words need, are not loaded for it.
    """
    font = _fonts()[bold]
    if _HAN[0] <= sign <= _HAN[1] or not font.get_char_index(ord(sign)):
        return 1.0
    return float(font.load_char(ord(sign), flags=LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM)


@cache
def properties(size: float, bold: bool) -> FontProperties:
    """The type at a size in points."""
    _fonts()
    return FontProperties(family=[FAMILY], size=size, weight="bold" if bold else "normal")


def printable(text: str) -> str:
    """`text` with every character that the type lacks replaced by 〓."""
    known = _characters()
    return "".join(sign if ord(sign) in known or sign == "\n" else MISSING_GLYPH for sign in text)


def storable(text: str) -> str:
    """`text` with every character that a file of markup must not hold replaced by 〓."""
    return _NO_XML.sub(MISSING_GLYPH, text)


def width(text: str, size: float, bold: bool = False) -> float:
    """How long a line of text is, in points."""
    return size * sum(_advance(sign, bold) for sign in text)


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """As much of a line as fits into `room` points, with … where something was cut off."""
    text = _BREAKS.sub(" ", text).strip()
    if width(text, size, bold) <= room:
        return text
    room -= width(ELLIPSIS, size, bold)
    for length, sign in enumerate(text):
        room -= size * _advance(sign, bold)
        if room < 0:
            return text[:length].rstrip() + ELLIPSIS
    return text


def cut_middle(text: str, room: float, size: float, bold: bool = False) -> str:
    """A name cut to its room in the middle: what names of one place have in common is their beginning.

    Of what fits, one third stands before … and two thirds behind it.
    """
    text = _BREAKS.sub(" ", text).strip()
    if width(text, size, bold) <= room:
        return text
    room -= width(ELLIPSIS, size, bold)
    head = cut(text, room / 3 + width(ELLIPSIS, size, bold), size, bold).removesuffix(ELLIPSIS)
    room -= width(head, size, bold)
    for start in range(len(head), len(text)):
        if width(text[start:], size, bold) <= room:
            return head + ELLIPSIS + text[start:].lstrip()
    return cut(text, room, size, bold)
