"""The life of a worker process: take a task, answer, until the parent hangs up.

The parent's death hangs up as well, so no worker outlives it: one that is at work is told by a signal and has a
moment to put its things away (kernels, temporary files), then it ends.
"""

import os
import pickle
import resource
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from analysis.runtime.work import FailureKind, Result, Task, TaskLimits, WorkError

_MOMENT = 2.0


def serve(descriptor: int) -> None:
    """Work for the parent at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _give_up)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    channel: Connection[Any, Any] = Connection(descriptor)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a task prints is no answer
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()
    try:
        sys.path[:] = pickle.loads(channel.recv_bytes())  # noqa: S301 - our own parent wrote it
        while True:
            channel.send_bytes(_answer(channel.recv_bytes()))
    except (EOFError, OSError):  # the parent hung up
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _answer(message: bytes) -> bytes:
    """What the task's function makes of the task, or what became of it."""
    outcome = attempt(_result, message)
    return outcome if isinstance(outcome, bytes) else pickle.dumps(outcome)


def _result(message: bytes) -> bytes:
    function, task, limits = pickle.loads(message)  # noqa: S301 - our own parent wrote it
    with _limited(limits):
        return pickle.dumps(function(task))


def attempt(function: Callable[[Task], Result], task: Task) -> Result | WorkError:
    """What the function makes of the task, or what became of it: an error of a task is a value, whoever works."""
    try:
        return function(task)
    except MemoryError:
        return WorkError(FailureKind.MEMORY, "内存不足 / not enough memory", MemoryError.__name__)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a library in Rust that panics raises what is no `Exception`
        words = str(error) or "".join(traceback.format_exception_only(error)).strip()
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return WorkError(FailureKind.ERROR, words, type(error).__name__, where)


@contextmanager
def _limited(limits: TaskLimits) -> Iterator[None]:
    """Let what runs take no more than it may; whoever is late is killed by an alarm."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    if limits.memory is not None:
        most = limits.memory if before[1] == resource.RLIM_INFINITY else min(limits.memory, before[1])
        resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds or 0.0)
    signal.setitimer(signal.ITIMER_PROF, limits.work or 0.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _watch(descriptor: int) -> None:
    hangup = select.poll()
    hangup.register(descriptor, select.POLLHUP)
    while not any(event & (select.POLLHUP | select.POLLNVAL) for _, event in hangup.poll()):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_MOMENT)
    os._exit(1)


def _give_up(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
