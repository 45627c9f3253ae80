"""Blocks of a document → its projects and their indicators: forms and descriptions of one name are one project."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.extraction.layout.blocks import Block, TextLine
from analysis.knowledge.project_form import project_form
from analysis.reading.projects.descriptions import read_descriptions
from analysis.reading.projects.drafts import Draft, year_of, year_of_title
from analysis.reading.projects.form_grid import FormReader, is_form
from analysis.reading.projects.form_text import begins_form, read_form_text
from analysis.terms.label import squeeze
from analysis.terms.money import Unit
from analysis.terms.public_project import PerformanceIndicator, PublicProject

_ABOVE = 4
_MOST_BETWEEN = 4


def read_projects(blocks: Iterable[Block]) -> tuple[tuple[PublicProject, ...], tuple[PerformanceIndicator, ...]]:
    """The projects of a document in the order of their forms, then of descriptions without one; and all indicators."""
    grids = FormReader()
    forms: list[Draft] = []
    described: list[Draft] = []
    run: list[TextLine] = []
    after_form = False
    for block in blocks:
        if isinstance(block, TextLine):
            run.append(block)
            continue
        before = len(grids.drafts)
        if is_form(block):
            if not (after_form and _is_short(run) and grids.resume(block, _texts(run))):
                _read_run(run, forms, described)
                grids.read(block, _unit_above(run), _year_above(run), whole=_is_of_whole(run))
            forms += grids.drafts[before:]
            run, after_form = [], True
        else:
            after_form = not _texts(run) and grids.go_on(block)
            if after_form:
                forms += grids.drafts[before:]
            else:
                _read_run(run, forms, described)
                run = []
    _read_run(run, forms, described)
    return _numbered(_joined([form for form in forms if form.name or form.indicators or form.is_blank], described))


def _texts(run: Sequence[TextLine]) -> list[str]:
    return [line.text for line in run if squeeze(line.text)]


def _is_short(run: Sequence[TextLine]) -> bool:
    """Whether the lines may be a goal between two halves of a form, and no title of another."""
    texts = _texts(run)
    return len(texts) <= _MOST_BETWEEN and not any(project_form().closing_line.search(squeeze(text)) for text in texts)


def _read_run(run: Sequence[TextLine], forms: list[Draft], described: list[Draft]) -> None:
    """Read the text between two grids: descriptions, and forms that lost their rules."""
    described += read_descriptions(run)
    starts = [index for index, line in enumerate(run) if begins_form(line)]
    for start, end in pairwise([*starts, len(run)]):
        if draft := read_form_text(run[start:end]):
            forms.append(draft)


def _joined(forms: Sequence[Draft], described: Sequence[Draft]) -> list[Draft]:
    """The forms with the parts of the descriptions of their name; descriptions without a form behind them."""
    by_name = {squeeze(form.name): form for form in reversed(forms) if form.name}
    alone = []
    for one in described:
        form = by_name.get(squeeze(one.name)) if one.name else None
        if form is None:
            alone.append(one)
        else:
            form.parts = one.parts
    return [*forms, *alone]


def _numbered(drafts: Sequence[Draft]) -> tuple[tuple[PublicProject, ...], tuple[PerformanceIndicator, ...]]:
    projects = tuple(draft.to_project(number) for number, draft in enumerate(drafts, 1))
    indicators = tuple(
        replace(indicator, project=number) for number, draft in enumerate(drafts, 1) for indicator in draft.indicators
    )
    return projects, indicators


def _unit_above(run: Sequence[TextLine]) -> Unit | None:
    """The money unit that a caption right above a grid names."""
    captions = (project_form().unit_caption.search(squeeze(line.text).rstrip(")")) for line in reversed(run[-_ABOVE:]))
    return next((Unit.named_in(caption["unit"]) for caption in captions if caption), None)


def _year_above(run: Sequence[TextLine]) -> int | None:
    """The year that stands above a grid alone, or within the title of the form."""
    texts = [squeeze(line.text) for line in reversed(run[-_ABOVE:])]
    return next((year for text in texts if (year := year_of(text) or year_of_title(text))), None)


def _is_of_whole(run: Sequence[TextLine]) -> bool:
    """Whether the title above a grid is that of a form of a department's whole expenditure."""
    texts = [squeeze(line.text) for line in reversed(run[-_ABOVE:])]
    title = next((text for text in texts if project_form().form_title.search(text)), "")
    return project_form().whole_title.search(title) is not None
