"""Sets a book as docx: the smallest package that a word processor opens, with real tables and merged cells.

The XML is written out directly: a table of a thousand cells takes a library seconds and this a moment, and the
archive bears no date, so that the same book gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from typesetter.book import Book, Section, Truth
from typesetter.grids import Cell, Grid, drawn_grids, grids_of
from typesetter.matter import lines_of_matter, matter_of
from typesetter.quirks import Quirks
from typesetter.webpage import referenced_truth

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
LANDSCAPE = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
TWENTIETHS = 20


def set_docx(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """Write the book to `path`; returns its truth with references."""
    grids = grids_of(book, quirks)
    body = "".join(_body(book, grids, quirks))
    document = f'{HEAD}<w:document xmlns:w="{W}"><w:body>{body}{LANDSCAPE}</w:body></w:document>'
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document)
        ):  # fmt: skip
            archive.writestr(ZipInfo(name), content.encode(), ZIP_DEFLATED)
    return referenced_truth(book, grids)


def _body(book: Book, grids: tuple[Grid, ...], quirks: Quirks) -> Iterator[str]:
    matter = matter_of(book, quirks)
    for line in matter.cover:
        yield _paragraph(line, "center")
    yield from _sections(book, matter.before)
    for grid in grids:
        yield from _table(grid)
    yield from _sections(book, matter.after)
    for grid in drawn_grids(book):
        yield from _table(grid)


def _sections(book: Book, sections: tuple[Section, ...]) -> Iterator[str]:
    for text, head, _ in lines_of_matter(book, sections):
        yield _paragraph(text, "center" if head else "left")


def _paragraph(text: str, align: str = "left") -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'


def _table(grid: Grid) -> Iterator[str]:
    if grid.title:
        if grid.number:
            yield _paragraph(grid.number)
        yield _paragraph(grid.title, "center")
        yield _paragraph("    ".join(grid.captions))
    columns = "".join(f'<w:gridCol w:w="{width * TWENTIETHS}"/>' for width in grid.widths)
    rows = "".join(f"<w:tr>{''.join(_row(grid, row))}</w:tr>" for row in range(grid.rows))
    look = f"<w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>"
    yield f"<w:tbl>{look}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    yield _paragraph(grid.note)


def _row(grid: Grid, row: int) -> Iterable[str]:
    """The cells of a row; where a cell from above reaches down, its continuation stands in its place."""
    present = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.rows]
    for cell in sorted(present, key=lambda cell: cell.column):
        yield _cell(cell, grid.widths, continued=cell.row < row)


def _cell(cell: Cell, widths: tuple[int, ...], *, continued: bool) -> str:
    wide = sum(widths[cell.column : cell.column + cell.columns]) * TWENTIETHS
    across = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    down = "" if cell.rows == 1 else "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>'
    text = "" if continued else cell.text
    properties = f'<w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{across}{down}</w:tcPr>'
    return f"<w:tc>{properties}{_paragraph(text, cell.align)}</w:tc>"
