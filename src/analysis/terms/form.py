"""A family of forms: how the documents of one place look — their titles, layouts, columns and words.

A place's form extends that of another one and says only what differs; what is left to read with is one frozen `Family`.
Families and forms are compared by identity: there is one of each for as long as a book is open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.terms.code import Scheme
from analysis.terms.line_item import Kind, Phase, Side


class Layout(StrEnum):
    """How the rows of a form are labelled."""

    CODED = "coded"
    TWO_SIDED = "two_sided"
    SINGLE_ROW = "single_row"


class Sure(StrEnum):
    """How sure it is what a family says: it was seen in published files, in their contents, or is only remembered."""

    SEEN = "seen"
    CONTENTS = "table of contents"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One official table.

    Attributes:
        table: Its id.
        kind: Of budgets or of final accounts.
        government: Whether it belongs to a government's budget and not to that of a department or unit.
        titles: Its titles to the letter; the first one names it.
        pattern: All its titles, at the end of a line's words.
        headings: Header cells that name it where its title is lost.
        layout: How its rows are labelled where its header does not tell otherwise.
        scheme: By what its rows are classified.
        side: The side of its columns; None where each column tells.
        since: The first year in which it is expected; None where a document may lack it.
        plain: Its columns in printed order, the richest variant first, for plain text.
        sure: How sure what is said of it is; what is only remembered is never missed.
    """

    table: str
    kind: Kind
    government: bool
    titles: tuple[str, ...]
    pattern: re.Pattern[str]
    headings: tuple[str, ...]
    layout: Layout
    scheme: Scheme | None
    side: Side | None
    since: int | None
    plain: tuple[tuple[tuple[Side, str], ...], ...]
    sure: Sure


