"""Findings against planted mistakes: what is found, what is wrongly accused, what is repaired right, by kind.

Made documents of three families get mistakes of many kinds in tables and text, one, two or five at a time; they are set
as web pages, read, and checked as the workbench does. Some are read incompletely: a column bears a word that nobody
knows, or a table is not there (its page is a picture). Published documents are mutated after reading: one figure of a
copy is changed, and whatever is told of the copy and not of the original is held against that change.

A mistake in a table is visible where some check fails in a copy of the document that has no other; a wrong code, name,
caption or note, and all in the text, always are. On incomplete readings nobody can say what could be seen without the
cells that are not there: recall is of all that were planted. `recall` is of the visible ones, `precision` the share of
errors that speak of a planted place, `sure repairs` of errors that say what should stand there, those that say it
right; `twice` counts further errors of one cause, `beside` the errors of documents with one mistake that speak of
something else. Errors on harmless changes and on documents without a mistake are false.

`python -m bench.findings [SINGLES [MUTATIONS [SEED]]]`: how many documents with one mistake, how many mutated copies,
and the seed by which all are drawn.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from bench.documents import FAMILIES, ROOT

sys.path.insert(0, str(ROOT / "tools"))

from typesetter.book import Book, Table
from typesetter.combining import edits_of, with_edits
from typesetter.corpus import PLACES, Plan, publications_of, step_of
from typesetter.forms import form_of
from typesetter.mistakes import ALL_KINDS, HARMLESS, TEXT, mistake
from typesetter.planting import Planted
from typesetter.quirks import Quirks, drawn_quirks
from typesetter.webpage import set_html

from analysis.balancing.context import checking_context
from analysis.balancing.examine import ReadDataset, examine
from analysis.balancing.identities.incomplete_tables import incomplete_tables
from analysis.dataset.store import read_table
from analysis.knowledge.names import official_tables
from analysis.steps.clean import clean_folder
from analysis.terms.document import READ_STATUSES

SEED = 11
MOST_EXAMPLES = 3
SINGLES, PAIRS, FIVES, INCOMPLETE, CLEAN = 480, 60, 30, 90, 60
MUTATIONS, MOST_MUTATIONS = 200, 500
BATCH = 60
UNKNOWN = "某栏甲"
CAPTIONS = ("lost_unit", "other_department", "note_under_filled")
ALWAYS_SEEN = ("code_digit", "serial_codes", "name_wrong", "other_word", *CAPTIONS)
CONTEXT = checking_context(FAMILIES)
ALONGSIDE = ("narrative", "passages", "statements", "tables", "facts", "projects", "performance")
TABLES = ("documents", "line_items", *ALONGSIDE)
SHARED = ROOT.parent / "shared"
OFFICIAL = ("documents", "second/places/documents", "second/shanghai")


@dataclass(frozen=True, slots=True)
class Case:
    """A document with planted mistakes; `reading` says how much of it can be read.

    `alone` are the copies of the book that have one of the mistakes each, none where there are not several.
    """

    name: str
    family: str
    book: Book
    quirks: Quirks
    planted: tuple[tuple[Planted, ...], ...]
    reading: str = "whole"
    alone: tuple[Book, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(errors[0].kind for errors in self.planted)


@dataclass(slots=True)
class Score:
    """What became of the mistakes of one kind."""

    planted: int = 0
    visible: int = 0
    found: int = 0
    repaired: int = 0
    repaired_right: int = 0
    again: int = 0
    errors: int = 0
    right: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Counts what became of other mistakes too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def books(seed: int = SEED) -> Iterator[tuple[str, Book, Quirks]]:
    """Clean made books, each of an organisation of its own, the families in turn, without end."""
    number = 0
    while True:
        family = tuple(PLACES)[number % len(PLACES)]
        rng = Random(f"{seed}/{number}/findings")
        quirks = replace(drawn_quirks(rng), old_class_name=False, eaten_zeros=False, capital_typo=False)
        published = list(publications_of(Plan(0, seed, family=family), number, step_of(quirks, family, rng), family))
        yield family, rng.choice(published[3:])(quirks), quirks
        number += 1


def cases(
    count: int, mistakes: int, reading: str, made: Iterator[tuple[str, Book, Quirks]], seed: int = SEED
) -> Iterator[Case]:
    """`count` documents with so many mistakes each, the kinds in turn over all families."""
    for index in range(count):
        family, clean, quirks = next(made)
        planted: list[tuple[Planted, ...]] = []
        books: list[Book] = []
        edits: dict[tuple[str | int, ...], object] = {}
        rng = Random(f"{seed}/{index}/{mistakes}/{reading}")
        for turn in range(mistakes):
            # Another kind where the document has no place for this one, or has it where another mistake is.
            for more in range(len(ALL_KINDS)):
                kind = ALL_KINDS[(index // len(PLACES) + 5 * turn + more) % len(ALL_KINDS)]
                done = mistake(clean, rng, kind)
                added = edits_of(clean, done[0]) if done else {}
                if done and added and edits.keys().isdisjoint(added):
                    books.append(done[0])
                    planted.append(done[1])
                    edits |= added
                    break
        unread = drawn_gap(clean, reading, rng)
        yield Case(
            f"{reading}-{mistakes}-{index:04}",
            family,
            made_incomplete(with_edits(clean, edits), reading, unread),
            quirks,
            tuple(planted),
            reading,
            tuple(made_incomplete(book, reading, unread) for book in books) if len(books) > 1 else (),
        )


def drawn_gap(book: Book, reading: str, rng: Random) -> str | None:
    """The id of the table that is not read whole."""
    if reading == "whole":
        return None
    return rng.choice([table.id for table in book.tables if not table.empty and table.panels[0].labelled])


def made_incomplete(book: Book, reading: str, unread: str | None) -> Book:
    """The book with an unknown column in a table, or without it."""
    if unread is None:
        return book
    if reading == "picture":
        return replace(book, tables=tuple(table for table in book.tables if table.id != unread))
    return book.with_table(_with_unknown(book.table(unread), book))


def _with_unknown(table: Table, book: Book) -> Table:
    """The table with another word over its last column."""
    form = form_of(table, book.year, Quirks(summary_columns=len(table.panels[-1].measures)))
    last = len(form.widths) - 1
    lowest = max(label.row for label in form.labels if label.column + label.columns - 1 == last and label.columns == 1)
    labels = tuple(
        replace(label, text=UNKNOWN) if (label.row, label.column) == (lowest, last) else label for label in form.labels
    )
    return replace(table, form=replace(form, labels=labels))


Frames = Mapping[str, pl.DataFrame]


def frames_of(named: Iterable[tuple[str, Book, Quirks]]) -> Frames:
    """The books set, read and told as the dataset has them; `source_file` is the name of each."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "raw").mkdir()
        for own, book, quirks in named:
            set_html(book, folder / "raw" / f"{own}.html", quirks)
        clean_folder(folder / "raw", folder / "clean", workers=2)
        return {table: read_table(folder / "clean", table) for table in TABLES}


