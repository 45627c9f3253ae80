"""The notes, projects and goals of made documents against what is true of them, and mistakes planted there.

Documents of three families, in five kinds of file, word their notes as ten places word those of budgets and four those
of final accounts, and draw the forms of goals in five layouts and as text. Every second one has a mistake. What is read
must be what is printed, value by value, and nothing else; each mistake must be told by its rule, and nothing told that
is right.

Pairs of documents of one body speak of the same goals in two years, and of the same assets in final accounts and the
budget after them; in every second pair they do not agree, which the rules between documents must tell.

`python -m bench.notes [DOCUMENTS]`
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl

from bench.documents import FAMILIES, ROOT

sys.path.insert(0, str(ROOT / "tools"))

from typesetter.corpus import PLACES, SETTERS, Plan, publications_of, step_of
from typesetter.note_mistakes import NOTE_MISTAKES, NoteMistake
from typesetter.note_years import assets_of_one_day, goals_of_two_years
from typesetter.noted import Noted, noted_book
from typesetter.quirks import Quirks, drawn_quirks

from analysis.balancing.notes.fact_findings import fact_findings
from analysis.balancing.notes.project_findings import project_findings
from analysis.balancing.notes.year_findings import between_findings, target_findings
from analysis.dataset.stated_rows import fact_rows, indicator_rows, project_rows
from analysis.dataset.store import to_frame
from analysis.knowledge.fact_rules import subject_names
from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument
from analysis.terms.finding import Finding

DOCUMENTS = 200
SEED = 15
ENDINGS = ("pdf", "xlsx", "docx", "html", "pdf", "txt", "xls")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document: what was printed and not read, read and not printed, planted and not told, told and not planted."""

    name: str
    noted: Noted
    right: int
    missing: tuple[object, ...]
    wrong: tuple[object, ...]
    silent: tuple[NoteMistake, ...]
    false: tuple[Finding, ...]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    right = missing = wrong = planted = silent = false = 0
    styles: Counter[str] = Counter()
    for one in outcomes(count):
        right, missing, wrong = right + one.right, missing + len(one.missing), wrong + len(one.wrong)
        planted, silent, false = planted + len(one.noted.mistakes), silent + len(one.silent), false + len(one.false)
        styles[f"{one.noted.style} {one.noted.book.kind}, {one.noted.layout}"] += 1
        for words, values in (("missing", one.missing), ("wrong", one.wrong), ("silent", one.silent)):
            for value in values:
                print(f"{one.name} {one.noted.style} {one.noted.layout}: {words} {value}")
        for finding in one.false:
            print(f"{one.name} {one.noted.style} {one.noted.layout}: false {finding.rule} {finding.message_zh}")
    print(f"{count} documents, {len(styles)} pairs of wording and layout")
    print(f"values: {right} right, {missing} missing, {wrong} wrong")
    print(f"mistakes: {planted} planted, {planted - silent} told, {false} false")
    pairs = list(pair_outcomes(max(4, count // 5)))
    planted, told = sum(len(one.planted) for one in pairs), sum(len(one.planted & one.told) for one in pairs)
    for one in pairs:
        for rule, name in sorted(one.planted ^ one.told):
            print(f"{one.name}: {'silent' if (rule, name) in one.planted else 'false'} {rule} {name}")
    print(
        f"{len(pairs)} pairs: {planted} planted, {told} told, {sum(len(one.told - one.planted) for one in pairs)} false"
    )


def outcomes(count: int) -> Iterator[Outcome]:
    """The documents one by one: made, set, read, examined."""
    with TemporaryDirectory() as folder:
        for index in range(count):
            name, noted = made(index, Path(folder))
            yield held_against(name, noted, read_document(Path(folder) / name, FAMILIES))


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """Two documents of one body: the rule and the subject of what was planted between them, and of what was told."""

    name: str
    planted: frozenset[tuple[str, str]]
    told: frozenset[tuple[str, str]]


def pair_outcomes(count: int) -> Iterator[PairOutcome]:
    """The pairs one by one, goals and assets in turn: made, set, read, held against each other."""
    with TemporaryDirectory() as folder:
        for index in range(count):
            yield pair_outcome(index, Path(folder))


def pair_outcome(index: int, folder: Path) -> PairOutcome:
    """Pair `index`, made in `folder`; of every second two the pair has a mistake."""
    rng, quirks = Random(f"{SEED}/pair/{index}"), Quirks()
    goals, wrong = index % 2 == 0, index // 2 % 2 == 1
    family = ("shanghai", "jiangsu")[index // 4 % 2] if goals else "national"
    plan = Plan(0, SEED, first_year=2023, family=family)
    books = [make(quirks) for make in publications_of(plan, index, step_of(quirks, family, rng), family)]
    ending = ("pdf", "docx", "html")[index % 3]
    while True:
        if goals:
            pair = goals_of_two_years(books[0], books[3], rng, ending, lower=wrong)
        else:
            pair = assets_of_one_day(books[1], books[6], rng, differ=wrong)
        if pair is not None:
            break
    tables: dict[str, list[dict[str, object]]] = {"facts": [], "projects": [], "performance": [], "documents": []}
    for number, noted in enumerate(pair):
        name = f"{index:04}-{number}.{ending}"
        SETTERS[ending](noted.book, folder / name, quirks)
        document = read_document(folder / name, FAMILIES)
        for table, rows in (("facts", fact_rows), ("projects", project_rows), ("performance", indicator_rows)):
            tables[table] += rows(document, name, name)
        tables["documents"].append({
            "document_id": name, "organisation_id": "o", "level": "unit", "kind": noted.book.kind,
            "document_year": noted.book.year,
        })  # fmt: skip
    facts, projects, performance = (to_frame(tables[name], name) for name in ("facts", "projects", "performance"))
    documents = pl.DataFrame(tables["documents"])
    told = (*between_findings(facts, documents), *target_findings(projects, performance, documents))
    planted = frozenset((one.rule, _name(one)) for noted in pair for one in noted.mistakes)
    return PairOutcome(f"pair {index} {ending}", planted, frozenset((one.rule, one.name or "") for one in told))


def made(index: int, folder: Path) -> tuple[str, Noted]:
    """Document `index`, set in `folder`; every second one with a mistake of the next kind that has a place there."""
    family = tuple(PLACES)[index % len(PLACES)]
    ending = ENDINGS[index % len(ENDINGS)]
    ending = "docx" if ending == "txt" and family != "shanghai" else ending
    rng = Random(f"{SEED}/{index}")
    quirks = drawn_quirks(rng)
    plan = Plan(0, SEED, first_year=2023, family=family)
    publications = publications_of(plan, index, step_of(quirks, family, rng), family)
    book = next(islice(publications, rng.randint(0, 5), None))(quirks)
    kinds = tuple(NOTE_MISTAKES)
    turned = [kinds[(index // 2 + more) % len(kinds)] for more in range(len(kinds))] if index % 2 else [None]
    noted = next(found for kind in turned if (found := noted_book(book, rng, ending, kind)))
    name = f"{index:04}.{ending}"
    SETTERS[ending](noted.book, folder / name, quirks)
    return name, noted


def held_against(name: str, noted: Noted, document: ReadDocument) -> Outcome:
    """What was read of a document against what is true of it."""
    printed, read = Counter(set(_printed(noted))), Counter(_read(document))
    rows = fact_rows, project_rows, indicator_rows
    tables = ("facts", "projects", "performance")
    frames = [to_frame(list(make(document, name, name)), table) for make, table in zip(rows, tables, strict=True)]
    facts, projects, performance = frames
    told = [*fact_findings(facts), *project_findings(projects, performance, facts)]
    expected = {(one.rule, _name(one)) for one in noted.mistakes}
    spoken = {(one.rule, one.name) for one in told}
    return Outcome(
        name,
        noted,
        (printed & read).total(),
        tuple((printed - read).elements()),
        tuple((read - printed).elements()),
        tuple(one for one in noted.mistakes if (one.rule, _name(one)) not in spoken),
        tuple(one for one in told if (one.rule, one.name) not in expected),
    )


def _name(one: NoteMistake) -> str:
    """What a finding calls that of which it speaks: the subject in Chinese, or the project."""
    return subject_names().get(one.subject, (one.subject,))[0]


def _printed(noted: Noted) -> Iterator[tuple[object, ...]]:
    for fact in noted.facts:
        yield (
            "fact", fact.subject, fact.value, fact.unit, fact.printed, fact.phase, fact.fiscal_year, fact.as_of,
            fact.direction, fact.change, fact.percent,
        )  # fmt: skip
    for project in noted.projects:
        yield from (("text", project.name, name, text) for name, text in project.facts.items())
        yield from (("yuan", project.name, name, yuan) for name, yuan in project.amounts.items())
        for one in project.indicators:
            yield (
                "indicator", project.name, one.levels, one.operator, one.value, one.unit, one.printed, one.weight,
                one.actual, one.score,
            )  # fmt: skip
    for name, parts in noted.described.items():
        yield from (("part", name, part, text) for part, text in parts.items())


def _read(document: ReadDocument) -> Iterator[tuple[object, ...]]:
    for fact in document.facts:
        yield (
            "fact", fact.subject, fact.value, fact.unit, fact.printed, str(fact.phase), fact.fiscal_year, fact.as_of,
            fact.direction, fact.change, fact.change_percent,
        )  # fmt: skip
    names = {}
    for project in document.projects:
        names[project.number] = project.name
        yield from (("text", project.name, name, text) for name, text in project.facts.items())
        yield from (("text", project.name, name, str(day)) for name, day in project.dates.items())
        yield from (("yuan", project.name, name, yuan) for name, yuan in project.amounts.items())
        yield from (("part", project.name, name, text) for name, text in project.parts.items())
    for one in document.indicators:
        yield (
            "indicator", names[one.project], one.levels, one.operator, one.value, one.unit, one.printed, one.weight,
            one.actual, one.score,
        )  # fmt: skip


if __name__ == "__main__":
    main()
