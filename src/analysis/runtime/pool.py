"""A pool of processes of this machine, each with one task at a time: a death has one suspect and costs one task.

Some tasks call libraries that abort the interpreter, loop, or take all memory there is (pdfium on a damaged file), so
a task may have limits, and the operating system enforces them: an address space, and an alarm that kills even a loop
in C, and that rings when the parent is dead too.

A worker is a plain `python -m analysis.runtime.worker`. It is no fork, because a fork after Polars has run hangs, and
no spawned child of `multiprocessing`, because that would import whatever notebook started it: so the pools built on it
(concurrent.futures, Pebble), which also know no limit of memory, do not fit.
"""

import os
import pickle
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from analysis.runtime.work import OVERTIME, UNLIMITED, FailureKind, Result, Task, TaskLimits, WorkError, died, late

_ATTEMPTS = 2
_PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class _Job:
    position: int
    message: bytes
    attempt: int = 1


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    channel: "Connection[Any, Any]"
    job: _Job | None = None

    def send(self, message: bytes) -> bool:
        """Whether the worker took the message; one that has died did not."""
        try:
            self.channel.send_bytes(message)
        except OSError:
            return False
        return True


@dataclass(slots=True)
class WorkerPool:
    """`count` processes at most, started when they are first needed and kept until `stop`."""

    count: int
    dashboard: None = None
    _workers: list[_Worker] = field(default_factory=list)

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], limits: TaskLimits = UNLIMITED
    ) -> Iterator[tuple[int, Result | WorkError]]:
        """The results as they come: see `Workers`."""
        jobs = (_Job(position, pickle.dumps((function, task, limits))) for position, task in enumerate(tasks))
        again: deque[_Job] = deque()
        try:
            while busy := self._assign(again, jobs):
                for channel in wait(list(busy)):
                    worker, job = busy[channel]
                    try:
                        answer = worker.channel.recv_bytes()
                    except (EOFError, OSError):
                        code = self._reap(worker)
                        if limits != UNLIMITED and code in OVERTIME:
                            yield job.position, late(limits)
                        elif job.attempt < _ATTEMPTS:
                            again.append(replace(job, attempt=job.attempt + 1))
                        else:
                            yield job.position, died(code)
                    else:
                        worker.job = None
                        outcome = pickle.loads(answer)  # noqa: S301 - our own child wrote it
                        if _may_be_its_forerunners_fault(outcome) and job.attempt < _ATTEMPTS:
                            self._dismiss([worker])
                            again.append(replace(job, attempt=job.attempt + 1))
                        else:
                            yield job.position, outcome
        finally:
            self._dismiss([worker for worker in self._workers if worker.job is not None])

    def stop(self) -> None:
        """End all workers."""
        self._dismiss(list(self._workers))

    def _assign(self, again: deque[_Job], jobs: Iterator[_Job]) -> dict[Any, tuple[_Worker, _Job]]:
        """Give every free worker a job, starting workers where there are too few; all that are at work now."""
        busy = {worker.channel: (worker, worker.job) for worker in self._workers if worker.job is not None}
        while len(busy) < self.count:
            job = again.popleft() if again else next(jobs, None)
            if job is None:
                break
            worker = self._take(job)
            busy[worker.channel] = worker, job
        return busy

    def _take(self, job: _Job) -> _Worker:
        """The worker that has the job now: one that was idle, else a new one."""
        for worker in [worker for worker in self._workers if worker.job is None]:
            if worker.send(job.message):
                worker.job = job
                return worker
            self._reap(worker)  # it died between two tasks
        worker = _start()
        worker.send(job.message)  # where it died at once, it will not answer
        worker.job = job
        self._workers.append(worker)
        return worker

    def _reap(self, worker: _Worker) -> int:
        """Take a dead worker out of the list; how it ended."""
        self._workers.remove(worker)
        worker.channel.close()
        return _wait(worker, _PATIENCE)

    def _dismiss(self, leaving: Sequence[_Worker]) -> None:
        """Hang up: an idle worker ends by itself, a busy one gives up its task; a deaf one is killed."""
        for worker in leaving:
            worker.channel.close()
        end = time.monotonic() + _PATIENCE
        for worker in leaving:
            _wait(worker, max(0.0, end - time.monotonic()))
            self._workers.remove(worker)


def _may_be_its_forerunners_fault(outcome: object) -> bool:
    """Whether a new worker may do what this one could not: earlier tasks may have left their memory in it."""
    return isinstance(outcome, WorkError) and outcome.kind is FailureKind.MEMORY


def _wait(worker: _Worker, seconds: float) -> int:
    try:
        return worker.process.wait(seconds)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        return worker.process.wait()


def _start() -> _Worker:
    ours, theirs = socket.socketpair()
    # A session of its own: Ctrl-C on the terminal reaches the parent alone, which decides.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "analysis.runtime.worker", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "RUST_BACKTRACE": "0"},  # a library that panics says so in a line, not in a hundred
    )
    theirs.close()
    worker = _Worker(process, Connection(ours.detach()))
    worker.send(pickle.dumps(sys.path))
    return worker
