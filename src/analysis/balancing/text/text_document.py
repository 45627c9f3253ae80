"""A document as the rules of the text see it: its sentences, its numbered items, and the cells that print the same.

Everything is gathered from the frames of the dataset once, so that a rule is a plain function of one document. Only the
cells that a sentence can restate are kept: totals, classes, items, the rows that the shelf names.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.incomplete_tables import no_incomplete_tables, of_complete_tables
from analysis.balancing.owed_tables import owed_tables
from analysis.balancing.text.restated_cells import Cells, RestatedCell, bare_label, restated_cells
from analysis.balancing.text.stated_amounts import UNITS, Percent, StatedAmount, to_amount
from analysis.balancing.text.statements import (
    StatedChange,
    StatedFigure,
    compares_outturn,
    plain,
    row_amount,
    row_percent,
    rows_to_statements,
    stated_change,
)
from analysis.knowledge.text_rules import CellReference, TextRules
from analysis.terms.code_book import CodeBook
from analysis.terms.document import READ_STATUSES, Half, Passage
from analysis.terms.line_item import Kind, Level, Phase, Place
from analysis.terms.money import Unit, parse_amount
from analysis.terms.statement import NotUnderstood, StatementRole

_LEVEL = re.compile(r"([^()]+(?:\([^()类款项]*\)[^()]*)*)\((?:\d+)?[类款项]\)")
_NUMBERED = re.compile(r"^[（(]?(\d{1,3})(?!\d)")


@dataclass(frozen=True, slots=True)
class StatedItem:
    """A numbered item of the text: its path of names, and every amount that it states.

    In a budget `prior` is last year's execution; in final accounts `budget` is what was approved, `rate` how much of it
    was carried out, and `word` how the text compares the outturn with it.
    """

    number: int
    names: tuple[str, str, str]
    code: str | None
    current: StatedAmount
    arranged: StatedAmount | None
    prior: StatedAmount | None
    budget: StatedAmount | None
    rate: Percent | None
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
    names of all printed rows at the level 项, whatever stands in them; `printed_names` are all labels of rows,
    `units_missing` numbers without their unit. `incomplete` are the tables that were not read whole: no cell of theirs
    is here, and nobody can tell what they lack; `missing` those that the document owes and that were not found.
    `titles` are those printed above the official tables, each with its place.
    `rules` are those in the words of its family.
    """

    document_id: str
    source_file: str
    complete: bool
    kind: Kind
    level: str | None
    organisation_id: str | None
    organisation: str | None
    year: int
    passages: tuple[Passage, ...]
    statements: tuple[tuple[StatedFigure, ...], ...]
    items: tuple[StatedItem, ...]
    cells: Cells
    filled: frozenset[str]
    rows: frozenset[str]
    printed_names: frozenset[str]
    units_missing: tuple[tuple[Passage, str], ...]
    incomplete: frozenset[str]
    missing: frozenset[str]
    titles: tuple[tuple[str, Place], ...]
    rules: TextRules
    code_book: CodeBook
    endings: tuple[str, ...]

    def stated(self) -> Iterable[StatedFigure]:
        """Every statement in the order of the text."""
        return (statement for paragraph in self.statements for statement in paragraph)

    def cell(self, reference: CellReference, phase: Phase) -> RestatedCell | None:
        """The one cell that the reference means; None where it is not printed, or two rows could be meant."""
        row = self.cells.get((reference.table, reference.side.value, reference.measure, phase.value), ())
        found = [
            cell
            for cell in row
            if (cell.role == reference.role if reference.role else bare_label(cell) in reference.labels)
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
    statements: pl.DataFrame,
    context: CheckingContext,
    incomplete: pl.DataFrame | None = None,
    tables: pl.DataFrame | None = None,
) -> tuple[TextDocument, ...]:
    """The documents that were read and have a text, in the order of the frame.

    Args:
        documents: columns of the data dictionary; only parsed and partial ones of a known kind and year are taken.
        line_items: the printed amounts; a column `proven` may tell which of them others prove.
        narrative: the numbered items of budgets.
        passages: the paragraphs.
        statements: the values that they state.
        context: the books.
        incomplete: the tables that were not read whole; None for none.
        tables: the printed tables; None where it is not known which there are.
    """
    unread = no_incomplete_tables() if incomplete is None else incomplete
    read = documents.filter(pl.col("status").is_in(READ_STATUSES)).drop_nulls(["kind", "document_year"])
    known = read.unique("document_id", keep="first", maintain_order=True)
    texts = _by_document(passages.join(known, on="document_id", how="semi").sort("document_id", "number"))
    items = _by_document(narrative.join(known, on="document_id", how="semi"))
    stated = statements.join(known, on="document_id", how="semi").sort("document_id", "number")
    values = _by_document(stated.select(name for name in _STATEMENT if name in stated.columns))
    with_text = known.filter(pl.col("document_id").is_in([*texts, *items]))
    tables_of = _documents_of_tables(with_text)
    parsed = frozenset(known.filter(status="parsed")["document_id"])
    with_tables = known.filter(pl.col("document_id").is_in(list(tables_of.values())))
    official = line_items.filter(pl.col("table") != "narrative").join(with_tables, on="document_id", how="semi")
    whole = of_complete_tables(official, unread)
    cells = restated_cells(whole, context)
    filled = _sets(whole.filter(pl.col("amount") != 0), "table")
    rows = _sets(official.filter(pl.col("code_level") == 3), "name")
    broken = _sets(unread, "table")
    printed = {} if tables is None else _sets(tables, "table")
    titles = {} if tables is None else _titles(tables)
    return tuple(
        _document(
            row,
            texts.get(row["document_id"], []),
            items.get(row["document_id"], []),
            values.get(row["document_id"], []),
            cells,
            filled,
            rows,
            broken,
            printed,
            titles.get(tables_of[row["document_id"]], ()),
            tables_of[row["document_id"]],
            parsed,
            context,
        )
        for row in with_text.iter_rows(named=True)
    )


