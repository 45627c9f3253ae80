"""Where work is done: in processes of this machine, or on a Dask cluster. The callers' code is the same.

A task is a picklable value, the function an importable one. A task that fails costs only itself: its error comes back
as a `WorkError`. A worker that dies is replaced and its task tried once more.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class WorkError:
    """Why a task gave no result: the error's class and words, or that its worker died twice."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Workers:
    """Workers that are ready; `count` of them work side by side."""

    pool: Any
    count: int

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[int, Result | WorkError]]:
        """The results as they come: (position of the task, result or error)."""
        running = {self.pool.submit(function, task): number for number, task in enumerate(tasks)}
        for future in as_completed(running):
            error = future.exception()
            yield running[future], WorkError(type(error).__name__, str(error)) if error else future.result()


@contextmanager
def hired(count: int, scheduler: str | None = None) -> Iterator[Workers]:
    """Workers for a while.

    Args:
        count: how many processes of this machine; a cluster has its own.
        scheduler: the address of a Dask scheduler, as tcp://host:port; None for this machine.
    """
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield Workers(pool, count)
