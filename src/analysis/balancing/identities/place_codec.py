"""The place of an instance as one integer, so that millions of cells are brought together by comparing integers.

A place has five parts: case, sheet (document, phase, year), side, key (row, code or label) and measure. They are packed
from left to right, each in as many values as it can take; a part of the place is read by who packed it.
"""

from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from analysis.terms.line_item import Side

# 0 stands for a case that names no side.
SIDE_NUMBERS = {side.value: number for number, side in enumerate(sorted(Side), start=1)}
_SIDES = 1 + len(SIDE_NUMBERS)

Column = TypeVar("Column", pl.Expr, pl.Series)


@dataclass(frozen=True, slots=True)
class PlaceCodec:
    """How many values sheet, key and measure can take: that is all that packing needs to know."""

    sheets: int
    keys: int
    measures: int

    def pack(self, case: int, sheet: pl.Expr, side: pl.Expr, key: pl.Expr, measure: pl.Expr) -> pl.Expr:
        """The place of five parts, each counted from 0."""
        whole = pl.lit(case * self.sheets, pl.Int64) + sheet
        return ((whole * _SIDES + side) * self.keys + key) * self.measures + measure

    def case(self, at: Column) -> Column:
        """The case of a place."""
        return at // (self.sheets * _SIDES * self.keys * self.measures)

    def sheet(self, at: Column) -> Column:
        """The sheet of a place."""
        return at // (_SIDES * self.keys * self.measures) % self.sheets

    def key(self, at: Column) -> Column:
        """The key of a place."""
        return at // self.measures % self.keys

    def without_measure(self, at: Column) -> Column:
        """The row of a place: all but its measure."""
        return at // self.measures

    def without_key_and_measure(self, at: Column) -> Column:
        """The side of the sheet of a place: all but its key and its measure."""
        return at // (self.measures * self.keys)

    def without_key(self, at: Column) -> Column:
        """The column of a place: all but its key."""
        return self.without_key_and_measure(at) * self.measures + at % self.measures
