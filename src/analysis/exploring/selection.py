"""Which figures of one organisation a reader asked for: a table, a column, a phase, some rows, some years.

Rows are asked for as people speak: a code means its row and those directly below it, a word every row whose name has
it, nothing the classes. Nothing is added up. A row is followed by its code, and by its name where it has none; the name
shown is the latest, with the older ones said. Where a budget and a final account tell one figure, the one whose matter
it is tells it; where two files of one kind do, the first by name does, and the claim is counted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analysis.knowledge.names import measure_names, table_names
from analysis.reports.parameters import YearRange
from analysis.reports.series.sources import from_best_document

SIDES = {"revenue": "收入", "expenditure": "支出"}
PHASES = {"approved": "预算数", "executed": "决算数、执行数"}
_SIGNS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class FigureQuery(YearRange):
    """What is asked for, over a range of fiscal years."""

    table: str
    side: str
    measure: str
    phase: str
    asked: str

    @property
    def title(self) -> str:
        """Table, column and phase in words."""
        words = (table_names().get(self.table, self.table), measure_names().get(self.measure, self.measure))
        return "，".join((*words, PHASES[self.phase]))


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The figures found.

    Attributes:
        figures: `fiscal_year`, `key`, `name`, `scheme`, `amount`, `suspect`, `place`, `source_file`, `page`, `printed`;
            the row with the largest latest amount first, then by year.
        claims: How many figures more than one file told.
    """

    figures: pl.DataFrame
    claims: int


def sheets(items: pl.DataFrame) -> Mapping[str, tuple[str, str]]:
    """The tables of these items by their names in words: table and side."""
    pairs = items.select("table", "side").unique().drop_nulls().rows()
    twice = {table for table, _ in pairs if sum(other == table for other, _ in pairs) > 1}
    order = list(table_names())
    return {
        table_names().get(table, table) + (f"（{SIDES[side]}）" if table in twice else ""): (table, side)
        for table, side in sorted(pairs, key=lambda pair: (order.index(pair[0]) if pair[0] in order else 99, pair))
    }


def select(items: pl.DataFrame, query: FigureQuery) -> Selection:
    """The figures of one organisation at one level that `query` asks for."""
    mine = items.filter(
        pl.col("fiscal_year").is_between(query.first_year, query.last_year),
        table=query.table,
        side=query.side,
        measure=query.measure,
        phase=query.phase,
    ).filter(from_best_document())
    words = measure_names().get(query.measure, query.measure)
    found = mine.filter(_asked(mine, query.asked)).with_columns(
        key=pl.coalesce("code", "name", pl.lit(words)), name=pl.coalesce("name", pl.lit(words))
    )
    claimed = found.sort("key", "fiscal_year", "source_file", "row_number")
    figures = claimed.unique(["key", "fiscal_year"], keep="first", maintain_order=True)
    older = pl.col("names").list.slice(1)
    names = (
        figures.sort("fiscal_year", descending=True)
        .group_by("key")
        .agg(pl.col("name").unique(maintain_order=True).alias("names"), pl.col("amount").first().alias("latest"))
        .with_columns(
            shown=pl.col("names").list.first()
            + pl.when(older.list.len() > 0)
            .then(pl.lit("（曾作 ") + older.list.join("、") + pl.lit("）"))
            .otherwise(pl.lit(""))
        )
    )
    ordered = (
        figures.join(names, on="key")
        .sort("latest", "key", "fiscal_year", descending=[True, False, False])
        .select(
            "fiscal_year", "key", pl.col("shown").alias("name"), "scheme", "amount", "suspect", "place",
            "source_file", "page", "printed",
        )
    )  # fmt: skip
    return Selection(ordered, claimed.height - figures.height)


def _asked(items: pl.DataFrame, asked: str) -> pl.Expr:
    words = [word for word in _SIGNS.split(asked.strip()) if word]
    if words:
        return pl.any_horizontal(_word(word) for word in words)
    classes = pl.col("code_level") == 1
    return classes if items.filter(classes).height else pl.lit(value=True)


def _word(word: str) -> pl.Expr:
    if word.isascii() and word.isdigit():
        return (pl.col("code") == word) | (pl.col("parent_code") == word)
    return pl.col("name").str.contains(word, literal=True)
