"""Mistakes in notes and on forms of goals, of the kinds that people make; each is told with what it should break.

A mistake changes what is stated, not how: it is set in any style that states enough for it. `rule` is the rule that
should speak, `subject` the fact, or the name of the project, of which it should.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from typesetter.note_styles import NoteStyle
from typesetter.notes import SUMS, Notes
from typesetter.project_pages import MadeProject


@dataclass(frozen=True, slots=True)
class Stated:
    """What notes and forms state; `needs` is what a form must print to show it: weights, dates, sources."""

    notes: Notes
    style: NoteStyle
    projects: tuple[MadeProject, ...]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class NoteMistake:
    """A planted mistake."""

    kind: str
    rule: str
    subject: str


Changed = tuple[Stated, tuple[NoteMistake, ...]] | None


def _states(stated: Stated, *subjects: str) -> bool:
    text = "".join(line.text for line in stated.style.lines)
    return all(f"{{{subject}" in text for subject in subjects)


def _with(stated: Stated, subject: str, value: Decimal) -> Stated:
    return replace(stated, notes=stated.notes.with_value(subject, value))


def _parts(whole: str) -> Callable[[Stated, Random], Changed]:
    def change(stated: Stated, rng: Random) -> Changed:
        if not _states(stated, whole, *SUMS[whole]):
            return None
        part = rng.choice(SUMS[whole])
        step = 100_000 if whole == "procurement" else 1
        wrong = stated.notes.values[part] + step * rng.randint(1, 9)
        return _with(stated, part, wrong), (NoteMistake(f"parts of {whole}", "fact_parts", whole),)

    return change


def _vehicles(stated: Stated, rng: Random) -> Changed:
    if not _states(stated, "vehicles", "vehicles_law_enforcement", "vehicles_other"):
        return None
    wrong = stated.notes.values["vehicles_law_enforcement"] + rng.randint(1, 5)
    return _with(stated, "vehicles_law_enforcement", wrong), (NoteMistake("vehicles", "fact_parts", "vehicles"),)


def _exceeds(less: str, more: str) -> Callable[[Stated, Random], Changed]:
    def change(stated: Stated, rng: Random) -> Changed:
        if not _states(stated, less, more):
            return None
        wrong = stated.notes.values[more] + 10_000 * rng.randint(1, 90)
        return _with(stated, less, wrong), (NoteMistake(f"{less} over {more}", "fact_at_most", less),)

    return change


def _one_project(stated: Stated, rng: Random, **changes: object) -> tuple[Stated, MadeProject]:
    project = stated.projects[0]
    changed = replace(project, **changes)  # type: ignore[arg-type]
    return replace(stated, projects=(changed, *stated.projects[1:])), changed


def _sources(stated: Stated, rng: Random) -> Changed:
    project = stated.projects[0]
    changed, one = _one_project(replace(stated, needs="sources"), rng, other=project.other + 10_000 * rng.randint(1, 9))
    return changed, (NoteMistake("sources of a project", "project_sum", one.name),)


def _dates(stated: Stated, rng: Random) -> Changed:
    project = stated.projects[0]
    changed, one = _one_project(replace(stated, needs="dates"), rng, start=project.end, end=project.start)
    return changed, (NoteMistake("dates of a project", "project_dates", one.name),)


def _weights(stated: Stated, rng: Random) -> Changed:
    project = stated.projects[0]
    first, *rest = project.indicators
    first = replace(first, weight=first.weight + rng.randint(1, 5))
    changed, one = _one_project(replace(stated, needs="weights"), rng, indicators=(first, *rest))
    return changed, (NoteMistake("weights of a project", "project_weights", one.name),)


def _blank(stated: Stated, rng: Random) -> Changed:
    project = stated.projects[0]
    first, *rest = project.indicators
    changed, one = _one_project(stated, rng, indicators=(replace(first, sign="", target="", unit="", actual=""), *rest))
    return changed, (NoteMistake("a blank target", "project_blank_target", one.name),)


def _note_amount(stated: Stated, rng: Random) -> Changed:
    if not _states(stated, "performance_projects", "performance_amount}"):
        return None
    if _states(stated, *SUMS["performance_amount"]):
        return None
    wrong = stated.notes.values["performance_amount"] + 10_000 * rng.randint(2, 90)
    return _with(stated, "performance_amount", wrong), (
        NoteMistake("amount of the note", "project_note", "performance_amount"),
    )


def _note_count(stated: Stated, rng: Random) -> Changed:
    if (
        len(stated.projects) < 2
        or not _states(stated, "performance_projects")
        or _states(stated, *SUMS["performance_projects"])
    ):
        return None
    return _with(stated, "performance_projects", Decimal(len(stated.projects) - 1)), (
        NoteMistake("count of the note", "project_count", "performance_projects"),
    )


def _same_goal(stated: Stated, rng: Random) -> Changed:
    if len(stated.projects) < 2:
        return None
    first, second, *rest = stated.projects
    changed = replace(stated, projects=(first, replace(second, goal=first.goal), *rest))
    return changed, (NoteMistake("a copied goal", "project_same_goal", second.name),)


NOTE_MISTAKES: dict[str, Callable[[Stated, Random], Changed]] = {
    "procurement_parts": _parts("procurement"),
    "staff_parts": _parts("staff_authorised"),
    "rating_parts": _parts("performance_assessed_projects"),
    "problem_parts": _parts("performance_problems"),
    "goal_parts": _parts("performance_projects"),
    "vehicle_parts": _vehicles,
    "sme_over_total": _exceeds("procurement_sme_reserved", "procurement"),
    "small_over_sme": _exceeds("procurement_small_reserved", "procurement_sme_reserved"),
    "awarded_over_total": _exceeds("procurement_sme_awarded", "procurement"),
    "small_awarded_over_sme": _exceeds("procurement_small_awarded", "procurement_sme_awarded"),
    "buildings_over_fixed": _exceeds("buildings_value", "fixed_assets"),
    "sources": _sources,
    "dates": _dates,
    "weights": _weights,
    "blank_target": _blank,
    "note_amount": _note_amount,
    "note_count": _note_count,
    "same_goal": _same_goal,
}
