"""The fork server as its driver sees it: one for each driving process, and the kernels that it forks."""

import atexit
import json
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar

from analysis.runtime.kernels.fork_server import MESSAGE, READY
from analysis.runtime.kernels.limits import KERNEL, STANDARD
from analysis.runtime.kernels.preload import Preload

_START_SECONDS = 120


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
                code = self.line.recv(16)
            except (BlockingIOError, TimeoutError):
                return None
            except OSError:
                code = b""
            # A server that died takes its kernels with it as soon as they notice.
            self.returncode = int(code) if code else -9
            self.line.close()
        return self.returncode


class ForkServer:
    """The server of this process."""

    command: ClassVar[tuple[str, ...]] = (sys.executable, "-m", "analysis.runtime.kernels.fork_server")

    def __init__(self, preload: Preload) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [*self.command, str(theirs.fileno())]
        self.process = subprocess.Popen(  # noqa: S603
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        with suppress(OSError):  # a server that died at once is noticed when it is asked for a kernel
            self.control.send(pickle.dumps(preload))
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
        self._preload = Preload()

    def start(self, environment: Mapping[str, str], preload: Preload) -> None:
        """Start the server for kernels that may be forked, without waiting until it is ready.

        A server that runs already stays what it is; one that replaces it has ready what is named here.
        """
        with self._alone:
            self._preload = preload
            if may_fork(environment) and self.server is None and not self.refused:
                self.server = ForkServer(preload)

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
            self.server = self.server or ForkServer(self._preload)
            fresh = not self.server.ready
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


def may_fork(environment: Mapping[str, str]) -> bool:
    """Whether a kernel in this environment may be forked.

    The platform must be able to fork a process that has idle threads, and to watch its children.
    """
    able = sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
    return able and environment.get(KERNEL) != STANDARD
