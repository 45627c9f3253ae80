"""What the form of a project's performance goals and the description of a project look like (`project_form.toml`)."""

import re
from functools import cache

from analysis.knowledge.load import Shape, read_shape, shelf


class FormWord(Shape, frozen=True):
    """A label, a column or a heading: its name here, and what it looks like; `money` where it labels an amount."""

    name: str
    pattern: re.Pattern[str]
    money: bool = False


class LevelNames(Shape, frozen=True):
    """The usual names of the first two levels of indicators, and the label that stands beside all of them."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    side: tuple[str, ...]


class ProjectForm(Shape, frozen=True):
    """The words of the form and of the description."""

    form_title: re.Pattern[str]
    closing_line: re.Pattern[str]
    description_title: re.Pattern[str]
    unit_caption: re.Pattern[str]
    unit_label: re.Pattern[str]
    whole_title: re.Pattern[str]
    long_term: re.Pattern[str]
    this_year: re.Pattern[str]
    year_before: re.Pattern[str]
    total_row: re.Pattern[str]
    year: re.Pattern[str]
    date: re.Pattern[str]
    label: tuple[FormWord, ...]
    money_column: tuple[FormWord, ...]
    column: tuple[FormWord, ...]
    part: tuple[FormWord, ...]
    operators: dict[str, tuple[str, ...]]
    levels: LevelNames

    def label_of(self, text: str) -> FormWord | None:
        """The label that a squeezed text is; None where it is none."""
        words = text.rstrip(":")
        return next((word for word in self.label if word.pattern.fullmatch(words)), None)

    def money_column_of(self, text: str) -> str | None:
        """The name of the column of money that a squeezed text heads; None where it heads none."""
        return next((word.name for word in self.money_column if word.pattern.fullmatch(text)), None)

    def column_of(self, text: str) -> str | None:
        """The name of the column of indicators that a squeezed text heads; None where it heads none."""
        return next((word.name for word in self.column if word.pattern.fullmatch(text)), None)

    def part_of(self, text: str) -> str | None:
        """The name of the part of a description that a heading without its ordinal begins; None where it is none."""
        return next((word.name for word in self.part if word.pattern.fullmatch(text)), None)


@cache
def project_form() -> ProjectForm:
    """The words of the form and of the description.

    Raises:
        KnowledgeError: `project_form.toml` says something else than it may.
    """
    return read_shape(shelf("project_form.toml"), ProjectForm)
