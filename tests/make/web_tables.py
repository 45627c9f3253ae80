"""Web pages of paragraphs and tables in a few words, and what is read of them."""

from collections.abc import Callable
from pathlib import Path

from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem
from analysis.terms.printed_table import UnmappedReason
from make.books import FAMILIES

Part = str | list[str]
Reader = Callable[..., ReadDocument]
COVER = "某某市水务局2024年部门预算"


def page(*parts: Part, cover: str = COVER) -> str:
    """A web page of paragraphs and tables; a cell is parted by | from the next, {2}words spans two columns."""
    body = [f"<p>{cover}</p>"]
    for part in parts:
        if isinstance(part, str):
            body.append(f"<p>{part}</p>")
        else:
            rows = ("".join(map(_cell, row.split("|"))) for row in part)
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f"<html><body>{''.join(body)}</body></html>"


def _cell(text: str) -> str:
    span, _, words = text[1:].partition("}") if text.startswith("{") else ("1", "", text)
    return f'<td colspan="{span}">{words}</td>'


def reader(folder: Path) -> Reader:
    """Reads such a page from a file of `folder`; every money cell is a line item or kept apart."""

    def make(*parts: Part, cover: str = COVER) -> ReadDocument:
        path = folder / "one.html"
        path.write_text(page(*parts, cover=cover), encoding="utf-8")
        document = read_document(path, FAMILIES)
        assert len(document.line_items) + len(document.unmapped) == document.cells_printed
        return document

    return make


def meanings(document: ReadDocument) -> dict[str, tuple[str, str]]:
    """Table and measure of each printed amount; the amounts of a test are all different."""
    return {item.figure.printed: (item.row.table, item.column.measure) for item in document.line_items}


def apart(document: ReadDocument) -> dict[str, UnmappedReason]:
    return {cell.printed: cell.reason for cell in document.unmapped}


def item(document: ReadDocument, printed: str) -> LineItem:
    (found,) = (one for one in document.line_items if one.figure.printed == printed)
    return found
