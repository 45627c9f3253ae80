"""Sets the made part of the project's own input: one invented department of another place, over three years.

Its figures are drawn from a fixed seed and its name is invented; the forms are the ministry's. It publishes a budget
every year and final accounts of the years that are over, in three kinds of file.
"""

from dataclasses import dataclass
from pathlib import Path

from typesetter.accounts import WAN_STEP
from typesetter.corpus import KIND_WORDS, SETTERS, Plan, publications_of
from typesetter.quirks import Quirks

NUMBER, SEED = 5, 2022
FIRST_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Edition:
    """One file: which year's budget or final accounts, as which kind of file, with which habits."""

    year: int
    kind: str
    ending: str
    quirks: Quirks


EDITIONS = (
    Edition(2023, "budget", "pdf", Quirks()),
    Edition(2023, "final", "xlsx", Quirks(nothing="zero")),
    Edition(2024, "budget", "xlsx", Quirks(numeric_amounts=True)),
    Edition(2024, "final", "pdf", Quirks(nothing="zero", rulings="cell_rects")),
    Edition(2025, "budget", "docx", Quirks(amounts="plain")),
)


def set_samples(out: Path) -> tuple[Path, ...]:
    """Set every edition under `out`; returns the files written."""
    plan = Plan(0, SEED, first_year=FIRST_YEAR, family="national")
    editions = {(edition.year, edition.kind): edition for edition in EDITIONS}
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for publication in publications_of(plan, NUMBER, WAN_STEP, "national"):
        book = publication(Quirks())
        edition = editions.get((book.year, book.kind))
        if edition is not None and book.level == "department":
            path = out / f"{book.organisation}-{book.year}-{book.word}{KIND_WORDS[book.kind]}.{edition.ending}"
            SETTERS[edition.ending](publication(edition.quirks), path, edition.quirks)
            written.append(path)
    return tuple(written)
