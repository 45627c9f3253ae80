"""The ledger of duties: for each document everything that it owes, whether it keeps it, and what was not looked at.

Owed are the official tables of its family, kind and year, the identities that hold for them, what the rules say of its
text, and the disclosures. The ledger is made of checks, findings and tables alone, so it tells nothing that they do
not; it only leaves nothing out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.incomplete_tables import incomplete_tables
from analysis.balancing.owed_tables import owed_tables
from analysis.knowledge.disclosures import disclosures
from analysis.knowledge.names import official_tables
from analysis.terms.document import READ_STATUSES
from analysis.terms.duty import Duty, DutyArea, DutyState
from analysis.terms.line_item import Kind

DUTIES = {
    "document_id": pl.String,
    "source_file": pl.String,
    "area": pl.String,
    "duty": pl.String,
    "words": pl.String,
    "state": pl.String,
    "places": pl.Int32,
    "reason": pl.String,
}
_values = attrgetter(*DUTIES)  # of flat values: `astuple` would copy each of a hundred thousand
_NO_KIND = "文中未见是预算还是决算 / the text does not tell whether it is a budget or final accounts"
_NO_TEXT = "没有读到文字说明 / no text was read"
_NO_ITEMS = "文字中没有读到按科目列的条目 / no numbered items were read"
_MISSING = "没有找到这张表 / the table was not found"
_NOT_SAID = "文字和表中均未见 / neither text nor tables have it"
_BROKEN = "未全部读出 / not read whole"
_UNREAD = "不作判断"
_OF_ITEMS = "text_item"
_AGAINST_TABLES = "text_table"


@dataclass(frozen=True, slots=True)
class _Debtor:
    """One document with what was read, checked and found in it."""

    row: Mapping[str, Any]
    tables: Mapping[str, bool]
    unread: Mapping[str, str]
    checks: Mapping[str, Mapping[str, tuple[int, str | None]]]
    findings: Mapping[str, int]
    text: str
    items: int


def ledger(
    documents: pl.DataFrame,
    tables: pl.DataFrame,
    checks: pl.DataFrame,
    findings: pl.DataFrame,
    passages: pl.DataFrame,
    narrative: pl.DataFrame,
    context: CheckingContext,
) -> pl.DataFrame:
    """All duties of the documents that were read, columns `DUTIES`, in the order of documents, areas and books.

    Args:
        documents: the documents, columns of the data dictionary.
        tables: their printed tables; empty where the dataset does not tell of them.
        checks: the outcomes of the identities.
        findings: what was found.
        passages: the paragraphs of the text.
        narrative: the numbered items of the text.
        context: the books.
    """
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).unique(
        "document_id", keep="first", maintain_order=True
    )
    unread = _nested(incomplete_tables(tables, official_tables()).select("document_id", "table", "reason"))
    whole: dict[str, dict[str, bool]] = {}
    for document, table, complete in tables.select("document_id", "table", "complete").drop_nulls().iter_rows():
        whole.setdefault(document, {})[table] = complete and whole.get(document, {}).get(table, True)
    counted = checks.group_by("document_id", "identity", "outcome").agg(pl.len(), pl.col("reason").min())
    outcomes: dict[str, dict[str, dict[str, tuple[int, str | None]]]] = {}
    for document, identity, outcome, number, reason in counted.iter_rows():
        outcomes.setdefault(document, {}).setdefault(identity, {})[outcome] = (number, reason)
    told = _nested(findings.group_by("document_id", "rule").len())
    texts = dict(passages.group_by("document_id").agg(pl.col("text").str.join("\n")).iter_rows())
    items = dict(narrative.group_by("document_id").len().iter_rows())
    found = [
        duty
        for row in read.sort("source_file", "document_id").iter_rows(named=True)
        for duty in _duties(
            _Debtor(
                row,
                whole.get(row["document_id"], {}),
                unread.get(row["document_id"], {}),
                outcomes.get(row["document_id"], {}),
                told.get(row["document_id"], {}),
                texts.get(row["document_id"], ""),
                items.get(row["document_id"], 0),
            ),
            context,
        )
    ]
    return pl.DataFrame(list(map(_values, found)), schema=DUTIES, orient="row")


def _nested(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for document, name, value in rows.iter_rows():
        found.setdefault(document, {})[name] = value
    return found


def _duties(document: _Debtor, context: CheckingContext) -> Iterator[Duty]:
    kind = Kind(document.row["kind"]) if document.row["kind"] else None
    yield from _tables(document, context)
    yield from _identities(document, kind, context)
    yield from _text(document, kind, context)
    yield from _disclosed(document, kind)


def _duty(
    document: _Debtor, area: DutyArea, duty: str, words: str, state: DutyState, places: int = 0, reason: str = ""
) -> Duty:
    row = document.row
    return Duty(row["document_id"], row["source_file"], area, duty, words, state, places, reason or None)


def _tables(document: _Debtor, context: CheckingContext) -> Iterator[Duty]:
    """The tables that the family publishes in that kind and year, and those that stand there besides."""
    area, owed = DutyArea.TABLE, owed_tables(document.row, context.families)
    for table, title in official_tables().items():
        if document.tables.get(table, False):
            yield _duty(document, area, table, title, DutyState.PASSED, 1)
        elif table in document.tables:
            yield _duty(document, area, table, title, DutyState.NOT_READ, 1, document.unread.get(table, _BROKEN))
        elif table in owed:
            yield _duty(document, area, table, title, DutyState.NOT_READ, 0, _MISSING)


def _identities(document: _Debtor, kind: Kind | None, context: CheckingContext) -> Iterator[Duty]:
    form = document.row["form"]
    for one in context.identities.entries:
        if kind is None or kind not in one.kinds or (form and one.families and form not in one.families):
            continue
        outcomes = document.checks.get(one.id, {})
        failed, passed = (outcomes.get(name, (0, None))[0] for name in ("fail", "pass"))
        reason = outcomes.get("not_applicable", (0, None))[1] or ""
        if failed:
            state, places, reason = DutyState.FAILED, failed, ""
        elif passed:
            state, places, reason = DutyState.PASSED, passed, ""
        elif _UNREAD in reason:
            state, places = DutyState.NOT_READ, 0
        else:
            state, places = DutyState.NOT_APPLICABLE, 0
        yield _duty(document, DutyArea.IDENTITY, one.id, one.zh, state, places, reason)


def _text(document: _Debtor, kind: Kind | None, context: CheckingContext) -> Iterator[Duty]:
    for rule in context.text_rules_of(document.row["form"]).rules.values():
        told = document.findings.get(rule.id, 0)
        words = rule.source
        if told:
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.FAILED, told)
        elif kind is None:
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.NOT_CHECKED, 0, _NO_KIND)
        elif kind not in rule.kinds:
            continue
        elif not document.text and not document.items:
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.NOT_READ, 0, _NO_TEXT)
        elif rule.id.startswith(_OF_ITEMS) and not document.items:
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.NOT_CHECKED, 0, _NO_ITEMS)
        elif rule.id == _AGAINST_TABLES and (lacking := _lacking(document, context)):
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.NOT_CHECKED, 0, lacking)
        else:
            yield _duty(document, DutyArea.TEXT, rule.id, words, DutyState.PASSED)


def _lacking(document: _Debtor, context: CheckingContext) -> str:
    """Why not every amount of the text could be held against its table; blank where all tables were read."""
    titles = official_tables()
    absent = owed_tables(document.row, context.families) - document.tables.keys() if document.tables else ()
    broken = [table for table, whole in document.tables.items() if table in titles and not whole]
    if not absent and not broken:
        return ""
    tables = sorted({*absent, *broken})
    zh = "".join(f"《{titles[table]}》" for table in tables)
    return f"{zh}没有找到或未全部读出，相关金额未核对 / not found or not read whole: {', '.join(tables)}"


def _disclosed(document: _Debtor, kind: Kind | None) -> Iterator[Duty]:
    text = document.text
    for name, one in disclosures().items():
        if kind is None:
            yield _duty(document, DutyArea.DISCLOSURE, name, one.zh, DutyState.NOT_CHECKED, 0, _NO_KIND)
        elif kind not in one.kinds:
            continue
        elif (
            any(word in text for word in one.words)
            or (one.all and all(word in text for word in one.all))
            or any(table in document.tables for table in one.tables)
        ):
            yield _duty(document, DutyArea.DISCLOSURE, name, one.zh, DutyState.PASSED, 1)
        elif not text:
            yield _duty(document, DutyArea.DISCLOSURE, name, one.zh, DutyState.NOT_READ, 0, _NO_TEXT)
        else:
            yield _duty(document, DutyArea.DISCLOSURE, name, one.zh, DutyState.FAILED, 0, _NOT_SAID)
