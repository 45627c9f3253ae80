"""A form: the promise of an official table — its titles, its layout, its side, its columns."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.terms.code import Scheme
from analysis.terms.line_item import Kind, Side


class Layout(StrEnum):
    """How the rows of a form are labelled."""

    CODED = "coded"
    TWO_SIDED = "two_sided"
    SINGLE_ROW = "single_row"


@dataclass(frozen=True, slots=True)
class Form:
    """One official table. `plain` lists its columns in printed order, richest variant first, for plain text."""

    table: str
    kind: Kind
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    layout: Layout
    scheme: Scheme | None
    side: Side | None
    since: int
    plain: tuple[tuple[tuple[Side, str], ...], ...]


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """A pattern of header paths that means a measure; `side` where the column decides it."""

    measure: str
    pattern: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class FormBook:
    """All forms, the measures of their columns, and the words that mark a label column."""

    forms: tuple[Form, ...]
    measures: tuple[MeasureRule, ...]
    code_label: str
    name_label: str
    ignored_label: str
