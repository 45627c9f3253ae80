"""A small campaign of altered files, and that its oracle sees what it is there to see."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from fuzz import campaign
from fuzz.alterations import ALTERATIONS, alter
from fuzz.campaign import good_files, run_campaign
from fuzz.kills import run_kills

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def good() -> Mapping[str, bytes]:
    return good_files()


def test_the_same_seed_alters_in_the_same_way_and_every_way_is_met(good: Mapping[str, bytes]) -> None:
    met = set()
    for seed in range(150):
        for name, data in good.items():
            ending = name.rpartition(".")[2]
            how, altered = alter(data, ending, Random(seed))
            assert (how, altered) == alter(data, ending, Random(seed))
            met.add(how)
    assert met == set(ALTERATIONS)


def test_whatever_a_file_is_the_promises_hold(tmp_path: Path) -> None:
    found = run_campaign(tmp_path, 11, 18, batch=18, expectations=ROOT / "expectations")
    assert found.violations == []
    assert found.files == 18 == sum(found.became[status] for status in ("parsed", "partial", "failed", "duplicate"))


def test_the_oracle_sees_a_file_without_a_word_and_one_that_touches_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = campaign._Judged.of

    def worse(clean_dir: Path) -> campaign._Judged:
        judged = real(clean_dir)
        if clean_dir.parent.name == "bare":
            return judged
        documents = judged.tables["documents"].with_columns(message=None, tables=0)
        return campaign._Judged({**judged.tables, "documents": documents}, judged.figures)

    monkeypatch.setattr(campaign._Judged, "of", worse)
    found = run_campaign(tmp_path, 11, 6, batch=6, expectations=ROOT / "expectations")
    words = " ".join(violation.words for violation in found.violations)
    assert "documents of the good files are others" in words
    assert "nobody says why" in words
    assert list((tmp_path / "kept").iterdir())


def test_a_killed_cleaning_leaves_the_old_dataset_or_the_new(tmp_path: Path) -> None:
    assert run_kills(tmp_path / "kills", seed=3, kills=2) == []
