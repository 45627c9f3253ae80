"""A table under the wrong unit is one finding, and is read on in the unit that it is printed in."""

from decimal import Decimal

import polars as pl
from make.line_items import items

from analysis.balancing.mistaken_units import mistaken_units, units_told_by_text, with_right_units
from analysis.dataset.store import to_frame
from analysis.terms.money import Unit

ROWS = """
{table} {side} 0 - 合计 total total={total}
{table} {side} 1 208 社会保障和就业支出 subtotal total={social}
{table} {side} 2 2080505 机关事业单位基本养老保险缴费支出 detail total={social}
{table} {side} 3 221 住房保障支出 subtotal total=245,310.40
{table} {side} 4 2210201 住房公积金 detail total=245,310.40
"""


def table(name: str, side: str, social: str = "1,310,902.55", total: str = "1,556,212.95") -> str:
    return ROWS.format(table=name, side=side, social=social, total=total)


def in_wan_yuan(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    here = pl.col("table") == name
    amount = (pl.col("amount") * 10_000).cast(frame.schema["amount"])
    return frame.with_columns(
        amount=pl.when(here).then(amount).otherwise("amount"),
        printed_unit=pl.when(here).then(pl.lit(Unit.WAN_YUAN.value)).otherwise("printed_unit"),
    )


def read(text: str) -> pl.DataFrame:
    frame = items(text)
    columns = to_frame([], "line_items").select(pl.exclude(frame.columns)).schema
    return frame.with_columns(*(pl.lit(None, kind).alias(name) for name, kind in columns.items())).with_columns(
        scheme=pl.lit("functional"), source_file=pl.lit("d.pdf")
    )


THREE = table("revenue", "r") + table("general_public_budget", "e") + table("expenditure", "e")


def test_a_table_in_yuan_captioned_in_wan_yuan_is_one_finding_and_read_in_yuan() -> None:
    sound = read(THREE)
    printed = in_wan_yuan("expenditure", sound)
    (one,) = mistaken_units(printed)
    assert (one.table, one.unit, one.finding.printed, one.finding.expected) == ("expenditure", Unit.YUAN, "万元", "元")
    assert one.finding.severity == "error"
    assert with_right_units(printed, [one]).equals(sound)


def test_figures_rounded_to_wan_yuan_are_no_other_unit() -> None:
    frame = read(THREE)
    here = pl.col("table") == "expenditure"
    rounded = (pl.col("amount") / 10_000).round(2)
    frame = frame.with_columns(
        printed=pl.when(here).then(rounded.cast(pl.String)).otherwise("printed"),
        printed_unit=pl.when(here).then(pl.lit(Unit.WAN_YUAN.value)).otherwise("printed_unit"),
    )
    assert mistaken_units(frame) == ()


def test_other_mistakes_beside_do_not_hide_the_unit() -> None:
    text = table("revenue", "r") + table("general_public_budget", "e", "1,310,902.55")
    slipped = table("expenditure", "e").replace("缴费支出 detail total=1,310", "缴费支出 detail total=1,370")
    (one,) = mistaken_units(in_wan_yuan("expenditure", read(text + slipped)))
    assert one.table == "expenditure"


def test_two_tables_alone_do_not_tell_which_of_them_is_wrong() -> None:
    text = table("revenue", "r") + table("expenditure", "e")
    assert mistaken_units(in_wan_yuan("expenditure", read(text))) == ()


def test_the_economic_table_is_told_by_its_total() -> None:
    text = THREE.replace(
        "general_public_budget e 0 - 合计 total total=1,556,212.95",
        "general_public_budget e 0 - 合计 total total=1,556,212.95 basic=1,310,902.55",
    )
    text += "basic_by_economic e 0 - 合计 total total={}\n"
    (one,) = mistaken_units(in_wan_yuan("basic_by_economic", read(text.format("1,310,902.55"))))
    assert one.table == "basic_by_economic"
    assert mistaken_units(in_wan_yuan("basic_by_economic", read(text.format("1,310,902.65")))) == ()
    assert one.finding.amount_at_stake == Decimal("1310902.55") * 9_999


THREE_PUBLIC = """
three_public e 0 - 合计 total total=35.88 vehicles=34.17 receptions=1.71
"""


def by_text(*values: str, inherited: bool = True) -> list[tuple[str, Unit, str, str | None]]:
    """What the text tells of the unit of a table that was read in yuan; it states `values`, in 万元."""
    table = {"document_id": "a", "number": 9, "table": "three_public", "unit": "yuan", "unit_inherited": inherited}
    stated = [
        {"document_id": "a", "number": at, "table": "three_public", "measure": "total", "unit": "wan_yuan"}
        | {"value": Decimal(value) * 10_000, "printed": value}
        for at, value in enumerate(values)
    ]
    items_ = read(THREE_PUBLIC).with_columns(document_id=pl.lit("a"), printed_unit=pl.lit("yuan"))
    told = units_told_by_text(items_, to_frame([table], "tables"), to_frame(stated, "statements"))
    return [(one.table, one.unit, one.finding.severity.value, one.finding.expected) for one in told]


def test_the_text_tells_the_unit_of_a_table_that_names_none() -> None:
    assert by_text("35.88", "34.17") == [("three_public", Unit.WAN_YUAN, "warning", "万元")]
    assert by_text("35.88", "34.17", inherited=False) == []
    assert by_text("35.88", "99.00") == []
    assert by_text("0.003588", "34.17", "1.71") == []  # one of them is stated in the unit of the others
