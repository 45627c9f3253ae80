"""A validation of what has not changed stands, and the reports show what it found."""

import shutil
from pathlib import Path

import pytest

from analysis import pipeline
from analysis.project import find_project

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
TEXT = "上海市普陀区公务网管理中心-2023-单位预算.txt"


def test_a_standing_validation_is_what_reports_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = find_project()
    raw, clean_dir, site = tmp_path / "raw", tmp_path / "clean", tmp_path / "site"
    raw.mkdir()
    shutil.copy(RAW / TEXT, raw)
    pipeline.clean(project, raw, clean_dir, workers=1)
    first = pipeline.validate(project, raw, clean_dir, site, workers=1)
    assert first.height
    page = (site / "validate.html").read_bytes()

    def refuse(*_: object) -> None:
        raise AssertionError("validated again")

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "_run", refuse)
        assert pipeline.validate(project, raw, clean_dir, site, workers=1).equals(first)
    assert (site / "validate.html").read_bytes() == page
    done = pipeline.report(project, clean_dir, site, "unit", (), workers=1, progress=lambda *_: None)
    assert not done.failures
    shown = next((site / "reports" / "unit").glob("*.html")).read_text(encoding="utf-8")
    assert first["message_zh"][0].rstrip("。") in shown and "尚未核对" not in shown

    (site / "audit" / "index.html").unlink()  # what it wrote is gone: it is made again
    pipeline.validate(project, raw, clean_dir, site, workers=1)
    assert (site / "audit" / "index.html").exists()
