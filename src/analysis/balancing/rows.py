"""Which cells an operand means: row sets and columns, told by what is printed.

Cells come as a frame with one row per cell and the columns `CELL`. `with_labels` adds the label without its number and
the depth that the number tells; `table_frames` splits the cells by table once, so that each operand looks only at its
own table; `in_rows` and `in_columns` say what it selects. Nothing here looks at an amount.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from analysis.terms.identity import Depth, Operand

CELL = (
    "cell",
    "document_id",
    "kind",
    "fiscal_year",
    "phase",
    "table",
    "row_number",
    "side",
    "code",
    "parent_code",
    "code_level",
    "name",
    "row_role",
    "measure",
)

_CHAPTER = r"^[一二三四五六七八九十]+、"
_PART = r"^(?:\d+[.、．]|[(（][一二三四五六七八九十\d]+[)）]、?|其中[：:]?)"

Tables = Mapping[str, pl.DataFrame]


def with_labels(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with `label` (the name without its number, brackets half-width) and `depth` (see `Depth`)."""
    name = pl.col("name")
    depth = (
        pl.when(name.str.contains(_CHAPTER))
        .then(pl.lit(Depth.CHAPTER.value))
        .when(name.str.contains(_PART))
        .then(pl.lit(Depth.PART.value))
        .otherwise(pl.lit(Depth.PLAIN.value))
    )
    label = name.str.replace(_CHAPTER, "").str.replace(_PART, "").str.replace_all("（", "(").str.replace_all("）", ")")
    names = cells.select("name").unique().with_columns(label=label, depth=depth)
    return cells.join(names, on="name", how="left", nulls_equal=True, maintain_order="left")


def table_frames(cells: pl.DataFrame) -> Tables:
    """The labelled cells by table, with the columns `CELL`, and amount and digit where they are there."""
    cells = cells.select(*(name for name in (*CELL, "amount", "digit") if name in cells.columns))
    return {str(key[0]): frame for key, frame in with_labels(cells).partition_by("table", as_dict=True).items()}


def table_of(tables: Tables, operand: Operand) -> pl.DataFrame:
    """All cells of the operand's table; an empty frame where no document has it."""
    frame = tables.get(operand.table)
    return next(iter(tables.values())).clear() if frame is None else frame


def in_columns(operand: Operand) -> list[pl.Expr]:
    """The conditions on a cell to stand in the columns of the operand, whatever its row."""
    measures = [pl.col("measure").is_in(operand.measures)] if operand.measures else []
    return [*_on_side(operand), *measures]


def in_rows(operand: Operand) -> list[pl.Expr]:
    """The conditions on a cell of the operand's table to stand in its rows, whatever its column."""
    rows = operand.rows
    label, number = pl.col("label"), pl.col("row_number")
    listed: dict[str, Sequence[str | int]] = {
        "row_role": [role.value for role in rows.roles],
        "code_level": rows.levels,
        "code": rows.codes,
        "depth": [depth.value for depth in rows.depths],
        "label": rows.labels,
    }
    conditions = [pl.col(column).is_in(values) for column, values in listed.items() if values]
    if rows.starts:
        conditions.append(pl.any_horizontal(label.str.starts_with(start) for start in rows.starts))
    if rows.excluded:
        conditions.append(~label.is_in(rows.excluded))
    if rows.above:
        conditions.append(number < _anchor(rows.above))
    if rows.below:
        conditions.append(number > _anchor(rows.below))
    return [*_on_side(operand), *conditions]


def cells_of(tables: Tables, operand: Operand) -> pl.DataFrame:
    """The cells that the operand means: its rows, its columns."""
    return table_of(tables, operand).filter(pl.lit(value=True), *in_rows(operand), *in_columns(operand))


def _on_side(operand: Operand) -> list[pl.Expr]:
    return [] if operand.side is None else [pl.col("side") == operand.side.value]


def _anchor(labels: tuple[str, ...]) -> pl.Expr:
    """The number of the first row of the same document and side that bears one of `labels`; null if there is none."""
    number = pl.when(pl.col("label").is_in(labels)).then(pl.col("row_number"))
    return number.min().over("document_id", "side")
