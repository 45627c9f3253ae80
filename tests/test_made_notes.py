"""Made notes and forms of goals, in the words and layouts of many places: read exactly, wrong only where planted."""

import sys
from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.reading.read_document import read_document

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.notes import held_against, made, pair_outcome


@pytest.mark.parametrize("index", range(28))
def test_what_is_stated_is_read_and_what_was_planted_is_told(index: int, tmp_path: Path) -> None:
    name, noted = made(index, tmp_path)
    outcome = held_against(name, noted, read_document(tmp_path / name, FAMILIES))
    assert (outcome.missing, outcome.wrong) == ((), ()), noted.style
    assert outcome.silent == ()
    assert [finding.message_zh for finding in outcome.false] == []
    assert outcome.right > 20


@pytest.mark.parametrize("index", range(8))
def test_two_documents_that_do_not_agree_are_told_and_those_that_do_are_not(index: int, tmp_path: Path) -> None:
    outcome = pair_outcome(index, tmp_path)
    assert len(outcome.planted) == index // 2 % 2
    assert outcome.told == outcome.planted
