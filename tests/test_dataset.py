"""The promises of writing: incremental, deterministic, atomic, and open to every reader of parquet."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from random import Random

import duckdb
import fsspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from make.dataset_files import content, files_of
from make.datasets import write_dataset
from make.hostile_files import another, made_book, set_as

from analysis.dataset.conflicts import note_conflicts
from analysis.dataset.dictionary import arrow_schema, to_markdown
from analysis.dataset.export.formats import export
from analysis.dataset.generations import PARTITIONED, SINGLE, current, scratch_dir
from analysis.dataset.locks import held, locked, pinned
from analysis.dataset.store import (
    dataset_version,
    generation,
    has_table,
    partition_digests,
    partitions_of,
    pieces,
    read_table,
    scan_slice,
    scan_table,
    to_frame,
    write_table,
)
from analysis.errors import DatasetError
from analysis.knowledge.fields import data_dictionary
from analysis.steps import clean as cleaning
from analysis.steps.clean import TABLES, Cleaning, clean_folder
from analysis.steps.reader_version import fingerprint, reader_parts

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data" / "raw" / "上海市普陀区公务网管理中心-2023-单位预算.txt"


@pytest.fixture(scope="module")
def raw_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three rival budgets of one organisation and year, in three kinds of file, one in a folder of its own."""
    raw = tmp_path_factory.mktemp("raw")
    setting = tmp_path_factory.mktemp("setting")
    (raw / "one.pdf").write_bytes(set_as(made_book(1), "pdf", setting))
    (raw / "other.xlsx").write_bytes(set_as(made_book(2), "xlsx", setting))
    (raw / "folder").mkdir()
    (raw / "folder" / "third.html").write_bytes(set_as(made_book(3), "html", setting))
    return raw


@pytest.fixture(scope="module")
def cleaned_once(raw_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    clean_dir = tmp_path_factory.mktemp("cleaned") / "clean"
    clean_folder(raw_files, clean_dir)
    return clean_dir


@pytest.fixture
def raw(raw_files: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(raw_files, tmp_path / "raw"))


@pytest.fixture
def clean(cleaned_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cleaned_once, tmp_path / "clean", symlinks=True))


def documents(clean_dir: Path) -> dict[str, dict[str, object]]:
    return {row["source_file"]: row for row in read_table(clean_dir, "documents").iter_rows(named=True)}


# Incremental ---------------------------------------------------------------------------------------------------------


def test_the_first_cleaning_reads_all(raw: Path, tmp_path: Path) -> None:
    assert clean_folder(raw, tmp_path / "new") == Cleaning(found=3, read=3, unchanged=0, failed=0)
    assert {row["status"] for row in documents(tmp_path / "new").values()} == {"parsed"}


def test_unchanged_files_are_not_read_again(raw: Path, clean: Path) -> None:
    before = content(clean)
    assert clean_folder(raw, clean) == Cleaning(found=3, read=0, unchanged=3, failed=0)
    assert content(clean) == before


def test_notes_on_rivals_do_not_grow_from_run_to_run(raw: Path, clean: Path) -> None:
    for _ in range(2):
        clean_folder(raw, clean)
        assert [str(row["note"]).count("另有文件") for row in documents(clean).values()] == [2, 2, 2]


