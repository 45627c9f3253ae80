"""Executing a notebook with parameters: papermill, with its gaps closed.

- A parameter that the notebook does not declare is refused; papermill only logs a warning.
- Text stays text ("0201" is no number) and Chinese stays readable in the injected cell.
- The output appears under its name only after every cell ran. papermill writes in place at every cell, calls a notebook
  whose kernel died "completed", and takes `sys.exit(0)` for success: it does not write, and none of its words about
  success is believed here.
- Kernels are forked from a server that has their imports, and talk over local sockets, so many at once cannot take each
  other's ports. A notebook has a limit of time and of memory.
- What failed is kept as `*.failed.ipynb`, with the error in its metadata.
- What is kept tells nothing of the machine or the minute: times and paths that papermill adds are gone, folders among
  the parameters are named from where it lies, cells have stable ids, so the same data give the same notebook.

This and `pages` are the only modules that know papermill, nbclient and nbconvert.
"""

import analysis.runtime.kernels.schemas  # noqa: F401 - before whatever imports nbformat

# isort: split
import json
import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import papermill
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from nbformat.v4.rwbase import split_lines, strip_transient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.translators import PythonTranslator, papermill_translators

from analysis.atomic import replacing
from analysis.errors import KernelDiedError, NotebookError, ParameterError
from analysis.runtime.kernels.ahead import ahead
from analysis.runtime.kernels.client import NotebookClient
from analysis.runtime.kernels.fork_client import may_fork
from analysis.runtime.kernels.limits import RunLimits
from analysis.suggestions import nearest

