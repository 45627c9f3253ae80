"""Identities between two documents, put as identities of one: so one interpreter judges them all.

Who belongs together follows from what the documents say of themselves: organisation, level, kind, year. A department
and its unit bear the same name, or somebody told that they belong together; a renaming is followed only where told. For
every pair the cells of both documents are laid side by side, each table under the name of its side, and the pair takes
the place of the document. The outcome goes to the later or larger one; the other's id stands in the check_id after it.
Where several documents claim to be the other one, nobody can tell which is meant, and none is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.row_sets import CELL, Tables
from analysis.terms.identity import Case, DocumentLink, Identities, Identity, Operand, Organisations
from analysis.terms.line_item import Kind, Level

_SELF = ("organisation", "level", "kind", "document_year", "form")
_PAIR = ("document_id", "this", "other", "source_file", "kind")
_TITLES = {"narrative": "编制说明"}
_OTHER = "对照文件"
_RIVALS = "有多个文件声称是应对照的那一份，无法选定 / several documents claim to be the other one"
_CLAIM = ("body", "level", "kind", "document_year")
_ALONE: Mapping[DocumentLink, str] = {
    DocumentLink.ITSELF: "没有可对照的栏 / nothing to compare with",
    DocumentLink.UNITS: "数据中没有所属单位的同年文件 / no document of its units of that year in the dataset",
    DocumentLink.BUDGET_OF_YEAR: "数据中没有同年的预算 / no budget of that year in the dataset",
    DocumentLink.FINAL_BEFORE: "数据中没有上年的决算 / no final accounts of the year before in the dataset",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """An identity between documents as one of a document by itself, and how its tables are called.

    `pairs` are the documents: document_id (of the pair), this, other, source_file, kind; `cells` bear the id of their
    pair, and so do the tables that were not read whole, `incomplete`; `without_other` are the documents without another
    one to compare with: document_id and reason.
    """

    identity: Identity
    names: PublishedNames
    pairs: pl.DataFrame
    cells: pl.DataFrame
    incomplete: pl.DataFrame
    without_other: pl.DataFrame


def linked(
    tables: Tables, documents: pl.DataFrame, identities: Identities, organisations: Organisations
) -> Iterator[Linked]:
    """Every identity between documents with the pairs of documents that it links.

    Args:
        tables: the cells by table, the narrative's too.
        documents: those that were read; without organisation, level and year nothing is linked.
        identities: the shelf.
        organisations: what was told of organisations.
    """
    known = _described(documents, organisations)
    for identity in identities.between:
        if identity.link is None:
            continue
        scope = known.filter(_in_scope(identity, identity.link))
        single = known.filter(pl.len().over(_CLAIM) == 1)
        pairs = _pairs(scope, single, identity.link)
        without_other = scope.join(pairs, left_on="document_id", right_on="this", how="anti")
        torn = _pairs(without_other, known.join(single, on="document_id", how="anti").unique(_CLAIM), identity.link)
        reason = pl.when(pl.col("document_id").is_in(torn["this"].implode())).then(pl.lit(_RIVALS))
        operands = [operand for case in identity.cases for operand in (case.left, *case.right)]
        places = list(dict.fromkeys(map(_where, operands)))
        yield Linked(
            replace(identity, cases=tuple(_as_one(case) for case in identity.cases), link=None),
            _names(operands, identities),
            pairs,
            pl.concat([_laid(tables, pairs, one, identity.link) for one in places]),
            pl.concat([_not_read_whole(tables.incomplete, pairs, one) for one in places]),
            without_other.select("document_id", reason=reason.otherwise(pl.lit(_ALONE[identity.link]))),
        )


def restored(checks: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The checks of pairs as those of the documents that they are told of."""
    at = pairs.select("document_id", "this")
    return checks.join(at, on="document_id", how="left", maintain_order="left").with_columns(document_id="this")


def _described(documents: pl.DataFrame, organisations: Organisations) -> pl.DataFrame:
    """The documents with `body`, the lasting name of their organisation, and `department`, that of its department."""
    missing = [pl.lit(None, pl.String).alias(name) for name in _SELF if name not in documents.columns]
    known = documents.with_columns(missing).with_columns(pl.col("document_year").cast(pl.Int64))
    names = [name for name in known["organisation"].unique() if name is not None]
    body, department = ({name: of(name) for name in names} for of in (organisations.lasting, organisations.department))
    return known.select(
        "document_id",
        "source_file",
        "kind",
        "level",
        "form",
        "document_year",
        body=pl.col("organisation").replace_strict(body, default=None, return_dtype=pl.String),
        department=pl.col("organisation").replace_strict(department, default=None, return_dtype=pl.String),
    )


