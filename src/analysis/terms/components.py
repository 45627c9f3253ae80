"""What hangs together, directly or through others: the connected components of things that pairs tie (union-find)."""

from collections.abc import Iterable


def components(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each of `count` things, named by their numbers from 0, the first one of all that it hangs together with."""
    first = list(range(count))

    def root(one: int) -> int:
        while first[one] != one:
            first[one] = first[first[one]]
            one = first[one]
        return one

    for one, other in pairs:
        a, b = root(one), root(other)
        first[max(a, b)] = min(a, b)
    for one in range(count):
        first[one] = first[first[one]]  # its own is settled already: it is never a later one
    return first