@dataclass(frozen=True, slots=True, eq=False)
class MeasureRule:
    """Header words that mean a measure: `words` anywhere, `path` as the leaf of a column's header path.

    `side` where the column decides it; `tables` those in which the words mean it, empty for all.
    """

    measure: str
    words: re.Pattern[str]
    path: re.Pattern[str]
    side: Side | None
    tables: frozenset[str]

    def holds_in(self, table: str) -> bool:
        """Whether the words mean the measure in a table."""
        return not self.tables or table in self.tables


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The words of a family that are neither titles nor columns: patterns over squeezed text, unless said otherwise.

    Attributes:
        unit: A caption that states the money unit.
        unit_beside_body: What states the unit in a caption that names the body too; over text with its spaces.
        body_caption: A caption that names the body, as its first group.
        furniture: A line that belongs to the page and not to its text.
        note: The beginning of a note under a table.
        page_total: The label of a row that sums a page, or what came before it, and no part of the table.
        numbering: The beginning of a row that only numbers the columns.
        before_title: What may stand before a title on its line.
        phase: The end of a column's header path that tells the phase, its word as the first group (see `phases`).
        phase_heading: A whole header cell that tells the phase, its word as the first group.
        cumulative: What in a header says that a column holds the year up to now.
        adjusted: What in a header says that a column holds the budget as it was adjusted.
        of_year: The header of a column that leaves out what was carried over from the year before.
        table_heading: A header cell that only says what the table is of (支出预算).
        derived: A header of figures that follow from others (增减额, 增长%).
        count: A header or row label of things counted (辆, 人次), which are no money.
        purpose: The label column of a panel by purpose (支出用途).
        government: What a government's own title has before or in it, and no department's.
        whole_area: The beginning of a title that is of a whole area, and so of no department.
        prior_year: What marks a column of the year before.
        total: The label of a total or of this year's total.
        grand_total: The label of a row that sums the whole table.
        whole: What in such a label says that nothing is left out (总).
        summary_heading: A label of a summary whose rows below are its parts, though they bear no ordinals.
        fund_heading: A label of a summary whose rows of the funds below are its parts, though they bear no ordinals.
        fund_part: The beginning of the label of such a part.
        balance_heading: A header cell over the parts of a balance: their columns are no revenue of the year.
        summary_part: A label that can be such a part.
        cover: A cover line: groups `before`, `year`, `body`, `level`, `kind`.
        cover_short: A cover line that names no level: the same groups but for `level`.
        cover_execution: A cover line of what was executed while the year runs: groups `before`, `year`, `body`.
        cover_report: A cover line of a report on the last year's execution and this year's budget: the same groups.
        cover_year_last: A cover line that ends with its year: the groups of `cover`.
        cover_name: A line that is the name of a body, by its ending.
        cover_told: The beginning of a sentence that tells a body's budget of a year: group `name`.
        cover_notice: A cover line by which a budget is approved: groups `before`, `year`, `body`, `kind`.
        cover_listed: A line that names year and kind as titles of tables and reports do: the groups of `cover_short`.
        cover_undated: A cover line without a year: groups `body`, `kind`.
        cover_content: What follows a body's name in a cover line and says of what the document tells.
        cover_addressee: A line that names the body to which a notice is sent: group `name`.
        cover_publisher: A line that names who published a page: group `name`.
        cover_bodies: The beginning of the head over the first column of a table whose rows are bodies.
        cover_frame: What stands around a body's name in a cover line.
        cover_body: A cover line that names the body: group `name`.
        cover_area: What a cover names that is an area and no body.
        title_level: What tells the level in a title, as its first group.
        body_marks: What is no part of a body's name.
        plain_label: The beginning of a label in a row of plain text.
        plain_revenue: A label of the revenue side in a row of plain text.
        item: The head of a numbered item of the text, with its codes, names and amount.
        item_start: The beginning of such an item.
        item_prior: Last year's execution in an item.
        item_arranged: This year's amount in an item, said again.
        item_change: The change in an item: groups `direction`, `percent`, `sign`.
        item_decrease: Directions that mean less.
        section: The beginning of a section of the text, which ends an item.
        heading: The beginning of a paragraph that is a heading or numbered.
    """

    unit: re.Pattern[str]
    unit_beside_body: re.Pattern[str]
    body_caption: re.Pattern[str]
    furniture: re.Pattern[str]
    note: re.Pattern[str]
    page_total: re.Pattern[str]
    numbering: re.Pattern[str]
    before_title: re.Pattern[str]
    phase: re.Pattern[str]
    phase_heading: re.Pattern[str]
    cumulative: re.Pattern[str]
    adjusted: re.Pattern[str]
    of_year: re.Pattern[str]
    table_heading: re.Pattern[str]
    derived: re.Pattern[str]
    count: re.Pattern[str]
    purpose: re.Pattern[str]
    government: re.Pattern[str]
    whole_area: re.Pattern[str]
    prior_year: re.Pattern[str]
    total: re.Pattern[str]
    grand_total: re.Pattern[str]
    whole: re.Pattern[str]
    summary_heading: re.Pattern[str]
    fund_heading: re.Pattern[str]
    fund_part: re.Pattern[str]
    balance_heading: re.Pattern[str]
    summary_part: re.Pattern[str]
    cover: re.Pattern[str]
    cover_short: re.Pattern[str]
    cover_execution: re.Pattern[str]
    cover_report: re.Pattern[str]
    cover_year_last: re.Pattern[str]
    cover_name: re.Pattern[str]
    cover_told: re.Pattern[str]
    cover_notice: re.Pattern[str]
    cover_listed: re.Pattern[str]
    cover_undated: re.Pattern[str]
    cover_content: re.Pattern[str]
    cover_addressee: re.Pattern[str]
    cover_publisher: re.Pattern[str]
    cover_bodies: re.Pattern[str]
    cover_frame: re.Pattern[str]
    cover_body: re.Pattern[str]
    cover_area: re.Pattern[str]
    title_level: re.Pattern[str]
    body_marks: re.Pattern[str]
    plain_label: re.Pattern[str]
    plain_revenue: re.Pattern[str]
    item: re.Pattern[str]
    item_start: re.Pattern[str]
    item_prior: re.Pattern[str]
    item_arranged: re.Pattern[str]
    item_change: re.Pattern[str]
    item_decrease: re.Pattern[str]
    section: re.Pattern[str]
    heading: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The forms of one place, with everything that it takes over from the family that it extends.

    Attributes:
        id: How the dataset names it.
        zh: Its Chinese name.
        en: Its English name.
        source: Where its words come from.
        extends: The family that it extends; None for the national one.
        places: What tells the place in the words of a cover or caption.
        forms: The official tables.
        measures: The rules for columns, first match wins.
        labels: Patterns of header paths that mark a label column, by what it holds: ignored, unit_code, unit_name,
            code, name.
        phases: The phase that a word of a header means.
        parts: Pieces of patterns by name, for those who extend it.
        wording: All other words.
    """

    id: str
    zh: str
    en: str
    source: str
    extends: str | None
    places: tuple[re.Pattern[str], ...]
    forms: tuple[Form, ...]
    measures: tuple[MeasureRule, ...]
    labels: Mapping[str, re.Pattern[str]]
    phases: Mapping[str, Phase]
    parts: Mapping[str, str]
    wording: Wording
