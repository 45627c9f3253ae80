"""What several tests share: the published documents with their gold cells, where they are to be had."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "gold").is_dir():
        pytest.skip("the published documents (../shared) are not on this machine")
    return SHARED
