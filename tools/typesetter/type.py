"""Type: how wide a text is and where it breaks.

The face is STSong-Light, one of the fonts that every reader of PDF supplies itself: nothing is embedded, files stay
small, and the text is extracted by its Unicode encoding. A Chinese character is one em wide, Latin letters and digits
are narrower.
"""

import re
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

_WORDS = re.compile(r"[!-~]+|.", re.DOTALL)
FORBIDDEN_AT_START = frozenset("，。；：、）”%")


@lru_cache(maxsize=1)
def face() -> UnicodeCIDFont:
    """The face, registered once in a process."""
    font = UnicodeCIDFont("STSong-Light")
    pdfmetrics.registerFont(font)
    return font


@lru_cache(maxsize=100_000)
def ems(text: str) -> float:
    """The width of the text in ems."""
    return float(face().stringWidth(text, 1))


def width(text: str, size: float) -> float:
    """The width in points."""
    return ems(text) * size


@lru_cache(maxsize=50_000)
def broken(text: str, room: float) -> tuple[str, ...]:
    """The text in lines at most `room` ems wide.

    A number or a Latin word is not divided; a closing mark may hang over, so that it does not begin a line.
    """
    lines, line, used = [], "", 0.0
    for word in _WORDS.findall(text):
        wide = ems(word)
        if line and used + wide > room and word not in FORBIDDEN_AT_START:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + word, used + wide
    return (*lines, line)
