"""Which cells of a table print money, found without knowing any form.

A money cell is one whose text is an amount and that is neither a code, nor an ordinal (序号, 行次), nor the number of a
column (栏次 1 2 3). This is the count that everything read is held against: each of these cells ends as a line item or
is kept with the reason why it is none.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from analysis.extraction.layout.blocks import Cell
from analysis.terms.label import squeeze
from analysis.terms.money import Unit, parse_amount

Rows = Sequence[Sequence[Cell | None]]
Amounts = Mapping[tuple[int, int], Decimal]
"""The money cells of some rows: row and column where each begins, with the number that it prints."""

_NUMBERED = re.compile(r"(?:编码|代码|编号|序号|行次|栏次)(?:\(.*\))?$|^[类款项]$|^类款项$|科目$|(?:功能|经济)分类$")
_BARE = re.compile(r"\d[\d ]*")
_DOTTED_CODE = re.compile(r"\d{3}(?:[.．]\d{1,2})?")
_YEAR = re.compile(r"20\d{2}")
_NUMBERING = re.compile(r"[栏行]次|[类款项*甲乙丙丁]{1,3}|-+")
_FORMULA, _LETTERED = re.compile("公式|算式|关系式|[栏行]次"), re.compile("([A-Z])(?:=[(（A-Z)）+＋－-]+)?")
_COLUMN_NUMBER = re.compile(r"(\d{1,2})(?:=[(（]?\d{1,2}(?:[-+＋－()（）….]*\d{1,2})*[)）]?)?")
_NUMBERING_WORD = re.compile("[栏行]次")
_FEWEST_NUMBERED = 3
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_COLUMNS = 100


def anchored(rows: Rows, number: int) -> list[Cell]:
    """The cells that begin in the row, each once."""
    above = rows[number - 1] if number else ()
    return [
        cell
        for column, cell in enumerate(rows[number])
        if cell is not None and cell.column == column and not (column < len(above) and above[column] is cell)
    ]


def numbered_columns(rows: Rows) -> frozenset[int]:
    """The columns under a header of codes or ordinals: their bare digits are no money.

    A head over several columns (按功能分类 over 项目 and 预算数) leaves it to the words below it what each of them is.
    """
    found = set()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None or column in found or not _NUMBERED.search(squeeze(cell.text)):
                continue
            if cell.column_span == 1 or not _is_head(_below(rows, number, column)):
                found.add(column)
    return frozenset(found)


def _below(rows: Rows, number: int, column: int) -> str:
    """The text of the next cell below one."""
    own = rows[number][column]
    others = (row[column] for row in rows[number + 1 :] if column < len(row) and row[column] is not own)
    return next((squeeze(cell.text) for cell in others if cell is not None), "")


def _is_head(text: str) -> bool:
    return bool(text) and not any(char.isdigit() for char in text) and not _NUMBERED.search(text)


def is_numbering(texts: Sequence[str]) -> bool:
    """Whether the squeezed texts of a row only number the columns: 栏次 1 2 3, ** ** 1=2+3 2 3, or a bare 1 2 3.

    Letters number them as well: 公式 A=B+C B C.
    """
    filled = [text for text in texts if text]
    letters = [match[1] for text in filled if (match := _LETTERED.fullmatch(text)) is not None]
    if letters:
        others = [text for text in filled if not _LETTERED.fullmatch(text)]
        return letters == list(_ALPHABET[: len(letters)]) and len(letters) > 1 and all(map(_FORMULA.fullmatch, others))
    digits = {text: match[1] for text in filled if (match := _COLUMN_NUMBER.fullmatch(text)) is not None}
    if not digits or any(text not in digits and not _NUMBERING.fullmatch(text) for text in filled):
        return False
    numbers = [int(digits[text]) for text in filled if text in digits]
    if any(_NUMBERING_WORD.fullmatch(text) for text in filled):
        return max(numbers) < _MOST_COLUMNS
    return len(numbers) >= _FEWEST_NUMBERED and numbers == list(range(1, len(numbers) + 1))


def money_cells(rows: Rows, numbered: frozenset[int], unit: Unit | None = None) -> dict[tuple[int, int], Decimal]:
    """The money cells of a table's rows.

    Args:
        rows: The rows, with a cell in every position that it spans.
        numbered: The columns of codes and ordinals, of this piece of the table or of the one before it.
        unit: That of the table; a cell that prints a unit (72,000元) is money where it is the same.
    """
    found: dict[tuple[int, int], Decimal] = {}
    dotted = _dotted_columns(rows, numbered)
    for number in range(len(rows)):
        cells = anchored(rows, number)
        amounts = [(cell, amount) for cell in cells if (amount := parse_amount(cell.text, unit)) is not None]
        if not amounts or is_numbering([squeeze(cell.text) for cell in cells]):
            continue
        for cell, amount in amounts:
            text = squeeze(cell.text)
            if cell.column in numbered and (_BARE.fullmatch(text) or cell.column in dotted):
                continue
            if not found and _YEAR.fullmatch(text):
                continue  # a year in the header
            found[number, cell.column] = amount
    return found


def _dotted_columns(rows: Rows, numbered: frozenset[int]) -> frozenset[int]:
    """The columns of codes whose numbers could all be codes with a dot between their parts: 213, 213.01."""
    printed: dict[int, list[str]] = {}
    for number in range(len(rows)):
        for cell in anchored(rows, number):
            if cell.column in numbered and parse_amount(cell.text) is not None:
                printed.setdefault(cell.column, []).append(squeeze(cell.text))
    return frozenset(column for column, texts in printed.items() if all(map(_DOTTED_CODE.fullmatch, texts)))
