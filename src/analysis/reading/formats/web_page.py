"""Web page (html) → blocks, by lxml: block elements are lines, tables are grids.

Nothing is fetched. Merged cells are spelled out (colspan and rowspan) and placed by position. A table around other
tables is layout, not a table.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from analysis.errors import UnreadableFileError
from analysis.reading.formats.encodings import decode
from analysis.reading.layout.blocks import Block, Blocks, Grid
from analysis.reading.layout.spanned_rows import SpannedCell, read_span, rows_to_grid, text_to_lines

_BLOCK_TAGS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "tr", "br", "title", "section"}


def read_html(path: Path) -> Blocks:
    """The body of a web page.

    Raises:
        UnreadableFileError: it has no content, or its encoding is not known.
    """
    text = decode(path.read_bytes())
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFileError(f"网页没有内容。 / The web page has no content: {error}") from error
    for hidden in root.xpath("//script|//style|//noscript|//template"):
        hidden.drop_tree()
    blocks: list[Block] = []
    for piece in _pieces(root):
        if isinstance(piece, str):
            blocks += text_to_lines(piece)
        else:
            number = 1 + sum(isinstance(block, Grid) for block in blocks)
            rows = [row for row in piece.iter("tr") if next(row.iterancestors("table")) is piece]
            blocks.append(rows_to_grid([list(_row(row)) for row in rows], number))
    return Blocks(tuple(blocks), pages=0)


def _pieces(element: html.HtmlElement) -> Iterator[str | html.HtmlElement]:
    """Texts, one per block element, and tables that hold no other table, in order."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "table" and element.find(".//table") is None:
        yield element
        return
    text: list[str] = [element.text or ""]
    for child in element:
        inner = [""] if child.tag == "br" else list(_pieces(child))
        if child.tag in _BLOCK_TAGS or any(not isinstance(piece, str) for piece in inner):
            yield "".join(text)
            yield from inner
            text = []
        else:
            text += [piece for piece in inner if isinstance(piece, str)]
        text.append(child.tail or "")
    yield "".join(text)


def _row(row: html.HtmlElement) -> Iterator[SpannedCell]:
    for cell in row:
        if cell.tag in {"td", "th"}:
            text = "".join(cell.itertext()).replace("\n", " ").strip()
            yield SpannedCell(text, _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: html.HtmlElement, name: str) -> int:
    return max(1, read_span(cell.get(name, "1").strip()))
