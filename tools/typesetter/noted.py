"""A book with its notes, its projects and their goals: what is said beside the tables, in the words of some place.

The tables stay as they are; the closing paragraphs become the notes of one style, descriptions and forms follow.
Mistakes are made in what is stated, before it is worded, so that any style and any layout can hold them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from typesetter.book import Book, Section, amount_of
from typesetter.layout import Drawing
from typesetter.note_mistakes import NOTE_MISTAKES, NoteMistake, Stated
from typesetter.note_styles import BUDGETS, FINALS, NoteStyle
from typesetter.notes import Notes, StatedTruth, drawn_notes, worded
from typesetter.project_pages import (
    MadeProject,
    PrintedProject,
    assessment,
    description_of,
    drawn_projects,
    jiangxi_form,
    lines_of_form,
    ministry_form,
    shanghai_form,
    sichuan_table,
)

Form = Callable[[MadeProject], tuple[Drawing, tuple[PrintedProject, ...]]]
FORMS: dict[str, tuple[Form, ...]] = {
    "budget": (shanghai_form, ministry_form, jiangxi_form),
    "final": (assessment,),
}
PRINTS = {
    "shanghai_form": ("sources", "dates"), "ministry_form": ("sources",), "jiangxi_form": ("sources", "dates"),
    "sichuan_table": ("weights",), "assessment": ("sources", "weights"), "text": ("sources", "dates"),
}  # fmt: skip
HEAD = "其他重要事项的情况说明"


@dataclass(frozen=True, slots=True)
class Noted:
    """A book with notes, and what is true of them: facts, projects (with the parts of their descriptions), mistakes."""

    book: Book
    style: str
    layout: str
    facts: tuple[StatedTruth, ...]
    projects: tuple[PrintedProject, ...]
    described: dict[str, dict[str, str]]
    mistakes: tuple[NoteMistake, ...]


def noted_book(book: Book, rng: Random, ending: str, mistake: str | None = None) -> Noted | None:
    """The book with drawn notes and projects; None where `mistake` has no place in what was drawn.

    Args:
        ending: The kind of file that it will be: a plain text has lost the columns of its form.
        mistake: A kind of `NOTE_MISTAKES`.
    """
    style = rng.choice(BUDGETS if book.kind == "budget" else FINALS)
    count = rng.randint(1, 3)
    projects = drawn_projects(rng, book.organisation, book.organisation, book.year, _project_money(book), count)
    stated = Stated(drawn_notes(book, style, rng, _counted(projects)), style, projects)
    planted: tuple[NoteMistake, ...] = ()
    if mistake is not None:
        found = NOTE_MISTAKES[mistake](stated, rng)
        if found is None:
            return None
        stated, planted = found
        shown = ("text",) if ending == "txt" else ("sichuan_table", *(form.__name__ for form in FORMS[book.kind]))
        if not any(_prints(one, stated.needs) for one in shown if one != "sichuan_table" or book.kind == "budget"):
            return None
    return _set(book, rng, ending, stated, planted)


def noted_of(
    book: Book,
    rng: Random,
    ending: str,
    style: NoteStyle,
    notes: Notes,
    projects: tuple[MadeProject, ...],
    mistakes: tuple[NoteMistake, ...],
) -> Noted:
    """The book with given notes and projects; `mistakes` are those that were made in them."""
    return _set(book, rng, ending, Stated(notes, style, projects), mistakes)


def _set(book: Book, rng: Random, ending: str, stated: Stated, planted: tuple[NoteMistake, ...]) -> Noted:
    style, projects = stated.style, stated.projects
    paragraphs, facts = worded(stated.notes, style, book)
    further: list[Section] = []
    described: dict[str, dict[str, str]] = {}
    if rng.random() < 0.5:
        for project in projects:
            title, lines, parts = description_of(project, marks=rng.choice(("、", "（")))
            further.append(Section(title, lines))
            described[project.name] = parts
    printed: list[PrintedProject] = []
    drawings: list[Drawing] = []
    layout = "text"
    if ending == "txt":
        for project in projects:
            (title, *lines), truth = lines_of_form(project)
            further.append(Section(title, tuple(lines)))
            printed.append(truth)
    else:
        layout, drawings = _drawn(book, rng, projects, printed, needs=stated.needs)
    whole = replace(book, closing=(HEAD, *paragraphs), further=tuple(further), drawings=tuple(drawings))
    return Noted(whole, style.name, layout, facts, tuple(printed), described, planted)


def _drawn(
    book: Book, rng: Random, projects: tuple[MadeProject, ...], printed: list[PrintedProject], *, needs: str
) -> tuple[str, list[Drawing]]:
    in_one = book.kind == "budget" and _prints("sichuan_table", needs) and (needs == "weights" or rng.random() < 0.25)
    if in_one:
        drawing, truths = sichuan_table(projects)
        printed += truths
        return "sichuan_table", [drawing]
    form = rng.choice([form for form in FORMS[book.kind] if _prints(form.__name__, needs)])
    drawings = []
    for project in projects:
        drawing, truths = form(project)
        drawings.append(drawing)
        printed += truths
    return form.__name__, drawings


def _prints(form: str, needs: str) -> bool:
    return not needs or needs in PRINTS[form]


def _counted(projects: tuple[MadeProject, ...]) -> tuple[int, Decimal]:
    return len(projects), sum((project.requested for project in projects), Decimal(0))


def _project_money(book: Book) -> Decimal:
    """What the tables print as project expenditure, in yuan; a million where they print none."""
    for table in book.tables:
        for panel in table.panels:
            if table.id == "expenditure" and "project" in panel.measures and panel.total is not None:
                text = panel.total.texts[panel.measures.index("project")]
                return amount_of(text, table.unit) or Decimal(1_000_000)
    return Decimal(1_000_000)
