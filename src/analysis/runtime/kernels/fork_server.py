"""A process that only imports, and forks a kernel whenever it is asked.

A kernel costs seconds because its imports do; a fork of a process that has them costs milliseconds. What makes it safe
is what the server never does: no Polars operation (a fork after one hangs), no figure, no thread of its own. It
imports, and calls what its driver names (`Preload`); it refuses to serve when that did more.

What a library decides at import, because it looks for IPython or at the environment, is decided again in the child, so
that a forked kernel is what a fresh one is: environment, working folder, random seeds, the options of pandas, the
backend of matplotlib. Requests, signals and exit codes travel over socket pairs: one for the server, one for each
kernel. When its driver hangs up, for whatever reason, a kernel's whole process group is killed, and what the driver
would have put away is.
"""

import gc
import importlib
import json
import os
import pickle
import pkgutil
import select
import signal
import socket
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from analysis.runtime.kernels.library_internals import (
    NO_PAUSE_BEFORE_REPLIES,
    absent,
    run_exit_functions,
    set_matplotlib_backend,
)
from analysis.runtime.kernels.preload import Preload

MESSAGE = 2**20
READY = b"ready"
# What a kernel itself needs before its first cell.
MODULES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.datapub", "ipykernel.heartbeat",
    "ipykernel.iostream", "ipykernel.displayhook", "ipykernel.parentpoller", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "IPython.core.magics.script", "IPython.utils.wildcard", "comm", "sqlite3", "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream", "psutil", "zmq.utils.garbage", "encodings.utf_16_be",
    "analysis.runtime.kernels.kernel",
)  # fmt: skip
_OWN_IN_CHILD = ("matplotlib_inline.backend_inline", "matplotlib_inline.config", "plotly.io._renderers")
_FLUSH_SECONDS = 2.0
_PROJECT = "analysis."
_POLARS_POOL = "polars-"
_SET_BY_IMPORTS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ForkRequest:
    """A kernel that is asked for."""

    argv: list[str]
    cwd: str
    env: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Kernel:
    pid: int
    ended: int  # a pidfd: readable when the process ended
    line: socket.socket
    connection: Path  # the file that names its sockets


def preload(message: bytes) -> str | None:
    """Import what kernels need. The words say why this process must not be forked; None where it may.

    Args:
        message: a pickled `Preload`. It is opened last: its calls name modules that must not be imported before.
    """
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    before = set(os.environ)
    # Without a debugger: it costs each kernel a fifth of a second, and nobody stops at a line of a batch.
    with absent("debugpy"):
        importlib.import_module("ipykernel.debugger")
    for name in MODULES:
        _import_all(name)
    wanted: Preload = pickle.loads(message)  # noqa: S301 - our own driver wrote it
    for name in wanted.modules:
        _import_all(name)
    for call in wanted.calls:
        call()
    _SET_BY_IMPORTS.update({name: value for name, value in os.environ.items() if name not in before})
    # Garbage collection in a kernel need not go through all that was imported, nor copy its pages.
    gc.collect()
    gc.freeze()
    early = [name for name in _OWN_IN_CHILD if name in sys.modules]
    threads = [(task / "comm").read_text() for task in Path("/proc/self/task").iterdir()]
    if early:
        return f"imported too early: {', '.join(early)}"
    if any(name.startswith(_POLARS_POOL) and name[len(_POLARS_POOL)].isdigit() for name in threads):
        return "Polars has worked"
    return None


def _import_all(name: str) -> None:
    """Import a module, and all that is in it where it is a package of the project."""
    with suppress(ImportError):
        found = importlib.import_module(name)
        if name.startswith(_PROJECT) and hasattr(found, "__path__"):
            for module in pkgutil.walk_packages(found.__path__, f"{name}."):
                _import_all(module.name)


