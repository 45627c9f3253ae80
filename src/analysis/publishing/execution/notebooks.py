"""Executing a notebook with parameters: papermill, with its gaps closed.

- A parameter that the notebook does not declare is refused; papermill only logs a warning.
- Text stays text ("0201" is no number) and Chinese stays readable in the injected cell.
- The output appears under its name only after every cell ran. papermill writes in place, calls a notebook whose kernel
  died "completed", and takes `sys.exit(0)` for success: none of its words about success is believed here.
- Kernels talk over local sockets where there are such, so many at once cannot take each other's ports.
- What failed is kept as `*.failed.ipynb`, with the error in its metadata.
- What is kept tells nothing of the machine or the minute: times and paths that papermill adds are taken out, cells have
  stable ids, so the same data give the same notebook.

This and `pages` are the only modules that know papermill, nbclient and nbconvert.
"""

import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import papermill
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from analysis.errors import NotebookError, ParameterError
from analysis.publishing.parameters import nearest

Parameter = str | int | float | bool | None
_KERNEL = {"PLOTLY_RENDERER": "plotly_mimetype", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
_START_SECONDS = 120
_TIMES = ("start_time", "end_time", "duration", "input_path", "output_path", "environment_variables")


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine with an environment for the kernel that is not that of the whole process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=options["execution_timeout"],
            startup_timeout=options["start_timeout"],
            log=logging.getLogger("papermill"),
            config=_own_sockets(),
        )
        client.execute(env={**os.environ, **_KERNEL})


def _own_sockets() -> Config:
    """Sockets in the file system under a name of their own.

    Kernels that start side by side may draw the same TCP port, and all file sockets without a name have the same one:
    then one kernel's messages reach another's driver, which refuses their signature.
    """
    address = Path(tempfile.gettempdir()) / f"workbench-{uuid4().hex[:12]}"
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": str(address)}})


class _ReadablePython(PythonTranslator):  # type: ignore[misc]
    """Writes texts as Python does, so that Chinese is not turned into escapes."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val: str) -> str:
        return repr(str_val)


def execute(notebook: Path, output: Path, parameters: Mapping[str, Parameter], cell_seconds: int = 600) -> None:
    """Run `notebook` with `parameters` and put the executed notebook at `output`.

    Args:
        notebook: A notebook with one cell tagged "parameters".
        output: Where the executed notebook goes, atomically; an older one is replaced only on success.
        parameters: Values for the declared parameters; those not named keep their default.
        cell_seconds: How long one cell may run.

    Raises:
        ParameterError: The notebook declares no such parameter.
        NotebookError: A cell failed, the kernel died, or not every cell ran; the notebook is kept as `*.failed.ipynb`.
    """
    check_parameters(notebook, parameters)
    papermill_engines.register("workbench", _Engine)
    papermill_translators.register("python", _ReadablePython)
    papermill_translators.register("python3", _ReadablePython)
    output.parent.mkdir(parents=True, exist_ok=True)
    running = output.with_name(f".{uuid4().hex}.running.ipynb")
    try:
        reason = _run(notebook, running, parameters, cell_seconds)
        failed = output.with_suffix(".failed.ipynb")
        if reason is None:
            _tidy(running, None)
            running.replace(output)
            failed.unlink(missing_ok=True)
            return
        kept = ""
        if running.exists():
            _tidy(running, reason)
            running.replace(failed)
            kept = f" 出错的笔记本：{failed.name}"
        raise NotebookError(f"{notebook.name} 没有运行到底：{reason}{kept}")
    finally:
        running.unlink(missing_ok=True)


def load(notebook: Path) -> nbformat.NotebookNode:
    """Read a notebook file."""
    notebook_node: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    return notebook_node


def check_parameters(notebook: Path, parameters: Mapping[str, Parameter]) -> None:
    """Refuse parameters that the notebook does not declare, before any kernel starts.

    Raises:
        ParameterError: With the nearest declared names.
    """
    declared = set(papermill.inspect_notebook(_literal(notebook)))
    for name in parameters:
        if name not in declared:
            near = "、".join(nearest(name, declared)) or "、".join(sorted(declared))
            raise ParameterError(f"{notebook.name} 没有参数“{name}”；最接近的有：{near}。")


def _run(notebook: Path, running: Path, parameters: Mapping[str, Parameter], cell_seconds: int) -> str | None:
    try:
        papermill.execute_notebook(
            _literal(notebook),
            _literal(running),
            parameters=dict(parameters),
            engine_name="workbench",
            kernel_name="python3",
            progress_bar=False,
            start_timeout=_START_SECONDS,
            execution_timeout=cell_seconds,
        )
    except PapermillExecutionError as error:
        return f"第 {error.exec_count} 个代码单元 {error.ename}：{error.evalue}"
    except CellTimeoutError:
        return f"一个代码单元超过 {cell_seconds} 秒"
    except (DeadKernelError, CellControlSignal) as error:
        return f"内核中止（{type(error).__name__}）：内存不足或程序崩溃"
    except (PapermillException, RuntimeError) as error:
        return f"{type(error).__name__}：{error}"
    return _unfinished(load(running))


def _unfinished(executed: nbformat.NotebookNode) -> str | None:
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    done = sum(cell.execution_count is not None for cell in code)
    ended = any(output.output_type == "error" for cell in code for output in cell.outputs)
    return f"{len(code)} 个代码单元只运行了 {done} 个" if done < len(code) or ended else None


def _tidy(path: Path, reason: str | None) -> None:
    executed = load(path)
    executed.metadata["workbench"] = {"status": "failed", "error": reason} if reason else {"status": "completed"}
    for number, cell in enumerate(executed.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    for name in _TIMES:
        executed.metadata.get("papermill", {}).pop(name, None)
    nbformat.write(executed, path)  # type: ignore[no-untyped-call]


def _literal(path: Path) -> str:
    """A path in which papermill sees no `{placeholder}` of its own."""
    return str(path).replace("{", "{{").replace("}", "}}")
