"""Makes a corpus: a raw folder of documents of invented organisations, and beside it what is true of them.

An organisation is a department with two units (its own office, and a subordinate unit); each publishes a budget every
year, and the department's is the sum of its units'. Those of the ministry's family publish final accounts too.
Organisations are drawn from the seed and their number alone, so they can be made in any order and by several
processes, and a larger corpus begins with the smaller one.

`truth.csv` has a row for every printed amount, `narrative.csv` one for every numbered item, `errors.csv` one for
every text altered by a planted error. The two years of figures in a text make fiscal_year the year that an amount
belongs to.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields, replace
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from typesetter.accounts import (
    WAN_STEP,
    Accounts,
    Spending,
    department_of,
    executed_of,
    make_accounts,
    next_year,
    with_reserves,
)
from typesetter.book import Book, Item, Truth
from typesetter.classification import classification
from typesetter.jiangsu import jiangsu_budget
from typesetter.narrative import sentence_of
from typesetter.national_budget import national_budget
from typesetter.national_final import national_final
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
PLACES = {"shanghai": "上海市普陀区", "national": "云岭县", "jiangsu": "江苏省"}
FAMILIES = (*PLACES, "mixed")
KIND_WORDS = {"budget": "预算", "final": "决算"}
ROUNDED = 0.25
"""The share of organisations whose figures in 万元 are rounded, so that sums of them may be off by a last digit."""

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
    family: str = "shanghai"

    def __post_init__(self) -> None:
        if self.format == "txt" and self.family != "shanghai":
            raise ValueError("only the forms of Shanghai are set as plain text")


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


def family_of(plan: Plan, number: int) -> str:
    """The family of forms in which organisation `number` publishes."""
    return tuple(PLACES)[number % len(PLACES)] if plan.family == "mixed" else plan.family


def accounts_of(plan: Plan, number: int, step: int, family: str = "shanghai") -> Iterator[Accounts]:
    """The budgets of one organisation, year by year: department, its office, its subordinate unit."""
    rng = Random(f"{plan.seed}/{number}/accounts")
    body = classification().bodies[number % len(classification().bodies)]
    patterns = (pattern.replace(PLACES["shanghai"], PLACES[family]) for pattern in (body.name, body.unit))
    name, unit_name = (organisation_name(number, pattern) for pattern in patterns)
    office = make_accounts(rng, body, name, plan.first_year, step=step)
    unit = make_accounts(rng, body, unit_name, plan.first_year, administrative=False, step=step)
    for year in range(YEARS):
        if year:
            office, unit = next_year(office, body, rng), next_year(unit, body, rng)
        if family == "jiangsu":
            office, unit = with_reserves(office, rng), with_reserves(unit, rng)
        yield from (department_of(name, (office, unit)), office, unit)


def publications_of(plan: Plan, number: int, step: int, family: str) -> Iterator[Callable[[Quirks], Book]]:
    """What one organisation publishes, in order; each becomes a book when it is told how it is printed."""
    budgets = accounts_of(plan, number, step, family)
    if family != "national":
        setting = jiangsu_budget if family == "jiangsu" else book_of
        yield from (partial(setting, accounts) for accounts in budgets)
        return
    rng = Random(f"{plan.seed}/{number}/execution")
    before: list[Accounts] | None = None
    finals: list[Accounts] = []
    for year in zip(*[budgets] * 3, strict=True):
        planned = [_compared(accounts, finals, place) for place, accounts in enumerate(year)]
        office, unit = (
            executed_of(planned[place], rng, _balances(finals[place].spending if finals else ())) for place in (1, 2)
        )
        finals = [department_of(planned[0].organisation, (office, unit)), office, unit]
        for place, (budget, final) in enumerate(zip(planned, finals, strict=True)):
            yield partial(national_budget, budget, before=before[place] if before else None)
            yield partial(national_final, final, budget)
        before = planned


def _compared(accounts: Accounts, finals: Sequence[Accounts], place: int) -> Accounts:
    """A budget that compares its items with the final accounts of the year before, where there are any."""
    if not finals:
        return accounts
    done = tuple((item.code, item.fiscal_appropriation) for item in finals[place].spending)
    return replace(accounts, executed=done)


def _balances(spending: Iterable[Spending]) -> dict[str, Spending]:
    """The items that carry something into the next year."""
    return {item.code: item for item in spending if item.closing}


def make_organisation(plan: Plan, number: int, raw: Path) -> tuple[Made, ...]:
    """Make the documents of one organisation that belong to the corpus, and write them to `raw`."""
    rng = Random(f"{plan.seed}/{number}/print")
    family = family_of(plan, number)
    quirks = plan.quirks or drawn_quirks(rng)
    step = step_of(quirks, family, rng)
    first = number * PER_ORGANISATION
    made = []
    published = islice(publications_of(plan, number, step, family), min(plan.documents - first, PER_ORGANISATION))
    for index, publication in enumerate(published, start=first):
        own = varied(quirks, rng) if plan.quirks is None and rng.random() < 0.5 else quirks
        ending = rng.choice(MIXTURE) if plan.format == "mixed" else plan.format
        if ending == "txt" and family != "shanghai":
            ending = "docx"
        book = publication(own)
        planted: list[Planted] = []
        for error in range(_errors_in(plan, index)):
            kind = KINDS[(index + error) % len(KINDS)]
            book, added = plant(book, Random(f"{plan.seed}/{index}/{error}"), kind)
            planted += added
        file = f"{book.organisation}-{book.year}-{book.word}{KIND_WORDS[book.kind]}.{ending}"
        made.append(Made(file, book, SETTERS[ending](book, raw / file, own), tuple(planted)))
    return tuple(made)


def step_of(quirks: Quirks, family: str, rng: Random) -> int:
    """The smallest amount of an organisation, in fen: what it prints without rounding, mostly."""
    if family != "shanghai":
        return 100 if rng.random() < ROUNDED else WAN_STEP
    return 1 if quirks.amounts.endswith("fen") and rng.random() < 0.4 else 100


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
