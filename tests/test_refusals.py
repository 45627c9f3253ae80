"""What the system refuses ends in one sentence and in 1, and nothing is lost; a terminal obeys no document."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis import cli
from analysis.dataset.generations import current
from analysis.dataset.store import read_table
from analysis.steps.clean import clean_folder
from analysis.system_errors import sentence
from analysis.terminal import Terminal, visible

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data" / "raw" / "上海市普陀区公务网管理中心-2023-单位预算.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "raw").mkdir()
    shutil.copy(SEED, folder / "raw")
    clean_folder(folder / "raw", folder / "clean")
    return folder


def arguments(command: str, made: Path, to: Path) -> list[str]:
    match command:
        case "export csv" | "export xlsx" | "export datapackage":
            return ["export", "--clean", str(made / "clean"), "--to", str(to), "--format", command.split()[1]]
        case "site" | "report":
            return [command, "--clean", str(made / "clean"), "--site", str(to)]
        case "clean":
            return ["clean", "--raw", str(made / "raw"), "--clean", str(to), "--workers", "1"]
        case _:
            return ["validate", "--clean", str(made / "clean"), "--site", str(to), "--workers", "1"]


COMMANDS = ("export csv", "export xlsx", "site", "report", "clean", "validate")


def refused(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert cli.main(command) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if line.strip()]
    assert line.startswith("错误 error: ")
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_where_a_folder_should_be_is_said_and_kept(
    command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    refused(arguments(command, made, tmp_path / "file"), capsys)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["export csv", "site", "report"])
def test_a_path_too_long_is_said(command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "路径过长" in refused(arguments(command, made, tmp_path / ("深" * 200)), capsys)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: the system refuses as where there is no room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("command", ["export csv", "export xlsx", "site"])
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with full_disk(2_000):
        assert "磁盘已满" in refused(arguments(command, made, tmp_path / "to"), capsys)
    assert all(path.stat().st_size == 0 or path.name[0] != "." for path in (tmp_path / "to").rglob("*"))
    assert cli.main(arguments(command, made, tmp_path / "to")) == 0


@pytest.mark.parametrize("command", ["export csv", "export xlsx", "site"])
def test_a_damaged_dataset_is_said(
    command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "copy", symlinks=True))
    generation = current(copy / "clean")
    assert generation is not None
    for path in (generation / "line_items").glob("*.parquet"):
        path.write_bytes(path.read_bytes()[:200])
    assert "workbench clean" in refused(arguments(command, copy, tmp_path / "to"), capsys)


def test_a_dataset_survives_a_full_disk(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "copy", symlinks=True))
    before = read_table(copy / "clean", "line_items")
    (copy / "raw" / "more.txt").write_bytes(SEED.read_bytes() + "\n又一行\n".encode())
    with full_disk(2_000), pytest.raises(OSError):
        clean_folder(copy / "raw", copy / "clean")
    assert read_table(copy / "clean", "line_items").equals(before)
    clean_folder(copy / "raw", copy / "clean")
    assert read_table(copy / "clean", "documents").height == 2


def test_what_libraries_say_of_the_system_is_understood() -> None:
    for error in (OSError(28, "No space left on device"), RuntimeError("File too large (os error 28): x")):
        assert "磁盘已满" in sentence(error)
    assert "权限" in sentence(PermissionError(13, "Permission denied", "/x/y"))
    assert "/x/y" in sentence(PermissionError(13, "Permission denied", "/x/y"))
    assert "损坏" in sentence(ValueError("not a parquet file\nmore"))
    assert "\n" not in sentence(ValueError("not a parquet file\nmore"))


HOSTILE = "a\x1b]0;title\x07\x1b[31mred\r\n错误\u202egnp\u2066x\x9b1m\ud800[bold]:warning:z"


def test_what_steers_a_terminal_is_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert visible("普通 text：100①") == "普通 text：100①"
    Terminal().say(HOSTILE)
    said = capsys.readouterr().out
    assert said == ("a\\x1b]0;title\\x07\\x1b[31mred\\r\\n错误\\u202egnp\\u2066x\\x9b1m\\ud800[bold]:warning:z\n")


def test_what_was_typed_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A shell puts names of files where somebody typed a star."""
    with pytest.raises(SystemExit):
        cli.main(["forms", "a.pdf", HOSTILE])
    said = capsys.readouterr().err
    assert "不认识的参数" in said
    assert not set(said) & set("\x1b\x07\r\x9b\u202e\u2066")
