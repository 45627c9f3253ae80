"""Every numbered item of the text = its row in the tables, and every row = its item.

An item is brought to its row by the printed code, else by its three names, else by what is left over: the names moved
by a level, or the only row of that very amount. Its amount may be off by half of the last digit that the text prints
and half of the last that the table prints. Names that another year used are not judged here: only whether a document
calls one thing by two names. Where a document could not be read in full, nothing is said of missing rows, and where the
table of a fund was not, no item is brought to a row: its amount may lie in what was not read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from analysis.balancing.text.restated_cells import FUNDS, WHOLES, RestatedCell
from analysis.balancing.text.stated_amounts import StatedAmount, in_words
from analysis.balancing.text.statements import plain
from analysis.balancing.text.text_document import StatedItem, TextDocument
from analysis.balancing.text.text_finding import at, at_item, text_finding
from analysis.terms.code import Scheme
from analysis.terms.code_book import plain_name
from analysis.terms.finding import Finding
from analysis.terms.line_item import Side

Names = tuple[str, str, str]
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of the tables at the level 项: its code, the names of its path, and its amounts, one for each fund.

    A name of the path that is not known is blank. `amount` is that of all funds together.
    """

    code: str
    names: Names
    cells: tuple[RestatedCell, ...]
    amount: StatedAmount

    @property
    def path(self) -> str:
        """The names with their levels."""
        return "".join(f"{name}（{level}）" for name, level in zip(self.names, "类款项", strict=True))


def item_rows(document: TextDocument) -> tuple[ItemRow, ...]:
    """The rows at the level 项 that the items of the text restate, by code."""
    if not document.incomplete.isdisjoint(FUNDS):
        return ()
    names: dict[str, set[str]] = defaultdict(set)
    cells: dict[str, list[RestatedCell]] = defaultdict(list)
    for fund in FUNDS:
        for cell in document.cells.get((fund, Side.EXPENDITURE.value, "total", document.phase.value), ()):
            if cell.code:
                names[cell.code].add(plain(cell.name or ""))
                if len(cell.code) == 7:
                    cells[cell.code].append(cell)
    # A name that is not printed, or printed in two ways, is not known: blank.
    known = {code: next(iter(found)) if len(found) == 1 else "" for code, found in names.items()}
    return tuple(
        ItemRow(code, (known.get(code[:3], ""), known.get(code[:5], ""), known[code]), tuple(found), _together(found))
        for code, found in sorted(cells.items())
    )


def _together(cells: Sequence[RestatedCell]) -> StatedAmount:
    """The amounts of all funds as one."""
    amounts = [cell.amount for cell in cells]
    if len(amounts) == 1:
        return amounts[0]
    yuan, half = (sum((getattr(one, part) for one in amounts), Decimal(0)) for part in ("yuan", "half"))
    return StatedAmount(f"{yuan:f}", "元", yuan, half)


def matched_items(document: TextDocument, rows: tuple[ItemRow, ...]) -> dict[int, ItemRow]:
    """The row of each item, by the item's place in the text; those that have none are left out."""
    by_code = {row.code: row for row in rows}
    named: dict[Names, list[ItemRow]] = defaultdict(list)
    for row in rows:
        named[row.names].append(row)
    found: dict[int, ItemRow] = {}
    for number, item in enumerate(document.items):
        same = named.get(_names(item), [])
        if item.code in by_code:
            found[number] = by_code[item.code]
        elif len(same) == 1:
            found[number] = same[0]
    taken = {row.code for row in found.values()}
    for number, item in enumerate(document.items):
        left = [row for row in rows if row.code not in taken]
        if number not in found and (nearest := _nearest(item, left)):
            found[number] = nearest
            taken.add(nearest.code)
    return found


def item_findings(document: TextDocument) -> Iterator[Finding]:
    """What is wrong between the items and the tables."""
    rows = item_rows(document)
    if not rows or not document.items:
        return
    matched = matched_items(document, rows)
    for number, item in enumerate(document.items):
        if number in matched:
            yield from _against_row(document, item, matched[number], rows)
        elif document.complete and plain(item.names[2]) not in document.rows:
            yield _no_row(document, item, rows)
    twice = Counter(row.code for row in matched.values())
    if document.complete and len(twice) == len(matched):
        yield from _without_item(document, rows, matched)


def _names(item: StatedItem) -> Names:
    top, middle, low = (plain(name) for name in item.names)
    return top, middle, low


