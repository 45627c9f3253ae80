"""The known names that come nearest to one that was asked for and is not there."""

import difflib
import re
from collections.abc import Iterable, Mapping

_DIGITS = re.compile(r"[0-9]+")


def nearest(asked: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like the asked one: those that contain it first, then by similarity."""
    names = sorted(set(known))
    contained = [name for name in names if asked and asked in name]
    similar = difflib.get_close_matches(asked, names, n=count, cutoff=0.3)
    return list(dict.fromkeys([*contained, *similar]))[:count]


def suggestion(asked: str, known: Iterable[str]) -> str:
    """The sentence that names what comes nearest."""
    names = nearest(asked, known)
    return f"最接近的有：{'、'.join(names)}。" if names else "没有相近的名称。"


def code_suggestion(asked: str, names: Mapping[str, str]) -> str:
    """The sentence that names the codes nearest by their digits, or by their names where `asked` is no number.

    Args:
        asked: A code or a name.
        names: The name of each code that occurs.
    """
    if _DIGITS.fullmatch(asked):
        near = sorted(names, key=lambda code: (-_common(asked, code), abs(len(code) - len(asked)), code))[:3]
    else:
        found = nearest(asked, names.values())
        near = sorted((code for code in names if names[code] in found), key=lambda c: (found.index(names[c]), c))[:3]
    return f"最接近的有：{'、'.join(f'{code} {names[code]}' for code in near)}。" if near else "没有相近的编码。"


def _common(one: str, other: str) -> int:
    """How many leading digits two codes share; a zero too many in front costs nothing."""
    best = 0
    for text in {one, one.lstrip("0")}:
        same = next((place for place, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), None)
        best = max(best, min(len(text), len(other)) if same is None else same)
    return best