def test_a_changed_reader_reads_all_files_again(raw: Path, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "reader_version", lambda forms_dir: "another")
    assert clean_folder(raw, clean).read == 3
    assert dataset_version(clean) == "another"
    assert clean_folder(raw, clean).read == 0


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("sources") / "analysis"
    shutil.copytree(ROOT / "src" / "analysis", copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def version_after_a_change(sources: Path, part: str) -> tuple[str, str]:
    """The reader's version before and after something is added to a file."""
    path = sources / part
    before, content = fingerprint(reader_parts(sources)), path.read_bytes()
    path.write_bytes(content + b"\n# changed\n")
    after = fingerprint(reader_parts(sources))
    path.write_bytes(content)
    assert fingerprint(reader_parts(sources)) == before
    return before, after


@pytest.mark.parametrize(
    "part",
    ["terms/money.py", "extraction/layout/grid.py", "extraction/formats/pdf.py", "reading/forms/__init__.py",
     "balancing/resolve.py", "balancing/identities/instances.py", "steps/read_files.py", "steps/read_and_resolve.py",
     "dataset/document_rows.py", "dataset/dictionary.py", "knowledge/identities.py",
     "knowledge/forms/national/identities.toml", "knowledge/forms/shanghai/family.toml",
     "knowledge/fields.toml", "assets/fonts/WorkbenchSC-Regular.ttf"],
)  # fmt: skip
def test_a_change_of_what_makes_rows_changes_the_reader_version(part: str, sources: Path) -> None:
    before, after = version_after_a_change(sources, part)
    assert before != after


@pytest.mark.parametrize(
    "part",
    ["knowledge/indicators.toml", "indicators/growth.py", "reports/publish.py", "charts/bars.py",
     "balancing/findings.py", "runtime/pool.py", "site/build.py", "cli.py", "__init__.py"],
)  # fmt: skip
def test_a_change_of_what_is_made_of_rows_reads_nothing_again(part: str, sources: Path) -> None:
    before, after = version_after_a_change(sources, part)
    assert before == after


def test_the_libraries_that_open_files_belong_to_the_reader(sources: Path) -> None:
    parts = reader_parts(sources)
    for library in ("pypdfium2", "lxml", "python_calamine"):
        assert parts[library].decode() == version(library)
        assert fingerprint({**parts, library: b"another"}) != fingerprint(parts)


WATCHED_READING = """
import sys
from pathlib import Path
opened = set()
sys.addaudithook(lambda event, values: opened.add(str(values[0])) if event == "open" else None)
from analysis.steps.raw_files import find_files
from analysis.steps.read_files import ReadTask, read_file
package = Path(sys.argv[1])
for file in find_files(Path(sys.argv[2])):
    assert read_file(ReadTask(file)).tables
run = {module.__file__ for name, module in sys.modules.items() if name.startswith("analysis")}
data = {path for path in opened if Path(path).suffix not in (".py", ".pyc")}
for path in sorted(run | data):
    if Path(path).is_relative_to(package):
        print(Path(path).relative_to(package).as_posix())
"""


def test_all_that_reading_runs_and_opens_belongs_to_the_reader(raw: Path) -> None:
    shutil.copy(SEED, raw)
    package = Path(str(files("analysis")))
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_READING, str(package), str(raw)], capture_output=True, text=True, check=True
    )
    seen = {place for place in done.stdout.splitlines() if not place.startswith("runtime/")} - {"__init__.py"}
    assert (
        {"balancing/resolve.py", "knowledge/forms/shanghai/family.toml"} <= seen <= set(reader_parts(files("analysis")))
    )


def test_a_moved_file_keeps_its_identity_and_is_not_read_again(raw: Path, clean: Path) -> None:
    before = documents(clean)["one.pdf"]
    items = read_table(clean, "line_items").filter(source_file="one.pdf").drop("source_file")
    (raw / "deep" / "er").mkdir(parents=True)
    (raw / "one.pdf").rename(raw / "deep" / "er" / "renamed.pdf")
    assert clean_folder(raw, clean).read == 0
    after = documents(clean)
    assert "one.pdf" not in after
    assert after["deep/er/renamed.pdf"]["document_id"] == before["document_id"]
    moved = read_table(clean, "line_items").filter(source_file="deep/er/renamed.pdf").drop("source_file")
    assert moved.equals(items)


def test_a_moved_raw_folder_changes_nothing(raw: Path, clean: Path) -> None:
    before = content(clean)
    raw.rename(raw.with_name("elsewhere"))
    assert clean_folder(raw.with_name("elsewhere"), clean).read == 0
    assert content(clean) == before


def test_a_file_with_another_ending_is_read_again_because_its_note_changes(raw: Path, clean: Path) -> None:
    (raw / "one.pdf").rename(raw / "one.xlsx")
    assert clean_folder(raw, clean).read == 1
    assert "后缀为 .xlsx，内容却是 pdf" in str(documents(clean)["one.xlsx"]["note"])


def test_a_removed_file_disappears_from_every_table(raw: Path, clean: Path) -> None:
    (raw / "other.xlsx").unlink()
    assert clean_folder(raw, clean) == Cleaning(found=2, read=0, unchanged=2, failed=0)
    for name in TABLES:
        assert set(read_table(clean, name)["source_file"]) <= {"one.pdf", "folder/third.html"}
    for name in FILLED:
        assert set(read_table(clean, name)["source_file"]) == {"one.pdf", "folder/third.html"}


def test_an_emptied_folder_gives_empty_tables_with_all_columns(raw: Path, clean: Path) -> None:
    shutil.rmtree(raw)
    raw.mkdir()
    clean_folder(raw, clean)
    for name in TABLES:
        assert read_table(clean, name).is_empty()
        (path,) = files_of(clean, name)
        assert pq.read_schema(path).equals(arrow_schema(name))


