"""The same documents give the same checks and findings to the last byte, however busy the machine is."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from typesetter.corpus import Plan, make_corpus

from analysis.dataset.store import read_table
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.steps.earlier_checks import FOLDER

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("checks", "findings", "duties")


def _spin() -> None:
    while True:
        pass


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """So many loops that take whole cores beside what is done."""
    running = [get_context("spawn").Process(target=_spin, daemon=True) for _ in range(loops)]
    for one in running:
        one.start()
    try:
        yield
    finally:
        for one in running:
            one.terminate()
            one.join()


def written(clean: Path, site: Path) -> dict[str, str]:
    """The digests of what a validation that takes nothing over writes."""
    shutil.rmtree(clean / FOLDER, ignore_errors=True)
    check_dataset(clean, None, ROOT / "expectations", site, distribution=Distribution(1))
    return {name: hashlib.sha256((clean / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}


@pytest.mark.slow
def test_checks_and_findings_are_the_same_bytes_alone_and_beside_two_busy_loops(tmp_path: Path) -> None:
    make_corpus(Plan(1, 5, "html", errors=5, family="national"), tmp_path / "corpus", 1)
    clean_folder(tmp_path / "corpus" / "raw", tmp_path / "clean", workers=1)
    alone = written(tmp_path / "clean", tmp_path / "site")
    assert read_table(tmp_path / "clean", "findings").height
    with busy(2):
        assert written(tmp_path / "clean", tmp_path / "site") == alone
