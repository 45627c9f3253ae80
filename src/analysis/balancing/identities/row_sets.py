"""Which cells an operand means: row sets and columns, told by what is printed.

Cells come as a frame with one row per cell and the columns `CELL`. `table_frames` labels them (the name without its
number, and the depth that the number tells), numbers what they are brought together by, and splits them by table, so
that each operand looks only at its own table and compares integers only. `in_rows` and `in_columns` say what an operand
selects. Nothing here looks at an amount.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from analysis.balancing.identities.incomplete_tables import no_incomplete_tables
from analysis.balancing.identities.place_codec import SIDE_NUMBERS, PlaceCodec
from analysis.knowledge.names import parts_of
from analysis.terms.identity import Depth, Operand
from analysis.terms.label import CHAPTER, PART

CELL = (
    "cell",
    "document_id",
    "kind",
    "form",
    "fiscal_year",
    "phase",
    "table",
    "row_number",
    "side",
    "code",
    "parent_code",
    "code_level",
    "name",
    "outer_name",
    "row_role",
    "measure",
)

_CHAPTER, _PART = f"^{CHAPTER}", f"^{PART}"

_SHEET = ("document_id", "phase", "fiscal_year")


@dataclass(frozen=True, slots=True)
class Tables:
    """The labelled cells, whole and by table, and the codec of the places that they can belong to.

    `cells` keeps the order of the cells, whose position is `pos`. In `frames` a document with phase and year is
    `sheet`, code, parent and label are `code_at`, `parent_at` and `label_at`, the measure `measure_at`; all count from
    0 in the order of what they stand for. `sheets` has the document of each sheet, `incomplete` the tables that were
    not read whole (see `incomplete_tables`), `memo` keeps the documents that several identities ask for.
    """

    cells: pl.DataFrame
    frames: Mapping[str, pl.DataFrame]
    sheets: pl.DataFrame
    codec: PlaceCodec
    measures: Mapping[str, int]
    incomplete: pl.DataFrame
    memo: dict[object, frozenset[str]] = field(default_factory=dict)

    def documents_of(self, sheets: Iterable[int]) -> frozenset[str]:
        """The documents of some sheets."""
        documents = self.sheets["document_id"].to_list()
        return frozenset(documents[sheet] for sheet in sheets)


def with_labels(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with `label` (the name without its number, brackets half-width) and `depth` (see `Depth`)."""
    name = pl.col("name")
    within = pl.col("outer_name") if "outer_name" in cells.columns else pl.lit(None, pl.String)
    depth = (
        pl.when(name.str.contains(_CHAPTER))
        .then(pl.lit(Depth.CHAPTER.value))
        .when(name.str.contains(_PART) | within.is_not_null())
        .then(pl.lit(Depth.PART.value))
        .otherwise(pl.lit(Depth.PLAIN.value))
    )
    label = name.str.replace(_CHAPTER, "").str.replace(_PART, "").str.replace_all("（", "(").str.replace_all("）", ")")
    key = [column for column in ("name", "outer_name") if column in cells.columns]
    names = cells.select(key).unique().with_columns(label=label, depth=depth)
    return cells.join(names, on=key, how="left", nulls_equal=True, maintain_order="left")


def table_frames(cells: pl.DataFrame, incomplete: pl.DataFrame | None = None) -> Tables:
    """The labelled cells by table, with the columns `CELL`, and amount and digit where they are there.

    `incomplete` are the tables that were not read whole, columns `INCOMPLETE`; None for none.
    """
    kept = cells.select(*(name for name in (*CELL, "amount", "digit") if name in cells.columns))
    labelled = with_labels(kept).with_row_index("pos").with_columns(pl.col("pos").cast(pl.Int64))
    codes = pl.concat([labelled["code"], labelled["parent_code"].alias("code")]).drop_nulls().unique().sort()
    labels, measures = (labelled[name].drop_nulls().unique().sort() for name in ("label", "measure"))
    sheets = labelled.select(_SHEET).unique().sort(_SHEET).with_row_index("sheet").cast({"sheet": pl.Int64})
    numbered = labelled.join(sheets, on=_SHEET, how="left", nulls_equal=True, maintain_order="left").with_columns(
        side_at=pl.col("side").replace_strict(SIDE_NUMBERS, default=0, return_dtype=pl.Int64),
        code_at=_number(pl.col("code"), codes),
        parent_at=_number(pl.col("parent_code"), codes),
        label_at=_number(pl.col("label"), labels),
        measure_at=_number(pl.col("measure"), measures),
    )
    rows = labelled["row_number"].max()
    most = max(len(codes), len(labels), int(rows) if isinstance(rows, int) else 0)
    frames = {str(key[0]): frame for key, frame in numbered.partition_by("table", as_dict=True).items()}
    frames[""] = numbered.clear()
    codec = PlaceCodec(sheets.height, most + 1, max(len(measures), 1))
    unread = no_incomplete_tables() if incomplete is None else incomplete
    return Tables(labelled, frames, sheets, codec, {name: at for at, name in enumerate(measures)}, unread)


def _number(column: pl.Expr, values: pl.Series) -> pl.Expr:
    """The place of each value among the sorted `values`; null where there is none."""
    return column.cast(pl.Enum(values)).to_physical().cast(pl.Int64)


def table_of(tables: Tables, operand: Operand) -> pl.DataFrame:
    """All cells of the operand's table; an empty frame where no document has it."""
    return tables.frames.get(operand.table, tables.frames[""])


def in_columns(operand: Operand) -> list[pl.Expr]:
    """The conditions on a cell to stand in the columns of the operand, whatever its row."""
    measures = [pl.col("measure").is_in(operand.measures)] if operand.measures else []
    return [*_on_side(operand), *measures]


def in_columns_or_parts(tables: Tables, operand: Operand) -> list[pl.Expr]:
    """The same, where a column that a table does not print is printed as its own parts (购置 and 运行 for 公务用车)."""
    frame = table_of(tables, operand)
    printed = {
        measure: sheets["sheet"].unique()
        for (measure,), sheets in frame.filter(*_on_side(operand)).partition_by("measure", as_dict=True).items()
    }
    return [*_on_side(operand), _column_or_parts(operand.measures, printed, frozenset(operand.measures))]


def _column_or_parts(measures: Iterable[str], printed: Mapping[object, pl.Series], named: frozenset[str]) -> pl.Expr:
    """The condition on a cell to be of one of the measures, or of the parts of one that its table does not print."""
    chosen = pl.col("measure").is_in(tuple(measures))
    for measure in measures:
        parts = [part for part in parts_of(measure) if part not in named]
        if any(part in printed for part in parts):
            sheets = printed.get(measure)
            lacks = pl.lit(value=True) if sheets is None else ~pl.col("sheet").is_in(sheets.to_list())
            chosen |= lacks & _column_or_parts(parts, printed, named)
    return chosen


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