def _nearest(item: StatedItem, rows: list[ItemRow]) -> ItemRow | None:
    """The row that is meant though its names differ: by its last names, its section, or its amount alone."""
    names = _names(item)
    for same in (slice(1, None), slice(2, None), slice(2)):
        alike = [row for row in rows if row.names[same] == names[same] and row.amount.agrees(item.current)]
        if len(alike) == 1 and (item.current.yuan or same.stop is None):
            return alike[0]
    equal = [row for row in rows if row.amount.yuan and row.amount.agrees(item.current)]
    near = [row for row in equal if _alike("".join(names), "".join(row.names))]
    return near[0] if len(near) == 1 else None


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _against_row(
    document: TextDocument, item: StatedItem, row: ItemRow, rows: tuple[ItemRow, ...]
) -> Iterator[Finding]:
    yield from _names_differ(document, item, row)
    printed = [row.amount, *(cell.amount for cell in row.cells), *_elsewhere(document, row.code)]
    wrong = not any(item.current.agrees(amount) for amount in printed)
    told_apart = item.arranged is not None and not item.arranged.repeats(item.current)
    excused = not document.incomplete.isdisjoint(table for table, _ in WHOLES)  # they may print what the text says
    # Else the figure of the table may be what is wrong, or, where the amount is another row's, the name of the item.
    named_wrong = any(one is not row and one.amount.yuan and one.amount.agrees(item.current) for one in rows)
    sure = all(cell.proven for cell in row.cells) and not named_wrong
    if wrong and not told_apart and not excused:
        yield text_finding(
            document,
            "text_truncated" if item.current.cuts(row.amount) else "text_item_amount",
            at_item(item, row.code),
            item.current.words,
            expected=in_words(row.amount.yuan, item.current.unit) if sure else None,
            other=row.amount.words,
            evidence=row_evidence(row),
        )


def _elsewhere(document: TextDocument, code: str) -> list[StatedAmount]:
    """What other tables print for the code: one that agrees with the text speaks against the row, not the text."""
    return [
        cell.amount
        for table, side in WHOLES
        for cell in document.cells.get((table, side, "total", document.phase.value), ())
        if cell.code == code
    ]


def _names_differ(document: TextDocument, item: StatedItem, row: ItemRow) -> Iterator[Finding]:
    names = _names(item)
    known = tuple(name or stated for name, stated in zip(row.names, names, strict=True))
    if names == known or (names[1:] == known[1:] and _is_official(document, names[0], row.code[:3])):
        return
    if names[1:] == known[1:]:
        if any(row.names[0] == item.names[0] + ending for ending in document.endings):
            return  # 一般公共服务 for 一般公共服务支出
        rule, printed, expected = "text_class_name", item.names[0], row.names[0]
    elif names[1:] == row.names[:2] or names[:2] == row.names[1:]:
        rule, printed, expected = "text_item_levels", item.path, row.path
    else:
        rule, printed, expected = "text_item_names", item.path, row.path
    where = at_item(item, row.code)
    finding = text_finding(document, rule, where, printed, expected=expected, evidence=row_evidence(row))
    yield replace(finding, cause="names_shifted") if rule == "text_item_levels" else finding


def _is_official(document: TextDocument, name: str, code: str) -> bool:
    """Whether the class bears that name in the code book: then the table is to be mended and not the text."""
    entry = document.code_book.in_force(Scheme.FUNCTIONAL, code, document.year)
    return entry is not None and plain_name(entry.name) == plain_name(name)


def row_evidence(row: ItemRow) -> tuple[str, ...]:
    """The figures of a row, one a line, as evidence."""
    return tuple(f"{cell.table} {row.code} {row.names[2]}：{cell.amount.words}" for cell in row.cells)


def _no_row(document: TextDocument, item: StatedItem, rows: tuple[ItemRow, ...]) -> Finding:
    same = [row for row in rows if row.names[1:] == _names(item)[1:]]
    return text_finding(
        document,
        "text_item_no_row",
        at_item(item, item.code),
        f"{item.path}{item.current.words}",
        evidence=[line for row in same for line in row_evidence(row)],
    )


def _without_item(
    document: TextDocument, rows: tuple[ItemRow, ...], matched: Mapping[int, ItemRow]
) -> Iterator[Finding]:
    """The rows that no item speaks of, unless an item may have meant them under other names."""
    taken = {row.code for row in matched.values()}
    if len(matched) < len(document.items):
        return
    # A list of items that names no row of a table is not about that table.
    spoken = {cell.table for row in matched.values() for cell in row.cells}
    for row in rows:
        if row.code in taken or not row.amount.yuan or spoken.isdisjoint(cell.table for cell in row.cells):
            continue
        cell = row.cells[0]
        where = replace(
            at(cell.place, f"表中“{row.code}{row.names[2]}”", f"row {row.code} ({row.names[2]})", table=cell.table),
            code=row.code,
            name=row.names[2],
        )
        yield text_finding(document, "text_row_no_item", where, row.amount.words, evidence=row_evidence(row))