def test_only_what_is_new_or_failed_is_read(raw: Path, clean: Path) -> None:
    (raw / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (raw / "two.pdf").write_bytes(another((raw / "one.pdf").read_bytes(), "two"))
    assert clean_folder(raw, clean) == Cleaning(found=5, read=2, unchanged=3, failed=1)
    assert clean_folder(raw, clean) == Cleaning(found=5, read=1, unchanged=4, failed=1)


def test_an_incremental_dataset_is_the_same_as_one_made_at_once(raw: Path, clean: Path, tmp_path: Path) -> None:
    (raw / "another.pdf").write_bytes(another((raw / "one.pdf").read_bytes(), "another"))
    (raw / "one.pdf").rename(raw / "zzz.pdf")
    (raw / "folder" / "third.html").unlink()
    clean_folder(raw, clean)
    clean_folder(raw, tmp_path / "at once")
    assert content(clean) == content(tmp_path / "at once")


# Deterministic -------------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_whatever_the_number_of_workers(
    raw: Path, clean: Path, tmp_path: Path
) -> None:
    clean_folder(raw, tmp_path / "second", workers=3)
    assert content(tmp_path / "second") == content(clean)


# Atomic --------------------------------------------------------------------------------------------------------------

FILLED = ("documents", "line_items", "narrative", "passages")  # of these every document has rows
CHILD = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT / "tests")!r})
import polars as pl
from make.datasets import write_dataset
from analysis.dataset.locks import locked

clean = Path(sys.argv[1])
tables = [{{name: pl.read_parquet(Path(sys.argv[2]) / state / f"{{name}}.parquet") for name in
           {TABLES!r}}} for state in ("a", "b")]
for turn in range(100_000):
    with locked(clean):
        write_dataset(tables[turn % 2], clean, "version")
    if turn == 1:
        print("ready", flush=True)
