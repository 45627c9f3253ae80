"""Reading in processes that may die.

pdfium aborts the interpreter on some files and may loop on others; no library limits its own time or memory. So files
are read by worker processes with a limit on address space, and a deadline for each file; a worker that dies or is late
costs only the file that it had, and another takes its place. The parent never calls pdfium.

A worker is a plain `python -m analysis.runtime.guard`, not a fork: a fork after Polars has run hangs, and a spawned
child would import whatever notebook started it. Work and results travel as pickles over a socket pair. A worker
sets its own alarm too, so that none goes on for ever when its parent was killed.
"""

import importlib
import math
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from analysis.errors import UnreadableFileError

MEMORY = 2 * 2**30
SECONDS = 60.0
_OPEN_FILES = 256


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    channel: "Connection[Any, Any]"
    job: int | None = None
    deadline: float = 0.0


def read_guarded(
    function: str,
    arguments: Iterable[Any],
    *,
    workers: int,
    memory: int = MEMORY,
    seconds: float = SECONDS,
) -> Iterator[tuple[int, Any]]:
    """The results of ``module:function`` on each argument, as they come: (position, result or UnreadableFileError).

    Args:
        function: an importable function of one value, as ``package.module:name``.
        arguments: what it is called with.
        workers: how many processes work side by side.
        memory: address space of a worker, in bytes.
        seconds: how long one argument may take.
    """
    waiting = deque(enumerate(arguments))
    pool = [_start(function, memory, seconds) for _ in range(min(workers, len(waiting)))]
    try:
        while waiting or any(worker.job is not None for worker in pool):
            for worker in pool:
                if worker.job is None and waiting and _send(worker, waiting[0][1]):
                    worker.job, _ = waiting.popleft()
                    worker.deadline = time.monotonic() + seconds
            busy = {worker.channel: worker for worker in pool if worker.job is not None}
            left = min((worker.deadline for worker in busy.values()), default=0.0) - time.monotonic()
            ready = wait(list(busy), timeout=max(0.0, left))
            for channel in ready:
                worker = busy[channel]  # type: ignore[index]
                yield _job(worker), _receive(worker)
                worker.job = None
            for number, worker in enumerate(pool):
                if worker.job is not None and time.monotonic() >= worker.deadline and not worker.channel.poll():
                    yield (
                        worker.job,
                        UnreadableFileError(
                            f"读取超过 {seconds:.0f} 秒，已中止；文件过大或构造异常，请另存或拆分后再放入。"
                            f" / Reading took over {seconds:.0f} s and was stopped; save the file anew or split it."
                        ),
                    )
                    worker.job = None
                    _stop(worker)
                if worker.job is None and waiting and worker.process.poll() is not None:
                    _stop(worker)
                    pool[number] = _start(function, memory, seconds)
    finally:
        for worker in pool:
            _stop(worker)


def _job(worker: _Worker) -> int:
    if worker.job is None:
        raise RuntimeError("a worker answered that had nothing to do")
    return worker.job


def _send(worker: _Worker, argument: Any) -> bool:
    """Whether the worker took the argument; one that died between two files did not."""
    try:
        worker.channel.send(argument)
    except OSError:
        worker.process.wait()
        return False
    return True


def _receive(worker: _Worker) -> Any:
    try:
        return worker.channel.recv()
    except (EOFError, OSError):
        code = worker.process.wait()
        if code == 1:  # Python's own: an exception that nobody expected
            return UnreadableFileError(
                "读取程序遇到意外错误（详情见命令行输出），未读取；请另存后重试，并报告此错误。"
                " / An unexpected error (its traceback is on the terminal); save the file anew, and report this."
            )
        cause = f"信号 {-code}" if code < 0 else f"退出码 {code}"
        return UnreadableFileError(
            f"读取程序因此文件中断（{cause}），多为文件损坏或构造异常；请重新下载或另存。"
            f" / The reader died on this file ({code}); download it again or save it anew."
        )


def _start(function: str, memory: int, seconds: float) -> _Worker:
    ours, theirs = socket.socketpair()
    limits = [str(theirs.fileno()), str(memory), str(math.ceil(seconds) + 1)]
    command = [sys.executable, "-m", "analysis.runtime.guard", *limits, function]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603
    theirs.close()
    return _Worker(process, Connection(ours.detach()))


def _stop(worker: _Worker) -> None:
    worker.channel.close()
    worker.process.kill()
    worker.process.wait()


def _serve(descriptor: int, memory: int, seconds: int, function: str) -> None:
    """The worker's life: take an argument, send back what the function makes of it, until the parent hangs up."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    module, _, name = function.partition(":")
    work = getattr(importlib.import_module(module), name)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    channel: Connection[Any, Any] = Connection(descriptor)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            argument = channel.recv()
        except (EOFError, ConnectionResetError):
            return
        signal.alarm(seconds)
        try:
            result = work(argument)
        except UnreadableFileError as error:
            result = error
        except (MemoryError, RecursionError):
            result = UnreadableFileError(
                "读取所需内存超过上限或结构嵌套过深，已中止；请拆分或另存。"
                " / Reading needed too much memory, or it is nested too deeply; split the file or save it anew."
            )
        signal.alarm(0)
        channel.send(result)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
