"""Tables whose caption names the wrong unit: every figure is ten thousand times, or a ten-thousandth of, its twin's.

Where all that a table prints of what other tables print too has the same digits there and is ten thousand times as much
or as little, nothing but the unit above it is wrong. That is one finding; the table is then read in the unit of the
others, so that its other mistakes are still found and nobody else is blamed for this one. Which table is wrong, the
number of tables that agree with one another tells; where it does not, nothing is said here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.evidence import Row, half_digit
from analysis.knowledge.names import official_tables
from analysis.terms.code import Scheme
from analysis.terms.code_book import plain_name
from analysis.terms.finding import Finding, Severity
from analysis.terms.line_item import Place
from analysis.terms.money import Unit

RULE = "mistaken_unit"
_FACTOR = 10_000
_LEAST_TWINS = 3
_LEAST_STATED = 2
_LEAST_DIGITS = 4
# Of the twins of two tables this part must agree; the others may have mistakes of their own.
_MOST_OF = Decimal("0.75")
_LEAST_WITNESSES = 2
_UNITS = {Unit.YUAN: Unit.WAN_YUAN, Unit.WAN_YUAN: Unit.YUAN}
_BY_ITEM = ("general_public_budget", "expenditure", "revenue", "appropriation_expenditure", "government_fund")
_ECONOMIC = "basic_by_economic"
_TABLES = (*_BY_ITEM, _ECONOMIC)

Subject = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MistakenUnit:
    """A table whose caption names the wrong unit, the unit that it is printed in, and the one finding that says so."""

    document_id: str
    table: str
    unit: Unit
    finding: Finding


def mistaken_units(line_items: pl.DataFrame) -> tuple[MistakenUnit, ...]:
    """The tables of some documents whose caption names yuan for ten thousand yuan, or the other way round."""
    of_interest = line_items.filter(
        pl.col("table").is_in(_TABLES),
        pl.col("unit_code").is_null(),
        pl.col("amount").is_not_null(),
        pl.col("amount") != 0,
        pl.col("printed_unit").is_in([unit.value for unit in _UNITS]),
    )
    several = of_interest.filter(pl.col("printed_unit").n_unique().over("document_id") > 1)
    found: list[MistakenUnit] = []
    for document in several["document_id"].unique(maintain_order=True):
        tables = [
            (str(name), _figures(part))
            for (name,), part in several.filter(pl.col("document_id") == document)
            .partition_by("table", as_dict=True, maintain_order=True)
            .items()
        ]
        found += _mistaken(document, dict(tables))
    return tuple(found)


def with_right_units(line_items: pl.DataFrame, found: Sequence[MistakenUnit]) -> pl.DataFrame:
    """The line items in their order, those of the tables in the unit that they are printed in."""
    for one in found:
        here = (pl.col("document_id") == one.document_id) & (pl.col("table") == one.table)
        wrong = here & (pl.col("printed_unit") == _UNITS[one.unit].value)
        amount = pl.col("amount") * _FACTOR if one.unit is Unit.WAN_YUAN else pl.col("amount") / _FACTOR
        line_items = line_items.with_columns(
            amount=pl.when(wrong).then(amount.cast(line_items.schema["amount"])).otherwise("amount"),
            printed_unit=pl.when(wrong).then(pl.lit(one.unit.value)).otherwise("printed_unit"),
        )
    return line_items


def _figures(items: pl.DataFrame) -> dict[Subject, Row]:
    """The figures of a table by what they are about, told alike in every table that may print the same."""
    found: dict[Subject, Row] = {}
    for item in items.iter_rows(named=True):
        for subject in _subjects(item):
            found.setdefault((*subject, item["fiscal_year"], item["phase"]), item)
    return found


def _subjects(item: Row) -> Iterator[Subject]:
    table, measure, code = item["table"], item["measure"], item["code"]
    if table == _ECONOMIC:
        # of all that it prints, its total alone stands in another table
        if code is None and item["row_role"] == "total" and measure == "total":
            yield ("basic",)
        return
    if code is not None and item["scheme"] in (Scheme.FUNCTIONAL.value, None):
        yield "row", code, plain_name(item["name"] or ""), measure
    if code is None and item["row_role"] == "total" and table == "general_public_budget" and measure == "basic":
        yield ("basic",)


def _mistaken(document: str, tables: Mapping[str, Mapping[Subject, Row]]) -> Iterator[MistakenUnit]:
    agreeing: dict[str, set[str]] = defaultdict(set)
    against: dict[str, set[str]] = defaultdict(set)
    units = {name: {str(item["printed_unit"]) for item in figures.values()} for name, figures in tables.items()}
    for name, figures in tables.items():
        for other, theirs in tables.items():
            if name == other or not figures or not theirs or len(units[name] | units[other]) > 2:
                continue
            twins = [(item, theirs[subject]) for subject, item in figures.items() if subject in theirs]
            if _mostly([_scaled(*pair) for pair in twins], twins):
                against[name].add(other)
            elif any(item["amount"] == twin["amount"] for item, twin in twins):
                agreeing[name].add(other)
    for name, others in against.items():
        unit = next(iter(units[name]), "")
        single = len(units[name]) == 1 and all(len(units[one]) == 1 and units[one] != units[name] for one in others)
        if not single or agreeing[name] or not _outnumbered(units, unit):
            continue
        other = min(others)
        yield _told(document, name, other, tables)


def _outnumbered(units: Mapping[str, set[str]], unit: str) -> bool:
    """Whether fewer tables of the document name the unit than name the other one."""
    mine = sum(one == {unit} for one in units.values())
    theirs = sum(len(one) == 1 and one != {unit} for one in units.values())
    return theirs >= _LEAST_WITNESSES and mine < theirs


def _mostly(scaled: Sequence[bool], twins: Sequence[tuple[Row, Row]]) -> bool:
    """Whether enough figures differ by the factor alone: most of several, or one that cannot do so by chance."""
    if not scaled:
        return False
    if len(scaled) < _LEAST_TWINS:
        return all(scaled) and all(_digits(item) >= _LEAST_DIGITS for pair in twins for item in pair)
    return sum(scaled) >= _MOST_OF * len(scaled)


def _scaled(item: Row, twin: Row) -> bool:
    """Whether two figures have the same digits as far as both are printed, and are ten thousand times apart."""
    small, large = sorted((item, twin), key=lambda one: abs(one["amount"]))
    if small["printed_unit"] == large["printed_unit"]:
        return False
    room = half_digit(small) * _FACTOR + half_digit(large)
    return bool(abs(small["amount"] * _FACTOR - large["amount"]) <= room)


def units_told_by_text(
    line_items: pl.DataFrame, tables: pl.DataFrame, statements: pl.DataFrame
) -> tuple[MistakenUnit, ...]:
    """The tables that name no unit, were read in that of the others, and are printed in the one that the text uses.

    Args:
        line_items: The line items of some documents.
        tables: Their printed tables.
        statements: What their texts state.
    """
    bare = tables.filter(pl.col("unit_inherited"), pl.col("table").is_not_null()).select("document_id", "table")
    stated = statements.filter(
        pl.col("unit").is_in([unit.value for unit in _UNITS]), pl.col("value") > 0, pl.col("measure").is_not_null()
    ).join(bare, on=["document_id", "table"], how="semi")
    if stated.is_empty():
        return ()
    items = line_items.join(bare, on=["document_id", "table"], how="semi").filter(pl.col("amount") > 0)
    found = []
    for (document, table), texts in stated.group_by("document_id", "table", maintain_order=True):
        own = items.filter(pl.col("document_id") == document, pl.col("table") == table).to_dicts()
        values = {Decimal(value) for value in texts["value"]}
        meant = {unit: _restated(own, values, unit) for unit in _UNITS}
        for unit, other in _UNITS.items():
            if len(meant[unit]) >= _LEAST_STATED and not meant[other] and own[0]["printed_unit"] == other.value:
                found.append(MistakenUnit(str(document), str(table), unit, _told_by_text(own[0], unit, meant[unit][0])))
    return tuple(found)


def _restated(items: Sequence[Row], values: set[Decimal], unit: Unit) -> list[tuple[Row, Decimal]]:
    """The figures that the text states, if they are printed in the unit."""
    pairs = []
    for item in items:
        amount = item["amount"] / Unit(item["printed_unit"]).yuan * unit.yuan
        near = [value for value in values if abs(value - amount) * _FACTOR <= amount]
        pairs += [(item, value) for value in near[:1]]
    return pairs


def _told_by_text(first: Row, unit: Unit, pair: tuple[Row, Decimal]) -> Finding:
    item, value = pair
    title, taken = official_tables()[item["table"]], Unit(item["printed_unit"])
    return Finding(
        document_id=item["document_id"],
        source_file=item["source_file"],
        rule=RULE,
        severity=Severity.WARNING,
        message_zh=f"{title}没有注明金额单位，其他表是“{taken.zh}”，而说明写{value / unit.yuan:,.2f}{unit.zh}、"
        f"本表印{item['printed']}：本表的单位应为“{unit.zh}”，以此计再作核对。",
        message_en=f"{item['table']} names no unit; the others are in {taken.value}, but the text states"
        f" {value / unit.yuan:,.2f} {unit.value} where it prints {item['printed']}: it is in {unit.value}.",
        table=item["table"],
        place=Place.from_row(first),
        cause=RULE,
        expected=unit.zh,
        amount_at_stake=abs(value - item["amount"]),
    )


def _digits(item: Row) -> int:
    return len("".join(filter(str.isdigit, item["printed"])).strip("0"))


def _told(document: str, table: str, other: str, tables: Mapping[str, Mapping[Subject, Row]]) -> MistakenUnit:
    titles = official_tables()
    subject = next(
        one for one in tables[table] if one in tables[other] and _scaled(tables[table][one], tables[other][one])
    )
    item, twin = tables[table][subject], tables[other][subject]
    printed = Unit(item["printed_unit"])
    unit = _UNITS[printed]
    zh = (
        f"{titles[table]}注明的金额单位是“{printed.zh}”，应为“{unit.zh}”：{item['name']}印为{item['printed']}{printed.zh}，"
        f"{titles[other]}印为{twin['printed']}{Unit(twin['printed_unit']).zh}，同一数字相差一万倍；本表以“{unit.zh}”计再作核对。"
    )
    en = (
        f"{table} is captioned in {printed.value} and printed in {unit.value}: it has {item['printed']} for "
        f"{item['name']} where {other} has {twin['printed']} {twin['printed_unit']}, ten thousand times apart."
    )
    finding = Finding(
        document_id=document,
        source_file=item["source_file"],
        rule=RULE,
        severity=Severity.ERROR,
        message_zh=zh,
        message_en=en,
        table=table,
        place=Place.from_row(item),
        cause=RULE,
        printed=printed.zh,
        expected=unit.zh,
        amount_at_stake=abs(item["amount"] - twin["amount"]),
    )
    return MistakenUnit(document, table, unit, finding)
