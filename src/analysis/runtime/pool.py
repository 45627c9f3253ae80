"""Where work is done: in processes of this machine, or on a Dask cluster. The callers' code is the same.

A task is a picklable value, the function an importable one. A task that fails costs only itself: its error comes back
as a `WorkError`. A worker that dies is replaced and its task tried once more. Tasks are taken as workers become free
and results are given as they come, so that a long list costs no memory.

A worker of this machine is a plain `python -m analysis.runtime.worker` with one task at a time, so a death has one
suspect; an executor's pool breaks as a whole. It is no fork, because a fork after Polars has run hangs, and no spawned
child of `multiprocessing`, because that would import whatever notebook started it.
"""

import pickle
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_LIVES = 2
_PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class WorkError:
    """Why a task gave no result: the error's class and words, or that its worker died twice."""

    kind: str
    words: str


DIED = "WorkerDied"


def died_twice(how: str) -> WorkError:
    """What is said of a task that took two workers with it."""
    return WorkError(
        DIED,
        f"处理它的进程两次中断（{how}），多为内存不足；请减少 --workers 或增加内存后重试。"
        f" / its worker died twice ({how}), mostly for want of memory: use fewer --workers or more memory",
    )


class Pool(Protocol):
    """What does the work."""

    def outcomes(
        self, function: Callable[[Any], Any], tasks: Iterator[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any | WorkError]]:
        """The results of `function` on numbered tasks, as they come."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Workers that are ready; `count` of them work side by side, `dashboard` shows them where they are a cluster."""

    pool: Pool
    count: int
    dashboard: str | None = None

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[int, Result | WorkError]]:
        """The results as they come: (position of the task, result or error).

        Raises:
            WorkbenchError: the cluster was lost and did not come back.
        """
        return self.pool.outcomes(function, iter(enumerate(tasks)))


@contextmanager
def hired(count: int, scheduler: str | None = None) -> Iterator[Workers]:
    """Workers for a while. When it ends, for whatever reason, they stop; what they were at is given up.

    Args:
        count: how many processes of this machine; a cluster has its own.
        scheduler: the address of a Dask scheduler, as tcp://host:port; None for this machine.

    Raises:
        WorkbenchError: there is no such scheduler, or it has no workers.
    """
    if scheduler is not None:
        from analysis.runtime.dask_cluster import joined

        with joined(scheduler) as cluster:
            yield Workers(cluster, cluster.count(), cluster.dashboard)
        return
    pool = _LocalPool(max(1, count))
    try:
        yield Workers(pool, pool.count)
    finally:
        pool.stop(list(pool.workers))


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    channel: "Connection[Any, Any]"
    number: int | None = None
    task: Any = None


@dataclass(slots=True)
class _LocalPool:
    """Processes that are started when they are first needed and kept until the end."""

    count: int
    workers: list[_Worker] = field(default_factory=list)

    def outcomes(
        self, function: Callable[[Any], Any], tasks: Iterator[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any | WorkError]]:
        try:
            yield from self._outcomes(function, tasks)
        finally:
            self.stop([worker for worker in self.workers if worker.number is not None])

    def _outcomes(
        self, function: Callable[[Any], Any], tasks: Iterator[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any | WorkError]]:
        again: deque[tuple[int, Any]] = deque()
        deaths: dict[int, int] = {}
        while True:
            self._hand_out(function, again, tasks)
            busy = {worker.channel: worker for worker in self.workers if worker.number is not None}
            if not busy:
                return
            for channel in wait(list(busy)):
                worker = busy[channel]  # type: ignore[index]
                number, task = worker.number, worker.task
                if number is None:
                    raise RuntimeError("a worker answered that had nothing to do")
                worker.number = worker.task = None
                try:
                    answer = worker.channel.recv_bytes()
                except (EOFError, OSError):
                    deaths[number] = deaths.get(number, 0) + 1
                    how = self._bury(worker)
                    if deaths[number] < _LIVES:
                        again.append((number, task))
                    else:
                        yield number, died_twice(how)
                    continue
                fine, value = pickle.loads(answer)  # noqa: S301 - our own child wrote it
                yield number, value if fine else WorkError(*value)

    def stop(self, leaving: Sequence[_Worker]) -> None:
        """Hang up: an idle worker ends by itself, a busy one gives up its task; a deaf one is killed."""
        for worker in leaving:
            worker.channel.close()
        end = time.monotonic() + _PATIENCE
        for worker in leaving:
            try:
                worker.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            self.workers.remove(worker)

    def _hand_out(
        self, function: Callable[[Any], Any], again: deque[tuple[int, Any]], tasks: Iterator[tuple[int, Any]]
    ) -> None:
        """Give every free worker a task, hiring where there are too few."""
        while sum(worker.number is not None for worker in self.workers) < self.count:
            following = again.popleft() if again else next(tasks, None)
            if following is None:
                return
            number, task = following
            message = pickle.dumps((function, task))
            worker = self._free()
            while not _send(worker, message):
                self._bury(worker)
                worker = self._free()
            worker.number, worker.task = number, task

    def _free(self) -> _Worker:
        for worker in self.workers:
            if worker.number is None:
                return worker
        self.workers.append(_start())
        return self.workers[-1]

    def _bury(self, worker: _Worker) -> str:
        """Take a dead worker out of the list; the words say how it ended."""
        self.workers.remove(worker)
        worker.channel.close()
        try:
            code = worker.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            code = worker.process.wait()
        return f"信号 signal {-code}" if code < 0 else f"退出码 exit code {code}"


def _start() -> _Worker:
    ours, theirs = socket.socketpair()
    # A session of its own: Ctrl-C on the terminal reaches the parent alone, which decides.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "analysis.runtime.worker", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    theirs.close()
    channel: Connection[Any, Any] = Connection(ours.detach())
    worker = _Worker(process, channel)
    _send(worker, pickle.dumps(sys.path))
    return worker


def _send(worker: _Worker, message: bytes) -> bool:
    """Whether the worker took the message; one that died between two tasks did not."""
    try:
        worker.channel.send_bytes(message)
    except OSError:
        return False
    return True