def _documents_of_tables(with_text: pl.DataFrame) -> dict[str, str]:
    """For each document the one whose tables its text is about: its other half where it holds the text alone."""
    halves = with_text.filter(half=Half.TEXT.value) if "half" in with_text.columns else with_text.clear()
    other = (
        dict(halves.drop_nulls("other_half").select("document_id", "other_half").iter_rows()) if halves.height else {}
    )
    return {document: other.get(document, document) for document in with_text["document_id"]}


Rows = list[dict[str, Any]]
_STATEMENT = (
    *("table", "document_id", "number", "passage", "begin", "end", "printed", "value", "unit", "role", "reason"),
    *("subject", "subject_id", "scheme", "code", "name", "of", "whole", "base", "base_year", "fiscal_year"),
)


def _by_document(frame: pl.DataFrame) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["document_id"]].append(row)
    return found


def _sets(line_items: pl.DataFrame, column: str) -> dict[str, frozenset[str]]:
    """The values of a column in each document."""
    pairs = line_items.select("document_id", column).drop_nulls().unique()
    return {document: frozenset(values) for document, values in pairs.group_by("document_id").agg(column).iter_rows()}


def _titles(tables: pl.DataFrame) -> dict[str, tuple[tuple[str, Place], ...]]:
    """The titles of the official tables of each document."""
    found: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for row in tables.drop_nulls(["table", "title"]).sort("document_id", "number").iter_rows(named=True):
        found[row["document_id"]].append((row["title"], Place(page=row["first_page"])))
    return {document: tuple(titles) for document, titles in found.items()}


def _document(
    row: dict[str, Any],
    texts: Rows,
    items: Rows,
    rows_of_text: Rows,
    cells: Mapping[str, Cells],
    filled: Mapping[str, frozenset[str]],
    rows: Mapping[str, frozenset[str]],
    incomplete: Mapping[str, frozenset[str]],
    printed: Mapping[str, frozenset[str]],
    titles: tuple[tuple[str, Place], ...],
    tables: str,
    parsed: frozenset[str],
    context: CheckingContext,
) -> TextDocument:
    kind, rules = Kind(row["kind"]), context.text_rules_of(row.get("form"))
    passages = tuple(Passage(text["number"], text["text"], Place.from_row(text)) for text in texts)
    by_passage: dict[int, Rows] = defaultdict(list)
    for stated_row in rows_of_text:
        by_passage[stated_row["passage"]].append(stated_row)
    stated = [_item(item, by_passage, passages) for item in items]
    stated += _other_items(stated, rows_of_text, passages)
    of_items = {item.sentence for item in stated}
    others = {passage.number: passage for passage in passages if passage.text not in of_items}
    printed_cells = cells.get(tables, {})
    own = (row["organisation"] or "") if row["level"] != Level.GOVERNMENT else ""
    if tables != row["document_id"]:  # no place of another file is shown in this one
        printed_cells = {key: [replace(cell, at=()) for cell in found] for key, found in printed_cells.items()}
    return TextDocument(
        document_id=row["document_id"],
        source_file=row["source_file"],
        complete=row["status"] == "parsed" and tables in parsed,
        kind=kind,
        level=row["level"],
        organisation_id=row["organisation_id"],
        organisation=row["organisation"],
        year=row["document_year"],
        passages=passages,
        statements=rows_to_statements(rows_of_text, others, rules, own),
        items=tuple(stated),
        cells=printed_cells,
        filled=filled.get(tables, frozenset()),
        rows=frozenset(plain(name) for name in rows.get(tables, ())),
        printed_names=frozenset(bare_label(cell) for found in printed_cells.values() for cell in found),
        units_missing=tuple(_without_unit(rows_of_text, passages)),
        incomplete=incomplete.get(tables, frozenset()),
        missing=owed_tables(row, context.families) - printed[tables] if tables in printed else frozenset(),
        titles=titles,
        rules=rules,
        code_book=context.code_book,
        endings=context.code_rules.endings,
    )


