"""Spreadsheet in XML (Excel 2003, often named .xls) → blocks, by lxml.

Values come with the formats of their styles; merged cells, skipped cells and hidden rows are spelled out as a workbook
has them. Entities are never resolved.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.number_formats import show
from analysis.extraction.formats.worksheet import Worksheet, sheet_to_blocks
from analysis.extraction.layout.blocks import Block, Blocks
from analysis.extraction.layout.spanned_rows import read_span

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_HIDDEN_SHEETS = {"SheetHidden", "SheetVeryHidden"}
_MAX_CELLS = 2_000_000
_BUILT_IN = {"Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Currency": "#,##0.00"}


def read_spreadsheet_xml(path: Path) -> Blocks:
    """The visible sheets.

    Raises:
        UnreadableFileError: it is malformed, declares entities, or spans absurdly many cells.
    """
    data = path.read_bytes()
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise UnreadableFileError(
            "文件含有实体声明，未读取；请用 Excel 另存后再放入。"
            " / The spreadsheet declares entities; it was not opened: save it anew by Excel."
        )
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableFileError(
            f"XML 表格已损坏，无法打开；请另存为 xlsx。 / The XML spreadsheet is damaged: {error}; save it as xlsx."
        ) from error
    formats = dict(_formats(root))
    blocks: list[Block] = []
    notes: list[str] = []
    sheets = list(root.iter(f"{_SS}Worksheet"))
    hidden = [sheet for sheet in sheets if _is_hidden_sheet(sheet)]
    for number, worksheet in enumerate((one for one in sheets if one not in hidden), 1):
        name = worksheet.get(f"{_SS}Name") or f"Sheet{number}"
        sheet, unseen = _to_sheet(worksheet, name, number, formats)
        blocks += sheet_to_blocks(sheet)
        if unseen:
            notes.append(f"工作表“{name}”中隐藏的 {unseen} 行未读取。 / {unseen} hidden rows were left out.")
    if hidden:
        names = "、".join(sheet.get(f"{_SS}Name") or "" for sheet in hidden)
        notes.append(f"隐藏的工作表未读取：{names}。 / Hidden sheets were left out: {len(hidden)}.")
    return Blocks(tuple(blocks), pages=len(sheets) - len(hidden), notes=tuple(notes))


def _is_hidden_sheet(sheet: etree._Element) -> bool:
    return any(
        isinstance(one.tag, str) and etree.QName(one).localname == "Visible" and one.text in _HIDDEN_SHEETS
        for one in sheet.iter()
    )


def _formats(root: etree._Element) -> Iterator[tuple[str, str]]:
    for style in root.iter(f"{_SS}Style"):
        form = style.find(f"{_SS}NumberFormat")
        code = form.get(f"{_SS}Format") if form is not None else None
        if code:
            yield style.get(f"{_SS}ID") or "", _BUILT_IN.get(code, code)


def _to_sheet(worksheet: etree._Element, name: str, number: int, formats: Mapping[str, str]) -> tuple[Worksheet, int]:
    """The sheet, and how many rows with content are hidden."""
    texts: list[list[str]] = []
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    unseen = cells = 0
    for row in worksheet.iterfind(f"{_SS}Table/{_SS}Row"):
        at = read_span(row.get(f"{_SS}Index") or "") - 1 if row.get(f"{_SS}Index") else len(texts)
        texts += [[] for _ in range(at - len(texts))]
        line: list[str] = []
        for cell in row.iterfind(f"{_SS}Cell"):
            if index := cell.get(f"{_SS}Index"):
                line += [""] * (read_span(index) - 1 - len(line))
            while (at, len(line)) in covered:
                line.append("")
            across, down = (_merge(cell, f"{_SS}Merge{way}") for way in ("Across", "Down"))
            if across or down:
                merged[at, len(line)] = at + down, len(line) + across
                covered |= {(at + d, len(line) + a) for d in range(down + 1) for a in range(across + 1) if d}
            line += [_text(cell, formats), *[""] * across]
            cells += (1 + across) * (1 + down)
            if cells > _MAX_CELLS:
                raise UnreadableFileError(f"工作表“{name}”过大，未读取。 / The sheet {name} is too large.")
        hidden = row.get(f"{_SS}Hidden") == "1" and any(line)
        unseen += hidden
        texts.append([] if hidden else line)
    return Worksheet(name, number, texts, merged), unseen


def _merge(cell: etree._Element, attribute: str) -> int:
    text = cell.get(attribute)
    return read_span(text) if text and text != "0" else 0


def _text(cell: etree._Element, formats: Mapping[str, str]) -> str:
    data = next((one for one in cell if isinstance(one.tag, str) and etree.QName(one).localname == "Data"), None)
    if data is None:
        return cell.get(f"{_SS}Formula") or ""
    text = "".join(map(str, data.itertext()))
    if data.get(f"{_SS}Type") != "Number":
        return text
    code = formats.get(cell.get(f"{_SS}StyleID") or "")
    try:
        stored = format(float(text), ".15g")
    except ValueError:
        return text
    return (show(stored, code) if code else None) or (stored if "e" not in stored else text)
