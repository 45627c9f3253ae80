"""Every instance looked at, with its outcome: pass, fail, or not applicable with the reason.

Figures are summed in integers of fen. The tolerance comes from the printed digits: each figure may be off by half of
its last digit, where the number of decimals is the most that its table prints in that document, but never by less than
half a fen, to which it was rounded when it was read; differences are whole fen, so rounding the sum of the halves down
to the fen changes no outcome. What could not be looked at gives one row per identity, document and case with its
reason, a table that was not read whole among them: nothing was found, and nothing could be checked, are never the same.
A sum beyond what money can hold is told of in the same way, at its place.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from analysis.balancing.identities.cross_document import Linked, linked, restored
from analysis.balancing.identities.guards import lifted
from analysis.balancing.identities.incomplete_tables import cases_not_judged
from analysis.balancing.identities.instances import TERMS, documents_in_scope, instances, terms_of, with_ids
from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.reasons import case_reasons, guard_reason, unseen_reason
from analysis.balancing.identities.row_sets import CELL, Tables, table_frames
from analysis.terms.document import READ_STATUSES
from analysis.terms.identity import Identities, Identity, Match, Organisations, Relation
from analysis.terms.money import Unit

CHECKS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "check_id": pl.String,
    "identity": pl.String,
    "document_id": pl.String,
    "source_file": pl.String,
    "table": pl.String,
    "code": pl.String,
    "name": pl.String,
    "measure": pl.String,
    "left": pl.Decimal(18, 2),
    "right": pl.Decimal(18, 2),
    "difference": pl.Decimal(18, 2),
    "tolerance": pl.Decimal(18, 2),
    "outcome": pl.String,
    "reason": pl.String,
}
NO_RELATIONS = Organisations()
_FEN = pl.Int64
_MONEY = pl.Decimal(18, 2)
# Every amount fits 64 bits; a sum of a few of the largest does not.
_SUM = pl.Int128
# Beyond these decimals every unit prints less than a fen.
_MOST_DECIMALS = 6
_TOO_LARGE = "一边的合计或差额过大，无法记录 / a sum or the difference is too large to be recorded"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at: the outcomes, and the figures that each of them is about.

    `checks` has one row per instance, and per identity, document and case that could not be checked: columns `CHECKS`,
    money in yuan, sorted by document, identity, check_id. `terms` has one row per figure of each instance within a
    document, in no order: `instance` (the check_id), `side` (left or right) and `item`, the row of the line items.
    """

    checks: pl.DataFrame
    terms: pl.DataFrame


def check_instances(
    line_items: pl.DataFrame,
    documents: pl.DataFrame,
    identities: Identities,
    organisations: Organisations = NO_RELATIONS,
    incomplete: pl.DataFrame | None = None,
) -> Checked:
    """Looks at every instance of every identity, in every document read and between those that belong together.

    Args:
        line_items: the cleaned line items (columns of the data dictionary).
        documents: the cleaned documents; only parsed and partial ones are looked at.
        identities: the shelf.
        organisations: which organisations were renamed and which units belong to which department, where told.
        incomplete: the tables that were not read whole (see `incomplete_tables`); None for none.
    """
    known = documents.filter(pl.col("status").is_in(READ_STATUSES)).unique(
        "document_id", keep="first", maintain_order=True
    )
    needed = [name for name in (*CELL, "amount", "printed", "printed_unit") if name not in ("cell", "form")]
    if "outer_name" not in line_items.columns:
        line_items = line_items.with_columns(outer_name=pl.lit(None, pl.String))
    form = pl.col("form") if "form" in known.columns else pl.lit(None, pl.String).alias("form")
    numbered = line_items.select(needed).with_row_index("item")
    cells = cells_in_fen(numbered.join(known.select("document_id", form), on="document_id"))
    tables = table_frames(cells.with_columns(cell=pl.col("item").cast(pl.Int64)), incomplete)
    names = PublishedNames.of(identities)
    one_by_one = linked(tables, known, identities, organisations)

    def within(spoken_of: tuple[Identity, pl.DataFrame]) -> tuple[Sequence[pl.DataFrame], pl.DataFrame]:
        identity, in_scope = spoken_of
        frames, places, sides = _identity_checks(tables, in_scope, identity, names)
        return frames, terms_of(sides, places, ("instance", "side", "cell"))

    frames = [pl.DataFrame(schema=CHECKS).drop("source_file")]
    terms = [pl.DataFrame(schema={name: TERMS[name] for name in ("instance", "side", "cell")})]
    # Polars works outside the interpreter's lock, so identities side by side keep all processors busy.
    with ThreadPoolExecutor() as pool:
        scopes = ((one, documents_in_scope(known, one)) for one in identities.within)
        for parts, of_identity in pool.map(within, [scope for scope in scopes if not scope[1].is_empty()]):
            frames.extend(parts)
            terms.append(of_identity)
        for parts in pool.map(_linked_checks, one_by_one):
            frames.extend(parts)
    return Checked(_in_order(frames, known, identities), pl.concat(terms).rename({"cell": "item"}))


