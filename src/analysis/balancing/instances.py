"""The one interpreter of the identities: from cells to instances, used for checking and for resolving alike.

An *instance* is an identity at one place: Σ weight·amount over its left cells against the same over its right cells.
Which cells belong together follows from the structure that is printed, not from the amounts, so that blanks that wait
for a figure take part like any other cell.

A blank cell counts as 0 and is simply absent. When a whole side is blank, three things decide:

- the other side's table, columns and rows are printed, only these cells are blank: an instance, with nothing (0) there;
- the table, the columns, or the rows are not printed at all: no instance. Nobody looked, and the reason is kept;
- brought together by name, or a code by its children: the row of that very name, or any child, must be printed. By
  code alone the row may be missing: a code that stands in one table only is a fault, not a gap.

At least (>=) says nothing where its right side is blank. Amounts matter to one thing alone: a guard, which lifts an
identity for a document (see `analysis.balancing.guards`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.balancing.guards import lifted
from analysis.balancing.rows import Tables, in_columns, in_rows, table_frames, table_of
from analysis.terms.identity import Case, Identities, Identity, Match, Operand, Relation

TERMS: Mapping[str, type[pl.DataType]] = {
    "instance": pl.String,
    "identity": pl.String,
    "document_id": pl.String,
    "table": pl.String,
    "code": pl.String,
    "name": pl.String,
    "measure": pl.String,
    "phase": pl.String,
    "cell": pl.Int64,
    "side": pl.String,
    "weight": pl.Int8,
}
_PLACE = ("document_id", "phase", "fiscal_year", "at_side")
KEYS = ("case", *_PLACE, "key", "measure")


@dataclass(frozen=True, slots=True)
class Instances:
    """The instances of one identity, one row each, and those that nobody could look at because a side is not printed.

    Both frames have `KEYS`, the row of the left side (row_number, code, name), that of the right (with the suffix
    _right), `cells` and `cells_right` (how many; null where the side is blank) and the sums that were asked for.
    """

    real: pl.DataFrame
    unseen: pl.DataFrame


def instance_terms(cells: pl.LazyFrame | pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """The terms of every instance that the cells give rise to.

    Args:
        cells: one row per cell, columns `rows.CELL`; `cell` is unique. `amount` (null where not known) is needed
            for guarded identities only, which are left out without it.
        identities: the shelf.

    Returns:
        One row per cell of an instance, columns `TERMS`: `instance` is the check_id of the place, `table`, `code`,
        `name` and `measure` are those of the left side, `side` is "left" or "right", `weight` +1 or -1.
        Sorted by instance, side, cell.
    """
    frame = cells.lazy().collect()
    tables = table_frames(frame)
    parts = [pl.DataFrame(schema=TERMS)]
    for identity in identities.entries:
        if identity.unless and "amount" not in frame.columns:
            continue
        found = instances(tables, lifted(tables, documents_in_scope(frame, identity), identity), identity)
        places = with_ids(found.real, identity)
        for name, terms in zip(("left", "right"), keyed_sides(tables, identity), strict=True):
            parts.append(
                terms.select(*KEYS, "cell")
                .join(places, on=KEYS, nulls_equal=True)
                .with_columns(pl.col("cell").cast(pl.Int64), side=pl.lit(name), weight=pl.lit(1, pl.Int8))
                .select(*TERMS)
            )
    return pl.concat(parts).sort("instance", "side", "cell")


def documents_in_scope(cells: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """The documents (document_id) of the kinds that the identity speaks of; `cells` has document_id and kind."""
    kinds = [kind.value for kind in identity.kinds]
    return cells.filter(pl.col("kind").is_in(kinds)).select("document_id").unique()


def instances(tables: Tables, off: pl.DataFrame, identity: Identity, sums: Sequence[pl.Expr] = ()) -> Instances:
    """The instances of `identity` in the documents of its kinds, but for those of `off` (a frame with document_id).

    `sums` are aggregations over the cells of one side, added under their name for the left, with _right for the right.
    """
    first = [pl.col(name).first() for name in ("row_number", "code", "name")]
    left, right = (
        (terms if off.is_empty() else terms.join(off, on="document_id", how="anti"))
        .group_by(KEYS)
        .agg(*first, *sums, cells=pl.len())
        for terms in keyed_sides(tables, identity)
    )
    both = left.join(right, on=KEYS, how="full", coalesce=True, nulls_equal=True)
    blank_left, blank_right = pl.col("cells").is_null(), pl.col("cells_right").is_null()
    if identity.relation is Relation.AT_LEAST:
        both = both.filter(~blank_right)
    one_sided = both.filter(blank_left | blank_right)
    printed = [both.filter(~blank_left & ~blank_right)]
    for number in one_sided["case"].unique():
        case = identity.cases[number]
        here = one_sided.filter(pl.col("case") == number)
        printed.append(_printed(tables, here.filter(blank_left), (case.left,), case))
        printed.append(_printed(tables, here.filter(blank_right), case.right, case))
    real = pl.concat(printed)
    return Instances(real, one_sided.join(real, on=KEYS, how="anti", nulls_equal=True))


def keyed_sides(tables: Tables, identity: Identity) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells of the left and of the right side of all cases, each with the `KEYS` of the instance it belongs to.

    Only documents of the kinds of the identity take part.
    """
    of_kind = pl.col("kind").is_in([kind.value for kind in identity.kinds])
    sides: tuple[list[pl.DataFrame], list[pl.DataFrame]] = ([], [])
    for number, case in enumerate(identity.cases):
        for side, operands in zip(sides, ((case.left,), case.right), strict=True):
            for operand in operands:
                keyed = _keyed(tables, operand, case, [of_kind, *in_rows(operand), *in_columns(operand)])
                side.append(keyed.filter(pl.col("key").is_not_null()).with_columns(case=pl.lit(number, pl.Int16)))
    return pl.concat(sides[0]), pl.concat(sides[1])


