"""Which Chinese characters stand beside each other in the words of the field, whatever the words.

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
    found: set[str] = set()
    waiting = [shelf()]
    while waiting:
        for item in waiting.pop().iterdir():
            if item.is_dir():
                waiting.append(item)
            elif item.name.endswith(_DATA):
                for run in _RUN.findall(item.read_text(encoding="utf-8")):
                    found.update(map("".join, pairwise(run)))
    return frozenset(found)
