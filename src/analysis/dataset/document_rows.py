"""Read documents → the rows of the dataset's tables.

Identifiers are made from content alone: a document's from its bytes, an organisation's from its name, and from its
region where the name does not tell it. So they stay when the folder moves and when other files come.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from analysis.dataset.row_head import Row, headed
from analysis.knowledge.body_names import short_name
from analysis.knowledge.regions import region_of
from analysis.terms.code import Scheme
from analysis.terms.document import Cover, ReadDocument, Status
from analysis.terms.line_item import Figure, LineItem, NarrativeItem, Phase, Place, Placement, RowRole, Side
from analysis.terms.money import Unit
from analysis.terms.printed_table import UnmappedReason
from analysis.terms.recognition import Certainty
from analysis.terms.statement import NO_SUBJECT, NotUnderstood, Statement, StatementRole


def identifier(text: str) -> str:
    """A short stable identifier of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def organisation_identifier(organisation: str, region: str | None = None, region_code: str | None = None) -> str:
    """The identifier of an organisation: of its name, where that says which place it belongs to; else of both.

    So two 教育局 of two counties differ, and 上海市普陀区司法局 is the same wherever its file lies.
    """
    named = region_of("".join(organisation.split()))
    name = short_name(organisation)
    name = organisation if name == "".join(organisation.split()) else name
    if named is not None and (named.code is not None or region_code is None):
        return identifier(name)
    place = region_code or region
    return identifier(name if place is None else f"{name}|{place}")


def cover_row(cover: Cover) -> Row:
    """The columns that say whose document it is, of which year and kind."""
    return {
        "kind": cover.kind,
        "level": cover.level,
        "organisation": cover.organisation,
        "organisation_id": organisation_identifier(cover.organisation) if cover.organisation else None,
        "document_year": cover.year,
    }


def reading_row(document: ReadDocument) -> Row:
    """The columns that say how the reading went.

    A document is `partial` where an official table is missing or a printed amount was not understood. Counts and
    derived figures are no amounts of the account, so they leave nothing out. Nor does a table that is no official form
    and stands beside all that are expected: its cells are kept as unmapped, and everybody can judge the official ones.
    """
    left_out = _left_out(document)
    sentences = (*document.problems, *_what_is_left_out(left_out))
    return {
        "status": Status.PARTIAL if sentences else Status.PARSED,
        "message": "；".join(sentences) or None,
        "note": "；".join(document.cover.contradictions) or None,
        "pages": document.pages or None,
        "tables": len(document.tables),
        "other_tables": document.other_tables,
        "cells_printed": document.cells_printed if document.printed_tables else None,
        "cells_understood": len(document.line_items),
        "recognised_pages": _recognised_pages(document),
        **_stated_counts(document),
        "form": document.form,
        "form_score": document.form_score,
        "half": document.half,
    }


def _recognised_pages(document: ReadDocument) -> str | None:
    """The pages that were recognised, 0 for pictures in a file without pages; None where there are none."""
    pages = sorted({place.page or 0 for place in document.readings})
    return ",".join(map(str, pages)) or None


def _stated_counts(document: ReadDocument) -> Row:
    """How many amounts the text states, how many are held against a table, and why the others are not."""
    if not document.passages:
        return {}
    amounts = [one for one in document.statements if one.unit in _MONEY or one.reason is NotUnderstood.NO_UNIT]
    reasons = Counter(reason for one in amounts if (reason := _not_compared(one)))
    note = None
    if reasons:
        zh = "、".join(f"{_NOT_COMPARED[reason][0]} {count} 个" for reason, count in sorted(reasons.items()))
        en = ", ".join(f"{count} {_NOT_COMPARED[reason][1]}" for reason, count in sorted(reasons.items()))
        note = f"{zh}。 / {en}."
    return {
        "amounts_stated": len(amounts),
        "amounts_compared": len(amounts) - reasons.total(),
        "amounts_note": note,
    }


def _not_compared(one: Statement) -> NotUnderstood | None:
    """Why an amount is held against no table; None where it is."""
    if one.reason is not None:
        return one.reason
    if one.subject is None:
        return NotUnderstood.NO_SUBJECT
    if one.role not in (StatementRole.CURRENT, StatementRole.BUDGET):
        return NotUnderstood.OTHER_YEAR
    return None if one.subject.table else NotUnderstood.NOT_IN_TABLES


_MONEY = frozenset(Unit)
_NOT_COMPARED = {
    NotUnderstood.NO_SUBJECT: ("不知所指", "of which it is not told what they are"),
    NotUnderstood.NO_ROLE: ("不知含义", "of which the meaning is not known"),
    NotUnderstood.NO_UNIT: ("没有单位", "without a unit"),
    NotUnderstood.NOT_IN_TABLES: ("各表中没有", "that no table prints"),
    NotUnderstood.OTHER_YEAR: (
        "是上年数或增减额，只与文字对照",
        "of the year before, or changes: held against the text alone",
    ),
}


def _left_out(document: ReadDocument) -> Counter[UnmappedReason]:
    reasons = Counter(cell.reason for cell in document.unmapped if cell.reason.leaves_incomplete)
    del reasons[UnmappedReason.UNKNOWN_TABLE]
    return reasons


def _what_is_left_out(reasons: Counter[UnmappedReason]) -> Iterator[str]:
    if reasons:
        zh = "、".join(f"{_WORDS[reason][0]} {count} 个" for reason, count in sorted(reasons.items()))
        en = ", ".join(f"{count} {_WORDS[reason][1]}" for reason, count in sorted(reasons.items()))
        yield (
            f"有 {reasons.total()} 个印出的金额没有读懂，原样保存在 unmapped 中：{zh}。"
            f" / {reasons.total()} printed amounts were not understood and are kept as they stand in unmapped: {en}."
        )


