"""Work that workers are given by tests: it must be importable where they are."""

import itertools
import os
import signal
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def where(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def misbehave(task: str) -> str:
    """What the task's words say: raise, print, exit, die, or die the first time only (a path to remember it by)."""
    match task.partition(" "):
        case ("raise", _, words):
            raise ValueError(words)
        case ("print", _, words):
            print(words)
        case ("exit", _, _):
            os._exit(3)
        case ("die", _, _):
            os.kill(os.getpid(), signal.SIGKILL)
        case ("once", _, path) if not Path(path).exists():
            Path(path).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case ("unpicklable", _, _):
            return lambda: None  # type: ignore[return-value]
    return task


_hoard: list[bytearray] = []


def overstep(task: str) -> str:
    """Take what the task's word says, and more than a task may."""
    match task:
        case "asleep":
            time.sleep(3600)
        case "busy":
            while True:
                pass
        case "looping in C":
            _loop_in_c()
        case "greedy":
            bytearray(2**33)
        case "hoard":
            _hoard.append(bytearray(2**29 + 2**28))
        case "greedy within limits":
            bytearray(2**29)
        case "greedy a little":
            bytearray(2**31)
        case "deep":
            return overstep(task)
        case "abort":
            os.abort()
        case "large":
            return "x" * 2**24
    return task


def loop_in_c(path: str) -> None:
    """Write this process's id into a file and go into a loop that no Python signal handler can end."""
    Path(path).write_text(str(os.getpid()))
    _loop_in_c()


def _loop_in_c() -> None:
    sum(itertools.repeat(0))


def linger(task: tuple[str, float]) -> str:
    """Write this process's id into a file, work for some seconds, and write that it is done."""
    path, seconds = Path(task[0]), task[1]
    path.write_text(str(os.getpid()))
    try:
        time.sleep(seconds)
    finally:
        path.with_suffix(".left").touch()
    path.with_suffix(".done").touch()
    return task[0]
