"""A kernel provisioner that forks kernels from a server, for papermill, nbconvert and everything else of Jupyter.

It is registered as `workbench-fork`: `JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-fork papermill …` uses it without
another change. Each driving process has one server, started for its first kernel. Where forking cannot be had, because
of the platform, another interpreter or a server that does not start, or where the environment says
`WORKBENCH_KERNEL=standard`, kernels start as they always do. `WORKBENCH_KERNEL_MEMORY` limits a kernel, in MiB.
"""

import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from jupyter_client.provisioning import LocalProvisioner  # type: ignore[attr-defined]

from analysis.publishing.execution.fork_server import MESSAGE, READY

KERNEL = "WORKBENCH_KERNEL"
MEMORY = "WORKBENCH_KERNEL_MEMORY"
STANDARD = "standard"
_START_SECONDS = 120
_IMPORTS = 2**30  # address space that the imports of a fresh kernel may take before its limit counts
_LAUNCHER = ["-m", "ipykernel_launcher"]


class ForkedKernel:
    """A kernel of the server, with the manners of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.pid = int(line.recv(MESSAGE))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and all that it started."""
        if self.poll() is None:
            try:
                self.line.send(str(int(number)).encode())
            except OSError:
                self.poll()

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(15)

    def kill(self) -> None:
        """End it."""
        self.send_signal(9)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self.line.settimeout(timeout)
            try:
                told = self.line.recv(16)
            except (BlockingIOError, TimeoutError):
                return None
            except OSError:
                told = b""
            # A server that died takes its kernels with it as soon as they notice.
            self.returncode = int(told) if told else -9
            self.line.close()
        return self.returncode


class ForkServer:
    """The server of this process."""

    command: ClassVar[tuple[str, ...]] = (sys.executable, "-m", "analysis.publishing.execution.fork_server")

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [*self.command, str(theirs.fileno())]
        self.process = subprocess.Popen(  # noqa: S603
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self.owner = os.getpid()
        self.ready = False

    def fork(self, argv: list[str], cwd: str, env: dict[str, str]) -> ForkedKernel | None:
        """A new kernel; None where the server does not work."""
        try:
            if not self.ready:
                self.control.settimeout(_START_SECONDS)
                if self.control.recv(16) != READY:
                    return None
                self.ready = True
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            message = json.dumps({"argv": argv, "cwd": cwd, "env": env}).encode()
            with theirs:
                socket.send_fds(self.control, [message], [theirs.fileno()])
            ours.settimeout(_START_SECONDS)
            return ForkedKernel(ours)
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        """Hang up; the server ends with all its kernels."""
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Servers:
    """The one server of this process, and whether starting one was given up."""

    server: ForkServer | None = None
    refused = False

    def __init__(self) -> None:
        self._alone = threading.Lock()

    def fork(self, argv: list[str], cwd: str, env: dict[str, str]) -> ForkedKernel | None:
        """A new kernel; None where kernels must start as usual."""
        with self._alone:  # several threads may drive kernels
            return self._fork(argv, cwd, env)

    def _fork(self, argv: list[str], cwd: str, env: dict[str, str]) -> ForkedKernel | None:
        if self.server is not None and self.server.owner != os.getpid():
            self.server = None  # a fork of the driver must not talk over the driver's socket
        for _ in range(2):  # a server that was killed is replaced once
            if self.refused:
                return None
            fresh = self.server is None
            self.server = self.server or ForkServer()
            kernel = self.server.fork(argv, cwd, env)
            if kernel is not None:
                return kernel
            self.server.stop()
            self.server = None
            self.refused = fresh
        return None

    def stop(self) -> None:
        """End the server of this process, if it has one."""
        if self.server is not None and self.server.owner == os.getpid():
            self.server.stop()
        self.server = None


servers = _Servers()
atexit.register(servers.stop)


def can_fork() -> bool:
    """Whether this platform can fork a process that has idle threads, and watch its children."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


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
        if env.get(KERNEL) != STANDARD and can_fork() and _is_ours(cmd):
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
    """Whether the kernel is ipykernel in this very interpreter: only that is what the server imported."""
    return cmd[1:3] == _LAUNCHER and Path(cmd[0]).absolute() == Path(sys.executable).absolute()


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
