"""What other places say of a cell: the document's text, last year's document, the department's document.

What the text states for an item speaks for a figure; what stands in the same place of last year's document or of the
department's may have been left standing. Organisations are told apart by their id, so that a renamed one has no last
year here: a missing voice, never a wrong one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from analysis.balancing.identities.checks import cells_in_fen
from analysis.balancing.localising.problem import ProblemCell
from analysis.terms.money import Unit, decimals, half_unit
from analysis.terms.statement import StatementRole

_FUNDS = ("general_public_budget", "government_fund", "state_capital")
_BASIC = "basic_by_economic"
_FIGURE = ("table", "side", "phase", "code", "name", "measure")
_HEAD = ("organisation_id", "level", "document_year", "kind")
_ITEM_LEVEL = 3
_STATED = ("document_id", "table", "side", "measure", "phase", "fiscal_year")

Figures = Mapping[tuple[object, ...], int]


class CrossReferences:
    """The other places, looked up once for many documents."""

    def __init__(
        self, line_items: pl.DataFrame, document_ids: Sequence[str], statements: pl.DataFrame | None = None
    ) -> None:
        self._text: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        chosen = pl.col("document_id").is_in(list(document_ids))
        text = line_items.filter(chosen & (pl.col("table") == "narrative") & (pl.col("phase") == "approved"))
        if not text.is_empty():
            for document, code, name, amount, digit in (
                cells_in_fen(text).select("document_id", "code", "name", "amount", "digit").iter_rows()
            ):
                for key in {code, name} - {None}:
                    self._text[document, key].append((amount, digit // 2))
        self._named = _unnamed_rows(statements, document_ids) if statements is not None else {}
        self._listed = _economic_rows(statements, document_ids) if statements is not None else {}
        self._before, self._above = _others(line_items, document_ids)
        needed = {*self._before.values(), *self._above.values()}
        items = line_items.filter(pl.col("document_id").is_in(sorted(needed)))
        self._figures = {str(key[0]): _figures(frame) for key, frame in items.group_by("document_id")}

    def stated(self, document: str, cells: Sequence[ProblemCell]) -> dict[int, tuple[tuple[int, int], ...]]:
        """What the text states for the total of an item, for a row of basic expenditure and for 三公.

        Figures, each with half of its last digit.
        """
        found = {}
        for number, cell in enumerate(cells):
            if cell.code is None and cell.name is None:
                key = (document, cell.table, cell.side, cell.measure, cell.phase, cell.fiscal_year)
                if key in self._named:
                    found[number] = self._named[key]
            if cell.table == _BASIC and cell.code and (document, cell.code) in self._listed:
                found[number] = self._listed[document, cell.code]
            if cell.table in _FUNDS and cell.measure == "total" and cell.code_level == _ITEM_LEVEL:
                stated = self._text.get((document, cell.code or "")) or self._text.get((document, cell.name or ""))
                if stated:
                    found[number] = tuple(stated)
        return found

    def last_year(self, document: str, cells: Sequence[ProblemCell]) -> dict[int, int]:
        """The figures in the same place of last year's document."""
        return self._matched(self._before.get(document), cells)

    def department(self, document: str, cells: Sequence[ProblemCell]) -> dict[int, int]:
        """The figures in the same place of the department's document."""
        return self._matched(self._above.get(document), cells)

    def _matched(self, other: str | None, cells: Sequence[ProblemCell]) -> dict[int, int]:
        figures = self._figures.get(other or "", {})
        found = (
            (number, figures.get((c.table, c.side, c.phase, c.code or c.name, c.measure)))
            for number, c in enumerate(cells if figures else ())
        )
        return {number: amount for number, amount in found if amount}


def _economic_rows(
    statements: pl.DataFrame, document_ids: Sequence[str]
) -> Mapping[tuple[object, ...], tuple[tuple[int, int], ...]]:
    """What lists of the text state of the rows of basic expenditure, by document and code."""
    told = _amounts_of_cells(statements, document_ids).filter(pl.col("table") == _BASIC, pl.col("code").is_not_null())
    return _figures_by(told, ("document_id", "code"))


def _unnamed_rows(
    statements: pl.DataFrame, document_ids: Sequence[str]
) -> Mapping[tuple[object, ...], tuple[tuple[int, int], ...]]:
    """What the sentences of the documents state of the one row of a table, by document and column."""
    told = _amounts_of_cells(statements, document_ids).filter(pl.col("code").is_null(), pl.col("name").is_null())
    return _figures_by(told, _STATED)


def _amounts_of_cells(statements: pl.DataFrame, document_ids: Sequence[str]) -> pl.DataFrame:
    """The amounts of the documents' own year that tables print too."""
    return statements.filter(
        pl.col("document_id").is_in(list(document_ids)),
        pl.col("role") == StatementRole.CURRENT.value,
        pl.col("unit").is_in([unit.value for unit in Unit]),
        pl.col("value").is_not_null(),
        pl.col("reason").is_null(),
        pl.col("table").is_not_null(),
    )


def _figures_by(told: pl.DataFrame, key_of: Sequence[str]) -> Mapping[tuple[object, ...], tuple[tuple[int, int], ...]]:
    found: dict[tuple[object, ...], dict[tuple[int, int], None]] = defaultdict(dict)
    for *key, value, printed, unit in told.select(*key_of, "value", "printed", "unit").iter_rows():
        found[tuple(key)][int(value.scaleb(2)), int(half_unit(decimals(printed), Unit(unit)).scaleb(2))] = None
    return {key: tuple(amounts) for key, amounts in found.items()}


def _figures(items: pl.DataFrame) -> Figures:
    found: dict[tuple[object, ...], int] = {}
    for *place, amount in items.select(*_FIGURE, (pl.col("amount") * 100).cast(pl.Int64)).iter_rows():
        table, side, phase, code, name, measure = place
        found.setdefault((table, side, phase, code or name, measure), amount)
    return found


def _others(line_items: pl.DataFrame, document_ids: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """For each document that of last year, and for each unit's that of its department, where there is just one."""
    before: dict[str, str] = {}
    above: dict[str, str] = {}
    if not set(_HEAD) <= set(line_items.columns):
        return before, above
    heads = line_items.select("document_id", *_HEAD).unique("document_id", maintain_order=True)
    claims: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for document, *head in heads.iter_rows():
        claims[tuple(head)].append(document)
    asked = set(document_ids)
    for document, organisation, level, year, kind in heads.iter_rows():
        if document not in asked or organisation is None or year is None:
            continue
        earlier = claims.get((organisation, level, year - 1, kind), ())
        if len(earlier) == 1:
            before[document] = earlier[0]
        department = claims.get((organisation, "department", year, kind), ())
        if level == "unit" and len(department) == 1:
            above[document] = department[0]
    return before, above
