"""Line items written as lines of text."""

from decimal import Decimal

import polars as pl

SCHEMA = {
    "document_id": pl.String,
    "kind": pl.String,
    "fiscal_year": pl.Int16,
    "phase": pl.String,
    "table": pl.String,
    "row_number": pl.Int32,
    "side": pl.String,
    "scheme": pl.String,
    "code": pl.String,
    "name": pl.String,
    "parent_code": pl.String,
    "code_level": pl.Int16,
    "row_role": pl.String,
    "measure": pl.String,
    "amount": pl.Decimal(18, 2),
    "printed": pl.String,
    "printed_unit": pl.String,
}


def items(text: str, kind: str = "budget", document: str = "d") -> pl.DataFrame:
    """Line items of lines "table side row code name role measure=figure …"; "-" is nothing, figures in yuan."""
    rows = []
    for line in filter(str.strip, text.splitlines()):
        table, side, number, code, name, role, *figures = line.split()
        for figure in figures:
            measure, printed = figure.split("=")
            rows.append(item(table, side, int(number), code, name, role, measure, printed, kind, document))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def item(
    table: str,
    side: str,
    number: int,
    code: str,
    name: str,
    role: str,
    measure: str,
    printed: str,
    kind: str = "budget",
    document: str = "d",
    unit: str = "yuan",
) -> tuple[object, ...]:
    known = None if code == "-" else code
    level = {3: 1, 5: 2, 7: 3}.get(len(known)) if known else None
    parent = known[:-2] if known and level and level > 1 else None
    amount = Decimal(printed.replace(",", "")) * (10_000 if unit == "wan_yuan" else 1)
    phase = "executed" if kind == "final" else "approved"
    label = None if name == "-" else name
    side = {"r": "revenue", "e": "expenditure"}[side]
    place = (document, kind, 2024, phase, table, number, side, None, known, label, parent, level, role, measure)
    return (*place, amount, printed, unit)
