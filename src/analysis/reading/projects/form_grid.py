"""A drawn form of performance goals → projects with their indicators.

The upper part is labels, each with its value to the right, or below where another label stands there; the lower part
is a table of indicators under a header (一级指标 …). One grid may hold several forms under one another, a table with a
column of projects, or the rest of a form that began on the page before. A self-assessment has columns of money too.
"""

from collections.abc import Sequence

from analysis.extraction.layout.blocks import Cell, Grid
from analysis.knowledge.project_form import FormWord, project_form
from analysis.reading.projects.drafts import Draft, year_of, year_of_title
from analysis.reading.projects.form_heads import (
    IndicatorHeader,
    Row,
    headers_of,
    is_number_row,
    money_columns,
    source_columns,
    unit_of,
)
from analysis.reading.projects.targets import read_points, read_target
from analysis.terms.label import squeeze, without_space
from analysis.terms.money import Unit
from analysis.terms.public_project import PerformanceIndicator


def is_form(grid: Grid) -> bool:
    """Whether a grid is such a form: it heads columns of indicators, or has a project's name and its goals."""
    if not any("标" in cell.text for cell in grid.cells):  # 指标, 目标: most tables have neither
        return False
    form = project_form()
    columns = {form.column_of(squeeze(cell.text)) for cell in grid.cells}
    if {"level3", "level1"} <= columns or {"level3", "level2"} <= columns:
        return True
    labels = {word.name for cell in grid.cells if (word := form.label_of(squeeze(cell.text)))}
    return "name" in labels and bool({"total_goal", "annual_goal"} & labels) and bool({"unit", "department"} & labels)


