"""The same work on an existing Dask cluster.

Futures are handed in as results come out, a few for each thread of the cluster, so neither side fills up. When the
scheduler restarts, the client connects anew and what was on its way is handed in again; when it stays away, the run
ends with a sentence, and what is finished stays finished. A task that has limits is worked on in a process beside the
worker of the cluster, which it cannot take with it.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from distributed import Client, wait
from distributed.client import FuturesCancelledError
from distributed.comm.addressing import parse_address, parse_host_port
from distributed.scheduler import KilledWorker

from analysis.errors import WorkbenchError
from analysis.runtime.pool import WorkerPool
from analysis.runtime.work import UNLIMITED, FailureKind, Result, Task, TaskLimits, WorkError, died

_REACH_SECONDS = 5
_RETURN_SECONDS = 30
_WORKER_SECONDS = 30
_POLL_SECONDS = 1.0
_A_THREAD = 2
_SUSPECT = object()  # a worker died that had it
_LOST = object()  # its worker died after it had finished, with the result; Dask does it again


@contextmanager
def connect(address: str, wait_seconds: float = _WORKER_SECONDS) -> Iterator["Cluster"]:
    """A connection to the scheduler at `address`.

    Raises:
        WorkbenchError: nobody answers there, it is no Dask scheduler of a fitting version, or it has no workers.
    """
    try:
        _check_reachable(address)
        client: Any = Client(address, timeout=_RETURN_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, ImportError, TypeError) as error:
        raise WorkbenchError(
            f"连不上 Dask 调度器 {address}（{type(error).__name__}）；请检查地址、防火墙和两端 distributed 的版本。"
            f" / no Dask scheduler answers at {address}: check the address, the firewall, and that both ends have the"
            " same version of distributed"
        ) from error
    try:
        cluster = Cluster(client, address)
        try:
            client.wait_for_workers(1, timeout=wait_seconds)
        except TimeoutError as error:
            raise WorkbenchError(
                f"Dask 调度器 {address} 没有工作进程；请先用 dask worker {address} 启动。"
                f" / the scheduler at {address} has no workers: start some with dask worker {address}"
            ) from error
        yield cluster
    finally:
        client.close(timeout=_POLL_SECONDS)


def _check_reachable(address: str) -> None:
    """Find out at once that nobody is there; the client itself would try for as long as it waits for a restart."""
    host, port = parse_host_port(parse_address(address)[1])
    socket.create_connection((host, port), _REACH_SECONDS).close()


@dataclass(slots=True)
class Cluster:
    """A connected cluster."""

    client: Any
    address: str
    running: dict[Any, tuple[int, Any]] = field(default_factory=dict)

    @property
    def dashboard(self) -> str | None:
        """Where a browser can watch the cluster."""
        link: str | None = self.client.dashboard_link
        return link

    @property
    def count(self) -> int:
        """How many tasks the cluster works on side by side, as it is now."""
        threads: dict[str, int] = self.client.nthreads()
        return max(1, sum(threads.values()))

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], limits: TaskLimits = UNLIMITED
    ) -> Iterator[tuple[int, Result | WorkError]]:
        """The results as they come: see `Workers`.

        Dask suspects every task that a dead worker had, those that were only waiting there as well. So suspects are
        tried once more at the end, one at a time: then only the guilty one dies.
        """
        work: Callable[[Any], Any] = function if limits == UNLIMITED else _Limited(function, limits)
        suspects: list[tuple[int, Any]] = []
        self.running.clear()
        try:
            for numbered, outcome in self._as_they_come(work, iter(enumerate(tasks)), self._in_hand):
                if outcome is _SUSPECT:
                    suspects.append(numbered)
                else:
                    yield numbered[0], outcome
            for numbered, outcome in self._as_they_come(work, iter(suspects), lambda: 1):
                yield numbered[0], died(None) if outcome is _SUSPECT else outcome
        finally:
            if self.client.status == "running":  # a client that is gone has nothing to take back
                for future in self.running:
                    future.cancel()
            self.running.clear()

    def _in_hand(self) -> int:
        return _A_THREAD * self.count

    def _as_they_come(
        self, function: Callable[[Any], Any], tasks: Iterator[tuple[int, Any]], most: Callable[[], int]
    ) -> Iterator[tuple[tuple[int, Any], Any | WorkError]]:
        while True:
            for _ in range(most() - len(self.running)):
                following = next(tasks, None)
                if following is None:
                    break
                self._submit(function, following)
            if not self.running:
                return
            for future in self._finished(function):
                outcome = _outcome(future)
                if outcome is not _LOST:
                    yield self.running.pop(future), outcome

    def _submit(self, function: Callable[[Any], Any], numbered: tuple[int, Any]) -> None:
        key = f"{getattr(function, '__name__', 'work')}-{uuid4().hex}"
        future = self.client.submit(function, numbered[1], key=key, pure=False, priority=-numbered[0])
        self.running[future] = numbered

    def _finished(self, function: Callable[[Any], Any]) -> list[Any]:
        try:
            with self.client.as_current():
                done = wait(list(self.running), _POLL_SECONDS, "FIRST_COMPLETED").done  # type: ignore[no-untyped-call]
            return list(done)
        except TimeoutError:
            return []
        except FuturesCancelledError:
            self._reconnect()
            lost = [future for future in self.running if future.cancelled()]
            for future in lost:
                self._submit(function, self.running.pop(future))
            return []

    def _reconnect(self) -> None:
        """Wait until the client found the scheduler again, which it does by itself.

        Raises:
            WorkbenchError: it gave up.
        """
        while self.client.status == "connecting":
            time.sleep(_POLL_SECONDS / 10)
        if self.client.status != "running":
            raise WorkbenchError(
                f"与 Dask 调度器 {self.address} 的连接中断，未能恢复；已完成的都在，重新运行同一命令即可继续。"
                f" / the scheduler at {self.address} was lost and did not come back: what is finished is kept, run"
                " the same command again"
            )


def _outcome(future: Any) -> Any:
    # Skipping errors: between its end and this moment the worker that holds the result may die, guilty or not.
    results = future.client.gather([future], errors="skip")
    if results:
        return results[0]
    error = future.exception()
    if error is None:
        return _LOST
    if isinstance(error, KilledWorker):
        return _SUSPECT
    return WorkError(FailureKind.ERROR, str(error) or type(error).__name__, type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Limited:
    """A function with limits, as a thread of the cluster calls it: in a process of its own, which is kept."""

    function: Callable[[Any], Any]
    limits: TaskLimits

    def __call__(self, task: Any) -> Any | WorkError:
        if not hasattr(_of_thread, "pool"):
            _of_thread.pool = WorkerPool(1)  # it ends when this process does
        ((_, outcome),) = _of_thread.pool.outcomes(self.function, [task], self.limits)
        return outcome


_of_thread = threading.local()