Parameter = str | int | float | bool | None
_KERNEL = {"PLOTLY_RENDERER": "plotly_mimetype", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
_START_SECONDS = 120
_TIMES = ("start_time", "end_time", "duration", "input_path", "output_path", "environment_variables")
_WITHOUT_END = 10**9


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine with an environment for the kernel that is not that of the whole process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        limits, environment = options["limits"], options["environment"]
        seconds = limits.seconds or _WITHOUT_END
        client = NotebookClient(
            nb_man,
            seconds,
            limits.ahead,
            km=ahead.take(environment),
            kernel_name=kernel_name,
            timeout=seconds,
            startup_timeout=_START_SECONDS,
            log=logging.getLogger("papermill"),
        )
        client.execute(env=environment)


_TYPES: Mapping[str, type[int] | type[float]] = {"int": int, "float": float}


class _ReadablePython(PythonTranslator):  # type: ignore[misc]
    """Writes texts as Python does, so that Chinese is not turned into escapes."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val: str) -> str:
        return repr(str_val)


def execute(notebook: Path, output: Path, parameters: Mapping[str, Parameter], limits: RunLimits | None = None) -> None:
    """Run `notebook` with `parameters` and put the executed notebook at `output`.

    Args:
        notebook: A notebook with one cell tagged "parameters".
        output: Where the executed notebook goes, atomically; an older one is replaced only on success.
        parameters: Values for the declared parameters; those not named keep their default.
        limits: How it is run, and what it may take.

    Raises:
        ParameterError: The notebook declares no such parameter.
        NotebookError: A cell failed, the kernel died, or not every cell ran; the notebook is kept as `*.failed.ipynb`.
    """
    check_parameters(notebook, parameters)
    papermill_engines.register("workbench", _Engine)
    papermill_translators.register("python", _ReadablePython)
    papermill_translators.register("python3", _ReadablePython)
    limits = limits or RunLimits()
    environment = {**os.environ, **_KERNEL, **limits.environment()}
    ended = _run(notebook, parameters, limits, environment)
    if limits.ahead and may_fork(environment):
        ahead.start(environment)
    failed = output.with_suffix(".failed.ipynb")
    if ended.why is None:
        _write(ended.notebook, output, {"status": "completed"}, _from_its_place(parameters, output.parent))
        failed.unlink(missing_ok=True)
        return
    kept = ""
    if ended.notebook is not None:
        _write(ended.notebook, failed, {"status": "failed", "error": ended.why})
        kept = f" 出错的笔记本：{failed.name}"
    fault = KernelDiedError if ended.died else NotebookError
    raise fault(f"{notebook.name} 未能执行完毕：{ended.why}{kept}")


def load(notebook: Path) -> nbformat.NotebookNode:
    """Read a notebook file."""
    notebook_node: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    return notebook_node


def declared_parameters(notebook: Path) -> frozenset[str]:
    """The names of the parameters that the notebook declares.

    Raises:
        NotebookError: It is no notebook, or names no kernel.
    """
    return _declared(notebook, notebook.stat().st_mtime_ns)


@cache
def _declared(notebook: Path, changed: int) -> frozenset[str]:
    try:
        return frozenset(papermill.inspect_notebook(_literal(notebook)))
    except ValueError as error:  # it is no JSON, or names no kernel
        raise NotebookError(
            f"{notebook.name} 不能运行（{error}）；请在 JupyterLab 中打开它，选择内核并保存。"
            " / this notebook cannot be run: open it in JupyterLab, choose a kernel and save it"
        ) from error


def typed_parameters(notebook: Path, given: Mapping[str, str]) -> dict[str, Parameter]:
    """Values from a command line as the notebook declares them: "2024" is a number only where a number is declared.

    Raises:
        NotebookError: It is no notebook, or names no kernel.
        ParameterError: The notebook declares no such parameter, or a value is none of its type.
    """
    check_parameters(notebook, given)
    declared = papermill.inspect_notebook(_literal(notebook))
    try:
        return {name: _TYPES.get(str(declared[name]["inferred_type_name"]), str)(text) for name, text in given.items()}
    except ValueError as error:
        raise ParameterError(
            f"{notebook.name} 的参数不能这样写：{error} / a value is not of the declared type"
        ) from error


def check_parameters(notebook: Path, parameters: Mapping[str, Parameter]) -> None:
    """Refuse parameters that the notebook does not declare, before any kernel starts.

    Raises:
        ParameterError: With the nearest declared names.
    """
    declared = declared_parameters(notebook)
    for name in parameters:
        if name not in declared:
            near = "、".join(nearest(name, declared)) or "、".join(sorted(declared))
            raise ParameterError(f"{notebook.name} 没有参数“{name}”；最接近的有：{near}。")


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a run ended: the notebook as far as it came, why not further, and whether its kernel died."""

    notebook: Any
    why: str | None = None
    died: bool = False


def _run(
    notebook: Path, parameters: Mapping[str, Parameter], limits: RunLimits, environment: Mapping[str, str]
) -> _Ended:
    """Run the notebook by papermill, which prepares, runs and judges in three calls.

    In one call it would write as well, which takes as long as ten cells.
    """
    prepared = None
    try:
        prepared = papermill.execute_notebook(
            _literal(notebook),
            None,
            parameters=dict(parameters),
            kernel_name="python3",
            progress_bar=False,
            prepare_only=True,
        )
        papermill_engines.execute_notebook_with_engine(
            "workbench", prepared, "python3", progress_bar=False, limits=limits, environment=environment
        )
        raise_for_execution_errors(prepared, None)
    except PapermillExecutionError as error:
        short = f"内存不足{_allowed(limits)} MemoryError: " if error.ename == "MemoryError" else f" {error.ename}："
        return _Ended(prepared, f"第 {error.exec_count} 个代码单元{short}{error.evalue}")
    except CellTimeoutError:
        words = f"运行超过 {limits.seconds} 秒，已中止；可用 --seconds 放宽。 / stopped after {limits.seconds} s"
        return _Ended(prepared, words)
    except (DeadKernelError, CellControlSignal) as error:
        words = f"内核中止（{type(error).__name__}）：内存不足或程序崩溃{_allowed(limits)}"
        return _Ended(prepared, words, died=True)
    except (PapermillException, RuntimeError) as error:  # the latter: the kernel did not answer at its start
        return _Ended(prepared, f"{type(error).__name__}：{error}", died=isinstance(error, RuntimeError))
    return _Ended(prepared, _unfinished(prepared))


def _allowed(limits: RunLimits) -> str:
    return f"（上限 {limits.memory} MiB，可用 --memory 放宽 / limit, see --memory）" if limits.memory else ""


def _unfinished(executed: nbformat.NotebookNode) -> str | None:
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    done = sum(cell.execution_count is not None for cell in code)
    ended = any(output.output_type == "error" for cell in code for output in cell.outputs)
    return f"{len(code)} 个代码单元只运行了 {done} 个" if done < len(code) or ended else None


def _write(
    executed: nbformat.NotebookNode, path: Path, outcome: dict[str, str], named: Callable[[str], str] = str
) -> None:
    """Put the notebook at `path`, where `named` writes the folders in its text as they are called there."""
    executed.metadata["workbench"] = outcome
    for number, cell in enumerate(executed.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    for name in _TIMES:
        executed.metadata.get("papermill", {}).pop(name, None)
    with replacing(path) as temporary:
        temporary.write_text(named(_as_text(executed)), encoding="utf-8")


def _as_text(executed: nbformat.NotebookNode) -> str:
    """The notebook as nbformat writes it, which is left in the form of a file.

    nbformat copies it first and indents in Python, which takes as long as ten cells; compact JSON is made in C.
    """
    filed = strip_transient(split_lines(executed))  # type: ignore[no-untyped-call]
    compact = json.dumps(filed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{msgspec.json.format(compact, indent=1)}\n"


def _from_its_place(parameters: Mapping[str, Parameter], place: Path) -> Callable[[str], str]:
    """Names the folders among the parameters from `place`, where the notebook will lie and may be run again."""
    folders = {one for one in parameters.values() if isinstance(one, str) and Path(one).is_absolute()}
    if not folders:
        return str
    named = {_within_json(one): _within_json(os.path.relpath(one, place.resolve())) for one in folders}
    longest_first = sorted(named, key=lambda one: (-len(one), one))
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?![\w.-])")
    return partial(pattern.sub, lambda found: named[found[0]])


def _within_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _literal(path: Path) -> str:
    """A path in which papermill sees no `{placeholder}` of its own."""
    return str(path).replace("{", "{{").replace("}", "}}")
