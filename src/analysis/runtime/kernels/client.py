"""papermill's client without its fixed pauses, with a limit on the whole notebook, and with the project's kernels.

jupyter_client connects before the kernel listens, waits 0.2 s for silence before the first cell, and looks every 0.1 s
whether a kernel has ended; nobody reads what it waits for, because nbclient tells messages apart by what they answer.
Where work is done ahead, each cell is asked for while the one before runs, so the kernel does not wait until that one's
outputs are kept. A notebook that failed is not asked to put its things away: its kernel is killed.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient  # type: ignore[attr-defined]
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Bool, Type

from analysis.runtime.kernels.provisioner import ForkProvisioner

ARGUMENTS = (
    "--HistoryManager.hist_file=:memory:",  # what nbclient tells a kernel that it starts
    "--IPKernelApp.kernel_class=analysis.runtime.kernels.kernel.Kernel",
)
_LOOK_SECONDS = 0.005
_FIRST_SECONDS = 0.2
_BIND_SECONDS = 0.5  # a forked kernel takes a tenth of it; a standard one is longer about it, and may be


_Request = tuple[str, dict[str, Any]]


class Client(AsyncKernelClient):
    """A client that is ready when the kernel answers on both channels, and asks for a cell before its turn."""

    _coming: tuple[_Request, ...] = ()
    _early: str | None = None

    def announce(self, requests: Iterable[_Request]) -> None:
        """Tell what `execute` will be called with, in order: code and options."""
        self._coming, self._early = tuple(requests), None

    def execute(self, code: str, **options: Any) -> str:  # type: ignore[override]
        """Ask for a cell, where that is not done yet, and for the one that follows it; returns the cell's message."""
        if self._coming[:1] != ((code, options),):
            return self._ask(code, options)
        self._coming = self._coming[1:]
        message = self._early or self._ask(code, options)
        self._early = self._ask(*self._coming[0]) if self._coming else None
        return message

    def _ask(self, code: str, options: dict[str, Any]) -> str:
        return str(super().execute(code, **options))

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=_FIRST_SECONDS)
            except Empty:
                reply = {}
            if reply.get("msg_type") == "kernel_info_reply":
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    def start_channels(
        self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = False, control: bool = True
    ) -> None:
        """Start the channels, but for the heartbeat: whether the kernel lives, its process tells."""
        super().start_channels(shell, iopub, stdin, hb, control)


class Manager(AsyncKernelManager):
    """A manager of kernels that are forked where they can be; a hurried one does not wait until its kernel listens."""

    client_factory = Type(default_value=Client, klass=AsyncKernelClient)
    hurried = Bool(False)

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or options.pop("kernel_id", "")
            self.provisioner = ForkProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        prepared: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**options)
        return prepared

    async def _async_post_start_kernel(self, **options: Any) -> None:
        """Connect when there is something to connect to: zmq tries again only after a tenth of a second."""
        if not self.hurried:
            await self.listening()
        await super()._async_post_start_kernel(**options)

    async def listening(self) -> None:
        """Wait until the kernel listens on all channels, as far as that can be seen from outside."""
        ports = (self.shell_port, self.iopub_port, self.stdin_port, self.hb_port, self.control_port)
        places = [Path(f"{self.ip}-{port}") for port in ports]
        end = time.monotonic() + _BIND_SECONDS
        while self.transport == "ipc" and time.monotonic() < end and not all(place.exists() for place in places):
            await asyncio.sleep(_LOOK_SECONDS)

    async def _async_interrupt_kernel(self) -> None:
        """Interrupt a kernel at work; one that is to leave has nothing to do, and may miss that it is to leave."""
        if not self.shutting_down:
            await super()._async_interrupt_kernel()

    interrupt_kernel = _async_interrupt_kernel

    async def _async_wait(self, pollinterval: float = _LOOK_SECONDS) -> None:
        while await self.is_alive():
            await asyncio.sleep(_LOOK_SECONDS)


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of one notebook, within a limit for all of them."""

    def __init__(self, managed: Any, seconds: float, ahead: bool, **options: Any) -> None:
        super().__init__(
            managed, kernel_manager_class=Manager, timeout_func=self._left, extra_arguments=[*ARGUMENTS], **options
        )
        self.owns_km = True  # a kernel that was started ahead ends with its notebook, like any other
        self._ahead = ahead
        self._end = time.monotonic() + seconds
        self._cell_seconds: float = options["timeout"]

    def _left(self, cell: Mapping[str, Any]) -> int:
        return max(1, round(min(self._cell_seconds, self._end - time.monotonic())))

    def papermill_execute_cells(self) -> None:
        """Run all cells; where one fails for good, the kernel gets no time to leave."""
        self.shutdown_kernel = "immediate"
        if self._ahead:
            self.kc.announce(self._requests())
        super().papermill_execute_cells()
        self.shutdown_kernel = "graceful"

    def _requests(self) -> Iterable[_Request]:
        """What nbclient will ask for."""
        for cell in self.nb.cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and cell.source.strip() and self.skip_cells_with_tag not in tags:
                yield cell.source, {"store_history": True, "stop_on_error": "raises-exception" not in tags}
