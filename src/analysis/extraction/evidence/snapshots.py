"""Source file and places → snapshots, in a process that may die.

`take` is what a worker calls: one file, all its places at once, so that a file is opened once. The file must be the one
that was read, before and after it is shown, because a picture of another edition would lie.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.content_hash import content_sha256
from analysis.extraction.evidence.excerpts import to_excerpts
from analysis.extraction.formats.archive_folder import on_disk
from analysis.extraction.formats.format_registry import format_of
from analysis.terms.snapshot import Crop, Excerpt, Snapshot, SnapshotRequest

GONE = "源文件不在原处，无法出图；请用 --raw 指明公布文件夹。 / The source file is gone; name its folder by --raw."
CHANGED = (
    "源文件已改变（指纹不符），不出图；请重新运行 workbench clean。"
    " / The source file has changed since it was read; run workbench clean again."
)
NOWHERE = "原件中没有可指的位置。 / The source gives no place to point at."


@dataclass(frozen=True, slots=True)
class SnapshotTask:
    """What to show of one file: where it is, the hash of the content that was read, and the places."""

    path: Path
    sha256: str
    requests: tuple[SnapshotRequest, ...]


@dataclass(frozen=True, slots=True)
class DrawTask:
    """Which whole pages of one file to draw: where it is, the hash of the content that was read, the numbers."""

    path: Path
    sha256: str
    pages: tuple[int, ...]


def draw(task: DrawTask) -> tuple[tuple[int, float, bytes], ...]:
    """The pages of one file as PNG, each with its number and its width in points; none of a file without pages.

    Raises:
        UnreadableFileError: the file is gone, has changed, or cannot be opened.
    """
    try:
        with on_disk(task.path) as path:
            _check_content(path, task.sha256)
            if not format_of(path).drawn:
                return ()
            from analysis.extraction.evidence.page_crops import draw_pages

            return tuple(draw_pages(path, task.pages))
    except FileNotFoundError as error:
        raise UnreadableFileError(GONE) from error


def take(task: SnapshotTask) -> tuple[Snapshot, ...]:
    """The snapshots of one file, in the order of the requests.

    Raises:
        UnreadableFileError: the file is gone, has changed, or cannot be opened.
    """
    try:
        with on_disk(task.path) as path:
            _check_content(path, task.sha256)
            snapshots = tuple(Snapshot(views, None if views else NOWHERE) for views in _views(path, task))
            _check_content(path, task.sha256)
    except FileNotFoundError as error:
        raise UnreadableFileError(GONE) from error
    return snapshots


def _check_content(path: Path, sha256: str) -> None:
    try:
        found = content_sha256(path)
    except OSError as error:
        raise UnreadableFileError(GONE) from error
    if found != sha256:
        raise UnreadableFileError(CHANGED)


def _views(path: Path, task: SnapshotTask) -> Iterable[tuple[Crop | Excerpt, ...]]:
    found = format_of(path)
    if found.drawn:
        # What draws pages is loaded where there are pages to draw.
        from analysis.extraction.evidence.page_crops import crop_pages

        return crop_pages(path, task.requests)
    blocks = found.read(path)
    return (to_excerpts(blocks, request) for request in task.requests)