def findings_of(frames: Frames) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings and checks, by the same steps as a shard of the dataset."""
    documents = frames["documents"].filter(pl.col("status").is_in(READ_STATUSES))
    rows = {
        table: frames[table].join(documents.select("document_id"), on="document_id", how="semi", maintain_order="left")
        for table in TABLES[1:]
    }
    items = rows["line_items"].join(
        documents.select("document_id", "form"), on="document_id", how="left", maintain_order="left"
    )
    incomplete = incomplete_tables(rows["tables"], CONTEXT.identities.tables)
    published = ReadDataset(documents, items, incomplete=incomplete, **{name: rows[name] for name in ALONGSIDE})
    examined = examine(published, CONTEXT)
    return examined.findings, examined.checks


def speaks_of(finding: Mapping[str, Any], one: Planted) -> bool:
    """Whether a finding names the place of a planted mistake: as its own, or among the figures that would change.

    One that tells nobody what should stand there holds two figures against each other: it speaks of both.
    """
    if one.table == TEXT:
        told = f"{finding['message_zh']}{finding['printed'] or ''}"
        return (finding["table"] in ("text", "narrative") or "说明" in told) and (
            one.printed in told or bool(one.name and one.name in told)
        )
    if one.kind in CAPTIONS:
        told = f"{finding['message_zh']}{finding['printed'] or ''}"
        words = one.printed.rpartition("：")[2] or "单位"
        return words in told and (bool(one.printed) or finding["table"] == one.table)
    figures = [finding, *(finding["figures"] or [])]
    if one.kind == "row_lost":
        # The row is not there: what can be named is the sum that lacks it.
        return any(figure["table"] == one.table and one.code.startswith(figure["code"] or "") for figure in figures)
    if one.kind == "figure_dropped" and any(_blank_row(figure, one) for figure in figures):
        return True
    if one.kind == "figure_dropped" and not finding["expected"]:
        # So it is where the row had no other figure, and reads like a heading now: what fails is a sum that lacks it.
        above = one.code.startswith(finding["code"] or "")
        if above and (finding["table"], finding["measure"]) == (one.table, one.measure):
            return True
    return any(_same_place(figure, one) for figure in figures) or _is_held_against(finding, one)


def _is_held_against(finding: Mapping[str, Any], one: Planted) -> bool:
    """Whether a finding that expects nothing names the figure among those that it compares, or that may be wrong."""
    lines = f"{finding['evidence'] or ''}\n{finding['alternatives'] or ''}".splitlines()
    words = (official_tables()[one.table], one.code or one.name, one.printed or "空白")
    return not finding["expected"] and any(all(word in line for word in words) for line in lines)


def _blank_row(figure: Mapping[str, Any], one: Planted) -> bool:
    """Whether it is a row that shows nothing at all, not even who it is, and gets the figure that was dropped."""
    proposed = figure.get("proposed") or figure.get("expected")
    place = (figure["table"], figure["measure"], figure["code"], figure["printed"])
    return place == (one.table, one.measure, None, None) and _value(proposed) == _value(one.expected)


def _same_place(figure: Mapping[str, Any], one: Planted) -> bool:
    if figure["table"] != one.table:
        return False
    row = (figure["code"] or "") in {one.code, one.printed} - {""} or _plain(figure["name"]) == _plain(one.name)
    return row and (not one.measure or figure["measure"] in (None, one.measure))


def _plain(text: str | None) -> str:
    return "".join((text or "").split())


def repairs(finding: Mapping[str, Any], one: Planted) -> bool:
    """Whether what should stand there, by the finding, is what did."""
    told, right = finding["expected"], one.expected
    return _value(told) == _value(right) or _plain(right) in _plain(told)


def _value(text: str | None) -> Decimal | str:
    plain = (text or "").replace(",", "").removesuffix("万元").removesuffix("元").removesuffix("%").strip()
    try:
        return Decimal("0" if plain in ("", "-") else plain)
    except ArithmeticError:
        return plain


@dataclass(frozen=True, slots=True)
class Told:
    """What is found in some cases, and the cases, or their copies with one of the mistakes, in which a check fails."""

    findings: pl.DataFrame
    failed: frozenset[str]

    def sees(self, case: Case, number: int) -> bool:
        """Whether a check fails because of a mistake of a case."""
        return (f"{case.name}-{number}" if case.alone else case.name) in self.failed


def told_of(chosen: Sequence[Case]) -> Told:
    """Reads and checks some cases, and each of their mistakes alone."""
    findings, checks = findings_of(frames_of((case.name, case.book, case.quirks) for case in chosen))
    failed = _failed(checks)
    alone = [(f"{case.name}-{number}", book, case.quirks) for case in chosen for number, book in enumerate(case.alone)]
    for first in range(0, len(alone), BATCH):
        failed |= _failed(findings_of(frames_of(alone[first : first + BATCH]))[1])
    return Told(findings, failed)


def _failed(checks: pl.DataFrame) -> frozenset[str]:
    return frozenset(name.removesuffix(".html") for name in checks.filter(outcome="fail")["source_file"])


def score(chosen: Sequence[Case], read: Told, scores: dict[str, Score]) -> None:
    """Holds the findings of documents against what was planted in them."""
    by_file: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in read.findings.iter_rows(named=True):
        by_file[row["source_file"].removesuffix(".html")].append(row)
    for case in chosen:
        told = by_file[case.name]
        errors = [row for row in told if row["severity"] == "error"]
        right: set[str] = set()
        whole = scores.setdefault(f"= {case.reading}, {len(case.planted)} a document", Score())
        for number, planted in enumerate(case.planted):
            kind = planted[0].kind
            of_kind = Score(planted=1)
            if kind in HARMLESS:
                if len(case.planted) == 1:
                    of_kind.errors = len(errors)
                    of_kind.examples = [f"FALSE {case.name} {_in_short(row)}" for row in errors]
            else:
                told_anyhow = planted[0].table == TEXT and not within_rounding(planted[0])
                seen = told_anyhow or kind in ALWAYS_SEEN or read.sees(case, number)
                right |= _judge(case, planted, told, of_kind, seen=seen or case.reading != "whole")
                whole.add(replace(of_kind, planted=0, errors=0, examples=[]))
            scores.setdefault(kind if case.reading == "whole" else f"{kind} ({case.reading})", Score()).add(of_kind)
        whole.add(Score(planted=1, errors=len(errors), right=len(right)))
        others = [row for row in errors if row["finding_id"] not in right]
        whole.examples += [f"{case.name} {case.kinds} {_in_short(row)}" for row in others]


def within_rounding(one: Planted) -> bool:
    """Whether a stated amount is one last digit off: roundings of one amount print both (2.055 as 2.06 or 2.05)."""
    now, right = _value(one.printed), _value(one.expected)
    if one.kind not in ("text_amount", "sentence_amount") or isinstance(now, str) or isinstance(right, str):
        return False
    return abs(now - right) <= Decimal(1).scaleb(-len(one.expected.partition(".")[2]))


def _in_short(finding: Mapping[str, Any]) -> str:
    return f"{finding['rule']}: {finding['message_zh'][:120]}"


def _judge(
    case: Case, planted: Sequence[Planted], told: Sequence[Mapping[str, Any]], one: Score, *, seen: bool
) -> set[str]:
    """Counts what is told of a mistake, whether it can be `seen` or not; returns the errors that speak of it."""
    here = [row for row in told if any(speaks_of(row, part) for part in planted)]
    wrong = [row for row in here if row["severity"] == "error"]
    one.visible = int(seen)
    one.found = int(seen and bool(here))
    one.again = max(len(wrong) - len(planted), 0)
    if len(case.planted) == 1:
        one.errors = sum(row["severity"] == "error" for row in told) - len(wrong)
    for row in (row for row in wrong if row["expected"] and not row["alternatives"]):
        if _of_another(row, case, planted):
            continue
        good = any(speaks_of(row, part) and repairs(row, part) for part in planted)
        one.repaired += 1
        one.repaired_right += good
        if not good:
            one.examples.append(f"WRONG REPAIR {case.name} {_in_short(row)}")
    if seen and not here:
        one.examples.append(f"not found {case.name} {planted[0]}")
    return {row["finding_id"] for row in wrong}


def _of_another(finding: Mapping[str, Any], case: Case, planted: Sequence[Planted]) -> bool:
    """Whether a repair is that of another mistake of the document, which only names this one's table or row too."""
    others = (part for errors in case.planted if errors is not planted for part in errors)
    return any(speaks_of(finding, part) and repairs(finding, part) for part in others)


