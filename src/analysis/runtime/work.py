"""What a worker is given and what comes back: limits, and the ways in which a task gives no result."""

import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """What one task may take; None for no limit.

    Attributes:
        memory: Bytes of data of its worker.
        seconds: Seconds from its start, for what waits or hangs; on a busy machine more of them are needed.
        work: Seconds of the processor, which are much the same however busy the machine is.
    """

    memory: int | None = None
    seconds: float | None = None
    work: float | None = None


UNLIMITED = TaskLimits()
OVERTIME = (-signal.SIGALRM, -signal.SIGPROF)
"""How a worker ends whose task went on for longer than it may."""


class FailureKind(StrEnum):
    """Why a task gave no result: its worker died, it was late, it took too much memory, or it raised an error."""

    DIED = "died"
    LATE = "late"
    MEMORY = "memory"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class WorkError:
    """Why a task gave no result.

    Attributes:
        kind: What happened.
        words: The same for a person; the message of the error that the task raised.
        error: The class of that error; None where there was none.
        where: The line that raised it, as "module.py:12".
        code: How the worker that died ended: its exit code, or minus the signal; None where nobody knows.
    """

    kind: FailureKind
    words: str
    error: str | None = None
    where: str | None = None
    code: int | None = None


def died(code: int | None) -> WorkError:
    """A task that took with it every worker that had it; the last one ended with `code`."""
    how = "" if code is None else f"（信号 signal {-code}）" if code < 0 else f"（退出码 exit code {code}）"
    return WorkError(
        FailureKind.DIED,
        f"处理它的进程两次中断{how}，多为内存不足；请减少 --workers 或增加内存后重试。"
        " / its worker died twice, mostly for want of memory: use fewer --workers or more memory",
        code=code,
    )


def late(limits: TaskLimits) -> WorkError:
    """A task that went on for longer than it may."""
    seconds = limits.work or limits.seconds or 0.0
    return WorkError(
        FailureKind.LATE,
        f"超过 {seconds:g} 秒，已中止。 / it took over {seconds:g} s and was stopped",
        code=-signal.SIGALRM,
    )


class Workers(Protocol):
    """Whoever does work: processes of this machine, or a cluster."""

    @property
    def count(self) -> int:
        """How many tasks are worked on side by side."""

    @property
    def dashboard(self) -> str | None:
        """Where a browser can watch the work; None where there is nothing to see."""

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], limits: TaskLimits = UNLIMITED
    ) -> Iterator[tuple[int, Result | WorkError]]:
        """The results as they come: (position of the task, result or what became of it).

        Args:
            function: importable where the workers are, by the name of its module.
            tasks: picklable values, taken as workers become free.
            limits: what each task may take.

        Raises:
            WorkbenchError: the cluster was lost and did not come back.
        """
