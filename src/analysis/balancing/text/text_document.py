"""A document as the rules of the text see it: its sentences, its numbered items, and the cells that print the same.

Everything is gathered from the frames of the dataset once, so that a rule is a plain function of one document. Only the
cells that a sentence can restate are kept: totals, classes, items, the rows that the shelf names.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.incomplete_tables import no_incomplete_tables, of_complete_tables
from analysis.balancing.text.stated_amounts import AMOUNT, UNITS, StatedAmount, matched_amount, to_amount
from analysis.balancing.text.statements import (
    StatedChange,
    Statement,
    is_item,
    passage_to_statements,
    plain,
    text_to_change,
)
from analysis.knowledge.text_rules import CellReference, TextRules
from analysis.terms.code_book import CodeBook
from analysis.terms.document import READ_STATUSES, Passage
from analysis.terms.label import ORDINAL
from analysis.terms.line_item import Kind, Phase, Place
from analysis.terms.money import Unit, parse_amount

FUNDS = ("general_public_budget", "government_fund", "state_capital")
WHOLES = (("expenditure", "expenditure"), ("revenue", "revenue"))
_NUMBER = f"^{ORDINAL}"
_COMPARED = re.compile(r"决算数?(?:大于|小于|等于|与(?:年初)?预算数?(?:基本)?持平)(?:(?:年初)?预算数?)?")
_FINAL_ITEM = re.compile(
    r"(?:[(]?(?P<number>\d{1,3})[)]?[.、]?)?[“\"‘《]?(?P<class>[^“”\"。;；(]{2,30}?)\((?P<c1>\d{3})?类\)[—、,，/]?"
    r"(?P<section>[^。;；(]{2,40}?)\((?P<c2>\d\d)?款\)[—、,，/]?(?P<item>[^。;；]{2,40}?)\((?P<c3>\d\d)?项\).*?"
    + rf"年初预算数?为{AMOUNT.format('budget')}，(?:支出)?决算数?为{AMOUNT.format('current')}"
)


@dataclass(frozen=True, slots=True)
class RestatedCell:
    """A printed cell of an official table: its row, its amount as one of the text, and where it stands."""

    table: str
    code: str | None
    name: str | None
    role: str
    amount: StatedAmount
    place: Place


@dataclass(frozen=True, slots=True)
class StatedItem:
    """A numbered item of the text: its path of names, and every amount that it states.

    In a budget `prior` is last year's execution; in final accounts `budget` is what was approved, and `word` how the
    text compares the outturn with it.
    """

    number: int
    names: tuple[str, str, str]
    code: str | None
    current: StatedAmount
    arranged: StatedAmount | None
    prior: StatedAmount | None
    budget: StatedAmount | None
    word: str | None
    change: StatedChange | None
    sentence: str
    place: Place

    @property
    def path(self) -> str:
        """The names with their levels, as the text writes them."""
        return "".join(f"{name}（{level}）" for name, level in zip(self.names, "类款项", strict=True))


@dataclass(frozen=True, slots=True)
class TextDocument:
    """All of one document that the rules of the text look at.

    `cells` are those of a table, side, column and phase; `filled` the tables with an amount other than 0; `rows` the
    names of all printed rows at the level 项, whatever stands in them. `incomplete` are the tables that were not read
    whole: no cell of theirs is here, and nobody can tell what they lack. `rules` are those in the words of its family.
    """

    document_id: str
    source_file: str
    complete: bool
    kind: Kind
    level: str | None
    organisation_id: str | None
    year: int
    passages: tuple[Passage, ...]
    statements: tuple[tuple[Statement, ...], ...]
    items: tuple[StatedItem, ...]
    cells: Mapping[tuple[str, str, str, str], tuple[RestatedCell, ...]]
    filled: frozenset[str]
    rows: frozenset[str]
    incomplete: frozenset[str]
    rules: TextRules
    code_book: CodeBook

    def stated(self) -> Iterable[Statement]:
        """Every statement in the order of the text."""
        return (statement for paragraph in self.statements for statement in paragraph)

    def cell(self, reference: CellReference, phase: Phase) -> RestatedCell | None:
        """The one cell that the reference means; None where it is not printed, or two rows could be meant."""
        row = self.cells.get((reference.table, reference.side.value, reference.measure, phase.value), ())
        found = [
            cell for cell in row if (cell.role == reference.role if reference.role else _bare(cell) in reference.labels)
        ]
        return found[0] if found and all(cell.amount.yuan == found[0].amount.yuan for cell in found) else None

    @property
    def phase(self) -> Phase:
        """The phase of the figures that the document is about."""
        return Phase.APPROVED if self.kind is Kind.BUDGET else Phase.EXECUTED


def text_documents(
    documents: pl.DataFrame,
    line_items: pl.DataFrame,
    narrative: pl.DataFrame,
    passages: pl.DataFrame,
    context: CheckingContext,
    incomplete: pl.DataFrame | None = None,
) -> tuple[TextDocument, ...]:
    """The documents that were read and have a text, in the order of the frame.

    Args:
        documents: columns of the data dictionary; only parsed and partial ones of a known kind and year are taken.
        line_items: the printed amounts.
        narrative: the numbered items of budgets.
        passages: the paragraphs.
        context: the books.
        incomplete: the tables that were not read whole; None for none.
    """
    unread = no_incomplete_tables() if incomplete is None else incomplete
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).drop_nulls(["kind", "document_year"])
    known = read.unique("document_id", keep="first", maintain_order=True)
    texts = _by_document(passages.join(known, on="document_id", how="semi").sort("document_id", "number"))
    items = _by_document(narrative.join(known, on="document_id", how="semi"))
    with_text = known.filter(pl.col("document_id").is_in([*texts, *items]))
    official = line_items.filter(pl.col("table") != "narrative").join(with_text, on="document_id", how="semi")
    whole = of_complete_tables(official, unread)
    cells = _by_document(_useful(whole, context))
    filled = _sets(whole.filter(pl.col("amount") != 0), "table")
    rows = _sets(official.filter(pl.col("code_level") == 3), "name")
    broken = _sets(unread, "table")
    return tuple(
        _document(
            row,
            texts.get(row["document_id"], []),
            items.get(row["document_id"], []),
            cells,
            filled,
            rows,
            broken,
            context,
        )
        for row in with_text.iter_rows(named=True)
    )


Rows = list[dict[str, Any]]


def _by_document(frame: pl.DataFrame) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["document_id"]].append(row)
    return found


def _useful(line_items: pl.DataFrame, context: CheckingContext) -> pl.DataFrame:
    """The cells that a sentence can restate."""
    subjects = {id(one): one for rules in context.text_rules.values() for one in rules.subjects.values()}
    labels = sorted({label for one in subjects.values() for cell in one.cells for label in cell.labels})
    bare = pl.col("name").str.replace_all("（", "(").str.replace_all("）", ")").str.replace(_NUMBER, "")
    whole = pl.col("table").is_in([table for table, _ in WHOLES]) & (pl.col("code_level") == 3)
    fund = pl.col("table").is_in(FUNDS) & pl.col("code").is_not_null()
    functional = (fund | whole) & (pl.col("measure") == "total")
    listed = (pl.col("table") == "basic_by_economic") & (pl.col("kind") == Kind.FINAL.value)
    named = bare.is_in(labels).fill_null(value=False)
    return line_items.filter((pl.col("row_role") == "total") | functional | listed | named)


def _sets(line_items: pl.DataFrame, column: str) -> dict[str, frozenset[str]]:
    """The values of a column in each document."""
    pairs = line_items.select("document_id", column).drop_nulls().unique()
    return {document: frozenset(values) for document, values in pairs.group_by("document_id").agg(column).iter_rows()}


def _document(
    row: dict[str, Any],
    texts: Rows,
    items: Rows,
    cells: Mapping[str, Rows],
    filled: Mapping[str, frozenset[str]],
    rows: Mapping[str, frozenset[str]],
    incomplete: Mapping[str, frozenset[str]],
    context: CheckingContext,
) -> TextDocument:
    kind, rules = Kind(row["kind"]), context.text_rules_of(row.get("form"))
    passages = tuple(Passage(text["number"], text["text"], Place.from_row(text)) for text in texts)
    places = {passage.text: passage.place for passage in passages}
    stated = [_budget_item(item, places, rules) for item in items]
    compared = [item for passage in passages if kind is Kind.FINAL for item in _final_item(passage)]
    stated = _each_once(stated, compared)
    keyed: dict[tuple[str, str, str, str], list[RestatedCell]] = defaultdict(list)
    for cell in cells.get(row["document_id"], []):
        keyed[cell["table"], cell["side"], cell["measure"], cell["phase"]].append(_cell(cell))
    return TextDocument(
        document_id=row["document_id"],
        source_file=row["source_file"],
        complete=row["status"] == "parsed",
        kind=kind,
        level=row["level"],
        organisation_id=row["organisation_id"],
        year=row["document_year"],
        passages=passages,
        statements=tuple(found for passage in passages if (found := passage_to_statements(passage, kind, rules))),
        items=tuple(stated),
        cells={key: tuple(row) for key, row in keyed.items()},
        filled=filled.get(row["document_id"], frozenset()),
        rows=frozenset(plain(name) for name in rows.get(row["document_id"], ())),
        incomplete=incomplete.get(row["document_id"], frozenset()),
        rules=rules,
        code_book=context.code_book,
    )


def _cell(row: Mapping[str, Any]) -> RestatedCell:
    unit = Unit(row["printed_unit"])
    number = parse_amount(row["printed"])
    digits = f"{number:f}" if number is not None else f"{row['amount'] / unit.yuan:f}"
    return RestatedCell(
        row["table"], row["code"], row["name"], row["row_role"], to_amount(digits, unit.zh), Place.from_row(row)
    )


def _bare(cell: RestatedCell) -> str:
    """The label of a row without its number."""
    return re.sub(_NUMBER, "", plain(cell.name or ""))


def _budget_item(row: Mapping[str, Any], places: Mapping[str, Place], rules: TextRules) -> StatedItem:
    sentence = row["sentence"]
    current = _stated(row["current"], row["current_printed"])
    if current is None:
        raise ValueError(f"item {row['item']} of {row['document_id']} has no amount")
    return StatedItem(
        number=row["item"],
        names=(row["class_name"], row["section_name"], row["item_name"]),
        code=row["printed_code"],
        current=current,
        arranged=_stated(row["arranged"], row["arranged_printed"]),
        prior=_stated(row["prior"], row["prior_printed"]),
        budget=None,
        word=None,
        change=text_to_change(sentence, rules),
        sentence=sentence,
        place=places.get(sentence) or Place.from_row(row),
    )


def _stated(yuan: Decimal | None, printed: str | None) -> StatedAmount | None:
    """The amount of a stated figure; its unit is the one that makes the digits worth the yuan."""
    number = parse_amount(printed) if printed else None
    if yuan is None or number is None or printed is None:
        return None
    unit = next((unit for unit, worth in UNITS.items() if number and number * worth == yuan), "万元")
    return to_amount(f"{number:f}" if "，" in printed else printed, unit)


def _each_once(stated: Sequence[StatedItem], compared: Sequence[StatedItem]) -> list[StatedItem]:
    """The items, with what those of final accounts say of their budget: an item read in both ways is one item."""
    known = {(item.names, item.current.yuan): item.number for item in stated}
    numbered = [
        replace(item, number=known.get((item.names, item.current.yuan), item.number or place))
        for place, item in enumerate(compared, start=1)
    ]
    again = {(item.names, item.current.yuan) for item in numbered}
    return [*(item for item in stated if (item.names, item.current.yuan) not in again), *numbered]


def _final_item(passage: Passage) -> Sequence[StatedItem]:
    match = _FINAL_ITEM.match(plain(passage.text)) if is_item(passage) else None
    current = matched_amount(match, "current") if match else None
    if match is None or current is None:
        return ()
    compared = _COMPARED.search(match.string, match.end())
    item = StatedItem(
        number=int(match["number"] or 0),
        names=(match["class"], match["section"], match["item"]),
        code="".join(match[part] or "" for part in ("c1", "c2", "c3")) or None,
        current=current,
        arranged=None,
        prior=None,
        budget=matched_amount(match, "budget"),
        word=compared[0] if compared else None,
        change=None,
        sentence=passage.text,
        place=passage.place,
    )
    return (item,)