def _without_unit(stated: Rows, passages: Sequence[Passage]) -> Iterator[tuple[Passage, str]]:
    """Where a number stands without its whole unit, in the words printed."""
    by_number = {passage.number: passage for passage in passages}
    for row in stated:
        passage = by_number.get(row["passage"])
        if passage is None:
            continue
        words = passage.text[max(0, row["begin"] - 6) : row["end"]]
        if row["reason"] == NotUnderstood.NO_UNIT or (row["unit"] == Unit.WAN_YUAN and words.endswith("万")):
            yield passage, words


def _item(row: Mapping[str, Any], stated: Mapping[int, Rows], passages: Sequence[Passage]) -> StatedItem:
    """A numbered item with all that the statements of its paragraphs say of it."""
    current = _stated(row["current"], row["current_printed"])
    if current is None:
        raise ValueError(f"item {row['item']} of {row['document_id']} has no amount")
    own = _paragraphs(row["sentence"], passages)
    here = [one for passage in own for one in stated.get(passage.number, ())]
    first = next((one for one in here if one["role"] == StatementRole.CURRENT and one["of"] is None), None)
    about = [one for one in here if first and one["of"] == first["number"]]
    again = [one for one in about if one["role"] == StatementRole.CURRENT and one["value"] is not None]
    arranged = _stated(row["arranged"], row["arranged_printed"]) or (row_amount(again[0]) if again else None)
    text = "".join(passage.text for passage in own)
    item = StatedItem(
        number=row["item"],
        names=(row["class_name"], row["section_name"], row["item_name"]),
        code=row["printed_code"],
        current=current,
        arranged=arranged,
        prior=_stated(row["prior"], row["prior_printed"]),
        budget=None,
        rate=None,
        word=None,
        change=stated_change(first, about, own[0].text) if first and len(own) == 1 else None,
        sentence=row["sentence"] if not own else text,
        place=own[0].place if own else Place.from_row(row),
    )
    return _with_statements(item, about)


def _other_items(items: Sequence[StatedItem], stated: Rows, passages: Sequence[Passage]) -> list[StatedItem]:
    """The items whose heads print no amount: what they state stands in their sentences alone."""
    known = {item.sentence for item in items}
    by_number = {passage.number: passage for passage in passages}
    found: list[StatedItem] = []
    for row in stated:
        main = row["role"] == StatementRole.CURRENT and row["of"] is None and row["value"] is not None
        passage = by_number.get(row["passage"]) if main else None
        if passage is None:
            continue
        names = tuple(match[1].lstrip("、-—“”") for match in _LEVEL.finditer(row["subject"] or ""))
        if len(names) != len("类款项") or any(passage.text in one for one in known):
            continue
        known.add(passage.text)
        about = [one for one in stated if one["of"] == row["number"]]
        number = _NUMBERED.match(passage.text)
        found.append(
            _with_statements(
                StatedItem(
                    number=int(number[1]) if number else len(items) + len(found) + 1,
                    names=(names[0], names[1], names[2]),
                    code=row["code"],
                    current=row_amount(row),
                    arranged=None,
                    prior=None,
                    budget=None,
                    rate=None,
                    word=None,
                    change=stated_change(row, about, passage.text),
                    sentence=passage.text,
                    place=passage.place,
                ),
                about,
            )
        )
    return found


def _with_statements(item: StatedItem, about: Rows) -> StatedItem:
    """The item with the budget, the rate and the words of comparison that its paragraphs state."""
    budget = next((one for one in about if one["role"] == StatementRole.BUDGET and one["value"] is not None), None)
    rate = next((one for one in about if one["role"] == StatementRole.COMPLETION_PERCENT), None)
    word = next((one for one in about if one["role"] == StatementRole.DIRECTION and compares_outturn(one)), None)
    return replace(
        item,
        budget=row_amount(budget) if budget else None,
        rate=row_percent(rate),
        word=word["printed"] if word else None,
    )


def _paragraphs(sentence: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The paragraphs that hold an item: the one that is it, or those that make it up."""
    whole = next((one for one in passages if one.text == sentence), None)
    if whole is not None:
        return (whole,)
    for at, first in enumerate(passages):
        if sentence.startswith(first.text) and len(first.text) > 15:
            found, text = [first], first.text
            for following in passages[at + 1 :]:
                if len(text) >= len(sentence) or not sentence.startswith(text + following.text):
                    break
                found.append(following)
                text += following.text
            return tuple(found)
    return ()


def _stated(yuan: Decimal | None, printed: str | None) -> StatedAmount | None:
    """The amount of a stated figure; its unit is the one that makes the digits worth the yuan."""
    number = parse_amount(printed) if printed else None
    if yuan is None or number is None or printed is None:
        return None
    unit = next((unit for unit, worth in UNITS.items() if number and number * worth == yuan), "万元")
    return to_amount(f"{number:f}" if "，" in printed else printed, unit)
