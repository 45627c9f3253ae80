"""Who may work on a dataset beside whom.

One cleaning comes after the other, and so does one validation. Whoever reads all of a dataset holds the generation
that he began with: nothing is swept away meanwhile, whatever is cleaned beside.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.dataset.generations import PINNED, current, no_dataset, restore_links

_CLEANING = ".lock"
_CHECKING = ".checking"


@contextmanager
def locked(clean_dir: Path) -> Iterator[None]:
    """Hold the dataset's lock, so that two cleanings of one folder come one after the other."""
    clean_dir.mkdir(parents=True, exist_ok=True)
    with _lock(clean_dir / _CLEANING, fcntl.LOCK_EX):
        yield


@contextmanager
def pinned(clean_dir: Path) -> Iterator[Path]:
    """The folder of the generation that readers see now, for whoever reads all of it and adds to it.

    It has the names of the dataset and takes its place in every function that reads or adds. Nothing is swept away
    meanwhile, whatever is cleaned beside; of several who ask, one comes after the other.

    Raises:
        DatasetError: there is no dataset.
    """
    if current(clean_dir) is None:
        raise no_dataset(clean_dir)
    with _lock(clean_dir / _CHECKING, fcntl.LOCK_EX), _lock(clean_dir / PINNED, fcntl.LOCK_SH):
        restore_links(clean_dir)
        generation = current(clean_dir)
        if generation is None:
            raise no_dataset(clean_dir)
        yield generation


@contextmanager
def held(clean_dir: Path) -> Iterator[Path]:
    """The folder of the generation that readers see now, for whoever reads all of it and adds nothing.

    It takes the place of the dataset in every function that reads. What cannot be written to is read all the same:
    nobody sweeps there.

    Raises:
        DatasetError: there is no dataset.
    """
    if current(clean_dir) is None:
        raise no_dataset(clean_dir)
    with suppress(OSError):
        (clean_dir / PINNED).touch()
    if not (clean_dir / PINNED).exists():
        yield current(clean_dir) or clean_dir
        return
    with _lock(clean_dir / PINNED, fcntl.LOCK_SH):
        yield current(clean_dir) or clean_dir


@contextmanager
def _lock(path: Path, how: int) -> Iterator[None]:
    """A lock that lies in a file; where one is only held with others, the file need not be written to."""
    with path.open("r" if how == fcntl.LOCK_SH and path.exists() else "a") as lock:
        fcntl.flock(lock, how)
        yield
