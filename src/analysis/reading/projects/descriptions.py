"""The headed descriptions of projects (项目经费情况说明): a title, then parts from 项目概述 to 绩效目标."""

from collections.abc import Sequence

from analysis.extraction.layout.blocks import TextLine
from analysis.knowledge.project_form import project_form
from analysis.reading.projects.drafts import Draft
from analysis.reading.projects.form_text import begins_form
from analysis.terms.label import squeeze, without_ordinals, without_space

_LOOK_AHEAD = 3


def read_descriptions(lines: Sequence[TextLine]) -> list[Draft]:
    """The descriptions in a run of text, in order."""
    filled = [line for line in lines if line.text.strip()]
    if not any("说明" in line.text for line in filled):
        return []
    drafts: list[Draft] = []
    part: str | None = None
    reading = False
    for index, line in enumerate(filled):
        words = squeeze(line.text)
        title = project_form().description_title.match(without_space(line.text))
        if title and _has_parts(filled[index + 1 :]):
            drafts.append(Draft(line.place, facts={"name": title["name"]} if title["name"] else {}))
            part, reading = None, True
        elif begins_form(line) or project_form().closing_line.search(words):
            reading = False
        elif (
            reading and (named := project_form().part_of(without_ordinals(words))) and words != without_ordinals(words)
        ):
            part = named
            drafts[-1].parts.setdefault(part, "")
        elif reading and part is not None:
            drafts[-1].parts[part] += without_space(line.text)
    return drafts


def _has_parts(lines: Sequence[TextLine]) -> bool:
    """Whether the first part of a description follows soon."""
    return any(
        project_form().part_of(without_ordinals(squeeze(line.text))) == "overview" for line in lines[:_LOOK_AHEAD]
    )