_WORDS = {
    UnmappedReason.UNKNOWN_COLUMN: ("所在的栏不认识", "in an unknown column"),
    UnmappedReason.NAMELESS_ROW: ("所在的行没有名称", "in a row without a name"),
    UnmappedReason.AMBIGUOUS_COLUMN: ("不能确定所在的栏", "in a column that cannot be told"),
    UnmappedReason.NO_UNIT: ("没有标明单位", "without a unit"),
}


@headed
def line_item_rows(document: ReadDocument) -> Iterator[Row]:
    """The line items of a document, tables first, then the amounts that its text states."""
    head = cover_row(document.cover)
    for item in document.line_items:
        yield head | _line_item(item)
    for stated in document.narrative:
        yield from (head | row for row in _stated_amounts(stated, document))


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
        "certainty": item.certainty,
        "readings": "\n".join(item.readings) or None,
        "outer_name": row.outer_name,
        "unit_code": row.unit_code,
        "unit_name": row.unit_name,
        **_figure(item.figure),
    }


def _stated_amounts(item: NarrativeItem, document: ReadDocument) -> Iterator[Row]:
    """This year's amount and last year's execution, as far as they are stated."""
    year = document.cover.year
    pages = {place.page for place in document.readings}
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
            "certainty": Certainty.READ if figure.place.page in pages else None,
            **_figure(figure),
        }


@headed
def unmapped_rows(document: ReadDocument) -> Iterator[Row]:
    """The printed money cells of a document that were not understood."""
    titles = {table.number: table.title for table in document.printed_tables}
    for cell in document.unmapped:
        yield {
            "table_number": cell.table_number,
            "title": titles.get(cell.table_number),
            "row_label": cell.row_label,
            "code": cell.code,
            "column_path": cell.column_path,
            "printed": cell.printed,
            "amount": cell.amount,
            "reason": cell.reason,
            **cell.place.columns(),
        }


@headed
def table_rows(document: ReadDocument) -> Iterator[Row]:
    """The printed tables of a document."""
    for table in document.printed_tables:
        yield {
            "number": table.number,
            "title": table.title,
            "table": table.table,
            "form": document.form,
            "first_page": table.first_page,
            "last_page": table.last_page,
            "unit": table.unit,
            "unit_inherited": table.unit_inherited,
            "body": table.body,
            "rows": table.rows,
            "columns_understood": table.columns_understood,
            "columns_unknown": "\n".join(table.columns_unknown) or None,
            "cells": table.cells,
            "complete": table.complete,
        }


def _figure(figure: Figure) -> Row:
    return {"amount": figure.amount, "printed": figure.printed, **figure.place.columns()}


@headed
def narrative_rows(document: ReadDocument) -> Iterator[Row]:
    """The numbered items of a document's text, everything that they state."""
    codes = _item_codes(document)
    for item in document.narrative:
        yield {
            "item": item.number,
            "class_name": item.class_name,
            "section_name": item.section_name,
            "item_name": item.item_name,
            "printed_code": item.printed_code,
            "code": item.printed_code or codes.get(item.sentence),
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


def _item_codes(document: ReadDocument) -> dict[str, str]:
    """The codes of the numbered items by their sentences: what the first amounts of their paragraphs speak of."""
    texts = {passage.number: passage.text for passage in document.passages}
    first: dict[str, str] = {}
    for one in document.statements:
        if one.role is StatementRole.CURRENT and one.subject and one.subject.code and one.passage in texts:
            first.setdefault(texts[one.passage], one.subject.code)
    found = {item.sentence: first.get(item.sentence) or _beginning(item.sentence, first) for item in document.narrative}
    return {sentence: code for sentence, code in found.items() if code}


def _beginning(sentence: str, codes: dict[str, str]) -> str | None:
    """The code of the paragraph with which an item of several paragraphs begins."""
    return next((code for text, code in codes.items() if len(text) > _LEAST and sentence.startswith(text)), None)


_LEAST = 15


@headed
def passage_rows(document: ReadDocument) -> Iterator[Row]:
    """The paragraphs of a document's text."""
    for passage in document.passages:
        place = passage.place
        yield {
            "number": passage.number,
            "text": passage.text,
            "x0": place.x0,
            "top": place.top,
            "x1": place.x1,
            "bottom": place.bottom,
            **_where(place),
        }


@headed
def statement_rows(document: ReadDocument) -> Iterator[Row]:
    """The values that a document's text states."""
    for one in document.statements:
        subject = one.subject or NO_SUBJECT
        yield {
            "number": one.number,
            "passage": one.passage,
            "sentence": one.sentence,
            "subject": subject.words or None,
            "subject_id": subject.id,
            "table": subject.table,
            "side": subject.side,
            "scheme": subject.scheme,
            "code": subject.code,
            "name": subject.name,
            "measure": subject.measure,
            "role": one.role,
            "value": one.value.quantize(Decimal("0.0001")) if one.value is not None else None,
            "printed": one.printed,
            "unit": one.unit,
            "fiscal_year": one.fiscal_year,
            "phase": one.phase,
            "of": one.of,
            "whole": one.whole,
            "base_year": one.base_year,
            "base": one.base,
            "begin": one.start,
            "end": one.end,
            "reason": one.reason,
            **one.place.columns(),
        }


def _stated(name: str, figure: Figure | None) -> Row:
    return {name: figure.amount if figure else None, f"{name}_printed": figure.printed if figure else None}


def _where(place: Place) -> Row:
    return {"page": place.page, "line": place.line}
