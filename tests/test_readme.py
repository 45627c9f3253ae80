"""The READMEs say what the commands do: each command in them is one that there is."""

import re
import shlex
from pathlib import Path

import pytest

from analysis.cli import _parser, main

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")


def code(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    return [*blocks.splitlines(), *re.findall(r"`(workbench [^`]*|make [a-z]+)`", text)]


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_stand_at_the_top(name: str) -> None:
    first = (ROOT / name).read_text(encoding="utf-8").split("```sh\n")[1].split("```")[0]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_understood(name: str) -> None:
    commands = [line.split("#")[0].strip() for line in code(name) if line.startswith("workbench ")]
    assert len(commands) >= 7
    for command in commands:
        _parser().parse_args(shlex.split(command.replace("...", "").replace("…", ""))[1:])


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_is_there(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in {line.split()[1] for line in code(name) if line.startswith("make ")}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", READMES)
def test_every_linked_file_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_every_command_of_the_program_is_in_both_readmes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    commands = re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE)
    assert len(commands) >= 7
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert all(f"workbench {command}" in text for command in commands)


@pytest.mark.parametrize("name", READMES)
def test_the_shipped_documents_are_counted_right(name: str) -> None:
    counted = re.search(r"`data/raw`[^\n]*?(\d+)", (ROOT / name).read_text(encoding="utf-8"))
    shipped = [path for path in (ROOT / "data" / "raw").iterdir() if path.suffix in (".pdf", ".xlsx", ".docx", ".txt")]
    assert counted is not None and int(counted[1]) == len(shipped)
