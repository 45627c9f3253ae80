"""Which reports of a site are finished, and of what they were made: a list of our own beside them.

A notebook's metadata cannot be believed: that of a dead kernel says "completed". So a line is added here after the page
stands under its name, in one write, and the last line of a report counts. A kill loses at most the line that it cut
off, and with it the work on one report. One run at a time works on a site: the next waits for the lock, and then finds
done what the first one did.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.atomic import write_text
from analysis.errors import WorkbenchError

NAME = ".made.jsonl"
_LOCK = ".lock"
_SLACK = 2


@dataclass(frozen=True, slots=True)
class FinishedReport:
    """A finished report.

    Attributes:
        by: What it is about.
        key: Its key.
        recipe: A hash of the notebook, the code, the parameters and the options.
        slice: A hash of its part of the dataset.
        generation: The dataset that was last seen to have this slice.
        size: The bytes of its page; less than 0 where the report was taken away.
    """

    by: str
    key: str
    recipe: str
    slice: str
    generation: str
    size: int


class Manifest:
    """The list, opened for one run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: dict[tuple[str, str], FinishedReport] = {}
        lines = path.read_bytes().splitlines() if path.exists() else []
        for line in lines:
            try:
                made = FinishedReport(**json.loads(line))
            except (ValueError, TypeError):  # cut off by a kill, or of another version: that report is made again
                continue
            self._made[made.by, made.key] = made
        self._made = {name: made for name, made in self._made.items() if made.size >= 0}
        if len(lines) > _SLACK * len(self._made) or (lines and not path.read_bytes().endswith(b"\n")):
            write_text(path, "".join(map(_line, self._made.values())))

    def find(self, by: str, key: str) -> FinishedReport | None:
        """What is known of a report."""
        return self._made.get((by, key))

    def of_kind(self, by: str) -> list[FinishedReport]:
        """The finished reports of one kind."""
        return [made for made in self._made.values() if made.by == by]

    def add(self, made: FinishedReport) -> None:
        """Say that a report is finished, or gone.

        Raises:
            WorkbenchError: the disk is full.
        """
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            before = os.fstat(descriptor).st_size
            line = _line(made).encode()
            try:
                if os.write(descriptor, line) < len(line):
                    raise OSError("short write")
            except OSError as error:
                os.ftruncate(descriptor, before)
                raise WorkbenchError(
                    f"无法写入 {self._path}（{error.strerror or error}），多为磁盘已满；请腾出空间后重新运行。"
                    f" / {self._path} cannot be written: make room and run again, what is finished is kept"
                ) from error
        finally:
            os.close(descriptor)
        self._made[made.by, made.key] = made
        if made.size < 0:
            del self._made[made.by, made.key]


def _line(made: FinishedReport) -> str:
    return json.dumps(asdict(made), ensure_ascii=False) + "\n"


@contextmanager
def opened(reports_dir: Path, waiting: Callable[[], None]) -> Iterator[Manifest]:
    """The manifest of a site, locked for this run; `waiting` is called where another run has it."""
    reports_dir.mkdir(parents=True, exist_ok=True)
    with (reports_dir / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield Manifest(reports_dir / NAME)
