"""Which columns the rows of a form head: those of indicators, those of money, and what they are counted in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.extraction.layout.blocks import Cell
from analysis.knowledge.project_form import project_form
from analysis.terms.label import squeeze
from analysis.terms.money import Unit

Row = Sequence[Cell | None]
_YEAR_HEAD = re.compile(r"(20\d\d)年?度?")


@dataclass(frozen=True, slots=True)
class IndicatorHeader:
    """The columns of indicators by their names; `long_term` where they are of a project's whole term, not of a year."""

    columns: dict[str, int]
    long_term: bool = False

    def settled(self, head: Row, below: Row) -> "IndicatorHeader | None":
        """The header with its target in the column of this year; None where the row below tells no columns apart.

        A target may stand over several columns: 前年, 上年 and 预计当年实现, or three years. Where none of them is told
        to be of this year, the header has no target.

        Args:
            head: The row of the header.
            below: The row below it.
        """
        target = head[self.columns["target"]] if "target" in self.columns else None
        if target is None or target.column_span < 2:
            return None
        parts = [cell for cell in dict.fromkeys(filter(None, below)) if cell.row > target.row and _within(cell, target)]
        if len(parts) < 2:
            return None
        form = project_form()
        now = [cell.column for cell in parts if form.this_year.fullmatch(squeeze(cell.text))]
        years = {int(match[1]): cell.column for cell in parts if (match := _YEAR_HEAD.fullmatch(squeeze(cell.text)))}
        if not now and not years and not any(form.year_before.fullmatch(squeeze(cell.text)) for cell in parts):
            return None
        columns = {name: column for name, column in self.columns.items() if name != "target"}
        if len(now) == 1:
            columns["target"] = now[0]
        elif len(years) == len(parts):
            columns["target"] = years[max(years)]
        return IndicatorHeader(columns, self.long_term)


def _within(cell: Cell, head: Cell) -> bool:
    return head.column <= cell.column < head.column + head.column_span


def headers_of(row: Row) -> tuple[IndicatorHeader, ...]:
    """The columns of indicators that a row heads; none where it heads no third level.

    A form for several years has them twice, those of the whole project at the left; the first level stands once.
    """
    parts: list[dict[str, int]] = []
    for index, cell in enumerate(row):
        if cell is None or cell is (row[index - 1] if index else None):
            continue
        name = project_form().column_of(squeeze(cell.text))
        if name is None:
            continue
        if not parts or ("level3" in parts[-1] and name in ("level1", "level2") and name in parts[-1]):
            parts.append({} if not parts or name == "level1" else {"level1": parts[0].get("level1", index)})
        parts[-1].setdefault(name, index)
    heads = [columns for columns in parts if "level3" in columns and len(columns) > 1]
    side = next((cell for cell in row if cell is not None), None)
    long_term = side is not None and project_form().long_term.search(squeeze(side.text)) is not None
    return tuple(
        IndicatorHeader(columns, long_term or number < len(heads)) for number, columns in enumerate(heads, 1)
    )  # of two the first is of the whole project


def money_columns(row: Row) -> dict[str, int]:
    """The columns of money that a row heads; none where it heads no sum that was spent."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        if cell is not None and (name := project_form().money_column_of(squeeze(cell.text))):
            columns.setdefault(name, index)
    return columns if "executed" in columns and len(columns) > 1 else {}


def source_columns(cells: Sequence[Cell]) -> dict[str, int]:
    """The columns of sources that the cells of a row head, one beside the other: 总额, 财政拨款, 其他资金."""
    found = [(label.name, cell) for cell in cells if (label := project_form().label_of(squeeze(cell.text)))]
    beside = all(one.column + one.column_span == other.column for (_, one), (_, other) in pairwise(found))
    columns = {name: cell.column for name, cell in found}
    return columns if beside and "requested" in columns and "fiscal" in columns else {}


def is_number_row(cells: Sequence[Cell]) -> bool:
    """Whether a row under a header numbers its columns: 1, 2, 3 and so on."""
    numbers = [squeeze(cell.text) for cell in cells if cell.text.strip()]
    return len(numbers) > 2 and all(
        number.isdecimal() and int(number) == int(numbers[0]) + more for more, number in enumerate(numbers)
    )


def unit_of(cells: Iterable[Cell]) -> Unit | None:
    """The one money unit that the cells above the indicators name; None where they name none, or several."""
    units = set()
    for cell in cells:
        words = squeeze(cell.text)
        for match in (project_form().unit_label.search(words), project_form().unit_caption.search(words.rstrip(")"))):
            if match:
                units.add(Unit.named_in(match["unit"]))
    return units.pop() if len(units) == 1 else None
