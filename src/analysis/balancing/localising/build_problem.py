"""Line items → tracing problems: every printed figure and every blank that could hold one, tied by the identities.

A blank is a cell of a printed row and a printed column without an amount; a dropped figure can only be proposed where
its blank is a cell. A row that shows nothing at all gives no line item: where the row numbers of a table leave a gap
and one class of the expenditure table has no row of its name, a row without figures is put into the gap; so it is
between two coded rows of a table that leaves few such gaps, below the parent that its neighbours tell. The instances
come from the one interpreter, for all documents in one pass; after that each problem stands alone and may be solved
anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise

import polars as pl

from analysis.balancing.identities.checks import cells_in_fen
from analysis.balancing.identities.instances import instance_terms
from analysis.balancing.localising.cross_references import CrossReferences
from analysis.balancing.localising.problem import Problem, ProblemCell
from analysis.balancing.localising.system import Equation, System
from analysis.terms.identity import Identities, Relation, Strength

ROW = ("document_id", "kind", "form", "fiscal_year", "phase", "table", "row_number", "side")
NAMED = ("code", "parent_code", "code_level", "name", "row_role", "outer_name")
CELL = (*ROW, *NAMED, "measure", "amount", "digit", "printed_cell")
_COLUMN = ("document_id", "fiscal_year", "phase", "table", "side", "measure")


def with_blanks(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells (see `CELL`) and, for every printed row and column of a table's side, the blanks; renumbered."""
    columns = cells.group_by(_COLUMN, maintain_order=True).agg(pl.col("digit").max())
    rows = cells.unique(ROW, keep="first", maintain_order=True).select(*ROW, *NAMED)
    on = [name for name in _COLUMN if name != "measure"]
    grid = rows.join(columns, on=on, nulls_equal=True, maintain_order="left")
    blanks = grid.join(cells, on=[*ROW, "measure"], how="anti", nulls_equal=True).with_columns(
        amount=pl.lit(0, pl.Int64), printed_cell=pl.lit(value=False)
    )
    everything = pl.concat([cells.select(CELL), blanks.select(CELL)])
    return everything.with_columns(cell=pl.int_range(pl.len(), dtype=pl.Int64))


def cells_of_items(line_items: pl.DataFrame, identities: Identities) -> pl.DataFrame:
    """The printed figures of the official tables as cells in fen, with the rows that show nothing."""
    official = line_items.filter(pl.col("table").is_in(list(identities.tables)))
    if "outer_name" not in official.columns:
        official = official.with_columns(outer_name=pl.lit(None, pl.String))
    cells = cells_in_fen(official).with_columns(printed_cell=pl.lit(value=True)).select(CELL)
    lost = pl.DataFrame([*_lost_rows(cells), *_rows_between(cells)], schema=cells.schema, orient="row")
    return pl.concat([cells, lost])


_SINGLE, _MOST_GAPS = 2, 2
_DIGITS = "一二三四五六七八九十"


def _lost_rows(cells: pl.DataFrame) -> Iterator[dict[str, object]]:
    """A row for each class of the expenditure table whose name is missing where a chapter's number leaves a gap."""
    classes = cells.filter((pl.col("table") == "expenditure") & (pl.col("code_level") == 1))
    names = dict(
        classes.group_by("document_id", maintain_order=True).agg(pl.col("name").unique(maintain_order=True)).iter_rows()
    )
    chapters = cells.filter(
        pl.col("table").is_in(["revenue_expenditure_summary", "appropriation_summary"])
        & (pl.col("side") == "expenditure")
        & (pl.col("row_role") != "total")
    )
    for key, frame in chapters.partition_by(
        ["document_id", "table", "phase", "fiscal_year"], as_dict=True, maintain_order=True
    ).items():
        present = {str(name).partition("、")[2] for name in frame["name"]}
        missing = [name for name in names.get(key[0], ()) if name not in present]
        used = set(frame["row_number"])
        gaps = [
            number for number in range(1, max(used, default=0) + 2) if number not in used and number <= len(_DIGITS)
        ]
        if len(missing) == 1 and gaps:
            first = frame.row(0, named=True)
            yield first | {
                "row_number": gaps[0],
                "name": f"{_DIGITS[gaps[0] - 1]}、{missing[0]}",
                "row_role": "detail",
                "amount": 0,
                "printed_cell": False,
            }


