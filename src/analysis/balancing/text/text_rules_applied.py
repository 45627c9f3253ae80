"""All rules of the text over a dataset: each document is read once, each rule is a function of it.

One cause, one finding: the sum of the items is looked at only where each of them holds by itself, and a rule speaks
only of the kinds of documents that its entry on the shelf names.
"""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.findings import to_findings
from analysis.balancing.text.item_changes import item_change_findings
from analysis.balancing.text.item_rows import item_findings, item_rows, matched_items
from analysis.balancing.text.notes import note_findings
from analysis.balancing.text.sentences import sentence_findings, table_amounts
from analysis.balancing.text.stated_amounts import in_words
from analysis.balancing.text.stated_changes import change_findings
from analysis.balancing.text.text_document import TextDocument, text_documents
from analysis.balancing.text.text_finding import Fields, at, text_finding
from analysis.balancing.text.wording import wording_findings
from analysis.balancing.text.years import year_findings
from analysis.terms.line_item import Kind

_NAME_RULES = ("text_class_name", "text_item_levels", "text_item_names")
_AMOUNT_RULES = {"text_item_amount", "text_item_no_row", "text_row_no_item", "text_stated_twice"}


def text_findings(
    documents: pl.DataFrame,
    line_items: pl.DataFrame,
    narrative: pl.DataFrame,
    passages: pl.DataFrame,
    context: CheckingContext,
    codes: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What is wrong in the text of the documents.

    Args:
        documents: the documents, columns of the data dictionary; only those that were read are looked at.
        line_items: their printed amounts.
        narrative: the numbered items of their text.
        passages: the paragraphs of their text.
        context: the books.
        codes: findings of the code rules; a name of an item that they already speak of is not told twice.

    Returns:
        One row per finding in the order of the documents and of the text; the columns of the findings but id, status
        and acceptance.
    """
    read = text_documents(documents, line_items, narrative, passages, context)
    by_id = {document.document_id: document for document in read}
    rows = [row for document in read for row in document_findings(document)]
    rows += year_findings(read)
    kept = [row for row in rows if _concerns(by_id[row["document_id"]], row["rule"])]
    found = to_findings(kept)
    return found if codes is None else _not_told(found, codes)


def _concerns(document: TextDocument, rule: str) -> bool:
    """Whether a rule speaks of documents of that kind."""
    return document.kind in document.rules.rules[rule].kinds


def _not_told(found: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """The findings without those on the names of an item that the code rules found as well."""
    place = ("document_id", "table", "name")
    of_names = pl.col("rule").is_in(_NAME_RULES)
    known = codes.filter(pl.col("table") == "narrative").select(place).unique().with_columns(known=pl.lit(value=True))
    marked = found.join(known, on=place, how="left", maintain_order="left")
    return marked.filter(~(of_names & pl.col("known").fill_null(value=False))).drop("known")


def document_findings(document: TextDocument) -> Iterator[Fields]:
    """What is wrong in the text of one document, whatever others say."""
    about_items = [*item_findings(document)]
    about_items += item_change_findings(document, matched_items(document, item_rows(document)))
    yield from about_items
    if not _AMOUNT_RULES.intersection(row["rule"] for row in about_items):
        yield from _items_sum(document)
    yield from sentence_findings(document)
    yield from change_findings(document)
    yield from note_findings(document)
    yield from wording_findings(document)


def _items_sum(document: TextDocument) -> Iterator[Fields]:
    """The items together against the appropriation expenditure, where no single one is known to be wrong."""
    whole = next(
        (one for one in document.stated() if one.subject and one.subject.id == "appropriation_expenditure"), None
    )
    if whole is None or not document.items or document.kind is not Kind.BUDGET:
        return
    totals = [whole.amount, *(amount for amount, _ in table_amounts(document, whole, document.phase))]
    added = sum((item.current.yuan for item in document.items), Decimal(0))
    half = sum(item.current.half for item in document.items)
    if any(abs(added - total.yuan) <= half + total.half for total in totals):
        return
    place = document.items[0].place
    yield text_finding(
        document,
        "text_items_sum",
        place,
        at(place, "说明", "the items"),
        in_words(added, whole.amount.unit),
        other=whole.amount.words,
        evidence=[f"{item.number}.{item.names[2]}：{item.current.words}" for item in document.items],
        table="narrative",
    )
