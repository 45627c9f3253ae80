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
from itertools import chain

import polars as pl

from analysis.balancing.identities.cross_document import Linked, linked, restored
from analysis.balancing.identities.guards import lifted
from analysis.balancing.identities.incomplete_tables import cases_not_judged
from analysis.balancing.identities.instances import (
    TERMS,
    Instances,
    documents_in_scope,
    instances,
    numbered,
    terms_of,
    with_ids,
)
from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.reasons import case_reasons, guard_reason, unseen_reasons
from analysis.balancing.identities.row_sets import CELL, Tables, table_frames
from analysis.terms.document import READ_STATUSES
from analysis.terms.identity import Case, Identities, Identity, Match, Organisations, Relation
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
# A document, a case that it has no instance of, and why.
Silent = tuple[str, int, str]
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

    # Polars works outside the interpreter's lock, so identities side by side keep all processors busy.
    with ThreadPoolExecutor() as pool:
        scopes = ((one, documents_in_scope(known, one)) for one in identities.within)
        within = list(pool.map(lambda scope: _look(tables, names, *scope), [scope for scope in scopes if scope[1]]))
        between = list(pool.map(_linked_checks, one_by_one))
    frames = [pl.DataFrame(schema=CHECKS).drop("source_file"), *chain.from_iterable(between)]
    terms = pl.DataFrame(schema={name: TERMS[name] for name in ("instance", "side", "cell")})
    if within:
        parts, places = _checks(tables, within, names)
        frames += parts
        terms = terms_of([one.found.sides for one in within], places, terms.columns)
    return Checked(_in_order(frames, known, identities), terms.rename({"cell": "item"}))


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
    tables = table_frames(one.cells, one.incomplete)
    looked_at = _look(tables, one.names, one.identity, documents_in_scope(one.pairs, one.identity))
    parts, _ = _checks(tables, [looked_at], one.names)
    alone = [
        (document, 0, reason) for document, reason in one.without_other.select("document_id", "reason").iter_rows()
    ]
    without_other = not_applicable([alone], [one.identity], one.names)
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


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """An identity with its instances, and the documents and cases of which there is none, each with the reason."""

    identity: Identity
    found: Instances
    silent: Sequence[Silent]


def _look(tables: Tables, names: PublishedNames, identity: Identity, scope: Sequence[str]) -> _LookedAt:
    """What is found of an identity in the documents that it speaks of."""
    off = lifted(tables, scope, identity)
    sums = (pl.col("amount").cast(_SUM).sum(), pl.col("digit").sum())
    found = instances(tables, off, identity, sums)
    silent = [(document, 0, guard_reason(*guard)) for document, guard in off.items()]
    open_to_it = [document for document in scope if document not in off]
    at = pl.col("at")
    seen = found.real.lazy().select(case=tables.codec.case(at), sheet=tables.codec.sheet(at)).unique().collect()
    unread = cases_not_judged(tables.incomplete, identity)
    for number, (case, not_judged) in enumerate(zip(identity.cases, unread, strict=True)):
        there = tables.documents_of(seen.filter(pl.col("case") == number)["sheet"])
        missing = [document for document in open_to_it if document not in there and document not in not_judged]
        reasons = {document: not_judged[document] for document in open_to_it if document in not_judged}
        reasons |= case_reasons(tables, case, missing, names)
        silent += [(document, number, reason) for document, reason in reasons.items()]
    return _LookedAt(identity, found, silent)


def _checks(
    tables: Tables, looked_at: Sequence[_LookedAt], names: PublishedNames
) -> tuple[Sequence[pl.DataFrame], pl.DataFrame]:
    """The checks of all identities looked at, and the instances that they were, with their ids and places."""
    identities = [one.identity for one in looked_at]
    real = with_ids(numbered([one.found.real for one in looked_at]), identities, tables, names)
    not_seen = with_ids(numbered([one.found.unseen for one in looked_at]), identities, tables, names)
    silent = not_applicable([one.silent for one in looked_at], identities, names)
    return (_judged(real, identities), _unseen(real, not_seen, identities, names), silent), real


def _judged(found: pl.DataFrame, identities: Sequence[Identity]) -> pl.DataFrame:
    left, right = pl.col("amount").fill_null(0), pl.col("amount_right").fill_null(0)
    tolerance = (pl.col("digit").fill_null(0) + pl.col("digit_right").fill_null(0)) // 2
    gap = left - right
    bounds = [entry for entry, one in enumerate(identities) if one.relation is Relation.AT_LEAST]
    over = pl.when(pl.col("entry").is_in(bounds)).then(right - left).otherwise(gap.abs())
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


def _unseen(
    real: pl.DataFrame, unseen: pl.DataFrame, identities: Sequence[Identity], names: PublishedNames
) -> pl.DataFrame:
    """The instances that could not be looked at in documents where others could: one per row or column."""
    of_rows = [entry for entry, one in enumerate(identities) if one.cases[0].match in (Match.NAME, Match.PARENT)]
    by_row, case = pl.col("entry").is_in(of_rows), ("entry", "case", "document_id")
    elsewhere = unseen.join(real, on=case, how="semi").sort("entry", "at")
    once = elsewhere.with_columns(
        row=pl.when(by_row).then("key"), column=pl.when(~by_row).then("measure"), left_blank=pl.col("cells").is_null()
    ).unique([*case, "row", "column"], keep="first", maintain_order=True)
    reasons = unseen_reasons(identities, names)
    named = once.join(reasons, on=["entry", "case", "left_blank"], how="left", maintain_order="left")
    return _without_figures(named.rename({"instance": "check_id"}))


def not_applicable(
    silent: Sequence[Sequence[Silent]], identities: Sequence[Identity], names: PublishedNames
) -> pl.DataFrame:
    """The rows of the cases of some identities that could not be checked."""
    rows = []
    for identity, of_identity in zip(identities, silent, strict=True):
        parts = [_case_words(case, names) for case in identity.cases]
        for document, number, reason in of_identity:
            table, side, row_set, measure = parts[number]
            check_id = "|".join((identity.id, document, table, side, row_set, measure or "", "-"))
            rows.append((check_id, identity.id, document, table, measure, reason))
    columns = ("check_id", "identity", "document_id", "table", "measure", "reason")
    told = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return _without_figures(told.with_columns(code=pl.lit(None, pl.String), name=pl.lit(None, pl.String)))


def _case_words(case: Case, names: PublishedNames) -> tuple[str, str, str, str | None]:
    """The table, side, row set and one column of the left side of a case."""
    left = case.left
    measure = left.measures[0] if len(left.measures) == 1 else None
    return names.id_of(left.table), left.side.value if left.side else "", left.rows.id, measure


def _without_figures(rows: pl.DataFrame) -> pl.DataFrame:
    figures = [pl.lit(None, _MONEY).alias(name) for name in ("left", "right", "difference", "tolerance")]
    kept = ("check_id", "identity", "document_id", "table", "code", "name", "measure")
    return rows.select(*kept, *figures, "reason", outcome=pl.lit("not_applicable")).select(
        *(name for name in CHECKS if name != "source_file")
    )
