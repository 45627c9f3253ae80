"""Two documents of one body whose notes speak of the same: the goals of a project in two years, the assets of one day.

Budgets of two years name the same projects with the same indicators; final accounts and the budget after them state
the same assets for the last day of the year. A mistake is that they do not agree.
"""

from dataclasses import replace
from decimal import Decimal
from random import Random

from typesetter.book import Book
from typesetter.note_mistakes import NoteMistake
from typesetter.note_styles import BUDGETS, FINALS, NoteStyle
from typesetter.noted import Noted, noted_of
from typesetter.notes import Notes, drawn_notes, subjects_on, unit_of
from typesetter.project_pages import MadeIndicator, MadeProject, drawn_projects

LAST_DAY = (12, 31)
FALLS = Decimal("0.8")
MORE = (">", "＞", "≥", ">=", "不低于")


def goals_of_two_years(book: Book, later: Book, rng: Random, ending: str, *, lower: bool) -> tuple[Noted, Noted] | None:
    """The budgets of two years; None where no target can fall.

    Args:
        lower: Whether a target of the second asks for less than that of the first.
    """
    projects = drawn_projects(rng, book.organisation, book.organisation, book.year, Decimal(1_000_000), 2)
    after = tuple(_next_year(project) for project in projects)
    planted: tuple[NoteMistake, ...] = ()
    if lower:
        number = next(
            (at for at, one in enumerate(after[0].indicators) if one.unit and one.sign not in ("=", "＝", "")), None
        )
        if number is None:
            return None
        first = after[0]
        changed = replace(first, indicators=tuple(
            _less(one) if at == number else one for at, one in enumerate(first.indicators)
        ))  # fmt: skip
        after = (changed, *after[1:])
        planted = (NoteMistake("a target below that of the year before", "project_lower_target", first.name),)
    style, other = rng.choice(BUDGETS), rng.choice(BUDGETS)
    before = noted_of(book, rng, ending, style, _notes(book, style, rng, projects), projects, ())
    return before, noted_of(later, rng, ending, other, _notes(later, other, rng, after), after, planted)


def assets_of_one_day(final: Book, budget: Book, rng: Random, *, differ: bool) -> tuple[Noted, Noted] | None:
    """Final accounts and the budget of the year after; None where their styles state nothing of the same day.

    Args:
        differ: Whether the budget states one of the assets differently.
    """
    style, other = rng.choice(FINALS), rng.choice(BUDGETS)
    shared = sorted(one for one in subjects_on(style, LAST_DAY) & subjects_on(other, LAST_DAY) if unit_of(one) != "元")
    alone = [subject for subject in shared if not subject.startswith("vehicles")]
    if not alone:
        return None
    notes, stated = drawn_notes(final, style, rng, (0, Decimal(0))), drawn_notes(budget, other, rng, (0, Decimal(0)))
    notes, stated = _same_kinds(notes, style, stated, other)
    for subject in shared:
        stated = stated.with_value(subject, notes.values[subject])
    planted: tuple[NoteMistake, ...] = ()
    if differ:
        subject = rng.choice(alone)
        stated = stated.with_value(subject, stated.values[subject] + rng.randint(1, 9))
        planted = (NoteMistake("an asset that the final accounts state otherwise", "fact_between", subject),)
    before = noted_of(final, rng, "txt", style, notes, (), ())
    return before, noted_of(budget, rng, "txt", other, stated, (), planted)


def _same_kinds(notes: Notes, style: NoteStyle, stated: Notes, other: NoteStyle) -> tuple[Notes, Notes]:
    """Both with no vehicles of a kind that the other one does not list, where both list kinds."""
    kinds, of_other = _vehicle_kinds(style), _vehicle_kinds(other)
    if kinds and of_other:
        for one in kinds - of_other:
            notes = notes.with_value(one, Decimal(0))
        for one in of_other - kinds:
            stated = stated.with_value(one, Decimal(0))
    if kinds:
        notes = notes.with_value("vehicles", sum((notes.values[one] for one in kinds), Decimal(0)))
    return notes, stated


def _vehicle_kinds(style: NoteStyle) -> set[str]:
    stated = subjects_on(style, LAST_DAY)
    return {one for one in stated if one.startswith("vehicles_") and one != "vehicles_value"}


def _notes(book: Book, style: NoteStyle, rng: Random, projects: tuple[MadeProject, ...]) -> Notes:
    counted = len(projects), sum((project.requested for project in projects), Decimal(0))
    return drawn_notes(book, style, rng, counted)


def _next_year(project: MadeProject) -> MadeProject:
    year = project.year + 1
    return replace(project, year=year, start=f"{year}-01-01", end=f"{year}-12-31")


def _less(one: MadeIndicator) -> MadeIndicator:
    """The indicator with a target that asks for less: lower where more is better, higher where less is."""
    target = Decimal(one.target)
    asks_less = target * FALLS if one.sign in MORE else target / FALLS
    return replace(one, target=f"{asks_less.normalize():f}")
