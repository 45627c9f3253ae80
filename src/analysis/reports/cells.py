"""From a row of a series to a cell of a table: the amount in 万元, and the way back to where it is printed.

A figure that is one line item carries its place, and on hover the exact amount, the printed text, the file and the
page. What was computed of several is plain text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.display.amounts import GAP, wan
from analysis.display.tables import Heading, TableCell


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """One printed amount as a report shows it: yuan, its id, where it stands in words, and whether it is in doubt."""

    yuan: Decimal
    figure_id: str
    note: str
    suspect: bool


def amount_of(row: Mapping[str, Any]) -> PrintedAmount:
    """The amount of a row that has the columns `amount`, `place`, `where`, `printed` and `suspect`."""
    note = f"{row['amount']:,} 元，原文“{row['printed']}”，{row['where']}"
    return PrintedAmount(row["amount"], row["place"], note, bool(row["suspect"]))


def amounts_by(frame: pl.DataFrame, *keys: str) -> dict[Any, PrintedAmount]:
    """The amounts of a frame by the values of `keys`: by the value itself where there is one key, else by tuples."""
    amounts: dict[Any, PrintedAmount] = {}
    for row in frame.iter_rows(named=True):
        if row["amount"] is not None:
            key = row[keys[0]] if len(keys) == 1 else tuple(row[name] for name in keys)
            amounts.setdefault(key, amount_of(row))
    return amounts


def yuan(amount: PrintedAmount | None) -> Decimal | None:
    """The amount alone; None for a gap."""
    return None if amount is None else amount.yuan


def cell(amount: PrintedAmount | None, gap: str | None = None) -> TableCell | str:
    """The amount in 万元 as a cell that leads back to its line item; a gap tells its reason on hover."""
    if amount is None:
        return TableCell(GAP, note=gap) if gap else GAP
    return TableCell(wan(amount.yuan), amount.figure_id, amount.note, amount.suspect)


def columns(words: Sequence[str], numbers: Sequence[str]) -> tuple[Heading, ...]:
    """The columns of a table: first those of text, then those of numbers."""
    return (*(Heading(word, number=False) for word in words), *(Heading(number) for number in numbers))
