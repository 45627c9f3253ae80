"""Plants an error in a book, of a kind that people and programs make, and says what was done.

The book is changed as a typist would change the page: the printed text of a cell, or of a few cells of one column, or
a code. What the page then says is the new book's truth; what it should say is in the `Planted` values.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from typesetter.book import Book, Line, Panel, Table, amount_of

EMPTY = "-"


@dataclass(frozen=True, slots=True)
class Planted:
    """One altered text: where it stands, what is printed there now, and what should be; no measure means the code."""

    kind: str
    table: str
    side: str
    code: str
    name: str
    measure: str
    printed: str
    expected: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure's address in a book."""

    table: Table
    panel: Panel
    row: int
    column: int

    @property
    def line(self) -> Line:
        return self.panel.rows[self.row]

    @property
    def text(self) -> str:
        return self.line.texts[self.column]


def spots_of(book: Book) -> tuple[Spot, ...]:
    """Every printed figure that is not zero, outside tables of a single row without a name."""
    return tuple(
        Spot(table, panel, row, column)
        for table in book.tables
        for panel in table.panels
        if panel.lines and any(line.name for line in panel.rows)
        for row, line in enumerate(panel.rows)
        for column, text in enumerate(line.texts)
        if amount_of(text, 1)
    )


def plant(book: Book, rng: Random, kind: str) -> tuple[Book, tuple[Planted, ...]]:
    """The book with one error of `kind` at a drawn place, and what was altered."""
    if kind == "code_digit":
        return _wrong_code(book, rng)
    spots = list(spots_of(book))
    rng.shuffle(spots)
    if kind == "column_shifted":
        return next(found for spot in spots if (found := _shifted(book, spot)) is not None)
    change = FIGURE_KINDS[kind]
    for spot in spots:
        text = change(spot, rng)
        if text != spot.text:
            return _altered(book, spot, {spot.row: text}, kind)
    raise ValueError(f"the book has no figure that an error of kind {kind!r} could change")


def _digit_changed(spot: Spot, rng: Random) -> str:
    places = [place for place, character in enumerate(spot.text) if character.isdigit()]
    place = rng.choice(places)
    others = [digit for digit in "123456789" if digit != spot.text[place]]
    return spot.text[:place] + rng.choice(others) + spot.text[place + 1 :]


def _digits_swapped(spot: Spot, rng: Random) -> str:
    """Two neighbouring digits in the other order; the same text where all neighbours are alike or a zero would lead."""
    text = spot.text
    pairs = [
        place
        for place in range(len(text) - 1)
        if text[place : place + 2].isdigit() and text[place] != text[place + 1] and (place, text[place + 1]) != (0, "0")
    ]
    if not pairs:
        return text
    place = rng.choice(pairs)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _factor_ten(spot: Spot, rng: Random) -> str:
    """Ten times the figure, or a tenth where nothing is lost by it, in the same style."""
    amount = amount_of(spot.text, 1)
    if amount is None:
        return spot.text
    wrong = amount / 10 if amount % 10 == 0 and rng.random() < 0.5 else amount * 10
    places = len(spot.text.partition(".")[2])
    return f"{wrong:,.{places}f}" if "," in spot.text else f"{wrong:.{places}f}"


def _neighbour_copied(spot: Spot, rng: Random) -> str:
    """The figure of the row above or below in the same column."""
    rows = [row for row in (spot.row - 1, spot.row + 1) if 0 <= row < len(spot.panel.rows)]
    texts = [text for row in rows if amount_of(text := spot.panel.rows[row].texts[spot.column], 1)]
    return rng.choice(texts) if texts else spot.text


def _figure_dropped(spot: Spot, rng: Random) -> str:
    """Nothing where a figure should be: blank, or the dash that stands for it where the table uses dashes."""
    dashes = any(EMPTY in line.texts for line in spot.panel.rows)
    return EMPTY if dashes and rng.random() < 0.5 else ""


FIGURE_KINDS: dict[str, Callable[[Spot, Random], str]] = {
    "digit_changed": _digit_changed,
    "digits_swapped": _digits_swapped,
    "factor_ten": _factor_ten,
    "neighbour_copied": _neighbour_copied,
    "figure_dropped": _figure_dropped,
}
KINDS = (*FIGURE_KINDS, "column_shifted", "code_digit")


def _shifted(book: Book, spot: Spot) -> tuple[Book, tuple[Planted, ...]] | None:
    """Three rows of a column, each with the figure of the row above it, the first with that of the last."""
    rows = range(spot.row, spot.row + 3)
    if rows.stop > len(spot.panel.lines):
        return None
    texts = [spot.panel.rows[row].texts[spot.column] for row in rows]
    moved = {row: texts[place - 1] for place, row in enumerate(rows) if texts[place - 1] != texts[place]}
    return _altered(book, spot, moved, "column_shifted") if len(moved) == len(texts) else None


def _wrong_code(book: Book, rng: Random) -> tuple[Book, tuple[Planted, ...]]:
    """One digit of one section or item code wrong, in one table, so that the code is no other of that table."""
    tables = [table for table in book.tables if any(line.parts[1:] for line in table.panels[0].lines)]
    table = rng.choice(tables)
    panel = table.panels[0]
    row = rng.choice([row for row, line in enumerate(panel.lines) if line.parts[1:]])
    line = panel.lines[row]
    last = line.parts[-1]
    present = {other.code for other in panel.lines}
    wrong = [(*line.parts[:-1], last[:-1] + digit) for digit in "0123456789" if digit != last[-1]]
    parts = rng.choice([parts for parts in wrong if replace(line, parts=parts).code not in present])
    new = replace(line, parts=parts)
    lines = (*panel.lines[:row], new, *panel.lines[row + 1 :])
    planted = Planted(
        "code_digit", table.id, panel.side, line.code, _plain(line.name), "", new.printed_code, line.printed_code
    )
    panels = (replace(panel, lines=lines), *table.panels[1:])
    return book.with_table(replace(table, panels=panels)), (planted,)


def _plain(name: str) -> str:
    return "".join(name.split())


def _altered(book: Book, spot: Spot, texts: dict[int, str], kind: str) -> tuple[Book, tuple[Planted, ...]]:
    """The book with other texts in the spot's column, by row."""
    panel, column = spot.panel, spot.column
    rows, planted = list(panel.rows), []
    for row, text in texts.items():
        line = rows[row]
        rows[row] = replace(line, texts=(*line.texts[:column], text, *line.texts[column + 1 :]))
        place = (spot.table.id, panel.side, line.code, _plain(line.name), panel.measures[column])
        planted.append(Planted(kind, *place, text, line.texts[column]))
    new = panel.with_rows(rows)
    panels = tuple(new if old is panel else old for old in spot.table.panels)
    return book.with_table(replace(spot.table, panels=panels)), tuple(planted)
