"""Uncertain characters of a recognised text → those that stand in words of the field.

A recogniser knows shapes, no budgets: 算 and 笕, 数 and 效 look alike in a poor scan, and it likes the traditional 決.
Of the characters that the pixels may be, the one is taken that makes known words with its neighbours. Digits are never
touched.
"""

import math
from collections.abc import Sequence

import numpy as np

from analysis.knowledge.vocabulary import neighbours
from analysis.recognising.ctc import Spelled, Steps

_SURE = 0.97
_LEAST = 0.002
_OTHERS = 8
_KNOWN = 3.0
_FOREIGN = -5.0


def in_known_words(spelled: Spelled, steps: Steps, signs: Sequence[str]) -> Spelled:
    """The text with its uncertain Chinese characters as known words have them; its scores stay those of the shapes."""
    text = list(spelled.text)
    for at, step in enumerate(spelled.steps):
        if not _is_chinese(text[at]) or (spelled.scores[at] >= _SURE and is_simplified(text[at])):
            continue
        left = text[at - 1] if at else ""
        right = text[at + 1] if at + 1 < len(text) else ""
        likely = [int(one) for one in np.argsort(-steps[step])[:_OTHERS] if steps[step, one] >= _LEAST]
        offered = [one for one in likely if len(signs[one]) == 1 and _is_chinese(signs[one])]
        if offered:
            best = max(offered, key=lambda one: _fitness(signs[one], float(steps[step, one]), left, right))
            text[at] = signs[best]
    return Spelled("".join(text), spelled.steps, spelled.scores)


def _fitness(sign: str, chance: float, left: str, right: str) -> float:
    known = neighbours()
    words = (left + sign in known) + (sign + right in known)
    return math.log(chance) + _KNOWN * words + (0.0 if is_simplified(sign) else _FOREIGN)


def _is_chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def is_simplified(sign: str) -> bool:
    """Whether it is of the characters of mainland China's print (GB 2312)."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
