"""Uncertain characters of a recognised text → those that stand in words of the field.

A recogniser knows shapes, no budgets: 算 and 笕, 数 and 效 look alike in a poor scan, and it likes the traditional 決.
Of the characters that the pixels may be, the one is taken that makes known words with its neighbours; where several do
as well, what was read stays. A name that is known stays as it was read, and one that a single character parts from the
only known name like it becomes that name. Digits are never touched.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.knowledge.vocabulary import names_of_length, neighbours
from analysis.recognising.ctc import Spelled, Steps

_SURE = 0.97
_LEAST = 0.002
_KNOWN = 3.0
_FOREIGN = -5.0
_AS_LIKELY = 3.0
"""A character that is so many times less likely than another is no rival of it."""
_MUCH_LIKELIER = 20.0
_NAME = re.compile("[\u4e00-\u9fff]{3,}")
_PAIR = re.compile(r"(.?)([(（])([^()（）]*)([)）])(?=(.?))")


class Offered(NamedTuple):
    """A line as it was read, and what else each of its characters may be, with how likely; none where it is sure."""

    text: str
    others: tuple[Mapping[str, float], ...]


def offers(spelled: Spelled, steps: Steps, signs: Sequence[str]) -> Offered:
    """What a recognised line may say beside what was read: its uncertain Chinese characters alone."""
    others: list[Mapping[str, float]] = []
    for sign, step, score in zip(spelled.text, spelled.steps, spelled.scores, strict=True):
        if not _is_chinese(sign) or (score >= _SURE and is_simplified(sign)):
            others.append({})
            continue
        likely = [int(one) for one in np.flatnonzero(steps[step] >= _LEAST)]
        others.append({signs[one]: float(steps[step, one]) for one in likely if _is_chinese(signs[one])})
    return Offered(spelled.text, tuple(others))


def in_known_words(lines: Sequence[Offered]) -> tuple[str, ...]:
    """The texts of the lines of a cell, which may part a word, as known words have them; each as long as it was."""
    read = "".join(line.text for line in lines)
    others = [one for line in lines for one in line.others]
    text = list(read)
    known = {at for run in _NAME.finditer(read) if _is_name(run[0]) for at in range(*run.span())}
    for at, offered in enumerate(others):
        if offered and at not in known:
            left = text[at - 1] if at else ""
            right = text[at + 1] if at + 1 < len(text) else ""
            text[at] = _fittest(text[at], offered, left, right)
    for run in _NAME.finditer("".join(text)):
        at, sign = _only_name_like(run[0])
        offered = others[run.start() + at]
        if offered.get(sign, 0.0) * _MUCH_LIKELIER >= offered.get(run[0][at], 1.0):
            text[run.start() + at] = sign
    whole, found, start = with_full_brackets("".join(text)), [], 0
    for line in lines:
        found.append(whole[start : start + len(line.text)])
        start += len(line.text)
    return tuple(found)


def _fittest(read: str, offered: Mapping[str, float], left: str, right: str) -> str:
    """The character that makes known words with its neighbours; the one that was read where that is undecided."""
    words = {sign: _words(sign, left, right) for sign in offered}
    fitness = {
        sign: math.log(chance) + _KNOWN * words[sign] + (0.0 if is_simplified(sign) else _FOREIGN)
        for sign, chance in offered.items()
    }
    best = max(offered, key=lambda sign: fitness[sign])
    rivals = any(
        words[sign] == words[best] > 0 and is_simplified(sign) and chance * _AS_LIKELY >= offered[best]
        for sign, chance in offered.items()
        if sign not in {best, read}
    )
    return read if rivals else best


def _words(sign: str, left: str, right: str) -> int:
    known = neighbours()
    return (left + sign in known) + (sign + right in known)


def _is_name(run: str) -> bool:
    return run in names_of_length(len(run))


def _only_name_like(run: str) -> tuple[int, str]:
    """Where, and by which character, a run differs from the only known name like it; no character where none is."""
    if _is_name(run):
        return 0, ""
    found = []
    for name in names_of_length(len(run)):
        differs = [at for at, (ours, theirs) in enumerate(zip(run, name, strict=True)) if ours != theirs]
        if len(differs) == 1:
            found.append((differs[0], name[differs[0]]))
    return found[0] if len(found) == 1 else (0, "")


def with_full_brackets(text: str) -> str:
    """The text with the brackets of Chinese words as they are printed; a recogniser often makes them narrow."""
    return _PAIR.sub(_full_pair, text)


def _full_pair(pair: re.Match[str]) -> str:
    before, opening, inside, closing, behind = pair.groups()
    if (opening, closing) != ("(", ")") or any(map(_is_chinese, (before, behind, *inside))):
        opening, closing = "（", "）"
    return f"{before}{opening}{inside}{closing}"


def _is_chinese(sign: str) -> bool:
    return len(sign) == 1 and "\u4e00" <= sign <= "\u9fff"


def is_simplified(sign: str) -> bool:
    """Whether it is of the characters of mainland China's print (GB 2312)."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
