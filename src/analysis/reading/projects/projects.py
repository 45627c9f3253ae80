"""Blocks of a document → its projects and their indicators: forms and descriptions of one name are one project."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.reading.layout.blocks import Block, TextLine
from analysis.reading.projects.descriptions import read_descriptions
from analysis.reading.projects.drafts import Draft, year_of
from analysis.reading.projects.form_grid import FormReader, is_form
from analysis.reading.projects.form_text import begins_form, read_form_text
from analysis.terms.label import squeeze
from analysis.terms.money import Unit
from analysis.terms.public_project import PerformanceIndicator, PublicProject

_ABOVE = 4


def read_projects(blocks: Iterable[Block]) -> tuple[tuple[PublicProject, ...], tuple[PerformanceIndicator, ...]]:
    """The projects of a document in the order of their forms, then of descriptions without one; and all indicators."""
    grids = FormReader()
    forms: list[Draft] = []
    described: list[Draft] = []
    run: list[TextLine] = []
    for block in blocks:
        if isinstance(block, TextLine):
            run.append(block)
            continue
        if is_form(block):
            _read_run(run, forms, described)
            before = len(grids.drafts)
            grids.read(block, _unit_above(run), _year_above(run))
            forms += grids.drafts[before:]
            run = []
        else:
            before = len(grids.drafts)
            if not any(squeeze(line.text) for line in run) and grids.go_on(block):
                forms += grids.drafts[before:]
            else:
                _read_run(run, forms, described)
                run = []
    _read_run(run, forms, described)
    return _numbered(_joined([form for form in forms if form.name or form.indicators], described))


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
    named = (Unit.named_in(line.text) for line in run[-_ABOVE:] if "单位" in line.text)
    return next((unit for unit in named if unit), None)


def _year_above(run: Sequence[TextLine]) -> int | None:
    return next((year for line in reversed(run[-_ABOVE:]) if (year := year_of(line.text))), None)
