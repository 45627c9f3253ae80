"""A campaign: altered files beside good ones go the whole way of cleaning and checking, and an oracle judges.

- The run lives, whatever the files are.
- Every file has a row, and one that was not read whole has a sentence in both languages.
- The rows, checks and findings of the good files are the same, to the byte, as without the altered ones.
- No reader takes more memory or time than it may.
- A file that its own checksums guard loses or alters no figure without a word.
"""

import resource
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl
from typesetter.accounts import make_accounts
from typesetter.book import Book
from typesetter.classification import classification
from typesetter.corpus import SETTERS
from typesetter.quirks import Quirks
from typesetter.tables import book_of

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.steps.earlier_checks import FOLDER
from analysis.steps.reading_limits import reading_limits
from fuzz.alterations import Alteration, alter

_ENDINGS = ("pdf", "xlsx", "xls", "docx", "html", "txt")
_FIGURE = ("table", "side", "fiscal_year", "phase", "code", "name", "measure", "amount")
_OF_GOOD_FILES = ("documents", "line_items", "unmapped", "checks", "findings")
_MEBIBYTE = 2**20

Figures = Counter[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class AlteredFile:
    """A file of the campaign: its name, the good one that it was, and what was done to it."""

    name: str
    of: str
    how: Alteration
    data: bytes


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must hold and does not."""

    file: str
    words: str


@dataclass(slots=True)
class Outcome:
    """What a campaign found: files by what became of them, violations, figures that changed where nothing guards them.

    `memory` is the most that a process took, in MiB.
    """

    files: int = 0
    became: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    unguarded: Counter[str] = field(default_factory=Counter)
    memory: int = 0
    seconds: float = 0.0


def good_files(seed: int = 1) -> Mapping[str, bytes]:
    """One made document for each kind of file, each of another organisation."""
    files = {}
    with TemporaryDirectory() as folder:
        for number, ending in enumerate(_ENDINGS):
            path = Path(folder) / f"good.{ending}"
            SETTERS[ending](_book(seed + number, f"上海市普陀区第{'一二三四五六'[number]}办公室"), path, Quirks())
            files[path.name] = path.read_bytes()
    return files


def _book(seed: int, organisation: str) -> Book:
    return book_of(make_accounts(Random(seed), classification().bodies[0], organisation, 2025, step=100), Quirks())


def altered_files(good: Mapping[str, bytes], rng: Random) -> Iterator[AlteredFile]:
    """Altered files without end, the kinds of files in turn."""
    number = 0
    while True:
        for name, data in good.items():
            how, altered = alter(data, name.rpartition(".")[2], rng)
            if altered != data:
                yield AlteredFile(f"{number:06}-{how.name}.{name.rpartition('.')[2]}", name, how, altered)
                number += 1


def run_campaign(
    folder: Path,
    seed: int,
    files: int,
    *,
    minutes: float | None = None,
    skip: int = 0,
    batch: int = 50,
    expectations: Path,
) -> Outcome:
    """Alter files and judge what becomes of them, batch by batch, until there were enough or the time is over.

    Args:
        folder: for datasets and sites; the altered files of a violation stay in its folder `kept`.
        seed: of all chance; the same seed makes the same files.
        files: how many files are altered.
        minutes: when to stop before that; None for never.
        skip: how many of the altered files are left out first, so that a campaign can be run in parts.
        batch: files that are cleaned together.
        expectations: the committed suites.
    """
    good, began = good_files(), time.monotonic()
    bare = _Judged.of(_cleaned(folder / "bare", good, expectations))
    outcome, source = Outcome(), islice(altered_files(good, Random(seed)), skip, None)
    while outcome.files < files and (minutes is None or time.monotonic() - began < 60 * minutes):
        if outcome.files // batch % 2:  # every other batch takes over what was found before
            shutil.rmtree(folder / "batch" / "clean" / FOLDER, ignore_errors=True)
        altered = [next(source) for _ in range(min(batch, files - outcome.files))]
        found = list(_judge(folder / "batch", good, altered, bare, outcome, expectations))
        for one in altered:
            if any(violation.file == one.name for violation in found):
                (folder / "kept").mkdir(parents=True, exist_ok=True)
                (folder / "kept" / one.name).write_bytes(one.data)
        outcome.violations += found
        outcome.files += len(altered)
    outcome.memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    outcome.seconds = time.monotonic() - began
    most = reading_limits(2).memory
    if (
        most is not None and outcome.memory > 1.25 * most / _MEBIBYTE
    ):  # what is mapped before reading begins comes on top
        outcome.violations.append(Violation("", f"a process took {outcome.memory} MiB"))
    return outcome


@dataclass(frozen=True, slots=True)
class _Judged:
    """A dataset as the oracle looks at it: the tables, and the figures of each file."""

    tables: Mapping[str, pl.DataFrame]
    figures: Mapping[str, Figures]

    @classmethod
    def of(cls, clean_dir: Path) -> "_Judged":
        tables = {name: read_table(clean_dir, name) for name in _OF_GOOD_FILES}
        items = tables["line_items"].select("source_file", *_FIGURE)
        figures: dict[str, Figures] = {name: Counter() for name in tables["documents"]["source_file"]}
        for name, *figure in items.iter_rows():
            figures[name][tuple(figure)] += 1
        return cls(tables, figures)


def _cleaned(folder: Path, files: Mapping[str, bytes], expectations: Path) -> Path:
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for old in raw.iterdir():
        old.unlink()
    for name, data in files.items():
        (raw / name).write_bytes(data)
    clean_folder(raw, folder / "clean", workers=2)
    check_dataset(folder / "clean", None, expectations, folder / "site", distribution=Distribution(1))
    return folder / "clean"


def _judge(
    folder: Path,
    good: Mapping[str, bytes],
    altered: list[AlteredFile],
    bare: _Judged,
    outcome: Outcome,
    expectations: Path,
) -> Iterator[Violation]:
    found = _Judged.of(_cleaned(folder, {**good, **{one.name: one.data for one in altered}}, expectations))
    rows = {row["source_file"]: row for row in found.tables["documents"].iter_rows(named=True)}
    for table, frame in bare.tables.items():
        of_good = found.tables[table].filter(pl.col("source_file").is_in(list(good)))
        if not _without_notes(of_good).equals(_without_notes(frame)):
            yield Violation("", f"{table} of the good files are others beside the altered ones")
    for one in altered:
        row = rows.get(one.name)
        if row is None:
            yield Violation(one.name, "it has no row")
            continue
        outcome.became[row["status"]] += 1
        words = f"{row['message'] or ''}{row['note'] or ''}"
        if row["status"] not in ("parsed", "duplicate") and not (
            " / " in words and any("一" <= sign <= "鿿" for sign in words)
        ):
            yield Violation(one.name, f"it is {row['status']} and nobody says why")
        if "意外错误" in words or "读取程序" in words:
            outcome.became["the reader died or broke"] += 1
        if row["status"] != "parsed" or (row["note"] and "另有文件" not in row["note"]):
            continue
        if found.figures[one.name] != bare.figures[one.of]:
            if one.how.guarded:
                yield Violation(one.name, "figures are others, and nobody says so")
            else:
                outcome.unguarded[f"{one.name.rpartition('.')[2]} {one.how.name}"] += 1


def _without_notes(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows without what is said of rivals: an altered file may claim to be a good one."""
    return frame.drop("note", strict=False)
