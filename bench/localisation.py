"""The core of the tracing on plain edit problems of the editrules kind, against HiGHS, judged exactly.

An instance is a balance system shaped as a binary tree over up to 100 variables, none below 0; every variable that is
not a leaf is the sum of two others. One to ten variables get another value; the fewest variables are sought whose
change makes all balances hold. Small instances are judged by trying every set of variables, the others by HiGHS, whose
number counts only where its set is proved to work in integers, and whose optimum can be no smaller than the core's.
"""

import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from random import Random

from analysis.balancing.localising.search import Repair, SearchLimits, smallest_repairs
from analysis.balancing.localising.system import Equation, System

INSTANCES = 210
SEED = 2026
SIZES = (5, 9, 15, 25, 41, 61, 81, 99)
SMALL = 15


def plain_system(values: Sequence[int], equations: Iterable[Mapping[int, int]], negative: Iterable[int] = ()) -> System:
    """A system of exact equations, each a mapping of cell to weight, in steps of 1."""
    exact = tuple(Equation(tuple(sorted(one.items()))) for one in equations)
    return System(tuple(values), exact, (1,) * len(values), frozenset(negative))


def cheapest_repair(system: System, prices: Sequence[int | None]) -> Repair | None:
    """One cheapest repair by single cells; None where there is none, or none was found within the limits."""
    if not system.failing:
        return Repair((), (), 0)
    found = smallest_repairs(system, prices, limits=SearchLimits(sets=1, causes=len(system.values))).found
    return found[0] if found else None


def make_instance(rng: Random, variables: int, errors: int) -> System:
    """A true binary tree with `errors` of its values replaced."""
    parts: dict[int, tuple[int, int]] = {}
    leaves = [0]
    count = 1
    while count + 2 <= variables:
        node = leaves.pop(rng.randrange(len(leaves)))
        parts[node] = (count, count + 1)
        leaves += [count, count + 1]
        count += 2
    values = [0] * count
    for node in range(count - 1, -1, -1):
        values[node] = sum(values[part] for part in parts[node]) if node in parts else rng.randint(0, 1_000)
    printed = list(values)
    for node in rng.sample(range(count), min(errors, count)):
        printed[node] = max(
            0, rng.choice((values[node] * 10, values[node] + rng.randint(1, 900), rng.randint(0, 2_000)))
        )
    return plain_system(printed, ({node: 1, one: -1, other: -1} for node, (one, other) in parts.items()))


def instances() -> list[System]:
    rng = Random(SEED)
    return [make_instance(rng, SIZES[number % len(SIZES)], 1 + number % 10) for number in range(INSTANCES)]


def works(system: System, cells: Sequence[int]) -> bool:
    """Whether all equations can hold when only `cells` change, proved in integers."""
    chosen = set(cells)
    if any(chosen.isdisjoint(cell for cell, _ in system.equations[number].terms) for number in system.failing):
        return False
    prices = [1 if cell in chosen else None for cell in range(len(system.values))]
    return not system.failing or cheapest_repair(system, prices) is not None


def fewest_by_trial(system: System) -> int:
    """The least number of cells by trying every set, the small ones first."""
    return next(
        size
        for size in range(len(system.values) + 1)
        if any(works(system, cells) for cells in combinations(range(len(system.values)), size))
    )


def solve_highs(system: System) -> tuple[list[int], int] | None:
    """HiGHS on the usual big-M formulation: the chosen cells and their number; None without highspy."""
    try:
        import highspy
    except ModuleNotFoundError:
        return None
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    count, infinite = len(system.values), highspy.kHighsInf
    most = 2.0 * max(system.highest, 1)
    for value in system.values:
        highs.addVar(-float(value), most)
    for _ in range(count):
        highs.addVar(0.0, 1.0)
    for cell in range(count):
        highs.changeColIntegrality(count + cell, highspy.HighsVarType.kInteger)
        highs.changeColCost(count + cell, 1.0)
        highs.addRow(-infinite, 0.0, 2, [cell, count + cell], [1.0, -most])
        highs.addRow(-infinite, 0.0, 2, [cell, count + cell], [-1.0, -most])
    for equation, gap in zip(system.equations, system.gaps, strict=True):
        cells, weights = zip(*equation.terms, strict=True)
        highs.addRow(float(-gap), float(-gap), len(cells), list(cells), [float(weight) for weight in weights])
    highs.run()
    chosen = highs.getSolution().col_value[count:]
    cells = [cell for cell in range(count) if chosen[cell] > 0.5]
    return cells, len(cells)


def measure() -> dict[str, float | int | None]:
    """Solves and judges all instances."""
    core_times, highs_times = [], []
    optimal = judged_small = judged_large = highs_wrong = 0
    for system in instances():
        start = time.perf_counter()
        repair = cheapest_repair(system, (1,) * len(system.values))
        core_times.append(1000 * (time.perf_counter() - start))
        assert repair is not None
        assert not set(system.failing) - system.effect(dict(repair.values))[0]
        assert not system.effect(dict(repair.values))[1]
        start = time.perf_counter()
        peer = solve_highs(system)
        if peer is not None:
            highs_times.append(1000 * (time.perf_counter() - start))
        size = len(repair.cells)
        if len(system.values) <= SMALL:
            judged_small += 1
            optimal += size == fewest_by_trial(system)
        elif peer is not None:
            judged_large += 1
            proved = works(system, peer[0])
            highs_wrong += not proved or peer[1] > size
            optimal += not (proved and peer[1] < size)
    mean = statistics.fmean(core_times)
    highs_mean = statistics.fmean(highs_times) if highs_times else None
    return {
        "instances": len(core_times), "optimal": optimal, "by_trial": judged_small, "by_highs": judged_large,
        "mean_ms": mean, "worst_ms": max(core_times), "highs_ms": highs_mean, "highs_wrong": highs_wrong,
    }  # fmt: skip


def main() -> None:
    found = measure()
    print(
        f"{found['instances']} instances: {found['optimal']} optimal"
        f" ({found['by_trial']} judged by trying every set, {found['by_highs']} by HiGHS)"
    )
    print(f"core (CP-SAT): mean {found['mean_ms']:.1f} ms, worst {found['worst_ms']:.1f} ms")
    if found["highs_ms"]:
        print(
            f"HiGHS: mean {found['highs_ms']:.1f} ms, not optimal or not exact: {found['highs_wrong']};"
            f" core / HiGHS {found['mean_ms'] / found['highs_ms']:.2f}"
        )
    else:
        print("HiGHS is not installed (highspy): instances with more variables are not judged by a second solver")


if __name__ == "__main__":
    main()
