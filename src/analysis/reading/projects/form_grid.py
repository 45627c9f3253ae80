"""A drawn form of performance goals → projects with their indicators.

The upper part is labels, each with its value to the right, or below where another label stands there; the lower part
is a table of indicators under a header (一级指标 …). One grid may hold several forms under one another, a table with a
column of projects, or the rest of a form that began on the page before. A self-assessment has columns of money too.
"""

from collections.abc import Sequence

from analysis.knowledge.project_form import FormWord, project_form
from analysis.reading.layout.blocks import Cell, Grid
from analysis.reading.projects.drafts import Draft, year_of
from analysis.reading.projects.targets import read_points, read_target
from analysis.terms.label import squeeze, without_space
from analysis.terms.money import Unit
from analysis.terms.public_project import PerformanceIndicator

Row = Sequence[Cell | None]


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
        self._header: dict[str, int] = {}
        self._money: dict[str, int] = {}
        self._waiting: FormWord | None = None
        self._above: tuple[str | None, str | None] = None, None
        self._columns = 0
        self._rows: list[list[Cell | None]] = []

    def read(self, grid: Grid, unit: Unit | None, year: int | None) -> None:
        """Read a grid that is a form, with the money unit and the year that stand above it."""
        self._header, self._money, self._waiting = {}, {}, None
        self._above = None, None
        self._begin(grid, unit, year)
        self._read_rows(grid)

    def resume(self, grid: Grid, lines: Sequence[str]) -> bool:
        """Read a grid that begins with the columns of indicators as the rest of the form before it.

        A sheet or a page may part the two; `lines` between them are the goal that a label in the last row speaks of.
        False where the grid begins a form of its own.
        """
        header = _header_of(grid.matrix()[0])
        if not self.drafts or not header or ("project" in header) != ("project" in self._header):
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
        if not self._header or len(grid.lefts) != self._columns or is_form(grid):
            return False
        self._read_rows(grid)
        return True

    def _begin(self, grid: Grid, unit: Unit | None, year: int | None) -> None:
        units = {named for cell in grid.cells if "资金" in squeeze(cell.text) and (named := _unit_in(cell.text))}
        first = min(grid.cells, key=lambda cell: (cell.row, cell.column))
        self.drafts.append(Draft(first.place, year, units.pop() if len(units) == 1 else unit))

    def _read_rows(self, grid: Grid) -> None:
        self._columns, self._rows = len(grid.lefts), grid.matrix()
        for number, row in enumerate(self._rows):
            cells = [cell for cell in dict.fromkeys(filter(None, row)) if cell.row == number]
            if header := _header_of(row):
                self._header = header
            elif heads := _money_heads(row):
                self._money = heads
            elif any(_is_name(cell) for cell in cells) and (self._header or self.drafts[-1].name):
                self._header, self._money, self._above = {}, {}, (None, None)
                before = self.drafts[-1]
                self.drafts.append(Draft(cells[0].place, before.year, before.unit))
                self._read_labels(cells)
            elif self._header:
                self._read_indicator(row)
            else:
                self._read_labels(cells)

    def _read_labels(self, cells: Sequence[Cell]) -> None:
        draft = self.drafts[-1]
        for cell in cells:
            text = squeeze(cell.text)
            if draft.year is None:
                draft.year = year_of(text)
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
            if cell is None or _header_of([cell]) or squeeze(cell.text) in project_form().levels.side:
                continue
            if project_form().label_of(squeeze(cell.text)) is None:
                return cell
            if label.row_span > 1:
                return None
        return None

    def _read_indicator(self, row: Row) -> None:
        cells = {name: row[column] for name, column in self._header.items()}
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


def _header_of(row: Row) -> dict[str, int]:
    """The columns of indicators that a row heads; none where it heads no third level."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        if cell is not None and (name := project_form().column_of(squeeze(cell.text))):
            columns.setdefault(name, index)
    return columns if "level3" in columns and len(columns) > 1 else {}


def _money_heads(row: Row) -> dict[str, int]:
    """The columns of money that a row heads; none where it heads no sum that was spent."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        if cell is not None and (name := project_form().money_column_of(squeeze(cell.text))):
            columns.setdefault(name, index)
    return columns if "executed" in columns and len(columns) > 1 else {}


def _say_of_project(draft: Draft, texts: dict[str, str]) -> None:
    """Keep what the columns beside the indicators say of their project."""
    for column, fact in (("project_unit", "unit"), ("project_goal", "annual_goal")):
        if texts.get(column):
            draft.facts.setdefault(fact, texts[column])
    if texts.get("project_amount"):
        draft.printed.setdefault("requested", texts["project_amount"])


def _is_name(cell: Cell) -> bool:
    label = project_form().label_of(squeeze(cell.text))
    return label is not None and label.name == "name"


def _unit_in(text: str) -> Unit | None:
    words = squeeze(text)
    return Unit.named_in(words[words.index("(") :]) if "(" in words else None
