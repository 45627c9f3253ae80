"""What a change costs: the smaller the price, the likelier the slip.

Every cause costs about a thousand, so that fewer causes come first; within that, a figure whose digits or surroundings
show how it went wrong is cheaper, a total or subtotal dearer than a leaf, and each voice from elsewhere that the
proposed figure agrees with (the text, soft identities, last year's document) takes something off. A slip of structure
costs a little more than any single cell and a little less than any two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.balancing.localising.problem import Problem
from analysis.balancing.localising.recoding import Recoding
from analysis.balancing.localising.structural_errors import Move
from analysis.balancing.localising.system import Equation, Range
from analysis.balancing.localising.typing_errors import digit_slip, slip_of
from analysis.terms.trace import Slip

CAUSE = 1_000
STRUCTURE = 1_060
CODE = 700
UNEXPLAINED = 400
_LONGEST_EXTRA = 15
_ROLES = {"detail": 0, "subtotal": 20, "total": 40}
_GAIN = {
    Slip.DIGIT_WRONG: 300, Slip.DIGITS_SWAPPED: 310, Slip.DIGIT_LOST: 290, Slip.DIGIT_EXTRA: 290,
    Slip.POWER_OF_TEN: 330, Slip.UNIT: 335, Slip.SIGN: 330, Slip.COPIED_ROW: 280, Slip.COPIED_COLUMN: 260,
    Slip.COPIED_PARENT: 270, Slip.COPIED_CHILD: 250, Slip.COPIED_TABLE: 200, Slip.COPIED_LAST_YEAR: 300,
    Slip.COPIED_DEPARTMENT: 270, Slip.FIGURE_MISSING: 200, Slip.UNKNOWN: 0,
}  # fmt: skip
_VOICE, _MOST_VOICES = 35, 3
_VOICE_FOR_MANY = 5
_BROKEN = 100
_MOST_TRIED = 40


@dataclass(frozen=True, slots=True)
class Priced:
    """A figure proposed for a cell, the slip that it would mend, its price, and its doubt (see `trace.Explanation`)."""

    cell: int
    value: int
    slip: Slip
    price: int
    doubt: int


def free_price(problem: Problem, cell: int) -> int:
    """The price of any value at all in the cell."""
    return CAUSE + _ROLES.get(problem.cells[cell].role, 0)


def price_of(problem: Problem, cell: int, value: int) -> Priced:
    """The price of a figure in a cell."""
    mine, system = problem.cells[cell], problem.system
    printed = system.values[cell] if mine.printed else None
    slip = slip_of(printed, value, system.steps[cell], nearby(problem, cell))
    spoken = _VOICE * _voices(problem, {cell: value})
    price = free_price(problem, cell) - _GAIN[slip] - spoken
    return Priced(cell, value, slip, price, (UNEXPLAINED if slip is Slip.UNKNOWN else 0) - spoken)


def price_of_range(problem: Problem, one: Range) -> Priced:
    """The likeliest figure of a range: the one that closes the gaps, or another whose digits show a slip.

    Rounding leaves the last digit open; where the other tables print one figure of the range for the row, it is that.
    """
    likeliest = _of_range(problem, one)
    twins = _twins_within(problem, one)
    if likeliest.slip is Slip.UNKNOWN or len(twins) != 1:
        return likeliest
    return replace(likeliest, value=twins.pop())


def _twins_within(problem: Problem, one: Range) -> set[int]:
    """The figures of a range that other tables print for the same code and measure."""
    mine, values = problem.cells[one.cell], problem.system.values
    others = problem.coded.get((mine.code or "", mine.measure), ())
    found = {values[number] for number in others if problem.cells[number].sheet != mine.sheet}
    return {value for value in found if one.low <= value <= one.high}


def _of_range(problem: Problem, one: Range) -> Priced:
    best = price_of(problem, one.cell, one.best)
    if best.slip is not Slip.UNKNOWN:
        return best
    step, printed = problem.system.steps[one.cell], problem.system.values[one.cell]
    others = range(one.low, min(one.high, one.low + _MOST_TRIED * step) + 1, step)
    slips = [value for value in others if digit_slip(printed // step, value // step)]
    nearest = min(slips, key=lambda value: (abs(value - one.best), value), default=one.best)
    return min(best, price_of(problem, one.cell, nearest), key=lambda priced: priced.price)


def price_of_move(problem: Problem, move: Move) -> int:
    """The price of a structural hypothesis: those first that other places speak for, then the short ones."""
    voices = _voices(problem, dict(move.changes))
    return STRUCTURE - _VOICE_FOR_MANY * voices + min(len(move.changes), _LONGEST_EXTRA)


def doubt_of_move(problem: Problem, move: Move) -> int:
    """The doubt of a structural hypothesis: more than that of any single cell, less where other places speak for it."""
    return UNEXPLAINED + STRUCTURE - CAUSE - _VOICE_FOR_MANY * _voices(problem, dict(move.changes))


def doubt_of_code(problem: Problem, one: Recoding) -> int:
    """The doubt of another code: that of a slip, more for what it breaks, less where another table prints it."""
    return price_of_code(problem, one) - CODE


def price_of_code(problem: Problem, one: Recoding) -> int:
    """The price of another code: less where another table prints the row's name beside that code."""
    row = problem.cells[one.cell]
    named = any(cell.code == one.code and cell.name == row.name for cell in problem.cells if cell.sheet != row.sheet)
    return CODE + _BROKEN * one.broken - _VOICE * named


