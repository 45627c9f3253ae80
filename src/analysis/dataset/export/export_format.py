"""What an export format is: how it is called, and how it writes the tables of a dataset or one table alone.

What writes is imported when something is written: a command line that only lists the formats must not wait for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How one table looks where a format has looks: the name of its sheet, and columns that are wide (characters)."""

    sheet: str
    widths: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that the dataset can be written in.

    Attributes:
        id: What `--format` takes.
        words: What a reader calls it: "Excel".
        write_dataset: Writes these tables of a dataset into a folder and returns the files.
        file: The name of the one file that `write_dataset` makes; None where it makes one a table.
        most_rows: The longest table for which the site offers a file; None for any.
        write_table: Writes the pieces of one table, at least one, as one file; None where a table cannot stand alone.
    """

    id: str
    words: str
    write_dataset: Callable[[Path, tuple[str, ...], Path], tuple[Path, ...]]
    file: str | None = None
    most_rows: int | None = None
    write_table: "Callable[[Iterable[pl.DataFrame], Path, TableLayout], None] | None" = None
