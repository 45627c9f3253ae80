"""What the notes state against what the tables print of it: 三公, 机关运行经费, 政府采购, and the money of projects.

The rules of the text compare the sentences that they read; this holds the facts of other wordings against the same
tables. What the text was told of already is not told again, and a table that was not read whole says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.notes.fact_findings import amount_words, fact_finding, slack
from analysis.knowledge.fact_rules import PrintedCell, fact_rules
from analysis.terms.finding import Finding
from analysis.terms.money import Unit, decimals, half_unit
from analysis.terms.public_project import GoalScope

Row = Mapping[str, Any]
_SPENDING = "expenditure"
_FORM_ROUNDED = half_unit(2, Unit.WAN_YUAN)
_KEY = ("document_id", "table", "measure", "phase", "fiscal_year")


def table_findings(
    facts: pl.DataFrame, line_items: pl.DataFrame, incomplete: pl.DataFrame, told: Iterable[Finding]
) -> Iterator[Finding]:
    """Facts that no table prints as they are stated.

    Args:
        facts: those of any number of documents.
        line_items: their printed amounts.
        incomplete: the tables that were not read whole, or are doubted: document_id and table.
        told: what was found in the text already.
    """
    spoken: dict[str, list[str]] = defaultdict(list)
    for finding in told:
        spoken[finding.document_id].append(finding.printed or "")
    cells = {one.subject: one.cells for one in fact_rules().in_tables}
    printed = _totals(line_items, {cell.table for ones in cells.values() for cell in ones}, incomplete)
    for fact in facts.filter(pl.col("subject").is_in(list(cells)), pl.col("as_of").is_null()).iter_rows(named=True):
        found = _found(fact, cells[fact["subject"]], printed)
        if not found or any(abs(cell["amount"] - fact["value"]) <= slack(fact) + _half(cell) for cell in found):
            continue
        if len({cell["amount"] for cell in found}) == 1 and not any(
            fact["printed"] in words for words in spoken[fact["document_id"]]
        ):
            expected = amount_words(fact, found[0]["amount"])
            yield fact_finding("fact_table", fact, fact["printed"], expected=expected, other=found[0]["printed"])


def spending_findings(projects: pl.DataFrame, line_items: pl.DataFrame, incomplete: pl.DataFrame) -> Iterator[Finding]:
    """Projects whose goals ask for more money than the document budgets for all its projects.

    Args:
        projects: The forms of any number of documents.
        line_items: As `table_findings` takes them.
        incomplete: As there.
    """
    spent = _totals(line_items, {_SPENDING}, incomplete)
    approved = {
        (document, year): cells[0]
        for (document, _, measure, phase, year), cells in spent.items()
        if measure == "project" and phase == "approved" and len({cell["amount"] for cell in cells}) == 1
    }
    for (document, year), cell in approved.items():
        forms = projects.filter(
            pl.col("requested_amount").is_not_null(),
            pl.col("executed_amount").is_null(),
            pl.col("scope").ne_missing(GoalScope.DEPARTMENT.value),
            pl.col("form_year").is_null() | (pl.col("form_year") == year),
            document_id=document,
        ).unique(["name", "requested_amount"], keep="first", maintain_order=True)
        asked = sum(forms["requested_amount"], Decimal(0))
        if forms.height and asked > cell["amount"] + _half(cell) + _FORM_ROUNDED * forms.height:
            first, words = forms.row(0, named=True), f"{cell['amount']:,.2f}"
            yield fact_finding("project_spending", first, f"{asked:,.2f}", expected=words, other=str(forms.height))


def _found(fact: Row, cells: Iterable[PrintedCell], printed: Mapping[tuple[Any, ...], list[Row]]) -> list[Row]:
    return [
        row
        for cell in cells
        for row in printed.get((fact["document_id"], cell.table, cell.measure, fact["phase"], fact["fiscal_year"]), ())
    ]


def _totals(line_items: pl.DataFrame, tables: set[str], incomplete: pl.DataFrame) -> dict[tuple[Any, ...], list[Row]]:
    """The total of each column, or its only row; a column with several rows and no total says nothing."""
    rows = line_items.filter(pl.col("table").is_in(sorted(tables)), pl.col("unit_code").is_null())
    rows = rows.join(incomplete.select("document_id", "table").unique(), on=["document_id", "table"], how="anti")
    alone = pl.len().over(_KEY) == 1
    total = pl.col("row_role") == "total"
    kept = rows.filter(total | (alone & pl.col("code").is_null()))
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in kept.iter_rows(named=True):
        found[tuple(row[name] for name in _KEY)].append(row)
    return found


def _half(cell: Row) -> Decimal:
    """Half of the last digit of a printed cell; whole yuan for one that prints no unit."""
    unit = next((one for one in Unit if one.value == cell["printed_unit"]), Unit.YUAN)
    return half_unit(decimals(cell["printed"] or ""), unit)