"""


def states(raw: Path, clean: Path, folder: Path) -> tuple[set[str], set[str]]:
    """Two datasets in `folder`, `a` of all files and `b` of one less; returns the documents of each."""
    for state in ("a", "b"):
        (folder / state).mkdir(parents=True)
        for name in TABLES:
            frame = read_table(clean, name)
            kept = frame if state == "a" else frame.filter(pl.col("source_file") != "one.pdf")
            kept.write_parquet(folder / state / f"{name}.parquet")
    everything = set(read_table(clean, "documents")["document_id"])
    return everything, set(pl.read_parquet(folder / "b" / "documents.parquet")["document_id"])


def assert_whole(clean: Path, allowed: Sequence[set[str]]) -> set[str]:
    """The tables are those of one dataset, old or new; returns its documents."""
    told = [set(read_table(clean, name)["document_id"]) for name in FILLED]
    assert told[0] in allowed
    assert told == [told[0]] * len(FILLED)
    return told[0]


class Killed(BaseException):
    """The process is no more: whatever it tries to do to the files after this moment fails too."""


class Death:
    """Kills the process, as far as its files are concerned, before it changes or opens a file for the n-th time."""

    steps: int | None = None
    _events = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"})

    def __init__(self) -> None:
        sys.addaudithook(self.hook)

    def hook(self, event: str, _: tuple[object, ...]) -> None:
        if self.steps is not None and event in self._events:
            self.steps -= 1
            if self.steps < 0:
                raise Killed

    def dies(self, steps: int, work: Callable[[], None]) -> bool:
        self.steps = steps
        try:
            work()
        except Killed:
            return True
        finally:
            self.steps = None
        return False


@pytest.fixture(scope="module")
def death() -> Death:
    return Death()


def test_a_death_before_any_step_of_writing_leaves_one_dataset_whole(
    raw: Path, clean: Path, tmp_path: Path, death: Death
) -> None:
    allowed = states(raw, clean, tmp_path / "states")
    tables = [
        {name: pl.read_parquet(tmp_path / "states" / state / f"{name}.parquet") for name in TABLES} for state in "ab"
    ]
    turn = steps = 0
    seen = []
    while death.dies(steps, lambda: write_dataset(tables[turn % 2], clean, "version")):  # noqa: B023
        seen.append(assert_whole(clean, allowed))
        turn, steps = turn + 1, steps + 1
    assert steps > 20
    assert all(state in seen for state in allowed)
    write_dataset(tables[0], clean, "version")
    assert_no_leftovers(clean)


def test_a_death_before_any_step_of_the_first_writing_leaves_nothing_or_all(
    clean: Path, tmp_path: Path, death: Death
) -> None:
    tables = {name: read_table(clean, name) for name in TABLES}
    steps, dead = 0, True
    while dead:
        new = tmp_path / f"new-{steps}"
        dead = death.dies(steps, lambda: write_dataset(tables, new, "version"))  # noqa: B023
        assert dataset_version(new) in ({None, "version"} if dead else {"version"})
        if dataset_version(new):
            assert all(read_table(new, name).equals(tables[name]) for name in TABLES)
        steps += 1
    assert steps > 20


def test_a_death_before_any_step_of_adding_a_table_leaves_the_old_table_or_the_new(
    clean: Path, checks: pl.DataFrame, death: Death
) -> None:
    write_table(checks.clear(), clean, "checks")
    steps = 0
    while death.dies(steps, lambda: write_table(checks, clean, "checks")):
        assert read_table(clean, "checks").height in (0, 1)
        steps += 1
    assert steps > 2
    assert read_table(clean, "checks").equals(checks)


def test_a_kill_at_a_random_moment_of_writing_leaves_one_dataset_whole(raw: Path, clean: Path, tmp_path: Path) -> None:
    allowed = states(raw, clean, tmp_path / "states")
    rng = Random(1)
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, clean, tmp_path / "states"], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.05))
        child.kill()
        child.wait()
        child.stdout.close()
        assert_whole(clean, allowed)
    clean_folder(raw, clean)
    assert_whole(clean, allowed[:1])
    assert_no_leftovers(clean)


def test_a_kill_during_a_whole_cleaning_leaves_the_old_dataset_or_the_new(
    raw: Path, clean: Path, tmp_path: Path
) -> None:
    """The child cleans a changed folder; it is killed while it starts, reads, or writes."""
    old = set(documents(clean))
    (raw / "one.pdf").unlink()
    (raw / "new.html").write_bytes((raw / "folder" / "third.html").read_bytes() + b"<!-- new -->")
    new = {"new.html", "other.xlsx", "folder/third.html"}
    words = f"from pathlib import Path; from analysis.steps.clean import clean_folder; print('ready', flush=True); \
        clean_folder(Path({str(raw)!r}), Path({str(clean)!r}))"
    for delay in (0.0, 0.3, 0.6, 0.9):
        child = subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE)
        assert child.stdout is not None and child.stdout.readline()
        time.sleep(delay)
        child.kill()
        child.wait()
        child.stdout.close()
        assert set(documents(clean)) in (old, new)
        assert set(read_table(clean, "line_items")["source_file"]) == set(documents(clean))
    clean_folder(raw, clean)
    assert set(documents(clean)) == new
    assert_no_leftovers(clean)


def assert_no_leftovers(clean_dir: Path) -> None:
    """Nothing is in the folder but the links, the locks, and at most two generations of tables."""
    assert {path.name for path in clean_dir.iterdir()} <= {
        ".current", ".generations", ".lock", ".pinned", ".checking",
        *PARTITIONED, *(f"{name}.parquet" for name in ("documents", *SINGLE, "checks", "findings")),
    }  # fmt: skip
    generations = list((clean_dir / ".generations").iterdir())
    assert len(generations) <= 2
    for one in generations:
        assert {path.name for path in one.iterdir()} == {
            *(f"{name}.parquet" for name in ("documents", *SINGLE)), "partitions.json", *PARTITIONED
        }  # fmt: skip


def test_what_a_killed_run_left_behind_is_cleaned_by_the_next(raw: Path, clean: Path) -> None:
    for name in (".new-1", ".new-2"):
        (clean / ".generations" / name).mkdir()
        (clean / ".generations" / name / "documents.parquet").write_bytes(b"half")
    (clean / ".generations" / ".new-3").write_bytes(b"half")
    (clean / ".generations" / ".new-4").symlink_to("nowhere")
    (clean / ".generations" / ".new-5").symlink_to(raw)
    clean_folder(raw, clean)
    assert_no_leftovers(clean)
    assert (raw / "one.pdf").exists()


def test_a_reader_that_holds_the_old_dataset_can_go_on(raw: Path, clean: Path) -> None:
    held = pl.scan_parquet((clean / "line_items").resolve() / "*.parquet")
    rows = held.select(pl.len()).collect().item()
    (raw / "one.pdf").unlink()
    clean_folder(raw, clean)
    assert held.select(pl.len()).collect().item() == rows > read_table(clean, "line_items").height


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("damage", ["cut", "garbage", "gone"])
def test_a_damaged_dataset_is_made_anew(table: str, damage: str, raw: Path, clean: Path) -> None:
    whole, held = content(clean), table not in PARTITIONED or not read_table(clean, table).is_empty()
    path = files_of(clean, table)[0].resolve()
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(data[:-100] if damage == "cut" else b"PAR1" + bytes(300) + b"PAR1")
    assert clean_folder(raw, clean).read == (3 if held else 0)
    assert content(clean) == whole


def test_two_cleanings_at_once_come_one_after_the_other(raw: Path, tmp_path: Path) -> None:
    words = f"from pathlib import Path; from analysis.steps.clean import clean_folder; \
        print(clean_folder(Path({str(raw)!r}), Path({str(tmp_path / 'clean')!r})).read)"
    children = [subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(child.communicate()[0] for child in children) == ["0\n", "3\n"]
    assert {child.returncode for child in children} == {0}
    assert len(documents(tmp_path / "clean")) == 3


# Tables made later, and files in the way -----------------------------------------------------------------------------


@pytest.fixture
def checks(clean: Path) -> pl.DataFrame:
    document = read_table(clean, "documents").row(0, named=True)
    row = {
        "check_id": "c1", "identity": "row", "document_id": document["document_id"], "table": "revenue",
        "source_file": document["source_file"], "left": Decimal("1.00"), "right": Decimal("1.00"),
        "difference": Decimal("0.00"), "tolerance": Decimal("1.50"), "outcome": "pass",
    }  # fmt: skip
    return to_frame([row], "checks")


def test_a_table_made_later_joins_the_dataset_and_vanishes_with_it(
    raw: Path, clean: Path, checks: pl.DataFrame
) -> None:
    write_table(checks, clean, "checks")
    assert read_table(clean, "checks").equals(checks)
    clean_folder(raw, clean)
    assert read_table(clean, "checks").equals(checks), "nothing changed, so the checks still hold"
    (raw / "one.pdf").unlink()
    clean_folder(raw, clean)
    with pytest.raises(DatasetError, match="workbench validate"):
        read_table(clean, "checks")
    write_table(checks.clear(), clean, "checks")
    assert read_table(clean, "checks").is_empty()


def test_a_table_cannot_be_made_before_the_dataset(tmp_path: Path, checks: pl.DataFrame) -> None:
    with pytest.raises(DatasetError, match="workbench clean"):
        write_table(checks, tmp_path / "none", "checks")
    assert not (tmp_path / "none").exists()


def test_a_missing_dataset_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="workbench clean"):
        read_table(tmp_path, "documents")


@pytest.mark.parametrize("name", TABLES)
def test_a_foreign_file_in_the_way_is_refused_and_kept(name: str, raw: Path, tmp_path: Path) -> None:
    clean_dir = tmp_path / "mine"
    clean_dir.mkdir()
    place = clean_dir / (name if name in PARTITIONED else f"{name}.parquet")
    place.write_bytes(b"somebody's work")
    with pytest.raises(DatasetError, match=name):
        write_dataset({table: to_frame([], table) for table in TABLES}, clean_dir, "version")
    assert place.read_bytes() == b"somebody's work"


def test_a_foreign_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".current").mkdir()
    with pytest.raises(DatasetError, match=r"\.current"), locked(tmp_path):
        write_dataset({table: to_frame([], table) for table in TABLES}, tmp_path, "version")


# Copies that lost their links ----------------------------------------------------------------------------------------


def linked_away(clean: Path, copy: Path) -> None:
    """As a zip file leaves it that holds no links."""
    shutil.copytree(clean, copy, symlinks=True)
    for path in copy.iterdir():
        if path.is_symlink():
            path.unlink()


def followed(clean: Path, copy: Path) -> None:
    """As `cp -rL` leaves it: every link became what it led to."""
    shutil.copytree(clean, copy)


def spelt_out(clean: Path, copy: Path) -> None:
    """As git and zip leave it on Windows: every link became a text with its target."""
    shutil.copytree(clean, copy, symlinks=True)
    for path in copy.iterdir():
        if path.is_symlink():
            target = str(path.readlink())
            path.unlink()
            path.write_text(target, encoding="utf-8")


def followed_without_generations(clean: Path, copy: Path) -> None:
    shutil.copytree(clean, copy)
    shutil.rmtree(copy / ".generations")


COPIES = (linked_away, followed, spelt_out, followed_without_generations)


@pytest.fixture
def rewritten(raw: Path, clean: Path, checks: pl.DataFrame) -> Path:
    """A dataset with a generation before it, and with checks."""
    (raw / "one.pdf").unlink()
    clean_folder(raw, clean)
    write_table(checks, clean, "checks")
    return clean


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_without_links_opens_as_the_dataset(
    copied: Callable[[Path, Path], None], rewritten: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copied(rewritten, copy)
    for table in (*TABLES, "checks"):
        assert has_table(copy, table)
        assert read_table(copy, table).equals(read_table(rewritten, table))
        assert pl.concat(pieces(copy, table)).equals(read_table(rewritten, table))
    assert not has_table(copy, "findings")
    assert partition_digests(copy) == partition_digests(rewritten)
    assert generation(copy) == generation(rewritten)
    assert dataset_version(copy) == dataset_version(rewritten)
    assert {path.suffix for path in export(copy, tmp_path / "exported", "csv")} == {".csv"}


@pytest.mark.parametrize("copied", COPIES)
def test_the_next_writing_gives_a_copy_its_links_back(
    copied: Callable[[Path, Path], None], raw: Path, rewritten: Path, checks: pl.DataFrame, tmp_path: Path
) -> None:
    for name, write in {
        "cleaned": lambda copy: clean_folder(raw, copy),
        "checked": lambda copy: write_table(checks, copy, "checks"),
    }.items():
        copied(rewritten, tmp_path / name)
        write(tmp_path / name)
        assert content(tmp_path / name) == content(rewritten)
        assert (tmp_path / name / ".current").is_symlink()
        assert clean_folder(raw, tmp_path / name) == Cleaning(found=2, read=0, unchanged=2, failed=0)
        assert read_table(tmp_path / name, "checks").equals(checks)


def test_somebody_s_table_in_a_copy_is_refused_and_kept(rewritten: Path, raw: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    linked_away(rewritten, copy)
    (copy / "documents.parquet").write_bytes(b"somebody's work")
    with pytest.raises(DatasetError, match="documents"):
        clean_folder(raw, copy)
    assert (copy / "documents.parquet").read_bytes() == b"somebody's work"


def test_a_folder_that_takes_no_links_keeps_a_dataset(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(f"{self}: no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    clean = tmp_path / "clean"
    assert clean_folder(raw, clean).read == 3
    (raw / "one.pdf").unlink()
    assert clean_folder(raw, clean) == Cleaning(found=2, read=0, unchanged=2, failed=0)
    assert set(documents(clean)) == {"other.xlsx", "folder/third.html"}


# Partitions ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_bodies(raw: Path, clean: Path) -> Path:
    """The dataset with a document of another organisation and year, without a rival."""
    (raw / SEED.name).write_bytes(SEED.read_bytes())
    clean_folder(raw, clean)
    return clean


def test_a_partition_is_named_by_year_and_organisation_and_keeps_its_columns(two_bodies: Path) -> None:
    files = files_of(two_bodies, "line_items")
    assert len(files) == 2
    for path in files:
        rows = pl.read_parquet(path)
        assert rows.select("document_year", "organisation_id").unique().rows() == [
            (int(path.stem[:4]), path.stem.partition("-")[2])
        ]


def test_only_the_partitions_that_are_asked_for_are_opened(two_bodies: Path) -> None:
    wanted, other = files_of(two_bodies, "line_items")
    year, organisation = int(wanted.stem[:4]), wanted.stem[5:]
    rows = pl.read_parquet(wanted)
    place = other.resolve()
    place.unlink()
    place.write_bytes(b"nobody may look at this")
    assert partitions_of(two_bodies, "line_items", [organisation]) == (wanted.stem,)
    for items in (
        scan_slice(two_bodies, "line_items", [organisation]),
        scan_slice(two_bodies, "line_items", years=[year]),
    ):
        assert items.collect().equals(rows)
    assert scan_slice(two_bodies, "line_items", ["nobody"]).collect().equals(rows.clear())
    with pytest.raises(pl.exceptions.PolarsError):
        scan_table(two_bodies, "line_items").collect()


def test_an_unchanged_partition_is_not_written_again(raw: Path, two_bodies: Path) -> None:
    before = {path.name: path.stat().st_ino for path in files_of(two_bodies, "line_items")}
    digests = partition_digests(two_bodies)
    (raw / "one.pdf").unlink()
    clean_folder(raw, two_bodies)
    after = {path.name: path.stat().st_ino for path in files_of(two_bodies, "line_items")}
    told = partition_digests(two_bodies)
    assert set(told) == {name.removesuffix(".parquet") for name in after}
    changed = {name for name in after if after[name] != before[name]}
    assert len(changed) == 1
    assert {f"{name}.parquet" for name in told if told[name] != digests[name]} == changed


def test_the_id_of_the_dataset_changes_with_every_table_and_with_nothing_else(
    raw: Path, clean: Path, checks: pl.DataFrame
) -> None:
    ids = [generation(clean)]
    for frame in (checks.clear(), checks, checks):
        write_table(frame, clean, "checks")
        ids.append(generation(clean))
    assert ids[2] == ids[3]
    (raw / "one.pdf").unlink()
    clean_folder(raw, clean)
    ids.append(generation(clean))
    assert len(set(ids)) == 4


def test_a_copy_in_an_object_store_is_read_as_it_is(two_bodies: Path) -> None:
    store = fsspec.filesystem("memory")
    store.put(str((two_bodies / "line_items").resolve()), "/bucket/line_items", recursive=True)
    copied = pyarrow.dataset.dataset("/bucket/line_items", filesystem=store).to_table()
    assert pl.DataFrame(copied).equals(read_table(two_bodies, "line_items"))


def test_a_dataset_in_single_files_of_before_is_replaced(raw: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / ".generations" / "1").mkdir(parents=True)
    (old / ".current").symlink_to(".generations/1")
    for name in TABLES:
        to_frame([], name).write_parquet(old / ".generations" / "1" / f"{name}.parquet")
        (old / f"{name}.parquet").symlink_to(f".current/{name}.parquet")
    assert clean_folder(raw, old).read == 3
    assert not any((old / f"{name}.parquet").is_symlink() for name in PARTITIONED)


# Types and the data dictionary ---------------------------------------------------------------------------------------

DUCKDB = {
    "string": "VARCHAR", "int16": "SMALLINT", "int32": "INTEGER", "float64": "DOUBLE", "bool": "BOOLEAN",
    "money": "DECIMAL(18,2)", "percent": "DECIMAL(18,4)", "value": "DECIMAL(22,4)", "date": "DATE",
}  # fmt: skip
POLARS = {
    "string": pl.String(), "int16": pl.Int16(), "int32": pl.Int32(), "float64": pl.Float64(), "bool": pl.Boolean(),
    "money": pl.Decimal(18, 2), "percent": pl.Decimal(18, 4), "value": pl.Decimal(22, 4), "date": pl.Date(),
}  # fmt: skip
ARROW = {
    "string": pa.string(), "int16": pa.int16(), "int32": pa.int32(), "float64": pa.float64(), "bool": pa.bool_(),
    "money": pa.decimal128(18, 2), "percent": pa.decimal128(18, 4), "value": pa.decimal128(22, 4), "date": pa.date32(),
}  # fmt: skip


def declared(table: str, types: dict[str, object]) -> dict[str, object]:
    return {field.name: types[field.type] for field in data_dictionary()[table].fields}


@pytest.mark.parametrize("table", TABLES)
def test_every_reader_of_parquet_finds_the_types_of_the_contract(table: str, cleaned_once: Path) -> None:
    partitioned = table in PARTITIONED
    path = cleaned_once / (table if partitioned else f"{table}.parquet")
    arrow = pq.read_table(path)
    assert dict(zip(arrow.schema.names, arrow.schema.types, strict=True)) == declared(table, ARROW)
    assert dict(pl.read_parquet(path).schema) == declared(table, POLARS)
    with duckdb.connect() as database:
        described = database.execute(
            "DESCRIBE SELECT * FROM read_parquet(?)", [f"{path}/*.parquet" if partitioned else str(path)]
        ).fetchall()
    assert {name: kind for name, kind, *_ in described} == declared(table, DUCKDB)
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    assert {name: kind.pyarrow_dtype for name, kind in frame.dtypes.items()} == declared(table, ARROW)
    assert len(frame) == arrow.num_rows
    assert len(frame) > 0 or table not in FILLED


def test_the_contract_has_exact_money_small_years_and_codes_as_text(cleaned_once: Path) -> None:
    schema = pq.read_schema(files_of(cleaned_once, "line_items")[0])
    assert schema.field("amount").type == pa.decimal128(18, 2)
    assert {schema.field(name).type for name in ("document_year", "fiscal_year", "code_level")} == {pa.int16()}
    assert {schema.field(name).type for name in ("code", "printed_code", "parent_code")} == {pa.string()}


def test_every_reader_of_parquet_finds_the_same_sum_to_the_fen(cleaned_once: Path) -> None:
    path = cleaned_once / "line_items"
    amounts = pq.read_table(path)["amount"].to_pylist()
    total = sum(amounts, Decimal(0))
    assert pl.read_parquet(path)["amount"].sum() == total
    assert sum(pd.read_parquet(path)["amount"], Decimal(0)) == total
    with duckdb.connect() as database:
        assert database.execute("SELECT sum(amount) FROM read_parquet(?)", [f"{path}/*.parquet"]).fetchall() == [
            (total,)
        ]


@pytest.mark.parametrize("table", TABLES)
def test_the_data_dictionary_is_in_the_metadata_of_the_files(table: str, cleaned_once: Path) -> None:
    schema = pq.read_schema(files_of(cleaned_once, table)[0])
    entry = data_dictionary()[table]
    metadata = schema.metadata or {}
    assert (metadata[b"zh"].decode(), metadata[b"en"].decode()) == (entry.zh, entry.en)
    for field, column in zip(entry.fields, schema, strict=True):
        assert (column.metadata[b"zh"].decode(), column.metadata[b"en"].decode()) == (field.zh, field.en)
        assert column.nullable is not field.required


def test_the_printed_data_dictionary_is_up_to_date() -> None:
    printed = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert printed == to_markdown(), "write analysis.dataset.dictionary.to_markdown() to docs/data-dictionary.md"


def test_what_is_checked_stays_while_the_dataset_is_cleaned_anew(raw: Path, clean: Path) -> None:
    before = read_table(clean, "line_items")
    with pinned(clean) as checked, scratch_dir(checked) as folder:
        (folder / "kept").touch()
        for name in ("one.pdf", "other.xlsx"):
            (raw / name).unlink()
            clean_folder(raw, clean)
        assert (folder / "kept").exists()
        assert read_table(checked, "line_items").equals(before)
        assert read_table(clean, "line_items").height < before.height
        write_table(to_frame([], "checks"), checked, "checks")
        assert (checked / "checks.parquet").exists()
    assert not has_table(clean, "checks"), "what was checked is not what is there now"
    clean_folder(raw, clean)
    assert not checked.exists(), "the generation before stays, older ones do not"


def test_who_began_with_a_generation_finishes_with_it(raw: Path, clean: Path) -> None:
    with held(clean) as first, held(clean) as again:
        assert first == again
        before = read_table(first, "line_items")
        for name in ("one.pdf", "two.pdf"):
            (raw / name).unlink(missing_ok=True)
            (raw / f"{name}.txt").write_text(f"某单位2024年预算 {name}")
            clean_folder(raw, clean)
        assert read_table(first, "line_items").equals(before)
        assert current(clean) != first
    clean_folder(raw, clean)


def test_a_dataset_that_may_not_be_written_to_is_read(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean / ".pinned").unlink(missing_ok=True)
    real = Path.touch

    def refused(path: Path, *given: int, **named: bool) -> None:
        if path.name == ".pinned":
            raise PermissionError(13, "Permission denied", str(path))
        real(path, *given, **named)

    monkeypatch.setattr(Path, "touch", refused)
    with held(clean) as generation:
        assert not read_table(generation, "documents").is_empty()


RACE = """
import sys
from pathlib import Path
from analysis.dataset.export.formats import export
from analysis.dataset.locks import pinned
from analysis.dataset.store import read_table, to_frame, write_table
from analysis.steps.clean import clean_folder
what, folder = sys.argv[1], Path(sys.argv[2])
for number in range(8):
    if what == "clean":
        (folder / "raw" / "more.txt").write_text(f"某单位2024年预算 {number}")
        clean_folder(folder / "raw", folder / "clean")
    elif what == "check":
        with pinned(folder / "clean") as generation:
            before = read_table(generation, "documents").height
            write_table(to_frame([], "checks"), generation, "checks")
            assert read_table(generation, "documents").height == before
            read_table(generation, "checks"), read_table(generation, "line_items")
    else:
        export(folder / "clean", folder / what, "csv")
