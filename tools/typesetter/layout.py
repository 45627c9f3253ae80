"""The shape of a printed table, as plain data: its header cells, its columns' widths, where its total row stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A header cell: where it begins, how far it reaches, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of one table: its header, and its columns' widths in points; `code_columns` stand left of the name.

    `ordinals` says that each panel has a column of row numbers (行次) behind its labels, `outer` that one of merged
    labels stands left of the names. The total row closes the table with its label over code and name, or
    (`total_first`) heads it with its label in the column of names. `row_height` is in points: a summary that names
    all classes has low rows, to fit a page.
    """

    labels: tuple[Label, ...]
    depth: int
    widths: tuple[int, ...]
    code_columns: int = 0
    ordinals: bool = False
    outer: bool = False
    total_first: bool = False
    least_rows: int = 0
    row_height: int = 20


def row_of_labels(row: int, words: tuple[str, ...], column: int = 0) -> tuple[Label, ...]:
    """Header cells beside one another."""
    return tuple(Label(row, column + place, 1, 1, word) for place, word in enumerate(words))


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a table: its number (公开01表) and title above, whose it is and its unit, a note below."""

    title: str
    captions: tuple[str, str]
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn page that is no official table, such as a form of goals: what stands above it, its cells and columns."""

    heading: Heading
    cells: tuple[Label, ...]
    widths: tuple[int, ...]

    @property
    def rows(self) -> int:
        return max(cell.row + cell.rows for cell in self.cells)
