"""The pictures of a file, recognised page by page, side by side; each picture once, whatever file it lies in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.recognising.picture import PagePicture, RecognisedPicture
from analysis.recognising.recognised_store import RecognisedStore
from analysis.runtime.work import FailureKind, TaskLimits, WorkError, Workers
from analysis.steps.reader_version import recogniser_version
from analysis.terms.recognition import ToldReading

PageProgress = Callable[[str], None]
STORE = ".recognised"


def _silent(_name: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Scans:
    """How pictures are read.

    Attributes:
        wanted: Whether they are read at all.
        store: Where what they say is kept; None for nowhere.
        progress: Told after each page which one it was.
        told: What a person read in pictures, by file.
    """

    wanted: bool = True
    store: RecognisedStore | None = None
    progress: PageProgress = _silent
    told: Mapping[str, Sequence[ToldReading]] = field(default_factory=lambda: MappingProxyType({}))


NO_SCANS = Scans()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What pictures say, and why others say nothing, by digest."""

    recognised: Mapping[str, RecognisedPicture]
    refused: Mapping[str, str]


def recognised_store(clean_dir: Path) -> RecognisedStore:
    """The store beside a dataset."""
    return RecognisedStore(clean_dir / STORE, recogniser_version())


def recognise_pictures(
    workers: Workers, pictures: Sequence[PagePicture], limits: TaskLimits, scans: Scans, name: str
) -> Recognised:
    """Recognise pictures; what the store knows is taken from there, and what is new is kept in it.

    Args:
        workers: Who does it, a picture each.
        pictures: The pictures of one file.
        limits: What one picture may take.
        scans: The store, and who is told of progress.
        name: The file.

    Raises:
        WorkbenchError: the cluster was lost and did not come back.
    """
    recognised: dict[str, RecognisedPicture] = {}
    refused: dict[str, str] = {}
    new = []
    for picture in pictures:
        known = None if scans.store is None else scans.store.get(picture.digest)
        if known is None:
            new.append(picture)
        else:
            recognised[picture.digest] = known
    for position, outcome in workers.outcomes(recognise_page, new, limits):
        picture = new[position]
        if isinstance(outcome, RecognisedPicture):
            recognised[picture.digest] = outcome
            if scans.store is not None:
                scans.store.keep(picture.digest, outcome)
        else:
            refused[picture.digest] = _said_of(outcome) if isinstance(outcome, WorkError) else outcome
        scans.progress(f"{name} 第 {picture.number} 页 p. {picture.number}")
    return Recognised(recognised, refused)


def recognise_page(picture: PagePicture) -> RecognisedPicture | str:
    """Recognise one picture; what a worker does.

    Raises:
        UnreadableFileError: it has more rulings or cells than any budget table.
    """
    return recognise_now(picture)


def _said_of(error: WorkError) -> str:
    if error.error == UnreadableFileError.__name__:
        return error.words
    if error.kind is FailureKind.LATE:
        return "识别超时，已中止。 / Its recognition took too long and was stopped."
    if error.kind is FailureKind.MEMORY:
        return "识别所需内存超过上限，已中止。 / Its recognition needed too much memory."
    return f"识别中断（{error.error or error.kind}）。 / Its recognition failed: {error.words}"
