"""Workbook (xlsx, xls, xlsb) → blocks, read by calamine behind a check of the archive.

Calamine reads a workbook many times faster than openpyxl and knows merged ranges, but aborts on sheets whose cells lie
absurdly far apart and on archives that unfold to gigabytes; both are refused before it sees them. Numbers come as
floats; fifteen digits are what a spreadsheet keeps, so a text of fifteen digits is what the cell says, unless its
format shows something else (see `xlsx_details`, `xls_details`). What nobody sees is left out and said.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.number_formats import UNKNOWN_SCALE
from analysis.extraction.formats.sheet_details import SheetDetails
from analysis.extraction.formats.worksheet import Worksheet, cell_name, sheet_to_blocks
from analysis.extraction.formats.xls_damage import damaged_sheets
from analysis.extraction.formats.xls_details import read_xls_details
from analysis.extraction.formats.xlsx_details import read_xlsx_details
from analysis.extraction.layout.blocks import Block, Blocks

_CODE_DIGITS = 7
_UNKNOWN_DETAILS = (
    "此种工作簿的隐藏行列和数字格式无法核对，数字按存储的值读取；如有疑问，请另存为 xlsx 后再放入。"
    " / Hidden rows and number formats of such a workbook are not known; its numbers were read as they are stored."
)
_DAMAGED = (
    "工作簿有 {0} 张工作表的数据已损坏，可能缺字缺数；请重新下载，或用 Excel 打开、另存后再放入。"
    " / {0} sheets have damaged records, text or figures may be missing; download it again or save it anew by Excel."
)

Value = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(path: Path) -> Blocks:
    """The visible sheets of a workbook, each as text lines and grids.

    Raises:
        UnreadableFileError: it is damaged, encrypted, or no workbook.
    """
    details = read_xlsx_details(path) or read_xls_details(path)
    blocks: list[Block] = []
    damaged = damaged_sheets(path)
    problems: list[str] = [_DAMAGED.format(damaged)] if damaged else []
    notes: list[str] = [] if details else [_UNKNOWN_DETAILS]
    try:
        # From an open file, because from a path calamine would believe the ending.
        with _Panics(), path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
            visible = [meta.name for meta in sheets if meta.visible == calamine.SheetVisibleEnum.Visible]
            hidden = [meta.name for meta in sheets if meta.name not in visible]
            notes += _said_of_hidden_sheets([name for name in hidden if book.get_sheet_by_name(name).to_python()])
            for number, name in enumerate(visible, 1):
                own = details.get(name, SheetDetails())
                sheet, values = _to_sheet(book.get_sheet_by_name(name), name, number, own)
                blocks += sheet_to_blocks(sheet)
                problems += _said_of_dates(sheet, values)
                problems += _said_of_cells(sheet, own)
                problems += _said_of_covered_cells(sheet)
                notes += _said_of_hidden_cells(sheet, values, own)
    except (calamine.CalamineError, calamine.PasswordError, OSError, ValueError) as error:
        raise UnreadableFileError(
            "工作簿无法打开，可能已损坏、加密或不是 Excel 工作簿；请用 Excel 另存后再放入。"
            f" / The workbook cannot be opened: {error}; save it anew by Excel."
        ) from error
    return Blocks(tuple(blocks), pages=len(visible), problems=tuple(problems), notes=tuple(notes), damaged=damaged > 0)


class _Panics:
    """Turns a panic of calamine, which no module names and which is no `Exception`, into an error of the file."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise ValueError(str(error)) from error


def _to_sheet(
    sheet: calamine.CalamineSheet, name: str, number: int, details: SheetDetails
) -> tuple[Worksheet, Sequence[Sequence[Value]]]:
    """The sheet as it is shown, and the values behind it."""
    values = sheet.to_python(skip_empty_area=False)
    texts = [[_text(value) for value in row] for row in values]
    merged = {start: end for start, end in (sheet.merged_cell_ranges or []) if start[0] < len(values)}
    for (row, column), text in details.shown.items():
        _write(texts, row, column, text)
    for row, column in list(_hidden(texts, details)):
        bottom, right = merged.get((row, column), (row, column))
        if all(r in details.hidden_rows for r in range(row, bottom + 1)) or all(
            c in details.hidden_columns for c in range(column, right + 1)
        ):
            texts[row][column] = ""
    return Worksheet(name, number, texts, merged), values