class FormReader:
    """Reads the forms of a document, grid by grid, so that a form may go on over pages."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._headers: tuple[IndicatorHeader, ...] = ()
        self._money: dict[str, int] = {}
        self._sources: dict[str, int] = {}
        self._waiting: FormWord | None = None
        self._above: tuple[str | None, str | None] = None, None
        self._columns = 0
        self._rows: list[list[Cell | None]] = []

    def read(self, grid: Grid, unit: Unit | None, year: int | None, *, whole: bool = False) -> None:
        """Read a grid that is a form, with the money unit, the year and the title that stand above it."""
        self._forget()
        self._begin(grid, unit, year, whole=whole)
        self._read_rows(grid)

    def resume(self, grid: Grid, lines: Sequence[str]) -> bool:
        """Read a grid that begins with the columns of indicators as the rest of the form before it.

        A sheet or a page may part the two; `lines` between them are the goal that a label in the last row speaks of.
        False where the grid begins a form of its own.
        """
        headers = headers_of(grid.matrix()[0])
        if not self.drafts or not headers or _names_projects(headers) != _names_projects(self._headers):
            return False
        if self._waiting is not None:
            self.drafts[-1].put(self._waiting, "".join(lines))
        elif lines:
            return False
        self._waiting = None
        self._read_rows(grid)
        return True

    def go_on(self, grid: Grid) -> bool:
        """Read a grid as the rest of the form before it; False where it is none."""
        if not self._headers or len(grid.lefts) != self._columns or is_form(grid):
            return False
        self._read_rows(grid)
        return True

    def _forget(self) -> None:
        self._headers, self._money, self._sources, self._waiting = (), {}, {}, None
        self._above = None, None

    def _begin(self, grid: Grid, unit: Unit | None, year: int | None, *, whole: bool) -> None:
        first = min(grid.cells, key=lambda cell: (cell.row, cell.column))
        rows = grid.matrix()
        head = next((number for number, row in enumerate(rows) if headers_of(row)), len(rows))
        above = [cell for cell in grid.cells if cell.row < head]
        whole = whole or any(project_form().whole_title.search(squeeze(cell.text)) for cell in above)
        self.drafts.append(Draft(first.place, year, unit_of(above) or unit, whole=whole))

    def _read_rows(self, grid: Grid) -> None:
        self._columns, self._rows = len(grid.lefts), grid.matrix()
        head: Row | None = None
        for number, row in enumerate(self._rows):
            cells = [cell for cell in dict.fromkeys(filter(None, row)) if cell.row == number]
            if head is not None and any(settled := [one.settled(head, row) for one in self._headers]):
                self._headers = tuple(new or old for new, old in zip(settled, self._headers, strict=True))
            elif headers := headers_of(row):
                self._headers, head = headers, row
                continue
            elif heads := money_columns(row):
                self._money = heads
            elif heads := source_columns(cells):
                self._sources = heads
            elif any(_is_name(cell) for cell in cells) and (self._headers or self.drafts[-1].name):
                before = self.drafts[-1]
                self._forget()
                self.drafts.append(Draft(cells[0].place, before.year, before.unit))
                self._read_labels(cells)
            elif self._headers and is_number_row(cells):
                pass
            elif self._headers:
                for header in self._headers:
                    self._read_indicator(header, row)
            else:
                self._read_labels(cells)
            head = None

    def _read_labels(self, cells: Sequence[Cell]) -> None:
        draft = self.drafts[-1]
        for cell in cells:
            text = squeeze(cell.text)
            if draft.year is None and len(cells) == 1:
                draft.year = year_of(text) or year_of_title(text)
            if self._sources and project_form().total_row.fullmatch(text):
                draft.printed |= {name: self._text(cell.row, column) for name, column in self._sources.items()}
            if label := project_form().label_of(text):
                if label.money and self._money:
                    self._read_sums(label, self._rows[cell.row])
                    continue
                value = self._value(cell)
                self._waiting = None if value or label.money else label
                draft.put(label, value.text if value else "")

    def _read_sums(self, label: FormWord, row: Row) -> None:
        """The sums right of a label: what was planned, and of the whole what it became and what was spent."""
        texts = {name: cell.text for name, column in self._money.items() if (cell := row[column])}
        draft = self.drafts[-1]
        draft.put(label, texts.get("planned") or texts.get("adjusted", ""))
        if label.name == "requested":
            for name in ("adjusted", "executed"):
                draft.printed.setdefault(name, texts.get(name, ""))

    def _value(self, label: Cell) -> Cell | None:
        """The cell that a label speaks of; None for one that stands at the side of further labels."""
        for row, column in ((label.row, label.column + label.column_span), (label.row + label.row_span, label.column)):
            if row >= len(self._rows) or column >= self._columns:
                continue
            cell = self._rows[row][column]
            if cell is None or _heads_levels(cell) or squeeze(cell.text) in project_form().levels.side:
                continue
            if project_form().label_of(squeeze(cell.text)) is None:
                return cell
            if label.row_span > 1:
                return None
        return None

    def _text(self, row: int, column: int) -> str:
        cell = self._rows[row][column]
        return cell.text if cell else ""

    def _read_indicator(self, header: IndicatorHeader, row: Row) -> None:
        cells = {name: row[column] for name, column in header.columns.items()}
        texts = {name: without_space(cell.text) if cell else "" for name, cell in cells.items()}
        name, target = cells["level3"], cells.get("target")
        if name is None or not texts["level3"] or name is cells.get("level1") or name is target:
            return
        draft = self._of_project(texts.get("project", ""), cells.get("project"))
        if "project" in cells:
            _say_of_project(draft, texts)
        level1, level2 = self._levels(texts)
        printed = texts.get("target") or None
        operator, value, unit = read_target(printed or "", texts.get("operator", ""), texts.get("unit", ""))
        draft.indicators.append(
            PerformanceIndicator(
                project=0,
                number=len(draft.indicators) + 1,
                levels=(level1, level2, texts["level3"]),
                operator=operator,
                value=value,
                unit=unit,
                printed=printed,
                actual=texts.get("actual") or None,
                weight=read_points(texts.get("weight", "")),
                score=read_points(texts.get("score", "")),
                place=target.place if target is not None and printed else name.place,
                long_term=header.long_term,
            )
        )

    def _levels(self, texts: dict[str, str]) -> tuple[str | None, str | None]:
        """The first two names of a row; where a page parts a merged name from its rows, the one before it."""
        level1, level2 = texts.get("level1") or None, texts.get("level2") or None
        if level1 is None:
            level2 = level2 or self._above[1]
        self._above = level1 or self._above[0], level2
        return self._above

    def _of_project(self, name: str, cell: Cell | None) -> Draft:
        """The draft of the project that a row names; the last one where no column names any."""
        last = self.drafts[-1]
        if cell is None or not name or name == last.name:
            return last
        if last.name is None and not last.indicators:
            last.facts["name"], last.place = name, cell.place
            return last
        self.drafts.append(Draft(cell.place, last.year, last.unit, {"name": name}))
        return self.drafts[-1]


def _say_of_project(draft: Draft, texts: dict[str, str]) -> None:
    """Keep what the columns beside the indicators say of their project."""
    for column, fact in (("project_unit", "unit"), ("project_goal", "annual_goal")):
        if texts.get(column):
            draft.facts.setdefault(fact, texts[column])
    if texts.get("project_amount"):
        draft.printed.setdefault("requested", texts["project_amount"])


def _names_projects(headers: Sequence[IndicatorHeader]) -> bool:
    return any("project" in header.columns for header in headers)


def _heads_levels(cell: Cell) -> bool:
    return project_form().column_of(squeeze(cell.text)) in ("level1", "level2", "level3")


def _is_name(cell: Cell) -> bool:
    label = project_form().label_of(squeeze(cell.text))
    return label is not None and label.name == "name"