def _rows_between(cells: pl.DataFrame) -> Iterator[dict[str, object]]:
    """A row for each single number that is left out between two coded rows, where a table leaves out a few at most."""
    coded = cells.filter(pl.col("code").is_not_null(), pl.col("code_level").is_not_null()).unique(
        ROW, keep="first", maintain_order=True
    )
    used: dict[tuple[object, ...], set[int]] = {}
    sheet = ["document_id", "table", "side", "phase", "fiscal_year"]
    for key, frame in cells.unique(ROW).group_by(sheet, maintain_order=True):
        used[key] = set(frame["row_number"])
    for key, frame in coded.partition_by(sheet, as_dict=True, maintain_order=True).items():
        rows = frame.sort("row_number").to_dicts()
        gaps = [
            (above, below)
            for above, below in pairwise(rows)
            if below["row_number"] - above["row_number"] == _SINGLE and above["row_number"] + 1 not in used[key]
        ]
        codes = {row["code"] for row in rows}
        for above, below in gaps if len(gaps) <= _MOST_GAPS else ():
            yield _row_between(above, below, codes)


def _row_between(above: dict[str, object], below: dict[str, object], codes: Set[object]) -> dict[str, object]:
    """The row without figures between two others: the parent of the one below where that is missing, else a sister."""
    number = int(str(above["row_number"])) + 1
    row = above | {"row_number": number, "name": None, "row_role": "detail", "amount": 0, "printed_cell": False}
    parent = below["parent_code"]
    if parent is not None and parent not in codes:
        level = int(str(below["code_level"])) - 1
        code = str(parent)
        return row | {"code": code, "parent_code": code[:-2] if level > 1 else None, "code_level": level}
    sister = below if above["code"] == parent else above
    return row | {"code": None, "parent_code": sister["parent_code"], "code_level": sister["code_level"]}


def to_problems(
    line_items: pl.DataFrame,
    document_ids: Sequence[str],
    identities: Identities,
    incomplete: pl.DataFrame | None = None,
    statements: pl.DataFrame | None = None,
) -> tuple[Problem, ...]:
    """The problems of the documents, in the order of their ids; `line_items` may hold others, which then speak too.

    Tables that were not read whole (`incomplete`) are tied by nothing, so none of their cells is ever proposed.
    """
    chosen = pl.col("document_id").is_in(list(document_ids))
    cells = with_blanks(cells_of_items(line_items.filter(chosen), identities))
    terms = instance_terms(cells, of_kinds(cells, identities), incomplete)
    by_document = cells.partition_by("document_id", as_dict=True)
    terms_of = terms.partition_by("document_id", as_dict=True)
    references = CrossReferences(line_items, document_ids, statements)
    problems = []
    for document in sorted(set(document_ids)):
        if (document,) in by_document and (document,) in terms_of:
            problems.append(_problem(document, by_document[document,], terms_of[document,], identities, references))
    return tuple(problems)


def of_kinds(cells: pl.DataFrame, identities: Identities) -> Identities:
    """The identities that speak of the kinds of document that the cells come from."""
    kinds = set(cells["kind"].unique())
    entries = tuple(one for one in identities.entries if kinds & {kind.value for kind in one.kinds})
    return Identities(entries, identities.tables, identities.measures)


def equations_of(
    terms: pl.DataFrame, place: Mapping[int, int], steps: Sequence[int], identities: Identities
) -> dict[str, tuple[str, Equation]]:
    """Each instance with its identity and its equation; `place` gives the system's number of a cell of the frame."""
    relations = {one.id: one.relation for one in identities.entries}
    weights: dict[str, dict[int, int]] = {}
    named: dict[str, str] = {}
    for instance, identity, cell, side, weight in terms.select(
        "instance", "identity", "cell", "side", "weight"
    ).iter_rows():
        named[instance] = identity
        of = weights.setdefault(instance, {})
        of[place[cell]] = of.get(place[cell], 0) + (weight if side == "left" else -weight)
    return {
        instance: (
            named[instance],
            Equation(
                tuple(sorted((cell, weight) for cell, weight in of.items() if weight)),
                sum(steps[cell] for cell in of) // 2,
                relations[named[instance]] is Relation.AT_LEAST,
            ),
        )
        for instance, of in weights.items()
    }


def _problem(
    document: str, frame: pl.DataFrame, terms: pl.DataFrame, identities: Identities, references: CrossReferences
) -> Problem:
    frame = frame.sort("cell")
    place = {number: index for index, number in enumerate(frame["cell"])}
    steps = tuple(frame["digit"])
    hard = {one.id for one in identities.entries if one.strength is Strength.HARD}
    found = equations_of(terms, place, steps, identities)
    strict = {name: pair for name, pair in found.items() if pair[0] in hard}
    cells = tuple(
        ProblemCell(*row)
        for row in frame.select(
            "table", "side", "phase", "fiscal_year", "row_number", *NAMED[:4], "row_role", "measure", "printed_cell"
        ).iter_rows()
    )
    system = System(tuple(frame["amount"]), tuple(equation for _, equation in strict.values()), steps)
    return Problem(
        document,
        cells,
        system,
        tuple(strict),
        tuple(identity for identity, _ in strict.values()),
        tuple(equation for identity, equation in found.values() if identity not in hard),
        references.stated(document, cells),
        references.last_year(document, cells),
        references.department(document, cells),
    )
