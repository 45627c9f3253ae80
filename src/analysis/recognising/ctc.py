"""Steps of a recogniser → characters, and what else they may say.

A recogniser gives for every step along a line how likely each character is, or that none begins there (connectionist
temporal classification). The likeliest path is the text; a beam over the signs of numbers gives the other numbers that
the same steps may say.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.terms.recognition import Candidate

Steps = npt.NDArray[np.float32]
"""Steps × characters, the first of them for none; each row sums up to 1."""

NUMBER_SIGNS = "0123456789,.-"
_WIDTH, _MOST, _LEAST = 6, 4, 1e-5
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_SEPARATORS = re.compile(r"[,.]+")
_MENDED, _MOST_DECIMALS = 0.5, 2


class Spelled(NamedTuple):
    """A recognised line: its characters, the step of each, and how likely each is."""

    text: str
    steps: tuple[int, ...]
    scores: tuple[float, ...]

    @property
    def score(self) -> float:
        """How likely its least likely character is; 0 where there is none."""
        return min(self.scores, default=0.0)


def spell(steps: Steps, signs: Sequence[str]) -> Spelled:
    """The likeliest text."""
    best = steps.argmax(axis=1)
    kept = [at for at, sign in enumerate(best) if sign and (at == 0 or best[at - 1] != sign)]
    peaks, scores = [], []
    for at in kept:
        end = at
        while end + 1 < len(best) and best[end + 1] == best[at]:
            end += 1
        peak = at + int(steps[at : end + 1, best[at]].argmax())
        peaks.append(peak)
        scores.append(float(steps[peak, best[at]]))
    return Spelled("".join(signs[best[at]] for at in kept), tuple(peaks), tuple(scores))


def spell_numbers(steps: Steps, columns: Sequence[int]) -> tuple[Candidate, ...]:
    """The likeliest numbers with how likely each is among them, the best first.

    Args:
        steps: What the recogniser gave.
        columns: The columns of `NUMBER_SIGNS` in it, in that order.
    """
    blank = steps[:, 0].astype(np.float64)
    likely = steps[:, list(columns)].astype(np.float64)
    # Prefix → how likely it is with a blank at its end, and without.
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for none, row in zip(blank, likely, strict=True):
        offered = [(NUMBER_SIGNS[at], float(row[at])) for at in np.flatnonzero(row > _LEAST)]
        if not offered:
            beam = {prefix: ((after + within) * max(none, _LEAST), 0.0) for prefix, (after, within) in beam.items()}
            continue
        ahead: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (after, within) in beam.items():
            ahead[prefix][0] += (after + within) * none
            for sign, chance in offered:
                if prefix.endswith(sign):
                    ahead[prefix][1] += within * chance
                    ahead[prefix + sign][1] += after * chance
                else:
                    ahead[prefix + sign][1] += (after + within) * chance
        best = sorted(ahead.items(), key=lambda one: -sum(one[1]))[:_WIDTH]
        total = math.fsum(sum(chances) for _, chances in best) or 1.0
        beam = {prefix: (chances[0] / total, chances[1] / total) for prefix, chances in best}
    ranked = sorted(((sum(chances), prefix) for prefix, chances in beam.items() if prefix), reverse=True)
    return tuple(Candidate(prefix, round(float(chance), 5)) for chance, prefix in ranked[:_MOST] if chance > _LEAST)


def as_amounts(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates with those first that print an amount, each as it would if its separators were right.

    A point read as a comma, and a separator read twice, leave a text that is no amount though all digits are clear:
    what is behind the last separator are decimals where they are one or two.
    """
    found: dict[str, float] = {}
    for text, score in ((one.text, one.score) for one in candidates):
        if _AMOUNT.fullmatch(text):
            found[text] = max(found.get(text, 0.0), score)
        elif (mended := _mended(text)) is not None:
            found[mended] = max(found.get(mended, 0.0), score * _MENDED)
    amounts = sorted((Candidate(text, round(score, 5)) for text, score in found.items()), key=lambda one: -one.score)
    return (*amounts, *(one for one in candidates if one.text not in found))


def _mended(text: str) -> str | None:
    parts = [part for part in _SEPARATORS.split(text.strip(",.")) if part]
    sign = "-" if text.startswith("-") else ""
    if not all(part.isdigit() for part in (*parts[:-1], parts[-1].lstrip("-") if parts else "")):
        return None
    *whole, last = [part.lstrip("-") for part in parts]
    if not whole:
        return None
    decimals = f".{last}" if len(last) <= _MOST_DECIMALS else ""
    groups = whole if decimals else [*whole, last]
    mended = sign + ",".join(groups) + decimals
    return mended if _AMOUNT.fullmatch(mended) else None
