"""The one interpreter of the identities: from cells to instances, used for checking and for resolving alike.

An *instance* is an identity at one place: Σ weight·amount over its left cells against the same over its right cells.
Which cells belong together follows from the structure that is printed, not from the amounts, so that blanks that wait
for a figure take part like any other cell.

A blank cell counts as 0 and is simply absent. When a whole side is blank, three things decide:

- the other side's table, columns and rows are printed, only these cells are blank: an instance, with nothing (0) there;
- the table, the columns, or the rows are not printed at all: no instance. Nobody looked, and the reason is kept;
- brought together by name, or a code by its children: the row of that very name, or any child, must be printed. By
  code alone the row may be missing: a code that stands in one table only is a fault, not a gap.

Where a table that a case speaks of was not read whole there is no instance either (see `incomplete_tables`).

At least (>=) says nothing where its right side is blank. Amounts matter to one thing alone: a guard, which lifts an
identity for a document (see `analysis.balancing.identities.guards`).

A place is one integer, `at` (see `place_codec`); texts are looked up once, when a place is named.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.balancing.identities.guards import lifted
from analysis.balancing.identities.incomplete_tables import cases_not_judged
from analysis.balancing.identities.place_codec import SIDE_NUMBERS
from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.row_sets import (
    Tables,
    in_columns,
    in_columns_or_parts,
    in_rows,
    table_frames,
    table_of,
)
from analysis.terms.identity import Case, Identities, Identity, Match, Operand, Relation
from analysis.terms.line_item import Kind

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

_CASES: Mapping[str, type[pl.DataType]] = {
    "entry": pl.Int16,
    "case": pl.Int16,
    "identity": pl.String,
    "match": pl.String,
    "table": pl.String,
    "at_side": pl.String,
    "named_measure": pl.String,
}
_NAMED_BY_EITHER = (Match.CODE, Match.NAME, Match.ROW)
_KEYS = {Match.ROW: "row_number", Match.CODE: "code_at", Match.NAME: "label_at"}


@dataclass(frozen=True, slots=True)
class Instances:
    """The instances of one identity, one row each, and those that nobody could look at because a side is not printed.

    Both frames have `at`, `pos` and `pos_right` (the first cell of each side), `cells` and `cells_right` (how many;
    null where the side is blank) and the sums that were asked for. `sides` are the cells of both, as `keyed_sides`.
    """

    real: pl.DataFrame
    unseen: pl.DataFrame
    sides: tuple[pl.DataFrame, pl.DataFrame]


def instance_terms(
    cells: pl.LazyFrame | pl.DataFrame, identities: Identities, incomplete: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The terms of every instance that the cells give rise to, within documents.

    Args:
        cells: one row per cell, columns `rows.CELL`; `cell` is unique. `amount` (null where not known) is needed
            for guarded identities only, which are left out without it.
        identities: the shelf; what links a document to another one is left out.
        incomplete: the tables that were not read whole, which give no instances; None for none.

    Returns:
        One row per cell of an instance, columns `TERMS`: `instance` is the check_id of the place, `table`, `code`,
        `name` and `measure` are those of the left side, `side` is "left" or "right", `weight` +1 or -1.
        Sorted by instance, side, cell.
    """
    frame = cells.lazy().collect()
    tables = table_frames(frame, incomplete)
    within, documents = identities.within, frame.unique("document_id")
    found = [
        instances(tables, lifted(tables, documents_in_scope(documents, identity), identity), identity)
        for identity in within
    ]
    if not found:
        return pl.DataFrame(schema=TERMS)
    places = with_ids(numbered([one.real for one in found]), within, tables, PublishedNames.of(identities))
    return terms_of([one.sides for one in found], places, tuple(TERMS)).sort("instance", "side", "cell")


def numbered(of_identities: Iterable[pl.DataFrame | pl.LazyFrame]) -> pl.DataFrame:
    """The frames of several identities in one, `entry` being the number of the identity among them."""
    frames = [frame.lazy().with_columns(entry=pl.lit(entry, pl.Int16)) for entry, frame in enumerate(of_identities)]
    return pl.concat(frames).collect()


