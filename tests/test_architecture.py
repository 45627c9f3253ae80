"""The walls between the rooms: imports, strings that name modules, and paths into other rooms."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "analysis"
# What everybody may use: how things fail, how a file appears whole, what comes nearest to a wrong name.
FREE = {"errors", "atomic", "suggestions"}
BOOKS = {"terms", "knowledge"}
# What a room may know of the others.
ALLOWED = {
    "terms": set(),
    "knowledge": {"terms"},
    "recognising": BOOKS,
    "extraction": {"recognising", *BOOKS},
    "reading": {"extraction", "recognising", *BOOKS},
    "balancing": BOOKS,
    "dataset": BOOKS,
    "runtime": set(),
    "indicators": BOOKS,
    "display": BOOKS,
    "charts": {"indicators", "display", *BOOKS},
    "pages": {"display", "runtime"},
    "reports": {"charts", "indicators", "display", "dataset", "pages", "runtime", *BOOKS},
    "site": {"reports", "charts", "display", "dataset", "pages", *BOOKS},
    "exploring": {"reports", "charts", "display", "dataset", *BOOKS},
    "steps": {
        "recognising",
        "extraction",
        "reading",
        "balancing",
        "dataset",
        "runtime",
        "display",
        "pages",
        "reports",
        "site",
        "exploring",
        *BOOKS,
    },
}
# Only here may a library be imported: a room, or a folder of one.
ONLY_IN = {
    "great_expectations": ("balancing/gx",),
    "ortools": ("balancing",),
    "papermill": ("runtime/kernels",),
    "nbclient": ("runtime/kernels",),
    "nbconvert": ("pages",),
    "matplotlib": ("charts",),
    "plotly": ("charts", "pages"),
    "pypdfium2": ("extraction",),
    "python_calamine": ("extraction", "knowledge"),
    "duckdb": ("exploring",),
    "ipywidgets": ("exploring",),
    "jupyterlab": ("exploring",),
    "distributed": ("runtime",),
    "msgspec": ("knowledge", "runtime/kernels"),
}
MODULES = {
    ".".join(("analysis", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
}
_NAMED = re.compile(r"\banalysis(?:\.\w+)+")


def modules(room: str) -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A module of the package, parsed once for all walls."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def docstrings(tree: ast.AST) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body)
    return {id(first.value) for first in bodies if isinstance(first, ast.Expr)}


def strings(path: Path) -> Iterator[str]:
    tree = parsed(path)
    told = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def room_of(name: str) -> str | None:
    """The room, or module of the top floor, that a dotted name leads to."""
    parts = name.split(".")
    return parts[1] if parts[0] == "analysis" and len(parts) > 1 and parts[1] != "__version__" else None


def test_every_room_has_its_walls() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(ALLOWED)


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    assert modules(room)
    for path in modules(room):
        for name in imports(path):
            other = room_of(name)
            assert other in {None, room, *ALLOWED[room], *FREE}, f"{path.relative_to(PACKAGE)} imports {name}"


@pytest.mark.parametrize("room", ALLOWED)
def test_a_string_leads_through_no_wall(room: str) -> None:
    for path in modules(room):
        for text in strings(path):
            for name in _NAMED.findall(text):
                other = room_of(name)
                assert other in {room, *ALLOWED[room], *FREE}, f"{path.relative_to(PACKAGE)} names {name}"
                assert any(one == name or one.startswith(f"{name}.") or name.startswith(f"{one}.") for one in MODULES)


@pytest.mark.parametrize("room", ALLOWED)
def test_a_path_leads_into_no_other_room(room: str) -> None:
    """Files of a room are opened by that room; what several need lies in assets."""
    rooms = set(ALLOWED) - {room}
    for path in modules(room):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
                first = ast.unparse(node.left)
                if "files(" in first or "__file__" in first:
                    assert node.right.value not in rooms, f"{path.relative_to(PACKAGE)} opens {node.right.value}"


def test_rooms_form_no_circle() -> None:
    seen: set[str] = set()

    def visit(room: str, way: tuple[str, ...]) -> None:
        assert room not in way, " → ".join((*way, room))
        if room not in seen:
            for other in sorted(ALLOWED[room]):
                visit(other, (*way, room))
            seen.add(room)

    for room in ALLOWED:
        visit(room, ())


def test_modules_form_no_circle() -> None:
    """What is imported at the top of a module; an import within a function may look back."""
    arrows: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(("analysis", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        found = arrows.setdefault(name, set())
        for node in parsed(path).body:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    found.add(inner if inner in MODULES else str(node.module))
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(arrows.get(name, ())):
                if other in MODULES and other != name:
                    visit(other, (*way, name))
            done.add(name)

    for name in sorted(arrows):
        visit(name, ())


def test_no_room_holds_more_than_a_quarter() -> None:
    sizes = {room: sum(len(path.read_text().splitlines()) for path in modules(room)) for room in ALLOWED}
    assert max(sizes.values()) <= sum(sizes.values()) / 4, sizes


def test_terms_stand_on_the_standard_library_alone() -> None:
    for path in modules("terms"):
        for name in imports(path):
            top = name.split(".")[0]
            assert top == "analysis" or top in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.mark.parametrize(("library", "places"), ONLY_IN.items())
def test_a_heavy_library_enters_by_one_door(library: str, places: tuple[str, ...]) -> None:
    for path in PACKAGE.rglob("*.py"):
        if any(name.split(".")[0] == library for name in imports(path)):
            where = path.relative_to(PACKAGE).as_posix()
            assert any(where.startswith(f"{place}/") for place in places), f"{where} imports {library}"


def test_reading_and_balancing_meet_at_one_door() -> None:
    both = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if {"reading", "balancing"} <= {room_of(name) for name in imports(path)}
    ]
    assert both == ["steps/read_and_resolve.py"]


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not names & {"utils", "helpers", "misc", "common"}


def test_a_module_name_means_one_thing() -> None:
    names = [path.stem for path in PACKAGE.rglob("*.py") if path.stem != "__init__"]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_class_name_means_one_thing() -> None:
    names = [
        node.name for path in PACKAGE.rglob("*.py") for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_nothing_swallows_every_exception() -> None:
    """But for the worker's boundary: whatever a task raises belongs to the task, not to the process that has it."""
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(node.type))))
    ]
    assert found == ["runtime/worker.py"]
