"""Tables whose figures stand beside the wrong rows: proven by another table that prints the same rows.

Where the figures of a run of rows are, in their order, those that another table of the document prints for later or
earlier rows, the rows have slipped against their codes: figures that were left out or put in above made the rest slide.
That is one cause, however many relations it breaks. The other table tells which figure belongs to which code; what it
does not tell stays open. Nobody else is to blame for a table like that, so nothing that speaks of it is judged.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.evidence import Row
from analysis.knowledge.names import official_tables
from analysis.terms.code import Scheme
from analysis.terms.finding import FigureChange, Finding, Severity
from analysis.terms.line_item import Place
from analysis.terms.trace import Slip

RULE = "misaligned_rows"
_LEAST = 3
_LEAST_FAILING = 2
_MEASURES = ("total", "basic", "project")

Figures = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnreliableTable:
    """A table whose figures are not to be believed where they stand, and the one finding that says so."""

    document_id: str
    table: str
    finding: Finding

    @property
    def reason(self) -> str:
        """Why nothing that speaks of the table is judged."""
        title = official_tables()[self.table]
        return f"《{title}》自相矛盾，不作判断 / {self.table} contradicts itself: not judged"

    @property
    def place(self) -> tuple[str, str, str]:
        """Document, table and reason, as a row of the tables that nothing is measured by."""
        return self.document_id, self.table, self.reason


@dataclass(frozen=True, slots=True)
class _PrintedTable:
    """The coded rows of one table in order: their codes, their figures by column in fen, a line item of each cell."""

    table: str
    codes: tuple[str, ...]
    figures: tuple[Mapping[str, int], ...]
    cells: tuple[Mapping[str, Row], ...]

    def columns(self) -> set[str]:
        return {measure for row in self.figures for measure in row}


def misaligned_tables(line_items: pl.DataFrame, failing: Mapping[tuple[str, str], int]) -> tuple[UnreliableTable, ...]:
    """The tables of some documents whose rows have slipped against their codes.

    Args:
        line_items: the line items.
        failing: how many relations within a table fail, by document and table.
    """
    suspects = {document for (document, _), number in failing.items() if number >= _LEAST_FAILING}
    chosen = line_items.filter(
        pl.col("document_id").is_in(sorted(suspects)),
        pl.col("scheme") == Scheme.FUNCTIONAL.value,
        pl.col("code").is_not_null(),
        pl.col("unit_code").is_null(),
        pl.col("measure").is_in(_MEASURES),
        pl.col("table").is_in(list(official_tables())),
    )
    found = []
    for (document,), items in chosen.partition_by("document_id", as_dict=True, maintain_order=True).items():
        tables = [_printed(str(name), part) for (name,), part in items.partition_by("table", as_dict=True).items()]
        for table in sorted(tables, key=lambda one: one.table):
            if failing.get((str(document), table.table), 0) < _LEAST_FAILING:
                continue
            sound = [one for one in tables if one is not table and not failing.get((str(document), one.table), 0)]
            slips = [(other, _slipped(table, other)) for other in sound]
            best = max(slips, key=lambda pair: (len(pair[1]), len(pair[0].columns() & table.columns())), default=None)
            if best and len(best[1]) >= _LEAST:
                found.append(UnreliableTable(str(document), table.table, _finding(table, *best)))
    return tuple(found)


def _printed(table: str, items: pl.DataFrame) -> _PrintedTable:
    rows: dict[int, dict[str, Row]] = {}
    for item in items.sort("row_number", maintain_order=True).iter_rows(named=True):
        rows.setdefault(item["row_number"], {})[item["measure"]] = item
    cells = tuple(rows.values())
    return _PrintedTable(
        table,
        tuple(next(iter(row.values()))["code"] for row in cells),
        tuple({measure: int(cell["amount"] * 100) for measure, cell in row.items() if cell["amount"]} for row in cells),
        cells,
    )


def _slipped(table: _PrintedTable, other: _PrintedTable) -> list[tuple[int, int]]:
    """The rows of the table, each with the row of the other one whose figures it bears, in the order of both.

    Only a run counts: rows that stand, all but a few, one after the other in both tables, and beside another code. The
    longest run is meant: the row that the figures slid out of may bear any others.
    """
    columns = sorted(table.columns() & other.columns())
    mine, theirs = _vectors(table, columns), _vectors(other, columns)
    home = {code: at for at, code in enumerate(other.codes)}
    homes = [home.get(code) for code in table.codes]
    places: dict[Figures, list[int]] = defaultdict(list)
    for at, figures in enumerate(theirs):
        places[figures].append(at)
    return max((_run(start, mine, homes, places) for start in range(len(mine))), key=len, default=[])


def _run(
    start: int, mine: Sequence[Figures], homes: Sequence[int | None], places: Mapping[Figures, Sequence[int]]
) -> list[tuple[int, int]]:
    """The run of slipped rows from a row on.

    `homes` are the rows of the other table with the same codes, `places` those with the same figures, in order.
    """
    found: list[tuple[int, int]] = []
    last = -1
    for at in range(start, len(mine)):
        figures, own = mine[at], homes[at]
        if not any(figures) or own is None:
            continue
        alike = places.get(figures, ())
        if own in alike:
            last = max(last, own)
            continue
        later = bisect_right(alike, last)
        place = alike[later] if later < len(alike) else None
        if place is not None and (not found or place - found[-1][1] <= at - found[-1][0] + _LEAST):
            found.append((at, place))
            last = place
    return found


def _vectors(table: _PrintedTable, columns: Sequence[str]) -> list[Figures]:
    return [tuple(row.get(column, 0) for column in columns) for row in table.figures]


def _finding(table: _PrintedTable, other: _PrintedTable, slipped: Sequence[tuple[int, int]]) -> Finding:
    """One finding at the first row that slipped, with the figures that belong to each code."""
    titles = official_tables()
    first, target = slipped[0]
    cell = next(iter(table.cells[first].values()))
    there = next(iter(other.cells[target].values()))
    last = table.cells[slipped[-1][0]]
    end = next(iter(last.values()))
    zh = (
        f"{titles[table.table]}自“{cell['code']} {cell['name']}”起到“{end['code']} {end['name']}”，"
        f"有 {len(slipped)} 行的金额与科目错行：与{titles[other.table]}对照，“{cell['code']}”一行印的"
        f"{cell['printed']}属于“{there['code']} {there['name']}”，其后依次错位；"
        "各科目应有的金额见所列，本表不再逐项判断。"
    )
    en = (
        f"{table.table}: from {cell['code']} to {end['code']} the figures of {len(slipped)} rows stand beside other "
        f"codes: {cell['printed']} beside {cell['code']} belongs to {there['code']}, as {other.table} shows, and so on"
    )
    return Finding(
        document_id=cell["document_id"],
        source_file=cell["source_file"],
        rule=RULE,
        severity=Severity.ERROR,
        message_zh=zh,
        message_en=f"{en}.",
        place=Place.from_row(cell),
        cause=Slip.COLUMN_SHIFTED.value,
        table=table.table,
        code=cell["code"],
        name=cell["name"],
        measure=cell["measure"],
        printed=cell["printed"],
        expected=None,
        evidence=tuple(_sentences(table, other, slipped)),
        figures=tuple(_changes(table, other, slipped)),
        amount_at_stake=max(_stakes(table, other, slipped)),
    )


def _stakes(table: _PrintedTable, other: _PrintedTable, slipped: Sequence[tuple[int, int]]) -> Iterator[Decimal]:
    """How far each figure of the rows is from the one that the other table prints for the row's code."""
    home = dict(zip(other.codes, other.figures, strict=True))
    for at, _ in slipped:
        here, there = table.figures[at], home[table.codes[at]]
        for measure in here.keys() | there.keys():
            yield Decimal(abs(here.get(measure, 0) - there.get(measure, 0))).scaleb(-2)


def _changes(table: _PrintedTable, other: _PrintedTable, slipped: Sequence[tuple[int, int]]) -> Iterator[FigureChange]:
    """What each code should have by the figures of the table itself, put where the other table has them."""
    here = {code: at for at, code in enumerate(table.codes)}
    for at, there in slipped:
        code = other.codes[there]
        row = next(iter(other.cells[there].values()))
        now = table.cells[here[code]] if code in here else {}
        for measure, cell in table.cells[at].items():
            beside = now.get(measure)
            printed = None if beside is None else beside["printed"]
            if printed != cell["printed"]:
                yield FigureChange(table.table, code, row["name"], measure, printed, cell["printed"])


def _sentences(table: _PrintedTable, other: _PrintedTable, slipped: Sequence[tuple[int, int]]) -> Iterator[str]:
    titles: Mapping[str, Any] = official_tables()
    for at, there in slipped:
        cell, row = next(iter(table.cells[at].values())), next(iter(other.cells[there].values()))
        yield f"{cell['code']} {cell['name']} {cell['printed']} → {titles[other.table]} {row['code']} {row['name']}"