"""


def test_cleaning_checking_twice_and_exporting_at_once_harm_nobody(raw: Path, clean: Path, tmp_path: Path) -> None:
    folder = tmp_path / "race"
    shutil.copytree(raw, folder / "raw")
    shutil.copytree(clean, folder / "clean", symlinks=True)
    started = [
        subprocess.Popen([sys.executable, "-c", RACE, what, str(folder)], stderr=subprocess.PIPE, text=True)
        for what in ("clean", "check", "check", "export")
    ]
    said = [one.communicate(timeout=300)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0, 0], said
    assert read_table(folder / "clean", "documents").filter(pl.col("source_file") == "more.txt").height == 1


def test_a_thousand_rivals_cost_no_thousand_times_a_thousand(tmp_path: Path) -> None:
    of = {"status": "parsed", "level": "unit", "organisation_id": "a", "organisation": "a", "document_year": 2024}
    rows = [of | {"document_id": f"{n}", "source_file": f"{n}.pdf", "kind": "budget"} for n in range(1_000)]
    notes = note_conflicts(to_frame(rows, "documents"), tmp_path)["note"]
    assert all(len(note) < 2_000 for note in notes)
    assert "“1.pdf”也是该单位2024年的" in notes[0] and "994 个也是如此" in notes[0] and "“0.pdf”" in notes[999]