def nearby(problem: Problem, cell: int) -> Iterator[tuple[Slip, int]]:
    """The figures around a cell that may have been copied into it, likeliest first."""
    mine, values = problem.cells[cell], problem.system.values
    if cell in problem.last_year:
        yield Slip.COPIED_LAST_YEAR, problem.last_year[cell]
    rows = problem.rows[mine.sheet]
    place = rows.index(mine.row_number)
    for other in rows[max(place - 1, 0) : place] + rows[place + 1 : place + 2]:
        if (number := problem.at.get((mine.sheet, other, mine.measure))) is not None:
            yield Slip.COPIED_ROW, values[number]
    above = (*problem.coded.get((mine.parent_code or "", mine.measure), ()), *problem.totals.get(mine.sheet, ()))
    for number in above:
        if number != cell and (problem.cells[number].sheet, problem.cells[number].measure) == (
            mine.sheet,
            mine.measure,
        ):
            yield Slip.COPIED_PARENT, values[number]
    for number in problem.children.get((mine.sheet, mine.code, mine.measure), ()):
        yield Slip.COPIED_CHILD, values[number]
    for measure in problem.columns[mine.sheet]:
        if measure != mine.measure and (number := problem.at.get((mine.sheet, mine.row_number, measure))) is not None:
            yield Slip.COPIED_COLUMN, values[number]
    if cell in problem.department:
        yield Slip.COPIED_DEPARTMENT, problem.department[cell]
    for number in problem.coded.get((mine.code or "", mine.measure), ()):
        if problem.cells[number].sheet != mine.sheet:
            yield Slip.COPIED_TABLE, values[number]


def _voices(problem: Problem, changes: Mapping[int, int]) -> int:
    """How many more places speak for the proposed figures than for the printed ones.

    An equation that rounding alone lets hold before and after speaks for the figure with which it holds exactly.
    """
    system, values = problem.system, problem.system.values
    voices = 0
    for cell, value in changes.items():
        for stated, half in problem.stated.get(cell, ()):
            voices += (abs(value - stated) <= half) - (abs(values[cell] - stated) <= half)
    touched = {number for cell in changes for number, _ in system.touching[cell]}
    for number in touched:
        equation, before = system.equations[number], system.gaps[number]
        if equation.tolerance and equation.holds(before) and not equation.lower_only:
            voices += (_gap(equation, values, changes) == 0) - (before == 0)
    for equation in problem.soft:
        if any(cell in changes for cell, _ in equation.terms):
            voices += equation.holds(_gap(equation, values, changes)) - equation.holds(_gap(equation, values, {}))
    return max(-_MOST_VOICES, min(_MOST_VOICES, voices))


def _gap(equation: Equation, values: Sequence[int], changes: Mapping[int, int]) -> int:
    return sum(weight * changes.get(cell, values[cell]) for cell, weight in equation.terms)
