"""What several tests share: the published documents with their gold cells, where they are to be had."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from make.browser import chromium
from playwright.sync_api import Browser

from analysis.extraction.formats.pdfium_fonts import use_bundled_fonts
from analysis.steps.clean import clean_folder

use_bundled_fonts()  # before any test opens a PDF with pdfium itself, or it would see this machine's fonts

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


# What starts notebooks, servers, clusters, Great Expectations or whole cleanings, or makes hundreds of documents: not
# for every save. Single tests of other modules that do are marked there.
SLOW = {
    "test_altered_inputs", "test_archive_folder", "test_audit_pages", "test_batch", "test_carried_balances",
    "test_check_apart", "test_class_columns", "test_cli", "test_damage", "test_data_docs", "test_dataset",
    "test_earlier_accounts", "test_earlier_checks", "test_expectations", "test_exploring", "test_families",
    "test_faults", "test_figures_lead_on", "test_fork_kernels", "test_further_layouts", "test_fuzz",
    "test_given_facts", "test_granted_expenditure", "test_halves", "test_hostile", "test_incomplete_tables",
    "test_lab", "test_layouts_elsewhere", "test_localising", "test_made_notes", "test_mistakes", "test_nbconvert",
    "test_open_data", "test_papermill", "test_planted_mistakes", "test_published_execution",
    "test_published_statements", "test_refusals", "test_report", "test_report_figures", "test_reproducible",
    "test_safe_to_open", "test_scans", "test_shards", "test_standing_validation", "test_stated_facts",
    "test_templating", "test_text_elsewhere", "test_typefaces", "test_typesetter", "test_typesetter_families",
    "test_unchecked", "test_unmapped", "test_unreliable_tables", "test_unseen_forms", "test_workers",
}  # fmt: skip


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are left out anyway, their modules are not even imported: that alone takes seconds."""
    return True if collection_path.stem in SLOW and "not slow" in config.getoption("markexpr") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and with it fonts: the rest is tested where there are none. Mark what takes long."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if item.path.stem in SLOW:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "gold").is_dir():
        pytest.skip("the published documents (../shared) are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def published_dataset(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the published documents of 万里街道 2023–2025, of final accounts alone and of a plain text."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "raw").mkdir()
    for pattern in ("putuo-wanli-*.pdf", "putuo-caizhengju-2024-final.pdf", "putuo-gongwuwang-2023-unit.txt"):
        for path in sorted((shared / "documents").glob(pattern)):
            shutil.copy(path, folder / "raw")
    clean_folder(folder / "raw", folder / "clean", workers=2)
    return folder / "clean"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all tests of pages."""
    with chromium() as opened:
        yield opened
