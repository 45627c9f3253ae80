"""Located tables → what each gave, every official table once.

Of several with one title the one that is understood best is read; the others are of no form. Where they print the same
amounts the first one is as good as any, and the others say nothing new. A government prints a table for each year, of
what was executed and of what is planned, and again of its own level: those of one area are one table, each amount
once. Plain text has lines only: there the one with most lines stays, and a title without rows, as on a contents page,
is dropped.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from analysis.reading.forms.items import TableReading, read_table
from analysis.reading.forms.locate import Located, LocatedTable
from analysis.reading.forms.plain_text import read_plain_table
from analysis.reading.forms.titles import plain_words
from analysis.terms.form import Form
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind, LineItem, Phase
from analysis.terms.printed_table import UnmappedReason

_YEAR = re.compile(r"(20\d{2})年")
# 全市 and 市本级 of one place
_LEVEL = re.compile("(?:全[省市区县州旗盟]|(?:自治区|[省市区县州旗盟乡镇])?本级|[省市州盟]级)$")
_OWN_LEVEL = re.compile("(?:本级|[省市州盟]级)$")
_ORDINAL = re.compile(r"^(?:附?[件表]?(?:\d+|[一二三四五六七八九十]+)(?:-\d+)*[表:：、.．]*)+")


@dataclass(frozen=True, slots=True)
class TablesRead:
    """The tables in printed order with what each gave.

    `notes` are sentences on tables that are printed again with the same amounts, `problems` on those with others, and
    `contradicted` are the official tables of which a printing with other amounts was set aside.
    """

    tables: tuple[LocatedTable, ...]
    readings: tuple[TableReading, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    contradicted: frozenset[str] = frozenset()


def read_tables(located: Located, year: int | None, *, plain: bool) -> TablesRead:
    """The tables of a document.

    Args:
        located: Where they stand.
        year: The document's; None where it tells none.
        plain: Whether it is plain text.
    """
    read = read_plain_table if plain else read_table
    found = [(table, read(table, number, _year_of(table, year))) for number, table in enumerate(located.tables, 1)]
    best: dict[tuple[str, Kind | None], int] = {}
    for number, (table, _) in enumerate(found):
        if table.form:
            key = _key(table.form)
            if key not in best or _understood(*found[number]) > _understood(*found[best[key]]):
                best[key] = number
    told = {key: [found[number]] for key, number in best.items()}
    kept: list[tuple[LocatedTable, TableReading]] = []
    notes: list[str] = []
    problems: list[str] = []
    contradicted: set[str] = set()
    for number, (table, reading) in enumerate(found):
        chosen = best[_key(table.form)] if table.form else number
        if chosen == number:
            kept.append((table, reading))
        elif not plain:
            other = replace(table, form=None)
            before = told[_key(table.form)] if table.form else []
            if joined := _joined(table, reading, before, number + 1):
                before.append((table, joined))
                kept.append((table, joined))
                continue
            same = _figures(reading) == _figures(found[chosen][1]) and bool(reading.line_items)
            again = read_table(other, number + 1, _year_of(table, year))
            kept.append((other, _says_nothing_new(again) if same else again))
            if table.form and reading.cells and not same:
                contradicted.add(table.form.table)
            sentences = notes if same else problems
            sentences += _printed_again(found[chosen][0], table, same=same) if reading.cells else ()
    return TablesRead(
        tuple(table for table, _ in kept),
        _numbered_on([reading for _, reading in kept]),
        tuple(notes),
        tuple(problems),
        frozenset(contradicted),
    )


def _year_of(table: LocatedTable, year: int | None) -> int | None:
    """The year of a table: a government's budget prints tables of the year before too, and their titles say so."""
    if year is None or table.form is None or not table.form.government:
        return year
    years = set(_YEAR.findall(table.title or ""))
    return int(years.pop()) if len(years) == 1 else year


def _key(form: Form) -> tuple[str, Kind | None]:
    """What is one table: of a government what was executed and what is planned stand in one."""
    return form.table, None if form.government else form.kind


def _joined(
    table: LocatedTable, reading: TableReading, told: Sequence[tuple[LocatedTable, TableReading]], number: int
) -> TableReading | None:
    """What a government's table says of years and phases that the tables of its name and area before it do not.

    Beside one of the whole area a table of its own level tells that level. None where the table says nothing new, is
    of another area, or prints another amount for what is told already.
    """
    if table.form is None or not table.form.government:
        return None
    (name, own), (first, first_own) = _area(table), _area(told[0][0])
    if name != first or first_own > own:
        return None
    items = reading.line_items
    if own > first_own:
        if any(item.column.measure != "total" for item in items):
            return None
        items = tuple(replace(item, column=replace(item.column, measure="own_level")) for item in items)
    before = {key: amount for _, one in told for key, amount in _amounts(one.line_items).items()}
    periods = {_period(item) for _, one in told for item in one.line_items}
    new = tuple(item for item in items if _period(item) not in periods)
    if not new or any(before.get(key, amount) != amount for key, amount in _amounts(items).items()):
        return None
    again = read_table(replace(table, form=None), number, None).unmapped
    places = {item.figure.place for item in new} | {cell.place for cell in reading.unmapped}
    others = tuple(replace(cell, reason=UnmappedReason.DERIVED) for cell in again if cell.place not in places)
    return replace(reading, line_items=new, unmapped=(*reading.unmapped, *others))