def _in_order(frames: Sequence[pl.DataFrame], known: pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """All outcomes with the files of their documents, by document, identity, check_id."""
    found = pl.concat([frame.select(frames[0].columns) for frame in frames])
    place = _order(found["document_id"]) * len(identities.entries) + _order(found["identity"])
    ordered = found.sort(place, "check_id")
    names = known.select("document_id", "source_file")
    return ordered.join(names, on="document_id", how="left", maintain_order="left").select(*CHECKS)


def _order(texts: pl.Series) -> pl.Series:
    """Numbers that sort as the texts do: faster to compare, for there are few different ones."""
    return texts.cast(pl.Enum(texts.unique().sort())).to_physical().cast(pl.Int64)


def _linked_checks(one: Linked) -> Sequence[pl.DataFrame]:
    """The checks of an identity between documents; those that have no other one to be compared with say so."""
    in_scope = documents_in_scope(one.pairs, one.identity)
    parts, _, _ = _identity_checks(table_frames(one.cells, one.incomplete), in_scope, one.identity, one.names)
    without_other = not_applicable(one.without_other.with_columns(case=pl.lit(0, pl.Int16)), one.identity, one.names)
    itself = one.without_other.select("document_id", this="document_id")
    return [*(restored(part, one.pairs) for part in parts), restored(without_other, itself)]


def cells_in_fen(line_items: pl.DataFrame) -> pl.DataFrame:
    """The line items as cells: `cell`, `amount` in fen and `digit`, what the last printed digit is worth in fen.

    `form` is the family of the document, null where it is not told: then every identity may hold.

    Amounts are kept to the fen, so that a digit is worth a fen where more decimals are printed than that.
    """
    decimals = pl.col("printed").str.extract(r"[.．](\d+)", 1).str.len_chars().fill_null(0)
    most = decimals.max().over("document_id", "table", "printed_unit")
    worth = pl.col("printed_unit").replace_strict({unit.value: unit.yuan * 100 for unit in Unit}, return_dtype=_FEN)
    known = line_items if "form" in line_items.columns else line_items.with_columns(form=pl.lit(None, pl.String))
    return known.drop("cell", strict=False).with_columns(
        cell=pl.int_range(pl.len(), dtype=pl.Int64),
        amount=(pl.col("amount") * 100).cast(_FEN),
        digit=(worth // pl.lit(10, _FEN).pow(most.cast(_FEN).clip(upper_bound=_MOST_DECIMALS)).cast(_FEN)).clip(1),
    )


def _identity_checks(
    tables: Tables, in_scope: pl.DataFrame, identity: Identity, names: PublishedNames
) -> tuple[Sequence[pl.DataFrame], pl.DataFrame, tuple[pl.DataFrame, pl.DataFrame]]:
    """The checks of an identity, the instances looked at with their ids and places, and the cells of both sides."""
    off = lifted(tables, in_scope, identity)
    scope = in_scope.join(off, on="document_id", how="anti")
    sums = (pl.col("amount").cast(_SUM).sum(), pl.col("digit").sum())
    found = instances(tables, off, identity, sums)
    real, not_seen = (with_ids(part, identity, tables, names) for part in (found.real, found.unseen))
    judged = _judged(real, identity)
    unseen = _unseen(real, not_seen, identity, names)
    unread = cases_not_judged(tables.incomplete, identity).join(scope, on="document_id", how="semi")
    missing = case_reasons(tables, scope, real, identity, names).join(unread, on=["document_id", "case"], how="anti")
    guarded = off.with_columns(guard_reason(identity), case=pl.lit(0, pl.Int16))
    silent = pl.concat([missing, unread, guarded.select("document_id", "case", "reason")])
    return (judged, unseen, not_applicable(silent, identity, names)), real, found.sides


def _judged(found: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    left, right = pl.col("amount").fill_null(0), pl.col("amount_right").fill_null(0)
    tolerance = (pl.col("digit").fill_null(0) + pl.col("digit_right").fill_null(0)) // 2
    gap = left - right
    over = right - left if identity.relation is Relation.AT_LEAST else gap.abs()
    figures = {"left": left, "right": right, "difference": gap, "tolerance": tolerance}
    yuan = found.with_columns(_yuan(fen).alias(name) for name, fen in figures.items())
    held = pl.all_horizontal(pl.col(*figures).is_not_null())
    return yuan.select(
        "identity",
        "document_id",
        "table",
        "code",
        "name",
        "measure",
        *(pl.when(held).then(name).alias(name) for name in figures),
        check_id="instance",
        outcome=pl.when(~held)
        .then(pl.lit("not_applicable"))
        .when(over <= tolerance)
        .then(pl.lit("pass"))
        .otherwise(pl.lit("fail")),
        reason=pl.when(~held).then(pl.lit(_TOO_LARGE)),
    )


def _yuan(fen: pl.Expr) -> pl.Expr:
    """Integers of fen as yuan, exactly: divided as decimals, never as floats; null where money cannot hold them."""
    return (fen.cast(pl.Decimal(38, 0)) * pl.lit("0.01").cast(pl.Decimal(4, 2))).cast(_MONEY, strict=False)


def _unseen(real: pl.DataFrame, unseen: pl.DataFrame, identity: Identity, names: PublishedNames) -> pl.DataFrame:
    """The instances that could not be looked at in documents where others could: one per row or column."""
    very_row = identity.cases[0].match in (Match.NAME, Match.PARENT)
    once = ("case", "document_id", "key" if very_row else "measure")
    elsewhere = unseen.join(real, on=("case", "document_id"), how="semi")
    rows = elsewhere.sort("at").unique(once, keep="first", maintain_order=True)
    named = rows.with_columns(unseen_reason(identity, names))
    return _without_figures(named.rename({"instance": "check_id"}))


def not_applicable(silent: pl.DataFrame, identity: Identity, names: PublishedNames) -> pl.DataFrame:
    """The rows of cases that could not be checked; `silent` has document_id, case and reason."""
    cases = pl.DataFrame(
        {
            "case": pl.Series(range(len(identity.cases)), dtype=pl.Int16),
            "table": [names.id_of(case.left.table) for case in identity.cases],
            "at_side": [case.left.side.value if case.left.side else "" for case in identity.cases],
            "rows": [case.left.rows.id for case in identity.cases],
            "measure": [case.left.measures[0] if len(case.left.measures) == 1 else None for case in identity.cases],
        },
        schema_overrides={"measure": pl.String},
    )
    parts = ["identity", "document_id", "table", "at_side", "rows", pl.col("measure").fill_null(""), pl.lit("-")]
    return _without_figures(
        silent.join(cases, on="case", maintain_order="left")
        .with_columns(identity=pl.lit(identity.id), code=pl.lit(None, pl.String), name=pl.lit(None, pl.String))
        .with_columns(check_id=pl.concat_str(parts, separator="|"))
    )


def _without_figures(rows: pl.DataFrame) -> pl.DataFrame:
    figures = [pl.lit(None, _MONEY).alias(name) for name in ("left", "right", "difference", "tolerance")]
    kept = ("check_id", "identity", "document_id", "table", "code", "name", "measure")
    return rows.select(*kept, *figures, "reason", outcome=pl.lit("not_applicable")).select(
        *(name for name in CHECKS if name != "source_file")
    )
