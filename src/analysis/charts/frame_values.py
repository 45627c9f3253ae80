"""What every chart does with the numbers of its frame: keep them exact, keep where they come from, and say both.

A frame's amounts stay Decimals in yuan until their place on the sheet is computed. Where a frame says the line item of
an amount (`place`), what is to be known of it (`note`) or that an open error touches it (`suspect`), the table of
figures says so too; what was added up or computed has no place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.display.amounts import GAP
from analysis.display.tables import Heading, Table, TableCell

NAMELESS = "（无名称）"
MISSING = "没有公布或没有读出"


@dataclass(frozen=True, slots=True)
class Value:
    """An amount or a ratio of the frame, and what is known of it."""

    amount: Decimal
    place: str | None = None
    note: str | None = None
    suspect: bool = False

    def __add__(self, other: "Value") -> "Value":
        return Value(self.amount + other.amount, suspect=self.suspect or other.suspect)

    @property
    def sign(self) -> str:
        """※ behind a figure that is in doubt."""
        return "※" if self.suspect else ""


def value_of(row: Mapping[str, Any], column: str = "amount") -> Value | None:
    """The value in a row of a frame; None for a gap."""
    amount = row[column]
    if amount is None:
        return None
    number = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    return Value(number, row.get("place"), row.get("note"), bool(row.get("suspect")))


def values(frame: pl.DataFrame, *axes: str, column: str = "amount") -> dict[tuple[Any, ...], Value]:
    """The values by their axes in the order of the frame, gaps left out; several of one place are added."""
    found: dict[tuple[Any, ...], Value] = {}
    for row in frame.iter_rows(named=True):
        value = value_of(row, column)
        if value is not None:
            place = tuple(row[axis] for axis in axes)
            found[place] = found[place] + value if place in found else value
    return found


def yuan(amount: Decimal | None) -> str:
    """An amount exact to the fen in yuan, with thousands separators; a gap is "—"."""
    return GAP if amount is None else f"{amount:,.2f}"


def exact_yuan(value: Value | None) -> str:
    """A value as pointing at it says it: exact, with its unit and its doubt."""
    return GAP if value is None else f"{yuan(value.amount)} 元{'（※ 存疑）' if value.suspect else ''}"


def exact_percent(ratio: Decimal | None) -> str:
    """A ratio as per cent with two decimals, for tables."""
    return GAP if ratio is None else f"{ratio:,.2%}"


def cell(value: Value | None, text: Callable[[Decimal | None], str] = yuan) -> str | TableCell:
    """A value as a cell of a table."""
    if value is None:
        return GAP
    words = text(value.amount)
    return (
        TableCell(words, value.place, value.note, value.suspect)
        if value.place or value.note or value.suspect
        else words
    )


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str | TableCell]], words: int = 1) -> Table:
    """A table whose first `words` columns are words and the others numbers."""
    columns = tuple(Heading(heading, number >= words) for number, heading in enumerate(headings))
    return Table(caption, columns, tuple(tuple(row) for row in rows))


def names_of(frame: pl.DataFrame, key: str = "key", name: str = "name") -> dict[str, str]:
    """What each key is called; where it has several names, the last one of the frame."""
    pairs = zip(frame[key].to_list(), frame[name].to_list(), strict=True)
    return {key: name or NAMELESS for key, name in pairs if key is not None}


def coded(key: str, name: str) -> str:
    """A name with its code in front, where the key is a code."""
    return f"{key} {name}" if key.isdecimal() else name
