"""The words of the field as runs of Chinese characters, and which of these stand beside each other.

Gathered from all that the shelf says, names of codes, titles, headers, sentences, places, so nobody keeps a list.
"""

import re
from functools import cache
from itertools import pairwise

from analysis.knowledge.load import shelf

_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_DATA = (".toml", ".csv")


@cache
def neighbours() -> frozenset[str]:
    """Every two characters that follow one another somewhere on the shelf."""
    return frozenset("".join(pair) for run in _runs() for pair in pairwise(run))


@cache
def names_of_length(length: int) -> frozenset[str]:
    """Everything on the shelf that is so many Chinese characters from end to end: names, titles, words of headers."""
    return frozenset(run for run in _runs() if len(run) == length)


@cache
def _runs() -> frozenset[str]:
    found: set[str] = set()
    waiting = [shelf()]
    while waiting:
        for item in waiting.pop().iterdir():
            if item.is_dir():
                waiting.append(item)
            elif item.name.endswith(_DATA):
                found.update(_RUN.findall(item.read_text(encoding="utf-8")))
    return frozenset(found)
