"""How a printed text is compared, and how a label is numbered: said once, for reading and for balancing.

Published files mix full-width and half-width characters and set names with spaces (合　计). Texts are compared
squeezed; what is stored keeps its characters and loses its white space only.

A label bears its number in front: 一、 is a chapter; 1. and （一） and 其中： a part of one. The patterns are texts, so
that they can stand inside others, and as plain as Polars' regular expressions need them.
"""

import unicodedata

NUMERAL = "[一二三四五六七八九十]+"
CHAPTER = rf"{NUMERAL}[、.．]"
PART = rf"(?:\d+[.、．]|[(（](?:{NUMERAL}|\d+)[)）]、?|其中[：:]?)"
ORDINAL = rf"(?:{CHAPTER}|{PART})"


def squeeze(text: str) -> str:
    """The text as it is compared: in NFKC, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def without_space(text: str) -> str:
    """The text as it is stored: without white space, full-width characters as printed."""
    return "".join(text.split())