def terms_of(
    sides: Sequence[tuple[pl.DataFrame, pl.DataFrame]], places: pl.DataFrame, columns: Sequence[str]
) -> pl.DataFrame:
    """The cells of both sides of the instances of several identities, as `with_ids` named them.

    These `columns` of `TERMS`, in no order.
    """
    cells = pl.concat(
        numbered(one[number].lazy().select("at", pl.col("cell").cast(pl.Int64)) for one in sides)
        .lazy()
        .with_columns(side=pl.lit(name), weight=pl.lit(1, pl.Int8))
        for number, name in enumerate(("left", "right"))
    )
    kept = places.lazy().select("entry", "at", *(name for name in columns if name in places.columns and name != "side"))
    return cells.join(kept, on=["entry", "at"]).select(*columns).collect()


def documents_in_scope(documents: pl.DataFrame, identity: Identity) -> Sequence[str]:
    """The documents that the identity speaks of; `documents` has document_id, kind and, where told, form."""
    kinds = [kind.value for kind in identity.kinds]
    chosen = (pl.col("kind").is_in(kinds), *_of_families(documents.columns, identity))
    return documents.filter(*chosen)["document_id"].to_list()


def _of_families(columns: Sequence[str], identity: Identity) -> list[pl.Expr]:
    """The condition on a document to be of a family that promises the identity; none where all do."""
    if not identity.families or "form" not in columns:
        return []
    return [pl.col("form").is_null() | pl.col("form").is_in(sorted(identity.families))]


def instances(tables: Tables, off: Collection[str], identity: Identity, sums: Sequence[pl.Expr] = ()) -> Instances:
    """The instances of `identity` in the documents of its kinds, but for those of `off`.

    `sums` are aggregations over the cells of one side, added under their name for the left, with _right for the right.
    """
    sides = _collected(keyed_sides(tables, identity))
    promised = ~pl.col("document_id").is_in(list(off)) if off else pl.lit(value=True)
    left, right = (
        terms.lazy().filter(promised).group_by("at").agg(pl.col("pos").min(), *sums, cells=pl.len()) for terms in sides
    )
    both = left.join(right, on="at", how="full", coalesce=True).collect()
    blank_left, blank_right = pl.col("cells").is_null(), pl.col("cells_right").is_null()
    if identity.relation is Relation.AT_LEAST:
        both = both.filter(~blank_right)
    if identity.relation is Relation.TOTAL:
        both = _with_named_parts(tables, both, identity)
    one_sided = both.filter(blank_left | blank_right)
    printed = [both.filter(~blank_left & ~blank_right)]
    for number in tables.codec.case(one_sided["at"]).unique().to_list():
        case = identity.cases[number]
        here = one_sided.filter(tables.codec.case(pl.col("at")) == number)
        printed.append(_printed(tables, here.filter(blank_left), (case.left,), identity, number))
        printed.append(_printed(tables, here.filter(blank_right), case.right, identity, number))
    real = pl.concat(printed)
    return Instances(real, one_sided.join(real, on="at", how="anti"), sides)


