"""The life of a worker process: take a task, answer, until the parent hangs up.

The parent's death hangs up as well, so no worker outlives it: one that is at work is told by a signal and has a
moment to put its things away (kernels, temporary files), then it ends.
"""

import os
import pickle
import select
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from types import FrameType, TracebackType
from typing import Any, NoReturn

_MOMENT = 2.0


class _Caught:
    """Keeps the error of a task as (class, words), whatever it is: it belongs to the task, not to the worker."""

    error: tuple[str, str] | None = None

    def __enter__(self) -> "_Caught":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        words = str(error) or "".join(traceback.format_exception_only(kind, error)).strip()
        self.error = kind.__name__, words
        return True


def serve(descriptor: int) -> None:
    """Work for the parent at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _give_up)
    channel: Connection[Any, Any] = Connection(descriptor)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a task prints is no answer
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()
    try:
        sys.path[:] = pickle.loads(channel.recv_bytes())  # noqa: S301 - our own parent wrote it
        while True:
            channel.send_bytes(_answer(channel.recv_bytes()))
    except (EOFError, OSError):  # the parent hung up
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _answer(message: bytes) -> bytes:
    answer = b""
    with _Caught() as caught:
        function, task = pickle.loads(message)  # noqa: S301 - our own parent wrote it
        answer = pickle.dumps((True, function(task)))
    return answer if caught.error is None else pickle.dumps((False, caught.error))


def _watch(descriptor: int) -> None:
    hangup = select.poll()
    hangup.register(descriptor, select.POLLHUP)
    while not any(event & (select.POLLHUP | select.POLLNVAL) for _, event in hangup.poll()):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_MOMENT)
    os._exit(1)


def _give_up(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
