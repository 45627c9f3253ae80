"""Located tables → what each gave, every official table once.

Of several with one title the one that is understood best is read; the others are of no form. Where they print the same
amounts the first one is as good as any, and the others say nothing new. Plain text has lines only: there the one with
most lines stays, and a title without rows, as on a contents page, is dropped.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.reading.forms.items import TableReading, read_table
from analysis.reading.forms.locate import Located, LocatedTable
from analysis.reading.forms.plain_text import read_plain_table
from analysis.terms.label import squeeze
from analysis.terms.line_item import Kind
from analysis.terms.printed_table import UnmappedReason

_YEAR = re.compile(r"(20\d{2})年")


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
    best: dict[tuple[str, Kind], int] = {}
    for number, (table, _) in enumerate(found):
        if table.form:
            key = table.form.table, table.form.kind
            if key not in best or _understood(*found[number]) > _understood(*found[best[key]]):
                best[key] = number
    kept: list[tuple[LocatedTable, TableReading]] = []
    notes: list[str] = []
    problems: list[str] = []
    contradicted: set[str] = set()
    for number, (table, reading) in enumerate(found):
        chosen = best[table.form.table, table.form.kind] if table.form else number
        if chosen == number:
            kept.append((table, reading))
        elif not plain:
            other = replace(table, form=None)
            same = _figures(reading) == _figures(found[chosen][1]) and bool(reading.line_items)
            again = read_table(other, number + 1, _year_of(table, year))
            kept.append((other, _says_nothing_new(again) if same else again))
            if table.form and reading.cells and not same:
                contradicted.add(table.form.table)
            sentences = notes if same else problems
            sentences += _printed_again(found[chosen][0], table, same=same) if reading.cells else ()
    return TablesRead(
        tuple(table for table, _ in kept),
        tuple(reading for _, reading in kept),
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


def _understood(table: LocatedTable, reading: TableReading) -> tuple[int, bool, int]:
    """How well a table is understood: a title that leaves out the word 表 says less than one that does not."""
    left_out = sum(cell.reason.leaves_incomplete for cell in reading.unmapped)
    return len(table.lines), table.title is None or "表" in table.title, len(reading.line_items) - left_out


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