def _collected(sides: tuple[pl.LazyFrame, pl.LazyFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    left, right = pl.collect_all(sides)
    return left, right


def keyed_sides(tables: Tables, identity: Identity) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The cells of the left and of the right side of all cases, each with the place (`at`) that it belongs to.

    Only documents of the kinds and families of the identity take part, and those whose tables were read whole.
    """
    kinds = [kind.value for kind in identity.kinds]
    of_kind = [pl.col("kind").is_in(kinds)] if len(kinds) < len(Kind) else []
    of_kind += _of_families(tables.frames[""].columns, identity)
    kept = [name for name in ("document_id", "pos", "cell", "amount", "digit") if name in tables.frames[""].columns]
    sides: tuple[list[pl.LazyFrame], list[pl.LazyFrame]] = ([], [])
    silent = cases_not_judged(tables.incomplete, identity)
    for number, (case, not_judged) in enumerate(zip(identity.cases, silent, strict=True)):
        judged = [~pl.col("document_id").is_in(list(not_judged))] if not_judged else []
        for side, operands in zip(sides, ((case.left,), case.right), strict=True):
            for operand in operands:
                chosen = [*of_kind, *judged, *in_rows(operand), *_in_columns(tables, operand, case)]
                side.append(_keyed(tables, operand, case, number, chosen).select("at", *kept))
    return pl.concat(sides[0]), pl.concat(sides[1])


def _with_named_parts(tables: Tables, both: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """`both` without sums whose named parts are not printed: the rows that may stand beside them make no sum alone.

    A summary by function that prints 年终结转结余 as 0 is no summary by purpose.
    """
    for number, case in enumerate(identity.cases):
        first = case.right[0]
        if len(case.right) > 1 and first.rows.labels:
            named = _keyed(tables, first, case, number, [*in_rows(first), *in_columns(first)]).select("at").unique()
            here, blank = tables.codec.case(pl.col("at")) == number, pl.col("cells_right").is_null()
            both = both.filter(~here | blank | pl.col("at").is_in(named.collect()["at"].implode()))
    return both


def _printed(
    tables: Tables, found: pl.DataFrame, operands: Sequence[Operand], identity: Identity, number: int
) -> pl.DataFrame:
    """Those of `found` whose blank side is printed: some operand has both its row and its column in the document."""
    if found.is_empty():
        return found
    case, codec, at = identity.cases[number], tables.codec, pl.col("at")
    of_a_row = case.match in (Match.ROW, Match.NAME, Match.PARENT)
    row = codec.without_measure(at) if of_a_row else codec.without_key_and_measure(at)
    column = codec.without_key(at)
    kept = []
    for operand in operands:
        there = found
        printed = _in_columns(tables, operand, case)
        if identity.relation is Relation.TOTAL and operand is not case.left:
            # A column that the total row alone prints is not broken down: its parts are not blank, they are not told.
            printed = [*printed, ~pl.all_horizontal(pl.lit(value=True), *in_rows(case.left))]
        for place, chosen in ((row, in_rows(operand)), (column, printed)):
            seen = _keyed(tables, operand, case, number, chosen).select(place=place).unique().collect()
            there = there.join(seen, left_on=place, right_on="place", how="semi")
        if case.match is Match.CODE:
            there = _of_printed_levels(tables, operand, case, there)
        kept.append(there)
    return pl.concat(kept).unique("at")


def _of_printed_levels(tables: Tables, operand: Operand, case: Case, found: pl.DataFrame) -> pl.DataFrame:
    """Those of `found` whose code is of a level that the operand's table prints.

    A table that prints classes only is not broken down: what its items come to is not 0, it is not told.
    """
    if found.is_empty():
        return found
    sheet = tables.codec.sheet(pl.col("at"))
    coded = pl.concat([table_of(tables, one).select("code_at", "code_level") for one in (case.left, *case.right)])
    levels = coded.drop_nulls().unique("code_at").rename({"code_level": "level"})
    printed = table_of(tables, operand).select("sheet", level="code_level").drop_nulls().unique()
    told = found.select("at", sheet=sheet, code_at=tables.codec.key(pl.col("at"))).join(
        levels, on="code_at", how="left"
    )
    there = told.join(printed, on=["sheet", "level"], how="semi")
    return found.join(there, on="at", how="semi")


def _keyed(tables: Tables, operand: Operand, case: Case, number: int, chosen: Sequence[pl.Expr]) -> pl.LazyFrame:
    """The `chosen` cells of the operand's table with the place of their instance; cells without a key have none."""
    if case.match is Match.PARENT:
        key = pl.col("code_at" if operand is case.left else "parent_at")
    else:
        key = pl.col(_KEYS[case.match]).cast(pl.Int64) if case.match in _KEYS else pl.lit(0, pl.Int64)
    side = pl.col("side_at") if _one_table(case) else pl.lit(SIDE_NUMBERS.get(case.left.side or "", 0), pl.Int64)
    measure = pl.lit(tables.measures.get(case.left.measures[0], 0)) if _added(case) else pl.col("measure_at")
    at = tables.codec.pack(number, pl.col("sheet"), side, key, measure)
    return table_of(tables, operand).lazy().filter(pl.lit(value=True), key.is_not_null(), *chosen).with_columns(at=at)


def _in_columns(tables: Tables, operand: Operand, case: Case) -> list[pl.Expr]:
    """The columns of an operand; of those that a row adds up one that is not printed is printed as its parts."""
    if case.match is Match.ROW and operand is not case.left:
        return in_columns_or_parts(tables, operand)
    return in_columns(operand)


def _one_table(case: Case) -> bool:
    return all((one.table, one.side) == (case.left.table, case.left.side) for one in case.right)


def _added(case: Case) -> bool:
    return case.added or len(case.left.measures) == 1


def with_ids(
    found: pl.DataFrame, identities: Sequence[Identity], tables: Tables, names: PublishedNames
) -> pl.DataFrame:
    """Instances (see `numbered`) with `instance`, `identity`, `case`, `key`, and what their place is in words.

    Table, code and name are those of the left side's row; where it is blank, the code or name that brings the sides
    together stands in. The id is made of identity, document, table, side, row, column and phase; a place that is
    printed twice gets a running number.
    """
    place = tables.cells.select(
        pl.col("document_id", "phase", "fiscal_year", "side", "measure").gather(
            found["pos"].fill_null(found["pos_right"])
        )
    )
    left = tables.cells.select(pl.col("row_number", "code", "name").gather(found["pos"]))
    right = tables.cells.select(pl.col("code", "parent_code", "name").gather(found["pos_right"]).name.suffix("_right"))
    cases = pl.DataFrame(
        [
            (entry, number, one.id, one.cases[0].match.value, *_named(case, names))
            for entry, one in enumerate(identities)
            for number, case in enumerate(one.cases)
        ],
        schema=_CASES,
        orient="row",
    )
    match = pl.col("match")
    by_code = pl.when(match == Match.CODE.value).then("code_right")
    other_code = by_code.when(match == Match.PARENT.value).then("parent_code_right")
    other_name = pl.when(match.is_in([one.value for one in _NAMED_BY_EITHER])).then("name_right")
    parts = ["identity", "document_id", "table", "at_side", pl.coalesce("code", "name", pl.lit("")), "measure", "phase"]
    named = (
        pl.concat([found, place, left, right], how="horizontal")
        .with_columns(case=tables.codec.case(pl.col("at")).cast(pl.Int16), key=tables.codec.key(pl.col("at")))
        .join(cases, on=["entry", "case"], how="left", maintain_order="left")
        .with_columns(
            code=pl.coalesce("code", other_code),
            name=pl.coalesce("name", other_name),
            at_side=pl.coalesce("at_side", "side", pl.lit("")),
            measure=pl.coalesce("named_measure", "measure"),
        )
        .with_columns(instance=pl.concat_str(parts, separator="|"))
    )
    if named["instance"].n_unique() == named.height:
        return named
    number = pl.int_range(pl.len()).over("instance")
    again = pl.when(number > 0).then(pl.format("{}#{}", "instance", number + 1)).otherwise("instance")
    return named.sort("instance", "fiscal_year", "row_number").with_columns(instance=again)


def _named(case: Case, names: PublishedNames) -> tuple[str, str | None, str | None]:
    """The table, the side and the column that a case names."""
    return names.id_of(case.left.table), _named_side(case), _named_measure(case)


def _named_side(case: Case) -> str | None:
    """The side that the case names; None where each cell names its own."""
    return None if _one_table(case) else case.left.side or ""


def _named_measure(case: Case) -> str | None:
    """The column that the case stands for; None where each cell stands for its own."""
    return case.left.measures[0] if _added(case) else None
