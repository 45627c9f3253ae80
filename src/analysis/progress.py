"""Progress of long work, told by a notebook's kernel to the command that started it.

A kernel's output belongs to its notebook, so the command cannot watch it there. Where the environment names a file, the
work writes "done total name" into it after each step, and the command shows what it reads.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from analysis.terminal import visible

VARIABLE = "WORKBENCH_PROGRESS"
_POLL_SECONDS = 0.2
_RATE_SECONDS = 60.0


class _Rate(ProgressColumn):
    """How much is done in a second, or in a minute where it is less than one."""

    def render(self, task: Task) -> Text:
        if not task.speed:
            return Text("")
        return Text(f"{task.speed:.1f}/秒" if task.speed >= 1 else f"{60 * task.speed:.1f}/分")


def tell(done: int, total: int, name: str) -> None:
    """Say how far the work is; nobody hears it where nobody asked."""
    if path := os.environ.get(VARIABLE):
        Path(path).write_text(f"{done} {total} {name}", encoding="utf-8", errors="backslashreplace")


@contextmanager
def shown(title: str, console: Console) -> Iterator[Callable[[int, int, str], None]]:
    """Show progress while the work runs: what kernels tell, and what is told by calling the value."""
    with (
        TemporaryDirectory() as folder,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[name]}", markup=False),
            console=console,
            transient=True,
            speed_estimate_period=_RATE_SECONDS,
        ) as bar,
    ):
        task = bar.add_task(title, total=None, name="")
        path = Path(folder) / "progress"
        path.touch()
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = str(path)
        finished = threading.Event()

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, name=visible(name))

        def watch() -> None:
            while not finished.wait(_POLL_SECONDS):
                done, _, rest = path.read_text(encoding="utf-8").partition(" ")
                total, _, name = rest.partition(" ")
                if done.isdigit() and total.isdigit():
                    show(int(done), int(total), name)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield show
        finally:
            finished.set()
            watcher.join()
            if before is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = before