def _printed(tables: Tables, found: pl.DataFrame, operands: Sequence[Operand], case: Case) -> pl.DataFrame:
    """Those of `found` whose blank side is printed: some operand has both its row and its column in the document."""
    if found.is_empty():
        return found
    at_row = (*_PLACE, "key") if case.match in (Match.ROW, Match.NAME, Match.PARENT) else _PLACE
    at_column = (*_PLACE, "measure")
    kept = [
        found.join(_keyed(tables, operand, case, in_rows(operand)), on=at_row, how="semi", nulls_equal=True).join(
            _keyed(tables, operand, case, in_columns(operand)), on=at_column, how="semi", nulls_equal=True
        )
        for operand in operands
    ]
    return pl.concat(kept).unique(KEYS)


def _keyed(tables: Tables, operand: Operand, case: Case, chosen: Sequence[pl.Expr]) -> pl.DataFrame:
    """The `chosen` cells of the operand's table, with the columns `KEYS`, but for the case, of their instance."""
    keys = {
        Match.ROW: pl.col("row_number").cast(pl.String),
        Match.PARENT: pl.col("code" if operand is case.left else "parent_code"),
        Match.CODE: pl.col("code"),
        Match.NAME: pl.col("label"),
        Match.TABLE: pl.lit(""),
    }
    one_table = all((one.table, one.side) == (case.left.table, case.left.side) for one in case.right)
    side = pl.col("side") if one_table else pl.lit(case.left.side and case.left.side.value, pl.String)
    measure = pl.lit(case.left.measures[0]) if len(case.left.measures) == 1 else pl.col("measure")
    frame = table_of(tables, operand).filter(pl.lit(value=True), *chosen)
    return frame.with_columns(at_side=side, key=keys[case.match], measure=measure)


def with_ids(found: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Instances with `instance`, `identity`, `table`, and the code and name of the left side's row.

    Where the left side is blank, the code or name that brings the sides together stands in. The id is made of identity,
    document, table, side, row, column and phase; a place that is printed twice gets a running number.
    """
    match = identity.cases[0].match
    of_case = dict(enumerate(case.left.table for case in identity.cases))
    tables = pl.col("case").replace_strict(of_case, return_dtype=pl.String)
    if match in (Match.CODE, Match.PARENT):
        found = found.with_columns(code=pl.coalesce("code", "key"))
    if match in (Match.CODE, Match.NAME, Match.ROW):
        found = found.with_columns(name=pl.coalesce("name", "name_right"))
    row = pl.coalesce("code", "name", pl.lit(""))
    parts = ["identity", "document_id", "table", pl.col("at_side").fill_null(""), row, "measure", "phase"]
    named = found.with_columns(identity=pl.lit(identity.id), table=tables).with_columns(
        instance=pl.concat_str(parts, separator="|")
    )
    if named["instance"].n_unique() == named.height:
        return named
    number = pl.int_range(pl.len()).over("instance")
    again = pl.when(number > 0).then(pl.format("{}#{}", "instance", number + 1)).otherwise("instance")
    return named.sort("instance", "fiscal_year", "row_number").with_columns(instance=again)
