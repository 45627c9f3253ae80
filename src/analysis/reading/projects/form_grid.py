"""A drawn form of performance goals → projects with their indicators.

The upper part is labels, each with its value to the right, or below where another label stands there; the lower part
is a table of indicators under a header (一级指标 …). One grid may hold several forms under one another, a table with a
column of projects, or the rest of a form that began on the page before.
"""

from collections.abc import Sequence

from analysis.knowledge.project_form import project_form
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
        self._columns = 0
        self._rows: list[list[Cell | None]] = []

    def read(self, grid: Grid, unit: Unit | None, year: int | None) -> None:
        """Read a grid that is a form, with the money unit and the year that stand above it."""
        self._header = {}
        self._begin(grid, unit, year)
        self._read_rows(grid)

    def go_on(self, grid: Grid) -> bool:
        """Read a grid as the rest of the form before it; False where it is none."""
        if not self._header or len(grid.lefts) != self._columns or is_form(grid):
            return False
        self._read_rows(grid)
        return True

    def _begin(self, grid: Grid, unit: Unit | None, year: int | None) -> None:
        units = {named for cell in grid.cells if "资金" in cell.text and (named := _unit_in(cell.text))}
        first = min(grid.cells, key=lambda cell: (cell.row, cell.column))
        self.drafts.append(Draft(first.place, year, units.pop() if len(units) == 1 else unit))

    def _read_rows(self, grid: Grid) -> None:
        self._columns, self._rows = len(grid.lefts), grid.matrix()
        for number, row in enumerate(self._rows):
            cells = [cell for cell in dict.fromkeys(filter(None, row)) if cell.row == number]
            if header := _header_of(row):
                self._header = header
            elif any(_is_name(cell) for cell in cells) and (self._header or self.drafts[-1].name):
                self._header = {}
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
                value = self._value(cell)
                draft.put(label, value.text if value else "")

    def _value(self, label: Cell) -> Cell | None:
        """The cell that a label speaks of."""
        for row, column in ((label.row, label.column + label.column_span), (label.row + label.row_span, label.column)):
            if row >= len(self._rows) or column >= self._columns:
                continue
            cell = self._rows[row][column]
            if cell is not None and project_form().label_of(squeeze(cell.text)) is None and not _header_of([cell]):
                return cell
        return None

    def _read_indicator(self, row: Row) -> None:
        cells = {name: row[column] for name, column in self._header.items()}
        texts = {name: without_space(cell.text) if cell else "" for name, cell in cells.items()}
        name, target = cells["level3"], cells.get("target")
        if name is None or not texts["level3"] or name is cells.get("level1") or name is target:
            return
        draft = self._of_project(texts.get("project", ""), cells.get("project"))
        printed = texts.get("target") or None
        operator, value, unit = read_target(printed or "", texts.get("operator", ""), texts.get("unit", ""))
        draft.indicators.append(
            PerformanceIndicator(
                project=0,
                number=len(draft.indicators) + 1,
                levels=(texts.get("level1") or None, texts.get("level2") or None, texts["level3"]),
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


def _is_name(cell: Cell) -> bool:
    label = project_form().label_of(squeeze(cell.text))
    return label is not None and label.name == "name"


def _unit_in(text: str) -> Unit | None:
    words = squeeze(text)
    return Unit.named_in(words[words.index("(") :]) if "(" in words else None