def table(scores: Mapping[str, Score]) -> None:
    """One line for each kind, then what errors came to by how documents were read."""
    print(f"{'kind':20s} planted visible   found  recall  sure repairs  right  twice  beside")
    kinds = [kind for kind in ALL_KINDS if kind in scores]
    for kind in kinds:
        one = scores[kind]
        recall = f"{100 * min(one.found, one.visible) / one.visible:6.1f}%" if one.visible else "      –"
        share = f"{100 * one.repaired_right / one.repaired:5.1f}%" if one.repaired else "     –"
        print(
            f"{kind:20s} {one.planted:7d} {one.visible:7d} {one.found:7d} {recall} {one.repaired:13d} {share}"
            f" {one.again:6d} {one.errors:7d}"
        )
    for name, one in scores.items():
        if name.startswith("="):
            false = one.errors - one.right
            seen = "" if "whole" in name else " of those planted"
            print(
                f"{name}: {one.planted} documents, recall {_percent(one.found, one.visible)} of {one.visible}{seen},"
                f" {one.errors} errors, precision {_percent(one.right, one.errors)}, {false} not planted, sure repairs"
                f" right {_percent(one.repaired_right, one.repaired)} of {one.repaired}, twice {one.again}"
            )
            for words in one.examples[:MOST_EXAMPLES]:
                print(f"    {words}")
    for kind in kinds:
        for words in scores[kind].examples[:MOST_EXAMPLES]:
            print(f"    {kind}: {words[:220]}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def in_batches(chosen: Iterable[Case], scores: dict[str, Score]) -> None:
    """Reads and checks the cases, some at a time, so that memory does not grow with their number."""
    batch: list[Case] = []
    for case in chosen:
        batch.append(case)
        if len(batch) == BATCH:
            score(batch, told_of(batch), scores)
            batch = []
    if batch:
        score(batch, told_of(batch), scores)


# Published documents


def official_frames() -> Frames:
    """What is read of the published documents."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "raw").mkdir()
        for place in OFFICIAL:
            for path in sorted((SHARED / place).glob("*")):
                if path.is_file() and path.suffix in (".pdf", ".xlsx", ".docx", ".html", ".txt"):
                    (folder / "raw" / path.name).symlink_to(path)
        clean_folder(folder / "raw", folder / "clean", workers=2)
        return {table: read_table(folder / "clean", table) for table in TABLES}


def mutated(frames: Frames, row: Mapping[str, Any], text: str, copy: str) -> Frames:
    """A copy of one document under another name, with another text for one figure."""
    of_copy = {
        table: frame.filter(pl.col("document_id") == row["document_id"]).with_columns(
            document_id=pl.lit(copy), source_file=pl.lit(copy),
            **({"organisation_id": pl.lit(copy)} if "organisation_id" in frame.columns else {}),
        )
        for table, frame in frames.items()
    }  # fmt: skip
    factor = row["amount"] / Decimal(row["printed"].replace(",", ""))
    amount = (Decimal(text.replace(",", "")) * factor).quantize(Decimal("0.01"))
    here = (pl.col("position") == row["position"]) & (pl.col("document_id") == copy)
    changed = of_copy["line_items"].with_columns(
        amount=pl.when(here).then(pl.lit(amount).cast(frames["line_items"].schema["amount"])).otherwise("amount"),
        printed=pl.when(here).then(pl.lit(text)).otherwise("printed"),
    )
    return {**of_copy, "line_items": changed}


def mutations(count: int, seed: int = SEED) -> None:
    """One figure of a published document changed: is it found, is it repaired, is anything else accused?"""
    frames = dict(official_frames())
    frames["line_items"] = frames["line_items"].with_row_index("position")
    before, _ = findings_of(_without_position(frames))
    told = {key: set(_keys(rows)) for (key,), rows in before.group_by("document_id")}
    figures = frames["line_items"].filter(
        pl.col("table") != "narrative", pl.col("placement") == "printed", pl.col("amount") != 0,
        pl.col("printed").str.contains(r"^[\d,]*\d(\.\d+)?$"),
    )  # fmt: skip
    rng = Random(seed)
    documents = figures["document_id"].unique(maintain_order=True).to_list()
    totals: Counter[str] = Counter()
    for first in range(0, count, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, count)):
            own = figures.filter(pl.col("document_id") == documents[number % len(documents)])
            row = own.row(rng.randrange(own.height), named=True)
            digits = [place for place, mark in enumerate(row["printed"]) if mark.isdigit()]
            place = rng.choice(digits)
            other = rng.choice([digit for digit in "123456789" if digit != row["printed"][place]])
            text = row["printed"][:place] + other + row["printed"][place + 1 :]
            rows.append((f"copy-{number:04}", row, text))
        copies = [mutated(frames, row, text, copy) for copy, row, text in rows]
        joined = {table: pl.concat([one[table] for one in copies]) for table in TABLES}
        found, checks = findings_of(_without_position(joined))
        broken = _broken(checks)
        for copy, row, text in rows:
            _count(totals, copy, row, text, found, broken, told.get(row["document_id"], set()))
    _print_mutations(count, len(documents), totals)


def _broken(checks: pl.DataFrame) -> Mapping[str, int]:
    failed = checks.filter(pl.col("outcome") == "fail").group_by("source_file").len()
    return dict(failed.iter_rows())


def _without_position(frames: Frames) -> Frames:
    return {**frames, "line_items": frames["line_items"].drop("position")}


def _keys(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    yield from rows.select("rule", "table", "code", "name", "measure", "printed").iter_rows()


def _count(
    totals: Counter[str], copy: str, row: Mapping[str, Any], text: str, found: pl.DataFrame,
    broken: Mapping[str, int], told: set[tuple[Any, ...]],
) -> None:  # fmt: skip
    """Holds what is told of a copy alone against the figure that was changed in it."""
    planted = Planted(
        "digit_changed",
        row["table"],
        row["side"],
        row["code"] or "",
        row["name"] or "",
        row["measure"],
        text,
        row["printed"],
    )
    own = found.filter(pl.col("document_id") == copy)
    new = [one for one, key in zip(own.iter_rows(named=True), _keys(own), strict=True) if key not in told]
    here = [one for one in new if speaks_of(one, planted)]
    errors = [one for one in new if one["severity"] == "error"]
    sure = [one for one in errors if one["expected"] and not one["alternatives"]]
    totals["visible"] += bool(here) or (bool(broken.get(copy)) and bool(new))
    totals["found"] += bool(here)
    totals["errors"] += len(errors)
    totals["right"] += sum(speaks_of(one, planted) for one in errors)
    totals["sure"] += len(sure)
    totals["sure right"] += sum(speaks_of(one, planted) and repairs(one, planted) for one in sure)
    totals["twice"] += max(sum(speaks_of(one, planted) for one in errors) - 1, 0)


def _print_mutations(count: int, documents: int, totals: Mapping[str, int]) -> None:
    print(
        f"{count} mutated copies of {documents} published documents: {totals['visible']} visible,"
        f" {totals['found']} found ({_percent(totals['found'], totals['visible'])}); {totals['errors']} new errors,"
        f" precision {_percent(totals['right'], totals['errors'])}, twice {totals['twice']};"
        f" sure repairs {totals['sure']}, right {_percent(totals['sure right'], totals['sure'])}"
    )


def main(singles: int = SINGLES, copies: int = MUTATIONS, seed: int = SEED) -> None:
    made = books(seed)
    part = singles / SINGLES
    scores: dict[str, Score] = {}
    plan = (
        (CLEAN, 0, "whole"), (singles, 1, "whole"), (int(PAIRS * part), 2, "whole"), (int(FIVES * part), 5, "whole"),
        (int(INCOMPLETE * part), 0, "column"), (int(INCOMPLETE * part), 0, "picture"),
        (int(INCOMPLETE * part), 1, "column"), (int(INCOMPLETE * part), 1, "picture"),
    )  # fmt: skip
    for count, mistakes, reading in plan:
        in_batches(cases(count, mistakes, reading, made, seed), scores)
    print(f"seed {seed}; families in turn: {', '.join(PLACES)}")
    table(scores)
    if SHARED.is_dir():
        mutations(min(copies, MOST_MUTATIONS), seed)
    else:
        print("the published documents (../shared) are not here: nothing to mutate")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
