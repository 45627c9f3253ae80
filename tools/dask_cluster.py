"""A real Dask cluster for tests and measurements: a scheduler and two worker processes on two loopback addresses."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE = 10
HOSTS = ("127.0.0.1", "127.0.0.2")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster() -> Iterator[str]:
    """The address of the scheduler."""
    with restartable() as (address, _):
        yield address


@contextmanager
def restartable() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of the scheduler, and what restarts it with its workers."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    commands = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show"]]
    for host in HOSTS:
        commands.append(
            [*dask, "worker", address, "--host", host, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
        )
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": path, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        running.extend(subprocess.Popen(command, **quiet) for command in commands)  # noqa: S603

    def stop() -> None:
        for process in reversed(running):
            process.terminate()
        for process in running:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:  # a nanny may wait long for a worker that lost its scheduler
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        running.clear()

    def restart() -> None:
        stop()
        start()

    start()
    try:
        end = time.monotonic() + 60
        while not _listens(port):
            if time.monotonic() > end:
                raise TimeoutError("the scheduler did not start")
            time.sleep(0.1)
        yield address, restart
    finally:
        stop()


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
