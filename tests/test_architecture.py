"""The walls between the rooms, walked import by import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "analysis"
ROOMS = ("terms", "reading", "balancing", "publishing")
# What a room may import from the package.
ALLOWED = {
    "terms": {"terms", "errors"},
    "reading": {"terms", "knowledge", "errors", "reading"},
    "balancing": {"terms", "knowledge", "errors", "balancing"},
    "publishing": {"terms", "knowledge", "errors", "publishing"},
}
ONLY_IN = {
    "great_expectations": "balancing",
    "ortools": "balancing",
    "papermill": "publishing",
    "nbconvert": "publishing",
    "matplotlib": "publishing",
    "plotly": "publishing",
    "pypdfium2": "reading",
    "python_calamine": "reading",
    "duckdb": "publishing",
    "ipywidgets": "publishing",
    "jupyterlab": "publishing",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield f"{node.module}.{node.names[0].name}" if node.module == "analysis" else str(node.module)


def modules(room: str) -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    assert modules(room)
    for path in modules(room):
        for name in imports(path):
            if name.startswith("analysis."):
                assert name.split(".")[1] in ALLOWED[room], f"{path.relative_to(PACKAGE)} imports {name}"


def test_workers_know_nothing_of_what_they_do() -> None:
    assert modules("working")
    for path in modules("working"):
        for name in imports(path):
            if name.startswith("analysis."):
                assert name.split(".")[1] in {"errors", "working"}, f"{path.name} imports {name}"


def test_terms_stand_on_the_standard_library_alone() -> None:
    import sys

    for path in modules("terms"):
        for name in imports(path):
            top = name.split(".")[0]
            assert top == "analysis" or top in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.mark.parametrize(("library", "room"), ONLY_IN.items())
def test_a_heavy_library_enters_by_one_room(library: str, room: str) -> None:
    found = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert found <= {room}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not names & {"utils", "helpers", "misc", "common"}


def test_nothing_swallows_every_exception() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                assert caught not in {"", "Exception", "BaseException"}, path