def _in_scope(identity: Identity, link: DocumentLink) -> pl.Expr:
    of_kind = pl.col("kind").is_in([kind.value for kind in identity.kinds])
    if identity.families:
        of_kind &= pl.col("form").is_null() | pl.col("form").is_in(sorted(identity.families))
    return of_kind & (pl.col("level") == Level.DEPARTMENT.value) if link is DocumentLink.UNITS else of_kind


def _pairs(scope: pl.DataFrame, known: pl.DataFrame, link: DocumentLink) -> pl.DataFrame:
    if link is DocumentLink.ITSELF:
        found = scope.with_columns(other=pl.col("document_id"))
    elif link is DocumentLink.UNITS:
        units = known.filter(pl.col("level") == Level.UNIT.value).select(
            "department", "kind", "document_year", other="document_id"
        )
        keys = ["department", "kind", "document_year"]
        found = scope.with_columns(department=pl.col("body")).join(units, on=keys, maintain_order="left_right")
    else:
        kind, back = (Kind.BUDGET, 0) if link is DocumentLink.BUDGET_OF_YEAR else (Kind.FINAL, 1)
        others = known.filter(pl.col("kind") == kind.value).select(
            "body", "level", document_year=pl.col("document_year") + back, other="document_id"
        )
        found = scope.join(others, on=["body", "level", "document_year"], maintain_order="left_right")
    pair = pl.concat_str("document_id", "other", separator="|")
    return found.select("other", "source_file", "kind", this="document_id", document_id=pair).select(*_PAIR)


def _where(operand: Operand) -> tuple[str, bool, str]:
    return operand.table, operand.other, operand.phase.value if operand.phase else ""


def _virtual(operand: Operand) -> str:
    return _laid_name(*_where(operand))


def _laid_name(table: str, other: bool, phase: str) -> str:
    return f"{table}:{'other' if other else 'this'}:{phase}"


def _names(operands: Sequence[Operand], identities: Identities) -> PublishedNames:
    return PublishedNames(
        titles={_virtual(one): _title(one, identities) for one in operands},
        measures=identities.measures,
        ids={_virtual(one): one.table for one in operands},
        english={_virtual(one): f"{one.table} there" if one.other else one.table for one in operands},
    )


def _title(operand: Operand, identities: Identities) -> str:
    title = _TITLES.get(operand.table) or identities.tables[operand.table]
    return f"{_OTHER}的{title}" if operand.other else title


def _as_one(case: Case) -> Case:
    left, *right = (replace(one, table=_virtual(one)) for one in (case.left, *case.right))
    return replace(case, left=left, right=tuple(right))


def _laid(tables: Tables, pairs: pl.DataFrame, where: tuple[str, bool, str], link: DocumentLink) -> pl.DataFrame:
    """The cells of one table of one side of every pair."""
    table, other, phase = where
    side = "other" if other else "this"
    cells = tables.frames.get(table, tables.frames[""]).select(*CELL, "amount", "digit")
    if pairs.is_empty():
        return cells.clear()
    at = pairs.select("kind", document_id=side, pair="document_id")
    chosen = cells.filter(pl.col("phase") == phase) if phase else cells
    return (
        chosen.drop("kind")
        .join(at, on="document_id", maintain_order="left_right")
        .with_columns(
            document_id=pl.col("pair"),
            table=pl.lit(_laid_name(*where)),
            phase=pl.lit(link.value),
            fiscal_year=pl.lit(0, cells.schema["fiscal_year"]),
        )
        .select(cells.columns)
    )


def _not_read_whole(incomplete: pl.DataFrame, pairs: pl.DataFrame, where: tuple[str, bool, str]) -> pl.DataFrame:
    """The pairs in which one table of one side was not read whole."""
    table, other, _ = where
    side, words = ("other", f"{_OTHER}的") if other else ("this", "")
    rows = incomplete.filter(pl.col("table") == table).select("reason", **{side: "document_id"})
    found = pairs.select("document_id", side).join(rows, on=side, maintain_order="left")
    return found.select("document_id", table=pl.lit(_laid_name(*where)), reason=pl.concat_str(pl.lit(words), "reason"))
