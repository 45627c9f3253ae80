"""A user's official list of codes: a csv or a workbook, in the columns of the books or as ministries print lists.

A list needs a column of codes and one of names; the first row that has both heads it. Levels follow from the codes.
What the list does not say of years is open, and its evidence is that it is official.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import python_calamine as calamine

from analysis.errors import KnowledgeError
from analysis.terms.code import Scheme, level_of
from analysis.terms.code_book import CodeEntry, Evidence

_CODES = ("code", "编码", "科目编码", "科目代码", "功能科目编码", "经济科目编码")
_NAMES = ("name", "名称", "科目名称", "功能科目名称", "经济科目名称")
_FIRST_DIGIT = {scheme.first_digit: scheme for scheme in Scheme if scheme.first_digit}
_WORKBOOKS = (".xlsx", ".xls", ".xlsb")


def read_official(path: Path) -> tuple[CodeEntry, ...]:
    """The entries of a user's list.

    Raises:
        KnowledgeError: it cannot be read, has no columns of codes and names, or a code is none; file and row are named.
    """
    rows = [[str(cell).strip() for cell in row] for row in _rows(path)]
    head = next((at for at, row in enumerate(rows) if _column(row, _CODES) is not None), None)
    if head is None or _column(rows[head], _NAMES) is None:
        raise KnowledgeError(
            f"{path}: no row heads a column of codes (code, 科目编码) and one of names (name, 科目名称)"
        )
    columns = {name: at for at, name in enumerate(rows[head])}
    code_at, name_at = _column(rows[head], _CODES), _column(rows[head], _NAMES)
    found = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if not any(row):
            continue
        cells = [*row, *[""] * (len(columns) - len(row))]
        code, name = cells[code_at or 0].removesuffix(".0"), cells[name_at or 0]
        scheme = _FIRST_DIGIT.get(code[:1])
        level = level_of(code, scheme) if scheme is not None and code.isascii() and code.isdigit() else None
        if scheme is None or level is None or not name:
            raise KnowledgeError(f"{path}, row {number}: {code!r} {name!r} is no code with a name")
        since, until = (_year(path, number, cells[columns[one]] if one in columns else "") for one in ("from", "until"))
        evidence = cells[columns["evidence"]] if "evidence" in columns else Evidence.OFFICIAL.value
        if evidence not in list(Evidence):
            raise KnowledgeError(f"{path}, row {number}: evidence {evidence!r} is none of {', '.join(Evidence)}")
        source = cells[columns["source"]] if "source" in columns else path.name
        found.append(CodeEntry(scheme, code, name, level, since, until, source or path.name, Evidence(evidence)))
    if not found:
        raise KnowledgeError(f"{path}: no entries")
    return tuple(found)


def _rows(path: Path) -> Iterable[Sequence[object]]:
    try:
        if path.suffix.lower() in _WORKBOOKS:
            with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
                return [row for name in book.sheet_names for row in _cells(book, name)]
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error, calamine.CalamineError) as error:
        raise KnowledgeError(f"{path}: cannot be read as a list of codes: {error}") from error


def _cells(book: calamine.CalamineWorkbook, name: str) -> Iterator[list[object]]:
    for row in book.get_sheet_by_name(name).to_python():
        yield [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]


def _column(row: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for at, cell in enumerate(row) if cell in names), None)


def _year(path: Path, number: int, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise KnowledgeError(f"{path}, row {number}: {text!r} is no year of four digits")
    return int(text)


def official_list(folder: Path) -> tuple[CodeEntry, ...]:
    """The entries of the list that a user put into a folder as codes.csv or codes.xlsx; none where there is none.

    Raises:
        KnowledgeError: as `read_official`.
    """
    found = next((path for ending in (".csv", *_WORKBOOKS) if (path := folder / f"codes{ending}").is_file()), None)
    return () if found is None else read_official(found)