def _write(texts: list[list[str]], row: int, column: int, text: str) -> None:
    """Put a text in its cell; calamine leaves out rows and columns at the end that it takes for blank."""
    while len(texts) <= row:
        texts.append([])
    texts[row] += [""] * (column + 1 - len(texts[row]))
    texts[row][column] = text


def _hidden(texts: Sequence[Sequence[str]], details: SheetDetails) -> Iterator[tuple[int, int]]:
    """The filled cells in hidden rows or columns."""
    for row, cells in enumerate(texts):
        columns = range(len(cells)) if row in details.hidden_rows else details.hidden_columns
        yield from ((row, column) for column in columns if column < len(cells) and cells[column].strip())


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        text = format(value, ".15g")
        return text if "e" not in text else format(value, ".2f")
    return str(value)


def _said_of_hidden_sheets(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"隐藏的工作表未读取：{'、'.join(names)}。 / Hidden sheets were left out: {len(names)}."]


def _said_of_hidden_cells(sheet: Worksheet, values: Sequence[Sequence[Value]], details: SheetDetails) -> list[str]:
    filled = [(row, column) for row, column in _hidden([[str(value) for value in row] for row in values], details)]
    if not filled:
        return []
    rows = sorted({row + 1 for row, _ in filled if row in details.hidden_rows})
    columns = sorted({column for row, column in filled if row not in details.hidden_rows})
    where = [f"第 {'、'.join(map(str, rows))} 行"] if rows else []
    where += [f"{'、'.join(cell_name(0, column)[:-1] for column in columns)} 列"] if columns else []
    return [
        f"工作表“{sheet.name}”中隐藏的{'、'.join(where)}未读取。"
        f" / Hidden rows and columns of the sheet were left out: {len(rows)} and {len(columns)}."
    ]


def _said_of_cells(sheet: Worksheet, details: SheetDetails) -> list[str]:
    """A word on cells that show no figure where they should."""
    unscaled = [position for position, text in details.shown.items() if text == UNKNOWN_SCALE]
    kinds = (
        (details.lost, "个公式没有保存计算结果；请用 Excel 打开、保存后再放入", "formulas have no saved result"),
        (details.errors, "个单元格显示错误值（如 #REF!）", "cells show an error"),
        (unscaled, "个数字的显示单位随大小而变，未读取", "numbers are shown in a scale that depends on their size"),
    )
    return [
        f"工作表“{sheet.name}”有 {len(cells)} {chinese}，如 {cell_name(*cells[0])}。"
        f" / {len(cells)} {english}, such as {cell_name(*cells[0])}."
        for cells, chinese, english in kinds
        if cells
    ]


def _said_of_covered_cells(sheet: Worksheet) -> list[str]:
    """A word on texts that stand below a merged cell: nobody sees them, and nobody would put them there."""
    covered = [
        (row, column)
        for start, (bottom, right) in sheet.merged.items()
        for row in range(start[0], min(bottom + 1, len(sheet.texts)))
        for column in range(start[1], min(right + 1, len(sheet.texts[row])))
        if (row, column) != start and sheet.texts[row][column].strip()
    ]
    if not covered:
        return []
    return [
        f"工作表“{sheet.name}”的合并单元格盖住了 {len(covered)} 个有内容的单元格，如 {cell_name(*covered[0])}，未读取；"
        "请取消合并后核对。"
        f" / {len(covered)} cells lie below merged ones and were not read, such as {cell_name(*covered[0])}."
    ]


def _said_of_dates(sheet: Worksheet, values: Sequence[Sequence[Value]]) -> list[str]:
    """A word on dates in columns of codes: a spreadsheet takes 6-1 for a day in June, and the code is lost."""
    dates: dict[int, list[int]] = {}
    codes: dict[int, int] = {}
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                dates.setdefault(column, []).append(row)
            elif _is_code(sheet.texts[row][column]):
                codes[column] = codes.get(column, 0) + 1
    eaten = [(rows[0], column, len(rows)) for column, rows in dates.items() if codes.get(column, 0) > len(rows)]
    return [
        f"工作表“{sheet.name}”的编码列有 {count} 个日期，如 {cell_name(row, column)}，"
        "编码已被表格软件改成日期，无法还原；请改为文本后再放入。"
        f" / {count} codes were turned into dates, such as {cell_name(row, column)}; write them as text."
        for row, column, count in eaten
    ]


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _CODE_DIGITS
