"""A form of performance goals that lost its columns → a project with its indicators.

A text extract keeps the words of the form in their order. Labels and the usual names of levels are known, so what
stands between them is their value; a cell that was broken over lines is put together where the pieces make a known
name. Two goals stand side by side in the form; where one text follows both of their labels, whose it is cannot be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from analysis.extraction.layout.blocks import TextLine
from analysis.knowledge.project_form import FormWord, project_form
from analysis.reading.projects.drafts import Draft, year_of
from analysis.reading.projects.targets import read_target
from analysis.terms.label import squeeze, without_space
from analysis.terms.line_item import Place
from analysis.terms.money import Unit
from analysis.terms.public_project import PerformanceIndicator

_GOALS = ("total_goal", "annual_goal")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    line: int
    place: Place


def begins_form(line: TextLine) -> bool:
    """Whether a line is the title of such a form."""
    words = squeeze(line.text) if "表" in line.text else ""
    return words.endswith("表") and project_form().form_title.search(words) is not None


def read_form_text(lines: Sequence[TextLine]) -> Draft | None:
    """The project of a form; None where the lines hold none. The first line is its title."""
    draft = Draft(lines[0].place)
    words = _whole([_Word(word, index, line.place) for index, line in enumerate(lines) for word in line.text.split()])
    start = next(
        (at for at, word in enumerate(words) if project_form().column_of(squeeze(word.text)) == "level1"), None
    )
    _read_labels(draft, words[1 : len(words) if start is None else start])
    if draft.name is None:
        return None
    if start is not None:
        columns = _heads(words[start:])
        _read_indicators(draft, words[start + columns :])
    return draft


def _heads(words: Sequence[_Word]) -> int:
    """How many words head the columns of indicators."""
    return next((at for at, word in enumerate(words) if not project_form().column_of(squeeze(word.text))), len(words))


def _read_labels(draft: Draft, words: Sequence[_Word]) -> None:
    label: FormWord | None = None
    value: list[str] = []
    goals: list[FormWord] = []
    for word in words:
        text = squeeze(word.text)
        if found := project_form().label_of(text):
            if label is not None:
                draft.put(label, "".join(value))
            if found.name in _GOALS:
                goals.append(found)
            label, value = found, []
        elif (year := year_of(text)) is not None:
            draft.year = draft.year or year
        elif (unit := _bracketed_unit(text)) is not None:
            draft.unit = unit
        elif text in _side_words():
            continue
        else:
            value.append(word.text)
    if label is None:
        return
    if len(goals) > 1 and label in goals and not any(one.name in draft.facts for one in goals):
        draft.facts["goal"] = without_space("".join(value))
    else:
        draft.put(label, "".join(value))


def _read_indicators(draft: Draft, words: Sequence[_Word]) -> None:
    levels = project_form().levels
    first: str | None = None
    second: str | None = None
    waiting: list[_Word] = []
    rest = list(words)
    while rest:
        line = [word for word in rest if word.line == rest[0].line]
        rest = rest[len(line) :]
        while line and (squeeze(line[0].text) in (*levels.first, *levels.second, *_side_words())):
            name = squeeze(line.pop(0).text)
            if waiting:
                _add(draft, first, second, waiting, None)
                waiting = []
            if name in levels.first:
                first, second = name, None
            elif name in levels.second:
                second = name
        if not line:
            continue
        alone = len(line) == 1 and not (waiting and read_target(line[0].text)[1] is not None)
        if alone:
            waiting += line
        else:
            _add(draft, first, second, [*waiting, *line[:-1]], line[-1])
            waiting = []
    if waiting:
        _add(draft, first, second, waiting, None)


def _add(draft: Draft, first: str | None, second: str | None, name: Sequence[_Word], target: _Word | None) -> None:
    printed = target.text if target else None
    operator, value, unit = read_target(printed or "")
    levels = first, second, "".join(word.text for word in name)
    place = target.place if target else name[0].place
    number = len(draft.indicators) + 1
    draft.indicators.append(
        PerformanceIndicator(0, number, levels, operator, value, unit, printed, None, None, None, place)
    )


def _whole(words: Sequence[_Word]) -> list[_Word]:
    """The words with known names put together that were broken over lines."""
    known = _known_names()
    whole: list[_Word] = []
    for word in words:
        if whole and whole[-1].line != word.line and squeeze(whole[-1].text + word.text) in known:
            whole[-1] = _Word(whole[-1].text + word.text, word.line, whole[-1].place)
        else:
            whole.append(word)
    return whole


@cache
def _known_names() -> frozenset[str]:
    levels = project_form().levels
    return frozenset((*levels.first, *levels.second, *levels.side))


@cache
def _side_words() -> frozenset[str]:
    """What stands beside the form in a merged cell, whole or broken into lines."""
    pieces = {piece for side in project_form().levels.side for piece in (side[:2], side[2:], side[2:4], side[4:])}
    return frozenset(piece for piece in (*project_form().levels.side, *pieces, "项目资金") if piece)


def _bracketed_unit(text: str) -> Unit | None:
    return next((unit for unit in Unit if text in (f"({unit.zh})", f"项目资金({unit.zh})")), None)
