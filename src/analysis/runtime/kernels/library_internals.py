"""What the kernels need of libraries that these do not promise: each with the version that it was seen with.

`tests/test_library_internals.py` says which of them is no more when a library changes.
"""

import atexit
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# ipykernel 7.4: a pause before each reply, for clients that do not wait until the kernel says that it is idle.
NO_PAUSE_BEFORE_REPLIES = "--IPythonKernel._execute_sleep=0"


@contextmanager
def absent(module: str) -> Iterator[None]:
    """Let an import find that a module which it could do without is not installed; nothing where it is loaded already.

    ipykernel 7.4 does without debugpy, jsonschema 4.26 without rfc3987_syntax.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


def run_exit_functions() -> None:
    """Do what was registered for the end of the process, which closes files too. CPython 3.11 to 3.14."""
    atexit._run_exitfuncs()


def set_matplotlib_backend(matplotlib: Any, backend: str) -> None:
    """Name the backend as an import does that finds it in the environment: nothing is loaded before it is needed.

    matplotlib 3.11: its parameters are a dictionary, whose own setter would load the backend and close all figures.
    """
    for parameters in (matplotlib.rcParams, matplotlib.rcParamsDefault):
        dict.__setitem__(parameters, "backend", backend)
