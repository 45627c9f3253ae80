"""Sets a book as a web page: one HTML file with a table for each of the nine, spans as in print.

The text stands in paragraphs. A truth cell's reference names the table by its number and the cell by the column and
row in which it begins, such as ``T3!C12``.
"""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path

from typesetter.book import Book, Section, Truth, narrative_truth
from typesetter.grids import Cell, Grid, drawn_grids, grids_of
from typesetter.matter import lines_of_matter, matter_of
from typesetter.quirks import Quirks
from typesetter.workbook import reference

STYLE = "table{border-collapse:collapse}td{border:1px solid #000;padding:2px 6px}h1,h2{text-align:center}"


def set_html(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """Write the book to `path`; returns its truth with references."""
    matter = matter_of(book, quirks)
    title = matter.cover[0]
    grids = grids_of(book, quirks)
    parts = [f"<h1>{escape(title)}</h1>", _paragraph(matter.cover[1]), *_sections(book, matter.before)]
    for grid in grids:
        parts += _table(grid)
    parts += _sections(book, matter.after)
    for grid in drawn_grids(book):
        parts += _table(grid)
    body = "\n".join(parts)
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n",
        encoding="utf-8",
    )
    return referenced_truth(book, grids)


def referenced_truth(book: Book, grids: tuple[Grid, ...]) -> tuple[Truth, ...]:
    """The truth of a file without pages: the tables' cells by reference, the text's items without a place."""
    in_text = (truth for item in book.items for truth in narrative_truth(item, book.year))
    in_tables = (
        replace(cell.truth, cell=reference(f"T{number}", cell.row, cell.column))
        for number, grid in enumerate(grids, start=1)
        for cell in grid.cells
        if cell.truth is not None
    )
    return (*in_text, *in_tables)


def rows_of(grid: Grid) -> list[list[Cell]]:
    """The cells of a grid row by row, each where it begins."""
    ordered = sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
    return [list(cells) for _, cells in groupby(ordered, key=lambda cell: cell.row)]


def _sections(book: Book, sections: tuple[Section, ...]) -> Iterator[str]:
    for text, head, _ in lines_of_matter(book, sections):
        yield f"<h2>{escape(text)}</h2>" if head else _paragraph(text)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(grid: Grid) -> list[str]:
    number = [_paragraph(grid.number)] if grid.number else []
    above = [*number, f"<h2>{escape(grid.title)}</h2>", _paragraph(" ".join(grid.captions))] if grid.title else []
    rows = ("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows_of(grid))
    below = [_paragraph(grid.note)] if grid.note else []
    return [*above, "<table>", *rows, "</table>", *below]


def _cell(cell: Cell) -> str:
    spans = f' rowspan="{cell.rows}"' * (cell.rows > 1) + f' colspan="{cell.columns}"' * (cell.columns > 1)
    return f'<td{spans} style="text-align:{cell.align}">{escape(cell.text)}</td>'
