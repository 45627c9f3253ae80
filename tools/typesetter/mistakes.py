"""Mistakes of more kinds than a figure's: in names, codes, rows, captions and notes, and in what the text says.

`planting` alters a figure or a code as a typist would; this module has the mistakes that a benchmark of findings asks
for besides. Each says what was altered as `Planted` values; in the text, `table` is "text", `name` the item or word and
`printed` what stands there now. `HARMLESS` are no mistakes: whoever reports an error there is wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from random import Random

from typesetter.book import Book, Item, Line, Panel, Table, amount_of
from typesetter.forms import heading_of
from typesetter.planting import KINDS, Planted, Spot, plant, spots_of
from typesetter.quirks import Quirks

Mistake = tuple[Book, tuple[Planted, ...]]
TEXT = "text"


def mistake(book: Book, rng: Random, kind: str) -> Mistake | None:
    """The book with one mistake of `kind`, or None where it offers no place for one."""
    if kind in KINDS:
        try:
            return plant(book, rng, kind)
        except (ValueError, IndexError, StopIteration):
            return None
    return OTHERS[kind](book, rng)


def _with_panel(book: Book, table: Table, old: Panel, new: Panel) -> Book:
    return book.with_table(replace(table, panels=tuple(new if panel is old else panel for panel in table.panels)))


def _planted(kind: str, spot: Spot, text: str) -> Planted:
    name = "".join(spot.line.name.split())
    measure = spot.panel.measures[spot.column]
    return Planted(kind, spot.table.id, spot.panel.side, spot.line.code, name, measure, text, spot.text)


def _coded(book: Book) -> list[tuple[Table, Panel]]:
    """The tables of one labelled panel whose rows bear codes of sections or items."""
    return [
        (table, table.panels[0])
        for table in book.tables
        if len(table.panels) == 1 and sum(len(line.parts) > 1 for line in table.panels[0].lines) > 3
    ]


def _total_wrong(book: Book, rng: Random) -> Mistake | None:
    spots = [spot for spot in spots_of(book) if spot.line is spot.panel.total]
    if not spots:
        return None
    spot = rng.choice(spots)
    digits = [place for place, mark in enumerate(spot.text) if mark.isdigit()]
    place = digits[0]
    text = spot.text[:place] + str(int(spot.text[place]) % 9 + 1) + spot.text[place + 1 :]
    return _set(book, spot, text), (_planted("total_wrong", spot, text),)


def _set(book: Book, spot: Spot, text: str) -> Book:
    rows = list(spot.panel.rows)
    line = rows[spot.row]
    rows[spot.row] = replace(line, texts=(*line.texts[: spot.column], text, *line.texts[spot.column + 1 :]))
    return _with_panel(book, spot.table, spot.panel, spot.panel.with_rows(rows))


def _row_lost(book: Book, rng: Random) -> Mistake | None:
    """A row of an item that is not the only one below its section."""
    table, panel = rng.choice(_coded(book))
    rows = [
        row
        for row, line in enumerate(panel.lines)
        if len(line.code) == _deepest(panel) and any(map(_worth, line.texts))
    ]
    if not rows:
        return None
    row = rng.choice(rows)
    line = panel.lines[row]
    new = replace(panel, lines=(*panel.lines[:row], *panel.lines[row + 1 :]))
    name = "".join(line.name.split())
    planted = Planted("row_lost", table.id, panel.side, line.code, name, panel.measures[0], "", line.texts[0])
    return _with_panel(book, table, panel, new), (planted,)


def _deepest(panel: Panel) -> int:
    return max(len(line.code) for line in panel.lines)


def _worth(text: str) -> bool:
    return bool(amount_of(text, 1))


def _block_shifted(book: Book, rng: Random) -> Mistake | None:
    """The figures of three rows, all columns, each a row lower than its label."""
    table, panel = rng.choice(_coded(book))
    first = rng.randrange(len(panel.lines) - 2)
    rows, planted = list(panel.rows), []
    texts = [rows[row].texts for row in range(first, first + 3)]
    for place, row in enumerate(range(first, first + 3)):
        wrong, line = texts[place - 1], rows[row]
        name = "".join(line.name.split())
        planted += [
            Planted("block_shifted", table.id, panel.side, line.code, name, measure, now, right)
            for measure, now, right in zip(panel.measures, wrong, line.texts, strict=True)
            if now != right
        ]
        rows[row] = replace(line, texts=wrong)
    return (_with_panel(book, table, panel, panel.with_rows(rows)), tuple(planted)) if planted else None


def _column_swapped(book: Book, rng: Random) -> Mistake | None:
    """A figure in the column beside its own."""
    spots = [
        spot for spot in spots_of(book)
        if len(spot.panel.measures) > 2 and spot.column > 0 and spot.line.code
        and any(not _worth(text) for text in spot.line.texts[1:])
    ]  # fmt: skip
    if not spots:
        return None
    spot = rng.choice(spots)
    other = rng.choice([place for place, text in enumerate(spot.line.texts) if place and not _worth(text)])
    blank = spot.line.texts[other]
    wrong = replace(spot, column=other)
    book = _set(book, spot, blank)
    moved = next(one for one in _spots_at(book, wrong))
    return _set(book, moved, spot.text), (
        _planted("column_swapped", spot, blank),
        _planted("column_swapped", wrong, spot.text),
    )


def _spots_at(book: Book, spot: Spot) -> list[Spot]:
    place = spot.table.panels.index(spot.panel)
    table = book.table(spot.table.id)
    return [Spot(table, table.panels[place], spot.row, spot.column)]


def _relabelled(book: Book, rng: Random, kind: str, change: Callable[[Line, Panel], Line | None]) -> Mistake | None:
    table, panel = rng.choice(_coded(book))
    rows = list(enumerate(panel.lines))
    rng.shuffle(rows)
    for row, line in rows:
        new = change(line, panel)
        if new is not None:
            planted = Planted(
                kind, table.id, panel.side, line.code, "".join(line.name.split()), "", new.name, line.name
            )
            lines = (*panel.lines[:row], new, *panel.lines[row + 1 :])
            return _with_panel(book, table, panel, replace(panel, lines=lines)), (planted,)
    return None


def _name_wrong(book: Book, rng: Random) -> Mistake | None:
    """The name of another row of the same table and level."""

    def change(line: Line, panel: Panel) -> Line | None:
        names = [one.name for one in panel.lines if len(one.code) == len(line.code) and one.name != line.name]
        return replace(line, name=rng.choice(names)) if names and len(line.parts) > 1 else None

    return _relabelled(book, rng, "name_wrong", change)


def _other_word(book: Book, rng: Random) -> Mistake | None:
    """其它 for 其他."""
    return _relabelled(
        book, rng, "other_word",
        lambda line, _: replace(line, name=line.name.replace("其他", "其它")) if "其他" in line.name else None,
    )  # fmt: skip


def _serial_codes(book: Book, rng: Random) -> Mistake | None:
    """1, 2, 3 … where the codes should be."""
    table, panel = rng.choice(_coded(book))
    lines = tuple(replace(line, parts=(str(number),)) for number, line in enumerate(panel.lines, start=1))
    planted = tuple(
        Planted("serial_codes", table.id, panel.side, line.code, "".join(line.name.split()), "", str(number), line.code)
        for number, line in enumerate(panel.lines, start=1)
    )
    return _with_panel(book, table, panel, replace(panel, lines=lines)), planted


def _captioned(book: Book, rng: Random, kind: str, change: Callable[[tuple[str, str]], tuple[str, str]]) -> Mistake:
    """Another line above a table."""
    table = rng.choice([table for table in book.tables if not table.empty])
    heading = heading_of(book, table, Quirks())
    captions = change(heading.captions)
    side = 0 if captions[0] != heading.captions[0] else 1
    planted = Planted(kind, table.id, "", "", "", "", captions[side], heading.captions[side])
    return book.with_table(replace(table, heading=replace(heading, captions=captions))), (planted,)


def _lost_unit(book: Book, rng: Random) -> Mistake | None:
    return _captioned(book, rng, "lost_unit", lambda captions: (captions[0], ""))


def _other_department(book: Book, rng: Random) -> Mistake | None:
    return _captioned(
        book, rng, "other_department",
        lambda captions: (f"{captions[0].partition('：')[0]}：{book.organisation[:6]}知行管理局", captions[1]),
    )  # fmt: skip


def _note_under_filled(book: Book, rng: Random) -> Mistake | None:
    tables = [table for table in book.tables if table.id in ("general_public_budget", "basic_by_economic")]
    table = rng.choice(tables)
    heading = heading_of(book, table, Quirks())
    note = f"注：本{book.word}{book.year}年无一般公共预算财政拨款安排的预算，故本表为空表。"
    planted = Planted("note_under_filled", table.id, "", "", "", "", note, "")
    return book.with_table(replace(table, heading=replace(heading, note=note))), (planted,)


# In the text


def _item_changed(
    book: Book, rng: Random, kind: str, change: Callable[[Item], tuple[Item, str, str] | None]
) -> Mistake | None:
    """An item with another word; the change gives the item, what stands there now and what should."""
    places = list(range(len(book.items)))
    rng.shuffle(places)
    for place in places:
        item = book.items[place]
        changed = change(item)
        if changed is not None:
            new, now, right = changed
            planted = Planted(kind, TEXT, "", item.code, item.names[2], "", now, right)
            return replace(book, items=(*book.items[:place], new, *book.items[place + 1 :])), (planted,)
    return None


def _other_digit(text: str, rng: Random) -> str:
    places = [place for place, mark in enumerate(text) if mark.isdigit() and mark != "0"]
    place = places[0] if rng.random() < 0.6 else rng.choice(places)
    return text[:place] + str(int(text[place]) % 9 + 1) + text[place + 1 :]


def _text_amount(book: Book, rng: Random) -> Mistake | None:
    def change(item: Item) -> tuple[Item, str, str] | None:
        if not _worth(item.current):
            return None
        text = _other_digit(item.current, rng)
        arranged = text if item.arranged else ""
        return replace(item, current=text, arranged=arranged), text, item.current

    return _item_changed(book, rng, "text_amount", change)


def _text_percent(book: Book, rng: Random) -> Mistake | None:
    def change(item: Item) -> tuple[Item, str, str] | None:
        if not item.percent or not _worth(item.percent) or not _worth(item.current) or item.heading == "jiangsu":
            return None
        text = f"{Decimal(item.percent) + rng.choice((3, 7, 11))}"
        return replace(item, percent=text), text, item.percent

    return _item_changed(book, rng, "text_percent", change)


def _direction_word(book: Book, rng: Random) -> Mistake | None:
    other = {"增加": "减少", "减少": "增加"}

    def change(item: Item) -> tuple[Item, str, str] | None:
        if item.direction not in other or not item.prior or not _worth(item.percent):
            return None
        return replace(item, direction=other[item.direction]), other[item.direction], item.direction

    return _item_changed(book, rng, "direction_word", change)


def _stated_twice(book: Book, rng: Random) -> Mistake | None:
    def change(item: Item) -> tuple[Item, str, str] | None:
        if not item.arranged or not _worth(item.arranged):
            return None
        text = _other_digit(item.arranged, rng)
        return replace(item, arranged=text), text, item.arranged

    return _item_changed(book, rng, "stated_twice", change)


def _text_name(book: Book, rng: Random) -> Mistake | None:
    def change(item: Item) -> tuple[Item, str, str] | None:
        name = rng.choice([one.names[2] for one in book.items if one.names[2] != item.names[2]] or [""])
        return (replace(item, names=(*item.names[:2], name)), name, item.names[2]) if name else None

    return _item_changed(book, rng, "text_name", change)


def _sentence(
    book: Book, rng: Random, kind: str, change: Callable[[str], tuple[str, str, str] | None]
) -> Mistake | None:
    """A paragraph of the opening or the closing changed."""
    for part in rng.sample(("opening", "closing"), 2):
        texts = list(getattr(book, part))
        places = list(range(len(texts)))
        rng.shuffle(places)
        for place in places:
            changed = change(texts[place])
            if changed is not None:
                texts[place], now, right = changed
                planted = Planted(kind, TEXT, "", "", "", "", now, right)
                return replace(book, **{part: tuple(texts)}), (planted,)
    return None


def _sentence_amount(book: Book, rng: Random) -> Mistake | None:
    """The first amount of a sentence, which the tables have too."""

    def change(text: str) -> tuple[str, str, str] | None:
        before, unit, after = text.partition("万元")
        digits = len(before) - len(before.rstrip("0123456789.,"))
        amount = before[len(before) - digits :] if digits else ""
        if not unit or not _worth(amount):
            return None
        wrong = _other_digit(amount, rng)
        return before[: len(before) - digits] + wrong + unit + after, wrong, amount

    return _sentence(book, rng, "sentence_amount", change)


def _year_wrong(book: Book, rng: Random) -> Mistake | None:
    """An earlier year in a sentence of this year."""
    right, wrong = str(book.year), str(book.year - 3)

    def change(text: str) -> tuple[str, str, str] | None:
        return (text.replace(right, wrong, 1), wrong, right) if right in text else None

    return _sentence(book, rng, "year_wrong", change)


# No mistakes


def _blank_for_zero(book: Book, rng: Random) -> Mistake | None:
    """A blank where others print a zero, or the other way round."""
    table, panel = rng.choice(_coded(book))
    places = [
        (row, column)
        for row, line in enumerate(panel.rows)
        for column, text in enumerate(line.texts)
        if not _worth(text)
    ]
    if not places:
        return None
    row, column = rng.choice(places)
    spot = Spot(table, panel, row, column)
    text = "" if spot.text else "0.00"
    return _set(book, spot, text), (_planted("blank_for_zero", spot, text),)


def _cut(book: Book, rng: Random) -> Mistake | None:
    """Figures in 万元 cut to two decimals from a third one: off by less than a last digit."""
    table, panel = rng.choice(_coded(book))
    if table.unit == 1:
        return None
    rows = [row for row, line in enumerate(panel.lines) if _worth(line.texts[0])]
    row = rng.choice(rows)
    spot = Spot(table, panel, row, 0)
    lower = (Decimal(spot.text.replace(",", "")) - Decimal("0.01")).quantize(Decimal("0.01"), ROUND_DOWN)
    text = f"{lower:,}" if "," in spot.text else f"{lower}"
    return _set(book, spot, text), (_planted("cut", spot, text),)


OTHERS: dict[str, Callable[[Book, Random], Mistake | None]] = {
    "total_wrong": _total_wrong,
    "row_lost": _row_lost,
    "block_shifted": _block_shifted,
    "column_swapped": _column_swapped,
    "name_wrong": _name_wrong,
    "other_word": _other_word,
    "serial_codes": _serial_codes,
    "lost_unit": _lost_unit,
    "other_department": _other_department,
    "note_under_filled": _note_under_filled,
    "text_amount": _text_amount,
    "text_percent": _text_percent,
    "direction_word": _direction_word,
    "stated_twice": _stated_twice,
    "text_name": _text_name,
    "sentence_amount": _sentence_amount,
    "year_wrong": _year_wrong,
    "blank_for_zero": _blank_for_zero,
    "cut": _cut,
}
HARMLESS = ("blank_for_zero", "cut")
ALL_KINDS = (*KINDS, *OTHERS)
