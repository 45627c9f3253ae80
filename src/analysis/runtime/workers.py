"""Where work is done: in processes of this machine, or on a Dask cluster. The callers' code is the same.

A task that fails costs only itself and comes back as a `WorkError`. A worker that dies is replaced and its task tried
once more. Tasks are taken as workers become free and results are given as they come, so that a long list costs no
memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from analysis.runtime.pool import WorkerPool
from analysis.runtime.work import Workers


@contextmanager
def worker_pool(count: int, scheduler: str | None = None) -> Iterator[Workers]:
    """Workers for a while. When it ends, for whatever reason, they stop; what they were at is given up.

    Args:
        count: how many processes of this machine; a cluster has its own.
        scheduler: the address of a Dask scheduler, as tcp://host:port; None for this machine.

    Raises:
        WorkbenchError: there is no such scheduler, or it has no workers.
    """
    if scheduler is not None:
        from analysis.runtime.dask_cluster import connect  # a second's import that most runs do without

        with connect(scheduler) as cluster:
            yield cluster
        return
    pool = WorkerPool(max(1, count))
    try:
        yield pool
    finally:
        pool.stop()
