"""Shards and clusters: whatever the parts and whoever works on them, dataset and findings are the same bytes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_cluster import cluster
from make.dataset_files import content
from make.datasets import write_dataset
from typesetter.corpus import Plan, make_corpus

from analysis.dataset.document_rows import identifier
from analysis.dataset.store import read_table, to_frame
from analysis.errors import WorkbenchError
from analysis.steps.check import LOCAL, Distribution, check_dataset
from analysis.steps.clean import Cleaning, clean_folder
from analysis.steps.earlier_checks import FOLDER
from analysis.steps.shards import split_into_shards
from analysis.terms.identity import Organisations

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = 24


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made documents of several organisations and years, some with planted errors, and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(Plan(DOCUMENTS, seed=3, format="html", errors=8), folder)
    (folder / "raw" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    return folder / "raw"


@pytest.fixture(scope="module")
def clean(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "clean"
    assert clean_folder(raw, folder) == Cleaning(DOCUMENTS + 1, DOCUMENTS + 1, 0, 1)
    return folder


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with cluster() as address:
        yield address


def audited(clean_dir: Path, site: Path, distribution: Distribution = LOCAL) -> dict[str, bytes]:
    """Checks, findings and pages of an audit that takes nothing over."""
    shutil.rmtree(clean_dir / FOLDER, ignore_errors=True)
    check_dataset(clean_dir, None, ROOT / "expectations", site, distribution=distribution)
    made = {name: (clean_dir / f"{name}.parquet").read_bytes() for name in ("checks", "findings")}
    return made | {path.name: path.read_bytes() for path in (site / "audit").glob("*.html")}


@pytest.fixture(scope="module")
def whole(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return audited(clean, tmp_path_factory.mktemp("whole"))


def test_a_cluster_cleans_to_the_same_bytes(raw: Path, clean: Path, scheduler: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = clean_folder(raw, tmp_path / "clean", scheduler=scheduler, progress=lambda *step: told.append(step[:2]))
    assert done == Cleaning(DOCUMENTS + 1, DOCUMENTS + 1, 0, 1)
    assert content(tmp_path / "clean") == content(clean)
    assert told[-1] == (DOCUMENTS + 1, DOCUMENTS + 1)


def test_a_cluster_finds_the_same(clean: Path, whole: dict[str, bytes], scheduler: str, tmp_path: Path) -> None:
    assert audited(clean, tmp_path / "site", Distribution(scheduler=scheduler, shard_size=5)) == whole


@pytest.mark.parametrize(("shard_size", "workers"), [(1, 1), (7, 2)])
def test_the_size_of_the_shards_and_the_workers_change_nothing(
    clean: Path, whole: dict[str, bytes], tmp_path: Path, shard_size: int, workers: int
) -> None:
    assert len(split_into_shards(clean, shard_size=shard_size)) >= 3
    assert audited(clean, tmp_path / "site", Distribution(workers, shard_size=shard_size)) == whole
    assert read_table(clean, "findings").height >= 8


def test_a_scheduler_that_is_not_there_is_named_and_the_dataset_stays(raw: Path, clean: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(clean, tmp_path / "clean", symlinks=True))
    before = content(folder)
    shutil.copytree(raw, tmp_path / "raw")
    (tmp_path / "raw" / "new.txt").write_text("某单位2024年预算")
    with pytest.raises(WorkbenchError, match="Dask"):
        clean_folder(tmp_path / "raw", folder, scheduler="tcp://127.0.0.1:1")
    assert content(folder) == before


def documents_of(folder: Path, *organisations: str | None) -> Path:
    """A dataset of two documents for each organisation, of two years."""
    rows = [
        {
            "document_id": f"{number}-{year}", "source_file": f"{number}-{year}.pdf", "status": "parsed",
            "organisation": name, "organisation_id": identifier(name) if name else None, "document_year": year,
            "tables": 0, "other_tables": 0,
        }
        for number, name in enumerate(organisations) for year in (2023, 2024)
    ]  # fmt: skip
    write_dataset({"documents": to_frame(rows, "documents")}, folder, "version")
    return folder


def test_a_shard_holds_whole_organisations_and_all_that_belong_together(tmp_path: Path) -> None:
    folder = documents_of(tmp_path, "甲局", "乙中心", "丙局", "丁局", None)
    alone = split_into_shards(folder, shard_size=1)
    assert sorted(len(one.documents) for one in alone) == [2, 2, 2, 2, 2]
    assert all(len(one.partitions) == 2 for one in alone)
    assert {name for one in alone for name in one.partitions} >= {"2023-none", f"2024-{identifier('甲局')}"}
    told = Organisations(renamed={"丙局": "丁局"}, department_of={"乙中心": "甲局"})
    together = [set(one.documents) for one in split_into_shards(folder, told, shard_size=1)]
    assert {"0-2023", "0-2024", "1-2023", "1-2024"} in together
    assert {"2-2023", "2-2024", "3-2023", "3-2024"} in together
    assert [len(one.documents) for one in split_into_shards(folder)] == [10]
