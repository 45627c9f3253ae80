"""A kernel provisioner that forks kernels from a server, for papermill, nbconvert and everything else of Jupyter.

It is registered as `workbench-fork`: `JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-fork papermill …` uses it without
another change. Each driving process has one server, started for its first kernel. Where forking cannot be had, because
of the platform, another interpreter or a server that does not start, or where the environment says
`WORKBENCH_KERNEL=standard`, kernels start as they always do. `WORKBENCH_KERNEL_MEMORY` limits a kernel, in MiB.
"""

import asyncio
import os
import socket
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.provisioning import LocalProvisioner  # type: ignore[attr-defined]

from analysis.runtime.kernels.fork_client import may_fork, servers
from analysis.runtime.kernels.limits import MEMORY

_IMPORTS = 2**30  # address space that the imports of a fresh kernel may take before its limit counts
_LAUNCHER = ["-m", "ipykernel_launcher"]


class ForkProvisioner(LocalProvisioner):
    """Forks the kernel, or starts it as usual."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel sockets in the file system, which no other kernel can take from it."""
        manager = self.parent
        if manager and manager.transport == "tcp" and hasattr(socket, "AF_UNIX") and not manager.shell_port:
            manager.transport = "ipc"
            manager.ip = str(Path(tempfile.gettempdir()) / f"workbench-{uuid4().hex[:12]}")
        prepared: dict[str, Any] = await super().pre_launch(**kwargs)
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel; returns its connection."""
        env = dict(kwargs.get("env") or os.environ)
        forked = None
        if may_fork(env) and _is_ours(cmd):
            cwd = str(kwargs.get("cwd") or Path.cwd())
            forked = servers.fork([_launcher(), *cmd[cmd.index(_LAUNCHER[1]) + 1 :]], cwd, env)
        if forked is None:
            connection = await super().launch_kernel(cmd, **kwargs)
        else:
            self.process: Any = forked
            self.pid, self.pgid = forked.pid, None
            self.cwd = kwargs.get("cwd", Path.cwd())
            connection = self.connection_info
        if limit := env.get(MEMORY):
            _limit(int(self.pid or 0), int(limit) * 2**20 + (_IMPORTS if forked is None else 0))
        return connection

    async def wait(self) -> int | None:
        """Wait for the kernel's end, without the fixed pauses of the local provisioner."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(0.005)
        code: int | None = await super().wait()
        return code


@cache
def _launcher() -> str:
    found = find_spec(_LAUNCHER[1])
    return str(found.origin) if found else _LAUNCHER[1]


def _is_ours(cmd: list[str]) -> bool:
    """Whether it is ipykernel of this very interpreter, started as it registers itself: what the server knows."""
    return cmd[1:4] == [*_LAUNCHER, "-f"] and Path(cmd[0]).absolute() == Path(sys.executable).absolute()


def _limit(pid: int, more: int) -> None:
    """Let a process have `more` bytes of data beyond what it has now."""
    if sys.platform == "linux":
        import resource

        try:
            status = Path(f"/proc/{pid}/status").read_text()
            now = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData"))
            resource.prlimit(pid, resource.RLIMIT_DATA, (now + more, now + more))
        except (OSError, StopIteration):
            pass  # it died meanwhile
