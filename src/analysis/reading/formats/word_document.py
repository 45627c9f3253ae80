"""Text document (docx) → blocks, by lxml: paragraphs are lines, tables are grids.

Entities are never resolved. Merged cells are spelled out (gridSpan and vMerge) and placed by position.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.reading.formats.archive import ARCHIVE_ERRORS
from analysis.reading.layout.blocks import Block, Blocks, Grid
from analysis.reading.layout.spanned_rows import SpannedCell, read_span, rows_to_grid, text_to_lines

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: Path) -> Blocks:
    """The body of a Word document.

    Raises:
        UnreadableFileError: it is damaged, or its XML declares entities.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("word/document.xml")
        if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
            raise UnreadableFileError(
                "文件含有实体声明，未读取；请用 Word 另存后再放入。"
                " / The document declares entities; it was not opened: save it anew by Word."
            )
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (*ARCHIVE_ERRORS, KeyError, etree.XMLSyntaxError, OSError) as error:
        raise UnreadableFileError(
            "Word 文档已损坏或加密，无法打开；请重新下载或另存。"
            " / The Word document is damaged or encrypted; download it again or save it anew."
        ) from error
    body = root.find(f"{_W}body")
    blocks: list[Block] = []
    for child in body if body is not None else ():
        if child.tag == f"{_W}tbl":
            number = 1 + sum(isinstance(block, Grid) for block in blocks)
            blocks.append(rows_to_grid([list(_row(row)) for row in child.findall(f"{_W}tr")], number))
        else:
            blocks += text_to_lines(_text_of(child))
    return Blocks(tuple(blocks), pages=0)


def _text_of(element: etree._Element) -> str:
    parts = []
    for node in element.iter(f"{_W}t", f"{_W}br", f"{_W}tab", f"{_W}p"):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        else:
            parts.append("\n")
    return "".join(parts).strip("\n")


def _row(row: etree._Element) -> Iterator[SpannedCell]:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    for _ in range(_number(before)) if before is not None else ():
        yield SpannedCell("")
    for cell in row.findall(f"{_W}tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        continues = merge is not None and merge.get(f"{_W}val") != "restart"
        columns = max(1, _number(span)) if span is not None else 1
        yield SpannedCell(_text_of(cell), columns, continues=continues)


def _number(element: etree._Element) -> int:
    return read_span(element.get(f"{_W}val") or "1")
