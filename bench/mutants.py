"""How many wrong lines the tests notice: one-line changes over reading, balancing and reports, drawn by a seed.

Each mutant is the package with one operator or number changed in one function; it is killed where the tests of its room
fail, or do not come to an end. A mutant that survives is a line that nobody tests, or a change that changes nothing
(say which, and write the test). Run it by `make mutants` on a machine that does nothing else: most end within a minute,
one that survives has been through all tests of its room.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from bench.documents import ROOT

PACKAGE = ROOT / "src" / "analysis"
_TESTS = ROOT / "tests"
SECONDS = 1800


@dataclass(frozen=True, slots=True)
class RoomTests:
    """The test modules that speak of a room: those that import it, and those that reach it by what they run.

    Most mutants end at the quick tests of a module; what is slow runs after them.
    """

    room: str
    beside: tuple[str, ...]

    def stages(self, module: Path | None = None) -> Iterator[list[str]]:
        """What pytest is asked to run, the cheapest first: tests that share a word of their name with the module."""
        words = {word for part in module.with_suffix("").parts[1:] for word in part.split("_")} if module else set()
        names = self.names()
        if near := [name for name in names if words & set(name.split("_"))]:
            yield ["-m", "not browser and not slow", *_files(near)]
        yield ["-m", "not browser and not slow", *_files(names)]
        yield ["-m", "not browser and slow", *_files(names)]

    def names(self) -> list[str]:
        """The names of the test modules, in the order of the alphabet."""
        importing = re.compile(rf"\banalysis\.{self.room}\b")
        found = {path.stem.removeprefix("test_") for path in _TESTS.glob("test_*.py") if importing.search(_text(path))}
        return sorted(found | set(self.beside))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _files(names: Iterable[str]) -> list[str]:
    return [f"tests/test_{name}.py" for name in names]


TESTS = {
    one.room: one
    for one in (
        RoomTests("extraction", ("seed", "text_document", "typesetter", "unseen_forms")),
        RoomTests("reading", ("families", "halves", "seed", "terms", "text_document", "typesetter", "unseen_forms")),
        RoomTests("balancing", ("seed", "shards", "text_document")),
        RoomTests("reports", ()),
    )
}
COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
ARITHMETIC = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one place changed: characters from `start` to `end` of the line become `text`."""

    module: Path
    line: int
    start: int
    end: int
    text: str

    def source(self) -> str:
        lines = self.module.read_text(encoding="utf-8").split("\n")
        line = lines[self.line - 1].encode()  # the parser counts bytes
        lines[self.line - 1] = (line[: self.start] + self.text.encode() + line[self.end :]).decode()
        return "\n".join(lines)

    def __str__(self) -> str:
        line = self.module.read_text(encoding="utf-8").split("\n")[self.line - 1].encode()
        changed = self.source().split("\n")[self.line - 1].strip()
        place = f"{self.module.relative_to(PACKAGE)}:{self.line}"
        return f"{place}: {line[self.start : self.end].decode()} -> {self.text}    {changed}"


def mutants(module: Path) -> Iterator[Mutant]:
    """Every mutant of a module: operators and small numbers within its functions."""
    source = module.read_text(encoding="utf-8")
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(ast.Module(body=function.body, type_ignores=[])):
                yield from _of_node(module, source, node)


def _of_node(module: Path, source: str, node: ast.AST) -> Iterator[Mutant]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(module, source, node.left, node.comparators[0], COMPARISONS.get(type(node.ops[0])))
    elif isinstance(node, ast.BinOp):
        text = isinstance(node.left, ast.JoinedStr) or isinstance(node.right, ast.JoinedStr)
        if not text:
            yield from _between(module, source, node.left, node.right, ARITHMETIC.get(type(node.op)))
    elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
        yield from _between(module, source, *node.values, "or" if isinstance(node.op, ast.And) else "and")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Mutant(module, node.lineno, node.col_offset, node.operand.col_offset, "")
    elif isinstance(node, ast.Constant) and type(node.value) is int and 0 <= node.value <= 10:
        yield Mutant(module, node.lineno, node.col_offset, node.end_col_offset or 0, str(node.value + 1))
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield Mutant(module, node.lineno, node.col_offset, node.end_col_offset or 0, str(not node.value))


