"""Workbook (xlsx, xls) → blocks, read by calamine behind a check of the archive.

Calamine reads a workbook many times faster than openpyxl and knows merged ranges, but aborts on sheets whose cells lie
absurdly far apart and on archives that unfold to gigabytes; both are refused before it sees them. Numbers come as
floats; fifteen digits are what a spreadsheet keeps, so a text of fifteen digits is what the cell says.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from analysis.errors import UnreadableFileError
from analysis.reading.layout.blocks import COLUMN_STEP, Block, Blocks, Cell, Grid, TextLine
from analysis.terms.label import is_title_line, squeeze
from analysis.terms.line_item import Place

_PROSE = 30

Value = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(path: Path) -> Blocks:
    """The visible sheets of a workbook, each as text lines and grids.

    Raises:
        UnreadableFileError: it is damaged, encrypted, or no workbook.
    """
    try:
        # From an open file, because from a path calamine would believe the ending.
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            visible = [
                meta.name
                for meta in book.sheets_metadata
                if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            blocks: list[Block] = []
            for number, name in enumerate(visible, 1):
                blocks += _read_sheet(book.get_sheet_by_name(name), name, number)
    except (calamine.CalamineError, calamine.PasswordError, OSError, ValueError) as error:
        raise UnreadableFileError(
            "工作簿无法打开，可能已损坏、加密或不是 Excel 工作簿；请用 Excel 另存后再放入。"
            f" / The workbook cannot be opened: {error}; save it anew by Excel."
        ) from error
    return Blocks(tuple(blocks), pages=len(visible))


def _read_sheet(sheet: calamine.CalamineSheet, name: str, number: int) -> list[Block]:
    values = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = {start: end for start, end in (sheet.merged_cell_ranges or []) if start[0] < len(values)}
    blocks: list[Block] = [TextLine(name, Place(page=number, cell=name))] if is_title_line(name) else []
    rows: list[int] = []
    for index, row in enumerate(values):
        texts = [(column, text) for column, text in enumerate(row) if text.strip()]
        if len(texts) == 1 and (not rows or _is_prose(texts[0][1])):
            blocks += _grid(values, merged, rows, name, number)
            rows = []
            column, text = texts[0]
            blocks += [TextLine(line, _place(name, number, index, column)) for line in text.split("\n") if line.strip()]
        elif texts or rows:
            rows.append(index)
    return blocks + _grid(values, merged, rows, name, number)


def _is_prose(text: str) -> bool:
    words = squeeze(text)
    return len(words) > _PROSE or words.endswith("。") or is_title_line(text)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        text = format(value, ".15g")
        return text if "e" not in text else format(value, ".2f")
    return str(value)


def _place(name: str, number: int, row: int, column: int) -> Place:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return Place(page=number, cell=f"{name}!{letters}{row + 1}")


def _grid(
    values: list[list[str]],
    merged: dict[tuple[int, int], tuple[int, int]],
    rows: list[int],
    name: str,
    number: int,
) -> list[Block]:
    """The rows as one grid; trailing blank rows are left out."""
    while rows and not any(text.strip() for text in values[rows[-1]]):
        rows = rows[:-1]
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    width = max((c + 1 for r in rows for c, text in enumerate(values[r]) if text.strip()), default=0)
    covered = {
        (r, c)
        for (top, left), (bottom, right) in merged.items()
        for r in range(max(top, first), min(bottom, last) + 1)
        for c in range(left, min(right, width - 1) + 1)
        if (r, c) != (top, left)
    }
    cells = []
    for row in range(first, last + 1):
        for column in range(width):
            if (row, column) in covered:
                continue
            bottom, right = merged.get((row, column), (row, column))
            text = values[row][column] if column < len(values[row]) else ""
            spans = min(bottom, last) - row + 1, min(right, width - 1) - column + 1
            cells.append(Cell(text.strip(), row - first, column, *spans, _place(name, number, row, column)))
    lefts = tuple(COLUMN_STEP * column for column in range(width))
    return [Grid(last - first + 1, lefts, tuple(cells), number)]
