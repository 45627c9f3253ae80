"""The printed cells that a text can restate: totals, classes, items, the rows that the shelf names.

They are gathered from the frame of the line items once, by document and by table, side, column and phase.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.text.stated_amounts import StatedAmount, to_amount
from analysis.balancing.text.statements import plain
from analysis.terms.label import ORDINAL
from analysis.terms.line_item import PLACE_COLUMNS, Kind, Place
from analysis.terms.money import Unit, parse_amount

# By table, side, column and phase.
Cells = Mapping[tuple[str, ...], Sequence["RestatedCell"]]

FUNDS = ("general_public_budget", "government_fund", "state_capital")
APPROPRIATIONS = "appropriation_expenditure"
SUMMARIES = ("revenue_expenditure_summary", "appropriation_summary")
WHOLES = (("expenditure", "expenditure"), ("revenue", "revenue"))
_NUMBER = f"^{ORDINAL}"
_KEY = ("table", "side", "measure", "phase")
_ROW = ("code", "name", "row_role", "printed", "printed_unit")


@dataclass(frozen=True, slots=True)
class RestatedCell:
    """A printed cell of an official table: its row, its amount as one of the text, and where it stands.

    `at` are the columns of its place: few of many cells are ever asked for it. `proven` is whether other figures of the
    tables prove the amount; where nobody asked, it is believed.
    """

    table: str
    code: str | None
    name: str | None
    role: str
    amount: StatedAmount
    at: tuple[Any, ...] = ()
    proven: bool = True

    @property
    def place(self) -> Place:
        """Where it stands; nowhere where that is in another file than the text."""
        return Place(*self.at)


def restated_cells(line_items: pl.DataFrame, context: CheckingContext) -> Mapping[str, Cells]:
    """The cells of each document; a column `proven` may tell which of them others prove."""
    line_items = _useful(line_items, context)
    proven = pl.col("proven") if "proven" in line_items.columns else pl.lit(value=True)
    place = [pl.col(name) if name in line_items.columns else pl.lit(None) for name in PLACE_COLUMNS]
    at = [column.alias(f"at {name}") for column, name in zip(place, PLACE_COLUMNS, strict=True)]
    rows = line_items.select("document_id", *_KEY, *_ROW, pl.col("amount").cast(pl.String), proven.alias("proven"), *at)
    found: dict[str, dict[tuple[str, ...], list[RestatedCell]]] = {}
    for document, *row in rows.iter_rows():
        key, (code, name, role, printed, unit, yuan, sure), stands = tuple(row[:4]), row[4:11], tuple(row[11:])
        cell = RestatedCell(key[0], code, name, role, _printed_amount(printed, unit, yuan), stands, sure)
        found.setdefault(document, {}).setdefault(key, []).append(cell)
    return found


@lru_cache(maxsize=2**14)
def _printed_amount(printed: str, printed_unit: str, yuan: str) -> StatedAmount:
    """The amount of a cell as its digits print it; what prints none is as exact as the amount in yuan."""
    unit, number = Unit(printed_unit), parse_amount(printed)
    return to_amount(f"{Decimal(yuan) / unit.yuan if number is None else number:f}", unit.zh)


@lru_cache(maxsize=2**14)
def _without_number(name: str) -> str:
    return re.sub(_NUMBER, "", plain(name))


def bare_label(cell: RestatedCell) -> str:
    """The label of a row without its number."""
    return _without_number(cell.name or "")


def _useful(line_items: pl.DataFrame, context: CheckingContext) -> pl.DataFrame:
    """The cells of the document's own year that a sentence can restate."""
    subjects = {id(one): one for rules in context.text_rules.values() for one in rules.subjects.values()}
    labels = sorted({label for one in subjects.values() for cell in one.cells for label in cell.labels})
    bare = pl.col("name").str.replace_all("（", "(").str.replace_all("）", ")").str.replace(_NUMBER, "")
    whole = pl.col("table").is_in([table for table, _ in WHOLES]) & (pl.col("code_level") == 3)
    fund = pl.col("table").is_in([*FUNDS, APPROPRIATIONS]) & pl.col("code").is_not_null()
    functional = (fund | whole) & (pl.col("measure") == "total")
    listed = (pl.col("table") == "basic_by_economic") & (pl.col("kind") == Kind.FINAL.value)
    named = bare.is_in(labels).fill_null(value=False)
    summary = pl.col("table").is_in(SUMMARIES) & (pl.col("side") == "expenditure")
    of_year = pl.col("fiscal_year").is_null() | (pl.col("fiscal_year") == pl.col("document_year"))
    return line_items.filter((pl.col("row_role") == "total") | functional | listed | named | summary, of_year)
