"""The next kernel, started while the page of the report before it is still being made.

A kernel needs a twentieth of a second until it listens, even when it is forked. Whoever runs notebooks one after the
other has it ready by then. One kernel at most waits; it is as fresh as any, and ends with the process that started it.
"""

import atexit
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import Any

from jupyter_client.utils import run_sync  # type: ignore[attr-defined]

from analysis.runtime.kernels.client import ARGUMENTS, Manager

_Surroundings = tuple[int, Path, Mapping[str, str]]


def _here(environment: Mapping[str, str]) -> _Surroundings:
    return get_ident(), Path.cwd(), environment  # a thread has an event loop of its own


class Ahead:
    """The one kernel that waits, and the surroundings it was started in."""

    def __init__(self) -> None:
        self._waiting: tuple[_Surroundings, Manager] | None = None

    @property
    def waiting(self) -> int | None:
        """The process of the kernel that waits; None where there is none, or it has died."""
        provisioner: Any = None if self._waiting is None else self._waiting[1].provisioner
        return int(provisioner.pid) if provisioner and provisioner.process.poll() is None else None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start a kernel for whoever takes it in the same folder and environment."""
        self.stop()
        manager = Manager(kernel_name="python3", hurried=True)
        with suppress(OSError):  # it is only a head start: whoever needs a kernel starts one, or says why it cannot
            run_sync(manager.start_kernel)(extra_arguments=[*ARGUMENTS], env=dict(environment))
            self._waiting = _here(environment), manager

    def take(self, environment: Mapping[str, str]) -> Manager | None:
        """The kernel that waits; None where there is none, it has died, or it was started for something else."""
        if self._waiting is None:
            return None
        surroundings, manager = self._waiting
        if surroundings != _here(environment) or self.waiting is None:
            self.stop()
            return None
        self._waiting = None
        run_sync(manager.listening)()
        return manager

    def stop(self) -> None:
        """End the kernel that waits, if there is one."""
        if self._waiting is not None:
            _, manager = self._waiting
            self._waiting = None
            run_sync(manager.shutdown_kernel)(now=True)


ahead = Ahead()
atexit.register(ahead.stop)
