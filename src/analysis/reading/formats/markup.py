"""Text document (docx) and web page → blocks, by lxml: paragraphs are lines, tables are grids.

Entities are never resolved and nothing is fetched. Merged cells are spelled out by both formats (gridSpan and vMerge,
colspan and rowspan) and placed by position. A table around other tables is layout, not a table.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from analysis.errors import UnreadableFileError
from analysis.reading.formats.workbook import ARCHIVE_ERRORS, COLUMN_STEP
from analysis.reading.layout.blocks import Block, Blocks, Cell, Grid, TextLine
from analysis.terms.line_item import Place

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_CELLS = 100_000
_MAX_SPAN = 1_000
_BLOCK_TAGS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "tr", "br", "title", "section"}

# A drawn cell before it is placed: text, columns spanned, rows spanned, and whether it continues the cell above.
Raw = tuple[str, int, int, bool]


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
            blocks.append(_to_grid([list(_docx_row(row)) for row in child.findall(f"{_W}tr")], number))
        else:
            blocks += _lines(_docx_text(child))
    return Blocks(tuple(blocks), pages=0)


def _docx_text(element: etree._Element) -> str:
    parts = []
    for node in element.iter(f"{_W}t", f"{_W}br", f"{_W}tab", f"{_W}p"):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        else:
            parts.append("\n")
    return "".join(parts).strip("\n")


def _docx_row(row: etree._Element) -> Iterator[Raw]:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    for _ in range(_number(before)) if before is not None else ():
        yield "", 1, 1, False
    for cell in row.findall(f"{_W}tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        continues = merge is not None and merge.get(f"{_W}val") != "restart"
        yield _docx_text(cell), _number(span) if span is not None else 1, 1, continues


def _number(element: etree._Element) -> int:
    text = element.get(f"{_W}val") or "1"
    return min(int(text), _MAX_SPAN) if text.isdigit() else 1


def read_html(text: str) -> Blocks:
    """The body of a web page.

    Raises:
        UnreadableFileError: it has no content.
    """
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFileError(f"网页没有内容。 / The web page has no content: {error}") from error
    for hidden in root.xpath("//script|//style|//noscript|//template"):
        hidden.drop_tree()
    blocks: list[Block] = []
    for piece in _html_pieces(root):
        if isinstance(piece, str):
            blocks += _lines(piece)
        else:
            number = 1 + sum(isinstance(block, Grid) for block in blocks)
            rows = [row for row in piece.iter("tr") if next(row.iterancestors("table")) is piece]
            blocks.append(_to_grid([list(_html_row(row)) for row in rows], number))
    return Blocks(tuple(blocks), pages=0)


def _html_pieces(element: html.HtmlElement) -> Iterator[str | html.HtmlElement]:
    """Texts, one per block element, and tables that hold no other table, in order."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "table" and element.find(".//table") is None:
        yield element
        return
    text: list[str] = [element.text or ""]
    for child in element:
        inner = [""] if child.tag == "br" else list(_html_pieces(child))
        if child.tag in _BLOCK_TAGS or any(not isinstance(piece, str) for piece in inner):
            yield "".join(text)
            yield from inner
            text = []
        else:
            text += [piece for piece in inner if isinstance(piece, str)]
        text.append(child.tail or "")
    yield "".join(text)


def _html_row(row: html.HtmlElement) -> Iterator[Raw]:
    for cell in row:
        if cell.tag in {"td", "th"}:
            text = "".join(cell.itertext()).replace("\n", " ").strip()
            yield text, _span(cell, "colspan"), _span(cell, "rowspan"), False


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return max(1, min(int(text), _MAX_SPAN)) if text.isdigit() else 1


def _lines(text: str) -> list[Block]:
    return [TextLine(line.strip(), Place()) for line in text.split("\n") if line.strip()]


def _to_grid(rows: list[list[Raw]], number: int) -> Grid:
    """The cells at their positions, spans spelled out.

    Raises:
        UnreadableFileError: the spans make an absurdly large table.
    """
    taken: dict[tuple[int, int], int] = {}
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for text, across, down, continues in row:
            while (r, column) in taken:
                column += 1
            above = taken.get((r - 1, column))
            if continues and above is not None:
                index, old = above, cells[above]
                cells[index] = Cell(old.text, old.row, old.column, r - old.row + 1, old.column_span, old.place)
            else:
                index = len(cells)
                down = min(down, len(rows) - r)
                cells.append(Cell(text, r, column, down, across, Place(cell=f"表{number}!R{r + 1}C{column + 1}")))
            if len(taken) + across * down > _MAX_CELLS:
                raise UnreadableFileError(f"第 {number} 个表格过大，未读取。 / Table {number} is too large.")
            for deep in range(down if not continues else 1):
                for wide in range(across):
                    taken[r + deep, column + wide] = index
            column += across
    width = 1 + max((c for _, c in taken), default=-1)
    fitting = tuple(cell for cell in cells if cell.column < width)
    return Grid(len(rows), tuple(COLUMN_STEP * c for c in range(width)), fitting, None)
