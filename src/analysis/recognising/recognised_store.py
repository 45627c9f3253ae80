"""Recognised pictures on disk, by content: a page is recognised once, whatever file it lies in.

What another recogniser made is no use; its folder is taken away when the store is opened.
"""

import gzip
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.atomic import replacing
from analysis.recognising.picture import RecognisedPicture


class RecognisedStore(Mapping[str, RecognisedPicture]):
    """The recognised pictures of a folder, by digest; a damaged one is not there.

    Args:
        folder: Where they are kept.
        recogniser: A name that no other version of the recogniser has.
    """

    def __init__(self, folder: Path, recogniser: str) -> None:
        self._folder = folder / recogniser
        if folder.is_dir():
            for other in folder.iterdir():
                if other != self._folder and other.is_dir():
                    shutil.rmtree(other, ignore_errors=True)

    def keep(self, digest: str, found: RecognisedPicture) -> None:
        """Write what a picture says."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._path(digest)) as temporary:
            temporary.write_bytes(gzip.compress(json.dumps(found.to_plain()).encode()))

    def __getitem__(self, digest: str) -> RecognisedPicture:
        try:
            return RecognisedPicture.from_plain(json.loads(gzip.decompress(self._path(digest).read_bytes())))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise KeyError(digest) from error

    def __iter__(self) -> Iterator[str]:
        return (path.name.partition(".")[0] for path in sorted(self._folder.glob("*.json.gz")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json.gz"