def _between(module: Path, source: str, left: ast.expr, right: ast.expr, text: str | None) -> Iterator[Mutant]:
    """The operator between two expressions of one line, without the brackets around them."""
    if text is None or left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    line = source.split("\n")[right.lineno - 1].encode()
    between = line[left.end_col_offset : right.col_offset].decode()
    operator = between.strip("() ")
    if operator and not set(operator) & set("()"):
        start = left.end_col_offset + between.index(operator)
        yield Mutant(module, right.lineno, start, start + len(operator), text)


def drawn(count: int, seed: int) -> list[Mutant]:
    """As many mutants of each room, from modules drawn in turn, so that long ones do not fill the sample."""
    random, chosen = Random(seed), list[Mutant]()
    for room in TESTS:
        modules = sorted((PACKAGE / room).rglob("*.py"))
        random.shuffle(modules)
        found: list[Mutant] = []
        while len(found) < count // len(TESTS):
            for module in modules:
                those = [one for one in mutants(module) if one not in found]
                if those:
                    found.append(random.choice(those))
        chosen += found[: count // len(TESTS)]
    return chosen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: which test failed first, or that the tests came to no end; else it survived."""

    failed: str | None = None
    endless: bool = False

    @property
    def killed(self) -> bool:
        return self.endless or self.failed is not None

    def __str__(self) -> str:
        if self.endless:
            return f"no end within {SECONDS} s"
        return f"by {self.failed}" if self.failed else "SURVIVES"


def outcome(mutant: Mutant) -> Outcome:
    """The first test of the mutant's room that fails with it, and passes without it.

    Only the test that failed is asked again of the package as it is: all of them would take longer than the mutants.

    Raises:
        SystemExit: a test fails without the mutant too.
    """
    module = mutant.module.relative_to(PACKAGE)
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # some tests are another user, who must come this far
        shutil.copytree(ROOT / "src", Path(folder) / "src", ignore=shutil.ignore_patterns("__pycache__"))
        changed = Path(folder) / "src" / "analysis" / module
        changed.write_text(mutant.source(), encoding="utf-8")
        for asked in TESTS[module.parts[0]].stages(module):
            found = _tested(asked, Path(folder))
            if found.failed:
                changed.write_text(_text(mutant.module), encoding="utf-8")
                if _tested([found.failed] if found.failed.startswith("tests/") else asked, Path(folder)).killed:
                    sys.exit(f"{found.failed} fails without a mutant, mend it first")
            if found.killed:
                return found
    return Outcome()


def _tested(asked: list[str], folder: Path) -> Outcome:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "-p", "no:cacheprovider", *asked]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, timeout=SECONDS, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        return Outcome(endless=True)
    if ended.returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return Outcome()
    named = re.search(r"^(?:FAILED|ERROR) (tests/[^\n]+?)(?: - |$)", ended.stdout, re.MULTILINE)
    return Outcome(failed=named[1] if named else "a start that fails")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    chosen, killed = drawn(options.count, options.seed), Counter[str]()
    with ThreadPoolExecutor(options.workers) as pool:
        for mutant, became in zip(chosen, pool.map(outcome, chosen), strict=True):
            room = mutant.module.relative_to(PACKAGE).parts[0]
            killed[room] += became.killed
            print(f"{mutant}\n    {became}", flush=True)
    each = len(chosen) // len(TESTS)
    for room in TESTS:
        print(f"{room}: killed {killed[room]} of {each}")
    print(f"all: killed {killed.total()} of {len(chosen)} ({100 * killed.total() / len(chosen):.0f} %)")


if __name__ == "__main__":
    main()
