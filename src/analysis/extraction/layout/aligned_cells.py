"""The words over the columns of a table without rules → a path for each column, from the cells that they stand in.

Where heads stand in the middle of their cells and figures end at one distance from the right edge of theirs, the edges
that nobody drew can be told: each cell ends where the next one begins, and its head is as far from the one edge as from
the other. A word over several columns stands in the middle of their cells, and all columns below a line of such words
have one of them above.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from analysis.extraction.layout.aligned_heads import Head, leaves_of
from analysis.extraction.layout.aligned_words import Word, joined, spread

_SAME_LINE, _SAME_MIDDLE, _IN_MIDDLE, _ALIGNED = 2.0, 1.2, 2.0, 1.5
_MOST_PADDING = 18.0
# Parts of a line's height.
_NEXT_LINE, _SAME_GAP, _DOUBTFUL = 0.55, 1.5, 0.2
_OF_CODES = frozenset("类款项")


def heads_in_cells(head: Sequence[Word], body: Sequence[Word]) -> tuple[Head, ...] | None:
    """The path of words over each column; None where the cells do not come out, or in two ways.

    Args:
        head: All words over the columns.
        body: The words of the rows.
    """
    cells = _wrapped(_spaced_out(head))
    leaves = leaves_of(cells)
    above = [number for number in range(len(leaves)) if _lower_beside(leaves, number)]
    first = [leaves[n] for n in above if leaves[n].middle - min(cell.middle for cell in cells) <= _SAME_LINE]
    bare = [leaves[n] for n in above if not any(leaves[n].overlaps(word) and word.is_sure for word in body)]
    peaks = [leaves[n] for n in above if len(_lower_beside(leaves, n)) > 1]
    answers = {
        found
        for also in ([], bare, peaks)
        for columns in ([one for one in leaves if one not in first and one not in also], leaves)
        for edges in _edges(columns, body)
        if (found := _paths(cells, columns, edges)) is not None
    }
    return answers.pop() if len(answers) == 1 else None


def _spaced_out(head: Sequence[Word]) -> list[Word]:
    """The words, where characters with equal gaps between them (收   入) are one."""
    found: list[Word] = []
    run: list[Word] = []
    for word in [*sorted(head, key=lambda one: (round(one.middle), one.x0)), None]:
        if word is not None and _is_single(word) and (not run or _goes_on(run, word)) and not _hangs(word, head):
            run.append(word)
            continue
        found += [joined(run)] if run and not _OF_CODES.issuperset(one.text for one in run) else run
        run = [word] if word is not None and _is_single(word) and not _hangs(word, head) else []
        found += [word] if word is not None and not run else []
    return found


def _is_single(word: Word) -> bool:
    return len(word.text) == 1 and "一" <= word.text <= "鿿"


def _goes_on(run: Sequence[Word], word: Word) -> bool:
    """Whether a character stands beside those before it, as far apart as they are."""
    if abs(word.middle - run[-1].middle) > _SAME_LINE:
        return False
    return len(run) == 1 or word.x0 - run[-1].x1 <= _SAME_GAP * (run[1].x0 - run[0].x1)


def _hangs(word: Word, head: Sequence[Word]) -> bool:
    """Whether a word is the rest of one on the line above."""
    return any(_is_next_line(other, word) for other in head)


def _is_next_line(word: Word, below: Word) -> bool:
    gap = below.top - word.bottom
    height = below.bottom - below.top
    return -height / 2 < gap <= _NEXT_LINE * height and abs(word.centre - below.centre) <= _SAME_MIDDLE


def _wrapped(words: Sequence[Word]) -> list[Word]:
    """The words, lines of one cell joined."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.middle):
        group = next((one for one in groups if _is_next_line(one[-1], word)), None)
        if group is None:
            groups.append([word])
        else:
            group.append(word)
    return [joined(group) for group in groups]


def _lower_beside(leaves: Sequence[Word], number: int) -> list[Word]:
    """The words beside one without another below it that are lower: it may yet stand over them."""
    beside = [*leaves[max(number - 1, 0) : number], *leaves[number + 1 : number + 2]]
    return [one for one in beside if one.middle > leaves[number].middle + _SAME_LINE]