def _period(item: LineItem) -> tuple[bool, int | None, Phase]:
    """Whether an amount is of the own level, of which year and phase."""
    return item.column.measure == "own_level", item.fiscal_year, item.column.phase


def _area(table: LocatedTable) -> tuple[str, bool]:
    """What the title of a table says of the area before what it says of the table, and whether of its own level."""
    words = plain_words(table.title or "")
    match = table.form.pattern.search(words) if table.form else None
    area = _ORDINAL.sub("", words[: match.start()] if match else words)
    return _LEVEL.sub("", area), _OWN_LEVEL.search(area) is not None


def _amounts(items: Sequence[LineItem]) -> Mapping[tuple[object, ...], Decimal]:
    return {(i.row.code or i.row.name, i.column, i.fiscal_year): i.figure.amount for i in items}


def _numbered_on(readings: Sequence[TableReading]) -> tuple[TableReading, ...]:
    """The readings, the rows of one table numbered on over its pieces; a row that is known keeps its number."""
    known: dict[str, dict[tuple[object, ...], int]] = {}
    found: list[TableReading] = []
    for reading in readings:
        table = reading.line_items[0].row.table if reading.line_items else ""
        rows = known.setdefault(table, {})
        numbers = _numbers(reading.line_items, rows)
        items = reading.line_items
        if rows:
            items = tuple(replace(i, row=replace(i.row, number=numbers[i.row.number][1])) for i in items)
        rows |= dict(numbers.values())
        found.append(replace(reading, line_items=items))
    return tuple(found)


def _numbers(
    items: Sequence[LineItem], rows: Mapping[tuple[object, ...], int]
) -> dict[int, tuple[tuple[object, ...], int]]:
    """For each row number of a piece what the row is, and its number in the whole table."""
    last = max(rows.values(), default=0)
    seen: Counter[tuple[object, ...]] = Counter()
    numbers: dict[int, tuple[tuple[object, ...], int]] = {}
    for row in dict.fromkeys(item.row for item in items):
        label = row.code, row.name, row.outer_name, row.unit_code, row.unit_name
        seen[label] += 1
        key = *label, seen[label]
        numbers[row.number] = key, rows.get(key, last + row.number)
    return numbers


def _understood(table: LocatedTable, reading: TableReading) -> tuple[int, bool, bool, int]:
    """How well a table is understood: a title that leaves out the word 表 says less than one that does not."""
    left_out = sum(cell.reason.leaves_incomplete for cell in reading.unmapped)
    whole_area = bool(reading.line_items) and table.form is not None and table.form.government and not _area(table)[1]
    titled = table.title is None or "表" in table.title
    return len(table.lines), titled, whole_area, len(reading.line_items) - left_out


def _figures(reading: TableReading) -> Counter[tuple[object, ...]]:
    """What the rows of a table say, wherever it is printed."""
    return Counter((i.row.code or i.row.name, i.column, i.fiscal_year, i.figure.amount) for i in reading.line_items)


def _says_nothing_new(reading: TableReading) -> TableReading:
    return replace(reading, unmapped=tuple(replace(one, reason=UnmappedReason.DERIVED) for one in reading.unmapped))


def _printed_again(chosen: LocatedTable, other: LocatedTable, *, same: bool) -> Sequence[str]:
    """The sentence on a table that is printed twice, with the pages where there are some."""
    title = chosen.title or (chosen.form.titles[0] if chosen.form else "")
    table = chosen.form.table if chosen.form else ""
    pages = [one.segments[0].page for one in (chosen, other) if one.segments]
    told = all(page is not None for page in pages)
    at_zh = f"（第 {pages[0]} 页、第 {pages[1]} 页）" if told else ""
    at_en = f" (pp. {pages[0]}, {pages[1]})" if told else ""
    if same:
        return (
            f"《{title}》印了两次{at_zh}，金额相同，采用前一份。"
            f" / {table} is printed twice{at_en} with the same amounts; the first one is used.",
        )
    if other.title and squeeze(other.title) != squeeze(title):
        return (
            f"《{title}》与《{other.title}》{at_zh}是同一种表：采用读出较多的一份，另一份的金额原样保存在 unmapped 中。"
            f" / {table} is printed under two titles{at_en}; the one that is understood best is used,"
            " the amounts of the other are kept in unmapped.",
        )
    return (
        f"《{title}》印了两次{at_zh}，金额不同：采用读出较多的一份，另一份的金额原样保存在 unmapped 中。"
        f" / {table} is printed twice{at_en} with other amounts; the one that is understood best is used,"
        " the amounts of the other are kept in unmapped.",
    )