def serve(control: socket.socket) -> ForkRequest | None:
    """Fork a kernel for each request until the driver hangs up: returns None then, and the request in every child."""
    kernels: list[_Kernel] = []
    while True:
        poll = select.poll()
        poll.register(control, select.POLLIN)
        for kernel in kernels:
            poll.register(kernel.line, select.POLLIN)
            poll.register(kernel.ended, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        for kernel in list(kernels):
            if kernel.ended in ready:
                kernels.remove(kernel)
                _report_end(kernel)
            elif kernel.line.fileno() in ready:
                _obey(kernel)
        if control.fileno() not in ready:
            continue
        message, descriptors = _next_request(control)
        if not message:
            for kernel in kernels:
                _signal(kernel, signal.SIGKILL)
                _report_end(kernel)
                _put_away(kernel.connection)
            return None
        line = socket.socket(fileno=descriptors[0])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads: they are idle since import
            pid = os.fork()
        request = ForkRequest(**json.loads(message))
        if pid == 0:
            os.setsid()
            for kernel in kernels:
                kernel.line.close()
                os.close(kernel.ended)
            line.close()
            control.close()
            return request
        connection = Path(request.cwd) / request.argv[request.argv.index("-f") + 1]
        kernels.append(_Kernel(pid, os.pidfd_open(pid), line, connection))
        with suppress(OSError):  # a driver that went away meanwhile has hung up the control line too
            line.send(str(pid).encode())


def _next_request(control: socket.socket) -> tuple[bytes, list[int]]:
    """What the driver asks for, and its end of the kernel's line; no bytes where it hung up."""
    try:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 1)
    except ConnectionResetError:  # it went away with something of ours unread
        return b"", []
    return message, descriptors


def _obey(kernel: _Kernel) -> None:
    """Pass a signal on; a driver that hung up wants the kernel dead, with all that it started."""
    try:
        asked = kernel.line.recv(16)
    except OSError:
        asked = b""
    _signal(kernel, int(asked) if asked else signal.SIGKILL)


def _signal(kernel: _Kernel, number: int) -> None:
    try:
        os.killpg(kernel.pid, number)
    except ProcessLookupError:  # it has no group of its own yet
        os.kill(kernel.pid, number)


def _report_end(kernel: _Kernel) -> None:
    """Kill what the kernel left running, then say how it ended."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(kernel.pid, signal.SIGKILL)
    _, status = os.waitpid(kernel.pid, 0)
    try:
        kernel.line.send(str(os.waitstatus_to_exitcode(status)).encode())
    except OSError:  # nobody is there to know, nor to put its files away
        _put_away(kernel.connection)
    kernel.line.close()
    os.close(kernel.ended)


def _put_away(connection: Path) -> None:
    """Remove a kernel's sockets and the file that names them, as far as they are there."""
    with suppress(OSError, ValueError):  # a driver that died may not have finished writing it
        named = json.loads(connection.read_bytes())
        for channel in ("shell", "iopub", "stdin", "control", "hb"):
            if named["transport"] == "ipc":
                Path(f"{named['ip']}-{named[f'{channel}_port']}").unlink(missing_ok=True)
        connection.unlink()


def become_kernel(request: ForkRequest) -> NoReturn:
    """Be what `python -m ipykernel_launcher` is."""
    os.chdir(request.cwd)
    os.environ.clear()
    os.environ.update({**_SET_BY_IMPORTS, **request.env, "JPY_PARENT_PID": str(os.getppid())})
    _decide_again()
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [*request.argv, f"--IPKernelApp.parent_handle={os.getppid()}", NO_PAUSE_BEFORE_REPLIES]
    kernel = IPKernelApp.instance()
    kernel.initialize()  # type: ignore[no-untyped-call]
    kernel.start()  # type: ignore[no-untyped-call]
    # The control thread flushes what was printed. Were the thread that prints stopped before, it would wait for ten
    # seconds in vain, which happens to one kernel in twenty.
    if kernel.control_thread:
        kernel.control_thread.join(_FLUSH_SECONDS)
    # What was registered for the end is done, which closes the notebook's files too; the rest would only be freed.
    run_exit_functions()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _decide_again() -> None:
    """What the imports decided without IPython and in another environment."""
    import random

    loaded: Any = sys.modules.get
    random.seed()
    if numpy_random := loaded("numpy.random"):
        numpy_random.seed()
    if pandas := loaded("pandas"):
        pandas.set_option("display.max_columns", 20)  # at import it takes a process without IPython for a terminal
    if matplotlib := loaded("matplotlib"):
        backend = os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        set_matplotlib_backend(matplotlib, backend)


def main(descriptor: int) -> None:
    """Import, say so, serve."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # as the launcher of kernels does
    refusal = preload(control.recv(MESSAGE))
    if refusal:
        sys.exit(f"fork server: {refusal}")
    try:
        control.send(READY)
    except (BrokenPipeError, ConnectionResetError):  # the driver is gone already
        return
    request = serve(control)
    if request is not None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        become_kernel(request)


if __name__ == "__main__":
    main(int(sys.argv[1]))
