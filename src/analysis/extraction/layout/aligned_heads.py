"""The words over the columns of a table without rules → a path for each column, from the top to the leaf.

A leaf is a word of the head with none below it. A word above spans the columns that begin where it begins, where heads
stand left in their cells; where they stand in the middle, those that it stands over the middle of. Where two spans are
possible there is no answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.extraction.layout.aligned_words import Word, joined

_LEFT, _MIDDLE = 2.0, 6.0
_LOWER = 2.0
# Parts of a line's height.
_BESIDE_TO, _CHILD_FROM, _NEXT_LINE = 0.35, 0.65, 0.55


@dataclass(frozen=True, slots=True)
class Head:
    """The words over a column from the top down; `leaf` is the lowest one, joined where it runs over lines."""

    above: tuple[Word, ...]
    leaf: Word


def leaves_of(head: Sequence[Word]) -> list[Word]:
    """The words with none below them, from left to right."""
    found = [word for word in head if not any(_is_below(other, word) and word.overlaps(other) for other in head)]
    return sorted(found, key=lambda word: word.x0)


def heads_over(
    head: Sequence[Word], leaves: Sequence[Word], *, left_aligned: bool, body: Sequence[Word]
) -> tuple[Head, ...] | None:
    """The path of words over each leaf; None where it cannot be told.

    Args:
        head: All words over the columns.
        leaves: Those with none below them, from left to right.
        left_aligned: Whether heads stand at the left of their cells.
        body: The words of the rows.
    """
    if len(leaves) < 2 or any(map(Word.overlaps, leaves, leaves[1:])):
        return None
    if not left_aligned and any(_may_stand_over(leaves, number, body) for number in range(1, len(leaves) - 1)):
        return None
    rest = [one for one in head if one not in leaves]
    lines = {number: [leaf] for number, leaf in enumerate(leaves)}
    if left_aligned:
        for word in sorted(rest, key=lambda one: -one.middle):
            if (number := _first_line(word, rest, [joined(lines[n]) for n in range(len(leaves))])) is not None:
                lines[number].append(word)
                rest.remove(word)
    whole = [joined(lines[number]) for number in range(len(leaves))]
    above: dict[int, list[Word]] = {number: [] for number in range(len(leaves))}
    for word in sorted(rest, key=lambda one: -one.middle):
        span = _left_span(word, head, whole) if left_aligned else _middle_span(word, whole)
        if span is None:
            return None
        if len(span) == 1:
            lines[span[0]].append(word)
        else:
            for number in span:
                above[number].insert(0, word)
    return tuple(Head(tuple(above[number]), joined(lines[number])) for number in range(len(leaves)))


def _first_line(word: Word, rest: Sequence[Word], leaves: Sequence[Word]) -> int | None:
    """The leaf that goes on with a word, where no other leaf stands between the word and the next one beside it."""
    beside = [one.x0 for one in rest if one.x0 > word.x1 and min(one.bottom, word.bottom) > max(one.top, word.top)]
    ends = min(beside, default=float("inf"))
    reach = [n for n, leaf in enumerate(leaves) if word.x0 - _LEFT <= leaf.x0 < ends - _LEFT]
    return reach[0] if len(reach) == 1 and abs(leaves[reach[0]].x0 - word.x0) <= _LEFT else None


def _is_below(word: Word, other: Word) -> bool:
    return word.middle > other.middle + _LOWER


def _may_stand_over(leaves: Sequence[Word], number: int, body: Sequence[Word]) -> bool:
    """Whether a leaf may be a word over its two neighbours, which are lower, and has no column of its own.

    Over two columns of labels (项目 over 科目编码 and 科目名称) an empty column makes no difference.
    """
    before, leaf, after = leaves[number - 1 : number + 2]
    lower = before.top >= leaf.bottom - _LOWER and after.top >= leaf.bottom - _LOWER
    over_labels = not any(word.is_figure and (before.overlaps(word) or after.overlaps(word)) for word in body)
    return lower and not over_labels and not any(leaf.overlaps(word) for word in body)


def _children(word: Word, leaves: Sequence[Word]) -> list[bool] | None:
    """Whether each leaf may stand below a word; None where that cannot be told of one.

    The cell of a leaf reaches down to the last line of the head, and the leaf stands in its middle: so its cell begins
    as far above the leaf as the last line is below it.
    """
    last = max(leaf.middle for leaf in leaves)
    height = word.bottom - word.top
    found = []
    for leaf in leaves:
        below = 2 * leaf.middle - last - word.middle
        if _CHILD_FROM * height > below > _BESIDE_TO * height:
            return None
        found.append(below >= _CHILD_FROM * height)
    return found


def _left_span(word: Word, head: Sequence[Word], leaves: Sequence[Word]) -> list[int] | None:
    """The leaves from the one that begins with the word to the next word beside it."""
    child = _children(word, leaves)
    if child is None:
        return None
    height = word.bottom - word.top
    beside = [one.x0 for one in head if one.x0 > word.x1 and abs(one.middle - word.middle) <= _BESIDE_TO * height]
    begins = [n for n, leaf in enumerate(leaves) if child[n] and abs(leaf.x0 - word.x0) <= _LEFT]
    if len(begins) != 1:
        return None
    ends = min(beside, default=float("inf"))
    span = [begins[0]]
    for number in range(begins[0] + 1, len(leaves)):
        if leaves[number].x0 >= ends - _LEFT or not child[number]:
            break
        span.append(number)
    return span


def _middle_span(word: Word, leaves: Sequence[Word]) -> list[int] | None:
    """The leaves of which a word stands over the middle; None where two runs of them have that middle."""
    child = _children(word, leaves)
    if child is None:
        return None
    near = [n for n, leaf in enumerate(leaves) if leaf.top - word.bottom <= _NEXT_LINE * (leaf.bottom - leaf.top)]
    found = [[n] for n in near if child[n] and abs(leaves[n].centre - word.centre) <= _LEFT]
    for first in range(len(leaves)):
        for last in range(first + 1, len(leaves)):
            middle = (leaves[first].x0 + leaves[last].x1) / 2
            if all(child[first : last + 1]) and abs(middle - word.centre) <= _MIDDLE:
                found.append(list(range(first, last + 1)))
    return found[0] if len(found) == 1 else None
