"""Read documents → the rows of the dataset's tables.

Identifiers are made from content alone: a document's from its bytes, an organisation's from its name. So they stay when
the folder moves and when other files come.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from analysis.terms.code import Scheme
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.line_item import Figure, LineItem, NarrativeItem, Phase, Place, Placement, RowRole, Side

Row = dict[str, object]


def identifier(text: str) -> str:
    """A short stable identifier of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cover_row(cover: Cover) -> Row:
    """The columns that say whose document it is, of which year and kind."""
    return {
        "kind": cover.kind,
        "level": cover.level,
        "organisation": cover.organisation,
        "organisation_id": identifier(cover.organisation) if cover.organisation else None,
        "document_year": cover.year,
    }


def line_item_rows(document: ReadDocument, document_id: str, source_file: str) -> Iterator[Row]:
    """The line items of a document, tables first, then the amounts that its text states."""
    head = {"document_id": document_id, "source_file": source_file, **cover_row(document.cover)}
    for item in document.line_items:
        yield head | _line_item(item)
    for stated in document.narrative:
        yield from (head | row for row in _stated_amounts(stated, document.cover))


def _line_item(item: LineItem) -> Row:
    row, column = item.row, item.column
    return {
        "fiscal_year": item.fiscal_year,
        "phase": column.phase,
        "table": row.table,
        "row_number": row.number,
        "side": column.side,
        "scheme": row.scheme,
        "code": row.code,
        "printed_code": row.printed_code,
        "name": row.name,
        "parent_code": row.parent_code,
        "code_level": row.code_level,
        "row_role": row.role,
        "measure": column.measure,
        "printed_unit": row.unit,
        "placement": item.placement,
        **_figure(item.figure),
    }


def _stated_amounts(item: NarrativeItem, cover: Cover) -> Iterator[Row]:
    """This year's amount and last year's execution, as far as they are stated."""
    year = cover.year
    for figure, phase, back in ((item.current, Phase.APPROVED, 0), (item.prior, Phase.EXECUTED, 1)):
        if figure is None:
            continue
        yield {
            "fiscal_year": year - back if year is not None else None,
            "phase": phase,
            "table": "narrative",
            "row_number": item.number,
            "side": Side.EXPENDITURE,
            "scheme": Scheme.FUNCTIONAL,
            "code": item.printed_code,
            "printed_code": item.printed_code,
            "name": item.item_name,
            "parent_code": item.printed_code[:5] if item.printed_code else None,
            "code_level": 3 if item.printed_code else None,
            "row_role": RowRole.DETAIL,
            "measure": "total",
            "printed_unit": figure.unit,
            "placement": Placement.PRINTED,
            **_figure(figure),
        }


def _figure(figure: Figure) -> Row:
    return {"amount": figure.amount, "printed": figure.printed, **figure.place.columns()}


def narrative_rows(document: ReadDocument, document_id: str, source_file: str) -> Iterator[Row]:
    """The numbered items of a document's text, everything that they state."""
    for item in document.narrative:
        yield {
            "document_id": document_id,
            "source_file": source_file,
            "item": item.number,
            "class_name": item.class_name,
            "section_name": item.section_name,
            "item_name": item.item_name,
            "printed_code": item.printed_code,
            **_stated("current", item.current),
            **_stated("arranged", item.arranged),
            **_stated("prior", item.prior),
            "change_percent": item.change_percent.quantize(Decimal("0.0001"))
            if item.change_percent is not None
            else None,
            "direction": item.direction,
            "sentence": item.sentence,
            **_where(item.place),
        }


def passage_rows(document: ReadDocument, document_id: str, source_file: str) -> Iterator[Row]:
    """The paragraphs of a document's text."""
    for passage in document.passages:
        place = passage.place
        yield {
            "document_id": document_id,
            "source_file": source_file,
            "number": passage.number,
            "text": passage.text,
            "x0": place.x0,
            "top": place.top,
            "x1": place.x1,
            "bottom": place.bottom,
            **_where(place),
        }


def _stated(name: str, figure: Figure | None) -> Row:
    return {name: figure.amount if figure else None, f"{name}_printed": figure.printed if figure else None}


def _where(place: Place) -> Row:
    return {"page": place.page, "line": place.line}
