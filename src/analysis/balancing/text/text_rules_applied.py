"""All rules of the text over a dataset: each document is read once, each rule is a function of it.

One cause, one finding: the sum of the items is looked at only where each of them holds by itself, and a rule speaks
only of the kinds of documents that its entry on the shelf names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.incomplete_tables import no_incomplete_tables
from analysis.balancing.text.item_changes import item_change_findings
from analysis.balancing.text.item_rows import item_findings, item_rows, matched_items
from analysis.balancing.text.listed_sums import listed_sum_findings
from analysis.balancing.text.notes import note_findings
from analysis.balancing.text.other_years import other_year_findings
from analysis.balancing.text.repeated import repeated_findings
from analysis.balancing.text.section_items import section_item_findings
from analysis.balancing.text.sentences import is_incomplete, sentence_findings, table_amounts, table_evidence
from analysis.balancing.text.stated_amounts import in_words
from analysis.balancing.text.stated_balances import balance_findings
from analysis.balancing.text.stated_changes import change_findings
from analysis.balancing.text.text_disclosures import disclosure_findings
from analysis.balancing.text.text_document import TextDocument, text_documents
from analysis.balancing.text.text_finding import at, text_finding
from analysis.balancing.text.wording import wording_findings
from analysis.balancing.text.years import year_findings
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind

_NAME_RULES = ("text_class_name", "text_item_levels", "text_item_names")
_ONCE = ("text_truncated", "text_zero_base", "text_unit", "text_disclosure")
# Documents whose texts are looked at together.
_AT_ONCE = 50
_CHANGE_RULES = {"text_direction", "text_percent", "text_change_steps"}
_SUM_RULES = {"text_sum", "text_list_sum", "text_repeated"}
_AMOUNT_RULES = {"text_item_amount", "text_item_no_row", "text_row_no_item", "text_stated_twice", "text_truncated"}


def text_findings(
    documents: pl.DataFrame,
    line_items: pl.DataFrame,
    narrative: pl.DataFrame,
    passages: pl.DataFrame,
    statements: pl.DataFrame,
    context: CheckingContext,
    codes: Sequence[Finding] = (),
    incomplete: pl.DataFrame | None = None,
    tables: pl.DataFrame | None = None,
) -> tuple[Finding, ...]:
    """What is wrong in the text of the documents.

    Args:
        documents: the documents, columns of the data dictionary; only those that were read are looked at.
        line_items: their printed amounts.
        narrative: the numbered items of their text.
        passages: the paragraphs of their text.
        statements: the values that these state.
        context: the books.
        codes: findings of the code rules; a name of an item that they already speak of is not told twice.
        incomplete: the tables that were not read whole: what the text says is not compared with them; None for none.
        tables: the printed tables, by which those that were not found are known; None where nobody can tell.

    Returns:
        The findings, by organisation, in the order of the documents and of the text.
    """
    known = {_item_name(finding) for finding in codes if finding.table == "narrative"}
    known |= {
        (finding.document_id, one.table, one.name)
        for finding in codes
        for one in finding.figures
        if one.table == "narrative"
    }
    broken = no_incomplete_tables() if incomplete is None else incomplete
    found: list[Finding] = []
    for part in _by_organisation(documents):
        own = part.select("document_id")
        items, numbered, texts, stated, unread = (
            frame.join(own, on="document_id", how="semi", maintain_order="left")
            for frame in (line_items, narrative, passages, statements, broken)
        )
        printed = None if tables is None else tables.join(own, on="document_id", how="semi", maintain_order="left")
        found += _found_in(text_documents(part, items, numbered, texts, stated, context, unread, printed))
    return tuple(one for one in found if not (one.rule in _NAME_RULES and _item_name(one) in known))


def _by_organisation(documents: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The documents in parts that hold all those of an organisation: the texts of all at once would fill the memory."""
    groups = documents.partition_by("organisation_id", maintain_order=True)
    waiting: list[pl.DataFrame] = []
    for number, group in enumerate(groups, 1):
        waiting.append(group)
        if number == len(groups) or sum(one.height for one in waiting) >= _AT_ONCE:
            yield pl.concat(waiting)
            waiting = []


def _found_in(read: Sequence[TextDocument]) -> Iterator[Finding]:
    """What is wrong in some documents, by rules that speak of their kind."""
    by_id = {document.document_id: document for document in read}
    found = [finding for document in read for finding in document_findings(document)]
    found += year_findings(read)
    yield from (one for one in found if _concerns(by_id[one.document_id], one.rule))


def _concerns(document: TextDocument, rule: str) -> bool:
    """Whether a rule speaks of documents of that kind."""
    return document.kind in document.rules.rules[rule].kinds


def _item_name(finding: Finding) -> tuple[str, str | None, str | None]:
    return finding.document_id, finding.table, finding.name


def document_findings(document: TextDocument) -> Iterator[Finding]:
    """What is wrong in the text of one document, whatever others say; cut figures and a wrong class are told once."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(_each_finding(document)):
        causes = dict.fromkeys(_ONCE) | {"text_class_name": finding.printed}
        key = (finding.rule, causes[finding.rule]) if finding.rule in causes else number
        groups.setdefault(key, []).append(finding)
    for first, *others in groups.values():
        also = tuple(f"{one.message_zh} / {one.message_en}" for one in others)
        yield replace(first, evidence=(*first.evidence, *also))


def _each_finding(document: TextDocument) -> Iterator[Finding]:
    about_items = [*item_findings(document)]
    about_items += item_change_findings(document, matched_items(document, item_rows(document)))
    yield from about_items
    if not _AMOUNT_RULES.intersection(finding.rule for finding in about_items):
        yield from _items_sum(document)
    tables = table_evidence(document)
    wrong = tables.contradicted
    about_sentences = [*sentence_findings(document, wrong)]
    yield from about_sentences
    cut = any(one.rule == "text_truncated" for one in (*about_items, *about_sentences))
    changes = [*change_findings(document, tables, cut=cut)]
    yield from changes
    turned = {one.place for one in changes if one.rule in _CHANGE_RULES}
    contradictions = [
        one for one in repeated_findings(document, wrong) if one.rule != "text_change_sum" or one.place not in turned
    ]
    yield from contradictions
    sums = [one for one in (*about_sentences, *contradictions) if one.rule in _SUM_RULES]
    items = frozenset(one.place for one in about_items if one.rule in _AMOUNT_RULES)
    yield from listed_sum_findings(document, wrong, sums, items)
    yield from section_item_findings(document)
    yield from balance_findings(document, wrong)
    yield from disclosure_findings(document)
    yield from other_year_findings(document)
    yield from note_findings(document)
    yield from wording_findings(document)


def _items_sum(document: TextDocument) -> Iterator[Finding]:
    """The items together against the appropriation expenditure, where no single one is known to be wrong."""
    whole = next(
        (one for one in document.stated() if one.subject and one.subject.id == "appropriation_expenditure"), None
    )
    if whole is None or not document.items or document.kind is not Kind.BUDGET or is_incomplete(document, whole):
        return
    totals = [whole.amount, *(amount for amount, _ in table_amounts(document, whole, document.phase))]
    added = sum((item.current.yuan for item in document.items), Decimal(0))
    half = sum(item.current.half for item in document.items)
    if any(abs(added - total.yuan) <= half + total.half for total in totals):
        return
    yield text_finding(
        document,
        "text_items_sum",
        at(document.items[0].place, "说明", "the items", table="narrative"),
        in_words(added, whole.amount.unit),
        other=whole.amount.words,
        evidence=[f"{item.number}.{item.names[2]}：{item.current.words}" for item in document.items],
    )
