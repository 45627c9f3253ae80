"""How a printed text is compared, and how a label is numbered: said once, for reading and for balancing.

Published files mix full-width and half-width characters and set names with spaces (合　计). Texts are compared
squeezed; what is stored keeps its characters and loses its white space only.

A label bears its number in front: 一、 is a chapter; 1. and （一） and 其中： a part of one. The patterns are texts, so
that they can stand inside others, and as plain as Polars' regular expressions need them.
"""

import re
import unicodedata

from analysis.terms.characters import FOOTNOTE_MARKS

NUMERAL = "[一二三四五六七八九十]+"
CHAPTER = rf"{NUMERAL}[、.．]"
PART = rf"(?:\d+[.、．]|[(（](?:{NUMERAL}|\d+)[)）]、?|其中[：:]?)"
ORDINAL = rf"(?:{CHAPTER}|{PART})"

BRACKETED_END = re.compile(r"\([^()]*\)$")
_ORDINALS = re.compile(f"^(?:{ORDINAL})+")
_SHORTEST_TITLE, LONGEST_TITLE = 4, 60


def squeeze(text: str) -> str:
    """The text as it is compared: in NFKC, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def without_space(text: str) -> str:
    """The text as it is stored: without white space, full-width characters as printed."""
    return "".join(text.split())


def without_ordinals(text: str) -> str:
    """A label without the ordinals in front of it: 其中：（1）公务用车购置费 is 公务用车购置费."""
    return _ORDINALS.sub("", text)


def unmarked(text: str) -> str:
    """A line squeezed, without a footnote's mark behind it."""
    return squeeze(FOOTNOTE_MARKS.sub("", text.rstrip()))


def may_be_title(words: str) -> bool:
    """Whether squeezed words may be the title of a table: they end in 表 and are neither too short nor too long."""
    return words.endswith("表") and _SHORTEST_TITLE <= len(words) <= LONGEST_TITLE


def is_title_line(text: str) -> bool:
    """Whether a line may be the title of a table, by its looks alone; (续表) or (公开01表) behind it does not count.

    Whether it is one, and whose, is told by a family of forms.
    """
    return len(text) <= 2 * LONGEST_TITLE and may_be_title(BRACKETED_END.sub("", unmarked(text)))
