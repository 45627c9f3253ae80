"""An archive of published files is a folder: each file has its own row, its own pictures, and limits."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from make.hostile_files import Good, flagged_encrypted, good_document, zip_of

from analysis.dataset.store import read_table
from analysis.errors import UnreadableFileError
from analysis.extraction.evidence.snapshots import SnapshotTask, take
from analysis.extraction.formats import archive_folder
from analysis.extraction.formats.archive_folder import on_disk
from analysis.steps.clean import clean_folder
from analysis.steps.raw_files import find_files
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Excerpt, SnapshotRequest


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_document(tmp_path_factory.mktemp("good"))


def found_in(tmp_path: Path, archive: bytes) -> dict[str, str | None]:
    """What is found in a raw folder with this archive: the refusal of each file."""
    (tmp_path / "a.zip").write_bytes(archive)
    return {file.source_file: file.refusal for file in find_files(tmp_path)}


def named(files: Mapping[bytes, bytes]) -> bytes:
    """An archive whose names are bytes in no declared encoding, as Chinese systems write them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo("n" * len(name)), data)
            target_name = name
    return target.getvalue().replace(b"n" * len(target_name), target_name)


def test_the_files_of_an_archive_are_cleaned_each_on_its_own(good: Good, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    files = {"表/b.html": good["html"], "c.txt": good["txt"] + b"\n", ".hidden": b"", "__MACOSX/c.txt": b""}
    (raw / "a.zip").write_bytes(zip_of(files))
    clean_folder(raw, tmp_path / "clean")
    documents = read_table(tmp_path / "clean", "documents").select("source_file", "status").rows()
    assert sorted(documents) == [("a.zip/c.txt", "parsed"), ("a.zip/表/b.html", "parsed")]
    (found,) = (file for file in find_files(raw) if file.path.suffix == ".html")
    item = read_table(tmp_path / "clean", "line_items").filter(source_file="a.zip/表/b.html").row(0, named=True)
    place = Place.from_row(item)
    (shown,) = take(SnapshotTask(raw / "a.zip/表/b.html", str(found.sha256), (SnapshotRequest(place),)))
    assert isinstance(shown.views[0], Excerpt)


def test_names_in_the_encoding_of_a_chinese_system_are_read(tmp_path: Path) -> None:
    archive = named({"预算.txt".encode("gb18030"): "预算".encode()})
    assert found_in(tmp_path, archive) == {"a.zip/预算.txt": None}
    with on_disk(tmp_path / "a.zip" / "预算.txt") as copy:
        assert copy.read_text(encoding="utf-8") == "预算"
    assert not copy.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("../up.txt", "指向包外"), ("/etc/up.txt", "指向包外"), ("C:up.txt", "指向包外"), ("inner.zip", "请解压"),
     ("inner.7z", "请解压")],
)  # fmt: skip
def test_what_leads_out_or_further_in_is_refused(name: str, words: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, zip_of({name: b"x", "b.txt": b"y"}))
    assert set(found) == {"a.zip", "a.zip/b.txt"}
    assert words in str(found["a.zip"])


def test_locked_empty_and_damaged_archives_are_said(tmp_path: Path) -> None:
    assert "密码" in str(found_in(tmp_path, flagged_encrypted(zip_of({"b.txt": b"y"})))["a.zip"])
    assert "空的" in str(found_in(tmp_path, zip_of({".hidden": b""}))["a.zip"])
    damaged = zip_of({"b.txt": b"y" * 5000})
    middle = damaged.index(b"b.txt") + 8
    found = found_in(tmp_path, damaged[:middle] + b"\xff\xff\xff" + damaged[middle + 3 :])
    assert "损坏" in str(found["a.zip/b.txt"])


def test_limits_of_count_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zip_of({"b.txt": b"y" * 2000, "c.txt": b"y" * 2000})
    monkeypatch.setattr(archive_folder, "MAX_BYTES", 1000)
    assert "过大" in str(found_in(tmp_path, archive)["a.zip/b.txt"])
    monkeypatch.setattr(archive_folder, "MAX_FILES", 1)
    assert list(found_in(tmp_path, archive)) == ["a.zip"]


def test_a_path_that_leads_to_nothing_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({"b.txt": b"y"}))
    for name in ("a.zip/none.txt", "none.txt", "none/b.txt"):
        with pytest.raises(FileNotFoundError), on_disk(tmp_path / name):
            pass
    with pytest.raises(UnreadableFileError, match="不在原处"):
        take(SnapshotTask(tmp_path / "a.zip" / "none.txt", "0", ()))
