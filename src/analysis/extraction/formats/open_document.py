"""OpenDocument spreadsheet (ods) → blocks, by lxml: each cell as it is shown.

Cells hold the text that they show beside their value, so formats need no thought. Repeated rows and cells are spelled
out as far as they hold something; hidden sheets, rows and columns are left out and said. Entities are never resolved.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.extraction.formats.worksheet import Worksheet, sheet_to_blocks
from analysis.extraction.layout.blocks import Block, Blocks

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE, _STYLE = (f"{_OASIS}{name}:1.0}}" for name in ("table", "text", "office", "style"))
_UNSEEN = {"collapse", "filter"}
_GROUPS = {f"{_TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")}
_COLUMN_GROUPS = {f"{_TABLE}{name}" for name in ("table-column-group", "table-header-columns", "table-columns")}
_MAX_CELLS = 2_000_000
_MAX_COLUMNS = 16_384


def read_ods(path: Path) -> Blocks:
    """The visible sheets of a spreadsheet.

    Raises:
        UnreadableFileError: it is damaged, encrypted, declares entities, or spans absurdly many cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("content.xml")
        if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
            raise UnreadableFileError(
                "文件含有实体声明，未读取；请另存为 xlsx。 / It declares entities; save it as xlsx."
            )
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (*ARCHIVE_ERRORS, KeyError, OSError, etree.XMLSyntaxError) as error:
        raise UnreadableFileError(
            "ODS 表格已损坏或加密，无法打开；请另存为 xlsx 后再放入。"
            " / The ODS spreadsheet is damaged or encrypted; save it as xlsx."
        ) from error
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for form in style.iter(f"{_STYLE}table-properties")
        if form.get(f"{_TABLE}display") == "false"
    }
    tables = list(root.iter(f"{_TABLE}table"))
    if not tables:
        raise UnreadableFileError(
            "ODS 文件中没有工作表；请另存为 xlsx。 / The ODS file holds no sheet; save it as xlsx."
        )
    hidden = [table for table in tables if table.get(f"{_TABLE}style-name") in unseen]
    blocks: list[Block] = []
    notes = [f"隐藏的工作表未读取：{table.get(f'{_TABLE}name')}。 / A hidden sheet was left out." for table in hidden]
    for number, table in enumerate((one for one in tables if one not in hidden), 1):
        sheet, left_out = _to_sheet(table, table.get(f"{_TABLE}name") or f"Sheet{number}", number)
        blocks += sheet_to_blocks(sheet)
        if left_out:
            notes.append(
                f"工作表“{sheet.name}”中隐藏的 {left_out} 个单元格未读取。 / {left_out} hidden cells were left out."
            )
    return Blocks(tuple(blocks), pages=len(tables) - len(hidden), notes=tuple(notes))


def _to_sheet(table: etree._Element, name: str, number: int) -> tuple[Worksheet, int]:
    """The sheet, and how many filled cells of it are hidden."""
    unseen_columns = _unseen_columns(table)
    texts: list[list[str]] = []
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    blank_rows = left_out = cells = 0
    for row in _within(table, _GROUPS, f"{_TABLE}table-row"):
        line: list[str] = []
        spans: list[tuple[int, int, int]] = []
        for cell, times in _cells(row):
            text = _text(cell)
            down, across = (_count(cell, f"{_TABLE}number-{way}-spanned") for way in ("rows", "columns"))
            if down * across > 1:
                spans.append((len(line), down, across))
            line += [text] * min(times, _MAX_COLUMNS - len(line))
        times = _count(row, f"{_TABLE}number-rows-repeated")
        if not any(line):
            blank_rows += times
            continue
        if row.get(f"{_TABLE}visibility") in _UNSEEN:
            left_out, line = left_out + sum(map(bool, line)), []
        left_out += sum(bool(text) for column, text in enumerate(line) if column in unseen_columns)
        line = ["" if column in unseen_columns else text for column, text in enumerate(line)]
        cells += (blank_rows + times) * max(1, len(line))
        if cells > _MAX_CELLS:
            raise UnreadableFileError(f"工作表“{name}”过大，未读取。 / The sheet {name} is too large.")
        texts += [[] for _ in range(blank_rows)]
        blank_rows = 0
        for column, down, across in spans:
            merged[len(texts), column] = len(texts) + down - 1, column + across - 1
        texts += [list(line) for _ in range(times)]
    return Worksheet(name, number, texts, merged), left_out


def _within(element: etree._Element, groups: set[str], wanted: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag in groups:
            yield from _within(child, groups, wanted)


def _unseen_columns(table: etree._Element) -> frozenset[int]:
    unseen: set[int] = set()
    at = 0
    for column in _within(table, _COLUMN_GROUPS, f"{_TABLE}table-column"):
        times = min(_count(column, f"{_TABLE}number-columns-repeated"), _MAX_COLUMNS)
        if column.get(f"{_TABLE}visibility") in _UNSEEN:
            unseen.update(range(at, at + times))
        at += times
    return frozenset(unseen)


def _cells(row: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    for cell in row.iter(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        yield cell, _count(cell, f"{_TABLE}number-columns-repeated")


def _count(element: etree._Element, attribute: str) -> int:
    text = element.get(attribute) or "1"
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _text(cell: etree._Element) -> str:
    if cell.tag == f"{_TABLE}covered-table-cell":
        return ""
    lines = ["".join(_written(paragraph)) for paragraph in cell.iterfind(f"{_TEXT}p")]
    return "\n".join(lines) if lines else cell.get(f"{_OFFICE}value") or ""


def _written(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " "
        elif child.tag in {f"{_TEXT}line-break", f"{_TEXT}tab"}:
            yield "\n" if child.tag.endswith("break") else " "
        elif isinstance(child.tag, str) and not child.tag.startswith(_OFFICE):
            yield from _written(child)
        yield child.tail or ""
