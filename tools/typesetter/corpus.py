"""Makes a corpus: a raw folder of budgets of invented organisations, and beside it what is true of them.

An organisation is a department with two units (its own office, and a subordinate unit); each publishes a budget every
year, and the department's is the sum of its units'. Organisations are drawn from the seed and their number alone, so
they can be made in any order and by several processes, and a larger corpus begins with the smaller one.

`truth.csv` has a row for every printed amount, `narrative.csv` one for every numbered item, `errors.csv` one for
every text altered by a planted error. The two years of figures in a text make fiscal_year the year that an amount
belongs to.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from itertools import islice
from pathlib import Path
from random import Random

from typesetter.accounts import Accounts, department_of, make_accounts, next_year
from typesetter.book import LEVEL_WORDS, Book, Item, Truth
from typesetter.classification import classification
from typesetter.narrative import sentence_of
from typesetter.pdf import set_pdf
from typesetter.plaintext import set_txt
from typesetter.planting import KINDS, Planted, plant
from typesetter.quirks import Quirks, drawn_quirks, varied
from typesetter.tables import book_of
from typesetter.webpage import set_html
from typesetter.wordfile import set_docx
from typesetter.workbook import set_xls, set_xlsx

Setter = Callable[[Book, Path, Quirks], tuple[Truth, ...]]
SETTERS: dict[str, Setter] = {
    "pdf": set_pdf, "xlsx": set_xlsx, "xls": set_xls, "docx": set_docx, "html": set_html, "txt": set_txt,
}  # fmt: skip
FORMATS = (*SETTERS, "mixed")
MIXTURE = ("pdf",) * 6 + ("xlsx",) * 3 + ("xls", "docx", "html", "txt")
YEARS = 4
PER_ORGANISATION = 3 * YEARS

DOCUMENT_FIELDS = ("file", "organisation", "level", "year")
TRUTH_FIELDS = (*DOCUMENT_FIELDS, *(field.name for field in fields(Truth)))
ERROR_FIELDS = ("file", *(field.name for field in fields(Planted)))
ITEM_FIELDS = (
    "file", "number", "class_name", "section_name", "item_name", "code",
    "current", "arranged", "prior", "percent", "direction", "sentence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: everything that decides the corpus."""

    documents: int
    seed: int
    format: str = "pdf"
    errors: int = 0
    first_year: int = 2021
    quirks: Quirks | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One document made: its file name, its book, its truth, and what was planted."""

    file: str
    book: Book
    truth: tuple[Truth, ...]
    planted: tuple[Planted, ...]


def organisation_name(number: int, pattern: str) -> str:
    """The name of organisation `number`: a stem, and a further ordinal once all stems are used."""
    stems, bodies = classification().stems, len(classification().bodies)
    turn, place = divmod(number // bodies, len(stems))
    return pattern.format(stem=stems[place] + (f"第{turn + 1}" if turn else ""))


def accounts_of(plan: Plan, number: int, step: int) -> Iterator[Accounts]:
    """The budgets of one organisation, year by year: department, its office, its subordinate unit."""
    rng = Random(f"{plan.seed}/{number}/accounts")
    body = classification().bodies[number % len(classification().bodies)]
    name, unit_name = (organisation_name(number, pattern) for pattern in (body.name, body.unit))
    office = make_accounts(rng, body, name, plan.first_year, step=step)
    unit = make_accounts(rng, body, unit_name, plan.first_year, administrative=False, step=step)
    for year in range(YEARS):
        if year:
            office, unit = next_year(office, body, rng), next_year(unit, body, rng)
        yield from (department_of(name, (office, unit)), office, unit)


def make_organisation(plan: Plan, number: int, raw: Path) -> tuple[Made, ...]:
    """Make the documents of one organisation that belong to the corpus, and write them to `raw`."""
    rng = Random(f"{plan.seed}/{number}/print")
    quirks = plan.quirks or drawn_quirks(rng)
    step = 1 if quirks.amounts.endswith("fen") and rng.random() < 0.4 else 100
    first = number * PER_ORGANISATION
    made = []
    for index, accounts in enumerate(islice(accounts_of(plan, number, step), plan.documents - first), start=first):
        own = varied(quirks, rng) if plan.quirks is None and rng.random() < 0.5 else quirks
        ending = rng.choice(MIXTURE) if plan.format == "mixed" else plan.format
        book = book_of(accounts, own)
        planted: list[Planted] = []
        for error in range(_errors_in(plan, index)):
            kind = KINDS[(index + error) % len(KINDS)]
            book, added = plant(book, Random(f"{plan.seed}/{index}/{error}"), kind)
            planted += added
        word = LEVEL_WORDS[accounts.level]
        file = f"{accounts.organisation}-{accounts.year}-{word}预算.{ending}"
        made.append(Made(file, book, SETTERS[ending](book, raw / file, own), tuple(planted)))
    return tuple(made)


def _errors_in(plan: Plan, index: int) -> int:
    """How many errors document `index` gets: they are spread evenly over the corpus."""
    return plan.errors * (index + 1) // plan.documents - plan.errors * index // plan.documents


def make_corpus(plan: Plan, out: Path, workers: int = 1) -> int:
    """Make the whole corpus under `out`; returns how many amounts were printed."""
    raw = out / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    numbers = range(-(-plan.documents // PER_ORGANISATION))
    if workers == 1:
        return write_truth(out, (made for number in numbers for made in make_organisation(plan, number, raw)))
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(make_organisation, plan, number, raw) for number in numbers]
        return write_truth(out, (made for job in jobs for made in job.result()))


def write_truth(out: Path, documents: Iterable[Made]) -> int:
    """Write truth.csv, narrative.csv and errors.csv; returns the number of amounts."""
    count = 0
    with (
        (out / "truth.csv").open("w", encoding="utf-8", newline="") as truth_file,
        (out / "narrative.csv").open("w", encoding="utf-8", newline="") as item_file,
        (out / "errors.csv").open("w", encoding="utf-8", newline="") as error_file,
    ):
        truth, items, errors = (csv.writer(file, lineterminator="\n") for file in (truth_file, item_file, error_file))
        truth.writerow(TRUTH_FIELDS)
        items.writerow(ITEM_FIELDS)
        errors.writerow(ERROR_FIELDS)
        for made in documents:
            book = made.book
            truth.writerows(
                (made.file, book.organisation, book.level, book.year, *astuple(cell)) for cell in made.truth
            )
            items.writerows(_item_row(made.file, item, book.year) for item in book.items)
            errors.writerows((made.file, *astuple(planted)) for planted in made.planted)
            count += len(made.truth)
    return count


def _item_row(file: str, item: Item, year: int) -> tuple[str | int, ...]:
    percent = f"-{item.percent}" if item.direction == "减少" and item.percent else item.percent
    return (
        file, item.number, *item.names, item.code, item.current, item.arranged, item.prior,
        percent, item.direction, sentence_of(item, year),
    )  # fmt: skip