def _paths(cells: Sequence[Word], leaves: Sequence[Word], edges: Sequence[float]) -> tuple[Head, ...] | None:
    above: dict[int, list[Word]] = {number: [] for number in range(len(leaves))}
    rest = sorted((cell for cell in cells if cell not in leaves), key=lambda one: one.middle)
    while rest:
        line = [word for word in rest if word.middle - rest[0].middle <= _SAME_LINE]
        rest = rest[len(line) :]
        spans = _spans(sorted(line, key=lambda one: one.x0), leaves, edges)
        if spans is None:
            return None
        for word, span in spans:
            for number in span:
                above[number].append(word)
    return tuple(Head(tuple(above[number]), leaf) for number, leaf in enumerate(leaves))


def _edges(leaves: Sequence[Word], body: Sequence[Word]) -> Iterator[tuple[float, ...]]:
    """Where each cell begins, and where the last one ends; nothing where leaves and figures do not fit one another.

    How far figures end from their edge is told by two columns beside one another. Without such it may be anything that
    leaves heads in their cells.
    """
    ends: dict[int, list[float]] = {}
    for word in body:
        if word.is_sure:
            index = max((n for n, leaf in enumerate(leaves) if leaf.x0 <= word.x1 + 1), default=-1)
            ends.setdefault(index, []).append(word.x1)
    if not ends or -1 in ends or any(spread(found) > _ALIGNED for found in ends.values()):
        return
    rights = {number: max(found) for number, found in ends.items()}
    told = [leaves[n].centre - (rights[n - 1] + rights[n]) / 2 for n in rights if n - 1 in rights]
    if told and (spread(told) > _ALIGNED or not 0 <= median(told) <= _MOST_PADDING):
        return
    for padding in [median(told)] if told else range(int(_MOST_PADDING)):
        edges = _all_edges(leaves, {number + 1: right + padding for number, right in rights.items()})
        if all(
            left <= leaf.x0 + 1 and leaf.x1 <= right + 1 and abs((left + right) / 2 - leaf.centre) <= _IN_MIDDLE
            for leaf, (left, right) in zip(leaves, pairwise(edges), strict=True)
        ):
            yield edges


def _all_edges(leaves: Sequence[Word], known: dict[int, float]) -> tuple[float, ...]:
    """The edges of all cells from those that are known: a head is as far from the one edge as from the other."""
    for number in range(len(leaves)):
        if number in known:
            known.setdefault(number + 1, 2 * leaves[number].centre - known[number])
    for number in reversed(range(len(leaves))):
        if number + 1 in known:
            known.setdefault(number, 2 * leaves[number].centre - known[number + 1])
    return tuple(known[number] for number in range(len(leaves) + 1))


def _spans(line: Sequence[Word], leaves: Sequence[Word], edges: Sequence[float]) -> list[tuple[Word, range]] | None:
    """The columns under each word of a line, where they come out in one way and leave none without a word.

    The cell of a leaf reaches down to the end of the head, and the leaf stands in its middle: so its cell begins as far
    above its middle as the head ends below it, which is below a word over it and above any other.
    """
    ends = max(leaf.bottom for leaf in leaves)
    height = line[0].bottom - line[0].top
    depths = [2 * leaf.middle - ends - line[0].middle for leaf in leaves]
    if any(abs(depth) < _DOUBTFUL * height for depth in depths):
        return None
    under = [number for number, depth in enumerate(depths) if depth > 0]
    answers = list(_partitions(line, under, edges))
    return list(zip(line, answers[0], strict=True)) if len(answers) == 1 else None


def _partitions(line: Sequence[Word], under: Sequence[int], edges: Sequence[float]) -> Iterator[list[range]]:
    """The ways to part the columns below a line among its words, each over neighbours in whose middle it stands."""
    if not line or not under:
        if not line and not under:
            yield []
        return
    word, first = line[0], under[0]
    for count in range(1, len(under) - len(line) + 2):
        if under[count - 1] != first + count - 1:
            return
        left, right = edges[first], edges[first + count]
        if left <= word.x0 + 1 and word.x1 <= right + 1 and abs((left + right) / 2 - word.centre) <= _IN_MIDDLE:
            for rest in _partitions(line[1:], under[count:], edges):
                yield [range(first, first + count), *rest]
